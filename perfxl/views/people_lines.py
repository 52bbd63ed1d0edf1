"""What stands on the sheet of a person or of an office: objectives with their weights, indicators, parts of cascades.

Sources: Lucca, Piano della performance 2018, section 4.1 (weights that make 100; a coefficient of complexity for PO and
offices); METHODS, *people* (the coefficient multiplies the weight, renormalised; an unmeasured objective is left out).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar.canonical import format_target
from perfxl.grammar.quotes import before_quotes, quoted_values
from perfxl.model import TargetKind, italian_number
from perfxl.rollup.offices import is_own, office_weights, plain_office_weights
from perfxl.rollup.people import objective_weights, plain, plain_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.model import Cover, OfficeScore, PersonObjective, PersonScore, ScoredRow, State
    from perfxl.views.context import Context

HUNDRED, ONE = Fraction(100), Fraction(1)
_BARE = re.compile(r"[\d\s.,/%-]+")

SECRETARY, DIRECTOR, OFFICE = "Segretario Generale", "Dirigente", "Ufficio"

ROLES = (
    (r"SG", SECRETARY),
    (r"DIR\b|DIR_", DIRECTOR),
    (r"PO ?\d|PO\b", "Posizione organizzativa"),
    (r"STRUTTURA", "Struttura (posizioni organizzative e uffici)"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An objective (depth 0), an indicator beneath it (1), a part of a cascade (2), the total (-1).

    `weight` as it counts before the coefficient, `effective` after it; both in percent, and the effective ones make 100.
    `from_lines`: the percent is the plain mean of the indicators beneath. `last`: index of the last line beneath.
    """

    depth: int
    number: str
    text: str
    weight: Fraction | None = None
    coefficient: Fraction | None = None
    effective: Fraction | None = None
    target: str = ""
    result: str = ""
    held: Fraction | None = None
    state: State | None = None
    from_lines: bool = False
    last: int = 0


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """All that one sheet says. `held` is the percent that the total must give."""

    code: str
    name: str
    role: str
    lines: tuple[Line, ...]
    cover: Cover
    held: Fraction | None
    state: State
    coverage: str
    remarks: tuple[str, ...]

    @property
    def objectives(self) -> list[Line]:
        """The lines that have a weight."""
        return [line for line in self.lines if line.depth == 0]


def people_sheets(context: Context) -> list[PersonSheet]:
    """SG, managers, PO, then the offices, those that have something to be measured by; the body's own sheet is nobody's."""
    body = context.c.method.labels.body
    sheets = [_person(context, person) for person in context.c.people]
    sheets += [_office(context, office) for office in context.c.offices if office.code != body]
    return [sheet for sheet in sheets if sheet.lines]


def role_of(code: str) -> str:
    """The role that a code tells; that of an office where it tells none."""
    return next((role for pattern, role in ROLES if re.match(pattern, code)), OFFICE)


# -- people --------------------------------------------------------------------------------------------------------


def _person(context: Context, person: PersonScore) -> PersonSheet:
    method, objectives = context.c.method, person.objectives
    shown = _in_percent(plain_weights(objectives, method), keep=_printed(objectives) and method.people.weights == "printed")
    effective = _in_percent(objective_weights(objectives, method))
    lines: list[Line] = []
    for objective, weight, counts in zip(objectives, shown, effective, strict=True):
        lines += _objective(context, objective, (weight, counts), len(lines))
    indicators = sum(o.cover.measured for o in objectives), sum(o.cover.total for o in objectives)
    coverage = f"{person.cover.measured} su {person.cover.total} obiettivi"
    if indicators != (person.cover.measured, person.cover.total):
        coverage += f" ({indicators[0]} su {indicators[1]} indicatori)"
    return PersonSheet(
        person.code, person.name, role_of(person.code), tuple(lines), person.cover,
        context.figures.carried(person.cover.pct, person.cover.shown), person.state, coverage,
        (*_about_weights(objectives, shown, context), *_about_cascades(objectives)),
    )  # fmt: skip


def _printed(objectives: Sequence[PersonObjective]) -> bool:
    return any(objective.weight_pct is not None for objective in objectives)


def _in_percent(weights: Sequence[Fraction], *, keep: bool = False) -> list[Fraction]:
    """The weights made to be 100; as they are where those printed are kept."""
    total = sum(weights, Fraction(0))
    return list(weights) if keep or not total else [HUNDRED * weight / total for weight in weights]


