"""METHODS, *in-year reading*: full-year target official, pro rata of the elapsed months beside it; due, forgotten, late."""

from datetime import date
from fractions import Fraction

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.model import Target, TargetKind, Timing
from perfxl.scoring import score_rows
from perfxl.scoring.reading import due_dates, elapsed_share
from scoring.profiles import profile

QUARTERLY = "entro 15 gg chiusura quadrimestre"


def row(target, result, as_of, *, method=None, algorithm=""):
    aim = target if isinstance(target, Target) else parse_target(target, algorithm=algorithm, year=2019)
    [one] = score_rows([("X", aim, parse_result(result, year=2019))], method or profile(), year=2019, as_of=as_of)
    return one


def test_three_newsletters_of_twelve_at_the_end_of_april():
    one = row("n. 12", "3", date(2019, 4, 30))
    assert (one.pct, one.pro_rata_pct) == (25, 75)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2019, 4, 30), "75"),
        (date(2019, 6, 30), "50"),
        (date(2019, 12, 31), "25"),
        (date(2020, 3, 1), "25"),
        (date(2019, 1, 31), "100"),
    ],
)
def test_the_share_is_of_months(as_of, expected):
    assert row("n. 12", "3", as_of).pro_rata_pct == Fraction(expected)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2018, 12, 31), "0"),
        (date(2019, 2, 28), "1/6"),
        (date(2019, 1, 1), "1/372"),
        (date(2019, 4, 15), "7/24"),
        (date(2020, 1, 1), "1"),
    ],
)
def test_elapsed_share(day, share):
    assert elapsed_share(2019, day) == Fraction(share)


@pytest.mark.parametrize("target", [">= 80%", "<= 10", "380% - 390%", "31/12/2019", "<= 5 gg", "report"])
def test_only_counts_to_be_reached_have_a_pro_rata(target):
    for result in ("40%", "3", "385%", "29/03/2019", "3 gg", "realizzato"):
        assert row(target, result, date(2019, 4, 30)).pro_rata_pct is None


def test_pro_rata_needs_the_date_and_the_profile():
    assert row("n. 12", "3", None).pro_rata_pct is None
    assert row("n. 12", "3", date(2019, 4, 30), method=profile(reading={"show_pro_rata": False})).pro_rata_pct is None


def test_pro_rata_may_be_the_official_reading():
    one = row("n. 12", "3", date(2019, 4, 30), method=profile(reading={"in_year": "pro_rata"}))
    assert one.pct == 75
    assert row(">= 80%", "40%", date(2019, 4, 30), method=profile(reading={"in_year": "pro_rata"})).pct == 50


@pytest.mark.parametrize(
    ("target", "algorithm", "as_of", "expected"),
    [
        ("15,00", QUARTERLY, date(2019, 4, 30), Timing.NOT_DUE),
        ("15,00", QUARTERLY, date(2019, 5, 15), Timing.NOT_DUE),
        ("15,00", QUARTERLY, date(2019, 5, 31), Timing.FORGOTTEN),
        ("15,00", QUARTERLY, date(2019, 12, 31), Timing.FORGOTTEN),
        ("31/12/2019", "", date(2019, 12, 31), Timing.NOT_DUE),
        ("31/12/2019", "", date(2020, 1, 1), Timing.FORGOTTEN),
        ("entro il 30/06 e 31/12", "", date(2019, 7, 1), Timing.FORGOTTEN),
        (">= 80%", "", date(2019, 4, 30), Timing.NOT_DUE),
        (">= 80%", "", date(2020, 1, 15), Timing.FORGOTTEN),
        (">= 80%", "", None, Timing.NONE),
    ],
)
def test_a_blank(target, algorithm, as_of, expected):
    assert row(target, "", as_of, algorithm=algorithm).timing is expected


@pytest.mark.parametrize(("done", "expected"), [("30/06/2019", Timing.ON_TIME), ("01/07/2019", Timing.LATE)])
def test_a_date_is_on_time_or_late_whatever_the_reference_date(done, expected):
    for as_of in (None, date(2019, 4, 30), date(2020, 1, 1)):
        assert row("entro il 30/06/2019", done, as_of).timing is expected


def test_n_c_is_neither_due_nor_forgotten():
    assert row(">= 80%", "N.C.", date(2020, 1, 15)).timing is Timing.NONE


def test_due_dates():
    assert due_dates(parse_target("15,00", algorithm=QUARTERLY, year=2019), 2019) == (
        date(2019, 5, 15),
        date(2019, 9, 15),
        date(2020, 1, 15),
    )
    assert due_dates(parse_target(">= 80%"), 2019) == (date(2019, 12, 31),)
    assert due_dates(parse_target(">= 80%"), None) == ()
    absurd = Target(TargetKind.DAYS_WITHIN, "<=", parse_target("n. 99999999").value, unit="gg", period="quadrimestre")
    assert due_dates(absurd, 2019) == (date(2019, 12, 31),)
