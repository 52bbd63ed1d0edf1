"""METHODS, *deadline*: on time 100, late 0; late by bands of days; proportional."""

from fractions import Fraction

import pytest

from perfxl import achievement
from perfxl.model import State
from scoring.profiles import codes, score


def bands():
    from decimal import Decimal

    return [{"days": 15, "pct": 80}, {"days": 30, "pct": Decimal("50.5")}]


@pytest.mark.parametrize(
    ("done", "zero", "banded", "proportional"),
    [
        ("29/03/2019", "100", "100", "100"),
        ("30/06/2019", "100", "100", "100"),
        ("01/07/2019", "0", "80", "99"),
        ("15/07/2019", "0", "80", "85"),
        ("16/07/2019", "0", "50.5", "84"),
        ("30/07/2019", "0", "50.5", "70"),
        ("31/07/2019", "0", "0", "69"),
        ("08/10/2019", "0", "0", "0"),
        ("31/12/2019", "0", "0", "0"),
    ],
)
def test_each_policy(done, zero, banded, proportional):
    target = "entro il 30/06/2019"
    assert score(target, done).pct == Fraction(zero)
    assert score(target, done, deadline="late_bands", late_bands=bands()).pct == Fraction(banded)
    assert score(target, done, deadline="proportional", proportional_days=100).pct == Fraction(proportional)


def test_the_year_of_the_plan_completes_the_date():
    assert score("entro il 30/6", "29/06/2019").pct == 100


def test_not_done_is_zero():
    assert score("entro il 30/06/2019", "non realizzato").pct == 0


@pytest.mark.parametrize("result", ["80%", "12", "realizzato"])
def test_what_has_no_date_can_t_be_compared(result):
    one = score("entro il 30/06/2019", result)
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G005"])


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ("29/06/2019", "con 1 giorno di anticipo"),
        ("28/06/2019", "con 2 giorni di anticipo"),
        ("30/06/2019", "rispettata all'ultimo giorno"),
        ("01/07/2019", "1 giorno di ritardo"),
        ("10/07/2019", "10 giorni di ritardo"),
    ],
)
def test_days_are_said_in_good_italian(done, words):
    assert words in achievement("entro il 30/06/2019", done).explanation
