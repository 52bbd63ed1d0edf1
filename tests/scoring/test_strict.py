"""METHODS, *strict*: strict for the state, ratio for the percent; 60 % against `> 60 %` is 100 % and never *raggiunto*."""

from fractions import Fraction

import pytest

from perfxl.model import State
from scoring.profiles import score


@pytest.mark.parametrize(
    ("target", "result", "expected", "state"),
    [
        ("> 60%", "60%", "100", State.PARTIAL),
        ("> 60%", "60,01%", "100", State.REACHED),
        ("> 60%", "57%", "95", State.PARTIAL),  # within the tolerance of 10 %, and yet not reached
        ("> 60%", "29%", "145/3", State.NOT_REACHED),
        ("< 5 gg", "5 gg", "100", State.PARTIAL),
        ("< 5 gg", "4,9 gg", "100", State.REACHED),
        ("< 5 gg", "5,2 gg", "1250/13", State.PARTIAL),
        (">= 60%", "57%", "95", State.REACHED),
    ],
)
def test_at_and_around_equality(target, result, expected, state):
    one = score(target, result)
    assert (one.pct, one.state) == (Fraction(expected), state)


@pytest.mark.parametrize(("target", "result"), [("> 60%", "60%"), ("> 60%", "57%"), ("< 5 gg", "5 gg")])
def test_ratio_only_doesn_t_tell_them_apart(target, result):
    assert score(target, result, strict="ratio_only").state is State.REACHED


@pytest.mark.parametrize(("strict", "expected"), [("not_reached_at_equality", 0), ("ratio_only", 100)])
def test_met_or_missed_has_no_ratio(strict, expected):
    assert score("> 60%", "60%", increasing="met_or_missed", strict=strict).pct == expected
    assert score("< 5 gg", "5 gg", decreasing="met_or_missed", strict=strict).pct == expected


def test_before_a_day_isn_t_on_that_day():
    assert score("prima del 30/06/2019", "30/06/2019").state is State.PARTIAL
    assert score("prima del 30/06/2019", "29/06/2019").state is State.REACHED
    assert score("entro il 30/06/2019", "30/06/2019").state is State.REACHED


def test_what_isn_t_reached_doesn_t_score_100_for_being_reached():
    assert score("> 60%", "57%", reached_scores="full").pct == 95
    assert score(">= 60%", "57%", reached_scores="full").pct == 100
