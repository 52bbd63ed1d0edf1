"""Indicators over coded measures (Unioncamere): the plan of Massa-Carrara 2022, its measures, its targets of three years.

Lines are those of the document (the golden tables' `source_line`). The ratios of the balance sheet, which the same document
prints elsewhere, are the independent check of the values that come out of the measures.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.algorithms.printed import written
from perfxl.methods import load_method
from perfxl.model import State
from perfxl.pipeline import consolidate
from perfxl.readers.workbook import read_grids
from perfxl.scoring import round_exact
from perfxl.statements import Book, Reader
from perfxl.statements.against import outcome_of
from perfxl.statements.algorithm_checks import algorithm_checks
from perfxl.statements.findings import statement_findings
from perfxl.statements.measure_catalogue import shipped_catalogue
from perfxl.statements.twins import twin_checks
from perfxl.views.words import STATE_LABEL, UNMEASURED
from statements.made import grid, percent

INDICATORS = "tno-2022/massacarrara/Indicatori_2022.xlsx"
BLANK = "tno-2022/massacarrara/Misure_2022.xlsx"
FILLED = "tno-2022/massacarrara-misure/Misure_2022-2024.xlsx"
YEARS = (2022, 2023, 2024)
OWN = {"Studi_ISR", "Progetti_RilEconomia", "Percent_CorruzTrasp"}  # the body's own indicators, not the system's

MEASURED = {"EC05.1", "EC27"}
UNREAD = {"EC05.1", "DFP 1.3", "DFP 1.12"}  # in section 2.4: lines 2154, 2158-2160, 2161


def book_of(*sheets, method="unioncamere-2022"):
    """The tables of some workbooks or grids, computed; every row was understood."""
    profile = load_method(method)
    reader = Reader(method=profile)
    for sheet in sheets:
        for each in [sheet] if hasattr(sheet, "rows") else read_grids(sheet)[0]:
            assert reader.take(each), each.name
    assert reader.findings == []
    return Book(reader.statements, profile)


def table(book, name):
    (found,) = [each for each in book.statements if each.id == name]
    return found


def indicators(book, name="indicatori_unioncamere"):
    return {line.key: line for line in table(book, name).lines if line.level == "indicatore"}


@pytest.fixture(scope="module")
def blank(workbooks):
    return book_of(workbooks / INDICATORS, workbooks / BLANK)


@pytest.fixture(scope="module")
def filled(workbooks):
    return book_of(workbooks / INDICATORS, workbooks / FILLED)


def with_measures(workbooks, *rows, heading=("Codice", "Descrizione", "Valore 2022"), **where):
    """The plan with a sheet of measures made here."""
    return book_of(workbooks / INDICATORS, grid(heading, *rows, name="Misure", **where))


# -- reading ------------------------------------------------------------------------------------------------------------


def test_section_2_3_is_read_with_missions_programmes_objectives(blank, golden):
    statement = table(blank, "indicatori_unioncamere")
    assert Counter(line.level for line in statement.lines) == {
        "missione": 4, "programma": 4, "obiettivo": 8, "risorse": 7, "indicatore": 20,
    }  # fmt: skip
    expected = [
        (row["indicator_code"], row["strategic_objective"], f"{row['mission'][:3]}.{row['programme'][:3]}", row["mission"][:3])
        for row in golden("tno-2022/ms_indicators")
        if row["section"] == "2.3"
    ]
    found = []
    for line in indicators(blank).values():
        objective = statement.line(line.parent)
        programme = statement.line(objective.parent)
        found.append((line.key, objective.key, programme.key, programme.parent))
    assert Counter(found) == Counter(expected)


def test_section_2_4_is_read_with_areas_and_objectives(blank, golden):
    statement = table(blank, "riepilogo_obiettivi")
    assert Counter(line.level for line in statement.lines) == {
        "area": 3, "obiettivo": 8, "programma": 8, "risorse": 7, "indicatore": 20,
    }  # fmt: skip
    expected = {
        row["indicator_code"]: row["strategic_objective"] for row in golden("tno-2022/ms_indicators") if row["section"] == "2.4"
    }
    assert {key: line.parent for key, line in indicators(blank, "riepilogo_obiettivi").items()} == expected
    assert {line.parent for line in statement.lines if line.level == "obiettivo"} == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("section", "name", "years"), [("2.3", "indicatori_unioncamere", YEARS), ("2.4", "riepilogo_obiettivi", (2022,))]
)
def test_every_target_is_read(blank, golden, section, name, years):
    lines = indicators(blank, name)
    read = 0
    for row in golden("tno-2022/ms_indicators"):
        if row["section"] != section:
            continue
        for year in years:
            target = lines[row["indicator_code"]].figures[f"target_{year}"].target
            expected = row[f"target_{year}_op"], Decimal(row[f"target_{year}_value"]), row[f"target_{year}_unit"].casefold()
            assert (target.operator, target.value, target.unit) == expected
            read += 1
    assert read == 20 * len(years)


@pytest.mark.parametrize(("section", "name"), [("2.3", "indicatori_unioncamere"), ("2.4", "riepilogo_obiettivi")])
def test_the_resources_of_the_objectives(blank, golden, section, name):
    expected = {
        row["strategic_objective"]: Fraction(row["resources"]) if row["resources"] else None
        for row in golden("tno-2022/ms_indicators")
        if row["section"] == section
    }
    statement = table(blank, name)
    found = {line.key: line.figures["resources"].value for line in statement.lines if line.level == "obiettivo"}
    assert found == expected
    assert sum(value is None for value in found.values()) == 1  # 2.2 has no resources printed


def test_what_kind_of_indicator_in_both_sections(blank, golden):
    for section, name in (("2.3", "indicatori_unioncamere"), ("2.4", "riepilogo_obiettivi")):
        expected = {
            row["indicator_code"]: row["tipologia"] for row in golden("tno-2022/ms_indicators") if row["section"] == section
        }
        assert {key: line.text("kind") for key, line in indicators(blank, name).items()} == expected
    units = {row["indicator_code"]: row["unit"] for row in golden("tno-2022/ms_indicators") if row["section"] == "2.3"}
    assert {key: line.text("unit") for key, line in indicators(blank).items()} == units


def test_the_sheet_of_measures(blank, golden):
    lines = table(blank, "misure").lines
    printed = {row["measure_text"].casefold() for row in golden("tno-2022/ms_measures") if row["measure_code"]}
    assert {line.text("description").casefold() for line in lines} == printed
    assert len(lines) == 28
    assert {"S1.1.a", "N. attività eseguite", "N_Imprese_Dig4.0"} <= {line.key for line in lines}
    assert all(line.figures["value"].typed is None for line in lines)


def test_the_algorithms_are_read_but_for_three(blank, golden):
    formulas = {
        (row["section"], row["indicator_code"]): row["formula"]
        for row in golden("tno-2022/ms_indicators")
        if row["indicator_code"] not in OWN
    }
    sections = {"indicatori_unioncamere": "2.3", "riepilogo_obiettivi": "2.4"}
    checks = list(algorithm_checks(blank))
    assert len(checks) == 40
    assert {each.figure.line.key for each in checks if each.node is None} == UNREAD
    for each in checks:
        key = sections[each.figure.line.statement.id], each.figure.line.key
        if each.node is not None and key in formulas:
            assert written(each.node).casefold() == formulas[key].casefold()
    assert {each.figure.line.key for each in checks if not each.agrees} == UNREAD


# -- values: the ratios that the document prints elsewhere -----------------------------------------------------------------


RATIOS = {
    "EC05.1": "Indice di Struttura (1)",  # line 2336: 1,78 in 2022
    "EC27": "1. Indice di squilibrio strutturale",  # line 2370: -0,09 in 2022
}


@pytest.mark.parametrize("code", RATIOS)
def test_an_indicator_is_the_ratio_that_the_document_prints(filled, golden, code):
    rows = [row for row in golden("tno-2022/ms_ratios") if row["label"].startswith(RATIOS[code]) and row["role"] == "indice"]
    [row] = rows
    line = indicators(filled)[code]
    for year in YEARS:
        value = line.figures[f"result_{year}"].value
        printed = Fraction(row[f"v{year}"])
        assert round_exact(value / 100, 2, "half_up") == printed, year
        assert line.figures[f"result_{year}"].unit == "%"


def test_only_what_is_measured_has_a_value_and_each_gap_is_named(filled):
    lines = indicators(filled)
    for key, line in lines.items():
        for year in YEARS:
            figure = line.figures[f"result_{year}"]
            assert (figure.value is not None) == (key in MEASURED)
    reasons = {key: line.figures["result_2022"].reason for key, line in lines.items()}
    assert reasons["DFP 1.3"] == "mancano le misure Dip-Form, Unit_Stab, N_Dir"
    assert reasons["EC07"] == "manca la misura ProvCorrDirAnnDirSegr"
    assert reasons["OC_TD_04"] == "mancano le misure N_Imprese_Dig4.0, N_ImprAtt"
    summary = indicators(filled, "riepilogo_obiettivi")
    assert {key for key, line in summary.items() if line.figures["result_2022"].value is not None} == MEASURED - UNREAD


def test_each_year_s_value_stands_against_its_own_target(filled):
    """EC27, `<= - 15,00 %`: -8,99 reaches 59,92 % of it; the two years after it holds (unioncamere-2022, `signed`)."""
    line = indicators(filled)["EC27"]
    first = Fraction("2651756.48") - Fraction("2890105.55")
    expected = 100 * first / Fraction("2651756.48")
    assert line.figures["result_2022"].value == expected
    assert line.figures["pct_2022"].value == pytest.approx(float(100 * expected / -15), abs=1e-12)
    assert [line.figures[f"pct_{year}"].value for year in YEARS[1:]] == [100, 100]
    states = [outcome_of(filled, line.figures[f"pct_{year}"]).state for year in YEARS]
    assert states == [State.PARTIAL, State.REACHED, State.REACHED]


def test_targets_that_differ_from_year_to_year_count_each_in_its_own(workbooks):
    """OC_TBS_02: 20, 21 and 22 % (line 2085); OC_TBS_03: 6, 5 and 4 per 100 enterprises (line 2086)."""
    heading = "Codice", "Descrizione", *(f"Valore {year}" for year in YEARS)
    rows = (
        ("N_Imprese_CD", None, 1050, 1050, 1050),
        ("N_ImprAtt", None, 5000, 5000, 5000),
        ("N_Strumenti_dig", None, 200, 200, 200),
    )
    lines = indicators(with_measures(workbooks, *rows, heading=heading))
    values = [lines["OC_TBS_02"].figures[f"result_{year}"].value for year in YEARS]
    pcts = [lines["OC_TBS_02"].figures[f"pct_{year}"].value for year in YEARS]
    assert values == [21, 21, 21]
    assert [float(pct) for pct in pcts] == pytest.approx([100, 100, 2100 / 22], abs=1e-9)
    scaled = lines["OC_TBS_03"].figures
    assert [scaled[f"result_{year}"].value for year in YEARS] == [4, 4, 4]
    assert [float(scaled[f"pct_{year}"].value) for year in YEARS] == pytest.approx([400 / 6, 80, 100], abs=1e-9)


def test_a_small_percentage_is_one_and_no_fraction(workbooks):
    """0,8 % against `>= 4,00 %`: the algorithm says the unit, so that nobody has to ask whether it is 80 %."""
    rows = ("ProvCorrDirAnnDirSegr", None, 8), ("ProvCorrSval", None, 1000)
    line = indicators(with_measures(workbooks, *rows))["EC07"]
    assert line.figures["result_2022"].value == Fraction(8, 10)
    assert line.figures["pct_2022"].value == 20


# -- measures ---------------------------------------------------------------------------------------------------------------


OC_CD = (("N_Imprese_CD", None, 1000), ("N_ImprAtt", None, 4000))


def users_of(name, book):
    return {
        each.figure.line.key
        for each in algorithm_checks(book)
        if each.node is not None and name in written(each.node) and each.figure.line.statement.id == "indicatori_unioncamere"
    }


@pytest.mark.parametrize("code", ["N_ImprAtt", "N_Imprese_supp_Int", "ProvStrut", "N_Dir"])
def test_a_measure_moves_its_indicators_and_no_other(workbooks, blank, code):
    names = [line.key for line in table(blank, "misure").lines]
    rows = [(line.text("code"), line.text("description"), 3 + at * at) for at, line in enumerate(table(blank, "misure").lines)]
    moved = [(c, text, value + (500 if c == code else 0)) for c, text, value in rows]
    assert code in names
    before, after = (indicators(with_measures(workbooks, *each)) for each in (rows, moved))
    assert all(line.figures["result_2022"].value is not None for line in before.values())
    changed = {key for key in before if before[key].figures["result_2022"].value != after[key].figures["result_2022"].value}
    assert changed == users_of(code, blank) != set()


@pytest.mark.parametrize("cell", [92, "92", "92 %", "92,00%", percent(92)])
def test_a_measure_in_percent_may_be_typed_in_any_way(workbooks, cell):
    row = ("[codice]", "% di realizzazione degli obiettivi operativi (media dei valori)", cell)
    assert indicators(with_measures(workbooks, row))["Percent_CorruzTrasp"].figures["result_2022"].value == 92


def test_the_mean_of_values_is_over_all_the_rows_that_have_one(workbooks):
    text = "% di realizzazione degli obiettivi operativi (media dei valori)"
    rows = [("[codice]", text, value) for value in (100, 80, None, "90 %")]
    figure = indicators(with_measures(workbooks, *rows))["Percent_CorruzTrasp"].figures["result_2022"]
    assert figure.value == 90
    none = indicators(with_measures(workbooks, ("[codice]", text, None)))["Percent_CorruzTrasp"].figures["result_2022"]
    assert (none.value, none.reason) == (None, f"manca la misura {text}")


def test_another_spelling_of_a_code(workbooks):
    heading = "Codice", "Descrizione", "Valore 2022", "Altre grafie"
    rows = ("IMPR-CD", None, 1000, "N_Imprese_CD; CD"), ("n_imprATT", None, 4000, None)
    assert indicators(with_measures(workbooks, *rows, heading=heading))["OC_TBS_02"].figures["result_2022"].value == 25


def test_two_offices_fill_two_sheets(workbooks):
    first = grid(("Codice", "Descrizione", "Valore 2022"), OC_CD[0], ("N_ImprAtt", None, None), file="a/Misure.xlsx")
    second = grid(("Codice", "Descrizione", "Valore 2022"), OC_CD[1], ("N_Imprese_CD", None, None), file="b/Misure.xlsx")
    assert indicators(book_of(workbooks / INDICATORS, first, second))["OC_TBS_02"].figures["result_2022"].value == 25


def test_the_same_measure_twice(workbooks):
    same = with_measures(workbooks, *OC_CD, OC_CD[1])
    assert indicators(same)["OC_TBS_02"].figures["result_2022"].value == 25
    other = indicators(with_measures(workbooks, *OC_CD, ("N_ImprAtt", None, 4001)))["OC_TBS_02"].figures["result_2022"]
    assert other.value is None
    assert other.reason.startswith("la misura N_ImprAtt ha valori diversi (")
    assert "C3" in other.reason
    assert "C4" in other.reason


def test_a_measure_that_the_sheet_doesn_t_have(workbooks):
    figure = indicators(with_measures(workbooks, OC_CD[0], ("N_ImprAt", None, 4000)))["OC_TBS_02"].figures["result_2022"]
    assert figure.reason == "non è nel foglio Misure: N_ImprAtt (forse N_ImprAt)"


def test_nothing_is_divided_by_zero(workbooks):
    figure = indicators(with_measures(workbooks, OC_CD[0], ("N_ImprAtt", None, 0)))["OC_TBS_02"].figures["result_2022"]
    assert (figure.value, figure.reason) == (None, "divisione per zero")


@pytest.mark.parametrize(
    ("title", "file", "reasons"),
    [
        (
            "MISURE 2023",
            "Misure.xlsx",
            ["il foglio Misure non ha i valori del 2022", "", "il foglio Misure non ha i valori del 2024"],
        ),
        ("Misure", "Misure.xlsx", [f"il foglio Misure non ha i valori del {year}" for year in YEARS]),
    ],
)
def test_one_column_of_values_is_of_the_year_that_the_sheet_says(workbooks, title, file, reasons):
    sheet = grid((title,), ("Codice", "Descrizione", "Valore"), *OC_CD, name="Misure", file=file)
    figures = indicators(book_of(workbooks / INDICATORS, sheet))["OC_TBS_02"].figures
    assert [figures[f"result_{year}"].reason for year in YEARS] == reasons
    assert figures["result_2023"].value == (25 if "2023" in title else None)


def test_a_sheet_for_each_year(workbooks):
    sheets = [
        grid(
            (f"MISURE {year}",),
            ("Codice", "Descrizione", "Valore"),
            (*OC_CD[0][:2], 1000 + year),
            OC_CD[1],
            file=f"m/{year}.xlsx",
        )
        for year in YEARS
    ]
    figures = indicators(book_of(workbooks / INDICATORS, *sheets))["OC_TBS_02"].figures
    assert [figures[f"result_{year}"].value for year in YEARS] == [Fraction(1000 + year, 40) for year in YEARS]


def test_the_measures_of_another_body_s_folder_are_not_taken(workbooks):
    plan = workbooks / INDICATORS
    near = grid(("Codice", "Descrizione", "Valore 2022"), OC_CD[0], name="Misure", file=str(plan.parent / "Misure.xlsx"))
    far = grid(("Codice", "Descrizione", "Valore 2022"), *OC_CD, name="Misure", file="altrove/Misure.xlsx")
    figure = indicators(book_of(plan, near, far))["OC_TBS_02"].figures["result_2022"]
    assert figure.reason == "non è nel foglio Misure: N_ImprAtt"


def test_without_a_sheet_of_measures_the_algorithms_are_still_checked(workbooks):
    book = book_of(workbooks / INDICATORS)
    lines = indicators(book)
    assert {line.figures["result_2022"].reason for line in lines.values()} == {"manca il foglio Misure"}
    assert {f.cell for f in statement_findings(book) if f.code == "PX-C012"} == {"B25", "B29", "B30"}


# -- the same fact twice --------------------------------------------------------------------------------------------------


TWICE = {
    (
        "EC05.1",
        "Algoritmo",
    ),  # line 2113 «Patrimonio netto Patrimonio netto / Immob …», line 2154 «Patrimonio netto / Patrimonio netto / …»
    ("DFP 1.3", "Algoritmo"),  # lines 2117-2119 and 2158-2160: the last parenthesis is missing
    ("DFP 1.12", "Algoritmo"),  # lines 2120 and 2161: the same
    ("OC_TBS_03", "Target 2022"),  # line 2086 «>=6,00 N.», line 2223 «>= 7,00 N.»
}


def test_the_two_sections_print_the_same_but_for_four_cells(blank):
    found = list(twin_checks(blank))
    assert len(found) == 67  # 20 algorithms, 20 targets, 20 kinds, 7 resources
    assert {(each.figure.line.key, each.figure.field.heading) for each in found if not each.agrees} == TWICE
    [target] = [each for each in found if each.figure.line.key == "OC_TBS_03" and each.figure.field.key == "target_2022"]
    assert (target.said, target.also_said) == (">= 7 n.", ">= 6 n.")


def test_what_doesn_t_hold_together_is_said_with_its_cell(blank):
    found = statement_findings(blank)
    assert Counter(each.code for each in found) == {"PX-C005": 4, "PX-C012": 3}
    cells = {(each.code, each.cell) for each in found}
    assert cells == {(code, cell) for code in ("PX-C005", "PX-C012") for cell in ("B25", "B29", "B30")} | {("PX-C005", "C62")}
    [target] = [each for each in found if each.cell == "C62"]
    assert "«>= 7 n.»" in target.found
    assert "Indicatori_2022.xlsx [Obiettivi e programmi] C44" in target.found
    [structure] = [each for each in found if each.code == "PX-C012" and each.cell == "B25"]
    assert "il catalogo dice: Patrimonio netto / Immob" in structure.found


def changed(workbooks, tmp_path, sheet, before, after):
    """A copy of the plan in which the first cell of a sheet that holds something holds something else."""
    book = load_workbook(workbooks / INDICATORS)
    cell = next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == before)
    cell.value = after
    book.save(tmp_path / "Indicatori_2022.xlsx")
    return tmp_path / "Indicatori_2022.xlsx"


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (">= 40,00 N.", ">= 41,00 N.", ("OC_TD_01", "Target 2022")),
        (">= 40,00 N.", ">= 40,00 %", ("OC_TD_01", "Target 2022")),
        (">= 40,00 N.", ">=40 n.", None),
        (235000, 235000.01, ("1.1", "Risorse")),
        ("[codice] N. attività eseguite (Fonte SG)", "[codice] Realizzazione studi", ("Progetti_RilEconomia", "Algoritmo")),
        ("[codice] N. attività eseguite (Fonte SG)", "N. attività  eseguite", None),
    ],
)
def test_what_differs_is_noticed_and_what_is_only_written_otherwise_isn_t(workbooks, tmp_path, before, after, place):
    path = changed(workbooks, tmp_path, "Riepilogo obiettivi", before, after)
    found = {
        (each.figure.line.key, each.figure.field.heading)
        for each in twin_checks(book_of(path, workbooks / BLANK))
        if not each.agrees
    }
    assert found == TWICE | ({place} if place else set())


def test_an_algorithm_that_isn_t_the_catalogue_s_is_noticed(workbooks, tmp_path):
    text = "BilCons_DA Diritto Annuale al netto di interessi e delle sanzioni / BilCons_DA_Inc"
    printed = load_workbook(workbooks / INDICATORS)["Obiettivi e programmi"]["B67"].value
    path = changed(workbooks, tmp_path, "Obiettivi e programmi", printed, text)
    found = [each for each in statement_findings(book_of(path, workbooks / BLANK)) if each.code == "PX-C013"]
    assert [(each.cell, "letto come BilCons_DA / BilCons_DA_Inc; il catalogo dice: BilCons_DA_Inc / BilCons_DA" in each.found) for each in found] == [
        ("B67", True)
    ]  # fmt: skip


# -- the catalogue ----------------------------------------------------------------------------------------------------------


def test_the_catalogue_has_the_measures_and_indicators_of_the_document(golden):
    catalogue = shipped_catalogue()
    rows = [
        row for row in golden("tno-2022/ms_measures") if row["measure_code"] and not row["measure_code"].startswith("[codice]")
    ]
    assert {row["measure_code"] for row in rows} == {code for each in catalogue.measures for code in (each.code, *each.also)}
    assert all(catalogue.measure(row["measure_code"]).text == row["measure_text"] for row in rows)
    assert len(catalogue.measures) == 25
    printed = {row["indicator_code"]: row for row in golden("tno-2022/ms_indicators") if row["section"] == "2.3"}
    assert {each.code for each in catalogue.indicators} == printed.keys() - OWN
    signs = {"crescente": ">=", "decrescente": "<=", "uguale": "="}
    for each in catalogue.indicators:
        row = printed[each.code]
        assert (each.name, each.text, each.unit, each.formula) == (row["name"], row["description"], row["unit"], row["formula"])
        assert (signs[each.direction], each.kind, each.lines) == (
            row["target_2022_op"],
            row["tipologia"],
            row["source_line"].replace(";", ", "),
        )


# -- the tabs: native formulas ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def consolidated(workbooks, tmp_path_factory):
    result = consolidate([workbooks / INDICATORS, workbooks / FILLED], method="unioncamere-2022")
    path = tmp_path_factory.mktemp("unioncamere") / "Consolidato.xlsx"
    result.write(path)
    return path


def places(path):
    """Cells by (indicator, heading), and by measure in *Misure*."""
    sheet = load_workbook(path)["Indicatori Unioncamere"]
    headings = {cell.value: cell.column_letter for cell in sheet[5] if cell.value}
    found = {}
    for row in range(6, sheet.max_row + 1):
        text = str(sheet.cell(row, 1).value or "")
        found |= {(text.split(" - ")[0], heading): f"{letter}{row}" for heading, letter in headings.items()}
    measures = load_workbook(path)["Misure"]
    columns = {cell.value: cell.column_letter for cell in measures[5] if cell.value}
    rows = {measures.cell(row, 1).value: row for row in range(6, measures.max_row + 1)}
    return found, lambda code, year: ("Misure", f"{columns[f'Valore {year}']}{rows[code]}")


def test_every_value_percent_and_state_is_a_formula(consolidated, filled):
    sheet = load_workbook(consolidated)["Indicatori Unioncamere"]
    cells, _ = places(consolidated)
    for code in indicators(filled):
        for year in YEARS:
            for heading in (f"Valore {year}", f"Realizzazione {year}", f"Stato {year}"):
                assert sheet[cells[code, heading]].data_type == "f", (code, heading)


def test_the_formulas_give_python_s_figures(consolidated, filled, libreoffice):
    values = libreoffice.recalculated(consolidated)["Indicatori Unioncamere"]
    cells, _ = places(consolidated)
    for code, line in indicators(filled).items():
        for year in YEARS:
            result, pct = line.figures[f"result_{year}"].value, line.figures[f"pct_{year}"]
            outcome = outcome_of(filled, pct)
            expected = (
                [UNMEASURED, UNMEASURED]
                if result is None
                else [pytest.approx(float(result)), pytest.approx(float(pct.value / 100))]
            )
            expected.append(STATE_LABEL[outcome.state if outcome else State.UNMEASURED])
            found = [values[cells[code, f"{heading} {year}"]] for heading in ("Valore", "Realizzazione", "Stato")]
            assert found == expected, (code, year)


def test_a_measure_filled_in_the_tab_moves_its_indicator(consolidated, libreoffice):
    cells, measure = places(consolidated)
    typed = {
        measure("N_Strumenti_dig", 2023): 200, measure("N_ImprAtt", 2023): 5000,
        measure("Dip-Form", 2022): 27, measure("Unit_Stab", 2022): 29, measure("N_Dir", 2022): 1,
        measure("OnStrut", 2022): Decimal("3049519.952"),
    }  # fmt: skip
    values = libreoffice.recalculated(consolidated, {place: float(value) for place, value in typed.items()})[
        "Indicatori Unioncamere"
    ]

    def row(code, year):
        return [values.get(cells[code, f"{heading} {year}"]) for heading in ("Valore", "Realizzazione", "Stato")]

    assert row("OC_TBS_03", 2023) == [pytest.approx(4), pytest.approx(0.8), STATE_LABEL[State.PARTIAL]]
    assert row("DFP 1.3", 2022) == [pytest.approx(90), pytest.approx(1), STATE_LABEL[State.REACHED]]
    assert row("EC27", 2022) == [pytest.approx(-15), pytest.approx(1), STATE_LABEL[State.REACHED]]
    assert row("OC_TBS_03", 2022) == [UNMEASURED, UNMEASURED, STATE_LABEL[State.UNMEASURED]]
    assert "manca" in values[cells["DFP 1.3", "Riscontro"]]  # the years after
    kept = load_workbook(consolidated, data_only=True)["Indicatori Unioncamere"][cells["OC_TBS_03", "Riscontro"]].value
    assert kept == "Valore 2022, Valore 2023, Valore 2024: mancano le misure N_Strumenti_dig, N_ImprAtt"


def test_the_workbook_is_one_that_excel_opens(consolidated, ooxml_validator):
    assert ooxml_validator(consolidated) == []
