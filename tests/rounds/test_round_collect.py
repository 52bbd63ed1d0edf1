"""Collecting: everything that comes is kept once, counts once, in whatever wrapping and order, and nothing is lost."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.errors import RoundError
from perfxl.mail import Found, Signature, Unwrapped
from perfxl.methods import load_method
from perfxl.pipeline import consolidate
from perfxl.rounds import Journal, RoundFolder, Standing
from perfxl.rounds import collect as collecting
from perfxl.rounds.closing import close_round, consolidate_round, reopen_round
from perfxl.rounds.collect import Collected, Collecting, collect
from perfxl.rounds.differences import differences_of
from perfxl.rounds.events import Checked, Received, Sent
from perfxl.rounds.folder import digest
from perfxl.rounds.items import files_of
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.sent import sent_pages
from rounds import clerks, mailroom
from rounds.replies import changed, day, item, letter, reply, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.consolidation import Consolidation
    from perfxl.rounds.items import Item

OFFICE = "U1.1"
EIGHT = ("ENTE", "ISR", "U0.1", "U1.1", "U2.1", "U3.1/U3.2", "U4.1", "U5.1/U5.2")
ZERO_DATES = {"C20": "N.C.", "C21": "N.C."}  # U5.1/U5.2 published two dates of 00/01/1900


def take(folder: Path, *items: Item, **how: Any) -> Collected:
    return collect(folder, items, Collecting(by="prova", **how))


def sheet(folder: Path, office: str = OFFICE, **also: Any) -> bytes:
    return reply(folder, office, also)


# -- wrappings -------------------------------------------------------------------------------------------------------------


def test_the_same_sheet_counts_once_from_whatever_wrapping(new_round):
    """Bare, zipped, in two messages, in an mbox: one version, and its time is that of the earlier message."""
    giro = new_round()
    data = sheet(giro)
    first, second = letter(data, day(3)), letter(data, day(4))
    mbox = giro.parent / "posta.mbox"
    mbox.write_bytes(b"".join(b"From u@ente.example Thu May  2 10:00:00 2019\n" + each + b"\n\n" for each in (first, second)))
    done = take(
        giro, item(data, "scheda.xlsx", day(9)), item(zipped(data), "tutto.zip", day(8)), item(first, "a.eml", day(9)),
        item(second, "b.eml", day(9)), *files_of([mbox], giro),
    )  # fmt: skip
    (version,) = done.state.offices[OFFICE].versions
    assert (version.when, version.when_from, version.sender) == (day(3), "data", "u@ente.example")
    assert [each.name for each in done.new] == [version.name]
    assert done.again == 5
    assert version.accepted
    assert len(list((giro / "ricevuti").iterdir())) == 1
    assert {path.suffix for path in (giro / "buste").iterdir()} == {".zip", ".eml"}
    assert len(list((giro / "buste").iterdir())) == 3


def test_collected_again_nothing_is_told_again(new_round):
    giro = new_round()
    data = sheet(giro)
    posts = [item(letter(data, day(3)), "a.eml", day(9)), item(b"", "vuoto.xlsx", day(3)), item(b"ciao", "nota.txt", day(3))]
    first = take(giro, *posts)
    told = Journal(giro).path.read_bytes()
    second = take(giro, *posts)
    assert Journal(giro).path.read_bytes() == told
    assert (len(first.new), first.again, len(first.refused)) == (1, 0, 2)
    assert (second.new, second.checked, second.again, second.refused) == ([], [], 1, [])


def test_what_is_kept_is_what_came_byte_for_byte(new_round):
    giro = new_round()
    data = sheet(giro)
    post = letter(data, day(3))
    version = take(giro, item(post, "a.eml", day(9))).new[0]
    assert (giro / version.file).read_bytes() == data
    assert (giro / version.arrival.envelope).read_bytes() == post
    assert version.sha256 == digest(data)
    assert version.arrival.chain == ("a.eml",)
    assert version.arrival.message_id == "<03100000000000@ente.example>"


def test_what_holds_no_sheet_is_told_with_the_reason_and_kept(new_round, workbooks):
    giro = new_round()
    plan = (workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx").read_bytes()
    done = take(
        giro, item(b"", "vuoto.xlsx", day(2)), item(b"%PDF-1.4 scansione", "scheda.pdf", day(2)),
        item(b"PK\x03\x04 troncato", "rotto.xlsx", day(2)), item(plan, "piano.xlsx", day(2)),
    )  # fmt: skip
    assert [(event.name, event.problem["code"]) for event in done.refused] == [
        ("vuoto.xlsx", "PX-M001"), ("scheda.pdf", "PX-M007"), ("rotto.xlsx", "PX-M002"),
    ]  # fmt: skip
    assert all((giro / event.envelope).is_file() for event in done.refused)
    assert [version.name for version in done.state.unattributed] == ["piano.xlsx"]


def test_a_file_that_can_t_be_read_is_told_and_tried_again(new_round):
    giro = new_round()
    data = sheet(giro)

    def refused() -> bytes:
        raise PermissionError(13, "Permission denied")

    done = take(giro, replace(item(data, "scheda.xlsx", day(3)), read=refused))
    assert [event.problem["code"] for event in done.refused] == ["PX-L001"]
    assert [version.office for version in take(giro, item(data, "scheda.xlsx", day(3))).new] == [OFFICE]


def test_a_file_beyond_the_limit_isn_t_even_read(new_round):
    giro = new_round()

    def never() -> bytes:
        raise AssertionError("letto")

    done = take(giro, replace(item(b"x", "enorme.zip", day(3)), read=never, size=300 * 2**20))
    assert [event.problem["code"] for event in done.refused] == ["PX-M004"]


def test_a_message_that_nobody_foresaw_keeps_no_other_from_being_collected(new_round, monkeypatch):
    """Whatever the opening of one message stumbles over, it is one message."""
    giro = new_round()
    real = collecting.unwrap

    def stumbling(name: str, data: bytes, **options: Any) -> Unwrapped:
        if name == "strano.eml":
            raise RecursionError("troppo in fondo")
        return real(name, data, **options)

    monkeypatch.setattr(collecting, "unwrap", stumbling)
    done = take(giro, item(b"x", "strano.eml", day(3)), item(sheet(giro), "scheda.xlsx", day(3)))
    assert [(event.problem["code"], event.problem["found"]) for event in done.refused] == [
        ("PX-N026", "RecursionError: troppo in fondo")
    ]
    assert done.state.offices[OFFICE].current is not None


def test_a_comparison_that_stumbles_is_a_finding_and_the_sheet_is_kept(new_round, monkeypatch):
    giro = new_round()

    def stumbling(*_: Any) -> None:
        raise ZeroDivisionError("che cosa?")

    monkeypatch.setattr("perfxl.rounds.verdicts.check", stumbling)
    (version,) = take(giro, item(sheet(giro), "scheda.xlsx", day(3))).new
    assert (version.office, version.accepted) == (OFFICE, False)
    assert [each["code"] for each in version.to_correct] == ["PX-N026"]


def test_the_blank_sheet_of_our_own_message_isn_t_a_reply(new_round):
    """An office answers to our message, which carries the sheet that we sent: only what it filled is its reply."""
    giro = new_round()
    sent = (giro / mailroom.state_of(giro).offices[OFFICE].file).read_bytes()
    post: Any = message_from_bytes(letter(sheet(giro), day(3)), policy=default)
    post.add_attachment(sent, maintype="application", subtype="octet-stream", filename="inviata.xlsx")
    done = take(giro, item(post.as_bytes(), "a.eml", day(9)))
    office = done.state.offices[OFFICE]
    assert [version.accepted for version in office.versions] == [True]
    assert "PX-N027" in {event.problem["code"] for event in done.noted}
    alone = take(giro, item(letter(sent, day(4)), "b.eml", day(9)))
    assert [each["code"] for each in alone.new[0].to_correct] == ["PX-N017"]


def test_our_own_messages_are_nobody_s_reply(new_round):
    """The drafts collected with the rest, or a mailbox with what was sent: known by their identifiers in the journal."""
    giro = new_round()
    state = mailroom.state_of(giro)
    sent = (giro / state.offices[OFFICE].file).read_bytes()
    ours = letter(sent, day(2), number="nostro")
    Journal(giro).add(Sent(
        at=day(2).isoformat(), office=OFFICE, what="invito", channel="bozza", addresses=("u@ente.example",),
        message_id="<nostro@ente.example>", sheet_sha256=state.offices[OFFICE].sha256,
    ))  # fmt: skip
    done = take(giro, item(ours, "U1.1_invito.eml", day(9)), item(zipped(ours, "inviata.eml"), "inviata.zip", day(9)))
    assert (done.new, done.refused, done.state.offices[OFFICE].versions) == ([], [], [])
    noted = [event.problem["found"] for event in done.noted if event.problem["code"] == "PX-N027"]
    assert len(noted) == 2
    assert all("nostro messaggio" in each for each in noted)
    # An office that sends our whole message back, attached to its own, answered with an empty sheet
    back: Any = EmailMessage()
    back["From"], back["Message-ID"], back["Date"] = "u@ente.example", "<suo@ente.example>", "Fri, 03 May 2019 10:00:00 +0200"
    back.set_content("Ecco.")
    back.add_attachment(message_from_bytes(ours, policy=default))
    (blank,) = take(giro, item(back.as_bytes(), "risposta.eml", day(9))).new
    assert [each["code"] for each in blank.to_correct] == ["PX-N017"]
    filled = take(giro, item(letter(sheet(giro), day(4), number="nostro"), "riempita.eml", day(9)))
    assert [version.office for version in filled.new] == [OFFICE]  # a draft that somebody filled is a reply


def test_a_damaged_workbook_keeps_its_message_and_its_sender(new_round):
    """The same bytes from two offices are two rows: each with who sent it, and its message in `buste`."""
    giro = new_round()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet(giro))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:200] if name == "xl/workbook.xml" else data)
    posts = [
        item(letter(out.getvalue(), day(2), sender=f"u{n}@ente.example", number=f"m{n}"), f"{n}.eml", day(9)) for n in (1, 2)
    ]
    done = take(giro, *posts)
    assert [event.sender for event in done.refused] == ["u1@ente.example", "u2@ente.example"]
    assert [(giro / event.envelope).read_bytes() for event in done.refused] == [each.read() for each in posts]
    assert all(event.envelope.startswith("buste/") for event in done.refused)
    assert len(done.state.refused) == 2
    assert take(giro, *posts).refused == []
    bare = take(giro, item(out.getvalue(), "scheda.xlsx", day(9)))
    assert [event.envelope[:9] for event in bare.refused] == ["ricevuti/"]


def test_a_message_from_the_future_has_the_date_of_its_arrival(new_round):
    """A clerk's clock set to 2131 would make every later correction lose."""
    giro = new_round()
    wrong = letter(sheet(giro), day(3).replace(year=2131), number="futuro")
    right = letter(sheet(giro, C7=4), day(5))
    done = take(giro, item(wrong, "a.eml", day(3)), item(right, "b.eml", day(5)))
    office = done.state.offices[OFFICE]
    assert office.current is office.versions[-1]
    assert [version.when_from for version in office.versions] == ["arrivo", "data"]


