"""What a name in a formula stands for, seen from the figure that the formula computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.readers.headings import year_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from perfxl.algorithms import Ref
    from perfxl.statements.model import Figure, Line, Statement

CHILDREN, PARENT, OWN, YEAR, SERIES = "children", "parent", "@", "year", "series"


class Names:
    """Finds the figures of names among all the statements that were read together."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._lines = {each: {line.key.casefold(): line for line in reversed(each.lines)} for each in statements}
        self._levels = {each: _gathered(each.lines, lambda line: line.level) for each in statements}
        self._beneath = {each: _gathered(each.lines, lambda line: line.parent.casefold()) for each in statements}
        self._held: dict[tuple[Statement, str], dict[str, list[Line]]] = {}

    def find(self, ref: Ref, figure: Figure) -> list[Figure]:
        """The figures of a name; empty where there is none.

        Of `head.tail` the head is a line (or `children`, `parent`, a level: many lines) and the tail a column; a head alone is
        a column of the same line, else a line in the same column. `[by]`: only lines whose column `by` (or their `key`,
        their `parent`, a group of the expression that told the line or of the caption) holds the key of the figure's own line. A
        column that repeats year by year is the one of the figure's own year. A head `@` is the line of the figure's own key, a tail `year`
        the column of the year that the figure's own table speaks of; `series`, as a head alone or as a tail, all the columns that repeat.
        """
        own, column = figure.line, figure.field.key
        if ref.tail == YEAR and own.statement.year:
            ref = replace(ref, tail=f"y{own.statement.year}")
        if ref.head == OWN:
            ref = replace(ref, head=own.key)
        if ref.head == SERIES and not ref.table:
            return _in_column([own], SERIES)
        year = figure.field.year or own.statement.year
        if not ref.table:
            return _in_column(*self._here(_in_year(ref, own.statement, year), own, column))
        found: list[Figure] = []
        for statement in self.others(ref.table, own.statement, year):
            found += _in_column(*self._there(_in_year(ref, statement, year), statement, own, column))
        return found

    def others(self, table: str, near: Statement, year: int | None = None) -> list[Statement]:
        """The statements of a table: of the same year where both say it, of the same file where it has any.

        Where none is of `near`'s year: those of the year of the column that is computed, else those whose columns say the year.
        In other files the year in the file's name counts where the table says none: two years read together don't mix.
        """
        named = [each for each in self._statements if each.id == table]
        same = [each for each in named if each.year is None or near.year in (None, each.year)]
        same = same or [each for each in named if each.year == year]
        same = same or [each for each in named if any(field.year and (field.series or field.of) for field in each.fields)]
        beside = [each for each in same if each.file == near.file]
        return beside or [each for each in same if _compatible(each, near, year)]

    def _here(self, ref: Ref, own: Line, column: str) -> tuple[Iterable[Line], str]:
        statement = own.statement
        if not ref.tail and not ref.by and statement.column(ref.head) is not None:
            return [own], ref.head
        if ref.head.casefold() == CHILDREN:
            lines = [line for line in self._beneath[statement].get(own.key.casefold(), ()) if line is not own]
        elif ref.head.casefold() == PARENT:
            lines = self._keyed(statement, own.parent)
        else:
            return self._there(ref, statement, own, column)
        return [line for line in lines if not ref.by or _by(line, ref.by) == own.key.casefold()], ref.tail or column

    def _there(self, ref: Ref, statement: Statement, own: Line, column: str) -> tuple[Iterable[Line], str]:
        if ref.by and not ref.tail and statement.column(ref.head) is not None:
            return self._holding(statement, ref.by, own.key), ref.head
        lines = self._keyed(statement, ref.head) or self._leveled(statement, ref.head)
        if ref.by:
            lines = [line for line in lines if _by(line, ref.by) == own.key.casefold()]
        return lines, ref.tail or column

    def _keyed(self, statement: Statement, key: str) -> list[Line]:
        line = self._lines[statement].get(key.casefold())
        return [line] if line is not None else []

    def _leveled(self, statement: Statement, level: str) -> list[Line]:
        return self._levels[statement].get(level, [])

    def _holding(self, statement: Statement, by: str, key: str) -> list[Line]:
        """The lines, titles left out, that hold a key in a column."""
        if (statement, by) not in self._held:
            lines = [line for line in statement.lines if not line.is_section]
            self._held[statement, by] = _gathered(lines, lambda line: _by(line, by))
        return self._held[statement, by].get(key.casefold(), [])


def _compatible(other: Statement, near: Statement, year: int | None) -> bool:
    """Whether a table of another file may be meant: not where both tell the year and it isn't the same."""
    if other.year is not None and near.year is not None:
        return True  # they were told apart by it already
    there, here = (each.year or year_in(PurePath(each.file).stem) for each in (other, near))
    return there is None or here is None or there in (here, year)


def _gathered(lines: Iterable[Line], of: Callable[[Line], str]) -> dict[str, list[Line]]:
    out: dict[str, list[Line]] = {}
    for line in lines:
        out.setdefault(of(line), []).append(line)
    return out


def _by(line: Line, by: str) -> str:
    if by == "key":
        return line.key.casefold()
    if by == PARENT:
        return line.parent.casefold()
    return (line.text(by) or line.groups.get(by) or line.statement.said(by)).casefold()


def _in_year(ref: Ref, statement: Statement, year: int | None) -> Ref:
    head, tail = statement.in_year(ref.head, year), statement.in_year(ref.tail, year)
    return ref if (head, tail) == (ref.head, ref.tail) else replace(ref, head=head, tail=tail)


def _in_column(lines: Iterable[Line], key: str) -> list[Figure]:
    if key == SERIES:
        return [figure for line in lines for figure in line.figures.values() if figure.field.series]
    return [line.figures[key] for line in lines if key in line.figures]
