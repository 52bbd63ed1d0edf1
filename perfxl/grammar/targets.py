"""Targets: what the target cell says, with the *Algoritmo* text beside it (METHODS: words that targets are made of)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from perfxl.grammar.algorithm import Draft, completed
from perfxl.grammar.clauses import unreadable
from perfxl.grammar.dates import plausible
from perfxl.grammar.numbers import in_measure, percent_of, tidy
from perfxl.grammar.reading import drafted
from perfxl.grammar.text import plain
from perfxl.grammar.typed import REMEMBERED, Typed
from perfxl.grammar.words import measure_unit, period_of
from perfxl.model import Cell, CellKind, Target, TargetKind, cell_of

_EMPTY = Target(TargetKind.NONE)
_LIMIT = re.compile(r"\b(?:massim|minim)[oa]\b")


def parse_target(text_or_value: object, *, algorithm: str | Cell | None = "", year: int | None = None) -> Target:
    """Read a target: a text, a bare value or a `Cell`.

    Args:
        text_or_value: what stands in the target cell (`>= 80%`, `entro Aprile`, 0.9 under a percent format, a date, None).
        algorithm: the *Algoritmo* text beside it; a bare value takes operator and unit from there.
        year: the plan's year, for dates printed without one (`entro il 30/6`).

    Returns:
        A `Target`; percentages in percent, units `%`, `n.`, `gg`, `€`, `data`. What can't be read with certainty has kind
        `unreadable` and an Italian `problem`; a deadline without year where none is given keeps its kind, without dates.

    Source: METHODS.md, "Words that targets are made of"; see docs/grammatica.md.
    """
    cell = cell_of(text_or_value)
    beside = algorithm if isinstance(algorithm, str) else cell_of(algorithm).text
    if cell.kind is CellKind.TEXT:
        return _parsed(str(cell.value), beside, year)
    if type(cell.value) in REMEMBERED:
        return _of_typed(Typed(cell), beside, year)
    return _of_value(cell, beside, year)


@lru_cache(maxsize=8192)
def algorithm_target(text: str, year: int | None) -> Target:
    """What the *Algoritmo* text says: a whole target, or the unit and period of a measure without one (kind `none`)."""
    words = plain(text)
    if not words:
        return _EMPTY
    target = drafted(words, text, year).target
    period = target.period or period_of(words)
    if target.kind is TargetKind.UNREADABLE:
        return replace(target, unit=measure_unit(words), period=period)
    return replace(target, period=period)


@lru_cache(maxsize=32768)
def _parsed(text: str, algorithm: str, year: int | None) -> Target:
    words = plain(text)
    if not words:
        return replace(_EMPTY, text=text)
    draft = drafted(words, text, year)
    if draft.target.kind is TargetKind.UNREADABLE:
        return replace(draft.target, text=text)
    if not algorithm.strip():
        target = completed(draft, _EMPTY)
        alone = _measure_period(words, target)
        return replace(target, text=text, period=target.period or alone)
    return replace(_completed(draft, algorithm, year), text=text)


def _completed(draft: Draft, algorithm: str, year: int | None) -> Target:
    """The target with what the *Algoritmo* says; `numero massimo di reclami` without an operator makes a bare count uncertain."""
    target = completed(draft, algorithm_target(algorithm, year))
    if target.kind is TargetKind.COUNT and target.operator is None and _LIMIT.search(plain(algorithm)):
        return unreadable("un numero senza operatore accanto a un massimo o a un minimo: non è certo da che parte stia il limite")
    return target


@lru_cache(maxsize=8192)
def _of_typed(typed: Typed, beside: str, year: int | None) -> Target:
    return _of_value(typed.cell, beside, year)


def _of_value(cell: Cell, beside: str, year: int | None) -> Target:
    draft = _typed(cell)
    target = _completed(draft, beside, year) if draft.target.kind is not TargetKind.UNREADABLE else draft.target
    return replace(target, text=cell.text)


def _measure_period(words: str, target: Target) -> str | None:
    """An *Algoritmo* read by itself shows its period; a target cell with nothing beside it hardly ever has one."""
    return None if target.kind is TargetKind.UNREADABLE else period_of(words)


def _typed(cell: Cell) -> Draft:
    """A bare value as Excel typed it: number, percent, date."""
    value = cell.value
    if cell.kind is CellKind.EMPTY:
        return Draft(_EMPTY)
    if cell.kind is CellKind.ZERO_DATE:
        return Draft(unreadable("data zero (00/01/1900)"))
    if isinstance(value, date):
        return _typed_date(value)
    if isinstance(value, Decimal):
        return _typed_number(cell, value)
    what = f"errore di Excel: {value}" if cell.kind is CellKind.ERROR else f"valore logico: {cell.text}"
    return Draft(unreadable(what))


def _typed_date(value: date) -> Draft:
    if not plausible(value):
        return Draft(unreadable(f"data improbabile: {value:%d/%m/}{value.year} (forse un numero con formato data)"))
    return Draft(Target(TargetKind.DEADLINE, unit="data", dates=(value,)), operator_printed=False)


def _typed_number(cell: Cell, value: Decimal) -> Draft:
    if not in_measure(value):
        return Draft(unreadable("numero fuori misura"))
    if cell.kind is CellKind.PERCENT:
        return Draft(Target(TargetKind.EQUALITY, "=", percent_of(value), unit="%"), operator_printed=False)
    euro = "€" in cell.number_format or "eur" in cell.number_format.lower()
    return Draft(
        Target(TargetKind.COUNT, value=tidy(value), unit="€" if euro else "n."), operator_printed=False, unit_printed=euro
    )
