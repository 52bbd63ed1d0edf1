"""When a reply was sent, collected from real messages and files: what they say, what can be believed, whatever the day of collecting."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from mail.parcels import Certified, envelope
from perfxl.rounds import Journal
from perfxl.rounds.collect import Collected, Collecting, collect
from perfxl.rounds.items import files_of
from rounds import mailroom
from rounds.replies import day, item, letter, reply, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.rounds.items import Item

OFFICE = "U1.1"


def take(folder: Path, *items: Item, **how: Any) -> Collected:
    return collect(folder, items, Collecting(by="prova", **how))


def current(giro: Path) -> tuple[str, str, str]:
    version = mailroom.state_of(giro).offices[OFFICE].current
    assert version is not None
    return version.name, version.when.astimezone(UTC).isoformat(), version.when_from


def without_date(message: bytes) -> bytes:
    return b"\n".join(line for line in message.split(b"\n") if not line.startswith(b"Date:"))


def dated(message: bytes, date: str) -> bytes:
    return b"Date: " + date.encode() + b"\n" + without_date(message)


def through(message: bytes, *moments: datetime) -> bytes:
    """A message with the lines of the servers that it went through."""
    return b"".join(b"Received: from a by b; %s\n" % when.strftime("%d %b %Y %H:%M:%S %z").encode() for when in moments) + message


@pytest.fixture
def two(new_round) -> tuple[Path, bytes, bytes]:
    """A round, and two replies of an office, the second of which corrects the first."""
    giro = new_round()
    return giro, reply(giro, OFFICE), reply(giro, OFFICE, {"C7": 5})


# -- a message without a date ----------------------------------------------------------------------------------------------


def test_in_a_mailbox_of_messages_the_line_before_each_says_when_it_came(two, tmp_path):
    """The mailbox is written on again every day: its own date would make the oldest message without a Date the newest."""
    giro, one, other = two
    first, second = (
        without_date(letter(one, day(3), number="uno", name="v1.xlsx")),
        letter(other, day(5), number="due", name="v2.xlsx"),
    )
    box = tmp_path / "posta.mbox"
    lines = b"From u@ente Fri May  3 10:00:00 2019\n", b"From u@ente Sun May  5 10:00:00 2019\n"
    box.write_bytes(lines[0] + first + b"\n\n" + lines[1] + second + b"\n\n")
    for number in (6, 9):
        os.utime(box, (day(number).timestamp(),) * 2)
        take(giro, *files_of([box], giro))
        assert current(giro)[0] == "v2.xlsx"
    version = mailroom.state_of(giro).offices[OFFICE].versions[0]
    assert (version.when, version.when_from) == (day(3), "arrivo")


def test_collected_again_the_same_bytes_never_become_later(two, tmp_path):
    """A message without a date and a bare file, saved again: nothing more is told."""
    giro, one, other = two
    post = tmp_path / "posta"
    post.mkdir()
    (post / "a.eml").write_bytes(without_date(letter(one, day(3), name="v1.xlsx")))
    (post / "v2.xlsx").write_bytes(other)
    sizes = []
    for number in (5, 9, 7):
        for file, ahead in ((post / "a.eml", 0), (post / "v2.xlsx", 60)):
            os.utime(file, (day(number).timestamp() + ahead,) * 2)
        take(giro, *files_of([post], giro))
        assert current(giro) == ("v2.xlsx", "2019-05-05T10:01:00+00:00", "arrivo")
        sizes.append(len(Journal(giro).events()))
    assert sizes[0] == sizes[1] == sizes[2]


def test_the_servers_line_says_when_a_message_without_a_date_came(two):
    giro, one, other = two
    first = through(without_date(letter(one, day(3), name="v1.xlsx")), day(3, 11), day(3, 9))
    take(giro, item(first, "a.eml", day(20)), item(letter(other, day(3, 12), name="v2.xlsx"), "b.eml", day(20)))
    assert current(giro)[0] == "v2.xlsx"
    assert mailroom.state_of(giro).offices[OFFICE].versions[0].when == day(3, 11)


@pytest.mark.parametrize(
    "date", ["Fri, 3 May 2019 11:30:00", "Fri, 3 May 2019 11:30:00 CEST", "Fri, 3 May 2019 11:30:00 MEST", "ven, 3 mag 2019 11:30:00 +0200"]
)  # fmt: skip
def test_dates_as_italian_programs_write_them(two, date):
    """Half past eleven in Italy is before noon there, however it is written."""
    giro, one, other = two
    first, second = (
        dated(letter(one, day(3), name="v1.xlsx"), date),
        dated(letter(other, day(4), name="v2.xlsx"), "Fri, 3 May 2019 12:00:00 +0200"),
    )
    take(giro, item(first, "a.eml", day(9)), item(second, "b.eml", day(9)))
    assert current(giro)[0] == "v2.xlsx"
    assert mailroom.state_of(giro).offices[OFFICE].versions[0].when == datetime(2019, 5, 3, 9, 30, tzinfo=UTC)


# -- dates that can't be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=20), timedelta(days=5)])
def test_a_date_after_the_arrival_is_told_and_the_arrival_counts(two, ahead):
    """Whatever the order, and collected again a month later from a copy that was saved meanwhile."""
    giro, one, other = two
    wrong, right = (
        letter(one, day(3) + ahead, number="uno", name="v1.xlsx"),
        letter(other, day(3, 11), number="due", name="v2.xlsx"),
    )
    posts = item(wrong, "a.eml", day(3)), item(right, "b.eml", day(3, 11)), item(wrong, "copia.eml", day(28))
    for number, order in enumerate(permutations(posts)):
        other_giro = mailroom.copied(giro, giro.parent / str(number))
        told = [each for post in order for each in take(other_giro, post).doubts]
        assert current(other_giro)[0] == "v2.xlsx"
        assert {each["code"] for each in told} == {"PX-N050"}
        assert "conta l'arrivo, 03/05/2019 12:00" in told[-1]["found"]


def test_the_server_s_line_says_it_where_the_file_doesn_t(two):
    giro, one, other = two
    wrong = through(letter(one, day(4), name="v1.xlsx"), day(3))
    take(giro, item(wrong, "a.eml", day(20)), item(letter(other, day(3, 11), name="v2.xlsx"), "b.eml", day(20)))
    assert current(giro)[0] == "v2.xlsx"


def test_a_certificate_of_a_later_day_than_the_arrival_isn_t_believed(two):
    """The twentieth of May, in a message that came on the third: nobody signed it."""
    giro, one, other = two
    forged = Certified(sender="u@ente.example", when=day(20), about="<uno@ente.example>")
    certified = Certified(sender="u@ente.example", when=day(4), about="<due@ente.example>")
    first, second = (
        letter(data, day(3), number=number, name=f"{number}.xlsx") for data, number in ((one, "uno"), (other, "due"))
    )
    done = take(giro, item(envelope(first, forged), "a.eml", day(3)), item(envelope(second, certified), "b.eml", day(4)))
    assert current(giro) == ("due.xlsx", "2019-05-04T10:00:00+00:00", "pec")
    assert [each["code"] for each in done.doubts] == ["PX-N050"]


def test_a_correction_dated_2009_isn_t_lost(two):
    """The battery of the clerk's computer is dead: the arrival counts, and it is told."""
    giro, one, other = two
    wrong = letter(other, datetime(2009, 1, 1, tzinfo=UTC), name="v2.xlsx")
    done = take(giro, item(letter(one, day(3), name="v1.xlsx"), "a.eml", day(3)), item(wrong, "b.eml", day(5)))
    assert current(giro) == ("v2.xlsx", "2019-05-05T10:00:00+00:00", "arrivo")
    assert "01/01/2009" in done.doubts[0]["found"]


