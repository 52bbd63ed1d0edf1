"""Targets and results against another year: `> del 2016`, `-20 % rispetto al 2017`, `aumento del 40%`."""

from __future__ import annotations

import re

from perfxl.grammar.numbers import SIGNED_DIGITS, number_of
from perfxl.grammar.words import INVERSE, LINK, SYMBOL, WORDED, operator_of
from perfxl.model import Target, TargetKind

_YEAR = r"(?:anno\s+)?(?:19|20)\d\d"
_EARLIER = r"(?:(?:anno|esercizio|triennio|periodo)\s+precedente|precedente\s+(?:anno|esercizio|triennio)|anno\s+\(?n-1\)?)"
REFERENCE = rf"(?:(?:alla\s+|la\s+)?media\s+(?:del\s+|dell'\s*)?)?(?P<reference>{_YEAR}|{_EARLIER})"
AGAINST = rf"(?:rispetto\s+(?:al|all'|alla|a|allo)\s*|in confronto\s+(?:al|all'|a)\s*|sul(?:l')?\s+){REFERENCE}"
_UP = r"aument(?:o|i|at[oaie])|increment(?:o|i|at[oaie])|crescita|cresciut[oaie]|innalzamento"
_DOWN = r"riduzion[ei]|ridott[oaie]|diminuzion[ei]|diminuit[oaie]|cal(?:o|i|at[oaie])|decremento|contenimento|abbattimento"
CHANGE = rf"(?P<change>{_UP}|{_DOWN}|migliorament[oi])"

_AMOUNT = re.compile(
    rf"(?P<symbol>{SYMBOL})?\s*(?P<number>{SIGNED_DIGITS})\s*(?P<unit>%)?\s*(?P<way>in più|in meno)?\s+{AGAINST}\s*\.?"
)
_COMPARED = re.compile(
    rf"(?:(?P<symbol>{SYMBOL})|(?P<word>{WORDED}))\s*(?P<of>del|dell'|al|all'|rispetto\s+al|rispetto\s+all')?\s*{REFERENCE}\s*\.?"
)
_BY = re.compile(
    rf"{CHANGE}\b(?P<of>[^%\d.;]{{0,120}}?)(?:(?P<symbol>{SYMBOL})|(?P<word>{WORDED}))?{LINK}(?P<number>{SIGNED_DIGITS})\s*%(?P<rest>.*)"
)
_PLAIN = re.compile(rf"{CHANGE}\b(?P<of>[^%.;:]{{0,300}}?){AGAINST}")
_AMOUNT_IN = re.compile(r"\b(?:di|del|dei|almeno)\s+(?:n\.?\s*)?\d")
_LOWER_IS_BETTER = re.compile(
    r"\b(?:temp[oi]|cost[oi]|spes[ae]|giorni|gg|ritard[oi]|error[ei]|reclam[oi]|giacenz[ae]|arretrat[oi])\b"
)
_AGAINST = re.compile(AGAINST)
_FEMININE = re.compile(r"\b(massim|minim)a\b")  # "riduzione massima del 5%": the adjective of the change is its operator
_UP_RE = re.compile(_UP)
_DOWN_RE = re.compile(_DOWN)


def relative_target(text: str) -> Target | None:
    """The target against another year that a whole cell states, or None."""
    if re.match(CHANGE, text):
        text = _FEMININE.sub(r"\1o", text)
    if match := _AMOUNT.fullmatch(text):
        return _amount(match)
    if (match := _COMPARED.fullmatch(text)) and (match["of"] or not match["reference"].isdigit()):
        operator = match["symbol"] or operator_of(match["word"])
        return Target(TargetKind.RELATIVE, operator, reference=_reference(match))
    if match := _BY.match(text):
        return _change(match)
    if not re.match(CHANGE, text):
        return None
    if (match := _PLAIN.match(text)) and _AMOUNT_IN.search(match["of"]):
        return Target(TargetKind.UNREADABLE, problem="una variazione che non è in percentuale: non si sa da che valore parta")
    clause = relative_clause(text)
    return clause[0] if clause else None


def relative_clause(text: str) -> tuple[Target, int, int] | None:
    """`riduzione … rispetto all'anno precedente` in a text, with its place: less (or more) than the reference, no amount."""
    match = _PLAIN.search(text)
    if not match or _AMOUNT_IN.search(match["of"]):
        return None
    up, down = _UP_RE.match(match["change"]), _DOWN_RE.match(match["change"])
    target = Target(TargetKind.RELATIVE, ">" if up else "<" if down else None, reference=_reference(match))
    return target, match.start(), match.end()


def _amount(match: re.Match[str]) -> Target | None:
    value = number_of(match["number"])
    if value is None:
        return None
    value = value.copy_negate() if match["way"] == "in meno" and value else value
    return Target(TargetKind.RELATIVE, match["symbol"], value, unit=match["unit"] or "n.", reference=_reference(match))


def _change(match: re.Match[str]) -> Target | None:
    value = number_of(match["number"])
    if value is None or re.search(r"\d\s*%", match["rest"]):
        return None
    if match["change"].startswith("mig") and _LOWER_IS_BETTER.search(match["of"] + match["rest"]):
        return Target(TargetKind.UNREADABLE, problem="un miglioramento di ciò che deve scendere: dire «riduzione» o «aumento»")
    operator = match["symbol"] or (
        operator_of("almeno" if "almeno" in match.group().split() else match["word"]) if match["word"] else None
    )
    if _UP_RE.match(match["change"]) and value < 0:
        return Target(TargetKind.UNREADABLE, problem="un aumento con il segno meno: non è certo se debba salire o scendere")
    if _DOWN_RE.match(match["change"]) and value:
        value = -abs(value)  # "riduzione del 5%" and "riduzione del -5%" say the same
        operator = INVERSE[operator] if operator else None
    against = _AGAINST.search(match["rest"])
    return Target(TargetKind.RELATIVE, operator, value, unit="%", reference=_reference(against) if against else None)


def _reference(match: re.Match[str]) -> str:
    return match["reference"].removeprefix("anno ") if match["reference"][-1].isdigit() else " ".join(match["reference"].split())
