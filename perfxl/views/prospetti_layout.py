"""Where the tables and charts of a statements' tab lie: beside a narrow table, beneath a wide one, and no chart cut by a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

from perfxl.views.place import CHARACTERS_TO_WIDTH
from perfxl.views.tab import Chart, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROW = 20
"""Pixels of a row that nobody has set."""

LINE = 17
"""Pixels of a line of a wrapped text."""

CHARACTER, CELL = 7, 5
"""Pixels of a character of width, and of a cell's borders."""

NARROW = 1020
"""Pixels of a grid beside which charts still fit the page; beside a wider one everything would become too small to read."""

PAGE_WIDTH, PAGE_HEIGHT = 1046, 680
"""Pixels of an A4 lying down within its margins, unscaled."""

BESIDE, LEAST, MARGIN = 620, 520, 16
GAP = 2
"""Rows between a block and the next."""


@dataclass(slots=True)
class Block:
    """A statement's tables, one beneath another, and its charts; their places are still to be found."""

    tables: list[Table]
    charts: list[Chart] = field(default_factory=list)


@dataclass(slots=True)
class Laid:
    """Tables and charts with their places; `breaks` are the rows that begin a page."""

    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def room_of(widths: Mapping[int, float]) -> int:
    """Pixels of a grid."""
    return sum(pixels(width) for width in widths.values())


def pixels(width: float) -> int:
    """Pixels of a column."""
    return int(width * CHARACTER + CELL)


def chart_width(room: int) -> int:
    """How wide a chart of a grid is: two stand side by side beneath a wide one."""
    if room <= NARROW:
        return BESIDE
    return max(LEAST, min(room - 12, 980) if room < 2 * 760 else room // 2 - MARGIN)


def laid_out(blocks: Sequence[Block], widths: Mapping[int, float], top: int) -> Laid:
    """Blocks one beneath another from row `top` on."""
    room = room_of(widths)
    has_charts = any(block.charts for block in blocks)
    pages = _Pages(room + (BESIDE if room <= NARROW and has_charts else 0), used=top * ROW)
    out = Laid()
    for block in blocks:
        tables = _one_beneath_another(block.tables, top)
        height = _height(tables)
        column, most = _beside(tables, widths)
        if column:
            charts, end = _right_of(block.charts, column, most, top)
            pages.take(top, max(height, (end - top) * ROW))
        else:
            pages.take(top, height)
            charts, end = _beneath(block.charts, widths, tables[-1].last_row + 2, pages)
        top = max(tables[-1].last_row + 1, end) + GAP
        out.tables += tables
        out.charts += charts
    out.breaks = pages.breaks if has_charts else []
    return out


def _beside(tables: Sequence[Table], widths: Mapping[int, float]) -> tuple[int, int]:
    """The column in which charts stand beside a block and how wide they may be; (0, 0) where they have to go beneath it."""
    room = room_of(widths)
    if room <= NARROW:
        return max(widths, default=0) + 1, BESIDE
    half, start = _column_at(widths, room // 2)
    return (half, room - start - MARGIN) if max(_extent(table, widths) for table in tables) <= start else (0, 0)


class _Pages:
    """Follows the pages as blocks are set: what would be cut by the end of one begins the next."""

    def __init__(self, room: int, used: int) -> None:
        self.breaks: list[int] = []
        self._height = PAGE_HEIGHT * max(1.0, room / PAGE_WIDTH)
        self._used: float = used

    def take(self, row: int, height: int) -> None:
        """Something so high begins at a row. What is higher than a page is cut anyway: it follows what stands above it."""
        if self._used and self._used + height > self._height and height <= self._height:
            self.breaks.append(row)
            self._used = 0
        self._used = (self._used + height + GAP * ROW) % self._height


def _one_beneath_another(tables: Sequence[Table], top: int) -> list[Table]:
    placed: list[Table] = []
    for table in tables:
        placed.append(replace(table, top=placed[-1].last_row + 1 if placed else top))
    return placed


def _right_of(charts: Sequence[Chart], left: int, most: int, top: int) -> tuple[list[Chart], int]:
    """Charts one beneath another in a column, and the first free row."""
    placed = []
    for chart in charts:
        placed.append(replace(chart, top=top, left=left, width=min(chart.width, most)))
        top += _rows(chart) + 1
    return placed, top


def _beneath(charts: Sequence[Chart], widths: Mapping[int, float], top: int, pages: _Pages) -> tuple[list[Chart], int]:
    """Charts in lines of as many as fit, and the first free row."""
    room, placed = room_of(widths), []
    waiting = list(charts)
    while waiting:
        count = 2 if len(waiting) > 1 and waiting[0].width + waiting[1].width <= room else 1
        line, waiting = waiting[:count], waiting[count:]
        pages.take(top, max(chart.height for chart in line))
        for index, chart in enumerate(line):
            left, start = _column_at(widths, index * room // 2)
            placed.append(replace(chart, top=top, left=left, width=min(chart.width, room - start - MARGIN)))
        top += max(map(_rows, line)) + 1
    return placed, top


def _column_at(widths: Mapping[int, float], offset: int) -> tuple[int, int]:
    """The first column that begins at an offset or after it, and where it begins."""
    columns = sorted(widths)
    starts = accumulate((pixels(widths[column]) for column in columns), initial=0)
    return next(((column, start) for column, start in zip(columns, starts, strict=False) if start >= offset), (0, 0))


def _extent(table: Table, widths: Mapping[int, float]) -> int:
    """Pixels that a table takes; its last column may run on beyond the grid's."""
    if not table.headings:
        return 0
    at = table.left + sum(column.span for column in table.columns) - 1
    return sum(pixels(widths.get(column, 0)) for column in range(at)) + pixels(max(widths.get(at, 0), table.columns[-1].width))


def _rows(chart: Chart) -> int:
    return ceil(chart.height / ROW)


def _height(tables: Sequence[Table]) -> int:
    """Pixels of tables, about: the length of wrapped texts tells the lines of a row."""
    rows = 0
    for table in tables:
        wrapped = [column for column in table.columns if column.wrap and not column.helper]
        rows += (table.last_row - table.top + 1) * ROW
        for item in table.items:
            texts = ((column.value(item), column.width) for column in wrapped)
            lines = max(
                (ceil(len(text) / (width * CHARACTERS_TO_WIDTH)) for text, width in texts if isinstance(text, str)), default=1
            )
            rows += max(0, lines - 1) * LINE
    return rows
