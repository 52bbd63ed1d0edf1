"""*Ricalcola* on the twelve real sheets in one workbook: the pipeline's percents, and never over a person's figure."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from live.engine import CellStore, SheetStore
from live.sheets import column, office_sheet
from perfxl import consolidate, live
from perfxl.live.ledger import SHEET, load_ledger
from perfxl.live.marks import free_name
from perfxl.readers import read_workbook, rows_of_grids

FILES = {
    "ENTE": "ENTE_e_trasversali", "U3.1-U3.2": "U3.1-U3.2", "U5.1-U5.2": "U5.1-U5.2",
}  # fmt: skip


@pytest.fixture
def pipeline(workbooks):
    """What the command line finds: (sheet's name, row of the percent) -> percent as a fraction, or None."""
    c = consolidate([workbooks / "massacarrara-2019"])
    return {
        (Path(row.typed_ref.file).name.split("_")[0], row.typed_ref.row): None if row.pct is None else float(row.pct / 100)
        for row in c.rows
        if row.typed_ref is not None
    }, c


def percents(store):
    """Cells of the percent column (G) of every office sheet, by (sheet, row)."""
    return {(s.name, row): cell.value for s in store.sheets for (row, column), cell in s.cells.items() if column == 7 and row > 3}


def test_the_percents_are_the_pipelines(twelve, pipeline):
    book, store = twelve
    expected, c = pipeline
    before = percents(store)
    report = live.ricalcola(book)
    assert not report.failed, report.text
    assert "42,75" in report.text  # the headline printed in the body's report of April 2019
    after = percents(store)
    written = {at: value for at, value in after.items() if before.get(at) != value}
    wanted = {at: value for at, value in expected.items() if value is not None and before.get(at) is None}
    assert written == wanted
    assert len(written) >= 20
    assert c.headline.shown is not None


def test_what_people_typed_stays(twelve):
    book, store = twelve
    before = {s.name: copy.deepcopy(s.cells) for s in store.sheets}
    live.ricalcola(book)
    for name, cells in before.items():
        held = store.sheet(name).cells
        assert {at: (c.value, c.formula) for at, c in cells.items() if c.value is not None} == {
            at: (held[at].value, held[at].formula) for at, c in cells.items() if c.value is not None
        }


def test_a_percent_shows_as_a_percent(twelve):
    book, store = twelve
    before = percents(store)
    live.ricalcola(book)
    formats = {
        store.sheet(name).cells[row, 7].number_format
        for (name, row), value in percents(store).items()
        if before.get((name, row)) != value
    }
    assert all("%" in found for found in formats)


def test_a_second_run_changes_nothing(twelve):
    book, store = twelve
    live.ricalcola(book)
    first = store.snapshot()
    copies = sorted((Path(store.path).parent / "Monitoraggio 2019 - copie perfxl").iterdir())
    report = live.ricalcola(book)
    assert "niente è cambiato" in report.text
    assert store.snapshot() == first
    assert sorted((Path(store.path).parent / "Monitoraggio 2019 - copie perfxl").iterdir()) == copies


def test_only_empty_cells_are_written(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0], [None, 0.33, None])])
    report = live.ricalcola(book)
    assert column(store) == [0.5, 0.33, 1.0]  # 5/10 and 10/10 of the target; a person's 33 % stays
    assert "lasciate come sono e confrontate: 1" in report.text
    assert [f.cell for f in report.findings if f.code == "PX-V001"] == ["E6"]


