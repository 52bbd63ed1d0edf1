"""What a formula says: names, Italian numbers, precedence; and whatever people type is refused in one Italian sentence."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.algorithms import Call, FormulaError, Negative, Number, Operation, Ref, parse, refs_in
from perfxl.algorithms.syntax import DEEPEST, FUNCTIONS, LONGEST

A, B, C = Ref("a"), Ref("b"), Ref("c")


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("a", A),
        ("TOTALE.actual", Ref("TOTALE", "actual")),
        ("budget!TOTALE.actual", Ref("TOTALE", "actual", "budget")),
        ("budget!actual[parent]", Ref("actual", "", "budget", "parent")),
        ('"N_self-ass_PID"', Ref("N_self-ass_PID")),
        ('pareto!"Camera di Lucca".value', Ref("Camera di Lucca", "value", "pareto")),
        ('x."2017 - 2016"', Ref("x", "2017 - 2016")),
        ("1.234,50", Number(Fraction("1234.5"))),
        ("0,2", Number(Fraction(1, 5))),
        ("2.9", Number(Fraction("2.9"))),
        ("a + b * c", Operation("+", A, Operation("*", B, C))),
        ("a * b + c", Operation("+", Operation("*", A, B), C)),
        ("a - b - c", Operation("-", Operation("-", A, B), C)),
        ("a / b / c", Operation("/", Operation("/", A, B), C)),
        ("a - (b - c)", Operation("-", A, Operation("-", B, C))),
        ("-a * b", Operation("*", Negative(A), B)),
        ("a - -b", Operation("-", A, Negative(B))),
        ("+a", A),
        ("a × b ÷ c", Operation("/", Operation("*", A, B), C)),
        ("a · b : c − a", Operation("-", Operation("/", Operation("*", A, B), C), A)),
        ("a\xa0+\xa0b", Operation("+", A, B)),
        ("sum(children)", Call("sum", (Ref("children"),))),
        ("SUM(a; b)", Call("sum", (A, B))),
        ("max(a, b)", Call("max", (A, B))),
        ("wmean(children.pct, children.weight)", Call("wmean", (Ref("children", "pct"), Ref("children", "weight")))),
        ("sum", Ref("sum")),  # a line may well be called so
    ],
)
def test_a_formula_is_this_tree(formula, tree):
    assert parse(formula) == tree


def test_a_comma_between_digits_makes_one_number():
    assert parse("min(1,2)") == Call("min", (Number(Fraction("1.2")),))
    assert parse("min(1; 2)") == parse("min(1, 2)") == Call("min", (Number(Fraction(1)), Number(Fraction(2))))


def test_names_known_beforehand_may_hold_signs_and_blanks():
    names = ["Dip-Form", "Dip", "N. imprese", "BilCons_DA"]
    assert parse("Dip-Form / N. imprese", names) == Operation("/", Ref("Dip-Form"), Ref("N. imprese"))
    assert parse("dip-form - Dip", names) == Operation("-", Ref("dip-form"), Ref("Dip"))
    assert parse("Dip - Formazione", names) == Operation("-", Ref("Dip"), Ref("Formazione"))


def test_a_sign_inside_quotes_is_part_of_the_name():
    assert parse('"Ricavi – costi"') == Ref("Ricavi – costi")
    assert parse("Ricavi – costi", ["Ricavi – costi"]) == Ref("Ricavi – costi")
    assert parse('"2017:2016" : a') == Operation("/", Ref("2017:2016"), A)


def test_names_are_told_once_in_order():
    assert [str(each) for each in refs_in(parse("100 * (a - b) / sum(a; x!b[key]) + -c"))] == ["a", "b", "x!b[key]", "c"]


def test_a_name_is_written_as_it_is_read():
    for text in ("a", "a.b", "t!a", "t!a.b", "t!a[key]", "a[parent]"):
        assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("", "manca un valore"),
        ("   ", "manca un valore"),
        ("a +", "manca un valore"),
        ("a b", "prima di «b»"),
        ("(a", "parentesi non chiusa"),
        ("a)", "chiusa e mai aperta"),
        ("*a", "«*» senza un valore prima"),
        ("a ^ b", "non leggibile"),
        ("a; b", "prima di «;»"),
        ("1.2.3", "«1.2.3»"),
        ("__import__('os')", "non leggibile"),
        ("foo(a)", "prima di «(»"),
        ("sum()", "senza un valore prima"),
        ("abs(a; b)", "abs vuole 1"),
        ("wmean(a)", "wmean vuole 2"),
        ("prev(1)", "prev vuole nomi"),
        ("achievement(a; 80)", "achievement vuole nomi"),
        ("a" * (LONGEST + 1), "troppo lunga"),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), "troppe parentesi"),
        ("-" * (DEEPEST + 1) + "a", "troppi segni"),
        ('"a', "non leggibile"),
        ("a..b", "non leggibile"),
        ("a!", "non leggibile"),
        ("٣ + a", "non leggibile"),
    ],
)
def test_what_cannot_be_read_is_said_in_italian(formula, words):
    with pytest.raises(FormulaError) as caught:
        parse(formula)
    assert words in str(caught.value)


def test_the_longest_sum_is_read():
    formula = "+".join("a" * (LONGEST // 2))
    assert len(formula) == LONGEST - 1
    assert refs_in(parse(formula)) == (A,)


@given(st.text(max_size=60) | st.text(alphabet='ab1,.;()+-*/!"[]– \xa0×:', max_size=80))
def test_hostile_text_is_a_tree_or_a_formula_error(text):
    with suppress(FormulaError):
        assert all(isinstance(each, Ref) for each in refs_in(parse(text)))


@given(st.lists(st.sampled_from([*sorted(FUNCTIONS), "a", "(", ")", ";", "+", "-", "1,5"]), max_size=40))
def test_hostile_words_are_a_tree_or_a_formula_error(words):
    with suppress(FormulaError):
        refs_in(parse(" ".join(words)))
