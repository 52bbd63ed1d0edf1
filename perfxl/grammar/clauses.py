"""Clauses of a target: an operator with its value (`>= 80%`, `almeno due eventi`) or with its dates (`entro il 30/6 e il 31/12`)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from perfxl.grammar.dates import MARK, DateHit, hit_of
from perfxl.grammar.numbers import DIGITS, WORDS, number_of
from perfxl.grammar.words import LINK, SCALE, SYMBOL, UNIT, VALUE, WITHIN, WORDED, operator_of, period_of, unit_of
from perfxl.model import Target, TargetKind
from perfxl.model.record import record

_TO_DATE = r"(?:(?:il|lo|la|l'|del|dell'|giorno|mese di|fine|la fine del?|il mese di|fine mese di|fine di)\s*)*"
_AND = r"\s*(?:-|,|;|/|\bed?\b|\bnonché\b)\s*(?:(?:il|al|entro|entro il|l'|la|fine)\s*)*"
DATES = rf"(?P<dates>{MARK}(?:(?:{_AND})?{MARK})*)"
_BY = (
    r"(?P<by>\bentro e non oltre\b|\bentro\b|\bnon oltre\b|\bnon dopo\b(?: di\b)?|\bal più tardi\b|\bnon più tardi\b(?: di\b)?"
    r"|\bprima di\b|\bprima del(?:l')?)"
)

_DEADLINE = re.compile(rf"(?:{_BY}|(?P<symbol>{SYMBOL})\s*(?:\bentro\b)?)\s*{_TO_DATE}{DATES}")
_AT = re.compile(rf"(?<!fino )\b(?:al|per il|il)\s+{_TO_DATE}{DATES}")
BARE_DATES = re.compile(rf"(?:in data\s+|il\s+|l'|al\s+)?{DATES}")
_VALUE = re.compile(rf"(?:(?P<symbol>{SYMBOL})(?:\s*(?:di|del|a)\s)?|(?P<word>{WORDED}){LINK})\s*{VALUE}")
_PARTS = r"(?:terz|quart|quint|sest|settim|ottav|decim|mezz)[oiae]\b|(?:mezz|dozzin|decin|ventin|trentin|centinai|migliai)\w*"
_NUMBER_WORD = "|".join(word for word in WORDS if word not in {"un", "una", "uno"})
_RUNS_ON = re.compile(rf" ?\d|-\d|' ?\d|\s*\+\s*\d|\s*{SCALE}|\s+(?:{_PARTS}|(?:{_NUMBER_WORD})\b)")
_AFTER = re.compile(
    rf"(?<![\d.,/])(?P<number>{DIGITS})\s*(?P<unit>{UNIT})?(?:\s+[a-zà-ù]+){{0,3}}?\s*"
    r"(?:(?P<more>\b(?:o|ed?)\s+(?:>|superiore|più|oltre)(?:\s+(?:di|a)\s+(?P=number))?|\b(?:(?:al|come)\s+)?minimo|\bin\s+su\b|\balmeno$)"
    r"|\bo\s+(?:<|inferiore|meno)(?:\s+(?:di|a)\s+(?P=number))?|\b(?:(?:al|come)\s+)?massimo|\bmax\b\.?)(?![\w']|\s*(?:di\s+)?[\d€])"
    rf"(?:\s*(?P<after>{UNIT}))?"
)
_SIDE = re.compile(r"\bdi cui\b[^.;]*|\(\s*(?:almeno|fonte)\b[^)]*\)")
_MARKS = re.compile(MARK)
_DASHED = re.compile(rf"{MARK}\s*-\s*(?:il\s*|al\s*)?{MARK}")


@record(frozen=True, slots=True)
class Clause:
    """A target clause at its place in the text; `unit_printed` tells a printed unit from one that was supposed."""

    target: Target
    start: int
    end: int
    symbolic: bool
    unit_printed: bool = True


_YEAR_OF = re.compile(r".*(?:\b(?:del|al|anno)\s+|\b(?:dell|all)'\s*(?:anno\s+)?)(?P<year>(?:19|20)\d\d)\s*")
_NOT_BEFORE = re.compile(r"\b(?:non|mai)\s*$")
_NO_DEADLINE = re.compile(
    r"\b(?:dopo|oltre|success\w+|posticip\w+|rinvi\w+|rispetto|confronto|situazione|valor[ei]|consistenza|saldo|approvat[oaie]|adottat[oaie])\s*$"
)
_NOT_NEAR = re.compile(r"\b(?:nessun[oa']?|mai|né)\b|\bnon\s+(?:\w+\s+)?$")
_PHRASE = re.compile(r"[.;:,(]")
NEAR = 100  # letters before an operator among which a negation turns it round
DENIED = "una negazione davanti all'operatore: non è certo da che parte stia il limite"
NOT_BEFORE = "una data prima della quale non si deve, e non entro la quale si deve"
NO_DEADLINE = "una data che il testo non dà come scadenza"
WITHIN_WHAT = "«entro» con un numero senza unità: giorni o data?"


def without_side_remarks(text: str) -> str:
    """The text with `di cui almeno una …` blanked out: it qualifies the target before it and isn't one."""
    return _SIDE.sub(lambda match: " " * len(match.group()), text)


