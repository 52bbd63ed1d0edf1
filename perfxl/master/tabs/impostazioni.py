"""The hidden tab `xlwings.conf`, which xlwings' standalone module reads before any other setting.

Interpreter and PYTHONPATH aren't in it: a key that stands here, even empty, would win over what `perfxl installa` writes in the
user's own settings, and a workbook that is passed from one computer to another would look for the first one's Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.master.look import Look

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent

SETTINGS: tuple[tuple[str, str | bool], ...] = (
    ("UDF MODULES", "udfs"),
    ("DEBUG UDFS", False),
    ("USE UDF SERVER", False),
    ("SHOW CONSOLE", False),
)
"""From A1 down, without an empty row: so xlwings wants them."""


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:  # noqa: ARG001 - every tab is written alike
    """Write the tab."""
    for row, (key, value) in enumerate(SETTINGS):
        sheet.write_string(row, 0, key, look["plain"])
        if isinstance(value, bool):
            sheet.write_boolean(row, 1, value, look["plain"])
        else:
            sheet.write_string(row, 1, value, look["plain"])
    sheet.set_column(0, 0, 24)
    sheet.hide()
