"""Print set-up of a rendered tab, and its colour: Excel's own objects only (xlwings knows just the print area)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.live.areas import Rect
from perfxl.live.native import native
from perfxl.views.place import letters
from perfxl.writers.formats import FONT

if TYPE_CHECKING:
    from perfxl.views.place import Sheet

_LANDSCAPE, _A3, _A4, _POINTS_IN_INCH = 2, 8, 9, 72.0


def set_page(target: Any, sheet: Sheet, footer: str) -> None:
    """Lying down, A4 or A3, one page wide or several, headings repeated, footer: as `perfxl.writers.file` does it."""
    target.page_setup.print_area = Rect(*(n + 1 for n in sheet.print_area)).a1
    api = native(target)
    if api is None:
        return
    colour = sheet.tab.colour
    api.Tab.Color = int(colour[4:6] + colour[2:4] + colour[0:2], 16)
    page = api.PageSetup
    page.Orientation, page.PaperSize = _LANDSCAPE, _A3 if sheet.paper.a3 else _A4
    if sheet.paper.scale:
        page.Zoom = sheet.paper.scale
        if sheet.paper.columns:
            page.PrintTitleColumns = f"$A:${letters(sheet.paper.columns - 1)}"
    else:
        page.Zoom, page.FitToPagesWide, page.FitToPagesTall = False, 1, False
    page.LeftMargin = page.RightMargin = 0.4 * _POINTS_IN_INCH
    page.TopMargin, page.BottomMargin = 0.5 * _POINTS_IN_INCH, 0.6 * _POINTS_IN_INCH
    if sheet.repeat is not None:
        page.PrintTitleRows = f"${sheet.repeat[0] + 1}:${sheet.repeat[1] + 1}"
    for row in sheet.tab.breaks:
        api.HPageBreaks.Add(target.range((row + 1, 1)).api)
    text = footer.replace("&", "&&")
    page.LeftFooter = f'&"{FONT}"&8{text} · &A'
    page.CenterFooter = f'&"{FONT}"&8Pagina &P di &N'
    page.RightFooter = f'&"{FONT}"&8&D'
