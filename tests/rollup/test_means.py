"""Exact means: group_means against plain fractions, also near the edge of 64 bits; a mean lies between its extremes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rollup.means import group_means, weighted_mean

EDGE = 2**62
numerators = st.one_of(st.integers(-10_000, 10_000), st.integers(-EDGE, EDGE), st.integers(EDGE - 5, EDGE + 5))
denominators = st.one_of(st.integers(0, 12), st.sampled_from([100, 10**9, EDGE - 1, EDGE, EDGE + 1]), st.integers(0, EDGE))
weights = st.one_of(st.integers(0, 5), st.integers(0, 1000), st.sampled_from([EDGE - 1, EDGE, EDGE + 1]))
rows = st.lists(st.tuples(st.integers(0, 3), numerators, denominators, weights), max_size=25)


def plain(table, groups, *, weighted):
    """The definition: Σ w·p / Σ w over the measured rows of each group."""
    out = []
    for group in range(groups):
        known = [(Fraction(n, d), w if weighted else 1) for g, n, d, w in table if g == group and d]
        total = sum(w for _, w in known)
        out.append(sum((p * w for p, w in known), Fraction(0)) / total if total else None)
    return out


@settings(max_examples=200, deadline=None)
@given(rows, st.sampled_from((np.int64, object)), st.booleans())
def test_group_means_are_plain_fractions(table, dtype, weighted):
    columns = [np.array([row[i] for row in table], dtype=dtype) for i in range(4)]
    got = group_means(columns[0].astype(np.int64), columns[1], columns[2], 5, columns[3] if weighted else None)
    assert got.mean == plain(table, 5, weighted=weighted)
    assert got.measured == [sum(1 for g, _, d, _ in table if g == group and d) for group in range(5)]
    assert got.total == [sum(1 for g, *_ in table if g == group) for group in range(5)]


@settings(max_examples=100, deadline=None)
@given(rows.filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_rows_doesn_t_matter(table, random):
    def means(order):
        columns = [np.array([row[i] for row in order], dtype=object) for i in range(4)]
        return group_means(columns[0].astype(np.int64), *columns[1:3], 4, columns[3]).mean

    shuffled = list(table)
    random.shuffle(shuffled)
    assert means(shuffled) == means(table)


fractions = st.fractions(min_value=0, max_value=100, max_denominator=10_000)


@given(st.lists(st.tuples(st.one_of(st.none(), fractions), st.fractions(min_value=0, max_value=50, max_denominator=100))))
def test_a_mean_lies_between_its_extremes(parts):
    mean = weighted_mean(parts)
    heavy = [pct for pct, weight in parts if pct is not None and weight]
    if not heavy:
        assert mean is None
    else:
        assert min(heavy) <= mean <= max(heavy)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], None),
        ([(None, Fraction(1))], None),
        ([(Fraction(100), Fraction(1)), (None, Fraction(3))], Fraction(100)),  # weights renormalised
        ([(Fraction(100), Fraction(1)), (Fraction(0), Fraction(3))], Fraction(25)),
        ([(Fraction(100), Fraction(0))], None),
    ],
)
def test_weighted_mean(parts, expected):
    assert weighted_mean(parts) == expected
