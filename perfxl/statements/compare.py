"""A typed figure beside the computed one: agreement under the declared convention, or exactly how the two differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.algorithms import Interval
from perfxl.scoring import round_exact
from perfxl.statements.cells import MOST_DECIMALS, as_shown, own_decimals, shown_decimals
from perfxl.statements.selection import rules_of, speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure, Line, Statement
    from perfxl.statements.schema import Mode, Rule

MODES: dict[Mode, str] = {
    "half_up": "arrotondamento",
    "truncate": "troncamento",
    "half_even": "arrotondamento al pari",
    "half_down": "arrotondamento per difetto delle metà",
}


NOISE = 12
"""Digits on which a double can be relied upon after a few operations."""


class Verdict(StrEnum):
    """How a typed figure stands to the computed one."""

    AGREES = "concorda"  # under the declared convention
    WITHIN = "concorda entro gli arrotondamenti"  # the operands are printed rounded, and allow it
    FOLLOWS = "segue da una cifra che non concorda"  # right from the operands as printed, of which one is itself at fault
    OTHERWISE = "concorderebbe con un'altra convenzione"
    DIFFERS = "differisce"
    UNCHECKED = "non riscontrabile"  # an operand isn't there


@dataclass(frozen=True, slots=True)
class Check:
    """A typed figure and what a rule gives for it. `convention`: the declared one, in Italian; `other`: one under which it agrees."""

    figure: Figure
    rule: Rule
    printed: Fraction
    exact: Fraction | None
    decimals: int
    verdict: Verdict
    convention: str
    other: str = ""
    reason: str = ""
    operands: tuple[Figure, ...] = ()

    @property
    def shown(self) -> Decimal | None:
        """The computed figure at the declared convention."""
        if self.exact is None:
            return None
        scaled = round_exact(self.exact, self.decimals, self.rule.rounding) * 10**self.decimals
        return Decimal(scaled.numerator).scaleb(-self.decimals)


@dataclass(frozen=True, slots=True)
class WeightCheck:
    """Weights of a statement and what they make. `what` they are, in Italian."""

    statement: Statement
    lines: tuple[Line, ...]
    column: str
    total: Fraction
    expected: Fraction
    what: str = "pesi"

    @property
    def agrees(self) -> bool:
        """Whether they make what they must, but for the decimals to which they are printed."""
        figures = [line.figures[self.column] for line in self.lines]
        slack = sum(
            (Fraction(1, 2 * 10 ** shown_decimals(f.cell, f.typed, f.kind)) for f in figures if f.typed and f.field.rounded),
            Fraction(0),
        )
        return abs(self.total - self.expected) <= (slack if any(own_decimals(f.typed or Fraction(0)) for f in figures) else 0)


def checks(book: Book) -> Iterator[Check]:
    """Every typed figure that some rule gives, checked; figures that nobody typed have nothing to be checked against."""
    for statement in book.statements:
        for figure in statement.figures:
            if figure.typed is None:
                continue
            for rule in rules_of(figure):
                yield check(book, rule, figure)


def check(book: Book, rule: Rule, figure: Figure) -> Check:
    """One typed figure against one rule."""
    assert figure.typed is not None
    printed, seen = as_shown(figure.cell, figure.typed, figure.kind)
    decimals = rule.decimals if rule.decimals is not None else seen
    exact, reason, operands = book.result(rule, figure)
    asked = Check(
        figure, rule, printed, exact, decimals, Verdict.UNCHECKED, in_words(rule.rounding, decimals), "", reason, operands
    )
    if exact is None:
        return asked
    verdict, other = _verdict(book, asked, seen)
    return replace(asked, verdict=verdict, other=other)


def in_words(mode: Mode, decimals: int) -> str:
    """`arrotondamento a 2 decimali`."""
    return f"{MODES[mode]} {'all’unità' if not decimals else 'a 1 decimale' if decimals == 1 else f'a {decimals} decimali'}"


def _verdict(book: Book, asked: Check, seen: int) -> tuple[Verdict, str]:
    """How the figure stands, and another convention under which it would agree. `seen`: the decimals that it shows."""
    rule, figure, exact = asked.rule, asked.figure, asked.exact
    assert exact is not None
    assert figure.typed is not None
    if _same(asked, exact) or _unrounded(exact, figure.typed):
        return Verdict.AGREES, ""
    if any(operand.field.rounded and operand.typed is not None for operand in asked.operands):
        span = book.span(rule, figure)
        if span is not None and span.meets(Interval.around(asked.printed, asked.decimals, rule.rounding)):
            return Verdict.WITHIN, ""
    again = book.from_printed(rule, figure)
    if again is not None and again != exact and _same(asked, again):
        return (Verdict.FOLLOWS if any(_at_fault(book, each) for each in asked.operands) else Verdict.WITHIN), ""
    other = _other_convention(asked, exact, seen)
    return (Verdict.OTHERWISE, other) if other else (Verdict.DIFFERS, "")


def _same(asked: Check, exact: Fraction) -> bool:
    """Whether a value printed under the declared convention is the printed figure."""
    return round_exact(exact, asked.decimals, asked.rule.rounding) == asked.printed


def _unrounded(exact: Fraction, typed: Fraction) -> bool:
    """Whether a cell holds the figure as a spreadsheet's formula leaves it: all its digits, but for a double's last."""
    return own_decimals(typed) >= MOST_DECIMALS and abs(exact - typed) <= abs(exact) / 10**NOISE


def _at_fault(book: Book, operand: Figure) -> bool:
    """Whether an operand, as it is printed, isn't what follows from its own operands: more than rounding stands between the two."""
    if operand.typed is None or operand.rule is None:
        return False
    own = check(book, operand.rule, operand)
    return own.verdict not in {Verdict.AGREES, Verdict.WITHIN, Verdict.UNCHECKED}


def _other_convention(asked: Check, exact: Fraction, seen: int) -> str:
    """A way of rounding under which the printed figure is the exact one, the nearest to the declared first. "" for none.

    A last zero may be the format's (1322,30 where 1322,3 was typed); with still fewer decimals than the figure shows anything
    would agree.
    """
    declared = asked.rule.rounding, asked.decimals
    least = max(own_decimals(asked.printed), seen - 1)
    for places in dict.fromkeys((asked.decimals, seen, least)):
        for mode in MODES:
            if (mode, places) != declared and places >= least and round_exact(exact, places, mode) == asked.printed:
                return in_words(mode, places)
    return "segno contrario" if exact and _same(asked, -exact) else ""


def weight_checks(book: Book) -> Iterator[WeightCheck]:
    """The weights that must make a total, group by group (lines that stand beneath the same line)."""
    for statement in book.statements:
        for weighted in statement.declaration.weights:
            groups: dict[str, list[Line]] = {}
            for line in statement.lines:
                figure = line.figures.get(weighted.column)
                if (
                    figure is not None
                    and (figure.value is not None or figure.field.kind == "mark")
                    and speaks_of(weighted.lines, (), figure)
                ):
                    groups.setdefault(line.parent or line.section, []).append(line)
            for lines in groups.values():
                total = sum((line.figures[weighted.column].value or Fraction(0) for line in lines), Fraction(0))
                expected = Fraction(weighted.total.replace(",", "."))
                yield WeightCheck(statement, tuple(lines), weighted.column, total, expected, weighted.title)
