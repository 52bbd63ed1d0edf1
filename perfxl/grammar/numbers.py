"""Italian numbers: `1.492.129,83`, `15,00`, `2.9`, `tre`. Always `Decimal`, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

# Words up to twenty. `un` and `una` count only right after an operator or `n.`: elsewhere they are articles.
_IN_ORDER = (
    "zero", "un uno una", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici", "tredici",
    "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove", "venti",
)  # fmt: skip
WORDS = {word: value for value, words in enumerate(_IN_ORDER) for word in words.split()}

DIGITS = r"\d+(?:[.,]\d+)*"
NUMBER = rf"(?:{DIGITS}|(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})\b)"
SIGNED = rf"(?:[-+]\s*)?{NUMBER}"
SIGNED_DIGITS = rf"(?:[-+]\s*)?{DIGITS}"

_PLAIN = re.compile(r"\d+")
_ITALIAN = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+),\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_POINT = re.compile(r"\d+\.\d+")
_LONGEST = 20


def number_of(token: str) -> Decimal | None:
    """The value of a printed number, or None where its form isn't certain.

    Comma: decimals (`15,00`). Point: thousands where every group after the first has exactly three digits
    (`1.234` is 1234, as an Italian reads it), decimals where it can't be thousands (`2.9`, `0.234`, `1234.567`).
    `1,234.56` (English) and `12.34.56` aren't read.
    """
    token = token.strip()
    sign = -1 if token[:1] == "-" else 1
    token = token.lstrip("+-").strip()
    if token in WORDS:
        return Decimal(sign * WORDS[token])
    if sum(character.isdigit() for character in token) > _LONGEST or not token.isascii():
        return None
    if _PLAIN.fullmatch(token):
        text = token
    elif _ITALIAN.fullmatch(token):
        text = token.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(token):
        text = token.replace(".", "")
    elif _POINT.fullmatch(token):
        text = token
    else:
        return None
    value = Decimal(text)
    return tidy(value.copy_negate() if sign < 0 else value)


def in_measure(value: Decimal) -> bool:
    """Whether a typed number is one that an office could mean (and can be written out exactly)."""
    return (
        value.is_finite() and (value == 0 or abs(value.adjusted()) <= _LONGEST) and len(value.as_tuple().digits) <= 2 * _LONGEST
    )


def tidy(value: Decimal) -> Decimal:
    """The same value without an exponent and without trailing zeros: `Decimal('9E+1')` as 90, `15.00` as 15."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(0) if value == 0 else Decimal(text)


def percent_of(fraction: Decimal) -> Decimal:
    """A fraction as Excel stores it (0.57) in percent (57), moving the point: no arithmetic, no rounding."""
    sign, digits, exponent = fraction.as_tuple()
    assert isinstance(exponent, int)
    return tidy(Decimal((sign, digits, exponent + 2)))
