"""A tab as a declaration: tables of columns over items, charts, print set-up. No address and no spreadsheet library here.

A column says where its value comes from and, where it is native, which formula stands in the cell; formulas name other
columns in braces (see `perfxl.views.place`). Two renderers write the same placed cells: a file, and live Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

Value = str | int | float | Decimal | date | None
"""What a cell can hold: the literal, or the figure that a formula is cached with. Percentages are fractions (0.4275)."""


class Kind(StrEnum):
    """What a column holds: number format and alignment follow from it."""

    TEXT = "text"
    CENTRED = "centred"
    PERCENT = "percent"
    PERCENT_LONG = "percent_long"  # a percent whose further decimals must be seen (98,455 %)
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    AMOUNT = "amount"  # money in a table of money: no sign
    DATE = "date"
    TICK = "tick"  # 1 shown as «Sì», 0 as «No»
    STATE = "state"


class Tone(StrEnum):
    """The part that a cell plays on the page: font, fill and borders follow from it."""

    PLAIN = "plain"
    ROOT = "root"
    AREA = "area"
    STRATEGIC = "strategic"
    MUTED = "muted"
    INPUT = "input"  # to be filled by a person
    TITLE = "title"
    SUBTITLE = "subtitle"
    SECTION = "section"
    HEADING = "heading"
    HEADLINE = "headline"
    LABEL = "label"
    HELPER = "helper"


class Style(NamedTuple):
    """All that decides how a cell looks; hashable, so that a renderer makes one format for each."""

    kind: Kind = Kind.TEXT
    tone: Tone = Tone.PLAIN
    wrap: bool = False
    indent: int = 0
    link: bool = False


class Link(NamedTuple):
    """A hyperlink: `inside` holds a name in braces (a cell of this workbook), `outside` a path relative to the output."""

    inside: str = ""
    outside: str = ""
    anchor: str = ""  # 'Foglio 1'!C7, of `outside`


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `value`, `formula`, `link` and `tone` are asked for each item; a formula has no leading `=`.

    `width` is in characters. A `helper` column is folded away and left out of the print. `span` merges columns of the grid.
    `only` are the items that a column has a cell for (none elsewhere, not even an empty one with a border); None: all.
    """

    key: str
    heading: str
    width: float
    value: Callable[[Any], Value]
    kind: Kind | Callable[[Any], Kind] = Kind.TEXT
    formula: Callable[[Any], str | None] | str | None = None
    link: Callable[[Any], Link | None] | None = None
    tone: Tone | None = None
    indent: Callable[[Any], int] | None = None
    wrap: bool = False
    helper: bool = False
    only: Sequence[int] | None = None
    choices: tuple[str, ...] = ()
    span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a tab; its name is unique in the workbook and formulas use it. `top` and `left` count from 0 (its title's row)."""

    name: str
    columns: tuple[Column, ...]
    items: Sequence[Any]
    top: int
    left: int = 0
    title: str = ""
    headings: bool = True
    autofilter: bool = False
    nothing: str = ""  # the sentence that stands in place of an empty table
    tone: Callable[[Any], Tone] | None = None
    outline: Callable[[Any], int] | None = None
    block: Callable[[int], tuple[int, int]] | None = None  # index of an item -> first and last index of those beneath it
    height: float | None = None
    heading_height: float | None = None

    @property
    def heading_row(self) -> int:
        """Row of the headings."""
        return self.top + bool(self.title)

    @property
    def first_row(self) -> int:
        """Row of the first item."""
        return self.heading_row + self.headings

    @property
    def last_row(self) -> int:
        """Row of the last item; the first row where there is none (it holds the `nothing` sentence)."""
        return self.first_row + max(len(self.items), 1) - 1


class ChartKind(StrEnum):
    """What a chart draws."""

    BAR = "bar"
    COLUMN = "column"
    LINE = "line"
    RADAR = "radar"
    PIE = "pie"


HEADING = -1
"""In a `Span`: the cell of the column's heading."""


class Span(NamedTuple):
    """Cells of a chart's table: a column, from one item to another (both counted from 0)."""

    column: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a chart: cells in the order in which they are drawn, those of the labels beside."""

    name: str
    categories: tuple[Span, ...]
    values: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over cells of a table; `top`, `left` are its cell, sizes are in pixels.

    `categories` and `values` name two whole columns, or the cells of the `items` from one to another (both counted from 0); where
    there are `series`, they say it all.
    """

    title: str
    table: str
    categories: str
    values: str
    top: int
    left: int
    width: int
    height: int
    colours: tuple[str, ...] = ()  # one for each bar
    patterns: tuple[str, ...] = ()  # one for each bar, for black and white
    unlabelled: frozenset[int] = frozenset()  # bars of items that have no figure
    percent: bool = False
    kind: ChartKind = ChartKind.BAR
    series: tuple[Series, ...] = ()
    number_format: str = ""  # of the axis and of the labels; those of the cells where it is empty
    labelled: bool = True  # figures beside the bars and points
    bounds: tuple[float | None, float | None] = (None, None)  # of the axis of values
    items: tuple[int, int] | None = None
    label_room: float = 0  # share of the width kept for long labels of bars; 0: as the application likes


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab. The columns of the `main` table (by default the last) give widths, frozen panes and repeated rows."""

    name: str
    title: str
    subtitle: str
    tables: tuple[Table, ...]
    colour: str
    charts: tuple[Chart, ...] = ()
    main: str = ""
    freeze_columns: int = 0
    freeze: bool = True
    repeat: bool = False  # the main table's headings on every page, where panes aren't frozen
    gridlines: bool = False
    widths: Mapping[int, float] = field(default_factory=dict)  # grid of a page that isn't one table
    heights: Mapping[int, float] = field(default_factory=dict)
    portrait: bool = False
    one_page: bool = False  # printed on a single page, however small
    breaks: tuple[int, ...] = ()  # rows that begin a page of the print

    @property
    def main_table(self) -> Table:
        """The table that the tab is about."""
        return next((table for table in self.tables if table.name == self.main), self.tables[-1])
