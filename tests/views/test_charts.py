"""Charts of the statements: they show the figures that their declaration names, and nothing covers or cuts them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from perfxl.pipeline import consolidate
from perfxl.statements.selection import speaks_of
from perfxl.views import consolidated_book
from perfxl.views.place import place
from perfxl.views.prospetti_layout import NARROW, PAGE_HEIGHT, PAGE_WIDTH, Block, laid_out, pixels, room_of
from perfxl.views.tab import HEADING, Chart, ChartKind, Column, Series, Span, Tab, Table
from perfxl.writers.charts import reference

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.consolidation import Consolidation
    from perfxl.views.place import Sheet

KINDS = {"barChart": "bar", "lineChart": "line", "radarChart": "radar", "pieChart": "pie"}


@pytest.fixture(scope="module")
def result(workbooks: Path) -> Consolidation:
    return consolidate([workbooks / "massacarrara-2019-allegati", workbooks / "lucca-2017-relazione"], method="massacarrara-2019")


@pytest.fixture(scope="module")
def sheets(result: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> list[Sheet]:
    return [
        s for s in consolidated_book(result, tmp_path_factory.mktemp("grafici")).sheets if any(c.chart.series for c in s.charts)
    ]


@pytest.fixture(scope="module")
def written(result: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.write(tmp_path_factory.mktemp("scritti") / "consolidato.xlsx")


def cells_of(formula: str) -> list[tuple[str, tuple[int, int, int, int]]]:
    """The areas of a chart's reference: (sheet, boundaries)."""
    out = []
    for part in re.findall(r"('(?:[^']|'')+'|[^!(,]+)!([$A-Z0-9:]+)", formula):
        left, top, right, bottom = range_boundaries(part[1])
        out.append((part[0].strip("'").replace("''", "'"), (top, left, bottom, right)))
    return out


def figures_in(book, formula: str) -> list[float | str | None]:
    return [
        book[sheet].cell(row, column).value
        for sheet, (top, left, bottom, right) in cells_of(formula)
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


def test_every_declared_chart_with_figures_is_drawn_with_them(result: Consolidation, written: Path) -> None:
    """Titles, kinds, and of each series the very figures, in the workbook as it is on disk."""
    book = load_workbook(written, data_only=True)
    drawn = {}
    for sheet in book:
        for chart in sheet._charts:
            title = "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r or ())
            drawn.setdefault(title, []).append(chart)
    compared = 0
    for statement in result.statements.statements:
        for declared in statement.declaration.charts:
            fields = [f for f in statement.fields if f.key in declared.values or (f.series and "series" in declared.values)]
            lines = [
                line
                for line in statement.lines
                if any(
                    line.figures[f.key].value is not None and speaks_of(declared.lines, (), line.figures[f.key]) for f in fields
                )
            ]
            if not lines or not fields:
                continue
            heading = statement.column(declared.categories).heading
            title = declared.title.replace("{heading}", heading).replace("{caption}", statement.caption)
            chart = drawn[title].pop(0)
            assert KINDS[chart.tagname] == declared.kind.replace("column", "bar"), title
            if chart.tagname == "barChart":
                assert chart.barDir == {"bar": "bar", "column": "col"}[declared.kind]
            table = [[line.figures[f.key] for line in lines] for f in fields]
            expected = [list(row) for row in zip(*table, strict=True)] if declared.across else table
            for series, figures in zip(chart.series, expected, strict=True):
                held = [f.value if f.kind != "percent" or f.value is None else f.value / 100 for f in figures]
                assert figures_in(book, series.val.numRef.f) == pytest.approx([None if v is None else float(v) for v in held])
                labels = figures_in(book, (series.cat.strRef or series.cat.numRef).f)
                assert len(labels) == len(figures)
                assert all(labels)
                compared += len(figures)
    assert {title for title, left in drawn.items() if left and title not in OLD} == set()
    assert compared > 300


OLD = {"Indicatori per stato", "Realizzazione (senza barra: non misurato)"}


def rectangle(sheet: Sheet, chart: Chart) -> tuple[int, int, int, int]:
    """Top, left, bottom, right in cells, right and bottom included."""
    column, left = chart.left, chart.width + 6
    while left > 0:
        left -= pixels(sheet.widths.get(column, 8.43))
        column += 1
    return chart.top, chart.left, chart.top + ceil((chart.height + 2) / 20) - 1, column - 1


def test_nothing_is_covered(sheets: list[Sheet]) -> None:
    assert len(sheets) >= 4
    for sheet in sheets:
        areas = [rectangle(sheet, placed.chart) for placed in sheet.charts]
        for one, other in ((a, b) for i, a in enumerate(areas) for b in areas[i + 1 :]):
            assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1], (sheet.tab.name, one, other)
        for top, left, bottom, right in areas:
            under = [c for c in sheet.cells() if top <= c.row <= bottom and left <= c.column <= right]
            assert under == [], (sheet.tab.name, under[:3])


def test_charts_are_printed_whole(sheets: list[Sheet]) -> None:
    """Within the print area, and no page begins inside a chart."""
    for sheet in sheets:
        _, _, last, right = sheet.print_area
        for placed in sheet.charts:
            area = rectangle(sheet, placed.chart)
            assert area[2] <= last + 1
            assert area[3] <= right
            assert [row for row in sheet.tab.breaks if area[0] < row <= area[2]] == []


