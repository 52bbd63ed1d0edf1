"""Names in a declaration that name nothing: a slip of the pen would otherwise leave a line unread or a figure unchecked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfxl.statements.schema import Declaration, LineKind

REPEATED = frozenset({"series", "first", "last"})
_YEARLY = re.compile(r"y(?:19|20)\d{2}\w*")


def slips(declaration: Declaration) -> Iterator[str]:
    """`chiave|che cosa è ammesso`, for each name of a column or level that the declaration doesn't have."""
    for rule in declaration.rules:
        yield from _columns(declaration, "rules", rule.columns, repeated=True)
    for weighted in declaration.weights:
        yield from _columns(declaration, "weights", [weighted.column], repeated=True)
    for light in declaration.lights:
        yield from _columns(declaration, "lights", [*light.values, *([light.target] if light.target else [])], repeated=True)
    for chart in declaration.charts:
        yield from _columns(declaration, "charts", [*chart.values, chart.categories], repeated=True)
    levels = {kind.level for kind in declaration.lines} | {each.level for each in declaration.added}
    for kind in declaration.lines:
        yield from _columns(declaration, "lines", _named(kind))
        unknown = [level for level in (kind.beneath or kind.above).split("|") if level and level not in levels]
        yield from (f"lines|livelli dichiarati, non «{level}»" for level in unknown)


def _named(kind: LineKind) -> list[str]:
    return [*([kind.where] if kind.where else []), *kind.blank, *kind.filled]


def _columns(declaration: Declaration, where: str, names: Iterable[str], *, repeated: bool = False) -> Iterator[str]:
    for name in names:
        if name not in declaration.columns and not (repeated and name in REPEATED) and not _may_repeat(declaration, name):
            yield f"{where}|colonne dichiarate, non «{name}»"


def _may_repeat(declaration: Declaration, name: str) -> bool:
    """Whether a column that repeats may have that key: what a sheet's headings give nobody knows beforehand."""
    if declaration.series is not None:
        return "(?P<year>" not in declaration.series.headings or _YEARLY.fullmatch(name) is not None
    yearly = (key for key, column in declaration.columns.items() if column.by_year)
    return any(re.fullmatch(rf"{key}_\d{{4}}", name) for key in yearly)
