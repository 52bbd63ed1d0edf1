"""*Guida*: what the workbook is for, in what order to use it, what each tab holds, what to do when something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines
from perfxl.master.vba import BUTTONS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent

_WIDTHS = (6.0, 30.0, 94.0)

_STEPS = (
    (
        "Preparare",
        "Controllare Parametri (anno, situazione, cartelle), Uffici, Piano e Metodo. Le celle color crema si scrivono; il resto si legge.",
    ),
    (
        "Raccogliere",
        "Mettere in una cartella i fogli rispediti dagli uffici, scriverla in Parametri e premere Raccogli: il Cruscotto dice che cosa è arrivato e che cosa manca.",
    ),
    (
        "Verificare",
        "Premere Verifica: ogni anomalia ha il suo file, la sua cella e che cosa fare. Un dato illeggibile non vale mai 0 né 100.",
    ),
    (
        "Calcolare",
        "Premere Ricalcola, poi Riepiloghi: le schede di riepilogo si scrivono in questa cartella, le altre restano come sono.",
    ),
    ("Spedire", "Premere Congela per invio: la copia ha solo valori e formule di Excel, e si apre ovunque senza macro."),
)

_TABS = (
    (names.DASHBOARD, "I pulsanti e lo stato della raccolta, ufficio per ufficio."),
    (names.PLAN, "L'albero degli obiettivi e gli indicatori con i target."),
    (names.OFFICES, "Codice, denominazione, responsabile ed e-mail di ogni ufficio."),
    (names.PARAMETERS, "Ente, anno, data della situazione, cartelle."),
    (names.METHOD, "Come l'ente valuta: ogni voce con i valori ammessi. Vale ciò che è scritto qui."),
)

_TROUBLE = (
    ("I pulsanti non rispondono", "Il file viene da Internet o da un'e-mail: chiuderlo, clic destro sul file, Proprietà, Annulla blocco; poi riaprirlo e scegliere «Abilita contenuto»."),
    ("«Could not find Interpreter!»", "Su questo computer manca l'impostazione di Python: aprire un terminale e dare «perfxl installa»."),
    ("Versioni diverse", "«perfxl installa --controlla» dice che cosa manca e se la versione di xlwings è quella di questa cartella."),
    ("#NOME? al posto di una funzione PX_", "La cartella è stata aperta senza macro, o su un computer senza perfxl: i valori già calcolati restano validi."),
)  # fmt: skip


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab."""
    subtitle = f"{content.parameters.body} – ciclo della performance {content.parameters.year or ''}".rstrip()
    look.open_tab(sheet, "perfxl – cartella del controllo di gestione", subtitle, _WIDTHS)
    row = _section(sheet, look, 3, "Come si lavora")
    for number, (head, text) in enumerate(_STEPS, 1):
        sheet.write_number(row, 0, number, look["step"])
        row = _pair(sheet, look, row, head, text)
    row = _section(sheet, look, row + 1, "Che cosa fanno i pulsanti")
    for button in BUTTONS:
        row = _pair(sheet, look, row, button.caption, button.help)
    row = _section(sheet, look, row + 1, "Le schede")
    for tab, text in _TABS:
        sheet.write_url(row, 1, f"internal:'{tab}'!A1", look["link"], tab)
        row = _pair(sheet, look, row, "", text)
    row = _section(sheet, look, row + 1, "Se qualcosa non va")
    for head, text in _TROUBLE:
        row = _pair(sheet, look, row, head, text)
    sheet.set_first_sheet()


def _section(sheet: Worksheet, look: Look, row: int, text: str) -> int:
    look.section(sheet, row, text, len(_WIDTHS))
    return row + 1


def _pair(sheet: Worksheet, look: Look, row: int, head: str, text: str) -> int:
    if head:
        sheet.write_string(row, 1, head, look["prose_bold"])
    sheet.write_string(row, 2, text, look["prose"])
    sheet.set_row(row, 16 * max(lines(text, _WIDTHS[2] * 0.95), lines(head, _WIDTHS[1])) + 4)
    return row + 1
