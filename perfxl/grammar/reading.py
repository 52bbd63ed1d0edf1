"""One target cell (or *Algoritmo*) read by itself: formula, relative, range, clauses, bare value, milestone, measure, in that order."""

from __future__ import annotations

import re
from dataclasses import replace

from perfxl.grammar.algorithm import Draft
from perfxl.grammar.bare import bare_value, counted, made, milestone
from perfxl.grammar.clauses import (
    BARE_DATES,
    Clause,
    between_clauses,
    clauses_of,
    dated,
    due_of,
    unreadable,
    without_side_remarks,
)
from perfxl.grammar.dates import MARK, DateHit, masked
from perfxl.grammar.ranges import range_of, range_of_clauses
from perfxl.grammar.relative import relative_target
from perfxl.grammar.text import in_full, looks_like_formula, outside_parentheses, without_end_mark
from perfxl.grammar.words import LINK, SYMBOL, WORDED, measure_unit
from perfxl.model import Target, TargetKind

_NOTHING = re.compile(
    r"(?:-+|/|n\.?\s?[dcap]\.?|nd|na|nessun[oa]?(?: target)?|non previst[oa]|non definit[oa]|non assegnat[oa])(?:\s*/\s*n\.?\s?[dca]\.?)*\.?"
)
_DATED = frozenset({TargetKind.DEADLINE, TargetKind.MULTI_DEADLINE})
_VALUED = frozenset({TargetKind.THRESHOLD, TargetKind.EQUALITY, TargetKind.COUNT, TargetKind.DAYS_WITHIN})
_DIGIT = re.compile(r"\d")
_YEARS = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d/%]|[.,]\d|\s*%)")
_WITHIN_BARE = re.compile(r"entro\s+(?:i\s+)?(?P<number>\d+)")
_PERCENT = re.compile(r"\d\s*%")
_ANOTHER = re.compile(r"[^\d.;:(]{0,60}?(?:\b(?:o|oppure|ed?)\b|/|,)\s*(?:(?:il|l'|al|almeno|n\.?°?|€)\s*)*(?!(?:19|20)\d\d\b)\d")
_RATE = re.compile(r"\b(?:al|a|per|ogni|ciascun[oa]?)\s+(?:mese|bimestre|trimestre|quadrimestre|semestre|settimana|giorno)\b")
_YEAR_ALONE = re.compile(rf"(?:{SYMBOL}|(?:{WORDED}){LINK})\s*(?P<year>(?:19|20)\d\d)")
_LISTED = re.compile(r"^\d{1,2}[.)]\s+(?=(?:entro|non oltre)\b)")
_CANT = "testo che non indica con certezza un target"


def drafted(words: str, original: str, year: int | None) -> Draft:
    """What the plain text says by itself; `original` is kept to tell formulas typed as text."""
    if looks_like_formula(original):
        return Draft(unreadable("testo che sembra una formula"))
    if _NOTHING.fullmatch(words):
        return Draft(Target(TargetKind.NONE))
    text = _LISTED.sub("", without_end_mark(in_full(words)))
    if "‰" in text:
        return Draft(unreadable("un valore per mille: scriverlo in percentuale"))
    draft = _read(text, year)
    if draft.target.unit == "n." and draft.target.kind in _VALUED and _RATE.search(outside_parentheses(text)):
        return Draft(unreadable("un valore per ogni periodo: scrivere quanti nell'anno"))
    return draft


def _read(text: str, year: int | None) -> Draft:
    relative = relative_target(text)
    if relative:
        return Draft(relative)
    if year is not None and (match := _YEAR_ALONE.fullmatch(text)) and year - 10 <= int(match["year"]) <= year:
        return Draft(unreadable("un anno o una quantità? Per il confronto con un anno scrivere «> del 2018»"))
    marked, hits = masked(text)
    if (found := range_of(marked)) is not None:
        return Draft(found)
    if draft := counted(marked) or _within_bare(marked):
        return draft
    return _from_clauses(marked, hits, year) or _without_clauses(marked, hits, year)


def _within_bare(text: str) -> Draft | None:
    """`entro 15`: days, if the algorithm says so."""
    match = _WITHIN_BARE.fullmatch(text)
    inner = bare_value(match["number"]) if match else None
    if inner is None:
        return None
    return Draft(replace(inner.target, kind=TargetKind.THRESHOLD, operator="<="), unit_printed=False, bare_within=True)


def _from_clauses(text: str, hits: tuple[DateHit, ...], year: int | None) -> Draft | None:
    main = without_side_remarks(outside_parentheses(text))
    if not main.strip():
        main = without_side_remarks(text)
    measure = measure_unit(main.strip())
    clauses = clauses_of(main, hits, year, at=measure in {None, "data"})
    symbolic = [clause for clause in clauses if clause.symbolic]
    if symbolic:
        return _symbolic(main, clauses, symbolic, measure)
    return _worded(main, clauses, measure) if clauses else None


