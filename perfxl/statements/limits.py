"""Figures beyond what they can be: more answers than people asked, a mean outside of its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.statements.selection import speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure
    from perfxl.statements.schema import Limit


@dataclass(frozen=True, slots=True)
class Beyond:
    """A figure beyond its bounds, and the bound."""

    figure: Figure
    limit: Limit
    bound: Fraction
    too_high: bool


def beyond_limits(book: Book) -> Iterator[Beyond]:
    """Every figure that a limit of its declaration speaks of, typed or computed, and that lies beyond it."""
    for statement in book.statements:
        for limit in statement.declaration.limits:
            for figure in statement.figures:
                if figure.value is not None and not figure.line.is_section and speaks_of(limit.lines, limit.columns, figure):
                    yield from _beyond(book, limit, figure)


def _beyond(book: Book, limit: Limit, figure: Figure) -> Iterator[Beyond]:
    assert figure.value is not None
    least, most = (None if rule is None else book.result(rule, figure)[0] for rule in limit.rules)
    if least is not None and figure.value < least:
        yield Beyond(figure, limit, least, too_high=False)
    if most is not None and figure.value > most:
        yield Beyond(figure, limit, most, too_high=True)
