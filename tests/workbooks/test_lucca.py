"""The workbooks of the Relazione 2017 and of the Piano 2018: every figure of the golden tables stands where the print has it."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from scripts.cartelle import lucca

REPORT, PLAN = "lucca-2017-relazione", "lucca-2018-piano"
FILES = {
    f"{REPORT}/Ciclo_performance_2017.xlsx": ["Fasi", "Check-up"],
    f"{REPORT}/Conto_economico_2017.xlsx": ["Conto economico"],
    f"{REPORT}/Gradimento_2017.xlsx": ["Indagini"],
    f"{REPORT}/Processi_e_genere_2017.xlsx": ["Processi e utenti", "Genere"],
    f"{REPORT}/Report_direzionale_Risorse_2017.xlsx": ["Risorse utilizzate"],
    f"{REPORT}/Risorse_Relazione_2017.xlsx": ["Budget obiettivi", "Riepilogo aree"],
    f"{REPORT}/Stato_di_salute_2017.xlsx": ["Stato di salute"],
    f"{PLAN}/Obiettivi_2018.xlsx": ["Ente", "Segretario generale", "Dirigente", "Struttura"],
    f"{PLAN}/Risorse_Piano_2018.xlsx": ["Proventi e oneri", "Budget aree"],
    f"{PLAN}/Stato_di_salute_2018.xlsx": ["Stato di salute"],
}


@pytest.fixture
def page(workbooks):
    return lambda folder, file, sheet: load_workbook(workbooks / folder / f"{file}.xlsx")[sheet]


def figure(cell):
    """What the cell shows, with a decimal dot and no thousands: `58.1` for 58.1 in `0.0`, and for 0.581 in `0.0%`; blank is ''."""
    if cell.value is None:
        return ""
    assert cell.data_type == "n", cell.coordinate
    zeros, percent = re.search(r"0(?:\.(0+))?(%?)", cell.number_format).groups()
    exact = Decimal(repr(cell.value)) * (100 if percent else 1)
    shown = f"{exact:.{len(zeros or '')}f}"
    assert Decimal(shown) == exact, f"{cell.coordinate}: the format hides digits"
    return shown


def figures(sheet, row, first, count):
    return [figure(sheet.cell(row, first + index)) for index in range(count)]


def texts(sheet, row):
    return [cell.value for cell in sheet[row]]


def test_budget_of_projects_and_objectives(page, golden):
    sheet = page(REPORT, "Risorse_Relazione_2017", "Budget obiettivi")
    assert texts(sheet, 3) == [
        "OBIETTIVO STRATEGICO", "PROGETTI", "Budget iniziale 2017", "Budget aggiornato 2017", "Consuntivo 2017",
        "% Utilizzo Budget aggiornato", "% Risorse impiegate per Ob. strategico",
    ]  # fmt: skip
    projects, row, compared = golden("lucca-2017/budget_projects"), 4, 0
    for objective in golden("lucca-2017/budget_objectives"):
        code = objective["strategic_objective"]
        own = [project for project in projects if project["strategic_objective"] == code]
        for index, project in enumerate(own):
            assert sheet.cell(row, 1).value == (None if index else f"OBIETTIVO STRATEGICO {code} {objective['title']}")
            assert sheet.cell(row, 2).value == f"{project['project_code']} - {project['project_title']}".removeprefix(" - ")
            expected = [project[name] for name in ("initial", "updated", "actual", "pct_used_printed")]
            assert figures(sheet, row, 3, 5) == [*expected, ""]
            compared += sum(map(bool, expected))
            row += 1
        assert texts(sheet, row)[:2] == [None if own else "TOTALE RISORSE", None]
        expected = [objective[name] for name in ("initial", "updated", "actual", "pct_used_printed", "pct_share_printed")]
        assert figures(sheet, row, 3, 5) == expected
        compared += len(expected)
        row += 1
    assert (sheet.max_row, row, compared) == (49, 50, 200)


def test_budget_and_interventi_economici_of_the_areas(page, golden):
    sheet = page(REPORT, "Risorse_Relazione_2017", "Riepilogo aree")
    assert texts(sheet, 3) == [
        "RIEPILOGO RISORSE PER AREE STRATEGICHE (Oneri correnti + Investimenti)", "Budget iniziale 2017", "Budget al 31/12",
        "Consuntivo 2017", "% Utilizzo Budget al 31/12", "% Risorse impiegate per Area Strategica",
    ]  # fmt: skip
    for row, area in enumerate(golden("lucca-2017/budget_areas"), start=4):
        assert sheet.cell(row, 1).value.endswith(area["area_title"])
        assert figures(sheet, row, 2, 5) == [
            area[name] for name in ("initial", "updated", "actual", "pct_used_printed", "pct_share_printed")
        ]
    assert texts(sheet, 9)[:5] == [
        "RIEPILOGO INTERVENTI ECONOMICI PER AREA STRATEGICA", "CONSUNTIVO 2017 (Migliaia di Euro)", "COMP. % 2017",
        "CONSUNTIVO 2016 (Migliaia di Euro)", "COMP. % 2016",
    ]  # fmt: skip
    for row, item in enumerate(golden("lucca-2017/interventi_economici"), start=10):
        assert sheet.cell(row, 1).value == item["label"]
        assert figures(sheet, row, 2, 4) == [
            item[name] for name in ("consuntivo_2017_keur", "comp_pct_2017", "consuntivo_2016_keur", "comp_pct_2016")
        ]
    assert sheet.max_row == 15  # 4 rows of 5 figures, 6 of 4


def test_what_the_projects_used(page, golden):
    sheet = page(REPORT, "Report_direzionale_Risorse_2017", "Risorse utilizzate")
    rows = [(cell.value, sheet.cell(cell.row, 2)) for cell in sheet["A"]]
    starts = [index for index, (text, _) in enumerate(rows) if text and text.startswith("PROGETTO ")]
    projects = golden("lucca-2017/risorse_progetto")
    for start, project in zip(starts, projects, strict=True):
        assert rows[start][0] == f"PROGETTO {project['project_code']}:"
        assert [text for text, _ in rows[start + 1 : start + 6]] == [
            project["project_title"], "RISORSE UTILIZZATE", "PROVENTI", "ONERI", "INVESTIMENTI",
        ]  # fmt: skip
        cells = [cell for _, cell in rows[start + 3 : start + 6]]
        assert [figure(cell) for cell in cells] == [project[name] for name in ("proventi", "oneri", "investimenti")]
        assert {cell.number_format for cell in cells} == {'"€ "#,##0.00'}
    assert len(projects) == 26  # 78 figures


def test_the_tree_is_printed_as_headings_of_the_report(page, golden):
    sheet = page(REPORT, "Report_direzionale_Risorse_2017", "Risorse utilizzate")
    column = [cell.value for cell in sheet["A"]]
    found = [
        (re.sub(r"\W*(quota parte)?\W*:$", "", text), title)
        for text, title in pairwise(column)
        if text and re.match(r"(MISSIONE|PROGRAMMA|OBIETTIVO STRATEGICO|PROGETTO)\b", text)
    ]
    levels = {
        "missione": "MISSIONE",
        "programma": "PROGRAMMA",
        "obiettivo_strategico": "OBIETTIVO STRATEGICO",
        "progetto": "PROGETTO",
    }
    tree = [node for node in golden("lucca-2017/tree") if node["level"] in levels]
    assert found == [(f"{levels[node['level']]} {node['code']}".strip(), node["title"]) for node in tree]
    assert len(found) == 54


def test_income_statement_and_its_composition(page, golden):
    sheet = page(REPORT, "Conto_economico_2017", "Conto economico")
    rows, compared = golden("lucca-2017/income_statement"), 0
    for top, section, field in (
        (3, "PROVENTI CORRENTI", "value"), (10, "ONERI CORRENTI", "value"),
        (17, "PROVENTI CORRENTI", "comp_pct"), (24, "ONERI CORRENTI", "comp_pct"),
    ):  # fmt: skip
        band = [None, "CCIAA LUCCA", None] if field == "value" else ["COMPOSIZIONE %", None, None]
        assert texts(sheet, top) == band
        assert texts(sheet, top + 1) == [section, 2017, 2016]
        for row, item in enumerate((item for item in rows if item["section"] == section), start=top + 2):
            assert sheet.cell(row, 1).value == item["item"]
            assert figures(sheet, row, 2, 2) == [item[f"{field}_2017"], item[f"{field}_2016"]]
            compared += 2
    assert (compared, sheet.max_row) == (32, 29)


def test_health_of_2017(page, golden):
    sheet = page(REPORT, "Stato_di_salute_2017", "Stato di salute")
    assert texts(sheet, 3) == ["Indicatore", "Composizione indicatore", "CONSUNTIVO 2017", 2016, 2015, 2014]
    ratios = golden("lucca-2017/health")
    rows = [*range(5, 11), *range(12, 19)]
    assert [sheet.cell(row, 1).value for row in (4, 11)] == list(dict.fromkeys(ratio["section"] for ratio in ratios))
    for row, ratio in zip(rows, ratios, strict=True):
        assert texts(sheet, row)[:2] == [ratio["indicator"], ratio["formula"]]
        assert figures(sheet, row, 3, 4) == [ratio[f"value_{year}"] for year in (2017, 2016, 2015, 2014)]
        assert {sheet.cell(row, column).number_format.endswith("%") for column in range(3, 7)} == {ratio["unit"] == "%"}
    assert sheet.max_row == 18  # 52 figures


def test_surveys(page, golden):
    sheet = page(REPORT, "Gradimento_2017", "Indagini")
    surveys = golden("lucca-2017/surveys")
    for row, survey in enumerate(surveys, start=5):
        assert [sheet.cell(row, column).value for column in (1, 3, 5, 8)] == [
            survey[name] for name in ("survey", "respondents_unit", "population_unit", "text")
        ]
        assert [figure(sheet.cell(row, column)) for column in (2, 4, 6, 7)] == [
            survey[name] for name in ("respondents", "population", "scale_min", "scale_max")
        ]
    (result,) = (item["result_text"] for item in golden("lucca-2017/indicators") if item["id"] == "1D-S2")
    assert " ".join(f"{sheet.cell(row, 1).value} {figure(sheet.cell(row, 2))}" for row in (10, 11)) == result
    assert len(surveys) == 3  # 12 figures, and two marks


def test_matrix_of_processes(page, golden):
    sheet = page(REPORT, "Processi_e_genere_2017", "Processi e utenti")
    primary = [row for row in golden("lucca-2017/services_matrix") if row["process_type"] == "primario"]
    support = [row["process"] for row in golden("lucca-2017/services_matrix") if row["process_type"] == "supporto"]
    assert texts(sheet, 4)[2:9] == [row["process"] for row in primary]
    for row, user in enumerate(("Imprese", "Associazioni di categoria", "Consumatori /Cittadini"), start=6):
        assert texts(sheet, row) == [user, None, *("✓" if process[user] == "1" else None for process in primary), None]
    assert [sheet.cell(row, 2).value for row in range(9, 16)] == support
    assert sum(cell.value == "✓" for row in sheet.iter_rows() for cell in row) == 20


def test_gender(page, golden):
    sheet = page(REPORT, "Processi_e_genere_2017", "Genere")
    facts = {row["id"]: row["value"] for row in golden("lucca-2017/context_facts")}
    assert figures(sheet, 6, 1, 4) == [facts[f"CONS-{key}"] for key in ("2016-U", "2016-D", "2015-U", "2015-D")]
    for row, place in enumerate(("LU", "TO", "IT"), start=13):
        assert figures(sheet, row, 2, 9) == [facts[f"OCC-{place}-{year}-{sex}"] for year in (2015, 2016, 2017) for sex in "FMT"]
    assert sheet.max_row == 16  # 31 figures, and the source


def test_cycle(page, golden):
    sheet = page(REPORT, "Ciclo_performance_2017", "Fasi")
    assert texts(sheet, 3) == ["FASI", "SOGGETTI", "MODALITA'", "TEMPI"]
    phases = golden("lucca-2017/cycle_phases")
    assert [texts(sheet, row) for row in range(4, 15)] == [
        [phase[name] or None for name in ("fase", "soggetti", "modalita", "tempi")] for phase in phases
    ]
    sheet = page(REPORT, "Ciclo_performance_2017", "Check-up")
    for row, section in enumerate(golden("lucca-2017/checkup"), start=6):
        assert texts(sheet, row)[:2] == [section["number"], section["section"]]
        assert figure(sheet.cell(row, 3)) == section["score"]
        assert sheet.cell(row, 3).number_format.endswith(f'" /{section["max"]}"')
    assert sheet.max_row == 11


def test_series_of_income_and_charges(page, golden):
    sheet = page(PLAN, "Risorse_Piano_2018", "Proventi e oneri")
    rows, compared, blank = golden("lucca-2018/income_charges"), 0, []
    for top, table in ((3, "proventi_correnti"), (13, "oneri_e_investimenti")):
        assert texts(sheet, top)[:8] == [
            "(migliaia di euro)",
            "CONSUNTIVO",
            None,
            None,
            None,
            None,
            "PRE-CONSUNTIVO",
            "PREVENTIVO",
        ]
        assert texts(sheet, top + 1)[1:8] == [2012, 2013, 2014, 2015, 2016, 2017, 2018]
        for row, item in enumerate((item for item in rows if item["table"] == table), start=top + 3):
            years = ("c2012", "c2013", "c2014", "c2015", "c2016", "precons2017", "prev2018")
            assert sheet.cell(row, 1).value == item["label"]
            assert figures(sheet, row, 2, 7) == [item[year] for year in years]
            compared += 7
            blank += [sheet.cell(row, column).coordinate for column in range(2, 9) if sheet.cell(row, column).value is None]
    assert (compared, blank) == (105, ["D20"])  # the interventi economici of 2014 aren't printed
    assert texts(sheet, 28)[1:] == list(range(2011, 2019))
    assert figures(sheet, 29, 2, 8) == [row["value_pct"] for row in golden("lucca-2018/rigidity_index")]


def test_budget_2018(page, golden):
    sheet = page(PLAN, "Risorse_Piano_2018", "Budget aree")
    assert texts(sheet, 3) == [
        "BUDGET 2018 PER AREE ED OBIETTIVI STRATEGICI", "PROVENTI CORRENTI", "TOTALE RISORSE DESTINATE", "ONERI CORRENTI", "INVESTIMENTI",
    ]  # fmt: skip
    for row, item in enumerate(golden("lucca-2018/budget_areas"), start=4):
        assert sheet.cell(row, 1).value == item["label"]
        assert figures(sheet, row, 2, 4) == [
            item[name] for name in ("proventi_correnti", "totale_risorse", "oneri_correnti", "investimenti")
        ]
    assert sheet.max_row == 20  # 68 figures


def test_health_targets_2018(page, golden):
    sheet = page(PLAN, "Stato_di_salute_2018", "Stato di salute")
    assert texts(sheet, 3)[1:] == ["Composizione indicatore", "VALORE 2018 OBIETTIVO", "PRECONS 2017", 2016, 2015, 2014]
    for row, ratio in zip([*range(4, 10), *range(11, 18)], golden("lucca-2018/health_targets"), strict=True):
        assert texts(sheet, row)[:3] == [
            ratio["indicator"], f"{ratio['numerator']}\n{ratio['denominator']}", ratio["target_2018_raw"],
        ]  # fmt: skip
        assert figures(sheet, row, 4, 4) == [ratio[name] for name in ("precons_2017", "v2016", "v2015", "v2014")]
        assert {sheet.cell(row, column).number_format.endswith("%") for column in range(4, 8)} == {ratio["unit"] == "%"}
    assert sheet.max_row == 17  # 52 figures, 13 targets


@pytest.mark.parametrize(
    ("name", "owner", "weights"),
    [
        ("Ente", "Ente", []),
        ("Segretario generale", "Segretario generale", ["20", "25", "25", "30"]),
        ("Dirigente", "Dirigente AREA", ["30", "30", "40"]),
        ("Struttura", "Struttura (PO e uffici)", []),
    ],
)
def test_forms_of_the_leaders(page, golden, name, owner, weights):
    sheet = page(PLAN, "Obiettivi_2018", name)
    rows = [(cell.value, sheet.cell(cell.row, 2)) for cell in sheet["A"]]
    objectives = [row for row in golden("lucca-2018/sg_dirigenti_objectives") if row["owner"].startswith(owner)]
    heads = [(text.split("\n")[0], cell.value) for text, cell in rows if text and text.startswith("OBIETTIVO ")]
    assert heads == [(row["header_printed"], row["title"]) for row in objectives]
    assert (
        [figure(cell) for text, cell in rows if text == "peso"] == weights == [row["peso"] for row in objectives if row["peso"]]
    )
    indicators = [row for row in golden("lucca-2018/sg_dirigenti_indicators") if row["owner"].startswith(owner)]
    assert [cell.value for text, cell in rows if text in {"indicatori", None} and cell.value] == [
        f"{row['label']} {row['text']}".strip() for row in indicators
    ]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cartelle")
    return folder, lucca.write(folder)


def test_the_workbooks_are_what_the_module_writes(rebuilt, workbooks, cells_of):
    folder, paths = rebuilt
    assert {path.relative_to(folder).as_posix() for path in paths} == set(FILES)
    for name in FILES:
        assert cells_of(folder / name) == cells_of(workbooks / name), "rifare le cartelle: python -m scripts.cartelle"


def test_the_same_bytes_at_each_run(rebuilt, tmp_path):
    folder, paths = rebuilt
    for first, second in zip(paths, lucca.write(tmp_path), strict=True):
        assert first.read_bytes() == second.read_bytes(), first.relative_to(folder)


@pytest.mark.parametrize("name", FILES)
def test_values_only_and_valid(name, workbooks, ooxml_validator):
    book = load_workbook(workbooks / name)
    assert book.sheetnames == FILES[name]
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert ooxml_validator(workbooks / name) == []