def test_what_perfxl_wrote_follows_the_result(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    store.sheet("U9.9").put(5, 3, 7.0)
    store.sheet("U9.9").put(6, 3, None)
    report = live.ricalcola(book)
    assert column(store) == [0.7, None, 1.0]
    assert [
        f.code for f in report.findings if f.code in ("PX-V001", "PX-V002", "PX-S012")
    ] == []  # its own figures aren't an office's


def test_what_a_person_changed_since_is_hers(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    store.sheet("U9.9").put(5, 5, 0.9)
    for _ in range(2):
        report = live.ricalcola(book)
        assert column(store) == [0.9, 0.8, 1.0]
        (found,) = [f for f in report.findings if f.code == "PX-S012"]
        assert found.cell == "E5"
        assert "50,00 %" in found.found
        assert [f.cell for f in report.findings if f.code == "PX-V001"] == ["E5"]
    store.sheet("U9.9").put(5, 5, None)  # emptied: perfxl's again
    live.ricalcola(book)
    assert column(store) == [0.5, 0.8, 1.0]


def test_a_formula_in_the_column_is_the_users(open_book):
    sheet = office_sheet([5.0, 8.0, 10.0])
    sheet.cells[5, 5] = CellStore(None, "=C5/10", "0%")
    sheet.cells[6, 5] = CellStore(0.1, "=C6/80", "0%")
    sheet.cells[9, 3] = CellStore(23.0, "=SUM(C5:C7)")
    book, store = open_book([sheet])
    live.ricalcola(book)
    held = store.sheet("U9.9").cells
    assert [held[row, 5].formula for row in (5, 6)] == ["=C5/10", "=C6/80"]
    assert held[7, 5].value == 1.0
    assert held[9, 3].formula == "=SUM(C5:C7)"


def test_rows_inserted_since_dont_make_perfxls_figures_a_persons(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    sheet = store.sheet("U9.9")
    sheet.cells = {(row + (row >= 5), col): cell for (row, col), cell in sheet.cells.items()}
    sheet.put(6, 3, 6.0)  # O1.1.1-a is now in row 6
    report = live.ricalcola(book)
    assert [sheet.cells[row, 5].value for row in (6, 7, 8)] == [0.6, 0.8, 1.0]
    assert not [f for f in report.findings if f.code == "PX-S012"]


def test_a_protected_sheet_is_skipped_and_said(open_book):
    protected = office_sheet([5.0, 8.0, 10.0], name="U9.8")
    protected.protected = True
    book, store = open_book([office_sheet([5.0, 8.0, 10.0]), protected])
    before = copy.deepcopy(protected.cells)
    report = live.ricalcola(book)
    assert not report.failed
    assert "Fogli protetti, non toccati: U9.8" in report.text
    assert [f.sheet for f in report.findings if f.code == "PX-S013"] == ["U9.8"]
    assert store.sheet("U9.8").cells == before
    assert store.sheet("U9.8").protected
    assert column(store) == [0.5, 0.8, 1.0]
    protected.protected = False  # then it is done, and the register knows nothing false
    live.ricalcola(book)
    assert column(store, "U9.8") == [0.5, 0.8, 1.0]


def test_the_copy_comes_before_the_writing(open_book, app):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    (path,) = (Path(store.path).parent / "Monitoraggio 2019 - copie perfxl").iterdir()
    assert path.name.startswith("Monitoraggio 2019 001 ")
    held = app.impl.disk[str(path)]
    assert [sheet.name for sheet in held.sheets] == ["U9.9"]
    assert column(held) == [None, None, None]


def test_without_a_copy_nothing_is_written(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    Path(store.path).parent.joinpath("Monitoraggio 2019 - copie perfxl").write_text("non è una cartella")
    before = store.snapshot()
    report = live.ricalcola(book)
    assert report.failed
    assert "cartella delle copie" in report.text
    assert store.snapshot() == before


def test_a_workbook_never_saved_is_refused(open_book):
    book, store = open_book([office_sheet([5.0])])
    store.path = "Cartel1"
    report = live.ricalcola(book)
    assert report.failed
    assert "non è ancora stata salvata" in report.text
    assert column(store) == [None, None, None]


def test_nothing_to_score_is_said(open_book):
    book, _ = open_book([SheetStore("Foglio1")])
    report = live.ricalcola(book)
    assert report.failed
    assert "nessun foglio riconosciuto" in report.text


def test_the_register_is_very_hidden_and_readable(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    assert store.sheet(SHEET).visible == 2
    ledger = load_ledger(book)
    assert [(e.sheet, e.cell, e.code, e.value) for e in ledger.percents] == [
        ("U9.9", "E5", "O1.1.1-a", 0.5), ("U9.9", "E6", "O1.1.1-b", 0.8), ("U9.9", "E7", "O1.1.1-c", 1.0),
    ]  # fmt: skip
    assert len(ledger.copies) == 1


def test_live_rows_are_the_files_rows(twelve, workbooks):
    """Every cell that the layouts take is of the same kind, with the same value, from a file and from the open workbook."""
    from perfxl.live.grids import read_sheet

    book, store = twelve
    for sheet in book.sheets:
        file = workbooks / "massacarrara-2019" / f"{FILES.get(sheet.name, sheet.name)}_monitoraggio_2019.xlsx"
        from_file = read_workbook(file)
        from_live = rows_of_grids([read_sheet(sheet, store.path).grid], store.path)
        told = [[_content(row) for row in one.rows] for one in from_file.sheets]
        assert [[_content(row) for row in one.rows] for one in from_live.sheets] == told
        assert [one.respondent for one in from_live.sheets] == [one.respondent for one in from_file.sheets]
        assert [f.code for f in from_live.findings] == [f.code for f in from_file.findings]
        assert from_live.sha256 == ""


def _content(row):
    cells = (row.algorithm, row.result, *row.targets.values(), row.typed_pct, row.offices_cell, row.people_cell)
    return row.code, row.title, row.level, [(c.kind, c.value, c.formula) for c in cells]


@pytest.mark.parametrize(
    ("taken", "name"),
    [(set(), "Sintesi"), ({"sintesi"}, "Sintesi (perfxl)"), ({"Sintesi", "Sintesi (PERFXL)"}, "Sintesi (perfxl) 2")],
)
def test_names_of_tabs(taken, name):
    assert free_name("Sintesi", taken) == name
    assert len(free_name("x" * 31, {"x" * 31})) == 31
