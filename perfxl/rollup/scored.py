"""Rows of *Indicatori* from entries: one for each sheet row, one for each mean of respondents, one for each plan row alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfxl.model import (
    Counting,
    Result,
    ResultKind,
    ScoredRow,
    SheetRow,
    State,
    Target,
    TargetKind,
    Timing,
    cell_of,
)
from perfxl.model.record import record
from perfxl.rollup.entries import Entry, owner_of, percent_of, target_cell
from perfxl.rollup.means import weighted_mean
from perfxl.scoring.columns import Rule
from perfxl.scoring.compare import Compared, Outcome
from perfxl.scoring.finish import state_of
from perfxl.scoring.reading import due_dates
from perfxl.scoring.rounding import round_exact, shown
from perfxl.scoring.rows import rule_name, score_rows

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.rollup.resolve import Resolved

_TAG = re.compile(r"</?[a-zA-Z]\w*/?>")
EMPTY_RESULT = Result(ResultKind.EMPTY)
ONE = Fraction(1)


def row_of(entry: Entry, method: Method, year: int | None) -> ScoredRow:
    """The scored row of a sheet's row."""
    score = entry.score
    assert score is not None
    difference, unit = deviation(entry.target, entry.result, score.outcome)
    return ScoredRow(
        **_source(entry.row, entry.target, method, year),
        uid=entry.uid,
        code=entry.code,
        office=entry.office,
        ref=entry.result_ref,
        target=entry.target,
        target_text=entry.target_cell.text or entry.target.text,
        target_ref=entry.target_cell.ref,
        result=entry.result,
        result_text=entry.result.text,
        rule=rule_name(score.outcome),
        raw_pct=score.raw_pct,
        pct=score.pct,
        shown=score.shown,
        pro_rata_pct=score.pro_rata_pct,
        typed_pct=percent_of(entry.row.typed_pct),
        typed_ref=entry.row.typed_pct.ref,
        state=score.state,
        timing=score.timing,
        counting=entry.counting,
        computed_pct=entry.computed.pct if entry.computed is not None else None,
        adjustment=entry.adjustment,
        difference=difference,
        difference_unit=unit,
        complexity=complexity_of(entry.row),
        policy=score.policy,
        blocks=score.blocks,
        previous_value=entry.previous.value,
        previous_pct=entry.previous.pct,
    )


def _source(row: SheetRow, target: Target, method: Method, year: int | None) -> dict[str, Any]:
    """What a scored row takes as it stands from the row of the sheet or plan; its weight is settled by `with_weights`."""
    dues = due_dates(target, year)
    return {
        "title": without_tags(row.title),
        "owner": owner_of(row, method),
        "strategic": row.strategic,
        "offices": row.offices,
        "people": row.people,
        "algorithm": row.algorithm.text,
        "weight": ONE,
        "due": dues[-1] if dues else None,
        "targets_other_years": other_years(row, year),
    }


def without_tags(text: str) -> str:
    """A title as people read it: some sheets carry the tags of the web page that they were pasted from."""
    return " ".join((_TAG.sub(" ", text) if "<" in text else text).split())


def complexity_of(row: SheetRow) -> Fraction:
    """The coefficient of complexity that the sheet gives (`extra["complexity"]`, a cell or a number); 1 where it gives none."""
    given = row.extra.get("complexity")
    if given is None:
        return ONE
    value = cell_of(given).value
    return Fraction(value) if isinstance(value, Decimal) and value > 0 else ONE


def deviation(target: Target, result: Result, outcome: Outcome) -> tuple[Fraction | None, str | None]:
    """Scostamento = consuntivo − programmato (DFP guidelines 2/2017), in the target's unit; days for dates.

    Only of what was compared: a percent that declares the achievement is no measure of 800 things, nor of 30 days.
    """
    if not isinstance(outcome, Compared) or outcome.comparison.rule is Rule.DECLARED or target.kind is TargetKind.RELATIVE:
        return None, None
    if result.kind is ResultKind.DATE and target.dates:
        return Fraction((max(result.dates) - max(target.dates)).days), "gg"
    if result.value is None or target.value is None or result.kind not in (ResultKind.NUMBER, ResultKind.PERCENT):
        return None, None
    return Fraction(result.value) - Fraction(target.value), target.unit


def other_years(row: SheetRow, year: int | None) -> tuple[tuple[int, str], ...]:
    """Targets of the other years of the plan, as text."""
    others = [y for y in row.targets if y is not None and y != year]
    return tuple((y, row.targets[y].text) for y in sorted(others) if not row.targets[y].empty) if others else ()


