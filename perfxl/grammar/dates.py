"""Dates in office text: `31/12/2019`, `31.12.2017`, `30/6`, `28 Febbraio 2017`, `1° marzo`, `aprile`, `2019-12-31`.

Every date is found once and replaced by a mark of one character, so that its digits are never taken for a number.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from perfxl.model.record import record

MONTHS = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"sett": 9}
_NUMBER_OF = {name: number for number, name in enumerate(MONTHS, start=1)} | _SHORT
FIRST_YEAR, LAST_YEAR = 1950, 2100  # outside: a slip of the keyboard, or a number under a date format
_CENTURY_PIVOT = 70  # 69 is 2069, 70 is 1970

MARK = "[\ue000-\ue0ff]"
_FIRST_MARK, _MOST_MARKS = 0xE000, 0x100

_NAMES = "|".join(MONTHS)
_ORDINALS = {
    "primo": 1,
    "1°": 1,
    "i": 1,
    "secondo": 2,
    "2°": 2,
    "ii": 2,
    "terzo": 3,
    "3°": 3,
    "iii": 3,
    "quarto": 4,
    "4°": 4,
    "iv": 4,
}
_SPANS = {"trimestre": 3, "quadrimestre": 4, "semestre": 6}
_PATTERN = re.compile(
    rf"""
    (?<![\d/.,-])(?P<iso_y>\d{{4}})-(?P<iso_m>\d{{2}})-(?P<iso_d>\d{{2}})(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?!\d)
  | (?<![\d/.,-])(?P<d>\d{{1,2}})(?P<sep>[/.-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}})(?!\d|[/.,-]\d|\s*%)
  | (?<![\d/.,-])(?P<wd>\d{{1,2}}|primo)\s*°?\s*(?:di\s+)?(?:(?P<wm>{_NAMES})\b(?:\s*,?\s*(?:del\s+)?(?P<wy>(?:19|20)\d\d)(?!\d|[.,]\d))?
        |(?P<am>{"|".join(sorted(_SHORT, key=len, reverse=True))})\b\.?\s+(?P<ay>(?:19|20)\d\d)(?!\d|[.,]\d)
        |(?P<bm>gen|feb|mar|apr|mag|giu|lug|ago|ott|nov|dic)\b\.?(?=\s*(?:$|[,;)]|\be\b)))
  | (?<![\d/.,-])(?P<sd>\d{{1,2}})/(?P<sm>\d{{1,2}})(?![\d/]|[.,-]\d|\s*%)
  | (?<=\bil\s)(?P<pd>\d{{1,2}})\.(?P<pm>0[1-9]|1[0-2])(?![\d/]|[.,-]\d|\s*%)
  | (?<=\bentro\s)(?P<qd>\d{{1,2}})\.(?P<qm>0[1-9]|1[0-2])(?![\d/]|[.,-]\d|\s*%|\s*(?:gg|giorni))
  | (?<=\be\s)(?P<rd>\d{{1,2}})\.(?P<rm>0[1-9]|1[0-2])(?![\d/]|[.,-]\d|\s*%)
  | (?<![\d/.,-])(?P<mm>0?[1-9]|1[0-2])/(?P<my>20\d\d)(?![\d/])
  | (?<![\w'])(?P<nm>{_NAMES})\b(?:\s*(?:del\s+)?(?P<ny>(?:19|20)\d\d)(?!\d|[.,]\d))?
  | (?<=\bentro\s)(?:(?:la\s+)?fine\s+(?:dell'\s*)?|l')anno\b(?:\s+(?P<ey>20\d\d)\b)?
  | (?<=\bentro\s)(?:il|fine)\s+(?P<fy>20\d\d)(?![\d/.,-]|\s*(?:gg|giorni|%))
  | (?<=\bentro\s)(?:il\s+)?(?P<po>primo|secondo|terzo|quarto|[1-4]°|iii|ii|iv|i)\s+(?P<pn>trimestre|quadrimestre|semestre)\b
        (?:\s+(?:del\s+)?(?P<py>20\d\d))?
    """,
    re.VERBOSE,
)
_LEAD = re.compile(r"(?:\bentro|\bentro il|\bal|\bil|\be|\be al|\bdal|<=|<|,)\s*$")


@record(frozen=True, slots=True)
class DateHit:
    """A date as printed: `day` None for a month alone (in a deadline: its last day), `year` None where it isn't printed."""

    printed: str
    day: int | None
    month: int
    year: int | None
    problem: str | None = None

    def resolved(self, year: int | None) -> date | None:
        """The date in full, with `year` where none is printed; None where the year isn't known or the date is impossible."""
        year = self.year if self.year is not None else year
        if self.problem or year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        day = self.day if self.day is not None else calendar.monthrange(year, self.month)[1]
        return date(year, self.month, day) if day <= calendar.monthrange(year, self.month)[1] else None

    def trouble(self, year: int | None) -> str | None:
        """Why there is no full date, in Italian, or None."""
        if self.problem:
            return self.problem
        if self.year is None and year is None:
            return f"scadenza senza anno: «{self.printed}»"
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            return f"anno improbabile: {year}"
        return None if self.resolved(year) else f"data impossibile: «{self.printed}»"


def month_span(month: int, year: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def plausible(day: date) -> bool:
    """Whether a date can belong to a plan; earlier ones come from numbers under a date format."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def masked(text: str) -> tuple[str, tuple[DateHit, ...]]:
    """The plain text with each date replaced by a mark, and the dates in order: `hits[ord(mark) - 0xE000]`."""
    hits: list[DateHit] = []

    def replace(match: re.Match[str]) -> str:
        hit = _hit(match, text)
        if hit is None or len(hits) == _MOST_MARKS:
            return match.group()
        hits.append(hit)
        return chr(_FIRST_MARK + len(hits) - 1)

    return _PATTERN.sub(replace, text), tuple(hits)


def hit_of(mark: str, hits: tuple[DateHit, ...]) -> DateHit:
    """The date that a mark stands for."""
    return hits[ord(mark) - _FIRST_MARK]


def _hit(match: re.Match[str], text: str) -> DateHit | None:
    group, printed = match.groupdict(), match.group().strip()
    if group["iso_y"]:
        return _checked(printed, int(group["iso_d"]), int(group["iso_m"]), int(group["iso_y"]))
    if group["d"]:
        return _numeric(printed, group)
    if group["wd"]:
        day = 1 if group["wd"] == "primo" else int(group["wd"])
        year = group["wy"] or group["ay"]
        return _checked(printed, day, _NUMBER_OF[group["wm"] or group["am"] or group["bm"]], int(year) if year else None)
    if group["sd"]:
        return _short(printed, group["sd"], group["sm"], text[: match.start()])
    for day_key, month_key in (("pd", "pm"), ("qd", "qm"), ("rd", "rm")):
        if group[day_key]:
            return _short(printed, group[day_key], group[month_key], "il ")
    if group["po"]:
        return _period(printed, group)
    return _month_or_year(printed, group)


def _month_or_year(printed: str, group: dict[str, str | None]) -> DateHit:
    year = group["my"] or group["ny"] or group["ey"] or group["fy"]
    name = group["nm"]
    month = int(group["mm"]) if group["mm"] else _NUMBER_OF[name] if name else 12
    return _checked(printed, None, month, int(year) if year else None)


def _period(printed: str, group: dict[str, str | None]) -> DateHit | None:
    month = _ORDINALS[group["po"] or ""] * _SPANS[group["pn"] or ""]
    return _checked(printed, None, month, int(group["py"]) if group["py"] else None) if month <= 12 else None


def _numeric(printed: str, group: dict[str, str | None]) -> DateHit | None:
    day, month, year = group["d"] or "", group["m"] or "", group["y"] or ""
    if len(year) == 4:
        return _checked(printed, int(day), int(month), int(year))
    if group["sep"] != "/" and len(day + month) < 4:
        return None  # 2.1.14 is a code or a number gone wrong, not a date
    return _checked(printed, int(day), int(month), int(year) + (2000 if int(year) < _CENTURY_PIVOT else 1900))


def _short(printed: str, day: str, month: str, before: str) -> DateHit | None:
    """`30/6`: a date; `3/4` could be three of four, unless `entro` or the like stands before it; `97/16` is a law."""
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    if int(day) <= 12 and not (day[0] == "0" or month[0] == "0") and not _LEAD.search(before):
        return None
    return _checked(printed, int(day), int(month), None)


def _checked(printed: str, day: int | None, month: int, year: int | None) -> DateHit:
    problem = None
    if day == 0 and month == 1 and year == 1900:
        problem = "data zero (00/01/1900)"
    elif not 1 <= month <= 12 or (day is not None and not 1 <= day <= calendar.monthrange(year or 2000, month)[1]):
        problem = f"data impossibile: «{printed}»"
    elif year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        problem = f"anno improbabile: «{printed}»"
    return DateHit(printed, day, month, year, problem)