def test_a_signature_that_doesn_t_hold_keeps_the_sheet_from_being_accepted(new_round, authority):
    giro = new_round()
    data = sheet(giro)
    signed = authority.signed(data, authority.person("Maria Rossi", "TINIT-RSSMRA70A41F023X"))
    at = signed.index(data[2000:2040]) + 20
    tampered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    wrong = take(giro, item(tampered, "scheda.xlsx.p7m", day(3)))
    assert wrong.state.offices[OFFICE].current is None
    good = take(giro, item(signed, "scheda.xlsx.p7m", day(4)))
    version = good.state.offices[OFFICE].current
    assert version is not None
    assert version.signature["signer"] == "Maria Rossi"
    assert version.signature["signed_at"]
    assert (version.signature["digest_ok"], version.signature["signature_ok"]) == (True, True)
    assert version.signature["trust"] == "non verificata"


# -- whose it is -----------------------------------------------------------------------------------------------------------


def unmarked(data: bytes) -> bytes:
    """A sheet of which nobody can tell whose it is: no mark, no title."""

    def strip(book: Any) -> None:
        del book["_perfxl"], book["Istruzioni"]
        page = book[clerks.SHEET]
        page["A1"], page["A2"] = "Scheda", None
        for row in range(4, 40):
            page[f"H{row}"], page[f"I{row}"] = None, None

    return changed(data, strip)