def _symbolic(text: str, clauses: list[Clause], symbolic: list[Clause], measure: str | None) -> Draft:
    """The operator printed as a symbol wins over `entro 5 gg` of the measure's definition; the last one, where it ends the text."""
    if (found := range_of_clauses(text, symbolic)) is not None:
        return Draft(found)
    last = symbolic[-1]
    if len(symbolic) > 1 and not (measure and not text[last.end :].strip()):
        return Draft(unreadable("più soglie nella stessa cella"))
    later = [clause for clause in clauses if clause.start >= last.end]
    before = text[: last.start]
    if re.search(r"[<>=]", text[last.end :]) or re.search(r"[<>=]\s*$|[<>]", between_clauses(before, [])):
        return Draft(unreadable("più operatori, uno senza valore"))
    if bare_value(before.strip()) or another_value(text[last.end :]):
        return Draft(unreadable("più di un valore: non è certo quale sia il target"))
    return _draft(last, later, measure)


def _worded(text: str, clauses: list[Clause], measure: str | None) -> Draft:
    """`almeno 2`, `entro il 31/12`: one of them, or all alike; in an algorithm, the one in the measure's own unit."""
    values = [clause for clause in clauses if clause.target.kind not in _DATED]
    deadlines = [clause for clause in clauses if clause.target.kind in _DATED]
    if deadlines and not values and (draft := _value_before(text, deadlines)):
        return draft
    if _PERCENT.search(between_clauses(text, clauses)):
        return Draft(unreadable("una percentuale accanto a un'altra condizione: non è certo quale sia il target"))
    if (found := range_of_clauses(text, values)) is not None:
        return Draft(found)
    if measure in {"%", "n.", "€", "gg"}:
        values = [clause for clause in values if clause.target.unit == measure or not clause.unit_printed]
        if not values:
            return Draft(Target(TargetKind.NONE, unit=measure))
    rest = text[clauses[-1].end :]
    if not values:
        return Draft(
            _together(deadlines) if not re.search(MARK, rest) else unreadable("più date: non è certo quale sia la scadenza")
        )
    if another_value(rest):
        return Draft(unreadable("più di un valore: non è certo quale sia il target"))
    first = values[0]
    if any(clause.target != first.target for clause in values):
        return Draft(unreadable("più target nella stessa cella"))
    if measure == "data" and first.target.kind is not TargetKind.DAYS_WITHIN:
        return Draft(unreadable("un valore, mentre il testo chiede una data"))
    return _draft(first, [clause for clause in deadlines if clause.start > first.start], measure)


def _value_before(text: str, deadlines: list[Clause]) -> Draft | None:
    """`n. 3 report entro il 31/12/2019`: a bare value, and the date by which it is due."""
    before = text[: deadlines[0].start].strip(" ,;:-")
    draft = bare_value(before) or made(before)
    if draft and draft.target.kind in _VALUED:
        days = {day for clause in deadlines for day in clause.target.dates}
        if len(days) > 1 and draft.target.unit == "n." and draft.target.value == len(days):
            return None  # "due relazioni entro il 30/6 e il 31/12": one for each date
        due = due_of(deadlines)
        return replace(draft, target=replace(draft.target, dates=due)) if due else Draft(unreadable("un valore con più scadenze"))
    return None


def _draft(clause: Clause, later: list[Clause], measure: str | None) -> Draft:
    target = clause.target
    if not clause.unit_printed and measure in {"%", "€", "gg"}:
        if measure == "%" and (target.value is None or abs(target.value) <= 1):  # 1, or 100 %?
            return Draft(target, unit_printed=False)
        target = replace(target, unit=measure)
    if target.kind in _VALUED:
        target = replace(target, dates=due_of(later))
    printed = clause.unit_printed or measure is not None
    return Draft(target, unit_printed=printed)


def _together(deadlines: list[Clause]) -> Target:
    """`entro luglio ed entro dicembre`: the deadlines of a cell, each once."""
    if len(deadlines) == 1:
        return deadlines[0].target
    wrong = next((clause.target for clause in deadlines if clause.target.problem or clause.target.operator != "<="), None)
    if wrong:
        return wrong if wrong.problem else unreadable("scadenze con operatori diversi")
    days = tuple(dict.fromkeys(day for clause in deadlines for day in clause.target.dates))
    return Target(TargetKind.MULTI_DEADLINE if len(days) > 1 else TargetKind.DEADLINE, "<=", unit="data", dates=days)


def another_value(rest: str) -> bool:
    """Whether a second value follows the clause: `>= 80% o 90%`, `almeno 3 progetti e 2 report`; a year isn't one."""
    return bool(_ANOTHER.match(rest))


def _without_clauses(text: str, hits: tuple[DateHit, ...], year: int | None) -> Draft:
    if match := BARE_DATES.fullmatch(text):
        target = dated(match["dates"], hits, year, None)
        return Draft(target, operator_printed=False)
    if draft := bare_value(text):
        return draft
    outside = outside_parentheses(text)
    figures = _DIGIT.search(_YEARS.sub(" ", outside)) or re.search(MARK, outside)
    if not figures and (unit := measure_unit(text)):
        return Draft(Target(TargetKind.NONE, unit=unit))
    if draft := milestone(text, figures=bool(figures)):
        return draft
    return Draft(unreadable(_CANT))
