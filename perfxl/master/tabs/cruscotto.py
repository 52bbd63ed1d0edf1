"""*Cruscotto*: the six buttons, four figures of the collection, and its state office by office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines, table
from perfxl.master.vba import BUTTON_MODULE, BUTTONS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent
    from perfxl.master.names import Office

_WIDTHS = (13.0, 52.0, 34.0, 14.0, 12.0, 12.0, 12.0, 18.0)
_BUTTON_ROW, _FIGURE_ROW, _TABLE_ROW = 3, 9, 14
_BUTTON_PLACES = ((0, 1), (2, 3), (4, 7))
"""First and last column of the three places of a row of buttons: nearly equal widths on the table's own columns."""
_FIGURE_PLACES = ((0, 1), (2, 2), (3, 4), (5, 7))
_BUTTON_PIXELS = (250, 36)
_ROOM = 50
"""Rows beneath the table that are coloured too, when the collection finds more offices than were expected."""
_STATES = ("bad", "good", "warn")  # as COLLECTION_STATES: missing, come, with findings


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab."""
    when = f"{content.parameters.body} – anno {content.parameters.year or ''}".rstrip()
    look.open_tab(sheet, names.DASHBOARD, when, _WIDTHS)
    _buttons(sheet, look)
    _figures(sheet, look, len(content.offices))
    _collection(sheet, look, content.offices)
    sheet.activate()


def _buttons(sheet: Worksheet, look: Look) -> None:
    """Two rows of three, each with its line of help beneath. Qualified macro names: a wrapper may bear the same one."""
    sheet.set_row(_BUTTON_ROW - 1, 10)
    for index, button in enumerate(BUTTONS):
        line, place = divmod(index, len(_BUTTON_PLACES))
        row, (left, right) = _BUTTON_ROW + 2 * line, _BUTTON_PLACES[place]
        sheet.set_row(row, 33)
        sheet.set_row(row + 1, 26)
        options = {
            "macro": f"{BUTTON_MODULE}.{button.macro}",
            "caption": button.caption,
            "width": _BUTTON_PIXELS[0],
            "height": _BUTTON_PIXELS[1],
            "x_offset": 6,
            "y_offset": 4,
            "description": button.help,
        }
        sheet.insert_button(row, left, options)
        sheet.merge_range(row + 1, left, row + 1, right, button.help, look["button_text"])


def _figures(sheet: Worksheet, look: Look, offices: int) -> None:
    """Native formulas on the collection table: they follow it whoever writes it."""
    state, code = (f"{names.COLLECTION_TABLE}[{heading}]" for heading in (names.COLLECTION_HEADINGS[-1], names.OFFICE))
    expected = f"COUNTA({code})"
    come = f'(COUNTIF({state},"{names.COLLECTION_STATES[1]}")+COUNTIF({state},"{names.COLLECTION_STATES[2]}"))'
    figures = (
        ("Fogli attesi", f"={expected}", "figure", offices),
        ("Arrivati", f"={come}", "figure", 0),
        ("Mancanti", f"={expected}-{come}", "figure", offices),
        ("Raccolta", f"=IF({expected}=0,0,{come}/{expected})", "figure_pct", 0),
    )
    look.section(sheet, _FIGURE_ROW - 1, "Stato della raccolta", len(_WIDTHS))
    sheet.set_row(_FIGURE_ROW, 8)
    sheet.set_row(_FIGURE_ROW + 1, 34)
    sheet.set_row(_FIGURE_ROW + 2, 18)
    for (caption, formula, style, value), (left, right) in zip(figures, _FIGURE_PLACES, strict=True):
        for row, text, name in ((_FIGURE_ROW + 1, "", style), (_FIGURE_ROW + 2, caption, "caption")):
            if right > left:
                sheet.merge_range(row, left, row, right, text, look[name])
            else:
                sheet.write_string(row, left, text, look[name])
        sheet.write_formula(_FIGURE_ROW + 1, left, formula, look[style], value)


def _collection(sheet: Worksheet, look: Look, offices: tuple[Office, ...]) -> None:
    """The table that *Raccogli* fills; before the first collection every office is missing."""
    missing = names.COLLECTION_STATES[0]
    headings = names.COLLECTION_HEADINGS
    table(sheet, look, names.COLLECTION_TABLE, _TABLE_ROW, headings, len(offices))
    first, last = _TABLE_ROW + 1, _TABLE_ROW + max(len(offices), 1)
    for row, office in enumerate(offices, first):
        sheet.write_string(row, 0, office.code, look["code"])
        sheet.write_string(row, 1, office.name, look["text"])
        sheet.write_blank(row, 2, None, look["text"])
        for column in range(3, 7):
            sheet.write_blank(row, column, None, look["centred"])
        sheet.write_string(row, 7, missing, look["centred"])
        sheet.set_row(row, 14 * lines(office.name, _WIDTHS[1]) + 4)
    for state, style in zip(names.COLLECTION_STATES, _STATES, strict=True):
        rule = {"type": "cell", "criteria": "==", "value": f'"{state}"', "format": look[style]}
        sheet.conditional_format(first, 7, last + _ROOM, 7, rule)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(_TABLE_ROW)