def test_a_sheet_of_nobody_waits_and_is_attributed_by_hand(new_round):
    giro = new_round()
    data = unmarked(sheet(giro))
    done = take(giro, item(data, "Copia di copia.xlsx", day(3)))
    assert [version.name for version in done.state.unattributed] == ["Copia di copia.xlsx"]
    assert [event.problem["code"] for event in done.noted] == ["PX-N020"]
    assert done.checked == []
    again = take(giro, attribute=(("copia di COPIA.xlsx", "u1.1"),))
    assert [(version.office, version.accepted) for version in again.checked] == [(OFFICE, True)]
    assert again.state.unattributed == []
    assert take(giro, attribute=((digest(data)[:10], OFFICE),)).checked == []


@pytest.mark.parametrize(
    ("which", "office", "words"),
    [
        ("nessuna.xlsx", OFFICE, "indica 0 schede"),
        ("a.xlsx", "U9.9", "non è del giro: "),
        ("doppia.xlsx", OFFICE, "indica 2 schede"),
    ],
)
def test_who_attributes_must_say_what_and_to_whom(new_round, which, office, words):
    giro = new_round()
    data = unmarked(sheet(giro))
    other = changed(data, lambda book: book[clerks.SHEET].__setitem__("C7", 5))
    take(giro, item(data, "doppia.xlsx", day(3)), item(other, "doppia.xlsx", day(3)))
    with pytest.raises(RoundError, match=words):
        take(giro, attribute=((which, office),))


