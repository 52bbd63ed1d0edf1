"""Cells of .xlsx and .xlsm sheets: one streaming pass (zip + expat) that keeps what matters about a cell.

DESIGN.md, decision 7, foresaw calamine for the values and a scan for the types. Measured on the twelve dashboards of
Massa-Carrara, the scan has to visit every cell anyway and takes 1.2 ms a workbook, values included; calamine's 0.3 ms would
come on top, with a second opinion to reconcile on every cell. So there is one pass; calamine checks it in the tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.model.cells import CellKind
from perfxl.readers.container import UnreadableError
from perfxl.readers.formats import number_cell
from perfxl.readers.grid import LAST_COLUMN, MAX_CELLS, Grid
from perfxl.readers.iso_dates import iso_date
from perfxl.readers.quick_scan import Found, column_number, quick_scan, without_entities
from perfxl.readers.xlsx_parts import read_book, unescape
from perfxl.readers.xml_scan import feed, parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfxl.readers.container import Parts
    from perfxl.readers.grid import RawCell
    from perfxl.readers.quick_scan import Cells
    from perfxl.readers.xlsx_parts import SheetPart, XlsxBook

# Formatted cells with nothing in them: an office that colours whole columns leaves a million of them.
_EMPTY_CELLS = re.compile(rb'<c r="[^"]*"[^<>/]*(?:/>|></c>)')
_EMPTY_ROWS = re.compile(rb'<row r="[^"]*"[^<>/]*(?:/>|>\s*</row>)')
_DIGITS = "0123456789"


def read_grids(parts: Parts, file: str) -> tuple[list[Grid], list[str]]:
    """All worksheets in their order, and remarks (macros, links to other files)."""
    book = read_book(parts)
    grids = [_SheetScan(file, sheet, book).read(parts) for sheet in book.sheets]
    remarks = []
    if any(name.endswith("vbaProject.bin") for name in parts.names):
        remarks.append("il file contiene macro")
    if any(name.startswith("xl/externalLinks/") for name in parts.names):
        remarks.append("il file contiene collegamenti ad altri file")
    return grids, remarks


class _SheetScan:
    """The handlers of one sheet's XML."""

    def __init__(self, file: str, sheet: SheetPart, book: XlsxBook) -> None:
        self.grid = Grid(file, sheet.name, hidden=sheet.hidden)
        self._part, self._book = sheet.part, book
        self._row, self._column, self._count = 0, 0, 0
        self._cells: dict[int, RawCell] = {}
        self._type, self._style, self._formula = "n", 0, False
        self._pieces: list[str] = []
        self._taking = False
        self._columns: dict[str, int] = {}
        self._formats: dict[str, str] = {}  # by style as written
        self._prefix = 0

    def read(self, parts: Parts) -> Grid:
        """The grid of the sheet."""
        if not parts.small(self._part):
            self._fully(_without_empties(parts.stream(self._part)))
            return self.grid
        data = _strip(parts.read(self._part))
        found = quick_scan(data)
        if found is None or not self._quickly(found):
            self._fully((data,))
        return self.grid

    def _fully(self, chunks: Iterable[bytes]) -> None:
        """Every tag through its handler."""
        made = parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._text
        feed(made, chunks, self._part)

    def _quickly(self, found: Found) -> bool:
        """Take what the quick scan found; False, and nothing taken, where a value isn't what its type says or there are too many."""
        try:
            rows = {number: taken for number, cells in found.rows if (taken := self._row_of(cells))}
            for ref in found.merged:
                self._merge(ref)
        except (ValueError, LookupError, ArithmeticError):
            rows = {}
        if (found.rows and not rows) or sum(map(len, rows.values())) > MAX_CELLS:
            self.grid.merged.clear()
            return False  # the full scan says what there is to say
        self.grid.rows = rows
        for first, last in found.hidden:
            self._hide(first, last)
        return True

    def _row_of(self, cells: Cells) -> dict[int, RawCell]:
        formats, strings = self._formats, self._book.strings
        out: dict[int, RawCell] = {}
        for letters, style, kind, formula, value, text in cells:
            if not (value or text or formula):
                continue
            number_format = formats.get(style)
            if number_format is None:
                number_format = formats[style] = self._format(int(style or 0))
            if kind == "s" and not text:
                out[column_number(letters)] = CellKind.TEXT, strings[int(value)], number_format, bool(formula)
            else:
                self._type, self._formula = kind or "n", bool(formula)
                out[column_number(letters)] = self._value(without_entities(value or text), number_format)
        return out

    def _format(self, style: int) -> str:
        formats = self._book.formats
        return formats[style] if style < len(formats) else "General"

    def _start(self, name: str, given: dict[str, str]) -> None:
        if self._prefix:
            name = name[self._prefix :]
        if name == "c":
            self._open_cell(given)
        elif name in ("v", "t"):
            self._taking = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = int(given["r"]) if "r" in given else self._row + 1
            self._column = 0
            self._cells = {}
            if given.get("hidden") in ("1", "true"):
                self.grid.hidden_rows.add(self._row)
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))
        elif name == "col":
            if given.get("hidden") in ("1", "true"):
                self._hide(given.get("min", ""), given.get("max", ""))
        elif name == "rPh":
            self._type = "phonetic"
        elif name.endswith(":worksheet"):
            self._prefix = len(name) - len("worksheet")

    def _open_cell(self, given: dict[str, str]) -> None:
        ref = given.get("r")
        if ref is None:
            self._column += 1
        else:
            letters = ref.rstrip(_DIGITS)
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_number(letters)
            self._column = column
        self._type, self._style = given.get("t", "n"), int(given.get("s", "0"))
        self._formula = False
        self._pieces = []

    def _text(self, data: str) -> None:
        if self._taking and self._type != "phonetic":
            self._pieces.append(data)

    def _end(self, name: str) -> None:
        if self._prefix:
            name = name[self._prefix :]
        if name in ("v", "t"):
            self._taking = False
        elif name == "rPh":
            self._type = "inlineStr"
        elif name == "c":
            if self._pieces or self._formula:
                self._close_cell()
        elif name == "row" and self._cells:
            self.grid.rows[self._row] = self._cells

    def _close_cell(self) -> None:
        self._count += 1
        if self._count > MAX_CELLS:
            raise UnreadableError("PX-L004", f"il foglio «{self.grid.name}» ha più di {MAX_CELLS} celle piene")
        self._cells[self._column] = self._value("".join(self._pieces), self._format(self._style))

    def _value(self, text: str, number_format: str) -> RawCell:
        kind, formula = self._type, self._formula
        if kind == "s":
            return CellKind.TEXT, self._book.strings[int(text)], number_format, formula
        if kind in ("str", "inlineStr"):
            return CellKind.TEXT, unescape(text), number_format, formula
        if not text:
            return CellKind.EMPTY, None, number_format, formula
        if kind == "n":
            return number_cell(float(text), number_format, date1904=self._book.date1904, formula=formula)
        if kind == "b":
            return CellKind.BOOL, text.strip() in ("1", "true"), number_format, formula
        if kind == "e":
            return CellKind.ERROR, text, number_format, formula
        return iso_date(text, number_format, formula=formula)

    def _hide(self, first: str, last: str) -> None:
        if first.isdecimal() and last.isdecimal():
            self.grid.hidden_columns.update(range(int(first), min(int(last), LAST_COLUMN) + 1))

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        if last:
            self.grid.merged.append((*split_ref(first), *split_ref(last)))


def split_ref(ref: str) -> tuple[int, int]:
    """`C7` → (7, 3)."""
    letters = ref.rstrip(_DIGITS)
    return int(ref[len(letters) :] or 0), column_number(letters)


def _without_empties(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream without formatted empty cells and rows: a regular expression drops them 20 times faster than expat reads them."""
    rest = b""
    for chunk in chunks:
        whole = rest + chunk
        cut = whole.rfind(b"<row")
        if cut <= 0:
            cut = whole.rfind(b">") + 1 or len(whole)  # nothing to cut at: it passes as it is, rather than pile up
        rest = whole[cut:]
        yield _strip(whole[:cut])
    yield _strip(rest)


def _strip(piece: bytes) -> bytes:
    if b"<![CDATA[" in piece:
        return piece
    return _EMPTY_ROWS.sub(b"", _EMPTY_CELLS.sub(b"", piece))
