"""Massa-Carrara 2022: the indicators over coded measures, as the plan prints them twice, and the sheet of measures to be filled.

Source: sections 2.3 *Obiettivi e programmi* and 2.4 *Riepilogo obiettivi strategici 2022* (lines 2035-2245).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from openpyxl.styles import PatternFill

from scripts.cartelle.sheet import Sheet, Typed, book, save
from scripts.cartelle.tno_rows import line_of, run_over, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from scripts.cartelle.tno_rows import Row

BODY = "Camera di Commercio di Massa-Carrara"
PLACEHOLDER = "[codice]"  # printed where the measure has no code: two measures share it
_TO_FILL = PatternFill("solid", fgColor="FFF9DB")


def write(folder: Path) -> list[Path]:
    """Write the workbook of the indicators and that of the measures."""
    indicators, measures = book("Indicatori 2022"), book("Misure 2022")
    _programmes(indicators)
    _summary(indicators)
    _measures(measures)
    return [save(indicators, folder / "Indicatori_2022.xlsx"), save(measures, folder / "Misure_2022.xlsx")]


def _programmes(workbook: Workbook) -> None:
    """Section 2.3: mission, programme, then a block an objective, its indicators with the targets of three years."""
    sheet = Sheet(workbook, "Obiettivi e programmi", (60, 60, 14, 14, 14, 14, 10))
    sheet.title(BODY, "2.3 Obiettivi e programmi")
    described = _descriptions("2.3")
    programme = None
    for objective, rows in _objectives("2.3"):
        first = rows[0]
        sheet.blank()
        if programme != (first["mission"], first["programme"]):
            programme = (first["mission"], first["programme"])
            run_over(sheet, sheet.section(f"MISSIONE - {first['mission']}"), 1)
            run_over(sheet, sheet.section(f"PROGRAMMA - {first['programme']}"), 1)
        run_over(sheet, sheet.section(objective), 1)
        run_over(sheet, sheet.line("Descrizione", described[first["strategic_objective"]]), 2)
        if first["resources"]:
            sheet.line("Risorse 2022", _euros(first))
        top = ("Indicatore", "Algoritmo", "Target", None, None, "Tipologia", "Unità misura")
        sheet.heading(top, (None, None, 2022, 2023, 2024), merge=("A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2"))
        for row in rows:
            targets = (row[f"target_{year}_raw"] for year in (2022, 2023, 2024))
            name = f"{row['indicator_code']} - {row['name']}"
            sheet.line(
                _lines(name, row["description"], row["source_note"]),
                row["algorithm_raw"],
                *targets,
                row["tipologia"],
                row["unit"],
            )


def _summary(workbook: Workbook) -> None:
    """Section 2.4: the same objectives by area, with the targets of 2022 alone."""
    sheet = Sheet(workbook, "Riepilogo obiettivi", (60, 80, 18))
    sheet.title(BODY, "2.4 Riepilogo obiettivi strategici 2022")
    described = _descriptions("2.4")
    areas = [(line_of(row), row["label"]) for row in table("ms_printed_rows", place="2.4") if row["code"].startswith("AS")]
    for objective, rows in _objectives("2.4"):
        first = rows[0]
        sheet.blank()
        if areas and areas[0][0] < line_of(first, "objective_line"):
            run_over(sheet, sheet.section(areas.pop(0)[1]), 1)
        run_over(sheet, sheet.section("Obiettivo strategico", objective), 2)
        run_over(sheet, sheet.line("Descrizione", described[first["strategic_objective"]]), 2)
        run_over(sheet, sheet.line("Programma (D.M. 27/03/2013)", first["programme"]), 2)
        if first["resources"]:
            sheet.line("Risorse economiche 2022", _euros(first))
        sheet.heading(("Indicatore", "Algoritmo", "Target 2022"))
        for row in rows:
            kind = f"(Tipologia: {row['tipologia']})"
            sheet.line(
                _lines(row["indicator_code"], row["name"], row["description"], kind), row["algorithm_raw"], row["target_2022_raw"]
            )


def _measures(workbook: Workbook) -> None:
    """The catalogue of the measures that the algorithms name, each to be filled once, however many indicators use it."""
    sheet = Sheet(workbook, "Misure", (28, 100, 18, 28))
    sheet.title(BODY, "MISURE 2022")
    sheet.blank()
    sheet.heading(("Codice", "Descrizione", "Valore", "Altre grafie"))
    sheet.freeze()
    for spellings, text in catalogue():
        row = sheet.line(spellings[0], text, None, ", ".join(spellings[1:]) or None)
        sheet.worksheet.cell(row, 3).fill = _TO_FILL


def catalogue() -> list[tuple[list[str], str]]:
    """The spellings and the text of each measure, in the order of print; what has no code is a scale (`100 imprese attive`)."""
    measures: dict[tuple[str, str], tuple[list[str], str]] = {}
    for row in sorted(table("ms_measures"), key=line_of):
        code, text = row["measure_code"], row["measure_text"]
        if not code:
            continue
        spellings, _ = measures.setdefault((code.casefold(), text if code == PLACEHOLDER else ""), ([], text))
        if code not in spellings:
            spellings.append(code)
    return list(measures.values())


def _objectives(section: str) -> Iterator[tuple[str, list[Row]]]:
    rows = sorted(table("ms_indicators", section=section), key=line_of)
    for title, group in groupby(rows, key=lambda row: row["strategic_objective_title"]):
        yield title, list(group)


def _descriptions(section: str) -> dict[str, str]:
    return {row["code"]: row["text"] for row in table("ms_printed_rows", place=section, label="Descrizione")}


def _euros(row: Row) -> Typed:
    """`235.000,00 Euro`, as printed."""
    return Typed(float(row["resources"]), '#,##0.00" Euro"')


def _lines(*parts: str) -> str:
    """The parts of a cell on lines of their own: so the print has them, where a page breaks inside a cell (lines 2234-2240)."""
    return "\n".join(part for part in parts if part)
