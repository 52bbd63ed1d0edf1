"""Properties of the rules: limits, monotony, the same figure from 64-bit columns, Python integers and plain fractions."""

from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.scoring import Columns, Comparison, Rule, columns_of, score_columns
from scoring import reference
from scoring.profiles import profile

NUMERIC = (Rule.INCREASING, Rule.DECREASING, Rule.MET_OR_MISSED, Rule.RANGE)
OPERATORS = {
    Rule.INCREASING: (">=", ">"),
    Rule.DECREASING: ("<=", "<"),
    Rule.MET_OR_MISSED: (">=", "<=", ">", "<", "="),
    Rule.RANGE: ("=",),
}

usual = st.decimals(min_value=-1000, max_value=1000, places=2)
whole = st.integers(-30, 30).map(Decimal)
extreme = st.builds(
    lambda sign, digits, exponent: sign * Decimal(digits).scaleb(exponent),
    st.sampled_from((1, -1)),
    st.integers(0, 10**16),
    st.integers(-25, 0),
)
huge = st.integers(-(10**15), 10**15).map(Decimal)
values = st.one_of(whole, usual, extreme, huge)


@st.composite
def comparisons(draw, numbers=values, rules=NUMERIC):
    rule = draw(st.sampled_from(rules))
    low, high = sorted((draw(numbers), draw(numbers)))
    return Comparison(rule, draw(st.sampled_from(OPERATORS[rule])), draw(numbers), draw(numbers), low, high)


KEYS = st.fixed_dictionaries(
    {
        "cap": st.sampled_from((Decimal(100), Decimal(120), Decimal("133.337"), None)),
        "floor": st.sampled_from((Decimal(0), Decimal(-50), Decimal("12.5"))),
        "decreasing": st.sampled_from(("target_over_result", "linear")),
        "range": st.sampled_from(("distance", "zero_outside")),
        "zero_target": st.sampled_from(("holds_or_zero", "not_computable")),
        "strict": st.sampled_from(("not_reached_at_equality", "ratio_only")),
    }
)


def scored(rows, keys):
    """(percent, state) of each comparison, through the columns that the code itself would choose."""
    method = profile(scoring=keys)
    out = [None] * len(rows)
    for index, columns in columns_of(rows):
        for at, figure in zip(index.tolist(), figures(columns, method), strict=True):
            out[at] = figure
    return out


def figures(columns, method):
    got = score_columns(columns, method.scoring, method.states.indicator)
    pairs = zip(got.num.tolist(), got.den.tolist(), got.state.tolist(), strict=True)
    return [(Fraction(n, d) if d else None, s) for n, d, s in pairs]


@settings(max_examples=150, deadline=None)
@given(st.lists(comparisons(), min_size=1, max_size=12), KEYS)
def test_columns_equal_plain_fractions(rows, keys):
    for one, (pct, state) in zip(rows, scored(rows, keys), strict=True):
        a, t, low, high = (Fraction(x) for x in (one.result, one.target, one.low, one.high))
        expected = reference.percent(one.rule.name, one.operator, a, t, low, high, keys)
        assert pct == expected, one
        assert state == reference.state(expected, one.operator, a, t, keys), one


@settings(max_examples=80, deadline=None)
@given(st.lists(comparisons(st.one_of(whole, usual, st.integers(-(10**9), 10**9).map(Decimal))), min_size=1, max_size=12), KEYS)
def test_64_bits_and_python_integers_agree(rows, keys):
    method = profile(scoring=keys)
    [(index, narrow)] = columns_of(rows)
    assert (narrow.result.dtype, index.tolist()) == (np.int64, list(range(len(rows))))
    wide = Columns(
        **{
            f.name: getattr(narrow, f.name).astype(object) if f.name not in ("rule", "operator") else getattr(narrow, f.name)
            for f in fields(narrow)
        }
    )
    assert figures(narrow, method) == figures(wide, method)


