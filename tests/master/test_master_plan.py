"""*Piano*, *Uffici*, *Parametri*: the sample is the published plan, and it comes back as it was read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.errors import InputError
from perfxl.master.content import content_from
from perfxl.master.names import Office
from perfxl.master.read import method_from_workbook, offices_from_workbook, parameters_from_workbook, plan_from_workbook
from perfxl.model import RowLevel, SheetRole, WorkbookRows
from perfxl.pipeline import consolidate

NODES = {"ente", "area", "obiettivo_strategico", "obiettivo_operativo"}


def printed_amount(text):
    """`€ 669.610,68` as a number, by the rules of Italian amounts."""
    digits = text.replace("€", "").replace(".", "").replace(",", ".").strip()
    return Decimal(digits) if digits else None


@pytest.fixture(scope="module")
def plan(master):
    sheet, findings = plan_from_workbook(master, 2019)
    assert findings == ()
    return sheet


def test_the_tree_is_that_of_the_published_plan(plan, golden):
    published = [row for row in golden("massacarrara-2019/allegato1_rows") if row["row_type"] in NODES]
    nodes = [row for row in plan.rows if row.level is not RowLevel.INDICATOR]
    assert [(row.code, str(row.level)) for row in nodes] == [(row["code_normalised"], row["row_type"]) for row in published]
    amounts = [None if row.budget.empty else row.budget.value for row in nodes]
    assert amounts == [printed_amount(row["budget_verbatim"]) for row in published]


def test_the_indicators_are_those_of_the_published_plan(plan, golden):
    published = [row for row in golden("massacarrara-2019/allegato1_rows") if row["row_type"].startswith("indicatore")]
    indicators = [row for row in plan.rows if row.level is RowLevel.INDICATOR]
    assert len(indicators) == len(published) == 77
    for ours, theirs in zip(indicators, published, strict=True):
        assert " ".join(ours.algorithm.text.split()) == " ".join(theirs["algorithm_text"].split())


def test_it_is_a_plan_as_the_readers_give_one(plan, content):
    assert plan.role is SheetRole.PLAN
    assert plan.year == 2019
    assert [(row.code, row.owner, row.title, row.strategic) for row in plan.rows] == [
        (row.code, row.owner, row.title, row.strategic) for row in (*content.nodes, *content.indicators)
    ]
    first = next(row for row in plan.rows if row.code == "S1.2.3-a")
    assert {year: cell.text for year, cell in first.targets.items()} == {
        2019: "31/12/2019",
        2020: "entro il 31/12/2020",
        2021: "entro il 31/12/2021",
    }
    assert first.offices == ("U5.2",)
    assert next(row for row in plan.rows if row.code == "O1.2.3-a").people == ("PO5",)
    assert first.ref.sheet == "Piano"


def test_the_two_tables_are_excel_tables(book):
    tables = book["Piano"].tables
    assert set(tables) == {"tblAlbero", "tblIndicatori"}
    assert [column.name for column in tables["tblIndicatori"].tableColumns][5:8] == ["Target 2019", "Target 2020", "Target 2021"]
    assert set(book["Uffici"].tables) == {"tblUffici"}
    assert set(book["Cruscotto"].tables) == {"tblRaccolta"}
    assert set(book["Metodo"].tables) == {"tblMetodo", "tblScelte", "tblAlias", "tblEccezioni"}


def test_a_bad_row_is_a_finding_and_the_others_stay(tab_values):
    rows = tab_values("Piano")
    tree = next(n for n, row in enumerate(rows) if row[0] == "1.1.1")
    leaf = next(n for n, row in enumerate(rows) if row[0] == "S1.1.1-a")
    rows[tree][1] = "obiettivone"
    rows[leaf][0] = None
    plan, findings = plan_from_workbook(rows, 2019)
    assert [(found.code, found.cell, found.found) for found in findings] == [
        ("PX-R004", f"A{tree + 1}", "livello «obiettivone»"),
        ("PX-R004", f"A{leaf + 1}", "riga senza codice"),
    ]
    assert len(plan.rows) == 101


def test_an_indicator_added_at_the_end_is_read(tab_values):
    rows = tab_values("Piano")
    row = ["O3.9.9-z", "operativo", "3.1.1", "Nuovo", "n. >= 2", 2, None, datetime(2021, 6, 30), "U1.1, U2.1", "SG", 30]
    plan, findings = plan_from_workbook([*rows, row], 2019)
    assert findings == ()
    new = plan.rows[-1]
    assert (new.code, new.owner, new.offices, new.people) == ("O3.9.9-z", "3.1.1", ("U1.1", "U2.1"), ("SG",))
    assert {year: cell.text for year, cell in new.targets.items()} == {2019: "2", 2020: "", 2021: "30/06/2021"}
    assert new.weight.value == 30


def test_a_workbook_without_a_plan_is_a_finding(tab_values, workbooks):
    dashboard = next((workbooks / "massacarrara-2019").glob("U1.1*.xlsx"))
    plan, (found,) = plan_from_workbook(dashboard)
    assert plan is None
    assert found.code == "PX-P005"
    plan, (found,) = plan_from_workbook(tab_values("Piano")[:10])
    assert plan is None
    assert found.found == "nessun indicatore"


def test_the_offices_are_those_of_the_dashboards(master, golden):
    offices = offices_from_workbook(master)
    titles = {row["dashboard"]: row["title_verbatim"] for row in golden("massacarrara-2019/dashboard_sheets")}
    assert [office.code for office in offices] == ["ENTE", "ISR", "U0.1", "U1.1", "U2.1", "U3.1/U3.2", "U4.1", "U5.1/U5.2"]
    printed = {office.code: titles[office.code] for office in offices if titles.get(office.code)}
    assert len(printed) >= 4
    assert {office.code: office.name for office in offices if office.code in printed} == printed
    assert {office.email for office in offices} == {""}


def test_what_is_typed_in_uffici_comes_back(tab_values):
    rows = tab_values("Uffici")
    rows[5][2:4] = ["Anna Rossi", "anna.rossi@ente.example"]
    assert offices_from_workbook(rows)[1] == Office("ISR", "ISR", "Anna Rossi", "anna.rossi@ente.example")


def test_parameters_come_back(master, tab_values):
    found = parameters_from_workbook(master)
    assert (found.body, found.year, found.problems) == ("Camera di Commercio di Massa-Carrara", 2019, ())
    assert (found.as_of, found.inbox, found.archive) == (date(2019, 4, 30), "massacarrara-2019", "")
    rows = tab_values("Parametri")
    labels = {row[0]: row for row in rows}
    labels["Situazione al"][1] = datetime(2019, 8, 31)
    labels["Cartella dei fogli ricevuti"][1] = r"S:\fogli"
    found = parameters_from_workbook(rows)
    assert (found.as_of, found.inbox) == (date(2019, 8, 31), r"S:\fogli")
    labels["Situazione al"][1] = "30/04/2019"
    assert parameters_from_workbook(rows).as_of == date(2019, 4, 30)


def test_a_parameter_that_can_t_be_read_is_said_with_its_cell(tab_values):
    rows = tab_values("Parametri")
    labels = {row[0]: n for n, row in enumerate(rows)}
    rows[labels["Anno"]][1] = "quest'anno"
    rows[labels["Situazione al"]][1] = "aprile"
    found = parameters_from_workbook(rows)
    assert (found.year, found.as_of) == (None, None)
    assert found.problems == (
        f"Parametri!B{labels['Anno'] + 1}: trovato «quest'anno»; ammesso: un anno di quattro cifre",
        f"Parametri!B{labels['Situazione al'] + 1}: trovato «aprile»; ammesso: una data come 30/04/2019",
    )


def test_without_dashboards_the_offices_are_those_that_the_plan_names(workbooks):
    content = content_from([workbooks / "massacarrara-2019-piano"], "massacarrara-2019")
    assert content.offices == ()  # the Allegato 1 names none
    assert len(content.plan) == 103


def test_workbooks_without_a_plan_are_refused(workbooks):
    with pytest.raises(InputError, match="nessun foglio del piano riconosciuto"):
        content_from([workbooks / "massacarrara-2019"], "massacarrara-2019")


def test_the_master_s_plan_and_method_give_the_published_figures(master, workbooks):
    """42.75 at 30/04/2019, as with the plan's own workbook and the profile's file; and so every node of the tree."""
    sheets, plan_folder = workbooks / "massacarrara-2019", workbooks / "massacarrara-2019-piano"
    plan, _ = plan_from_workbook(master, 2019)
    cells = WorkbookRows(str(master), "", (plan,))
    ours = consolidate([sheets], method=method_from_workbook(master), read=[cells], as_of=date(2019, 4, 30))
    files = consolidate([sheets], method="massacarrara-2019", plan=[plan_folder], as_of=date(2019, 4, 30))
    assert ours.headline.pct == Fraction("42.75")
    assert [(node.code, node.pct, node.measured, node.total) for node in ours.nodes] == [
        (node.code, node.pct, node.measured, node.total) for node in files.nodes
    ]
