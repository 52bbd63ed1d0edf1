"""The moments that messages carry: the `Date` of who wrote, the `Received` of the servers, the `From ` line of a mailbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from perfxl.mail.parcel import plausible

ITALY = ZoneInfo("Europe/Rome")
_BROKEN = (ValueError, TypeError, IndexError, OverflowError, AttributeError)
"""What the standard library raises on dates that aren't any."""

# Names of European zones: the library knows only the American ones of RFC 822, and takes the others for no zone
_ZONES = {
    "WET": 0, "WEST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
}  # fmt: skip
_ZONE = re.compile(r":\d\d\s+([A-Z]{3,4})\b")
_UNKNOWN = re.compile(r"[+-]\d{4}\b|\b(?:GMT|UTC?|Z)\b")
# Months as programs in Italian write them; the day's name says nothing and goes
_MONTHS = {"gen": "Jan", "mag": "May", "giu": "Jun", "lug": "Jul", "ago": "Aug", "set": "Sep", "ott": "Oct", "dic": "Dec"}
_MONTH = re.compile(r"(\d{1,2}[\s-]+)([a-z]{3,9})\b\.?", re.IGNORECASE)
_DAY = re.compile(r"^\s*(?:lun|mar|mer|gio|ven|sab|dom)[a-zì]*\.?,?\s+", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def moment(value: str) -> datetime | None:
    """The moment of a `Date`, with its zone; None where it is none.

    European zones may stand by their names, months and days in Italian. `-0000` (the zone isn't known, the time is that of
    Greenwich: RFC 5322, section 3.3) is taken as UTC; no zone at all is the time of Italy.
    """
    text = _english(_COMMENT.sub(" ", value))
    try:
        when = parsedate_to_datetime(text)
        return plausible(when if when.tzinfo else _placed(when, text))
    except _BROKEN:
        return None


def _english(text: str) -> str:
    def month(found: re.Match[str]) -> str:
        return found[1] + _MONTHS.get(found[2][:3].lower(), found[2][:3])

    return _MONTH.sub(month, _DAY.sub("", text), count=1)


def _placed(when: datetime, text: str) -> datetime:
    """A time to which the library gave no zone."""
    named = _ZONE.search(text.upper())
    if named and named[1] in _ZONES:
        return when.replace(tzinfo=timezone(timedelta(hours=_ZONES[named[1]])))
    return when.replace(tzinfo=UTC if _UNKNOWN.search(text.upper()) else ITALY)


def received(headers: list[str]) -> datetime | None:
    """When the last server got a message, by its `Received` lines, the topmost first (RFC 5321, section 4.4); None for none."""
    return next((when for line in headers if (when := moment(line.rpartition(";")[2])) is not None), None)


def mailbox_moment(line: str) -> datetime | None:
    """When a message was put into a mailbox, by its `From ` line: the time of Greenwich (RFC 4155); Thunderbird's (`From - `) is local."""
    found = _FROM.match(line)
    if found is None:
        return None
    zone = found["zone"] or ("" if found["who"] == "-" else "+0000")
    return moment(f"{found['day']} {found['month']} {found['year'] or found['late']} {found['time']} {zone}")


_FROM = re.compile(
    r"From (?P<who>\S+)\s+.*?(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<time>\d\d?:\d\d(?::\d\d)?)"
    r"(?:\s+(?P<year>\d{4}))?(?:\s+(?P<zone>[+-]\d{4}|[A-Z]{3,4})\b)?(?:\s+(?P<late>\d{4}))?"
)
