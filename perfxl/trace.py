"""The trace of a figure, rendered on demand: cell → value read → rule → percent → rounding → weight → contribution."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar import normalise_offices, normalise_people
from perfxl.grammar.quotes import quoted_values
from perfxl.model import Adjustment, Node, NodeRule, OfficeScore, PersonObjective, PersonScore, ScoredRow, italian_number
from perfxl.rollup.offices import cover, is_own, office_weights
from perfxl.rollup.people import used_weights
from perfxl.rollup.places import whole_code
from perfxl.rollup.quoted import quoted_mean
from perfxl.scoring import score_rows
from perfxl.scoring.explain import MODES, percent, sentence
from perfxl.scoring.rounding import shown
from perfxl.scoring.rows import Previous

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.methods.schema import Method


def explain(consolidation: Consolidation, code: str) -> str:
    """How the figure of a node, indicator, office or person came about, as Italian sentences. KeyError if unknown.

    The code may be written as offices write it: `01.2.4-a`, `u1.1`, `P05`, `OB 1`.
    """
    for known in _readings(code, consolidation.method):
        try:
            return _explained(consolidation, known)
        except KeyError:
            continue
    raise KeyError(code)


def _readings(code: str, method: Method) -> list[str]:
    """The codes that a text may stand for, as it is written first."""
    code = code.strip()
    head, dash, number = code.rpartition("-")
    people = normalise_people(head if dash else code)
    ends = [f"-{each}" for each in (number, number.lower(), number.upper())] if dash else [""]
    of_people = [people[0] + end for end in ends] if len(people) == 1 else []
    normal = [method.canonical(whole_code(code)), "/".join(normalise_offices(code)), *of_people, code.upper()]
    return [*dict.fromkeys(each for each in (code, method.canonical(code), *normal) if each)]


def _explained(consolidation: Consolidation, code: str) -> str:
    for node in consolidation.nodes:
        if node.code == code:
            return _node(node, consolidation)
    rows = [row for row in consolidation.rows if code in (row.code, row.uid)]
    if rows:
        rows.sort(key=lambda row: not row.counts)
        return "\n".join(explain_row(row, consolidation) for row in rows)
    for office in consolidation.offices:
        if code == office.code or code in office.code.split("/"):  # U5.1 and U5.2 answer with one sheet
            return _office(office, consolidation)
    for person in consolidation.people:
        if person.code == code:
            return _person(person, consolidation)
        for objective in person.objectives:
            if f"{person.code}-{objective.number}" == code:
                return _objective(code, objective, consolidation)
    raise KeyError(code)


def explain_row(row: ScoredRow, c: Consolidation) -> str:
    """One row: where it was read, what follows from it, whether it counts and with which weight."""
    where = f"{row.code} ({row.office}, {row.ref})" if row.ref else f"{row.code} ({row.office})"
    counts = f"{row.counting}, peso {italian_number_of(row.weight)} in {row.owner}" if row.counts else str(row.counting)
    counts += _contribution(row, c)
    if row.respondents:
        return f"{where}: {_respondents(row, c)} = {percent(row.pct)}; {counts}."
    before = [Previous(row.previous_value, row.previous_pct)]
    [score] = score_rows(
        [(row.code, row.target, row.result)], c.method, year=c.year, as_of=c.as_of, previous=before, owners=[row.owner]
    )
    text = sentence(row.target, row.result, score, c.method, row.code, row.owner)
    if row.adjustment is not None:
        text = f"{_adjusted(row, c.adjustments[row.adjustment])} {text if c.adjustments[row.adjustment].pct is None else ''}".rstrip()
    elif row.computed_pct is not None and row.computed_pct != row.pct:
        text += f" Vale la percentuale digitata nel foglio ({row.typed_ref}), {percent(row.pct)}."
    return f"{where}: {text}{_quotes(row, c)} {counts[0].upper()}{counts[1:]}."


def _quotes(row: ScoredRow, c: Consolidation) -> str:
    """The percents that a cascade's text quotes, what the tree has for each, and what follows from them."""
    mean = quoted_mean(row.title, c.method)
    if mean is None:
        return ""
    nodes = {node.code: node for node in c.nodes}
    listed = []
    for quote in quoted_values(row.title):
        code = c.method.canonical(quote.code or f"{c.method.labels.body}-{quote.number}")
        node = nodes.get(code)
        ours = "senza scheda" if node is None else f"qui {_shown(node.pct, c)}"
        listed.append(f"{code} {italian_number(quote.pct)} %, {ours}")
    passed_on = f"{_rounded(mean, c)}: {_shown(mean, c)}" if _rounded(mean, c) else ""
    against = " rapportata alla soglia del testo" if c.method.rollup.cascade == "against_threshold" else ""
    return f" Il suo testo cita {'; '.join(listed)}: la media{against} è {percent(mean, 4)}{passed_on}."


