"""A statement as read and computed: figures with their cells, lines, columns. Every figure knows what it follows from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from perfxl.model import Cell, Target
    from perfxl.statements.schema import Column, ColumnKind, Declaration, Rule

_NO_FIGURES = frozenset({"text", "date", "target"})


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a statement: one of the declaration's, or one of those that repeat (`series`)."""

    key: str
    heading: str  # as written, or the declaration's title
    kind: ColumnKind
    width: float
    at: int | None  # column of the sheet, from 1; None: only computed
    year: int | None = None
    series: bool = False
    rounded: bool = False
    declared: Column | None = None
    of: str = ""  # the declaration's column that it repeats for a year


@dataclass(slots=True, eq=False, repr=False)
class Figure:
    """A cell of a statement. Percentages in percent, amounts as written; `value` counts: computed where a rule gives it.

    `typed` is what the sheet holds (None: nothing, or not measured). `reason` says in Italian why there is no computed value.
    """

    line: Line
    field: Field
    cell: Cell
    typed: Fraction | None = None
    value: Fraction | None = None
    rule: Rule | None = None
    reason: str = ""
    operands: tuple[Figure, ...] = ()
    target: Target | None = None
    unit: str = ""  # "%" where an algorithm gives a percentage in a column of figures of many units

    def __repr__(self) -> str:  # the graph has cycles: a figure tells itself, not all that it hangs from
        return f"Figure({self.line.statement.id}!{self.name}, typed={self.typed}, value={self.value})"

    @property
    def kind(self) -> ColumnKind:
        """What it holds: what its line says, else what its column does."""
        fixed = self.field.kind in _NO_FIGURES or (self.field.declared is not None and self.field.declared.always)
        own = None if fixed else self.line.kind
        return own or self.field.kind

    @property
    def text(self) -> str:
        """The cell's content as an office reads it."""
        return self.cell.text

    @property
    def name(self) -> str:
        """`TOTALE.actual`."""
        return f"{self.line.key}.{self.field.key}"


@dataclass(slots=True, eq=False, repr=False)
class Line:
    """A line: its key is unique in its statement; `parent` is the key of the line that it stands beneath ("" for none)."""

    statement: Statement
    key: str
    level: str
    title: str
    row: int
    parent: str = ""
    section: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    is_section: bool = False
    index: int = 0  # place among the statement's lines
    kind: ColumnKind | None = None  # of its figures, where it isn't that of their columns
    groups: dict[str, str] = field(default_factory=dict)  # of the expression that told it

    def __repr__(self) -> str:
        return f"Line({self.statement.id}!{self.key}, {self.level}, row {self.row})"

    def text(self, key: str) -> str:
        """The content of a column as text."""
        figure = self.figures.get(key)
        return figure.text if figure is not None else ""


@dataclass(slots=True, eq=False, repr=False)
class Statement:
    """A table found in a sheet. `ordinal` tells those of the same declaration apart (from 1)."""

    declaration: Declaration
    file: str
    sheet: str
    top: int
    fields: list[Field]
    lines: list[Line] = field(default_factory=list)
    caption: str = ""
    year: int | None = None
    ordinal: int = 1

    def __repr__(self) -> str:
        return f"Statement({self.id}, {self.file} [{self.sheet}], {len(self.lines)} lines)"

    @property
    def id(self) -> str:
        """The declaration's."""
        return self.declaration.id

    def line(self, key: str) -> Line | None:
        """The line of this key, whatever its case."""
        folded = key.casefold()
        return next((line for line in self.lines if line.key.casefold() == folded), None)

    def column(self, key: str) -> Field | None:
        """The column of this key."""
        return next((each for each in self.fields if each.key == key), None)

    def in_year(self, name: str, year: int | None) -> str:
        """The key of the column that a name means for a year, where the column repeats year by year; else the name itself."""
        return next((each.key for each in self.fields if each.of == name and each.year == year), name) if name else name

    def said(self, name: str) -> str:
        """What a group of the declaration's `caption` took from the caption; "" for nothing."""
        found = self.declaration.caption_re.search(self.caption) if self.declaration.caption_re else None
        return (found.groupdict().get(name) or "") if found else ""

    @property
    def repeated(self) -> list[Field]:
        """The columns that repeat, the earliest first."""
        found = [each for each in self.fields if each.series]
        series = self.declaration.series
        return found[::-1] if series is not None and series.previous == "right" else found

    @property
    def figures(self) -> list[Figure]:
        """All the figures, line by line."""
        return [figure for line in self.lines for figure in line.figures.values()]
