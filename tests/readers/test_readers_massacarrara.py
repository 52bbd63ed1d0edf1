"""The twelve dashboards, cell by cell, against the published tables (Allegato 2 and 3 of the plan 2019)."""

import re

import pytest

from perfxl.model import CellKind, RowLevel, SheetRole
from perfxl.readers import read_workbook

FILES = {
    "ENTE e trasversali": "ENTE_e_trasversali", "U0.1": "U0.1", "U1.1": "U1.1", "U2.1": "U2.1", "U3.1/U3.2": "U3.1-U3.2", "U4.1": "U4.1",
    "U5.1/U5.2": "U5.1-U5.2", "ISR": "ISR", "PO2": "PO2", "PO3": "PO3", "PO4": "PO4", "PO5": "PO5",
}  # fmt: skip


def read(workbooks, dashboard):
    return read_workbook(workbooks / "massacarrara-2019" / f"{FILES[dashboard]}_monitoraggio_2019.xlsx")


@pytest.mark.parametrize("dashboard", FILES)
def test_every_row_and_cell_of_a_dashboard(workbooks, golden, printed_as, dashboard):
    expected = [row for row in golden("massacarrara-2019/dashboards.csv") if row["dashboard"] == dashboard]
    workbook = read(workbooks, dashboard)
    (sheet,) = workbook.sheets
    assert workbook.findings == ()
    assert [(row.level.value, row.code) for row in sheet.rows] == [(row["row_type"], row["code_normalised"]) for row in expected]
    for number, (row, gold) in enumerate(zip(sheet.rows, expected, strict=True), start=4):
        assert row.ref.a1 == f"A{number}"
        assert row.code_printed == gold["code"]
        assert row.title == gold["text"]
        assert row.algorithm.text == gold["algorithm_text"]
        assert printed_as(row.result, gold["result_2019"]), row.result
        assert set(row.targets) == {2019, 2020, 2021}
        for year, cell in row.targets.items():
            assert printed_as(cell, gold[f"target_{year}"]), cell
        assert printed_as(row.typed_pct, gold["pct_realizz"]), row.typed_pct
        assert row.offices == tuple(gold["office_field"].split())
        assert row.people == tuple(gold["ob_ind_normalised"].split())
        assert (row.result.ref.a1, row.typed_pct.ref.a1) == (f"C{number}", f"G{number}")


def test_two_hundred_and_one_rows(workbooks):
    assert sum(len(sheet.rows) for name in FILES for sheet in read(workbooks, name).sheets) == 201


@pytest.mark.parametrize("dashboard", FILES)
def test_whose_dashboard_it_is(workbooks, golden, dashboard):
    (sheet,) = read(workbooks, dashboard).sheets
    (gold,) = [row for row in golden("massacarrara-2019/dashboard_sheets.csv") if row["dashboard"] == dashboard]
    code = "ENTE" if dashboard.startswith("ENTE") else dashboard
    assert sheet.respondent == code
    assert sheet.role is {"E": SheetRole.BODY, "P": SheetRole.PERSON}.get(dashboard[0], SheetRole.OFFICE)
    assert sheet.respondent_offices == (() if dashboard.startswith("PO") else tuple(code.split("/")))
    assert (sheet.layout, sheet.year, sheet.header.a1) == ("cruscotto-massacarrara", 2019, "A3")
    if gold["title_verbatim"]:
        assert sheet.title == " ".join(gold["title_verbatim"].split())


@pytest.mark.parametrize("dashboard", FILES)
def test_every_row_hangs_from_the_node_that_the_plan_says(workbooks, golden, dashboard):
    parents = {row["code"]: row["parent_code"] for row in golden("massacarrara-2019/tree.csv")}
    owners = {row["code_normalised"]: row["owner_code"] for row in golden("massacarrara-2019/indicators.csv")}
    for row in read(workbooks, dashboard).sheets[0].rows:
        if row.level is RowLevel.INDICATOR:
            assert row.owner == owners.get(row.code, re.sub(r"^S(\d+\.\d+).*|^O(\d+\.\d+\.\d+).*", r"\1\2", row.code))
            assert row.strategic is row.code.startswith("S")
        else:
            assert row.owner == parents[row.code]


def test_the_two_zero_dates_keep_their_address(workbooks):
    (sheet,) = read(workbooks, "U5.1/U5.2").sheets
    found = [row.result.ref.a1 for row in sheet.rows if row.result.kind is CellKind.ZERO_DATE]
    assert found == ["C20", "C21"]


def test_plan_indicators(workbooks, golden, printed_as):
    workbook = read_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx")
    (sheet,) = workbook.sheets
    assert workbook.findings == ()
    assert (sheet.layout, sheet.role, sheet.year) == ("piano-massacarrara", SheetRole.PLAN, 2019)
    rows = [row for row in sheet.rows if row.level is RowLevel.INDICATOR]
    expected = golden("massacarrara-2019/indicators.csv")
    assert len(expected) == 77
    assert [row.code for row in rows] == [gold["uid"] for gold in expected]
    for row, gold in zip(rows, expected, strict=True):
        assert (row.owner, row.strategic, row.code_printed) == (gold["owner_code"], gold["kind"] == "S", gold["code"])
        assert (row.title, row.algorithm.text) == (gold["text"], gold["algorithm_text"])
        for year in (2019, 2020, 2021):
            assert printed_as(row.targets[year], gold[f"target_{year}"]), row.targets[year]


def test_plan_tree_with_budgets_and_perspectives(workbooks, golden, printed_as):
    (sheet,) = read_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx").sheets
    nodes = [row for row in sheet.rows if row.level is not RowLevel.INDICATOR]
    expected = golden("massacarrara-2019/tree.csv")
    for row, gold in zip(nodes, expected, strict=True):
        assert (row.code, row.level.value, row.owner or "") == (gold["code"], gold["level"], gold["parent_code"])
        assert row.title == gold["title"]
        assert row.perspective.text == gold["bsc_perspective"]
        assert printed_as(row.budget, gold["budget_verbatim"]), row.budget


def test_objectives_of_the_sg(workbooks, golden, printed_as):
    workbook = read_workbook(workbooks / "massacarrara-2019-piano" / "Obiettivi_SG_2019.xlsx")
    (sheet,) = workbook.sheets
    assert workbook.findings == ()
    assert (sheet.layout, sheet.role, sheet.respondent, sheet.year) == (
        "obiettivi-massacarrara",
        SheetRole.OBJECTIVES,
        "SG",
        2019,
    )
    rows = [row for row in sheet.rows if row.level is RowLevel.OBJECTIVE]
    for row, gold in zip(rows, golden("massacarrara-2019/sg_objectives.csv"), strict=True):
        assert (row.code, row.owner, row.extra["number"]) == (f"SG-{gold['n']}", "SG", gold["n"])
        assert (row.code_printed, row.extra["indicator_code"]) == (gold["code_printed"], gold["code_printed"])
        assert (row.title, row.algorithm.text, row.targets[2019].text) == (
            gold["text"],
            gold["algorithm_text"],
            gold["target_2019"],
        )
        assert printed_as(row.weight, gold["weight_verbatim"]), row.weight
