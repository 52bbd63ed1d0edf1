"""Rows in, scores out: comparisons chosen, columns scored under each set of rules, parts put together, policies applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from perfxl.model import Result, ResultKind, State, Target, Timing
from perfxl.model.record import record
from perfxl.scoring.columns import Comparison, Rule, columns_of
from perfxl.scoring.compare import Compared, Outcome, blank, compare, serial_zero
from perfxl.scoring.engine import Scores, score_columns, settle
from perfxl.scoring.finish import at_level
from perfxl.scoring.reading import elapsed_share, pro_rata, timing
from perfxl.scoring.rounding import shown

if TYPE_CHECKING:
    from perfxl.methods.schema import Method, Scoring

STATES = (State.REACHED, State.PARTIAL, State.NOT_REACHED, State.UNMEASURED)


@record(frozen=True, slots=True)
class RowScore:
    """A row's score. `pct` is official (rounded where the method rounds at each level); `outcome` says which rule, or why none.

    `policy` is the not-measured policy that gave the percent, "" where a result did; `blocks` says that, unmeasured as it is,
    the row leaves its objective unmeasured too. `due_share` is the share of the target that the percent is against, where the
    method counts what is due so far.
    """

    outcome: Outcome
    raw_pct: Fraction | None
    pct: Fraction | None
    shown: Decimal | None
    state: State
    pro_rata_pct: Fraction | None = None
    timing: Timing = Timing.NONE
    policy: str = ""
    blocks: bool = False
    due_share: Fraction | None = None


@record(frozen=True, slots=True)
class Previous:
    """What is known of an indicator's year before: its value, its percent."""

    value: Decimal | None = None
    pct: Fraction | None = None


UNKNOWN = Previous()
ZERO = Fraction(0)
_GIVEN = {"zero": ZERO, "full": Fraction(100)}
"""What the policies of the unmeasured give, whatever the row."""


def score_rows(
    rows: Sequence[tuple[str, Target, Result]],
    method: Method,
    *,
    year: int | None = None,
    as_of: date | None = None,
    previous: Sequence[Previous] = (),
    owners: Sequence[str] = (),
) -> list[RowScore]:
    """Score (code, target, result) rows under `method`, its exceptions included.

    `previous`, and `owners` (the objectives that rows hang from, for exceptions that name these): one a row, or none at all.
    """
    before, above = previous or [UNKNOWN] * len(rows), owners or [""] * len(rows)
    rules = [method.scoring_for(code, owner) for (code, _, _), owner in zip(rows, above, strict=True)]
    outcomes = [
        compare(target, result, scoring, last.value)
        for (_, target, result), scoring, last in zip(rows, rules, before, strict=True)
    ]
    share = elapsed_share(year, as_of) if year is not None and as_of is not None else None
    partial = [_pro_rata(outcome, target, share) for outcome, (_, target, _) in zip(outcomes, rows, strict=True)]
    official = [o.comparison if isinstance(o, Compared) else None for o in outcomes]
    due: list[Fraction | None] = [None] * len(rows)
    if method.reading.in_year == "pro_rata":
        official = [p or o for p, o in zip(partial, official, strict=True)]
        due = [share if p is not None else None for p in partial]
    scores = _scored(official, rules, method)
    beside = _scored(partial if method.reading.show_pro_rata else [None] * len(rows), rules, method)
    known = [
        _Row(code, target, result, timing(target, result, year, as_of), last, owner, part)
        for (code, target, result), last, owner, part in zip(rows, before, above, due, strict=True)
    ]
    return [
        _row(outcome, score, other.pct, row, method)
        for outcome, score, other, row in zip(outcomes, scores, beside, known, strict=True)
    ]


@record(frozen=True, slots=True)
class _Row:
    code: str
    target: Target
    result: Result
    timing: Timing
    previous: Previous
    owner: str
    due_share: Fraction | None = None


@record(frozen=True, slots=True)
class _Score:
    raw: Fraction | None = None
    pct: Fraction | None = None
    state: State = State.UNMEASURED
    unmet: bool = False


def _pro_rata(outcome: Outcome, target: Target, share: Fraction | None) -> Comparison | None:
    if share is None or not isinstance(outcome, Compared):
        return None
    return pro_rata(outcome.comparison, target, share)


