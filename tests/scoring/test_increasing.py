"""METHODS, *increasing target*: 100·A/T, cap 100; or met 100, missed 0."""

from fractions import Fraction

import pytest

from perfxl.model import State
from scoring.profiles import score


@pytest.mark.parametrize(
    ("target", "result", "expected", "state"),
    [
        (">= 80%", "60%", "75", State.PARTIAL),
        (">= 80%", "80%", "100", State.REACHED),
        (">= 80%", "98%", "100", State.REACHED),
        (">= 80%", "72%", "90", State.REACHED),
        (">= 80%", "71,99%", "89.9875", State.PARTIAL),
        (">= 80%", "40%", "50", State.PARTIAL),
        (">= 80%", "39,99%", "49.9875", State.NOT_REACHED),
        (">= 80%", "0%", "0", State.NOT_REACHED),
        (">= 30", "1", "10/3", State.NOT_REACHED),
        ("n. 12", "3", "25", State.NOT_REACHED),
        (">= 0,20 N.", "0,15", "75", State.PARTIAL),
        (">= 3", "7", "100", State.REACHED),
    ],
)
def test_ratio(target, result, expected, state):
    one = score(target, result)
    assert (one.pct, one.state, one.rule) == (Fraction(expected), state, "increasing")


@pytest.mark.parametrize(("result", "expected"), [("79,9%", 0), ("80%", 100), ("98%", 100)])
def test_met_or_missed(result, expected):
    one = score(">= 80%", result, increasing="met_or_missed")
    assert (one.pct, one.rule) == (expected, "met_or_missed")


def test_over_target_is_kept_in_the_raw_percent():
    assert score(">= 80%", "100%").raw_pct == 125
