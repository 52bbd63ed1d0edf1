"""Columns of a reply that were moved (one inserted, one taken away), put back where the sheet sent has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.readers.grid import Grid

if TYPE_CHECKING:
    from perfxl.rounds.sent import Page

FEWEST = 3
"""Headings that must be there, all of them, for columns to be known by them."""


def put_back(page: Page, reply: Grid) -> Grid | None:
    """The reply with its columns where the sheet sent has them; None where nothing was moved, or nobody can tell.

    Columns are known by the headings above the cells to fill: each of them must stand once in one row of the reply.
    """
    headings = _headings(page)
    if len(headings) < FEWEST or any(_holds(reply, row, headings) for row in reply.rows):
        return None
    found = next((where for row in sorted(reply.rows) if (where := _where(reply, row, headings))), None)
    if found is None:
        return None
    back = {place: column for column, place in found.items()}
    rows = {row: {back[at]: raw for at, raw in cells.items() if at in back} for row, cells in reply.rows.items()}
    return Grid(reply.file, reply.name, {row: cells for row, cells in rows.items() if cells}, [], set(), reply.hidden)


def has_headings(page: Page, reply: Grid) -> bool:
    """Whether the headings above the cells to fill are all there, in their place or moved: an older form of the sheet lacks some."""
    headings = _headings(page)
    return any(_where(reply, row, headings) for row in reply.rows)


def _headings(page: Page) -> dict[int, str]:
    """The texts of the fullest row above the first cell to fill, by column."""
    first = min(page.own, default=0)
    above = [page.grid.texts(row) for row in page.grid.rows if row < first and row not in page.own]
    texts = max(above, key=len, default={})
    return texts if len(set(texts.values())) == len(texts) else {}


def _holds(reply: Grid, row: int, headings: dict[int, str]) -> bool:
    texts = reply.texts(row)
    return all(texts.get(column) == text for column, text in headings.items())


def _where(reply: Grid, row: int, headings: dict[int, str]) -> dict[int, int]:
    """Column of the sheet sent → column of the reply; empty where a heading isn't in this row, or is there twice."""
    places: dict[str, list[int]] = {}
    for column, text in reply.texts(row).items():
        places.setdefault(text, []).append(column)
    if any(len(places.get(text, ())) != 1 for text in headings.values()):
        return {}
    return {column: places[text][0] for column, text in headings.items()}
