"""How a rendered tab looks: fonts, fills, borders, widths, outline, panes, filters, rules, charts, print set-up, links.

What xlwings' object model says is said with it; the rest goes through the host's own objects where there are any (Excel on
Windows). Nothing here is worth an interrupted job: what can't be applied is left out and named in a finding.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.live.areas import Rect, rectangles
from perfxl.live.charts import bgr, draw_chart
from perfxl.live.native import native
from perfxl.live.page import set_page
from perfxl.live.render import area_of
from perfxl.writers.formats import FONT, INK, STATE_FORMATS, number_formats, properties_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.views.place import Area, Book, Sheet
    from perfxl.views.tab import Style

CHART_PREFIX = "perfxl "
_WEIGHTS = {1: "thin", 2: "medium"}
_TEXT_STRING, _BEGINS_WITH = 9, 2  # xlTextString, xlBeginsWith: no formula, so no language of formulas
_VALID_WARNING, _SUMMARY_ABOVE, _SUMMARY_RIGHT = 2, 0, -4152


class Dresser:
    """Dresses the tabs of one workbook; what couldn't be applied gathers in `left_out`."""

    def __init__(self, book: Book, file: str) -> None:
        self._book, self._file = book, file
        self._numbers = number_formats(book.decimals)
        self.left_out: dict[str, str] = {}

    def findings(self) -> list[Finding]:
        """One finding for all that was left out; none where everything was applied."""
        if not self.left_out:
            return []
        return [finding("PX-S014", "; ".join(f"{what} ({why})" for what, why in self.left_out.items())[:400], file=self._file)]

    def dress(self, target: Any, sheet: Sheet) -> None:
        """Dress `target`, in which the cells of `sheet` are already written."""
        steps = (
            ("collegamenti", self._links),
            ("formati", self._formats),
            ("celle unite", self._merges),
            ("larghezze e altezze", self._sizes),
            ("struttura", self._outline),
            ("riquadri bloccati", self._panes),
            ("filtro", self._filter),
            ("formati condizionali", self._rules),
            ("elenchi delle cause", self._choices),
            ("grafici", self._charts),
        )
        for what, step in steps:
            with self._apart(what):
                step(target, sheet)
        with self._apart("impaginazione"):
            set_page(target, sheet, self._book.footer)

    @contextmanager
    def _apart(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 – the look of a tab; pywin32's error has no base that exists everywhere
            self.left_out.setdefault(what, type(error).__name__)

    def _links(self, target: Any, sheet: Sheet) -> None:
        own = PurePath(self._file).name
        api = native(target)
        for cell in sheet.cells():
            if cell.link is None:
                continue
            kind, path, anchor = cell.link
            inside = kind == "internal" or path in (own, self._file)
            address = "" if inside else path
            there = target.range(Rect(cell.row + 1, cell.column + 1, cell.row + 1, cell.column + 1).a1)
            if inside and not anchor:
                continue
            if api is not None:  # without TextToDisplay the cell keeps what it holds, a number a number
                api.Hyperlinks.Add(there.api, address, anchor)
            elif isinstance(cell.value, str):
                there.add_hyperlink(address + (f"#{anchor}" if anchor else ""), cell.value)

    def _formats(self, target: Any, sheet: Sheet) -> None:
        area = area_of(sheet)
        whole = target.range(area.a1)
        whole.font.name, whole.font.size, whole.font.color = FONT, 10, INK
        whole.vertical_alignment = "center"
        styles = {(c.row + 1, c.column + 1 + more): c.style for c in sheet.cells() for more in range(c.span)}
        for style, rect in rectangles(styles):
            self._format(target.range(rect.a1), style, rect)

    def _format(self, place: Any, style: Style, rect: Rect) -> None:
        wanted = properties_of(style, self._numbers)
        font = place.font
        if wanted.get("bold"):
            font.bold = True
        if wanted.get("italic"):
            font.italic = True
        if wanted["font_size"] != 10:
            font.size = wanted["font_size"]
        if wanted["font_color"] != INK or style.link:
            font.color = wanted["font_color"]
        if wanted.get("bg_color"):
            place.color = wanted["bg_color"]
        if wanted.get("text_wrap"):
            place.wrap_text = True
        if wanted.get("align"):
            place.horizontal_alignment = wanted["align"]
        if wanted.get("indent"):
            place.adjust_indent(wanted["indent"])
        _borders(place, wanted, rect)

    def _merges(self, target: Any, sheet: Sheet) -> None:
        for cell in sheet.cells():
            if cell.span > 1:
                target.range(Rect(cell.row + 1, cell.column + 1, cell.row + 1, cell.column + cell.span).a1).merge()

    def _sizes(self, target: Any, sheet: Sheet) -> None:
        for width, rect in rectangles({(1, column + 1): width for column, width in sheet.widths.items()}):
            target.range(rect.a1).column_width = width
        for height, rect in rectangles({(row + 1, 1): height for row, height in sheet.heights.items()}):
            target.range(rect.a1).row_height = height

    def _outline(self, target: Any, sheet: Sheet) -> None:
        deepest = max(sheet.outline.values(), default=0)
        for level in range(1, deepest + 1):
            rows = {(row + 1, 1): True for row, depth in sheet.outline.items() if depth >= level}
            for _, rect in rectangles(rows):
                target.range(f"{rect.top}:{rect.bottom}").group("rows")
        for _, rect in rectangles({(1, column + 1): True for column in sheet.helpers}):
            columns = target.range(rect.a1)
            columns.group("columns")
            columns.columns.hidden = True
        api = native(target)
        if api is not None and (sheet.outline or sheet.helpers):
            api.Outline.SummaryRow, api.Outline.SummaryColumn = _SUMMARY_ABOVE, _SUMMARY_RIGHT

    def _panes(self, target: Any, sheet: Sheet) -> None:
        if sheet.freeze is not None:
            rows, columns = sheet.freeze
            frozen = Rect(1, 1, rows, columns).a1 if columns else f"1:{rows}"
            target.freeze_panes.freeze_at(frozen)
        target.show_gridlines = sheet.tab.gridlines

    def _filter(self, target: Any, sheet: Sheet) -> None:
        api = native(target)
        if sheet.autofilter is not None and api is not None:
            target.range(_rect(sheet.autofilter).a1).api.AutoFilter(1)

    def _rules(self, target: Any, sheet: Sheet) -> None:
        for area in sheet.states:
            place = target.range(_rect(area).a1)
            rules = native(place)
            for sign, look in STATE_FORMATS if rules is not None else ():
                rule = rules.FormatConditions.Add(Type=_TEXT_STRING, String=sign, TextOperator=_BEGINS_WITH)
                rule.Interior.Color, rule.Font.Color = bgr(look["bg_color"]), bgr(look["font_color"])
                rule.Font.Bold, rule.Font.Italic = bool(look.get("bold")), bool(look.get("italic"))

    def _choices(self, target: Any, sheet: Sheet) -> None:
        for area, choices in sheet.choices:
            place = target.range(_rect(area).a1)
            place.data_validation.set_list(list(choices))
            api = native(place)
            if api is not None:
                rule, listed = api.Validation, ", ".join(choices)
                rule.InputTitle, rule.InputMessage = "Causa", f"Scegliere: {listed}"
                rule.ErrorTitle, rule.ErrorMessage = "Causa non prevista", f"Le cause previste sono: {listed}."

    def _charts(self, target: Any, sheet: Sheet) -> None:
        for number, placed in enumerate(sheet.charts, 1):
            draw_chart(target, placed, f"{CHART_PREFIX}{number}")


def _borders(place: Any, wanted: dict[str, Any], rect: Rect) -> None:
    if "border" in wanted:
        place.borders.set("all", line_style="continuous", weight=_WEIGHTS[wanted["border"]], color=wanted["border_color"])
    if "bottom" in wanted:
        sides = ["edge_bottom"] + (["inside_horizontal"] if rect.bottom > rect.top else [])
        place.borders.set(sides, line_style="continuous", weight=_WEIGHTS[wanted["bottom"]], color=wanted["bottom_color"])


def _rect(area: Area) -> Rect:
    return Rect(*(n + 1 for n in area))
