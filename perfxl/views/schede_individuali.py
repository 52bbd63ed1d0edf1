"""The individual sheets: one printable page for the SG, each manager, PO and office, and a list of them all.

Weights are values; their products with the coefficients, the scores, the sums and the total are native formulas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.views.context import Context
from perfxl.views.people_lines import people_sheets
from perfxl.views.people_page import PersonPage
from perfxl.views.place import Book, place
from perfxl.views.tab import Column, Kind, Link, Tab, Table
from perfxl.views.words import STATE_LABEL, figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.views.people_lines import PersonSheet

LIST = "Elenco"
LONGEST_NAME = 31
"""Letters that a sheet's name may have."""


def people_book(c: Consolidation, folder: Path) -> tuple[Book | None, list[Finding]]:
    """Everything a renderer needs, and the findings of the sheets; None where there is neither a person nor an office.

    `folder`: where the workbook will lie.
    """
    context = Context(c, folder)
    tabs = people_tabs(context)
    title = f"Schede individuali {c.year or ''}".strip()
    properties = {
        "title": f"{c.body} – {title}",
        "subject": "Ciclo della performance: valutazione individuale",
        "author": c.body,
        "company": c.body,
        "keywords": f"performance, {c.method.name}",
        "comments": f"Prodotto da perfxl {c.version} il {c.made_at:%d/%m/%Y %H:%M}",
    }
    if not tabs:
        return None, context.findings
    return Book(place(tabs), c.method.rounding.decimals, f"{c.body} – {title}", properties), context.findings


def people_tabs(context: Context) -> list[Tab]:
    """The list, then a page for each person and office. [] where there is nobody."""
    sheets = people_sheets(context)
    names = _names(sheets)
    pages = [
        PersonPage(context, sheet, number, name) for number, (sheet, name) in enumerate(zip(sheets, names, strict=True), start=1)
    ]
    context.not_native("Schede individuali", [page.sheet.code for page in pages if not page.native])
    return [_list(context, pages), *(page.tab() for page in pages)] if pages else []


def _list(context: Context, pages: Sequence[PersonPage]) -> Tab:
    def at(page: PersonPage, column: str) -> str:
        return f"{{{page.key}.{column}#{len(page.lines) - 1}}}"

    columns = (
        Column("codice", "Codice", 12, lambda page: page.sheet.code, link=lambda page: Link(inside=f"{{{page.key}.numero#0}}")),
        Column("nome", "Nome", 52, lambda page: page.sheet.name, wrap=True),
        Column("ruolo", "Ruolo", 26, lambda page: page.sheet.role, wrap=True),
        Column("pesi", "Somma dei pesi", 11, lambda page: page.weight_made(), Kind.PERCENT, formula=lambda page: at(page, "peso")),
        Column("pct", "% realizz.", 11, lambda page: figure(page.sheet.held), Kind.PERCENT, formula=lambda page: at(page, "pct")),
        Column("misurati", "Misurati", 24, lambda page: page.sheet.coverage, wrap=True),
        Column("stato", "Stato", 24, lambda page: STATE_LABEL[page.sheet.state], Kind.STATE, formula=lambda page: at(page, "stato")),
    )  # fmt: skip
    table = Table("elenco", columns, pages, top=3, heading_height=30)
    year = f" – anno {context.c.year}" if context.c.year else ""
    return Tab(
        LIST, context.c.body, f"Schede individuali{year}: ogni codice porta alla sua scheda.", (table,), colour="1F3864", portrait=True
    )  # fmt: skip


def _names(sheets: Sequence[PersonSheet]) -> list[str]:
    """Names of tabs: the codes, without what a tab's name may not hold, each once whatever its case."""
    taken = {LIST.casefold()}
    names = []
    for sheet in sheets:
        base = re.sub(r"[\[\]:*?/\\']+", "-", sheet.code).strip("-")[: LONGEST_NAME - 4] or "Scheda"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name.casefold())
        names.append(name)
    return names
