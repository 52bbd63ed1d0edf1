"""METHODS, *equality*: `= 100 %`, `=2`, `(n. 3)` as ≥, or exact or zero."""

import pytest

from scoring.profiles import score


@pytest.mark.parametrize(
    ("target", "result", "as_increasing", "exact"),
    [
        ("= 100,00 %", "100%", 100, 100),
        ("= 100,00 %", "80%", 80, 0),
        ("= 100,00 %", "120%", 100, 0),
        ("=2", "2", 100, 100),
        ("=2", "1", 50, 0),
        ("=2", "3", 100, 0),
        ("n. progetti integrati realizzati (n. 3)", "3", 100, 100),
        ("n. progetti integrati realizzati (n. 3)", "4", 100, 0),
        ("n. 4 progetti", "3", 75, 0),
        (">= 2", "3", 100, 100),
    ],
)
def test_both_readings(target, result, as_increasing, exact):
    assert score(target, result).pct == as_increasing
    assert score(target, result, equality="exact_or_zero").pct == exact
