"""Workbooks with PX_ formulas as Excel saves them, written by XlsxWriter: cells as typed, one call a row, one for a column."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import xlsxwriter
from openpyxl import load_workbook

from perfxl.functions.catalogue import FUNCTIONS
from perfxl.model import cell_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Typed:
    """A cell as somebody typed it: value and number format."""

    value: Any = None
    number_format: str = "General"

    @property
    def cell(self):
        """As the core takes it from a host that knows formats: a text is a bare text."""
        return self.value if isinstance(self.value, str) else cell_of(self.value, number_format=self.number_format)


@dataclass(frozen=True)
class Error:
    """A cell whose formula gives an error."""

    formula: str
    text: str

    @property
    def cell(self):
        return self.text


def cells_of(path: Path) -> dict[str, Any]:
    """Sheets of a workbook, values and formats."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of conditional formats that it doesn't keep
        return {sheet.title: sheet for sheet in load_workbook(path, data_only=True)}


def typed(sheet: Any, row: int, column: int) -> Typed:
    cell = sheet.cell(row, column)
    return Typed(cell.value, cell.number_format)


def write_cell(book: Any, sheet: Any, row: int, column: int, content: Typed | Error) -> None:
    if isinstance(content, Error):
        sheet.write_formula(row, column, content.formula)
        return
    style = book.add_format({"num_format": content.number_format})
    match content.value:
        case None:
            sheet.write_blank(row, column, None, style)
        case bool() as truth:
            sheet.write_boolean(row, column, truth)
        case time():
            sheet.write_number(row, column, 0, style)
        case datetime() | date() as moment:
            sheet.write_datetime(row, column, moment, style)
        case str() as text:
            sheet.write_string(row, column, text, style)
        case number:
            sheet.write_number(row, column, number, style)


@dataclass(frozen=True)
class Block:
    """Columns of cells and what is computed of them: `function` over the columns, one call a row or one array formula."""

    name: str
    columns: tuple[Sequence[Typed | Error], ...]

    @property
    def rows(self) -> int:
        return len(self.columns[0])


def write_block(path: Path, blocks: Sequence[Block], calls: Sequence[tuple[str, tuple[int, ...], str]]) -> None:
    """A sheet a block. Each call (function, columns, more arguments as text) is written twice: row by row, then as one array."""
    with xlsxwriter.Workbook(path) as book:
        for block in blocks:
            sheet = book.add_worksheet(block.name)
            for number, column in enumerate(block.columns):
                for row, content in enumerate(column):
                    write_cell(book, sheet, row, number, content)
            at = len(block.columns)
            for name, used, more in calls:
                width = len(FUNCTIONS[name].columns) or 1
                for row in range(block.rows):
                    alone = ",".join(f"{letter(c)}{row + 1}" for c in used)
                    sheet.write_formula(row, at, f"={name}({alone}{more})")
                whole = ",".join(f"{letter(c)}1:{letter(c)}{block.rows}" for c in used)
                sheet.write_array_formula(0, at + 1, block.rows - 1, at + width, f"{{={name}({whole}{more})}}")
                at += 1 + width


def letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


def expected(block: Block, name: str, used: tuple[int, ...], *more: Any) -> list[list[Any]]:
    """What the core gives of the same cells, as Calc shows it: numbers, texts, dates as serials."""
    columns = [[[content.cell] for content in block.columns[c]] for c in used]
    return [[as_shown(value) for value in row] for row in FUNCTIONS[name].call(*columns, *more)]


def as_shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)).total_seconds() / 86400
    return value if isinstance(value, float) else str(value)
