"""An Excel in memory with a workbook open: the twelve real sheets of Massa-Carrara in one, or whatever a test puts in."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from live.engine import BookStore, SheetStore, load_sheets, start
from live.engine.host import Book
from live.engine.store import save_file


@pytest.fixture
def app():
    return start()


@pytest.fixture
def open_book(app, tmp_path):
    """`open_book([SheetStore, …])`: a saved workbook, open; (xlwings Book, what Excel holds)."""

    def opened(sheets, name="Monitoraggio 2019.xlsm", **more):
        store = BookStore(str(tmp_path / name), sheets, **more)
        save_file(store, Path(store.path))
        impl = Book(app.impl.books, store)
        app.impl.books.held.append(impl)
        app.impl.count = 0
        app.impl.calls.clear()
        return xw.Book(impl=impl), store

    return opened


def merged_sheets(folder: Path) -> list[SheetStore]:
    """One sheet for each file, under the file's name."""
    found = []
    for path in sorted(folder.glob("*.xlsx")):
        (sheet,) = load_sheets(path)
        sheet.name = path.stem.removesuffix("_monitoraggio_2019").replace("_e_trasversali", "")
        found.append(sheet)
    return found


@pytest.fixture
def twelve(open_book, workbooks):
    """The twelve dashboards in one workbook."""
    return open_book(merged_sheets(workbooks / "massacarrara-2019"))
