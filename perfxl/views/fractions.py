"""One comparison as an expression: the fraction before floor and cap, rule by rule as in `perfxl.scoring.rules`.

Source of the rules: METHODS (the same tables as the Python rules); a test recalculates them in a real application.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.scoring import Rule

if TYPE_CHECKING:
    from perfxl.methods.schema import Scoring
    from perfxl.scoring import Comparison


def literal(value: Decimal) -> str:
    """A number as a formula writes it, negative ones in parentheses."""
    text = format(value.normalize(), "f") if value else "0"
    return f"({text})" if value < 0 else text


def fraction(one: Comparison, scoring: Scoring, measure: str) -> str:
    """The expression of the raw fraction; `""` (an empty text) where the method says that it can't be computed."""
    match one.rule:
        case Rule.INCREASING:
            return _increasing(one, scoring, measure)
        case Rule.DECREASING:
            return _decreasing(one, scoring, measure)
        case Rule.MET_OR_MISSED:
            loose = scoring.strict == "ratio_only"
            return f"IF({holds(one, measure, loose=loose)},1,0)"
        case Rule.RANGE:
            return _range(one, scoring, measure)
        case Rule.DEADLINE:
            return _deadline(one, scoring, measure)
        case _:
            return '""'


def limited(raw: str, scoring: Scoring) -> str:
    """A fraction between the method's floor and cap."""
    within = f"MAX({literal(Decimal(scoring.floor) / 100)},{raw})"
    return within if scoring.cap is None else f"MIN({literal(Decimal(scoring.cap) / 100)},{within})"


def holds(one: Comparison, measure: str, *, loose: bool = False) -> str:
    """Whether the comparison holds, strictly where the operator is strict (and not `loose`)."""
    target = _due(one) if one.rule is Rule.DEADLINE else literal(one.target)
    operator = one.operator or ">="
    if loose:
        operator = {"<": "<=", ">": ">="}.get(operator, operator)
    return f"{measure}{operator}{target}"


def _strict(one: Comparison, scoring: Scoring) -> bool:
    return one.operator in ("<", ">") and scoring.strict != "ratio_only"


def _increasing(one: Comparison, scoring: Scoring, measure: str) -> str:
    target = one.target
    if not target:
        return _zero(scoring, f"{measure}{'>' if _strict(one, scoring) else '>='}0")
    if target > 0:
        return f"{measure}/{literal(target)}"
    return f"({literal(abs(target))}+{measure}-{literal(target)})/{literal(abs(target))}"


def _decreasing(one: Comparison, scoring: Scoring, measure: str) -> str:
    target = one.target
    if not target:
        return _zero(scoring, f"{measure}{'<' if _strict(one, scoring) else '<='}0")
    size = literal(abs(target))
    if scoring.decreasing == "linear":
        return f"({size}+{literal(target)}-{measure})/{size}"
    over = f"{literal(target)}/{measure}" if target > 0 else f"{measure}/{literal(target)}"
    return f"IF({measure}<={literal(target)},1,{over})"


def _zero(scoring: Scoring, condition: str) -> str:
    return f"IF({condition},1,0)" if scoring.zero_target == "holds_or_zero" else '""'


def _range(one: Comparison, scoring: Scoring, measure: str) -> str:
    low, high = literal(one.low), literal(one.high)
    if scoring.range == "zero_outside":
        return f"IF(AND({measure}>={low},{measure}<={high}),1,0)"
    below = f"1-({low}-{measure})/{literal(abs(one.low))}" if one.low else "0"
    above = f"1-({measure}-{high})/{literal(abs(one.high))}" if one.high else "0"
    return f"IF({measure}<{low},{below},IF({measure}>{high},{above},1))"


def _due(one: Comparison) -> str:
    day = date.fromordinal(int(one.target))
    return f"DATE({day.year},{day.month},{day.day})"


def _deadline(one: Comparison, scoring: Scoring, measure: str) -> str:
    late = f"{measure}-{_due(one)}"
    if scoring.deadline == "proportional":
        days = scoring.proportional_days or 1
        return f"IF({late}<=0,1,MAX({days}-({late}),0)/{days})"
    text = "0"
    if scoring.deadline == "late_bands":
        for band in reversed(scoring.late_bands):
            text = f"IF({late}<={band.days},{literal(Decimal(band.pct) / 100)},{text})"
    return f"IF({late}<=0,1,{text})"
