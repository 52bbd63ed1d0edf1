"""Scalars, rows, columns and blocks in; a list of rows of plain values out, whatever comes in."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.cells import call, column
from perfxl.functions import cells
from perfxl.functions.catalogue import FUNCTIONS

SIZES = [["intervalli di dimensioni diverse"]]


def test_the_shape_is_that_of_the_results():
    assert call("PX_REALIZZAZIONE", 0.5, "100%") == [[0.5]]
    assert call("PX_REALIZZAZIONE", [[0.5, 0.6]], "100%") == [[0.5, 0.6]]
    assert call("PX_REALIZZAZIONE", [[0.5], [0.6]], [["100%"], ["60%"]]) == [[0.5], [1.0]]
    assert call("PX_REALIZZAZIONE", ((0.5, 0.6), (0.7, 0.8)), (("100%",), ("70%",))) == [[0.5, 0.6], [1.0, 1.0]]
    assert call("PX_REALIZZAZIONE", [[0.5, 0.6], [0.7, 0.8]], [["50%", "60%"]]) == [[1.0, 1.0], [1.0, 1.0]]
    assert call("PX_REALIZZAZIONE", 0.5, [["50%"], ["100%"]]) == [[1.0], [0.5]]
    assert call("PX_REALIZZAZIONE", [0.5, 0.6], "100%") == [[0.5], [0.6]]


@pytest.mark.parametrize(
    ("results", "targets"),
    [(column(1.0, 2.0), column(1.0, 2.0, 3.0)), ([[1.0, 2.0]], column(1.0, 2.0)), (column(1.0, 2.0), [[1.0, 2.0, 3.0]])],
)
def test_blocks_that_don_t_fit_are_refused(results, targets):
    assert call("PX_REALIZZAZIONE", results, targets) == SIZES
    assert call("PX_SPIEGA", results, targets) == SIZES
    assert call("PX_SCOSTAMENTO", results, targets) == SIZES
    assert call("PX_UTILIZZO", results, targets) == SIZES
    assert call("PX_INCENTIVO", results, [[0.5] * len(row) for row in targets]) == SIZES
    assert call("PX_LEGGI_TARGET", results, targets) == [[SIZES[0][0], "", "", "", ""]]
    assert call("PX_OBIETTIVO", column(0.5, 0.6), column(1.0, 2.0, 3.0)) == SIZES
    assert call("PX_ALGORITMO", "a", column("a", "b"), column(1.0)) == SIZES


@pytest.mark.parametrize("empty", [None, [], [[]], "", [[None]], ()])
def test_nothing_in_is_one_blank_cell_out(empty):
    assert call("PX_REALIZZAZIONE", empty, empty) == [[""]]
    assert call("PX_STATO", empty) == [[""]]
    assert call("PX_OBIETTIVO", empty) == [["N.C."]]
    assert call("PX_STRATEGICO", empty, empty) == [["N.C."]]
    assert call("PX_LEGGI_TARGET", empty) == [[""] * 5]
    assert call("PX_LEGGI_RISULTATO", empty) == [[""] * 4]
    assert call("PX_SPIEGA", empty, empty) == [[""]]
    assert call("PX_ALGORITMO", empty, empty, empty) == [[""]]


def test_a_whole_column_ends_with_its_last_filled_cell(monkeypatch):
    assert cells.WHOLE_COLUMN == 1_048_576
    monkeypatch.setattr(cells, "WHOLE_COLUMN", 1000)
    results = column("Risultato", 0.5, None, 0.6) + [[None]] * 996
    targets = column("Target", "100%", None, "60%") + [[""]] * 996
    assert call("PX_REALIZZAZIONE", results, targets) == [["risultato senza misura"], [0.5], [""], [1.0]]
    assert call("PX_REALIZZAZIONE", results, "100%") == [["risultato senza misura"], [0.5], ["N.C."], [0.6]]
    assert call("PX_OBIETTIVO", results) == [[0.55]]
    assert len(call("PX_STATO", results)) == 4
    assert len(call("PX_LEGGI_RISULTATO", results)) == 4
    assert call("PX_REALIZZAZIONE", [[None]] * 1000, [[None]] * 1000) == [[""]]


def test_a_short_column_keeps_its_blanks():
    assert call("PX_REALIZZAZIONE", column(0.5, None), column("100%", None)) == [[0.5], [""]]


def test_ten_thousand_rows():
    results = column(*(float(i % 20) for i in range(10_000)))
    targets = column(*("n. 20" if i % 2 else ">= 10" for i in range(10_000)))
    grid = call("PX_REALIZZAZIONE", results, targets)
    assert grid[:4] == [[0.0], [0.05], [0.2], [0.15]]
    assert len(grid) == 10_000
    assert call("PX_STATO", grid)[13] == ["parzialmente raggiunto"]
    mean = call("PX_OBIETTIVO", grid)
    assert mean == [[(sum(i % 20 / 20 for i in range(20) if i % 2) + sum(min(i, 10) / 10 for i in range(0, 20, 2))) / 20]]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.dates().map(lambda day: datetime(day.year, day.month, day.day)),
    st.sampled_from(
        ["", "N.C.", "#DIV/0!", ">= 80%", "74%", "giugno", "entro il 31/12", "3,8 gg", "=1+1", "((", "a/b", "lucca-2017", "1e999"]
    ),
    st.text(max_size=12),
)
BLOCKS = st.one_of(VALUES, st.lists(VALUES, max_size=4), st.lists(st.lists(VALUES, max_size=3), max_size=4))


@pytest.mark.parametrize("name", list(FUNCTIONS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_call_raises_and_cells_are_plain(name, data):
    function = FUNCTIONS[name]
    arguments = [data.draw(BLOCKS) for _ in range(data.draw(st.integers(function.required, len(function.arguments))))]
    grid = function.call(*arguments)
    assert grid
    assert grid[0]
    assert len({len(row) for row in grid}) == 1
    assert {type(value) for row in grid for value in row} <= {float, str, datetime}
    assert not any(value != value or abs(value) == float("inf") for row in grid for value in row if isinstance(value, float))  # noqa: PLR0124
    assert not function.columns or len(grid[0]) == len(function.columns)
