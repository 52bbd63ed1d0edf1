"""What a set of statements comes to: for each tab the tables, the figures computed and how the typed ones stand to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.statements.compare import Verdict, checks, weight_checks

if TYPE_CHECKING:
    from perfxl.statements.compute import Book


@dataclass(frozen=True, slots=True)
class TabSummary:
    """A tab of statements. `checked`: typed figures that some rule gives; `differing`: those that don't agree (weights too)."""

    tab: str
    tables: int
    computed: int
    checked: int
    differing: int
    otherwise: int


def summaries(book: Book) -> list[TabSummary]:
    """A summary for each tab, in the order of the tabs."""
    verdicts: dict[str, Counter[Verdict]] = {}
    for check in checks(book):
        verdicts.setdefault(check.figure.line.statement.declaration.tab, Counter())[check.verdict] += 1
    weights = Counter(each.statement.declaration.tab for each in weight_checks(book) if not each.agrees)
    found = []
    for tab in book.tabs:
        statements = book.of_tab(tab)
        counts = verdicts.get(tab, Counter())
        computed = sum(figure.rule is not None and figure.value is not None for each in statements for figure in each.figures)
        checked = counts.total() - counts[Verdict.UNCHECKED]
        found.append(
            TabSummary(tab, len(statements), computed, checked, counts[Verdict.DIFFERS] + weights[tab], counts[Verdict.OTHERWISE])
        )
    return found
