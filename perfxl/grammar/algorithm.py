"""A bare target (`80%`, `3`, `15/12/2019`) takes operator and unit from the *Algoritmo* text beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from perfxl.grammar.clauses import WITHIN_WHAT, unreadable
from perfxl.grammar.numbers import percent_of
from perfxl.model import Target, TargetKind
from perfxl.model.record import record

_DATED = frozenset({TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE})
_BARE_PERCENT = frozenset({TargetKind.COUNT, TargetKind.EQUALITY})
_LENDERS = frozenset({TargetKind.THRESHOLD, TargetKind.EQUALITY, TargetKind.DAYS_WITHIN, TargetKind.COUNT})
_EXCEL_EPOCH_SERIALS = range(18264, 73415)  # 01/01/1950 to 31/12/2100 in the 1900 system


@record(frozen=True, slots=True)
class Draft:
    """A target as its own cell says it: what was printed there, and what is still to be taken from the algorithm."""

    target: Target
    operator_printed: bool = True
    unit_printed: bool = True
    bare_within: bool = False  # "entro 15": the unit must come from the algorithm


def completed(draft: Draft, algorithm: Target) -> Target:
    """The target with operator, unit and period of the algorithm, or unreadable where the two don't fit."""
    target = draft.target
    if target.kind in _DATED:
        return _dated(draft, algorithm)
    if target.kind is TargetKind.MILESTONE and algorithm.kind in _DATED:
        return unreadable("il target dice che cosa fare, l'algoritmo entro quando: scrivere la data nel target")
    if target.kind is TargetKind.RANGE:
        return _range(target, algorithm)
    if target.value is None or target.kind not in _LENDERS:
        return target
    if draft.bare_within and algorithm.kind is not TargetKind.DAYS_WITHIN:
        return unreadable(WITHIN_WHAT)
    whole = _with_operator(draft, algorithm) if draft.unit_printed else _without_unit(draft, algorithm)
    aimless = not draft.operator_printed and (whole.operator is None or algorithm.operator is None)
    if aimless and whole.value is not None and whole.value < 0:
        return unreadable("valore negativo senza operatore: non è certo se debba scendere o salire")
    return whole


def _range(target: Target, algorithm: Target) -> Target:
    """A range printed without unit takes the measure's; a percent only where it can't be a fraction."""
    if target.unit != "n." or algorithm.unit in {None, "n.", "data"}:
        return target
    if algorithm.unit == "%" and target.low is not None and abs(target.low) <= 1:
        return unreadable("numeri senza «%» accanto a un algoritmo in percentuale: non è certo se siano frazioni")
    return replace(target, unit=algorithm.unit)


def _dated(draft: Draft, algorithm: Target) -> Target:
    target = draft.target
    if target.kind is TargetKind.MULTI_DEADLINE and target.period is None and algorithm.unit in {None, "data"}:
        target = replace(target, period=algorithm.period)
    if draft.operator_printed:
        return target
    if algorithm.unit not in {None, "data"} and algorithm.kind is not TargetKind.DAYS_WITHIN:
        return unreadable(f"una data, mentre l'algoritmo chiede «{algorithm.unit}»")
    return replace(target, operator=algorithm.operator)


def _without_unit(draft: Draft, algorithm: Target) -> Target:
    value = draft.target.value
    assert value is not None
    if algorithm.unit == "%":
        percent = _as_percent(value, algorithm.value)
        if percent is None:
            return unreadable("numero senza «%» accanto a un algoritmo in percentuale: non è certo se sia una frazione")
        kind = TargetKind.EQUALITY if draft.target.kind is TargetKind.COUNT else draft.target.kind
        operator = draft.target.operator if draft.operator_printed else "="
        return _with_operator(
            replace(draft, target=replace(draft.target, kind=kind, operator=operator, value=percent, unit="%")), algorithm
        )
    if algorithm.unit == "data" and algorithm.kind is not TargetKind.NONE:
        return _serial(value, algorithm)
    if algorithm.unit == "data":
        return unreadable("un numero, mentre l'algoritmo chiede una data")
    unit = algorithm.unit or draft.target.unit
    return _with_operator(replace(draft, target=replace(draft.target, unit=unit)), algorithm)


def _as_percent(value: Decimal, wanted: Decimal | None) -> Decimal | None:
    """0.6 beside `>= 60%` is 60, 60 is 60; anything else isn't certain."""
    if wanted is None:
        return None
    return next((percent for percent in (percent_of(value), value) if percent == wanted), None)


def _serial(value: Decimal, algorithm: Target) -> Target:
    """A number beside an algorithm with a date: only that very date's Excel serial is read."""
    if value == value.to_integral_value() and int(value) in _EXCEL_EPOCH_SERIALS and len(algorithm.dates) == 1:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        if day == algorithm.dates[0]:
            return Target(TargetKind.DEADLINE, algorithm.operator, unit="data", dates=(day,))
    return unreadable("un numero, mentre l'algoritmo chiede una data")


def _same_amount(target: Target, algorithm: Target) -> bool:
    """`5%` beside `riduzione di almeno il 5%`: the same target, which there says its side too."""
    return target.value is not None and algorithm.value is not None and abs(target.value) == abs(algorithm.value)


def _hundredfold(value: Decimal | None, wanted: Decimal | None) -> bool:
    return value is not None and wanted is not None and wanted != 0 and value == 100 * wanted


def _with_operator(draft: Draft, algorithm: Target) -> Target:
    target = draft.target
    days = algorithm.kind is TargetKind.DAYS_WITHIN and target.unit == "gg"
    if days and target.kind in {TargetKind.THRESHOLD, TargetKind.DAYS_WITHIN} and target.operator in {"<=", "<"}:
        return replace(target, kind=TargetKind.DAYS_WITHIN, period=target.period or algorithm.period)
    if draft.operator_printed:
        return target
    if algorithm.kind is TargetKind.RELATIVE and target.unit == "%" and _same_amount(target, algorithm):
        return algorithm
    if target.unit == "%" == algorithm.unit and _hundredfold(target.value, algorithm.value):
        return unreadable("una percentuale cento volte quella dell'algoritmo: forse nella cella manca o avanza il formato «%»")
    if algorithm.unit not in {None, target.unit} and (target.unit, algorithm.unit) != ("gg", "data"):
        return unreadable(f"«{target.unit}» nel target, «{algorithm.unit}» nell'algoritmo")
    if algorithm.kind not in _LENDERS:
        return target
    if days:
        return replace(target, kind=TargetKind.DAYS_WITHIN, operator=algorithm.operator, period=target.period or algorithm.period)
    if algorithm.operator is None:
        return target
    return replace(target, kind=algorithm.kind, operator=algorithm.operator)
