"""The identity that a form takes along: a very hidden sheet, and the same in the file's own properties.

Whoever collects the returns knows from it whose form it is, of which year and plan, whatever the file's name has become.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.forms.form import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

SHEET = "_perfxl"
_WORDS = {
    "body": "ente",
    "year": "anno",
    "period": "periodo",
    "office": "ufficio",
    "method": "metodo",
    "plan_sha256": "piano_sha256",
    "version": "versione",
    "round": "giro",
}
_LATER = frozenset({"round"})
"""Words that forms made by earlier versions don't carry."""


def write_identity(workbook: xlsxwriter.Workbook, sheet: Worksheet, identity: Identity) -> None:
    """Two columns, name and value, all text; nothing here is for reading on the screen."""
    sheet.very_hidden()
    sheet.protect()
    for row, (key, value) in enumerate(asdict(identity).items()):
        text = "" if value is None else str(value)
        sheet.write_string(row, 0, _WORDS[key])
        sheet.write_string(row, 1, text)
        workbook.set_custom_property(f"perfxl_{_WORDS[key]}", text, "text")


def read_identity(path: str | Path) -> Identity | None:
    """The identity of a returned form; None where the file has none (another workbook, or the sheet was removed).

    Raises InputError where the file isn't a workbook that can be opened.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    from perfxl.errors import InputError

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            if SHEET not in book.sheet_names:
                return None
            rows = book.get_sheet_by_name(SHEET).to_python()
    except (CalamineError, OSError) as error:
        raise InputError(f"{path}: la cartella di lavoro non si apre ({error}).", path=str(path)) from error
    return identity_of({str(row[0]): str(row[1]) for row in rows if len(row) > 1})


def identity_of(said: Mapping[str, str]) -> Identity | None:
    """The identity that the hidden sheet's names and values say; None where one that every form has is missing."""
    if any(word not in said for key, word in _WORDS.items() if key not in _LATER):
        return None
    values = {key: said.get(word, "") for key, word in _WORDS.items()}
    year = values.pop("year")
    return Identity(year=int(year) if len(year) == 4 and year.isdecimal() else None, **values)
