"""PX_LEGGI_TARGET and PX_LEGGI_RISULTATO: what was understood of a cell, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from perfxl.functions.cells import Grid, Problem, aligned, flat, is_blank
from perfxl.functions.pairs import Conventions, plain_cell, read_target
from perfxl.grammar import parse_result
from perfxl.model import Result, ResultKind, Target, TargetKind, italian_number
from perfxl.model.words import RESULT_WORDS, TARGET_WORDS

TARGET_COLUMNS = ("natura", "operatore", "valore", "unità", "data")
RESULT_COLUMNS = ("natura", "valore", "unità", "data")

UNREADABLE = "non leggibile"
PLAIN = Conventions()


def leggi_target(testi: object, algoritmi: object = None) -> Grid:
    """PX_LEGGI_TARGET: `TARGET_COLUMNS`, a row for each cell; percents in percent (80, `%`), blank cells give blank rows."""
    rows = aligned(testi, algoritmi)
    if isinstance(rows, Problem):
        return [[str(rows)] + [""] * (len(TARGET_COLUMNS) - 1)]
    return [_target_row(text, algorithm) for row in rows for text, algorithm in row]


def _target_row(text: object, algorithm: object) -> list[object]:
    if is_blank(text):
        return [""] * len(TARGET_COLUMNS)
    target = read_target(text, algorithm, PLAIN)
    value: object = number(target.value)
    if target.low is not None and target.high is not None:
        value = f"da {italian_number(target.low)} a {italian_number(target.high)}"
    return [_kind(TARGET_WORDS[target.kind], target.problem), target.operator or "", value, target.unit or "", _due(target)]


def _due(target: Target) -> object:
    if not target.dates and target.kind in (TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE):
        return "senza anno"
    return days(target.dates)


def leggi_risultato(testi: object) -> Grid:
    """PX_LEGGI_RISULTATO: `RESULT_COLUMNS`, a row for each cell; percents in percent (74, `%`), blank cells give blank rows."""
    return [_result_row(text) for text in flat(testi)]


def _result_row(text: object) -> list[object]:
    if is_blank(text):
        return [""] * len(RESULT_COLUMNS)
    result = parse_result(plain_cell(text))
    value: object = number(result.value)
    if result.kind is ResultKind.VALUES:
        value = "; ".join(map(italian_number, result.numbers))
    return [_kind(RESULT_WORDS[result.kind], result.problem), value, result.unit or "", _done(result)]


def _done(result: Result) -> object:
    if result.kind is ResultKind.MONTH:
        return _MONTHS[result.month - 1] if result.month else ""
    return days(result.dates)


def _kind(kind: str, problem: str | None) -> str:
    return f"{kind}: {problem}" if problem and kind == UNREADABLE else kind


def number(value: Decimal | None) -> float | str:
    """A figure for a cell; blank where there is none."""
    return "" if value is None else float(value)


def days(dates: Sequence[date]) -> object:
    """One date as a date, several as a text (`30/06/2019; 31/12/2019`), none as blank."""
    if len(dates) == 1:
        return datetime.combine(dates[0], time())
    return "; ".join(f"{day:%d/%m/%Y}" for day in dates)


_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
