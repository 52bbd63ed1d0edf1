"""Cells of .ods sheets, from `content.xml` (OpenDocument 1.3, part 3): the value type is written on every cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.model.cells import CellKind
from perfxl.readers.container import SHEET_LIMIT, UnreadableError
from perfxl.readers.grid import LAST_COLUMN, MAX_CELLS, Grid, stored_number
from perfxl.readers.iso_dates import iso_date
from perfxl.readers.xml_scan import feed, parser

if TYPE_CHECKING:
    from perfxl.readers.container import Parts
    from perfxl.readers.grid import RawCell

_ERROR = re.compile(r"#[A-Z/0!?]+[!?]?|#N/[AD]|Err:\d+")
_ASIDE = ("office:annotation", "table:detective", "table:tracked-changes")
_PERCENT, _DATE, _GENERAL = "0.00%", "dd/mm/yyyy", "General"


def read_grids(parts: Parts, file: str) -> tuple[list[Grid], list[str]]:
    """All sheets in their order, and remarks (macros)."""
    if "META-INF/manifest.xml" in parts and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise UnreadableError("PX-L003", "foglio di calcolo OpenDocument cifrato con password")
    scan = _ContentScan(file)
    made = parser()
    made.StartElementHandler, made.EndElementHandler = scan.start, scan.end
    made.CharacterDataHandler = scan.text
    feed(made, parts.stream("content.xml", SHEET_LIMIT), "content.xml")
    macros = any(name.startswith(("Basic/", "Scripts/")) for name in parts.names)
    return scan.grids, ["il file contiene macro"] if macros else []


class _ContentScan:
    """The handlers of `content.xml`."""

    def __init__(self, file: str) -> None:
        self.grids: list[Grid] = []
        self._file = file
        self._grid = Grid(file, "")
        self._row, self._column, self._count = 0, 0, 0
        self._listed = 0  # columns described so far, before the rows
        self._row_repeat, self._cell_repeat = 1, 1
        self._cells: dict[int, RawCell] = {}
        self._given: dict[str, str] = {}
        self._pieces: list[str] = []
        self._paragraphs, self._in_text, self._in_cell, self._aside = 0, 0, False, 0
        self._hidden_styles: set[str] = set()
        self._style = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        """A start tag."""
        if self._aside or name in _ASIDE or name.startswith("draw:"):
            self._aside += 1  # the text of a comment, or of a box drawn over the cell, is no part of the cell
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._given, self._pieces, self._paragraphs = given, [], 0
            self._cell_repeat = int(given.get("table:number-columns-repeated", "1"))
            self._in_cell = True
        elif self._in_cell:
            self._start_text(name, given)
        elif name == "table:table-row":
            self._start_row(given)
        elif name == "table:table":
            self._grid = Grid(
                self._file, given.get("table:name", ""), hidden=given.get("table:style-name") in self._hidden_styles
            )
            self._row, self._listed = 0, 0
        elif name == "table:table-column":
            self._list_columns(given)
        elif name == "style:style":
            self._style = given.get("style:name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _start_row(self, given: dict[str, str]) -> None:
        self._cells, self._column = {}, 0
        self._row_repeat = int(given.get("table:number-rows-repeated", "1"))
        if given.get("table:visibility") in ("collapse", "filter") and self._row_repeat < 10_000:
            self._grid.hidden_rows.update(range(self._row + 1, self._row + 1 + self._row_repeat))

    def _list_columns(self, given: dict[str, str]) -> None:
        first, self._listed = self._listed + 1, self._listed + int(given.get("table:number-columns-repeated", "1"))
        if given.get("table:visibility") in ("collapse", "filter"):
            self._grid.hidden_columns.update(range(first, min(self._listed, LAST_COLUMN) + 1))

    def _start_text(self, name: str, given: dict[str, str]) -> None:
        if name == "text:p":
            if self._paragraphs:
                self._pieces.append("\n")
            self._paragraphs += 1
            self._in_text += 1
        elif name == "text:s":
            self._pieces.append(" " * min(int(given.get("text:c", "1")), 1000))
        elif name == "text:tab":
            self._pieces.append("\t")
        elif name == "text:line-break":
            self._pieces.append("\n")

    def text(self, data: str) -> None:
        """Characters of a paragraph."""
        if self._in_text and not self._aside:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        """An end tag."""
        if self._aside:
            self._aside -= 1
        elif name == "text:p" and self._in_cell:
            self._in_text -= 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._in_cell = False
            self._close_cell()
        elif name == "table:table-row":
            self._close_row()
        elif name == "table:table":
            self.grids.append(self._grid)

    def _close_cell(self) -> None:
        given, first = self._given, self._column + 1
        self._column += self._cell_repeat
        columns, rows = int(given.get("table:number-columns-spanned", "1")), int(given.get("table:number-rows-spanned", "1"))
        if columns > 1 or rows > 1:
            self._grid.merged.append((self._row + 1, first, self._row + rows, first + columns - 1))
        raw = _value(given, "".join(self._pieces))
        if raw is None:
            return
        self._admit(self._cell_repeat)
        for column in range(first, first + self._cell_repeat):
            self._cells[column] = raw

    def _close_row(self) -> None:
        if self._cells:
            self._admit(len(self._cells) * (self._row_repeat - 1))
            for row in range(self._row + 1, self._row + 1 + self._row_repeat):
                self._grid.rows[row] = self._cells
        self._row += self._row_repeat

    def _admit(self, cells: int) -> None:
        self._count += cells
        if self._count > MAX_CELLS:
            raise UnreadableError("PX-L004", f"il foglio «{self._grid.name}» ha più di {MAX_CELLS} celle piene")


def _value(given: dict[str, str], shown: str) -> RawCell | None:
    """The cell by its value type; None when there's nothing in it."""
    kind, formula = given.get("office:value-type", ""), "table:formula" in given
    if given.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(shown)):
        return CellKind.ERROR, shown or "#N/D", _GENERAL, formula
    if kind in ("float", "currency", "percentage"):
        number = stored_number(float(given.get("office:value", "0")))
        if kind == "percentage":
            return CellKind.PERCENT, number, _PERCENT, formula
        return CellKind.NUMBER, number, _GENERAL, formula
    if kind == "date":
        return iso_date(given.get("office:date-value", shown), _DATE, formula=formula)
    if kind == "boolean":
        return CellKind.BOOL, given.get("office:boolean-value") == "true", _GENERAL, formula
    if kind:
        text = shown or given.get("office:string-value", "")
        return (CellKind.TEXT, text, _GENERAL, formula) if text or formula else None
    return (CellKind.TEXT, shown, _GENERAL, formula) if shown else None
