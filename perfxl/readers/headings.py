"""Headings compared as people compare them: case, accents, apostrophes, punctuation, years and dates don't matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MONTHS = "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
_DATE = re.compile(
    rf"(?:\b(?:al|alla data del|entro il|del)\s+)?(?<![\w.])\d{{1,2}}"
    rf"(?:/\d{{1,2}}(?:/(\d{{2,4}}))?|[.\-]\d{{1,2}}[.\-](\d{{2,4}})|°?\s+(?:{_MONTHS})(?:\s+(\d{{4}}))?)(?![\w.])"
)
_YEAR = re.compile(r"(?:\b(?:anno|esercizio|nell anno|dell anno|anno di riferimento)\s+)?(?<!\d)((?:19|20)\d{2})(?!\d)")
OF_A_DAY = frozenset({"valore", "valori", "dato", "dati"})
AT_THE_DATE = " alla data"
"""Added to words that say nothing by themselves, where a date makes them a measure: `Dato al 30/04/2019` is `dato alla data`."""
_NOT_WORD = re.compile(r"[^0-9a-z%]+")

MAX_HEADING = 100
"""Longer texts are no headings."""


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Lower case, no accents, words and `%` separated by one blank: `Unità  Organizzativa` → `unita organizzativa`."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", plain.replace("%", " % ")).strip()


@lru_cache(maxsize=16384)
def heading(text: str) -> tuple[str, int | None]:
    """A heading without its year or date, and the year: `Risultato al 30/04/2019` → (`risultato`, 2019)."""
    if len(text) > MAX_HEADING:
        return "", None
    lower, year = text.casefold(), None
    match = dated = _DATE.search(lower)
    if match:
        digits = next((part for part in match.groups() if part), "")
        year = (int(digits) if len(digits) == 4 else 2000 + int(digits)) if digits else None
        lower = lower[: match.start()] + " " + lower[match.end() :]
    match = _YEAR.search(lower) if year is None else None
    if match:
        year = int(match[1])
        lower = lower[: match.start()] + " " + lower[match.end() :]
    words = folded(lower)
    return words + AT_THE_DATE if dated and words in OF_A_DAY else words, year


def day_in(text: str) -> tuple[int, int] | None:
    """Month and day of the date in a heading, if any: `Risultato al 30/04/2019` → (4, 30)."""
    match = _DATE.search(text.casefold())
    if match is None:
        return None
    day, month = re.findall(rf"\d+|{_MONTHS}", match[0])[:2]
    return int(month) if month.isdigit() else _MONTHS.split("|").index(month) + 1, int(day)


def year_in(text: str) -> int | None:
    """The first year written in a text, if any; `_2017_` of a file name too."""
    match = re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", text)
    return int(match[1]) if match else None
