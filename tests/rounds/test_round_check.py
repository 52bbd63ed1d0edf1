"""A reply beside the sheet that was sent: what is told of it, what counts of it. Sheets of Massa-Carrara 2019, results as published."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.utils import get_column_letter

from perfxl.model import RowLevel
from perfxl.rounds import RoundFolder
from perfxl.rounds.answer import Terms, answer
from perfxl.rounds.check import MOST, check
from perfxl.rounds.identify import MARK, RECOGNISED, whose
from perfxl.rounds.returned import returned
from perfxl.rounds.sent import unlocked_cells
from perfxl.rounds.verdicts import terms_of
from rounds import clerks, mailroom
from rounds.replies import changed, reply, told, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfxl.rounds.check import Verdict

OFFICE = "U1.1"
ROWS = {
    "O1.2.4-a": 7, "S2.1.1-b": 10, "S2.1.4-b": 11, "S2.1.4-c": 12, "O2.1.1-b": 14, "O2.1.2-b": 16, "O2.1.3-b": 18,
    "O2.1.4-a": 20, "O2.1.4-b": 21, "O2.1.4-c": 22, "O2.1.4-d": 23,
}  # fmt: skip
LAST = 23


@pytest.fixture(scope="module")
def good(round_template: Path) -> bytes:
    """The reply of U1.1, nothing wrong with it."""
    return reply(round_template, OFFICE)


@pytest.fixture
def judge(round_template: Path, tmp_path: Path) -> Callable[[bytes], Verdict]:
    """`judge(data)`: what is said of a reply of U1.1."""
    return lambda data: verdict(round_template, OFFICE, data, tmp_path)


def results(folder: Path, data: bytes, scratch: Path, office: str = OFFICE) -> dict[str, tuple[str, str]]:
    """Result and target that count of a reply, by code."""
    path = scratch / "conta.xlsx"
    path.write_bytes(data)
    state = mailroom.state_of(folder)
    terms = terms_of(RoundFolder(folder), state)
    rows = answer(returned(path, year=2019), state.offices[office], terms).rows
    return {
        row.code: (row.result.text, " ".join(row.targets[2019].text.split()))
        for sheet in rows.sheets
        for row in sheet.rows
        if row.level is RowLevel.INDICATOR
    }


def cells(**values: Any) -> Callable[[Any], None]:
    """Cells written by somebody who took the protection off."""

    def write(book: Any) -> None:
        for address, value in values.items():
            book[clerks.SHEET][address] = value

    return write


def shifted(book: Any, move: Callable[[Any], list[int]]) -> None:
    """The table's rows put down again in another order; `move` gives the old row numbers in the new order."""
    sheet = book[clerks.SHEET]
    old = {row: [(cell.value, cell.number_format) for cell in sheet[row]] for row in range(4, LAST + 1)}
    for row, source in zip(range(4, LAST + 1), move(sheet), strict=True):
        for column, (value, number_format) in enumerate(old[source], start=1):
            sheet.cell(row, column).value, sheet.cell(row, column).number_format = value, number_format


def test_the_rows_of_the_sheet_are_where_these_tests_say(round_template):
    assert clerks.rows_of(round_template / mailroom.state_of(round_template).offices[OFFICE].file) == ROWS


def test_a_good_reply_is_accepted_and_nothing_is_told(judge, good):
    assert judge(good) == ((), True, 1)


def test_the_cells_to_fill_are_those_that_openpyxl_finds_unlocked(round_template):
    for office in mailroom.state_of(round_template).offices.values():
        data = (round_template / office.file).read_bytes()
        wanted: dict[str, dict[int, tuple[int, ...]]] = {}
        for sheet in clerks.opened(data).worksheets:
            if sheet.sheet_state == "visible":
                free = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
                rows = sorted({cell.row for cell in free})
                wanted[sheet.title] = {row: tuple(cell.column for cell in free if cell.row == row) for row in rows}
        assert unlocked_cells(data) == wanted
        assert sum(len(rows) for rows in wanted.values()) >= 4


