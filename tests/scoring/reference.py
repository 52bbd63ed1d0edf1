"""METHODS.md's formulas once more, one pair at a time, in plain fractions: written from the tables, not from the code."""

from __future__ import annotations

from fractions import Fraction

HUNDRED = Fraction(100)


def percent(rule: str, operator: str, a: Fraction, t: Fraction, low: Fraction, high: Fraction, keys: dict) -> Fraction | None:
    """The official percent of a pair under `keys` (cap, floor, decreasing, range, zero_target, strict), None when unmeasured."""
    raw = raw_percent(rule, operator, a, t, low, high, keys)
    if raw is None:
        return None
    capped = raw if keys["cap"] is None else min(raw, Fraction(keys["cap"]))
    return max(capped, Fraction(keys["floor"]))


def raw_percent(rule, operator, a, t, low, high, keys):
    if rule == "RANGE":
        if low <= a <= high:
            return HUNDRED
        bound = low if a < low else high
        if keys["range"] == "zero_outside" or bound == 0:
            return Fraction(0)
        return HUNDRED * (1 - abs(a - bound) / abs(bound))
    if rule == "MET_OR_MISSED":
        return HUNDRED if compares(a, operator, t, keys) else Fraction(0)
    if t == 0:
        if keys["zero_target"] == "not_computable":
            return None
        return HUNDRED if compares(a, operator, t, keys) else Fraction(0)
    if rule == "INCREASING":
        return HUNDRED * a / t if t > 0 else HUNDRED * (1 - (t - a) / abs(t))
    if keys["decreasing"] == "linear":
        return HUNDRED * (2 * t - a) / t if t > 0 else HUNDRED * (1 - (a - t) / abs(t))
    if a <= t:
        return HUNDRED
    return HUNDRED * t / a if t > 0 else HUNDRED * (1 - (a - t) / abs(t))


def compares(a, operator, t, keys):
    if keys["strict"] == "ratio_only":
        operator = {">": ">=", "<": "<="}.get(operator, operator)
    return {">=": a >= t, "<=": a <= t, ">": a > t, "<": a < t, "=": a == t}[operator]


def state(pct: Fraction | None, operator: str, a: Fraction, t: Fraction, keys: dict) -> int:
    """0 reached (from 90), 1 partial, 2 not reached (under 50), 3 unmeasured; a strict target that isn't met is never reached."""
    if pct is None:
        return 3
    if pct < 50:
        return 2
    unmet = keys["strict"] != "ratio_only" and operator in ("<", ">") and not compares(a, operator, t, keys)
    return 0 if pct >= 90 and not unmet else 1
