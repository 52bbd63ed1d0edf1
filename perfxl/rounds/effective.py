"""What counts of a reply: the office's own cells on the sheet that was sent to it. Whatever else it holds is told, not used.

The cells to fill are the unlocked ones of the sheet that was sent; rows are followed by their locked texts (`alignment`), columns
by their headings (`columns`). A row or a page that can't be followed for certain gives nothing, and that is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from perfxl.model import CellKind, CellRef
from perfxl.readers.grid import Grid, RawCell, is_blank, raw_text
from perfxl.rounds.alignment import Places, places
from perfxl.rounds.columns import FEWEST, columns_of, letter, pushed
from perfxl.rounds.sent import Page, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT})
Told = tuple[CellRef, str]


class Merged(NamedTuple):
    """A merged range of the reply over cells to fill. `blank`: those of the sheet sent (`A1`) that it left without content."""

    ref: CellRef
    text: str
    blank: tuple[str, ...]


@dataclass(slots=True)
class Laid:
    """A reply laid over the sheet that was sent: `grids` are what is consolidated."""

    grids: list[Grid] = field(default_factory=list)
    changed: list[tuple[CellRef, str, str]] = field(default_factory=list)  # locked cell, as sent, as returned
    removed: list[Told] = field(default_factory=list)  # row of the sheet sent, its text
    added: list[Told] = field(default_factory=list)  # row of the reply, its text
    lost_pages: list[str] = field(default_factory=list)
    moved_columns: list[str] = field(default_factory=list)  # names of pages
    astray: list[tuple[str, str]] = field(default_factory=list)  # page of which nothing is taken, why
    doubtful: list[Told] = field(default_factory=list)  # row of the reply that contradicts itself, the row sent that it may be
    merged: list[Merged] = field(default_factory=list)
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
        columns = columns_of(page, reply)
        self._reply, self._columns = columns.grid, columns.where
        self._where: Places = places(page, self._reply)
        self._merged = [each for each in reply.merged if each not in page.grid.merged]
        self._astray = columns.astray or self._pushed()

    def _pushed(self) -> tuple[str, ...]:
        """Columns whose content stands in others, though the headings are in their place; a row of which that is true is doubtful."""
        rows = {row: place for row, place in self._where.rows.items() if row in self._page.own}
        found = {row: columns for row, place in rows.items() if (columns := pushed(self._page, self._reply, row, place))}
        for row, columns in found.items():
            if len(columns) > 1:
                self._where.doubtful[row] = self._where.rows.pop(row)
        counts = Counter(column for columns in found.values() for column in columns)
        held = Counter(column for row in rows for column in self._page.plain if self._page.grid.text(row, column))
        moved = [column for column in sorted(counts) if counts[column] >= FEWEST and counts[column] * 2 > held[column]]
        return tuple(f"colonna {letter(column)}: il contenuto inviato è in un'altra colonna" for column in moved)

    def grid(self) -> Grid:
        """The sheet sent with the office's cells in it; without them, where nobody can tell which column is which."""
        page, where = self._page, self._where
        rows = {row: dict(cells) for row, cells in page.grid.rows.items()}
        for row, columns in page.own.items():
            for column in columns:
                rows.setdefault(row, {}).pop(column, None)
                if not self._astray:
                    self._fill(rows[row], row, column)
        if self._astray:
            self._result.astray += [(page.grid.name, text) for text in self._astray]
        else:
            self._tell(where)
        return Grid(self._file, page.grid.name, rows, list(page.grid.merged), set(), page.grid.hidden)

    def _tell(self, where: Places) -> None:
        if self._columns:
            self._result.moved_columns.append(self._page.grid.name)
        for row in where.lost:
            self._tell_lost(row)
        for row, place in where.doubtful.items():
            self._result.doubtful.append((self._ref(place, 1), _first(self._page.grid, row)))
        for row, place in where.rows.items():
            self._compare(row, place)
        self._result.added += [(self._ref(row, 1), _first(self._reply, row)) for row in where.new]
        self._tell_merged()

    def _tell_merged(self) -> None:
        """A merged range keeps the content of its first cell alone: what was typed in the others is gone."""
        for top, left, bottom, right in self._merged:
            inside = [
                (CellRef("", "", row, column).a1, raw is None or is_blank(raw), (place, at) != (top, left))
                for row, place in self._where.rows.items()
                if top <= place <= bottom
                for column in self._page.own.get(row, ())
                if left <= (at := self._columns.get(column, column)) <= right
                for raw in (self._reply.rows.get(place, {}).get(column),)
            ]
            if inside and (top, left) != (bottom, right):
                blank = tuple(cell for cell, empty, covered in inside if covered and empty)
                name = f"{letter(left)}{top}:{letter(right)}{bottom}"
                self._result.merged.append(Merged(self._ref(top, left), name, blank))

    def _fill(self, cells: dict[int, RawCell], row: int, column: int) -> None:
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
            self._result.removed.append((self._ref(row, 1), _first(self._page.grid, row)))
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
            # a blank one may be a formula that shows nothing (.ods)
            return not self._formulas or bool(self._columns) or not constant(back)
        if back is not None and back[3]:
            return False
        if not constant(sent) or not constant(back):
            return not constant(sent) and (not constant(back) or bool(self._columns))
        assert sent is not None
        assert back is not None
        return (sent[0] in NUMBERS and back[0] in NUMBERS and sent[1] == back[1]) or raw_text(sent) == raw_text(back)

    def _ref(self, row: int, column: int) -> CellRef:
        return CellRef(self._file, self._page.grid.name, row, column)


def _first(grid: Grid, row: int) -> str:
    return next((text for _, text in sorted(grid.texts(row).items())), "")


def _shown(raw: RawCell | None) -> str:
    return "" if raw is None else ("(formula) " if raw[3] else "") + raw_text(raw)


def resembles(pages: Sequence[Page], returned: Sequence[Grid]) -> bool:
    """Whether a workbook without our mark is the sheet that was sent: its pages, their headings, most of the rows to fill."""
    return kept_rows(pages, returned) * 2 > sum(len(page.own) for page in pages)


def kept_rows(pages: Sequence[Page], returned: Sequence[Grid]) -> int:
    """How many rows to fill of a sheet that was sent are in a workbook as they were; 0 where a page or its headings aren't."""
    by_name = {grid.name.strip().casefold(): grid for grid in returned}
    kept = 0
    for page in pages:
        reply = by_name.get(page.grid.name.strip().casefold())
        if reply is None or (columns := columns_of(page, reply)).astray:
            return 0
        keys = {page.key(columns.grid, row) for row in columns.grid.rows}
        kept += sum(page.key(page.grid, row) in keys for row in page.own)
    return kept
