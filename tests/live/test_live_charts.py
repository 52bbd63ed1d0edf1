"""Charts of the statements in the open workbook: every kind is drawn, from the cells that the file's charts show."""

from __future__ import annotations

import pytest

from live.engine import SheetStore
from perfxl import consolidate
from perfxl.live.charts import TYPES, bgr, draw_chart
from perfxl.live.dress import Dresser
from perfxl.live.marks import STATEMENT_TABS
from perfxl.live.render import render_cells
from perfxl.statements import shipped_declarations
from perfxl.views import consolidated_book
from perfxl.views.place import PlacedChart, PlacedSeries
from perfxl.views.tab import Chart, ChartKind, Series, Span
from perfxl.writers.charts import FILLS, STROKES


def test_every_declared_tab_is_known_as_perfxl_s():
    assert {each.tab for each in shipped_declarations()} == STATEMENT_TABS


def test_the_statements_charts_are_drawn_whole(workbooks, tmp_path, open_book):
    folders = [workbooks / "massacarrara-2019-allegati", workbooks / "lucca-2017-relazione"]
    declared = consolidated_book(consolidate(folders, method="massacarrara-2019"), tmp_path)
    book, store = open_book([SheetStore("Dati")])
    dresser = Dresser(declared, store.path)
    drawn = {}
    for sheet in (sheet for sheet in declared.sheets if sheet.charts):
        target = book.sheets.add(sheet.tab.name, after=book.sheets[len(book.sheets) - 1])
        render_cells(target, sheet, declared.decimals)
        dresser.dress(target, sheet)
        drawn[sheet.tab.name] = [chart["type"] for chart in store.sheet(sheet.tab.name).charts]
        assert drawn[sheet.tab.name] == [TYPES[placed.chart.kind] for placed in sheet.charts]
    assert dresser.left_out == {}
    kinds = {kind for kinds in drawn.values() for kind in kinds}
    assert {"bar_clustered", "column_clustered", "line_markers", "radar_markers"} <= kinds


@pytest.mark.parametrize("kind", ChartKind)
def test_each_kind_with_areas_apart(kind, open_book):
    """Values in two areas, as a selection of lines gives them."""
    book, store = open_book([SheetStore("Dati")])
    declared = Series("Uno", (Span("a", 0, 2),), (Span("b", 0, 2),))
    chart = Chart(
        "Prova", "t", "a", "b", 2, 4, 500, 300, kind=kind, number_format="0.0%", bounds=(0, 1), series=(declared, declared)
    )
    series = tuple(
        PlacedSeries(name, ((1, 0, 3, 0), (6, 0, 6, 0)), ((1, column, 3, column), (6, column, 6, column)))
        for column, name in enumerate(("Uno", "Due"), start=1)
    )
    draw_chart(book.sheets["Dati"], PlacedChart(chart, series), "perfxl 1")
    [held] = store.sheet("Dati").charts
    assert (held["name"], held["type"]) == ("perfxl 1", TYPES[kind])


def test_colours_as_excel_counts_them():
    assert bgr("#1F3864") == 0x64381F
    assert all("fill" in look or "pattern" in look for look in FILLS)
    assert len({(dash, marker) for _, dash, marker in STROKES}) == len(STROKES), "told apart without colour"
