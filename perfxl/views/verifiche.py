"""The workbook of `perfxl verifica`: *Verifiche* (a summary for each table, then the differences, worst first), *Riscontri*
(everything that was checked), *Metodo* (the conventions in use)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfxl.statements.compare import Verdict
from perfxl.views.anomalie import SEVERITY_LABEL
from perfxl.views.context import Context
from perfxl.views.metodo import metodo
from perfxl.views.place import Book, place
from perfxl.views.tab import Column, Kind, Link, Tab, Table, Tone
from perfxl.views.words import file_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfxl.verification import Item, TableSummary, Verification

COLOUR = "C00000"

MOST_LINKS = 60_000
"""Hyperlinks in a sheet: Excel takes 65,530."""

WORDS = {
    Verdict.AGREES: "● concorda",
    Verdict.WITHIN: "● entro gli arrotondamenti",
    Verdict.FOLLOWS: "◐ segue da una cifra che non concorda",
    Verdict.OTHERWISE: "◐ con un'altra convenzione",
    Verdict.DIFFERS: "○ differisce",
    Verdict.UNCHECKED: "– non riscontrabile",
}
"""Verdicts with the signs of the states: they read in black and white."""


class _Line(NamedTuple):
    """A row of the summary; `summary` is None for the totals."""

    document: str
    table: str
    summary: TableSummary | None


COUNTS: tuple[tuple[str, str, float, Callable[[TableSummary], int]], ...] = (
    ("riscontrate", "Riscontrate", 15, lambda s: s.checked),
    ("concordano", "Concordano", 15, lambda s: s.agree),
    ("entro", "Entro gli arroton- damenti", 11, lambda s: s.within),
    ("seguono", "Seguono da una cifra che non concorda", 18, lambda s: s.follow),
    ("altrimenti", "Con un'altra convenzione", 18, lambda s: s.otherwise),
    ("differiscono", "Differiscono", 24, lambda s: s.differ),
    ("fuori", "Non riscontrabili", 34, lambda s: s.unchecked),
)

LONGEST_CELLS = 110
"""Characters of the operands' cells that *Verifiche* shows; *Riscontri* has them all."""


def verification_book(v: Verification, folder: Path) -> Book:
    """Everything a renderer needs. `folder`: where the workbook will lie (hyperlinks are relative to it)."""
    c = v.consolidation
    context = Context(c, folder)
    title = _title(v)
    return Book(
        place([_verifiche(v, context), _riscontri(v, context), metodo(context)]),
        decimals=c.method.rounding.decimals,
        footer=title,
        properties={
            "title": title,
            "subject": "Cifre pubblicate, ricalcolate da ciò da cui seguono",
            "author": c.body,
            "company": c.body,
            "comments": f"Prodotto da perfxl {c.version} il {c.made_at:%d/%m/%Y %H:%M}",
        },
    )


def _title(v: Verification) -> str:
    c = v.consolidation
    year = f" {c.year}" if c.year else ""
    return (f"{c.body} – " if c.body else "") + "Verifica dei documenti" + year


def _verifiche(v: Verification, context: Context) -> Tab:
    c = context.c
    summary = _summary(v, 3)
    unread = _unread(v, context, summary.last_row + 3)
    differences = _differences(v, context, (unread or summary).last_row + 3)
    return Tab(
        "Verifiche",
        _title(v),
        f"Metodo {c.method.name}. Una cifra concorda solo con la convenzione dichiarata per la sua tabella; ciò che si arrotonda soltanto "
        "non è un'anomalia.",
        (summary, unread, differences) if unread is not None else (summary, differences),
        colour=COLOUR,
        freeze=False,
    )


def _summary(v: Verification, top: int) -> Table:
    lines = [_Line(each.name, each.table, each) for each in v.tables]
    last = len(lines) - 1
    total = _Line("Totale", "", None)
    columns = [
        Column("documento", "Documento", 11, lambda line: line.document, span=3, wrap=True),
        Column("tabella", "Tabella", 46, lambda line: line.table, wrap=True),
        *(_count(key, heading, width, of, v, last) for key, heading, width, of in COUNTS),
        Column("convenzioni", "Convenzioni dichiarate", 34, lambda line: _conventions(line.summary), wrap=True),
    ]
    return Table(
        "Riepilogo", tuple(columns), [*lines, total] if lines else [], top, title="Riepilogo", nothing="Nessuna cifra da riscontrare.",
        tone=lambda line: Tone.AREA if line.summary is None else Tone.PLAIN, heading_height=42,
    )  # fmt: skip


def _count(key: str, heading: str, width: float, of: Callable[[TableSummary], int], v: Verification, last: int) -> Column:
    return Column(
        key,
        heading,
        width,
        lambda line: of(v.total if line.summary is None else line.summary),
        Kind.INTEGER,
        formula=lambda line: f"SUM({{Riepilogo.{key}#0:{last}}})" if line.summary is None else None,
    )


