"""The look of the master workbook: one typeface, a dark band for titles, cream cells where a person writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FONT = "Calibri"
NAVY, INK, GREY, RULE, CREAM, CREAM_EDGE, PALE = "#1F3864", "#1F2A44", "#595959", "#C9CED8", "#FFF9E5", "#E2C97A", "#EEF2F9"

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_LINE: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
_EDGE: dict[str, Any] = {"left": 5, "right": 5, "left_color": "#FFFFFF", "right_color": "#FFFFFF"}
_INPUT: dict[str, Any] = {"bg_color": CREAM, "border": 1, "border_color": CREAM_EDGE}

_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 20, "font_color": "#FFFFFF", "bg_color": NAVY, "indent": 1},
    "subtitle": {"font_size": 11, "font_color": "#D9E2F3", "bg_color": NAVY, "indent": 1},
    "section": {"bold": True, "font_size": 13, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY},
    "heading": {
        "bold": True,
        "bg_color": "#44546A",
        "font_color": "#FFFFFF",
        "border": 1,
        "border_color": "#FFFFFF",
        "align": "center",
        "text_wrap": True,
    },
    "text": {"text_wrap": True, "indent": 1, **_LINE},
    "code": {"bold": True, "indent": 1, **_LINE},
    "node": {"bold": True, "text_wrap": True, "indent": 1, "bg_color": PALE, **_LINE},
    "muted": {"font_color": GREY, "text_wrap": True, "indent": 1, **_LINE},
    "hint": {"font_color": GREY, "italic": True, "text_wrap": True, "valign": "top"},
    "node_money": {"bold": True, "bg_color": PALE, "num_format": '#,##0.00 "€"', **_LINE},
    "node_number": {"bold": True, "bg_color": PALE, "num_format": "#,##0.##", "align": "center", **_LINE},
    "money": {"num_format": '#,##0.00 "€"', **_LINE},
    "number": {"num_format": "#,##0.##", "align": "center", **_LINE},
    "centred": {"align": "center", **_LINE},
    "label": {"bold": True, "indent": 1, **_LINE},
    "input_text": {**_INPUT, "text_wrap": True, "num_format": "@", "indent": 1},
    "input_centred": {**_INPUT, "align": "center"},
    "input_date": {**_INPUT, "align": "center", "num_format": "dd/mm/yyyy"},
    "figure": {**_EDGE, "bold": True, "font_size": 22, "font_color": NAVY, "align": "center", "bg_color": PALE},
    "figure_pct": {
        **_EDGE,
        "bold": True,
        "font_size": 22,
        "font_color": NAVY,
        "align": "center",
        "bg_color": PALE,
        "num_format": "0 %",
    },
    "caption": {**_EDGE, "font_color": GREY, "align": "center", "bg_color": PALE, "valign": "top"},
    "step": {"bold": True, "font_size": 14, "font_color": "#FFFFFF", "bg_color": NAVY, "align": "center"},
    "prose": {"text_wrap": True, "font_size": 11},
    "prose_bold": {"text_wrap": True, "font_size": 11, "bold": True, "indent": 1},
    "link": {"font_color": "#0563C1", "underline": 1, "font_size": 11, "indent": 1},
    "button_text": {"font_color": GREY, "font_size": 9, "text_wrap": True, "valign": "top", "indent": 1},
    "good": {"bg_color": "#E2EFDA", "font_color": "#375623", "bold": True},
    "warn": {"bg_color": "#FFF2CC", "font_color": "#7F6000", "bold": True},
    "bad": {"bg_color": "#FBE0DD", "font_color": "#9C0006", "bold": True},
}
_OVERLAYS = frozenset({"good", "warn", "bad"})


class Look:
    """The formats of one workbook, each made once: `look["title"]`."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def __getitem__(self, style: str) -> Format:
        if style not in self._made:
            base = {} if style in _OVERLAYS else _BASE
            self._made[style] = self._workbook.add_format({**base, **_STYLES[style]})
        return self._made[style]

    def open_tab(self, sheet: Worksheet, title: str, subtitle: str, widths: tuple[float, ...], colour: str = NAVY) -> None:
        """Band with the title, column widths, no gridlines, A4 landscape one page wide, footer with the page."""
        last = len(widths) - 1
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self["plain"])
        sheet.hide_gridlines(2)
        sheet.set_row(0, 34)
        sheet.set_row(1, 22)
        for column in range(last + 1):
            sheet.write_blank(0, column, None, self["title"])
            sheet.write_blank(1, column, None, self["subtitle"])
        sheet.write_string(0, 0, title, self["title"])
        sheet.write_string(1, 0, subtitle, self["subtitle"])
        sheet.set_tab_color(colour)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&L&8&F – &A&R&8pagina &P di &N")

    def section(self, sheet: Worksheet, row: int, text: str, columns: int) -> None:
        """A section's title with a rule under it, across `columns`."""
        sheet.set_row(row, 24)
        for column in range(columns):
            sheet.write_blank(row, column, None, self["section"])
        sheet.write_string(row, 0, text, self["section"])


def table(sheet: Worksheet, look: Look, name: str, top: int, headings: tuple[str, ...], rows: int) -> None:
    """An Excel table over cells already written, headings included; at least one row, as Excel wants."""
    sheet.set_row(top, 30)
    columns = [{"header": heading, "header_format": look["heading"]} for heading in headings]
    options = {"name": name, "columns": columns, "style": None, "autofilter": rows > 1}
    sheet.add_table(top, 0, top + max(rows, 1), len(headings) - 1, options)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of `width` characters, wrapped; for row heights, which files must state."""
    return sum(max(1, -(-len(part) // max(int(width * 1.12), 1))) for part in text.split("\n"))
