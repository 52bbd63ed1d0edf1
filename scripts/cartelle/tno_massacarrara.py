"""Massa-Carrara 2022: promotional programme, economic health with its indexes, resources of the staff's fund.

Source: the part *Massa-Carrara* of the plan (lines 1917-2434). The indicators and their measures are in `tno_indicatori`.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, PatternFill

from scripts.cartelle import tno_indicatori
from scripts.cartelle.sheet import Sheet, book, euro, number, printed, save
from scripts.cartelle.tno_rows import Entry, line_of, run_over, table, write_entries

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from scripts.cartelle.tno_rows import Row

BODY = "Camera di Commercio di Massa-Carrara"
YEARS = ("Preconsuntivo 2021", "Preventivo 2022", "Preventivo 2023", "Preventivo 2024")
BUDGET_COLUMNS = ("preconsuntivo_2021", "preventivo_2022", "preventivo_2023", "preventivo_2024")
RATIO_COLUMNS = ("v2021", "v2022", "v2023", "v2024")
# Titles that the print gives to the groups of indexes; those of *struttura* are made of the index and its formula.
GROUPS = {
    "tesoreria": "Indice primario di tesoreria",
    "tesoreria_secondario": "Indice secondario di tesoreria",
    "gestione": "Indici di gestione",
    "squilibrio_strutturale": "1. Indice di squilibrio strutturale",
    "dissesto": "2. Indice di dissesto finanziario",
}
MINISTRY_GROUPS = {"squilibrio_strutturale", "dissesto"}
# How deep a row is grouped, as with *Dati - Struttura*: the subtotals stand beneath what they add up.
DEPTH = {"voce": 3, "programma": 2, "obiettivo": 1, "area": 0, "totale": 0}
_AREA = PatternFill("solid", fgColor="D9E1F2")
_AMOUNT = Alignment(horizontal="right", vertical="top")


def write(folder: Path) -> list[Path]:
    """Write the workbooks of resources, economic health, staff's fund, indicators and measures."""
    resources, health, fund = (
        book("Interventi economici 2022"),
        book("Stato di salute 2022"),
        book("Fondo risorse decentrate 2022"),
    )
    _promotion(resources)
    _budget(health)
    _ratios(health)
    _ministry(health)
    _fund_resources(fund)
    _fund_objectives(fund)
    _loss(fund)
    return [
        save(resources, folder / "Risorse_2022.xlsx"),
        save(health, folder / "Stato_di_salute_2022.xlsx"),
        save(fund, folder / "Fondo_risorse_decentrate_2022.xlsx"),
        *tno_indicatori.write(folder),
    ]


def _promotion(workbook: Workbook) -> None:
    """Lines 1917-1980: each item, then programme, strategic objective, area and total, every one beneath its parts."""
    sheet = Sheet(workbook, "Interventi economici", (10, 8, 10, 8, 12, 70, 16, 16, 16))
    sheet.title("CAMERA DI COMMERCIO INDUSTRIA ARTIGIANATO E AGRICOLTURA DI MASSA - CARRARA", "INTERVENTI ECONOMICI 2022")
    sheet.blank()
    amounts = ("Previsione", "Assestamento", "Totale")
    sheet.heading(("Codice Attività", "Funz.", "Processo", "CDC", "Prodotto", "Descrizione Prodotto", *amounts))
    sheet.freeze()
    dashes = {line_of(row) for row in table("ms_printed_rows", place="interventi_assestamento")}
    nameless = {line_of(row): row["text"] for row in table("ms_printed_rows", place="interventi")}
    rows = {line_of(row): row for row in table("ms_interventi")}
    for line in sorted({*rows, *nameless}):
        if line in nameless:
            row = sheet.total(*[None] * 6, nameless[line], None, nameless[line])
            level = "programma"
            run_over(sheet, row, 1, 6)
        else:
            level = rows[line]["level"]
            row = _promotion_row(sheet, rows[line], "-" if line in dashes else rows[line]["adjustment_raw"])
        sheet.worksheet.row_dimensions[row].outlineLevel = DEPTH[level]
        for cell in sheet.worksheet[row][6:]:
            cell.alignment = _AMOUNT


def _promotion_row(sheet: Sheet, row: Row, adjustment: str) -> int:
    amounts = (printed(row["forecast_raw"]), printed(adjustment), printed(row["total_raw"]))
    if row["level"] == "voce":
        codes = (row["function"], row["process"], row["cdc"], row["product"])
        return sheet.line(int(row["activity_code"]), *codes, row["description"], *amounts)
    style = sheet.total if row["level"] == "programma" else sheet.section
    written = style(row["description"], *[None] * 5, *amounts)
    run_over(sheet, written, 1, 6)
    if row["level"] in {"area", "totale"}:
        for cell in sheet.worksheet[written]:
            cell.fill = _AREA
    return written


