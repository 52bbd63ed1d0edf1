"""The exact value of a formula. The numbers may be fractions or intervals: the rules are the same."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Protocol, TypeVar

from perfxl.algorithms.interval import Interval
from perfxl.algorithms.syntax import Call, Negative, Node, Number, Operation, Ref, chain

if TYPE_CHECKING:
    from collections.abc import Sequence

N = TypeVar("N", Fraction, Interval)
C_co = TypeVar("C_co", Fraction, Interval, covariant=True)


class MissingError(Exception):
    """A figure that a formula needs and that isn't there; the argument says which, in Italian."""


class DivisionByZeroError(Exception):
    """A formula divides by zero; `numerator_zero` tells 0/0."""

    def __init__(self, *, numerator_zero: bool) -> None:
        super().__init__("divisione per zero")
        self.numerator_zero = numerator_zero


class Figures(Protocol[C_co]):
    """What gives the figures of a formula."""

    def many(self, ref: Ref) -> Sequence[C_co | None]:
        """The figures that a name stands for; None for those that aren't measured."""

    def previous(self, ref: Ref) -> C_co:
        """The figure in the column before. MissingError where there is none."""

    def achievement(self, result: Ref, target: Ref) -> C_co:
        """The percent of a result against a target. MissingError where it isn't measured."""

    def algorithm(self, text: Ref, table: Ref, target: Ref | None) -> C_co:
        """The value of a printed algorithm over a table of measures. MissingError where it isn't measured or can't be read."""

    def number(self, value: Fraction) -> C_co:
        """A literal as a number of this kind."""


def evaluate(node: Node, figures: Figures[N]) -> N:
    """The value of a formula.

    Raises:
        MissingError: a figure isn't there, or a name stands for many outside of a function that takes many.
        DivisionByZeroError: as it says.
    """
    match node:
        case Number():
            return figures.number(node.value)
        case Ref():
            return _one(node, figures)
        case Negative():
            return -evaluate(node.inner, figures)
        case Operation():
            first, steps = chain(node)
            value = evaluate(first, figures)
            for sign, right in steps:
                value = _applied(sign, value, evaluate(right, figures))
            return value
        case Call():
            return _called(node, figures)


def _one(ref: Ref, figures: Figures[N]) -> N:
    found = figures.many(ref)
    if len(found) != 1:
        raise MissingError(f"«{ref}» non si trova" if not found else f"«{ref}» sta per {len(found)} cifre: serve una funzione")
    if found[0] is None:
        raise MissingError(f"manca «{ref}»")
    return found[0]


def _applied(sign: str, left: N, right: N) -> N:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    try:
        return left / right
    except ZeroDivisionError:
        zero = left == 0 if isinstance(left, Fraction) else left.low <= 0 <= left.high
        raise DivisionByZeroError(numerator_zero=zero) from None


def _called(call: Call, figures: Figures[N]) -> N:
    first = call.arguments[0]
    if call.name in {"prev", "achievement", "algorithm"}:
        return _of_names(call, figures)
    if call.name == "abs":
        return abs(evaluate(first, figures))
    if call.name == "wmean":
        return _weighted(call, figures)
    if call.name == "ge":
        return _at_least(evaluate(first, figures), evaluate(call.arguments[1], figures), figures)
    values = [value for argument in call.arguments for value in _listed(argument, figures) if value is not None]
    if call.name == "count":
        return figures.number(Fraction(len(values)))
    if not values:
        raise MissingError(f"nessun valore tra quelli da {_VERBS[call.name]}")
    match call.name:
        case "sum":
            return _total(values, figures)
        case "mean":
            return _total(values, figures) / figures.number(Fraction(len(values)))
        case "min":
            return reduce(_lesser, values)
    return reduce(_greater, values)


def _of_names(call: Call, figures: Figures[N]) -> N:
    names = [each for each in call.arguments if isinstance(each, Ref)]  # the parser lets nothing else through
    if call.name == "prev":
        return figures.previous(names[0])
    if call.name == "achievement":
        return figures.achievement(names[0], names[1])
    return figures.algorithm(names[0], names[1], names[2] if len(names) > 2 else None)


def _listed(node: Node, figures: Figures[N]) -> Sequence[N | None]:
    if isinstance(node, Ref):
        return figures.many(node)
    try:
        return [evaluate(node, figures)]
    except MissingError:
        return [None]


def _weighted(call: Call, figures: Figures[N]) -> N:
    values, weights = (_listed(argument, figures) for argument in call.arguments[:2])
    if len(values) != len(weights):
        raise MissingError(f"{len(values)} valori da pesare con {len(weights)} pesi")
    known = [(x, w) for x, w in zip(values, weights, strict=True) if x is not None and w is not None]
    if not known:
        raise MissingError("nessun valore misurato da pesare")
    return _applied("/", _total([x * w for x, w in known], figures), _total([w for _, w in known], figures))


def _at_least(left: N, right: N, figures: Figures[N]) -> N:
    """1 or 0; over intervals that overlap, whatever lies between."""
    zero, one = figures.number(Fraction(0)), figures.number(Fraction(1))
    if isinstance(left, Interval) and isinstance(right, Interval):
        between = left.low < right.high and left.high >= right.low
        return Interval(Fraction(0), Fraction(1)) if between else one if left.low >= right.high else zero
    return one if left >= right else zero


def _total(values: Sequence[N], figures: Figures[N]) -> N:
    total = figures.number(Fraction(0))
    for value in values:
        total = total + value
    return total


def _lesser(one: N, other: N) -> N:
    return one.lesser(other) if isinstance(one, Interval) and isinstance(other, Interval) else min(one, other)


def _greater(one: N, other: N) -> N:
    return one.greater(other) if isinstance(one, Interval) and isinstance(other, Interval) else max(one, other)


_VERBS = {"sum": "sommare", "mean": "mediare", "min": "confrontare", "max": "confrontare"}
