"""Exact weighted means of whole columns: fractions summed by group without ever leaving the integers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from perfxl.model.record import record


@record(frozen=True, slots=True)
class GroupMeans:
    """Per group: mean of the measured rows (None where none is), how many are measured, how many there are."""

    mean: list[Fraction | None]
    measured: list[int]
    total: list[int]


def group_means(group: Any, num: Any, den: Any, groups: int, weight: Any | None = None) -> GroupMeans:
    """Weighted means by group.

    Args:
        group: n integers in 0..groups-1.
        num: numerators of n exact fractions.
        den: their denominators; 0 = unmeasured, left out and its weight with it.
        groups: how many groups.
        weight: n non-negative integers on a common scale, or None for equal weights.
    """
    group = np.asarray(group, dtype=np.int64)
    measured = np.asarray(den) != 0
    total = np.bincount(group, minlength=groups).tolist()
    counted = np.bincount(group[measured], minlength=groups).tolist()
    g, n, d = group[measured], np.asarray(num)[measured], np.asarray(den)[measured]
    if weight is None:
        return GroupMeans([s / v if v else None for s, v in zip(_sums(g, n, d, groups), counted, strict=True)], counted, total)
    w = np.asarray(weight)[measured]
    sums = _sums(g, n * w if _small(n, w) else n.astype(object) * w, d, groups)
    weights = _sums(g, w, np.ones_like(w), groups)
    return GroupMeans([s / v if v else None for s, v in zip(sums, weights, strict=True)], counted, total)


def weighted_mean(parts: Sequence[tuple[Fraction | None, Fraction]]) -> Fraction | None:
    """Mean of (percent, weight) pairs, unmeasured ones left out and the other weights renormalised; None where none is left."""
    known = [(pct, weight) for pct, weight in parts if pct is not None]
    if not known:
        return None
    first = known[0][1]
    if all(w is first or w == first for _, w in known):  # the plain mean, without multiplying
        return sum((p for p, _ in known[1:]), known[0][0]) / len(known) if first else None
    weight = sum((w for _, w in known), Fraction(0))
    return sum((p * w for p, w in known), Fraction(0)) / weight if weight else None


def _small(n: Any, w: Any) -> bool:
    return n.dtype != object and (len(n) == 0 or int(np.abs(n).max()) * int(w.max()) < 2**62)


def _sums(group: Any, num: Any, den: Any, groups: int) -> list[Fraction]:
    """Sum of num/den by group: on one scale where 64 bits hold it (rounded percents), else by equal denominator."""
    if len(group) == 0:
        return [Fraction(0)] * groups
    scale = _scale(num, den)
    if scale is None:
        return _sums_by_denominator(group, num, den, groups)
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, group, num * (scale // den))
    return [Fraction(total, scale) for total in sums.tolist()]


def _scale(num: Any, den: Any) -> int | None:
    """The common denominator, where all the sums over it fit 64 bits; None where they don't."""
    if object in {num.dtype, den.dtype}:
        return None
    scale = 1
    ordered = np.sort(den)
    for divisor in ordered[np.r_[True, ordered[1:] != ordered[:-1]]].tolist():  # np.unique would import the masked arrays
        scale = lcm(scale, divisor)
        if scale >= 2**31:
            return None
    return scale if int(np.abs(num).max()) * scale * len(num) < 2**62 else None


def _sums_by_denominator(group: Any, num: Any, den: Any, groups: int) -> list[Fraction]:
    """Reduced to lowest terms, added by equal denominator in integers, then few exact fractions."""
    out = [Fraction(0)] * groups
    common = np.gcd(num, den)
    num, den = num // common, den // common
    if num.dtype != object and int(np.abs(num).max()) > 2**62 // len(num):
        num = num.astype(object)
    order = (
        np.lexsort((den.astype(np.int64), group)) if den.dtype != object or int(den.max()) < 2**62 else _slow_order(group, den)
    )
    g, n, d = group[order], num[order], den[order]
    first = np.flatnonzero(np.r_[True, (g[1:] != g[:-1]) | (d[1:] != d[:-1])])
    for where, total, divisor in zip(g[first].tolist(), np.add.reduceat(n, first).tolist(), d[first].tolist(), strict=True):
        out[where] += Fraction(total, divisor)
    return out


def _slow_order(group: Any, den: Any) -> Any:
    return np.array(sorted(range(len(den)), key=lambda i: (int(group[i]), int(den[i]))), dtype=np.int64)
