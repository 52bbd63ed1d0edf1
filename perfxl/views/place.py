"""From declarations to placed cells: names in braces become addresses, and nothing else is left to a renderer than to write.

Names in formulas and links:
`{key}` the cell of that column in the same row (survives sorting) · `{key@}` the rows beneath this one, in the same table ·
`{Table.key}` the whole column of a table · `{Table.key#3}` its fourth cell · `{Table.key#3:7}` the fourth to the eighth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from perfxl.views.columns import Placed, PlacedColumn, placed_column
from perfxl.views.tab import HEADING, Chart, Kind, Span, Style, Tab, Table, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfxl.findings import Finding

CHARACTERS_TO_WIDTH = 1.22
"""Characters of the tables' type (10 points) in a unit of width (a digit of 11 points)."""

LINE_HEIGHT, HIGHEST_ROW = 12.75, 399.0

_NAME = re.compile(r"\{(?:(\w+)\.)?(\w+)(?:#(\d+(?::\d+)?)|(@))?\}")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*")

_ADDRESS, _INDENT = itemgetter(0, 1), itemgetter(3)

CELL_BORDER, DIGIT, USUAL_WIDTH = 5, 7, 8.43
"""Pixels of a cell's borders and of a unit of width; the units of a column of which nothing is said."""

A4_WIDTH, A3_WIDTH = 1046, 1511
"""Pixels of a page lying down within its margins, unscaled."""

READABLE, LEAST = 0.6, 0.35
"""Scale under which a tab goes to A3, and under which not even that can be read: then it takes several pages side by side."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass(frozen=True, slots=True)
class PlacedSeries:
    """A series of a chart as areas of a sheet, as few as hold its cells."""

    name: str
    categories: tuple[Area, ...]
    values: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart with its series as areas of a sheet."""

    chart: Chart
    series: tuple[PlacedSeries, ...]

    @property
    def categories(self) -> Area:
        """The first area of the labels."""
        return self.series[0].categories[0]

    @property
    def values(self) -> Area:
        """The first area of the values."""
        return self.series[0].values[0]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a tab is printed on. `scale`: per cent of a tab several pages wide, whose first `columns` stand on each; 0: one page."""

    a3: bool = False
    scale: int = 0
    columns: int = 0


@dataclass(slots=True)
class Sheet:
    """A tab ready to be written: its cells, column by column, and what surrounds them."""

    tab: Tab
    columns: list[PlacedColumn]  # titles and headings are columns of one cell
    widths: dict[int, float]
    helpers: list[int]
    heights: dict[int, float]
    outline: dict[int, int]
    freeze: tuple[int, int] | None
    autofilter: Area | None
    repeat: tuple[int, int] | None
    print_area: Area
    paper: Paper
    states: list[Area]
    choices: list[tuple[Area, tuple[str, ...]]]
    charts: list[PlacedChart]

    def cells(self, columns: Iterable[PlacedColumn] | None = None) -> list[Placed]:
        """The cells, or those of some columns, in row order."""
        chosen = self.columns if columns is None else columns
        return sorted((cell for column in chosen for cell in column.cells()), key=_ADDRESS)


@dataclass(frozen=True, slots=True)
class Book:
    """All the sheets, with what holds for the whole workbook."""

    sheets: list[Sheet]
    decimals: int
    footer: str
    properties: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()  # of the writing itself


def letters(column: int) -> str:
    """`0` is `A`, `26` is `AA`."""
    text, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


def quoted(sheet: str) -> str:
    """A sheet's name as a formula needs it."""
    return sheet if _PLAIN_SHEET.fullmatch(sheet) and sheet.isascii() else "'" + sheet.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class _Home:
    tab: str
    table: Table
    columns: dict[str, int]

    def at(self, key: str, row: int) -> str:
        return f"{quoted(self.tab)}!${letters(self.columns[key])}${row + 1}"

    def whole(self, key: str) -> str:
        column = letters(self.columns[key])
        return f"{quoted(self.tab)}!${column}${self.table.first_row + 1}:${column}${self.table.last_row + 1}"

    def part(self, key: str, item: str) -> str:
        """One cell (`3`) or several one beneath another (`3:7`), counted from the first item."""
        first, _, last = item.partition(":")
        text = self.at(key, self.table.first_row + int(first))
        return f"{text}:${letters(self.columns[key])}${self.table.first_row + int(last) + 1}" if last else text

    def area(self, key: str, items: tuple[int, int] | None = None) -> Area:
        """The cells of a column, or those of the items from one to another."""
        column, start = self.columns[key], self.table.first_row
        first, last = (start, self.table.last_row) if items is None else (start + items[0], start + items[1])
        return first, column, last, column


