"""The same code in several rows: the same indicator said in other words or with another target, or two different indicators."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from operator import eq
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.rollup.entries import by_code, same_target
from perfxl.rollup.people import ALIKE, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfxl.rollup.entries import Entry

UNLIKE = 0.5  # share of a text under which two rows with one code speak of different things


def repeated_findings(entries: Sequence[Entry]) -> list[Finding]:
    """Rows that share a code (A014 where they are different indicators, A010 where text or target differ).

    Slips of typing (more than `ALIKE` of the text the same) are no finding. A sheet's target against the plan's is PX-P003.
    """
    out: list[Finding] = []
    for group in by_code(entries).values():
        if len(group) > 1:
            own: dict[tuple[str, str, str], Entry] = {}  # a sheet's first: what it repeats is told of it, whatever others say
            for entry in group:
                first = own.setdefault(entry.respondent_sheet, entry)
                out += _against(entry, group[0] if first is entry else first) if entry is not group[0] else ()
    return out


def _against(entry: Entry, first: Entry) -> Iterable[Finding]:
    where = entry.row.ref
    if (entry.sheet.file, entry.sheet.sheet, entry.office) == (first.sheet.file, first.sheet.sheet, first.office):
        yield finding("PX-A014", f"{entry.code}: due volte in questo foglio, anche in {first.row.ref.a1}", where)
        return
    same = _alike(entry.row.title, first.row.title)
    if same < UNLIKE:
        yield finding("PX-A014", f"{entry.code}: «{entry.row.title}» qui, «{first.row.title}» in {first.row.ref}", where)
    elif same < ALIKE:
        yield finding("PX-A010", f"{entry.code}: «{entry.row.title}» qui, «{first.row.title}» in {first.row.ref}", where)
    elif entry.target_cell.text and first.target_cell.text and not same_target(entry.target, first.target):
        found = f"{entry.code}: target «{entry.target_cell.text}» qui, «{first.target_cell.text}» in {first.target_cell.ref}"
        yield finding("PX-A010", found, entry.target_cell.ref or where)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    one, other = plain(one), plain(other)
    return 1.0 if one == other else _ratio(one, other)


@lru_cache(maxsize=4096)
def _ratio(one: str, other: str) -> float:
    """Share of the texts that is the same; where that settles it, what it can't exceed (under `UNLIKE`) or surely is (`ALIKE`)."""
    begin = _shared(one, other)
    end = _shared(one[begin:][::-1], other[begin:][::-1])
    least = 2 * (begin + end) / (len(one) + len(other))
    if least >= ALIKE:  # a word in another form: most of those that differ
        return least
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if (most := bound()) < UNLIKE:
            return most
    return matcher.ratio()


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return sum(takewhile(bool, map(eq, one, other)))
