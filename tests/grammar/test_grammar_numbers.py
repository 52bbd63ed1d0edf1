"""Italian numbers, and texts that would be formulas."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.grammar import looks_like_formula, number_of


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("1.492.129,83", "1492129.83"), ("15,00", "15"), ("2.9", "2.9"), ("1.234", "1234"), ("26.000", "26000"), ("0.234", "0.234"), ("1234.567", "1234.567"),
        ("1.23", "1.23"), ("98,455", "98.455"), ("1.234.567", "1234567"), ("- 15,00", "-15"), ("-0,5", "-0.5"), ("+5", "5"), ("007", "7"), ("venti", "20"), ("una", "1"),
        ("0,57", "0.57"),
    ],
)  # fmt: skip
def test_numbers(token, value):
    assert number_of(token) == Decimal(value)


@pytest.mark.parametrize(
    "token", ["1,234.56", "12.34.56", "1.23.456", "", "-", "1,2,3", "ventuno", "1e5", "9" * 40, "٣", "0.000.000"]
)
def test_tokens_that_are_no_certain_number(token):
    assert number_of(token) is None


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("x")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "=A1+1", "=1+1", "\t=SUM(1)", "= SUM (1)", "-cmd|x"],
)
def test_formulas(text):
    assert looks_like_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "=2",
        "= 100,00 %",
        "=> 2 (almeno 1)",
        "=< 3",
        "- 15,00 %",
        "-20 % rispetto al 2017",
        "+5%",
        "- report",
        "100%",
        "= n. 3",
        "= 31/12/2019",
        "",
    ],
)
def test_values_that_only_look_like_formulas(text):
    assert not looks_like_formula(text)
