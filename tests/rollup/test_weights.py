"""Weights of indicators: printed in any form, missing among others, unreadable (PX-V005), unused by the method (PX-V006)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.findings import Severity
from perfxl.model import SheetRole
from rollup.builders import counting, found, indicator, percent_cell, percents, sheet
from rollup.builders import job as plain_job


def job(*sheets, **more):
    return plain_job(*sheets, rollup={"indicators": "weighted_mean"}, **more)


def severities(done):
    return [one.severity for one in done.findings if one.code == "PX-V005"]


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
    assert severities(done) == [Severity.NOTE]


@pytest.mark.parametrize(("typed", "text"), [("molto", "molto"), (Decimal(-3), "-3")])
def test_one_that_can_t_be_used_is_said_with_what_is_done(typed, text):
    done = job(sheet("U1.1", *rows(30, 10, typed)))
    assert counting(done)["O1.1.1-c"].weight == 20
    assert found(done, "PX-V005") == [f"O1.1.1-c: peso «{text}» non usato; al suo posto 20"]
    assert severities(done) == [Severity.WARNING]


def test_a_weight_of_zero_is_a_weight():
    values = (("50", 80), ("100", 20), ("0", 0))
    done = job(
        sheet(
            "U1.1", *[indicator(f"O1.1.1-{x}", "1.1.1", ">= 100", r, weight=w) for x, (r, w) in zip("abc", values, strict=True)]
        )
    )
    assert percents(done)["1.1.1"] == 60  # (80 × 50 + 20 × 100) / 100
    assert found(done, "PX-V005") == []


def test_nothing_but_zeros_is_no_mean_they_count_alike_and_it_is_said():
    done = job(sheet("U1.1", *rows(0, 0, 0)))
    assert percents(done)["1.1.1"] == Fraction(140, 3)
    assert found(done, "PX-V005")[0] == "O1.1.1-a: peso «0» non usato; al suo posto 1, come gli altri"
    assert set(severities(done)) == {Severity.WARNING}


def test_without_any_weight_all_are_equal_and_nothing_is_said():
    done = job(sheet("U1.1", *rows(None, None)))
    assert {row.weight for row in done.rows} == {1}
    assert found(done, "PX-V005") == []


def test_the_plan_s_weight_before_the_sheets_and_any_sheet_s_for_all():
    plan = sheet("PIANO", *rows(30, None), role=SheetRole.PLAN)
    done = job(sheet("U1.1", *rows(99, None, None)), sheet("PO2", *rows(None, 10, 20)), plan=(plan,))
    assert {row.code: row.weight for row in done.rows} == {"O1.1.1-a": 30, "O1.1.1-b": 10, "O1.1.1-c": 20}


def test_weights_of_an_objective_say_nothing_of_the_rows_of_another():
    """The office: 30 and 10 in an objective of two rows are 1,5 and 0,5 there; the row of 1.1.2 stays one of three."""
    done = job(sheet("U1.1", *rows(30, 10)[:2], indicator("O1.1.2-a", "1.1.2", ">= 100", "60")))
    assert done.offices[0].cover.pct == Fraction(150 + 0 + 60, 3)
    assert {code: c.pct for code, c in done.offices[0].by_objective.items()} == {
        "1.1.1": 75,
        "1.1.2": 60,
        "1.1": 70,
        "OB1": 70,
    }


def test_scales_don_t_mix_in_an_office():
    """In percent in one objective, in tenths in another: the office is the mean of four rows all the same."""
    other = [indicator(f"O1.1.2-{x}", "1.1.2", ">= 100", r, weight=w) for x, r, w in (("a", "100", 5), ("b", "0", 5))]
    done = job(sheet("U1.1", *rows(50, 50)[:2], *other))
    assert done.offices[0].cover.pct == 50
    other = [indicator(f"O1.1.2-{x}", "1.1.2", ">= 100", r, weight=w) for x, r, w in (("a", "40", 5), ("b", "20", 5))]
    assert job(sheet("U1.1", *rows(50, 50)[:2], *other)).offices[0].cover.pct == 40  # (100 + 0 + 40 + 20) / 4


def test_one_sheet_s_weights_don_t_move_an_office_that_shares_its_indicators():
    def shared(weight):
        return [indicator(c, "2.1", ">= 100", r, weight=weight, offices=("TUTTI",)) for c, r in (("S2.1.1-b", "100"),)]

    alone = indicator("O1.1.1-a", "1.1.1", ">= 100", "0")
    done = job(
        sheet("U0.1", *shared(50), indicator("S2.1.4-b", "2.1", ">= 100", "0", weight=10)), sheet("U1.1", *shared(None), alone)
    )
    assert {office.code: office.cover.pct for office in done.offices}["U1.1"] == 50


def test_a_method_of_plain_means_looks_at_no_weight_and_says_so_once_a_sheet():
    sheets = sheet("U1.1", *rows(50, 10, 40)), sheet("U2.1", indicator("O1.1.2-a", "1.1.2", ">= 100", "0", weight=7))
    plain = {"indicators": "plain_mean"}
    done = plain_job(*sheets, rollup=plain)
    bare = plain_job(sheet("U1.1", *rows(None, None)), sheet("U2.1", indicator("O1.1.2-a", "1.1.2", ">= 100", "0")), rollup=plain)
    assert percents(done) == percents(bare)
    assert [o.cover for o in done.offices] == [o.cover for o in bare.offices]
    assert found(done, "PX-V006") == ["O1.1.1-a: peso «50»", "O1.1.2-a: peso «7»"]
    assert found(done, "PX-V005") == found(bare, "PX-V006") == []
