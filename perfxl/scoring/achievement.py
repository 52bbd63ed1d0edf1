"""One score, explained: the same rules as the whole job, for one pair of texts or values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.grammar import find_targets, parse_result, parse_target
from perfxl.model import Result, ResultKind, State, Target
from perfxl.model.record import record
from perfxl.scoring.choose import target_in_text
from perfxl.scoring.compare import Compared
from perfxl.scoring.explain import sentence
from perfxl.scoring.rows import rule_name, score_rows
from perfxl.scoring.words import in_words_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method


@record(frozen=True, slots=True)
class Achievement:
    """A result against a target. Percentages in percent: `pct` exact, `shown` after the method's rounding, None when unmeasured."""

    target: Target
    result: Result
    rule: str
    raw_pct: Fraction | None
    pct: Fraction | None
    shown: Decimal | None
    state: State
    explanation: str
    findings: tuple[Finding, ...] = ()


def achievement(
    target: Any, result: Any, *, method: Method | str | Path = "massacarrara-2019", algorithm: str = "", year: int | None = None
) -> Achievement:
    """Score a result against a target under a method.

    Args:
        target: text, number, date, `Cell` or a `Target` already read.
        result: the same, or a `Result`.
        method: a `Method`, the name of a shipped profile, or the path of a TOML file.
        algorithm: text of the *Algoritmo* column: operator and unit are taken from it when the target is a bare number.
        year: the plan's year, for dates printed without one; the method's when left out.

    Raises:
        MethodError: the profile isn't there or isn't valid.
    """
    profile = _method(method)
    year = year if year is not None else profile.year
    read = result if isinstance(result, Result) else parse_result(result, year=year)
    read = in_words_of(read, profile.not_measured.words)
    aim = _target(target, read, profile, algorithm, year)
    [score] = score_rows([("", aim, read)], profile, year=year)
    found: tuple[Finding, ...] = ()
    outcome = score.outcome
    if isinstance(outcome, Compared):
        if outcome.note_code:
            found = (finding(outcome.note_code, outcome.note),)
    elif outcome.code:
        found = (finding(outcome.code, outcome.why),)
    text = sentence(aim, read, score, profile)
    return Achievement(aim, read, rule_name(outcome), score.raw_pct, score.pct, score.shown, score.state, text, found)


def _target(target: Any, result: Result, method: Method, algorithm: str, year: int | None) -> Target:
    if isinstance(target, Target):
        return target
    if method.scoring.target_from == "indicator_text" and isinstance(target, str) and result.kind is not ResultKind.PERCENT:
        clauses = find_targets(target, year=year)
        if clauses:
            return target_in_text(clauses, result, target)
    return parse_target(target, algorithm=algorithm, year=year)


def _method(method: Method | str | Path) -> Method:
    if not isinstance(method, (str, Path)):
        return method
    from perfxl.methods import load_method

    return load_method(method)
