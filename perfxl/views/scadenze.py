"""*Scadenzario*: the dates of each phase and how it stands at the reference date, as a native formula over that date's cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.grammar.timing import TimingKind
from perfxl.statements.schedule import SOON, Phase, Standing, phase_of, schedules_of
from perfxl.views.tab import Column, Kind, Table, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from perfxl.statements import Statement
    from perfxl.views.context import Context


LABEL = {
    Standing.DONE: "● fatta",
    Standing.OVERDUE: "○ scaduta",
    Standing.SOON: "◐ in scadenza",
    Standing.UNDER_WAY: "◔ in corso",
    Standing.TO_DO: "– da fare",
    Standing.UNKNOWN: "",
}
_COUNTED = (
    (Standing.OVERDUE, "Scadute"),
    (Standing.SOON, "In scadenza"),
    (Standing.UNDER_WAY, "In corso"),
    (Standing.TO_DO, "Da fare"),
    (Standing.DONE, "Fatte"),
)


def schedule_columns(context: Context, statement: Statement) -> list[Column]:
    """The columns that follow a phase's own: from, to, days left, standing, what couldn't be told. None where there is no phase."""
    if not schedules_of(statement):
        return []
    day = f"{{{_date_table(statement.declaration.tab)}.data#0}}"
    at, year = context.c.as_of, context.c.year
    found = {line.index: phase_of(line, year) for line in statement.lines}
    notes = {index: "" if phase is None else _note(phase) for index, phase in found.items()}
    columns = [
        Column("dal", "Dal", 11, lambda line: _window(found[line.index], at)[0], Kind.DATE),
        Column("entro", "Entro", 11, lambda line: _window(found[line.index], at)[1], Kind.DATE),
        Column("giorni", "Giorni che mancano", 11, lambda line: _days(found[line.index], at), Kind.INTEGER,
               formula=lambda line: _days_formula(found[line.index], at, day)),
        Column("stato", "Stato", 16, lambda line: _label(found[line.index], at), Kind.STATE,
               formula=lambda line: _formula(found[line.index], at, day)),
    ]  # fmt: skip
    if any(notes.values()):
        columns.append(Column("nota_tempi", "Nota sui tempi", 30, lambda line: notes[line.index], wrap=True))
    return columns


def reference_table(context: Context, statements: Sequence[tuple[str, Statement]], top: int) -> Table | None:
    """The reference date and how many phases stand how; `statements` with the names of their tables. None without phases."""
    scheduled = [(name, each) for name, each in statements if schedules_of(each)]
    if not scheduled:
        return None
    standings = [
        phase.standing(context.c.as_of)
        for _, statement in scheduled
        for line in statement.lines
        if (phase := phase_of(line, context.c.year)) is not None
    ]
    columns = [
        Column("data", "Data di riferimento (--al)", 22, lambda _: context.c.as_of, Kind.DATE, tone=Tone.INPUT),
        *(_count(standing, heading, standings, [name for name, _ in scheduled]) for standing, heading in _COUNTED),
    ]
    return Table(
        _date_table(scheduled[0][1].declaration.tab),
        tuple(columns),
        ["al"],
        top,
        title="Alla data di riferimento",
        heading_height=30,
    )


def _date_table(tab: str) -> str:
    """The name of the table that holds the reference date of a tab."""
    return "al_" + re.sub(r"\W+", "_", tab.casefold())


def _count(standing: Standing, heading: str, standings: Sequence[Standing], tables: Sequence[str]) -> Column:
    formula = "+".join(f'COUNTIF({{{table}.stato}},"{LABEL[standing]}")' for table in tables)
    return Column(standing.name.lower(), heading, 12, lambda _: standings.count(standing), Kind.INTEGER, formula=formula)


def _window(phase: Phase | None, at: date | None) -> tuple[date | None, date | None]:
    window = None if phase is None else phase.window(at)
    return (None, None) if window is None else window


def _open(phase: Phase | None, at: date | None) -> bool:
    """Whether a phase has an end that time brings nearer."""
    return phase is not None and phase.window(at) is not None and phase.standing(at) is not Standing.DONE


def _days(phase: Phase | None, at: date | None) -> int | str | None:
    ends = _window(phase, at)[1]
    if not _open(phase, at) or ends is None:
        return None
    return "" if at is None else (ends - at).days


def _days_formula(phase: Phase | None, at: date | None, day: str) -> str | None:
    return f'IF(ISNUMBER({day}),{{entro}}-{day},"")' if _open(phase, at) else None


def _label(phase: Phase | None, at: date | None) -> str:
    return "" if phase is None else LABEL[phase.standing(at)]


def _formula(phase: Phase | None, at: date | None, day: str) -> str | None:
    """The standing from the dates of the row and the cell of the reference `day`; None for one that doesn't follow from them."""
    if phase is None or not _open(phase, at):
        return None
    overdue = "" if phase.timing.kind is TimingKind.PERIODIC else LABEL[Standing.OVERDUE]
    later = f'"{LABEL[Standing.UNDER_WAY]}"'
    if _window(phase, at)[0] is not None:
        later = f'IF({day}<{{dal}},"{LABEL[Standing.TO_DO]}",{later})'
    soon = f'IF({{entro}}-{day}<={SOON},"{LABEL[Standing.SOON]}",{later})'
    return f'IF(ISNUMBER({day}),IF({day}>{{entro}},"{overdue}",{soon}),"")'


def _note(phase: Phase) -> str:
    if phase.problem:
        return phase.problem
    said = []
    if phase.timing.kind is TimingKind.PERIODIC:
        said.append("periodica: «entro» è la fine del periodo, il documento non dice il giorno")
    if phase.timing.kind is TimingKind.CONTINUOUS:
        said.append("senza termine")
    if len(phase.windows) > 1 and phase.timing.kind is TimingKind.WINDOWS:
        said.append("termini: " + ", ".join(f"{ends:%d/%m/%Y}" for _, ends in phase.windows))
    if phase.done:
        said.append("fatta il " + ", ".join(f"{day:%d/%m/%Y}" for day in phase.done))
    return "; ".join(said)
