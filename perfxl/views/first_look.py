"""What deserves the first look: errors, forgotten and late rows, what was missed by most, figures that rest on little."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from perfxl.findings import Severity
from perfxl.model import ScoredRow, State, Timing
from perfxl.views.albero import node_link
from perfxl.views.tab import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.views.context import Context

MOST_OF_A_KIND = 5
LITTLE_COVERAGE = 1 / 3


class Look(NamedTuple):
    """A line: what is the matter, where, and the tab that tells more."""

    what: str
    code: str
    detail: str
    tab: str
    link: Link | None


def first_look(context: Context) -> list[Look]:
    """The lines, the most urgent first; few of each kind, so that the page stays a page."""
    return [
        *_errors(context),
        *_forgotten_and_late(context),
        *_missed(context),
        *_resting_on_little(context),
        *_warnings(context),
    ]


def _errors(context: Context) -> Iterator[Look]:
    found = [finding for finding in (*context.c.findings, *context.findings) if finding.severity is Severity.ERROR]
    for (code, title), number in Counter((f.code, f.title) for f in found).most_common(MOST_OF_A_KIND):
        first = next(f for f in found if f.code == code)
        where = " ".join(part for part in (first.sheet and f"[{first.sheet}]", first.cell) if part)
        times = f"{number} volte; la prima: " if number > 1 else ""
        yield Look(f"▲ {title}", code, f"{times}{first.found} {where}".strip(), "Anomalie", Link(inside="{Anomalie.gravita#0}"))


def _warnings(context: Context) -> Iterator[Look]:
    """One line for them all: what they are, and where they are listed."""
    found = [finding.severity for finding in (*context.c.findings, *context.findings)]
    titles = Counter(f.title for f in (*context.c.findings, *context.findings) if f.severity is Severity.WARNING)
    if titles:
        kinds = "; ".join(f"{title} ({number})" for title, number in titles.most_common(MOST_OF_A_KIND))
        link = Link(inside=f"{{Anomalie.gravita#{found.count(Severity.ERROR)}}}")  # errors stand first there
        number = titles.total()
        yield Look(f"△ {number} avvisi" if number > 1 else "△ 1 avviso", "", kinds, "Anomalie", link)


def _forgotten_and_late(context: Context) -> Iterator[Look]:
    for timing, what in ((Timing.FORGOTTEN, "Scaduto, manca il risultato"), (Timing.LATE, "Oltre la scadenza")):
        rows = [row for row in context.deviations if row.timing is timing]
        yield from _few(context, rows, what)


def _missed(context: Context) -> Iterator[Look]:
    rows = [row for row in context.deviations if row.state is State.NOT_REACHED and row.timing is not Timing.LATE]
    yield from _few(context, rows, "Non raggiunto")


def _few(context: Context, rows: list[ScoredRow], what: str) -> Iterator[Look]:
    for row in rows[:MOST_OF_A_KIND]:
        detail = f"{row.title} – target {row.target_text or 'assente'}, risultato {row.result_text or 'assente'} ({row.office})"
        link = Link(inside=f"{{Scostamenti.codice#{context.deviation_at[row.uid]}}}")
        yield Look(what, row.code, detail, "Scostamenti", link)
    if len(rows) > MOST_OF_A_KIND:
        link = Link(inside=f"{{Scostamenti.codice#{context.deviation_at[rows[MOST_OF_A_KIND].uid]}}}")
        yield Look(what, "", f"altri {len(rows) - MOST_OF_A_KIND} indicatori", "Scostamenti", link)


def _resting_on_little(context: Context) -> Iterator[Look]:
    nodes = [n for n in context.c.nodes if n.depth <= 2 and n.measured and n.total and n.measured / n.total < LITTLE_COVERAGE]
    for node in sorted(nodes, key=lambda n: n.measured / n.total)[:MOST_OF_A_KIND]:
        detail = f"{node.title} – la percentuale poggia su {node.measured} indicatori di {node.total}"
        yield Look("Copertura bassa", node.code, detail, "Albero", node_link(context, node.code))
