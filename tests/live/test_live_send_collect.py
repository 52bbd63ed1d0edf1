"""*Congela per invio* and *Raccogli*."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from live.engine import CellStore, Error, SheetStore
from live.sheets import office_sheet
from perfxl import live
from perfxl.live.frozen import leaves_the_workbook
from perfxl.master import names


@pytest.mark.parametrize(
    ("formula", "leaves"),
    [
        ("=PX_REALIZZAZIONE(C5:C9;D5:D9)", True),
        ("=1+px_stato( A1 )", True),
        ("=_xlfn.SINGLE(PX_VERSIONE())", True),
        ("=[Altro.xlsx]Foglio1!A1", True),
        (r"='C:\dati\[Altro.xlsx]Foglio 1'!$A$1*2", True),
        ("=[1]Foglio1!A1", True),
        ("=Aliquota*2", True),  # a name that refers to another file
        ("=SUM(A1:A9)", False),
        ("=SUM(tblIndicatori[Peso])", False),
        ("=tblIndicatori[@[Peso]]*Foglio1!A1", False),
        ('="PX_STATO("&A1', False),
        ('="[Altro.xlsx]Foglio!"', False),
        ("='Foglio [2]'!A1", True),  # can't be told from a file: the value is kept, nothing breaks
        ("=MAPX_STATO(A1)", False),
        ("=AliquotaIva*2", False),
    ],
)
def test_which_formulas_leave_the_workbook(formula, leaves):
    assert leaves_the_workbook(formula, frozenset({"aliquota"})) is leaves


@pytest.fixture
def to_send(open_book):
    sheet = office_sheet([5.0, 8.0, 10.0])
    sheet.cells |= {
        (5, 5): CellStore(0.5, "=PX_REALIZZAZIONE(C5,D5)", "0.00 %"),
        (6, 5): CellStore(Error("#DIV/0!"), "=PX_REALIZZAZIONE(C6,D6)"),
        (7, 5): CellStore("1-2", "=[Altro.xlsx]Foglio1!A1"),
        (9, 3): CellStore(23.0, "=SUM(C5:C7)"),
    }
    sheet.buttons += ["perfxl_master.xlsm!Ricalcola", ""]
    book, store = open_book([sheet, SheetStore(names.SETTINGS, {(1, 1): CellStore("PYTHONPATH")}, visible=0)], macros=True)
    store.links.append("Altro.xlsx")
    store.names |= {"Fuori": "=[Altro.xlsx]Foglio1!$A$1", "Dentro": "='U9.9'!$A$1"}
    return book, store


def test_the_copy_works_without_perfxl(to_send, app):
    book, store = to_send
    live.ricalcola(book)
    before = store.snapshot()
    report = live.congela(book)
    assert not report.failed, report.text
    (path,) = Path(store.path).parent.glob("Monitoraggio 2019 per invio *.xlsx")
    sent = app.impl.disk[str(path)]
    cells = sent.sheet("U9.9").cells
    assert (cells[5, 5].value, cells[5, 5].formula, cells[5, 5].number_format) == (0.5, None, "0.00 %")
    assert (cells[6, 5].value, type(cells[6, 5].value)) == ("#DIV/0!", Error)
    assert (cells[7, 5].value, cells[7, 5].formula) == ("1-2", None)  # still a text
    assert cells[9, 3].formula == "=SUM(C5:C7)"  # native: stays
    assert [sheet.name for sheet in sent.sheets] == ["U9.9"]
    assert sent.sheet("U9.9").buttons == [""]
    assert (sent.links, sent.macros, sent.names) == ([], False, {"Dentro": "='U9.9'!$A$1"})
    assert store.snapshot() == before  # the open workbook isn't touched
    assert store.macros
    assert len(book.app.impl.books.held) == 1
    assert not list(path.parent.glob("~perfxl*"))
    assert "Formule sostituite dal loro valore: 3" in report.text
    assert openpyxl.load_workbook(path)["U9.9"]["E5"].value == 0.5


def test_a_second_copy_takes_another_name(to_send):
    book, store = to_send
    live.congela(book)
    live.congela(book)
    assert len(list(Path(store.path).parent.glob("* per invio *.xlsx"))) == 2


def test_a_protected_sheet_with_our_functions_isnt_sent(to_send):
    book, store = to_send
    store.sheet("U9.9").protected = True
    report = live.congela(book)
    assert report.failed
    assert "protetto" in report.text
    assert not list(Path(store.path).parent.glob("* per invio *"))
    assert len(book.app.impl.books.held) == 1


# -- Raccogli ----------------------------------------------------------------------------------------------------


def master(inbox="", offices=("ENTE", "ISR", "U0.1", "U9.9")):
    dashboard = SheetStore(names.DASHBOARD, {(1, 1): CellStore("Cruscotto")})
    for column, heading in enumerate(names.COLLECTION_HEADINGS, 1):
        dashboard.cells[5, column] = CellStore(heading)
    for row, code in enumerate(offices, 6):
        dashboard.cells[row, 1] = CellStore(code)
        dashboard.cells[row, 8] = CellStore(names.COLLECTION_STATES[0])
    dashboard.tables[names.COLLECTION_TABLE] = (5, 1, 5 + len(offices), 8)
    parameters = SheetStore(names.PARAMETERS)
    for row, (label, value) in enumerate([(names.YEAR_LABEL, 2019.0), (names.INBOX_LABEL, inbox), (names.BODY_LABEL, "Ente")], 1):
        parameters.cells[row, 1] = CellStore(label)
        parameters.cells[row, 2] = CellStore(value or None)
    return [dashboard, parameters]


@pytest.fixture
def inbox(tmp_path, workbooks):
    folder = tmp_path / "ricevuti"
    folder.mkdir()
    for name in ("ENTE_e_trasversali", "ISR", "U0.1", "U5.1-U5.2"):
        shutil.copy2(workbooks / "massacarrara-2019" / f"{name}_monitoraggio_2019.xlsx", folder)
    return folder


def table(store):
    held = store.sheet(names.DASHBOARD).cells
    return {
        held[row, 1].value: [held[row, c].value if (row, c) in held else None for c in range(2, 9)]
        for row in range(6, 12)
        if (row, 1) in held and held[row, 1].value
    }


def test_what_came_and_what_is_missing(open_book, inbox, golden):
    book, store = open_book(master("ricevuti"))
    report = live.raccogli(book)
    assert not report.failed, report.text
    state = table(store)
    assert list(state) == ["ENTE", "ISR", "U0.1", "U9.9", "U5.1/U5.2"]
    assert state["U9.9"][1:] == [None, None, None, None, None, "mancante"]
    assert state["ISR"][1] == "ISR_monitoraggio_2019.xlsx"
    indicators = [
        row for row in golden("massacarrara-2019/dashboards") if row["dashboard"] == "ISR" and row["row_type"] == "indicatore"
    ]
    assert indicators
    assert state["ISR"][4] == len(indicators)
    assert state["ISR"][6] in ("ricevuto", "con anomalie")
    assert store.sheet(names.DASHBOARD).tables[names.COLLECTION_TABLE] == (5, 1, 10, 8)  # the table has grown
    assert "Fogli arrivati: 4" in report.text


def test_a_second_collection_changes_nothing(open_book, inbox):
    book, store = open_book(master("ricevuti"))
    live.raccogli(book)
    before = store.snapshot()
    report = live.raccogli(book)
    assert "già aggiornata" in report.text
    assert store.snapshot() == before


def test_missing_offices_are_named(open_book, inbox):
    sheets = [*master("ricevuti"), SheetStore(names.OFFICES)]
    for column, heading in enumerate(names.OFFICE_HEADINGS, 1):
        sheets[-1].cells[1, column] = CellStore(heading)
    for row, code in enumerate(("ISR", "U9.9"), 2):
        sheets[-1].cells[row, 1] = CellStore(code)
    book, _ = open_book(sheets)
    assert "Mancano: U9.9." in live.raccogli(book).text


def test_without_a_folder_excel_asks_for_it(open_book, inbox, app):
    book, store = open_book(master())
    report = live.raccogli(book)
    assert report.failed
    assert "Nessuna cartella scelta" in report.text
    app.impl.chosen = str(inbox)
    assert not live.raccogli(book).failed
    assert table(store)["ISR"][6] != "mancante"


def test_a_protected_dashboard_is_said(open_book, inbox):
    book, store = open_book(master("ricevuti"))
    store.sheet(names.DASHBOARD).protected = True
    report = live.raccogli(book)
    assert "protetto" in report.text
    assert table(store)["ISR"][6] == "mancante"


def test_a_master_recalculates_from_its_folder(open_book, inbox):
    """A master holds no office sheets: its summaries are of the folder, and the folder's files are never written."""
    book, store = open_book(master("ricevuti"))
    before = {path.name: path.read_bytes() for path in inbox.iterdir()}
    report = live.riepiloghi(book)
    assert not report.failed, report.text
    assert "Indicatori" in [sheet.name for sheet in store.sheets]
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == before
