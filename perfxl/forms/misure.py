"""The *Misure* workbook: a row for each measure, a yellow cell for each year, nothing else to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from perfxl.forms.styles import Styles
from perfxl.forms.write import PROTECTION
from perfxl.writers.file import A4, IN_MEMORY
from perfxl.writers.keep import check_writable, keep_copy, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfxl.statements.measure_catalogue import Measure

SHEET = "Misure"
NUMBER = "#,##0.00####"
_HEADING_ROW = 4
_WIDTHS = {"Codice": 26, "Descrizione": 80, "Unità": 8, "Altre grafie": 24, "Da dove viene": 40}
_VALUE_WIDTH = 16


def write_measures(measures: Sequence[Measure], years: Sequence[int], path: Path, title: str) -> Path | None:
    """Write the workbook; a file that was there is kept as a numbered copy, whose path is returned. Raises OutputError."""
    check_writable(path)
    copy = keep_copy(path) if path.exists() else None
    write_whole(path, lambda temporary: _write(measures, years, temporary, title))
    return copy


def _write(measures: Sequence[Measure], years: Sequence[int], path: Path, title: str) -> None:
    workbook = xlsxwriter.Workbook(str(path), IN_MEMORY)
    workbook.set_properties({"title": title})
    styles = Styles(workbook)
    sheet = workbook.add_worksheet(SHEET)
    sheet.write_string(0, 0, title, styles.plain(bold=True, font_size=14))
    sheet.write_string(1, 0, f"MISURE {'-'.join(map(str, dict.fromkeys((years[0], years[-1]))))}", styles.plain(bold=True))
    sheet.write_string(2, 0, "Scrivere i valori nelle celle gialle; una cella vuota è una misura che manca.", styles.plain())
    values = [f"Valore {year}" for year in years]
    headings = ["Codice", "Descrizione", "Unità", *values, "Altre grafie", "Da dove viene"]
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, _WIDTHS.get(heading, _VALUE_WIDTH))
        sheet.write_string(_HEADING_ROW - 1, column, heading, styles.heading)
    for row, measure in enumerate(measures, start=_HEADING_ROW):
        cells = {
            "Codice": measure.code,
            "Descrizione": measure.text,
            "Unità": measure.unit,
            "Altre grafie": ", ".join(measure.also),
        }
        for column, heading in enumerate(headings):
            if heading in values:
                sheet.write_blank(row, column, None, styles.entry(NUMBER))
            elif heading == "Da dove viene":
                sheet.write_blank(row, column, None, styles.entry("@"))
            else:
                sheet.write_string(row, column, cells[heading], styles.cell())
    last = _HEADING_ROW + len(measures) - 1
    sheet.data_validation(
        _HEADING_ROW, 3, last, 2 + len(values),
        {
            "validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15,
            "error_title": "Misura", "error_message": "Scrivere un numero, o lasciare vuota la cella.",
        },
    )  # fmt: skip
    sheet.freeze_panes(_HEADING_ROW, 1)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", PROTECTION)
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error
