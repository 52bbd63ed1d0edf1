"""METHODS, *decreasing target*: T/A (PERFORM+) or (2T − A)/T (GZoom): T = 10, A = 12 gives 83.33 against 80."""

from fractions import Fraction

import pytest

from scoring.profiles import score


@pytest.mark.parametrize(
    ("result", "performplus", "gzoom"),
    [
        ("12", "250/3", "80"),
        ("10", "100", "100"),
        ("8", "100", "100"),
        ("0", "100", "100"),
        ("20", "50", "0"),
        ("25", "40", "0"),
        ("11", "1000/11", "90"),
        ("30,5", "2000/61", "0"),
    ],
)
def test_both_formulas(result, performplus, gzoom):
    assert score("<= 10", result).pct == Fraction(performplus)
    assert score("<= 10", result, decreasing="linear").pct == Fraction(gzoom)


def test_shown_as_in_the_table():
    assert str(score("<= 10", "12").shown) == "83.33"
    assert str(score("<= 10", "12", decreasing="linear").shown) == "80.00"


@pytest.mark.parametrize(("result", "expected"), [("9,9", 100), ("10", 100), ("10,1", 0)])
def test_met_or_missed(result, expected):
    assert score("<= 10", result, decreasing="met_or_missed").pct == expected


def test_linear_pays_what_is_under_the_target_only_without_cap():
    assert score("<= 10", "5", decreasing="linear", cap=None).pct == 150
    assert score("<= 10", "5", cap=None).pct == 100
