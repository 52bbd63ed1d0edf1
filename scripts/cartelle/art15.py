"""Workbooks of the projects financed under art. 15 c. 5 of the CCNL 1/4/1999 in Lucca: the plan of 2015, the year's end of 2017.

Sources: *Progetto di miglioramento dei servizi offerti per l'anno 2015* (nine projects), and *Relazione sulla performance 2017* of
the chamber of Lucca, allegato 2 (thirteen projects with results and amounts paid).
"""

from __future__ import annotations

from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font

from scripts.cartelle.sheet import Sheet, book, golden, number, percent, printed, save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from scripts.cartelle.sheet import Content

    Row = dict[str, str]

TITLE = "PROGETTO DI MIGLIORAMENTO DEI SERVIZI OFFERTI PER L’ANNO 2015"
WIDTHS = (20, 15, 15, 15, 18, 18)
CONDITIONS = (
    ("Prima condizione", "miglioramento quali-quantitativo dei servizi"),
    ("Seconda condizione", "concreti risultati, risparmi e/o benefici percepibili dall’utenza esterna o interna"),
    (
        "Terza condizione",
        "risultati verificabili attraverso standard, indicatori e/o attraverso i giudizi espressi dall’utenza",
    ),
    (
        "Quarta condizione",
        "risultati difficili, sfidanti, che possono essere conseguiti attraverso un ruolo attivo e determinante del personale interno",
    ),
    ("Quinta condizione", "risorse quantificate con criteri trasparenti e ragionevoli"),
    ("Sesta condizione", "risorse rese disponibili solo a consuntivo, dopo aver accertato i risultati"),
    ("Settima condizione", "risorse previste nel bilancio annuale"),
)
WITHOUT_BRACKETS = {("6", 5), *(("9", condition) for condition in range(1, 8))}
UNCLOSED = {("7", 5), ("8", 5)}  # the print forgets the closing bracket
SHORT_HOURS = {"7", "8", "9"}  # projects that print TOT. ORE, the others TOTALE ORE
WITHOUT_TOTAL_LABEL = {"6"}

YEAR_END = (
    "PROGETTI RELAZIONE EX ART. 15 C. 5",
    "UFFICIO",
    "RISULTATO FINALE",
    "commento",
    "RISORSE PREVISTE",
    "RISORSE EROGATE",
)
# Three figures of the Relazione that no golden table holds (lines 1318 and 429) and two strays of its print (lines 1245 and 1233).
PAID_LABEL = "TOTALE RISORSE DESTINATE DERIVANTI DAI RISULTATI CONSEGUITI SUI PROGETTI EX ART. 15 C. 5 - ANNO 2017"
PAID_TOTAL = "141165.75"
REALISED_LABEL = "Progetti/obiettivi del Piano di miglioramento dei servizi offerti anno 2017: realizzazione"
REALISED = "98"
STRAY_OFFICE = {"1245": 74}
FLAGGED_GROUP_BEFORE = {"1234"}


def write(folder: Path) -> list[Path]:
    """Write both workbooks: `folder`/art15-2015 and the one of the year's end in `folder`/lucca-2017-relazione."""
    plan = book("Progetti di miglioramento dei servizi 2015")
    for project in golden("art15-2015/projects"):
        _project(plan, project)
    year_end = book("Progetti art. 15 c. 5 anno 2017: risultati e risorse erogate")
    _year_end(year_end)
    _realised(year_end)
    return [
        save(plan, folder / "art15-2015" / "Progetti_miglioramento_2015.xlsx"),
        save(year_end, folder / "lucca-2017-relazione" / "Progetti_art15_2017_pubblicato.xlsx"),
    ]


def _project(workbook: Workbook, project: Row) -> None:
    """A project's sheet: title, indicators, staff with its total, the seven conditions."""
    key = project["n"]
    sheet = Sheet(workbook, f"Progetto {key}", WIDTHS, landscape=False)
    sheet.title(TITLE)
    _over_columns(sheet, sheet.title(project["heading_raw"]), 1, 6)
    sheet.blank()
    _indicators(sheet, key)
    sheet.blank()
    _staff(sheet, project)
    sheet.blank()
    _conditions(sheet, key)


def _indicators(sheet: Sheet, key: str) -> None:
    """The indicators of the third condition, each with its mark; the bullets that the text of the print has lost are `•` again."""
    _over_columns(sheet, sheet.title(" ".join(_condition(key, 3))), 1, 6)
    for row in _of(key, "indicators"):
        _over_columns(sheet, sheet.line(row["marker"].replace("\ufffd", "•"), row["text"]), 2, 6)


