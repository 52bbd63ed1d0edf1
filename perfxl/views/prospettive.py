"""*Prospettive*: the BSC perspectives of the plan, each the mean of the objectives that the plan puts under it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.views.figures import mean
from perfxl.views.tab import Column, Kind, Tab, Table
from perfxl.views.words import UNMEASURED, figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.model import Cover, Node, PerspectiveScore
    from perfxl.views.context import Context

MOST_NODES = 200


def prospettive(context: Context) -> Tab | None:
    """The tab; None when the plan gives no perspectives (or there is no plan)."""
    if not context.c.perspectives:
        return None
    table = Table("Prospettive", _columns(context), context.c.perspectives, top=3, heading_height=20)
    return Tab(
        "Prospettive",
        "Prospettive della Balanced Scorecard",
        "Ogni prospettiva è la media degli obiettivi che il piano le assegna.",
        (table,),
        colour="00B0F0",
        freeze_columns=1,
    )


def _columns(context: Context) -> tuple[Column, ...]:
    figures = context.figures

    def formula(view: PerspectiveScore) -> str | None:
        codes = [code for code in view.nodes if code in context.node_at]
        given = figures.rounding.apply(mean((Fraction(1), figures.nodes[code].held) for code in codes))
        if not 0 < len(codes) <= MOST_NODES or not figures.same(given, view.cover.pct, view.cover.shown):
            return None
        cells = ",".join(f"{{Albero.pct#{context.node_at[code]}}}" for code in codes)
        return f'IFERROR({figures.rounding.formula(f"AVERAGE({cells})")},"{UNMEASURED}")'

    def count(
        key: str, figure_of: Callable[[Node], int], held: Callable[[Cover], int]
    ) -> Callable[[PerspectiveScore], str | None]:
        def of(view: PerspectiveScore) -> str | None:
            at = [context.node_at[code] for code in view.nodes if code in context.node_at]
            if not 0 < len(at) <= MOST_NODES or sum(figure_of(context.c.nodes[index]) for index in at) != held(view.cover):
                return None
            return "SUM(" + ",".join(f"{{Albero.{key}#{index}}}" for index in at) + ")"

        return of

    measured = count("misurati", lambda node: node.measured, lambda cover: cover.measured)
    total = count("totale", lambda node: node.total, lambda cover: cover.total)
    context.not_native("Prospettive", [view.name for view in context.c.perspectives if formula(view) is None])
    return (
        Column("nome", "Prospettiva", 44, lambda view: view.name, wrap=True),
        Column(
            "pct",
            "% realizz.",
            12,
            lambda view: figure(figures.carried(view.cover.pct, view.cover.shown)),
            Kind.PERCENT,
            formula=formula,
        ),
        Column("misurati", "Misurati", 10, lambda view: view.cover.measured, Kind.INTEGER, measured),
        Column("totale", "Totale", 10, lambda view: view.cover.total, Kind.INTEGER, total),
        Column("obiettivi", "Obiettivi", 60, lambda view: ", ".join(view.nodes), wrap=True, indent=lambda _: 1),
    )
