"""Cells of .xls (BIFF) sheets, through xlrd with formatting information."""

from __future__ import annotations

import io
import struct
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from perfxl.model.cells import CellKind
from perfxl.readers.container import UnreadableError
from perfxl.readers.formats import number_cell
from perfxl.readers.grid import Grid, RawCell

# What xlrd is seen to raise on damaged files; it checks little of what it reads.
_BROKEN = (
    xlrd.XLRDError, CompDocError, struct.error, ValueError, LookupError, AssertionError, TypeError, AttributeError, OverflowError,
    EOFError, NotImplementedError, ZeroDivisionError, RecursionError, OSError,
)  # fmt: skip


def read_grids(data: bytes, file: str) -> tuple[list[Grid], list[str]]:
    """All worksheets in their order, and remarks (macros)."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        grids = [_grid(book, sheet, file) for sheet in book.sheets()]
    except _BROKEN as error:
        if "encrypted" in str(error).lower():
            raise UnreadableError("PX-L003", "cartella di lavoro .xls protetta da password") from error
        raise UnreadableError("PX-L001", "file .xls troncato o danneggiato") from error
    macros = "_VBA_PROJECT".encode("utf-16-le") in data
    return grids, ["il file contiene macro"] if macros else []


def _grid(book: Any, sheet: Any, file: str) -> Grid:
    grid = Grid(file, sheet.name, hidden=sheet.visibility != 0)
    formats = [
        book.format_map[xf.format_key].format_str if xf.format_key in book.format_map else "General" for xf in book.xf_list
    ]
    for row in range(sheet.nrows):
        types, values, styles = (
            sheet.row_types(row),
            sheet.row_values(row),
            [sheet.cell_xf_index(row, c) for c in range(sheet.row_len(row))],
        )
        cells = {}
        for column, kind in enumerate(types):
            raw = _value(kind, values[column], formats[styles[column]], book.datemode == 1)
            if raw is not None:
                cells[column + 1] = raw
        if cells:
            grid.rows[row + 1] = cells
    grid.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    grid.hidden_columns = {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden}
    grid.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    return grid


def _value(kind: int, value: Any, number_format: str, date1904: bool) -> RawCell | None:
    if kind == xlrd.XL_CELL_TEXT:
        return (CellKind.TEXT, value, number_format, False) if value else None
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return number_cell(float(value), number_format, date1904=date1904, formula=False)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return CellKind.BOOL, bool(value), number_format, False
    if kind == xlrd.XL_CELL_ERROR:
        return CellKind.ERROR, xlrd.error_text_from_code.get(value, "#N/D"), number_format, False
    return None
