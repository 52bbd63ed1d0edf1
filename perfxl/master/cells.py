"""Cells of a master workbook, from a closed file or from the values of an open one, and the tables in them by heading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from perfxl.errors import InputError
from perfxl.model import Cell, cell_of
from perfxl.readers.grid import Grid, is_blank
from perfxl.readers.headings import folded
from perfxl.readers.workbook import read_grids

Source: TypeAlias = "str | Path | Sequence[Sequence[object]]"
"""A workbook's path, or the values of the tab as an open workbook gives them: a list of rows, the first cell being A1."""

BLANK_ROWS_BETWEEN_TABLES = 2


def tab(source: Source, name: str) -> Grid | None:
    """The cells of tab `name`; None where the workbook has none. Raises `InputError` for a file that can't be read."""
    if not isinstance(source, (str, Path)):
        return _grid(source, name)
    grids, findings = read_grids(source)
    if not grids:
        why = findings[0].found if findings else "nessun foglio"
        raise InputError(f"{source}: {why}.", path=str(source))
    return next((grid for grid in grids if grid.name.strip().casefold() == name.casefold()), None)


def _grid(values: Sequence[Sequence[object]], name: str) -> Grid:
    grid = Grid("", name)
    for number, row in enumerate(values, 1):
        cells = {column: cell_of(value) for column, value in enumerate(row, 1)}
        stored = {column: (c.kind, c.value, c.number_format, c.formula) for column, c in cells.items() if not c.empty}
        if stored:
            grid.rows[number] = stored
    return grid


def table(grid: Grid, headings: Sequence[str], *, optional: Sequence[str] = (), starting: str = "") -> list[dict[str, Cell]]:
    """The rows of the table that has all of `headings`, each cell by its heading; empty where there is no such table.

    `optional` headings are taken where they are; so are those that start with `starting` (`Target 2019`). One blank row is passed over; two
    end the table, and so do the cells outside of its columns.
    """
    found = _header(grid, headings, optional, starting)
    if found is None:
        return []
    top, columns = found
    rows: list[dict[str, Cell]] = []
    blanks = 0
    for number in range(top + 1, max(grid.rows) + 1):
        stored = grid.rows.get(number, {})
        if all(column not in stored or is_blank(stored[column]) for column in columns.values()):
            blanks += 1
            if blanks == BLANK_ROWS_BETWEEN_TABLES:
                break
            continue
        blanks = 0
        rows.append({heading: grid.cell(number, column) for heading, column in columns.items()})
    return rows


def _header(grid: Grid, headings: Sequence[str], optional: Sequence[str], starting: str) -> tuple[int, dict[str, int]] | None:
    known = {folded(heading): heading for heading in (*headings, *optional)}
    for number in sorted(grid.rows):
        texts = grid.texts(number)
        columns = {known[folded(text)]: column for column, text in texts.items() if folded(text) in known}
        if all(heading in columns for heading in headings):
            more = {text: column for column, text in texts.items() if starting and folded(text).startswith(folded(starting))}
            return number, columns | more
    return None


def beside(grid: Grid, label: str) -> Cell | None:
    """The cell to the right of the one that says `label`; None where no cell says it."""
    wanted = folded(label)
    for number in sorted(grid.rows):
        for column, text in grid.texts(number).items():
            if folded(text) == wanted:
                return grid.cell(number, column + 1)
    return None


def where(cell: Cell) -> str:
    """`Metodo!C12`."""
    return f"{cell.ref.sheet}!{cell.ref.a1}" if cell.ref else ""
