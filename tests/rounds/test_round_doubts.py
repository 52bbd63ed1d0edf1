"""Replies of which nobody can tell for certain what belongs where: they are told and wait for a person, they aren't guessed at."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from perfxl.forms import read_identity
from perfxl.model import RowLevel
from perfxl.rounds import Journal, RoundFolder
from perfxl.rounds.answer import answer
from perfxl.rounds.check import check
from perfxl.rounds.closing import consolidate_round
from perfxl.rounds.collect import Collecting, collect
from perfxl.rounds.differences import differences_of
from perfxl.rounds.events import Opened, from_line
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.returned import returned
from perfxl.rounds.sent import sent_pages
from perfxl.rounds.verdicts import terms_of
from rounds import clerks, mailroom
from rounds.replies import changed, day, item, letter, reply, told, verdict
from rounds.test_round_check import LAST, OFFICE, ROWS, cells, marked, results, shifted, terms_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfxl.rounds.check import Verdict
    from perfxl.rounds.collect import Collected

RESULT_COLUMN, TARGET_COLUMN = 3, 4


@pytest.fixture(scope="module")
def good(round_template: Path) -> bytes:
    """The reply of U1.1, nothing wrong with it."""
    return reply(round_template, OFFICE)


@pytest.fixture
def judge(round_template: Path, tmp_path: Path) -> Callable[[bytes], Verdict]:
    """`judge(data)`: what is said of a reply of U1.1."""
    return lambda data: verdict(round_template, OFFICE, data, tmp_path)


def take(folder: Path, *items: Any, **how: Any) -> Collected:
    return collect(folder, items, Collecting(by="prova", **how))


def codes(found: Verdict) -> set[str]:
    return {each.code for each in found.problems}


def unmarked(book: Any) -> None:
    """What «Sposta o copia» into a new workbook leaves: neither the mark nor the instructions."""
    del book["_perfxl"], book["Istruzioni"]


# -- columns ---------------------------------------------------------------------------------------------------------------


def column_taken(book: Any) -> None:
    book[clerks.SHEET].delete_cols(2)


def column_added_and_heading_renamed(book: Any) -> None:
    book[clerks.SHEET].insert_cols(3)
    book[clerks.SHEET]["D3"] = "Risultato al 30/04"


def column_headed_like_ours(book: Any) -> None:
    book[clerks.SHEET].insert_cols(3)
    book[clerks.SHEET]["C3"] = "Note"


def column_of_next_year_taken(book: Any) -> None:
    book[clerks.SHEET].delete_cols(5)


def heading_row_taken(book: Any) -> None:
    book[clerks.SHEET].delete_rows(3)


def contents_exchanged(book: Any) -> None:
    """Results and targets exchanged under headings left where they were."""
    sheet = book[clerks.SHEET]
    for row in range(4, LAST + 1):
        one, other = sheet.cell(row, RESULT_COLUMN), sheet.cell(row, TARGET_COLUMN)
        one.value, other.value = other.value, one.value
        one.number_format, other.number_format = other.number_format, one.number_format


@pytest.mark.parametrize("taken", [column_taken, column_of_next_year_taken])
def test_a_column_taken_away_moves_no_result(judge, good, round_template, tmp_path, taken):
    """The headings of the other columns are all there: results and notes are found under their own."""
    spoilt = changed(good, taken)
    assert {code for code, _ in told(judge(spoilt))} == {"PX-N014", "PX-N025"}
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_the_notes_are_found_where_a_column_before_them_was_taken_away(judge, good):
    """A 0 % asks for a note: it is there, one column to the left."""
    spoilt = changed(changed(good, cells(C16=0, J16="sale chiuse per lavori")), column_of_next_year_taken)
    assert judge(spoilt).accepted
    assert ("PX-N015", "J16") in told(judge(changed(spoilt, lambda book: book[clerks.SHEET].__setitem__("I16", None))))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (column_added_and_heading_renamed, "Risultato 2019"),
        (column_headed_like_ours, "Note"),
        (heading_row_taken, "Risultato 2019"),
        (contents_exchanged, "colonna D"),
    ],
)
def test_columns_that_can_t_be_told_block_and_are_named(judge, good, round_template, tmp_path, change, named):
    spoilt = changed(good, change)
    found = judge(spoilt)
    assert not found.accepted
    assert codes(found) == {"PX-N040"}
    assert any(named in each.found for each in found.problems)
    assert {result for result, _ in results(round_template, spoilt, tmp_path).values()} == {""}


def test_one_heading_written_anew_in_its_place_is_a_locked_cell_that_was_changed(judge, good, round_template, tmp_path):
    spoilt = changed(good, cells(C3="Risultato al 30/04"))
    assert told(judge(spoilt)) == {("PX-N014", "C3")}
    assert judge(spoilt).accepted
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


def test_columns_exchanged_with_their_headings_are_followed(judge, good, round_template, tmp_path):
    def exchange(book: Any) -> None:
        contents_exchanged(book)
        sheet = book[clerks.SHEET]
        sheet["C3"].value, sheet["D3"].value = sheet["D3"].value, sheet["C3"].value

    spoilt = changed(good, exchange)
    found = judge(spoilt)
    assert (found.accepted, codes(found)) == (True, {"PX-N025"})
    assert results(round_template, spoilt, tmp_path) == results(round_template, good, tmp_path)


# -- rows ------------------------------------------------------------------------------------------------------------------


def labels_exchanged(book: Any) -> None:
    """Only the labels: algorithm, targets and all the rest stay with the other indicator."""
    sheet = book[clerks.SHEET]
    sheet["A10"].value, sheet["A11"].value = sheet["A11"].value, sheet["A10"].value


def test_two_labels_exchanged_alone_leave_both_rows_to_a_person(judge, good, round_template, tmp_path):
    spoilt = changed(changed(good, cells(C10=0.5)), labels_exchanged)
    found = judge(spoilt)
    assert not found.accepted
    assert told(found) == {("PX-N041", "A10"), ("PX-N041", "A11")}
    after, before = results(round_template, spoilt, tmp_path), results(round_template, good, tmp_path)
    assert (after.pop("S2.1.1-b")[0], after.pop("S2.1.4-b")[0]) == ("", "")
    assert after == {code: value for code, value in before.items() if code in after}


def test_cells_deleted_in_one_row_leave_it_to_a_person(judge, good, round_template, tmp_path):
    """«Elimina celle, sposta a sinistra» on B7: the target would be read as the result."""

    def delete(book: Any) -> None:
        sheet = book[clerks.SHEET]
        for column in range(2, 13):
            sheet.cell(7, column).value = sheet.cell(7, column + 1).value if column != 7 else sheet["H7"].value

    spoilt = changed(changed(good, cells(E7=None, F7=None, I7="PO3")), delete)
    assert ("PX-N041", "A7") in told(judge(spoilt))
    assert results(round_template, spoilt, tmp_path)["O1.2.4-a"][0] == ""


# -- merged cells ----------------------------------------------------------------------------------------------------------


def test_results_that_merging_took_away_are_told(judge, good):
    found = judge(changed(good, lambda book: book[clerks.SHEET].merge_cells("C10:C12")))
    assert told(found) == {("PX-N042", "C10")}
    assert found.problems[0].found == "C10:C12: restano senza risultato C11, C12"
    assert not found.accepted


def test_one_note_for_three_rows_is_told_and_no_more(judge, good):
    found = judge(changed(good, lambda book: book[clerks.SHEET].merge_cells("J10:J12")))
    assert told(found) == {("PX-N043", "J10")}
    assert found.accepted


# -- a workbook without its mark ----------------------------------------------------------------------------------------------


def renamed(**typed: Any) -> Callable[[Any], None]:
    """Our sheet without its mark, under another name, with some cells typed."""

    def change(book: Any) -> None:
        unmarked(book)
        book[clerks.SHEET].title = "Foglio1"
        for address, value in typed.items():
            book["Foglio1"][address] = value

    return change


def test_without_mark_and_name_the_targets_are_those_that_were_sent(judge, good, round_template, tmp_path):
    """12 newsletters asked, 1 written in their place: a note is due on what was asked."""
    spoilt = changed(good, renamed(D7=1, C7=1, J7=None))
    found = judge(spoilt)
    assert told(found) == {("PX-N012", ""), ("PX-N014", "D7"), ("PX-N015", "J7")}
    counted = results(round_template, spoilt, tmp_path)
    assert counted["O1.2.4-a"] == ("1", "12")
    expected = results(round_template, good, tmp_path)
    assert {code: value for code, value in counted.items() if code != "O1.2.4-a"} == {
        code: value for code, value in expected.items() if code != "O1.2.4-a"
    }


def test_without_mark_and_name_an_invented_row_counts_for_nothing(judge, good, round_template, tmp_path):
    row = {"A24": "O2.1.4-z Indicatore inventato", "C24": 2, "D24": 2, "H24": "U1.1"}
    spoilt = changed(good, renamed(**row))
    assert ("PX-N019", "A24") in told(judge(spoilt))
    assert set(results(round_template, spoilt, tmp_path)) == set(ROWS)


def test_without_mark_and_name_an_indicator_with_two_results_has_none(judge, good, round_template, tmp_path):
    spoilt = changed(good, renamed(A24="01.2.4-a Numero newsletter inviate", C24=12))
    found = judge(spoilt)
    assert ("PX-N041", "A24") in told(found)
    assert not found.accepted
    assert results(round_template, spoilt, tmp_path)["O1.2.4-a"][0] == ""


def test_without_mark_and_name_a_code_with_another_text_is_nobody_s(judge, good, round_template, tmp_path):
    spoilt = changed(good, renamed(A7="O1.2.4-a Percentuale di fatture pagate entro trenta giorni"))
    assert ("PX-N041", "A7") in told(judge(spoilt))
    assert results(round_template, spoilt, tmp_path)["O1.2.4-a"][0] == ""


def test_evidence_is_due_without_a_mark_too(round_template, tmp_path, good):
    path = tmp_path / "risposta.xlsx"
    path.write_bytes(changed(good, renamed(**{f"L{row}": "prot. 12" for row in ROWS.values() if row != 18})))
    office = mailroom.state_of(round_template).offices[OFFICE]
    found = check(returned(path, year=2019), office, terms_with(round_template, evidence=True))
    assert {each.cell for each in found.problems if each.code == "PX-N016"} == {"L18"}


# -- another period, another round ----------------------------------------------------------------------------------------------


def another(folder: Path, **opening: Any) -> Path:
    """A second round on the same plan."""
    open_round(folder, Opening(plan=(str(mailroom.PLAN),), dashboards=(str(mailroom.DASHBOARDS),), by="prova", **opening))
    return folder


@pytest.mark.parametrize("change", [unmarked, renamed(), lambda book: book.__delitem__("_perfxl")])
def test_the_sheet_of_the_period_before_without_its_mark_isn_t_this_period_s(tmp_path, good, change):
    second = another(tmp_path / "secondo", period="2° quadrimestre", deadline=date(2019, 9, 15))
    found = verdict(second, OFFICE, changed(good, change), tmp_path)
    assert "PX-N010" in codes(found)
    assert not found.accepted
    assert any("1° quadrimestre" in each.found for each in found.problems if each.code == "PX-N010")


def test_two_rounds_without_a_period_are_told_apart_by_the_mark(tmp_path):
    first, second = another(tmp_path / "primo"), another(tmp_path / "secondo")
    data = reply(first, OFFICE)
    assert verdict(first, OFFICE, data, tmp_path).accepted
    found = verdict(second, OFFICE, data, tmp_path)
    assert (codes(found), found.accepted) == ({"PX-N010"}, False)


def test_a_mark_without_the_round_is_still_read(round_template, tmp_path, good):
    """Sheets and rounds made before marks said the round."""

    def before(book: Any) -> None:
        page = book["_perfxl"]
        row = next(row[0].row for row in page.iter_rows() if row[0].value == "giro")
        page.delete_rows(row)

    old = tmp_path / "vecchia.xlsx"
    old.write_bytes(changed(good, before))
    identity = read_identity(old)
    assert identity is not None
    assert (identity.office, identity.round) == (OFFICE, "")
    assert verdict(round_template, OFFICE, old.read_bytes(), tmp_path).accepted
    line = '{"evento":"aperto","at":"2019-05-01T10:00:00+02:00","body":"X","year":2019,"period":"","method":"m","deadline":""}'
    event = from_line(line)
    assert isinstance(event, Opened)
    assert event.round_id == ""


def test_a_new_version_of_the_plan_is_the_same_round(new_round, tmp_path):
    giro = new_round()
    before = mailroom.state_of(giro).opened
    assert before is not None
    assert len(before.round_id) == 16
    plan = tmp_path / "piano"
    shutil.copytree(mailroom.PLAN, plan)
    (file,) = plan.glob("Piano*.xlsx")
    file.write_bytes(changed(file.read_bytes(), lambda book: replace_text(book, "Numero newsletter", "Numero di newsletter")))
    opening = Opening(
        plan=(str(plan),), dashboards=(str(mailroom.DASHBOARDS),), reason="errata corrige", deadline=date(2019, 6, 1), by="prova"
    )
    done = open_round(giro, opening)
    assert done.state.opened is not None
    assert done.state.opened.round_id == before.round_id
    identity = read_identity(giro / done.state.offices[OFFICE].file)
    assert identity is not None
    assert identity.round == before.round_id


# -- another version of the plan ----------------------------------------------------------------------------------------------


def replace_text(book: Any, old: str, new: str) -> None:
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)


def replanned(giro: Path, scratch: Path, *changes: tuple[str, str]) -> Any:
    """The plan and the dashboards with texts replaced, as a new version of the round's plan."""
    folders = []
    for number, source in enumerate((mailroom.PLAN, mailroom.DASHBOARDS)):
        folder = scratch / f"nuovo{number}"
        shutil.copytree(source, folder)
        for file in folder.glob("*.xlsx"):
            book = clerks.opened(file)
            for old, new in changes:
                replace_text(book, old, new)
            book.save(file)
        folders.append(str(folder))
    return open_round(giro, Opening(plan=(folders[0],), dashboards=(folders[1],), reason="sostituito un indicatore", by="prova"))