# -- locked cells ---------------------------------------------------------------------------------------------------------


def test_a_locked_cell_that_was_changed_is_told_and_keeps_what_was_sent(judge, good, round_template, tmp_path):
    spoilt = changed(good, cells(A7="01.2.4-a Numero newsletter", D10=0.1, C4="fatto", H14=None, R5="controllare"))
    found = judge(spoilt)
    assert told(found) == {("PX-N014", cell) for cell in ("A7", "D10", "C4", "H14", "R5")}
    assert found.accepted
    said = {each.cell: each.found for each in found.problems}
    assert said["D10"] == "inviato «90%», tornato «10%»: vale quello inviato"
    assert said["H14"].startswith("inviato «")
    assert "tornato «»" in said["H14"]
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_a_percent_typed_over_the_formula_is_told_and_doesn_t_count(judge, good):
    found = judge(changed(good, cells(G7=1, M7="● raggiunto")))
    assert told(found) == {("PX-N014", "G7"), ("PX-N014", "M7")}
    assert found.accepted


def test_a_locked_formula_that_became_another_formula_counts_for_nothing(judge, good, round_template, tmp_path):
    """What it shows isn't read: only the office's own cells are."""
    spoilt = changed(good, cells(G7="=1"))
    assert judge(spoilt) == ((), True, 1)
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_many_changes_of_a_kind_are_told_one_by_one_up_to_a_number_that_no_sheet_has(judge, good, monkeypatch):
    spoilt = changed(good, lambda book: [book[clerks.SHEET].cell(row, 20, "x") for row in range(1, 400)])
    found = judge(spoilt)
    rows = [each.cell for each in found.problems if each.code == "PX-N019"]
    assert len(set(rows)) == len(rows) > 300
    assert not any("altri" in each.found for each in found.problems)
    monkeypatch.setattr("perfxl.rounds.check.MOST", 100)
    found = judge(spoilt)
    assert sum(each.code == "PX-N019" for each in found.problems) == 101
    assert found.problems[-1].found == f"altri {len(rows) - 100} casi"


# -- rows and columns ----------------------------------------------------------------------------------------------------


def test_a_row_taken_away_is_told_and_the_others_keep_their_results(judge, good, round_template, tmp_path):
    spoilt = changed(good, lambda book: book[clerks.SHEET].delete_rows(ROWS["O2.1.1-b"]))
    found = judge(spoilt)
    assert told(found) == {("PX-N013", "A14")}
    assert not found.accepted
    before, after = results(round_template, good, tmp_path), results(round_template, spoilt, tmp_path)
    assert after.pop("O2.1.1-b")[0] == ""
    assert before.pop("O2.1.1-b")[0] != ""
    assert after == before


def test_a_row_added_is_told_and_not_counted(judge, good, round_template, tmp_path):
    def add(book: Any) -> None:
        sheet = book[clerks.SHEET]
        sheet.insert_rows(15)
        sheet["A15"], sheet["C15"], sheet["D15"] = "O2.1.1-z Un indicatore nuovo", 1, 1

    spoilt = changed(good, add)
    found = judge(spoilt)
    assert told(found) == {("PX-N019", "A15")}
    assert found.accepted
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_rows_that_moved_keep_their_results(judge, good, round_template, tmp_path):
    spoilt = changed(good, lambda book: shifted(book, lambda _: list(range(LAST, 3, -1))))
    found = judge(spoilt)
    assert {code for code, _ in told(found)} <= {"PX-N014"}
    assert found.accepted
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_a_row_that_moved_and_another_whose_label_changed(judge, good, round_template, tmp_path):
    def change(book: Any) -> None:
        shifted(book, lambda _: [*range(4, 20), 21, 20, 22, 23])
        book[clerks.SHEET]["A10"] = "S2.1.1-b Partecipazione a corsi del personale (rivisto)"

    spoilt = changed(good, change)
    assert judge(spoilt).accepted
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_two_labels_swapped_never_swap_the_results(judge, good, round_template, tmp_path):
    """Labels of O2.1.4-a and O2.1.4-b exchanged, all else left: each label's row is where its label is, or nowhere."""

    def swap(book: Any) -> None:
        sheet = book[clerks.SHEET]
        for column in "ABDEFHI":
            one, other = f"{column}20", f"{column}21"
            sheet[one].value, sheet[other].value = sheet[other].value, sheet[one].value

    spoilt = changed(changed(good, cells(C20=0.11, C21=0.22)), swap)
    found = results(round_template, spoilt, tmp_path)
    assert (found["O2.1.4-a"][0], found["O2.1.4-b"][0]) == ("22%", "11%")


