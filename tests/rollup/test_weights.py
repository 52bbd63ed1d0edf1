"""Weights of indicators: printed in any form, missing among others, unreadable (PX-V005)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import SheetRole
from rollup.builders import counting, found, indicator, job, percent_cell, percents, sheet


def rows(first, second, third=None):
    values = zip("abc", ("100", "0", "40"), (first, second, third), strict=True)
    return [indicator(f"O1.1.1-{letter}", "1.1.1", ">= 100", result, weight=weight) for letter, result, weight in values]


@pytest.mark.parametrize(
    "weights",
    [
        (30, 10, 10),
        (percent_cell("60"), percent_cell("20"), percent_cell("20")),
        ("30", "10", "10,0"),
        ("60%", 20, percent_cell("20")),
    ],
)
def test_weights_in_any_form(weights):
    done = job(sheet("U1.1", *rows(*weights)))
    assert percents(done)["1.1.1"] == 68
    assert found(done, "PX-V005") == []


def test_one_without_weighs_as_the_others_do():
    done = job(sheet("U1.1", *rows(30, 10)))
    assert counting(done)["O1.1.1-c"].weight == 20
    assert percents(done)["1.1.1"] == Fraction(3000 + 800, 60)
    assert found(done, "PX-V005") == ["O1.1.1-c: peso «»"]


@pytest.mark.parametrize("typed", ["molto", 0, Decimal(-3)])
def test_one_that_can_t_be_read_is_said(typed):
    done = job(sheet("U1.1", *rows(30, 10, typed)))
    assert counting(done)["O1.1.1-c"].weight == 20
    assert len(found(done, "PX-V005")) == 1


def test_without_any_weight_all_are_equal_and_nothing_is_said():
    done = job(sheet("U1.1", *rows(None, None)))
    assert {row.weight for row in done.rows} == {1}
    assert found(done, "PX-V005") == []


def test_the_plan_s_weight_before_the_sheets_and_any_sheet_s_for_all():
    plan = sheet("PIANO", *rows(30, None), role=SheetRole.PLAN)
    done = job(sheet("U1.1", *rows(99, None, None)), sheet("PO2", *rows(None, 10, 20)), plan=(plan,))
    assert {row.code: row.weight for row in done.rows} == {"O1.1.1-a": 30, "O1.1.1-b": 10, "O1.1.1-c": 20}