def _row(outcome: Outcome, score: _Score, beside: Fraction | None, row: _Row, method: Method) -> RowScore:
    policy, pct, blocks = "", score.pct, False
    if pct is None:
        # the state stays that of what isn't measured, whatever the policy puts in its place
        policy, pct, blocks = _policy(row, method)
    rounding = method.rounding
    figure = shown(pct, rounding.decimals, rounding.mode)
    return RowScore(outcome, score.raw, pct, figure, score.state, beside, row.timing, policy, blocks, row.due_share)


def _policy(row: _Row, method: Method) -> tuple[str, Fraction | None, bool]:
    """What an unmeasured row scores: (policy's name, percent, False), or ("", None, whether it blocks) where it is left out.

    What can't be read is never taken for 0 or 100 (DESIGN, decision 3): the policies speak of blanks and of N.C.
    """
    policy = method.not_measured_for(row.code, row.owner)
    if serial_zero(row.result) and policy.serial_zero == "zero":
        return "serial_zero", ZERO, False
    if row.result.kind is ResultKind.NARRATIVE and policy.narrative == "zero":
        return "narrative", ZERO, False
    if row.timing is Timing.NOT_DUE:
        zero = policy.before_due == "zero" and blank(row.result)
        return ("before_due", ZERO, False) if zero else ("", None, False)
    if policy.policy == "blocks_parent":
        return "", None, True
    if blank(row.result) or row.result.kind is ResultKind.NOT_MEASURED:
        pct = row.previous.pct if policy.policy == "previous_value" else _GIVEN.get(policy.policy)
        return (policy.policy, pct, False) if pct is not None else ("", None, False)
    return "", None, False


def _scored(comparisons: Sequence[Comparison | None], rules: Sequence[Scoring], method: Method) -> list[_Score]:
    """Scores of the comparisons that are there, each under its own rules; several parts in one cell are put together."""
    out = [_Score()] * len(comparisons)
    groups: dict[int, list[int]] = defaultdict(list)
    by_id: dict[int, Scoring] = {}
    for number, comparison in enumerate(comparisons):
        if comparison is not None:
            scoring = rules[number]
            by_id[id(scoring)] = scoring
            groups[id(scoring)].append(number)
    for key, numbers in groups.items():
        for number, score in zip(numbers, _under([comparisons[n] for n in numbers], by_id[key], method), strict=True):  # type: ignore[misc]
            out[number] = score
    return out


def _under(comparisons: Sequence[Comparison], scoring: Scoring, method: Method) -> list[_Score]:
    flat: list[Comparison] = []
    spans: list[tuple[int, int]] = []
    for one in comparisons:
        parts = one.parts or (one,)
        spans.append((len(flat), len(flat) + len(parts)))
        flat.extend(parts)
    singles: list[_Score] = [_Score()] * len(flat)
    for numbers, columns in columns_of(flat):
        scores = score_columns(columns, scoring, method.states.indicator)
        for number, score in zip(numbers.tolist(), _fractions(scores, method), strict=True):
            singles[number] = score
    return [singles[a] if b - a == 1 else _together(singles[a:b], scoring, method) for a, b in spans]


def _together(parts: Sequence[_Score], scoring: Scoring, method: Method) -> _Score:
    """Several deadlines (or values) in one cell: mean of the parts, or 100 only where all are met."""
    raws = [part.raw for part in parts]
    if any(raw is None for raw in raws):
        return _Score()
    known = [raw for raw in raws if raw is not None]
    mean = sum(known, Fraction(0)) / len(known)
    if scoring.several_deadlines == "all_or_nothing":
        mean = Fraction(100 if all(raw >= 100 for raw in known) else 0)
    num = np.array([mean.numerator], dtype=object)
    den = np.array([mean.denominator], dtype=object)
    unmet = np.array([any(part.unmet for part in parts)])
    return _fractions(settle(num, den, unmet, scoring, method.states.indicator), method)[0]


def _fractions(scores: Scores, method: Method) -> list[_Score]:
    num, den = at_level(scores.num, scores.den, method.rounding)
    columns: list[list[Any]] = [a.tolist() for a in (scores.raw_num, scores.raw_den, num, den, scores.state, scores.unmet)]
    return [
        _Score(Fraction(rn, rd), Fraction(n, d), STATES[s], u) if d else _Score()
        for rn, rd, n, d, s, u in zip(*columns, strict=True)
    ]


def rule_name(outcome: Outcome) -> str:
    """Name of the rule in the trace: `increasing`, `deadline` …; "" when unmeasured."""
    if not isinstance(outcome, Compared):
        return ""
    rule = outcome.comparison.rule
    if outcome.comparison.parts:
        return "several_deadlines" if rule is Rule.DEADLINE else "several_values"
    return Rule(rule).name.lower()