def test_a_row_replaced_by_another_is_not_the_same_row(judge, good, round_template, tmp_path):
    spoilt = changed(good, cells(A14="O9.9.9-x Tutta un'altra cosa", B14="un altro algoritmo", D14=1, H14="U9.9"))
    found = judge(spoilt)
    assert {("PX-N013", "A14"), ("PX-N019", "A14")} <= told(found)
    assert results(round_template, spoilt, tmp_path)["O2.1.1-b"][0] == ""


def test_a_column_inserted_is_recognised_by_the_headings(judge, good, round_template, tmp_path):
    def insert(book: Any) -> None:
        sheet = book[clerks.SHEET]
        sheet.insert_cols(3)
        sheet["C3"] = "Nostre annotazioni"
        sheet["C7"] = "vedi sotto"

    spoilt = changed(good, insert)
    found = judge(spoilt)
    assert {code for code, _ in told(found)} == {"PX-N025"}
    assert found.accepted
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_a_sheet_renamed_or_taken_away_is_told(judge, good):
    def rename(book: Any) -> None:
        book[clerks.SHEET].title = "Foglio1"

    found = judge(changed(good, rename))
    assert ("PX-N018", "") in told(found)
    assert not found.accepted


# -- results, notes, evidence ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("abbastanza bene", "PX-G004"),
        ("#DIV/0!", "PX-R006"),
        ("31/02/2019", "PX-G002"),
        ('=HYPERLINK("http://x.example";"98%")', "PX-R012"),
    ],
)
def test_a_result_that_doesn_t_read_is_to_be_corrected(judge, good, value, code):
    found = judge(changed(good, cells(C7=value)))
    assert (code, "C7") in told(found)
    assert not found.accepted


def test_a_formula_typed_as_text_stays_text(judge, good, round_template, tmp_path):
    def text(book: Any) -> None:
        cell = book[clerks.SHEET]["C7"]
        cell.value, cell.data_type = '=HYPERLINK("http://x.example";"98%")', "s"

    spoilt = changed(good, text)
    assert not judge(spoilt).accepted
    assert results(round_template, spoilt, tmp_path)["O1.2.4-a"][0] == '=HYPERLINK("http://x.example";"98%")'


