"""Operators and units as offices write them: `non superiore a`, `almeno`, `=>`; `gg`, `N.`, `€`, `per cento`."""

from __future__ import annotations

import re

from perfxl.grammar.numbers import NUMBER, SIGNED, SIGNED_DIGITS

_AT_LEAST = (
    "non inferiore", "non inferiori", "non meno", "non minore", "non al di sotto", "almeno", "come minimo", "al minimo", "minimo", "min.",
    "uguale o superiore", "pari o superiore", "superiore o uguale", "maggiore o uguale", "maggiore uguale", "uguale o maggiore",
)  # fmt: skip
_AT_MOST = (
    "non superiore", "non superiori", "non più", "non maggiore", "non oltre", "non al di sopra", "al massimo", "massimo", "max.", "max",
    "uguale o inferiore", "pari o inferiore", "inferiore o uguale", "minore o uguale", "minore uguale", "uguale o minore",
    "fino", "entro e non oltre", "entro",
)  # fmt: skip
_MORE = ("superiore", "superiori", "maggiore", "oltre", "più", "al di sopra")
_LESS = ("inferiore", "inferiori", "minore", "meno", "sotto", "al di sotto")
_EXACTLY = ("pari", "uguale", "esattamente")

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
_NEEDS_DI = {"più", "meno", "non più", "non meno"}  # "meno 5%" is minus five, "meno di 5%" a threshold
_WORDED = "|".join(
    re.escape(word) + (r"(?=\s+d)" if word in _NEEDS_DI else "") for word in sorted(OPERATOR_OF, key=len, reverse=True)
)
WORDED = rf"(?<![\w'-])(?:{_WORDED})(?![\w'])(?:\s+ad\s+almeno)?"
LINK = rf"\s*(?:ad?\s+almeno\s+)?{_ARTICLE}{{0,2}}"

_COUNT_SIGN = r"(?:n\s*[.°]|n\.°|nr\.?|num\.?|numero)"
BEFORE = rf"(?:(?P<before>€|euro\b|eur\b|{_COUNT_SIGN})\s*)?"
UNIT = (
    r"(?:%|per\s?cento\b|percento\b|g\.\s?g\.|gg\b\.?(?:\s*(?:lavorativi|solari)\b)?|giorn[oi]\b(?:\s*(?:lavorativi|solari)\b)?"
    r"|€|euro\b|eur\b|nr?\s*\.(?!\s*\d)|n°|ore\b|or[ae]\b|mes[ei]\b|settiman[ae]\b|ann[oi]\b|minut[oi]\b|punti\b(?:\s+percentuali\b)?)"
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
    return words if words in {">=", "<=", ">", "<", "="} else OPERATOR_OF[words]


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


_OTHER_UNITS = {"ore": "ore", "ora": "ore", "mes": "mesi", "set": "settimane", "ann": "anni", "min": "minuti", "pun": "punti"}


def measure_unit(text: str) -> str | None:
    """The unit that the first word of an *Algoritmo* announces: `% attività …`, `n. incontri …`, `data predisposizione …`."""
    return next((unit for pattern, unit in _PREFIXES if pattern.match(text)), None)


def period_of(text: str) -> str | None:
    """The period that a target is repeated in: `chiusura quadrimestre`, `relazioni semestrali`, `nell'anno`."""
    text = _PROPER_NAME.sub(" ", text)
    return next((period for period, pattern in _PERIODS if pattern.search(text)), None)


INVERSE = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}
