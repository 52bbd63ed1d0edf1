"""Ranges: `380% - 390%`, `tra 10% e 13%`, `da 10 a 13`, `>= 10 e <= 20`, `10 <= x <= 20`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.grammar.clauses import unreadable
from perfxl.grammar.numbers import SIGNED, SIGNED_DIGITS, number_of
from perfxl.grammar.words import UNIT, measure_unit, unit_of
from perfxl.model import Target, TargetKind

if TYPE_CHECKING:
    from perfxl.grammar.clauses import Clause

_MEASURE = r"(?P<measure>(?:%|n\.|€)\s[^\d<>=%€]*)?"
_DASHED = re.compile(
    rf"{_MEASURE}(?P<low>{SIGNED_DIGITS})\s*(?P<unit1>{UNIT})?\s*-\s*(?P<high>{SIGNED_DIGITS})\s*(?P<unit2>{UNIT})?(?P<words>\s+[a-zà-ù]+)?"
)
_BETWEEN = re.compile(
    rf"{_MEASURE}(?:valore\s+)?(?:compres[oaie]\s+)?(?:(?P<from>dal(?:l')?|da)|tra|fra|tra il|fra il|tra l'|fra l')\s*(?:il\s+|l'|n\.\s*)?"
    rf"(?P<low>{SIGNED})\s*(?P<unit1>{UNIT})?\s+(?P<to>ad?|al|all'|e|e il|ed|e l')\s*(?:n\.\s*)?(?P<high>{SIGNED})\s*(?P<unit2>{UNIT})?(?P<words>\s+[a-zà-ù]+)?"
)
_SANDWICH = re.compile(
    rf"(?P<low>{SIGNED_DIGITS})\s*(?P<unit1>{UNIT})?\s*<=\s*[a-zà-ù][^\d<>=%€]*<=\s*(?P<high>{SIGNED_DIGITS})\s*(?P<unit2>{UNIT})?"
)
_COULD_BE_DATE = re.compile(r"\d{1,2}-(?:0?[1-9]|1[0-2])")


def range_of(text: str) -> Target | None:
    """The range that a whole cell states; `unreadable` where its ends don't fit; None where it isn't one."""
    match = _DASHED.fullmatch(text)
    if match and _COULD_BE_DATE.fullmatch(text):
        return unreadable(f"può essere un intervallo o una data: «{text}»")
    if not match and (match := _SANDWICH.fullmatch(text)):
        return _checked(match)
    if not match:
        match = _BETWEEN.fullmatch(text)
        if not match or (match["from"] is None) != match["to"].startswith("e"):
            return None
    return _checked(match)


def range_of_clauses(text: str, clauses: list[Clause]) -> Target | None:
    """`>= 10 e <= 20`: two operators that close an interval."""
    if len(clauses) != 2 or not re.fullmatch(r"\s*(?:e|ed|,|;)?\s*", text[clauses[0].end : clauses[1].start]):
        return None
    by_operator = {clause.target.operator: clause.target for clause in clauses}
    low, high = by_operator.get(">="), by_operator.get("<=")
    if low is None or high is None or low.value is None or high.value is None:
        return None
    units = {clause.target.unit for clause in clauses if clause.unit_printed}
    if len(units) > 1:
        return None
    if low.value > high.value:
        return unreadable("estremi dell'intervallo non coerenti")
    return Target(TargetKind.RANGE, low=low.value, high=high.value, unit=units.pop() if units else "n.")


def _checked(match: re.Match[str]) -> Target:
    low, high = number_of(match["low"]), number_of(match["high"])
    first, second = unit_of(None, match["unit1"]), unit_of(None, match["unit2"])
    if low is None or high is None:
        return unreadable(f"intervallo non leggibile: «{match.group()}»")
    if low > high or (first and second and first != second) or (first and not second):
        return unreadable(f"estremi dell'intervallo non coerenti: «{match.group()}»")
    unit = second or (measure_unit(measure) if (measure := match.groupdict().get("measure")) else None)
    return Target(TargetKind.RANGE, low=low, high=high, unit=unit or "n.")
