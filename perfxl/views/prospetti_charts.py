"""Charts of a statement, as its declaration asks for them, over the figures that its table shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.statements.selection import speaks_of
from perfxl.views.tab import HEADING, Chart, ChartKind, Series, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfxl.statements import Line, Statement
    from perfxl.statements.model import Field
    from perfxl.statements.schema import Chart as Declared
    from perfxl.views.tab import Table

MOST_LABELS = {ChartKind.BAR: 36, ChartKind.PIE: 12}
"""Figures beside the points, beyond which they would cover one another: fewer where they stand upright."""

MOST_UPRIGHT = 18

LONG_LABEL = 28
CHARACTER = 5.5
"""Pixels of a character of a label."""

FORMATS = {"percent": "0.0%", "amount": "#,##0", "integer": "#,##0", "mark": "0"}
LONGEST_NAME = 60


def charts_of(statement: Statement, table: Table, width: int) -> list[Chart]:
    """The charts, of a width in pixels and without a place yet; those that would show nothing are left out."""
    made = (_chart(statement, table, declared, width) for declared in statement.declaration.charts)
    return [chart for chart in made if chart is not None]


def _chart(statement: Statement, table: Table, declared: Declared, room: int) -> Chart | None:
    fields = _fields(statement, declared)
    lines = [line for line in statement.lines if _shown(line, declared, fields)]
    if not fields or not lines:
        return None
    series = (
        [_of_line(line, fields) for line in lines]
        if declared.across
        else [_of_column(field, declared.categories, lines) for field in fields]
    )
    kind = ChartKind(declared.kind)
    labels = [field.heading for field in fields] if declared.across else [_label(line, declared.categories) for line in lines]
    width, height = _size(kind, room, len(labels), len(series))
    kinds = {line.figures[field.key].kind for line in lines for field in fields if field.key in line.figures}
    longest = max(map(len, labels))
    return Chart(
        _title(statement, declared), table.name, declared.categories, fields[0].key, 0, 0, width, height,
        kind=kind, series=tuple(series), number_format=FORMATS.get(kinds.pop(), "") if len(kinds) == 1 else "",
        labelled=len(labels) * len(series) <= MOST_LABELS.get(kind, MOST_UPRIGHT), bounds=_bounds(declared, lines, fields),
        label_room=min(0.5, longest * CHARACTER / width + 0.03) if kind is ChartKind.BAR and longest > LONG_LABEL else 0,
    )  # fmt: skip


def _bounds(declared: Declared, lines: Sequence[Line], fields: Sequence[Field]) -> tuple[float | None, float | None]:
    """The ends of the axis, as the cells hold its values; bars begin at zero, or what they compare would be out of proportion."""
    figures = [line.figures[field.key] for line in lines for field in fields if field.key in line.figures]
    scale = 100 if any(figure.kind == "percent" for figure in figures) else 1
    if declared.bounds is not None:
        return declared.bounds[0] / scale, declared.bounds[1] / scale
    bars = declared.kind in {"bar", "column"}
    return (0 if bars and all(figure.value >= 0 for figure in figures if figure.value is not None) else None), None


def _fields(statement: Statement, declared: Declared) -> list[Field]:
    """The columns of the values; of `series` all of them in the order of the sheet."""
    found: list[Field] = []
    for name in declared.values:
        found += [each for each in statement.fields if each.key == name or (name == "series" and each.series)]
    return found


def _shown(line: Line, declared: Declared, fields: Sequence[Field]) -> bool:
    """Whether a line is among those asked for and has a figure to show."""
    figures = [line.figures[field.key] for field in fields if field.key in line.figures]
    wanted = [figure for figure in figures if speaks_of(declared.lines, (), figure)]
    return not line.is_section and any(figure.value is not None for figure in wanted)


def _of_column(field: Field, categories: str, lines: Iterable[Line]) -> Series:
    runs = list(_runs(line.index for line in lines))
    return Series(
        field.heading[:LONGEST_NAME],
        tuple(Span(categories, first, last) for first, last in runs),
        tuple(Span(field.key, first, last) for first, last in runs),
    )


def _of_line(line: Line, fields: Sequence[Field]) -> Series:
    return Series(
        line.title[:LONGEST_NAME],
        tuple(Span(field.key, HEADING, HEADING) for field in fields),
        tuple(Span(field.key, line.index, line.index) for field in fields),
    )


def _runs(indexes: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Consecutive numbers as (first, last)."""
    first = last = None
    for index in indexes:
        if last is not None and first is not None and index != last + 1:
            yield first, last
            first = index
        first = index if first is None else first
        last = index
    if first is not None and last is not None:
        yield first, last


def _label(line: Line, key: str) -> str:
    return line.text(key) or line.title


def _title(statement: Statement, declared: Declared) -> str:
    """`{heading}` stands for the heading of the labels' column, `{caption}` for the title that the sheet prints above the table."""
    column = statement.column(declared.categories)
    heading = column.heading if column is not None else ""
    return declared.title.replace("{heading}", heading).replace("{caption}", statement.caption)[:200]


def _size(kind: ChartKind, room: int, labels: int, series: int) -> tuple[int, int]:
    if kind is ChartKind.BAR:
        return room, 90 + labels * max(26, 13 * series + 10)
    if kind in {ChartKind.RADAR, ChartKind.PIE}:
        return min(room, 680), 440 if kind is ChartKind.RADAR else 320
    return room, 320