def _grid_columns(table: Table) -> dict[str, int]:
    places, at = {}, table.left
    for column in table.columns:
        places[column.key] = at
        at += column.span
    return places


def place(tabs: Sequence[Tab]) -> list[Sheet]:
    """Place all tabs: they refer to one another, so they are placed together. KeyError for a name that no table has."""
    homes = {table.name: _Home(tab.name, table, _grid_columns(table)) for tab in tabs for table in tab.tables}
    return [_sheet(tab, homes) for tab in tabs]


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[str | tuple[str, str, str, bool], ...]:
    parts: list[str | tuple[str, str, str, bool]] = []
    end = 0
    for match in _NAME.finditer(template):
        parts.append(template[end : match.start()])
        parts.append((match[1] or "", match[2], match[3] or "", match[4] is not None))
        end = match.end()
    parts.append(template[end:])
    return tuple(part for part in parts if part)


class _Addresses:
    """Turns the names of one table's formulas into addresses."""

    def __init__(self, home: _Home, homes: dict[str, _Home]) -> None:
        self._home = home
        self._homes = homes
        self._letters = {key: letters(column) for key, column in home.columns.items()}
        self._fixed: dict[tuple[str, str, str], str] = {}
        self._cut: dict[str, list[str] | None] = {}

    def of(self, template: str, index: int) -> str:
        """The formula of an item. Where only the row's number changes from item to item, the rest is worked out once."""
        row = str(self._home.table.first_row + index + 1)
        if template not in self._cut:
            self._cut[template] = self._around_row(template)
        around = self._cut[template]
        if around is not None:
            return row.join(around)
        return "".join(part if isinstance(part, str) else self._one(part, row, index) for part in _parts(template))

    def down(self, template: str, indexes: Sequence[int]) -> list[str]:
        """The formula of each of these items."""
        self.of(template, indexes[0] if indexes else 0)
        around, first = self._cut[template], self._home.table.first_row + 1
        if around is None:
            return [self.of(template, index) for index in indexes]
        return [str(first + index).join(around) for index in indexes]

    def _around_row(self, template: str) -> list[str] | None:
        """The formula cut where the row's number stands; None where it names the rows beneath."""
        pieces = [""]
        for part in _parts(template):
            if isinstance(part, str):
                pieces[-1] += part
            elif part[3]:
                return None
            elif part[0]:
                pieces[-1] += self._elsewhere(*part[:3])
            else:
                pieces[-1] += self._letters[part[1]]
                pieces.append("")
        return pieces

    def _one(self, part: tuple[str, str, str, bool], row: str, index: int) -> str:
        table, key, item, beneath = part
        if table:
            return self._elsewhere(table, key, item)
        column = self._letters[key]
        if not beneath:
            return column + row
        block = self._home.table.block
        assert block is not None, f"{self._home.table.name} has no blocks"
        first, last = block(index)
        shift = self._home.table.first_row + 1
        return f"{column}${first + shift}:{column}${last + shift}"

    def _elsewhere(self, table: str, key: str, item: str) -> str:
        """A whole column of a table, or one cell of it."""
        name = (table, key, item)
        if name not in self._fixed:
            home = self._homes[table]
            self._fixed[name] = home.part(key, item) if item else home.whole(key)
        return self._fixed[name]


