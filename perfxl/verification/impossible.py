"""Results that can't be, whatever the target: a share above 100 %, a negative count, a date outside of the period.

Only what is impossible by its nature is told: a growth of 120 %, a ratio above one, an early report are possible, and pass. The words
by which a share is known are those of the algorithms in the plans (`% pratiche evase entro 5 gg`, `grado di rispetto degli standard`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import ResultKind, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.consolidation import Consolidation
    from perfxl.model import ScoredRow

CODE = "PX-C031"

_SHARE = re.compile(
    r"(?:%|percentuale|quota|tasso)(?!\s*di\s+(?:variazione|crescita|incremento)).*"
    r"(?:\bsu\b|\bsul\b|\bsulla\b|\bsui\b|\bsulle\b|rispett[aio]t|evas[aei]|realizzat|effettuat|entro|copertura)"
    r"|grado\s+di\s+(?:rispetto|copertura|realizzazione|attuazione)",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"variazion|increment|crescita|aumento|riduzion|diminuzion|scostament|rispetto\s+a(?:l|ll)", re.IGNORECASE)
_COUNTED = frozenset({TargetKind.COUNT, TargetKind.DAYS_WITHIN})


def impossible_results(c: Consolidation) -> Iterator[Finding]:
    """A finding for each impossible result, at its cell, once."""
    seen = set()
    for row in c.rows:
        if row.ref is not None and row.ref not in seen and row.result.measured:
            seen.add(row.ref)
            why = next(_why(row, c), "")
            if why:
                yield finding(CODE, f"{row.code}: risultato «{row.result_text}», target «{row.target_text}»: {why}", row.ref)


def is_share(row: ScoredRow) -> bool:
    """Whether an indicator is a part of a whole, by the words of its algorithm or of its text."""
    text = f"{row.algorithm} {row.title}"
    return _SHARE.search(text) is not None and _CHANGE.search(text) is None


def _why(row: ScoredRow, c: Consolidation) -> Iterator[str]:
    value = row.result.value
    if value is not None and value > 100 and row.result.kind is ResultKind.PERCENT:
        if row.rule == "declared":
            yield "una realizzazione oltre 100 %"
        elif is_share(row):
            yield "una parte maggiore del tutto"
    if value is not None and value < 0 and (row.result.unit in {"n.", "gg"} or row.target.kind in _COUNTED or is_share(row)):
        yield "un numero negativo"
    for day in row.result.dates if row.result.kind is ResultKind.DATE else ():
        if c.year is not None and row.target.dates and day < date(c.year, 1, 1):
            yield f"una data prima del {c.year}"
        if c.as_of is not None and day > c.as_of:
            yield f"una data dopo quella di riferimento ({c.as_of:%d/%m/%Y})"
