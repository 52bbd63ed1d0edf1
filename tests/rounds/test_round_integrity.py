"""Files of the round that somebody changed or took away: no figure changes for it, no verdict is given on other bytes, and it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from perfxl.cli.app import cli
from perfxl.errors import RoundError
from perfxl.methods import load_method
from perfxl.rounds import RoundFolder
from perfxl.rounds.closing import close_round, reopen_round
from perfxl.rounds.collect import Collected, Collecting, collect
from perfxl.rounds.integrity import damage
from perfxl.rounds.items import Item
from perfxl.rounds.opening import Opening, open_round
from rounds import clerks, mailroom
from rounds.replies import changed, day, item, letter, reply

OFFICE = "U1.1"


def take(folder: Path, *items: Item, **how: Any) -> Collected:
    return collect(folder, items, Collecting(by="prova", **how))


def saved_in_excel(path: Path, cell: str = "D7", value: object = 1) -> bytes:
    """Somebody opens a file, types into it and saves. Returns what it was."""
    before = path.read_bytes()
    path.write_bytes(changed(before, lambda book: book[clerks.SHEET].__setitem__(cell, value)))
    return before


def stato(giro: Path) -> str:
    done = CliRunner().invoke(cli, ["giro", "stato", str(giro)])
    assert done.exit_code == 1, done.output
    return " ".join(done.output.split())


def codes(done: Collected) -> list[tuple[str, str]]:
    return [(each.code, each.found.partition(":")[0]) for each in done.damaged]


# -- sheets that were prepared ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "changed"])
def test_a_prepared_sheet_that_isn_t_what_was_sent_stops_its_own_office_only(new_round, gone):
    """Its reply waits; the others are judged. Once the sheet is put back the reply is judged too."""
    giro = new_round()
    mine, other = reply(giro, OFFICE), reply(giro, "U2.1")
    path = giro / mailroom.state_of(giro).offices[OFFICE].file
    before = saved_in_excel(path)
    if gone:
        path.unlink()
    done = take(giro, item(letter(mine, day(3)), "a.eml", day(3)), item(letter(other, day(4)), "b.eml", day(4)))
    assert {version.office: version.accepted for version in done.new} == {OFFICE: None, "U2.1": True}
    assert codes(done) == [("PX-N030", OFFICE)]
    assert path.name in done.damaged[0].found
    assert "Scheda preparata cambiata o mancante" in stato(giro)
    path.write_bytes(before)
    again = take(giro)
    assert [(version.office, version.accepted) for version in again.checked] == [(OFFICE, True)]
    assert again.damaged == []


def test_a_prepared_sheet_changed_after_the_verdict_stops_the_closing(new_round):
    giro = new_round()
    take(giro, item(letter(reply(giro, OFFICE), day(3)), "a.eml", day(3)))
    path = giro / mailroom.state_of(giro).offices[OFFICE].file
    before = saved_in_excel(path)
    with pytest.raises(RoundError, match=rf"U1\.1: la scheda preparata «schede/v1/{path.name}» non è più com'era\. Rimettere"):
        close_round(giro, force=True)
    path.write_bytes(before)
    assert close_round(giro, force=True).state.closed


# -- plan and method -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "changed"])
def test_a_copy_of_the_plan_that_was_changed_is_told_and_stops_the_closing(new_round, gone):
    giro = new_round()
    file = next(each for each in mailroom.state_of(giro).plan.files if "Piano" in each)
    path = giro / file
    before = path.read_bytes()
    path.write_bytes(changed(before, lambda book: book.worksheets[0].__setitem__("E26", 1)))
    if gone:
        path.unlink()
    done = take(giro, item(letter(reply(giro, OFFICE), day(3)), "a.eml", day(3)))
    assert done.new[0].accepted  # the comparison needs the sheets, not the plan
    assert [each.code for each in done.damaged] == ["PX-N052"]
    assert path.name in stato(giro)
    with pytest.raises(RoundError, match=r"la copia del piano «piano/v1/.* Rimettere il file com'era"):
        close_round(giro, force=True)
    path.write_bytes(before)
    assert close_round(giro, force=True).state.closed


def test_a_copy_of_the_method_that_was_changed_stops_every_judgement(tmp_path):
    method = tmp_path / "nostro.toml"
    method.write_bytes((Path(load_method.__code__.co_filename).parent / "massacarrara-2019.toml").read_bytes())
    giro = tmp_path / "giro"
    opening = Opening(
        plan=(str(mailroom.PLAN),), dashboards=(str(mailroom.DASHBOARDS),), method=str(method), period=mailroom.PERIOD
    )
    state = open_round(giro, opening).state
    copy = giro / "metodo_nostro.toml"
    before = copy.read_bytes()
    data = reply(giro, OFFICE)
    copy.write_bytes(before.replace(b'note_below = "partial"', b'note_below = "never"'))
    assert copy.read_bytes() != before
    for act in (
        lambda: take(giro, item(data, "a.xlsx", day(3))),
        lambda: close_round(giro, force=True),
        lambda: open_round(giro, opening),
    ):
        with pytest.raises(RoundError, match=r"la copia del metodo «metodo_nostro\.toml» non è più com'era"):
            act()
    assert [each.code for each in damage(RoundFolder(giro), state)] == ["PX-N052"]
    copy.write_bytes(before)
    assert take(giro, item(data, "a.xlsx", day(3))).new[0].accepted


# -- what came back --------------------------------------------------------------------------------------------------------


def test_no_verdict_on_a_file_that_isn_t_there_or_isn_t_what_came(new_round):
    """Two replies came to a closed round: one was quarantined by the antivirus, in the place of the other somebody saved a good one."""
    giro = new_round()
    take(giro, item(letter(reply(giro, OFFICE), day(3)), "a.eml", day(3)))
    close_round(giro, force=True)
    wrong = item(letter(reply(giro, OFFICE, {"C7": "boh"}), day(5), name="v2.xlsx"), "b.eml", day(5))
    other = item(letter(reply(giro, "U2.1"), day(5, 11)), "c.eml", day(5))
    late = {version.office: version for version in take(giro, wrong, other).new}
    (giro / late[OFFICE].file).write_bytes(reply(giro, OFFICE))
    (giro / late["U2.1"].file).unlink()
    state = reopen_round(giro, "prova")
    assert [state.versions[each.sha256].accepted for each in late.values()] == [None, None]
    assert "PX-N052" in {each.code for each in damage(RoundFolder(giro), state)}
    words = stato(giro)
    assert all(Path(each.file).name in words for each in late.values())
    with pytest.raises(RoundError, match=r"nessuna scheda accettata .*il file ricevuto «ricevuti/"):
        close_round(giro)
    done = take(giro, wrong, other)
    assert {version.office: version.accepted for version in done.checked} == {OFFICE: False, "U2.1": True}
    assert done.damaged == []


def test_an_accepted_file_that_is_gone_is_told_by_the_state_and_stops_the_closing(new_round):
    giro = new_round()
    version = take(giro, item(letter(reply(giro, OFFICE), day(3)), "a.eml", day(3))).new[0]
    (giro / version.file).unlink()
    words = stato(giro)
    assert "U1.1: il file ricevuto" in words
    assert Path(version.file).name in words
    assert "non c'è più nella cartella «ricevuti»" in words
    with pytest.raises(RoundError, match=r"non è più il file arrivato da U1\.1"):
        close_round(giro, force=True)
