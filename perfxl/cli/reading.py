"""How a target and a result were understood, in Italian words and as JSON (`perfxl leggi`, `perfxl valuta`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.cli.jsonout import json_number
from perfxl.cli.terminal import number
from perfxl.findings import Finding, finding
from perfxl.model import Result, ResultKind, Target, TargetKind
from perfxl.model.words import RESULT_WORDS, TARGET_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from perfxl.model import CellRef


def target_words(target: Target) -> str:
    """`soglia >= 80 %`, `scadenza 31/12/2019`, `intervallo 380–390 %`."""
    parts = [TARGET_WORDS[target.kind]]
    if target.operator:
        parts.append(target.operator)
    if target.low is not None and target.high is not None:
        parts.append(f"{number(target.low)}–{number(target.high)}")
    elif target.value is not None:
        parts.append(number(target.value))
    if target.unit and target.unit != "data" and len(parts) > 1:
        parts.append(target.unit)
    parts += [_italian_dates(target.dates)] if target.dates else []
    parts += [f"rispetto a: {target.reference}"] if target.reference else []
    return " ".join(parts) + (f" ({target.problem})" if target.problem else "")


def result_words(result: Result) -> str:
    """`percentuale 74 %`, `data 29/03/2019`, `vuoto`."""
    parts = [RESULT_WORDS[result.kind]]
    if result.numbers and result.kind is ResultKind.VALUES:
        parts.append("; ".join(map(number, result.numbers)))
    elif result.value is not None:
        parts.append(number(result.value))
        parts += [result.unit] if result.unit else []
    if result.dates:
        parts.append(_italian_dates(result.dates, " – " if result.kind is ResultKind.MONTH else " e "))
    return " ".join(parts) + (f" ({result.problem})" if result.problem else "")


def _italian_dates(dates: Iterable[date], glue: str = " e ") -> str:
    return glue.join(day.strftime("%d/%m/%Y") for day in dates)


def target_json(target: Target) -> dict[str, Any]:
    """A target for `perfxl leggi --json`: numbers as numbers, dates as ISO strings."""
    return {
        "kind": str(target.kind),
        "operator": target.operator,
        "value": json_number(target.value),
        "low": json_number(target.low),
        "high": json_number(target.high),
        "unit": target.unit,
        "dates": [day.isoformat() for day in target.dates],
        "problem": target.problem,
    }


def result_json(result: Result) -> dict[str, Any]:
    """A result for `perfxl leggi --json`."""
    return {
        "kind": str(result.kind),
        "value": json_number(result.value),
        "unit": result.unit,
        "dates": [day.isoformat() for day in result.dates],
        "numbers": [json_number(value) for value in result.numbers],
        "problem": result.problem,
    }


def result_value(result: Result) -> Any:
    """The measure alone, for `perfxl valuta --json`: number, ISO date, list of either, text; None when there is none."""
    if not result.measured:
        return None
    if result.kind is ResultKind.VALUES:
        return [json_number(value) for value in result.numbers]
    if result.kind is ResultKind.DATE:
        days = [day.isoformat() for day in result.dates]
        return days[0] if len(days) == 1 else days
    return json_number(result.value) if result.value is not None else result.text


def reading_findings(
    target: Target | None, result: Result, target_ref: CellRef | None, result_ref: CellRef | None
) -> list[Finding]:
    """What can't be read in a row, as findings of the catalogue (the grammar says why, the reader says where)."""
    found = []
    if target is not None and target.kind is TargetKind.UNREADABLE:
        found.append(finding("PX-G001", target.problem or target.text, target_ref))
    if result.kind is ResultKind.UNREADABLE:
        code = "PX-G003" if "1900" in result.text else "PX-G002"
        found.append(finding(code, result.problem or result.text, result_ref))
    if result.kind is ResultKind.NARRATIVE:
        found.append(finding("PX-G004", result.text, result_ref))
    return found