def test_a_version_to_correct_can_be_accepted_with_a_reason(new_round):
    giro = new_round()
    done = take(giro, item(sheet(giro, C7="circa dieci"), "scheda.xlsx", day(3)))
    assert done.state.offices[OFFICE].current is None
    for which, words in (("U9.9", "indica 0 schede"), ("U2.1", "non ha mandato niente")):
        with pytest.raises(RoundError, match=words):
            take(giro, accept=((which, "sì"),))
    with pytest.raises(RoundError, match="serve il motivo"):
        take(giro, accept=((OFFICE, "  "),))
    office = take(giro, accept=((OFFICE, "sentito il dirigente"),)).state.offices[OFFICE]
    assert office.current is not None
    assert office.current.reason == "sentito il dirigente"
    assert office.standing(None, date.max) is Standing.ACCEPTED


def test_a_layout_that_is_given_afterwards_recognises_what_waited(new_round, tmp_path, workbooks):
    """Another body's own form is of nobody until its layout is described."""
    giro = new_round()
    layout = tmp_path / "nostro.toml"
    layout.write_text(
        'id = "nostro"\ntitle = "Nostro"\nrole = "office"\n'
        '[columns.text]\nheadings = ["Voce"]\nneed = "essential"\n[columns.result]\nheadings = ["Quanto"]\nneed = "essential"\n'
        '[columns.target]\nheadings = ["Atteso"]\n[columns.office]\nheadings = ["Di chi"]\n'
        '[[rows]]\nlevel = "indicatore"\ncode = "^O1"\nowner = "1.2.4"\n[respondent]\ncommon_office = true\n',
        encoding="utf-8",
    )
    from openpyxl import Workbook

    from perfxl.readers import load_layout

    book = Workbook()
    for row in (("Elenco",), ("Voce", "Atteso", "Quanto", "Di chi"), ("O1.2.4-a Newsletter", 12, 12, "U1.1")):
        book.active.append(row)
    data = clerks.saved(book)
    assert len(take(giro, item(data, "nostra.xlsx", day(3))).state.unattributed) == 1
    done = take(giro, layouts=(load_layout(layout),))
    assert [version.office for version in done.checked] == [OFFICE]


# -- two replies -----------------------------------------------------------------------------------------------------------


def test_the_later_accepted_reply_replaces_the_whole_sheet_blanks_included(new_round):
    """Result of row 7 changed, that of row 10 blanked, its note too: all three are listed, and nothing of the first one counts."""
    giro = new_round()
    one = sheet(giro, C7=3, J7="primo", C10=0.95)
    two = sheet(giro, C7=4, J7="primo", C10=None, J10=None)
    done = take(giro, item(letter(one, day(2)), "a.eml", day(9)), item(letter(two, day(3)), "b.eml", day(9)))
    office = done.state.offices[OFFICE]
    assert [version.sha256 for version in office.versions] == [digest(one), digest(two)]
    assert office.current is office.versions[1]
    ((before, after, changes),) = differences_of(office, RoundFolder(giro), done.state)
    assert (before, after) == (office.versions[0], office.versions[1])
    assert {(each.cell, each.before, each.after, each.blanked) for each in changes} == {
        ("C7", "3", "4", False), ("C10", "95%", "", True), ("J10", clerks.WHY, "", True),
    }  # fmt: skip
    assert {each.label.split()[0] for each in changes} == {"01.2.4-a", "S2.1.1-b"}
    rows = {row.code: row for row in consolidated(giro).rows if row.office == OFFICE}
    assert rows["O1.2.4-a"].result_text == "4"
    assert rows["S2.1.1-b"].result_text == ""


def test_a_later_reply_that_isn_t_accepted_replaces_nothing(new_round):
    giro = new_round()
    one, two = sheet(giro, C7=3), sheet(giro, C7="boh")
    done = take(giro, item(letter(one, day(2)), "a.eml", day(9)), item(letter(two, day(3)), "b.eml", day(9)))
    office = done.state.offices[OFFICE]
    assert office.current is office.versions[0]
    assert office.standing(None, date.max) is Standing.TO_CORRECT


def test_a_sorted_second_version_differs_only_where_it_differs(new_round):
    giro = new_round()
    one = sheet(giro, C7=3)

    def move(book: Any) -> None:
        page = book[clerks.SHEET]
        for column in range(1, 18):
            top, bottom = page.cell(20, column), page.cell(21, column)
            kept = top.value, top.number_format
            top.value, top.number_format = bottom.value, bottom.number_format
            bottom.value, bottom.number_format = kept
        page["C7"] = 4

    done = take(giro, item(one, "a.xlsx", day(2)), item(changed(one, move), "b.xlsx", day(3)))
    ((_, _, changes),) = differences_of(done.state.offices[OFFICE], RoundFolder(giro), done.state)
    assert [(each.cell, each.before, each.after) for each in changes] == [("C7", "3", "4")]


