"""Rettifiche applied: a value or percent of the controller's in place of a cell's, what it replaces kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar import normalise_code, normalise_offices, parse_result
from perfxl.model import EMPTY, Adjustment, Result, ResultKind, SheetRole, cell_of
from perfxl.rollup.entries import Entry, read_result
from perfxl.rollup.score import put
from perfxl.scoring.explain import percent

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

Rescore = Callable[[Sequence[Entry]], list[Entry]]


def apply_adjustments(
    entries: Sequence[Entry], adjustments: Sequence[Adjustment], method: Method, rescore: Rescore, year: int | None
) -> tuple[list[Entry], list[Adjustment], list[Finding]]:
    """Entries with the rettifiche applied, the rettifiche with what they replaced, and a finding for each.

    A later rettifica of a place replaces an earlier one, which stays in the list as not applied. Where the method doesn't
    allow overrides, or a value or percent can't be used, the rettifica is refused (PX-T001).
    """
    places: list[list[int]] = []
    findings: list[Finding] = []
    for adjustment in adjustments:
        refused = _refusal(adjustment, method, year)
        here = [] if refused else [i for i, entry in enumerate(entries) if _concerns(adjustment, entry, method)]
        places.append(here)
        if refused:
            findings.append(finding("PX-T001", f"{_where(adjustment)}: {refused}", adjustment.source))
        elif not here:
            findings.append(finding("PX-T002", _where(adjustment), adjustment.source))
    last = {place: number for number, here in enumerate(places) for place in here}
    out = list(entries)
    done: list[Adjustment] = []
    for number, (adjustment, here) in enumerate(zip(adjustments, places, strict=True)):
        standing = [place for place in here if last[place] == number]
        for place in standing:
            out[place] = _applied(entries[place], adjustment, number, method, rescore, year)
            findings.append(_said(entries[place], out[place], adjustment))
        done.append(_recorded(adjustment, entries[standing[0]]) if standing else replace(adjustment, applied=False))
    return out, done, findings


def _refusal(adjustment: Adjustment, method: Method, year: int | None) -> str:
    """Why a rettifica can't be applied, or ""."""
    if adjustment.pct is not None:
        cap, floor = method.scoring.cap, method.scoring.floor
        if not method.override.allowed:
            return "il metodo non ammette percentuali sostituite"
        if adjustment.pct < floor or (cap is not None and adjustment.pct > cap):
            return f"percentuale {percent(adjustment.pct)} fuori dai limiti del metodo"
        return ""
    read = parse_result(adjustment.value, year=year)
    if read.kind in (ResultKind.UNREADABLE, ResultKind.NARRATIVE, ResultKind.EMPTY):
        return f"valore «{adjustment.value or ''}» non leggibile" + (f" ({read.problem})" if read.problem else "")
    return ""


def _concerns(adjustment: Adjustment, entry: Entry, method: Method) -> bool:
    if adjustment.file and adjustment.cell:
        return _at_cell(adjustment, entry)
    if entry.sheet.role is SheetRole.PERSON and adjustment.office != entry.office:
        return False
    offices = normalise_offices(adjustment.office) or (adjustment.office,)
    own = {entry.office, *entry.sheet.respondent_offices}
    code = method.canonical(normalise_code(adjustment.indicator) or adjustment.indicator.strip())
    return bool({*offices, adjustment.office} & own) and code == entry.code


def _at_cell(adjustment: Adjustment, entry: Entry) -> bool:
    """The cell of the row's result, typed percent or text, in the file of that name (and sheet, where it is given)."""
    refs = (entry.row.result.ref, entry.row.typed_pct.ref, entry.row.ref)
    sheet, _, cell = adjustment.cell.replace("$", "").rpartition("!")
    same_file = PurePath(adjustment.file).name.casefold() == PurePath(entry.sheet.file).name.casefold()
    same_sheet = not sheet or sheet.strip("'").casefold() == entry.sheet.sheet.casefold()
    return same_file and same_sheet and cell.strip().upper() in {ref.a1 for ref in refs if ref is not None}


def _applied(entry: Entry, adjustment: Adjustment, number: int, method: Method, rescore: Rescore, year: int | None) -> Entry:
    if adjustment.pct is not None:
        return _overridden(entry, adjustment.pct, number, method)
    as_percent = entry.sheet.role is SheetRole.OBJECTIVES
    result = read_result(cell_of(adjustment.value), year, as_percent=as_percent)
    plain = replace(entry.row, typed_pct=EMPTY)  # what was typed beside the old value doesn't speak of the new one
    [scored] = rescore([replace(entry, result=result, row=plain)])
    return replace(scored, row=entry.row, adjustment=number, computed=entry.score)


def _overridden(entry: Entry, pct: Decimal, number: int, method: Method) -> Entry:
    score = entry.score
    assert score is not None
    result = entry.result if entry.result.measured else Result(ResultKind.PERCENT, pct, "%", text=entry.result.text)
    return replace(entry, score=put(score, Fraction(pct), method), adjustment=number, computed=score, result=result)


def _said(before: Entry, after: Entry, adjustment: Adjustment) -> Finding:
    old = percent(before.score.pct if before.score else None)
    new = percent(after.score.pct if after.score else None)
    code = "PX-T004" if adjustment.remembered else "PX-T003"
    found = f"{before.code} di {before.office}: «{before.result.text}» ({old}) sostituito con {adjustment.value or 'percentuale'} ({new}): {adjustment.reason}"
    return finding(code, found, before.result_ref)


def _recorded(adjustment: Adjustment, entry: Entry) -> Adjustment:
    score = entry.score
    return replace(
        adjustment,
        applied=True,
        file=adjustment.file or PurePath(entry.sheet.file).name,
        cell=adjustment.cell or entry.result_ref.a1,
        office=adjustment.office or entry.office,
        indicator=adjustment.indicator or entry.code,
        replaced_result=entry.result.text,
        replaced_pct=score.shown if score is not None else None,
    )


def _where(adjustment: Adjustment) -> str:
    at = f"{adjustment.file} {adjustment.cell}".strip()
    return at or f"{adjustment.office} {adjustment.indicator}".strip()
