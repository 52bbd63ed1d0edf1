"""What agrees among indicators, plan and people: the same comparisons of which the main job reports the contradictions.

A contradiction comes from its finding (`perfxl.rollup`); here are those that hold, so that a reader knows how many were made.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar.quotes import quoted_values
from perfxl.model import CellRef, Counting
from perfxl.scoring.rounding import agrees, printed_mode
from perfxl.statements.compare import MODES, Verdict, in_words
from perfxl.statements.words import italian
from perfxl.verification.model import Item
from perfxl.verification.statements import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.consolidation import Consolidation
    from perfxl.model import Node, ScoredRow

INDICATORS = "Indicatori e obiettivi"
"""The table of everything that is no statement."""

CENT = Decimal("0.01")


def indicator_items(c: Consolidation) -> Iterator[Item]:
    """Typed percents, quoted values, budgets and weights that hold together."""
    told = {(each.file, each.sheet, each.cell) for each in c.findings if each.code in {"PX-V001", "PX-V002"}}
    yield from _typed(c, told)
    yield from _quoted(c)
    yield from _budgets(c)
    yield from _weights(c)


def convention(c: Consolidation) -> str:
    """The convention of printed percents under the method."""
    rounding = c.method.rounding
    if rounding.printed == "truncate_to_printed":
        return f"{MODES['truncate']} ai decimali stampati"
    return in_words(rounding.mode, rounding.decimals)


def percent_text(value: Fraction | Decimal | None) -> str:
    """`98,82 %`."""
    return "" if value is None else f"{italian(Fraction(value), 2)} %"


def _typed(c: Consolidation, told: set[tuple[str, str, str]]) -> Iterator[Item]:
    seen: set[CellRef] = set()
    both: tuple[ScoredRow | Node, ...] = (*c.rows, *c.nodes)
    for each in both:
        ref = each.typed_ref
        computed = _computed(each)
        if ref is None or each.typed_pct is None or computed is None or ref in seen or (ref.file, ref.sheet, ref.a1) in told:
            continue
        seen.add(ref)
        yield _item(
            c, ref, f"{each.code} {each.title}", "% indicata", each.typed_pct, computed, "percentuale dal risultato e dal target"
        )


def _computed(each: ScoredRow | Node) -> Fraction | None:
    before = getattr(each, "computed_pct", None)
    return before if before is not None else each.pct


def _quoted(c: Consolidation) -> Iterator[Item]:
    nodes = {node.code: node for node in c.nodes}
    mode = printed_mode(c.method.rounding)
    for row in c.rows:
        for quote in quoted_values(row.title) if row.ref is not None and row.counting is not Counting.REPEATED else ():
            code = c.method.canonical(quote.code or f"{c.method.labels.body}-{quote.number}")
            node = nodes.get(code)
            if node is not None and node.pct is not None and agrees(quote.pct, node.pct, mode):
                assert row.ref is not None
                yield _item(
                    c,
                    row.ref,
                    f"{row.code} cita {code}",
                    "valore citato",
                    quote.pct,
                    node.pct,
                    "valore dell’obiettivo citato",
                    node.ref,
                )


def _budgets(c: Consolidation) -> Iterator[Item]:
    beneath: dict[str | None, list[Node]] = {}
    for node in c.nodes:
        if node.budget is not None:
            beneath.setdefault(node.parent, []).append(node)
    for node in c.nodes:
        kids = beneath.get(node.code, [])
        total = sum((kid.budget or Decimal(0) for kid in kids), Decimal(0))
        if node.budget is not None and kids and node.ref is not None and total == node.budget:
            amount = italian(Fraction(total), 2)
            operands = tuple(kid.ref for kid in kids if kid.ref is not None)
            yield Item(
                Verdict.AGREES, node.ref.file, node.ref.sheet, node.ref.a1, INDICATORS, short(f"{node.code} {node.title}"), "budget",
                amount, amount, "somma del livello sottostante", in_words("half_up", 2), operands=operands,
            )  # fmt: skip


def _weights(c: Consolidation) -> Iterator[Item]:
    for person in c.people:
        weights = [(o.weight_pct, o.ref) for o in person.objectives if o.weight_pct is not None]
        first = weights[0][1] if weights else None
        total = sum((weight for weight, _ in weights), Decimal(0))
        if first is not None and total == c.method.people.weights_sum:
            words = italian(Fraction(total), 0)
            operands = tuple(ref for _, ref in weights if ref is not None)
            yield Item(
                Verdict.AGREES, first.file, first.sheet, first.a1, INDICATORS, short(f"{person.code} {person.name}"), "pesi",
                words, words, "pesi che devono fare il totale del metodo", operands=operands,
            )  # fmt: skip


def _item(
    c: Consolidation,
    ref: CellRef,
    line: str,
    column: str,
    printed: Decimal,
    computed: Fraction,
    rule: str,
    operand: CellRef | None = None,
) -> Item:
    return Item(
        Verdict.AGREES, ref.file, ref.sheet, ref.a1, INDICATORS, short(line), column, percent_text(printed.quantize(CENT)),
        percent_text(computed), rule, convention(c), operands=(operand,) if operand is not None else (),
    )  # fmt: skip