def test_an_old_dashboard_after_the_sheet_is_compared_indicator_by_indicator(new_round, workbooks):
    giro = new_round()
    old = (workbooks / "massacarrara-2019" / "U0.1_monitoraggio_2019.xlsx").read_bytes()
    done = take(giro, item(sheet(giro, "U0.1"), "a.xlsx", day(2)), item(old, "b.xlsx", day(3)))
    ((_, _, changes),) = differences_of(done.state.offices["U0.1"], RoundFolder(giro), done.state)
    assert changes
    assert {each.after for each in changes if each.before == clerks.WHY} == {""}


# -- order and duplication -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def post(round_template: Path) -> list[Item]:
    """Dated replies of three offices, in several wrappings: accepted ones, one to correct, one replaced, one sent twice."""
    one, two, three = (reply(round_template, OFFICE, {"C7": value}) for value in (3, "quasi", 5))
    other, third = reply(round_template, "U2.1"), reply(round_template, "ISR", {"C6": 0.5})
    return [
        item(letter(one, day(2), number="uno"), "1.eml", day(20)),
        item(letter(two, day(4), number="due"), "2.eml", day(20)),
        item(letter(three, day(3), number="tre"), "3.eml", day(20)),
        item(zipped(letter(one, day(5), number="quattro"), "m.eml"), "4.zip", day(20)),
        item(other, "U2.1.xlsx", day(6)),
        item(letter(other, day(1), number="cinque"), "5.eml", day(20)),
        item(letter(third, day(7), number="sei"), "6.eml", day(20)),
        item(b"niente", "7.txt", day(8)),
        item(letter(reply(round_template, "ISR", {"C6": 0.7}), day(30), number="dal futuro"), "8.eml", day(6)),
        item(letter(b"", day(8), number="vuoto di uno"), "9.eml", day(8)),
        item(letter(b"", day(8), number="vuoto di un altro"), "10.eml", day(8)),
    ]


def consolidated(giro: Path) -> Consolidation:
    return consolidate_round(RoundFolder(giro), mailroom.state_of(giro), as_of=date(2019, 4, 30))


def figures(c: Consolidation) -> list[Any]:
    """What a consolidation says, files' names left aside."""
    nodes = [(node.code, node.pct, node.pro_rata_pct, node.measured, node.total, node.state) for node in c.nodes]
    rows = [
        (row.office, row.code, row.result_text, row.target_text, row.pct, row.pro_rata_pct, row.state, row.counts, row.weight)
        for row in c.rows
    ]
    return [
        nodes,
        sorted(rows, key=str),
        [(office.code, office.cover) for office in c.offices],
        [(person.code, person.cover) for person in c.people],
    ]


def seen(giro: Path) -> list[Any]:
    state = mailroom.state_of(giro)
    offices = [
        (code, [(v.sha256, v.when, v.when_from, v.sender, v.accepted, v.problems) for v in office.versions])
        for code, office in state.offices.items()
    ]
    current = [office.current.sha256 if office.current else "" for office in state.offices.values()]
    return [offices, current, sorted(state.refused), figures(consolidated(giro))]


@pytest.fixture(scope="module")
def reference(round_template: Path, post: list[Item], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    giro = mailroom.copied(round_template, tmp_path_factory.mktemp("ordine") / "giro")
    take(giro, *post)
    return seen(giro)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_and_any_duplication_give_the_same_state_and_the_same_figures(round_template, post, reference, tmp_path, data):
    order = data.draw(st.permutations(post))
    more = data.draw(st.lists(st.sampled_from(post), max_size=6))
    at = data.draw(st.integers(0, len(order)))
    giro = mailroom.copied(round_template, tmp_path / "giro")
    try:
        queue = [*order[:at], *more, *order[at:]]
        cut = data.draw(st.integers(0, len(queue)))
        take(giro, *queue[:cut])
        take(giro, *queue[cut:])
        assert seen(giro) == reference
    finally:
        shutil.rmtree(giro)


# -- closing, reopening ----------------------------------------------------------------------------------------------------


def everybody(giro: Path) -> list[Item]:
    """A good reply of each of the eight offices."""
    return [
        item(letter(reply(giro, office, ZERO_DATES if office == "U5.1/U5.2" else {}), day(3), name=f"{number}.xlsx", number=str(number)), f"{number}.eml", day(9))
        for number, office in enumerate(EIGHT)
    ]  # fmt: skip


def test_the_round_s_consolidation_is_that_of_the_plain_folder(new_round, tmp_path):
    """Eight offices filled with what they published in 2019: the same nodes, rows, offices and people, to the last decimal."""
    giro = new_round()
    done = take(giro, *everybody(giro))
    assert [version.accepted for version in done.new] == [True] * 8
    folder = tmp_path / "cartella"
    folder.mkdir()
    for version in done.new:
        shutil.copyfile(giro / version.file, folder / f"{version.office.replace('/', '-')}.xlsx")
    plain = consolidate(
        folder, method="massacarrara-2019", plan=mailroom.PLAN, year=2019, as_of=date(2019, 4, 30)
    )  # the end of its period
    closed = close_round(giro, by="prova")
    for mine, theirs in zip(figures(closed.consolidation), figures(plain), strict=True):
        assert [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]] == []
    assert closed.missing == ()
    assert sum(row.pct is not None for row in plain.rows) > 40
    assert {version.sha256 for version in done.new} <= {source.sha256 for source in closed.consolidation.sources}