def _staff(sheet: Sheet, project: Row) -> None:
    """The fifth condition: the amount that the text announces (two projects announce none) and the table that adds up to it."""
    key = project["n"]
    _over_columns(sheet, sheet.title(" ".join(_condition(key, 5))), 1, 6)
    if project["announced_total_raw"]:
        label = "Art. 15, comma 5 del Fondo Salario Accessorio di €"
        _over_columns(sheet, sheet.line(label, *[None] * 4, printed(project["announced_total_raw"])), 1, 5)
        sheet.blank()
    hours = "TOT. ORE" if key in SHORT_HOURS else "TOTALE ORE"
    sheet.heading(("PERSONALE", "COSTO ORARIO", hours, "PRODOTTO", "PERCENTUALE", "RISULTATO"))
    for row in _of(key, "staff"):
        figures = ("hourly_cost_raw", "hours", "product_raw", "pct_raw", "result_raw")
        sheet.line(row["category"], *(printed(row[figure]) for figure in figures))
    sheet.total(None if key in WITHOUT_TOTAL_LABEL else "Totale", *[None] * 4, printed(project["printed_total_raw"]))


def _conditions(sheet: Sheet, key: str) -> None:
    """The seven conditions, ticked where the project answers them."""
    heading = sheet.heading(("IL PROGETTO RISPONDE ALLE SEGUENTI CONDIZIONI:",))
    _over_columns(sheet, heading, 1, 6)
    (answers,) = _of(key, "conditions")
    for condition in range(1, 8):
        ordinal, text = _condition(key, condition)
        tick = "Sì" if answers[f"condition_{condition}"] == "yes" else None
        row = sheet.line(ordinal, text, None, None, None, tick)
        _over_columns(sheet, row, 2, 5)
        sheet.worksheet.cell(row, 6).alignment = Alignment(horizontal="center", vertical="top")


def _condition(key: str, condition: int) -> tuple[str, str]:
    """Ordinal and text of a condition, bracketed as that project prints it."""
    ordinal, text = CONDITIONS[condition - 1]
    if (key, condition) not in WITHOUT_BRACKETS:
        text = f"({text}" if (key, condition) in UNCLOSED else f"({text})"
    return f"{ordinal}:", text


def _of(key: str, table: str) -> Iterator[Row]:
    return (row for row in golden(f"art15-2015/{table}") if row["project"] == key)


def _over_columns(sheet: Sheet, row: int, first: int, last: int) -> None:
    """Merge a text over several columns, in a row high enough for it: no application does so by itself for merged cells."""
    cell = sheet.worksheet.cell(row, first)
    sheet.worksheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    letters = sum(WIDTHS[first - 1 : last])
    sheet.worksheet.row_dimensions[row].height = 15.5 * ceil(len(str(cell.value)) / letters)


def _year_end(workbook: Workbook) -> None:
    """The table of allegato 2, laid out as the office's own sheet: a project, its groups and indicators, two totals at the end."""
    sheet = Sheet(workbook, "Art. 15 c. 5", (7, 80, 20, 14, 60, 16, 16))
    sheet.heading((None, *YEAR_END))
    sheet.freeze()
    *projects, total = golden("lucca-2017/art15")
    for project in projects:
        planned, paid = number(project["resources_planned"]), number(project["resources_paid"])
        result = printed(project["final_result"])
        sheet.section(int(project["n"]), project["title"], project["office"], result, project["comment"], planned, paid)
        _year_end_indicators(sheet, (row for row in golden("lucca-2017/art15_indicators") if row["n"] == project["n"]))
    sheet.total(None, total["title"], None, None, None, number(total["resources_planned"]))
    sheet.total(None, PAID_LABEL, None, None, None, None, number(PAID_TOTAL))


def _year_end_indicators(sheet: Sheet, rows: Iterable[Row]) -> None:
    for group, items in groupby(rows, itemgetter("group")):
        indicators = list(items)
        if group:
            flag = "RPP" if indicators[0]["source_line"] in FLAGGED_GROUP_BEFORE else None
            sheet.worksheet.cell(sheet.line(flag, group), 2).font = Font(name="Calibri", size=11, italic=True)
        for row in indicators:
            stray = STRAY_OFFICE.get(row["source_line"])
            sheet.line(row["rpp_flag"], row["text"], stray, printed(row["result_text"]), _comment(row["comment"]))


def _comment(text: str) -> Content:
    """A comment that is nothing but a number is a number for whoever types it."""
    return int(text) if text.isdigit() else text


def _realised(workbook: Workbook) -> None:
    """The realisation of all the projects: the Relazione says it in its text only (section 1), and points to allegato 2."""
    sheet = Sheet(workbook, "Testo della Relazione", (90, 14))
    sheet.title("Relazione sulla performance 2017", "Dati riportati nel testo, con rinvio all'allegato n. 2")
    sheet.blank()
    sheet.heading(("Dato", "Valore"))
    sheet.line(REALISED_LABEL, percent(REALISED))
