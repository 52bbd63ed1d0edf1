"""Lucca, Piano della performance 2018-2020: resources, health targets and the objectives of the leaders, as the document prints them.

Source: Camera di Commercio di Lucca, Piano della performance 2018-2020: sections 2.1.2 (le risorse), 4.2 (obiettivi di Ente and
stato di salute), 4.3 (Segretario generale), 4.4 (dirigenti). Amounts of the yearly series are in thousands of euro.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl.styles import Alignment

from scripts.cartelle.sheet import Content, Sheet, Typed, book, golden, number, percent, save

Row = dict[str, str]

SERIES = ("c2012", "c2013", "c2014", "c2015", "c2016", "precons2017", "prev2018")
THOUSANDS = "#,##0.0;(#,##0.0)"  # the document prints the negative ones in brackets
BUDGET_HEADING = (
    "BUDGET 2018 PER AREE ED OBIETTIVI STRATEGICI",
    "PROVENTI CORRENTI",
    "TOTALE RISORSE DESTINATE",
    "ONERI CORRENTI",
    "INVESTIMENTI",
)
STRUCTURE = "Indicatori di struttura, di liquidità e di solidità economica e patrimoniale"
EFFICIENCY = "Indicatori di efficienza di gestione"
ENTE, SECRETARY, STAFF = "Ente", "Segretario generale", "Struttura (PO e uffici)"
MANAGER_AREA = "AREA ANAGRAFICO CERTIFICATIVA, STUDI, POLITICHE ECONOMICHE E REGOLAZIONE DEL MERCATO"
# Sheet, owner in the golden table, title of the section (the last one is not in the text that we have), name on each form.
FORMS = (
    ("Ente", ENTE, "4.2 Gli obiettivi di Ente anno 2018", None),
    ("Segretario generale", SECRETARY, "4.3 Gli obiettivi del Segretario generale anno 2018", "SEGRETARIO GENERALE"),
    ("Dirigente", f"Dirigente {MANAGER_AREA}", "4.4 Gli obiettivi dei Dirigenti anno 2018", MANAGER_AREA),
    ("Struttura", STAFF, STAFF, None),
)


def write(folder: Path) -> list[Path]:
    """Write the workbooks of the Piano 2018-2020."""
    return [
        _resources(folder / "Risorse_Piano_2018.xlsx"),
        _health(folder / "Stato_di_salute_2018.xlsx"),
        _objectives(folder / "Obiettivi_2018.xlsx"),
    ]


def _resources(path: Path) -> Path:
    """Section 2.1.2: the series of income and charges, the rigidity index, the budget by area and objective."""
    workbook = book("Le risorse 2018")
    _series(Sheet(workbook, "Proventi e oneri", (40, *[13] * 5, 17, 17, 17)))
    sheet = Sheet(workbook, "Budget aree", (76, 16, 16, 16, 16))
    sheet.title("2.1.2 Le risorse")
    sheet.blank()
    sheet.heading(BUDGET_HEADING)
    sheet.freeze()
    for row in golden("lucca-2018/budget_areas"):
        kind = {"totale": sheet.total, "area": sheet.section}.get(row["level"], sheet.line)
        kind(
            row["label"],
            *(number(row[item]) for item in ("proventi_correnti", "totale_risorse", "oneri_correnti", "investimenti")),
        )
    return save(workbook, path)


def _series(sheet: Sheet) -> None:
    rows = golden("lucca-2018/income_charges")
    sheet.title("2.1.2 Le risorse")
    sheet.blank()
    sheet.columns = 8
    for section, table in (("PROVENTI CORRENTI", "proventi_correnti"), ("ONERI CORRENTI   (A)", "oneri_e_investimenti")):
        _years_heading(sheet, "(migliaia di euro)", first=2012)
        sheet.section(section)
        for row in rows:
            if row["table"] == table:
                grand = "TOTALE" in row["label"] or "INVESTIMENTI" in row["label"]
                (sheet.total if grand else sheet.line)(row["label"], *(_thousands(row[year]) for year in SERIES))
        sheet.blank()
    sheet.columns = 9
    sheet.title("Indice di rigidità economica")
    index = golden("lucca-2018/rigidity_index")
    _years_heading(sheet, None, first=2011)
    sheet.line("Indice di rigidità economica", *(percent(row["value_pct"]) for row in index))


def _thousands(text: str) -> Typed | None:
    typed = number(text)
    return typed and Typed(typed.value, THOUSANDS)


def _years_heading(sheet: Sheet, corner: Content, *, first: int) -> None:
    """CONSUNTIVO over the years until 2016, PRE-CONSUNTIVO over 2017, PREVENTIVO over 2018."""
    closed = 2017 - first
    band = (corner, "CONSUNTIVO", *[None] * (closed - 1), "PRE-CONSUNTIVO", "PREVENTIVO")
    last = chr(ord("A") + closed)
    sheet.heading(band, (None, *(Typed(year, "0") for year in range(first, 2019))), merge=(f"B1:{last}1", "A1:A2"))


def _health(path: Path) -> Path:
    """Section 4.2, Stato di salute: the fraction of each ratio in one cell (numerator over denominator), the target as printed."""
    workbook = book("Stato di salute dell'Ente 2018")
    sheet = Sheet(workbook, "Stato di salute", (44, 62, 16, 14, 12, 12, 12))
    sheet.title("STATO DI SALUTE DELL'ENTE")
    for group, title in (("struttura", STRUCTURE), ("efficienza", EFFICIENCY)):
        years = (Typed(year, "0") for year in (2016, 2015, 2014))
        if group == "struttura":
            sheet.blank()
            sheet.heading((title, "Composizione indicatore", "VALORE 2018 OBIETTIVO", "PRECONS 2017", *years))
            sheet.freeze()
        else:
            sheet.section(title)
        for row in golden("lucca-2018/health_targets"):
            if row["group"] == group:
                _ratio(sheet, row)
    return save(workbook, path)


def _ratio(sheet: Sheet, row: Row) -> None:
    shown = percent if row["unit"] == "%" else number
    fraction = f"{row['numerator']}\n{row['denominator']}"
    values = (shown(row[year]) for year in ("precons_2017", "v2016", "v2015", "v2014"))
    sheet.line(row["indicator"], fraction, row["target_2018_raw"], *values)


def _objectives(path: Path) -> Path:
    """Sections 4.2, 4.3, 4.4: one form an objective, with its indicators and, for the leaders, its weight."""
    workbook = book("Obiettivi di Ente, Segretario generale e dirigenti 2018")
    objectives, indicators = golden("lucca-2018/sg_dirigenti_objectives"), golden("lucca-2018/sg_dirigenti_indicators")
    for name, owner, title, heading in FORMS:
        sheet = Sheet(workbook, name, (28, 110), landscape=False)
        sheet.title(title)
        for objective in objectives:
            if objective["owner"] == owner:
                sheet.blank()
                own = [row for row in indicators if (row["owner"], row["n"]) == (owner, objective["n"])]
                _form(sheet, heading, objective, own)
    return save(workbook, path)


def _form(sheet: Sheet, heading: str | None, objective: Row, indicators: Sequence[Row]) -> None:
    """Number and title, the indicators, the weight where one is printed."""
    if heading:
        sheet.section(heading, span=True)
    label = objective["header_printed"]
    if objective["owner"] == ENTE:
        label = f"{label}\n{'di Area' if 'di Area' in objective['note'] else 'di Ente'}"
    sheet.total(label, objective["title"])
    beside: Content = "indicatori"
    for row in indicators:
        sheet.line(beside, f"{row['label']} {row['text']}".strip())
        beside = None
    if objective["peso"]:
        weight = sheet.line("peso", number(objective["peso"]))
        sheet.worksheet.cell(weight, 2).alignment = Alignment(horizontal="left")
