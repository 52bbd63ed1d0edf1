"""Comparisons as integer columns: what the rules work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from enum import IntEnum
from typing import Any

import numpy as np

from perfxl.model.record import record
from perfxl.scoring.rules.met_or_missed import ABOVE, AT_LEAST, AT_MOST, BELOW, EQUAL

# Beyond this a rule's 100·(3·value·scale) comes near 64 bits: such rows take the same rules in Python integers.
LARGEST = 10**9
SCALE = 10**4

OPERATORS = {">=": AT_LEAST, "<=": AT_MOST, ">": ABOVE, "<": BELOW, "=": EQUAL, None: AT_LEAST}


class Rule(IntEnum):
    """The rule that a row takes; the names are those of the trace."""

    UNMEASURED = 0
    INCREASING = 1
    DECREASING = 2
    MET_OR_MISSED = 3
    RANGE = 4
    DEADLINE = 5
    DECLARED = 6


@record(frozen=True, slots=True)
class Comparison:
    """A result set against a target, in one unit. `parts` for several deadlines or values in one cell."""

    rule: Rule
    operator: str | None = None
    result: Decimal = Decimal(0)
    target: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    parts: tuple[Comparison, ...] = ()


@record(frozen=True, slots=True)
class Columns:
    """n rows, one-dimensional arrays. `result`, `target`, `low`, `high` are integers: the value times `scale`, row by row.

    int64 (|integer| ≤ LARGEST·SCALE keeps a rule's products exact), or dtype object with Python integers of any size.
    """

    rule: Any  # int8, values of Rule
    operator: Any  # int8, values of met_or_missed.AT_LEAST …
    result: Any
    target: Any
    low: Any
    high: Any
    scale: Any

    def take(self, index: Any) -> Columns:
        """The rows at `index`."""
        return Columns(*(getattr(self, f.name)[index] for f in fields(self)))

    def __len__(self) -> int:
        return len(self.rule)


def columns_of(comparisons: Sequence[Comparison]) -> tuple[tuple[Any, Columns], ...]:
    """(row numbers, columns) once for the rows that fit 64 bits and once for those that don't; parts are not expanded here."""
    fast: list[int] = []
    wide: list[int] = []
    scaled: list[tuple[int, ...]] = []
    for number, one in enumerate(comparisons):
        row, fits = _scaled(one)
        scaled.append(row)
        (fast if fits else wide).append(number)
    return tuple(
        (np.array(rows, dtype=np.int64), _columns(comparisons, scaled, rows, dtype))
        for rows, dtype in ((fast, np.int64), (wide, object))
        if rows
    )


def _columns(comparisons: Sequence[Comparison], scaled: list[tuple[int, ...]], rows: list[int], dtype: Any) -> Columns:
    values = np.array([scaled[i] for i in rows], dtype=dtype).T
    return Columns(
        np.array([comparisons[i].rule for i in rows], dtype=np.int8),
        np.array([OPERATORS[comparisons[i].operator] for i in rows], dtype=np.int8),
        *values,
    )


def _scaled(one: Comparison) -> tuple[tuple[int, ...], bool]:
    values = (one.result, one.target, one.low, one.high)
    places = max(0, *(-int(v.as_tuple().exponent) for v in values))
    scale = max(SCALE, 10**places)
    row = tuple(_exact(v, scale) for v in values)
    return (*row, scale), scale == SCALE and max(map(abs, row)) <= LARGEST * SCALE


def _exact(value: Decimal, scale: int) -> int:
    num, den = value.as_integer_ratio()
    return num * (scale // den)
