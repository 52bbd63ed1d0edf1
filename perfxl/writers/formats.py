"""Styles as XlsxWriter formats, each made once. One typeface, few sizes, light fills that a black and white print forgives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.views.tab import Kind, Style, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlsxwriter
    from xlsxwriter.format import Format

FONT = "Calibri"
INK, RULE, GREY = "#1F2A44", "#C9CED8", "#7F7F7F"
LINK = "#0563C1"

Properties = dict[str, Any]

_TONES: dict[Tone, Properties] = {
    Tone.PLAIN: {"bottom": 1, "bottom_color": RULE},
    Tone.MUTED: {"bottom": 1, "bottom_color": RULE, "font_color": GREY, "italic": True},
    Tone.ROOT: {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "bottom": 1, "bottom_color": "#1F3864"},
    Tone.AREA: {"bold": True, "bg_color": "#D9E2F3", "bottom": 1, "bottom_color": "#8EA9DB"},
    Tone.STRATEGIC: {"bold": True, "bottom": 1, "bottom_color": RULE},
    Tone.INPUT: {"bg_color": "#FFF9E5", "border": 1, "border_color": "#E2C97A"},
    Tone.TITLE: {"bold": True, "font_size": 18, "font_color": "#1F3864", "valign": "vcenter"},
    Tone.SUBTITLE: {"font_color": "#595959", "italic": True},
    Tone.SECTION: {"bold": True, "font_size": 12, "font_color": "#1F3864"},
    Tone.HEADING: {"bold": True, "bg_color": "#44546A", "font_color": "#FFFFFF", "border": 1, "border_color": "#FFFFFF"},
    Tone.HEADLINE: {
        "bold": True,
        "font_size": 20,
        "font_color": "#1F3864",
        "align": "center",
        "bottom": 2,
        "bottom_color": "#1F3864",
    },
    Tone.LABEL: {"bold": True},
    Tone.HELPER: {"font_color": "#A6A6A6", "font_size": 8},
}

STATE_FORMATS: tuple[tuple[str, Properties], ...] = (
    ("●", {"bg_color": "#E2EFDA", "font_color": "#375623", "bold": True}),
    ("◐", {"bg_color": "#FFF2CC", "font_color": "#7F6000"}),
    ("○", {"bg_color": "#FBE0DD", "font_color": "#9C0006", "bold": True}),
    ("–", {"bg_color": "#EDEDED", "font_color": "#595959", "italic": True}),
)
"""Conditional formats of the states by their sign: fill, weight and sign differ, not the colour alone."""


class Formats:
    """The formats of one workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook, decimals: int) -> None:
        self._workbook = workbook
        self._numbers = number_formats(decimals)
        self._made: dict[Style, Format] = {}
        self.states = [(sign, workbook.add_format(properties)) for sign, properties in STATE_FORMATS]

    def __getitem__(self, style: Style) -> Format:
        made = self._made.get(style)
        if made is None:
            made = self._made[style] = self._workbook.add_format(properties_of(style, self._numbers))
        return made


def properties_of(style: Style, numbers: Mapping[Kind, str]) -> Properties:
    """XlsxWriter's properties of a style, which the live renderer follows too; `numbers`: see `number_formats`."""
    properties: Properties = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "font_color": INK}
    properties |= _alignment(style)
    if style.link:
        properties |= {"font_color": LINK, "underline": 1}
    properties |= _TONES[style.tone]
    if style.tone in {Tone.HEADING, Tone.HEADLINE}:
        properties |= {"valign": "vcenter", "indent": 0}
    if style.tone is Tone.HEADING:
        properties |= {"align": "center", "text_wrap": True}
    if style.kind in numbers:
        properties["num_format"] = numbers[style.kind]
    return properties


def _alignment(style: Style) -> Properties:
    found: Properties = {}
    if style.kind in {Kind.CENTRED, Kind.DATE, Kind.TICK}:
        found["align"] = "center"
    elif style.kind not in {Kind.TEXT, Kind.STATE}:
        found |= {"align": "right", "indent": 1}
    if style.wrap:
        found["text_wrap"] = True
    if style.kind is Kind.STATE:
        found |= {"align": "left", "indent": 1}
    if style.indent:
        found |= {"indent": style.indent, "align": "left"}
    return found


def number_formats(decimals: int) -> dict[Kind, str]:
    """Number format of each kind of cell that has one; `decimals` of percentages: the method's."""
    zeros = "." + "0" * decimals if decimals else ""
    return {
        Kind.PERCENT: f"0{zeros} %",
        Kind.PERCENT_LONG: f"0{zeros}#### %" if zeros else "0.#### %",
        Kind.NUMBER: "#,##0.00##",
        Kind.INTEGER: "#,##0",
        Kind.MONEY: '#,##0.00 "€"',
        Kind.AMOUNT: "#,##0.00",
        Kind.DATE: "dd/mm/yyyy",
        Kind.TICK: '"Sì";;"No"',
    }