def test_closing_wants_every_office_unless_it_is_told_otherwise(new_round):
    giro = new_round()
    with pytest.raises(RoundError, match="nessun ufficio ha una scheda accettata"):
        close_round(giro, force=True)
    take(giro, *everybody(giro)[:7])
    with pytest.raises(RoundError, match=r"nessuna scheda accettata di U5\.1/U5\.2"):
        close_round(giro)
    done = close_round(giro, force=True, by="prova")
    assert done.missing == ("U5.1/U5.2",)
    assert done.workbook.is_file()
    assert (done.state.closed, done.state.closings[0].workbook, done.state.closings[0].by) == (True, done.workbook.name, "prova")
    assert set(done.state.closings[0].versions) == set(EIGHT[:7])
    with pytest.raises(RoundError, match="già chiuso"):
        close_round(giro)


def test_what_comes_when_the_period_is_closed_is_kept_aside_until_it_is_reopened(new_round):
    giro = new_round()
    take(giro, *everybody(giro))
    first = close_round(giro)
    known = first.state.offices[OFFICE].current
    late = item(letter(reply(giro, OFFICE, {"C7": 12}), day(20)), "tardi.eml", day(20))
    resent = item(letter((giro / known.file).read_bytes(), day(21)), "ancora.eml", day(21))
    done = take(giro, late, resent)
    assert [(version.name, version.late, version.accepted) for version in done.new] == [("scheda.xlsx", True, None)]
    assert [event.problem["code"] for event in done.noted if event.problem["severity"] != "nota"] == ["PX-N021"]
    assert {code: office.current.sha256 for code, office in done.state.offices.items()} == first.state.closings[0].versions
    for words, how in (("va riaperto", {"attribute": (("x", OFFICE),)}), ("va riaperto", {"accept": ((OFFICE, "sì"),)})):
        with pytest.raises(RoundError, match=words):
            take(giro, **how)
    with pytest.raises(RoundError, match="serve il motivo"):
        reopen_round(giro, "  ")
    state = reopen_round(giro, "risposta arrivata dopo", by="prova")
    office = state.offices[OFFICE]
    assert [version.accepted for version in office.versions] == [True, True]
    assert (office.current.when, office.versions[0].sha256) == (day(20), known.sha256)
    # The reply of the third of May was sent again on the 21st: it counts as of the third, and that is told
    assert [each["code"] for each in office.versions[0].doubts] == ["PX-N051"]
    with pytest.raises(RoundError, match="non è chiuso"):
        reopen_round(giro, "ancora")
    second = close_round(giro)
    assert second.workbook == first.workbook
    assert first.workbook.with_name(f"{first.workbook.stem} (1).xlsx").is_file()
    assert len(second.state.closings) == 2


def test_a_file_of_the_round_that_somebody_changed_stops_the_closing(new_round):
    """Opened in Excel and saved: what was judged isn't what lies there. Collected again, the bytes that came are put back."""
    giro = new_round()
    post = item(letter(sheet(giro), day(3)), "a.eml", day(9))
    version = take(giro, post).new[0]
    (giro / version.file).write_bytes(b"salvata in Excel")
    with pytest.raises(RoundError, match=r"non è più il file arrivato da U1\.1"):
        close_round(giro, force=True)
    take(giro, post)
    assert close_round(giro, force=True).state.closed


# -- another plan ----------------------------------------------------------------------------------------------------------


def revised(tmp_path: Path, change: Callable[[Any], None]) -> Path:
    """The plan of 2019 after something was deliberated."""
    (source,) = mailroom.PLAN.glob("Piano*.xlsx")
    path = tmp_path / "Piano_rivisto.xlsx"
    path.write_bytes(changed(source.read_bytes(), change))
    return path


