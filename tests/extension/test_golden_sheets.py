"""The chambers' sheets in LibreOffice Calc: every cell that a PX_ formula computes there is the command line's figure."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from extension.sheets import Block, Typed, cells_of, expected, typed, write_block
from perfxl.model import Counting
from perfxl.pipeline import consolidate

MASSA, LUCCA = "massacarrara-2019", "lucca-2017"
LUCCA_TITLES = {"Art. 15 c. 5": 3}

CALLS = [
    ("PX_REALIZZAZIONE", (0, 1, 2)),
    ("PX_SPIEGA", (0, 1, 2)),
    ("PX_LEGGI_TARGET", (1, 2)),
    ("PX_LEGGI_RISULTATO", (0,)),
    ("PX_SCOSTAMENTO", (0, 1)),
]
BY_METHOD = {"PX_REALIZZAZIONE", "PX_SPIEGA"}


def massa_cells(sheet, row):
    target = typed(sheet, row.target_ref.row, row.target_ref.column) if row.target_ref else Typed()
    return typed(sheet, row.ref.row, row.ref.column), target, typed(sheet, row.ref.row, 2)


def lucca_cells(sheet, row):
    title = typed(sheet, row.ref.row, LUCCA_TITLES.get(row.ref.sheet, 1))
    return typed(sheet, row.ref.row, row.ref.column), title, Typed()


def blocks_of(folder, method, cells):
    """A block for each sheet of each workbook, and the main job's figure of each of its rows (None: not measured)."""
    rows = [row for row in consolidate(folder, method=method).rows if row.ref is not None and row.counting is not Counting.PERSON]
    place = lambda row: (row.ref.file, row.ref.sheet)  # noqa: E731
    blocks, figures = [], []
    for number, ((file, name), group) in enumerate(groupby(sorted(rows, key=place), key=place), 1):
        found, sheet = list(group), cells_of(Path(file))[name]
        blocks.append(Block(f"{number:02d}", tuple(zip(*(cells(sheet, row) for row in found), strict=True))))
        figures.append([None if row.pct is None else float(row.pct / 100) for row in found])
    return blocks, figures


@pytest.mark.slow
@pytest.mark.parametrize(("method", "cells", "at_least"), [(MASSA, massa_cells, (12, 25)), (LUCCA, lucca_cells, (5, 150))])
def test_every_cell_is_the_main_job_s_figure(calc, workbooks, tmp_path, method, cells, at_least):
    blocks, figures = blocks_of(workbooks / method, method, cells)
    assert len(blocks) >= at_least[0]
    assert sum(value is not None for column in figures for value in column) >= at_least[1]
    path = tmp_path / f"{method}.xlsx"
    write_block(path, blocks, [(name, used, f',"{method}"' if name in BY_METHOD else "") for name, used in CALLS])
    computed, _ = calc.recalculated(path)
    for block, column in zip(blocks, figures, strict=True):
        shown = computed[block.name]
        realised = [[row[3], row[4]] for row in shown]
        assert [[v if isinstance(v, float) else None for v in row] for row in realised] == [[v, v] for v in column]
        at = 3
        for name, used in CALLS:
            core = expected(block, name, used, *([method] if name in BY_METHOD else []))
            width = len(core[0])
            assert [row[at] for row in shown] == [row[0] for row in core], (block.name, name, "una riga alla volta")
            assert [row[at + 1 : at + 1 + width] for row in shown] == core, (block.name, name, "in blocco")
            at += 1 + width
