"""Phases of the cycle at a date: to do, under way, about to fall due, overdue, done.

The documents print months without a year, sometimes only how often (*semestrale*): the declaration says in which twelve months
they lie, a phase whose times can't be read has no deadline, and one that is only periodic never falls due by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from perfxl.grammar.dates import plausible
from perfxl.grammar.timing import Timing, TimingKind, parse_timing
from perfxl.model import CellKind
from perfxl.readers.headings import year_in
from perfxl.statements.selection import among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.statements.compute import Book
    from perfxl.statements.model import Line, Statement
    from perfxl.statements.schema import Schedule

SOON = 30
"""Days before its end from which a phase is about to fall due."""

_DATES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](20\d\d)")


class Standing(StrEnum):
    """How a phase stands at the reference date."""

    DONE = "fatta"
    OVERDUE = "scaduta"
    SOON = "in scadenza"
    UNDER_WAY = "in corso"
    TO_DO = "da fare"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase with its windows. `done`: when it was done, as recorded; `recorded`: there is a column that records it."""

    line: Line
    timing: Timing
    windows: tuple[tuple[date | None, date], ...]
    done: tuple[date, ...]
    recorded: bool
    problem: str = ""

    def window(self, at: date | None) -> tuple[date | None, date] | None:
        """The window that counts at a date: the first that isn't done, where that is recorded; else the first that hasn't passed."""
        left = self.windows[len(self.done) :] or self.windows[-1:]
        certain = self.recorded and self.timing.kind is not TimingKind.PERIODIC
        if not left or at is None or certain:
            return left[0] if left else None
        return next((window for window in left if window[1] >= at), left[-1])

    def standing(self, at: date | None) -> Standing:
        """How it stands at a date. What is recorded as done is never late; a periodic phase has no certain day."""
        if self.done and len(self.done) >= len(self.windows):
            return Standing.DONE
        window = self.window(at)
        if at is None or (window is None and self.timing.kind is not TimingKind.CONTINUOUS):
            return Standing.UNKNOWN
        if window is None:
            return Standing.UNDER_WAY
        begins, ends = window
        if at > ends:
            return Standing.UNKNOWN if self.timing.kind is TimingKind.PERIODIC else Standing.OVERDUE
        if (ends - at).days <= SOON:
            return Standing.SOON
        return Standing.TO_DO if begins is not None and at < begins else Standing.UNDER_WAY


def schedule_of(line: Line) -> Schedule | None:
    """The schedule that speaks of a line."""
    found = (each for each in schedules_of(line.statement) if not each.lines or among(each.lines, line))
    return None if line.is_section else next(found, None)


def schedules_of(statement: Statement) -> list[Schedule]:
    """The schedules whose times are in the sheet: a plan that says no time has no deadlines."""
    times = {each.key for each in statement.fields if each.at is not None}
    return [each for each in statement.declaration.schedules if each.timing in times]


def phase_of(line: Line, year: int | None) -> Phase | None:
    """A line as a phase; `year`: of the document, where neither the line nor the table says it. None where it is no phase."""
    schedule = schedule_of(line)
    if schedule is None:
        return None
    timing = parse_timing(line.text(schedule.timing))
    own = year_in(line.text(schedule.year)) if schedule.year else None
    first = own if own is not None else _first_year(line.statement, year, schedule)
    problem = timing.problem or ""
    windows: tuple[tuple[date | None, date], ...] = ()
    if first is not None:
        windows = timing.dated(first, schedule.first_month)
    elif timing.windows or timing.months:
        problem = "anno non indicato (--anno)"
    column = line.statement.column(schedule.done) if schedule.done else None
    recorded = column is not None and column.at is not None
    return Phase(line, timing, windows, _done(line, schedule) if recorded else (), recorded, problem)


def phases(book: Book, year: int | None) -> Iterator[Phase]:
    """All the phases of the statements that were read, in document order."""
    for statement in book.statements:
        for line in statement.lines:
            phase = phase_of(line, year)
            if phase is not None:
                yield phase


def _first_year(statement: Statement, year: int | None, schedule: Schedule) -> int | None:
    known = statement.year if statement.year is not None else year
    return None if known is None else known + schedule.offset


def _done(line: Line, schedule: Schedule) -> tuple[date, ...]:
    """The dates in the cell of *Fatto il*: a date, or several in a text."""
    figure = line.figures.get(schedule.done)
    if figure is None or figure.cell.empty:
        return ()
    if figure.cell.kind is CellKind.DATE and isinstance(figure.cell.value, date):
        return (figure.cell.value,)
    found = []
    for day, month, year in _DATES.findall(figure.text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(sorted(each for each in found if plausible(each)))
