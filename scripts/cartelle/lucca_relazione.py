"""Lucca, Relazione sulla performance 2017: money and health, laid out as the document prints them.

Source: Camera di Commercio di Lucca, Relazione sulla performance 2017 (giugno 2018): sections 1.2.2 (risorse) and 3 (profilo
economico-finanziario), allegato 1 (Report direzionale). Figures that don't follow from the others stay as they are printed.
"""

from __future__ import annotations

from pathlib import Path

from scripts.cartelle.sheet import Content, Sheet, Typed, book, euro, golden, number, percent, save

Row = dict[str, str]

BUDGET_HEADING = (
    "OBIETTIVO STRATEGICO",
    "PROGETTI",
    "Budget iniziale 2017",
    "Budget aggiornato 2017",
    "Consuntivo 2017",
    "% Utilizzo Budget aggiornato",
    "% Risorse impiegate per Ob. strategico",
)
AREAS_HEADING = (
    "RIEPILOGO RISORSE PER AREE STRATEGICHE (Oneri correnti + Investimenti)",
    "Budget iniziale 2017",
    "Budget al 31/12",
    "Consuntivo 2017",
    "% Utilizzo Budget al 31/12",
    "% Risorse impiegate per Area Strategica",
)
MEASURES_HEADING = (
    "RIEPILOGO INTERVENTI ECONOMICI PER AREA STRATEGICA",
    "CONSUNTIVO 2017 (Migliaia di Euro)",
    "COMP. % 2017",
    "CONSUNTIVO 2016 (Migliaia di Euro)",
    "COMP. % 2016",
)
# Headings of the Report direzionale that aren't printed as the others, by the document's line of the title that follows.
ODD_LABELS = {
    "862": "OBIETTIVO STRATEGICO 2E (quota parte):",
    "969": "PROGETTO :",
    "1001": "OBIETTIVO STRATEGICO 2B :",
    "1022": "OBIETTIVO STRATEGICO 2E quota parte:",
    "1043": "OBIETTIVO STRATEGICO 2E quota parte:",
    "1065": "OBIETTIVO STRATEGICO 3B :",
}
LABELS = {
    "missione": "MISSIONE {}:",
    "programma": "PROGRAMMA {}:",
    "obiettivo_strategico": "OBIETTIVO STRATEGICO {}:",
    "progetto": "PROGETTO {}:",
}


def write(folder: Path) -> list[Path]:
    """Write the workbooks of the amounts and ratios."""
    return [
        _resources(folder / "Risorse_Relazione_2017.xlsx"),
        _report(folder / "Report_direzionale_Risorse_2017.xlsx"),
        _income(folder / "Conto_economico_2017.xlsx"),
        _health(folder / "Stato_di_salute_2017.xlsx"),
    ]


def _resources(path: Path) -> Path:
    """Section 1.2.2: budget by project and objective, by area, and interventi economici by area."""
    workbook = book("Le risorse finanziarie 2017")
    sheet = Sheet(workbook, "Budget obiettivi", (34, 52, 16, 16, 16, 14, 16))
    sheet.title("1.2.2 La Camera di Commercio di Lucca: le risorse finanziarie")
    sheet.blank()
    sheet.heading(BUDGET_HEADING)
    sheet.freeze()
    projects = golden("lucca-2017/budget_projects")
    for objective in golden("lucca-2017/budget_objectives"):
        _budget_of_objective(
            sheet, objective, [row for row in projects if row["strategic_objective"] == objective["strategic_objective"]]
        )

    sheet = Sheet(workbook, "Riepilogo aree", (52, 18, 18, 18, 16, 18))
    sheet.title("1.2.2 La Camera di Commercio di Lucca: le risorse finanziarie")
    sheet.blank()
    sheet.heading(AREAS_HEADING)
    for area in golden("lucca-2017/budget_areas"):
        grand = area["area_code"] == "TOTAL"
        label = area["area_title"] if grand else f"Area Strategica {area['area_code']}: {area['area_title']}"
        (sheet.total if grand else sheet.line)(label, *_budget(area))
    sheet.blank()
    sheet.columns = len(MEASURES_HEADING)
    sheet.heading(MEASURES_HEADING)
    for row in golden("lucca-2017/interventi_economici"):
        figures = (
            row[f"{what}_{year}{unit}"] for year in (2017, 2016) for what, unit in (("consuntivo", "_keur"), ("comp_pct", ""))
        )
        (sheet.total if "TOTAL" in row["code"] else sheet.line)(row["label"], *map(number, figures))
    return save(workbook, path)


