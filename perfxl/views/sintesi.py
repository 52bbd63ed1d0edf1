"""*Sintesi*: the page that the Segretario Generale reads: the headline with its coverage, states, areas, what to look at first."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from perfxl.findings import Severity
from perfxl.model import State
from perfxl.views.albero import node_link
from perfxl.views.anomalie import SEVERITY_LABEL
from perfxl.views.first_look import first_look
from perfxl.views.tab import Chart, Column, Kind, Link, Tab, Table, Tone
from perfxl.views.words import STATE_LABEL, figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.model import Missing, Node
    from perfxl.views.context import Context

GRID, GRID_WIDTH = 15, 10.5
"""The page is a grid of 15 columns; tables span them."""

STATE_COLOURS = ("548235", "F4B183", "C00000", "BFBFBF")
_STATES = (State.REACHED, State.PARTIAL, State.NOT_REACHED, State.UNMEASURED)
MOST_AREAS = 40
"""Areas and objectives of the first page: areas all of them, objectives as many as there is room for."""

FIRST_PAGE, OTHER_PAGES, LEAST_BARS = 10, 19, 4
"""Rows of areas and objectives on the first page of the print and on the others: none of the charts beside them is cut."""

AREA_ROW, AREA_TOP, LEAST_CHART = 37, 47, 180
"""Pixels of such a row, of what stands above the first, and of the lowest chart."""

MOST_MISSING = 40


class _Count(NamedTuple):
    label: str
    number: int


def sintesi(context: Context) -> Tab:
    """The tab; it comes last before *Anomalie*, whose findings it counts."""
    if not context.c.rows and context.c.statements is not None:
        from perfxl.views.prospetti_summary import statements_first_page

        return statements_first_page(context, grid=GRID, width=GRID_WIDTH)
    tables = [_headline(context), _states(context)]
    areas, *others = _areas(context, tables[-1].last_row + 2)
    pages = _pages(len(areas.items))
    charts = _area_charts(context, areas, pages)
    under = max([0, *(chart.height - AREA_TOP - AREA_ROW * len(areas.items) for chart in charts[:1] if len(pages) == 1)])
    look = _first_look(context, areas.last_row + len(others) + 2 + ceil(under / 20))
    missing = _missing(context, look.last_row + 2)
    tables += [_severities(context, tables[-1].top), areas, *others, look, missing, *_statements(context, missing.last_row + 2)]
    return Tab(
        "Sintesi",
        _title(context),
        _subtitle(context),
        tuple(tables),
        colour="C00000",
        charts=(_state_chart(tables[1]), *charts),
        main="cifra",
        freeze=False,
        widths=dict.fromkeys(range(GRID), GRID_WIDTH),
        breaks=tuple(areas.first_row + first for first, _ in pages[1:]),
    )


def _statements(context: Context, top: int) -> list[Table]:
    """The table of the statements, where there are any: only then is their machine loaded."""
    if context.c.statements is None:
        return []
    from perfxl.views.prospetti_summary import statements_table

    table = statements_table(context, top)
    return [table] if table is not None else []


def _title(context: Context) -> str:
    c = context.c
    when = [str(c.year)] if c.year else []
    when += [c.period.name] if c.period and c.period.name else []
    return f"{c.body} – Consolidato {', '.join(when)}".rstrip(" –")


def _subtitle(context: Context) -> str:
    c = context.c
    at = c.as_of.strftime("%d/%m/%Y") if c.as_of else "non indicata"
    plan = "con il piano" if c.with_plan else "senza piano: l'albero è quello dei fogli"
    return f"Metodo {c.method.name} · data di riferimento {at} · {plan} · elaborato il {c.made_at:%d/%m/%Y %H:%M}"


def _headline(context: Context) -> Table:
    root = context.c.nodes[0] if context.c.nodes else None
    share: float | str = "" if root is None or not root.total else root.measured / root.total
    columns = (
        Column("pct", "Realizzazione dell'ente", 10, _headline_figure(context), Kind.PERCENT, formula="{Albero.pct#0}", span=3),
        Column("misurati", _covered(context), 10, lambda n: f"{n.measured} su {n.total}", Kind.CENTRED,
               formula='{Albero.misurati#0}&" su "&{Albero.totale#0}', span=3),
        Column("quota", "Copertura %", 10, lambda _: share, Kind.PERCENT,
               formula='IF({Albero.totale#0}>0,{Albero.misurati#0}/{Albero.totale#0},"")', span=2),
        Column("stato", "Stato", 10, lambda n: STATE_LABEL[n.state], Kind.STATE, formula="{Albero.stato#0}", span=4),
        _offices_read(context),
    )  # fmt: skip
    items = context.c.nodes[:1]
    return Table("cifra", columns, items, top=3, tone=lambda _: Tone.HEADLINE, height=44, nothing="Nessun obiettivo letto.")


def _covered(context: Context) -> str:
    """What the coverage counts: indicators, or the body's own objectives where the headline rests on them alone."""
    beneath = [node.level for node in context.c.nodes if node.depth == 1 and node.parent == context.c.nodes[0].code]
    own = bool(beneath) and {*beneath} == {"obiettivo_ente"}
    return "Copertura (obiettivi di ente)" if own else "Copertura (indicatori)"


