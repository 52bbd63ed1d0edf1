"""Pisa 2022: programmes with the resources that they print as sentences, the surcharge of 20 % by project, the priorities.

Source: lines 2923-3498. What a sentence of resources says in figures is left to whoever reads it: here it stays as printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cartelle.sheet import Sheet, book, euro, percent, save
from scripts.cartelle.tno_rows import Entry, line_of, table, write_entries

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

BODY = "Camera di Commercio di Pisa"


def write(folder: Path) -> list[Path]:
    """Write the workbook of programmes and resources."""
    workbook = book("Programmi e risorse 2022")
    _summary(workbook)
    _programmes(workbook)
    _surcharge(workbook)
    _priorities(workbook)
    return [save(workbook, folder / "Programmi_e_risorse_2022.xlsx")]


def _summary(workbook: Workbook) -> None:
    """Lines 3032-3116: a row a strategic line, then its programmes."""
    sheet = Sheet(workbook, "Quadro riassuntivo", (50, 60, 60))
    sheet.title(BODY, "IL QUADRO RIASSUNTIVO DELLE RISORSE 2022")
    sheet.blank()
    sheet.heading(("Linea strategica / Programma", "Descrizione", "Risorse"))
    sheet.freeze()
    for row in table("pisa_programmes", section="riepilogo"):
        if row["level"] == "linea":
            sheet.section(row["header_text"], None, row["resources_text"])
        else:
            sheet.line(row["header_text"], row["title"], row["resources_text"])


def _programmes(workbook: Workbook) -> None:
    """Lines 3118-3498: the sheets of the programmes; the expected results follow one another down their column."""
    sheet = Sheet(workbook, "Programmi", (34, 60, 70, 44))
    sheet.title(BODY, "I PROGRAMMI, I RISULTATI ATTESI E LE RISORSE 2022")
    sheet.blank()
    sheet.heading(("Programma", "Descrizione", "Risultati attesi", "Risorse"))
    sheet.freeze()
    for row in table("pisa_programmes", section="scheda"):
        first, *others = (result["text"] for result in table("pisa_expected_results", place="scheda", programme=row["code"]))
        sheet.line(row["header_text"], row["title"], first, row["resources_text"])
        for result in others:
            sheet.line(None, None, result)


def _surcharge(workbook: Workbook) -> None:
    """Lines 2923-2928: the projects that the surcharge pays for, each with its part of the 20 % and its amount; no total is printed."""
    sheet = Sheet(workbook, "Maggiorazione D.A.", (60, 18, 18))
    sheet.title(BODY, "Maggiorazione del 20% del diritto annuale 2022")
    sheet.blank()
    sheet.heading(("Progetto", "Maggiorazione", "Importo"))
    sheet.freeze()
    for row in table("pisa_maggiorazione"):
        sheet.line(row["project"], percent(row["pct"]), euro(row["amount"]))


def _priorities(workbook: Workbook) -> None:
    """Lines 2957-3017: the three priorities, the programmes of each, the results expected."""
    sheet = Sheet(workbook, "Priorità", (120,))
    sheet.title(BODY, "I PROGRAMMI, I RISULTATI ATTESI E LE RISORSE 2022")
    entries = []
    for row in table("pisa_printed_rows"):
        entries.append(Entry(line_of(row), "section" if row["place"] == "priorita" else "line", (row["label"] or row["text"],)))
        if row["place"] == "priorita":
            entries.append(Entry(line_of(row) + 2, "total", (row["text"],)))
    entries += [Entry(line_of(row), "line", (row["text"],)) for row in table("pisa_expected_results", place="priorita")]
    write_entries(sheet, entries)
