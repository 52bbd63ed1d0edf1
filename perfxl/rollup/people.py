"""People: the SG's weighted objectives, POs' own indicators, typed or measured objectives of managers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.findings import Finding, Severity, finding
from perfxl.grammar.quotes import quoted_values
from perfxl.model import (
    EMPTY,
    Cell,
    CellRef,
    Counting,
    Cover,
    PersonObjective,
    PersonScore,
    RowLevel,
    ScoredRow,
    SheetRole,
    SheetRow,
    SheetRows,
    State,
    italian_number,
)
from perfxl.rollup.entries import percent_of, read_target, same_target, target_cell
from perfxl.rollup.nodes import natural
from perfxl.rollup.offices import cover, rows_cover
from perfxl.rollup.quoted import quoted_mean
from perfxl.rollup.scored import EMPTY_RESULT, complexity_of
from perfxl.scoring.finish import state_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

ALIKE = 0.8  # share of a text that must be the same for an objective to be the indicator it names (accents, typing slips)


def people_of(
    sheets: Iterable[SheetRows], rows: Sequence[ScoredRow], method: Method
) -> tuple[tuple[PersonScore, ...], list[Finding]]:
    """Everybody who has a sheet: POs (their rows at the body's value), and those with objectives of their own."""
    counting = {row.code: row for row in rows if row.counts or row.counting is Counting.APART}
    adjusted = {(row.office, row.code): row for row in rows if row.adjustment is not None and row.counting is not Counting.TWICE}
    people: dict[str, PersonScore] = {}
    findings: list[Finding] = []
    for sheet in _whole(sheets):
        if sheet.respondent in people:
            continue
        if sheet.role is SheetRole.PERSON:
            people[sheet.respondent] = _po(sheet, counting, adjusted, method)
        elif sheet.role is SheetRole.OBJECTIVES and sheet.respondent != method.labels.body:
            has_indicators = any(row.level is RowLevel.INDICATOR for row in sheet.rows)
            person, found = _measured(sheet, rows, method) if has_indicators else _weighted(sheet, counting, method)
            people[sheet.respondent] = person
            findings += found
    findings += _absent(rows, people)
    return tuple(people[code] for code in sorted(people, key=lambda c: (c != "SG", natural(c)))), findings


def _whole(sheets: Iterable[SheetRows]) -> Iterable[SheetRows]:
    """The sheets of people, each with all its rows: somebody's objectives may stand on several sheets, of several files."""
    found: dict[tuple[SheetRole, str, int | None], SheetRows] = {}
    for sheet in sheets:
        if sheet.role in (SheetRole.PERSON, SheetRole.OBJECTIVES):
            key = sheet.role, sheet.respondent, sheet.year
            found[key] = _joined(found[key], sheet) if key in found else sheet
    return found.values()


def _joined(sheet: SheetRows, other: SheetRows) -> SheetRows:
    told = {row.code for row in sheet.rows if row.level is not RowLevel.INDICATOR}
    return replace(sheet, rows=(*sheet.rows, *(row for row in other.rows if row.code not in told)))


def _absent(rows: Sequence[ScoredRow], people: Mapping[str, PersonScore]) -> list[Finding]:
    named = {person for row in rows for person in row.people} - set(people)
    return [finding("PX-A011", f"{person}: indicato nei fogli, ma senza un foglio di obiettivi") for person in sorted(named)]


def _person(sheet: SheetRows, objectives: Sequence[PersonObjective], method: Method) -> PersonScore:
    weights = objective_weights(objectives, method)
    parts = [(o.cover.pct, weight) for o, weight in zip(objectives, weights, strict=True)]
    total = cover(parts, method, given=sum(o.given for o in objectives))
    if any(o.blocks for o in objectives):  # as in the tree: what blocks an objective blocks all that rests on it
        total = replace(total, pct=None, shown=None)
    return PersonScore(sheet.respondent, sheet.title, total, state_of(total.pct, method.states.strategic), tuple(objectives))


def _weight(row: SheetRow) -> Decimal | None:
    """The printed weight; None where there is none, or it can't be read or is negative."""
    value = percent_of(row.weight)
    return value if value is not None and value >= 0 else None


def plain_weights(objectives: Sequence[PersonObjective], method: Method) -> list[Fraction]:
    """The printed weights; an objective without one weighs as much as the others do in the mean (PX-V005)."""
    printed = [Fraction(o.weight_pct) for o in objectives if o.weight_pct]  # a 0 says that it doesn't weigh, not what is usual
    if method.people.weights == "equal" or not printed:
        return [Fraction(1)] * len(objectives)
    usual = sum(printed, Fraction(0)) / len(printed)
    return [Fraction(o.weight_pct) if o.weight_pct is not None else usual for o in objectives]


def used_weights(objectives: Sequence[PersonObjective], method: Method) -> list[Fraction | None]:
    """The weights to be shown: those that count, before any coefficient; none where no objective has one (a plain mean)."""
    if all(o.weight_pct is None for o in objectives):
        return [None] * len(objectives)
    weights = plain_weights(objectives, method)
    each = Fraction(100, len(weights)) if method.people.weights == "equal" else Fraction(1)
    return [weight * each for weight in weights]


def objective_weights(objectives: Sequence[PersonObjective], method: Method) -> list[Fraction]:
    """Weights times coefficients of complexity, where the method says so; not yet made to be 100.

    Source: Lucca, Piano della performance 2018, section 4.1: PO and offices have "un peso … e un coefficiente di complessità".
    """
    weights = plain_weights(objectives, method)
    if method.people.complexity == "ignored":
        return weights
    return [weight * objective.complexity for weight, objective in zip(weights, objectives, strict=True)]


def _weight_findings(sheet: SheetRows, objectives: Sequence[PersonObjective], method: Method) -> list[Finding]:
    """Weights that don't add up (A005), and objectives without one beside others that have it (V005)."""
    weights = [o.weight_pct for o in objectives if o.weight_pct is not None]
    if not weights or method.people.weights == "equal":
        return []
    typed: dict[CellRef | None, Cell] = {row.ref: row.weight for row in sheet.rows}
    out = [_weightless(sheet, o, typed.get(o.ref, EMPTY)) for o in objectives if o.weight_pct is None]
    total = sum(weights, Decimal(0))
    if total != method.people.weights_sum:
        out.append(finding("PX-A005", f"{sheet.respondent}: {italian_number(total)} %", file=sheet.file, sheet=sheet.sheet))
    return out


def _weightless(sheet: SheetRows, objective: PersonObjective, typed: Cell) -> Finding:
    """An objective without a weight; one that was typed and can't be used is more than a note."""
    which = f"{sheet.respondent}: obiettivo {objective.number}"
    if typed.empty:
        return finding("PX-V005", f"{which} senza peso", objective.ref)
    found = f"{which}: peso «{typed.text}» non usato; l'obiettivo pesa quanto in media gli altri"
    return replace(finding("PX-V005", found, typed.ref or objective.ref), severity=Severity.WARNING)


def _po(
    sheet: SheetRows, counting: Mapping[str, ScoredRow], adjusted: Mapping[tuple[str, str], ScoredRow], method: Method
) -> PersonScore:
    """Mean of the PO's own measured indicators, each at the body's value, or at what a rettifica of the PO's own row says."""
    objectives: list[PersonObjective] = []
    told: set[str] = set()
    for row in sheet.rows:
        code = method.canonical(row.code)
        if row.level is RowLevel.INDICATOR and code not in told:  # a sheet that has it twice is one respondent all the same
            told.add(code)
            scored = adjusted.get((sheet.respondent, code)) or counting.get(code)
            objectives.append(_one(str(len(objectives) + 1), f"{row.code} {row.title}", None, scored, method, row))
    return _person(sheet, objectives, method)


def _one(
    number: str, title: str, weight: Decimal | None, scored: ScoredRow | None, method: Method, row: SheetRow
) -> PersonObjective:
    pct = scored.pct if scored is not None else None
    given = scored is not None and bool(scored.policy)
    measure = Cover(pct, scored.shown if scored is not None else None, int(pct is not None and not given), 1)
    return PersonObjective(
        number,
        title,
        weight,
        measure,
        State.UNMEASURED if given else state_of(pct, method.states.indicator),
        (scored.uid,) if scored is not None else (),
        ref=row.ref,
        complexity=complexity_of(row),
        given=given,
        blocks=scored is not None and scored.blocks,
    )


def _weighted(sheet: SheetRows, counting: Mapping[str, ScoredRow], method: Method) -> tuple[PersonScore, list[Finding]]:
    """Objectives that name an indicator by its objective's code and its text, with printed weights."""
    objectives: list[PersonObjective] = []
    findings: list[Finding] = []
    for row in sheet.rows:
        if row.level is not RowLevel.OBJECTIVE:
            continue
        scored = _named(row, counting)
        if scored is None:
            findings.append(finding("PX-A012", f"«{row.code_printed} {row.title}»", row.ref))
        else:
            findings += _target_findings(row, scored, sheet, method)
        objectives.append(
            _one(str(len(objectives) + 1), f"{row.code_printed} {row.title}".strip(), _weight(row), scored, method, row)
        )
    return _person(sheet, objectives, method), findings + _weight_findings(sheet, objectives, method)


def _target_findings(row: SheetRow, scored: ScoredRow, sheet: SheetRows, method: Method) -> list[Finding]:
    """The target that a person's sheet prints for an indicator, where it isn't the indicator's own (the plan's, or its sheet's)."""
    cell = target_cell(row, None)
    if cell.empty or not scored.target_text:
        return []
    year = sheet.year or method.year
    if same_target(read_target(cell, row.algorithm.text, row.title, EMPTY_RESULT, method, year), scored.target):
        return []
    found = f"{scored.code}: «{cell.text}» tra gli obiettivi di {sheet.respondent}, «{scored.target_text}» in {scored.target_ref}"
    return [finding("PX-A010", found, cell.ref)]


def _named(row: SheetRow, counting: Mapping[str, ScoredRow]) -> ScoredRow | None:
    """The indicator whose text is the objective's, among those of the objective's code (`1.1.1` names S1.1.1-a too)."""
    code = row.code_printed.strip()
    candidates = [r for r in counting.values() if code in (r.code, r.owner, _bare(r.code))]
    wanted = plain(row.title)
    scored = [(_ratio(wanted, plain(r.title)), r.code, r) for r in candidates]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best is not None and best[0] >= ALIKE else None


@lru_cache(maxsize=8192)
def _bare(code: str) -> str:
    """`1.1.1` of `S1.1.1-a`."""
    return re.sub(r"^[SO]|-.*$", "", code)


@lru_cache(maxsize=4096)
def _ratio(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()


def _measured(sheet: SheetRows, rows: Sequence[ScoredRow], method: Method) -> tuple[PersonScore, list[Finding]]:
    """Objectives with indicators of their own (Lucca): mean of the indicators.

    A percent typed for what a text quotes outranks what follows from the quotes, or the other way round, as the method says;
    both are shown.
    """
    by_owner: dict[str, list[ScoredRow]] = {}
    for scored in rows:
        by_owner.setdefault(scored.owner, []).append(scored)
    objectives = [
        _objective(row, [r for r in by_owner.get(row.code, []) if r.office == sheet.respondent], method)
        for row in sheet.rows
        if row.level is RowLevel.OBJECTIVE
    ]
    return _person(sheet, objectives, method), _weight_findings(sheet, objectives, method)


def _objective(row: SheetRow, own: Sequence[ScoredRow], method: Method) -> PersonObjective:
    measured = rows_cover([(r, r.weight) for r in own], method)
    computed = _recomputed(own, method)
    typed = percent_of(row.typed_pct) if not row.typed_pct.empty else _typed_input(own)
    counts = measured
    if method.rollup.typed_input == "computed_counts":
        counts = computed or measured
    elif not row.typed_pct.empty and typed is not None:
        counts = cover([(Fraction(typed), Fraction(1))], method)
    blocks = counts is measured and any(r.blocks for r in own)
    if blocks:
        counts = replace(counts, pct=None, shown=None)
    return PersonObjective(
        number=row.code.rpartition("-")[2],
        title=row.title,
        weight_pct=_weight(row),
        cover=replace(counts, measured=measured.measured, total=measured.total),
        state=state_of(counts.pct, method.states.strategic),
        row_uids=tuple(r.uid for r in own),
        recomputed=computed.shown if computed is not None else None,
        typed_pct=typed,
        ref=row.ref,
        complexity=complexity_of(row),
        given=counts is measured and measured.pct is not None and not measured.measured,
        blocks=blocks,
    )


def _typed_input(rows: Sequence[ScoredRow]) -> Decimal | None:
    """The percent typed for the one indicator whose text quotes what it follows from."""
    return rows[0].result.value if len(rows) == 1 and quoted_values(rows[0].title) else None


def _recomputed(rows: Sequence[ScoredRow], method: Method) -> Cover | None:
    """What follows where the texts of the indicators quote percents (cascades); None where none does."""
    means = [quoted_mean(row.title, method) for row in rows]
    if all(mean is None for mean in means):
        return None
    return cover([(row.pct if mean is None else mean, row.weight) for row, mean in zip(rows, means, strict=True)], method)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Letters and figures only, lower case: how two texts are compared."""
    return re.sub(r"\W+", " ", text).casefold().strip()
