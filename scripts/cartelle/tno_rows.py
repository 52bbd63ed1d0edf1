"""Rows of the 2022 plan in the order of print, and texts that run over several columns.

The golden tables hold the figures by kind; the line of the document that each row comes from puts them together again. The tables
`*_printed_rows` hold what stands between: titles, labels and the rows that the tables of figures leave out.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.utils import get_column_letter

from scripts.cartelle.sheet import golden

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.cartelle.sheet import Content, Sheet

Row = dict[str, str]
DOCUMENT = "tno-2022"
_LINE_HEIGHT = 15  # points of a line of text at the default size


class Entry(NamedTuple):
    """A row of a sheet: its line in the document, the `Sheet` method that writes it, its cells, where a running text starts."""

    line: int
    how: str
    cells: tuple[Content, ...]
    runs_from: int | None = None


def table(name: str, **wanted: str) -> list[Row]:
    """The rows of a golden table of this document that have the wanted values."""
    return [row for row in golden(f"{DOCUMENT}/{name}") if all(row[key] == value for key, value in wanted.items())]


def line_of(row: Row, key: str = "source_line") -> int:
    """The first line of the document that a row comes from (`2073;2075` is broken by a page)."""
    return int(row[key].split(";")[0])


def write_entries(sheet: Sheet, entries: Iterable[Entry]) -> None:
    """Write the rows in the order of print."""
    for entry in sorted(entries, key=lambda entry: entry.line):
        row = getattr(sheet, entry.how)(*entry.cells)
        if entry.runs_from:
            run_over(sheet, row, entry.runs_from)


def run_over(sheet: Sheet, row: int, first: int, last: int | None = None) -> None:
    """Merge cells of a row, from a column to the last: Excel doesn't fit the height to merged text, so it is set here."""
    last = last or sheet.columns
    worksheet = sheet.worksheet
    worksheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    width = sum(worksheet.column_dimensions[get_column_letter(column)].width for column in range(first, last + 1))
    lines = ceil(len(str(worksheet.cell(row, first).value or "")) / width)
    if lines > 1:
        worksheet.row_dimensions[row].height = lines * _LINE_HEIGHT
