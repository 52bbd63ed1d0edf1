"""A result and its target as a spreadsheet hands them over: without number formats, so with a convention for bare numbers.

A percent cell comes as a bare fraction (0.74), a date in some hosts as a bare serial (43830). The convention is declared in
docs/funzioni.md and holds for the functions only: the command line sees the formats. A number that could be read in two ways
which give different percents is asked about, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.functions.cells import Untyped, is_blank
from perfxl.grammar import find_targets, parse_result, parse_target
from perfxl.model import Cell, CellKind, Result, ResultKind, Target, TargetKind, cell_of, italian_number
from perfxl.scoring.choose import DATED, target_in_text
from perfxl.scoring.words import in_words_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

LIMIT = Decimal("1.5")
"""Up to here a bare number set against a percent is what Excel stores of a percent cell: 1 is 100 %, 1.5 is 150 %."""
UNSURE_TO = Decimal(10)
"""From the limit up to here a number with decimals may be either (2.5: 2.5 % or 250 %); beyond, and whole, a percent figure."""
SERIALS = range(32874, 73416)
"""Excel's serials of the dates from 1990 to 2100."""
PERCENT_FORMAT = "0.00%"
ZERO_DATE = datetime(1899, 12, 30)
"""What COM makes of the serial 0 under a date format, which Excel shows as 00/01/1900."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a method says of the reading of bare cells: its year, its words, where targets and percents stand."""

    year: int | None = None
    words: tuple[str, ...] = ()
    declared: bool = False
    target_in_text: bool = False

    @classmethod
    def of(cls, method: Method) -> Conventions:
        """The method's."""
        scoring = method.scoring
        return cls(
            method.year,
            tuple(method.not_measured.words),
            scoring.percent_result == "declared",
            scoring.target_from == "indicator_text",
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """One reading of the two cells; `note` says in Italian which convention it took, "" where it took none."""

    target: Target
    result: Result
    note: str = ""


def pairs_of(result: object, target: object, algorithm: object, by: Conventions) -> tuple[Pair, ...]:
    """The possible readings, the likeliest first; one, but where bare numbers can be read in two ways."""
    plain = in_words_of(parse_result(plain_cell(result), year=by.year), by.words)
    aim = read_target(target, algorithm, by, plain)
    number = bare(result)
    if number is None:
        return (_against_bare(plain, aim, target, algorithm, by),)
    day = as_date(number) if aim.kind in DATED else None
    if day is not None:
        return (Pair(aim, parse_result(day), _note(number, f"{day:%d/%m/%Y}")),)
    percent = parse_result(cell_of(number, number_format=PERCENT_FORMAT))
    fraction = Pair(aim, percent, _note(number, percent.text))
    if by.declared:
        return (fraction if abs(number) <= LIMIT else Pair(aim, plain),)
    if aim.unit == "%":
        return _against_percent(number, fraction, plain)
    if aim.kind is TargetKind.MILESTONE and aim.value is None and abs(number) <= LIMIT:
        return (fraction,)
    if parse_target(_text(algorithm) or None, year=by.year).unit is not None:  # the algorithm says what the numbers are
        return (Pair(aim, plain),)
    return _against_number(number, bare(target), Pair(aim, plain), (result, target), by)


def read_target(target: object, algorithm: object, by: Conventions, result: Result | None = None) -> Target:
    """The target cell with the *Algoritmo* beside it; a bare fraction beside a percent algorithm is a percent cell."""
    beside = _text(algorithm)
    if is_blank(target):
        return parse_target(beside or None, year=by.year)
    if by.target_in_text and isinstance(target, str) and result is not None and result.kind is not ResultKind.PERCENT:
        clauses = find_targets(target, year=by.year)
        if clauses:
            return target_in_text(clauses, result, target)
    read = parse_target(plain_cell(target), algorithm=beside, year=by.year)
    number = bare(target)
    if read.kind is not TargetKind.UNREADABLE or number is None:
        return read
    asked = parse_target(beside, year=by.year)
    if asked.unit == "%" and abs(number) <= _limit(asked):
        return parse_target(cell_of(number, number_format=PERCENT_FORMAT), algorithm=beside, year=by.year)
    day = as_date(number) if asked.unit == "data" else None
    return parse_target(day, algorithm=beside, year=by.year) if day is not None else read


def bare(value: object) -> Decimal | None:
    """The number of a cell whose format isn't known; None for anything else."""
    if isinstance(value, Cell):
        known = value.kind is not CellKind.NUMBER or value.number_format != "General"
        return None if known or not isinstance(value.value, Decimal) else value.value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = cell_of(value).value
    return number if isinstance(number, Decimal) else None


def as_date(number: Decimal) -> date | None:
    """The day of an Excel serial of 1990 to 2100."""
    if number != number.to_integral_value() or int(number) not in SERIALS:
        return None
    return date(1899, 12, 30) + timedelta(days=int(number))


def may_be_dates(result: object, target: object, year: int | None) -> bool:
    """Two numbers of a host that hides dates, both in the plan's year or beside it: days or counts, only a person knows."""
    if not (isinstance(result, Untyped) and isinstance(target, Untyped)):
        return False
    days = [as_date(Decimal(repr(float(value)))) for value in (result, target)]
    return all(day is not None and (year is None or abs(day.year - year) <= 1) for day in days)


def _against_percent(number: Decimal, fraction: Pair, plain: Result) -> tuple[Pair, ...]:
    if abs(number) <= _limit(fraction.target):
        return (fraction,)
    figure = Pair(fraction.target, plain)
    unsure = abs(number) <= UNSURE_TO and number != number.to_integral_value()
    return (figure, fraction) if unsure else (figure,)


def _against_number(
    number: Decimal, wanted: Decimal | None, first: Pair, cells: tuple[object, object], by: Conventions
) -> tuple[Pair, ...]:
    """Against a count: 74 of 0.8, or 0.74 of 80, may be a percent cell and a percent figure."""
    aim = first.target
    if wanted is None:
        return (first,)
    if may_be_dates(*cells, by.year):
        return (first, Pair(parse_target(as_date(wanted)), parse_result(as_date(number))))
    counted = aim.kind is TargetKind.COUNT and aim.unit == "n."
    if counted and wanted and abs(wanted) <= LIMIT < abs(number):
        share = parse_target(cell_of(wanted, number_format=PERCENT_FORMAT), year=by.year)
        return (first, Pair(share, first.result, _note(wanted, share.text)))
    if counted and abs(number) <= LIMIT < abs(wanted) and number != number.to_integral_value():
        figure = parse_target(f"{italian_number(wanted)}%", year=by.year)
        share_done = parse_result(cell_of(number, number_format=PERCENT_FORMAT))
        return (first, Pair(figure, share_done, _note(number, share_done.text)))
    return (first,)


def _against_bare(result: Result, aim: Target, target: object, algorithm: object, by: Conventions) -> Pair:
    """A result that is a percent or a date for sure says what a bare target beside it is."""
    number = bare(target)
    if number is None or not is_blank(algorithm):
        return Pair(aim, result)
    if result.kind is ResultKind.PERCENT and abs(number) <= LIMIT:
        share = parse_target(cell_of(number, number_format=PERCENT_FORMAT), year=by.year)
        return Pair(share, result, _note(number, share.text))
    day = as_date(number) if result.kind is ResultKind.DATE else None
    return Pair(aim, result) if day is None else Pair(parse_target(day), result, _note(number, f"{day:%d/%m/%Y}"))


def _limit(target: Target) -> Decimal:
    """1.5, or one and a half times a target beyond 100 % (against 380 %, 3.85 is 385 %)."""
    known = [abs(value) for value in (target.value, target.low, target.high) if value is not None]
    return LIMIT * max(Decimal(1), *(value / 100 for value in known)) if known else LIMIT


def _note(number: Decimal, meaning: str) -> str:
    return f"il numero {italian_number(number)} è letto come {meaning}"


def _text(algorithm: object) -> str:
    cell = cell_of(plain_cell(algorithm))
    return "" if cell.kind in (CellKind.EMPTY, CellKind.ERROR) else cell.text


def plain_cell(value: object) -> object:
    """The value as the grammar takes it: a number of a host that hides formats is a plain float, serial 0 midnight."""
    if isinstance(value, Untyped):
        return float(value)
    return time() if value == ZERO_DATE else value
