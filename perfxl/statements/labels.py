"""Words that follow from the sign of a formula: above or below a mean; favourable only where the direction is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.readers.headings import folded
from perfxl.statements.selection import among

if TYPE_CHECKING:
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Line
    from perfxl.statements.schema import Label

RISING, FALLING = "crescente", "decrescente"
"""What the column of the direction says: more is better, less is better. Anything else declares nothing."""


def label_of(book: Book, label: Label, line: Line) -> str:
    """The words of a line; "" where the formula has no value, or the label doesn't speak of the line."""
    figure = line.figures.get(label.column)
    if figure is None or line.is_section or (label.lines and not among(label.lines, line)):
        return ""
    value = book.result(label.rule, figure)[0]
    if value is None:
        return ""
    if value == 0:
        return label.equal
    return (label.above if value > 0 else label.below) + _judged(label, line, above=value > 0)


def _judged(label: Label, line: Line, *, above: bool) -> str:
    way = folded(line.text(label.way)) if label.way else ""
    if way not in {RISING, FALLING}:
        return ""
    return label.good if above == (way == RISING) else label.bad
