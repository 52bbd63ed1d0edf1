"""The exact value of a formula, by hand, and against an arithmetic that isn't ours."""

from __future__ import annotations

from fractions import Fraction

import pytest
from figures import Given
from hypothesis import given
from hypothesis import strategies as st

from perfxl.algorithms import DivisionByZeroError, MissingError, evaluate, parse
from perfxl.algorithms.syntax import LONGEST

FIGURES = Given(
    {"a": 3, "b": Fraction(1, 2), "zero": 0, "blank": None, "children": [10, None, 20], "weights": [1, 5, 3], "none": [], "few": [1, 2]},
    previous={"a": 2},
)  # fmt: skip


def value(formula):
    return evaluate(parse(formula), FIGURES)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("a", 3),
        ("a + b * 2", 4),
        ("(a + b) * 2", 7),
        ("a - b - b", 2),
        ("a / b / 2", 3),
        ("-a * b", Fraction(-3, 2)),
        ("a - -b", Fraction(7, 2)),
        ("100 * a / 7", Fraction(300, 7)),
        ("sum(children)", 30),
        ("sum(children; a; 1)", 34),
        ("mean(children)", 15),
        ("count(children)", 2),
        ("count(none)", 0),
        ("min(children)", 10),
        ("max(children; 25)", 25),
        ("abs(b - a)", Fraction(5, 2)),
        ("wmean(children; weights)", Fraction(10 * 1 + 20 * 3, 4)),
        ("a - prev(a)", 1),
        ("100 * (a - prev(a)) / prev(a)", 50),
        ("achievement(b; a)", Fraction(50, 3)),
        ("sum(100 * a; b)", Fraction(601, 2)),
        ("sum(a + blank; a)", 3),  # what isn't measured isn't summed
    ],
)
def test_by_hand(formula, expected):
    assert value(formula) == expected


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("a + blank", "manca «blank»"),
        ("missing", "«missing» non si trova"),
        ("children", "«children» sta per 3 cifre"),
        ("sum(none)", "nessun valore tra quelli da sommare"),
        ("mean(blank)", "nessun valore tra quelli da mediare"),
        ("max(none)", "da confrontare"),
        ("wmean(none; none)", "nessun valore misurato da pesare"),
        ("wmean(few; children)", "2 valori da pesare con 3 pesi"),
        ("prev(b)", "dell'anno prima"),
    ],
)
def test_a_missing_figure_is_named(formula, words):
    with pytest.raises(MissingError) as caught:
        value(formula)
    assert words in str(caught.value)


@pytest.mark.parametrize(("formula", "zero"), [("a / zero", False), ("zero / (b - b)", True), ("wmean(few; few) / zero", False)])
def test_a_division_by_zero_tells_nought_by_nought(formula, zero):
    with pytest.raises(DivisionByZeroError) as caught:
        value(formula)
    assert caught.value.numerator_zero is zero


def test_weights_that_make_nothing_divide_by_zero():
    with pytest.raises(DivisionByZeroError):
        evaluate(parse("wmean(x; w)"), Given({"x": [1, 2], "w": [0, 0]}))


def test_a_sum_as_long_as_a_formula_may_be():
    assert value("+".join("a" * (LONGEST // 2))) == 3 * (LONGEST // 2)
    assert value("a" + "-1" * (LONGEST // 2 - 1)) == 3 - (LONGEST // 2 - 1)


NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)
TREES = st.recursive(
    st.sampled_from(["a", "b", "c", "3", "12,5"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
        | inner.map(lambda text: f"-({text})")
    ),
    max_leaves=14,
)


@given(TREES, NUMBERS, NUMBERS, NUMBERS)
def test_python_s_own_arithmetic_gives_the_same(formula, a, b, c):
    python = formula.replace("12,5", "Fraction(25, 2)").replace("3", "Fraction(3)")
    try:
        expected = eval(python, {"Fraction": Fraction, "a": a, "b": b, "c": c})
    except ZeroDivisionError:
        with pytest.raises(DivisionByZeroError):
            evaluate(parse(formula), Given({"a": a, "b": b, "c": c}))
    else:
        assert evaluate(parse(formula), Given({"a": a, "b": b, "c": c})) == expected
