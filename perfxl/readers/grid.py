"""A sheet's cells as stored: kinds and values by row and column, before any layout is applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from perfxl.model.cells import Cell, CellKind, CellRef

if TYPE_CHECKING:
    from datetime import date

Value: TypeAlias = "Decimal | date | str | bool | None"
RawCell: TypeAlias = "tuple[CellKind, Value, str, bool]"  # kind, value, number format, comes from a formula
Rectangle: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column

LAST_COLUMN = 16_384
MAX_CELLS = 2_000_000
"""Cells with content that a sheet may have; beyond, the file is refused (PX-L004)."""

_BLANKS = " \t\r\n\xa0"


@dataclass(slots=True)
class Grid:
    """A sheet: `rows[row][column]` holds only cells with content (or a formula); rows and columns count from 1."""

    file: str
    name: str
    rows: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    merged: list[Rectangle] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)

    def cell(self, row: int, column: int) -> Cell:
        """The cell with its address; an `EMPTY` one (with its address too) where nothing is stored."""
        ref = _new(CellRef)
        _file(ref, self.file), _sheet(ref, self.name), _row(ref, row), _column(ref, column)
        kind, value, number_format, formula = self.rows.get(row, _NO_CELLS).get(column, _NOTHING)
        cell = _new(Cell)
        _kind(cell, kind), _value(cell, value), _ref(cell, ref), _format(cell, number_format), _formula(cell, formula)
        return cell

    def text(self, row: int, column: int) -> str:
        """The content as read in the office, blanks (also no-break ones) collapsed."""
        raw = self.rows.get(row, _NO_CELLS).get(column)
        return "" if raw is None else raw_text(raw)

    def texts(self, row: int) -> dict[int, str]:
        """Non-empty contents of a row by column."""
        stored = self.rows.get(row, _NO_CELLS)
        return {column: text for column, raw in stored.items() if (text := raw_text(raw))}


_NO_CELLS: dict[int, RawCell] = {}
_NOTHING: RawCell = (CellKind.EMPTY, None, "General", False)

# A workbook has thousands of cells: filled through their slots they take a third of the time of a frozen dataclass's __init__.
_new = object.__new__
_file, _sheet, _row, _column = (getattr(CellRef, name).__set__ for name in ("file", "sheet", "row", "column"))
_kind, _value, _ref, _format, _formula = (
    getattr(Cell, name).__set__ for name in ("kind", "value", "ref", "number_format", "formula")
)


def raw_text(raw: RawCell) -> str:
    """Text of a stored cell, blanks collapsed."""
    if raw[0] is CellKind.TEXT:
        return collapsed(raw[1])
    return Cell(raw[0], raw[1], None, raw[2]).text


@lru_cache(maxsize=1 << 14)
def collapsed(text: str) -> str:
    """One blank between words, none around them."""
    return " ".join(text.split())


def is_blank(raw: RawCell) -> bool:
    """Nothing, or only blanks."""
    return raw[0] is CellKind.EMPTY or (raw[0] is CellKind.TEXT and not str(raw[1]).strip(_BLANKS))


def stored_number(value: float) -> Decimal:
    """The decimal that a stored double stands for: `repr` of the float (0.9, not 0.90000000000000002)."""
    if value.is_integer() and abs(value) < 1e15:
        return Decimal(int(value))
    return Decimal(repr(value))
