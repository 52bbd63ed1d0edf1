"""The plan as an input, BSC perspectives, the reading in the course of the year, results against their dates."""

from datetime import date
from fractions import Fraction

import pytest

from perfxl.model import RowLevel, SheetRole, Timing
from perfxl.rollup.offices import perspectives_of
from rollup.builders import counting, found, indicator, job, nodes, objective, sheet


def plan(*rows):
    return (sheet("PIANO", *rows, role=SheetRole.PLAN),)


def test_a_planned_indicator_in_no_sheet_is_in_the_tree():
    done = job(
        sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 100", "50")),
        plan=plan(indicator("O1.1.1-a", "1.1.1", ">= 100"), indicator("O1.2.1-a", "1.2.1", "n. 3")),
    )
    row = counting(done)["O1.2.1-a"]
    assert (row.office, row.pct, row.target.value) == ("PIANO", None, 3)
    assert (done.nodes[0].measured, done.nodes[0].total, done.nodes[0].pct) == (1, 2, 50)
    assert len(found(done, "PX-P002")) == 1
    assert [(m.what, m.code) for m in done.missing] == [("indicatore", "O1.2.1-a")]


@pytest.mark.parametrize(("policy", "expected"), [("left_out", 50), ("zero", 25), ("full", 75)])
def test_it_is_a_blank_like_any_other(policy, expected):
    done = job(
        sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 100", "50")),
        plan=plan(indicator("O1.1.1-a", "1.1.1", ">= 100"), indicator("O1.1.1-b", "1.1.1", ">= 100")),
        not_measured={"policy": policy},
    )
    assert nodes(done)["1.1.1"].pct == expected


def test_a_row_that_the_plan_doesn_t_know():
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 100", "50"), indicator("O9.9.9-z", "1.1.1", ">= 100", "50")]
    done = job(sheet("U1.1", *rows), plan=plan(objective("1.1.1", RowLevel.OPERATIONAL, "1.1"), rows[0]))
    assert found(done, "PX-P001") == ["O9.9.9-z Indicatore O9.9.9-z"]


def test_the_plan_s_target_counts():
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 50", "50")), plan=plan(indicator("O1.1.1-a", "1.1.1", ">= 100")))
    assert counting(done)["O1.1.1-a"].pct == 50
    [said] = found(done, "PX-P003")
    assert "«>= 50» nel foglio, «>= 100» nel piano" in said


def test_perspectives():
    done = job(
        sheet(
            "U1.1",
            indicator("O1.1.1-a", "1.1.1", ">= 100", "100"),
            indicator("O1.1.2-a", "1.1.2", ">= 100", "0"),
            indicator("O1.1.3-a", "1.1.3", ">= 100", None),
        ),
        plan=plan(
            objective("1.1.1", RowLevel.OPERATIONAL, "1.1", perspective="Utenti e territorio"),
            objective("1.1.2", RowLevel.OPERATIONAL, "1.1", perspective="UTENTI E TERRITORIO / Processi"),
            objective("1.1.3", RowLevel.OPERATIONAL, "1.1", perspective="Processi"),
        ),
    )
    got = {
        one.name: (one.cover.pct, one.cover.measured, one.cover.total, one.nodes)
        for one in perspectives_of(done.nodes, done.method)
    }
    assert got == {"Utenti e territorio": (50, 2, 2, ("1.1.1", "1.1.2")), "Processi": (0, 1, 2, ("1.1.2", "1.1.3"))}


def newsletters(as_of, **sections):
    rows = [indicator("O1.2.4-a", "1.2.4", "n. 12", "3"), indicator("S1.2.1-a", "1.2", ">= 80%", "40%", strategic=True)]
    return job(sheet("U1.1", *rows), as_of=as_of, **sections)