def cell_of(book: Any, code: str) -> Any:
    """The cell that holds an indicator's text."""
    return next(
        cell for page in book.worksheets for row in page.iter_rows() for cell in row if str(cell.value or "").startswith(code)
    )


def replan(giro: Path, plan: Path, reason: str = "deliberazione n. 12") -> Any:
    return open_round(giro, Opening(plan=(str(plan),), dashboards=(str(mailroom.DASHBOARDS),), reason=reason, by="prova"))


def test_a_plan_with_another_target_is_told_and_what_came_is_judged_by_it(new_round, tmp_path):
    """O1.2.4-a: 12 newsletters asked, 3 made, a note written; now 3 are asked."""
    giro = new_round()
    data = sheet(giro, C7=3)
    take(giro, item(letter(data, day(3)), "a.eml", day(9)))

    def less(book: Any) -> None:
        cell = cell_of(book, "01.2.4-a")
        row = [each for each in cell.parent[cell.row] if each.value == 12]
        assert len(row) == 1
        row[0].value = 3

    plan = revised(tmp_path, less)
    with pytest.raises(RoundError, match="serve il motivo"):
        replan(giro, plan, "")
    done = replan(giro, plan)
    assert done.version == 2
    assert done.changes == ("O1.2.4-a, target 2019: da «12» a «3»",)
    assert done.state.plans[1].reason == "deliberazione n. 12"
    office = done.state.offices[OFFICE]
    assert office.file.startswith("schede/v2/")
    (version,) = office.versions
    assert (version.accepted, version.plan) == (True, 1)
    assert [each["code"] for each in version.problems] == ["PX-N024"]
    row = next(row for row in consolidated(giro).rows if (row.office, row.code) == (OFFICE, "O1.2.4-a"))
    assert (row.target_text, row.result_text, row.pct) == ("3", "3", 100)
    with pytest.raises(RoundError, match="già aperto con questo piano"):
        replan(giro, plan)
    assert take(giro, item(reply(giro, OFFICE), "nuova.xlsx", day(10))).new[0].plan == 2


def test_a_plan_with_a_new_indicator_asks_for_the_new_sheet(new_round, tmp_path):
    """An indicator of U1.1's dashboard (O1.2.4-a) is dropped from the plan, and later comes back: its sheet of before lacks it."""

    def drop(book: Any) -> None:
        cell = cell_of(book, "01.2.4-a")
        cell.parent.delete_rows(cell.row)

    less = revised(tmp_path, drop)
    giro = tmp_path / "giro"
    opening = Opening(
        plan=(str(less),), dashboards=(str(mailroom.DASHBOARDS),), period=mailroom.PERIOD, deadline=mailroom.DEADLINE, by="prova"
    )
    open_round(giro, opening)
    old = reply(giro, OFFICE)
    assert take(giro, item(letter(old, day(3)), "a.eml", day(9))).new[0].accepted
    (whole,) = mailroom.PLAN.glob("Piano*.xlsx")
    done = replan(giro, whole)
    assert [each.split(":")[0] for each in done.changes] == ["O1.2.4-a aggiunto"]
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted is False
    assert {each["code"] for each in version.to_correct} == {"PX-N011", "PX-N013"}
    assert done.state.offices["U2.1"].file.startswith("schede/v2/")
    again = take(giro, item(letter(reply(giro, OFFICE), day(5)), "b.eml", day(9)))
    assert again.state.offices[OFFICE].current.plan == 2


def test_an_indicator_that_the_plan_dropped_isn_t_asked_any_more(new_round, tmp_path):
    giro = new_round()
    take(giro, item(letter(sheet(giro), day(3)), "a.eml", day(9)))

    def drop(book: Any) -> None:
        cell = cell_of(book, "01.2.4-a")
        cell.parent.delete_rows(cell.row)

    done = replan(giro, revised(tmp_path, drop))
    assert [each.split(":")[0] for each in done.changes] == ["O1.2.4-a tolto"]
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted
    assert "O1.2.4-a" not in {row.code for row in consolidated(giro).rows}


def test_a_round_with_sheets_for_persons_keeps_them_when_the_plan_changes(tmp_path):
    giro = mailroom.opened(tmp_path / "giro", people=True)
    before = set(mailroom.state_of(giro).offices)
    assert {"PO2", "PO3", "PO4", "PO5"} < before
    plan = revised(tmp_path, lambda book: cell_of(book, "01.2.4-a").parent.delete_rows(cell_of(book, "01.2.4-a").row))
    assert set(replan(giro, plan).state.offices) == before