def test_a_formula_never_calculated_in_our_own_cells_raises_no_alarm(judge, good):
    """openpyxl drops every cached value of the sheet's formulas: nothing is said of that."""
    book = clerks.opened(good)
    formulas = [cell for row in book[clerks.SHEET].iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == 6 * len(ROWS)
    assert judge(clerks.saved(book)) == ((), True, 1)


def test_nothing_filled_is_told(judge, round_template):
    office = mailroom.state_of(round_template).offices[OFFICE]
    found = judge((round_template / office.file).read_bytes())
    assert told(found) == {("PX-N017", "")}
    assert not found.accepted


def terms_with(folder: Path, **returns: Any) -> Terms:
    state = mailroom.state_of(folder)
    terms = terms_of(RoundFolder(folder), state)
    method = terms.method.model_copy(update={"returns": terms.method.returns.model_copy(update=returns)})
    return Terms(terms.home, state, method, date(2019, 4, 30))


NOTES = (
    ({"note_below": "partial", "note_when_unmeasured": True}, {"J7", "J12"}),
    ({"note_below": "reached", "note_when_unmeasured": False}, {"J7", "J10"}),
    ({"note_below": "never", "note_when_unmeasured": True}, {"J12"}),
    ({"note_below": "never", "note_when_unmeasured": False}, set()),
)


@pytest.mark.parametrize(("returns", "cells_told"), NOTES)
def test_a_note_is_due_as_the_method_says(round_template, tmp_path, good, returns, cells_told):
    """O1.2.4-a: 0 of 12, not reached; S2.1.1-b: 70 of 90, partially; S2.1.4-c: N.C.; O2.1.1-b left blank: not measured yet, no note."""
    path = tmp_path / "risposta.xlsx"
    path.write_bytes(changed(good, cells(C7=0, J7=None, C10=0.7, J10=None, C12="N.C.", J12="   ", C14=None, J14=None, C20=0.001)))
    state = mailroom.state_of(round_template)
    found = check(returned(path, year=2019), state.offices[OFFICE], terms_with(round_template, **returns))
    assert {each.cell for each in found.problems if each.code == "PX-N015"} == cells_told
    assert found.accepted is not bool(cells_told)


def test_a_note_is_due_by_the_state_that_the_sheet_shows(judge, good):
    """Two of twelve at the end of April: in proportion to the year it would do, the official reading says not reached."""
    found = judge(changed(good, cells(C7=2, J7=None)))
    assert [(each.code, each.cell) for each in found.problems] == [("PX-N015", "J7")]
    assert "non raggiunto" in found.problems[0].found


def test_evidence_is_due_where_the_method_asks_for_it(round_template, tmp_path, good):
    path = tmp_path / "risposta.xlsx"
    book_changes = {f"L{row}": "prot. 12" for code, row in ROWS.items() if code != "O2.1.3-b"}
    path.write_bytes(changed(good, cells(**(book_changes | {"C14": "N.C.", "L14": None}))))
    state = mailroom.state_of(round_template)
    office, reply_ = state.offices[OFFICE], returned(path, year=2019)
    found = check(reply_, office, terms_with(round_template, evidence=True))
    assert told(found) == {("PX-N016", "L18")}
    assert check(reply_, office, terms_with(round_template, evidence=False)).accepted


# -- other sheets ----------------------------------------------------------------------------------------------------------


def marked(data: bytes, **words: str) -> bytes:
    """The hidden mark with other words."""

    def write(book: Any) -> None:
        for row in book["_perfxl"].iter_rows():
            if row[0].value in words:
                row[1].value = words[row[0].value]

    return changed(data, write)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"periodo": "2° quadrimestre"}, "PX-N010"),
        ({"anno": "2018"}, "PX-N010"),
        ({"ente": "Camera di Commercio di Lucca"}, "PX-N010"),
        ({"piano_sha256": "0" * 64}, "PX-N011"),
    ],
)
def test_a_sheet_of_another_round_is_told_and_nothing_else(judge, good, words, code):
    found = judge(marked(changed(good, cells(D10=0.1)), **words))
    assert told(found) == {(code, "")}
    assert not found.accepted


def test_the_sheet_copied_into_another_workbook_is_still_compared(judge, good, round_template, tmp_path):
    """`Sposta o copia` into a new workbook leaves the hidden mark behind."""

    def copy(book: Any) -> None:
        del book["_perfxl"], book["Istruzioni"]
        book[clerks.SHEET]["D10"] = 0.1

    found = judge(changed(good, copy))
    assert told(found) == {("PX-N023", ""), ("PX-N014", "D10")}
    assert found.accepted
    assert found.plan == 1


