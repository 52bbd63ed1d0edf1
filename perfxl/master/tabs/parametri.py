"""*Parametri*: the body, the year, the reference date, the folders; the method's name, which *Metodo* decides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent

_WIDTHS = (36.0, 54.0, 76.0)
_TOP = 3

_HELP = {
    names.BODY_LABEL: "Come deve comparire nei riepiloghi.",
    names.YEAR_LABEL: "Anno del piano.",
    names.PERIOD_LABEL: "Data a cui i risultati si riferiscono: distingue ciò che non è ancora dovuto da ciò che manca. Vuota: fine anno.",
    names.INBOX_LABEL: "Dove stanno i fogli rispediti dagli uffici, per Raccogli, Ricalcola e Riepiloghi; un percorso relativo parte da questo file. Vuota: Raccogli la chiede, gli altri leggono i fogli copiati qui.",
    names.ARCHIVE_LABEL: "Dove mettere le copie di sicurezza prese prima di ogni comando. Vuota: in una cartella accanto a questo file.",
}


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab."""
    look.open_tab(sheet, names.PARAMETERS, "Le celle color crema si scrivono", _WIDTHS)
    sheet.set_row(2, 10)
    p = content.parameters
    values = (p.body, p.year, p.as_of, p.inbox, p.archive)
    for row, (label, value) in enumerate(zip(names.PARAMETER_LABELS, values, strict=True), _TOP):
        sheet.write_string(row, 0, label, look["label"])
        _value(sheet, row, value, look)
        sheet.write_string(row, 2, _HELP[label], look["muted"])
        sheet.set_row(row, 14 * lines(_HELP[label], _WIDTHS[2]) + 8)
    row = _TOP + len(values)
    sheet.write_string(row, 0, "Metodo", look["label"])
    sheet.write_formula(row, 1, f"={names.METHOD}!$C$5", look["text"], content.method.name)
    sheet.write_string(row, 2, f"Si cambia nella scheda {names.METHOD}, voce per voce.", look["muted"])
    sheet.set_row(row, 22)
    _rules(sheet)


def _value(sheet: Worksheet, row: int, value: str | int | date | None, look: Look) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, 1, value, look["input_date"])
    elif isinstance(value, int):
        sheet.write_number(row, 1, value, look["input_centred"])
    elif value:
        sheet.write_string(row, 1, value, look["input_text"])
    else:
        sheet.write_blank(row, 1, None, look["input_date" if row == _TOP + 2 else "input_text"])


def _rules(sheet: Worksheet) -> None:
    year = {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1990,
        "maximum": 2100,
        "error_title": names.YEAR_LABEL,
        "error_message": "Un anno di quattro cifre, per esempio 2019.",
    }
    when = {
        "validate": "date",
        "criteria": "between",
        "minimum": date(1990, 1, 1),
        "maximum": date(2100, 12, 31),
        "error_title": names.PERIOD_LABEL,
        "error_message": "Una data, per esempio 30/04/2019.",
    }
    sheet.data_validation(_TOP + 1, 1, _TOP + 1, 1, year)
    sheet.data_validation(_TOP + 2, 1, _TOP + 2, 1, when)
