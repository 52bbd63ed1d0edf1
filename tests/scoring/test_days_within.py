"""METHODS, *days within*: `entro 15 gg chiusura quadrimestre`, as ≤ on days; a date is counted from the period's close."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import Target, TargetKind
from scoring.profiles import codes, score

ALGORITHM = "entro 15 gg chiusura quadrimestre"


@pytest.mark.parametrize(
    ("result", "expected", "met"),
    [
        ("15", "100", 100),
        ("10 gg", "100", 100),
        ("20", "75", 0),
        ("30 gg", "50", 0),
        ("10/05/2019", "100", 100),  # 10 days after 30/04
        ("15/05/2019", "100", 100),
        ("20/05/2019", "75", 0),
        ("30/09/2019", "50", 0),  # 30 days after 31/08
        ("16/01/2020", "375/4", 0),  # 16 days after 31/12
        ("30/04/2019", "100", 100),  # the day that the period closes
    ],
)
def test_days_and_dates(result, expected, met):
    assert score("15,00", result, algorithm=ALGORITHM).pct == Fraction(expected)
    assert score("15,00", result, algorithm=ALGORITHM, days_within="met_or_missed").pct == met


@pytest.mark.parametrize(
    ("period", "done", "days"),
    [("mese", "10/05/2019", 10), ("trimestre", "10/05/2019", 40), ("semestre", "10/07/2019", 10), ("anno", "20/01/2020", 20)],
)
def test_each_period_closes_on_its_own_day(period, done, days):
    expected = min(Fraction(100), Fraction(500, days))
    target = Target(TargetKind.DAYS_WITHIN, "<=", Decimal(5), unit="gg", period=period)
    assert score(target, done).pct == expected


def test_a_date_without_period_can_t_be_counted():
    assert codes(score("<= 15 gg", "10/05/2019")) == ["PX-G005"]