@pytest.mark.parametrize(
    ("office", "codes"),
    [
        (
            "U1.1",
            {
                ("PX-N012", ""),
                ("PX-N014", "A12"),
                ("PX-N014", "A16"),
                *(("PX-N015", cell) for cell in ("C7", "C16", "C18", "C20", "C23")),
            },
        ),
        ("U4.1", {("PX-N012", ""), ("PX-N017", "")}),
        ("U0.1", {("PX-N012", ""), ("PX-N014", "A8"), ("PX-N014", "A15"), ("PX-N015", "C15")}),
    ],
)
def test_the_dashboard_of_before_is_read_as_it_is(round_template, workbooks, office, codes):
    """The published dashboard instead of the sheet sent: recognised, told so, its results judged (0 % of a target without a note).

    Two indicators are worded otherwise than in the plan that was published with them (`camerale` for `camerali`): told.
    """
    (path,) = (workbooks / "massacarrara-2019").glob(f"{office}_*.xlsx")
    state = mailroom.state_of(round_template)
    old = returned(path, year=2019)
    assert whose(old, state.offices.values(), RoundFolder(round_template)) == (office, RECOGNISED, None)
    found = check(old, state.offices[office], terms_of(RoundFolder(round_template), state))
    assert (told(found), found.accepted, found.plan) == (codes, False, 0)


def test_the_content_is_of_the_office_that_has_most_of_it(round_template, tmp_path, good):
    """Offices share indicators: several have more rows in it than the one of the mark, and one has all of them."""
    path = tmp_path / "scheda.xlsx"
    path.write_bytes(changed(good, lambda book: book["_perfxl"].__setitem__("B4", "U2.1")))
    offices = mailroom.state_of(round_template).offices
    found = whose(returned(path, path.name), offices.values(), RoundFolder(round_template))
    assert found.problem is not None
    assert found.problem.found == f"contrassegno di U2.1, contenuto della scheda di {OFFICE}"


def test_rows_that_an_old_dashboard_lacks_are_told(round_template, tmp_path, workbooks):
    path = tmp_path / "U0.1_monitoraggio_2019.xlsx"
    source = workbooks / "massacarrara-2019" / path.name
    path.write_bytes(changed(source.read_bytes(), lambda book: book.active.delete_rows(15)))
    state = mailroom.state_of(round_template)
    found = check(returned(path, year=2019), state.offices["U0.1"], terms_of(RoundFolder(round_template), state))
    assert [each.found[:12] for each in found.problems if each.code == "PX-N013"] == ["«O2.1.4-d Ci"]


def test_a_workbook_without_results_isn_t_an_answer(judge, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Elenco dei presenti"])
    found = judge(clerks.saved(book))
    assert {"PX-N012", "PX-N017"} <= {code for code, _ in told(found)}
    assert not found.accepted


def test_the_mark_tells_whose_it_is_whatever_the_name(round_template, tmp_path, good):
    path = tmp_path / "Copia di Copia (2).xlsx"
    path.write_bytes(good)
    home, offices = RoundFolder(round_template), mailroom.state_of(round_template).offices
    assert whose(returned(path, path.name), offices.values(), home) == (OFFICE, MARK, None)
    assert whose(returned(path, path.name), [each for code, each in offices.items() if code != OFFICE], home) == ("", "", None)


def test_a_copy_with_macros_is_read_for_its_values(judge, good):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml", 1)
                data = data.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            new.writestr(name, data)
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(2000))
    assert judge(out.getvalue()).accepted


def test_a_reply_as_wide_as_it_may_be_is_judged_in_time(judge, good):
    """Thousands of rows that nobody asked for: the comparison looks at the first ones, and tells the others in short."""

    def fill(book: Any) -> None:
        sheet = book[clerks.SHEET]
        for row in range(100, 3100):
            sheet[f"A{row}"] = "la stessa riga"
        sheet[f"{get_column_letter(60)}7"] = "lontano"

    found = judge(changed(good, fill))
    assert found.accepted
    assert len(found.problems) <= MOST + 3