def test_bars_begin_at_zero(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        for placed in sheet.charts:
            if placed.chart.kind in {ChartKind.BAR, ChartKind.COLUMN} and placed.chart.series:
                values = [
                    c.value
                    for series in placed.series
                    for top, left, bottom, right in series.values
                    for c in sheet.cells()
                    if top <= c.row <= bottom and left <= c.column <= right and isinstance(c.value, float)
                ]
                assert placed.chart.bounds[0] == 0 or min(values) < 0, placed.chart.title


def test_series_differ_without_colour(written: Path) -> None:
    """Fill, hatching, dash or marker: no two series of a chart look the same in black and white."""
    with zipfile.ZipFile(written) as parts:
        for name in (name for name in parts.namelist() if name.startswith("xl/charts/chart")):
            looks = []
            for series in re.findall(r"<c:ser>.*?</c:ser>", parts.read(name).decode(), re.DOTALL):
                shape = re.search(r"<c:spPr>(.*?)</c:spPr>", series, re.DOTALL)
                marker = re.search(r'<c:symbol val="(\w+)"', series)
                looks.append((shape[1] if shape else "", marker[1] if marker else ""))
            assert len(set(looks)) == len(looks), name


def test_the_charts_over_whole_columns_keep_their_look(workbooks: Path, tmp_path: Path) -> None:
    """*Sintesi*: one series of bars, each with its colour, the first above, no legend; percentages from 0 to 1."""
    c = consolidate(workbooks / "massacarrara-2019", method="massacarrara-2019")
    path = c.write(tmp_path / "c.xlsx")
    states, areas = load_workbook(path)["Sintesi"]._charts
    for drawn in (states, areas):
        assert (drawn.tagname, drawn.barDir, drawn.gapWidth, len(drawn.series)) == ("barChart", "bar", 45, 1)
        assert drawn.x_axis.scaling.orientation == "maxMin"
        assert drawn.legend is None
        assert drawn.y_axis.scaling.min == 0
    assert states.y_axis.scaling.max is None
    assert areas.y_axis.scaling.max == 1
    assert [point.spPr.solidFill.srgbClr for point in states.series[0].dPt] == ["548235", "F4B183", "C00000", "BFBFBF"]
    assert len(areas.series[0].dPt) == sum(node.depth <= 2 for node in c.nodes[1:])


# -- places, by hand --------------------------------------------------------------------------------------------------


def table(name: str, rows: int, widths: tuple[float, ...]) -> Table:
    columns = tuple(Column(f"c{n}", f"Colonna {n}", width, lambda item: item) for n, width in enumerate(widths))
    return Table(name, columns, list(range(rows)), top=0, title=name)


def chart(name: str, height: int = 320, width: int = 600) -> Chart:
    series = Series("s", (Span("c0", 0, 1),), (Span("c1", 0, 1),))
    return Chart(name, name, "c0", "c1", 0, 0, width, height, series=(series,))


def grid(*tables: Table) -> dict[int, float]:
    return {n: max(t.columns[n].width for t in tables if n < len(t.columns)) for n in range(max(len(t.columns) for t in tables))}


def test_beside_a_narrow_table() -> None:
    narrow = table("a", 5, (40, 12, 12))
    laid = laid_out([Block([narrow], [chart("a"), chart("a")]), Block([narrow])], grid(narrow), 3)
    assert room_of(grid(narrow)) <= NARROW
    assert [c.left for c in laid.charts] == [3, 3]
    assert laid.charts[1].top >= laid.charts[0].top + 16
    assert laid.tables[1].top > laid.charts[1].top + 16


def test_beneath_a_wide_table_two_by_two() -> None:
    wide = table("a", 5, (60, *[20.0] * 12))
    half = room_of(grid(wide)) // 2 - 16
    laid = laid_out([Block([wide], [chart("a", width=half) for _ in range(3)])], grid(wide), 3)
    first, second, third = laid.charts
    assert first.top == second.top == laid.tables[0].last_row + 2
    assert first.left == 0 < second.left
    assert third.top >= first.top + 17


def test_a_page_begins_before_a_chart_that_would_be_cut() -> None:
    wide = table("a", 8, (60, *[20.0] * 12))
    room = room_of(grid(wide))
    page = PAGE_HEIGHT * room / PAGE_WIDTH
    charts = [chart("a", height=int(page * 0.6), width=room) for _ in range(3)]
    laid = laid_out([Block([wide], charts)], grid(wide), 3)
    assert laid.breaks == [c.top for c in laid.charts[1:]] or laid.breaks == [c.top for c in laid.charts]


def test_touching_spans_are_one_area() -> None:
    series = Series(
        "s", (Span("c0", HEADING, HEADING), Span("c1", HEADING, HEADING)), (Span("c1", 0, 1), Span("c1", 2, 2), Span("c1", 4, 4))
    )
    one = table("t", 6, (10, 10))
    [sheet] = place([Tab("T", "T", "", (one,), colour="000000", charts=(replace(chart("t"), series=(series,)),))])
    [placed] = sheet.charts[0].series
    assert placed.categories == ((1, 0, 1, 1),)
    assert placed.values == ((2, 1, 4, 1), (6, 1, 6, 1))
    assert reference("Stato di salute", placed.values) == "=('Stato di salute'!$B$3:$B$5,'Stato di salute'!$B$7)"