def _offices_read(context: Context) -> Column:
    """How many offices were read; out of how many, where a period's round says who was asked; files, where no office answers."""
    awaited = len(context.c.period.awaited) if context.c.period else 0
    if not awaited and not context.c.offices:
        return Column("uffici", "File letti", 10, lambda _: len(context.c.sources), Kind.INTEGER, span=3)
    if not awaited:
        return Column("uffici", "Uffici letti", 10, lambda _: len(context.c.offices), Kind.INTEGER, span=3)
    have = sum(one.answered for one in context.c.period.awaited) if context.c.period else 0
    return Column("uffici", "Schede accettate", 10, lambda _: f"{have} su {awaited}", Kind.CENTRED, span=3)


def _headline_figure(context: Context) -> Callable[[Node], float | str]:
    return lambda node: figure(context.figures.nodes[node.code].held)


def _states(context: Context) -> Table:
    rows = [row for row in context.c.rows if row.counts]
    counts = [_Count(STATE_LABEL[state], sum(row.state is state for row in rows)) for state in _STATES]
    total = len(rows)
    columns = (
        Column("stato", "Stato", 10, lambda c: c.label, Kind.STATE, span=3),
        Column("numero", "Indicatori", 10, lambda c: c.number, Kind.INTEGER,
               formula='COUNTIFS({Indicatori.stato},{stato},{Indicatori.conta},"sì")'),
        Column("quota", "Quota", 10, lambda c: c.number / total if total else 0, Kind.PERCENT,
               formula='IF(COUNTIFS({Indicatori.conta},"sì")>0,{numero}/COUNTIFS({Indicatori.conta},"sì"),0)'),
    )  # fmt: skip
    return Table("stati", columns, counts, top=6, title="Indicatori per stato")


def _severities(context: Context, top: int) -> Table:
    found = [finding.severity for finding in (*context.c.findings, *context.findings)]
    counts = [_Count(SEVERITY_LABEL[severity], found.count(severity)) for severity in Severity]
    columns = (
        Column("gravita", "Gravità", 10, lambda c: c.label, span=2),
        Column("numero", "Numero", 10, lambda c: c.number, Kind.INTEGER, formula="COUNTIFS({Anomalie.gravita},{gravita})"),
    )
    return Table("gravita", columns, counts, top, left=12, title="Anomalie")


def _areas(context: Context, top: int) -> list[Table]:
    """The table of areas and objectives and, where some objectives have no room in it, the line that says so."""
    figures = context.figures
    nodes, left = _with_room([node for node in context.c.nodes[1:] if node.depth <= 2])
    at = {node.code: f"#{context.node_at[node.code]}" for node in nodes}
    columns = (
        Column("codice", "Codice", 10, lambda n: n.code, link=lambda n: node_link(context, n.code)),
        Column("titolo", "Area / obiettivo", 10, lambda n: short(n.title, 88), indent=lambda n: max(n.depth - 1, 0), span=4, wrap=True),
        Column("pct", "% realizz.", 10, lambda n: figure(figures.nodes[n.code].held), Kind.PERCENT, formula=lambda n: f"{{Albero.pct{at[n.code]}}}"),
        Column("misurati", "Misurati", 10, lambda n: f"{n.measured} su {n.total}", Kind.CENTRED,
               formula=lambda n: f'{{Albero.misurati{at[n.code]}}}&" su "&{{Albero.totale{at[n.code]}}}'),
        Column("stato", "Stato", 10, lambda n: STATE_LABEL[n.state], Kind.STATE, formula=lambda n: f"{{Albero.stato{at[n.code]}}}", span=2),
    )  # fmt: skip
    tone = {0: Tone.AREA, 1: Tone.STRATEGIC}
    areas = Table(
        "aree",
        columns,
        nodes,
        top,
        title="Realizzazione per area e obiettivo",
        nothing="Nessun obiettivo sotto l'ente.",
        tone=lambda n: tone.get(n.depth, Tone.PLAIN),
        height=28,
    )
    if not left:
        return [areas]
    link = Link(inside="{Albero.codice#0}")
    more = Column("altri", "", 10, lambda n: f"altri {n} obiettivi: vedi Albero", link=lambda _: link, span=9)
    return [areas, Table("altri_obiettivi", (more,), [left], areas.last_row + 1, headings=False)]


