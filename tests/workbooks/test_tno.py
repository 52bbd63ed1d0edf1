"""Toscana Nord-Ovest 2022: every figure of the golden tables stands in the workbooks where the plan prints it, and shows as printed."""

from __future__ import annotations

import hashlib
import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from scripts.cartelle import tno

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openpyxl.cell import Cell

Row = dict[str, str]
Cells = list["Cell"]

BOOKS = {
    "lucca/Schede_progetto_2022.xlsx": 9,
    "massacarrara/Fondo_risorse_decentrate_2022.xlsx": 3,
    "massacarrara/Indicatori_2022.xlsx": 2,
    "massacarrara/Misure_2022.xlsx": 1,
    "massacarrara/Risorse_2022.xlsx": 1,
    "massacarrara/Stato_di_salute_2022.xlsx": 3,
    "pisa/Programmi_e_risorse_2022.xlsx": 4,
}
YEARS = ("preconsuntivo_2021", "preventivo_2022", "preventivo_2023", "preventivo_2024")


def shown(cell: Cell) -> str:
    """What an Italian Excel shows: the number through its format, a text as it is, nothing where it is blank."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    before, grouped, after = re.fullmatch(r'("€ ")?(#,##)?0(?:\.0+)?(%|" Euro")?', cell.number_format).groups()
    decimals = len(cell.number_format.partition(".")[2].split("%")[0].split('"')[0])
    text = f"{cell.value * (100 if after == '%' else 1):{',' if grouped else ''}.{decimals}f}"
    italian = text.translate(str.maketrans(".,", ",."))
    return f"{(before or '').strip(chr(34))}{italian}{(after or '').strip(chr(34))}"


def italian(decimal: str) -> str:
    """`-3255.19` -> `-3.255,19`: a figure of the golden tables as the plan prints it, with its own decimals."""
    return f"{float(decimal):,.{len(decimal.partition('.')[2])}f}".translate(str.maketrans(".,", ",.")) if decimal else ""


def line_of(row: Row) -> int:
    return int(row["source_line"].split(";")[0])


def texts(cells: Cells) -> list[str]:
    return [shown(cell) for cell in cells]


@pytest.fixture(scope="module")
def rows(workbooks) -> Callable[[str, str], list[Cells]]:
    """`rows("lucca/…xlsx", "1B0101")`: the rows of a sheet, from the first one."""
    opened = {name: load_workbook(workbooks / "tno-2022" / name) for name in BOOKS}
    return lambda name, sheet: list(map(list, opened[name][sheet].iter_rows()))


@pytest.fixture(scope="module")
def plan(golden) -> Callable[..., list[Row]]:
    """`plan("lucca_totals", place="totali_area")`: the rows of a golden table that have the wanted values."""
    return lambda name, **wanted: [row for row in golden(f"tno-2022/{name}") if wanted.items() <= row.items()]


def below(sheet: list[Cells], start: str) -> list[Cells]:
    """The rows from the one whose first cell starts with that text."""
    index = next(index for index, cells in enumerate(sheet) if re.match(rf"{re.escape(start)}\b", shown(cells[0])))
    return sheet[index:]


def after_label(sheet: list[Cells], label: str) -> Cell:
    """The cell on the right of the first one that holds just that label."""
    return next(right for cells in sheet for left, right in pairwise(cells) if left.value == label)


# Lucca: the sheets of project and the summaries

LUCCA = "lucca/Schede_progetto_2022.xlsx"
COLUMN = {"istituzionale": 1, "commerciale": 2}


def test_lucca_totals_of_actions_and_projects(rows, plan):
    found = 0
    for row in plan("lucca_totals", place="scheda_progetto"):
        sheet, action = rows(LUCCA, row["project"]), row["level"] == "azione"
        block = below(sheet, f"Azione complessa {row['code']}" if action else f"Progetto {row['code']}")
        assert not action or texts(block[1]) == ["Tipologia azione complessa", "istituzionale", "commerciale"]
        printed = next(cells for cells in block if cells[0].value == row["label"])
        assert shown(printed[COLUMN[row["column"]]]) == row["raw"], row
        found += 1
    assert found == 70


def test_lucca_summaries_of_area_and_objectives(rows, plan):
    found = 0
    for row in plan("lucca_totals"):
        if row["place"] == "prospetto_obiettivi_area":
            block = below(rows(LUCCA, "Obiettivi area 1"), f"OBIETTIVO STRATEGICO {row['code']}")
            assert texts(block[2]) == ["ONERI", "RICAVI", "CONTRIBUTI", "INVESTIMENTI"]
            cell, raw = block[3][texts(block[2]).index(row["label"])], row["raw"]
        elif row["place"] != "scheda_progetto":
            sheet = {"programmazione_2022": "Programmazione 2022", "testata_area": "Obiettivi area 1"}.get(
                row["place"], "Totali area 1"
            )
            start = "AREA STRATEGICA 1" if row["level"] == "area" else f"OBIETTIVO STRATEGICO {row['code']}"
            cell, raw = after_label(below(rows(LUCCA, sheet), start), row["label"]), f"€ {row['raw']}"
        else:
            continue
        assert shown(cell) == raw, row
        found += 1
    assert found == 44


def test_lucca_programme_of_the_other_areas_and_of_the_body(rows, plan):
    figures = [row for row in plan("lucca_printed_rows", place="programmazione_2022") if row["value"]]
    for row in figures:
        start = "TOTALE BUDGET AGGIORNATO 2022" if row["code"] == "ENTE" else f"AREA STRATEGICA {row['code']}"
        assert shown(after_label(below(rows(LUCCA, "Programmazione 2022"), start), row["label"])) == f"€ {italian(row['value'])}"
    assert len(figures) == 9


def test_lucca_accounts_of_the_actions(rows, plan):
    found = 0
    for code, group in groupby(plan("lucca_actions"), key=lambda row: row["action"]):
        accounts = list(group)
        block = below(rows(LUCCA, accounts[0]["project"]), f"Azione complessa {code}")
        assert accounts[0]["title"] in " ".join(texts(block[0]))
        end = next(index for index, cells in enumerate(block) if cells[0].value == "TOTALE CONTRIBUTI")
        printed = [texts(cells) for cells in block[3:end] if not shown(cells[0]).startswith("TOTALE")]
        nameless = plan("lucca_printed_rows", place="conto_senza_nome", code=code)
        expected = [(line_of(row), ["", italian(row["value"]), ""]) for row in nameless] + [
            (line_of(row), [row["account_raw"], italian(row["institutional"]), italian(row["commercial"])])
            for row in accounts
            if row["account_code"]
        ]
        assert printed == [cells for _, cells in sorted(expected)], code
        found += sum(1 for cells in printed for text in cells[1:] if text)
    assert found == 21 + 6


def test_lucca_sheets_say_who_what_and_with_which_indicators(rows, plan):
    projects, indicators = plan("lucca_projects"), 0
    for project in projects:
        sheet = [texts(cells)[:2] for cells in rows(LUCCA, project["code"])]
        assert sheet[:5] == [
            [f"AREA STRATEGICA {project['area']}", project["area_title"]],
            [project["objective_header"], project["objective_title"]],
            [f"Progetto {project['code']}", project["title"]],
            ["Ufficio responsabile", project["office"]],
            ["CdC", project["cdc"]],
        ]
        assert project["org_impact"] in [text for label, text in sheet if label.startswith("Impatto organizzativo")]
        expected = [[row["label"], row["text"]] for row in plan("lucca_project_indicators", project=project["code"])]
        first = sheet.index(["target/risultato atteso", "descrizione target/risultato atteso"]) + 1
        assert sheet[first : first + len(expected)] == expected
        assert sheet[first + len(expected)][0] == "benefici attesi"
        indicators += len(expected)
    assert (len(projects), indicators) == (6, 30)


# Massa-Carrara: money and health


def test_massacarrara_promotional_programme(rows, plan):
    dashes = {row["source_line"] for row in plan("ms_printed_rows", place="interventi_assestamento")}
    expected = [(line_of(row), [""] * 6 + [row["text"], "", row["text"]]) for row in plan("ms_printed_rows", place="interventi")]
    for row in plan("ms_interventi"):
        codes = [row[key] for key in ("activity_code", "function", "process", "cdc", "product")]
        labels = [*codes, row["description"]] if row["level"] == "voce" else [row["description"], *[""] * 5]
        adjustment = "-" if row["source_line"] in dashes else row["adjustment_raw"]
        expected.append((line_of(row), [*labels, row["forecast_raw"], adjustment, row["total_raw"]]))
    sheet = rows("massacarrara/Risorse_2022.xlsx", "Interventi economici")
    assert texts(sheet[3])[5:] == ["Descrizione Prodotto", "Previsione", "Assestamento", "Totale"]
    printed = [[str(cells[0].value or ""), *texts(cells[1:])] for cells in sheet[4:]]
    assert printed == [cells for _, cells in sorted(expected)]
    assert sum(isinstance(cell.value, int | float) for cells in sheet[4:] for cell in cells[6:]) == 68


def test_massacarrara_budget(rows, plan):
    sheet, found = rows("massacarrara/Stato_di_salute_2022.xlsx", "Bilancio"), 0
    headings = ["Preconsuntivo 2021", "Preventivo 2022", "Preventivo 2023", "Preventivo 2024"]
    assert texts(sheet[3]) == ["DATI DI BILANCIO GESTIONE CORRENTE", *headings]
    for cells, row in zip(sheet[4:], plan("ms_budget"), strict=True):
        assert (cells[0].value or "") == row["label"]
        if row["kind"] == "intestazione":
            assert [cell.value.strftime("%d/%m/%Y") for cell in cells[1:]] == [row[year] for year in YEARS]
            continue
        assert texts(cells[1:]) == [italian(row[year]) for year in YEARS], row
        found += sum(bool(row[year]) for year in YEARS)
    assert found == 298


def test_massacarrara_indexes(rows, plan):
    indexes = [texts(cells) for cells in rows("massacarrara/Stato_di_salute_2022.xlsx", "Indici")[4:]]
    ministry = [texts(cells) for cells in rows("massacarrara/Stato_di_salute_2022.xlsx", "Circolare MISE")[4:]]
    position = found = 0
    for row in plan("ms_ratios"):
        figures = [italian(row[column]) for column in ("v2021", "v2022", "v2023", "v2024")]
        if row["group"] == "struttura":
            position = indexes.index([f"{row['label']} ({row['formula_printed']})", *[""] * 4]) + 1
            assert indexes[position] == [f"Risultato (Target {row['target_printed']})", *figures]
        elif row["group"] in {"squilibrio_strutturale", "dissesto"}:
            index = row["role"] == "indice"
            assert [row["formula_printed"] if index else row["label"], *figures] in ministry
            assert not index or [row["label"], *[""] * 4] in ministry
        else:  # the components repeat from an index to the next: each further down than the one before
            position = indexes.index([row["label"], *figures], position + 1)
        found += len(figures)
    assert found == 112
    sheet = rows("massacarrara/Stato_di_salute_2022.xlsx", "Circolare MISE")
    assert [cell.value for cell in sheet[3]] == [None, 2021, 2022, 2023, 2023]


def test_massacarrara_losses(rows, plan):
    sheet = [texts(cells) for cells in rows("massacarrara/Fondo_risorse_decentrate_2022.xlsx", "Perdita")]
    figures = plan("ms_loss_tables")
    for name, group in groupby(figures, key=lambda row: row["table"]):
        expected = [[row["label"], row["raw"]] for row in group]
        first = sheet.index([name, ""]) + 1
        assert sheet[first : first + len(expected)] == expected
    assert len(figures) == 12


def test_massacarrara_fund(rows, plan):
    resources = rows("massacarrara/Fondo_risorse_decentrate_2022.xlsx", "Risorse")
    assert texts(resources[3]) == ["RIFERIMENTO CONTRATTUALE", "OBIETTIVO", "IMPORTI"]
    expected = [[row["contract_reference"], row["objective"], row["amount_raw"]] for row in plan("ms_frd_resources")]
    assert [texts(cells) for cells in resources[4:]] == expected
    objectives = [texts(cells) for cells in rows("massacarrara/Fondo_risorse_decentrate_2022.xlsx", "Obiettivi")]
    keys = ("weight", "indicator", "description", "algorithm", "measures", "consuntivo", "target")
    for row in plan("ms_frd"):
        assert objectives[objectives.index([row["objective"], *[""] * 7]) + 1] == ["", *(row[key] for key in keys)]
    assert (len(expected), len(objectives)) == (4, 4 + 2 * 3)


# Massa-Carrara: indicators and measures


def blocks(sheet: list[Cells]) -> Iterator[tuple[dict[str, str], list[list[str]]]]:
    """Each objective: what its first two columns say before the heading, and the rows of its indicators."""
    for filled, group in groupby(sheet, key=lambda cells: any(cell.value is not None for cell in cells)):
        table = [texts(cells) if cells[0].value else [] for cells in group]
        heading = next((index for index, cells in enumerate(table) if cells and cells[0] == "Indicatore"), None)
        if filled and heading is not None:
            yield {cells[0]: cells[1] for cells in table[:heading]}, [cells for cells in table[heading + 1 :] if cells]


@pytest.mark.parametrize(("section", "sheet"), [("2.3", "Obiettivi e programmi"), ("2.4", "Riepilogo obiettivi")])
def test_massacarrara_indicators(rows, plan, section, sheet):
    indicators = {row["indicator_code"]: row for row in plan("ms_indicators", section=section)}
    described = {row["code"]: row["text"] for row in plan("ms_printed_rows", place=section, label="Descrizione")}
    resources = "Risorse 2022" if section == "2.3" else "Risorse economiche 2022"
    found = []
    for about, printed in blocks(rows("massacarrara/Indicatori_2022.xlsx", sheet)):
        for name, algorithm, *others in printed:
            code = re.split(r" - |\n", name)[0]
            row = indicators[code]
            if section == "2.3":
                assert name == "\n".join(filter(None, (f"{code} - {row['name']}", row["description"], row["source_note"])))
                assert others == [*(row[f"target_{year}_raw"] for year in (2022, 2023, 2024)), row["tipologia"], row["unit"]]
                assert row["strategic_objective_title"] in about
            else:
                assert name.split("\n") == [code, row["name"], row["description"], f"(Tipologia: {row['tipologia']})"]
                assert others == [row["target_2022_raw"]]
                assert about["Obiettivo strategico"] == row["strategic_objective_title"]
                assert about["Programma (D.M. 27/03/2013)"] == row["programme"]
            assert algorithm == row["algorithm_raw"]
            assert about["Descrizione"] == described[row["strategic_objective"]]
            assert about.get(resources, "") == row["resources_raw"]
            found.append((line_of(row), code))
    assert len(found) == 20
    assert found == sorted(found)  # in the order of print
    assert {code for _, code in found} == set(indicators)


def test_massacarrara_indicators_stand_under_their_mission(rows, plan):
    sheet = [shown(cells[0]) for cells in rows("massacarrara/Indicatori_2022.xlsx", "Obiettivi e programmi")]
    for row in plan("ms_indicators", section="2.3"):
        above = sheet[: sheet.index(row["strategic_objective_title"])]
        assert [text for text in above if text.startswith("MISSIONE")][-1] == f"MISSIONE - {row['mission']}"
        assert [text for text in above if text.startswith("PROGRAMMA")][-1] == f"PROGRAMMA - {row['programme']}"


def test_massacarrara_measures_are_to_be_filled_once_each(rows, plan):
    sheet = rows("massacarrara/Misure_2022.xlsx", "Misure")
    assert texts(sheet[3]) == ["Codice", "Descrizione", "Valore", "Altre grafie"]
    catalogue = [texts(cells) for cells in sheet[4:]]
    assert all(value == "" for _, _, value, _ in catalogue)
    spellings = {(spelling, text) for code, text, _, others in catalogue for spelling in (code, *others.split(", ")) if spelling}
    assert spellings == {(row["measure_code"], row["measure_text"]) for row in plan("ms_measures") if row["measure_code"]}
    assert [cells[0] for cells in catalogue if cells[3]] == ["Scomp_IE_Contrimpr"]
    assert [cells[1] for cells in catalogue if cells[0] == "[codice]"] == [
        "N. attività eseguite",
        "% di realizzazione degli obiettivi operativi (media dei valori)",
    ]
    codes = [cells[0].casefold() for cells in catalogue if cells[0] != "[codice]"]
    assert len(codes) == len(set(codes)) == 26


# Pisa

PISA = "pisa/Programmi_e_risorse_2022.xlsx"


def test_pisa_programmes_keep_the_sentences_of_their_resources(rows, plan):
    summary = rows(PISA, "Quadro riassuntivo")
    assert texts(summary[3]) == ["Linea strategica / Programma", "Descrizione", "Risorse"]
    expected = [
        [row["header_text"], "" if row["level"] == "linea" else row["title"], row["resources_text"]]
        for row in plan("pisa_programmes", section="riepilogo")
    ]
    assert [texts(cells) for cells in summary[4:]] == expected
    sheets = rows(PISA, "Programmi")
    assert texts(sheets[3]) == ["Programma", "Descrizione", "Risultati attesi", "Risorse"]
    expected_sheets = []
    for row in plan("pisa_programmes", section="scheda"):
        results = [result["text"] for result in plan("pisa_expected_results", place="scheda", programme=row["code"])]
        expected_sheets.append([row["header_text"], row["title"], results[0], row["resources_text"]])
        expected_sheets += [["", "", result, ""] for result in results[1:]]
    assert [texts(cells) for cells in sheets[4:]] == expected_sheets
    assert (len(expected), len(expected_sheets)) == (15, 48)


def test_pisa_surcharge(rows, plan):
    printed = [texts(cells) for cells in rows(PISA, "Maggiorazione D.A.")[3:]]
    assert printed.pop(0) == ["Progetto", "Maggiorazione", "Importo"]
    expected = plan("pisa_maggiorazione")
    assert [cells[0] for cells in printed] == [row["project"] for row in expected]
    assert [f"(maggiorazione {share}) pari a {amount}" for _, share, amount in printed] == [row["raw"] for row in expected]
    assert len(expected) == 5


def test_pisa_priorities(rows, plan):
    sheet = [shown(cells[0]) for cells in rows(PISA, "Priorità")]
    expected = [(line_of(row), row["text"]) for row in plan("pisa_expected_results", place="priorita")]
    for row in plan("pisa_printed_rows"):
        expected.append((line_of(row), row["label"] or row["text"]))
        if row["place"] == "priorita":  # the number of the priority, then its title two lines down
            expected.append((line_of(row) + 2, row["text"]))
    assert sheet[2:] == [text for _, text in sorted(expected)]
    assert len(expected) == 44


# The files


def test_figures_are_typed_and_texts_are_texts(workbooks):
    for name, sheets in BOOKS.items():
        workbook = load_workbook(workbooks / "tno-2022" / name)
        assert len(workbook.sheetnames) == sheets
        kinds = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert kinds <= {"n", "s", "d"}, name  # neither formulas nor errors: `= 100,00 %` is a text


def test_written_again_they_are_the_same(tmp_path: Path, workbooks, cells_of):
    again = tno.write(tmp_path)
    assert sorted(path.relative_to(tmp_path / "tno-2022").as_posix() for path in again) == sorted(BOOKS)
    first = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in again}
    for path in again:
        kept = workbooks / path.relative_to(tmp_path)
        assert cells_of(path) == cells_of(kept)
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tno.write(tmp_path)} == first
