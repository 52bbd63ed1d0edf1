"""Lucca 2017: project sheets, objectives, and the sheets of another system, against the published report."""

from decimal import Decimal

import openpyxl
import pytest

from perfxl.model import CellKind, RowLevel, SheetRole
from perfxl.readers import read_workbook

AREAS = ("Report_direzionale_2017_Area1.xlsx", "Report_direzionale_2017_Area2.xlsx", "Report_direzionale_2017_Area3.xlsx")


@pytest.fixture(scope="module")
def sheets(workbooks):
    read = [read_workbook(workbooks / "lucca-2017" / name) for name in AREAS]
    assert [finding for workbook in read for finding in workbook.findings] == []
    return [sheet for workbook in read for sheet in workbook.sheets]


def test_all_indicators(sheets, golden, printed_as):
    rows = {row.code: row for sheet in sheets for row in sheet.rows if row.level is RowLevel.INDICATOR}
    assert sum(row.level is RowLevel.INDICATOR for sheet in sheets for row in sheet.rows) == 169
    expected = golden("lucca-2017/indicators.csv")
    assert sorted(rows) == sorted(gold["id"] for gold in expected)
    for gold in expected:
        row = rows[gold["id"]]
        assert (row.owner, row.strategic) == (gold["owner_code"], gold["kind"] == "strategico")
        assert row.title == " ".join(gold["text"].split())
        assert printed_as(row.result, gold["result_text"]), row.result


def test_nodes_and_their_parents(sheets, golden):
    found = [
        (row.code, row.level.value, row.owner, row.title)
        for sheet in sheets
        for row in sheet.rows
        if row.level is not RowLevel.INDICATOR
    ]
    tree = [row for row in golden("lucca-2017/tree.csv") if row["level"] in ("obiettivo_strategico", "progetto") and row["code"]]
    expected = [
        (
            row["code"],
            row["level"],
            row["area_code"] if row["level"] == "obiettivo_strategico" else row["parent_code"],
            " ".join(row["title"].split()),
        )
        for row in tree
    ]
    assert sorted(found) == sorted(expected)


def test_mission_and_programme_of_each_sheet(sheets, golden):
    for sheet in sheets:
        gold = [
            row
            for row in golden("lucca-2017/tree.csv")
            if row["code"] == sheet.respondent and row["level"] == "obiettivo_strategico"
        ]
        paths = {row["path"] for row in gold}
        assert f"{sheet.attributes['missione']}/{sheet.attributes['programma']}/{sheet.respondent}" in paths
        assert (sheet.attributes.get("quota_parte") == "sì") is (gold[0]["quota_parte"] == "1")
        assert (sheet.role, sheet.year) == (SheetRole.PROJECTS, 2017)


def test_placeholder_without_code_is_no_project(sheets):
    (sheet,) = [sheet for sheet in sheets if sheet.respondent == "1F"]
    assert [row.code for row in sheet.rows] == ["1F", "1F-S1"]


def test_repeated_strategic_indicators_say_what_they_repeat(sheets):
    repeats = {row.code: row.extra["repeats"] for sheet in sheets for row in sheet.rows if "repeats" in row.extra}
    assert repeats == {f"2E#{sheet}-S{n}": f"2E-S{n}" for sheet in (2, 3) for n in (1, 2, 3, 4)}


def test_resources_of_projects(sheets, golden):
    projects = {row.code: row for sheet in sheets for row in sheet.rows if row.level is RowLevel.PROJECT}
    expected = golden("lucca-2017/risorse_progetto.csv")
    gold_codes = {gold["project_code"] for gold in expected if gold["project_code"]}
    assert gold_codes == set(projects)
    for gold in expected:
        if gold["project_code"]:
            amounts = projects[gold["project_code"]].extra["amounts"]
            for name in ("proventi", "oneri", "investimenti"):
                assert amounts[name.upper()].value == Decimal(gold[name])


PEOPLE = {"SG": "Segretario Generale", "DIR_PROMO": "Dirigente Promozione", "DIR_ANAG": "Dirigente Anagrafico", "ENTE": "Ente"}


