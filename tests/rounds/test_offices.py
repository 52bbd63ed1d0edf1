"""`uffici.xlsx` as people fill it: whom a message goes to, who is held back, what is never lost."""

from __future__ import annotations

from email.headerregistry import Address
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from perfxl.cli.app import cli
from perfxl.rounds.offices import read_contacts, well_formed
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.send import Order, mailing
from perfxl.rounds.wording import Kind
from rounds import mailroom
from rounds.mailroom import DEADLINE, EIGHT, IN_TIME, address, revision, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfxl.rounds.send import Mailing

HEADINGS = ["Ufficio", "Denominazione", "Responsabile", "E-mail", "PEC", "Note"]


@pytest.fixture
def giro(new_round: Callable[[], Path]) -> Path:
    """A round just opened, to be used up."""
    return new_round()


def written(giro: Path, headings: list[str], *rows: list[Any]) -> Path:
    """`uffici.xlsx` as an office could have it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headings, *rows):
        sheet.append(row)
    book.save(giro / "uffici.xlsx")
    return giro / "uffici.xlsx"


def changed(giro: Path, change: Callable[[Any], object]) -> None:
    """`uffici.xlsx` with a change made in Excel: `change` gets the sheet's rows, by office."""
    book = load_workbook(giro / "uffici.xlsx")
    sheet = book.worksheets[0]
    change({row[0].value: row for row in sheet.iter_rows()})
    book.save(giro / "uffici.xlsx")


def planned(giro: Path, **values: Any) -> Mailing:
    return mailing(giro, Order(Kind.INVITATION, **{"today": IN_TIME, **values}))


def to(plan: Mailing) -> dict[str, tuple[str, ...]]:
    return {letter.office: letter.addresses for letter in plan.letters}


def found(plan: Mailing) -> list[tuple[str, str]]:
    return [(each.code, each.found.split(":")[0]) for each in plan.findings]


# -- a code on two rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["U1.1", "u1.1", " U1.1 "])
def test_a_code_typed_on_another_office_s_row_sends_nobody_s_sheet(giro: Path, code: str) -> None:
    """ISR's row was given U1.1's code: one of the two addresses isn't U1.1's, and nobody but a person knows which."""

    def retyped(rows: Any) -> None:
        rows["ISR"][0].value = code

    changed(giro, retyped)
    plan = planned(giro)
    assert set(to(plan)) == set(EIGHT) - {"U1.1", "ISR"}
    assert address("ISR") not in {each for addresses in to(plan).values() for each in addresses}
    assert sorted(found(plan)) == [("PX-N002", "ISR"), ("PX-N005", code.strip() if code.strip() == "U1.1" else "u1.1")]
    (twice,) = [each for each in plan.findings if each.code == "PX-N005"]
    assert twice.severity == "errore"
    assert address("ISR") in twice.found
    assert address("U1.1") in twice.found
    done = CliRunner().invoke(cli, ["giro", "invia", str(giro)], prog_name="perfxl")
    assert done.exit_code == 1
    assert not list((giro / "messaggi").glob("U1.1*.eml"))


def test_a_row_without_address_doesn_t_take_that_of_its_double(giro: Path) -> None:
    """U1.1 had no address yet, and ISR's row was given its code."""

    def retyped(rows: Any) -> None:
        rows["ISR"][0].value = "U1.1"
        rows["U1.1"][3].value = None

    changed(giro, retyped)
    assert "U1.1" not in to(planned(giro))


def test_the_same_row_twice_is_told_and_written_to_once(giro: Path) -> None:
    rows = [[office, "", "", address(office)] for office in EIGHT]
    written(giro, HEADINGS, *rows, ["u1.1", "", "", address("U1.1").upper()])
    plan = planned(giro)
    assert to(plan) == {office: (address(office),) for office in EIGHT}
    assert [(each.code, each.severity) for each in plan.findings] == [("PX-N004", "avviso")]


