"""A table's columns as placed cells, a whole column at a time: what is the same in every row is worked out once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from perfxl.views.tab import Column, Kind, Link, Style, Table, Tone, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST_TEXT = 32_000
"""A cell takes 32,767 characters."""

_AS_THEY_ARE = {str, int, float, bool, date, type(None)}


class Placed(NamedTuple):
    """A cell with its address (from 0). `link`: (`internal` or `external`, target, anchor). `span`: columns merged."""

    row: int
    column: int
    value: Value
    style: Style
    formula: str | None = None
    link: tuple[str, str, str] | None = None
    span: int = 1


_placed: Callable[[Iterable[Any]], Placed] = partial(tuple.__new__, Placed)  # half the time of Placed(…), and there are many


class Addresses(Protocol):
    """Formulas with their names in braces into formulas with addresses."""

    def of(self, template: str, index: int) -> str:
        """That of an item."""

    def down(self, template: str, indexes: Sequence[int]) -> list[str]:
        """The same formula for several items."""


def placed_column(
    column: Column, at: int, table: Table, tones: Sequence[Tone] | None, addresses: Addresses
) -> list[Placed | None]:
    """The cells of a column, one for each of its items. `tones`: of the table's items, where it has any."""
    items, only = table.items, column.only
    indexes: Sequence[int] = range(len(items)) if only is None else only
    chosen = items if only is None else [items[index] for index in only]
    values = _values(column, chosen)
    formulas = _formulas(column, chosen, indexes, addresses)
    links = [column.link(item) for item in chosen] if column.link else None
    cells: list[Placed | None] = [
        *map(
            _placed,
            zip(
                range(table.first_row, table.first_row + len(items)) if only is None else [table.first_row + i for i in only],
                repeat(at),
                values,
                _styles(column, chosen, values, _chosen_tones(tones, only), links),
                repeat(None) if formulas is None else formulas,
                repeat(None) if links is None else _targets(links, indexes, addresses),
                repeat(column.span),
            ),
        )
    ]
    if column.helper:
        cells = [None if cell is not None and cell[2] is None and cell[4] is None else cell for cell in cells]
    return cells


def _chosen_tones(tones: Sequence[Tone] | None, only: Sequence[int] | None) -> Sequence[Tone] | None:
    return tones if tones is None or only is None else [tones[index] for index in only]


def _values(column: Column, items: Sequence[Any]) -> list[Value]:
    values = [*map(column.value, items)]
    kinds = set(map(type, values))
    if kinds <= _AS_THEY_ARE and (str not in kinds or max(len(v) for v in values if type(v) is str) <= LONGEST_TEXT):
        return values
    return [_clean(value) for value in values]


def _clean(value: Any) -> Value:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, (int, float, date)):
        return value
    raise TypeError(f"{type(value).__name__} is not a cell's value")


def _formulas(column: Column, items: Sequence[Any], indexes: Sequence[int], addresses: Addresses) -> list[str | None] | None:
    formula_of = column.formula
    if formula_of is None:
        return None
    if not callable(formula_of):
        return ["=" + formula for formula in addresses.down(formula_of, indexes)]
    templates = map(formula_of, items)
    return [
        "=" + addresses.of(template, index) if template else None for template, index in zip(templates, indexes, strict=False)
    ]


def _targets(links: Sequence[Link | None], indexes: Sequence[int], addresses: Addresses) -> list[tuple[str, str, str] | None]:
    return [
        None
        if link is None
        else ("internal", "", addresses.of(link.inside, index).replace("$", ""))
        if link.inside
        else ("external", link.outside, link.anchor)
        for link, index in zip(links, indexes, strict=True)
    ]


def _styles(
    column: Column,
    items: Sequence[Any],
    values: Sequence[Value],
    tones: Sequence[Tone] | None,
    links: Sequence[Link | None] | None,
) -> Iterable[Style]:
    """The style of each cell. Equal styles are one object: a renderer may know them by identity."""
    fixed = column.tone or (Tone.HELPER if column.helper else Tone.PLAIN if tones is None else None)
    if isinstance(column.kind, Kind) and column.kind is not Kind.NUMBER and column.indent is None and links is None:
        if fixed is not None:
            return repeat(style(column.kind, fixed, column.wrap, 0, linked=False))
        made = {tone: style(column.kind, tone, column.wrap, 0, linked=False) for tone in set(tones or ())}
        return [made[tone] for tone in tones or ()]
    kinds = map(column.kind, items) if callable(column.kind) else repeat(column.kind)
    return [
        style(_kind(kind, value), fixed or tone, column.wrap, indent, linked=link is not None)
        for kind, value, tone, indent, link in zip(
            kinds,
            values,
            repeat(Tone.PLAIN) if tones is None else tones,
            repeat(0) if column.indent is None else map(column.indent, items),
            repeat(None) if links is None else links,
            strict=False,
        )
    ]


@lru_cache(maxsize=1024)
def style(kind: Kind, tone: Tone, wrap: bool, indent: int, *, linked: bool) -> Style:
    """The one object that stands for a style."""
    return Style(kind, tone, wrap, indent, linked)


def _kind(kind: Kind, value: Value) -> Kind:
    if kind is Kind.NUMBER and (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        return Kind.INTEGER
    return kind
