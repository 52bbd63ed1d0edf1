"""Everything that is checked in some documents, in one list."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.statements.compare import Verdict
from perfxl.verification.codes import unknown_codes
from perfxl.verification.impossible import CODE as IMPOSSIBLE
from perfxl.verification.impossible import impossible_results
from perfxl.verification.indicators import INDICATORS, convention, indicator_items, percent_text
from perfxl.verification.model import Item, Verification
from perfxl.verification.statements import COVERED, gap_of, short, statement_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.model import CellRef, Node, ScoredRow

FILES = frozenset({"PX-L001", "PX-L002", "PX-L003", "PX-L004", "PX-R006", "PX-R012"})
TREE = frozenset(f"PX-A{number:03}" for number in (1, 3, 5, 6, 7, 8, 10, 12, 14, 15, 16))
TOLD = FILES | TREE | {"PX-G007", "PX-V001", "PX-V002", "PX-P001", "PX-P003", "PX-P004"}
"""Findings of the main job that say that something printed doesn't hold together, or couldn't be checked. Those of the statements
(PX-C…) are all told."""

UNCHECKABLE = FILES | {"PX-V002", "PX-A012"} | {f"PX-C{number:03}" for number in (4, 10, 11, 12, 22, 23, 24)}
"""Those that leave nothing to compare: something is missing or can't be read."""


def verified(c: Consolidation) -> Verification:
    """The verification of the documents that a consolidation was made of."""
    items = list(statement_items(c.statements)) if c.statements is not None else []
    items += indicator_items(c)
    found = [each for each in c.findings if _is_told(each, c)]
    found += [*impossible_results(c), *unknown_codes(c)]
    return Verification(c, (*items, *_from_findings(found, c)))


def _is_told(each: Finding, c: Consolidation) -> bool:
    """Not what another item tells already, nor an objective that names no indicator where there is no tree of indicators."""
    if each.code in {*COVERED, IMPOSSIBLE} or (each.code == "PX-A012" and not any(row.counts for row in c.rows)):
        return False
    return each.code in TOLD or each.code.startswith("PX-C")


def _from_findings(findings: Iterable[Finding], c: Consolidation) -> Iterator[Item]:
    both: tuple[ScoredRow | Node, ...] = (*c.rows, *c.nodes)
    typed = {(ref.file, ref.sheet, ref.a1): each for each in both if (ref := each.typed_ref) is not None}
    budgets = {(node.ref.file, node.ref.sheet, node.ref.a1): node for node in c.nodes if node.ref is not None}
    tables = {(s.file, s.sheet): s.declaration.title for s in c.statements.statements} if c.statements is not None else {}
    for each in findings:
        item = Item(
            verdict=Verdict.UNCHECKED if each.code in UNCHECKABLE else Verdict.DIFFERS,
            file=each.file,
            sheet=each.sheet,
            cell=each.cell,
            table=tables.get((each.file, each.sheet), INDICATORS) if each.code.startswith("PX-C") else INDICATORS,
            rule=each.title,
            what=each.found,
            code=each.code,
            severity=each.severity,
            remedy=each.remedy,
        )
        place = each.file, each.sheet, each.cell
        if each.code == "PX-V001" and place in typed:
            item = _with_percents(item, typed[place], c)
        elif each.code == "PX-P004" and place in budgets:
            item = _with_budgets(item, budgets[place], c)
        yield item


def _with_percents(item: Item, each: ScoredRow | Node, c: Consolidation) -> Item:
    """A typed percent beside ours."""
    before = getattr(each, "computed_pct", None)
    computed = before if before is not None else each.pct
    operands: tuple[CellRef | None, ...] = (each.ref, getattr(each, "target_ref", None))
    return replace(
        item,
        line=short(f"{each.code} {each.title}"),
        column="% indicata",
        printed=percent_text(each.typed_pct),
        computed=percent_text(computed),
        convention=convention(c),
        operands=tuple(ref for ref in operands if ref is not None),
        gap=gap_of(Fraction(each.typed_pct), computed) if each.typed_pct is not None and computed is not None else None,
    )


def _with_budgets(item: Item, node: Node, c: Consolidation) -> Item:
    """A node's budget beside the sum of the level beneath."""
    kids = [each for each in c.nodes if each.parent == node.code and each.budget is not None]
    total = sum((Fraction(each.budget or 0) for each in kids), Fraction(0))
    operands = tuple(each.ref for each in kids if each.ref is not None)
    return replace(
        item,
        line=short(f"{node.code} {node.title}"),
        column="budget",
        operands=operands,
        gap=gap_of(Fraction(node.budget or 0), total),
    )
