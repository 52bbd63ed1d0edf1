"""What counts of a reply: the office's own cells on the sheet that was sent to it. Whatever else it holds is told, not used.

The cells to fill are the unlocked ones of the sheet that was sent; rows are followed by their locked texts (`alignment`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfxl.model import CellKind, CellRef
from perfxl.readers.grid import Grid, RawCell, is_blank, raw_text
from perfxl.rounds.alignment import Places, places
from perfxl.rounds.columns import has_headings, put_back
from perfxl.rounds.sent import Page, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT})
Told = tuple[CellRef, str]


@dataclass(slots=True)
class Laid:
    """A reply laid over the sheet that was sent: `grids` are what is consolidated."""

    grids: list[Grid] = field(default_factory=list)
    changed: list[tuple[CellRef, str, str]] = field(default_factory=list)  # locked cell, as sent, as returned
    removed: list[Told] = field(default_factory=list)  # row of the sheet sent, its text
    added: list[Told] = field(default_factory=list)  # row of the reply, its text
    lost_pages: list[str] = field(default_factory=list)
    moved_columns: list[str] = field(default_factory=list)  # names of pages
    filled: int = 0  # cells that the office filled


def laid_over(pages: Sequence[Page], returned: Sequence[Grid], file: str) -> Laid:
    """The reply's own cells on the pages of the sheet sent; `file` is the name under which the cells are known.

    Locked cells that the reply holds differently are listed, and the sent content stays. A row to fill that isn't there any more
    is `removed` (its cells are blank), one that the sheet hadn't is `added` (and isn't used).
    """
    by_name = {grid.name.strip().casefold(): grid for grid in returned}
    formulas = any(raw[3] for grid in returned for cells in grid.rows.values() for raw in cells.values())
    result = Laid()
    for page in pages:
        reply = by_name.get(page.grid.name.strip().casefold())
        if reply is None:
            result.lost_pages.append(page.grid.name)
        else:
            result.grids.append(_Laying(page, reply, file, result, formulas=formulas).grid())
    return result


class _Laying:
    """One page. `formulas`: whether the reply's format tells formulas from values (.xls doesn't)."""

    def __init__(self, page: Page, reply: Grid, file: str, result: Laid, *, formulas: bool) -> None:
        self._page, self._file, self._result, self._formulas = page, file, result, formulas
        back = put_back(page, reply)
        self._moved = back is not None
        if back is not None:
            result.moved_columns.append(page.grid.name)
        self._reply = back or reply
        self._where: Places = places(page, self._reply)

    def grid(self) -> Grid:
        """The sheet sent with the office's cells in it."""
        page, where = self._page, self._where
        rows = {row: dict(cells) for row, cells in page.grid.rows.items()}
        for row, columns in page.own.items():
            for column in columns:
                self._fill(rows.setdefault(row, {}), row, column)
        for row in where.lost:
            self._tell_lost(row)
        for row, place in where.rows.items():
            self._compare(row, place)
        for row in where.new:
            text = next((text for _, text in sorted(self._reply.texts(row).items())), "")
            self._result.added.append((self._ref(row, 1), text))
        return Grid(self._file, page.grid.name, rows, list(page.grid.merged), set(), page.grid.hidden)

    def _fill(self, cells: dict[int, RawCell], row: int, column: int) -> None:
        cells.pop(column, None)
        place = self._where.rows.get(row)
        raw = self._reply.rows.get(place, {}).get(column) if place is not None else None
        if raw is None:
            return
        if not is_blank(raw):
            self._result.filled += 1
        if raw[3] or not is_blank(raw):  # a formula never calculated is told by whoever reads it
            cells[column] = raw

    def _tell_lost(self, row: int) -> None:
        texts = self._page.grid.texts(row)
        if row in self._page.own:
            self._result.removed.append((self._ref(row, 1), next((text for _, text in sorted(texts.items())), "")))
            return
        for column, text in sorted(texts.items()):
            if constant(self._page.grid.rows[row][column]):
                self._result.changed.append((self._ref(row, column), text, ""))

    def _compare(self, row: int, place: int) -> None:
        """The locked cells of a row; of formulas only what was typed over them is told."""
        here, there = self._page.grid.rows.get(row, {}), self._reply.rows.get(place, {})
        for column in sorted({*here, *there}):
            sent, back = here.get(column), there.get(column)
            if not self._page.is_own(row, column) and not self._same(sent, back):
                self._result.changed.append((self._ref(place, column), _shown(sent), _shown(back)))

    def _same(self, sent: RawCell | None, back: RawCell | None) -> bool:
        if sent is not None and sent[3]:
            return (
                not self._formulas or self._moved or not constant(back)
            )  # a blank one may be a formula that shows nothing (.ods)
        if back is not None and back[3]:
            return False
        if not constant(sent) or not constant(back):
            return not constant(sent) and (not constant(back) or self._moved)
        assert sent is not None
        assert back is not None
        return (sent[0] in NUMBERS and back[0] in NUMBERS and sent[1] == back[1]) or raw_text(sent) == raw_text(back)

    def _ref(self, row: int, column: int) -> CellRef:
        return CellRef(self._file, self._page.grid.name, row, column)


def _shown(raw: RawCell | None) -> str:
    return "" if raw is None else ("(formula) " if raw[3] else "") + raw_text(raw)


def resembles(pages: Sequence[Page], returned: Sequence[Grid]) -> bool:
    """Whether a workbook without our mark is the sheet that was sent: its pages, their headings, most of the rows to fill."""
    by_name = {grid.name.strip().casefold(): grid for grid in returned}
    kept = total = 0
    for page in pages:
        reply = by_name.get(page.grid.name.strip().casefold())
        if reply is None or not has_headings(page, reply):
            return False
        keys = {page.key(reply, row) for row in reply.rows}
        total += len(page.own)
        kept += sum(page.key(page.grid, row) in keys for row in page.own)
    return total > 0 and kept * 2 > total
