"""Rows followed by their texts: a result may get lost (and is told), it never ends up on another row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model import CellKind
from perfxl.readers.grid import Grid
from perfxl.rounds.alignment import places
from perfxl.rounds.effective import laid_over
from perfxl.rounds.sent import Page, sent_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.readers.grid import RawCell

LABEL, RESULT, OTHER = 1, 2, 3


def text(value: str) -> RawCell:
    return CellKind.TEXT, value, "General", False


def number(value: int) -> RawCell:
    return CellKind.NUMBER, Decimal(value), "General", False


def grid(rows: Sequence[tuple[str, str] | None], results: Sequence[int | None] = ()) -> Grid:
    """Rows of (label, another locked text) from row 1 on, with the results given."""
    found: dict[int, dict[int, RawCell]] = {}
    for at, row in enumerate(rows, start=1):
        if row is not None:
            found[at] = {LABEL: text(row[0]), OTHER: text(row[1])}
            if at <= len(results) and results[at - 1] is not None:
                found[at][RESULT] = number(results[at - 1])
    return Grid("f", "Foglio", found)


def page(rows: Sequence[tuple[str, str]]) -> Page:
    return Page(grid(rows), dict.fromkeys(range(1, len(rows) + 1), (RESULT,)), (LABEL, OTHER))


def counted(rows: Sequence[tuple[str, str]], reply: Grid) -> dict[int, int]:
    """Row of the sheet sent → the result that counts."""
    laid = laid_over([page(rows)], [reply], "f")
    return {row: int(cells[RESULT][1]) for row, cells in laid.grids[0].rows.items() if RESULT in cells}  # type: ignore[arg-type]


THREE = [("A", "x"), ("B", "y"), ("C", "z")]


@pytest.mark.parametrize(
    ("reply", "rows", "lost", "new"),
    [
        (THREE, {1: 1, 2: 2, 3: 3}, [], []),
        ([("A", "x"), ("C", "z")], {1: 1, 3: 2}, [2], []),
        ([("A", "x"), ("N", "n"), ("B", "y"), ("C", "z")], {1: 1, 2: 3, 3: 4}, [], [2]),
        ([("C", "z"), ("B", "y"), ("A", "x")], {1: 3, 2: 2, 3: 1}, [], []),
        ([("A", "x"), None, ("B", "y"), None, ("C", "z")], {1: 1, 2: 3, 3: 5}, [], []),
        ([("A", "x"), ("B", "changed"), ("C", "z")], {1: 1, 2: 2, 3: 3}, [], []),
        ([("A", "x"), ("Bchanged", "y"), ("C", "z")], {1: 1, 2: 2, 3: 3}, [], []),
        ([("A", "x"), ("Q", "q"), ("C", "z")], {1: 1, 3: 3}, [2], [2]),
        ([], {}, [1, 2, 3], []),
    ],
)
def test_where_the_rows_are(reply, rows, lost, new):
    found = places(page(THREE), grid(reply))
    assert (dict(sorted(found.rows.items())), found.lost, found.new) == (rows, lost, new)


TWINS = [("P1", "p"), ("Tempi", "t"), ("P2", "p"), ("Tempi", "t")]


def test_twins_in_place_are_told_apart_by_their_place():
    assert counted(TWINS, grid(TWINS, [1, 2, 3, 4])) == {1: 1, 2: 2, 3: 3, 4: 4}


def test_a_twin_taken_away_doesn_t_give_its_result_to_the_other():
    assert counted(TWINS, grid([TWINS[0], TWINS[2], TWINS[3]], [1, 3, 4])) == {1: 1, 3: 3, 4: 4}
    assert counted(TWINS, grid(TWINS[:3], [1, 2, 3])) == {1: 1, 2: 2, 3: 3}


def test_twins_that_moved_are_nobody_s():
    """Sorted by label: which of the two was under P1?"""
    assert counted(TWINS, grid([TWINS[0], TWINS[2], TWINS[1], TWINS[3]], [1, 3, 9, 9])) == {1: 1, 3: 3}


labels = st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=8, unique=True)


@settings(max_examples=300, deadline=None)
@given(labels, st.data())
def test_whatever_is_done_to_the_rows_a_result_stays_with_its_row_or_is_lost(sent, data):
    """Rows are shuffled, taken away, added, their second text changed: the result 10·n stands on row n, or nowhere."""
    rows = [(label * 4, f"altro {label}") for label in sent]
    kept = data.draw(st.permutations(list(range(len(rows)))))
    kept = kept[: data.draw(st.integers(0, len(kept)))]
    reply: list[tuple[str, str]] = []
    results: list[int] = []
    for at in kept:
        if data.draw(st.booleans()):
            reply.append((f"nuova {at}", "nuova"))
            results.append(-1)
        changed = data.draw(st.sampled_from(["", " rivisto"]))
        reply.append((rows[at][0], rows[at][1] + changed))
        results.append(10 * (at + 1))
    found = counted(rows, grid(reply, results))
    assert all(value == 10 * row for row, value in found.items())
    assert set(found) >= {at + 1 for at in kept if (rows[at]) in reply}


def test_a_page_is_known_by_its_constant_texts(round_template: Path):
    pages = [page for path in sorted((round_template / "schede" / "v1").iterdir()) for page in sent_pages(path)]
    assert {page.plain for page in pages} == {(1, 2, 4, 5, 6, 8, 9)}
    assert all(set(columns) == {3, 10, 11, 12} for page in pages for columns in page.own.values())