def _shown(pct: Fraction | None, c: Consolidation) -> str:
    return percent(pct, c.method.rounding.decimals, c.method.rounding.mode)


def _contribution(row: ScoredRow, c: Consolidation) -> str:
    """What a measured row brings to the objective above it, in points of its percent, before that one is rounded."""
    node = next((node for node in c.nodes if node.code == row.owner), None)
    if node is None or not row.counts or row.pct is None or node.rule not in (NodeRule.INDICATORS, NodeRule.OWN_AND_CHILDREN):
        return ""
    weights = sum((r.weight for r in c.rows if r.owner == row.owner and r.counts and r.pct is not None), Fraction(0))
    if not weights or node.pct is None:
        return ""
    both = node.rule is NodeRule.OWN_AND_CHILDREN and node.own_pct is not None and node.children_pct is not None
    points = shown(row.pct * row.weight / weights * (node.own_share if both else 1), 2, "half_up")
    return f": porta {italian_number(points or Decimal(0))} punti al suo {_shown(node.pct, c)}"


def _respondents(row: ScoredRow, c: Consolidation) -> str:
    """What the value of several respondents is made of, in the words of the method's rule."""
    parts = [r for r in c.rows if r.uid in row.respondents]
    listed = ", ".join(f"{r.office} {percent(r.pct)}" for r in parts)
    match row.rule:
        case "sum_of_respondents":
            return f"somma dei risultati di {len(parts)} uffici ({row.result.text}) contro target «{row.target.text}» ({listed})"
        case "worst_of_respondents":
            return f"percentuale peggiore di {len(parts)} uffici ({listed})"
        case _:
            return f"media delle percentuali di {len(parts)} uffici ({listed})"


def _adjusted(row: ScoredRow, a: Adjustment) -> str:
    when = f" il {a.date:%d/%m/%Y}" if a.date else ""
    old = f"{percent(row.computed_pct)} («{a.replaced_result}»)"
    return f"Rettificato da {a.author or 'autore non indicato'}{when}: {old} sostituito con {percent(row.pct)} ({a.reason})."


def italian_number_of(value: Fraction) -> str:
    """`1`, `11,4`: a weight, to four decimals at most."""
    figure = shown(value, 4, "half_up")
    assert figure is not None
    return italian_number(figure)


def _node(node: Node, c: Consolidation) -> str:
    kids = [kid for kid in c.nodes if kid.parent == node.code]
    own = [row for row in c.rows if row.owner == node.code and row.counts]
    head = f"{node.code} {_shown(node.pct, c)} (misurati {node.measured} di {node.total})"
    rows, beneath = _listed([(r.code, r.pct, r.weight) for r in own]), _listed([(k.code, k.pct, k.weight) for k in kids])
    match node.rule:
        case NodeRule.TYPED:
            return f"{head}: valore digitato in {node.ref}."
        case NodeRule.OWN_AND_CHILDREN:
            how = (
                f"{percent(node.own_share * 100, 0)} × indicatori propri {percent(node.own_pct)} ({rows}) + "
                f"{percent(node.children_share * 100, 0)} × obiettivi sottostanti {percent(node.children_pct)} ({beneath})"
            )
        case NodeRule.INDICATORS:
            how = f"media degli indicatori misurati ({rows})"
        case _:
            what = "peggiore" if node.rule is NodeRule.WORST else "media"
            how = f"{what} del livello sottostante ({beneath})" if kids else f"{what} degli indicatori misurati ({rows})"
    return f"{head}: {how}{_missing_part(node, c)}{_rounding(node, c)}"


