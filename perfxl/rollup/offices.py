"""Offices: mean of their own measured indicators, TUTTI ones at the office's own result (METHODS, second table, *office*)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Counting, Cover, OfficeScore, PerspectiveScore, ScoredRow, SheetRole, SheetRows
from perfxl.rollup.means import weighted_mean
from perfxl.rollup.nodes import Spec, natural
from perfxl.rollup.scored import ONE
from perfxl.scoring.finish import state_of
from perfxl.scoring.rounding import round_exact, shown

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.model import Node


def cover(parts: Iterable[tuple[Fraction | None, Fraction]], method: Method, *, given: int = 0) -> Cover:
    """Weighted mean with its coverage, rounded as the method says. `given`: how many of the percents a policy gave, not a measure."""
    pairs = list(parts)
    rounding = method.rounding
    pct = weighted_mean(pairs)
    if pct is not None and rounding.stage == "each_level":
        pct = round_exact(pct, rounding.decimals, rounding.mode)
    return Cover(pct, shown(pct, rounding.decimals, rounding.mode), sum(p is not None for p, _ in pairs) - given, len(pairs))


def rows_cover(parts: Sequence[tuple[ScoredRow, Fraction]], method: Method) -> Cover:
    """The same of rows with their weights."""
    return cover([(row.pct, weight) for row, weight in parts], method, given=sum(bool(row.policy) for row, _ in parts))


def offices_of(
    sheets: Iterable[SheetRows], rows: Sequence[ScoredRow], specs: Mapping[str, Spec], method: Method
) -> tuple[OfficeScore, ...]:
    """One score for each office sheet (and the body's own), in the natural order of codes."""
    by_office: dict[str, list[ScoredRow]] = {}
    for row in rows:
        by_office.setdefault(row.office, []).append(row)
    out: dict[str, OfficeScore] = {}
    for sheet in sheets:
        if sheet.role in (SheetRole.OFFICE, SheetRole.BODY) and sheet.respondent not in out:
            own = [row for row in by_office.get(sheet.respondent, []) if is_own(row)]
            out[sheet.respondent] = _office(sheet, own, specs, method)
    return tuple(out[code] for code in sorted(out, key=natural))


def is_own(row: ScoredRow) -> bool:
    """Whether the mean of the row's office is made of it, among others: each indicator of its sheet once."""
    return row.ref is not None and row.counting is not Counting.TWICE


def _office(sheet: SheetRows, rows: Sequence[ScoredRow], specs: Mapping[str, Spec], method: Method) -> OfficeScore:
    parts = list(zip(rows, office_weights(rows, method), strict=True))
    by: dict[str, list[tuple[ScoredRow, Fraction]]] = {}
    for part in parts:
        for code in _above(part[0].owner, specs):
            by.setdefault(code, []).append(part)
    total, objectives = rows_cover(parts, method), {code: rows_cover(group, method) for code, group in by.items()}
    return OfficeScore(sheet.respondent, sheet.title, total, state_of(total.pct, method.states.strategic), objectives, sheet.file)


def plain_office_weights(rows: Sequence[ScoredRow]) -> list[Fraction]:
    """Weights of an office's rows in one scale: those of an objective weigh together as much as they are many.

    A weight is printed within its objective: 50 beside a 10 there says nothing of a row of another objective, or of another scale.
    """
    own: dict[str, list[Fraction]] = {}
    for row in rows:
        own.setdefault(row.owner, []).append(row.weight)
    scale = {owner: ONE if len(set(weights)) == 1 and weights[0] == ONE else _scale(weights) for owner, weights in own.items()}
    return [row.weight if (by := scale[row.owner]) is ONE else row.weight * by for row in rows]


def _scale(weights: Sequence[Fraction]) -> Fraction:
    total = sum(weights, Fraction(0))
    return len(weights) / total if total else ONE


def office_weights(rows: Sequence[ScoredRow], method: Method) -> list[Fraction]:
    """Those weights, times the coefficient of complexity where the method says so (METHODS, *people*: for PO and offices)."""
    weights = plain_office_weights(rows)
    if method.people.complexity != "multiplies_weight":
        return weights
    return [weight * row.complexity for weight, row in zip(weights, rows, strict=True)]


def _above(code: str, specs: Mapping[str, Spec]) -> list[str]:
    """The node and the objectives above it, the body and the tree left out."""
    out = []
    while code in specs and specs[code].parent is not None:
        out.append(code)
        code = specs[code].parent or ""
    return out


def perspectives_of(nodes: Sequence[Node], method: Method) -> tuple[PerspectiveScore, ...]:
    """BSC perspectives: mean of the operational objectives that the plan puts under each, with their coverage."""
    by: dict[str, list[Node]] = {}
    names: dict[str, str] = {}
    for node in nodes:
        if node.level == "obiettivo_operativo":
            for name in node.perspectives:
                names.setdefault(name.casefold(), name)
                by.setdefault(name.casefold(), []).append(node)
    out = []
    for key, group in by.items():
        mean = cover([(node.pct, node.weight) for node in group], method)
        counts = Cover(mean.pct, mean.shown, sum(n.measured for n in group), sum(n.total for n in group))
        out.append(PerspectiveScore(names[key], counts, tuple(n.code for n in group)))
    return tuple(out)
