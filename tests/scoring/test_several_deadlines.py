"""METHODS, *several deadlines in one cell*: mean of the parts, or all or nothing; a single date against the last (PX-G008)."""

import pytest

from perfxl.model import State
from scoring.profiles import codes, score

TWO = "entro il 30/06 e 31/12"


@pytest.mark.parametrize(
    ("done", "mean", "nothing"),
    [
        ("29/06/2019 e 30/12/2019", 100, 100),
        ("15/07/2019 e 30/12/2019", 50, 0),
        ("29/06/2019 e 05/01/2020", 50, 0),
        ("15/07/2019 e 05/01/2020", 0, 0),
        ("30/12/2019 e 29/06/2019", 100, 100),  # dates meet deadlines in order of time
    ],
)
def test_a_date_for_each(done, mean, nothing):
    one = score(TWO, done)
    assert (one.pct, one.rule, codes(one)) == (mean, "several_deadlines", [])
    assert score(TWO, done, several_deadlines="all_or_nothing").pct == nothing


@pytest.mark.parametrize(("done", "expected"), [("15/07/2019", 100), ("31/12/2019", 100), ("01/01/2020", 0)])
def test_a_single_date_against_the_last(done, expected):
    one = score(TWO, done)
    assert (one.pct, codes(one)) == (expected, ["PX-G008"])


def test_a_single_date_may_be_refused():
    one = score(TWO, "15/07/2019", single_date="unreadable")
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G002"])


def test_three_dates_for_two_deadlines_are_refused():
    one = score(TWO, "15/06/2019, 20/06/2019 e 30/12/2019")
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G002"])


def test_parts_are_scored_by_bands_and_then_put_together():
    one = score(TWO, "05/07/2019 e 30/12/2019", deadline="late_bands", late_bands=[{"days": 10, "pct": 60}])
    assert one.pct == 80  # (60 + 100) / 2
