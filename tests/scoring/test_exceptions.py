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


def test_together_each_row_takes_its_own_rules():
    rows = [(code, parse_target("<= 10"), parse_result("12")) for code in ("O2.1.3-b", "O1.1.1-a", "O2.1.1-a", "O1.1.1-a")]
    assert [one.pct for one in score_rows(rows, METHOD)] == [0, Fraction(250, 3), 80, Fraction(250, 3)]