def _budget(workbook: Workbook) -> None:
    """Lines 2251-2334: one long table, whose columns become balance-sheet dates at line 2298."""
    sheet = Sheet(workbook, "Bilancio", (62, 20, 20, 20, 20))
    sheet.title(BODY, "BILANCIO DI PREVISIONE 2022/2024")
    sheet.blank()
    sheet.heading(("DATI DI BILANCIO GESTIONE CORRENTE", *YEARS))
    sheet.freeze()
    for row in table("ms_budget"):
        label, values = row["label"] or None, [row[column] for column in BUDGET_COLUMNS]
        if row["kind"] == "titolo":
            sheet.section(label)
        elif row["kind"] == "intestazione":
            heading = sheet.heading((label, *(datetime.strptime(value, "%d/%m/%Y") for value in values)))
            for cell in sheet.worksheet[heading][1:]:
                cell.number_format = "dd/mm/yyyy"
        else:
            style = sheet.total if _is_sum(row["label"]) else sheet.line
            style(label, *(number(value) for value in values))


def _is_sum(label: str) -> bool:
    return label.isupper() or label.startswith(("Totale", "Risultato", "Margine", "Avanzo"))


def _ratios(workbook: Workbook) -> None:
    """Lines 2335-2355: the indexes of structure, cash and management, with formulas and targets as printed."""
    sheet = Sheet(workbook, "Indici", (62, 20, 20, 20, 20))
    sheet.title(BODY, "BILANCIO DI PREVISIONE 2022/2024: INDICI")
    sheet.blank()
    sheet.heading(("Indici", *YEARS))
    sheet.freeze()
    rows = [row for row in table("ms_ratios") if row["group"] not in MINISTRY_GROUPS]
    for group, members in groupby(rows, key=lambda row: row["group"]):
        if group in GROUPS:
            sheet.section(GROUPS[group])
        for row in members:
            label, style = row["label"], sheet.total if row["role"] == "indice" else sheet.line
            if group == "struttura":
                sheet.section(f"{label} ({row['formula_printed']})")
                label = f"Risultato (Target {row['target_printed']})"
            style(label, *(number(row[column]) for column in RATIO_COLUMNS))


def _ministry(workbook: Workbook) -> None:
    """Lines 2356-2375: the indexes of the ministry's circular; the last column is headed 2023 in the print too."""
    sheet = Sheet(workbook, "Circolare MISE", (80, 18, 18, 18, 18))
    sheet.title("Circolare Mise n. 220612 dell'11 giugno 2018", "ALLEGATO A")
    sheet.blank()
    sheet.heading((None, 2021, 2022, 2023, 2023))
    sheet.freeze()
    rows = [row for row in table("ms_ratios") if row["group"] in MINISTRY_GROUPS]
    entries = [Entry(int(row["formula_line"]), "section", (GROUPS[row["group"]],)) for row in rows if row["role"] == "indice"]
    for row in rows:
        style = "total" if row["role"] == "indice" or row["label"].startswith("Totale") else "line"
        label = row["formula_printed"] if row["role"] == "indice" else row["label"]
        entries.append(Entry(line_of(row), style, (label, *(number(row[column]) for column in RATIO_COLUMNS))))
    entries += [Entry(line_of(row), "line", (row["text"],), 1) for row in table("ms_printed_rows", place="circolare_mise")]
    write_entries(sheet, entries)


def _fund_resources(workbook: Workbook) -> None:
    """Lines 2397-2401: what the fund is given for each extra objective."""
    sheet = Sheet(workbook, "Risorse", (44, 90, 18))
    sheet.title(BODY, "Fondo risorse decentrate 2022: risorse discrezionali")
    sheet.blank()
    sheet.heading(("RIFERIMENTO CONTRATTUALE", "OBIETTIVO", "IMPORTI"))
    sheet.freeze()
    for row in table("ms_frd_resources"):
        style = sheet.total if row["contract_reference"].startswith("Totale") else sheet.line
        style(row["contract_reference"], row["objective"], euro(row["amount"]))


def _fund_objectives(workbook: Workbook) -> None:
    """Lines 2403-2414: the extra objectives, each with its indicator; the result is still to come (`n.d.`)."""
    sheet = Sheet(workbook, "Obiettivi", (18, 12, 40, 60, 60, 18, 18, 20))
    sheet.title("Obiettivi Fondo Integrazione risorse fondo")
    sheet.blank()
    names = ("INDICATORE", "DESCRIZIONE", "ALGORITMO", "VALORI MISURE", "CONSUNTIVO", "TARGET PESO")
    sheet.heading(("OBBIETTIVO EXTRA", "PESO", *names))
    sheet.freeze()
    run_over(sheet, sheet.section("Massa Carrara"), 1)
    for row in table("ms_frd"):
        run_over(sheet, sheet.section(row["objective"]), 1)
        texts = (row["indicator"], row["description"], row["algorithm"], row["measures"], row["consuntivo"], row["target"])
        sheet.line(None, printed(row["weight"]), *texts)


def _loss(workbook: Workbook) -> None:
    """Lines 2416-2434: the two calculations of the loss without what the body can't decide, figures as they were typed."""
    sheet = Sheet(workbook, "Perdita", (50, 20))
    sheet.title('Schema calcoli per quantificare perdita su ob. Integrazione fondo corretta con spese non determinabili"')
    for name, rows in groupby(table("ms_loss_tables"), key=lambda row: row["table"]):
        sheet.blank()
        run_over(sheet, sheet.section(name), 1)
        for row in rows:
            sheet.line(row["label"], printed(row["raw"]))
