"""A row while it is being read, and the `SheetRow` that it becomes once every cell of it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.grammar.codes import normalise_offices, normalise_people
from perfxl.model.cells import EMPTY, Cell, CellKind, CellRef
from perfxl.model.sheets import RowLevel, SheetRow
from perfxl.readers.grid import collapsed

if TYPE_CHECKING:
    from perfxl.readers.detect import Match
    from perfxl.readers.grid import Grid

_TYPED_FORMULA = re.compile(r"\s*=\s*(?:[A-Za-z_.]+\s*\(|\$?[A-Za-z]{1,3}\$?\d)")
_CELL_FIELDS = ("algorithm", "result", "typed_pct", "weight", "budget", "perspective", "note", "cause", "office", "person")
_NO_FIELDS = dict.fromkeys(_CELL_FIELDS, EMPTY)


def _keep_previous(cell: Cell, extra: dict[str, Any]) -> None:
    """The value of the year before; where it is a percent, it may also be how much was achieved."""
    if not cell.empty:
        extra["previous"] = cell
        if cell.kind is CellKind.PERCENT or (cell.kind is CellKind.TEXT and "%" in cell.text):
            extra["previous_pct"] = cell


@dataclass(slots=True)
class Draft:
    """What is known of a row so far; `row` and `column` address the cell of its text."""

    level: RowLevel
    code: str
    printed: str
    title: str
    owner: str
    row: int
    column: int
    strategic: bool = False
    numbered: bool = False
    with_cells: bool = True  # False for a level read from a column: the row's cells are the indicator's
    columns: dict[tuple[str, int | None], int] = field(default_factory=dict)
    typed_pct: Cell | None = None
    weight: Cell | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class RowMaker:
    """Makes the rows of one sheet; findings about cells (errors, typed formulas) are gathered in `findings`."""

    def __init__(self, grid: Grid, match: Match) -> None:
        self.findings: list[Finding] = []
        self._grid, self._match, self._layout = grid, match, match.layout
        self._told: set[tuple[str, int, int]] = set()

    def make(self, draft: Draft, wide_column: int | None = None) -> SheetRow:
        """The row; `wide_column` is the result column of one office in a wide sheet."""
        cells = _NO_FIELDS.copy()
        targets: dict[int | None, Cell] = {}
        extra = dict(draft.extra)
        row, stored = draft.row, self._grid.rows.get(draft.row, {})
        used, plain = self.used, self._grid.cell
        for (name, year), column in draft.columns.items() if draft.with_cells else ():
            raw = stored.get(column)
            if name == "target" or name in cells:
                told = raw is not None and (raw[0] is CellKind.ERROR or raw[0] is CellKind.EMPTY)
                cell = used(row, column) if told else plain(row, column)
                if name == "target":
                    targets[year] = cell
                else:
                    cells[name] = cell
            elif raw is None:
                continue
            elif name == "complexity":
                complexity = used(row, column)
                if not complexity.empty:
                    extra[name] = complexity
            elif name == "previous":
                _keep_previous(used(row, column), extra)
            elif raw[0] is CellKind.ERROR or raw[3]:
                used(row, column)  # its text is known already: only what is wrong with it is told
        offices, people = cells["office"], cells["person"]
        if draft.with_cells and self._match.wide and draft.level is RowLevel.INDICATOR:
            cells["result"] = self._wide_result(draft.row, wide_column, extra)
        if draft.typed_pct is not None:
            cells["typed_pct"] = draft.typed_pct
        if draft.weight is not None:
            cells["weight"] = draft.weight
        self._look_at_result(cells["result"], extra)
        return SheetRow(
            level=draft.level,
            code=draft.code,
            code_printed=draft.printed,
            title=draft.title,
            owner=draft.owner or None,
            ref=CellRef(self._grid.file, self._grid.name, draft.row, draft.column),
            strategic=draft.strategic,
            targets=targets,
            offices=normalise_offices(offices.text),
            offices_cell=offices,
            people=normalise_people(people.text),
            people_cell=people,
            extra=extra,
            algorithm=cells["algorithm"],
            result=cells["result"],
            typed_pct=cells["typed_pct"],
            weight=cells["weight"],
            budget=cells["budget"],
            perspective=cells["perspective"],
            note=cells["note"],
            cause=cells["cause"],
        )

    def used(self, row: int, column: int) -> Cell:
        """A cell that counts, with a finding where it holds an error or a formula never calculated."""
        cell = self._grid.cell(row, column)
        kind = cell.kind
        if kind is CellKind.ERROR:
            self._tell("PX-R006", cell.text, cell)
        elif kind is CellKind.EMPTY and cell.formula:
            self._tell("PX-R012", "una formula senza il suo valore", cell)
        return cell

    def _tell(self, code: str, found: str, cell: Cell) -> None:
        """A finding, once for each cell (the rows of a wide sheet are made once for each office)."""
        assert cell.ref is not None
        key = (code, cell.ref.row, cell.ref.column)
        if key not in self._told:
            self._told.add(key)
            self.findings.append(finding(code, found, cell.ref))

    def _wide_result(self, row: int, wide_column: int | None, extra: dict[str, Any]) -> Cell:
        """The office's own column, or the last period that is filled; the other periods stay in `extra`."""
        if wide_column is not None:
            return self.used(row, wide_column)
        periods = {text: self.used(row, column) for column, text in self._match.wide.items()}
        filled = [text for text, cell in periods.items() if not cell.empty]
        extra["periods"] = periods
        if not filled:
            return next(iter(periods.values()))
        extra["period"] = filled[-1]
        return periods[filled[-1]]

    def _look_at_result(self, result: Cell, extra: dict[str, Any]) -> None:
        if result.kind is CellKind.TEXT and _TYPED_FORMULA.match(str(result.value)):
            self._tell("PX-R009", result.text, result)
        words = self._layout.sentinel_words
        if words and collapsed(result.text).casefold() in words:
            extra["sentinel"] = result.text
