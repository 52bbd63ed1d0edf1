"""A way to say what a golden cell must be once read, and real sheets as matrices to be written again with drift."""

import warnings
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

import openpyxl
import pytest

from perfxl.model.cells import Cell, CellKind
from perfxl.readers import read_workbook


def as_printed(cell: Cell, printed: str) -> bool:
    """Whether a cell is what the published table prints: the same kind of thing and the same value."""
    if not printed:
        return cell.empty
    if printed == "00/01/1900":
        return cell.kind is CellKind.ZERO_DATE
    if cell.kind is CellKind.DATE:
        day, month, year = printed.split("/")
        return cell.value == date(int(year), int(month), int(day))
    if cell.kind is CellKind.PERCENT:
        return printed.endswith("%") and cell.value * 100 == Decimal(printed.rstrip("% ").replace(",", "."))
    if cell.kind is CellKind.NUMBER:
        text = printed.removeprefix("€").strip()
        text = text.replace(".", "").replace(",", ".") if "," in text else text
        return "%" not in printed and cell.value == Decimal(text)
    return cell.kind is CellKind.TEXT and " ".join(cell.value.split()) == printed


@pytest.fixture(scope="session")
def printed_as():
    return as_printed


@dataclass
class Matrix:
    """A sheet as rows of (value, number format); `None` where there is nothing. Row 0 is the title, row 2 the header."""

    rows: list
    merged: tuple = ()
    hidden: tuple = ()
    hidden_columns: str = ""
    name: str = "Cruscotto"
    before: tuple = ()  # (sheet name, rows of text) of sheets that come first

    def changed(self, function):
        """Every text through `function(row, column, text)`."""
        rows = [
            [(function(r, c, cell[0]), cell[1]) if cell and isinstance(cell[0], str) else cell for c, cell in enumerate(row)]
            for r, row in enumerate(self.rows)
        ]
        return replace(self, rows=rows)

    def save(self, path):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in self.before:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        sheet = book.create_sheet(self.name)
        for r, row in enumerate(self.rows, start=1):
            for c, cell in enumerate(row, start=1):
                if cell is not None:
                    target = sheet.cell(r, c)
                    target.value, target.number_format = cell
                    if isinstance(cell[0], str) and cell[0].startswith("="):
                        target.data_type = "s"
        for area in self.merged:
            sheet.merge_cells(area)
        for row in self.hidden:
            sheet.row_dimensions[row].hidden = True
        for letter in self.hidden_columns:
            sheet.column_dimensions[letter].hidden = True
        book.save(path)
        return path


@pytest.fixture(scope="session")
def matrix(workbooks):
    """`matrix("U5.1-U5.2")`: the dashboard of an office, to be changed and saved elsewhere."""

    def take(office):
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", UserWarning
            )  # openpyxl says that it doesn't keep extensions: the offices' files have some
            sheet = openpyxl.load_workbook(workbooks / "massacarrara-2019" / f"{office}_monitoraggio_2019.xlsx").active
        rows = [
            [None if cell.value is None else (0 if cell.value == time(0, 0) else cell.value, cell.number_format) for cell in row]
            for row in sheet.iter_rows()
        ]
        return Matrix(rows)

    return take


@pytest.fixture(scope="session")
def content():
    """What the rows of a sheet say, without the addresses."""
    return _content


def _content(sheet):
    """What the rows of a sheet say, without the addresses."""
    return [
        (
            row.level, row.code, row.title, row.owner, row.strategic, row.offices, row.people, told(row.algorithm), told(row.result), told(row.typed_pct),
            {year: told(cell) for year, cell in row.targets.items()},
        )
        for row in sheet.rows
    ]  # fmt: skip


def told(cell):
    return cell.kind, " ".join(cell.value.split()) if isinstance(cell.value, str) else cell.value


@pytest.fixture(scope="session")
def rows_of():
    """`rows_of(path)`: content of the only recognised sheet of a file."""

    def read(path):
        (sheet,) = read_workbook(path).sheets
        return _content(sheet)

    return read


@pytest.fixture(scope="session")
def original(workbooks, rows_of):
    """`original("U5.1-U5.2")`: what the real file says (checked against the published tables elsewhere)."""
    return lambda office: rows_of(workbooks / "massacarrara-2019" / f"{office}_monitoraggio_2019.xlsx")
