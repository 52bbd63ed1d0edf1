"""METHODS, *cap and floor*, *what raggiunto scores*."""

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.profiles import score


@pytest.mark.parametrize(
    ("cap", "expected"),
    [(Decimal(100), "100"), (None, "150"), (Decimal(120), "120"), (Decimal("120.5"), "120.5"), (Decimal(200), "150")],
)
def test_cap(cap, expected):
    assert score(">= 10", "15", cap=cap).pct == Fraction(expected)


@pytest.mark.parametrize(
    ("floor", "expected"), [(Decimal(0), "0"), (Decimal(20), "20"), (Decimal(-50), "-50"), (Decimal("-99.5"), "-60")]
)
def test_floor(floor, expected):
    assert score("<= 10", "26", decreasing="linear", floor=floor).pct == Fraction(expected)


@pytest.mark.parametrize(
    ("result", "own", "full"), [("95", "95", "100"), ("90", "90", "100"), ("89", "89", "89"), ("10", "10", "10")]
)
def test_reached_scores(result, own, full):
    assert score(">= 100", result).pct == Fraction(own)
    assert score(">= 100", result, reached_scores="full").pct == Fraction(full)
