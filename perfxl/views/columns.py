"""A table's columns as placed cells, a whole column at a time: what is the same in every row is worked out once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeGuard

from perfxl.views.tab import Column, Kind, Link, Style, Table, Tone, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_TEXT = 32_000
"""A cell takes 32,767 characters."""

Target = tuple[str, str, str]
"""Where a link leads: `internal` or `external`, the path, the cell."""

_AS_THEY_ARE = {str, int, float, bool, date, type(None)}


class Placed(NamedTuple):
    """A cell with its address (from 0). `link`: (`internal` or `external`, target, anchor). `span`: columns merged."""

    row: int
    column: int
    value: Value
    style: Style
    formula: str | None = None
    link: Target | None = None
    span: int = 1


class PlacedColumn(NamedTuple):
    """Cells one beneath another: of each its row, value and style and, where any has one, its formula and link.

    Styles differ in kind, tone, indent and link, never in wrapping. Of a `hollow` column an empty cell isn't there at all.
    """

    at: int
    rows: Sequence[int]
    values: Sequence[Value]
    styles: Sequence[Style]
    formulas: Sequence[str | None] | None = None
    links: Sequence[Target | None] | None = None
    span: int = 1
    hollow: bool = False

    def cells(self) -> Iterator[Placed]:
        """One by one."""
        nothing = repeat(None)
        for row, value, style, formula, link in zip(
            self.rows, self.values, self.styles, self.formulas or nothing, self.links or nothing, strict=False
        ):
            if not (self.hollow and formula is None and value in (None, "")):
                yield Placed(row, self.at, value, style, formula, link, self.span)


class Addresses(Protocol):
    """Formulas with their names in braces into formulas with addresses."""

    def of(self, template: str, index: int) -> str:
        """That of an item."""

    def down(self, template: str, indexes: Sequence[int]) -> list[str]:
        """The same formula for several items."""


def placed_column(column: Column, at: int, table: Table, tones: Sequence[Tone] | None, addresses: Addresses) -> PlacedColumn:
    """The cells of a column, one for each of its items. `tones`: of the table's items, where it has any."""
    items, only, first = table.items, column.only, table.first_row
    indexes: Sequence[int] = range(len(items)) if only is None else only
    chosen = items if only is None else [items[index] for index in only]
    values = _values(column, chosen)
    links = [column.link(item) for item in chosen] if column.link else None
    return PlacedColumn(
        at,
        range(first, first + len(items)) if only is None else [first + index for index in only],
        values,
        _styles(column, chosen, values, _chosen_tones(tones, only), links),
        _formulas(column, chosen, indexes, addresses),
        None if links is None else _targets(links, indexes, addresses),
        column.span,
        column.helper,
    )


def _chosen_tones(tones: Sequence[Tone] | None, only: Sequence[int] | None) -> Sequence[Tone] | None:
    return tones if tones is None or only is None else [tones[index] for index in only]


def _values(column: Column, items: Sequence[Any]) -> list[Value]:
    values = [*map(column.value, items)]
    if {*map(type, values)} <= _AS_THEY_ARE and max(map(len, filter(_is_text, {*values})), default=0) <= LONGEST_TEXT:
        return values
    return [_clean(value) for value in values]


def _is_text(value: Value) -> TypeGuard[str]:
    return value.__class__ is str


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


def _targets(links: Sequence[Link | None], indexes: Sequence[int], addresses: Addresses) -> list[Target | None]:
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
) -> list[Style]:
    """The style of each cell. Equal styles are one object: a renderer may know them by identity."""
    fixed = column.tone or (Tone.HELPER if column.helper else Tone.PLAIN if tones is None else None)
    if isinstance(column.kind, Kind) and column.kind is not Kind.NUMBER and column.indent is None and links is None:
        if fixed is not None:
            return [style(column.kind, fixed, column.wrap, 0, linked=False)] * len(items)
        made = {tone: style(column.kind, tone, column.wrap, 0, linked=False) for tone in set(tones or ())}
        return [made[tone] for tone in tones or ()]
    kinds = map(column.kind, items) if callable(column.kind) else repeat(column.kind)
    shades = repeat(fixed or Tone.PLAIN) if fixed is not None or tones is None else tones
    indents = repeat(0) if column.indent is None else map(column.indent, items)
    known: dict[tuple[int, int, int, bool], Style] = {}  # kinds and tones by identity: an enumeration is slow to hash
    found = []
    for value, kind, tone, indent, link in zip(values, kinds, shades, indents, links or repeat(None), strict=False):
        shown = kind if kind is not Kind.NUMBER else _number(value)
        look = id(shown), id(tone), indent, link is None
        if look not in known:
            known[look] = style(shown, tone, column.wrap, indent, linked=link is not None)
        found.append(known[look])
    return found


@lru_cache(maxsize=1024)
def style(kind: Kind, tone: Tone, wrap: bool, indent: int, *, linked: bool) -> Style:
    """The one object that stands for a style."""
    return Style(kind, tone, wrap, indent, linked)


def _number(value: Value) -> Kind:
    return Kind.INTEGER if isinstance(value, int) or (isinstance(value, float) and value.is_integer()) else Kind.NUMBER
