"""*Rettifiche*: the controller's corrections beside what they replace; a later run reads them back from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.views.tab import Column, Kind, Tab, Table
from perfxl.views.words import source_text

if TYPE_CHECKING:
    from decimal import Decimal

    from perfxl.model import Adjustment
    from perfxl.views.context import Context

HEADINGS = {
    "file": "File",
    "cell": "Cella",
    "office": "Ufficio",
    "indicator": "Indicatore",
    "value": "Valore",
    "pct": "Percentuale",
    "reason": "Motivo",
    "author": "Autore",
    "date": "Data",
}
"""Fields of a rettifica and their headings, here and in the file of --rettifiche."""

REMEMBERED = "ricordata dall'esecuzione precedente"


def rettifiche(context: Context) -> Tab:
    """The tab."""
    table = Table(
        "Rettifiche",
        _columns(context),
        context.c.adjustments,
        top=3,
        autofilter=True,
        nothing="Nessuna rettifica.",
        heading_height=32,
    )
    return Tab(
        "Rettifiche",
        "Rettifiche del controllo di gestione",
        "Ogni rettifica accanto a ciò che sostituisce. Per toglierne una, cancellarne la riga prima della prossima esecuzione.",
        (table,),
        colour="7030A0",
    )


def _columns(context: Context) -> tuple[Column, ...]:
    return (
        Column("file", HEADINGS["file"], 30, lambda a: a.file, wrap=True),
        Column("cell", HEADINGS["cell"], 9, lambda a: a.cell, Kind.CENTRED),
        Column("office", HEADINGS["office"], 10, lambda a: a.office, Kind.CENTRED),
        Column("indicator", HEADINGS["indicator"], 13, lambda a: a.indicator),
        Column("value", HEADINGS["value"], 14, lambda a: a.value, wrap=True),
        Column("pct", HEADINGS["pct"], 11, lambda a: _share(a.pct), Kind.PERCENT_LONG),
        Column("reason", HEADINGS["reason"], 46, lambda a: a.reason, wrap=True),
        Column("author", HEADINGS["author"], 18, lambda a: a.author, wrap=True),
        Column("date", HEADINGS["date"], 11, lambda a: a.date, Kind.DATE),
        Column("was", "Risultato sostituito", 16, lambda a: a.replaced_result, wrap=True),
        Column("was_pct", "% sostituita", 11, lambda a: _share(a.replaced_pct), Kind.PERCENT_LONG),
        Column("applied", "Esito", 14, lambda a: "applicata" if a.applied else "non applicata"),
        Column("origin", "Origine", 34, _origin, link=lambda a: context.outside(None if a.remembered else a.source), wrap=True),
    )


def _share(pct: Decimal | None) -> Decimal | None:
    return None if pct is None else pct / 100


def _origin(adjustment: Adjustment) -> str:
    return REMEMBERED if adjustment.remembered else source_text(adjustment.source)
