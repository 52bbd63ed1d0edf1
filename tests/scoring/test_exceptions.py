"""Exceptions of a profile: keys that are otherwise for some codes (docs/metodi.md)."""

from fractions import Fraction

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.scoring import score_rows
from scoring.profiles import profile

METHOD = profile(
    exceptions=[
        {"code": "O2.1.*", "reason": "delibera 5/2019", "decreasing": "linear"},
        {"code": "O2.1.3-b", "reason": "delibera 6/2019", "decreasing": "met_or_missed"},
        {"code": "S1.*", "reason": "delibera 7/2019", "policy": "zero"},
    ]
)


@pytest.mark.parametrize(
    ("code", "result", "expected"),
    [
        ("O1.1.1-a", "12", Fraction(250, 3)),
        ("O2.1.1-a", "12", Fraction(80)),
        ("O2.1.3-b", "12", Fraction(0)),
        ("O2.1.3-b", "9", Fraction(100)),
        ("O2.1.1-a", "", None),
        ("S1.1.1-a", "", Fraction(0)),
        ("S1.1.1-a", "12", Fraction(250, 3)),
    ],
)
def test_one_code(code, result, expected):
    [one] = score_rows([(code, parse_target("<= 10"), parse_result(result))], METHOD)
    assert one.pct == expected


def scored(code, owner, exceptions, **more):
    method = profile(exceptions=[{"reason": "delibera", "decreasing": "linear", **one} for one in exceptions], **more)
    [one] = score_rows([(code, parse_target("<= 10"), parse_result("12"))], method, owners=[owner])
    return one.pct


@pytest.mark.parametrize("code", ["1.1.1", "1.1.*", " 1.1.1 "])
def test_the_code_of_an_objective_reaches_the_indicators_that_hang_from_it(code):
    assert scored("O1.1.1-b", "1.1.1", [{"code": code}]) == 80
    assert scored("O1.2.1-b", "1.2.1", [{"code": code}]) == Fraction(250, 3)


@pytest.mark.parametrize("code", ["01.1.1-b", "o1.1.1-b", "O1.1.1-B", "O1.1.1 -b", "01.1.*"])
def test_codes_as_they_are_printed(code):
    assert scored("O1.1.1-b", "1.1.1", [{"code": code}]) == 80


def test_an_alias_of_the_exception_s_code():
    assert scored("O1.1.1-b", "1.1.1", [{"code": "X9"}], aliases={"X9": "O1.1.1-b"}) == 80


def test_together_each_row_takes_its_own_rules():
    rows = [(code, parse_target("<= 10"), parse_result("12")) for code in ("O2.1.3-b", "O1.1.1-a", "O2.1.1-a", "O1.1.1-a")]
    assert [one.pct for one in score_rows(rows, METHOD)] == [0, Fraction(250, 3), 80, Fraction(250, 3)]
