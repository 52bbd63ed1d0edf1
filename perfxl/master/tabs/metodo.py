"""*Metodo*: every key of the profile with its value, what it means and what it admits; choices, aliases and exceptions beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines, table
from perfxl.master.method_cells import KeyRow, rows_of, shown

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent
    from perfxl.methods.schema import Method

_WIDTHS = (24.0, 24.0, 40.0, 44.0, 78.0)
_TOP = 3
_SPARE_ROWS = 6
"""Empty rows that a small table starts with, for the body's own entries."""


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab. The profile's name stands in C5, which *Parametri* shows."""
    method = content.method
    look.open_tab(
        sheet,
        names.METHOD,
        "Come si valuta: vale ciò che è scritto nella colonna Valore. Le chiavi sono spiegate in docs/metodi.md",
        _WIDTHS,
    )
    sheet.set_row(2, 10)
    keys = tuple(rows_of(method))
    assert keys[0].key == "name"
    table(sheet, look, names.METHOD_TABLE, _TOP, names.METHOD_HEADINGS, len(keys))
    for row, key in enumerate(keys, _TOP + 1):
        _key(sheet, look, row, key)
    row = _apart(sheet, look, _TOP + len(keys) + 4, "Scelte dichiarate dove i documenti tacciono")
    row = _small(sheet, look, row, names.NOTE_TABLE, names.NOTE_HEADINGS, [(note,) for note in method.notes])
    row = _apart(sheet, look, row + 3, "Codici scritti in più modi")
    row = _small(sheet, look, row, names.ALIAS_TABLE, names.ALIAS_HEADINGS, list(method.aliases.items()))
    row = _apart(sheet, look, row + 3, "Eccezioni per singoli codici (* e ? valgono per più codici)")
    _small(sheet, look, row, names.EXCEPTION_TABLE, names.EXCEPTION_HEADINGS, _exceptions(method))
    sheet.set_h_pagebreaks([_TOP + len(keys) + 4])
    sheet.set_zoom(85)
    sheet.freeze_panes(_TOP + 1, 2)
    sheet.repeat_rows(_TOP)


def _key(sheet: Worksheet, look: Look, row: int, key: KeyRow) -> None:
    sheet.write_string(row, 0, key.section, look["muted"])
    sheet.write_string(row, 1, key.key, look["code"])
    style = "input_centred" if key.allowed or not isinstance(key.value, str) else "input_text"
    if isinstance(key.value, str):
        sheet.write_string(row, 2, key.value, look[style])
    else:
        sheet.write_number(row, 2, key.value, look[style])
    sheet.write_string(row, 3, key.meaning, look["text"])
    sheet.write_string(row, 4, key.hint, look["muted"])
    texts = zip((str(key.value), key.meaning, key.hint), _WIDTHS[2:], strict=True)
    sheet.set_row(row, min(14 * max(lines(text, width) for text, width in texts) + 4, 409))
    if key.allowed:
        rule = {
            "validate": "list",
            "source": list(key.allowed),
            "error_title": key.key[:32],
            "error_message": "Scegliere uno dei valori dell'elenco: sono spiegati nell'ultima colonna.",
        }
        sheet.data_validation(row, 2, row, 2, rule)


def _apart(sheet: Worksheet, look: Look, row: int, title: str) -> int:
    look.section(sheet, row, title, len(_WIDTHS))
    return row + 1


def _small(
    sheet: Worksheet, look: Look, top: int, name: str, headings: tuple[str, ...], rows: list[tuple[str | int | float, ...]]
) -> int:
    """A table with its rows and a few empty ones; the number of the row after it."""
    spare = 0 if len(headings) == 1 and rows else _SPARE_ROWS
    total = len(rows) + spare
    table(sheet, look, name, top, headings, total)
    for row in range(top + 1, top + total + 1):
        values = rows[row - top - 1] if row - top <= len(rows) else ("",) * len(headings)
        for column, value in enumerate(values):
            _free(sheet, look, row, column, value, wide=len(headings) == 1)
        sheet.set_row(row, 20)
    return top + total


def _free(sheet: Worksheet, look: Look, row: int, column: int, value: str | float, *, wide: bool) -> None:
    """A cell to write in. A long note runs on over the empty cells at its right."""
    style = look["plain" if wide else "input_text"]
    if value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _exceptions(method: Method) -> list[tuple[str | int | float, ...]]:
    """One row for each key of each exception."""
    return [
        (rule.code, rule.reason, key, shown(getattr(rule, key)))
        for rule in method.exceptions
        for key in type(rule).model_fields
        if key in rule.model_fields_set - {"code", "reason"}
    ]
