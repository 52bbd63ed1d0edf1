"""Whole columns through the rules: a million rows in one pass, every percent an exact fraction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from perfxl.model.record import record
from perfxl.scoring.columns import Columns, Rule
from perfxl.scoring.finish import UNMEASURED, finish, full_where_reached, states
from perfxl.scoring.rules import (
    deadline,
    declared,
    decreasing_linear,
    decreasing_ratio,
    holds,
    in_range,
    in_range_or_zero,
    increasing,
    met_or_missed,
)
from perfxl.scoring.rules.met_or_missed import ABOVE, BELOW, not_strict

if TYPE_CHECKING:
    from perfxl.methods.schema import Scoring, StateLevel


@record(frozen=True, slots=True)
class Scores:
    """n rows: raw and official percent as exact fractions (denominator 0 = unmeasured), state codes of `scoring.finish`.

    `unmet` marks rows whose strict operator isn't satisfied: they can't be *raggiunto*, whatever the tolerance.
    """

    raw_num: Any
    raw_den: Any
    num: Any
    den: Any
    state: Any
    unmet: Any


def score_columns(columns: Columns, scoring: Scoring, level: StateLevel) -> Scores:
    """Score n rows under one set of rules. Same result for int64 and for Python-integer columns."""
    size, dtype = len(columns), columns.result.dtype
    num, den = np.zeros(size, dtype=dtype), np.zeros(size, dtype=dtype)
    for rule in np.flatnonzero(np.bincount(columns.rule)).tolist():  # np.unique would import the masked arrays
        if rule == Rule.UNMEASURED:
            continue
        index = np.flatnonzero(columns.rule == rule)
        part = columns.take(index) if len(index) != size else columns
        num[index], den[index] = _apply(Rule(rule), part, scoring)
    strict = (columns.operator == ABOVE) | (columns.operator == BELOW)
    unmet = np.zeros(size, dtype=bool)
    if scoring.strict == "not_reached_at_equality" and strict.any():
        unmet = strict & ~holds(columns.result, columns.target, columns.operator) & (columns.rule != Rule.DECLARED)
    if scoring.negative == "not_computable":
        signed = (columns.result < 0) | (columns.target < 0) | (columns.low < 0) | (columns.high < 0)
        negative = signed & (columns.rule != Rule.DECLARED)
        den = np.where(negative, 0, den)
    return settle(num, den, unmet, scoring, level)


def settle(raw_num: Any, raw_den: Any, unmet: Any, scoring: Scoring, level: StateLevel) -> Scores:
    """From raw fractions to official ones and states."""
    num, den = finish(raw_num, raw_den, scoring)
    state = states(num, den, level.reached_from, level.critical, unmet)
    if scoring.reached_scores == "full":
        num, den = full_where_reached(num, den, state)
    return Scores(raw_num, raw_den, np.where(state == UNMEASURED, 0, num), den, state, unmet)


def _apply(rule: Rule, c: Columns, scoring: Scoring) -> tuple[Any, Any]:
    strict = ((c.operator == ABOVE) | (c.operator == BELOW)) & (scoring.strict != "ratio_only")
    zero = scoring.zero_target == "holds_or_zero"
    match rule:
        case Rule.INCREASING:
            return increasing(c.result, c.target, strict, zero_computable=zero)
        case Rule.DECREASING:
            by = decreasing_linear if scoring.decreasing == "linear" else decreasing_ratio
            return by(c.result, c.target, strict, zero_computable=zero)
        case Rule.MET_OR_MISSED:
            return met_or_missed(c.result, c.target, c.operator if scoring.strict != "ratio_only" else not_strict(c.operator))
        case Rule.RANGE:
            return (in_range_or_zero if scoring.range == "zero_outside" else in_range)(c.result, c.low, c.high)
        case Rule.DEADLINE:
            bands = [(band.days, *band.pct.as_integer_ratio()) for band in scoring.late_bands]
            return deadline(
                c.result // c.scale,
                c.target // c.scale,
                mode=scoring.deadline,
                bands=bands,
                days_to_zero=scoring.proportional_days or 1,
            )
        case _:
            return declared(c.result, c.scale)
