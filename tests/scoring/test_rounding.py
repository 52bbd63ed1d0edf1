"""METHODS, *rounding*: truncation and halves apply to the exact value, never to its binary approximation."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.scoring import agrees, round_columns, round_exact, shown
from perfxl.scoring.rounding import printed_mode
from scoring.profiles import profile, score

MODES = ("truncate", "half_up", "half_even", "half_down")


@pytest.mark.parametrize(
    ("value", "truncate", "half_up", "half_even", "half_down"),
    [
        ("98.8267", "98.82", "98.83", "98.83", "98.83"),
        ("99.8667", "99.86", "99.87", "99.87", "99.87"),
        ("57/100", "0.57", "0.57", "0.57", "0.57"),
        ("0.005", "0", "0.01", "0", "0"),
        ("0.015", "0.01", "0.02", "0.02", "0.01"),
        ("0.0150001", "0.01", "0.02", "0.02", "0.02"),
        ("2/3", "0.66", "0.67", "0.67", "0.67"),
        ("-0.015", "-0.01", "-0.02", "-0.02", "-0.01"),
        ("-98.8267", "-98.82", "-98.83", "-98.83", "-98.83"),
        ("-0.005", "0", "-0.01", "0", "0"),
        ("100", "100", "100", "100", "100"),
        ("0", "0", "0", "0", "0"),
    ],
)
def test_modes(value, truncate, half_up, half_even, half_down):
    expected = dict(zip(MODES, (truncate, half_up, half_even, half_down), strict=True))
    for mode in MODES:
        assert round_exact(Fraction(value), 2, mode) == Fraction(expected[mode]), mode


def test_57_of_100_truncated_is_57_00():
    assert str(score(">= 100", "57", base="lucca-2017", increasing="ratio").shown) == "57.00"
    assert shown(Fraction(57, 100) * 100, 2, "truncate") == Decimal("57.00")
    assert int(0.57 * 100) == 56  # what a binary truncation says


@pytest.mark.parametrize("percent", range(101))
def test_every_whole_percent_survives_truncation(percent):
    assert round_exact(Fraction(percent, 100) * 100, 2, "truncate") == percent


@pytest.mark.parametrize(
    ("printed", "ours", "mode", "expected"),
    [
        ("99.8", "99.86", "truncate", True),
        ("98", "295/3", "truncate", True),
        ("98.82", "98.826666", "truncate", True),
        ("98.83", "98.826666", "truncate", False),
        ("99.9", "99.86", "truncate", False),
        ("98.83", "98.826666", "half_up", True),
        ("99.9", "99.86", "half_up", True),
        ("99.8", "99.86", "half_up", False),
        ("1E+2", "100", "truncate", True),
    ],
)
def test_agrees(printed, ours, mode, expected):
    assert agrees(Decimal(printed), Fraction(ours), mode) is expected


def test_printed_figures_are_cut_as_the_profile_says():
    assert printed_mode(profile("lucca-2017").rounding) == "truncate"
    assert printed_mode(profile().rounding) == "half_up"
    assert printed_mode(profile(rounding={"mode": "half_even"}).rounding) == "half_even"
    assert printed_mode(profile("lucca-2017", rounding={"printed": "round_to_printed"}).rounding) == "half_up"


def test_decimals_of_the_profile():
    assert str(shown(Fraction(200, 3), 0, "half_up")) == "67"
    assert str(shown(Fraction(200, 3), 4, "truncate")) == "66.6666"
    assert shown(None, 2, "half_up") is None


@given(
    st.lists(st.tuples(st.integers(-(10**18), 10**18), st.integers(0, 10**12)), min_size=1, max_size=20),
    st.integers(0, 6),
    st.sampled_from(MODES),
)
def test_columns_are_rounded_as_fractions_are(pairs, decimals, mode):
    num = np.array([n for n, _ in pairs], dtype=np.int64)
    den = np.array([d for _, d in pairs], dtype=np.int64)
    got_num, got_den = round_columns(num, den, decimals, mode)
    for (n, d), rn, rd in zip(pairs, got_num.tolist(), got_den.tolist(), strict=True):
        assert (rd == 0) == (d == 0)
        if d:
            assert Fraction(rn, rd) == reference(Fraction(n, d), decimals, mode)


def reference(value: Fraction, decimals: int, mode: str) -> Fraction:
    """The definition, by the two neighbours: no arithmetic shared with the code."""
    step = Fraction(1, 10**decimals)
    below = (abs(value) // step) * step
    above, rest = below + step, abs(value) - below
    if mode == "truncate" or rest * 2 < step:
        size = below
    elif rest * 2 > step or mode == "half_up":
        size = above
    elif mode == "half_down":
        size = below
    else:
        size = below if (below / step) % 2 == 0 else above
    return size if value >= 0 else -size