def test_the_answer_to_an_indicator_isn_t_that_to_the_one_that_replaced_it(new_round, tmp_path):
    """1.2.4-a (newsletter sent) is dropped, 1.2.4-k (newsletter read) asked in its place, worded much like it."""
    giro = new_round()
    take(giro, item(letter(reply(giro, OFFICE), day(3)), "a.eml", day(9)))
    done = replanned(giro, tmp_path, ("01.2.4-a", "01.2.4-k"), ("newsletter inviate", "newsletter lette"))
    assert [each.split(":")[0] for each in done.changes] == ["O1.2.4-a tolto", "O1.2.4-k aggiunto"]
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted is False
    assert [(each["code"], each["cell"]) for each in version.to_correct] == [("PX-N011", ""), ("PX-N013", "A7")]


def test_an_indicator_worded_anew_keeps_its_answer(new_round, tmp_path):
    giro = new_round()
    take(giro, item(letter(reply(giro, OFFICE, {"C7": 5}), day(3)), "a.eml", day(9)))
    done = replanned(giro, tmp_path, ("Numero newsletter", "Quante comunicazioni via posta elettronica"))
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted
    row = next(
        row for row in consolidate_round(RoundFolder(giro), done.state).rows if (row.office, row.code) == (OFFICE, "O1.2.4-a")
    )
    assert row.result_text == "5"


