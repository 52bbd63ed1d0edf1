"""Entries scored: the rules' percent, and the typed one in its place where the method says that what was typed counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import SheetRole
from perfxl.rollup.entries import Entry, owner_of, percent_of
from perfxl.scoring.finish import state_of
from perfxl.scoring.rounding import round_exact, shown
from perfxl.scoring.rows import RowScore, score_rows

if TYPE_CHECKING:
    from perfxl.methods.schema import Method


def scored(entries: Sequence[Entry], method: Method, year: int | None, as_of: date | None) -> list[Entry]:
    """The entries with their scores under `method`."""
    triples = [(e.code, e.target, e.result) for e in entries]
    owners = [owner_of(e.row, method) for e in entries] if method.exceptions else ()
    scores = score_rows(triples, method, year=year, as_of=as_of, previous=[e.previous for e in entries], owners=owners)
    return [_typed(_with_score(e, s), method) for e, s in zip(entries, scores, strict=True)]


def _with_score(e: Entry, score: RowScore) -> Entry:
    """`dataclasses.replace` in half the time: it is done for every row of every sheet."""
    return Entry(
        e.uid, e.sheet, e.row, e.target, e.target_cell, e.result, e.code, score, e.counting, e.adjustment, e.computed, e.previous
    )


def _typed(entry: Entry, method: Method) -> Entry:
    """The percent typed beside a measured result, where it outranks ours; ours stays in `computed` (METHODS, *typed input*)."""
    score, typed = entry.score, percent_of(entry.row.typed_pct)
    if method.rollup.typed_input != "typed_counts" or typed is None or score is None or score.pct is None:
        return entry
    if entry.sheet.role is SheetRole.OBJECTIVES or score.policy:
        return entry
    return replace(entry, score=put(score, Fraction(typed), method), computed=score)


def put(score: RowScore, pct: Fraction, method: Method) -> RowScore:
    """A score with another percent in the place of its own, rounded where the method rounds at each level."""
    rounding = method.rounding
    value = round_exact(pct, rounding.decimals, rounding.mode) if rounding.stage == "each_level" else pct
    figure = shown(value, rounding.decimals, rounding.mode)
    return replace(score, pct=value, shown=figure, state=state_of(pct, method.states.indicator), policy="", blocks=False)
