"""Weights of indicators within their objective: printed, or as much as the others' where one is missing (PX-V005).

Where the method takes plain means no printed weight counts, and that is said once for each sheet (PX-V006).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.findings import Finding, Severity, finding
from perfxl.rollup.entries import percent_of
from perfxl.rollup.scored import ONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfxl.methods.schema import Method
    from perfxl.model import ScoredRow, SheetRow
    from perfxl.rollup.entries import Entry


def printed_weight(row: SheetRow) -> Fraction | None:
    """The weight that the row prints, in the sheet's own scale (a percent in percent); None where there is none, or it is negative."""
    value = percent_of(row.weight)
    return Fraction(value) if value is not None and value >= 0 else None


def with_weights(
    rows: Iterable[ScoredRow], entries: Sequence[Entry], planned: Mapping[str, SheetRow], method: Method
) -> tuple[list[ScoredRow], list[Finding]]:
    """The rows with their weights: the code's own (the plan's before the sheets'), else the mean of those beside it, else 1."""
    rows = list(rows)
    if method.rollup.indicators == "plain_mean":
        return rows, _unused([*planned.values(), *(entry.row for entry in entries)])
    printed: dict[str, Fraction] = {}
    for code, row in (*planned.items(), *((entry.code, entry.row) for entry in entries)):
        if (weight := printed_weight(row)) is not None:
            printed.setdefault(code, weight)
    beside: dict[str, dict[str, Fraction]] = {}
    for one in rows:
        if one.code in printed:
            beside.setdefault(one.owner, {})[one.code] = printed[one.code]
    weighed = {owner: [weight for weight in weights.values() if weight] for owner, weights in beside.items()}
    usual = {owner: sum(weights, Fraction(0)) / len(weights) for owner, weights in weighed.items() if weights}
    for owner in beside.keys() - usual.keys():  # nothing there weighs: a mean of nothing but zeros would be no figure
        for code in beside[owner]:
            printed[code] = ONE
    settled = [_weighing(one, printed.get(one.code, usual.get(one.owner, ONE))) for one in rows]
    return settled, _lacking(rows, entries, printed, usual)


def _weighing(row: ScoredRow, weight: Fraction) -> ScoredRow:
    return row if row.weight == weight else replace(row, weight=weight)


def _unused(rows: Iterable[SheetRow]) -> list[Finding]:
    """Weights that no mean looks at: each sheet once, at its first."""
    out: dict[tuple[str, str], Finding] = {}
    for row in rows:
        if row.weight.text.strip():
            ref = row.weight.ref or row.ref
            out.setdefault((ref.file, ref.sheet), finding("PX-V006", f"{row.code}: peso «{row.weight.text}»", ref))
    return list(out.values())


def _lacking(
    rows: Iterable[ScoredRow], entries: Iterable[Entry], printed: Mapping[str, Fraction], usual: Mapping[str, Fraction]
) -> list[Finding]:
    """Weights that can't be used, and indicators without one among others that have it, each code once."""
    owner = {row.uid: row.owner for row in rows}
    out: dict[str, Finding] = {}
    for entry in entries:
        cell, objective = entry.row.weight, owner.get(entry.uid, "")
        weight = printed_weight(entry.row)
        if not cell.empty and (weight is None or (weight == 0 and objective not in usual)):
            out.setdefault(entry.code, _unusable(entry, printed.get(entry.code, usual.get(objective))))
        elif cell.empty and entry.code not in printed and objective in usual:
            out.setdefault(entry.code, finding("PX-V005", f"{entry.code}: peso «{cell.text}»", cell.ref or entry.row.ref))
    return list(out.values())


def _unusable(entry: Entry, weight: Fraction | None) -> Finding:
    """A weight that was typed and can't be used: more than a note, for somebody meant something by it."""
    cell = entry.row.weight
    instead = "1, come gli altri" if weight is None or weight == ONE else f"{float(weight):.6g}".replace(".", ",")
    one = finding("PX-V005", f"{entry.code}: peso «{cell.text}» non usato; al suo posto {instead}", cell.ref or entry.row.ref)
    return replace(one, severity=Severity.WARNING)
