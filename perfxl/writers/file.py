"""The file renderer: placed cells to an .xlsx by XlsxWriter. It decides nothing about content."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfxl.writers.bulk import BulkSheet
from perfxl.writers.charts import insert_chart
from perfxl.writers.formats import FONT, Formats
from perfxl.writers.links import InternalUrl, RelativeUrl
from perfxl.writers.package import QuickWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.url import Url
    from xlsxwriter.worksheet import Worksheet

    from perfxl.views.columns import Placed, PlacedColumn
    from perfxl.views.place import Book, Sheet

A3, A4 = 8, 9
BULK_ROWS = 60
"""From this number of rows on, the last table of a tab is written in bulk (see `perfxl.writers.bulk`)."""

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "max_url_length": 2079,
}
IN_MEMORY = {**OPTIONS, "in_memory": True}
"""For XlsxWriter's own way of saving: nothing of what is written passes through the system's folder of temporary files."""


def write_file(book: Book, path: Path, *, bulk_rows: int = BULK_ROWS) -> None:
    """Write the workbook. OSError as the system gives it."""
    workbook = QuickWorkbook(OPTIONS)
    workbook.set_properties(dict(book.properties))
    workbook.set_calc_mode("auto")
    formats = Formats(workbook, book.decimals)
    for sheet in book.sheets:
        _write_sheet(workbook, sheet, formats, book.footer, bulk_rows)
    workbook.worksheets_objs[0].activate()
    workbook.save(path)


def _write_sheet(workbook: xlsxwriter.Workbook, sheet: Sheet, formats: Formats, footer: str, bulk_rows: int) -> None:
    worksheet = workbook.add_worksheet(sheet.tab.name, worksheet_class=BulkSheet)
    bulk_from = _bulk_from(sheet, bulk_rows)
    _grid(worksheet, sheet, bulk_from)
    _page(worksheet, sheet, footer)
    above = [column for column in sheet.columns if bulk_from is None or _above(column, bulk_from)]
    for cell in sheet.cells(above):
        _write_cell(worksheet, cell, formats[cell.style])
    if bulk_from is not None:
        below = [column for column in sheet.columns if not _above(column, bulk_from)]
        worksheet.write_bulk(below, formats, sheet.heights, sheet.outline)
        for cell in [cell for column in below if column.links for cell in column.cells() if cell.link]:
            worksheet.add_link(cell.row, cell.column, _url(cell), shows_number=isinstance(cell.value, float))
    _rules(worksheet, sheet, formats)
    for chart in sheet.charts:
        insert_chart(workbook, worksheet, chart)


def _bulk_from(sheet: Sheet, bulk_rows: int) -> int | None:
    """The row from which cells are written in bulk: from there on none is merged, and no table stands beside another."""
    main = sheet.tab.main_table
    below = sorted((table for table in sheet.tab.tables if table.last_row >= main.first_row), key=lambda table: table.top)
    if len(main.items) < bulk_rows or any(column.span > 1 for table in below for column in table.columns):
        return None
    return None if any(after.top <= table.last_row for table, after in pairwise(below)) else main.first_row


def _above(column: PlacedColumn, row: int) -> bool:
    return not column.rows or column.rows[0] < row


def _grid(worksheet: Worksheet, sheet: Sheet, bulk_from: int | None) -> None:
    for column, width in sheet.widths.items():
        options: dict[str, Any] = {"level": 1, "hidden": True} if column in sheet.helpers else {}
        worksheet.set_column(column, column, width, None, options)
    if sheet.helpers:
        worksheet.set_column(max(sheet.helpers) + 1, max(sheet.helpers) + 1, 3, None, {"collapsed": True})
    for row in sheet.heights.keys() | sheet.outline.keys():
        if bulk_from is not None and row >= bulk_from:
            continue  # the block of rows tells its own heights
        worksheet.set_row(row, sheet.heights.get(row), None, {"level": sheet.outline.get(row, 0)})
    if sheet.outline or sheet.helpers:
        worksheet.outline_settings(visible=True, symbols_below=False, symbols_right=True)
    if sheet.freeze:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.autofilter:
        worksheet.autofilter(*sheet.autofilter)
    if not sheet.tab.gridlines:
        worksheet.hide_gridlines(2)
    worksheet.set_tab_color("#" + sheet.tab.colour)


def _page(worksheet: Worksheet, sheet: Sheet, footer: str) -> None:
    if sheet.tab.portrait:
        worksheet.set_portrait()
        worksheet.center_horizontally()
    else:
        worksheet.set_landscape()
    worksheet.set_paper(A3 if sheet.paper.a3 else A4)
    if sheet.paper.scale:
        worksheet.set_print_scale(sheet.paper.scale)
        if sheet.paper.columns:
            worksheet.repeat_columns(0, sheet.paper.columns - 1)
    else:
        worksheet.fit_to_pages(1, int(sheet.tab.one_page))
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.print_area(*sheet.print_area)
    if sheet.tab.breaks:
        worksheet.set_h_pagebreaks(list(sheet.tab.breaks))
    if sheet.repeat:
        worksheet.repeat_rows(*sheet.repeat)
    text = footer.replace("&", "&&")
    worksheet.set_footer(f'&L&"{FONT}"&8{text} · &A&C&"{FONT}"&8Pagina &P di &N&R&"{FONT}"&8&D')


def _write_cell(worksheet: Worksheet, cell: Placed, cell_format: Format) -> None:
    row, column, value = cell.row, cell.column, cell.value
    if cell.span > 1:
        worksheet.merge_range(row, column, row, column + cell.span - 1, None, cell_format)
    if cell.formula is not None:
        worksheet.write_formula(row, column, cell.formula, cell_format, 0 if value is None else value)
    elif cell.link is not None:
        _write_link(worksheet, cell, cell_format)
    elif value is None or value == "":
        worksheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, cell_format)
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, cell_format)
    else:
        worksheet.write_number(row, column, value, cell_format)


def _write_link(worksheet: Worksheet, cell: Placed, cell_format: Format) -> None:
    text = "" if cell.value is None else str(cell.value)
    worksheet.write_url(cell.row, cell.column, _url(cell), cell_format, text)
    if isinstance(cell.value, float):
        worksheet.write_number(cell.row, cell.column, cell.value, cell_format)


def _url(cell: Placed) -> Url:
    assert cell.link is not None
    kind, path, anchor = cell.link
    text = "" if cell.value is None else str(cell.value)
    return InternalUrl(anchor, text) if kind == "internal" else RelativeUrl(path, anchor, text)


def _rules(worksheet: Worksheet, sheet: Sheet, formats: Formats) -> None:
    for area in sheet.states:
        for sign, state_format in formats.states:
            rule = {"type": "text", "criteria": "begins with", "value": sign, "format": state_format}
            worksheet.conditional_format(*area, rule)
    for area, choices in sheet.choices:
        worksheet.data_validation(
            *area,
            {
                "validate": "list",
                "source": list(choices),
                "error_type": "warning",
                "input_title": "Causa",
                "input_message": "Scegliere: " + ", ".join(choices),
                "error_title": "Causa non prevista",
                "error_message": "Le cause previste sono: " + ", ".join(choices) + ".",
            },
        )
