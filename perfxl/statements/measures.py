"""Indicators as algorithms over coded measures: what a printed algorithm names, where each measure's value stands, what comes out.

A table of measures has the columns `code`, `description`, `value` (one, or one a year), and may have `unit` and `aliases`. Offices
may fill several of them: what one leaves blank another may give. Two values for the same measure and year are never chosen from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.algorithms import FormulaError, MissingError, evaluate, refs_in
from perfxl.algorithms.printed import PLACEHOLDER, Term, Vocabulary, in_percent
from perfxl.algorithms.syntax import Call, calls_in
from perfxl.model import CellKind
from perfxl.statements.measure_catalogue import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import NoReturn

    from perfxl.algorithms import Node, Ref
    from perfxl.statements.model import Figure, Line, Statement

CODE, TEXT, UNIT, ALIASES, VALUE = "code", "description", "unit", "aliases", "value"
PERCENT = "%"


@dataclass(slots=True)
class _Entry:
    name: str
    codes: tuple[str, ...]
    text: str
    lines: list[Line] = field(default_factory=list)


class Measures:
    """The measures of some tables read together, with those that the catalogue knows and no table lists."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._catalogue = shipped_catalogue()
        self._entries: dict[str, _Entry] = {}
        self.listed = bool(statements)
        for statement in statements:
            for line in statement.lines:
                if not line.is_section:
                    self._add(line)
        self.vocabulary = Vocabulary(self._terms(), self._catalogue.remarks)

    def figures(self, name: str, year: int | None) -> list[Figure]:
        """The cells of a measure's values for a year, those that are filled first."""
        entry = self._entries.get(name.casefold())
        found = [each for line in (entry.lines if entry else ()) if (each := _value_of(line, year)) is not None]
        return sorted(found, key=lambda each: each.typed is None)

    def value(self, node: Node, year: int | None) -> Fraction:
        """The value of a formula in a year.

        Raises:
            MissingError: measures that aren't there, each by its name. DivisionByZeroError: as it says.
        """
        absent = [ref.head for ref in refs_in(node) if all(each.typed is None for each in self.figures(ref.head, year))]
        if absent:
            self._refuse(absent, year)
        return evaluate(node, _Values(self, node, year))

    def used(self, node: Node, year: int | None) -> list[Figure]:
        """The cells that a formula stands on: of a measure with one value the filled one, of several all."""
        several = several_in(node)
        found = ((ref.head in several, self.figures(ref.head, year)) for ref in refs_in(node))
        return [each for many, figures in found for each in (figures if many else figures[:1])]

    def _refuse(self, absent: Sequence[str], year: int | None) -> NoReturn:
        unknown = [name for name in absent if name.casefold() not in self._entries]
        if unknown:
            near = get_close_matches(unknown[0], [each.name for each in self._entries.values()], n=1)
            raise MissingError(f"non è nel foglio Misure: {', '.join(unknown)}" + (f" (forse {near[0]})" if near else ""))
        if not any(_value_of(line, year) is not None for entry in self._entries.values() for line in entry.lines):
            raise MissingError(f"il foglio Misure non ha i valori del {year}" if year else "il foglio Misure non dice l'anno")
        raise MissingError(("manca la misura " if len(absent) == 1 else "mancano le misure ") + ", ".join(absent))

    def _add(self, line: Line) -> None:
        code, text = _plain(PLACEHOLDER.sub("", line.text(CODE))), _plain(line.text(TEXT))
        if not code and not text:
            return
        codes = (code, *_listed(line.text(ALIASES))) if code else ()
        for name in _names(code or text):
            entry = self._entries.setdefault(name.casefold(), _Entry(name, codes, text))
            if not code or not text or not entry.text or text.casefold() == entry.text.casefold():
                entry.lines.append(line)
                entry.codes = tuple(dict.fromkeys((*entry.codes, *codes)))
                entry.text = entry.text or text
                return

    def _terms(self) -> Iterable[Term]:
        for entry in self._entries.values():
            yield Term(entry.name, entry.codes, entry.text)
        known = {code.casefold(): entry.name for entry in self._entries.values() for code in entry.codes}
        for each in self._catalogue.measures:
            name = next((known[code.casefold()] for code in (each.code, *each.also) if code.casefold() in known), each.code)
            yield Term(name, (each.code, *each.also), each.text)


