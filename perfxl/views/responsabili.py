"""*Responsabili*: SG, managers, PO with their objectives and weights; recomputed against typed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.rollup.people import used_weights
from perfxl.views.figures import Weighted, mean
from perfxl.views.states import state_column
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import UNMEASURED, figure, optional_figure, source_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from perfxl.model import CellRef, Cover, PersonObjective, PersonScore, State
    from perfxl.views.context import Context

MOST_ROWS = 60
"""Objectives that rest on more rows than these are written as values: a formula takes 8,192 characters."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A person (depth 0) or one of its objectives (depth 1); `last` is the index of the person's last objective."""

    depth: int
    code: str
    text: str
    weight_pct: Fraction | None
    cover: Cover
    held: Fraction | None
    state: State
    formula: str | None
    counts: tuple[str | None, str | None]  # measured and total, as formulas
    recomputed: Decimal | None = None
    typed_pct: Decimal | None = None
    ref: CellRef | None = None
    last: int = 0
    weight: Fraction = Fraction(1)


def responsabili(context: Context) -> Tab:
    """The tab."""
    lines = _lines(context)
    table = Table(
        "Responsabili",
        _columns(context),
        lines,
        top=3,
        nothing="Nessun responsabile: il foglio degli obiettivi individuali non è tra quelli letti.",
        tone=lambda line: Tone.AREA if line.depth == 0 else Tone.PLAIN,
        outline=lambda line: line.depth,
        block=lambda index: (index + 1, lines[index].last),
        heading_height=32,
    )
    equal = context.c.method.people.weights == "equal"
    weights = "Gli obiettivi hanno lo stesso peso" if equal else "I pesi stampati valgono in proporzione"
    return Tab(
        "Responsabili",
        "Segretario Generale, dirigenti, posizioni organizzative",
        f"{weights}, tra quelli misurati; ogni percentuale porta accanto la sua copertura.",
        (table,),
        colour="7F6000",
        freeze_columns=2,
    )


def _lines(context: Context) -> list[_Line]:
    lines: list[_Line] = []
    not_native: list[str] = []
    for person in context.c.people:
        weights = used_weights(person.objectives, context.c.method)
        objectives = [_objective(context, *each) for each in zip(person.objectives, weights, strict=True)]
        line = _person(context, person, objectives, len(lines))
        lines += [line, *objectives]
        if line.formula is None:
            not_native.append(person.code)
    context.not_native("Responsabili", not_native)
    return lines


def _person(context: Context, person: PersonScore, objectives: list[_Line], index: int) -> _Line:
    figures = context.figures
    parts: list[Weighted] = [(line.weight, line.held) for line in objectives]
    given = figures.rounding.apply(mean(parts))
    formula = None
    if objectives and figures.same(given, person.cover.pct, person.cover.shown):
        inner = figures.rounding.formula("(SUM({wx@})/SUM({wm@}))")
        formula = f'IFERROR({inner},"{UNMEASURED}")'
    held = figures.carried(person.cover.pct, person.cover.shown)
    cover, beneath = person.cover, [line.cover for line in objectives]
    measured = "SUM({misurati@})" if beneath and sum(each.measured for each in beneath) == cover.measured else None
    total = "SUM({totale@})" if beneath and sum(each.total for each in beneath) == cover.total else None
    return _Line(
        0, person.code, person.name, None, cover, held, person.state, formula, (measured, total), last=index + len(objectives)
    )


def _objective(context: Context, objective: PersonObjective, weight: Fraction | None) -> _Line:
    figures = context.figures
    held = figures.carried(objective.cover.pct, objective.cover.shown)
    return _Line(
        1,
        objective.number,
        objective.title,
        weight,
        objective.cover,
        held,
        objective.state,
        _rows_formula(context, objective),
        (_measured_formula(context, objective), None),
        objective.recomputed,
        objective.typed_pct,
        objective.ref,
        weight=Fraction(1) if weight is None else weight,
    )