@pytest.fixture(scope="module")
def objectives(workbooks):
    workbook = read_workbook(workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx")
    assert workbook.findings == ()
    assert [(sheet.respondent, sheet.sheet, sheet.role, sheet.year) for sheet in workbook.sheets] == [
        (code, name, SheetRole.OBJECTIVES, 2017) for code, name in PEOPLE.items()
    ]
    return {sheet.respondent: sheet.rows for sheet in workbook.sheets}


def test_objectives(objectives, golden):
    found = [
        (row.owner, row.code, row.extra["number"], row.title)
        for rows in objectives.values()
        for row in rows
        if row.level is RowLevel.OBJECTIVE
    ]
    expected = [
        (gold["owner"], f"{gold['owner']}-{gold['number']}", gold["number"], gold["title"])
        for gold in golden("lucca-2017/objectives.csv")
    ]
    assert sorted(found) == sorted(expected)


def test_typed_values_of_the_body(objectives, golden):
    typed = {row.extra["number"]: row.result.value for row in objectives["ENTE"]}
    assert typed == {
        gold["number"]: Decimal(gold["printed_pct"]) for gold in golden("lucca-2017/objectives.csv") if gold["owner"] == "ENTE"
    }


def test_indicators_of_objectives(objectives, golden, printed_as):
    rows = [row for rows in objectives.values() for row in rows if row.level is RowLevel.INDICATOR]
    expected = golden("lucca-2017/objective_indicators.csv")
    for row, gold in zip(rows, expected, strict=True):
        owner = f"{gold['owner']}-{gold['number']}"
        assert (row.owner, row.code) == (owner, f"{owner}.{gold['indicator_label'] or 1}")
        assert row.title == " ".join(gold["text"].split())
        assert printed_as(row.result, gold["result_text"]), row.result


def test_the_percent_of_an_objective_is_kept_when_it_is_typed(workbooks, tmp_path):
    import openpyxl

    book = openpyxl.load_workbook(workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx")
    book["Segretario Generale"]["C7"] = 99.75
    book.save(tmp_path / "obiettivi.xlsx")
    sheet = read_workbook(tmp_path / "obiettivi.xlsx").sheets[0]
    typed = {row.code: (row.typed_pct.value, row.typed_pct.ref.a1) for row in sheet.rows if not row.typed_pct.empty}
    assert typed == {"SG-1": (Decimal("99.75"), "C7")}


@pytest.mark.parametrize(("name", "layouts"), [
    ("Risorse_2017.xlsx", ["risorse-lucca", "conto-economico-lucca"]), ("Progetti_art15_2017.xlsx", ["art15-lucca"]),
])  # fmt: skip
def test_sheets_of_another_system_are_recognised_and_left_alone(workbooks, name, layouts):
    workbook = read_workbook(workbooks / "lucca-2017" / name)
    assert [sheet.layout for sheet in workbook.sheets] == layouts
    assert all(sheet.role is SheetRole.OTHER_SYSTEM and sheet.rows == () for sheet in workbook.sheets)
    assert [finding.code for finding in workbook.findings] == ["PX-R002"] * len(layouts)


def test_percent_and_number_are_told_apart(sheets):
    kinds = {row.code: row.result.kind for sheet in sheets for row in sheet.rows}
    assert kinds["2C0104-P1"] is CellKind.PERCENT  # 80 %
    assert kinds["3A0102-P3"] is CellKind.NUMBER  # 11 fascicoli


def test_small_letters_make_the_same_tree(workbooks, tmp_path):
    """`progetto 1a0101:` hung from a phantom node 1a, and nothing said it."""
    path = workbooks / "lucca-2017" / "Report_direzionale_2017_Area1.xlsx"
    book = openpyxl.load_workbook(path)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and cell.value.startswith(("PROGETTO", "OBIETTIVO STRATEGICO")):
            cell.value = cell.value.lower()
    book.save(tmp_path / "minuscole.xlsx")
    small, real = read_workbook(tmp_path / "minuscole.xlsx").sheets, read_workbook(path).sheets
    assert [[(row.code, row.owner) for row in sheet.rows] for sheet in small] == [
        [(row.code, row.owner) for row in sheet.rows] for sheet in real
    ]


def test_the_letter_of_an_indicator_is_a_capital_however_it_is_typed(workbooks, tmp_path):
    path = workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx"
    book = openpyxl.load_workbook(path)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and cell.value.upper().startswith("INDICATORE A"):
            cell.value = "Indicatore a)"
    book.save(tmp_path / "minuscole.xlsx")
    codes = {row.code for sheet in read_workbook(tmp_path / "minuscole.xlsx").sheets for row in sheet.rows}
    assert codes == {row.code for sheet in read_workbook(path).sheets for row in sheet.rows}
    assert "SG-4.A" in codes
