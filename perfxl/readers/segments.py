"""The tables of a sheet: one below the other when the header comes again under a new title, one when it's only repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.model.record import record
from perfxl.readers.headings import MAX_HEADING, heading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.readers.detect import Match
    from perfxl.readers.grid import Grid


@record(frozen=True, slots=True)
class Segment:
    """A table: the texts above its header (nearest first), the header's first row, the rows to read."""

    titles: tuple[str, ...]
    header: int
    rows: tuple[int, ...]


def segments(grid: Grid, match: Match) -> list[Segment]:
    """At least one; rows of headings and titles are in none of them."""
    rows = sorted(grid.rows)
    above = [row for row in rows if row < match.top]
    below = [row for row in rows if row > match.bottom]
    first = Segment(_texts(grid, reversed(above)), match.top, tuple(below))
    if match.layout.shape == "blocks":
        return [first]
    again = _repeated_headers(grid, match, below)
    return _split(grid, match, first, again) if again else [first]


def _texts(grid: Grid, rows: Iterable[int]) -> tuple[str, ...]:
    return tuple(text for row in rows for text in grid.texts(row).values())


def _repeated_headers(grid: Grid, match: Match, rows: list[int]) -> list[int]:
    """Rows whose headings are the header's in every essential column."""
    columns = [column for (name, _), column in match.columns.items() if name in match.layout.essential]
    tall = match.bottom > match.top
    wanted = {column: heading(grid.text(match.top, column) if tall else match.headings[column]) for column in columns}
    wanted = {column: words for column, words in wanted.items() if words[0]}
    if not wanted:
        return []
    first = next(iter(wanted))
    likely = [row for row in rows if 0 < len(grid.text(row, first)) <= MAX_HEADING]  # most hold the text of an indicator there
    return [row for row in likely if all(heading(grid.text(row, column))[0] == words for column, (words, _) in wanted.items())]


def _split(grid: Grid, match: Match, first: Segment, again: list[int]) -> list[Segment]:
    height = match.bottom - match.top
    found, titles, header, taken = [], first.titles, first.header, list[int]()
    rows = iter(first.rows)
    skip_to = 0
    for row in rows:
        if row <= skip_to:
            continue
        if row not in again:
            taken.append(row)
            continue
        title_rows = _title_rows(grid, match, taken)
        skip_to = row + height
        if title_rows:
            found.append(Segment(titles, header, tuple(other for other in taken if other not in title_rows)))
            titles, header, taken = _texts(grid, sorted(title_rows, reverse=True)), row, []
    found.append(Segment(titles, header, tuple(taken)))
    return found


def _title_rows(grid: Grid, match: Match, taken: list[int]) -> set[int]:
    """The rows right above a repeated header that hold one text that says whose table it is."""
    found: set[int] = set()
    for row in reversed(taken[-6:]):
        texts = grid.texts(row)
        if len(texts) > 1:
            break
        found.add(row)
    patterns = [rule.text_re for rule in match.layout.respondent.rules if rule.where == "title"]
    told = any(pattern.search(text) for row in found for text in grid.texts(row).values() for pattern in patterns)
    return found if told else set()
