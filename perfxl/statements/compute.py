"""Every figure that follows from others, computed exactly and once; what it follows from stays with it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.algorithms import DivisionByZeroError, Interval, MissingError, evaluate
from perfxl.scoring import round_exact
from perfxl.statements.lines import complete
from perfxl.statements.measures import Measures, near_tables
from perfxl.statements.model import Figure
from perfxl.statements.names import Names
from perfxl.statements.operands import Exact, Printed, Spans
from perfxl.statements.selection import rule_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.methods.schema import Method
    from perfxl.statements.model import Statement
    from perfxl.statements.schema import Rule

CIRCULAR = "la formula torna su sé stessa"
LONGEST_CHAIN = 12
"""Figures, each following from the next, that are settled at one go: Python's stack has to hold their formulas."""


class Book:
    """The statements that were read together, computed. `method` scores the figures that are set against a target."""

    def __init__(self, statements: Sequence[Statement], method: Method | None = None) -> None:
        self.statements = tuple(statements)
        for statement in self.statements:
            complete(statement)
        self.method = method
        self.names = Names(self.statements)
        self._measures: dict[tuple[int, ...], Measures] = {}
        self._done: set[int] = set()
        self._open: set[int] = set()
        for statement in self.statements:
            for figure in statement.figures:
                self._settle_first(figure)

    def of_tab(self, tab: str) -> list[Statement]:
        """The statements of a tab of the consolidated workbook, in the order declared."""
        found = [each for each in self.statements if each.declaration.tab == tab]
        return sorted(found, key=lambda each: (each.declaration.order, each.id, each.ordinal))

    @property
    def tabs(self) -> tuple[str, ...]:
        """The tabs that have a statement, in the order of their first declaration."""
        ordered = sorted(self.statements, key=lambda each: (each.declaration.order, each.declaration.tab))
        return tuple(dict.fromkeys(each.declaration.tab for each in ordered))

    def result(self, rule: Rule, figure: Figure) -> tuple[Fraction | None, str, tuple[Figure, ...]]:
        """What a rule gives for a figure: the exact value (or why there is none), and the figures that it follows from.

        The value isn't rounded, whatever is passed on: how a printed figure stands to it is for `compare` to say.
        """
        if figure.rule is rule and (figure.reason or not rule.carried):  # it was worked out before
            return None if figure.reason else figure.value, figure.reason, figure.operands
        return self._result(rule, Exact(self, figure, rule))

    def measures(self, table: str, near: Statement) -> Measures:
        """The measures that the algorithms of a statement are over."""
        tables = near_tables(self.statements, table, near)
        key = tuple(map(id, tables))
        if key not in self._measures:
            self._measures[key] = Measures(tables)
        return self._measures[key]

    def from_printed(self, rule: Rule, figure: Figure) -> Fraction | None:
        """What a rule gives when each operand counts as it is printed, right or wrong; None where it gives nothing."""
        return self._result(rule, Printed(self, figure, rule))[0]

    @staticmethod
    def _result(rule: Rule, view: Exact) -> tuple[Fraction | None, str, tuple[Figure, ...]]:
        value: Fraction | None = None
        reason = ""
        try:
            value = evaluate(rule.node, view)
        except DivisionByZeroError as error:
            value, reason = (Fraction(0), "") if rule.zero == "0" and error.numerator_zero else (None, "divisione per zero")
        except MissingError as error:
            reason = str(error)
        return value, reason, tuple(dict.fromkeys(view.operands))

    def span(self, rule: Rule, figure: Figure) -> Interval | None:
        """The interval in which a rule's figure may lie, given that some operands are printed rounded; None where it has none."""
        try:
            return evaluate(rule.node, Spans(self, figure, rule))
        except (MissingError, DivisionByZeroError):
            return None

    def settled(self, figure: Figure) -> Fraction | None:
        """A figure's value, computed first where a rule gives it."""
        self._settle(figure)
        return figure.value

    def _settle_first(self, figure: Figure) -> None:
        """Settle a figure; a long chain of figures that follow from one another is settled from its far end, piece by piece."""
        waiting = [figure]
        while waiting:
            try:
                self._settle(waiting[-1])
                waiting.pop()
            except _FurtherError as further:
                if any(each is further.figure for each in waiting):
                    self._close(further.figure, CIRCULAR)
                else:
                    waiting.append(further.figure)

    def _settle(self, figure: Figure) -> None:
        mark = id(figure)
        if mark in self._done:
            return
        if mark in self._open:
            raise _CircularError(figure)
        rule = rule_of(figure)
        if rule is None:
            self._done.add(mark)
            return
        if len(self._open) >= LONGEST_CHAIN:
            raise _FurtherError(figure)
        self._open.add(mark)
        try:
            value, reason, operands = self._result(rule, Exact(self, figure, rule))
        except _CircularError as circle:
            self._close(figure, CIRCULAR)
            if circle.figure is not figure:
                raise
            return
        finally:
            self._open.discard(mark)
        figure.operands = operands
        self._close(figure, reason)
        if value is not None:
            figure.value = carried(rule, value)

    def _close(self, figure: Figure, reason: str) -> None:
        figure.rule, figure.reason = rule_of(figure), reason
        self._done.add(id(figure))


class _CircularError(Exception):
    """A figure that is needed to compute itself."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(CIRCULAR)
        self.figure = figure


class _FurtherError(Exception):
    """A figure that has to be settled first: the chain that leads to it is too long to be followed at one go."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure.name)
        self.figure = figure


def carried(rule: Rule, value: Fraction) -> Fraction:
    """What is passed on to the figures that follow: the value, rounded where the rule says so."""
    return round_exact(value, 2 if rule.decimals is None else rule.decimals, rule.rounding) if rule.carried else value


def computed(statements: Sequence[Statement], method: Method | None = None) -> Book:
    """The statements with all their figures computed."""
    return Book(statements, method)
