"""An answer to an earlier version of the plan on the sheet in force: both are sheets of ours, so that a row is its indicator's code.

Texts are no help here: what replaces an indicator is often worded much like it, and isn't what the office answered for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.model import CellRef
from perfxl.readers import rows_of_grids
from perfxl.readers.grid import Grid
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfxl.rounds.effective import Laid, Told
    from perfxl.rounds.sent import Page

Place = tuple[str, int]
"""A page's name and a row."""


def brought_up(laid: Laid, before: Sequence[Page], now: Sequence[Page], file: str) -> Laid:
    """The answer to the sheet `before` on the sheet in force: what the plan changed isn't the office's doing.

    `removed` are the rows in force that the office wasn't asked for, and those that it took away itself.
    """
    old, new = codes_of(before), codes_of(now)
    places = {code: place for place, code in old.items()}
    answered = {grid.name: grid for grid in laid.grids}
    lost = [page.grid.name for page in now if page.grid.name in laid.lost_pages]
    asked = set(new.values())
    removed = [told for told in laid.removed if _still_asked(told, old, asked)]
    grids = []
    for page in now:
        rows = {row: dict(cells) for row, cells in page.grid.rows.items()}
        for row, columns in page.own.items():
            source = places.get(new.get((page.grid.name, row), ""))
            if source is None and page.grid.name not in lost:
                label = next((text for text in page.key(page.grid, row) if text), "")
                removed.append((CellRef(file, page.grid.name, row, 1), label))
            cells = answered[source[0]].rows.get(source[1], {}) if source is not None and source[0] in answered else {}
            for column in columns:
                rows.setdefault(row, {}).pop(column, None)
                if column in cells:
                    rows[row][column] = cells[column]
        grids.append(Grid(file, page.grid.name, rows, list(page.grid.merged), set(), page.grid.hidden))
    return replace(laid, grids=grids, removed=removed, lost_pages=lost)


def codes_of(pages: Iterable[Page]) -> dict[Place, str]:
    """The indicator of each row to fill; one that stands twice is of none of its rows.

    Where indicators bear no code (Lucca) the readers number them in their order, which a plan changes: there the page, what the
    indicator hangs from and its text are the key.
    """
    found = {}
    for sheet in rows_of_grids([page.grid for page in pages], "").sheets:
        for row in sheet.indicators:
            key = row.code if row.code_printed else f"{sheet.sheet}/{row.owner}/{folded(row.title)}"
            found[row.ref.sheet, row.ref.row] = key
    counts = Counter(found.values())
    return {place: code for place, code in found.items() if counts[code] == 1}


def _still_asked(told: Told, old: dict[Place, str], asked: set[str]) -> bool:
    ref, _ = told
    return old.get((ref.sheet, ref.row), "") in asked
