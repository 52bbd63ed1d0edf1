"""Measures inside the words of a result: `3,8 gg`, `100% n. 2 proposte`, `gradimento … 4.7 giudizio … 4.9`, `-6,06% rispetto al 2016`."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from perfxl.grammar.numbers import DIGITS, SIGNED_DIGITS, WORDS, number_of
from perfxl.grammar.relative import AGAINST, CHANGE
from perfxl.grammar.text import outside_parentheses, plain
from perfxl.grammar.words import VALUE_DIGITS, unit_of
from perfxl.model import Result, ResultKind

_VALUE = re.compile(rf"(?:=\s*)?{VALUE_DIGITS}")
_NUMBER_WORD = re.compile("|".join(word for word in sorted(WORDS, key=len, reverse=True) if word not in {"un", "una"}))
_COUNTED = re.compile(rf"{VALUE_DIGITS}\s+(?P<words>[a-zà-ù][^\d%€=<>]*)")
_MADE = re.compile(
    rf"(?:realizzat|svolt|organizzat|effettuat|attivat|pubblicat|inviat|complessiv)[oaie]\s+{VALUE_DIGITS}(?:\s+[a-zà-ù][^\d%€=<>]*)?"
)
_DECLARED = re.compile(rf"(?P<number>{DIGITS})\s*%\s+(?P<rest>.*)", re.DOTALL)
_VARIATION = re.compile(
    rf"(?:€\s*(?:-\s*)?{DIGITS}|{DIGITS}\s*€)?\s*(?:(?:{CHANGE})\s*(?:del(?:lo|l')?|di|pari al?|pari a)?\s*)?(?P<number>{SIGNED_DIGITS})\s*%"
    rf"\s*(?P<way>in più|in meno)?\s*(?P<against>{AGAINST})?"
)
_CHANGE_BY = re.compile(rf"{CHANGE}\s*(?:del(?:lo|l')?|di|pari al?)?\s*(?P<number>{DIGITS})\s*%(?:\s+{AGAINST})?")
_SEGMENT = re.compile(r"(?P<words>[^\d%€<>=;]*)(?P<number>\d{1,3}[.,]\d{1,2})(?![\d.,%/a-z]|\s*(?:%|gg|€|euro))")
_WORDS_THEN_VALUE = re.compile(rf"(?P<words>[^\d%€<>=]*[\s:]){VALUE_DIGITS}")
_LETTERS = re.compile(r"[a-zà-ù]{2}")
_AGAINST_ANYWHERE = re.compile(AGAINST)
_CHANGE_ANYWHERE = re.compile(CHANGE)
_REMARK = re.compile(
    r"\((?!\s*(?:non|circa|su|da)\b|\s*(?:previst|preventiv|stim|programm|pianific|annull|presunt|provvis|attes|in corso))[^()\d]*\)|\bdi cui\b[^%]*$"
)
_DOUBT = re.compile(
    r"\b(?:non|circa|quasi|prot|delibera\w*|determina\w*|articol[oi]|art|legge|dlgs|d\.lgs|nota|previst\w*|target|atteso|attesa|obiettivo|scala|su)\b"
)

_COUNTED_THINGS = re.compile(rf"^\W*(?:n\.|n°|nr\.?|numero)\s*\d|^{DIGITS}\s+[a-zà-ù]{{3,}}")
_COUNT_PRINTED = re.compile(r"(?<![\w.])(?:n\.(?!\s*[cdr]\b)|n°|nr\b|numero\b)")
_PLANNED = r"(?:previst|preventiv|stim[ao]|stimat|programmat|pianificat|annullat|presunt|provvisori|attes[oaie])\w*|a\s+preventivo|in\s+corso"
_IN_PLAN = re.compile(rf"\b(?:{_PLANNED})(?![\w'])(?!\s+e\s+(?:realizzat|svolt|conclus|fatt|effettuat))")
_ONLY_PLANNED = re.compile(rf"\W*(?:{_PLANNED})(?![\w'])")
_REVERSES = re.compile(
    r"\b(?:sotto|sopra|oltre|(?:in\s+)?(?:meno|più)\s+d\w*|in\s+(?:meno|più)|inferior[ei]|superior[ei]|minor[ei]|maggior[ei]|rinvi\w+|ca|precedent[ei]"
    r"|mancat\w*|mancant\w*|da\s+\w+[aei]re|(?:in|di)\s+ritardo|ritardo\s+di|n\.?\s?c\.?|n\.?\s?d)(?!\w)"
)
"""Words that turn a figure round, deny it or make it of something else: `sotto l'80%`, `80% rinviato`, `anno precedente 90%`."""


def measured_text(text: str) -> Result | None:
    """The measure that a plain text states with certainty, or None."""
    return _measure(text) or _measure(_without_remarks(text))


@lru_cache(maxsize=8192)
def counts_things(text: str) -> bool:
    """Whether a result says what its number counts (`3 pratiche`, `n. 90`): then it can't take the unit of its target."""
    return bool(_COUNTED_THINGS.search(outside_parentheses(plain(text))))