def mean_of_respondents(
    resolved: Resolved, method: Method, planned: SheetRow | None, year: int | None = None, as_of: date | None = None
) -> ScoredRow:
    """The body's value of an indicator that several offices answer: mean, worst, or sum against the target."""
    first = resolved.respondents[0]
    figure = _figure(resolved, method, year, as_of)
    source = planned if planned is not None else first.row
    scores = [e.score for e in resolved.respondents if e.score is not None]
    measured = sum(s.pct is not None and not s.policy for s in scores)
    policy = "" if measured or figure.pct is None else next((s.policy for s in scores if s.policy), "")
    lacking = figure.pct is None or policy
    return ScoredRow(
        **{**_source(source, first.target, method, year), "offices": first.row.offices, "people": first.row.people},
        uid=f"TUTTI#{resolved.code}",
        code=resolved.code,
        office=method.labels.all,
        ref=None,
        target=first.target,
        target_text=first.target_cell.text or first.target.text,
        target_ref=first.target_cell.ref,
        result=figure.result,
        result_text=figure.result.text or f"{measured} di {len(scores)} uffici",
        rule=figure.rule if figure.pct is not None else "",
        raw_pct=figure.raw,
        pct=figure.pct,
        shown=shown(figure.pct, method.rounding.decimals, method.rounding.mode),
        pro_rata_pct=figure.pro_rata,
        typed_pct=None,
        typed_ref=None,
        state=State.UNMEASURED if lacking else state_of(figure.pct, method.states.indicator),
        timing=next((s.timing for s in scores if s.timing), Timing.NONE) if lacking else Timing.NONE,
        counting=Counting.COUNTS,
        respondents=tuple(e.uid for e in resolved.respondents),
        policy=policy,
        blocks=figure.pct is None and any(s.blocks for s in scores),
    )


@record(frozen=True, slots=True)
class _Figure:
    rule: str
    pct: Fraction | None
    raw: Fraction | None = None
    pro_rata: Fraction | None = None
    result: Result = EMPTY_RESULT


def _figure(resolved: Resolved, method: Method, year: int | None, as_of: date | None) -> _Figure:
    """METHODS, *same indicator in several offices*: mean after capping, worst, or for counts the sum against the target."""
    scores = [e.score for e in resolved.respondents if e.score is not None]
    official, beside = [s.pct for s in scores], [s.pro_rata_pct for s in scores]
    how = method.rollup.same_indicator
    if how == "sum" and (total := _sum(resolved.respondents)) is not None:
        first = resolved.respondents[0]
        owner = owner_of(first.row, method)
        [summed] = score_rows([(resolved.code, first.target, total)], method, year=year, as_of=as_of, owners=[owner])
        return _Figure("sum_of_respondents", summed.pct, summed.raw_pct, summed.pro_rata_pct, total)
    if how == "worst":
        return _Figure("worst_of_respondents", _least(official), pro_rata=_least(beside))
    return _Figure("mean_of_respondents", _mean(official, method), pro_rata=_mean(beside, method))


def _least(percents: Sequence[Fraction | None]) -> Fraction | None:
    return min((pct for pct in percents if pct is not None), default=None)


def _mean(percents: Sequence[Fraction | None], method: Method) -> Fraction | None:
    """Plain mean of the measured, rounded where the method rounds at each level."""
    mean, rounding = weighted_mean([(pct, ONE) for pct in percents]), method.rounding
    if mean is None or rounding.stage != "each_level":
        return mean
    return round_exact(mean, rounding.decimals, rounding.mode)


def _sum(respondents: Sequence[Entry]) -> Result | None:
    values = [e.result for e in respondents if e.result.kind is ResultKind.NUMBER and e.result.value is not None]
    if not values:
        return None
    total = sum((r.value for r in values if r.value is not None), Decimal(0))
    return Result(ResultKind.NUMBER, total, values[0].unit, text=f"somma {total}")


def planned_alone(row: SheetRow, target: Target, method: Method, year: int | None, as_of: date | None) -> ScoredRow:
    """A planned indicator that no sheet brings: in the tree, as a blank."""
    cell = target_cell(row, year)
    owner = owner_of(row, method)
    [score] = score_rows([(row.code, target, EMPTY_RESULT)], method, year=year, as_of=as_of, owners=[owner])
    return ScoredRow(
        **_source(row, target, method, year),
        uid=f"PIANO#{row.code}",
        code=row.code,
        office="PIANO",
        ref=cell.ref or row.ref,
        target=target,
        target_text=cell.text,
        target_ref=cell.ref,
        result=EMPTY_RESULT,
        result_text="",
        rule="",
        raw_pct=None,
        pct=score.pct,
        shown=score.shown,
        pro_rata_pct=None,
        typed_pct=None,
        typed_ref=None,
        state=score.state,
        timing=score.timing,
        counting=Counting.COUNTS,
        policy=score.policy,
        blocks=score.blocks,
    )
