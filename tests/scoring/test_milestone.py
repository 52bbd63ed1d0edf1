"""METHODS, *milestone*: done 100, not done 0; or the declared percent (Lucca)."""

import pytest

from perfxl.model import State
from scoring.profiles import codes, score


@pytest.mark.parametrize(
    ("result", "done", "declared"),
    [
        ("realizzato", 100, 100),
        ("non realizzato", 0, 0),
        ("29/03/2019", 100, 100),
        ("100%", 100, 100),
        ("74%", 0, 74),
        ("0%", 0, 0),
    ],
)
def test_each_policy(result, done, declared):
    assert score("report", result).pct == done
    assert score("report", result, milestone="declared_percent").pct == declared


@pytest.mark.parametrize(("result", "expected"), [("1", 100), ("0", 0), ("2", 100)])
def test_a_counted_milestone(result, expected):
    assert score("realizzazione di n. 1 nuova azione", result).pct == expected


def test_a_number_says_nothing_of_a_bare_milestone():
    one = score("report", "12")
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G005"])
