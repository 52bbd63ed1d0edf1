"""Sheets made of blocks: a title, and beneath it labels, each with its figure beside or below. Each block is a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfxl.model import CellKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perfxl.model import Cell
    from perfxl.readers.grid import Grid
    from perfxl.statements.lines import LineTeller
    from perfxl.statements.model import Line
    from perfxl.statements.schema import Declaration

NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT})
_FIGURE = re.compile(r"\s*[€+-]?\s*\d[\d.,]*\s*[€%]?\s*")


@dataclass(slots=True)
class Records:
    """The blocks of a sheet, and the cells with a number that no label explains."""

    lines: list[tuple[Line, dict[str, Cell]]] = field(default_factory=list)
    strays: list[Cell] = field(default_factory=list)


class RecordReader:
    """Reads the blocks that a declaration with `records` speaks of; `key_of` gives the column that a label means, or ""."""

    def __init__(self, declaration: Declaration, grid: Grid, key_of: Callable[[str], str]) -> None:
        self._grid = grid
        self._key_of = key_of
        self._first = declaration.first_text
        self._under = next((key for key, column in declaration.columns.items() if column.under), "")
        self._taken: set[tuple[int, int]] = set()

    def read(self, rows: Iterable[int], teller: LineTeller) -> Records:
        """The blocks of some rows, up to the line that ends the table."""
        found = Records()
        seen: list[int] = []
        for row in rows:
            labels = {at: key for at, text in self._grid.texts(row).items() if (key := self._key_of(text))}
            if not labels:
                self._title(row, teller, found)
            elif found.lines:
                self._figures(row, labels, found.lines[-1][1])
            if teller.ended:
                break
            seen.append(row)
        found.strays = [cell for row in seen for cell in self._numbers(row)]
        return found

    def _title(self, row: int, teller: LineTeller, found: Records) -> None:
        """A row without labels: the title of a block, what stands beneath the title, or a text that isn't ours."""
        first, *others = sorted(at for at in self._grid.texts(row) if (row, at) not in self._taken) or [0]
        if not first:
            return
        cell = self._grid.cell(row, first)
        line = teller.line(row, {self._first: cell})
        if line is not None:
            found.lines.append((line, {self._first: cell}))
            cell = self._grid.cell(row, others[0]) if others else cell
        if found.lines and self._under and not teller.skipped and not teller.ended and (line is None or others):
            self._name(cell, *found.lines[-1])

    def _name(self, cell: Cell, line: Line, cells: dict[str, Cell]) -> None:
        """The name of a block: the first text beside or below its title, before any figure."""
        if len(cells) == 1 and cell.kind is CellKind.TEXT:
            cells[self._under] = cell
            line.title = f"{line.key} {cell.text}"

    def _figures(self, row: int, labels: dict[int, str], cells: dict[str, Cell]) -> None:
        for at, key in labels.items():
            places = [(row, min((other for other in self._grid.texts(row) if other > at), default=at + 1)), (row + 1, at)]
            for place in places:
                cell = self._grid.cell(*place)
                if (place[0] == row and not cell.empty and not self._key_of(cell.text)) or _is_figure(cell):
                    cells.setdefault(key, cell)
                    self._taken.add(place)
                    break

    def _numbers(self, row: int) -> list[Cell]:
        cells = [self._grid.cell(row, at) for at in self._grid.texts(row) if (row, at) not in self._taken]
        return [cell for cell in cells if cell.kind in NUMBERS]


def _is_figure(cell: Cell) -> bool:
    return cell.kind in NUMBERS or (cell.kind is CellKind.TEXT and _FIGURE.fullmatch(cell.text) is not None)