def _unread(v: Verification, context: Context, top: int) -> Table | None:
    """The sheets that were not checked; None where there is none."""
    if not v.unread:
        return None
    columns = (
        Column(
            "documento",
            "Documento",
            11,
            lambda each: file_name(each.file),
            link=lambda each: Link(outside=context.path_of(each.file)),
            span=3,
        ),
        Column("foglio", "Foglio", 46, lambda each: each.sheet),
    )
    return Table(
        "NonRiconosciuti", columns, v.unread, top, title="Fogli non riconosciuti, e quindi non riscontrati", heading_height=20
    )


def _conventions(summary: TableSummary | None) -> str:
    return "; ".join(summary.conventions) if summary is not None else ""


def _differences(v: Verification, context: Context, top: int) -> Table:
    columns = (
        Column("gravita", "Gravità", 11, lambda item: SEVERITY_LABEL[item.severity]),
        Column("codice", "Codice", 10, lambda item: item.code),
        Column(
            "cella", "Documento e cella", 34, lambda item: item.place, link=lambda item: _printed_link(context, item), wrap=True
        ),
        Column("dove", "Che cosa", 46, _where, wrap=True),
        Column("stampato", "Stampato", 15, lambda item: item.printed, Kind.CENTRED, wrap=True),
        Column("calcolato", "Calcolato", 15, lambda item: item.computed, Kind.CENTRED, wrap=True),
        Column("scarto", "Scarto", 11, _gap, Kind.PERCENT),
        Column("convenzione", "Convenzione dichiarata", 18, lambda item: item.convention, wrap=True),
        Column("altra", "Concorderebbe con", 18, lambda item: item.other, wrap=True),
        Column("da", "Segue dalle celle", 24, _cells, link=lambda item: _operand_link(context, item), wrap=True),
        Column("regola", "Regola", 34, lambda item: item.rule, wrap=True),
        Column("rimedio", "Che cosa fare", 34, lambda item: item.remedy, wrap=True),
    )
    return Table(
        "Differenze", columns, v.differences, top, title="Differenze, le più gravi per prime", autofilter=True,
        nothing="Nessuna differenza.", tone=lambda item: Tone.STRATEGIC if item.code and SEVERITY_LABEL[item.severity][0] == "▲" else Tone.PLAIN,
        heading_height=30,
    )  # fmt: skip


def _riscontri(v: Verification, context: Context) -> Tab:
    linked = 2 * len(v.items) <= MOST_LINKS
    columns = (
        Column("esito", "Esito", 30, lambda item: WORDS[item.verdict], Kind.STATE),
        Column(
            "cella",
            "Documento e cella",
            44,
            lambda item: item.place,
            link=(lambda item: _printed_link(context, item)) if linked else None,
        ),
        Column("tabella", "Tabella", 36, lambda item: item.table),
        Column("riga", "Riga", 40, lambda item: item.line),
        Column("colonna", "Colonna", 26, lambda item: item.column),
        Column("stampato", "Stampato", 16, lambda item: item.printed, Kind.CENTRED),
        Column("calcolato", "Calcolato", 16, lambda item: item.computed, Kind.CENTRED),
        Column("scarto", "Scarto", 10, _gap, Kind.PERCENT),
        Column("regola", "Regola", 40, lambda item: item.rule),
        Column("convenzione", "Convenzione dichiarata", 26, lambda item: item.convention),
        Column("altra", "Concorderebbe con", 26, lambda item: item.other),
        Column(
            "da",
            "Segue dalle celle",
            36,
            lambda item: item.operand_cells,
            link=(lambda item: _operand_link(context, item)) if linked else None,
        ),
        Column("nota", "Nota", 60, lambda item: item.what),
    )
    table = Table("Riscontri", columns, v.items, 3, autofilter=True, nothing="Nessuna cifra da riscontrare.", heading_height=20)
    return Tab(
        "Riscontri", "Tutto ciò che è stato riscontrato", "Nell'ordine dei documenti: la cifra stampata, quella calcolata e le celle dell'una e dell'altra.",
        (table,), colour="7F7F7F", freeze_columns=2,
    )  # fmt: skip


def _where(item: Item) -> str:
    parts = [item.table, f"«{item.line}»" if item.line else "", item.column]
    named = ", ".join(part for part in parts if part)
    return f"{item.what}" if item.what and not item.printed else f"{named}: {item.what}" if item.what else named


def _cells(item: Item) -> str:
    text = item.operand_cells
    return text if len(text) <= LONGEST_CELLS else text[:LONGEST_CELLS].rstrip() + "…"


def _gap(item: Item) -> float | None:
    return None if item.gap is None else float(item.gap)


def _printed_link(context: Context, item: Item) -> Link | None:
    if not item.file:
        return None
    sheet = item.sheet.replace("'", "''")
    return Link(outside=context.path_of(item.file), anchor=f"'{sheet}'!{item.cell}" if sheet and item.cell else "")


def _operand_link(context: Context, item: Item) -> Link | None:
    return context.outside(item.operands[0]) if item.operands else None
