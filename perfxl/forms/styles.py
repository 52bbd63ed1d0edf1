"""Formats of a form: the chamber's own colours, yellow where the office writes, everything else locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.model import RowLevel
from perfxl.writers.formats import FONT, INK, STATE_FORMATS

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

PERCENT, DATE, GENERAL, TEXT, MONEY = "0.00%", "dd/mm/yyyy", "General", "@", '"€" #,##0.00'

_EDGE = "#BFBFBF"
_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "font_color": INK}
_GRID: dict[str, Any] = {"border": 1, "border_color": _EDGE}
_LINE: dict[str, Any] = {"border": 0, "top": 1, "bottom": 1, "top_color": _EDGE, "bottom_color": _EDGE}
_LEVELS: dict[RowLevel | None, dict[str, Any]] = {
    RowLevel.AREA: {**_LINE, "bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"},
    RowLevel.STRATEGIC: {**_LINE, "bold": True, "bg_color": "#BDD7EE"},
    RowLevel.OPERATIONAL: {**_LINE, "bg_color": "#DDEBF7"},
    RowLevel.PROJECT: {**_LINE, "bold": True, "bg_color": "#DDEBF7"},
}
_INPUT: dict[str, Any] = {"bg_color": "#FFF9E5", "border": 1, "border_color": "#E2C97A", "locked": False}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        self.alarm = workbook.add_format({"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True})
        self.states = [(sign, workbook.add_format(properties)) for sign, properties in STATE_FORMATS]

    def __getitem__(self, properties: dict[str, Any]) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({**_BASE, **properties})
        return self._made[key]

    def plain(self, **more: Any) -> Format:
        """Text without a grid."""
        return self[more]

    def cell(self, level: RowLevel | None = None, **more: Any) -> Format:
        """A locked cell of a row; `more` may set the number format or the alignment."""
        return self[{**_GRID, "text_wrap": True, **_LEVELS.get(level, {}), **more}]

    def entry(self, number_format: str = GENERAL, **more: Any) -> Format:
        """A cell that the office fills in."""
        return self[{**_INPUT, "num_format": number_format, "text_wrap": True, **more}]

    @property
    def heading(self) -> Format:
        """A column's heading, in the grey of the real dashboards."""
        return self[{**_GRID, "bold": True, "bg_color": "#D9D9D9", "text_wrap": True, "align": "center", "valign": "vcenter"}]

    @property
    def own_heading(self) -> Format:
        """The heading of a column that the office fills in."""
        return self[{**_GRID, "bold": True, "bg_color": "#F4E3B2", "text_wrap": True, "align": "center", "valign": "vcenter"}]