def test_a_row_that_the_office_took_away_is_missing_in_the_new_version_too(new_round, tmp_path):
    giro = new_round()
    data = changed(reply(giro, OFFICE), lambda book: book[clerks.SHEET].delete_rows(ROWS["O2.1.1-b"]))
    take(giro, item(letter(data, day(3)), "a.eml", day(9)))
    done = replanned(giro, tmp_path, ("Numero newsletter", "Numero di newsletter"))
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted is False
    assert ("PX-N013", "A14") in {(each["code"], each["cell"]) for each in version.to_correct}


# -- other sheets in the workbook ----------------------------------------------------------------------------------------------


def with_sheet_of(data: bytes, name: str) -> Callable[[Any], None]:
    """Another workbook's dashboard as one more sheet."""

    def add(book: Any) -> None:
        page = book.create_sheet(name)
        for row in clerks.opened(data)[clerks.SHEET].iter_rows():
            for cell in row:
                page[cell.coordinate].value, page[cell.coordinate].number_format = cell.value, cell.number_format

    return add


def test_another_office_s_answers_in_a_second_sheet_wait_for_the_controller(round_template, judge, good):
    found = judge(changed(good, with_sheet_of(reply(round_template, "U2.1"), "Cruscotto U2.1")))
    assert codes(found) == {"PX-N045"}
    assert found.problems[0].found == "«Cruscotto U2.1» ha risultati di U2.1: non vengono contati"
    assert not found.accepted


