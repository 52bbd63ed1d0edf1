"""What doesn't hold together in printed algorithms: those that can't be read, and those that aren't the catalogue's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.algorithms import MissingError
from perfxl.algorithms.printed import written
from perfxl.statements.measure_catalogue import shipped_catalogue
from perfxl.statements.measures import algorithm_tables, read_algorithm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.algorithms import Node
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure


@dataclass(frozen=True, slots=True)
class AlgorithmCheck:
    """A printed algorithm. `node` is its formula, None where `reason` says why there is none; `expected` the catalogue's."""

    figure: Figure
    node: Node | None
    reason: str
    expected: str
    listed: bool  # a sheet of measures was read

    @property
    def agrees(self) -> bool:
        """Whether it is read, and is the catalogue's where the catalogue knows the indicator.

        With no sheet of measures nobody can tell the codes of a body's own indicators: there is nothing to say of those.
        """
        if self.node is None:
            return not (self.listed or self.expected)
        return not self.expected or written(self.node).casefold() == self.expected.casefold()


def algorithm_checks(book: Book) -> Iterator[AlgorithmCheck]:
    """Every printed algorithm, once, however many years its indicator has targets for."""
    for statement in book.statements:
        for figure in statement.figures:
            if figure.field.kind == "algorithm" and not figure.cell.empty:
                yield from (_check(book, figure, table) for table in algorithm_tables(figure))


def _check(book: Book, figure: Figure, table: str) -> AlgorithmCheck:
    known = shipped_catalogue().indicator(figure.line.key)
    expected = known.formula if known is not None else ""
    measures = book.measures(table, figure.line.statement)
    try:
        node = read_algorithm(figure, measures)
    except MissingError as error:
        return AlgorithmCheck(figure, None, str(error), expected, measures.listed)
    return AlgorithmCheck(figure, node, "", expected, measures.listed)
