"""Lucca 2022: what each area, objective and project plans to spend and to receive, down to the accounts of the *azioni complesse*.

Source: *La programmazione 2022*, *I progetti 2022* (lines 94-471). The long descriptions of the sheets of project are left blank.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from scripts.cartelle.sheet import Sheet, book, euro, number, save
from scripts.cartelle.tno_rows import Entry, line_of, run_over, table, write_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from scripts.cartelle.sheet import Content
    from scripts.cartelle.tno_rows import Row

BODY = "Camera di Commercio di Lucca"
COLUMNS = {"istituzionale": 1, "commerciale": 2}
TITLE_IN_LABEL = {"1B0104"}  # the project whose sheet prints code and title of an action in one cell


def write(folder: Path) -> list[Path]:
    """Write the workbook of the sheets of project, with the summaries that the plan prints before them."""
    workbook = book("Schede progetto 2022")
    _programme(workbook)
    _objectives(workbook)
    _totals(workbook)
    for project in table("lucca_projects"):
        _project(workbook, project)
    return [save(workbook, folder / "Schede_progetto_2022.xlsx")]


def _programme(workbook: Workbook) -> None:
    """Lines 94-124: contributions, external costs and investments of the three areas and of the whole body."""
    sheet = Sheet(workbook, "Programmazione 2022", (30, 18, 30, 18))
    sheet.title(BODY, "LA PROGRAMMAZIONE 2022")
    rows = table("lucca_totals", place="programmazione_2022") + table("lucca_printed_rows", place="programmazione_2022")
    rows.sort(key=line_of)
    for _, group in groupby(rows, key=line_of):
        printed = list(group)
        if not printed[0]["value"]:
            sheet.blank()
            run_over(sheet, sheet.section(printed[0]["label"]), 1)
            if printed[0]["text"]:
                run_over(sheet, sheet.line(printed[0]["text"]), 1)
            continue
        cells = [cell for row in printed for cell in (row["label"], euro(row["value"]))]
        sheet.line(*([None, None, *cells] if len(printed) == 1 else cells))


def _objectives(workbook: Workbook) -> None:
    """Lines 128-181: charges, revenues, contributions and investments of each objective of area 1."""
    sheet = Sheet(workbook, "Obiettivi area 1", (24, 24, 24, 24))
    sheet.title(BODY, "I PROGETTI 2022")
    (area,) = table("lucca_printed_rows", place="testata_area")
    sheet.blank()
    run_over(sheet, sheet.section(area["label"]), 1)
    for row in table("lucca_totals", place="testata_area"):
        sheet.line(row["label"], euro(row["value"]))
    for objective in table("lucca_printed_rows", place="prospetto_obiettivi_area"):
        sheet.blank()
        run_over(sheet, sheet.section(objective["label"]), 1)
        run_over(sheet, sheet.line(objective["text"]), 1)
        amounts = table("lucca_totals", place="prospetto_obiettivi_area", code=objective["code"])
        sheet.heading([row["label"] for row in amounts])
        sheet.line(*(number(row["value"]) for row in amounts))


def _totals(workbook: Workbook) -> None:
    """Lines 185-443: the totals printed before the sheets of area 1 and of each of its objectives, and the objectives' targets."""
    sheet = Sheet(workbook, "Totali area 1", (90, 18))
    sheet.title(BODY, "AREA STRATEGICA 1 E SUOI OBIETTIVI STRATEGICI")
    entries = []
    for place in ("totali_area", "totali_obiettivo"):
        for row in table("lucca_printed_rows", place=place):
            entries.append(Entry(line_of(row), "section", (row["label"],), 1))
            if row["text"]:
                entries.append(Entry(line_of(row) + 2, "line", (row["text"],), 1))
        entries += [
            Entry(line_of(row), "total", (row["label"], euro(row["value"]))) for row in table("lucca_totals", place=place)
        ]
    for row in table("lucca_printed_rows", place="target_strategici"):
        entries.append(Entry(line_of(row), "total" if row["label"] else "line", (row["label"] or row["text"],), 1))
    write_entries(sheet, entries)


def _project(workbook: Workbook, project: Row) -> None:
    """A sheet of project: who, what, expected results; then each *azione complessa* with its accounts; then the project's totals."""
    sheet = Sheet(workbook, project["code"], (58, 28, 28))
    write_entries(sheet, [*_identity(project), *_narrative(project), *_indicators(project), *_actions(project), *_sums(project)])


def _identity(project: Row) -> Iterator[Entry]:
    first = line_of(project) - 2
    yield Entry(first, "section", (f"AREA STRATEGICA {project['area']}", project["area_title"]), 2)
    yield Entry(first + 1, "section", (project["objective_header"], project["objective_title"]), 2)
    yield Entry(first + 2, "section", (f"Progetto {project['code']}", project["title"]), 2)
    yield Entry(first + 3, "line", ("Ufficio responsabile", project["office"]), 2)
    yield Entry(first + 4, "line", ("CdC", project["cdc"]), 2)


def _narrative(project: Row) -> Iterator[Entry]:
    for row in table("lucca_printed_rows", place="scheda_progetto", code=project["code"]):
        text = project["org_impact"] if row["label"].startswith("Impatto organizzativo") else None
        yield Entry(line_of(row), "line", (row["label"], text), 2)


def _indicators(project: Row) -> Iterator[Entry]:
    rows = table("lucca_project_indicators", project=project["code"])
    yield Entry(line_of(rows[0]) - 1, "total", ("target/risultato atteso", "descrizione target/risultato atteso"), 2)
    for row in rows:
        yield Entry(line_of(row), "line", (row["label"], row["text"]), 2)


def _actions(project: Row) -> Iterator[Entry]:
    rows = table("lucca_actions", project=project["code"])
    for code, group in groupby(rows, key=lambda row: row["action"]):
        accounts = list(group)
        first, title = int(accounts[0]["action_line"]), accounts[0]["title"]
        if project["code"] in TITLE_IN_LABEL:
            yield Entry(first, "section", (f"Azione complessa {code} {title}",), 1)
        else:
            yield Entry(first, "section", (f"Azione complessa {code}", title), 2)
        yield Entry(first + 1, "total", ("Tipologia azione complessa", "istituzionale", "commerciale"))
        yield Entry(first + 2, "line", ("Ricavi commerciali",))
        for row in accounts:
            if row["account_code"]:
                yield Entry(line_of(row), "line", (row["account_raw"], number(row["institutional"]), number(row["commercial"])))
        for row in table("lucca_printed_rows", place="conto_senza_nome", code=code):
            yield Entry(line_of(row), "line", (None, number(row["value"])))


def _sums(project: Row) -> Iterator[Entry]:
    rows = table("lucca_totals", place="scheda_progetto", project=project["code"])
    for line, group in groupby(rows, key=line_of):
        cells: list[Content] = [None, None, None]
        for row in group:
            cells[0] = row["label"]
            cells[COLUMNS[row["column"]]] = number(row["value"])
        yield Entry(line, "total", tuple(cells))