class _Values:
    """The figures of a formula over measures."""

    def __init__(self, measures: Measures, node: Node, year: int | None) -> None:
        self._measures, self._several, self._year = measures, several_in(node), year

    def many(self, ref: Ref) -> list[Fraction | None]:
        figures = [each for each in self._measures.figures(ref.head, self._year) if each.typed is not None]
        values: list[Fraction | None] = [counted(each) for each in figures]
        if ref.head in self._several or len(set(values)) < 2:
            return values if ref.head in self._several else values[:1]
        cells = ", ".join(str(each.cell.ref) for each in figures)
        raise MissingError(f"la misura {ref.head} ha valori diversi ({cells})")

    def previous(self, ref: Ref) -> Fraction:
        raise MissingError(str(ref))

    def achievement(self, result: Ref, target: Ref) -> Fraction:
        raise MissingError(f"{result}, {target}")

    def algorithm(self, text: Ref, table: Ref, target: Ref | None) -> Fraction:
        raise MissingError(f"{text}, {table}, {target}")

    @staticmethod
    def number(value: Fraction) -> Fraction:
        return value


def several_in(node: Node) -> frozenset[str]:
    """The measures that have several values, which a function brings together."""
    return frozenset(ref.head for call in calls_in(node) for ref in refs_in(call))


def counted(figure: Figure) -> Fraction:
    """What a filled cell counts for. A measure in percent may be typed as 92, 92 % or 0,92 shown as 92 %: it is 92 hundredths."""
    assert figure.typed is not None
    return figure.typed / 100 if in_hundredths(figure) else figure.typed


def in_hundredths(figure: Figure) -> bool:
    """Whether the cell of a measure holds a percentage as a plain number."""
    line = figure.line
    if PERCENT not in {line.text(UNIT).strip(), line.text(TEXT).strip()[:1]}:
        return False
    return figure.cell.kind is not CellKind.PERCENT and not figure.cell.text.strip().endswith(PERCENT)


def near_tables(statements: Iterable[Statement], table: str, near: Statement) -> list[Statement]:
    """The tables of measures that an indicator's algorithm is over: of its own file, else of its folder, else all."""
    named = [each for each in statements if each.id == table]
    folder = PurePath(near.file).parent
    own = [each for each in named if each.file == near.file] or [each for each in named if PurePath(each.file).parent == folder]
    return own or named


def algorithm_tables(text: Figure) -> list[str]:
    """The tables of measures that the rules of a line compute its algorithm over."""
    calls = (
        rule.node
        for rule in text.line.statement.declaration.rules
        if isinstance(rule.node, Call) and rule.node.name == "algorithm" and in_lines(rule.lines, text.line)
    )
    refs = (refs_in(call) for call in calls)
    return list(dict.fromkeys(table.head for printed, table, *_ in refs if printed.head == text.field.key))


def in_lines(names: Sequence[str], line: Line) -> bool:
    """Whether a selection of lines, by level or key, holds one. Empty: all."""
    return not names or line.level in names or line.key.casefold() in {name.casefold() for name in names}


def read_algorithm(text: Figure, measures: Measures) -> Node:
    """The formula of the algorithm in a cell.

    Raises:
        MissingError: there is none, or it can't be read with certainty.
    """
    if text.cell.empty:
        raise MissingError("manca l'algoritmo")
    try:
        return measures.vocabulary.read(" ".join(text.text.split()))
    except FormulaError as error:
        raise MissingError(str(error)) from error


def unit_of(line: Line, target: Figure | None) -> str:
    """The unit of an indicator's value: its target's, else that of another year's."""
    if target is None:
        return ""
    if target.target is not None:
        return target.target.unit or ""
    others = (each.target for each in line.figures.values() if each.field.of == target.field.of)
    return next((each.unit or "" for each in others if each is not None), "")


def hundredfold(node: Node, unit: str) -> bool:
    """Whether a formula's value is to be multiplied by 100 to be in percent."""
    return unit == PERCENT and not in_percent(node)


def _value_of(line: Line, year: int | None) -> Figure | None:
    statement = line.statement
    key = statement.in_year(VALUE, year)
    figure = line.figures.get(key)
    if key == VALUE and (statement.year is None or statement.year != year):
        return None
    return figure


def _names(first: str) -> Iterable[str]:
    """`X`, `X#2` … : the same code may be printed for measures that say different things."""
    yield first
    count = 2
    while True:
        yield f"{first}#{count}"
        count += 1


def _plain(text: str) -> str:
    return " ".join(text.split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in re.split(r"[,;\n]", text) if each.strip())