def _budget_of_objective(sheet: Sheet, objective: Row, projects: list[Row]) -> None:
    """The projects of an objective, its name beside the first; beneath them its own amounts."""
    name: Content = f"OBIETTIVO STRATEGICO {objective['strategic_objective']} {objective['title']}"
    if objective["strategic_objective"] == "TOTAL":
        sheet.total(objective["title"], None, *_budget(objective))
        return
    for project in projects:
        title = " - ".join(filter(None, (project["project_code"], project["project_title"])))
        sheet.line(name, title, *_budget(project))
        name = None
    sheet.total(None, None, *_budget(objective))


def _budget(row: Row) -> list[Typed | None]:
    fields = ("initial", "updated", "actual", "pct_used_printed", "pct_share_printed")
    return [number(row.get(field, "")) for field in fields]


def _report(path: Path) -> Path:
    """Allegato 1, Report direzionale: missions, programmes, objectives and projects in the printed order, with what the projects used."""
    workbook = book("Report direzionale 2017: risorse utilizzate")
    sheet = Sheet(workbook, "Risorse utilizzate", (110, 20), landscape=False)
    sheet.title("Report direzionale 2017")
    sheet.blank()
    used = {row["source_line"]: row for row in golden("lucca-2017/risorse_progetto")}
    for node in golden("lucca-2017/tree"):
        if node["level"] not in LABELS:
            continue  # the strategic areas are no heading of the report
        label = ODD_LABELS.get(node["source_line"]) or LABELS[node["level"]].format(node["code"])
        sheet.section(label)
        sheet.line(node["title"])
        if node["level"] == "progetto":
            amounts = used[node["source_line"]]
            sheet.total("RISORSE UTILIZZATE")
            for item in ("proventi", "oneri", "investimenti"):
                sheet.line(item.upper(), euro(amounts[item]))
    return save(workbook, path)


def _income(path: Path) -> Path:
    """Section 3: income statement in euro, then its composition in percent; the document prints no totals."""
    workbook = book("Profilo economico-finanziario 2017")
    sheet = Sheet(workbook, "Conto economico", (46, 18, 18), landscape=False)
    sheet.title("3. Profilo economico-finanziario: risorse, efficienza ed economicità")
    rows = golden("lucca-2017/income_statement")
    sections = list(dict.fromkeys(row["section"] for row in rows))
    for title, field in ((None, "value"), ("COMPOSIZIONE %", "comp_pct")):
        for section in sections:
            sheet.blank()
            band = (title, None, None) if title else (None, "CCIAA LUCCA", None)
            sheet.heading(band, (section, *years(2017, 2016)), merge=("A1:C1",) if title else ("B1:C1",))
            for row in rows:
                if row["section"] == section:
                    sheet.line(row["item"], *(number(row[f"{field}_{year}"]) for year in (2017, 2016)))
    return save(workbook, path)


def years(*numbers: int) -> list[Typed]:
    """Years as headings: numbers, as an office types them."""
    return [Typed(year, "0") for year in numbers]


def _health(path: Path) -> Path:
    """Section 3, Stato di salute dell'Ente: thirteen ratios over four years, in two sections."""
    workbook = book("Stato di salute dell'Ente 2017")
    sheet = Sheet(workbook, "Stato di salute", (46, 70, 14, 14, 14, 14))
    sheet.title("STATO DI SALUTE DELL'ENTE")
    sheet.blank()
    sheet.heading(("Indicatore", "Composizione indicatore", "CONSUNTIVO 2017", *years(2016, 2015, 2014)))
    sheet.freeze()
    section = ""
    for row in golden("lucca-2017/health"):
        if row["section"] != section:
            section = row["section"]
            sheet.section(section)
        shown = percent if row["unit"] == "%" else number
        sheet.line(row["indicator"], row["formula"], *(shown(row[f"value_{year}"]) for year in (2017, 2016, 2015, 2014)))
    return save(workbook, path)