def test_a_run_that_was_ended_while_it_changed_the_plan_leaves_the_one_before(new_round, tmp_path, monkeypatch):
    giro = new_round()
    plan = revised(tmp_path, lambda book: cell_of(book, "01.2.4-a").parent.delete_rows(cell_of(book, "01.2.4-a").row))
    real = Journal.add_all

    def half(self: Journal, events: Any) -> None:
        real(self, list(events)[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "add_all", half)
    with pytest.raises(KeyboardInterrupt):
        replan(giro, plan)
    monkeypatch.undo()
    state = mailroom.state_of(giro)
    assert (state.plan.number, len(state.offices)) == (1, 8)
    assert all(office.file.startswith("schede/v1/") for office in state.offices.values())
    done = replan(giro, plan)
    assert (done.version, len(done.state.offices)) == (2, 8)
    assert sorted(path.name for path in (giro / "schede" / "v2").iterdir()) == sorted(
        path.name for path in (giro / "schede" / "v1").iterdir()
    )


# -- Lucca: projects one below the other, twin labels ----------------------------------------------------------------------


def test_a_round_of_lucca(tmp_path, workbooks):
    """Three areas, a page for each strategic objective; twin labels. The plan's files hold results: none of them counts."""
    plans = sorted((workbooks / "lucca-2017").glob("Report_direzionale_2017_Area*.xlsx"))
    giro = tmp_path / "giro"
    open_round(giro, Opening(plan=tuple(map(str, plans)), method="lucca-2017", period="anno 2017"))
    state = mailroom.state_of(giro)
    items, asked = [], {}
    for code, office in state.offices.items():
        book = clerks.opened(giro / office.file)
        cells = [(page.grid.name, row) for page in sent_pages(giro / office.file) for row in page.own]
        for number, (name, row) in enumerate(cells):
            book[name][f"B{row}"], book[name][f"C{row}"] = number + 1, "nota"
        asked[code] = len(cells)
        items.append(item(clerks.saved(book), f"{code}.xlsx", day(3)))
    assert sum(asked.values()) > 100
    done = take(giro, *items[:2], accept=tuple((code, "prova") for code in list(asked)[:2]))
    assert [(version.office, version.accepted) for version in done.new] == [(code, True) for code in list(asked)[:2]]
    closed = close_round(giro, force=True)
    answered = [row for row in closed.consolidation.rows if row.result_text]
    assert sorted(int(row.result_text) for row in answered) == sorted(
        number + 1 for code in list(asked)[:2] for number in range(asked[code])
    )
    assert len(closed.consolidation.rows) == sum(asked.values())
    whole = {node.code for node in consolidate(plans, method="lucca-2017").nodes}
    assert {node.code for node in closed.consolidation.nodes} == whole


def test_the_method_s_own_file_goes_with_the_round(tmp_path, workbooks):
    method = tmp_path / "giro.toml"  # even under the name of the round's own settings
    source = Path(load_method.__code__.co_filename).parent / "massacarrara-2019.toml"
    method.write_text(
        source.read_text(encoding="utf-8").replace('note_below = "partial"', 'note_below = "never"'), encoding="utf-8"
    )
    giro = tmp_path / "giro"
    open_round(
        giro,
        Opening(plan=(str(mailroom.PLAN),), dashboards=(str(mailroom.DASHBOARDS),), method=str(method), period=mailroom.PERIOD),
    )
    method.unlink()
    version = take(giro, item(sheet(giro, C7=0, J7=None), "a.xlsx", day(3))).new[0]
    assert version.accepted
    assert (giro / "metodo_giro.toml").is_file()


# -- the journal's own word ------------------------------------------------------------------------------------------------


def test_the_arrival_is_told_before_the_verdict_and_the_verdict_once(new_round):
    giro = new_round()
    take(giro, item(letter(sheet(giro), day(3)), "a.eml", day(9)), item(letter(sheet(giro, C7=2), day(4)), "b.eml", day(9)))
    kinds = [type(event) for event in Journal(giro).events() if isinstance(event, Received | Checked)]
    assert kinds == [Received, Checked, Received, Checked]


def test_names_and_senders_that_are_no_text_are_told_all_the_same(new_round, monkeypatch):
    """Bytes of a name that are no characters, line ends, right-to-left marks: one line in the journal, one in the register."""
    from perfxl.cli.giro import register

    giro = new_round()
    data = sheet(giro)
    found = Found(
        "schéda\udcff\u202e\n.xlsx",
        data,
        ("a\x00\udc80.eml",),
        "\udcffx@y",
        day(3),
        "data",
        "<\udcff>",
        (Signature("\udcff", "", None, True, True, ""),),
    )
    monkeypatch.setattr(collecting, "unwrap", lambda *_, **__: Unwrapped((found,)))
    done = take(giro, item(b"messaggio", "posta\udcff.eml", day(3)))
    assert done.state.offices[OFFICE].current is not None
    register(giro)
    assert (giro / "registro.xlsx").stat().st_size > 5000