def test_results_in_a_copy_while_the_sheet_is_hidden_aren_t_lost(judge, good):
    def copy(book: Any) -> None:
        page = book.copy_worksheet(book[clerks.SHEET])
        page.title, page["C7"] = "Cruscotto (2)", 12
        book[clerks.SHEET].sheet_state = "hidden"
        book.active = book.worksheets.index(page)

    found = judge(changed(good, copy))
    assert codes(found) == {"PX-N045", "PX-N046"}
    assert not found.accepted


def test_a_copy_with_the_same_results_and_a_sheet_of_one_s_own_are_told_and_no_more(judge, good):
    def add(book: Any) -> None:
        book.copy_worksheet(book[clerks.SHEET]).title = "copia"
        book.create_sheet("Appunti").append(["sentire Rossi", 3])
        book.create_sheet("Foglio1")

    found = judge(changed(good, add))
    assert {(each.code, each.sheet) for each in found.problems} == {("PX-N044", "copia"), ("PX-N044", "Appunti")}
    assert found.accepted


def test_two_offices_without_a_mark_are_still_two_once_attributed(new_round):
    giro = new_round()
    data = changed(changed(reply(giro, OFFICE), with_sheet_of(reply(giro, "U2.1"), "Cruscotto U2.1")), unmarked)
    assert take(giro, item(data, "due.xlsx", day(3))).state.unattributed
    done = take(giro, attribute=(("due.xlsx", OFFICE),))
    (version,) = done.state.offices[OFFICE].versions
    assert version.accepted is False
    assert {each["code"] for each in version.to_correct} == {"PX-N045"}


