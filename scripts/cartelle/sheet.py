"""A tidy office sheet: titles, headings, sections, rows and totals one beneath another, numbers shown with the printed decimals.

Every figure is typed, as an office types it: the value that the document prints, with a number format that shows it as printed. A saved
workbook has the same bytes at each run: neither its properties nor its zip carry the time of the day.
"""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"
MOMENT = datetime(2019, 5, 15, 9, 0)  # the creation date of the workbooks that were here before these
AUTHOR = "Ufficio Programmazione e controllo"
_ZIP_MOMENT = (2019, 5, 15, 9, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FONT = re.compile(rb"(?<=<font>).*?(?=</font>)")
_FONT_ORDER = (b"b", b"i", b"strike", b"u", b"vertAlign", b"sz", b"color", b"name", b"family", b"charset", b"scheme")
_ITALIAN = re.compile(r"(?P<euro>€\s*)?(?P<number>[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)\s*(?P<percent>%)?(?P<after>\s*€)?")

_LINE = Side(style="thin", color="808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING = PatternFill("solid", fgColor="D9E1F2")
_SECTION = PatternFill("solid", fgColor="F2F2F2")
_TOP = Alignment(vertical="top", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


class Typed(NamedTuple):
    """A number as an office types it, and the format that shows it as printed."""

    value: int | float
    number_format: str


Content = str | int | float | Typed | datetime | None


def golden(name: str) -> list[dict[str, str]]:
    """The rows of a golden table: `golden("lucca-2017/health")`."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(text: str, *, thousands: bool = True) -> Typed | None:
    """A number written with a decimal dot, shown with as many decimals: `50500.00` -> 50500.0 as `#,##0.00`. Empty is blank."""
    if not text.strip():
        return None
    value = Decimal(text)
    shown = _decimals(value)
    return Typed(float(value) if shown or value % 1 else int(value), ("#,##0" if thousands else "0") + _zeros(shown))


def percent(text: str) -> Typed | None:
    """A percentage written in points with a decimal dot: `58.1` -> 0.581 as `0.0%`. Empty is blank."""
    if not text.strip():
        return None
    value = Decimal(text)
    return Typed(float(value / 100), f"0{_zeros(_decimals(value))}%")


def euro(text: str) -> Typed | None:
    """An amount with the sign of the currency before it: `50500.00` -> 50500.0 as `€ #,##0.00`."""
    typed = number(text)
    return typed and Typed(typed.value, f'"€ "{typed.number_format}')


def printed(text: str) -> Content:
    """A cell of a document, as printed in Italian: `1.234,5`, `58,1%`, `€ 12,00` are numbers; `n.d.`, `-`, `>= 0,7` stay text."""
    match = _ITALIAN.fullmatch(text.strip())
    if match is None:
        return text.strip() or None
    plain = match["number"].replace(".", "").replace(",", ".")
    if match["percent"]:
        return percent(plain)
    if match["euro"] or match["after"]:
        return euro(plain)
    return number(plain, thousands="." in match["number"])


def _font(*, bold: bool = False, italic: bool = False, size: int = 11) -> Font:
    return Font(name="Calibri", size=size, bold=bold, italic=italic)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _zeros(decimals: int) -> str:
    return f".{'0' * decimals}" if decimals else ""


class Sheet:
    """A sheet that is written downwards. Each method returns the row (from 1) that it has written last.

    `columns` is the width of the table that is being written: set it where a table is narrower than the sheet.
    """

    def __init__(self, workbook: Workbook, name: str, widths: Sequence[float], *, landscape: bool = True) -> None:
        """A new sheet at the end of the workbook, with the widths (in characters) of its columns."""
        self.worksheet: Worksheet = workbook.create_sheet(name)
        self.columns = len(widths)
        self.row = 0
        for index, width in enumerate(widths, start=1):
            self.worksheet.column_dimensions[get_column_letter(index)].width = width
        self.worksheet.page_setup.orientation = "landscape" if landscape else "portrait"
        self.worksheet.page_setup.paperSize = self.worksheet.PAPERSIZE_A4
        self.worksheet.page_setup.fitToHeight = 0
        self.worksheet.sheet_properties.pageSetUpPr.fitToPage = True

    def title(self, *lines: str) -> int:
        """Title rows: bold, in the first column, running over the next ones."""
        for line in lines:
            self._put(line, 1).font = _font(bold=True, size=12)
        return self.row

    def note(self, *lines: str) -> int:
        """Rows of small print above or beneath a table."""
        for line in lines:
            self._put(line, 1).font = _font(italic=True)
        return self.row

    def heading(self, *rows: Sequence[Content], merge: Sequence[str] = ()) -> int:
        """Heading rows, and the ranges of theirs that are merged, counted from the first of them (`"B1:C1"`)."""
        first = self.row + 1
        for row in rows:
            self._cells(row, bold=True, fill=_HEADING, alignment=_MIDDLE)
        for span in merge:
            self.worksheet.merge_cells(re.sub(r"\d+", lambda digits: str(int(digits[0]) + first - 1), span))
        return self.row

    def section(self, *values: Content, span: bool = False) -> int:
        """A row that opens a section: bold and shaded over the whole width; with `span` its cells are merged into one."""
        self._cells(values, bold=True, fill=_SECTION)
        if span:
            self.worksheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=self.columns)
        return self.row

    def line(self, *values: Content) -> int:
        """A row of the table."""
        return self._cells(values)

    def total(self, *values: Content) -> int:
        """A subtotal or total row: bold."""
        return self._cells(values, bold=True)

    def blank(self, rows: int = 1) -> int:
        """Empty rows."""
        self.row += rows
        return self.row

    def freeze(self) -> None:
        """Freeze what has been written until now (call it just after `heading`)."""
        self.worksheet.freeze_panes = f"A{self.row + 1}"
        self.worksheet.print_title_rows = f"1:{self.row}"

    def _cells(
        self, values: Sequence[Content], *, bold: bool = False, fill: PatternFill | None = None, alignment: Alignment = _TOP
    ) -> int:
        self.row += 1
        for column in range(1, self.columns + 1):
            cell = self._write(self.row, column, values[column - 1] if column <= len(values) else None)
            cell.border, cell.font, cell.alignment = _BOX, _font(bold=bold), alignment
            if fill:
                cell.fill = fill
        return self.row

    def _put(self, content: Content, column: int) -> Cell:
        self.row += 1
        return self._write(self.row, column, content)

    def _write(self, row: int, column: int, content: Content) -> Cell:
        cell = self.worksheet.cell(row, column)
        if isinstance(content, Typed):
            cell.value, cell.number_format = content.value, content.number_format
        elif isinstance(content, str) and content:
            cell.value = content
            cell.data_type = "s"  # `= 100,00 %` is a target, not a formula
        elif content != "":
            cell.value = content
        return cell


def book(title: str) -> Workbook:
    """An empty workbook with fixed properties."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = workbook.properties.lastModifiedBy = AUTHOR
    workbook.properties.title = title
    workbook.properties.created = MOMENT
    return workbook


def save(workbook: Workbook, path: Path) -> Path:
    """Save so that the same content gives the same bytes, in the order of the schema.

    openpyxl stamps the present moment on the properties and on each zip entry, and writes the parts of a font in an order of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    workbook.save(buffer)
    stamp = MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w") as fixed:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            if name == "xl/styles.xml":
                content = _FONT.sub(_in_schema_order, content)
            entry = zipfile.ZipInfo(name, _ZIP_MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            fixed.writestr(entry, content)
    return path


def _in_schema_order(font: re.Match[bytes]) -> bytes:
    parts = re.findall(rb"<(\w+)[^>]*/>", font[0])
    elements = dict(zip(parts, re.findall(rb"<[^>]*/>", font[0]), strict=True))
    return b"".join(elements[part] for part in sorted(parts, key=_FONT_ORDER.index))
