"""What rounded figures allow: a printed 58,1 stands for everything that rounds to it, and a sum of such for an interval."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """All the values from `low` to `high`, both included."""

    low: Fraction
    high: Fraction

    @classmethod
    def around(cls, value: Fraction, decimals: int, mode: str) -> Interval:
        """What a figure printed with so many decimals may have been: half a unit about it, or a unit beyond where truncated."""
        unit = Fraction(1, 10**decimals)
        if mode == "truncate":
            return cls(value - (unit if value <= 0 else 0), value + (unit if value >= 0 else 0))
        return cls(value - unit / 2, value + unit / 2)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        """Raises ZeroDivisionError where zero is among the divisors."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        return self * Interval(1 / other.high, 1 / other.low)

    def __abs__(self) -> Interval:
        if self.low <= 0 <= self.high:
            return Interval(Fraction(0), max(-self.low, self.high))
        return Interval(*sorted((abs(self.low), abs(self.high))))

    def lesser(self, other: Interval) -> Interval:
        """What the smaller of two values may be."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def greater(self, other: Interval) -> Interval:
        """What the larger of two values may be."""
        return Interval(max(self.low, other.low), max(self.high, other.high))

    def meets(self, other: Interval) -> bool:
        """Whether a value lies in both."""
        return self.low <= other.high and other.low <= self.high