# -- a mark that contradicts its content ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "content"), [("U1.1", "U2.1"), ("U0.1", "U1.1"), ("U1.1", "U0.1")])
def test_one_office_s_content_under_another_s_mark_is_left_to_a_person(new_round, mark, content):
    """Somebody filled a colleague's file; U0.1's indicators are asked of other offices as well."""
    giro = new_round()
    good = reply(giro, mark)
    first = take(giro, item(letter(good, day(3)), "a.eml", day(9)))
    assert first.state.offices[mark].current is not None
    done = take(giro, item(letter(marked(reply(giro, content), ufficio=mark), day(4)), "b.eml", day(9)))
    assert [version.name for version in done.state.unattributed] == ["scheda.xlsx"]
    assert done.state.offices[mark].latest == first.state.offices[mark].latest
    assert [(each.problem["code"], each.problem["found"]) for each in done.noted if each.problem["code"] != "PX-M010"] == [
        ("PX-N047", f"contrassegno di {mark}, contenuto della scheda di {content}")
    ]
    given = take(giro, attribute=((done.state.unattributed[0].sha256, content),)).state.offices[content]
    assert given.current is not None
    assert [each["code"] for each in given.current.problems] == ["PX-N047"]


# -- what changed between two versions --------------------------------------------------------------------------------------------


