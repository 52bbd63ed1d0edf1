"""METHODS, words of results: `giugno`, the month in which it was done, against "entro giugno"."""

import pytest

from perfxl.model import State
from scoring.profiles import codes, score


@pytest.mark.parametrize(
    ("target", "result", "expected"),
    [
        ("entro marzo", "marzo", 100),
        ("entro giugno", "giugno", 100),
        ("entro Settembre.", "giugno", 100),
        ("entro il 15 aprile", "febbraio", 100),
        ("entro marzo", "aprile", 0),
        ("entro il 15 giugno", "luglio", 0),
        ("entro il 31/03/2019", "marzo", 100),
    ],
)
@pytest.mark.parametrize("base", ["lucca-2017", "massacarrara-2019"])
def test_whole_months(target, result, expected, base):
    assert score(target, result, base=base).pct == expected


@pytest.mark.parametrize("base", ["lucca-2017", "massacarrara-2019"])
def test_a_deadline_inside_the_month_can_t_be_judged(base):
    one = score("entro il 15 giugno", "giugno", base=base)
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G009"])


def test_delay_by_days_needs_the_day():
    one = score("entro marzo", "aprile", deadline="proportional", proportional_days=100)
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G009"])
    assert score("entro marzo", "febbraio", deadline="proportional", proportional_days=100).pct == 100
