"""Where the columns of a sheet that was sent stand in the reply: in place, moved (one inserted, one taken away), or nobody can tell.

A result read from the wrong column is worse than none: where the headings don't say for certain where the office's own columns
are, nothing of the page is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfxl.model import CellRef
from perfxl.readers.grid import Grid
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.rounds.sent import Page

EVIDENCE = "evidenza"
FEWEST = 3
"""Headings that there must be for columns to be known by them; rows that a column must have moved in to be a moved column."""
BESIDE = (-2, -1, 1, 2)
"""How far cells that were pushed aside are looked for."""


@dataclass(frozen=True, slots=True)
class Columns:
    """`grid`: the reply with its columns where the sheet sent has them. `where`: column sent → column of the reply, empty where
    none was moved. `astray`: the own columns that nobody can tell where they are, in words; then `grid` is as it came.
    """

    grid: Grid
    where: Mapping[int, int] = field(default_factory=dict)
    astray: tuple[str, ...] = ()


def columns_of(page: Page, reply: Grid) -> Columns:
    """Follow the columns by the headings above the cells to fill: the first row of the reply that says where they all are."""
    headings, own = _headings(page), {column for columns in page.own.values() for column in columns}
    if len(headings) < FEWEST:
        return Columns(reply)
    where = next((found for row in sorted(reply.rows) if (found := _where(reply.texts(row), headings, own))), None)
    if where is None:
        return Columns(reply, {}, _astray(reply, headings, own))
    if all(column == place for column, place in where.items()):
        return Columns(reply)
    back = {place: column for column, place in where.items()}
    rows = {row: {back[at]: raw for at, raw in cells.items() if at in back} for row, cells in reply.rows.items()}
    grid = Grid(reply.file, reply.name, {row: cells for row, cells in rows.items() if cells}, [], set(), reply.hidden)
    return Columns(grid, where)


def _headings(page: Page) -> dict[int, str]:
    """The texts of the fullest row above the first cell to fill, by column."""
    first = min(page.own, default=0)
    above = [page.grid.texts(row) for row in page.grid.rows if row < first and row not in page.own]
    texts = max(above, key=len, default={})
    return texts if len(set(texts.values())) == len(texts) else {}


def _where(texts: dict[int, str], headings: dict[int, str], own: set[int]) -> dict[int, int]:
    """Column of the sheet sent → column of the reply, as one row of the reply says it; empty where it doesn't.

    Certain are: all in their place, but for one that was written anew; or those of the columns to fill and of the labels each
    there once, with most of the others.
    """
    places: dict[str, list[int]] = {}
    for column, text in texts.items():
        places.setdefault(text, []).append(column)
    out = [column for column, text in headings.items() if texts.get(column) != text]
    if not out or (len(out) == 1 and headings[out[0]] not in places):
        return {column: column for column in headings}
    found = {column: places[text][0] for column, text in headings.items() if len(places.get(text, ())) == 1}
    if not {min(headings), *(own & headings.keys())} <= found.keys() or len(found) * 2 <= len(headings):
        return {}
    for column in set(headings) - set(found):  # a heading written anew, between two that are still neighbours of it
        if found.get(column + 1, 0) - found.get(column - 1, 0) == 2 and column - 1 in found:
            found[column] = found[column - 1] + 1
    return found


def _astray(reply: Grid, headings: dict[int, str], own: set[int]) -> tuple[str, ...]:
    """The own columns whose heading isn't in its place, in the row that is most like the headings."""
    names = set(headings.values())
    texts = max((reply.texts(row) for row in sorted(reply.rows)), key=lambda each: len(names & set(each.values())), default={})
    wrong = [column for column in sorted(own & headings.keys()) if texts.get(column) != headings[column]]
    return tuple(
        f"colonna {letter(column)}: attesa «{headings[column][:60]}», trovata «{texts.get(column, '')[:60]}»"
        for column in wrong or sorted(own & headings.keys())
    )


def pushed(page: Page, reply: Grid, row: int, place: int) -> set[int]:
    """The locked columns of a row whose content stands beside: cells that were inserted, deleted or swapped under the headings."""
    found = set()
    for column in page.plain[1:]:
        sent = page.grid.text(row, column)
        beside = [column + by for by in BESIDE if page.grid.text(row, column + by) != sent]
        if sent and reply.text(place, column) != sent and any(reply.text(place, other) == sent for other in beside):
            found.add(column)
    return found


def letter(column: int) -> str:
    """`3` → `C`."""
    return CellRef("", "", 1, column).a1[:-1]


def evidence_column(grid: Grid) -> int | None:
    """The column where the office says where the proof of a result is; None where a sheet has none."""
    return next((at for row in sorted(grid.rows) for at, text in grid.texts(row).items() if folded(text) == EVIDENCE), None)
