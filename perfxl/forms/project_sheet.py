"""A strategic objective with its projects in Lucca's layout: blocks one below the other, indicators with their result.

Source: *Report direzionale* 2017 (Lucca). Beside the result: note, cause, evidence, percent and light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.forms.branches import aim_of
from perfxl.forms.dashboard import light_rules, write_cell, write_formulas
from perfxl.forms.entry import flag_out_of_measure, result_format, validate_cause, validate_result
from perfxl.forms.formulas import Places, formulas_of
from perfxl.forms.styles import TEXT
from perfxl.model import RowLevel

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.forms.form import FormRow, Page
    from perfxl.forms.styles import Styles
    from perfxl.methods.schema import Method

WIDTHS = (78, 16, 30, 16, 24, 16, 22)
HEADINGS = ("NOTE", "CAUSA", "EVIDENZA", "% REALIZZAZIONE", "STATO")
RESULT, CAUSE, PERCENT_AT, STATE = 1, 3, 5, 6
RESULT_LETTER, PERCENT_LETTER = "B", "F"
HELPERS = ("H", "I", "J", "K")


class ProjectSheet:
    """Writes one page on a worksheet."""

    def __init__(self, worksheet: Worksheet, styles: Styles, method: Method, year: int | None) -> None:
        self._sheet, self._styles, self._method, self._year = worksheet, styles, method, year
        self._at = 0

    def write(self, page: Page, subtitle: str) -> None:
        """The blocks from the first row on, as in the real sheets; the subtitle is the page's header when printed."""
        del subtitle  # stands in the print header: a first row of ours would change the familiar sheet
        for column, width in enumerate(WIDTHS):
            self._sheet.set_column(column, column, width)
        self._sheet.set_column(f"{HELPERS[0]}:{HELPERS[-1]}", 9, None, {"hidden": True})
        for label, text in page.heading:
            self._line(label, self._styles.plain(bold=True))
            self._line(text, self._styles.plain(text_wrap=True))
        section = ""
        for row in page.rows:
            section = self._block(row, section)
        last = self._at - 1
        light_rules(self._sheet, self._styles, (0, PERCENT_AT, last, PERCENT_AT), "$G1", (0, STATE, last, STATE))
        self._sheet.print_area(0, 0, last, STATE)

    def _block(self, row: FormRow, section: str) -> str:
        """Write a row; returns the section that is open after it."""
        if row.level is not RowLevel.INDICATOR:
            if row.level is RowLevel.PROJECT:
                self._at += 1
            self._line(row.label, self._styles.cell(row.level))
            self._line(row.title, self._styles.cell())
            self._amounts(row)
            return ""
        wanted = f"INDICATORI STRATEGICI {row.owner}:" if row.strategic else "INDICATORI:"
        if section != wanted:
            self._sheet.write_string(self._at, 0, wanted, self._styles.heading)
            for column, text in enumerate(("RISULTATO", *HEADINGS), RESULT):
                own = self._styles.own_heading if column <= RESULT + 3 else self._styles.heading
                self._sheet.write_string(self._at, column, text, own)
            self._at += 1
        self._entry(row)
        return wanted

    def _line(self, text: str, style: object) -> None:
        self._sheet.write_string(self._at, 0, text, style)
        self._at += 1

    def _amounts(self, row: FormRow) -> None:
        if row.amounts:
            self._line("RISORSE UTILIZZATE", self._styles.plain(bold=True))
        for name, cell in row.amounts:
            self._sheet.write_string(self._at, 0, name, self._styles.cell())
            write_cell(self._sheet, self._at, 1, cell, self._styles, align="right")
            self._at += 1

    def _entry(self, row: FormRow) -> None:
        sheet, styles, at = self._sheet, self._styles, self._at
        aim = aim_of(row, self._method, self._year)
        sheet.write_string(at, 0, row.label, styles.cell())
        sheet.write_blank(at, RESULT, None, result_format(aim, styles))
        validate_result(sheet, at, RESULT, f"{RESULT_LETTER}{at + 1}", aim, self._year)
        flag_out_of_measure(sheet, at, RESULT, f"{RESULT_LETTER}{at + 1}", aim, styles)
        for column in range(RESULT + 1, PERCENT_AT):
            sheet.write_blank(at, column, None, styles.entry(TEXT))
        validate_cause(sheet, at, CAUSE)
        places = Places.of(at + 1, RESULT_LETTER, HELPERS, PERCENT_LETTER)
        write_formulas(sheet, styles, formulas_of(aim, self._method, places), places, f"G{at + 1}", self._method)
        self._at += 1
