"""Traffic lights and trends: a figure set against its target, and against the year before.

Green where the target holds, yellow where it doesn't but the achievement reaches the method's critical threshold of an
indicator, red below it, grey where there is no figure or no target (issue of the *stato di salute*; METHODS, *tolerance and
critical threshold*). A target printed without an operator (105,0%) holds only where the figure, at the target's decimals, is
equal; outside, its distance counts as that from a range: the document doesn't say on which side one may err.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar import parse_target
from perfxl.model import Result, ResultKind, State, Target, TargetKind
from perfxl.scoring import achievement, round_exact
from perfxl.statements.against import DEFAULT_METHOD
from perfxl.statements.operands import before
from perfxl.statements.selection import speaks_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.statements.model import Figure
    from perfxl.statements.schema import Light, Trend

UP, LEVEL, DOWN = "↑", "=", "↓"
_SIGNED = {">=", ">", "<=", "<"}


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as a light reads it: `operator` of a threshold; `low` and `high` of a range, or of an equality (equal)."""

    target: Target  # as scored
    operator: str
    low: Decimal
    high: Decimal
    decimals: int = 0  # of an equality: those that the target is written with

    def holds(self, value: Fraction) -> bool:
        """Whether a figure meets it, exactly."""
        low, high = Fraction(self.low), Fraction(self.high)
        match self.operator:
            case ">=":
                return value >= low
            case ">":
                return value > low
            case "<=":
                return value <= high
            case "<":
                return value < high
            case "=":
                return round_exact(value, self.decimals, "half_up") == low
        return low <= value <= high

    @property
    def upwards(self) -> int:
        """1 where more is better, -1 where less is, 0 where the target doesn't say."""
        return {">": 1, "<": -1}.get(self.operator[:1], 0)


@dataclass(frozen=True, slots=True)
class Movement:
    """A figure against the year before: `arrow` says the difference at the trend's decimals, `better` what it means."""

    figure: Figure
    earlier: Figure
    difference: Fraction
    arrow: str
    better: bool | None  # None: the target doesn't say, or nothing has moved


def light_of(figure: Figure) -> Light | None:
    """The traffic light that a figure has."""
    if figure.line.is_section:
        return None
    return next((each for each in figure.line.statement.declaration.lights if speaks_of(each.lines, each.values, figure)), None)


def trend_of(figure: Figure) -> Trend | None:
    """The trend that a figure has; None for the first of the years too."""
    if figure.line.is_section or before(figure) is None:
        return None
    return next((each for each in figure.line.statement.declaration.trends if speaks_of(each.lines, each.values, figure)), None)


def aim_of(figure: Figure) -> Aim | None:
    """The target of a figure's light; None where the light has none that a figure can be set against."""
    light = light_of(figure)
    if light is None:
        return None
    if light.aim:
        return _aim(parse_target(light.aim))
    cell = figure.line.figures.get(light.target)
    return _aim(cell.target) if cell is not None and cell.target is not None else None


def method_of(method: Method | None) -> Method:
    """The method, or the one by which statements are scored where none was named."""
    if method is not None:
        return method
    from perfxl.methods import load_method

    return load_method(DEFAULT_METHOD)


def state_of(figure: Figure, method: Method | None) -> State:
    """The colour of a figure's light: reached green, partial yellow, not reached red, unmeasured grey."""
    aim = aim_of(figure)
    if aim is None or figure.value is None:
        return State.UNMEASURED
    profile = method_of(method)
    pct = achieved(aim, figure.value, profile, percent=figure.kind == "percent")
    if pct is None:
        return State.UNMEASURED
    if relaxed(aim, profile).holds(figure.value):
        return State.REACHED
    return State.PARTIAL if pct >= Fraction(profile.states.indicator.critical) else State.NOT_REACHED


def relaxed(aim: Aim, method: Method) -> Aim:
    """The target as the method reads strict operators."""
    loose = method.scoring.strict == "ratio_only" and aim.operator in {">", "<"}
    return replace(aim, operator=aim.operator + "=") if loose else aim


def achieved(aim: Aim, value: Fraction, method: Method, *, percent: bool) -> Fraction | None:
    """The achievement in percent by the method's rules; None where target and figure can't be compared.

    The figure is a measure, even where the method takes a typed percent as an achievement already declared.
    """
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return achievement(aim.target, Result(ResultKind.NUMBER, number, "%" if percent else None), method=method).pct


def movement_of(figure: Figure) -> Movement | None:
    """How a figure moved against the year before; None where either isn't there."""
    trend, earlier = trend_of(figure), before(figure)
    if trend is None or earlier is None or figure.value is None or earlier.value is None:
        return None
    difference = figure.value - earlier.value
    seen = round_exact(difference, trend.decimals, "half_up")
    arrow = UP if seen > 0 else DOWN if seen < 0 else LEVEL
    way = upwards(figure) * (1 if seen > 0 else -1)
    return Movement(figure, earlier, difference, arrow, None if not way or arrow == LEVEL else way > 0)


def upwards(figure: Figure) -> int:
    """1 where more is better, -1 where less is, 0 where no target says it."""
    aim = aim_of(figure)
    return 0 if aim is None else aim.upwards


def _aim(target: Target) -> Aim | None:
    match target.kind:
        case TargetKind.RANGE if target.low is not None and target.high is not None:
            return Aim(target, "", target.low, target.high)
        case TargetKind.THRESHOLD | TargetKind.DAYS_WITHIN if target.value is not None:
            operator = target.operator or ("<=" if target.kind is TargetKind.DAYS_WITHIN else "=")
        case TargetKind.EQUALITY | TargetKind.COUNT if target.value is not None:
            operator = target.operator or "="
        case _:
            return None
    assert target.value is not None
    if operator in _SIGNED:
        return Aim(target, operator, target.value, target.value)
    around = replace(target, kind=TargetKind.RANGE, operator=None, value=None, low=target.value, high=target.value)
    return Aim(around, "=", target.value, target.value, _decimals(target.text))


def _decimals(text: str) -> int:
    """Those with which a target is written: 1 for `105,0%`."""
    match = re.search(r"\d,(\d+)", text)
    return len(match[1]) if match else 0
