"""Rectangles: addresses, cells grouped into few blocks, and questions to Excel that are split only where the answer is mixed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from perfxl.readers.cells_xlsx import split_ref
from perfxl.views.place import letters

Key = TypeVar("Key", bound=Hashable)
Place = tuple[int, int]
"""Row and column, from 1."""


class Rect(NamedTuple):
    """First row, first column, last row, last column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def a1(self) -> str:
        """`B2:D9`; `B2` for one cell."""
        first, last = f"{letters(self.left - 1)}{self.top}", f"{letters(self.right - 1)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def single(self) -> bool:
        """One cell."""
        return self.top == self.bottom and self.left == self.right

    def has(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def halves(self) -> tuple[Rect, Rect]:
        """Cut across the longer side, rows first."""
        if self.bottom > self.top and self.bottom - self.top >= self.right - self.left:
            middle = (self.top + self.bottom) // 2
            return self._replace(bottom=middle), self._replace(top=middle + 1)
        middle = (self.left + self.right) // 2
        return self._replace(right=middle), self._replace(left=middle + 1)


def parsed(a1: str) -> Rect:
    """`B2:D9` or `$B$2` as a rectangle."""
    first, _, last = a1.replace("$", "").partition(":")
    return Rect(*split_ref(first), *split_ref(last or first))


def rectangles(cells: Mapping[Place, Key]) -> list[tuple[Key, Rect]]:
    """Few rectangles that cover just these cells, each of one key: by rows or by columns, whichever gives fewer."""
    by_rows = _merged(cells)
    turned = _merged({(column, row): key for (row, column), key in cells.items()})
    by_columns = [(key, Rect(r.left, r.top, r.right, r.bottom)) for key, r in turned]
    return by_rows if len(by_rows) <= len(by_columns) else by_columns


def _merged(cells: Mapping[Place, Key]) -> list[tuple[Key, Rect]]:
    """Runs of a row, each joined to the same run of the row above."""
    found: list[tuple[Key, Rect]] = []
    open_runs: dict[tuple[Hashable, int, int], int] = {}
    for row, runs in _runs(cells):
        still: dict[tuple[Hashable, int, int], int] = {}
        for key, left, right in runs:
            name = (key, left, right)
            at = open_runs.get(name)
            if at is not None and found[at][1].bottom == row - 1:
                found[at] = key, found[at][1]._replace(bottom=row)
            else:
                at = len(found)
                found.append((key, Rect(row, left, row, right)))
            still[name] = at
        open_runs = still
    return found


def _runs(cells: Mapping[Place, Key]) -> Iterator[tuple[int, list[tuple[Key, int, int]]]]:
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, []).append(column)
    for row, columns in rows.items():
        runs: list[tuple[Key, int, int]] = []
        for column in columns:
            key = cells[row, column]
            if runs and runs[-1][0] == key and runs[-1][2] == column - 1:
                runs[-1] = key, runs[-1][1], column
            else:
                runs.append((key, column, column))
        yield row, runs


def uniform_parts(
    area: Rect, ask: Callable[[Rect], Any], wanted: Callable[[Rect], bool] = lambda _: True
) -> Iterator[tuple[Rect, Any]]:
    """Parts of an area with one answer each. Excel answers None for a mixed range: it is cut in two and asked again.

    Parts that aren't `wanted` aren't asked for.
    """
    if not wanted(area):
        return
    answer = ask(area)
    if answer is not None or area.single:
        yield area, answer
        return
    for half in area.halves():
        yield from uniform_parts(half, ask, wanted)
