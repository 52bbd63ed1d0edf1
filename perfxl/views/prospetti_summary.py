"""The statements on the first page: a line for each tab; and the whole first page where there is nothing but statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.statements.summary import TabSummary, summaries
from perfxl.views.prospetti import table_name
from perfxl.views.tab import Column, Kind, Link, Tab, Table

if TYPE_CHECKING:
    from perfxl.views.context import Context


def statements_table(context: Context, top: int) -> Table | None:
    """The table of *Sintesi*; None where no statement was read. It spans the grid of the page."""
    book = context.c.statements
    if book is None:
        return None
    columns = (
        Column("scheda", "Prospetto", 10, lambda s: s.tab, link=lambda s: _link(context, s), span=4),
        Column("tabelle", "Tabelle", 10, lambda s: s.tables, Kind.INTEGER, span=2),
        Column("calcolate", "Cifre calcolate", 10, lambda s: s.computed, Kind.INTEGER, span=3),
        Column("riscontrate", "Cifre digitate riscontrate", 10, lambda s: s.checked, Kind.INTEGER, span=3),
        Column("differiscono", "Non concordano", 10, _differing, Kind.CENTRED, span=3),
    )
    return Table("prospetti", columns, summaries(book), top, title="Prospetti", heading_height=28)


def _differing(summary: TabSummary) -> str:
    if not summary.differing and not summary.otherwise:
        return "nessuna"
    other = f" (+ {summary.otherwise} con altro arrotondamento)" if summary.otherwise else ""
    return f"{summary.differing}{other}"


def _link(context: Context, summary: TabSummary) -> Link | None:
    book = context.c.statements
    if book is None:
        return None
    first = book.of_tab(summary.tab)[0]
    return Link(inside=f"{{{table_name(first)}.fonte#0}}")


def statements_first_page(context: Context, *, grid: int, width: float) -> Tab:
    """*Sintesi* of a workbook that holds statements alone."""
    c = context.c
    table = statements_table(context, 3)
    assert table is not None
    at = c.as_of.strftime("%d/%m/%Y") if c.as_of else "non indicata"
    return Tab(
        "Sintesi",
        f"{c.body} – Prospetti {c.year or ''}".rstrip(" –"),
        f"Metodo {c.method.name} · data di riferimento {at} · nessun foglio di indicatori · elaborato il {c.made_at:%d/%m/%Y %H:%M}",
        (table,),
        colour="C00000",
        freeze=False,
        widths=dict.fromkeys(range(grid), width),
    )
