"""Operators and units as offices write them: `non superiore a`, `almeno`, `=>`; `gg`, `N.`, `€`, `per cento`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from perfxl.grammar.numbers import NUMBER, SIGNED, SIGNED_DIGITS

_AT_LEAST = ("almeno", "almeno pari", "almeno uguale", "come minimo", "al minimo", "minimo", "un minimo", "min.", "min")
_AT_MOST = (
    "al massimo", "al massimo pari", "massimo", "un massimo", "fino a un massimo", "fino ad un massimo", "max.", "max", "fino",
    "entro e non oltre", "entro",
)  # fmt: skip
_MORE = ("superiore", "superiori", "maggiore", "maggiori", "oltre", "più", "sopra", "al di sopra")
_LESS = ("inferiore", "inferiori", "minore", "minori", "meno", "sotto", "al di sotto")
_EXACTLY = ("pari", "uguale", "uguali", "esattamente")

OPERATOR_OF = {
    word: symbol
    for symbol, words in ((">=", _AT_LEAST), ("<=", _AT_MOST), (">", _MORE), ("<", _LESS), ("=", _EXACTLY))
    for word in words
}
WITHIN = frozenset({"entro", "entro e non oltre"})

SYMBOL = r"(?:>=|<=|>|<|=)"
_ARTICLE = (
    r"(?:(?:a|ad|al|allo|alla|ai|agli|alle|di|del|dello|della|dei|degli|delle|il|lo|la|i|gli|le|i\s+primi)\s+|(?:all|dell|l)'\s*)"
)
# "meno 5%" is minus five, "meno di 5%" a threshold; "5 min" are minutes, "min 5" a threshold; "sopra" alone is a place
_NEEDS = {"più": r"(?=\s+d)", "meno": r"(?=\s+d)", "min": r"(?=\s*\d)", "sopra": r"(?=\s+(?:a|il|l|i|gl)\b)"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) + _NEEDS.get(word, "") for word in sorted(words, key=len, reverse=True))


_ORDER, _SAME, _OR = (
    r"(?:superior[ei]|maggior[ei]|inferior[ei]|minor[ei])",
    r"(?:ugual[ei]|pari)",
    r"(?:\s*/\s*|\s+(?:(?:od?|oppure)\s+)?)",
)
_OR_EQUAL = rf"(?:{_ORDER}{_OR}{_SAME}|{_SAME}{_OR}{_ORDER})"
_VERBS = (
    r"(?:deve|devono|dovrà|dovranno|debba|debbano|dovrebbe|può|possono|potrà|potranno|possa|possano|essere|è|sono|sia|siano|sarà|saranno"
    r"|risulta|risulti|risultare|risulterà|comunque|mai)"
)
_NOT = rf"(?:(?:non|mai)(?:\s+{_VERBS})*(?:\s+in\s+nessun\s+caso)?|in\s+nessun\s+caso)\s+"
_NEGATED = rf"{_NOT}(?:{_any_of((*_MORE, *_LESS))})"
WORDED = rf"(?<![\w'-])(?:{_NEGATED}|{_OR_EQUAL}|{_any_of(OPERATOR_OF)})(?![\w'])(?:\s+ad\s+almeno)?"
LINK = rf"\s*(?:ad?\s+almeno\s+)?{_ARTICLE}{{0,2}}"

SCALE = r"(?:mila|milion[ei]|mln|miliard[oi]|mld|k)\b"
_COUNT_SIGN = r"(?:n\s*[.°]|n\.°|nr\.?|num\.?|numero)"
BEFORE = rf"(?:(?P<before>€|euro\b|eur\b|{_COUNT_SIGN})\s*)?"
UNIT = (
    r"(?:%|per\s?cento\b|percento\b|g\.\s?g\.|gg\b\.?(?:\s*(?:lavorativi|solari)\b)?|giorn[oi]\b(?:\s*(?:lavorativi|solari)\b)?"
    r"|€|euro\b|eur\b|nr?\s*\.(?!\s*\d)|n°|ore\b|or[ae]\b|h\b|mes[ei]\b|settiman[ae]\b|ann[oi]\b|minut[oi]\b|min\b(?!\s*\d)|punti\b(?:\s+percentuali\b)?)"
)
_TAIL = rf"\s*(?P<unit>{UNIT})?(?(unit)|(?![a-zà-ù\d]))"  # "1e5" and "2eventi" aren't numbers
VALUE = rf"{BEFORE}(?P<number>{SIGNED}){_TAIL}"
VALUE_DIGITS = rf"{BEFORE}(?P<number>{SIGNED_DIGITS}){_TAIL}"
COUNTED = rf"{_COUNT_SIGN}\s*(?P<counted>{NUMBER})"

_PREFIXES = (
    (re.compile(rf"(?:{_COUNT_SIGN}\s*)?(?:gg\b|giorni\b|tempo medio\b|tempi medi\b|durata media\b)"), "gg"),
    (re.compile(r"(?:%|per\s?cento\b|percentuale\b|tasso\b)"), "%"),
    (re.compile(rf"{_COUNT_SIGN}"), "n."),
    (re.compile(r"data\b"), "data"),
    (re.compile(r"(?:€|euro\b|importo\b)"), "€"),
)
_PERIODS = (
    ("quadrimestre", re.compile(r"\bquadrimestr(?:e|i|ale|ali)\b")),
    ("semestre", re.compile(r"\bsemestr(?:e|i|ale|ali)\b")),
    ("trimestre", re.compile(r"\btrimestr(?:e|i|ale|ali)\b")),
    ("mese", re.compile(r"\b(?:mese|mensil[ei])\b")),
    ("anno", re.compile(r"(?:\bannual[ei]\b|\bnell'\s*anno\b)")),
)
_PROPER_NAME = re.compile(r"\bdiritto annuale\b")  # the chambers' yearly fee: no period


def operator_of(words: str) -> str:
    """The symbol of an operator in symbols or words: `almeno` is `>=`."""
    words = " ".join(words.split())
    if words.endswith("almeno"):
        return ">="
    if words in INVERSE:
        return words
    if words in OPERATOR_OF:
        return OPERATOR_OF[words]
    if _EQUAL_TOO.search(words):
        return ">=" if _UPWARDS.search(words) else "<="
    compared = next(word for word in sorted((*_MORE, *_LESS), key=len, reverse=True) if words.endswith(word))
    return "<=" if compared in _MORE else ">="


def unit_of(before: str | None, after: str | None) -> str | None:
    """The unit printed before or after a number: `%`, `n.`, `gg`, `€`; `ore`, `mesi` … as they are; None where none is printed."""
    printed = (after or before or "").replace(" ", "")
    if not printed:
        return None
    if printed in {"%", "percento"}:
        return "%"
    if printed.startswith(("gg", "g.g", "giorn")):
        return "gg"
    if printed in {"€", "euro", "eur"}:
        return "€"
    if printed.startswith("n"):
        return "n."
    return _OTHER_UNITS[printed[:3]]


_OTHER_UNITS = {
    "h": "ore",
    "ore": "ore",
    "ora": "ore",
    "mes": "mesi",
    "set": "settimane",
    "ann": "anni",
    "min": "minuti",
    "pun": "punti",
}


def measure_unit(text: str) -> str | None:
    """The unit that the first word of an *Algoritmo* announces: `% attività …`, `n. incontri …`, `data predisposizione …`."""
    return next((unit for pattern, unit in _PREFIXES if pattern.match(text)), None)


@lru_cache(maxsize=1024)  # asked for each clause of a text
def period_of(text: str) -> str | None:
    """The period that a target is repeated in: `chiusura quadrimestre`, `relazioni semestrali`, `nell'anno`."""
    text = _PROPER_NAME.sub(" ", text)
    return next((period for period, pattern in _PERIODS if pattern.search(text)), None)


_EQUAL_TOO, _UPWARDS = re.compile(rf"\b{_SAME}\b"), re.compile(r"\b(?:superior|maggior)[ei]\b")
INVERSE = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}