def clauses_of(text: str, hits: tuple[DateHit, ...], year: int | None, *, at: bool = False) -> list[Clause]:
    """All clauses of a masked text, in order. `at`: also `al 31/12`, which only some texts use for a deadline."""
    found = [clause for match in _DEADLINE.finditer(text) if (clause := _deadline(match, text, hits, year))]
    more = [clause for match in _AFTER.finditer(text) if (clause := _bounded(match))]
    values = [clause for match in _VALUE.finditer(text) if not _runs_on(match, text) if (clause := _value(match, text))]
    found += more + [clause for clause in values if not any(one.start <= clause.start < one.end for one in more)]
    if at and not found and " dal " not in f" {text} ":
        found = [
            Clause(_due_at(match, text, hits, year), match.start(), match.end(), symbolic=False) for match in _AT.finditer(text)
        ]
    return sorted(found, key=lambda clause: clause.start)


def _due_at(match: re.Match[str], text: str, hits: tuple[DateHit, ...], year: int | None) -> Target:
    """`realizzazione al 31/12` is due by then; `dopo il 30/6`, `situazione al 31/12`, `approvato il 30/6` say no deadline."""
    return unreadable(NO_DEADLINE) if _NO_DEADLINE.search(text[: match.start()]) else dated(match["dates"], hits, year, "<=")


def dated(marks: str, hits: tuple[DateHit, ...], year: int | None, operator: str | None) -> Target:
    """The deadline, or the deadlines, that a list of date marks stands for."""
    if _DASHED.search(marks):
        return unreadable("due date unite da un trattino: non è certo quale sia la scadenza")
    printed = [hit_of(mark, hits) for mark in _MARKS.findall(marks)]
    problem = next((trouble for hit in printed if (trouble := hit.trouble(year_near(hit, printed, year)))), None)
    if problem and not problem.startswith("scadenza senza anno"):
        return unreadable(problem)
    days = tuple(dict.fromkeys(day for hit in printed if (day := hit.resolved(year_near(hit, printed, year)))))
    several = len(set(printed)) > 1 and len(days) != 1
    kind = TargetKind.MULTI_DEADLINE if several else TargetKind.DEADLINE
    return Target(kind, operator, unit="data", dates=() if problem else days, problem=problem)


def year_near(hit: DateHit, printed: list[DateHit], year: int | None) -> int | None:
    """The year of a date without one: that of its list (`il 30/6 e il 31/12/2019`), else the plan's."""
    if hit.year is not None:
        return hit.year
    later = printed[printed.index(hit) :]
    return next((other.year for other in [*later, *reversed(printed)] if other.year is not None), year)


def unreadable(problem: str) -> Target:
    """A target that can't be read with certainty, with the reason in Italian."""
    return Target(TargetKind.UNREADABLE, problem=problem)


