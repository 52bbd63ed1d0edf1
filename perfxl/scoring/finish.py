"""From a raw percent to the official one: cap and floor, bands, what *raggiunto* scores, rounding. One place for all rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from perfxl.model import State
from perfxl.scoring.rounding import fitting, round_columns

if TYPE_CHECKING:
    from perfxl.methods.schema import Bands, Scoring, StateLevel

REACHED, PARTIAL, NOT_REACHED, UNMEASURED = range(4)


def finish(num: Any, den: Any, scoring: Scoring) -> tuple[Any, Any]:
    """Cap, floor and bands on exact fractions."""
    num, den = _limit(num, den, scoring.floor, scoring.cap)
    if scoring.bands.mode != "as_is":
        num, den = _bands(num, den, scoring.bands)
    return num, den


def states(num: Any, den: Any, reached_from: Decimal, critical: Decimal, never_reached: Any) -> Any:
    """REACHED from `reached_from`, NOT_REACHED under `critical`, PARTIAL between; `never_reached` where a strict target isn't met."""
    num, den = fitting(num, den, reached_from, critical)
    state = np.where(_at_least(num, den, reached_from), REACHED, PARTIAL)
    state = np.where(never_reached & (state == REACHED), PARTIAL, state)
    state = np.where(~_at_least(num, den, critical), NOT_REACHED, state)
    return np.where(den == 0, UNMEASURED, state).astype(np.int8)


def state_of(pct: Fraction | None, level: StateLevel) -> State:
    """The state of one figure, on its exact value: reached from the tolerance up, not reached under the critical threshold."""
    if pct is None:
        return State.UNMEASURED
    if pct >= _exact(level.reached_from):
        return State.REACHED
    return State.NOT_REACHED if pct < _exact(level.critical) else State.PARTIAL


_exact = lru_cache(maxsize=64)(Fraction)


def full_where_reached(num: Any, den: Any, state: Any) -> tuple[Any, Any]:
    """What *raggiunto* scores, where the method says 100."""
    reached = state == REACHED
    return np.where(reached, 100, num), np.where(reached, 1, den)


def at_level(num: Any, den: Any, rounding: Any) -> tuple[Any, Any]:
    """Rounding passed on to the next level, where the method rounds at each."""
    if rounding.stage != "each_level":
        return num, den
    return round_columns(num, den, rounding.decimals, rounding.mode)


def _limit(num: Any, den: Any, floor: Decimal, cap: Decimal | None) -> tuple[Any, Any]:
    num, den = fitting(num, den, floor, cap)
    low_num, low_den = floor.as_integer_ratio()
    measured = den != 0
    below = measured & (num * low_den < low_num * den)
    num, den = np.where(below, low_num, num), np.where(below, low_den, den)
    if cap is not None:
        cap_num, cap_den = cap.as_integer_ratio()
        above = measured & (num * cap_den > cap_num * den)
        num, den = np.where(above, cap_num, num), np.where(above, cap_den, den)
    return num, den


def _at_least(num: Any, den: Any, bound: Decimal) -> Any:
    bound_num, bound_den = bound.as_integer_ratio()
    return num * bound_den >= bound_num * den


def _bands(num: Any, den: Any, bands: Bands) -> tuple[Any, Any]:
    """Bands row by row in exact fractions: few bodies use them, and their products leave 64 bits."""
    out = [_band(Fraction(int(n), int(d)), bands) if d else None for n, d in zip(num, den, strict=True)]
    nums = [0 if p is None else p.numerator for p in out]
    dens = [0 if p is None else p.denominator for p in out]
    return np.array(nums, dtype=object), np.array(dens, dtype=object)


def _band(pct: Fraction, bands: Bands) -> Fraction:
    edges = [Fraction(edge) for edge in bands.edges]
    values = [Fraction(value) for value in bands.values]
    passed = sum(pct > edge or (pct == edge and bands.edge_belongs == "above") for edge in edges)
    if bands.mode == "steps":
        return values[passed]
    if passed == 0:
        return values[0]
    if passed == len(edges):
        return values[-1]
    if bands.mode == "clamp":
        return pct
    low, high = edges[passed - 1], edges[passed]
    return values[passed - 1] + (pct - low) / (high - low) * (values[passed] - values[passed - 1])
