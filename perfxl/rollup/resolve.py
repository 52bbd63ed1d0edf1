"""One indicator in several sheets: which row counts (METHODS, second table, *one indicator, several sheets*).

A sheet is one respondent. PO sheets repeat and never enter a TUTTI mean. Between different sheets a filled cell beats a
blank one. The body's TUTTI value is the ENTE sheet's, else the mean of the respondents' percents after capping.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import Counting, ResultKind, SheetRole
from perfxl.model.record import record

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.rollup.entries import Entry


@record(frozen=True, slots=True)
class Resolved:
    """An indicator with all its rows. `respondents` non-empty: its value is their mean, and no sheet's row counts itself."""

    code: str
    entries: tuple[Entry, ...]
    winner: Entry | None
    respondents: tuple[Entry, ...] = ()


def resolve(code: str, entries: Sequence[Entry], method: Method) -> tuple[Resolved, list[Finding]]:
    """Decide which row of an indicator counts; the others stay, with the reason why they don't."""
    again = _again(entries) if len(entries) > 1 else {}
    if not again:
        return _resolved(code, entries, method)
    resolved, found = _resolved(code, [e for e in entries if e.uid not in again], method)
    rest = tuple(counted(e, Counting.TWICE) for e in entries if e.uid in again)
    found += [_against(e, again[e.uid]) for e in rest if e.filled and _value(e) != _value(again[e.uid])]
    return replace(resolved, entries=resolved.entries + rest), found


def _again(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The rows in which a sheet has the indicator again, each with the one that counts: that of a rettifica, the fuller, the first."""
    first: dict[tuple[str, str, str], Entry] = {}
    out: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.sheet.role is SheetRole.PROJECTS:
            continue  # an objective in quota parte stands under several programmes of one sheet
        one = first.setdefault(entry.respondent_sheet, entry)
        if one is not entry:
            out.setdefault(one.uid, [one]).append(entry)
    kept = [(rows, max(rows, key=lambda e: (e.adjustment is not None, e.filled))) for rows in out.values()]
    return {e.uid: best for rows, best in kept for e in rows if e is not best}


def _resolved(code: str, entries: Sequence[Entry], method: Method) -> tuple[Resolved, list[Finding]]:
    shared = _respondents(entries, method)
    body = next((e for e in entries if shared and e.sheet.role is SheetRole.BODY and _says(e)), None)
    if shared and body is None:
        beside = _Beside(None, shared)
        kept = [counted(e, beside.of(e)) for e in entries]
        return Resolved(
            code, tuple(kept), None, tuple(sorted((e for e in kept if e.counting is Counting.OFFICE_ONLY), key=lambda e: e.uid))
        ), []
    winner = body or (entries[0] if len(entries) == 1 else min(entries, key=lambda e: (-e.filled, -_priority(e), e.uid)))
    beside = _Beside(winner, shared)
    kept = [counted(e, Counting.COUNTS if e is winner else beside.of(e)) for e in entries]
    final = next(e for e in kept if e.counting is Counting.COUNTS)
    return Resolved(code, tuple(kept), final), _differences(final, kept, shared)


def counted(entry: Entry, counting: Counting) -> Entry:
    """The entry with what it counts for; itself where that is what it says already."""
    return entry if entry.counting is counting else replace(entry, counting=counting)


def _respondents(entries: Sequence[Entry], method: Method) -> list[Entry]:
    """Rows of offices that answer for themselves: the indicator is everybody's, or that of several offices with a sheet each."""
    offices = [e for e in entries if e.sheet.role is SheetRole.OFFICE]
    if any(method.labels.all in e.row.offices for e in entries):
        return offices
    assigned = {office for e in entries for office in e.row.offices}
    answering = [e for e in offices if assigned & set(_own(e))] or _side_by_side(offices)
    return answering if len({e.office for e in answering}) > 1 else []


def _side_by_side(offices: Sequence[Entry]) -> list[Entry]:
    """Offices that answer in one sheet, a column each, where nothing says whose the indicator is."""
    sheets = Counter((e.sheet.file, e.sheet.sheet) for e in offices if not e.row.offices)
    return [e for e in offices if sheets[e.sheet.file, e.sheet.sheet] > 1]


def _says(entry: Entry) -> bool:
    """Something is written, and it isn't that there is no measure."""
    return entry.filled > 0 and entry.result.kind is not ResultKind.NOT_MEASURED


def _own(entry: Entry) -> tuple[str, ...]:
    return entry.sheet.respondent_offices or (entry.sheet.respondent,)


def _priority(entry: Entry) -> int:
    """Between sheets that are equally filled: the body's own where it is assigned, the assigned office's, the body's, the rest."""
    if entry.sheet.role is SheetRole.PERSON:
        return 0
    body = entry.sheet.role is SheetRole.BODY
    if set(_own(entry)) & set(entry.row.offices):
        return 4 if body else 3
    return 2 if body else 1


class _Beside:
    """Why a row that isn't the winner stands beside it."""

    def __init__(self, winner: Entry | None, shared: Sequence[Entry]) -> None:
        self._answering = {e.uid for e in shared}
        self._filled = winner.filled if winner is not None else max((e.filled for e in shared), default=0)

    def of(self, entry: Entry) -> Counting:
        if entry.uid in self._answering:
            return Counting.OFFICE_ONLY
        return Counting.SUPERSEDED if self._filled > entry.filled else Counting.REPEATED


def _differences(winner: Entry, entries: Sequence[Entry], shared: Sequence[Entry]) -> list[Finding]:
    """Another sheet that says something else (A001), or a PO's blank beside a filled cell (A002)."""
    answering = {e.uid for e in shared}
    out = []
    for entry in entries:
        if entry.uid == winner.uid or entry.uid in answering or {winner.adjustment, entry.adjustment} != {None}:
            continue  # a rettifica has already said which value holds
        if entry.filled == 0 and winner.filled == 2 and entry.sheet.role is SheetRole.PERSON:
            found = f"{entry.code}: «{winner.result.text}» nel foglio {winner.office} ({winner.result_ref.a1}), vuoto nel foglio {entry.office}"
            out.append(finding("PX-A002", found, entry.result_ref))
        elif entry.filled and winner.filled and _value(entry) != _value(winner):
            out.append(_against(entry, winner))
    return out


def _against(entry: Entry, winner: Entry) -> Finding:
    """PX-A001."""
    found = f"{entry.code}: «{entry.result.text}» qui, «{winner.result.text}» in {winner.result_ref}"
    return finding("PX-A001", found, entry.result_ref)


def _value(entry: Entry) -> tuple[object, ...]:
    r = entry.result
    return r.kind, r.value, r.dates, r.numbers, "" if r.measured else r.text.casefold()