def _rows_formula(context: Context, objective: PersonObjective) -> str | None:
    """The mean of the rows of *Indicatori* that an objective rests on, found by their key: sorting doesn't move it."""
    figures = context.figures
    uids = [uid for uid in objective.row_uids if uid in context.row_at]
    if not 0 < len(uids) <= MOST_ROWS or objective.typed_pct is not None:
        return None
    given = figures.rounding.apply(mean((Fraction(1), figures.rows[uid].pct) for uid in uids))
    if not figures.same(given, objective.cover.pct, objective.cover.shown):
        return None
    return f'IFERROR({figures.rounding.formula(f"AVERAGE({_cells(context, uids)})")},"{UNMEASURED}")'


def _measured_formula(context: Context, objective: PersonObjective) -> str | None:
    """How many of those rows are measured."""
    uids = [uid for uid in objective.row_uids if uid in context.row_at]
    measured = sum(context.figures.rows[uid].pct is not None for uid in uids)
    return f"COUNT({_cells(context, uids)})" if 0 < len(uids) <= MOST_ROWS and measured == objective.cover.measured else None


def _cells(context: Context, uids: Iterable[str]) -> str:
    return ",".join(f'INDEX({{Indicatori.pct}},MATCH("r{context.row_at[uid]}",{{Indicatori.riga}},0))' for uid in uids)


def _columns(context: Context) -> tuple[Column, ...]:
    def share(value: Decimal | None) -> Decimal | None:
        return None if value is None else value / 100

    return (
        Column("codice", "Responsabile / n.", 13, lambda line: line.code, indent=lambda line: line.depth),
        Column("titolo", "Nome / obiettivo", 66, lambda line: line.text, indent=lambda line: line.depth, wrap=True),
        Column("peso", "Peso", 9, lambda line: optional_figure(line.weight_pct), Kind.PERCENT),
        Column("pct", "% realizz.", 11, lambda line: figure(line.held), Kind.PERCENT, formula=lambda line: line.formula),
        Column("misurati", "Misurati", 9, lambda line: line.cover.measured, Kind.INTEGER, lambda line: line.counts[0]),
        Column("totale", "Totale", 8, lambda line: line.cover.total, Kind.INTEGER, lambda line: line.counts[1]),
        state_column(context, level=lambda _: "persona", held=lambda line: line.held, state=lambda line: line.state),
        Column("ricalcolato", "% ricalcolata", 11, lambda line: share(line.recomputed), Kind.PERCENT_LONG),
        Column("digitato", "% digitata", 11, lambda line: share(line.typed_pct), Kind.PERCENT_LONG),
        Column(
            "fonte",
            "Fonte",
            46,
            lambda line: source_text(line.ref),
            link=lambda line: context.outside(line.ref),
            wrap=True,
            indent=lambda _: 1,
        ),
        Column("wm", "peso misurato", 8, _measured_weight, Kind.NUMBER, formula=_helper("IF(ISNUMBER({pct}),%s,0)"), helper=True),
        Column("wx", "peso × %", 8, _weighted, Kind.NUMBER, formula=_helper("IF(ISNUMBER({pct}),%s*{pct},0)"), helper=True),
    )


def _helper(formula: str) -> Callable[[_Line], str | None]:
    def of(line: _Line) -> str | None:
        return None if line.depth == 0 else formula % ("1" if line.weight_pct is None else "{peso}")

    return of


def _cell_weight(line: _Line) -> Fraction:
    return Fraction(1) if line.weight_pct is None else line.weight / 100


def _measured_weight(line: _Line) -> float | None:
    if line.depth == 0:
        return None
    return 0.0 if line.held is None else float(_cell_weight(line))


def _weighted(line: _Line) -> float | None:
    if line.depth == 0:
        return None
    return 0.0 if line.held is None else float(_cell_weight(line) * line.held / 100)