def _sheet(tab: Tab, homes: dict[str, _Home]) -> Sheet:
    main = tab.main_table
    right = max(home for table in tab.tables for home in _visible(table))
    right = max([right, *(_chart_right(tab, chart) for chart in tab.charts)])
    columns = [*_titles(tab)]
    for table in tab.tables:
        columns += _around(homes[table.name])
        columns += _items(homes[table.name], homes)
    last = max([*(column.rows[-1] for column in columns if column.rows), *(c.top + c.height // 20 for c in tab.charts)])
    places = homes[main.name].columns
    return Sheet(
        tab=tab,
        columns=columns,
        widths=_widths(tab),
        helpers=[places[column.key] for column in main.columns if column.helper],
        heights={row: _whole_pixels(height) for row, height in (_text_heights(tab, columns) | _heights(tab)).items()},
        outline=_outline(tab),
        freeze=(main.first_row, tab.freeze_columns) if tab.freeze else None,
        autofilter=(main.heading_row, main.left, main.last_row, max(_all(main))) if main.autofilter and main.items else None,
        repeat=(main.heading_row, main.heading_row) if tab.freeze or tab.repeat else None,
        print_area=(0, 0, last, right),
        paper=_paper(tab, right),
        states=[homes[t.name].area(c.key) for t in tab.tables for c in t.columns if c.kind is Kind.STATE],
        choices=[(homes[t.name].area(c.key), c.choices) for t in tab.tables for c in t.columns if c.choices and t.items],
        charts=[_chart(chart, homes) for chart in tab.charts],
    )


def _pixels(widths: Mapping[int, float], column: int) -> int:
    return int(widths.get(column, USUAL_WIDTH) * DIGIT + CELL_BORDER)


def _paper(tab: Tab, right: int) -> Paper:
    """A4 where it can be read; else A3, on one page of width or on several that repeat the first columns."""
    hidden = {_grid_columns(tab.main_table)[column.key] for column in tab.main_table.columns if column.helper}
    widths = _widths(tab)
    room = sum(_pixels(widths, at) for at in range(right + 1) if at not in hidden)
    if tab.portrait or READABLE * room <= A4_WIDTH:
        return Paper()
    if LEAST * room <= A3_WIDTH:
        return Paper(a3=True)
    return Paper(a3=True, scale=round(READABLE * 100), columns=tab.freeze_columns)


def _chart_right(tab: Tab, chart: Chart) -> int:
    """The last column that a chart of several series lies over; those of one stand within the page's own grid."""
    column, left = chart.left, chart.width if chart.series else 0
    widths = _widths(tab)
    while left > 0:
        left -= _pixels(widths, column)
        column += 1
    return max(chart.left, column - 1) if chart.series else 0


def _visible(table: Table) -> Iterator[int]:
    at = table.left
    for column in table.columns:
        at += column.span
        if not column.helper:
            yield at - 1


def _all(table: Table) -> Iterator[int]:
    return iter(_grid_columns(table).values())


def _one(row: int, at: int, text: str, style: Style, span: int = 1) -> PlacedColumn:
    return PlacedColumn(at, (row,), (text,), (style,), span=span)


def _titles(tab: Tab) -> Iterator[PlacedColumn]:
    yield _one(0, 0, tab.title, Style(tone=Tone.TITLE))
    yield _one(1, 0, tab.subtitle, Style(tone=Tone.SUBTITLE))


def _heights(tab: Tab) -> dict[int, float]:
    heights = {0: 26.0, 1: 16.0}
    for table in tab.tables:
        if table.title:
            heights[table.top] = 20.0
        if table.headings and table.heading_height:
            heights[table.heading_row] = table.heading_height
        if table.height:
            heights |= dict.fromkeys(range(table.first_row, table.last_row + 1), table.height)
    return heights | dict(tab.heights)


def _whole_pixels(points: float) -> float:
    """Excel's rows are whole pixels high: three quarters of a point."""
    return round(points / 0.75) * 0.75


def _text_heights(tab: Tab, columns: Iterable[PlacedColumn]) -> dict[int, float]:
    """Heights by the length of wrapped texts: an application that opens the file may not work them out by itself."""
    free = {row for table in tab.tables if not table.height for row in range(table.first_row, table.last_row + 1)}
    widths = _widths(tab)
    lines: dict[int, int] = {}
    for column in columns:
        if not column.styles or not column.styles[0].wrap:
            continue
        width = sum(widths.get(other, 9.0) for other in range(column.at, column.at + column.span))
        rooms = {indent: max(4, int((width - 1.5 * indent) * CHARACTERS_TO_WIDTH)) for indent in {*map(_INDENT, column.styles)}}
        for row, value, style in zip(column.rows, column.values, column.styles, strict=True):
            if isinstance(value, str) and (len(value) > (room := rooms[style[3]]) or "\n" in value) and row in free:
                lines[row] = max(lines.get(row, 1), _lines(value, room))
    return {row: min(LINE_HEIGHT * count + 3, HIGHEST_ROW) for row, count in lines.items()}


@lru_cache(maxsize=1 << 15)
def _lines(text: str, width: int) -> int:
    """Lines that a text takes when it breaks at blanks."""
    count = 0
    for paragraph in text.split("\n"):
        if len(paragraph) <= width:
            count += 1
            continue
        left = 0
        count += 1
        for word in paragraph.split(" "):
            if left and left + 1 + len(word) > width:
                count += 1
                left = 0
            left += len(word) + bool(left)
            if left > width:
                count += (left - 1) // width
                left = (left - 1) % width + 1
    return count


def _widths(tab: Tab) -> dict[int, float]:
    places = _grid_columns(tab.main_table)
    return {places[column.key]: column.width for column in tab.main_table.columns} | dict(tab.widths)


def _outline(tab: Tab) -> dict[int, int]:
    levels: dict[int, int] = {}
    for table in tab.tables:
        if table.outline is not None:
            levels |= {table.first_row + i: table.outline(item) for i, item in enumerate(table.items)}
    return levels


def _chart(chart: Chart, homes: dict[str, _Home]) -> PlacedChart:
    home = homes[chart.table]
    if not chart.series:
        labels, values = (home.area(key, chart.items) for key in (chart.categories, chart.values))
        return PlacedChart(chart, (PlacedSeries("", (labels,), (values,)),))
    return PlacedChart(
        chart, tuple(PlacedSeries(s.name, _areas(home, s.categories), _areas(home, s.values)) for s in chart.series)
    )


def _areas(home: _Home, spans: Sequence[Span]) -> tuple[Area, ...]:
    """The areas of spans; those that touch, one beneath or beside another, are one."""
    areas: list[Area] = []
    for span in spans:
        column = home.columns[span.column]
        first, last = (home.table.heading_row if at == HEADING else home.table.first_row + at for at in span[1:])
        before = areas[-1] if areas else None
        if before is not None and before[1] == before[3] == column and before[2] + 1 == first:
            areas[-1] = before[0], column, last, column
        elif before is not None and before[3] + 1 == column and before[0] == before[2] == first == last:
            areas[-1] = first, before[1], first, column
        else:
            areas.append((first, column, last, column))
    return tuple(areas)


def _around(home: _Home) -> Iterator[PlacedColumn]:
    """A table's title and headings, and what stands in the place of its items where it has none."""
    table = home.table
    if table.title:
        yield _one(table.top, table.left, table.title, Style(tone=Tone.SECTION))
    if table.headings:
        for column in table.columns:
            tone = Tone.HELPER if column.helper else Tone.HEADING
            style = Style(Kind.TEXT, tone, wrap=True)
            yield _one(table.heading_row, home.columns[column.key], column.heading, style, column.span)
    if not table.items:
        yield _one(table.first_row, table.left, table.nothing, Style(tone=Tone.SUBTITLE))


def _items(home: _Home, homes: dict[str, _Home]) -> Iterator[PlacedColumn]:
    """The cells of a table's items."""
    table = home.table
    if table.items:
        tones = [table.tone(item) for item in table.items] if table.tone else None
        addresses = _Addresses(home, homes)
        for column in table.columns:
            yield placed_column(column, home.columns[column.key], table, tones, addresses)
