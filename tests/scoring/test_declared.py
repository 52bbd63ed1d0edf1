"""METHODS, *lucca-2017*: a percent typed as a result is the declared achievement: 74 % against "90 %" scores 74."""

import pytest

from scoring.profiles import score


@pytest.mark.parametrize(
    ("result", "lucca", "massacarrara"),
    [("74%", "74", "740/9"), ("100%", "100", "100"), ("90%", "90", "100"), ("120%", "100", "100")],
)
def test_declared_against_measured(result, lucca, massacarrara):
    from fractions import Fraction

    assert score("90%", result, base="lucca-2017").pct == Fraction(lucca)
    assert score("90%", result).pct == Fraction(massacarrara)


@pytest.mark.parametrize("target", ["entro aprile", "parole senza target", "report", ""])
def test_declared_whatever_the_target(target):
    one = score(target, "74%", base="lucca-2017")
    assert (one.pct, one.rule) == (74, "declared")


def test_a_declared_percent_is_truncated_to_two_decimals():
    one = score("90%", "98,4567%", base="lucca-2017")
    assert str(one.shown) == "98.45"
    assert one.pct * 100 == 9845


@pytest.mark.parametrize(
    ("text", "result", "expected"),
    [
        ("tempo medio di lavorazione non superiore a 5 gg", "3,8 gg", 100),
        ("tempo medio di lavorazione non superiore a 5 gg", "tempo medio di lavorazione delle pratiche 5.9 gg", 0),
        ("organizzazione di almeno 10 eventi", "11", 100),
        ("organizzazione di almeno 10 eventi", "9", 0),
        ("gradimento non inferiore a tre (scala da uno a cinque)", "gradimento complessivo 4.7 giudizio complessivo 4.9", 100),
        ("gradimento non inferiore a tre (scala da uno a cinque)", "gradimento complessivo 4.7 giudizio complessivo 2.9", 0),
    ],
)
def test_days_counts_and_votes_are_met_or_missed(text, result, expected):
    assert score(text, result, base="lucca-2017").pct == expected


def test_a_negative_percent_is_no_achievement():
    """Nobody declares to have achieved −20 %: it is a value, and meets a limit of −15 %."""
    one = score("<= - 15,00 %", "-20%", base="lucca-2017")
    assert (one.pct, one.rule) == (100, "met_or_missed")
