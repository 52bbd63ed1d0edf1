"""Typed percents beside ours, and Lucca's contradictions: quoted, typed and recomputed values."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import RowLevel, SheetRole, cell_of
from rollup.builders import ZERO_DATE, counting, found, indicator, job, nodes, objective, percent_cell, percents, sheet
from scoring.profiles import profile


@pytest.mark.parametrize(
    ("typed", "result", "code"),
    [
        (percent_cell("75"), "60%", None),
        (percent_cell("75.00000001"), "60%", None),
        (cell_of(Decimal("0.75"), number_format="0%"), "60%", None),
        (cell_of(Decimal("0.7512"), number_format="0%"), "60%", "PX-V001"),  # it shows 75 %, and holds something else
        ("75%", "60%", None),
        (percent_cell("80"), "60%", "PX-V001"),
        (percent_cell("3.4"), None, "PX-V002"),
        (percent_cell("0"), "N.C.", "PX-V002"),
        (percent_cell("0"), ZERO_DATE, "PX-V002"),
        (None, "60%", None),
    ],
)
def test_typed_beside_computed(typed, result, code):
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 80%", result, typed=typed)))
    assert [one.code for one in done.findings if one.code.startswith("PX-V")] == ([code] if code else [])
    assert counting(done)["O1.1.1-a"].pct == (75 if result == "60%" else None)  # ours counts


def test_the_typed_one_counts_where_the_profile_says_so():
    row = indicator("O1.1.1-a", "1.1.1", ">= 80%", "60%", typed=percent_cell("80"))
    blank = indicator("O1.1.1-b", "1.1.1", ">= 80%", None, typed=percent_cell("80"))
    done = job(sheet("U1.1", row, blank), rollup={"typed_input": "typed_counts"})
    one = counting(done)["O1.1.1-a"]
    assert (one.pct, one.computed_pct, percents(done)["1.1.1"]) == (80, 75, 80)
    assert counting(done)["O1.1.1-b"].pct is None  # a percent with nothing beneath is no measure
    assert len(found(done, "PX-V001")) == 1


@pytest.mark.parametrize(
    ("typed", "number_format", "agrees"),
    [("0.98", "0%", True), ("0.98", "0.00%", False), ("0.983", "0.0%", True), ("0.984", "0.0%", False)],
)
def test_decimals_are_those_that_the_cell_shows(typed, number_format, agrees):
    """METHODS, *rounding*: ours cut to the printed decimals; 98.33 → 98 and 98.3."""
    row = indicator("O1.1.1-a", "1.1.1", ">= 300", "295", typed=cell_of(Decimal(typed), number_format=number_format))
    assert (found(job(sheet("U1.1", row)), "PX-V001") == []) is agrees


@pytest.mark.parametrize(("typed", "said"), [(percent_cell("50"), 0), (percent_cell("49.9"), 1)])
def test_a_percent_typed_beside_an_objective(typed, said):
    rows = [objective("1.1.1", RowLevel.OPERATIONAL, "1.1", typed=typed), indicator("O1.1.1-a", "1.1.1", ">= 80%", "40%")]
    assert len(found(job(sheet("U1.1", *rows)), "PX-V001")) == said


def test_a_percent_typed_with_nothing_beneath():
    rows = [
        objective("2.1.4", RowLevel.OPERATIONAL, "2.1", typed=percent_cell("3.4")),
        indicator("O2.1.4-a", "2.1.4", ">= 80%", None),
    ]
    done = job(sheet("ENTE", *rows))
    [said] = found(done, "PX-V002")
    assert said.startswith("2.1.4: 3,4% indicato, nessun risultato")
    assert nodes(done)["2.1.4"].pct is None


def lucca(*people_rows, projects=(), ente=(), aliases=None):
    sheets = [sheet("DIR", objective("DIR-2", RowLevel.OBJECTIVE, title="Obiettivi"), *people_rows, role=SheetRole.OBJECTIVES)]
    if projects:
        sheets.append(sheet("2C", *projects, role=SheetRole.PROJECTS))
    if ente:
        sheets.append(sheet("ENTE", *ente, role=SheetRole.OBJECTIVES))
    return job(*sheets, method=profile("lucca-2017", aliases=aliases or {}))


def project(code, result):
    return (objective(code, RowLevel.PROJECT, code[:2]), indicator(f"{code}-P1", code, None, result))


def quoting(text, typed):
    return indicator("DIR-2.1", "DIR-2", None, typed, title=text)


def test_a_quoted_value_that_agrees_as_printed():
    """Ours truncated to the printed decimals: 98.33 → 98."""
    rows = (
        objective("2C0101", RowLevel.PROJECT, "2C"),
        *(indicator(f"2C0101-P{i}", "2C0101", None, v) for i, v in enumerate(("95%", "100%", "100%"))),
    )
    done = lucca(quoting("2C0101 (realizzato al 98%)", "98"), projects=rows)
    assert percents(done)["2C0101"] == Fraction("98.33")
    assert not {"PX-A006", "PX-A007", "PX-A008", "PX-A015"} & {one.code for one in done.findings}


def test_a_quoted_value_that_differs():
    done = lucca(quoting("2C0101 (realizzato al 99%)", "99"), projects=project("2C0101", "74%"))
    [said] = found(done, "PX-A008")
    assert "2C0101: 99,00 % citato qui, 74,00 %" in said


def test_a_project_quoted_without_a_sheet():
    done = lucca(quoting("2C0101 (realizzato al 100%); 2C0105 (realizzato al 100%)", "100"), projects=project("2C0101", "100%"))
    [said] = found(done, "PX-A007")
    assert said.startswith("2C0105, citato con 100,00 %")


def test_an_alias_is_said():
    done = lucca(quoting("2C7101 (realizzato al 100%)", "100"), projects=project("2C0101", "100%"), aliases={"2C7101": "2C0101"})
    assert found(done, "PX-A013") == ["2C7101 letto come 2C0101"]
    assert found(done, "PX-A007") == []


def test_the_sheet_s_own_code_may_be_the_alias():
    done = lucca(quoting("2C0101 (realizzato al 100%)", "100"), projects=project("2C7101", "100%"), aliases={"2C7101": "2C0101"})
    assert "2C7101" not in nodes(done)
    assert percents(done)["2C0101"] == 100


def test_objective_6_of_the_body_in_three_versions():
    """Lucca 2017: 99,94 quoted, 99,33 typed, 99,93 from the parts quoted beside it (100, 100, 99,8)."""
    text = "realizzazione del 90% degli obiettivi: n. 6 (Area) (realizzato al 99,94%) (100%SG+100%An.e Reg. + 99,8%Prom.e Amm.)"
    done = lucca(quoting(text, "99,94"), ente=(objective("ENTE-6", RowLevel.OBJECTIVE, result=percent_cell("99.33")),))
    [quoted] = found(done, "PX-A006")
    assert "ENTE-6: 99,94 % citato qui, 99,33 %" in quoted
    recomputed = found(done, "PX-A015")
    assert len(recomputed) == 2
    assert all("99,93 % ricalcolato" in said for said in recomputed)


def test_the_same_objective_with_two_values():
    own = (objective("DIR-3", RowLevel.OBJECTIVE, title="Riorganizzazione dell'Area"), indicator("DIR-3.1", "DIR-3", None, "99%"))
    done = lucca(
        *own, ente=(objective("ENTE-4", RowLevel.OBJECTIVE, title="riorganizzazione  dell’area", result=percent_cell("98.88")),)
    )
    [said] = found(done, "PX-A006")
    assert "ENTE-4: 98,88 % qui, 99,00 % nell'obiettivo 3 di DIR" in said
