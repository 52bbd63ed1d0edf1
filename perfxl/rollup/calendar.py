"""The year, the method's year and the reference date, where they don't go together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.methods.schema import NotMeasured

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

LAST_CLOSE = (6, 30)
"""Until when, in the year after, a year is still being closed: the report is due by 30 June (D.Lgs. 150/2009, art. 10)."""


def calendar_findings(method: Method, year: int | None, as_of: date | None) -> list[Finding]:
    """A method of another year, a reference date of another year, and one that the method needs and that wasn't given."""
    out = []
    if year is not None and method.year is not None and year != method.year:
        told = f"si calcola il {year} con il metodo {method.name}, che è del {method.year}"
        out.append(finding("PX-A017", told + (f" ({method.body})" if method.body else "")))
    if as_of is None:
        out += [finding("PX-A017", f"nessuna data, e il metodo ha {key}") for key in _needs_date(method)]
    elif year is not None and not _of_year(as_of, year):
        out.append(finding("PX-A017", f"{as_of:%d/%m/%Y}, e si calcola il {year}"))
    return out


def _of_year(as_of: date, year: int) -> bool:
    return as_of.year == year or (as_of.year == year + 1 and (as_of.month, as_of.day) <= LAST_CLOSE)


def _needs_date(method: Method) -> list[str]:
    """The keys that have no effect without a reference date."""
    policies = [method.not_measured.before_due, *(each.changes(NotMeasured).get("before_due") for each in method.exceptions)]
    needed = ['reading.in_year = "pro_rata"'] if method.reading.in_year == "pro_rata" else []
    if "zero" in policies:
        needed.append('not_measured.before_due = "zero"')
    return needed
