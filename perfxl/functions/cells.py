"""Arguments of a function as blocks of cells: a scalar, a row, a column or a block, laid side by side cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from perfxl.model import Cell

Grid = list[list[Any]]
"""Rows of cell values; never empty."""

SIZES = "intervalli di dimensioni diverse"
WHOLE_COLUMN = 1_048_576
"""Rows of a whole column (`A:A`): only such a range is cut after its last filled row."""


class Untyped(float):
    """A number from a host that doesn't tell numbers from dates (LibreOffice gives a date's serial)."""

    __slots__ = ()


class Problem(str):
    """The text that stands in a cell in place of a figure, with what a person needs to put it right."""

    __slots__ = ()


def grid_of(argument: object) -> Grid:
    """The argument as a block: a scalar is one cell, a flat list a column; short rows are filled with blanks."""
    if not isinstance(argument, (list, tuple)):
        return [[argument]]
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in argument]
    width = max((len(row) for row in rows), default=0)
    if width == 0:
        return [[None]]
    return [row + [None] * (width - len(row)) for row in rows]


ERROR_CODES = {
    -2146826281: "#DIV/0!", -2146826246: "#N/A", -2146826259: "#NAME?", -2146826288: "#NULL!", -2146826252: "#NUM!",
    -2146826265: "#REF!", -2146826273: "#VALUE!", -2146826245: "#GETTING_DATA", -2146826243: "#SPILL!", -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!", -2146826240: "#UNKNOWN!", -2146826239: "#FIELD!", -2146826238: "#CALC!",
}  # fmt: skip
"""Errors as COM hands them over, the newer ones that xlwings doesn't name included. A number always comes as a float."""


def errors_named(argument: object) -> object:
    """The argument with Excel's error codes as their texts."""
    if not isinstance(argument, (list, tuple)):
        return ERROR_CODES.get(argument, argument) if type(argument) is int else argument
    return [errors_named(item) for item in argument]


def one(text: str) -> Grid:
    """A single cell with a text."""
    return [[str(text)]]


def flat(argument: object) -> list[Any]:
    """The cells of a block, row by row; those of a whole column end with the last filled one."""
    grid = grid_of(argument)
    return [cell for row in grid[: _depth([grid])] for cell in row]


def is_blank(value: object) -> bool:
    """Nothing in the cell, or only blanks."""
    if isinstance(value, Cell):
        return value.empty
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\xa0"))


def each(function: Callable[..., Any], *arguments: object) -> Grid:
    """`function` over the cells of the arguments, side by side; a single cell with `SIZES` where they don't fit.

    The largest block gives the shape; the others are as large, or one cell, or (against a block) one row or one column.
    """
    cells = aligned(*arguments)
    if isinstance(cells, Problem):
        return one(cells)
    return [[function(*group) for group in row] for row in cells]


def aligned(*arguments: object) -> list[list[tuple[Any, ...]]] | Problem:
    """The cells of the arguments side by side, in the shape of the largest block."""
    grids = [grid_of(argument) for argument in arguments]
    rows, columns = max(len(g) for g in grids), max(len(g[0]) for g in grids)
    if not all(len(g) in (1, rows) and len(g[0]) in (1, columns) for g in grids):
        return Problem(SIZES)
    if not any((len(g), len(g[0])) == (rows, columns) for g in grids):  # a row against a column: no table is made of them
        return Problem(SIZES)
    rows = min(rows, _depth(grids))
    return [[tuple(_at(grid, row, column) for grid in grids) for column in range(columns)] for row in range(rows)]


def _at(grid: Grid, row: int, column: int) -> Any:
    cells = grid[row if len(grid) > 1 else 0]
    return cells[column if len(cells) > 1 else 0]


def _depth(grids: Sequence[Grid]) -> int:
    """How many rows to take: all, but of a whole column only down to the last one with something in it."""
    tall = [grid for grid in grids if len(grid) >= WHOLE_COLUMN]
    if not tall:
        return max(len(grid) for grid in grids)
    return max(1, *(_last_filled(grid) for grid in tall))


def _last_filled(grid: Grid) -> int:
    return next((row for row in range(len(grid), 0, -1) if not all(map(is_blank, grid[row - 1]))), 0)
