"""Charts in the open workbook: what the host's own objects can draw of them; the data alone where there are none."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from perfxl.live.native import native
from perfxl.views.tab import ChartKind
from perfxl.writers.charts import FILLS, STROKES, absolute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.views.place import Area, PlacedChart, PlacedSeries

POINTS_IN_PIXEL = 0.75

TYPES = {
    ChartKind.BAR: "bar_clustered",
    ChartKind.COLUMN: "column_clustered",
    ChartKind.LINE: "line_markers",
    ChartKind.RADAR: "radar_markers",
    ChartKind.PIE: "pie",
}
"""xlwings' names of the kinds."""

_DASHES = {"solid": 1, "dash": 4, "round_dot": 3, "long_dash": 7, "dash_dot": 5}  # msoLineDashStyle
_MARKERS = {"circle": 8, "square": 1, "triangle": 3, "diamond": 2, "x": -4168}  # xlMarkerStyle
_PATTERNS = {"wide_upward_diagonal": 26, "wide_downward_diagonal": 25, "dotted_grid": 45, "horizontal_brick": 35}  # msoPattern
_LEGEND_BOTTOM, _LEGEND_RIGHT = -4107, -4152


def draw_chart(target: Any, placed: PlacedChart, name: str) -> None:
    """Draw a chart of a placed sheet into `target` under a name of perfxl's."""
    chart, corner = placed.chart, target.range((placed.chart.top + 1, placed.chart.left + 1))
    drawn = target.charts.add(
        left=corner.left + 6 * POINTS_IN_PIXEL,
        top=corner.top + 2 * POINTS_IN_PIXEL,
        width=chart.width * POINTS_IN_PIXEL,
        height=chart.height * POINTS_IN_PIXEL,
        name=name,
    )
    drawn.chart_type = TYPES[chart.kind]
    api = native(drawn)
    if api is None:
        first = placed.series[0].values
        drawn.set_source_data(target.range(absolute(first[0])))
        return
    graph = api[1] if isinstance(api, tuple) else api
    for _ in range(graph.SeriesCollection().Count):  # Excel draws what is selected, if anything is
        graph.SeriesCollection(1).Delete()
    made = [_series(graph, target, each) for each in placed.series]
    graph.HasTitle = True
    graph.ChartTitle.Text = chart.title
    if chart.series:
        _look(graph, made, placed)
    else:
        _one_look(graph, made[0], placed)


def _series(graph: Any, target: Any, series: PlacedSeries) -> Any:
    made = graph.SeriesCollection().NewSeries()
    made.Values = _cells(target, series.values)
    made.XValues = _cells(target, series.categories)
    if series.name:
        made.Name = series.name
    return made


def _cells(target: Any, areas: Sequence[Area]) -> Any:
    """Areas as one range of the host's."""
    ranges = [target.range(absolute(area)).api for area in areas]
    return ranges[0] if len(ranges) == 1 else reduce(native(target).Application.Union, ranges)


def _one_look(graph: Any, series: Any, placed: PlacedChart) -> None:
    """Bars over two whole columns, each with its own colour."""
    chart = placed.chart
    graph.HasLegend = False
    graph.ChartGroups(1).GapWidth = 45
    categories, values = graph.Axes(1), graph.Axes(2)
    categories.ReversePlotOrder = True
    values.MinimumScale = 0
    if chart.percent:
        values.MaximumScale, values.TickLabels.NumberFormat = 1, "0%"
    series.HasDataLabels = True
    for index, colour in enumerate(chart.colours):
        point = series.Points(index + 1)
        point.Format.Fill.ForeColor.RGB = bgr("#" + colour)
        if index in chart.unlabelled:
            point.HasDataLabel = False


def _look(graph: Any, made: list[Any], placed: PlacedChart) -> None:
    chart = placed.chart
    pie = chart.kind is ChartKind.PIE
    graph.HasLegend = pie or len(made) > 1
    if graph.HasLegend:
        graph.Legend.Position = _LEGEND_RIGHT if pie else _LEGEND_BOTTOM
    for index, series in enumerate(made):
        series.HasDataLabels = chart.labelled
        if chart.labelled and chart.number_format:
            series.DataLabels().NumberFormat = chart.number_format
        if chart.kind in {ChartKind.LINE, ChartKind.RADAR}:
            _stroke(series, index)
        elif not pie:
            _fill(series.Format.Fill, index)
    if not pie:
        _axes(graph, placed)


def _axes(graph: Any, placed: PlacedChart) -> None:
    chart = placed.chart
    values = graph.Axes(2)
    low, high = chart.bounds
    if low is not None:
        values.MinimumScale = low
    if high is not None:
        values.MaximumScale = high
    if chart.number_format:
        values.TickLabels.NumberFormat = chart.number_format
    if chart.kind is ChartKind.BAR:
        graph.Axes(1).ReversePlotOrder = True


def _stroke(series: Any, index: int) -> None:
    colour, dash, marker = STROKES[index % len(STROKES)]
    series.Format.Line.ForeColor.RGB = bgr(colour)
    series.Format.Line.DashStyle = _DASHES[dash]
    series.MarkerStyle = _MARKERS[marker]
    series.MarkerBackgroundColor = series.MarkerForegroundColor = bgr(colour)


def _fill(fill: Any, index: int) -> None:
    look = FILLS[index % len(FILLS)]
    if "pattern" in look:
        fill.Patterned(_PATTERNS[look["pattern"]["pattern"]])
        fill.ForeColor.RGB, fill.BackColor.RGB = bgr(look["pattern"]["fg_color"]), bgr(look["pattern"]["bg_color"])
    else:
        fill.ForeColor.RGB = bgr(look["fill"]["color"])


def bgr(colour: str) -> int:
    """`#RRGGBB` as Excel's number: red in the low byte."""
    return int(colour[5:7] + colour[3:5] + colour[1:3], 16)
