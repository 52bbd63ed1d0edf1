"""Rounding of exact fractions: truncation and halves apply to the exact value, never to its binary approximation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from perfxl.methods.schema import Rounding

WIDEST = 2**62


@lru_cache(maxsize=4096)
def round_exact(value: Fraction, decimals: int, mode: str) -> Fraction:
    """`value` rounded to `decimals`: `truncate` (towards zero), `half_up`, `half_even`, `half_down` (halves by size)."""
    num, den = round_columns(
        np.array([value.numerator], dtype=object), np.array([value.denominator], dtype=object), decimals, mode
    )
    return Fraction(int(num[0]), int(den[0]))


def round_columns(num: Any, den: Any, decimals: int, mode: str) -> tuple[Any, Any]:
    """The same on columns: fractions over 10**decimals; rows with denominator 0 stay unmeasured."""
    unit = 10**decimals
    num, den = fitting(num, den, 2 * unit)
    safe = np.where(den == 0, 1, den)
    size = np.abs(num) * unit
    whole = size // safe
    if mode != "truncate":
        twice = 2 * (size - whole * safe)
        up = twice > safe
        if mode == "half_up":
            up = up | (twice == safe)
        elif mode == "half_even":
            up = up | ((twice == safe) & (whole % 2 == 1))
        whole = whole + up
    signed = np.where(num < 0, -whole, whole)
    return signed, np.where(den == 0, 0, unit)


def fitting(num: Any, den: Any, *factors: Decimal | int | None) -> tuple[Any, Any]:
    """The columns as they are where every product with `factors` stays within 64 bits, else the same in Python integers."""
    if num.dtype == object or len(num) == 0:
        return num, den
    largest = max(int(np.abs(num).max()), int(np.abs(den).max()))
    factor = max(abs(part) for each in factors if each is not None for part in each.as_integer_ratio())
    return (num, den) if largest * factor < WIDEST else (num.astype(object), den.astype(object))


@lru_cache(maxsize=4096)
def shown(value: Fraction | None, decimals: int, mode: str) -> Decimal | None:
    """The figure as it is shown: `Decimal('98.80')`, or None when unmeasured."""
    if value is None:
        return None
    scaled = round_exact(value, decimals, mode) * 10**decimals
    return Decimal(scaled.numerator).scaleb(-decimals)


def printed_mode(rounding: Rounding) -> str:
    """How ours is cut to the decimals of a printed figure: truncated, or rounded as the method rounds (METHODS, *rounding*)."""
    if rounding.printed == "truncate_to_printed":
        return "truncate"
    return "half_up" if rounding.mode == "truncate" else rounding.mode


def agrees(printed: Decimal, ours: Fraction, mode: str) -> bool:
    """Whether a printed figure is ours at the printed number of decimals (METHODS: 99.86 → 99.8, 98.33 → 98)."""
    decimals = max(0, -int(printed.as_tuple().exponent))
    return round_exact(ours, decimals, mode) == Fraction(printed)
