"""*Anomalie*: the findings, by severity, with the cell to open and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.findings import Finding, Severity
from perfxl.views.tab import Column, Kind, Link, Tab, Table, Tone
from perfxl.views.words import file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.views.context import Context

SEVERITY_LABEL = {Severity.ERROR: "▲ errore", Severity.WARNING: "△ avviso", Severity.NOTE: "· nota"}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, the order of discovery within a severity."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])


def anomalie(context: Context) -> Tab:
    """The tab; it comes after all others are declared, because declaring them may find something."""
    table = Table(
        "Anomalie",
        _columns(context),
        by_severity((*context.c.findings, *context.findings)),
        top=3,
        autofilter=True,
        nothing="Nessuna anomalia.",
        tone=lambda finding: Tone.STRATEGIC if finding.severity is Severity.ERROR else Tone.PLAIN,
        heading_height=20,
    )
    return Tab(
        "Anomalie",
        "Anomalie",
        "Errore: una cifra manca o è sbagliata finché qualcuno non interviene. Avviso: da guardare. Nota: da sapere.",
        (table,),
        colour="ED7D31",
        freeze_columns=2,
    )


def _columns(context: Context) -> tuple[Column, ...]:
    def link(finding: Finding) -> Link | None:
        if not finding.file:
            return None
        sheet, cell = finding.sheet.replace("'", "''"), finding.cell
        return Link(outside=context.path_of(finding.file), anchor=f"'{sheet}'!{cell}" if sheet and cell else "")

    return (
        Column("gravita", "Gravità", 11, lambda finding: SEVERITY_LABEL[finding.severity]),
        Column("codice", "Codice", 10, lambda finding: finding.code),
        Column("titolo", "Anomalia", 34, lambda finding: finding.title, wrap=True),
        Column("file", "File", 42, lambda finding: file_name(finding.file), link=link, wrap=True),
        Column("foglio", "Foglio", 14, lambda finding: finding.sheet, wrap=True),
        Column("cella", "Cella", 8, lambda finding: finding.cell, Kind.CENTRED),
        Column("trovato", "Trovato", 48, lambda finding: finding.found, wrap=True),
        Column("atteso", "Atteso", 34, lambda finding: finding.expected, wrap=True),
        Column("rimedio", "Che cosa fare", 44, lambda finding: finding.remedy, wrap=True),
    )
