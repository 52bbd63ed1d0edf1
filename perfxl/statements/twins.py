"""The same fact printed in two tables: the cells of lines that bear the same key have to say the same.

Targets are compared by what they mean, algorithms by the formulas that they are read as, figures by their values, texts word by
word; only what can't be read is compared as it is written. A line that the other table doesn't have says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.algorithms import MissingError
from perfxl.algorithms.printed import SOURCE, written
from perfxl.statements.measures import algorithm_tables, read_algorithm
from perfxl.statements.schema import FIGURES
from perfxl.statements.selection import speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.model import Target
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure, Line, Statement


@dataclass(frozen=True, slots=True)
class TwinCheck:
    """Two cells that print the same fact. `said` and `also_said` are what they say, in words."""

    figure: Figure
    other: Figure
    said: str
    also_said: str

    @property
    def agrees(self) -> bool:
        """Whether they say the same."""
        return self.said.casefold() == self.also_said.casefold()


def twin_checks(book: Book) -> Iterator[TwinCheck]:
    """Every cell that another table prints too, beside that one; where both are blank there is nothing to compare."""
    for statement in book.statements:
        for twin in statement.declaration.twins:
            figures = [each for each in statement.figures if speaks_of(twin.lines, twin.columns, each)]
            for other in book.names.others(twin.table, statement):
                for figure in figures:
                    found = _same(figure, other)
                    if found is not None and not (_blank(figure) and _blank(found)):
                        yield TwinCheck(figure, found, said(book, figure), said(book, found))


def said(book: Book, figure: Figure) -> str:
    """What a cell says, in a form that doesn't depend on how it is written."""
    if figure.field.kind in FIGURES:
        return "" if figure.value is None else format(float(figure.value), ".12g").replace(".", ",")
    if figure.field.kind == "target" and figure.target is not None and figure.target.problem is None:
        return _target(figure.target) or _text(figure)
    if figure.field.kind == "algorithm" and not figure.cell.empty:
        return _algorithm(book, figure)
    return _text(figure)


def _same(figure: Figure, other: Statement) -> Figure | None:
    line: Line | None = other.line(figure.line.key)
    if line is None or line.level != figure.line.level:
        return None
    key = other.in_year(figure.field.of, figure.field.year) if figure.field.of else figure.field.key
    return line.figures.get(key)


def _blank(figure: Figure) -> bool:
    return figure.value is None if figure.field.kind in FIGURES else figure.cell.empty


def _text(figure: Figure) -> str:
    return " ".join(figure.text.split())


def _target(target: Target) -> str:
    """`>= 6 n.`, however it is spaced."""
    bounds = [each for each in (target.value, target.low, target.high) if each is not None]
    parts = [target.operator or "", *(format(each.normalize(), "f") for each in bounds)]
    parts += [day.isoformat() for day in target.dates]
    return " ".join(part for part in (*parts, target.unit or "") if part).replace(".", ",").replace("n,", "n.")


def _algorithm(book: Book, figure: Figure) -> str:
    for table in algorithm_tables(figure):
        try:
            return written(read_algorithm(figure, book.measures(table, figure.line.statement)))
        except MissingError:
            continue
    return " ".join(SOURCE.sub("", figure.text).split())
