"""All the golden rows: what the functions give of bare cells is what the main job gives of the same workbooks."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from functions.cells import call, cell, column, excel_value, sheets
from perfxl.model import Counting, SheetRole
from perfxl.pipeline import consolidate
from perfxl.readers import read_workbook
from perfxl.scoring import agrees

MASSA, LUCCA = "massacarrara-2019", "lucca-2017"
TITLE_COLUMN = {"Art. 15 c. 5": 3}


@pytest.fixture(scope="module")
def consolidated(workbooks):
    return {name: consolidate(workbooks / name, method=name) for name in (MASSA, LUCCA)}


def as_float(row):
    return None if row.pct is None else float(row.pct / 100)


def figures(grid):
    return [value if isinstance(value, float) else None for [value] in grid]


def massa_cells(row):
    sheet = sheets(Path(row.ref.file))[row.ref.sheet]
    target = sheet.cell(row.target_ref.row, row.target_ref.column).value if row.target_ref else None
    return [excel_value(v) for v in (sheet.cell(row.ref.row, row.ref.column).value, target, sheet.cell(row.ref.row, 2).value)]


def lucca_cells(row):
    sheet = sheets(Path(row.ref.file))[row.ref.sheet]
    text = sheet.cell(row.ref.row, TITLE_COLUMN.get(row.ref.sheet, 1)).value
    return [excel_value(sheet.cell(row.ref.row, row.ref.column).value), text, None]


def rows_of(consolidated, name):
    return [row for row in consolidated[name].rows if row.ref is not None and row.counting is not Counting.PERSON]


@pytest.mark.parametrize(("name", "cells_of", "measured"), [(MASSA, massa_cells, 25), (LUCCA, lucca_cells, 150)])
def test_every_row_scores_as_in_the_main_job(consolidated, name, cells_of, measured):
    rows = rows_of(consolidated, name)
    results, targets, algorithms = zip(*map(cells_of, rows), strict=True)
    expected = [as_float(row) for row in rows]
    assert sum(value is not None for value in expected) >= measured
    assert figures(call("PX_REALIZZAZIONE", column(*results), column(*targets), column(*algorithms), name)) == expected
    alone = [call("PX_REALIZZAZIONE", *cells, name)[0] for cells in zip(results, targets, algorithms, strict=True)]
    assert figures(alone) == expected


@pytest.mark.parametrize(("name", "cells_of"), [(MASSA, massa_cells), (LUCCA, lucca_cells)])
def test_every_state_is_that_of_the_main_job(consolidated, name, cells_of):
    rows = rows_of(consolidated, name)
    realised = [call("PX_REALIZZAZIONE", *cells_of(row), name)[0] for row in rows]
    states = [state for [state] in call("PX_STATO", realised, name)]
    # A row that is blank through and through has no target either: nothing to give a state to.
    expected = [str(row.state) if value != [""] else "" for row, value in zip(rows, realised, strict=True)]
    assert states == expected


def node_parts(consolidation):
    """Realisations as the functions give them: of each node's own indicators, and which nodes stand beneath it."""
    own, beneath = defaultdict(list), defaultdict(list)
    for row in consolidation.rows:
        if row.counts:
            own[row.owner].append("N.C." if row.pct is None else float(row.pct / 100))
    for node in consolidation.nodes:
        beneath[node.parent].append(node.code)
    return own, beneath


@pytest.mark.parametrize("name", [MASSA, LUCCA])
def test_the_whole_tree_follows_from_the_functions_alone(consolidated, name):
    """Every node from the leaves up, floats passed from cell to cell as in a sheet: each is the main job's to the last digit."""
    job = consolidated[name]
    own, beneath = node_parts(job)
    computed: dict[str, object] = {}
    seen = 0
    for node in reversed(job.nodes):
        if node.rule == "valore digitato":
            computed[node.code] = "N.C." if node.pct is None else float(node.pct / 100)
            continue
        kids = [computed[code] for code in beneath[node.code]]
        if node.rule == "quota propria e quota degli obiettivi sottostanti":
            value = cell(
                "PX_STRATEGICO", column(*own[node.code]) if own[node.code] else None, column(*kids) if kids else None, name
            )
        else:
            value = cell("PX_OBIETTIVO", column(*(kids or own[node.code] or [None])), None, name)
        computed[node.code] = value
        assert value == ("N.C." if node.pct is None else float(node.pct / 100)), node.code
        seen += node.pct is not None
    assert seen >= 10


def typed_value(text):
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def test_lucca_s_printed_headline(golden):
    """98.82: the mean of the six typed objectives of the body, truncated (Relazione sulla performance 2017)."""
    typed = [float(row["printed_pct"]) for row in golden("lucca-2017/objectives") if row["owner"] == "ENTE"]
    assert len(typed) == 6
    assert cell("PX_OBIETTIVO", column(*typed), None, LUCCA) == 0.9882


def test_lucca_s_printed_objectives_of_people(golden):
    """The ten objectives of Segretario Generale and managers: means of percents typed as 99 or 98,455, truncated, as printed."""
    typed = defaultdict(list)
    for row in golden("lucca-2017/objective_indicators"):
        typed[row["owner"], row["number"]].append(typed_value(row["result_text"]))
    printed = {
        (r["owner"], r["number"]): Decimal(r["printed_pct"]) for r in golden("lucca-2017/objectives") if r["owner"] != "ENTE"
    }
    assert len(printed) == 10
    for key, figure in printed.items():
        value = cell("PX_OBIETTIVO", column(*typed[key]), None, LUCCA)
        assert agrees(figure, Fraction(repr(value)) * 100, "truncate"), key


def test_sheets_read_with_their_formats_agree_too(workbooks):
    """A host that knows the formats passes `Cell`s: the same figures again."""
    seen = 0
    for path in sorted((workbooks / MASSA).glob("*.xlsx")):
        for sheet in read_workbook(path, year=2019).sheets:
            if sheet.role is SheetRole.OTHER_SYSTEM:
                continue
            for row in sheet.rows:
                target = row.targets.get(2019)
                if target is None or row.result.empty:
                    continue
                typed = cell("PX_REALIZZAZIONE", row.result, target, row.algorithm)
                bare = cell("PX_REALIZZAZIONE", *massa_cells_at(path, row))
                assert typed == bare
                seen += isinstance(typed, float)
    assert seen >= 25


def massa_cells_at(path, row):
    sheet = sheets(path)[row.ref.sheet]
    refs = (row.result.ref, row.targets[2019].ref)
    values = [sheet.cell(ref.row, ref.column).value if ref else None for ref in refs]
    return [*map(excel_value, values), sheet.cell(row.ref.row, 2).value]


def test_budget_use_as_lucca_prints_it(golden):
    """Shares of the budget by area: 58.1, 94.7, 36.7, 90.7 as printed, half up to one decimal."""
    rows = golden("lucca-2017/budget_areas")
    spent, due = (column(*(float(row[key]) for row in rows)) for key in ("actual", "updated"))
    shares = [share for [share] in call("PX_UTILIZZO", spent, due)]
    shown = [Decimal(repr(share * 100)).quantize(Decimal("0.1"), ROUND_HALF_UP) for share in shares]
    assert [str(share) for share in shown] == [row["pct_used_printed"] for row in rows]
    assert call("PX_UTILIZZO", 0.0, 0.0) == [[0.0]]  # printed 0,0 for project 1F
