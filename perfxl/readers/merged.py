"""Cells merged over several rows: where a column says whose or of what kind a row is, what is written holds for every row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.model.cells import CellKind

if TYPE_CHECKING:
    from perfxl.readers.detect import Match
    from perfxl.readers.grid import Grid

_WHOSE = frozenset({"office", "person", "perspective"})
_ONE_VALUE = frozenset({"algorithm", "target"})
"""Held for all the rows only where no row of the range has something of its own. A result never: it was measured once (PX-N042)."""


def spread(grid: Grid, match: Match) -> Grid:
    """The sheet with such cells written in every row of their range that has a text or a code. Itself where there are none."""
    tall = sorted(area for area in grid.merged if area[2] > area[0] > match.bottom)
    if not tall:
        return grid
    names = {column: name for (name, _), column in match.columns.items()}
    texts = [column for column, name in names.items() if name in ("text", "code", "label")]
    rows, last = dict(grid.rows), max(grid.rows)
    looked = dict.fromkeys(names, 0)  # by column: ranges that overlap are no program's, and no row is looked at twice
    for top, left, bottom, _ in tall:
        name, stored = names.get(left, ""), grid.rows.get(top, {}).get(left)
        spec = match.layout.columns.get(name)
        alone = name in _ONE_VALUE
        if stored is None or stored[0] is CellKind.EMPTY or spec is None or not (alone or name in _WHOSE or spec.level):
            continue
        first, looked[left] = max(top, looked[left]) + 1, max(bottom, looked[left])
        beneath = [row for row in range(first, min(bottom, last) + 1) if any(grid.text(row, column) for column in texts)]
        bare = [row for row in beneath if not grid.text(row, left)]
        if not alone or len(bare) == len(beneath):
            rows |= {row: {**rows[row], left: stored} for row in bare}
    return replace(grid, rows=rows)
