"""*Riepiloghi* and *Verifica*: the consolidation as placed sheets, under the names that they bear in the open workbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.live.areas import Rect
from perfxl.live.render import area_of
from perfxl.live.tabs import sheet_names
from perfxl.views import consolidated_tabs
from perfxl.views.context import Context
from perfxl.views.notes import Notes
from perfxl.views.place import Book, place
from perfxl.writers.previous import previous_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.live.reading import Reading
    from perfxl.views.tab import Tab

FINDINGS_TAB = "Anomalie"


def summary(
    c: Consolidation, book: Any, reading: Reading, findings: Sequence[Finding] = (), only: str = ""
) -> tuple[Book, list[str], list[Finding]]:
    """The sheets to write, which tab each is, and what there is to say about their names.

    `only`: just this tab (*Verifica*). The tabs are declared twice: their sizes decide the names of their sheets, and the names
    are in their formulas and in the findings that *Anomalie* shows.
    """
    tabs = _tabs(c, reading, findings, only)
    areas: dict[str, Rect] = {sheet.tab.name: area_of(sheet) for sheet in place(tabs)}
    names, about_names = sheet_names(areas, book, reading)
    if about_names:
        tabs = _tabs(c, reading, (*findings, *about_names), only)
    placed = place([replace(tab, name=names[tab.name]) for tab in tabs])
    title = f"Consolidato {c.year or ''}".strip()
    return (
        Book(placed, decimals=c.method.rounding.decimals, footer=f"{c.body} – {title}"),
        [tab.name for tab in tabs],
        about_names,
    )


def _tabs(c: Consolidation, reading: Reading, findings: Sequence[Finding], only: str) -> list[Tab]:
    notes = Notes(previous_of(reading.file, reading.own_values).notes)
    context = Context(c, Path(reading.file).parent, notes)
    context.findings.extend(findings)
    return [tab for tab in consolidated_tabs(context) if not only or tab.name == only]
