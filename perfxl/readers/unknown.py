"""What to say of a sheet that no layout knows: nothing in it, or what was looked for and what was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model.cells import CellRef
from perfxl.readers.detect import SEARCHED_ROWS, beyond, nearest
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.readers.detect import Vocabulary
    from perfxl.readers.grid import Grid
    from perfxl.readers.layout import Layout

_NOT_TABLES = ("istruzioni", "leggimi", "legenda", "copertina", "guida", "note per", "come compilare", "indice")
_TABLE_WIDTH = 3
"""A row with this many filled cells makes a sheet look like a table."""


def about_unknown(grid: Grid, layouts: Sequence[Layout], vocabulary: Vocabulary) -> Finding:
    """PX-R003 (a note) for an empty sheet, instructions or a cover; PX-R001 for a table of unknown headings."""
    if not any(grid.texts(row) for row in grid.rows):
        return finding("PX-R003", "foglio vuoto", file=grid.file, sheet=grid.name)
    if folded(grid.name).startswith(_NOT_TABLES):
        return finding("PX-R003", "foglio di istruzioni o di servizio", file=grid.file, sheet=grid.name)
    if (far := beyond(grid, layouts, vocabulary)) is not None:
        text = f"le intestazioni del modello {far.layout.id} sono alla riga {far.top}: si cercano nelle prime {SEARCHED_ROWS}"
        expected = f"l'intestazione nelle prime {SEARCHED_ROWS} righe"
        remedy = "Togliere le righe sopra la tabella, o metterla in un foglio suo."
        where = CellRef(grid.file, grid.name, far.top, min(far.headings))
        return replace(finding("PX-R001", text, where, expected=expected), remedy=remedy)
    best = nearest(grid, layouts, vocabulary)
    if best is not None and len(best.fields) > 1:
        found = [f"«{text}»" for column, text in best.headings.items() if column in best.columns.values()]
        missing = [
            f"«{best.layout.columns[name].headings[0]}»" for name in best.layout.needed("essential") if name not in best.fields
        ]
        text = f"modello più vicino: {best.layout.id}; trovate: {', '.join(found)}; mancano: {', '.join(missing)}; viste: {_seen(best.headings)}"
        return finding(
            "PX-R001", text, CellRef(grid.file, grid.name, best.top, min(best.headings)), expected=_expected(best.layout)
        )
    if grid.hidden or not _looks_like_table(grid):
        return finding("PX-R003", "nessuna tabella di obiettivi e indicatori", file=grid.file, sheet=grid.name)
    row = _fullest_row(grid)
    text = f"nessun modello ha queste intestazioni; viste: {_seen(grid.texts(row))}; modelli provati: {', '.join(layout.id for layout in layouts)}"
    return finding("PX-R001", text, CellRef(grid.file, grid.name, row, min(grid.texts(row))))


def _expected(layout: Layout) -> str:
    names = (*layout.needed("essential"), *layout.needed("expected"))
    return "le intestazioni " + ", ".join(f"«{layout.columns[name].headings[0]}»" for name in names)


def _looks_like_table(grid: Grid) -> bool:
    return any(len(grid.texts(row)) >= _TABLE_WIDTH for row in grid.rows)


def _fullest_row(grid: Grid) -> int:
    rows = sorted(grid.rows)[:SEARCHED_ROWS]
    return max(rows, key=lambda row: (len(grid.texts(row)), -row))


def _seen(texts: dict[int, str]) -> str:
    shown = [f"«{text[:40]}»" for _, text in sorted(texts.items())[:12]]
    return ", ".join(shown) + (" …" if len(texts) > 12 else "")
