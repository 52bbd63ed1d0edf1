"""Intervals: whatever the operands were before they were printed, the exact figure lies within."""

from __future__ import annotations

from fractions import Fraction

import pytest
from figures import Given, Spans
from hypothesis import given
from hypothesis import strategies as st

from perfxl.algorithms import DivisionByZeroError, Interval, MissingError, evaluate, parse
from perfxl.scoring import round_exact

MODES = ("half_up", "half_even", "half_down", "truncate")
NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=200)
FORMULAS = (
    "a + b * c",
    "a - b / c",
    "-(a - b) * c",
    "100 * a / sum(xs)",
    "sum(xs)",
    "mean(xs)",
    "wmean(xs; ws)",
    "min(xs)",
    "max(xs)",
    "max(a; b; c) - min(a; b; c)",
    "abs(a - b)",
    "count(xs) * a",
    "a * a",
)


@given(NUMBERS, st.integers(0, 4), st.sampled_from(MODES))
def test_a_printed_figure_stands_for_what_it_was(value, decimals, mode):
    printed = round_exact(value, decimals, mode)
    span = Interval.around(printed, decimals, mode)
    assert span.low <= value <= span.high
    assert span.high - span.low == Fraction(1, 10**decimals) * (2 if mode == "truncate" and printed == 0 else 1)


@given(st.sampled_from(FORMULAS), st.lists(NUMBERS, min_size=9, max_size=9), st.integers(0, 3), st.sampled_from(MODES))
def test_the_interval_holds_the_exact_value(formula, numbers, decimals, mode):
    named = {"a": numbers[0], "b": numbers[1], "c": numbers[2], "xs": numbers[3:6], "ws": [abs(n) + 1 for n in numbers[6:]]}

    def around(value):
        span = Interval.around(round_exact(value, decimals, mode), decimals, mode)
        return span.low, span.high

    spans = {name: [around(n) for n in found] if isinstance(found, list) else around(found) for name, found in named.items()}
    try:
        exact = evaluate(parse(formula), Given(named))
        span = evaluate(parse(formula), Spans(spans))
    except DivisionByZeroError:
        return
    assert span.low <= exact <= span.high


def test_by_hand():
    spans = Spans({"a": (1, 3), "b": (-2, 2), "c": (4, 8), "xs": [(0, 10), (1, 2)]})
    for formula, low, high in [
        ("a + c", 5, 11),
        ("a - c", -7, -1),
        ("a * b", -6, 6),
        ("a / c", Fraction(1, 8), Fraction(3, 4)),
        ("abs(b)", 0, 2),
        ("abs(-c)", 4, 8),
        ("max(xs)", 1, 10),
        ("min(xs)", 0, 2),
        ("mean(xs)", Fraction(1, 2), 6),
    ]:
        assert evaluate(parse(formula), spans) == Interval(Fraction(low), Fraction(high)), formula


def test_a_divisor_that_may_be_zero_gives_no_interval():
    with pytest.raises(DivisionByZeroError):
        evaluate(parse("a / b"), Spans({"a": 1, "b": (-1, 1)}))


def test_a_missing_figure_gives_no_interval():
    with pytest.raises(MissingError):
        evaluate(parse("a + b"), Spans({"a": 1, "b": None}))


@pytest.mark.parametrize(("one", "other", "meet"), [((0, 1), (1, 2), True), ((0, 1), (2, 3), False), ((0, 9), (3, 4), True)])
def test_two_intervals_meet(one, other, meet):
    first, second = (Interval(Fraction(low), Fraction(high)) for low, high in (one, other))
    assert first.meets(second) is second.meets(first) is meet
