"""*Uffici*: who answers for what, and where to write. Names and addresses of people are the body's to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines, table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent

_WIDTHS = (14.0, 84.0, 32.0, 38.0)
_TOP = 3


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab."""
    look.open_tab(
        sheet, names.OFFICES, "Un ufficio per riga; due uffici che rispondono insieme sono un foglio solo (U5.1/U5.2)", _WIDTHS
    )
    sheet.set_row(2, 10)
    offices = content.offices
    table(sheet, look, names.OFFICE_TABLE, _TOP, names.OFFICE_HEADINGS, len(offices))
    for row, office in enumerate(offices, _TOP + 1):
        sheet.write_string(row, 0, office.code, look["code"])
        sheet.write_string(row, 1, office.name, look["text"])
        for column, text in ((2, office.responsible), (3, office.email)):
            sheet.write_string(row, column, text, look["input_text"]) if text else sheet.write_blank(
                row, column, None, look["input_text"]
            )
        sheet.set_row(row, 14 * lines(office.name, _WIDTHS[1]) + 6)
    first, last = _TOP + 2, _TOP + 1 + max(len(offices), 1)
    rule = {
        "validate": "custom",
        "value": f'=AND(ISNUMBER(FIND("@",D{first})),ISERROR(FIND(" ",D{first})))',
        "error_title": "E-mail",
        "error_message": "Un indirizzo solo, con la chiocciola e senza spazi.",
        "error_type": "warning",
    }
    sheet.data_validation(first - 1, 3, last - 1, 3, rule)
    sheet.freeze_panes(_TOP + 1, 1)
    sheet.repeat_rows(_TOP)