def _with_room(nodes: list[Node]) -> tuple[list[Node], int]:
    """The nodes that the page shows, and how many objectives it doesn't: areas first, where there isn't room for everything."""
    if len(nodes) <= MOST_AREAS:
        return nodes, 0
    areas = [node for node in nodes if node.depth <= 1]
    objectives = [node for node in nodes if node.depth > 1]
    room = max(0, MOST_AREAS - len(areas))
    return [*areas, *objectives[:room]], len(objectives[room:])


def _pages(count: int) -> list[tuple[int, int]]:
    """First and last of the rows that stand on each page of the print; no page has but a few."""
    first = min(count, FIRST_PAGE)
    if 0 < count - first < LEAST_BARS:
        first = count - LEAST_BARS
    rest = count - first
    more = ceil(rest / OTHER_PAGES)
    starts = [0, *(first + rest * page // more for page in range(more)), count]
    return [(start, end - 1) for start, end in pairwise(starts)]


def _first_look(context: Context, top: int) -> Table:
    columns = (
        Column("cosa", "Che cosa", 10, lambda look: look.what, span=3, wrap=True),
        Column("codice", "Codice", 10, lambda look: look.code, span=2),
        Column("dettaglio", "Dettaglio", 10, lambda look: short(look.detail, 210), span=8, wrap=True),
        Column("vai", "Scheda", 10, lambda look: look.tab, link=lambda look: look.link, span=2),
    )
    return Table(
        "primo",
        columns,
        first_look(context),
        top,
        title="Da guardare per primo",
        nothing="Niente da segnalare.",
        height=28,
    )


def _missing(context: Context, top: int) -> Table:
    missing = context.c.missing
    shown = missing[:MOST_MISSING]
    more = len(missing) - len(shown)
    title = "Fogli degli uffici e righe del piano che mancano" + (f" (altre {more} nella scheda Anomalie)" if more else "")
    columns = (
        Column("cosa", "Che cosa manca", 10, _what_is_missing, span=3),
        Column("codice", "Codice", 10, lambda m: m.code, span=2),
        Column("titolo", "Titolo", 10, lambda m: short(m.title, 130), span=6, wrap=True),
        Column("dettaglio", "Dettaglio", 10, lambda m: short(m.detail, 90), span=4, wrap=True),
    )
    return Table("mancanti", columns, shown, top, title=title, nothing="Non manca niente.", height=28)


def _what_is_missing(missing: Missing) -> str:
    return {"ufficio": "foglio dell'ufficio", "indicatore": "indicatore del piano"}.get(missing.what, missing.what)


def _state_chart(table: Table) -> Chart:
    return Chart(
        "Indicatori per stato",
        table.name,
        "stato",
        "numero",
        top=table.top,
        left=5,
        width=int(6.8 * (GRID_WIDTH * 7 + 5)),
        height=126,
        colours=STATE_COLOURS,
    )


def _area_charts(context: Context, table: Table, pages: list[tuple[int, int]]) -> list[Chart]:
    """A chart for each page of the print, beside the rows that it draws."""
    nodes: list[Node] = list(table.items)
    if not nodes:
        return []
    charts = []
    for first, last in pages:
        drawn = nodes[first : last + 1]
        height = AREA_ROW * len(drawn) + (0 if first else AREA_TOP)
        charts.append(
            Chart(
                "Realizzazione (senza barra: non misurato)" + (" – segue" if first else ""),
                table.name,
                "codice",
                "pct",
                top=table.first_row + first if first else table.top,
                left=9,
                width=int(5.9 * (GRID_WIDTH * 7 + 5)),
                height=height if first else max(LEAST_CHART, height),
                colours=tuple("1F3864" if node.depth <= 1 else "8FAADC" for node in drawn),
                unlabelled=frozenset(i for i, node in enumerate(drawn) if context.figures.nodes[node.code].held is None),
                percent=True,
                items=(first, last),
            )
        )
    return charts


def short(text: str, most: int) -> str:
    """A text cut at a word, with an ellipsis."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
