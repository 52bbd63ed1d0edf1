"""Figures as they are printed."""

from __future__ import annotations

from fractions import Fraction

_ITALIAN = str.maketrans({",": ".", ".": ","})


def italian(value: Fraction, decimals: int) -> str:
    """`1.234,50`; half a unit goes up, whatever the float would do."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    text = f"{whole // 10**decimals:,}" + (f".{whole % 10**decimals:0{decimals}d}" if decimals else "")
    return ("-" if value < 0 and whole else "") + text.translate(_ITALIAN)
