"""A sheet as it was sent: which cells are the office's own, what stands in the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.forms.identity import SHEET
from perfxl.readers.container import Parts
from perfxl.readers.grid import Grid, is_blank, raw_text
from perfxl.readers.quick_scan import column_number
from perfxl.readers.workbook import read_grids
from perfxl.readers.xlsx_parts import read_book
from perfxl.readers.xml_scan import elements

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.readers.grid import RawCell

STYLES = "xl/styles.xml"
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)" s="(\d+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to fill in.

    `own` are the columns to fill, row by row. `plain` are the columns that hold neither cells to fill nor formulas in any
    row: their texts are what a row is known by.
    """

    grid: Grid
    own: dict[int, tuple[int, ...]]
    plain: tuple[int, ...]

    def key(self, grid: Grid, row: int) -> tuple[str, ...]:
        """What a row of this page, or of its reply, is known by."""
        cells = grid.rows.get(row, {})
        return tuple(raw_text(cells[column]) if column in cells else "" for column in self.plain)

    def is_own(self, row: int, column: int) -> bool:
        """Whether a cell is the office's to fill."""
        return column in self.own.get(row, ())


def sent_pages(path: Path) -> tuple[Page, ...]:
    """The pages of a sheet that we made, in their order. FileNotFoundError where somebody took it away."""
    state = path.stat()
    return _pages(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _pages(path: Path, *_stamp: int) -> tuple[Page, ...]:
    unlocked = unlocked_cells(path.read_bytes())
    grids = read_grids(path)[0]
    return tuple(_page(grid, unlocked[grid.name]) for grid in grids if unlocked.get(grid.name) and grid.name != SHEET)


def _page(grid: Grid, own: dict[int, tuple[int, ...]]) -> Page:
    filled = {column for columns in own.values() for column in columns}
    formulas = {column for cells in grid.rows.values() for column, raw in cells.items() if raw[3]}
    used = {column for cells in grid.rows.values() for column, raw in cells.items() if constant(raw)}
    return Page(grid, own, tuple(sorted(used - filled - formulas)))


def constant(raw: RawCell | None) -> bool:
    """Whether a cell holds something that isn't a formula's."""
    return raw is not None and not raw[3] and not is_blank(raw)


def unlocked_cells(data: bytes) -> dict[str, dict[int, tuple[int, ...]]]:
    """The unlocked cells of the visible sheets of a workbook that we wrote: sheet → row → columns.

    Source: ECMA-376 part 1, 18.8.33 (`protection`). The cells are found as XlsxWriter writes them: a style is always there.
    """
    parts = Parts(data)
    styles = _unlocked_styles(parts.read(STYLES))
    found: dict[str, dict[int, tuple[int, ...]]] = {}
    for sheet in read_book(parts).sheets:
        if sheet.hidden:
            continue
        rows: dict[int, tuple[int, ...]] = {}
        for letters, row, style in _CELL.findall(parts.read(sheet.part)):
            if style in styles:
                rows[int(row)] = (*rows.get(int(row), ()), column_number(letters.decode()))
        found[sheet.name] = rows
    return found


@lru_cache(maxsize=8)
def _unlocked_styles(data: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles whose protection says `locked="0"`."""
    found, number, inside = set(), -1, False
    for name, given in elements(data, STYLES):
        if name == "cellXfs":
            inside = True
        elif name in ("cellStyles", "dxfs"):
            inside = False
        elif inside and name == "xf":
            number += 1
        elif inside and name == "protection" and given.get("locked") in ("0", "false"):
            found.add(b"%d" % number)
    return frozenset(found)