def _missing_part(node: Node, c: Consolidation) -> str:
    """What an unmeasured part or indicator does to the node, as the method says."""
    if node.pct is None and (blocking := _blocking(node.code, c)):
        listed = ", ".join(f"{row.code} di {row.office}" for row in blocking)
        return f"; per il metodo è bloccato da ciò che non è misurato: {listed}"
    if node.rule is not NodeRule.OWN_AND_CHILDREN or (node.own_pct is None) == (node.children_pct is None):
        return ""
    return "; una parte non è misurata, " + ("e per il metodo blocca l'obiettivo" if node.pct is None else "vale l'altra")


def _blocking(code: str, c: Consolidation) -> list[ScoredRow]:
    """The indicators beneath a node that leave it unmeasured."""
    parents = {node.code: node.parent for node in c.nodes}
    out = []
    for row in c.rows:
        at: str | None = row.owner if row.counts and row.blocks else None
        while at is not None and at != code:
            at = parents.get(at)
        out += [row] if at == code else []
    return out


def _rounding(node: Node, c: Consolidation) -> str:
    return "." if node.pct is None else f"{_rounded(node.pct, c)}; stato «{node.state}»."


def _rounded(pct: Fraction | None, c: Consolidation) -> str:
    """How a figure is passed on, where the method rounds at each level."""
    rounding = c.method.rounding
    if pct is None or rounding.stage != "each_level":
        return ""
    return f"; {MODES[rounding.mode]} a {rounding.decimals} decimali"


def _listed(parts: Sequence[tuple[str, Fraction | None, Fraction]]) -> str:
    """Code and percent of each part; its weight too, where they aren't all the same."""
    equal = len({weight for _, _, weight in parts}) < 2
    return (
        ", ".join(
            f"{code} {percent(pct)}" + ("" if equal else f" (peso {italian_number_of(weight)})") for code, pct, weight in parts
        )
        or "nessuno"
    )


def _office(office: OfficeScore, c: Consolidation) -> str:
    rows = [row for row in c.rows if row.office == office.code and is_own(row)]
    head = f"{office.code} {percent(office.cover.pct)} (misurati {office.cover.measured} di {office.cover.total})"
    weights = office_weights(rows, c.method)
    measured = [(row.code, row.pct, weight) for row, weight in zip(rows, weights, strict=True) if row.pct is not None]
    return f"{head}: media dei propri indicatori misurati ({_listed(measured)})."


def _person(person: PersonScore, c: Consolidation) -> str:
    head = f"{person.code} {_shown(person.cover.pct, c)} (misurati {person.cover.measured} di {person.cover.total})"
    weights = used_weights(person.objectives, c.method)
    parts = [
        f"obiettivo {o.number} {_shown(o.cover.pct, c)}" + ("" if weight is None else f" (peso {italian_number_of(weight)})")
        for o, weight in zip(person.objectives, weights, strict=True)
    ]
    equal = len(set(weights)) < 2
    how = "media degli obiettivi" if equal else "media pesata degli obiettivi, pesi riproporzionati sui misurati"
    return f"{head}: {how} ({', '.join(parts)}){_rounded(person.cover.pct, c)}."


def _objective(code: str, objective: PersonObjective, c: Consolidation) -> str:
    """An objective of a person, then the indicators that it rests on, a line each."""
    rows = [row for row in c.rows if row.uid in objective.row_uids]
    head = f"{code} {_shown(objective.cover.pct, c)} (misurati {objective.cover.measured} di {objective.cover.total})"
    parts = _listed([(row.code, row.pct, row.weight) for row in rows])
    mean = cover([(row.pct, row.weight) for row in rows], c.method).pct
    if mean == objective.cover.pct:
        how = f"media degli indicatori misurati ({parts})"
    elif objective.typed_pct is not None and c.method.rollup.typed_input != "computed_counts":
        how = f"vale la percentuale digitata, {percent(objective.typed_pct, 4)}; dagli indicatori {_shown(mean, c)} ({parts})"
    else:
        how = f"media di ciò che segue dalle percentuali citate negli indicatori ({parts})"
    told = f"{head}: {how}{_rounded(objective.cover.pct, c)}; stato «{objective.state}»."
    return "\n".join([told, *(explain_row(row, c) for row in rows)])
