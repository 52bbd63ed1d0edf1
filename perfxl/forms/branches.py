"""What a result of each nature is compared with: asked of the scoring room itself, so that a form can't say otherwise.

A result may be typed as a percent, a number or a date. For each of the three `scoring.compare` is given an example, and says
the rule, the operator and the target that such a result takes under the method. What it can't compare has no branch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from perfxl.model import EMPTY, Result, ResultKind, Target, TargetKind
from perfxl.rollup.entries import read_target
from perfxl.rollup.scored import EMPTY_RESULT
from perfxl.scoring import Comparison, Rule
from perfxl.scoring.compare import Compared, compare
from perfxl.scoring.reading import PERIOD_MONTHS

if TYPE_CHECKING:
    from perfxl.forms.form import FormRow
    from perfxl.methods.schema import Method, Scoring

NATIVE = frozenset(
    {TargetKind.THRESHOLD, TargetKind.COUNT, TargetKind.EQUALITY, TargetKind.RANGE, TargetKind.DEADLINE, TargetKind.DAYS_WITHIN}
)
"""Kinds of target that a formula of Excel 2010 expresses; the others are computed by the management control office."""


class Nature(StrEnum):
    """How a result was typed."""

    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Branch:
    """The comparison of a nature; `months` where a date counts as the days after the last period that closed.

    `below_zero`: of a declared percent, what a negative one takes in its place; None where it can't be compared.
    """

    comparison: Comparison
    months: int = 0
    doubtful_under_one: bool = False  # 0.98 without a % against a percent target: nobody can say what it is
    below_zero: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """All that a row's formulas need. `natural` is the nature that the target expects: it gives the input cell's format."""

    branches: dict[Nature, Branch]
    natural: Nature
    scoring: Scoring
    target: Target


def aim_of(row: FormRow, method: Method, year: int | None) -> Aim:
    """Read the row's target once for each nature of result, and choose the comparison."""
    scoring = method.scoring_for(method.canonical(row.code), method.canonical(row.owner or ""))
    branches = {}
    for nature in Nature:
        branch = _branch(nature, row, method, scoring, year)
        if branch is not None:
            branches[nature] = branch
    target = _target(row, EMPTY_RESULT, method, year)
    return Aim(branches, _natural(target, scoring), scoring, target)


def _natural(target: Target, scoring: Scoring) -> Nature:
    """Where a percent is the declared achievement the cell takes whatever is typed, and shows by its format what it was."""
    if scoring.percent_result == "declared":
        return Nature.NUMBER
    if target.kind in (TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE):
        return Nature.DATE
    return Nature.PERCENT if target.unit == "%" and target.kind is not TargetKind.RELATIVE else Nature.NUMBER


def _target(row: FormRow, result: Result, method: Method, year: int | None) -> Target:
    cell = row.targets.get(year, row.targets.get(None, EMPTY))
    return read_target(cell, row.algorithm.text, row.title, result, method, year)


def _example(nature: Nature) -> Result:
    match nature:
        case Nature.PERCENT:
            return Result(ResultKind.PERCENT, Decimal(50), "%")
        case Nature.NUMBER:
            return Result(ResultKind.NUMBER, Decimal(50), "n.")
        case _:
            # the day after every close: of later ones it may not be certain which close they speak of
            return Result(ResultKind.DATE, unit="data", dates=(date(2000, 1, 1),))


def _branch(nature: Nature, row: FormRow, method: Method, scoring: Scoring, year: int | None) -> Branch | None:
    example = _example(nature)
    target = _target(row, example, method, year)
    outcome = compare(target, example, scoring)
    if not isinstance(outcome, Compared) or outcome.comparison.parts or outcome.note_code:
        return None
    declared = nature is Nature.PERCENT and scoring.percent_result == "declared"
    if target.kind not in NATIVE and not declared:
        return None
    days = nature is Nature.DATE and target.kind is TargetKind.DAYS_WITHIN
    months = PERIOD_MONTHS.get(target.period or "", 0) if days else 0
    doubtful = nature is Nature.NUMBER and target.unit == "%"
    below = None
    if declared:
        negative = compare(target, replace(example, value=Decimal(-50)), scoring)
        below = negative.comparison if isinstance(negative, Compared) and not negative.note_code else None
    return Branch(outcome.comparison, months, doubtful, below)


def is_declared(branch: Branch) -> bool:
    """Whether the result is the percent itself."""
    return branch.comparison.rule is Rule.DECLARED
