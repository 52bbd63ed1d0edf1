"""Which of the targets written in an indicator's text a result answers (Lucca: the text holds the target)."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.model import Result, ResultKind, Target, TargetKind

NUMERIC = frozenset({TargetKind.THRESHOLD, TargetKind.COUNT, TargetKind.EQUALITY, TargetKind.RANGE, TargetKind.DAYS_WITHIN})
DATED = frozenset({TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE})


def target_in_text(clauses: Sequence[Target], result: Result, text: str) -> Target:
    """The one clause of the result's nature, or the only one there is; `none` for no such clause, `unreadable` for several."""
    fitting = [clause for clause in clauses if _fits(clause, result)]
    distinct = list({(c.kind, c.operator, c.value, c.low, c.high, c.unit, c.dates): c for c in fitting}.values())
    if len(distinct) == 1:
        return distinct[0]
    if not distinct:
        every = set(clauses)  # the only one there is: what doesn't fit it is then said of it
        return every.pop() if len(every) == 1 else Target(TargetKind.NONE, text=text)
    listed = "; ".join(f"«{clause.text}»" for clause in distinct)
    return Target(TargetKind.UNREADABLE, text=text, problem=f"più target possibili nel testo: {listed}")


def _fits(clause: Target, result: Result) -> bool:
    match result.kind:
        case ResultKind.DATE | ResultKind.MONTH:
            return clause.kind in DATED
        case ResultKind.NUMBER | ResultKind.VALUES:
            return clause.kind in NUMERIC and _unit(clause) == ("n." if result.unit is None else result.unit)
        case ResultKind.VARIATION:
            return clause.kind is TargetKind.RELATIVE
        case ResultKind.DONE | ResultKind.NOT_DONE:
            return clause.kind is TargetKind.MILESTONE
        case _:
            return clause.kind not in (TargetKind.NONE, TargetKind.UNREADABLE)


def _unit(clause: Target) -> str:
    return "gg" if clause.kind is TargetKind.DAYS_WITHIN else clause.unit or "n."
