"""What the names of a formula are worth: exactly, as they are printed, or as intervals where they are printed rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.algorithms import Interval, MissingError
from perfxl.statements.against import scored, scored_as
from perfxl.statements.cells import shown_decimals
from perfxl.statements.measures import hundredfold, read_algorithm, unit_of
from perfxl.statements.names import CHILDREN
from perfxl.statements.selection import rule_of

if TYPE_CHECKING:
    from perfxl.algorithms import Ref
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure
    from perfxl.statements.schema import Rule


class Exact:
    """The figures of a formula as fractions; remembers which were used."""

    def __init__(self, book: Book, figure: Figure, rule: Rule) -> None:
        self.operands: list[Figure] = []
        self._book, self._figure, self._rule = book, figure, rule

    def many(self, ref: Ref) -> list[Fraction | None]:
        """The figures of a name."""
        found = self._book.names.find(ref, self._figure)
        self.operands += found
        values: list[Fraction | None] = [self.value(each) for each in found] or [*_none_beneath(ref, self._rule)]
        return [Fraction(0) if value is None else value for value in values] if self._rule.blanks == "0" else values

    def previous(self, ref: Ref) -> Fraction:
        """The figure of the year before."""
        figure = _previous(self._book, ref, self._figure)
        self.operands.append(figure)
        value = self.value(figure)
        if value is None:
            raise MissingError(f"manca «{ref}» dell'anno prima")
        return value

    def achievement(self, result: Ref, target: Ref) -> Fraction:
        """The percent of a figure against a target, by the method."""
        value = self.many(result)[:1]
        aims = self._book.names.find(target, self._figure)
        self.operands += aims
        if not value or value[0] is None:
            raise MissingError(f"manca «{result}»")
        if not aims or aims[0].target is None:
            raise MissingError("manca il target")
        figure = self._book.names.find(result, self._figure)[0]
        return scored(value[0], aims[0], scored_as(figure), self._book.method)

    def algorithm(self, text: Ref, table: Ref, target: Ref | None) -> Fraction:
        """The value of a printed algorithm over the measures of a table."""
        figure = self._figure
        found, aims = self._book.names.find(text, figure), self._book.names.find(target, figure) if target else []
        if len(found) != 1:
            raise MissingError(f"«{text}» non si trova")
        [printed] = found
        self.operands.append(printed)
        measures = self._book.measures(table.head, figure.line.statement)
        if not measures.listed:
            raise MissingError("manca il foglio Misure")
        node = read_algorithm(printed, measures)
        year = figure.field.year or figure.line.statement.year
        self.operands += measures.used(node, year)
        figure.unit = unit_of(figure.line, aims[0] if aims else None)
        return measures.value(node, year) * (100 if hundredfold(node, figure.unit) else 1)

    @staticmethod
    def number(value: Fraction) -> Fraction:
        """A literal is itself."""
        return value

    def value(self, figure: Figure) -> Fraction | None:
        """What an operand counts for."""
        return self._book.settled(figure)


class Printed(Exact):
    """The same figures as they are printed: computed only where nobody typed them."""

    def value(self, figure: Figure) -> Fraction | None:
        """What an operand counts for."""
        return figure.typed if figure.typed is not None else figure.value


class Spans:
    """The figures of a formula as intervals: those printed rounded stand for all that rounds to them."""

    def __init__(self, book: Book, figure: Figure, rule: Rule) -> None:
        self._book, self._figure, self._rule = book, figure, rule

    def many(self, ref: Ref) -> list[Interval | None]:
        """The figures of a name."""
        found = self._book.names.find(ref, self._figure)
        spans: list[Interval | None] = [self._span(each) for each in found] or [*_none_beneath(ref, self._rule)]
        zero = Interval(Fraction(0), Fraction(0))
        return [zero if span is None else span for span in spans] if self._rule.blanks == "0" else spans

    def previous(self, ref: Ref) -> Interval:
        """The figure of the year before."""
        span = self._span(_previous(self._book, ref, self._figure))
        if span is None:
            raise MissingError(str(ref))
        return span

    def achievement(self, result: Ref, target: Ref) -> Interval:
        """An achievement rests on no rounding: its exact percent."""
        value = Exact(self._book, self._figure, self._rule).achievement(result, target)
        return Interval(value, value)

    def algorithm(self, text: Ref, table: Ref, target: Ref | None) -> Interval:
        """Measures are typed as they are: the exact value."""
        value = Exact(self._book, self._figure, self._rule).algorithm(text, table, target)
        return Interval(value, value)

    @staticmethod
    def number(value: Fraction) -> Interval:
        """A literal is itself."""
        return Interval(value, value)

    def _span(self, figure: Figure) -> Interval | None:
        if figure.typed is not None and figure.field.rounded:
            rule = rule_of(figure)
            decimals = shown_decimals(figure.cell, figure.typed, figure.kind)
            return Interval.around(figure.typed, decimals, rule.rounding if rule else "half_up")
        value = figure.typed if figure.typed is not None else self._book.settled(figure)
        return None if value is None else Interval(value, value)


def _none_beneath(ref: Ref, rule: Rule) -> list[None]:
    """The figures of a line that nothing stands beneath: a blank one where blanks are worth zero, so that a total of nothing is 0."""
    return [None] if ref.head.casefold() == CHILDREN and not ref.table and rule.blanks == "0" else []


def _previous(book: Book, ref: Ref, figure: Figure) -> Figure:
    """The figure that a name stands for, in the column of the year before."""
    found = book.names.find(ref, figure)
    if len(found) != 1:
        raise MissingError(f"«{ref}» non si trova")
    [here] = found
    found_before = before(here)
    if found_before is None:
        raise MissingError(f"manca l'anno prima di «{here.field.heading}»")
    return found_before


def before(figure: Figure) -> Figure | None:
    """The figure of the same line in the column of the year before; None for the first year."""
    repeated = figure.line.statement.repeated
    place = next((i for i, each in enumerate(repeated) if each.key == figure.field.key), 0) - 1
    if place < 0 or (figure.field.year or 0) - (repeated[place].year or figure.field.year or 0) > 1:  # a year is missing between
        return None
    return figure.line.figures[repeated[place].key]
