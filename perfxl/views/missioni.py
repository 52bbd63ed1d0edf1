"""*Missioni*: the tree re-read by mission and programme (DM 27/3/2013), each objective counted once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model.missions import MISSION, OBJECTIVE
from perfxl.views.albero import node_link
from perfxl.views.figures import mean
from perfxl.views.states import state_column
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import UNMEASURED, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfxl.model import State
    from perfxl.model.missions import MissionLine
    from perfxl.views.context import Context
    from perfxl.views.tab import Link


def missioni(context: Context) -> Tab | None:
    """The tab; None where no sheet names a mission."""
    lines = context.c.missions
    if not lines:
        return None
    table = Table(
        "Missioni",
        _columns(context, lines),
        lines,
        top=3,
        tone=lambda line: (Tone.AREA, Tone.STRATEGIC, Tone.PLAIN)[line.depth],
        outline=lambda line: line.depth,
        block=lambda index: (index + 1, _last(lines, index)),
        heading_height=32,
    )
    return Tab(
        "Missioni",
        "Missioni e programmi (DM 27/3/2013)",
        "Un obiettivo in quota parte tra più programmi conta una volta sola: la colonna Quota dice per quanto conta in ognuno.",
        (table,),
        colour="7030A0",
        freeze_columns=2,
    )


def _last(lines: Sequence[MissionLine], index: int) -> int:
    """Index of the last line beneath a mission or programme."""
    last = index
    while last + 1 < len(lines) and lines[last + 1].depth > lines[index].depth:
        last += 1
    return last


def _columns(context: Context, lines: Sequence[MissionLine]) -> tuple[Column, ...]:
    figures = context.figures
    held = {id(line): figures.carried(line.cover.pct, line.cover.shown) for line in lines}
    at = {id(line): index for index, line in enumerate(lines)}

    def formula(line: MissionLine) -> str | None:
        if line.level == OBJECTIVE:
            return _objective_formula(context, line)
        beneath = [each for each in lines[at[id(line)] + 1 : _last(lines, at[id(line)]) + 1] if each.level == OBJECTIVE]
        given = figures.rounding.apply(mean((each.share, held[id(each)]) for each in beneath if each.share))
        if not figures.same(given, line.cover.pct, line.cover.shown):
            return None
        return f'IFERROR({figures.rounding.formula("(SUM({wx@})/SUM({wm@}))")},"{UNMEASURED}")'

    def weight(line: MissionLine) -> float | None:
        if line.level != OBJECTIVE:
            return None
        return 0.0 if held[id(line)] is None else float(line.share)

    def weighted(line: MissionLine) -> float | None:
        pct = held[id(line)]
        if line.level != OBJECTIVE:
            return None
        return 0.0 if pct is None else float(line.share * pct / 100)

    def state(line: MissionLine) -> State:
        return line.state

    context.not_native("Missioni", [line.code for line in lines if formula(line) is None and line.cover.pct is not None])
    return (
        Column("codice", "Missione / programma", 16, lambda line: line.code, indent=lambda line: line.depth, link=_link(context)),
        Column("titolo", "Titolo", 70, lambda line: line.title, indent=lambda line: line.depth, wrap=True),
        Column("quota", "Quota", 9, lambda line: float(line.share) if line.level == OBJECTIVE else None, Kind.PERCENT),
        Column("pct", "% realizz.", 11, lambda line: figure(held[id(line)]), Kind.PERCENT, formula=formula),
        Column("misurati", "Misurati", 9, lambda line: line.cover.measured, Kind.INTEGER),
        Column("totale", "Totale", 8, lambda line: line.cover.total, Kind.INTEGER),
        state_column(context, level=lambda _: "missione", held=lambda line: held[id(line)], state=state),
        Column(
            "progetti",
            "Progetti sotto questo programma",
            34,
            lambda line: ", ".join(line.projects),
            wrap=True,
            indent=lambda _: 1,
        ),
        Column("wm", "quota misurata", 8, weight, Kind.NUMBER, formula=_helper("IF(ISNUMBER({pct}),{quota},0)"), helper=True),
        Column("wx", "quota × %", 8, weighted, Kind.NUMBER, formula=_helper("IF(ISNUMBER({pct}),{quota}*{pct},0)"), helper=True),
    )


def _objective_formula(context: Context, line: MissionLine) -> str | None:
    """The objective's cell of *Albero*, or the mean of its projects that stand under this programme."""
    figures = context.figures
    if not line.projects:
        return f"{{Albero.pct#{context.node_at[line.node]}}}"
    codes = [code for code in line.projects if code in context.node_at]
    given = figures.rounding.apply(mean((Fraction(1), figures.nodes[code].held) for code in codes))
    if not codes or not figures.same(given, line.cover.pct, line.cover.shown):
        return None
    cells = ",".join(f"{{Albero.pct#{context.node_at[code]}}}" for code in codes)
    return f'IFERROR({figures.rounding.formula(f"AVERAGE({cells})")},"{UNMEASURED}")'


def _helper(formula: str) -> Callable[[MissionLine], str | None]:
    return lambda line: formula if line.level == OBJECTIVE else None


def _link(context: Context) -> Callable[[MissionLine], Link | None]:
    return lambda line: node_link(context, line.node) if line.node and line.level != MISSION else None
