"""When a round's period ends, and by when the offices answer, as the cycle's calendar says it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.errors import RoundError
from perfxl.grammar import parse_target
from perfxl.model import TargetKind

if TYPE_CHECKING:
    from datetime import date

    from perfxl.statements.schedule import Phase

MONITORING = "monitoraggio"
"""The word of the calendar's phase in which the offices' results are collected (Lucca's Relazione 2017, *Monitoraggio periodico …*)."""


class Due(NamedTuple):
    """A deadline, and the phase and times of the calendar that it was read from."""

    day: date
    phase: str
    times: str


def period_end(period: str, year: int | None) -> date | None:
    """The last day of a period that its name tells: `1° quadrimestre`, `I semestre 2019`, `anno 2019`; None for other names."""
    if not period:
        return None
    read = (parse_target(f"entro {the}{period}", year=year) for the in ("", "l'"))
    return next((end.dates[0] for end in read if end.kind is TargetKind.DEADLINE), None)


def due_by_calendar(file: str | Path, year: int | None, not_before: date | None) -> Due:
    """The end of the first monitoring window that isn't over before the period is.

    Args:
        file: the workbook of the cycle's phases.
        year: of the calendar, where it doesn't say its own.
        not_before: the last day of the period; the first window of the year when None.

    Raises:
        RoundError: no phase of monitoring, or none whose times tell a day.
    """
    from perfxl.readers import read_workbook
    from perfxl.statements import Reader
    from perfxl.statements.schedule import phase_of

    reader = Reader(year=year)
    read_workbook(file, year=year, other=reader.take)
    found = [phase for each in reader.statements for line in each.lines if (phase := phase_of(line, year)) is not None]
    named = [phase for phase in found if MONITORING in phase.line.title.casefold()]
    if not named:
        raise RoundError(
            f"nel calendario «{Path(file).name}» non c'è nessuna fase di monitoraggio: indicare la scadenza con --scadenza."
        )
    ends = [(end, phase) for phase in named for _, end in phase.windows if not_before is None or end >= not_before]
    if not ends:
        told = "; ".join(f"«{phase.line.title[:60]}»: {phase.timing.text or 'nessun tempo'}" for phase in named)
        raise RoundError(f"il calendario non dice un giorno per questo periodo ({told}): indicare la scadenza con --scadenza.")
    day, phase = min(ends, key=_day)
    return Due(day, phase.line.title, phase.timing.text)


def _day(pair: tuple[date, Phase]) -> date:
    return pair[0]
