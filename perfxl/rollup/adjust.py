"""Rettifiche applied: a value or percent of the controller's in place of a cell's, what it replaces kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar import parse_result
from perfxl.model import EMPTY, Adjustment, Result, ResultKind, SheetRole, cell_of
from perfxl.rollup.entries import Entry, owner_of, read_result
from perfxl.rollup.places import cells_of, places_of, refused, where
from perfxl.rollup.score import put
from perfxl.scoring.compare import Compared
from perfxl.scoring.explain import percent

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

OF_THE_TARGET = frozenset({"PX-G001", "PX-V003", "PX-V004"})
"""Findings of rows that no value could be compared with."""

Rescore = Callable[[Sequence[Entry]], list[Entry]]


def apply_adjustments(
    entries: Sequence[Entry], adjustments: Sequence[Adjustment], method: Method, rescore: Rescore, year: int | None
) -> tuple[list[Entry], list[Adjustment], list[Finding]]:
    """Entries with the rettifiche applied, the rettifiche with what they replaced, and a finding for each.

    A rettifica that is given takes the place of a remembered one of the same row, which leaves the list. Two that say
    different things of a row are both refused, and so is one whose row isn't certain, whose value or percent can't be used,
    or that the method doesn't allow (PX-T001).
    """
    kept, findings = _placed(entries, adjustments, method, year)
    out = list(entries)
    done: list[Adjustment] = []
    for number, (adjustment, standing) in enumerate(kept):
        applied = {place: _applied(entries[place], adjustment, number, method, rescore, year) for place in standing}
        wrong = [why for place, entry in applied.items() if (why := _misfit(entries[place], entry, adjustment))]
        if wrong:  # the measure of the sheet stays: a value that can't be compared would only take it away
            findings.append(refused(adjustment, wrong[0]))
            applied = {}
        for place, entry in applied.items():
            out[place] = entry
            findings.append(_said(entries[place], entry, adjustment))
        done.append(_recorded(adjustment, [entries[p] for p in applied]) if applied else replace(adjustment, applied=False))
    return out, done, findings


def _misfit(before: Entry, after: Entry, adjustment: Adjustment) -> str:
    """Why the value of a rettifica can't be compared with the target of its row, or ""; N.C. is a value like another.

    Where the target itself is at fault the value is taken: its own finding says so, and no measure is lost.
    """
    score, old = after.score, before.score
    if adjustment.value is None or score is None or isinstance(score.outcome, Compared) or not after.result.measured:
        return ""
    if score.outcome.code in OF_THE_TARGET and (old is None or old.pct is None):
        return ""
    target = after.target_cell.text or after.target.text
    return f"valore «{adjustment.value}» non confrontabile con il target «{target}»: resta quello del foglio"


def _placed(
    entries: Sequence[Entry], adjustments: Sequence[Adjustment], method: Method, year: int | None
) -> tuple[list[tuple[Adjustment, list[int]]], list[Finding]]:
    """The rettifiche that stay in the list, each with the places where it stands; what is refused has none."""
    found = [places_of(adjustment, entries, method) for adjustment in adjustments]
    given = {place for a, (here, _) in zip(adjustments, found, strict=True) if not a.remembered for place in here}
    kept: list[tuple[Adjustment, list[int]]] = []
    findings: list[Finding] = []
    claims: dict[int, list[int]] = {}
    for adjustment, (here, lacking) in zip(adjustments, found, strict=True):
        places = [place for place in here if not (adjustment.remembered and place in given)]
        if here and not places:
            continue  # what the file says now prevails over what the run before said
        why = _refusal(adjustment, [entries[place] for place in places], method, year)
        if why:
            places = []
            findings.append(refused(adjustment, why))
        elif lacking:
            findings.append(lacking)
        for place in places:
            claims.setdefault(place, []).append(len(kept))
        kept.append((adjustment, places))
    return _agreed(kept, claims, findings), findings


def _agreed(
    kept: Sequence[tuple[Adjustment, list[int]]], claims: dict[int, list[int]], findings: list[Finding]
) -> list[tuple[Adjustment, list[int]]]:
    """Each row left to one rettifica; to none where two say different things of it, with a finding for each of them."""
    standing: list[list[int]] = [[] for _ in kept]
    quarrels: dict[int, list[int]] = {}
    for place, claimed in claims.items():
        if len({(kept[n][0].value, kept[n][0].pct) for n in claimed}) > 1:
            quarrels |= dict.fromkeys(claimed, claimed)
        else:
            standing[claimed[-1]].append(place)
    for number, claimed in sorted(quarrels.items()):
        standing[number] = []
        others = ", ".join(str(kept[n][0].source or where(kept[n][0])) for n in claimed if n != number)
        why = f"un'altra rettifica della stessa riga dice un'altra cosa ({others}): lasciarne una sola"
        findings.append(refused(kept[number][0], why))
    return [(adjustment, places) for (adjustment, _), places in zip(kept, standing, strict=True)]


def _refusal(adjustment: Adjustment, entries: Sequence[Entry], method: Method, year: int | None) -> str:
    """Why a rettifica can't be applied, or "". One that is remembered may have been changed by hand since: it is asked the same."""
    if not adjustment.reason and method.override.reason_required:
        return "senza motivo"
    if adjustment.value is not None and adjustment.pct is not None:
        return "valore e percentuale insieme: ne serve uno solo"
    if adjustment.pct is not None:
        if not method.override.allowed:
            return "il metodo non ammette percentuali sostituite"
        rules = [method.scoring_for(entry.code, owner_of(entry.row, method)) for entry in entries] or [method.scoring]
        if any(adjustment.pct < each.floor or (each.cap is not None and adjustment.pct > each.cap) for each in rules):
            return f"percentuale {percent(adjustment.pct)} fuori dai limiti del metodo"
        return ""
    read = parse_result(adjustment.value, year=year)
    if read.kind in (ResultKind.UNREADABLE, ResultKind.NARRATIVE, ResultKind.EMPTY):
        return f"valore «{adjustment.value or ''}» non leggibile" + (f" ({read.problem})" if read.problem else "")
    return ""


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


def _recorded(adjustment: Adjustment, entries: Sequence[Entry]) -> Adjustment:
    """With what it replaces and where that is: by its indicator the next run finds it again, wherever its row will stand."""
    entry = entries[0]
    score = entry.score
    file, cell = adjustment.file, adjustment.cell
    if not (file and cell) and len(entries) == 1:  # one that stands in several rows isn't of one cell
        file, cell = PurePath(entry.sheet.file).name, entry.result_ref.a1
    elif adjustment.remembered and cell.replace("$", "").rpartition("!")[2].upper() not in cells_of(entry):  # the row has moved
        cell = entry.result_ref.a1
    return replace(
        adjustment,
        applied=True,
        file=file,
        cell=cell,
        office=adjustment.office or entry.office,
        indicator=adjustment.indicator or entry.code,
        replaced_result=entry.result.text,
        replaced_pct=score.shown if score is not None else None,
    )