def test_evidence_that_was_blanked_is_a_difference_where_one_version_isn_t_our_sheet(new_round):
    giro = new_round()
    one = reply(giro, OFFICE, {"L7": "prot. 12", "L10": "prot. 13"})
    two = changed(one, renamed(L7=None, L10="prot. 14"))
    done = take(giro, item(letter(one, day(2)), "a.eml", day(9)), item(letter(two, day(3)), "b.eml", day(9)))
    ((_, _, changes),) = differences_of(done.state.offices[OFFICE], RoundFolder(giro), done.state)
    assert [(each.cell, each.before, each.after) for each in changes] == [("L7", "prot. 12", ""), ("L10", "prot. 13", "prot. 14")]


def test_versions_that_can_t_be_compared_are_told_so(new_round):
    giro = new_round()
    one, two = reply(giro, OFFICE), reply(giro, OFFICE, {"C7": 5})
    done = take(giro, item(letter(one, day(2)), "a.eml", day(9)), item(letter(two, day(3)), "b.eml", day(9)))
    office = done.state.offices[OFFICE]
    (giro / office.file).unlink()
    ((before, after, changes),) = differences_of(office, RoundFolder(giro), done.state)
    assert [before.sha256, after.sha256] == [each.sha256 for each in office.versions]
    assert [each.label for each in changes] == [
        "confronto non riuscito (FileNotFoundError): guardare le due schede in «ricevuti»"
    ]
    assert Journal(giro).events()


# -- honest replies ------------------------------------------------------------------------------------------------------------


def dates_from_1904(book: Any) -> None:
    book.epoch = CALENDAR_MAC_1904
    cell = book[clerks.SHEET]["C22"]
    cell.value, cell.number_format = datetime(2019, 3, 29), "dd/mm/yyyy"


def column_inserted(book: Any) -> None:
    book[clerks.SHEET].insert_cols(3)
    book[clerks.SHEET]["C3"] = "Nostre annotazioni"


def rows_sorted(book: Any) -> None:
    labels = {row: str(book[clerks.SHEET].cell(row, 1).value) for row in range(4, LAST + 1)}
    shifted(book, lambda _: sorted(labels, key=lambda row: labels[row], reverse=True))


@pytest.mark.parametrize("change", [dates_from_1904, column_inserted, rows_sorted])
def test_what_an_honest_office_may_do_is_accepted_and_moves_nothing(judge, good, round_template, tmp_path, change):
    spoilt = changed(good, change)
    found = judge(spoilt)
    assert found.accepted
    assert not {each.code for each in found.problems} - {"PX-N014", "PX-N025"}
    after, before = results(round_template, spoilt, tmp_path), results(round_template, good, tmp_path)
    if change is dates_from_1904:
        assert after.pop("O2.1.4-c")[0] == "29/03/2019"
        before.pop("O2.1.4-c")
    assert after == before


@pytest.mark.parametrize("office", mailroom.EIGHT)
def test_each_office_s_own_sheet_is_its_own_with_and_without_the_mark(new_round, office):
    giro = new_round()
    also = {"C20": "N.C.", "C21": "N.C."} if office == "U5.1/U5.2" else {}
    data = reply(giro, office, also)
    done = take(giro, item(letter(data, day(3)), "a.eml", day(9)), item(letter(changed(data, unmarked), day(4)), "b.eml", day(9)))
    assert [version.accepted for version in done.state.offices[office].versions] == [True, True]
    assert [[each["code"] for each in version.problems] for version in done.state.offices[office].versions] == [[], ["PX-N023"]]


