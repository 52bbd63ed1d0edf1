"""When a round's period ends, and by when the offices answer, as the cycle's calendar says it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.errors import RoundError
from perfxl.findings import Severity
from perfxl.grammar import parse_target
from perfxl.model import CellKind, TargetKind

if TYPE_CHECKING:
    from datetime import date

    from perfxl.readers.grid import Grid, RawCell
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
        file: the workbook of the cycle's phases, or a CSV file with the same headings.
        year: of the calendar, where it doesn't say its own.
        not_before: the last day of the period; the first window of the year when None.

    Raises:
        RoundError: the file doesn't read, it has no phase of monitoring, or none whose times tell a day.
    """
    from perfxl.readers import read_workbook
    from perfxl.statements import Reader
    from perfxl.statements.schedule import phase_of

    reader = Reader(year=year)
    if Path(file).suffix.lower() == ".csv":
        reader.take(_csv_grid(Path(file)))
    else:
        book = read_workbook(file, year=year, other=reader.take)
        wrong = next((each for each in book.findings if each.severity is Severity.ERROR), None)
        if wrong is not None and not reader.statements:
            raise RoundError(f"il calendario «{Path(file).name}» non si legge: {wrong.title} ({wrong.found}).", path=str(file))
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


def _csv_grid(file: Path) -> Grid:
    """A CSV file as a sheet: separated by semicolons (as Excel in Italian saves it) or commas, in UTF-8 or as Windows writes."""
    import csv

    from perfxl.readers.grid import Grid

    try:
        data = file.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
        first = text.partition("\n")[0]
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=";" if first.count(";") > first.count(",") else ","))
    except (OSError, csv.Error) as error:
        raise RoundError(f"il calendario «{file.name}» non si legge come CSV.", path=str(file)) from error
    if b"\0" in data:
        raise RoundError(f"il calendario «{file.name}» non si legge come CSV: non è un testo.", path=str(file))
    rows: dict[int, dict[int, RawCell]] = {
        row: {column: (CellKind.TEXT, cell.strip(), "General", False) for column, cell in enumerate(line, 1) if cell.strip()}
        for row, line in enumerate(lines, 1)
    }
    return Grid(str(file), file.stem, {row: cells for row, cells in rows.items() if cells})


def _day(pair: tuple[date, Phase]) -> date:
    return pair[0]
