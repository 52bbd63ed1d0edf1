"""METHODS, *relative*: against the previous year's value, when known; a result that states its own variation is compared with it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.model import State
from perfxl.scoring import score_rows
from perfxl.scoring.rows import Previous
from scoring.profiles import codes, profile, score


@pytest.mark.parametrize(
    ("target", "result", "expected"),
    [
        ("> del 2016", "€ 1.492.129,83 -6,06% rispetto al 2016", 0),
        ("> del 2016", "+6,06% rispetto al 2016", 100),
        ("-20 % rispetto al 2017", "-25% rispetto al 2017", 100),
        ("-20 % rispetto al 2017", "-15% rispetto al 2017", 0),
        ("aumento del 40%", "aumento del 41% rispetto al 2016", 100),
        ("riduzione costi - 20 % rispetto al 2017", "diminuito del 25%", 100),
        ("riduzione del -5%", "diminuito del 3%", 0),
        ("riduzione massima del 5%", "diminuito del 3%", 100),
        ("riduzione massima del 5%", "diminuito del 8%", 0),
    ],
)
def test_a_stated_variation(target, result, expected):
    assert score(target, result).pct == expected


@pytest.mark.parametrize(
    ("target", "result"),
    [("> del 2016", "+6,06% rispetto al 2015"), ("+2 rispetto al 2018", "+3% rispetto al 2018")],
)
def test_a_variation_of_something_else(target, result):
    """Against another year, or in percent where the target counts."""
    assert codes(score(target, result)) == ["PX-G005"]


def test_unknown_previous_value_is_not_measured():
    one = score("> del 2016", "1500")
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-V003"])


@pytest.mark.parametrize(
    ("target", "result", "before", "expected"),
    [
        ("> del 2016", "110", "100", "100"),
        ("> del 2016", "80", "100", "80"),
        ("-20 % rispetto al 2017", "80", "100", "100"),
        ("-20 % rispetto al 2017", "100", "100", "80"),  # 80 over 100
        ("aumento del 40%", "105", "100", "75"),  # 105 over 140
    ],
)
def test_known_previous_value(target, result, before, expected):
    row = [("X", parse_target(target), parse_result(result))]
    [one] = score_rows(row, profile(), previous=[Previous(Decimal(before))])
    assert one.pct == Fraction(expected)
    [refused] = score_rows(row, profile(scoring={"relative": "not_computable"}), previous=[Previous(Decimal(before))])
    assert refused.state is State.UNMEASURED


def test_at_the_previous_value_more_isn_t_reached():
    [one] = score_rows([("X", parse_target("> del 2016"), parse_result("100"))], profile(), previous=[Previous(Decimal(100))])
    assert (one.pct, one.state) == (100, State.PARTIAL)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("> del 2016", "il valore del 2016 non è noto"),
        ("aumento del 40%", "il valore di riferimento non è noto"),
        ("riduzione rispetto all'anno precedente", "il valore dell'anno precedente non è noto"),
    ],
)
def test_what_isn_t_known_is_said_in_good_italian(target, words):
    assert words in score(target, "1500").explanation