@lru_cache(maxsize=8192)
def counts(text: str) -> bool:
    """Whether a target says that it is a count (`n. 3 progetti`, `>= 0,20 N.`, `n. controlli >= 20`, `3 progetti`)."""
    words = plain(text)
    return bool(_COUNT_PRINTED.search(words)) or counts_things(text)


@lru_cache(maxsize=8192)
def reference_in(text: str) -> str | None:
    """The year that a result compares itself with: `-6,06% rispetto al 2016`; None where it says none."""
    found = _AGAINST_ANYWHERE.search(plain(text))
    year = found["reference"].removeprefix("anno ") if found else ""
    return year if year.isdigit() else None


def _measure(text: str) -> Result | None:
    return _value(text) or _variation(text) or _declared(text) or _values(text) or _at_the_end(text)


def _without_remarks(text: str) -> str:
    """`11 (undici)` and `n. 2 campagne, di cui 1 nuova`: the first figure is the result."""
    return _REMARK.sub(" ", text).strip(" ,;")


def _value(text: str) -> Result | None:
    if _NUMBER_WORD.fullmatch(text):
        return Result(ResultKind.NUMBER, Decimal(WORDS[text]), "n.")
    match = _VALUE.fullmatch(text) or _COUNTED.fullmatch(text) or _MADE.fullmatch(text)
    if not match:
        return None
    if "words" in match.groupdict() and _uncertain(match["words"]):
        return None
    return _result(match["number"], unit_of(match["before"], match["unit"]))


def _uncertain(words: str) -> bool:
    return any(pattern.search(words) for pattern in (_DOUBT, _REVERSES, _CHANGE_ANYWHERE, _IN_PLAN))


def _result(number: str, unit: str | None) -> Result:
    value = number_of(number)
    if value is None:
        return Result(ResultKind.UNREADABLE, problem=f"numero non leggibile: «{number}»")
    return Result(ResultKind.PERCENT if unit == "%" else ResultKind.NUMBER, value, unit or "n.")


def _variation(text: str) -> Result | None:
    """A change against another year: one percentage, with its sign or its noun."""
    if match := _CHANGE_BY.fullmatch(text):
        return _changed(
            match["number"],
            down=bool(re.match(r"ri|di|ca|de|co|ab", match["change"])),
            certain=not match["change"].startswith("mig"),
        )
    match = _VARIATION.fullmatch(text)
    if match and (match["against"] or match["way"]):
        noun = match["change"]
        down = match["way"] == "in meno" or bool(noun and re.match(r"ri|di|ca|de|co|ab", noun))
        return _changed(match["number"], down=down, certain=True)
    return None


def _changed(number: str, *, down: bool, certain: bool) -> Result | None:
    value = number_of(number)
    if value is None or not certain:
        return None
    return Result(ResultKind.VARIATION, value.copy_negate() if down and value > 0 else value, "%")


def _declared(text: str) -> Result | None:
    """A percentage at the very start is the declared achievement: `100% n. 2 proposte progettuali`."""
    match = _DECLARED.fullmatch(text)
    if not match:
        return None
    if _ONLY_PLANNED.match(match["rest"]):
        return None
    rest = outside_parentheses(match["rest"])
    if "%" in rest or re.match(r"\s*(?:-|/|o\b|e\b|su\b|in più|in meno|circa|di\b|del|dei|delle|non\b)", rest):
        return None
    if _AGAINST_ANYWHERE.search(rest) or re.search(r"\bnon\b", rest) or _REVERSES.search(rest):
        return None
    return _result(match["number"], "%")


def _values(text: str) -> Result | None:
    """Votes and averages, each after its words: one is a number, several are values."""
    spans, end = [], 0
    while (match := _SEGMENT.match(text, end)) and _LETTERS.search(match["words"]):
        spans.append(match)
        end = match.end()
    if (
        not spans
        or text[end:].strip(" .")
        or any(_DOUBT.search(match.group()) or _REVERSES.search(match.group()) for match in spans)
    ):
        return None
    numbers = [number_of(match["number"]) for match in spans]
    if None in numbers:
        return None
    known = tuple(number for number in numbers if number is not None)
    if len(known) == 1:
        return Result(ResultKind.NUMBER, known[0], "n.")
    return Result(ResultKind.VALUES, unit="n.", numbers=known)


def _at_the_end(text: str) -> Result | None:
    """`tempo medio di lavorazione delle pratiche 2.9 gg`: words, then one number with its unit."""
    match = _WORDS_THEN_VALUE.fullmatch(text)
    if not match or not match["unit"]:
        return None
    words = match["words"]
    if not _LETTERS.search(words) or _uncertain(words):
        return None
    unit = unit_of(None, match["unit"])
    return _result(match["number"], unit) if unit in {"gg", "%", "€", "ore"} else None
