"""Figures set against targets: the percent and the state that the method gives them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.algorithms import Call, MissingError, Ref
from perfxl.model import Result, ResultKind
from perfxl.scoring import achievement
from perfxl.statements.measures import PERCENT
from perfxl.statements.selection import rule_of

if TYPE_CHECKING:
    from fractions import Fraction

    from perfxl.methods.schema import Method
    from perfxl.scoring import Achievement
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure

DEFAULT_METHOD = "massacarrara-2019"
"""Scores against targets where no method was named (ratios and thresholds: METHODS, first profile)."""


def scored(value: Fraction, target: Figure, kind: str, method: Method | None) -> Fraction:
    """The percent of a figure against the target of another cell, by the method's rules. MissingError where it has none."""
    found = _outcome(value, target, kind, method)
    if found.pct is None:
        raise MissingError(found.explanation)
    return found.pct


def outcome_of(book: Book, figure: Figure) -> Achievement | None:
    """The whole outcome of an achievement, its state too; None where there is nothing to set against a target."""
    rule = rule_of(figure)
    if rule is None or not isinstance(rule.node, Call) or rule.node.name != "achievement":
        return None
    found = [book.names.find(each, figure) for each in rule.node.arguments if isinstance(each, Ref)]
    results, aims = found
    if not results or results[0].value is None or not aims or aims[0].target is None:
        return None
    return _outcome(results[0].value, aims[0], scored_as(results[0]), book.method)


def scored_as(figure: Figure) -> str:
    """The kind as which a figure is set against a target: an algorithm's value may be a percentage among other numbers."""
    return "percent" if figure.unit == PERCENT else figure.kind


def _outcome(value: Fraction, target: Figure, kind: str, method: Method | None) -> Achievement:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    result = Result(ResultKind.PERCENT if kind == "percent" else ResultKind.NUMBER, number, "%" if kind == "percent" else None)
    return achievement(target.target, result, method=method or DEFAULT_METHOD)
