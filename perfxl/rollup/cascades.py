"""The same figure in several places (Lucca): values quoted inside a text, objectives of the body that are somebody's too,
projects quoted without a sheet. Contradictions are findings with both cells; nothing is put right silently."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar.quotes import Quote, quoted_sum, quoted_values
from perfxl.model import ResultKind
from perfxl.rollup.offices import cover
from perfxl.rollup.people import plain
from perfxl.rollup.quoted import quoted_mean
from perfxl.scoring.explain import percent
from perfxl.scoring.rounding import agrees, printed_mode

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.model import CellRef, Node, PersonScore, ScoredRow


def cascade_findings(
    rows: Sequence[ScoredRow], nodes: Sequence[Node], people: Iterable[PersonScore], refs: Mapping[str, CellRef], method: Method
) -> list[Finding]:
    """All contradictions between what is quoted, typed and computed. `refs`: cell of each row's text, by uid."""
    by_code = {node.code: node for node in nodes}
    quoted = {method.canonical(quote.code) for row in rows for quote in quoted_values(row.title) if quote.code is not None}
    out: list[Finding] = []
    composed: set[str] = set()  # objectives of the body that a text makes the mean of others: nobody's own figure
    for row in rows:
        where = refs.get(row.uid, row.ref)
        quotes = quoted_values(row.title)
        for quote in quotes:
            out += _quote(quote, where, by_code, quoted, method)
        out += _mean_of_quotes(row, method)
        if parts := quoted_sum(row.title):
            last = [q for q in quotes if q.number is not None][-1:]
            if last:
                composed.add(f"{method.labels.body}-{last[0].number}")
                mean = cover([(Fraction(p), Fraction(1)) for p, _ in parts], method)
                assert mean.pct is not None
                out += _sum_against(last[0], mean.pct, where, by_code, method)
    return out + _same_objective([node for node in nodes if node.code not in composed], people)


def _quote(
    quote: Quote, where: CellRef | None, nodes: Mapping[str, Node], quoted: Container[str], method: Method
) -> Iterable[Finding]:
    """A quoted value against the node it speaks of."""
    printed = quote.code or f"{method.labels.body}-{quote.number}"
    code = method.canonical(printed)
    if code != printed:
        yield finding("PX-A013", f"{printed} letto come {code}", where)
    node = nodes.get(code)
    if node is None:
        if quote.code is not None:
            yield finding("PX-A007", f"{printed}, citato con {percent(quote.pct)}{_not_quoted(code, nodes, quoted)}", where)
        return
    if node.pct is not None and not agrees(quote.pct, node.pct, printed_mode(method.rounding)):
        kind = "PX-A006" if quote.code is None else "PX-A008"
        at = f" in {node.ref}" if node.ref else ""
        yield finding(kind, f"{code}: {percent(quote.pct)} citato qui, {percent(node.pct)}{at}", where)


def _not_quoted(code: str, nodes: Mapping[str, Node], quoted: Container[str]) -> str:
    """A misprinted code is likely where a project of the same objective has a sheet and is quoted nowhere."""
    alike = [n for n in nodes.values() if n.level == "progetto" and n.parent == code[:2] and n.code not in quoted]
    if not alike:
        return ""
    listed = ", ".join(f"{n.code} ({percent(n.pct)})" for n in alike)
    return f"; dello stesso obiettivo ha una scheda e non è citato: {listed}"


def _mean_of_quotes(row: ScoredRow, method: Method) -> Iterable[Finding]:
    """A typed percent against what follows from the percents that its own text quotes."""
    mean, typed = quoted_mean(row.title, method), row.result.value
    if mean is None or typed is None or row.result.kind is not ResultKind.PERCENT:
        return
    if not agrees(typed, mean, printed_mode(method.rounding)):
        found = f"{row.code}: {percent(typed)} digitato, {percent(mean)} dai {len(quoted_values(row.title))} valori citati"
        yield finding("PX-A015", found, row.ref)


def _sum_against(
    quote: Quote, mean: Fraction, where: CellRef | None, nodes: Mapping[str, Node], method: Method
) -> Iterable[Finding]:
    """The parts that a text gives for a value (100 % SG + 100 % … + 99,8 % …), recomputed."""
    code = f"{method.labels.body}-{quote.number}"
    if not agrees(quote.pct, mean, printed_mode(method.rounding)):
        yield finding(
            "PX-A015",
            f"{code}: {percent(quote.pct)} citato, {percent(mean, 2, 'truncate')} ricalcolato dalle parti citate accanto",
            where,
        )
    node = nodes.get(code)
    if node is not None and node.pct is not None and node.pct != mean:
        yield finding(
            "PX-A015",
            f"{code}: {percent(node.pct)} digitato qui, {percent(mean, 2, 'truncate')} ricalcolato dalle parti citate in {where}",
            node.ref,
        )


def _same_objective(nodes: Sequence[Node], people: Iterable[PersonScore]) -> list[Finding]:
    """An objective of the body with the title of somebody's objective must have its percent."""
    typed = {plain(node.title): node for node in nodes if node.level == "obiettivo_ente"}
    out = []
    for person in people:
        for objective in person.objectives:
            node = typed.get(plain(objective.title))
            if node is None or node.pct is None or objective.cover.pct is None or node.pct == objective.cover.pct:
                continue
            found = f"{node.code}: {percent(node.pct)} qui, {percent(objective.cover.pct)} nell'obiettivo {objective.number} di {person.code} ({objective.ref})"
            out.append(finding("PX-A006", found, node.ref))
    return out
