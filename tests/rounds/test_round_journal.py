"""The journal and the folder: nothing that was told is lost, half a line is nothing, bytes stay what they were."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.errors import RoundError
from perfxl.rounds import Journal, RoundFolder
from perfxl.rounds.events import KINDS, Opened, Received, Reopened, from_line, now, to_line
from perfxl.rounds.folder import LONGEST_NAME, digest, safe_name

OPENED = Opened(at=now(), body="Ente", year=2019, period="1°", method="massacarrara-2019", deadline="2019-05-15")


def reopened(reason: str) -> Reopened:
    return Reopened(at=now(), by="prova", reason=reason)


# -- events ---------------------------------------------------------------------------------------------------------------


@given(st.text(st.characters()))
def test_any_text_goes_through_a_line_and_back(text):
    """Half surrogate pairs, line separators, quotes: a line stays one line and can be written."""
    event = reopened(text)
    line = to_line(event)
    assert "\n" not in line
    line.encode()
    assert from_line(line) == event


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_event_goes_through_a_line_and_back(kind):
    values = {"str": "x", "int": 3, "bool": True, "int | None": 2019}
    moment = "2019-05-02T10:00:00+02:00"
    known = {"when": moment, "arrived": moment, "at": now(), "deadline": "2019-05-15"}
    event_class = KINDS[kind]
    fields = event_class.__dataclass_fields__
    made = {}
    for name, each in fields.items():
        if name == "kind":
            continue
        made[name] = known.get(name, values.get(str(each.type)))
        if str(each.type).startswith("tuple"):
            made[name] = ({"code": "PX-N014"},) if "dict" in str(each.type) else ("a", "b")
        elif str(each.type).startswith("dict"):
            made[name] = {"a": "b"}
        assert made[name] is not None, f"{kind}: {name} è di un tipo che questa prova non conosce ({each.type})"
    event = event_class(**made)
    assert from_line(to_line(event)) == event


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "{", "nulla", '{"evento": "mai visto"}', '{"evento": "riaperto"}', '{"evento": "riaperto", "at": "x"}',
        '{"evento": "ricevuta", "at": "x", "office": "", "sha256": "", "file": "", "name": "", "when": "ieri", "when_from": ""}',
        '{"evento": "ricevuta", "at": "x", "office": "", "sha256": "", "file": "", "name": "", "when": "2019-05-02T10:00:00", "when_from": ""}',
    ],
)  # fmt: skip
def test_what_isn_t_an_event_is_a_value_error(line):
    with pytest.raises(ValueError):  # noqa: PT011 - json.JSONDecodeError and our own, any words
        from_line(line)


def test_keys_of_a_later_version_are_left_aside():
    assert from_line(to_line(reopened("x"))[:-1] + ', "domani": 1}').reason == "x"


# -- journal --------------------------------------------------------------------------------------------------------------


def test_events_are_read_in_the_order_in_which_they_were_added(tmp_path):
    journal = Journal(tmp_path)
    journal.add(OPENED)
    journal.add_all(reopened(str(number)) for number in range(3))
    journal.add_all(())
    assert journal.events() == [OPENED, *journal.events()[1:]]
    assert [event.reason for event in journal.events()[1:]] == ["0", "1", "2"]


def test_half_a_line_was_never_told_and_the_next_one_takes_its_place(tmp_path):
    journal = Journal(tmp_path)
    journal.add(OPENED, reopened("intero"))
    whole = journal.path.read_bytes()
    for cut in range(1, 40):
        journal.path.write_bytes(whole + to_line(reopened("è a metà")).encode()[:cut])
        assert len(journal.events()) == 2
        journal.add(reopened("dopo"))
        assert [getattr(each, "reason", "") for each in journal.events()] == ["", "intero", "dopo"]
        journal.path.write_bytes(whole)


def test_half_a_line_longer_than_a_block_is_cut_too(tmp_path):
    journal = Journal(tmp_path)
    journal.path.write_bytes(b'{"evento": "riap' + b"x" * 20_000)
    journal.add(OPENED)
    assert journal.events() == [OPENED]
    assert journal.path.read_bytes().count(b"\n") == 1


def test_a_line_that_somebody_spoilt_is_told_with_its_number(tmp_path):
    journal = Journal(tmp_path)
    journal.add(OPENED, reopened("x"))
    journal.path.write_bytes(journal.path.read_bytes().replace(b'"evento": "riaperto"', b'"evento": riaperto'))
    with pytest.raises(RoundError, match="la riga 2 non è un evento"):
        journal.events()


def test_a_folder_without_a_round_says_so_and_gets_no_lock(tmp_path):
    for folder in (tmp_path, tmp_path / "manca"):
        journal = Journal(folder)
        with pytest.raises(RoundError, match="non c'è nessun giro"):
            journal.events()
        with pytest.raises(RoundError, match="non c'è nessun giro"), journal.lock():
            pass
    assert list(tmp_path.iterdir()) == []


def test_one_run_at_a_time_and_the_lock_goes_with_its_process(tmp_path):
    journal = Journal(tmp_path)
    journal.add(OPENED)
    code = (
        "import sys, time\nfrom perfxl.rounds import Journal\n"
        f"with Journal({str(tmp_path)!r}).lock():\n    print('preso', flush=True)\n    time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "preso\n"
        with pytest.raises(RoundError, match="un altro comando sta lavorando"), journal.lock():
            pass
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    with journal.lock():
        pass


# -- folder ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\scheda.xlsx", "scheda.xlsx"),
        ("con.xlsx", "file_con.xlsx"),
        ("LPT1", "file_LPT1"),
        ("...", "file"),
        ("", "file"),
        ("a\x00b\x1f\u202ec.xlsx", "abc.xlsx"),
        ('st"ra<no>|?*:.xlsx', "st_ra_no_.xlsx"),
        ("scheda .", "scheda"),
        ("perche\u0301.xlsx", "perché.xlsx"),
        ("senza_estensione", "senza_estensione"),
    ],
)
def test_a_name_stays_in_its_folder(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_whatever_the_name_it_is_one_and_fits(name):
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= LONGEST_NAME
    assert not {"/", "\\", "\0", ":"} & set(safe)
    assert safe not in {".", ".."}
    assert safe.strip(" .") == safe


def test_the_longest_names_can_be_written_and_keep_their_extension(tmp_path):
    home = RoundFolder(tmp_path)
    for name in ("è" * 300 + ".xlsx", "漢" * 300 + ".p7m", "x" * 5000):
        place = home.store(name.encode(), name)
        assert (tmp_path / place).read_bytes() == name.encode()
        assert place.endswith(name[-5:].lstrip("è漢"))


def test_the_same_bytes_are_kept_once(tmp_path):
    home = RoundFolder(tmp_path)
    first = home.store(b"scheda", "uno.xlsx")
    assert home.store(b"scheda", "due.xlsx") == first == RoundFolder(tmp_path).store(b"scheda", "tre.xlsx")
    assert first == f"ricevuti/{digest(b'scheda')[:16]}_uno.xlsx"
    assert [path.name for path in (tmp_path / "ricevuti").iterdir()] == [first.partition("/")[2]]


def test_bytes_that_somebody_changed_are_put_back_when_they_come_again(tmp_path):
    home = RoundFolder(tmp_path)
    place = home.store(b"scheda", "uno.xlsx")
    (tmp_path / place).write_bytes(b"aperta in Excel e salvata")
    assert not home.intact(place, digest(b"scheda"))
    assert RoundFolder(tmp_path).store(b"scheda", "uno.xlsx") == place
    assert home.intact(place, digest(b"scheda"))
    (tmp_path / place).unlink()
    assert not home.intact(place, digest(b"scheda"))
    home.store(b"scheda", "uno.xlsx")
    assert home.intact(place, digest(b"scheda"))


def test_what_a_run_left_half_done_is_taken_away_unless_it_may_be_at_work(tmp_path):
    """In the folders only who holds the lock writes; beside the journal the register is written without it."""
    inside, folder = tmp_path / "schede" / "v1" / ".perfxl-a.xlsx", tmp_path / "messaggi" / ".perfxl-b"
    young, old = tmp_path / ".perfxl-young.xlsx", tmp_path / ".perfxl-old.xlsx"
    for file in (inside, folder / "scheda.xlsx", young, old, tmp_path / "registro.xlsx"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    RoundFolder(tmp_path).tidy()
    assert [each.name for each in (inside, folder, young, old, tmp_path / "registro.xlsx") if each.exists()] == [
        ".perfxl-young.xlsx", "registro.xlsx",
    ]  # fmt: skip


def test_the_journal_is_json_that_anybody_can_read(tmp_path):
    journal = Journal(tmp_path)
    journal.add(OPENED)
    (line,) = journal.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["evento"] == "aperto"
    assert json.loads(line)["period"] == "1°"


# -- what couldn't be read back, what an editor took -----------------------------------------------------------------------


def arrival(when: str) -> Received:
    return Received(at=now(), office="A", sha256="v1", file="ricevuti/v1", name="v1.xlsx", when=when, when_from="arrivo")


def test_an_event_that_couldn_t_be_read_back_isn_t_written(tmp_path):
    """A moment without a zone would close the round to every command."""
    journal = Journal(tmp_path)
    journal.add(OPENED)
    with pytest.raises(RoundError, match=r"«ricevuta» non si potrebbe rileggere .*fuso orario.*: non è stato scritto"):
        journal.add_all([reopened("prima"), arrival("2019-05-05T10:00:00")])
    assert journal.events() == [OPENED]


def test_a_whole_event_whose_line_end_an_editor_took_counts_and_stays(tmp_path):
    journal = Journal(tmp_path)
    journal.add_all([OPENED, reopened("uno" * 3000)])
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole.rstrip(b"\n"))
    assert [event.kind for event in journal.events()] == ["aperto", "riaperto"]
    journal.add(reopened("due"))
    assert [getattr(event, "reason", "")[:4] for event in journal.events()] == ["", "unou", "due"]
    assert journal.path.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    ("field", "written"),
    [("deadline", "15/05/2019"), ("year", "duemila"), ("at", "ieri"), ("at", "2019-05-01T10:00:00")],
)
def test_what_somebody_wrote_into_the_journal_by_hand_is_told_with_its_line(tmp_path, field, written):
    journal = Journal(tmp_path)
    journal.add(OPENED)
    line = json.loads(journal.path.read_text(encoding="utf-8"))
    journal.path.write_text(json.dumps(line | {field: written}) + "\n", encoding="utf-8")
    with pytest.raises(RoundError, match="la riga 1 non è un evento leggibile") as caught:
        journal.events()
    assert "nvalid" not in caught.value.message


@pytest.mark.parametrize("line", ['{"evento": "aperto"', '{"evento": "aperto"}', "[]", '{"evento": "aperto",}'])
def test_what_is_no_event_is_told_in_italian(tmp_path, line):
    (tmp_path / "eventi.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RoundError, match="la riga 1 non è un evento leggibile") as caught:
        Journal(tmp_path).events()
    assert not {"expecting", "missing", "delimiter", "argument"} & set(caught.value.message.lower().split())
