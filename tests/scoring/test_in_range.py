"""METHODS, *range*: inside 100; outside 100·(1 − distance/|bound|), floor 0; or zero outside."""

from fractions import Fraction

import pytest

from scoring.profiles import score


@pytest.mark.parametrize(
    ("target", "result", "expected"),
    [
        ("380% - 390%", "385%", "100"),
        ("380% - 390%", "380%", "100"),
        ("380% - 390%", "390%", "100"),
        ("380% - 390%", "361%", "95"),  # 19 below, on 380
        ("380% - 390%", "409,5%", "95"),  # 19.5 above, on 390
        ("380% - 390%", "0%", "0"),
        ("380% - 390%", "780%", "0"),
        ("380% - 390%", "1000%", "0"),
        ("10% - 13%", "9%", "90"),
        ("10% - 13%", "14%", "1200/13"),
    ],
)
def test_distance(target, result, expected):
    one = score(target, result)
    assert (one.pct, one.rule) == (Fraction(expected), "range")


@pytest.mark.parametrize(("result", "expected"), [("379,99%", 0), ("380%", 100), ("390%", 100), ("390,01%", 0)])
def test_zero_outside(result, expected):
    assert score("380% - 390%", result, range="zero_outside").pct == expected


def test_a_bound_of_zero_leaves_nothing_outside():
    assert score("0% - 10%", "-1%").pct == 0
    assert score("0% - 10%", "0%").pct == 100
