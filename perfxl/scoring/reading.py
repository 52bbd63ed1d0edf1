"""Reading in the course of the year: what is due at a date, and the target pro rata of the time gone by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from perfxl.model import Result, ResultKind, Target, TargetKind, Timing
from perfxl.scoring.columns import Comparison, Rule

PERIOD_MONTHS = {"mese": 1, "trimestre": 3, "quadrimestre": 4, "semestre": 6, "anno": 12}
LONGEST = 3660  # days within: what is more than ten years is no deadline, but something else in the wrong column


def due_dates(target: Target, year: int | None) -> tuple[date, ...]:
    """When a result is due, ascending: the dates printed; days after each period's close; else the end of the year."""
    if target.dates or target.kind in (TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE):
        return tuple(sorted(target.dates))
    if year is None:
        return ()
    months = PERIOD_MONTHS.get(target.period or "")
    if target.kind is TargetKind.DAYS_WITHIN and months and target.value is not None and 0 <= target.value <= LONGEST:
        closes = [_month_end(year, month) for month in range(months, 13, months)]
        return tuple(close + timedelta(days=int(target.value)) for close in closes)
    return (date(year, 12, 31),)


def timing(target: Target, result: Result, year: int | None, as_of: date | None) -> Timing:
    """Not yet due is told from late and from forgotten. Without `as_of` only a date can be told late or on time."""
    dues = due_dates(target, year)
    if result.measured:
        if result.kind is not ResultKind.DATE or target.kind is not TargetKind.DEADLINE or not result.dates or not dues:
            return Timing.NONE
        return Timing.LATE if max(result.dates) > dues[-1] else Timing.ON_TIME
    if as_of is None or not dues or result.kind is ResultKind.NOT_MEASURED:
        return Timing.NONE
    return Timing.FORGOTTEN if dues[0] < as_of else Timing.NOT_DUE


def elapsed_share(year: int, as_of: date) -> Fraction:
    """Share of the year gone by at `as_of`, in months (30/04 is 4/12 whatever the days): 0 before, 1 after it."""
    if as_of.year != year:
        return Fraction(0) if as_of.year < year else Fraction(1)
    length = _month_end(year, as_of.month).day
    return (as_of.month - 1 + Fraction(as_of.day, length)) / 12


def pro_rata(comparison: Comparison, target: Target, share: Fraction) -> Comparison | None:
    """The comparison against the share of the target that is due so far; None where it isn't a count to be reached.

    Both sides are multiplied by the share's denominator, so that the figure stays exact.
    """
    counted = target.kind in (TargetKind.THRESHOLD, TargetKind.COUNT, TargetKind.EQUALITY) and target.unit != "%"
    if (
        not counted
        or comparison.rule not in (Rule.INCREASING, Rule.MET_OR_MISSED)
        or comparison.operator in ("<", "<=")
        or not share
    ):
        return None
    if target.unit == "gg":
        return None
    return _scaled(comparison, share)


def _scaled(one: Comparison, share: Fraction) -> Comparison:
    parts = tuple(_scaled(part, share) for part in one.parts)
    return replace(one, result=one.result * share.denominator, target=one.target * share.numerator, parts=parts)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