def _objective(context: Context, objective: PersonObjective, weights: tuple[Fraction, Fraction], index: int) -> list[Line]:
    figures = context.figures
    rows = [figures.rows[uid] for uid in objective.row_uids if uid in figures.rows]
    alone = rows[0] if len(rows) == 1 and plain(rows[0].title) in plain(objective.title) else None
    beneath = [] if alone is not None else [line for row in rows for line in _indicator(context, row)]
    measured = [line.held for line in beneath if line.depth == 1 and line.held is not None]
    mean = sum(measured, Fraction(0)) / len(measured) if measured else None
    native = bool(beneath) and objective.typed_pct is None
    native = native and figures.same(figures.rounding.apply(mean), objective.cover.pct, objective.cover.shown)
    return [
        Line(
            0, objective.number, objective.title, weights[0], objective.complexity, weights[1],
            target=_target(alone) if alone is not None else "", result=alone.result_text if alone is not None else "",
            held=figures.carried(objective.cover.pct, objective.cover.shown), state=objective.state,
            from_lines=native, last=index + len(beneath),
        ),
        *beneath,
    ]  # fmt: skip


def _indicator(context: Context, row: ScoredRow) -> Iterator[Line]:
    """An indicator and, beneath it, the objectives whose percents its text quotes."""
    yield Line(
        1, row.code.rpartition(".")[2], before_quotes(row.title), target=_target(row), result=row.result_text, held=row.pct
    )
    nodes = {node.code: node for node in context.c.nodes}
    for quote in quoted_values(row.title):
        code = quote.code or f"{context.c.method.labels.body}-{quote.number}"
        node = nodes.get(context.c.method.canonical(code))
        title = quote.label or (node.title if node is not None else "")
        yield Line(2, code, title, result=f"{italian_number(quote.pct)} %")


def _target(row: ScoredRow) -> str:
    """The target in words: a bare figure with its sign, nothing where the text of the indicator says it already."""
    text = row.target_text
    if _BARE.fullmatch(text) and row.target.kind is not TargetKind.NONE:
        return format_target(row.target)
    return "" if plain(text) in plain(row.title) else text


def _about_weights(objectives: Sequence[PersonObjective], shown: Sequence[Fraction], context: Context) -> Iterator[str]:
    people = context.c.method.people
    printed = [objective.weight_pct for objective in objectives if objective.weight_pct is not None]
    if printed and people.weights == "equal":
        yield f"Il metodo {context.c.method.name} considera gli obiettivi di pari peso; indicati: {'; '.join(f'{italian_number(w)} %' for w in printed)}."
        return
    total = sum(shown, Fraction(0))
    if printed and total != Fraction(people.weights_sum):
        made, wanted = _figure(total), italian_number(people.weights_sum)
        yield f"I pesi indicati fanno {made} invece di {wanted}: valgono in proporzione."
    if len(printed) not in {0, len(objectives)}:
        yield "Un obiettivo senza peso vale quanto gli altri in media."


def _about_cascades(objectives: Sequence[PersonObjective]) -> Iterator[str]:
    for objective in objectives:
        if objective.typed_pct is not None and objective.recomputed not in {None, objective.cover.shown}:
            typed, computed = italian_number(objective.typed_pct), italian_number(objective.recomputed)
            yield f"Obiettivo {objective.number}: indicato {typed} %; dalle parti citate segue {computed} %."


def _figure(value: Fraction) -> str:
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


# -- offices -------------------------------------------------------------------------------------------------------


def _office(context: Context, office: OfficeScore) -> PersonSheet:
    rows = [row for row in context.c.rows if row.office == office.code and is_own(row)]
    shown = _in_percent(plain_office_weights(rows))
    effective = _in_percent(office_weights(rows, context.c.method))
    lines = tuple(
        Line(
            0, str(number), f"{row.code} {row.title}", weight, row.complexity, counts, _target(row), row.result_text,
            row.pct, row.state, last=number - 1,
        )
        for number, (row, weight, counts) in enumerate(zip(rows, shown, effective, strict=True), start=1)
    )  # fmt: skip
    coverage = f"{office.cover.measured} su {office.cover.total} indicatori"
    held = context.figures.carried(office.cover.pct, office.cover.shown)
    return PersonSheet(office.code, office.title, OFFICE, lines, office.cover, held, office.state, coverage, ())
