"""Beneath the statements: the indicators whose result their figures are, each beside what the office typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.statements.feeds import Fed, Fit, fed_indicators
from perfxl.views.tab import Column, Kind, Link, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.statements import Figure
    from perfxl.views.context import Context

_LABEL = {
    Fit.AGREES: "● concorda",
    Fit.DIFFERS: "○ differisce",
    Fit.BLANK: "◐ manca",
    Fit.UNKNOWN: "– non trovato",
    Fit.NO_FIGURE: "– non calcolata",
}


def fed_table(context: Context, tab: str, top: int, address: Callable[[Figure], str]) -> Table | None:
    """The table of a tab; None where none of its figures feeds an indicator. `address`: a figure's name in formulas."""
    book = context.c.statements
    fed = [] if book is None else fed_indicators(book, context.c.rows)
    items = [each for each in fed if each.figure.line.statement.declaration.tab == tab]
    if not items:
        return None
    columns = (
        Column("indicatore", "Indicatore alimentato", 40, _named, wrap=True),
        Column("ufficio", "Foglio", 8, lambda each: each.row.office if each.row else "", link=lambda each: _link(context, each)),
        Column("da", "Cifra presa da", 14, lambda each: each.figure.line.title, wrap=True),
        Column("target", "Target", 8, lambda each: each.row.target_text if each.row else "", Kind.CENTRED),
        Column("calcolata", "Cifra calcolata", 9, _value, _kind, formula=lambda each: _formula(each, address)),
        Column("indicato", "Indicato", 9, lambda each: each.row.result_text if each.row else "", Kind.CENTRED),
        Column("esito", "Esito", 14, lambda each: _LABEL[each.fit], Kind.STATE),
    )
    name = "alimenta_" + re.sub(r"\W+", "_", tab.casefold())
    return Table(name, columns, items, top, title="Indicatori a cui queste cifre servono", heading_height=30)


def _named(fed: Fed) -> str:
    return f"{fed.code} {fed.row.title}" if fed.row is not None else fed.code


def _link(context: Context, fed: Fed) -> Link | None:
    if fed.row is None or fed.row.uid not in context.row_at:
        return None
    return Link(inside=f"{{Indicatori.codice#{context.row_at[fed.row.uid]}}}")


def _value(fed: Fed) -> float | None:
    value = fed.figure.value
    return None if value is None else float(value / 100 if fed.figure.kind == "percent" else value)


def _kind(fed: Fed) -> Kind:
    return Kind.PERCENT if fed.figure.kind == "percent" else Kind.NUMBER


def _formula(fed: Fed, address: Callable[[Figure], str]) -> str | None:
    return None if fed.figure.value is None else address(fed.figure)
