"""Weights of indicators within their objective: printed, or as much as the others' where one is missing (PX-V005)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.rollup.entries import percent_of
from perfxl.rollup.scored import ONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfxl.model import ScoredRow, SheetRow
    from perfxl.rollup.entries import Entry


def printed_weight(row: SheetRow) -> Fraction | None:
    """The weight that the row prints, in the sheet's own scale (a percent in percent); None where there is none above 0."""
    value = percent_of(row.weight)
    return Fraction(value) if value is not None and value > 0 else None


def with_weights(
    rows: Iterable[ScoredRow], entries: Sequence[Entry], planned: Mapping[str, SheetRow]
) -> tuple[list[ScoredRow], list[Finding]]:
    """The rows with their weights: the code's own (the plan's before the sheets'), else the mean of those beside it, else 1."""
    rows = list(rows)
    printed: dict[str, Fraction] = {}
    for code, row in (*planned.items(), *((entry.code, entry.row) for entry in entries)):
        if (weight := printed_weight(row)) is not None:
            printed.setdefault(code, weight)
    beside: dict[str, dict[str, Fraction]] = {}
    for one in rows:
        if one.code in printed:
            beside.setdefault(one.owner, {})[one.code] = printed[one.code]
    usual = {owner: sum(weights.values(), Fraction(0)) / len(weights) for owner, weights in beside.items()}
    settled = [_weighing(one, printed.get(one.code, usual.get(one.owner, ONE))) for one in rows]
    return settled, _lacking(rows, entries, printed, usual)


def _weighing(row: ScoredRow, weight: Fraction) -> ScoredRow:
    return row if row.weight == weight else replace(row, weight=weight)


def _lacking(
    rows: Iterable[ScoredRow], entries: Iterable[Entry], printed: Mapping[str, Fraction], usual: Mapping[str, Fraction]
) -> list[Finding]:
    """Weights that can't be read, and indicators without one among others that have it, each code once."""
    owner = {row.uid: row.owner for row in rows}
    out: dict[str, Finding] = {}
    for entry in entries:
        cell = entry.row.weight
        unread = not cell.empty and printed_weight(entry.row) is None
        if unread or (entry.code not in printed and owner.get(entry.uid) in usual):
            out.setdefault(entry.code, finding("PX-V005", f"{entry.code}: peso «{cell.text}»", cell.ref or entry.row.ref))
    return list(out.values())