def test_pro_rata_stands_beside_the_official_reading():
    node = nodes(newsletters(date(2019, 4, 30)))["1.2.4"]
    assert (node.pct, node.pro_rata_pct) == (25, 75)
    above = nodes(newsletters(date(2019, 4, 30)))["1.2"]
    assert (above.pct, above.pro_rata_pct) == (40, 60)  # 60 % of 50, and 40 % of 25 or of 75


@pytest.mark.parametrize(("as_of", "show"), [(None, True), (date(2019, 4, 30), False)])
def test_pro_rata_needs_date_and_profile(as_of, show):
    done = newsletters(as_of, reading={"show_pro_rata": show})
    assert {node.pro_rata_pct for node in done.nodes} == {None}
    assert {row.pro_rata_pct for row in done.rows} == {None}


def test_pro_rata_of_several_respondents():
    rows = [indicator("O1.2.4-a", "1.2.4", "n. 12", value, offices=("TUTTI",)) for value in ("3", "1")]
    for policy, official, beside in (
        ("mean", Fraction(50, 3), 50),
        ("worst", Fraction(25, 3), 25),
        ("sum", Fraction(100, 3), 100),
    ):
        done = job(
            *(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), as_of=date(2019, 4, 30), rollup={"same_indicator": policy}
        )
        assert (counting(done)["O1.2.4-a"].pct, counting(done)["O1.2.4-a"].pro_rata_pct) == (official, beside), policy


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2019, 4, 30), Timing.NOT_DUE), (date(2019, 5, 31), Timing.FORGOTTEN), (date(2019, 12, 31), Timing.FORGOTTEN)],
)
def test_a_blank_fifteen_days_after_each_quadrimestre(as_of, expected):
    row = indicator("O1.1.1-a", "1.1.1", "15,00", None, algorithm="entro 15 gg chiusura quadrimestre", offices=("TUTTI",))
    done = job(sheet("U1.1", row), sheet("U2.1", row), as_of=as_of)
    one = counting(done)["O1.1.1-a"]
    assert (one.office, one.timing, one.due) == ("TUTTI", expected, date(2020, 1, 15))


def test_a_date_and_its_deviation():
    row = indicator("O1.1.1-a", "1.1.1", "entro il 30/06/2019", "10/07/2019")
    one = counting(job(sheet("U1.1", row)))["O1.1.1-a"]
    assert (one.timing, one.difference, one.difference_unit) == (Timing.LATE, 10, "gg")


@pytest.mark.parametrize(
    ("target", "result", "difference", "unit"),
    [(">= 80%", "60%", -20, "%"), ("n. 12", "3", -9, "n."), ("<= 5 gg", "7 gg", 2, "gg"), ("380% - 390%", "400%", None, None)],
)
def test_deviation_is_actual_less_programmed(target, result, difference, unit):
    one = counting(job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", target, result))))["O1.1.1-a"]
    assert (one.difference, one.difference_unit) == (difference, unit)


@pytest.mark.parametrize(
    ("target", "result", "difference", "unit"),
    [
        ("non meno di n. 800", "100%", None, None),
        ("entro 30 gg", "100%", None, None),
        (">= 95%", "98%", None, None),
        ("non meno di n. 800", "750", -50, "n."),
        ("<= 30 gg", "25 gg", -5, "gg"),
    ],
)
def test_a_declared_percent_has_no_deviation(target, result, difference, unit):
    """Lucca 2017: a percent typed as a result is the achievement itself, not 100 things of 800, nor 100 days of 30."""
    row = indicator("O1.1.1-a", "1.1.1", target, result)
    one = counting(job(sheet("U1.1", row), scoring={"percent_result": "declared"}))["O1.1.1-a"]
    assert (one.difference, one.difference_unit) == (difference, unit)


def test_what_can_t_be_compared_has_no_deviation():
    """A percent against a number of things, where a percent is a measure."""
    one = counting(job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= n. 800", "100%"))))["O1.1.1-a"]
    assert (one.pct, one.difference, one.difference_unit) == (None, None, None)
