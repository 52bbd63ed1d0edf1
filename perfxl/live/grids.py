"""Sheets of the open workbook as the readers' grids: values and formulas in one call each, formats where they matter.

The kinds come out as from a file (see `perfxl.readers.formats`): what Excel shows as a percent is a percent, serial 0 under a
date format is a zero date, an error is an error, and a text that begins with `=` is a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfxl.live.areas import Rect, parsed, uniform_parts
from perfxl.live.native import native
from perfxl.model.cells import CellKind
from perfxl.readers.formats import kind_of_format, number_cell
from perfxl.readers.grid import Grid

if TYPE_CHECKING:
    from perfxl.readers.grid import RawCell

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"})
_EPOCH, _FIRST_OF_MARCH = date(1899, 12, 30), date(1900, 3, 1)


@dataclass(slots=True)
class LiveSheet:
    """A sheet as read: the grid, the bare values (the first being A1), the formulas of cells that have one."""

    name: str
    grid: Grid
    values: list[list[Any]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    def blank(self, row: int, column: int) -> bool:
        """No value, or only blanks, and no formula."""
        return self.grid.cell(row, column).empty and (row, column) not in self.formulas


def block(value: Any) -> list[list[Any]]:
    """A 2-D list of what a range gave: one cell comes bare, a row or the formulas as tuples."""
    if not isinstance(value, (list, tuple)):
        return [[value]]
    if value and not isinstance(value[0], (list, tuple)):
        return [list(value)]
    return [list(row) for row in value]


def read_sheet(sheet: Any, file: str, *, bare: bool = False) -> LiveSheet:
    """Read a sheet of an open workbook. Nothing is computed or changed.

    `bare`: values and formulas are enough (a tab of perfxl's own): formats, merged areas and hidden rows aren't asked for.
    """
    used = sheet.used_range
    area = parsed(used.address)
    values = block(used.options(ndim=2, err_to_str=True).value)
    found = LiveSheet(sheet.name, Grid(file, sheet.name, hidden=not sheet.visible))
    if area.single and values == [[None]]:
        return found
    formulas = block(used.formula)
    texts = {(area.top + i, area.left + j): f for i, row in enumerate(formulas) for j, f in enumerate(row)}
    held = {(area.top + i, area.left + j): v for i, row in enumerate(values) for j, v in enumerate(row)}
    found.formulas = {at: f for at, f in texts.items() if isinstance(f, str) and f.startswith("=") and f != held[at]}
    found.values = _from_a1(values, area)
    formats = {} if bare else _formats(sheet, held)
    for (row, column), value in held.items():
        formula = (row, column) in found.formulas
        if value is not None or formula:
            raw = raw_cell(value, formats.get((row, column), "General"), formula=formula)
            found.grid.rows.setdefault(row, {})[column] = raw
    if bare:
        return found
    found.grid.merged = merged_areas(sheet, area)
    found.grid.hidden_rows = _hidden_rows(sheet, area)
    return found


def raw_cell(value: Any, number_format: str, *, formula: bool) -> RawCell:
    """A value as Excel gives it, in the readers' terms."""
    if value is None or value == "":
        return CellKind.EMPTY, None, number_format, formula
    if isinstance(value, bool):
        return CellKind.BOOL, value, number_format, formula
    if isinstance(value, datetime):
        return _date_cell(value, number_format, formula=formula)
    if isinstance(value, (int, float, Decimal)):
        kind, number, _, _ = number_cell(float(value), _not_a_date(number_format), date1904=False, formula=formula)
        return kind, number, number_format, formula
    if isinstance(value, time):
        return CellKind.ZERO_DATE, None, number_format, formula
    text = str(value)
    return CellKind.ERROR if text in ERRORS else CellKind.TEXT, text, number_format, formula


def _not_a_date(number_format: str) -> str:
    """Excel gives a date as a date: a number that comes as a number is none, whatever its format says."""
    return "General" if kind_of_format(number_format) is CellKind.DATE else number_format


def _date_cell(value: datetime, number_format: str, *, formula: bool) -> RawCell:
    """COM counts days from 30/12/1899; Excel's first two months of 1900 lie one day further on."""
    day = value.date()
    if day <= _EPOCH:
        return CellKind.ZERO_DATE, None, number_format, formula
    return CellKind.DATE, day + timedelta(days=1) if day < _FIRST_OF_MARCH else day, number_format, formula


def _from_a1(values: list[list[Any]], area: Rect) -> list[list[Any]]:
    before: list[Any] = [None] * (area.left - 1)
    return [[] for _ in range(area.top - 1)] + [before + row for row in values]


def _formats(sheet: Any, values: dict[tuple[int, int], Any]) -> dict[tuple[int, int], str]:
    """Number formats of the cells that hold a number: only there they decide what the cell says."""
    numbers = {at for at, v in values.items() if isinstance(v, (int, float, Decimal)) and not isinstance(v, bool)}
    rows_of: dict[int, list[int]] = {}
    for row, column in numbers:
        rows_of.setdefault(column, []).append(row)
    found: dict[tuple[int, int], str] = {}
    for column, rows in rows_of.items():
        strip = Rect(min(rows), column, max(rows), column)
        parts = uniform_parts(strip, lambda part: sheet.range(part.a1).number_format, lambda part: _any(part, rows_of))
        for part, number_format in parts:
            for row in rows:
                if part.top <= row <= part.bottom:
                    found[row, column] = number_format or "General"
    return found


def _any(part: Rect, rows_of: dict[int, list[int]]) -> bool:
    return any(part.top <= row <= part.bottom for row in rows_of[part.left])


def merged_areas(sheet: Any, area: Rect) -> list[tuple[int, int, int, int]]:
    """Merged areas within `area`; one question where there is none."""
    found: set[tuple[int, int, int, int]] = set()

    def whole(part: Rect) -> bool | None:
        merged = sheet.range(part.a1).merge_cells
        if merged is False or merged is None:
            return merged
        rect = parsed(sheet.range(Rect(part.top, part.left, part.top, part.left).a1).merge_area.address)
        found.add((rect.top, rect.left, rect.bottom, rect.right))
        return True if rect.has(part.bottom, part.right) else None

    for _ in uniform_parts(area, whole):
        pass
    return sorted(found)


def _hidden_rows(sheet: Any, area: Rect) -> set[int]:
    def hidden(part: Rect) -> bool | None:
        rows = sheet.range(f"{part.top}:{part.bottom}")
        api = native(rows)
        answer: bool | None = rows.rows.hidden if api is None else api.Hidden
        return answer

    parts = uniform_parts(Rect(area.top, 1, area.bottom, 1), hidden)
    return {row for part, answer in parts if answer for row in range(part.top, part.bottom + 1)}