def test_a_file_dated_in_2040_was_there_when_it_was_collected(two, tmp_path):
    giro, one, other = two
    file = tmp_path / "v1.xlsx"
    file.write_bytes(one)
    os.utime(file, (datetime(2040, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    done = take(giro, *files_of([file], giro))
    assert "01/01/2040" in done.doubts[0]["found"]
    version = done.new[0]
    assert version.when <= datetime.now(UTC)
    size = len(Journal(giro).events())
    again = take(giro, *files_of([file], giro))
    assert (len(Journal(giro).events()), again.doubts) == (size, [])
    later = datetime.now(UTC) + timedelta(minutes=1)
    take(giro, item(letter(other, later, name="v2.xlsx"), "b.eml", later))
    assert current(giro)[0] == "v2.xlsx"


def test_a_file_s_date_beyond_the_calendar_is_no_date(two, tmp_path, monkeypatch):
    giro, one, _ = two
    file = tmp_path / "v1.xlsx"
    file.write_bytes(one)
    real = type(file).stat

    def absurd(self: Path, **how: Any) -> Any:
        found = real(self, **how)
        return os.stat_result((*found[:8], 400_000_000_000, found[9])) if self == file else found

    monkeypatch.setattr(type(file), "stat", absurd)
    (found,) = files_of([file], giro)
    assert abs(found.arrived - datetime.now(UTC)) < timedelta(minutes=1)


# -- the same bytes in several messages ------------------------------------------------------------------------------------


def test_the_time_of_pec_goes_before_the_date_of_the_message_in_it(two):
    """The clerk's clock is two hours fast; somebody saves the first message alone, out of its envelope."""
    giro, one, other = two
    first = letter(one, day(3, 12), number="uno", name="v1.xlsx")
    second = letter(other, day(3, 11), number="due", name="v2.xlsx")
    certified = [
        envelope(message, Certified(sender="u@ente.example", when=when, about=f"<{number}@ente.example>"))
        for message, when, number in ((first, day(3, 10), "uno"), (second, day(3, 11), "due"))
    ]
    posts = [item(data, f"{number}.eml", day(6)) for number, data in enumerate((*certified, first))]
    for number, order in enumerate(permutations(posts)):
        again = mailroom.copied(giro, giro.parent / str(number))
        take(again, *order)
        assert current(again) == ("v2.xlsx", "2019-05-03T11:00:00+00:00", "pec")


def test_a_version_that_a_colleague_forwards_later_isn_t_the_last_word(two):
    """By ordinary mail, by PEC, in a zip of messages: it is the third of May's reply, and that it came again is told once."""
    giro, one, other = two
    first, second = letter(one, day(3), number="uno", name="v1.xlsx"), letter(other, day(4), number="due", name="v2.xlsx")
    again = letter(one, day(6), number="tre", name="v1 per conoscenza.xlsx", sender="collega@ente.example")
    certified = envelope(again, Certified(sender="collega@pec.ente.example", when=day(6), about="<tre@ente.example>"))
    for number, forwarded in enumerate((again, certified, zipped(again, "m.eml"))):
        folder = mailroom.copied(giro, giro.parent / str(number))
        take(folder, item(first, "a.eml", day(9)), item(second, "b.eml", day(9)))
        done = take(folder, item(forwarded, "c.eml", day(9)))
        assert current(folder)[0] == "v2.xlsx"
        assert [each["code"] for each in done.doubts] == ["PX-N051"]
        assert take(folder, item(forwarded, "c.eml", day(9))).doubts == []


# -- what came, each for itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 logo", b"PK\x03\x04 troncato"])
def test_the_same_bytes_that_hold_no_sheet_from_two_offices_leave_two_traces(new_round, data):
    giro = new_round()
    posts = [
        item(letter(data, day(number), sender=f"u{number}@ente.example", number=str(number)), f"{number}.eml", day(number))
        for number in (3, 4)
    ]
    told = [event for post in (*posts, *posts) for event in take(giro, post).refused]
    assert [event.sender for event in told] == ["u3@ente.example", "u4@ente.example"]
    assert len(list((giro / "buste").iterdir())) == 2
    assert len(mailroom.state_of(giro).refused) == 2


def test_one_signature_that_doesn_t_hold_doesn_t_touch_the_reply_of_another_office(new_round, authority):
    """Both called `scheda.xlsx.p7m`, in two folders of one zip."""
    import io
    import zipfile

    giro = new_round()
    rossi = authority.person("Maria Rossi", "TINIT-RSSMRA80A41F023X")
    bad, good = (reply(giro, office) + b"\0\0" for office in (OFFICE, "U2.1"))
    tampered = authority.signed(bad, rossi).replace(bad, bad[:-1] + b"\1")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("U1.1/scheda.xlsx.p7m", tampered)
        archive.writestr("U2.1/scheda.xlsx.p7m", authority.signed(good, rossi))
    offices = take(giro, item(out.getvalue(), "firmate.zip", day(3))).state.offices
    assert offices[OFFICE].current is None
    assert [each["code"] for each in offices[OFFICE].versions[0].to_correct] == ["PX-M015"]
    assert offices["U2.1"].current is not None


def test_a_reply_put_at_the_top_of_the_round_s_folder_is_collected(two):
    giro, one, _ = two
    (giro / "risposta U1.1.xlsx").write_bytes(one)
    mine = (
        "registro.xlsx",
        "registro (1).xlsx",
        "Consolidato_Ente_2019.xlsx",
        "Consolidato_Ente_2019 (1).xlsx",
        "metodo_nostro.toml",
    )
    for name in mine:
        (giro / name).write_bytes(b"x")
    assert [each.name for each in files_of([giro], giro)] == ["risposta U1.1.xlsx"]
    assert take(giro, *files_of([giro], giro)).state.offices[OFFICE].current is not None


def test_messages_deleted_in_thunderbird_and_not_compacted_are_left_out_and_told(two, tmp_path):
    giro, one, other = two
    box = tmp_path / "Inbox"
    messages = ((b"0001", letter(one, day(3), name="v1.xlsx")), (b"0009", letter(other, day(5), name="v2.xlsx")))
    box.write_bytes(
        b"".join(
            b"From - Fri May 03 10:00:00 2019\nX-Mozilla-Status: %s\n" % status + each + b"\n\n" for status, each in messages
        )
    )
    done = take(giro, *files_of([box], giro))
    assert done.items == 1
    assert current(giro)[0] == "v1.xlsx"
    assert [
        (event.problem["code"], event.problem["found"][:6]) for event in done.noted if event.problem["code"] != "PX-M010"
    ] == [("PX-M025", "1 di 2")]
    assert take(giro, *files_of([box], giro)).noted == []


def test_a_receipt_with_a_reply_in_it_is_told_and_one_with_our_own_sheet_isn_t(two):
    """Whoever forwards the receipt of his own PEC sends his reply along; ours bring back the blank sheet."""
    giro, one, _ = two
    blank = (giro / mailroom.state_of(giro).offices[OFFICE].file).read_bytes()
    ours, theirs = (
        envelope(letter(data, day(3), number=number), Certified(type="avvenuta-consegna", about=f"<{number}@ente.example>"))
        for data, number in ((blank, "invito"), (one, "risposta"))
    )
    done = take(giro, item(ours, "a.eml", day(4)), item(theirs, "b.eml", day(4)))
    assert (done.new, done.receipts) == ([], 2)
    assert [
        event.problem["code"]
        for event in done.noted
        if event.problem["severity"] == "avviso" and event.problem["code"] != "PX-M018"
    ] == ["PX-M024"]
    assert take(giro, item(theirs, "b.eml", day(4))).noted == []


def test_what_a_sheet_carries_is_told_although_the_run_ended_right_after_its_arrival(two, monkeypatch):
    """A link to another workbook: it is told before the arrival, which makes the bytes known."""
    from perfxl.rounds import collect as collecting

    giro, one, _ = two
    monkeypatch.setattr(collecting, "active_contents", lambda _: ("collegamento a un'altra cartella di lavoro",))
    real = Journal.add_all

    def torn(self: Journal, events: Any) -> None:
        kept = list(events)
        cut = next((at for at, event in enumerate(kept) if event.kind == "ricevuta"), None)
        if cut is not None:
            real(self, kept[: cut + 1])
            raise KeyboardInterrupt
        real(self, kept)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add_all", torn)
        with pytest.raises(KeyboardInterrupt):
            take(giro, item(letter(one, day(3)), "a.eml", day(3)))
    take(giro, item(letter(one, day(3)), "a.eml", day(3)))
    state = mailroom.state_of(giro)
    assert [event.problem["code"] for event in state.noted.values()].count("PX-L010") == 1
    assert state.offices[OFFICE].current is not None