# -- indicators without a code (Lucca) --------------------------------------------------------------------------------------------

AREA = "Area1"


@pytest.fixture(scope="module")
def lucca(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A round of Lucca 2017 and the folder of its plan."""
    folder = tmp_path_factory.mktemp("lucca")
    plan = folder / "piano"
    plan.mkdir()
    for path in (mailroom.WORKBOOKS / "lucca-2017").glob("Report_direzionale_2017_Area*.xlsx"):
        shutil.copy(path, plan)
    open_round(folder / "giro", Opening(plan=(str(plan),), method="lucca-2017", period="anno 2017", by="prova"))
    return folder / "giro", plan


def answered(giro: Path) -> bytes:
    """The sheet of the area, each result another percentage: its row's number."""

    def fill(book: Any) -> None:
        for page in sent_pages(giro / mailroom.state_of(giro).offices[AREA].file):
            for row in page.own:
                book[page.grid.name].cell(row, 2).value = row / 1000
                book[page.grid.name].cell(row, 2).number_format = "0.0%"
                book[page.grid.name].cell(row, 3).value = clerks.WHY

    return changed((giro / mailroom.state_of(giro).offices[AREA].file).read_bytes(), fill)


def by_title(giro: Path, data: bytes, scratch: Path) -> dict[tuple[str, str], str]:
    """The results that count, by sheet and text."""
    path = scratch / "conta.xlsx"
    path.write_bytes(data)
    state = mailroom.state_of(giro)
    rows = answer(returned(path, year=2017), state.offices[AREA], terms_of(RoundFolder(giro), state)).rows
    indicators = [(sheet.sheet, row) for sheet in rows.sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]
    return {(sheet, row.title): row.result.text for sheet, row in indicators}


def test_an_indicator_without_code_that_the_plan_dropped_doesn_t_move_the_answers_after_it(lucca, tmp_path):
    """The five indicators of 1A0101 are known by their order: with the first one gone, the second is the first."""
    giro, plan = mailroom.copied(lucca[0], tmp_path / "giro"), mailroom.copied(lucca[1], tmp_path / "piano")
    data = answered(giro)
    before = by_title(giro, data, tmp_path)
    file = plan / "Report_direzionale_2017_Area1.xlsx"
    dropped = clerks.opened(file)["1A"]["A18"].value
    file.write_bytes(changed(file.read_bytes(), lambda book: book["1A"].delete_rows(18)))
    open_round(giro, Opening(plan=(str(plan),), reason="tolto un indicatore", by="prova"))
    after = by_title(giro, data, tmp_path)
    (gone,) = set(before) - set(after)
    assert " ".join(dropped.split()).endswith(gone[1])
    assert after == {key: value for key, value in before.items() if key in after}
    assert len(set(after.values())) > 5


@pytest.mark.parametrize("change", [lambda _: None, lambda book: book.__delitem__("_perfxl")])
def test_an_area_s_honest_sheet_is_accepted(lucca, tmp_path, change):
    data = changed(answered(lucca[0]), change)
    found = verdict(lucca[0], AREA, data, tmp_path)
    assert {each.code for each in found.problems} <= {"PX-N023"}
    assert found.accepted


def test_a_column_inserted_in_an_area_s_sheet_is_followed(lucca, tmp_path):
    def insert(book: Any) -> None:
        for name in book.sheetnames:
            if name not in {"_perfxl", "Istruzioni"}:
                book[name].insert_cols(2)

    good = answered(lucca[0])
    spoilt = changed(good, insert)
    found = verdict(lucca[0], AREA, spoilt, tmp_path)
    assert found.accepted
    assert {each.code for each in found.problems} == {"PX-N025"}
    assert by_title(lucca[0], spoilt, tmp_path) == by_title(lucca[0], good, tmp_path)
