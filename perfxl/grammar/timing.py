"""When a phase of the cycle takes place, as the plans write it: `Giu-Set`, `Giugno Settembre Dicembre`, `Semestrale`, `In itinere`.

Only what the whole text says with certainty is read; a text with anything else in it is unreadable, and says so.

Source: *tempi* of the phases in the plans and reports of the chambers (Massa-Carrara 2019, section 7; Lucca 2017, section 5;
Lucca 2018, section 6).
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from perfxl.grammar.dates import MONTHS
from perfxl.model.record import record


class TimingKind(StrEnum):
    """What a timing says."""

    WINDOWS = "windows"  # months, or days: one or more, each with its end
    PERIODIC = "periodic"  # semestrale: once for each period, the day isn't said
    CONTINUOUS = "continuous"  # in itinere: no end
    NONE = "none"
    UNREADABLE = "unreadable"


class Moment(NamedTuple):
    """A month, or a day of it; the year where it is printed."""

    month: int
    day: int | None = None
    year: int | None = None


class Window(NamedTuple):
    """From a moment to another; `first` is None where only the end is said (`entro aprile`)."""

    first: Moment | None
    last: Moment


@record(frozen=True, slots=True)
class Timing:
    """A timing as read. `months`: length of the period of a periodic one. `problem`: why it can't be read, in Italian."""

    kind: TimingKind
    windows: tuple[Window, ...] = ()
    months: int = 0
    text: str = ""
    problem: str | None = None

    def dated(self, year: int, first_month: int = 1) -> tuple[tuple[date | None, date], ...]:
        """The windows as dates, in order, in the twelve months that begin with `first_month` of `year`.

        A window that goes past them (`Ott-Gen`) ends in the next year; a printed year prevails. Of a periodic timing: each
        period of the calendar year, from its first to its last day.
        """
        if self.kind is TimingKind.PERIODIC:
            starts = range(1, 13, self.months)
            return tuple((date(year, start, 1), _end(Moment(start + self.months - 1), year)) for start in starts)
        found = []
        for first, last in self.windows:
            begins = None if first is None else _start(first, _year(first, year, first_month))
            ends = _end(last, _year(last, year, first_month))
            if begins is not None and ends < begins:
                ends = _end(last, ends.year + 1)
            found.append((begins, ends))
        return tuple(sorted(found, key=lambda window: window[1]))


_NAMES = {name: number for number, name in enumerate(MONTHS, start=1)}
_NAMES |= {name[:3]: number for name, number in _NAMES.items()} | {"sett": 9}
_MONTH = "|".join(sorted(_NAMES, key=len, reverse=True))
_MOMENT = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\s*(?:°\s*)?(?:/\s*(?P<number>\d{{1,2}})\b|\s(?P<named>{_MONTH})\b\.?)|(?P<month>{_MONTH})\b\.?)"
    r"(?:\s*(?:/|del\b|\s)\s*(?P<year>20\d\d)\b)?"
)
_RANGE = re.compile(r"\s*(?:-|–|—|/|\ba\b|\bal\b|\bad\b)\s*")
_LIST = re.compile(r"\s*(?:,|;|\be\b|\bed\b)?\s*")
_UNTIL = re.compile(r"(?:entro|fino a|fino al)\s+(?:il\s+|la\s+)?(?:fine\s+(?:di\s+|mese\s+di\s+)?)?")
_FROM = re.compile(r"(?:da|dal|dall')\s*")
_PERIODS = {
    "mensile": 1, "bimestrale": 2, "trimestrale": 3, "quadrimestrale": 4, "semestrale": 6, "annuale": 12,
}  # fmt: skip
_CONTINUOUS = re.compile(
    r"in itinere|continu(?:o|a|ativo|ativa|ativamente|amente)|(?:tutto|durante|nel corso del)\s*l'\s*anno|in corso d'\s*anno"
)


def parse_timing(text: str) -> Timing:
    """The timing of a phase; nothing is guessed."""
    shown = " ".join(text.replace("\xa0", " ").replace("’", "'").split())
    plain = shown.casefold().rstrip(".")
    if not plain or plain in {"-", "–", "n.d"}:
        return Timing(TimingKind.NONE, text=shown)
    if plain in _PERIODS:
        return Timing(TimingKind.PERIODIC, months=_PERIODS[plain], text=shown)
    if _CONTINUOUS.fullmatch(plain):
        return Timing(TimingKind.CONTINUOUS, text=shown)
    windows = _windows(plain)
    if windows is None:
        return Timing(TimingKind.UNREADABLE, text=shown, problem=f"tempi non leggibili con certezza: «{shown}»")
    return Timing(TimingKind.WINDOWS, windows=windows, text=shown)


def _windows(text: str) -> tuple[Window, ...] | None:
    """All the windows of a text that holds nothing else; None for any other."""
    at, found = 0, []
    while at < len(text):
        window, at = _window(text, at)
        if window is None:
            return None
        found.append(window)
        between = _LIST.match(text, at)
        assert between is not None
        if at < len(text) and between.end() in (at, len(text)):
            return None
        at = between.end()
    return tuple(found)


def _window(text: str, at: int) -> tuple[Window | None, int]:
    until = _UNTIL.match(text, at)
    start = until or _FROM.match(text, at)
    first, end = _moment(text, start.end() if start else at)
    if first is None:
        return None, at
    if until:
        return Window(None, first), end
    link = _RANGE.match(text, end)
    last, after = _moment(text, link.end()) if link else (None, end)
    if last is None:
        return (None, at) if start else (Window(first, first), end)  # "da giugno" never ends
    if last.year is not None and first.year is None:  # "ott-gen 2019" begins in 2018
        first = first._replace(year=last.year - (first.month > last.month))
    return Window(first, last), after


def _moment(text: str, at: int) -> tuple[Moment | None, int]:
    match = _MOMENT.match(text, at)
    if match is None:
        return None, at
    day = int(match["day"]) if match["day"] else None
    month = int(match["number"]) if match["number"] else _NAMES[match["named"] or match["month"]]
    year = int(match["year"]) if match["year"] else None
    possible = 1 <= month <= 12 and (day is None or 1 <= day <= calendar.monthrange(year or 2000, month)[1])
    return (Moment(month, day, year), match.end()) if possible else (None, at)


def _year(moment: Moment, year: int, first_month: int) -> int:
    if moment.year is not None:
        return moment.year
    return year if moment.month >= first_month else year + 1


def _start(moment: Moment, year: int) -> date:
    return date(year, moment.month, min(moment.day or 1, calendar.monthrange(year, moment.month)[1]))


def _end(moment: Moment, year: int) -> date:
    last = calendar.monthrange(year, moment.month)[1]
    return date(year, moment.month, min(moment.day or last, last))
