"""Office text made plain: tags, blanks, dashes, quotes and operators in one form each, before anything is read."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from perfxl.grammar.numbers import DIGITS, WORDS, number_of, tidy

_TAG = re.compile(r"</?(?:p|br|b|i|u|em|strong|span|div|li|ul|ol|sup|sub|font|small|table|tbody|tr|td)\b[^<>]*>", re.IGNORECASE)
_BLANKS = "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\f\v"
_NOTHING = "\u200b\u200c\u200d\u2060\ufeff\xad"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u201b\u02bc`\xb4\u2032"
_TABLE = str.maketrans(
    dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_NOTHING, "")
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_APOSTROPHES, "'")
    | {"≥": ">=", "⩾": ">=", "≤": "<=", "⩽": "<=", "º": "°", "％": "%", "＞": ">", "＜": "<", "＝": "=", "“": '"', "”": '"'}
    | {chr(code): " " for code in range(0xE000, 0xE100)}  # our own marks for dates, see dates.masked
)
_OR = r"\s*(?:(?:od?\b|/)\s*)?"  # "> o =", "</="
_OPERATORS = (
    (re.compile(rf">{_OR}=|={_OR}>"), ">="), (re.compile(rf"<{_OR}=|={_OR}<"), "<="), (re.compile(r"={2,}"), "="),
    (re.compile(r"\(\s*((?:od?|/)\s*(?:ugual[ei]|pari)|(?:(?:al|come)\s+)?(?:massimo|minimo)|max\.?)\s*\)"), r" \1 "),
)  # fmt: skip
_ACCENTED = ((re.compile(r"\bpiu'?(?=\s|$)"), "più"), (re.compile(r"\bmeta'(?=\s|$)"), "metà"))
_END_MARK = re.compile(r"(?<!\bn)[\s.;:,]+$")
_SPACES = re.compile(r" {2,}")
_SLASH = re.compile(r"(?<=\d) ?/ ?(?=\d)")
_SPACED_DATE = re.compile(r"(?<![\d.,])(\d{1,2}) ?\. ?(\d{1,2}) ?\. ?(\d{4})(?!\d)")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,/])[1-9]\d{0,2}(?: \d{3})+(?:,\d+)?(?![\d.,/])")

_SCALES = {"mila": 10**3, "k": 10**3, "milion": 10**6, "mln": 10**6, "miliard": 10**9, "mld": 10**9}
_THREE_DECIMALS = re.compile(r"[.,]\d{3}$")  # 1,010 millions: one and a bit, or a thousand and ten?
_SCALED = re.compile(
    rf"(?<![\w.,/-])(?P<number>{DIGITS})\s*(?:(?P<scale>mila|milion(?=[ei])|mln|miliard(?=[oi])|mld)[eio]?(?!\w)\.?(?:\s+di(?=\s+(?:euro|eur|€)))?|(?P<kilo>k)\s?€)"
)

_SPELLED = re.compile(
    rf"(?<![\w.,/-])(?P<number>{DIGITS})\s*\(\s*(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})\s*\)"
)

_AFTER_EQUALS = re.compile(
    r"[-+]?\s*(?:€|eur(?:o)?\b|n[.°]*)?\s*[-+]?\s*\d[\d.,]*\s*(?:%|€)?\s*(?:[a-zà-ù][^()|!*+]*|\([^()|!]*\))?\.?", re.IGNORECASE
)
_DATE_AFTER_EQUALS = re.compile(r"\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?|\d{1,2}°?\s+[a-z]+(?:\s+\d{4})?", re.IGNORECASE)
_NUMBER_IN_WORDS = re.compile(r"(?:uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci)\b[^()|!*+]*", re.IGNORECASE)
_SIGNED_CALL = re.compile(r"[-+]\s*[a-z_][\w.]*\s*[(|!$]", re.IGNORECASE)
_SIGNED_SUM = re.compile(r"[-+]\s*\d[\d.,]*\s*[-+*/^&|]\s*[\d(a-z$]", re.IGNORECASE)


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """The text in lower case with one form of every blank, dash, apostrophe and operator, and without HTML tags."""
    text = html.unescape(_TAG.sub(" ", text)).translate(_TABLE).lower()
    for pattern, replacement in _OPERATORS + _ACCENTED:
        text = pattern.sub(replacement, text)
    return _joined(_SPACES.sub(" ", text).strip())


def in_full(words: str) -> str:
    """A plain text with its thousands and millions in figures, and each number once: `€ 1,5 milioni`, `15 (quindici) gg`."""
    return _SPELLED.sub(_once, _SCALED.sub(_figures, words))


def _once(match: re.Match[str]) -> str:
    return match["number"] if number_of(match["number"]) == number_of(match["word"]) else match.group()


def _figures(match: re.Match[str]) -> str:
    value = number_of(match["number"])
    if value is None or _THREE_DECIMALS.search(match["number"]):
        return match.group()
    figures = f"{tidy(value * _SCALES[match['scale'] or match['kilo']]):f}".replace(".", ",")
    return f"{figures} €" if match["kilo"] else figures


def _joined(words: str) -> str:
    """Dates and thousands typed with blanks inside: `31 / 12/ 2019`, `1 492 129,83`; the latter where no other figure stands."""
    words = _SPACED_DATE.sub(r"\1.\2.\3", _SLASH.sub("/", words))
    match = _SPACED_THOUSANDS.search(words)
    if match is None or any(character.isdigit() for character in words[: match.start()] + words[match.end() :]):
        return words
    return words[: match.start()] + match.group().replace(" ", "") + words[match.end() :]


def without_end_mark(words: str) -> str:
    """A plain text without its full stop; the point of `n.` belongs to it."""
    return _END_MARK.sub("", words) or words


def looks_like_formula(text: str) -> bool:
    """Whether a text cell would be a formula if it were pasted in Excel (`=HYPERLINK(…)`, `=cmd|…`, `+1+1`, `@SUM`).

    `=2`, `= 100,00 %`, `=> 2` and `- 15,00 %` are values that offices write, and aren't formulas.
    """
    text = _SPACES.sub(" ", text.translate(_TABLE)).strip()
    if text.startswith("@"):
        return True
    if text.startswith("=") and not re.match(r"=\s*[<>=]", text):
        rest = text[1:].strip()
        harmless = (_AFTER_EQUALS, _DATE_AFTER_EQUALS, _NUMBER_IN_WORDS)
        return bool(rest) and not any(pattern.fullmatch(rest) for pattern in harmless)
    return bool(_SIGNED_CALL.match(text) or _SIGNED_SUM.match(text))


def outside_parentheses(text: str) -> str:
    """The text with what stands in parentheses blanked out, every other character at its place."""
    depth, kept = 0, []
    for character in text:
        depth += character == "("
        kept.append(" " if depth else character)
        depth -= character == ")" and depth > 0
    return "".join(kept) if depth == 0 else text
