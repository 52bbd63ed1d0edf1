"""METHODS, *T = 0*: 100 where A ≥ 0 (increasing) or A ≤ 0 (decreasing), else 0; or not computable."""

import pytest

from perfxl.model import State
from scoring.profiles import score


@pytest.mark.parametrize(
    ("target", "result", "expected"),
    [
        (">= 0", "0", 100),
        (">= 0", "5", 100),
        (">= 0", "-1", 0),
        ("<= 0", "0", 100),
        ("<= 0", "-1", 100),
        ("<= 0", "0,001", 0),
        ("= 0", "0", 100),
        ("> 0", "0", 0),
        ("> 0", "1", 100),
        ("< 0", "0", 0),
        ("< 0", "-1", 100),
    ],
)
@pytest.mark.parametrize("decreasing", ["target_over_result", "linear"])
def test_holds_or_zero(target, result, expected, decreasing):
    assert score(target, result, decreasing=decreasing).pct == expected


@pytest.mark.parametrize("target", [">= 0", "<= 0", "= 0"])
@pytest.mark.parametrize("decreasing", ["target_over_result", "linear"])
def test_not_computable(target, decreasing):
    one = score(target, "3", zero_target="not_computable", decreasing=decreasing)
    assert (one.pct, one.shown, one.state) == (None, None, State.UNMEASURED)
    assert "non calcolabile" in one.explanation
