"""Each tab of the consolidated workbook as a declaration, and the step that gives its cells their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.findings import finding
from perfxl.views.albero import albero
from perfxl.views.anomalie import anomalie
from perfxl.views.context import Context
from perfxl.views.indicatori import indicatori
from perfxl.views.metodo import metodo
from perfxl.views.missioni import missioni
from perfxl.views.place import Book, place
from perfxl.views.prospettive import prospettive
from perfxl.views.responsabili import responsabili
from perfxl.views.rettifiche import rettifiche
from perfxl.views.scostamenti import scostamenti
from perfxl.views.sintesi import sintesi
from perfxl.views.uffici import uffici

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.views.notes import Notes
    from perfxl.views.tab import Tab

__all__ = ["consolidated_book", "consolidated_tabs"]


def consolidated_tabs(context: Context) -> list[Tab]:
    """The tabs in the order of the workbook. *Anomalie* is declared last: the others may find something."""
    measured = () if _statements_alone(context) else _measured_tabs(context)
    middle = [*measured, *_statement_tabs(context), *(tab for tab in [rettifiche(context)] if tab is not None)]
    if context.deviation_notes or context.notes.left:
        kept = f"{len(context.deviation_notes)} righe, più {len(context.notes.left)} che non hanno più la loro riga"
        context.findings.append(finding("PX-S003", kept, sheet="Scostamenti"))
    return [sintesi(context), *middle, anomalie(context), metodo(context)]


def _statements_alone(context: Context) -> bool:
    return not context.c.rows and context.c.statements is not None


def _statement_tabs(context: Context) -> list[Tab]:
    """The tabs of the statements: their machine is loaded only where there are any."""
    if context.c.statements is None:
        return []
    from perfxl.views.prospetti import statement_tabs

    return statement_tabs(context)


def _measured_tabs(context: Context) -> list[Tab]:
    """The tabs of objectives and indicators."""
    made = (
        albero(context),
        indicatori(context),
        uffici(context),
        responsabili(context),
        prospettive(context),
        missioni(context),
        scostamenti(context),
    )
    return [tab for tab in made if tab is not None]


def consolidated_book(c: Consolidation, folder: Path, notes: Notes | None = None, findings: Sequence[Finding] = ()) -> Book:
    """Everything a renderer needs. `folder`: where the workbook will lie. `findings`: of the writing itself."""
    context = Context(c, folder, notes)
    context.findings.extend(findings)
    title = f"Consolidato {c.year or ''}".strip()
    tabs = place(consolidated_tabs(context))
    return Book(
        tabs,
        decimals=c.method.rounding.decimals,
        footer=f"{c.body} – {title}",
        properties={
            "title": f"{c.body} – {title}",
            "subject": "Ciclo della performance: realizzazione di obiettivi e indicatori",
            "author": c.body,
            "company": c.body,
            "keywords": f"performance, {c.method.name}",
            "comments": f"Prodotto da perfxl {c.version} il {c.made_at:%d/%m/%Y %H:%M}",
        },
        findings=tuple(context.findings),
    )
