"""Charts of the file renderer: one look for every kind, that a black and white print forgives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.views.place import letters, quoted
from perfxl.views.tab import ChartKind
from perfxl.writers.formats import FONT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlsxwriter
    from xlsxwriter.chart import Chart as Drawn
    from xlsxwriter.worksheet import Worksheet

    from perfxl.views.place import Area, PlacedChart, PlacedSeries

_INK, _GRID, _FRAME = "#404040", "#E0E0E0", "#BFBFBF"
_LABEL_FONT = {"name": FONT, "size": 9, "color": _INK}

FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#1F3864"}},
    {"fill": {"color": "#A9BCE0"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#595959", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#D9D9D9"}},
    {"pattern": {"pattern": "dotted_grid", "fg_color": "#1F3864", "bg_color": "#FFFFFF"}},
    {"pattern": {"pattern": "wide_downward_diagonal", "fg_color": "#8FAADC", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#7F7F7F"}},
    {"pattern": {"pattern": "horizontal_brick", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"}},
)
"""Fills of the series (of the slices, in a pie): tone and hatching differ, not the colour alone."""

STROKES: tuple[tuple[str, str, str], ...] = (
    ("#1F3864", "solid", "circle"),
    ("#C55A11", "dash", "square"),
    ("#595959", "round_dot", "triangle"),
    ("#548235", "long_dash", "diamond"),
    ("#7F7F7F", "dash_dot", "x"),
)
"""Colour, dash and marker of the lines."""

_EVERY = {"interval_unit": 1}
"""A label for each bar: an application leaves out every second one where it finds them dense."""

_STROKED = {ChartKind.LINE, ChartKind.RADAR}


def insert_chart(workbook: xlsxwriter.Workbook, worksheet: Worksheet, placed: PlacedChart) -> None:
    """Draw a chart at its cell."""
    drawn = _one_series(workbook, worksheet, placed) if not placed.chart.series else _series(workbook, worksheet, placed)
    chart = placed.chart
    drawn.set_size({"width": chart.width, "height": chart.height})
    drawn.set_chartarea({"border": {"color": "#D9D9D9"}})
    worksheet.insert_chart(
        chart.top, chart.left, drawn, {"object_position": 1, "x_offset": 6, "y_offset": 2, "description": chart.title}
    )


def _title(drawn: Drawn, title: str) -> None:
    drawn.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": "#1F3864"}, "overlay": False})


def _one_series(workbook: xlsxwriter.Workbook, worksheet: Worksheet, placed: PlacedChart) -> Drawn:
    """Bars over two whole columns, each with its own colour."""
    chart, name = placed.chart, worksheet.get_name()
    drawn = workbook.add_chart({"type": "bar"})
    labels: dict[str, Any] = {"value": True, "font": _LABEL_FONT}
    if chart.unlabelled:
        count = placed.values[2] - placed.values[0] + 1
        labels["custom"] = [{"delete": True} if i in chart.unlabelled else None for i in range(count)]  # None: as the others
    points = [{"fill": {"color": "#" + colour}, "border": {"color": "#404040", "width": 0.5}} for colour in chart.colours]
    drawn.add_series(
        {
            "categories": [name, *placed.categories],
            "values": [name, *placed.values],
            "points": points,
            "data_labels": labels,
            "gap": 45,
        }
    )
    axis = {"min": 0, "max": 1, "num_format": "0%"} if chart.percent else {"min": 0}
    _title(drawn, chart.title)
    drawn.set_legend({"none": True})
    if chart.percent:  # room for the labels of full bars
        drawn.set_plotarea({"layout": {"x": 0.12, "y": 0.11, "width": 0.74, "height": 0.8}})
    drawn.set_y_axis({"reverse": True, "num_font": _LABEL_FONT, "line": {"color": _FRAME}, "major_tick_mark": "none"} | _EVERY)
    drawn.set_x_axis(
        {
            **axis,
            "num_font": _LABEL_FONT,
            "major_gridlines": {"visible": chart.percent, "line": {"color": _GRID}},
            "visible": chart.percent,
            "label_position": "high" if chart.percent else "next_to",
        }
    )
    return drawn


def _series(workbook: xlsxwriter.Workbook, worksheet: Worksheet, placed: PlacedChart) -> Drawn:
    """Several series, of any kind."""
    chart = placed.chart
    options = {"type": str(chart.kind)} | ({"subtype": "with_markers"} if chart.kind is ChartKind.RADAR else {})
    drawn = workbook.add_chart(options)
    for index, series in enumerate(placed.series):
        drawn.add_series(_drawn_series(worksheet.get_name(), placed, series, index))
    _title(drawn, chart.title)
    alone = len(placed.series) == 1
    if alone and chart.kind is not ChartKind.PIE:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "right" if chart.kind is ChartKind.PIE else "bottom", "font": _LABEL_FONT})
    if chart.kind is not ChartKind.PIE:
        _axes(drawn, placed)
    if chart.label_room:  # title above and legend below keep their pixels, whatever the height
        above, below = 42 / chart.height + 0.02, (20 if alone else 60) / chart.height
        layout = {"x": chart.label_room, "y": above, "width": 0.94 - chart.label_room, "height": 1 - above - below}
        drawn.set_plotarea({"layout": layout})
    return drawn


def _drawn_series(sheet: str, placed: PlacedChart, series: PlacedSeries, index: int) -> dict[str, Any]:
    chart = placed.chart
    drawn: dict[str, Any] = {
        "name": series.name,
        "categories": reference(sheet, series.categories),
        "values": reference(sheet, series.values),
    }
    if chart.labelled:
        drawn["data_labels"] = {"value": True, "font": _LABEL_FONT | {"size": 8}} | (
            {"num_format": chart.number_format} if chart.number_format else {}
        )
    if chart.kind is ChartKind.LINE and chart.labelled:
        drawn["data_labels"]["position"] = "above"
    if chart.kind is ChartKind.PIE and chart.labelled:  # beside the slices: a dark one would swallow them
        drawn["data_labels"] = {"percentage": True, "position": "outside_end", "num_format": "0.0%", "font": _LABEL_FONT}
    if chart.kind in _STROKED:
        colour, dash, marker = STROKES[index % len(STROKES)]
        drawn["line"] = {"color": colour, "width": 1.75, "dash_type": dash}
        drawn["marker"] = {"type": marker, "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
        return drawn
    border = {"border": {"color": _INK, "width": 0.5}}
    if chart.kind is ChartKind.PIE:
        count = sum((area[2] - area[0] + 1) * (area[3] - area[1] + 1) for area in series.values)
        drawn["points"] = [FILLS[i % len(FILLS)] | border for i in range(count)]
        return drawn
    return drawn | FILLS[index % len(FILLS)] | border | {"gap": 60, "overlap": 0, "invert_if_negative": False}


def _axes(drawn: Drawn, placed: PlacedChart) -> None:
    chart = placed.chart
    low, high = chart.bounds
    values: dict[str, Any] = {
        "num_font": _LABEL_FONT,
        "major_gridlines": {"visible": True, "line": {"color": _GRID}},
        "line": {"color": _FRAME},
    }
    if chart.number_format:
        values["num_format"] = chart.number_format
    if low is not None:
        values["min"] = low
    if high is not None:
        values["max"] = high
    names: dict[str, Any] = {
        "num_font": _LABEL_FONT,
        "line": {"color": _FRAME},
        "major_tick_mark": "none",
        "label_position": "low",
    }
    if chart.kind in {ChartKind.BAR, ChartKind.COLUMN}:
        names |= _EVERY
    if chart.kind is ChartKind.BAR:  # XlsxWriter calls the axis of the labels y, as it is seen
        drawn.set_y_axis(names | {"reverse": True})
        drawn.set_x_axis(values | {"label_position": "high"})
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(values)


def reference(sheet: str, areas: Sequence[Area]) -> str:
    """Areas as a formula: `=Foglio!$A$1:$A$3`, several between parentheses."""
    parts = [f"{quoted(sheet)}!{absolute(area)}" for area in areas]
    return "=" + (parts[0] if len(parts) == 1 else f"({','.join(parts)})")


def absolute(area: Area) -> str:
    """`$A$1:$A$3`; `$A$1` for one cell."""
    first, last = (f"${letters(column)}${row + 1}" for row, column in (area[:2], area[2:]))
    return first if first == last else f"{first}:{last}"