def valued(operator: str, number: str, unit: str | None, *, within: bool = False) -> Target | None:
    """`>=`, `80`, `%` as a target; None where the number isn't read."""
    value = number_of(number)
    if value is None:
        return None
    kind = TargetKind.DAYS_WITHIN if within and unit == "gg" else TargetKind.EQUALITY if operator == "=" else TargetKind.THRESHOLD
    return Target(kind, operator, value, unit=unit or "n.")


def _deadline(match: re.Match[str], text: str, hits: tuple[DateHit, ...], year: int | None) -> Clause | None:
    by = match["by"] or ""
    operator = match["symbol"] or ("<" if by.startswith("prima") else "<=")
    if re.match(r"\s*-\s*\d", text[match.end() :]):
        return None
    if _NOT_BEFORE.search(text[: match.start()]) or operator in {">", ">="}:
        return Clause(unreadable(NOT_BEFORE), match.start(), match.end(), symbolic=match["symbol"] is not None)
    return Clause(dated(match["dates"], hits, year, operator), match.start(), match.end(), symbolic=match["symbol"] is not None)


def _runs_on(match: re.Match[str], text: str) -> bool:
    """Whether more figures follow the value, so that it isn't certain where it ends: `>= 8 0%`, `>= 3/4`, `>= 30-40`."""
    rest = text[match.end() :]
    return bool(_RUNS_ON.match(rest)) or (rest.startswith("/") and match.group()[-1].isdigit())


def _value(match: re.Match[str], text: str) -> Clause | None:
    word = match["word"]
    operator = match["symbol"] or operator_of("almeno" if "almeno" in match.group().split() else word)
    unit = unit_of(match["before"], match["unit"])
    within = word in WITHIN
    if _denied(text[: match.start()], operator, worded=word is not None):
        return Clause(unreadable(DENIED), match.start(), match.end(), word is None)
    if unit is None and (reference := _YEAR_OF.fullmatch(match.group())):
        compared = Target(TargetKind.RELATIVE, operator, reference=reference["year"])
        return Clause(compared, match.start(), match.end(), word is None, unit_printed=False)
    if within and unit is None:
        # "entro 15": a day, a number of days, a number of things?
        return Clause(unreadable(WITHIN_WHAT), match.start(), match.end(), symbolic=False)
    target = valued(operator, match["number"], unit, within=within)
    if target is None:
        return Clause(unreadable(f"numero non leggibile: «{match['number']}»"), match.start(), match.end(), word is None)
    if target.kind is TargetKind.DAYS_WITHIN:
        target = replace(target, period=period_of(text))
    return Clause(target, match.start(), match.end(), word is None, unit is not None)


def _denied(before: str, operator: str, *, worded: bool) -> bool:
    """Whether what comes before an operator turns it round in a way that isn't read: `nessuna pratica oltre 5 gg`, `non > 5`."""
    phrase = _PHRASE.split(before[-NEAR:])[-1]
    if not worded:
        return bool(_NOT_BEFORE.search(phrase))
    return operator in {"<", ">"} and bool(_NOT_NEAR.search(phrase))


def _bounded(match: re.Match[str]) -> Clause | None:
    """`5 o più`, `5 gg al massimo`: the operator stands after the value."""
    unit = unit_of(None, match["unit"] or match["after"])
    target = valued(">=" if match["more"] else "<=", match["number"], unit)
    return Clause(target, match.start(), match.end(), symbolic=False, unit_printed=unit is not None) if target else None


def between_clauses(text: str, clauses: list[Clause]) -> str:
    """What the text says outside its clauses."""
    for clause in clauses:
        text = text[: clause.start] + "|" * (clause.end - clause.start) + text[clause.end :]
    return text.replace("|", " ")


def due_of(clauses: list[Clause]) -> tuple[date, ...]:
    """The date by which a value must be reached (`almeno 2 eventi entro il 30/06/2019`), where there is just one."""
    deadlines = {clause.target.dates for clause in clauses if clause.target.kind is TargetKind.DEADLINE}
    return next(iter(deadlines)) if len(deadlines) == 1 else ()
