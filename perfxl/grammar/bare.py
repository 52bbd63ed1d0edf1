"""Targets without an operator: `80%`, `15`, `n. 3 progetti`, `(n. 3)`, `realizzazione di n. 1 nuova azione`, `report`."""

from __future__ import annotations

import re
from decimal import Decimal

from perfxl.grammar.algorithm import Draft
from perfxl.grammar.clauses import unreadable
from perfxl.grammar.dates import MARK
from perfxl.grammar.numbers import NUMBER, WORDS, number_of
from perfxl.grammar.words import COUNTED, SCALE, UNIT, VALUE, VALUE_DIGITS, period_of, unit_of
from perfxl.model import Target, TargetKind

_BARE = re.compile(rf"{VALUE}\.?")
_WORDS = r"[^\d<>=%€]*"
_NUMBER_AND_WORDS = re.compile(rf"{VALUE_DIGITS}\s+(?P<words>[a-zà-ù(]{_WORDS})")
_WORD_AND_WORDS = re.compile(
    rf"(?P<before>(?:n\s*[.°]|n\.°|nr\.?|num\.?|numero)\s*)?(?P<number>{'|'.join(WORDS)})(?P<unit>)\s+(?P<words>[a-zà-ù]{_WORDS})"
)
_ARTICLES = frozenset({"un", "una", "uno", "zero"})
_UNIT_BEYOND = re.compile(rf"\([^)]*\)\s*{UNIT}")
_ONCE_PRINTED = re.compile(rf"(?P<measure>n\.?°?\s[^\d<>=%]*)\(\s*{COUNTED}\s*\)")
_MADE = re.compile(
    rf"(?:la\s+)?realizzazione(?:\s+(?:di|del|dell'|della|dei|degli|delle))?\s*(?:(?P<sign>n\.?°?|nr\.?|numero)\s*)?(?P<number>\d+|{NUMBER})"
    rf"\s*(?P<unit>%)?(?:\s+(?P<words>[a-zà-ù]{_WORDS}))?"
)
_STEPS = (
    "realizzazione|report|relazione|relazioni|predisposizione|redazione|approvazione|attivazione|avvio|adozione|pubblicazione|"
    "presentazione|conclusione|completamento|definizione|stipula|sottoscrizione|organizzazione|svolgimento|revisione|"
    "aggiornamento|trasmissione|invio|implementazione|attuazione|elaborazione|istituzione|costituzione|esecuzione|effettuazione|"
    "monitoraggio|progettazione|partecipazione|documento|delibera|determina|regolamento|piano|programma|progetto|convenzione|"
    "accordo|rispetto|sperimentazione|analisi|verifica|affidamento|emanazione|proposta|bando|consegna|collaudo|"
    "sì|si|realizzato|fatto"
)
_STEP = re.compile(rf"(?:la\s+|il\s+|l'|prima\s+|nuov[ao]\s+|puntuale\s+)?(?:{_STEPS})\b")
_STEP_AT_END = re.compile(r"(?:realizzazione|report(?: finale| annuale)?|relazione(?: finale| annuale)?)")


def counted(text: str) -> Draft | None:
    """`n. progetti integrati realizzati (n. 3)`: a count in parentheses after its measure."""
    match = _ONCE_PRINTED.fullmatch(text)
    value = number_of(match["counted"]) if match else None
    if match is None or value is None:
        return None
    return Draft(Target(TargetKind.COUNT, value=value, unit="n."), operator_printed=False)


def bare_value(text: str) -> Draft | None:
    """A value by itself, or a value and what it counts: `80%`, `tre`, `15 gg`, `€ 1.000`, `3 progetti`."""
    match = _BARE.fullmatch(text)
    words = ""
    if match is None:
        match = _NUMBER_AND_WORDS.fullmatch(text) or _in_words(text)
        if match is None or re.search(MARK, text):
            return None
        words = match["words"]
        if _UNIT_BEYOND.match(words):
            return Draft(unreadable("fra il numero e la sua unità c'è un'altra indicazione: non è certo quale valga"))
        if words.startswith("circa") or words == "set" or re.match(SCALE, words):  # three sets, or the third of September
            return None
    value = number_of(match["number"])
    if value is None:
        return Draft(unreadable(f"numero non leggibile: «{match['number']}»"))
    unit = unit_of(match["before"], match["unit"])
    if unit == "%" and match["number"].startswith("+"):
        return Draft(Target(TargetKind.RELATIVE, value=value, unit=unit))
    if unit == "gg" and words and (period := period_of(words)):
        target = Target(TargetKind.DAYS_WITHIN, value=value, unit=unit, period=period)
        return Draft(target, operator_printed=False)
    return _valued(value, unit, printed=unit is not None or bool(words))


def _in_words(text: str) -> re.Match[str] | None:
    """`n. tre progetti`, `tre progetti`; `un` without `n.` is an article, and two words alone may be one (`due diligence`)."""
    match = _WORD_AND_WORDS.fullmatch(text)
    certain = match and (match["before"] or match["number"] not in _ARTICLES) and not match["words"].startswith("diligence")
    return match if certain else None


def milestone(text: str, *, figures: bool) -> Draft | None:
    """`realizzazione`, `report`, `realizzazione di n. 1 nuova azione`: a step that is done or isn't."""
    if draft := made(text):
        return draft
    if not figures and (_STEP.match(text) or _STEP_AT_END.fullmatch(re.split(r"[-:,;.]\s*", text)[-1])):
        return Draft(Target(TargetKind.MILESTONE))
    return None


def made(text: str) -> Draft | None:
    """`realizzazione di n. 2 eventi`: a count; of one thing, a step."""
    match = _MADE.fullmatch(text)
    value = number_of(match["number"]) if match else None
    if match is None or value is None:
        return None
    if match["unit"]:
        return _valued(value, "%", printed=True)
    if not match["words"]:
        return None
    if value == 1:
        return Draft(Target(TargetKind.MILESTONE, value=value, unit="n."))
    return _valued(value, "n.", printed=True)


def _valued(value: Decimal, unit: str | None, *, printed: bool) -> Draft:
    """A percent with no operator is `=` (so reads Lucca 2018: `105,0%` equality); a count has none."""
    if unit == "%":
        return Draft(Target(TargetKind.EQUALITY, "=", value, unit="%"), operator_printed=False)
    return Draft(Target(TargetKind.COUNT, value=value, unit=unit or "n."), operator_printed=False, unit_printed=printed)
