"""Columns of words that follow from a sign, with their native formula: the words of `perfxl.statements.labels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.statements.labels import FALLING, RISING, label_of
from perfxl.views.tab import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.statements import Book, Line
    from perfxl.statements.model import Field
    from perfxl.statements.schema import Label


def label_column(book: Book, field: Field, label: Label, inner: Callable[[Line], str | None]) -> Column:
    """The column; `inner`: the label's formula in the cell of a line, None where a spreadsheet can't say it."""
    words = {id(line): label_of(book, label, line) for line in _lines(book, field, label)}

    def formula(line: Line) -> str | None:
        native = inner(line) if words.get(id(line)) else None
        return None if native is None else _native(native, label)

    return Column(
        field.key, field.heading, field.width, lambda line: words.get(id(line), ""), formula=formula, indent=lambda _: 1
    )


def _lines(book: Book, field: Field, label: Label) -> list[Line]:
    """The lines of the statements that have this very column."""
    found = [each for each in book.statements if label in each.declaration.labels and field in each.fields]
    return [line for statement in found for line in statement.lines]


def _native(inner: str, label: Label) -> str:
    """The healing ROUND: a difference of two equal figures is zero, whatever the binary noise."""
    value = f"ROUND({inner},9)"
    above, below = _word(label, above=True), _word(label, above=False)
    return f'IF({value}>0,{above},IF({value}<0,{below},"{label.equal}"))'


def _word(label: Label, *, above: bool) -> str:
    word = f'"{label.above if above else label.below}"'
    if not label.way:
        return word
    rising, falling = (label.good, label.bad) if above else (label.bad, label.good)
    way = f"TRIM(LOWER({{{label.way}}}))"
    return f'{word}&IF({way}="{RISING}","{rising}",IF({way}="{FALLING}","{falling}",""))'
