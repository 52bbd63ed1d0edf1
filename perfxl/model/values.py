"""What a target cell and a result cell say, once read: `Target` and `Result`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from perfxl.model.record import record


class TargetKind(StrEnum):
    """The kinds of target (METHODS: words that targets are made of)."""

    THRESHOLD = "threshold"  # >= 80 %, < 5 gg
    COUNT = "count"  # n. 3 progetti, with no operator printed
    EQUALITY = "equality"  # = 100 %
    RANGE = "range"  # 380 % - 390 %
    DEADLINE = "deadline"  # entro il 31/12/2019
    MULTI_DEADLINE = "multi_deadline"  # entro il 30/06 e 31/12
    DAYS_WITHIN = "days_within"  # entro 15 gg chiusura quadrimestre
    RELATIVE = "relative"  # > del 2016, -20 % rispetto al 2017
    MILESTONE = "milestone"  # realizzazione, report
    NONE = "none"  # a measure without a target
    UNREADABLE = "unreadable"


class ResultKind(StrEnum):
    """The kinds of result (METHODS: words that results are made of)."""

    PERCENT = "percent"  # 100%; also "100% n. 2 proposte progettuali"
    NUMBER = "number"  # 11, 3,8 gg, € 1.492.129,83
    DATE = "date"  # 29/03/2019
    MONTH = "month"  # giugno: done in that month; `dates` = (first day, last day) when the year is known
    VARIATION = "variation"  # -6,06% rispetto al 2016
    VALUES = "values"  # several numbers in one cell: gradimento 4.7 … giudizio 4.9 (`numbers`)
    DONE = "done"  # realizzato, fatto, sì
    NOT_DONE = "not_done"  # non realizzato, no
    NOT_MEASURED = "not_measured"  # N.C., n.d., rinvio
    EMPTY = "empty"
    NARRATIVE = "narrative"  # words from which no measure follows with certainty
    UNREADABLE = "unreadable"  # 00/01/1900, #DIV/0!, 31/02/2019


@record(frozen=True, slots=True)
class Target:
    """A target as read. Percentages are in percent (80, unit `%`); units: `%`, `n.`, `gg`, `€`, `data` or None."""

    kind: TargetKind
    operator: str | None = None  # ">=", "<=", ">", "<", "=" or None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    dates: tuple[date, ...] = ()
    text: str = ""
    period: str | None = None  # quadrimestre, semestre, trimestre, mese, anno
    reference: str | None = None  # of a relative target: "2016", "anno precedente"
    problem: str | None = None  # of an unreadable one: why, in Italian


@record(frozen=True, slots=True)
class Result:
    """A result as read. `value` of a percent is in percent. `problem` says why one can't be used, in Italian."""

    kind: ResultKind
    value: Decimal | None = None
    unit: str | None = None
    dates: tuple[date, ...] = ()
    month: int | None = None
    numbers: tuple[Decimal, ...] = ()
    text: str = ""
    problem: str | None = None

    @property
    def measured(self) -> bool:
        """Something that can be set against a target."""
        return self.kind not in UNMEASURED


UNMEASURED = frozenset({ResultKind.NOT_MEASURED, ResultKind.EMPTY, ResultKind.NARRATIVE, ResultKind.UNREADABLE})
