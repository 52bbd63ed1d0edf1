"""METHODS, *over / under sign*: `<= - 15,00 %` (EC27), the distance on the target's size (docs/metodi.md, `negative`)."""

from fractions import Fraction

import pytest

from perfxl.model import State
from scoring.profiles import score


@pytest.mark.parametrize(
    ("result", "expected"),
    [("-12%", "80"), ("-15%", "100"), ("-20%", "100"), ("0%", "0"), ("+3%", "0"), ("-14,99%", "1499/15"), ("-0,5%", "10/3")],
)
@pytest.mark.parametrize("decreasing", ["target_over_result", "linear"])
def test_reduction(result, expected, decreasing):
    assert score("<= - 15,00 %", result, decreasing=decreasing).pct == Fraction(expected)


@pytest.mark.parametrize(
    ("result", "expected"), [("-6", "80"), ("-5", "100"), ("-4", "100"), ("3", "100"), ("-10", "0"), ("-20", "0")]
)
def test_increasing_below_zero(result, expected):
    assert score(">= -5", result).pct == Fraction(expected)


def test_under_the_floor_the_raw_percent_keeps_its_sign():
    assert score("<= - 15,00 %", "3%").raw_pct == -20
    assert score("<= - 15,00 %", "3%", floor=-50).pct == -20


@pytest.mark.parametrize(
    ("target", "result"), [("<= - 15,00 %", "-12%"), ("<= - 15,00 %", "3%"), (">= 5", "-2"), ("-10% - 5%", "0%")]
)
def test_not_computable(target, result):
    assert score(target, result, negative="not_computable").state is State.UNMEASURED


def test_positive_pairs_are_computed_whatever_the_sign_policy():
    assert score(">= 10", "5", negative="not_computable").pct == 50
