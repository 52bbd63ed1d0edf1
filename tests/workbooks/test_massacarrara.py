"""The rebuilt workbooks of Massa-Carrara's Piano 2019: every figure of the golden tables, at its place, shown as printed."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import pytest
from openpyxl import load_workbook

from scripts.cartelle import massacarrara

FOLDER = "massacarrara-2019-allegati"
FILES = ["Albero_2019", "Ciclo_2019", "Contesto_2019", "Pareto_2019", "Personale_2019", "Risorse_2019"]


def shown(cell):
    """The text that an Italian Excel shows for the cell; a format that hid a digit of the value would fail here."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    pattern = re.search(r"(#,##)?0(?:\.(0+))?(%)?|General", cell.number_format)
    value = Decimal(repr(cell.value)) * (100 if pattern[3] else 1)
    places = len(pattern[2] or "")
    assert value == round(value, places), cell.coordinate
    digits = f"{value:{',' if pattern[1] else ''}.{places}f}".translate(str.maketrans(",.", ".,"))
    return cell.number_format.replace(pattern[0], digits + (pattern[3] or "")).replace('"', "")


@pytest.fixture
def sheet(workbooks):
    return lambda file, name: load_workbook(workbooks / FOLDER / f"{file}.xlsx")[name]


def rows_under(sheet, *headings):
    """The rows of cells under each heading row that starts so, down to the first empty row: a list for every such table."""
    tables, current = [], None
    for row in sheet.iter_rows():
        if tuple(cell.value for cell in row[: len(headings)]) == headings:
            current = []
            tables.append(current)
        elif all(cell.value is None for cell in row):
            current = None
        elif current is not None:
            current.append(row)
    return tables


def test_resources_of_section_7(sheet, golden):
    page = sheet("Risorse_2019", "Risorse")
    seen = []
    ((body,),) = rows_under(page, "ENTE", "Risorse")
    assert body[0].value == 1
    seen.append(("ENTE", body[1]))
    tables = rows_under(page, "Obiettivi strategici", "Risorse", "Obiettivi operativi", "Risorse")
    assert [len(rows) for rows in tables] == [5, 5, 6]
    for strategic, amount, operational, its_amount in (row for rows in tables for row in rows):
        if strategic.value:
            assert operational.value.startswith(f"{strategic.value}.1")
            seen.append((strategic.value, amount))
        else:
            assert amount.value is None
        seen.append((operational.value, its_amount))
    expected = golden("massacarrara-2019/resources")
    assert [code for code, _ in seen] == [row["code"] for row in expected]
    for (_, cell), row in zip(seen, expected, strict=True):
        assert cell.value == (float(row["amount_eur"]) if row["amount_eur"] else "€")
        assert shown(cell).replace(" ", "") == row["amount_verbatim"].replace(" ", "")
    assert len([cell for _, cell in seen if cell.value != "€"]) == 16


def test_budgets_of_annex_1(sheet, golden):
    (rows,) = rows_under(
        sheet("Risorse_2019", "Allegato 1"), "Prospettiva Performance", "OBIETTIVI / INDICATORI STRATEGICI / OPERATIVI", "Budget"
    )
    expected = golden("massacarrara-2019/tree")
    assert len(rows) == len(expected) == 26
    for (perspective, text, budget), row in zip(rows, expected, strict=True):
        assert (perspective.value or "") == row["bsc_perspective"]
        assert text.value.startswith(row["code_printed"])
        assert text.value.endswith(row["title"])
        assert budget.value == float(row["budget_eur"])
        assert shown(budget) == row["budget_verbatim"]


def test_the_annex_says_what_the_whole_annex_says(sheet, workbooks):
    """The two copies of Allegato 1 (this one without indicators) are one document: same text, same budget."""
    whole = load_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx")["Allegato 1"]
    budgets = {row[1]: (row[0], row[2]) for row in whole.iter_rows(min_row=2, max_col=3, values_only=True) if row[2] is not None}
    (rows,) = rows_under(sheet("Risorse_2019", "Allegato 1"), "Prospettiva Performance")
    assert {text.value: (perspective.value, budget.value) for perspective, text, budget in rows} == budgets


def test_the_tree_of_section_5_as_printed(sheet, golden):
    (rows,) = rows_under(sheet("Albero_2019", "Alberatura"), "Area strategica", "Obiettivo strategico", "Obiettivo operativo")
    cells = [[cell.value for cell in row] for row in rows]
    assert len(cells) == 15  # lines 609-623
    texts = "\n".join(text for row in cells for text in row if text)
    expected = [row["title_section5"] for row in golden("massacarrara-2019/tree") if row["title_section5"]]
    assert len(expected) == 25
    assert all(title in texts for title in expected)
    # The two misprints: 1.2.1 in the cell of 1.1.1 (line 609), 2.2 and 2.2.1 a column to the left (line 617).
    assert cells[0][2] == "1.1.1 Produrre e diffondere analisi e informazione economica 1.2.1 CreainRete"
    assert [text and text.split()[0] for text in cells[8]] == ["2.2", "2.2.1", None]
    assert [text and text.split()[0] for text in cells[1]] == [None, "1.2", "1.2.2"]


def test_the_objectives_of_section_4(sheet, golden):
    page = sheet("Albero_2019", "Obiettivi strategici")
    texts = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    expected = [row["title_section4"] for row in golden("massacarrara-2019/tree") if row["title_section4"]]
    assert len(expected) == 9
    assert all(title in texts for title in expected)


def test_pareto(sheet, golden):
    means = ("Valore CC MS", "Media TOSCANA", "Media NAZIONALE", "Media CLUSTER")
    (rows,) = rows_under(sheet("Pareto_2019", "Pareto"), "Tipo Indicatore", "Descrizione", "U.M.", *means)
    expected = golden("massacarrara-2019/pareto")
    compared = 0
    for cells, row in zip(rows, expected, strict=True):
        assert [cell.value for cell in cells[:3]] == [row["type"], row["description"], row["unit"]]
        for cell, column in zip(cells[3:], ("value_cc_ms", "mean_tuscany", "mean_national", "mean_cluster"), strict=True):
            text = shown(cell)
            assert text.endswith("%") == (row["unit"] == "%")
            assert text.rstrip("%").replace(".", "").replace(",", ".") == row[column]
            compared += 1
    assert compared == 176


@pytest.mark.parametrize(
    ("group", "file", "name", "tables", "figures"),
    [("staff", "Personale_2019", "Personale", 7, 103), ("imprese", "Contesto_2019", "Imprese", 2, 66)],
)
def test_stacked_tables(sheet, golden, group, file, name, tables, figures):
    page = sheet(file, name)
    cells = [cell for cell in golden("massacarrara-2019/stats") if cell["group"] == group]
    by_table = [(title, list(items)) for title, items in groupby(cells, itemgetter("table"))]
    assert len(by_table) == tables
    compared = 0
    for title, items in by_table:
        columns = list(dict.fromkeys(item["column"] for item in items))
        (rows,) = rows_under(page, title, *(int(column) if column.isdigit() else column for column in columns))
        assert [row[0].value for row in rows] == list(dict.fromkeys(item["row"] for item in items))
        found = {(row[0].value, column): cell for row in rows for column, cell in zip(columns, row[1:], strict=False)}
        for item in items:
            cell = found[item["row"], item["column"]]
            assert cell.value == float(item["value"])
            assert shown(cell) == item["value_verbatim"]
            compared += 1
    assert compared == figures


def test_holdings(sheet, golden):
    headings = ("Settore di attività", "Denominazione società", "Capitale sociale", "Quota partecipazione CCIAA (%)")
    (rows,) = rows_under(sheet("Contesto_2019", "Partecipazioni"), *headings)
    found = {(row[1].value, heading): shown(cell) for row in rows for heading, cell in zip(headings, row, strict=True)}
    expected = [cell for cell in golden("massacarrara-2019/stats") if cell["group"] == "partecipazioni"]
    assert [found[cell["row"], cell["column"]] for cell in expected] == [cell["value_verbatim"] for cell in expected]
    assert len(expected) == 12


def test_phases_and_their_merged_actors(sheet, golden):
    page = sheet("Ciclo_2019", "Fasi")
    tables = rows_under(page, "ATTIVITÀ", None, "TEMPI", "ATTORI COINVOLTI")
    expected = [(phase, list(items)) for phase, items in groupby(golden("massacarrara-2019/phases"), itemgetter("phase"))]
    assert [len(rows) for rows in tables] == [len(items) for _, items in expected] == [4, 3, 5, 8]
    covered = {place: page.cell(area.min_row, area.min_col).value for area in page.merged_cells.ranges for place in area.cells}
    for rows, (phase, items) in zip(tables, expected, strict=True):
        assert page.cell(rows[0][0].row - 2, 1).value == phase
        for (number, activity, timing, actors), item in zip(rows, items, strict=True):
            assert shown(number) == f"{item['n']}."
            assert [activity.value, timing.value] == [item["activity"], item["timing"]]
            assert (actors.value or covered[actors.row, actors.column]) == item["actors_filled"]
            assert (actors.value or "") == item["actors"]


def test_improvement_actions(sheet, golden):
    (rows,) = rows_under(sheet("Ciclo_2019", "Miglioramento"), "OGGETTO", "PIANO DI MIGLIORAMENTO")
    actions = [(subject.value, action) for subject, plan in rows for action in plan.value.split("\n")]
    expected = golden("massacarrara-2019/improvement_actions")
    assert actions == [(row["oggetto"], row["piano_di_miglioramento"]) for row in expected]
    assert (len(rows), len(actions)) == (6, 11)


def test_nothing_is_computed(workbooks, cells_of):
    """A published figure is typed: with a formula the workbook would mend the errors that it has to show."""
    for path in (workbooks / FOLDER).glob("*.xlsx"):
        assert "f" not in {kind for _, kind, _ in cells_of(path).values()}


def test_rebuilt_workbooks_are_the_ones_in_the_repository(tmp_path, workbooks, cells_of):
    written = massacarrara.write(tmp_path)
    assert sorted(path.stem for path in written) == FILES == sorted(path.stem for path in (workbooks / FOLDER).glob("*.xlsx"))
    for path in written:
        assert cells_of(path) == cells_of(workbooks / path.relative_to(tmp_path)), path.name


def test_the_same_content_gives_the_same_bytes(tmp_path):
    once, again = massacarrara.write(tmp_path / "a"), massacarrara.write(tmp_path / "b")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]
