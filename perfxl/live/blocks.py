"""Writing into cells that keep their format: what Excel would retype is written as text, then the format is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.live.areas import Place, Rect, rectangles, uniform_parts
from perfxl.live.render import kept_apostrophe

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_cells(sheet: Any, cells: Mapping[Place, Any]) -> None:
    """Write values (None empties a cell) by address, in few blocks; number formats stay what they were."""
    kinds = {place: isinstance(value, str) for place, value in cells.items()}
    for text, area in rectangles(kinds):
        rows = [[cells[row, column] for column in range(area.left, area.right + 1)] for row in range(area.top, area.bottom + 1)]
        if not text:
            sheet.range(area.a1).value = rows
            continue
        formats = number_formats_of(sheet, area)
        sheet.range(area.a1).number_format = "@"
        sheet.range(area.a1).value = [[kept_apostrophe(value) for value in row] for row in rows]
        for part, number_format in formats:
            sheet.range(part.a1).number_format = number_format


def number_formats_of(sheet: Any, area: Rect) -> list[tuple[Rect, str]]:
    """The number formats of an area, by parts."""
    return [(part, found or "General") for part, found in uniform_parts(area, lambda one: sheet.range(one.a1).number_format)]
