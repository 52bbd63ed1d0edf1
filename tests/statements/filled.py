"""Templates of `workbooks/modelli` as an office would fill them."""

from __future__ import annotations

from datetime import date

from openpyxl import load_workbook

GRADES = {
    "Corsi di formazione": ("O3.1.1-b", 5, (1, 2, 7, 20, 30), 80, 4.1),
    "Sportello nuove imprese": ("O3.1.2-b", 10, (0, 0, 0, 1, 2, 3, 4, 9, 11, 5), 40, 8.2),
    "Iniziative promozionali": ("O3.1.3-b", 7, (0, 1, 2, 3, 9, 12, 3), 25, None),
    "Attività ISR": ("O1.1.1-c", 4, (1, 2, 8, 9), None, None),
}
"""Service → indicator, end of the scale, votes by grade from 1, people asked, mean of the year before."""

GOOD_FROM = {4: 3, 5: 4, 7: 5, 10: 7}
"""Where nobody says it: the upper part of each scale."""

STANDARDS = (
    ("Iscrizione Registro Imprese", "tempo", "gg", None, 5, 3.8),
    ("Cancellazione protesti", "tempo", "gg", None, 20, 22),
    ("Rilascio firma digitale", "tempo", "gg", None, 1, 1),
    ("Risposte entro 3 giorni", "quota", "%", "crescente", 90, 81),
    ("Vidimazione registri", "tempo", "gg", None, 2, None),
)
"""Service, factor, unit, direction, declared, measured."""

PHASES = (
    ("Pianificazione", "Analisi del contesto", "Controllo di gestione", "Giu-Set", 2018, date(2018, 9, 20)),
    (None, "Approvazione RPP", "Consiglio", "Ott-Dic", 2018, None),
    ("Monitoraggio", "Rilevazione", "Uffici", "Giugno Settembre Dicembre", 2019, "28/06/2019"),
    (None, "Report", "Controllo di gestione", "Semestrale", 2019, None),
    (None, "Aggiornamento", "Giunta", "In itinere", 2019, None),
    (None, "Valutazione", "OIV", "quando si può", 2019, None),
    (None, "Relazione", "Giunta", "entro il 30/06", 2020, None),
)
"""Phase, what, who, times, year, done."""


def _headed(sheet, text):
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == text)


def surveys(workbooks, folder, grades=GRADES, good_from=None):
    """The survey template with votes; `good_from` overrides the proposed grade."""
    book = load_workbook(workbooks / "modelli" / "Gradimento.xlsx")
    sheet = book["Rilevazione"]
    top = _headed(sheet, "Servizio o iniziativa")
    for row, (service, (code, high, votes, asked, before)) in enumerate(grades.items(), start=top + 1):
        for column, value in zip((1, 2, 3, 4, 5, 21, 23), (service, 2019, code, 1, high, asked, before), strict=True):
            sheet.cell(row, column, value)
        sheet.cell(row, 6, good_from or GOOD_FROM[high])
        for grade, count in enumerate(votes, start=1):
            sheet.cell(row, 6 + grade, count)
    return _saved(book, folder / "Gradimento.xlsx")


def standards(workbooks, folder, rows=STANDARDS, indicator="S2.1.4-a"):
    """The service charter's template with standards."""
    book = load_workbook(workbooks / "modelli" / "Carta_dei_servizi.xlsx")
    sheet = book["Standard"]
    top = _headed(sheet, "Servizio/procedimento")
    for row, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    sheet.cell(_headed(sheet, "Misura") + 1, 2, indicator)
    return _saved(book, folder / "Carta_dei_servizi.xlsx")


def deadlines(workbooks, folder, rows=PHASES):
    """The template of deadlines with phases."""
    book = load_workbook(workbooks / "modelli" / "Scadenzario.xlsx")
    sheet = book["Scadenzario"]
    top = _headed(sheet, "Fase del ciclo")
    for row, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            if value is not None:
                sheet.cell(row, column, value)
    return _saved(book, folder / "Scadenzario.xlsx")


def processes(workbooks, folder, rows):
    """The template of people by process: process → (FTE, share of the others in percent, full cost)."""
    book = load_workbook(workbooks / "modelli" / "Personale_per_processo.xlsx")
    sheet = book["Processi"]
    for row in sheet.iter_rows():
        if row[0].value in rows:
            fte, share, cost = rows[row[0].value]
            row[2].value, row[4].value, row[5].value = fte, share / 100, cost
    return _saved(book, folder / "Personale_per_processo.xlsx")


def _saved(book, path):
    book.save(path)
    return path