@pytest.mark.parametrize("places", ["99.9999999999", "33.3333333333333"])
@pytest.mark.parametrize("value", [10**9, 10**9 - 1, 999_999_937])
def test_long_limits_and_thresholds_don_t_leave_64_bits(places, value):
    keys = {"cap": Decimal(places), "floor": Decimal("-0.0000000001")}
    method = profile(scoring=keys, states={"indicator": {"tolerance": Decimal("0.0000001"), "critical": Decimal("50.00000001")}})
    rows = [
        Comparison(Rule.INCREASING, ">=", Decimal(value), Decimal(10**9)),
        Comparison(Rule.INCREASING, ">=", Decimal(10**9), Decimal(1)),
    ]
    [(_, columns)] = columns_of(rows)
    assert columns.result.dtype == np.int64
    expected = [min(Fraction(value, 10**7), Fraction(places)), Fraction(places)]
    assert [pct for pct, _ in figures(columns, method)] == expected
    assert [state for _, state in figures(columns, method)] == [
        0 if p >= Fraction("99.9999999") else 1 if p >= Fraction("50.00000001") else 2 for p in expected
    ]


def test_long_thresholds_don_t_leave_64_bits():
    method = profile(states={"indicator": {"tolerance": Decimal("0.0000001"), "critical": Decimal("50.00000001")}})
    rows = [
        Comparison(Rule.INCREASING, ">=", Decimal(value), Decimal(10**9))
        for value in (10**9, 999_999_998, 600_000_000, 500_000_000)
    ]
    [(_, columns)] = columns_of(rows)
    assert columns.result.dtype == np.int64
    assert [state for _, state in figures(columns, method)] == [0, 1, 1, 2]


@settings(max_examples=80, deadline=None)
@given(comparisons(), KEYS)
def test_within_floor_and_cap(one, keys):
    [(pct, _)] = scored([one], keys)
    if pct is not None:
        assert pct >= Fraction(keys["floor"])
        assert keys["cap"] is None or pct <= Fraction(keys["cap"])


@settings(max_examples=80, deadline=None)
@given(comparisons(rules=(Rule.INCREASING, Rule.DECREASING)), values, KEYS)
def test_more_of_the_favourable_never_scores_less(one, other, keys):
    better, worse = max(one.result, other), min(one.result, other)
    if one.rule is Rule.DECREASING:
        better, worse = worse, better
    (high, _), (low, _) = scored([replace(one, result=better), replace(one, result=worse)], keys)
    assert (high is None and low is None) or high >= low


@settings(max_examples=60, deadline=None)
@given(comparisons(rules=(Rule.RANGE,)), values, KEYS)
def test_nearer_to_the_range_never_scores_less(one, other, keys):
    side = [x for x in (one.result, other) if x < one.low] or [x for x in (one.result, other) if x > one.high]
    if len(side) == 2:
        near, far = sorted(side, key=lambda x: min(abs(x - one.low), abs(x - one.high)))
        (high, _), (low, _) = scored([replace(one, result=near), replace(one, result=far)], keys)
        assert high >= low


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-40, 400), min_size=2, max_size=8), st.sampled_from(("late_zero", "late_bands", "proportional")))
def test_later_never_scores_more(delays, mode):
    keys = {"deadline": mode, "late_bands": [{"days": 10, "pct": 80}, {"days": 60, "pct": 20}], "proportional_days": 90}
    due = 737000
    rows = [Comparison(Rule.DEADLINE, "<=", Decimal(due + days), Decimal(due)) for days in sorted(delays)]
    percents = [pct for pct, _ in scored(rows, keys)]
    assert percents == sorted(percents, reverse=True)
    assert all(0 <= pct <= 100 for pct in percents)


@settings(max_examples=40, deadline=None)
@given(st.lists(comparisons(), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_doesn_t_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    straight = scored(rows, {})
    shuffled = scored([rows[i] for i in order], {})
    assert [straight[i] for i in order] == shuffled


@pytest.mark.parametrize(
    ("result", "target", "expected"),
    [
        ("1e-9", "3e-9", Fraction(100, 3)),
        ("1e15", "3e15", Fraction(100, 3)),
        ("1e-9", "1e15", Fraction(100, 10**24)),
        ("0.1234567890123456", "0.9876543210987654", Fraction(1234567890123456, 9876543210987654) * 100),
        ("1492129.83", "4823921.39", Fraction(149212983, 482392139) * 100),
        ("333333333333333.3", "999999999999999.9", Fraction(3333333333333333, 9999999999999999) * 100),
    ],
)
def test_tiny_huge_and_long_values_are_exact(result, target, expected):
    [(pct, _)] = scored([Comparison(Rule.INCREASING, ">=", Decimal(result), Decimal(target))], {})
    assert pct == expected
