"""Findings in a terminal: how many of each severity, and the first ones with their cell."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.cli.terminal import clean, indented, plain_text, plural, severity_text, shorten
from perfxl.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.text import Text

WORDS = {Severity.ERROR: ("errore", "errori"), Severity.WARNING: ("avviso", "avvisi"), Severity.NOTE: ("nota", "note")}
FIRST_SHOWN = 15
EACH_CODE = 3
FOUND_LENGTH = 160


def severity_counts(findings: Sequence[Finding]) -> str:
    """`1 errore, 12 avvisi, 3 note`; `nessuna`."""
    counts = Counter(item.severity for item in findings)
    return ", ".join(plural(counts[severity], *WORDS[severity]) for severity in Severity if counts[severity]) or "nessuna"


def place(item: Finding) -> str:
    """`U1.1.xlsx [Foglio1] G7`, as much of it as the finding has."""
    name = PurePath(item.file.replace("\\", "/")).name
    return clean(" ".join(part for part in (name, f"[{item.sheet}]" if item.sheet else "", item.cell) if part))


def print_findings(out: Console, findings: Sequence[Finding], *, where_all: str, limit: int | None = FIRST_SHOWN) -> None:
    """Counts, then the first findings, the gravest first, few of each code; `where_all` says where the others are.

    All of them where `limit` is None: nothing else shows them.
    """
    from rich.table import Table

    out.print(plain_text(f"Anomalie: {severity_counts(findings)}", "bold"))
    first = first_findings(findings, limit) if limit is not None else first_findings(findings, len(findings), each=len(findings))
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for item in first:
        grid.add_row(indented("  ", "").append_text(severity_text(item.severity)).append(f" {item.code}"), _sentence(item))
    if first:
        out.print(grid)
    left = len(findings) - len(first)
    if left > 0:
        out.print(indented("  ", f"… e {plural(left, 'altra', 'altre')}{where_all}."))


def first_findings(findings: Sequence[Finding], limit: int, each: int = EACH_CODE) -> list[Finding]:
    """The gravest first, at most `each` of each code (errors all count), `limit` in all."""
    order = list(Severity)
    seen: Counter[str] = Counter()
    first = []
    for item in sorted(findings, key=lambda item: order.index(item.severity)):
        seen[item.code] += 1
        if item.severity is Severity.ERROR or seen[item.code] <= each:
            first.append(item)
    return first[:limit]


def _sentence(item: Finding) -> Text:
    where = place(item)
    text = f"{where}: " if where else ""
    text += f"{item.title} – {shorten(item.found, FOUND_LENGTH)}"
    if item.severity is Severity.ERROR:
        text += f" Che cosa fare: {item.remedy}"
    return plain_text(text)


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether any finding is of severity *errore*."""
    return any(item.severity is Severity.ERROR for item in findings)