def test_an_office_that_gets_nothing_now_stops_nobody(giro: Path) -> None:
    rows = [[office, "", "", address(office)] for office in EIGHT]
    written(giro, HEADINGS, *rows, ["U1.1", "", "", "altro@ente.example"], ["ARCHIVIO", "", "", "malscritto"])
    assert [each.code for each in planned(giro).findings] == ["PX-N005"]
    assert planned(giro, offices=("ISR",)).findings == ()


# -- addresses ----------------------------------------------------------------------------------------------------------

GOOD = (
    "rossi@ente.it", "o'neill@ente.it", "m.rossi+giro@uffici.ente.it", "a@b-c.example", "m@xn--citt-3na.it", "m@e.xn--p1ai",
    "x" * 64 + "@ente.it", "m@" + "x" * 63 + ".it", "M.ROSSI@CCIAA.CAMCOM.IT",
)  # fmt: skip
BAD = (
    ".rossi@ente.it", "rossi.@ente.it", "a..b@ente.it", "x" * 65 + "@ente.it", "m@" + "x" * 64 + ".it", "rossi@-ente.it",
    "rossi@ente-.it", "rossi@ente", "rossi@ente.c-d", "@ente.it", "rossi@", "a@b@ente.it", "rossi@ente.it\nBcc: x@y.it",
    "rossi@citt\u00e0.it", "<rossi@ente.it>", "rossi@ente.i", "a@" + "b." * 130 + "it", "rossi@xn--.it-", "ros\u202esi@ente.it",
)  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_an_address_that_can_be_written_to(text: str) -> None:
    assert well_formed(text)
    assert str(Address(addr_spec=text)) == text


@pytest.mark.parametrize("text", BAD)
def test_an_address_that_can_t(text: str) -> None:
    assert not well_formed(text)


@pytest.mark.parametrize("text", [".rossi@ente.it", "rossi.@ente.it", "x" * 65 + "@ente.it", "m@" + "x" * 64 + ".it"])
@pytest.mark.parametrize("words", [("--prova",), ()])
def test_an_address_that_no_mail_program_takes_holds_back_its_office_alone(giro: Path, text: str, words: tuple[str, ...]) -> None:
    def retyped(rows: Any) -> None:
        rows["ISR"][3].value = text

    changed(giro, retyped)
    plan = planned(giro)
    assert set(to(plan)) == set(EIGHT) - {"ISR"}
    assert found(plan) == [("PX-N003", "ISR")]
    assert plan.findings[0].cell == "D6"
    done = CliRunner().invoke(cli, ["giro", "invia", str(giro), *words], prog_name="perfxl")
    assert (done.exit_code, "PX-N003" in done.stdout, done.stderr) == (1, True, "")
    assert len(list((giro / "messaggi").glob("*.eml"))) == (0 if words else 7)


# -- which column -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headings", [["Ufficio", "Indirizzo", "E-mail"], ["Ufficio", "INDIRIZZO ", "Posta elettronica"]])
def test_a_street_isn_t_an_e_mail(giro: Path, headings: list[str]) -> None:
    written(giro, headings, *([office, "Via Roma, 1 – Carrara", address(office)] for office in EIGHT))
    plan = planned(giro)
    assert to(plan) == {office: (address(office),) for office in EIGHT}
    assert not plan.findings


def test_indirizzo_is_the_e_mail_where_e_mails_stand_in_it(giro: Path) -> None:
    written(giro, ["Ufficio", "Indirizzo"], *([office, address(office)] for office in EIGHT))
    assert to(planned(giro)) == {office: (address(office),) for office in EIGHT}


def test_streets_alone_are_no_list_of_addresses(giro: Path) -> None:
    written(giro, ["Ufficio", "Indirizzo"], *([office, "Via Roma, 1"] for office in EIGHT))
    plan = planned(giro)
    assert (plan.letters, [each.code for each in plan.findings]) == ((), ["PX-N001"])


