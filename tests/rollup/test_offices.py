"""METHODS, *office*: mean of its own measured indicators, TUTTI ones at the office's own result; missing and unknown offices."""

from fractions import Fraction

import pytest

from perfxl.model import RowLevel, SheetRole, State
from rollup.builders import found, indicator, job, objective, sheet


def office(done, code):
    return next(one for one in done.offices if one.code == code)


def test_own_result_of_a_tutti_indicator():
    def shared(result):
        return indicator("S2.1.1-b", "2.1", ">= 100", result, strategic=True, offices=("TUTTI",))

    done = job(
        sheet(
            "U1.1", shared("100"), indicator("O1.1.1-a", "1.1.1", ">= 100", "20"), indicator("O1.1.1-b", "1.1.1", ">= 100", None)
        ),
        sheet("U2.1", shared("0")),
        sheet("ENTE", shared("40")),
    )
    first = office(done, "U1.1")
    assert (first.cover.pct, first.cover.measured, first.cover.total, first.state) == (60, 2, 3, State.PARTIAL)
    assert {code: (c.pct, c.measured, c.total) for code, c in first.by_objective.items()} == {
        "2.1": (100, 1, 1),
        "OB2": (100, 1, 1),
        "1.1.1": (20, 1, 2),
        "1.1": (20, 1, 2),
        "OB1": (20, 1, 2),
    }
    assert office(done, "U2.1").cover.pct == 0
    assert office(done, "ENTE").cover.pct == 40
    assert [one.code for one in done.offices] == ["ENTE", "U1.1", "U2.1"]


def test_an_office_with_nothing_measured():
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 100", None)))
    assert (office(done, "U1.1").cover.pct, office(done, "U1.1").state) == (None, State.UNMEASURED)


@pytest.mark.parametrize(("complexity", "expected"), [("ignored", Fraction(50)), ("multiplies_weight", Fraction(75))])
def test_coefficient_of_complexity(complexity, expected):
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 100", "100", complexity=3), indicator("O1.1.1-b", "1.1.1", ">= 100", "0")]
    done = job(sheet("U1.1", *rows), sheet("PO2", *rows), people={"complexity": complexity})
    assert office(done, "U1.1").cover.pct == expected
    assert done.people[0].cover.pct == expected
    assert done.nodes[0].pct == 50  # the tree's weights are its own


def named(*offices):
    return objective("1.1.1", RowLevel.OPERATIONAL, "1.1", offices=offices)


def test_a_missing_sheet_is_told_from_an_office_that_doesn_t_exist():
    done = job(
        sheet(
            "U1.1",
            named("U1.1", "U6.1", "TUTTI", "FRD"),
            indicator("O1.1.1-a", "1.1.1", ">= 100", "100", offices=("U1.1",)),
            indicator("O1.1.1-b", "1.1.1", ">= 100", None, offices=("U4.1", "ENTE")),
        ),
        sheet("U2.1", named("U1.1", "TUTTI", "FRD")),  # the same objective without U6.1: a slip of the other sheet
    )
    [unknown] = found(done, "PX-A003")
    assert unknown.startswith("U6.1, alla riga 1.1.1")
    [missing] = found(done, "PX-A004")
    assert missing == "U4.1: assegnatario di O1.1.1-b"
    assert [(m.what, m.code) for m in done.missing] == [("ufficio", "U4.1")]


def test_an_office_that_every_sheet_names_is_missing():
    rows = [named("U1.1", "U6.1"), indicator("O1.1.1-a", "1.1.1", ">= 100", "100", offices=("U1.1",))]
    done = job(sheet("U1.1", *rows), sheet("U2.1", named("U1.1", "U6.1")))
    assert found(done, "PX-A003") == []
    assert [m.code for m in done.missing] == ["U6.1"]


def test_an_office_that_only_the_plan_names_is_missing_too():
    plan = sheet("PIANO", indicator("O1.1.1-a", "1.1.1", ">= 100", offices=("U4.1",)), role=SheetRole.PLAN)
    done = job(sheet("U1.1", indicator("O1.1.2-a", "1.1.2", ">= 100", "1", offices=("U1.1",))), plan=(plan,))
    assert ("ufficio", "U4.1") in [(m.what, m.code) for m in done.missing]


def test_labels_are_the_profile_s():
    row = indicator("O1.1.1-a", "1.1.1", ">= 100", "100", offices=("TUTTI",))
    done = job(
        sheet("U1.1", row),
        sheet("U2.1", indicator("O1.1.1-a", "1.1.1", ">= 100", "0", offices=("TUTTI",))),
        labels={"all": "OGNI"},
    )
    assert "PX-A004" in {one.code for one in done.findings}  # TUTTI is then an office like another
    silent = job(sheet("U1.1", row), labels={"all": "OGNI", "not_offices": ["TUTTI"]})
    assert found(silent, "PX-A004") == []
