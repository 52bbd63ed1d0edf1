"""The sheet of an office in Massa-Carrara's layout: the nine columns of the dashboard, then note, cause, evidence and light.

Source: the dashboards of 2019 (Piano, Allegato 2): title in row 1, headings in row 3, rows from the fourth on.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.forms.branches import aim_of
from perfxl.forms.entry import flag_out_of_measure, result_format, validate_cause, validate_result
from perfxl.forms.formulas import NOTHING, Formulas, Places, formulas_of
from perfxl.forms.styles import DATE, GENERAL, PERCENT, TEXT
from perfxl.model import EMPTY, Cell, CellKind, RowLevel, State
from perfxl.views.words import STATE_LABEL

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.forms.form import FormRow, Page
    from perfxl.forms.styles import Styles
    from perfxl.methods.schema import Method

HEADER, FIRST = 2, 3
RESULT, PERCENT_AT, NOTE, CAUSE, EVIDENCE, STATE = 2, 6, 9, 10, 11, 12
RESULT_LETTER, PERCENT_LETTER = "C", "G"
HELPERS = ("N", "O", "P", "Q")
WIDTHS = (48, 28, 13, 12, 12, 12, 14, 16, 13, 28, 14, 20, 21)
ONE_LINE = 140  # a shorter objective runs over the empty cells beside it
OWN = frozenset({RESULT, NOTE, CAUSE, EVIDENCE})


def headings(year: int | None) -> tuple[str, ...]:
    """The nine of the dashboard, in its order, and ours."""
    years = [f" {year + after}" if year else "" for after in (0, 1, 2)]
    return (
        "OBIETTIVI / INDICATORI STRATEGICI / OPERATIVI", "Algoritmo", f"Risultato{years[0]}", f"Target{years[0]}",
        f"Target{years[1]}" if year else "Target anno n+1", f"Target{years[2]}" if year else "Target anno n+2",
        "% Realizz parametrata", "UFFICIO", "OB IND", "Note", "Causa", "Evidenza", "Stato",
    )  # fmt: skip


class Dashboard:
    """Writes one page on a worksheet."""

    def __init__(self, worksheet: Worksheet, styles: Styles, method: Method, year: int | None) -> None:
        self._sheet, self._styles, self._method, self._year = worksheet, styles, method, year

    def write(self, page: Page, subtitle: str) -> None:
        """Title, headings, rows, colours, print set-up."""
        sheet, styles = self._sheet, self._styles
        sheet.write_string(0, 0, page.title, styles.plain(bold=True, font_size=12, font_color="#1F4E78", valign="vcenter"))
        sheet.set_row(0, 20)
        sheet.write_string(
            1, 0, f"{subtitle} · si scrive solo nelle celle gialle", styles.plain(italic=True, font_color="#595959")
        )
        sheet.set_row(HEADER, 32)
        for column, text in enumerate(headings(self._year)):
            sheet.write_string(HEADER, column, text, styles.own_heading if column in OWN else styles.heading)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(f"{HELPERS[0]}:{HELPERS[-1]}", 9, None, {"hidden": True})
        for number, row in enumerate(page.rows):
            self._row(FIRST + number, row)
        last = FIRST + len(page.rows) - 1
        light_rules(sheet, styles, (FIRST, PERCENT_AT, last, PERCENT_AT), f"$M{FIRST + 1}", (FIRST, STATE, last, STATE))
        sheet.freeze_panes(FIRST, 1)
        sheet.print_area(0, 0, last, STATE)
        sheet.repeat_rows(HEADER)

    def _row(self, at: int, row: FormRow) -> None:
        sheet, styles = self._sheet, self._styles
        indicator = row.level is RowLevel.INDICATOR
        level = None if indicator else row.level
        wrap = indicator or len(row.label) > ONE_LINE
        sheet.write_string(at, 0, row.label, styles.cell(level, indent=1 if indicator else 0, text_wrap=wrap))
        write_cell(sheet, at, 1, row.algorithm, styles, level)
        for after in (0, 1, 2):
            write_cell(sheet, at, 3 + after, self._target(row, after), styles, level, align="center")
        sheet.write_string(at, 7, row.offices, styles.cell(level, align="center"))
        sheet.write_string(at, 8, row.people, styles.cell(level, align="center"))
        if indicator:
            self._entry(at, row)
            return
        for column in (RESULT, PERCENT_AT, NOTE, CAUSE, EVIDENCE, STATE):
            sheet.write_blank(at, column, None, styles.cell(level))

    def _target(self, row: FormRow, after: int) -> Cell:
        if self._year is None:
            return row.targets.get(None, EMPTY) if after == 0 else EMPTY
        return row.targets.get(self._year + after, row.targets.get(None, EMPTY) if after == 0 else EMPTY)

    def _entry(self, at: int, row: FormRow) -> None:
        sheet, styles = self._sheet, self._styles
        aim = aim_of(row, self._method, self._year)
        sheet.write_blank(at, RESULT, None, result_format(aim, styles))
        validate_result(sheet, at, RESULT, f"{RESULT_LETTER}{at + 1}", aim, self._year)
        flag_out_of_measure(sheet, at, RESULT, f"{RESULT_LETTER}{at + 1}", aim, styles)
        for column in (NOTE, CAUSE, EVIDENCE):
            sheet.write_blank(at, column, None, styles.entry(TEXT))
        validate_cause(sheet, at, CAUSE)
        places = Places.of(at + 1, RESULT_LETTER, HELPERS, PERCENT_LETTER)
        write_formulas(sheet, styles, formulas_of(aim, self._method, places), places, f"M{at + 1}", self._method)


def write_formulas(sheet: Worksheet, styles: Styles, formulas: Formulas, at: Places, state: str, method: Method) -> None:
    """The live cells of a row, with what they show while the result is blank."""
    zeros = "." + "0" * method.rounding.decimals if method.rounding.decimals else ""
    sheet.write_formula(at.percent, formulas.percent, styles.cell(num_format=f"0{zeros}%", align="center"), NOTHING)
    sheet.write_formula(state, formulas.state, styles.cell(), STATE_LABEL[State.UNMEASURED])
    helper = styles.plain(font_color="#A6A6A6", font_size=8, hidden=True)
    for address, formula in ((at.format, formulas.format), (at.measure, formulas.measure)):
        sheet.write_formula(address, formula, helper, "")
    for address, formula in ((at.fraction, formulas.fraction), (at.banded, formulas.banded)):
        sheet.write_formula(address, formula, helper, "")


def light_rules(
    sheet: Worksheet, styles: Styles, percents: tuple[int, int, int, int], light: str, states: tuple[int, int, int, int]
) -> None:
    """Fill, weight and sign differ from state to state: the light reads in black and white too."""
    for sign, state_format in styles.states:
        rule = {"type": "formula", "criteria": f'=LEFT({light},1)="{sign}"', "format": state_format}
        sheet.conditional_format(*states, rule)
        if sign != "–":
            sheet.conditional_format(*percents, rule)


def write_cell(
    sheet: Worksheet, at: int, column: int, cell: Cell, styles: Styles, level: RowLevel | None = None, align: str = "left"
) -> None:
    """A cell of the plan as it is there: a text stays a text, a percent a percent, a date a date."""
    value = cell.value
    if cell.kind is CellKind.DATE and isinstance(value, date):
        sheet.write_datetime(at, column, value, styles.cell(level, num_format=DATE, align=align))
    elif cell.kind in (CellKind.NUMBER, CellKind.PERCENT) and isinstance(value, Decimal):
        shown = cell.number_format if cell.number_format != TEXT else GENERAL
        if cell.kind is CellKind.PERCENT and "%" not in shown:
            shown = PERCENT
        sheet.write_number(at, column, float(value), styles.cell(level, num_format=shown, align=align))
    elif cell.empty:
        sheet.write_blank(at, column, None, styles.cell(level))
    else:
        sheet.write_string(at, column, cell.text, styles.cell(level, align=align))
