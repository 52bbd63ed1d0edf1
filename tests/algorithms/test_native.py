"""The native formula, worked out by an evaluator that isn't ours, is what `evaluate` gives."""

from __future__ import annotations

from fractions import Fraction

import pytest
from figures import Cells, Given, spreadsheet
from hypothesis import given
from hypothesis import strategies as st

from perfxl.algorithms import DivisionByZeroError, MissingError, NotNativeError, evaluate, native, parse
from perfxl.algorithms.native import MOST_ARGUMENTS

NAMED = {"a": 3, "b": 8, "xs": [10, None, 20], "ws": [1, 5, 3], "none": []}


def written(formula, named=NAMED, **options):
    return native(parse(formula), Cells(named, **options))


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("a + b * 2", "A1+B1*2"),
        ("(a + b) * 2", "(A1+B1)*2"),
        ("a - (b - 1)", "A1-(B1-1)"),
        ("a - b - 1", "A1-B1-1"),
        ("a / (b / 2)", "A1/(B1/2)"),
        ("-a * b", "(-A1)*B1"),
        ("-(a + b)", "-(A1+B1)"),
        ("a - -b", "A1-(-B1)"),
        ("a * 0,5", "A1*0.5"),
        ("sum(xs)", "SUM(C1:C3)"),
        ("sum(xs; a; 1)", "SUM(C1:C3,A1,1)"),
        ("mean(xs)", "AVERAGE(C1:C3)"),
        ("count(xs)", "COUNT(C1:C3)"),
        ("abs(a - b)", "ABS(A1-B1)"),
        ("wmean(xs; ws)", "(SUMPRODUCT(C1:C3,D1:D3)/SUMPRODUCT(--ISNUMBER(C1:C3),D1:D3))"),
    ],
)
def test_as_an_office_would_write_it(formula, text):
    assert written(formula) == text


def test_percentages_are_held_as_fractions_and_spoken_of_in_hundredths():
    assert written("a + b", percents=["a"]) == "(100*A1)+B1"
    assert written("sum(xs)", percents=["xs"]) == "(100*SUM(C1:C3))"
    assert written("count(xs)", percents=["xs"]) == "COUNT(C1:C3)"
    assert written("wmean(xs; ws)", percents=["xs", "ws"]).startswith("(100*(SUMPRODUCT(")


@pytest.mark.parametrize("formula", ["missing", "xs", "sum(none)", "achievement(a; b)", "sum(xs; pct)", "wmean(xs + 1; ws)"])
def test_what_a_spreadsheet_cannot_say(formula):
    with pytest.raises(NotNativeError):
        native(parse(formula), Cells(NAMED | {"pct": 5}, percents=["pct"]))


def test_more_cells_than_a_formula_has_room_for():
    class Scattered(Cells):
        def ranges(self, ref):
            return self.plain(ref)

    named = {"xs": [1] * (MOST_ARGUMENTS + 1), "ys": [1] * (MOST_ARGUMENTS // 2 + 1)}
    assert native(parse("sum(ys)"), Scattered(named)).count(",") == MOST_ARGUMENTS // 2
    for formula in ("sum(xs)", "sum(ys) + sum(ys)", "wmean(ys; ys)"):
        with pytest.raises(NotNativeError):
            native(parse(formula), Scattered(named))


def test_pairs_that_do_not_stand_one_beneath_another():
    class Scattered(Cells):
        def ranges(self, ref):
            return self.plain(ref)

    named = {"xs": [10, None, 20], "ws": [1, 5, None]}
    text = native(parse("wmean(xs; ws)"), Scattered(named))
    assert spreadsheet(text, Scattered(named).values()) == evaluate(parse("wmean(xs; ws)"), Given(named)) == 10


NUMBERS = st.fractions(min_value=-100, max_value=100, max_denominator=20)
MANY = st.lists(NUMBERS | st.none(), min_size=1, max_size=5)
LEAVES = ("a", "b", "7", "sum(xs)", "mean(xs)", "min(xs)", "max(xs; a)", "count(xs)", "prev(a)", "abs(b)", "wmean(xs; ws)", "pct")
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
        | inner.map(lambda text: f"-({text})")
    ),
    max_leaves=10,
)


@given(TREES, NUMBERS, NUMBERS, NUMBERS, MANY, st.sets(st.sampled_from(["a", "xs", "pct"])))
def test_the_native_formula_gives_the_exact_value(formula, a, b, before, many, percents):
    weights = [abs(n or Fraction(0)) + 1 for n in many]
    named = {"a": a, "b": b, "pct": 12, "xs": many, "ws": weights}
    cells = Cells(named, percents=percents, previous={"a.before": before})
    cells.previous = lambda ref: f"({100 if 'a' in percents else 1}*{cells._columns['a.before']}1)"
    values = cells.values()
    if "a" in percents:
        values[f"{cells._columns['a.before']}1"] = before / 100
    try:
        exact = evaluate(parse(formula), Given(named, previous={"a": before}))
        text = native(parse(formula), cells)
    except (DivisionByZeroError, MissingError, NotNativeError):
        return
    assert spreadsheet(text, values) == exact
