"""The live renderer: the placed cells that the file renderer writes, into a sheet of the open workbook, in few calls.

Excel takes what is put into a cell for something typed: `1-2` becomes a date, `=…` a formula, `10%` a number. So texts go into
cells that are texts (`@`) while they are written; the format that the declaration wants is set afterwards, and the text stays.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from perfxl.live.areas import Place, Rect, rectangles
from perfxl.writers.formats import number_formats, properties_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.views.columns import Placed
    from perfxl.views.place import Sheet
    from perfxl.views.tab import Style

GENERAL = "General"
LONGEST_IN_BLOCK = 8_000
"""Excel refuses a block in which a text has more than 8,203 characters: such a text goes alone."""

ROWS_IN_BLOCK = 5_000


def area_of(sheet: Sheet) -> Rect:
    """The area that a tab takes, from A1."""
    cells = sheet.cells()
    bottom = max((cell.row for cell in cells), default=0) + 1
    right = max((cell.column + cell.span for cell in cells), default=1)
    return Rect(1, 1, bottom, right)


def render_cells(target: Any, sheet: Sheet, decimals: int, styles: dict[Style, str] | None = None) -> None:
    """Write values, formulas and number formats into `target` (an xlwings sheet, empty in that area). Nothing else."""
    made = styles if styles is not None else {}
    cells = sheet.cells()
    _texts_first(target, cells)
    _values(target, cells, area_of(sheet))
    _number_formats(target, cells, _format_of(decimals, made))
    _formulas(target, cells)


def _place(cell: Placed) -> Place:
    return cell.row + 1, cell.column + 1


def _is_text(cell: Placed) -> bool:
    return isinstance(cell.value, str) and cell.value != "" and cell.formula is None


def _texts_first(target: Any, cells: list[Placed]) -> None:
    texts = {_place(cell): True for cell in cells if _is_text(cell)}
    for _, area in rectangles(texts):
        target.range(area.a1).number_format = "@"


def _values(target: Any, cells: list[Placed], area: Rect) -> None:
    held = {_place(cell): _written(cell) for cell in cells}
    for top in range(area.top, area.bottom + 1, ROWS_IN_BLOCK):
        bottom = min(top + ROWS_IN_BLOCK - 1, area.bottom)
        columns = range(area.left, area.right + 1)
        rows = [[_short(held.get((row, column))) for column in columns] for row in range(top, bottom + 1)]
        target.range(Rect(top, area.left, bottom, area.right).a1).value = rows
    for place, value in held.items():
        if isinstance(value, str) and len(value) > LONGEST_IN_BLOCK:
            target.range(Rect(*place, *place).a1).value = value


def _short(value: Any) -> Any:
    return None if isinstance(value, str) and len(value) > LONGEST_IN_BLOCK else value


def _written(cell: Placed) -> Any:
    """The value as it is handed to Excel; a formula's comes from Excel itself."""
    value = cell.value
    if cell.formula is not None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return kept_apostrophe(value)


def kept_apostrophe(value: Any) -> Any:
    """Excel takes a leading apostrophe for its own sign of a text, also in a text cell: a text that begins with one needs two."""
    return f"'{value}" if isinstance(value, str) and value.startswith("'") else value


def _format_of(decimals: int, made: dict[Style, str]) -> Callable[[Style], str]:
    numbers = number_formats(decimals)

    def format_of(style: Style) -> str:
        if style not in made:
            made[style] = str(properties_of(style, numbers).get("num_format", GENERAL))
        return made[style]

    return format_of


def _number_formats(target: Any, cells: list[Placed], format_of: Callable[[Style], str]) -> None:
    wanted = {}
    for cell in cells:
        row, column = _place(cell)
        for more in range(cell.span):
            wanted[row, column + more] = format_of(cell.style)
    for number_format, area in rectangles(wanted):
        target.range(area.a1).number_format = number_format


def _formulas(target: Any, cells: list[Placed]) -> None:
    formulas = {_place(cell): cell.formula for cell in cells if cell.formula is not None}
    for _, area in rectangles(dict.fromkeys(formulas, True)):
        rows = [
            [formulas[row, column] for column in range(area.left, area.right + 1)] for row in range(area.top, area.bottom + 1)
        ]
        target.range(area.a1).formula = rows if not area.single else rows[0][0]