def test_the_pec_is_written_to_where_there_is_no_e_mail(giro: Path) -> None:
    rows = [[office, "", "", address(office), "ente@pec.example"] for office in EIGHT if office not in {"ISR", "U1.1", "U2.1"}]
    written(
        giro, HEADINGS, *rows, ["ISR", "", "", "", "isr@pec.example"], ["U1.1", "", "", "", "pec malscritta"],
        ["U2.1", "", "", address("U2.1"), "da chiedere"],
    )  # fmt: skip
    plan = planned(giro)
    expected = {office: (address(office),) for office in EIGHT} | {"ISR": ("isr@pec.example",)}
    del expected["U1.1"]
    assert to(plan) == expected
    assert {(each.code, each.cell) for each in plan.findings} == {("PX-N003", "E8")}


def test_a_sheet_with_the_pec_only(giro: Path) -> None:
    written(giro, ["Ufficio", "PEC"], *([office, address(office)] for office in EIGHT))
    assert to(planned(giro)) == {office: (address(office),) for office in EIGHT}


# -- what was typed stays -----------------------------------------------------------------------------------------------


def rows_of(path: Path) -> dict[Any, tuple[Any, ...]]:
    sheet = load_workbook(path).worksheets[0]
    return {row[0]: row for row in sheet.iter_rows(min_row=4, values_only=True)}


def test_the_user_s_own_list_is_carried_over_as_it_was_typed(giro: Path, tmp_path: Path) -> None:
    given = written(
        giro, ["Telefono", *HEADINGS, "Sede"],
        ["0585-1", "U1.1", "", "Anna", "capo@ente.example; vice@ente", "", "ok", "Carrara"],
        ["0585-2", "ISR", "", "", "isr@@ente.example", "", "", "Massa"],
        ["0585-3", "U1.1", "", "Bice", "altro@ente.example", "", "", ""],
        ["0585-4", "", "da decidere", "", "", "", "", ""],
    )  # fmt: skip
    done = open_round(
        tmp_path / "nuovo",
        Opening((str(mailroom.PLAN),), dashboards=(str(mailroom.DASHBOARDS),), deadline=DEADLINE, offices=str(given)),
    )
    path = tmp_path / "nuovo" / "uffici.xlsx"
    sheet = load_workbook(path).worksheets[0]
    rows = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(min_row=4, values_only=True)]
    title = done.state.offices["U1.1"].title
    assert rows[:5] == [
        (*HEADINGS, "Telefono", "Sede"),
        ("U1.1", title, "Anna", "capo@ente.example; vice@ente", "", "ok", "0585-1", "Carrara"),
        ("ISR", done.state.offices["ISR"].title, "", "isr@@ente.example", "", "", "0585-2", "Massa"),
        ("U1.1", title, "Bice", "altro@ente.example", "", "", "0585-3", ""),
        ("", "da decidere", "", "", "", "", "0585-4", ""),
    ]
    assert [row[0] for row in rows[5:]] == [office for office in EIGHT if office not in {"U1.1", "ISR"}]
    assert sorted(each.code for each in done.findings if each.code.startswith("PX-N")) == ["PX-N003", "PX-N003", "PX-N005"]
    assert sorted(each.code for each in read_contacts(path).findings) == ["PX-N003", "PX-N003", "PX-N005"]


def test_a_new_plan_adds_its_offices_and_takes_nothing_away(giro: Path, tmp_path: Path) -> None:
    """The plan changes while the list has columns of its own, and lacks an office: the row comes, the rest stays."""
    path = giro / "uffici.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet["G4"], sheet["G6"] = "Telefono", "0585-123"
    by_office = {row[0].value: row for row in sheet.iter_rows()}
    by_office["U1.1"][3].value = "capo@ente.example; vice@ente"
    sheet.delete_rows(by_office["U4.1"][0].row)
    book.save(path)
    before, bytes_before = rows_of(path), path.read_bytes()
    done = open_round(giro, revision(tmp_path))
    after = rows_of(path)
    assert {office: tuple(cell or "" for cell in row) for office, row in after.items() if office != "U4.1"} == {
        office: tuple(cell or "" for cell in row) for office, row in before.items()
    }
    assert after["U4.1"][:2] == ("U4.1", state_of(giro).offices["U4.1"].title)
    (kept,) = [each.found for each in done.findings if each.code == "PX-S002" and each.file.endswith("uffici.xlsx")]
    assert (giro / kept).read_bytes() == bytes_before
