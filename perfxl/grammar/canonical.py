"""A target written back in one canonical Italian form: what `parse_target` reads is what `format_target` wrote."""

from __future__ import annotations

from decimal import Decimal

from perfxl.model import Target, TargetKind, italian_number

_DATE_WORDS = {"<=": "entro il ", "<": "prima del ", None: ""}
_MEASURES = {None: "", "%": "%", "n.": "n.", "data": "data", "€": "€", "gg": "giorni"}


def format_target(target: Target) -> str:
    """`>= 80%`, `n. 3`, `entro il 30/06/2019 e il 31/12/2019`, `da 10% a 13%`; an unreadable target is given as it was typed."""
    match target.kind:
        case TargetKind.DEADLINE | TargetKind.MULTI_DEADLINE:
            return _deadline(target)
        case TargetKind.RANGE:
            assert target.low is not None
            assert target.high is not None
            return f"da {_amount(target.low, target.unit)} a {_amount(target.high, target.unit)}"
        case TargetKind.RELATIVE:
            return _relative(target)
        case TargetKind.MILESTONE:
            return "realizzazione" if target.value is None else f"realizzazione di n. {italian_number(target.value)} azione"
        case TargetKind.NONE:
            return _MEASURES.get(target.unit, "")
        case TargetKind.UNREADABLE:
            return target.text
        case _:
            return _valued(target) + _due(target)


def _valued(target: Target) -> str:
    assert target.value is not None
    amount = _amount(target.value, target.unit)
    if target.kind is TargetKind.DAYS_WITHIN:
        after = f" chiusura {target.period}" if target.period else ""
        return f"entro {amount}{after}" if target.operator == "<=" else f"{(target.operator or '') + ' '}{amount}{after}".strip()
    if target.kind is TargetKind.COUNT and target.unit == "n.":
        return f"n. {amount}"
    return amount if target.operator is None else f"{target.operator} {amount}"


def _amount(value: Decimal, unit: str | None) -> str:
    number = italian_number(value)
    if unit == "%":
        return f"{number}%"
    if unit == "€":
        return f"€ {number}"
    return number if unit in {None, "n."} else f"{number} {unit}"


def _due(target: Target) -> str:
    return f" entro il {target.dates[0]:%d/%m/}{target.dates[0].year}" if target.dates else ""


def _deadline(target: Target) -> str:
    dates = " e il ".join(f"{day:%d/%m/}{day.year}" for day in target.dates)
    return _DATE_WORDS.get(target.operator, f"{target.operator} ") + dates if dates else target.text


def _relative(target: Target) -> str:
    anno = "all'" if target.reference and not target.reference[-1].isdigit() else "al "
    against = f" rispetto {anno}{target.reference}" if target.reference else ""
    operator = f"{target.operator} " if target.operator else ""
    if target.value is None:
        return (
            f"{operator or 'miglioramento'}{'del ' if operator and target.reference and target.reference[-1].isdigit() else ''}".strip()
            + (f" {target.reference}" if operator and target.reference and target.reference[-1].isdigit() else against)
        )
    if target.reference:
        return f"{operator}{_amount(target.value, target.unit)}{against}"
    noun, size = ("riduzione", target.value.copy_negate()) if target.value < 0 else ("aumento", target.value)
    shown = (
        {">=": "<=", "<=": ">=", ">": "<", "<": ">"}.get(target.operator or "", target.operator)
        if target.value < 0
        else target.operator
    )
    return f"{noun} {shown + ' ' if shown else 'del '}{italian_number(size)}%"
