"""Percentages quoted inside a text (Lucca's cascades): `2C7101 (realizzato al 100%)`, `n. 4 (…) (realizzato al 98,88%)`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.grammar.codes import normalise_code
from perfxl.grammar.numbers import DIGITS, number_of
from perfxl.model.record import record

if TYPE_CHECKING:
    from decimal import Decimal

_DONE_AT = rf"\(\s*realizzat[oaie]\s+(?:al|all')\s*(?P<pct>{DIGITS})\s*%\s*\)"
_QUOTE = re.compile(
    rf"(?:(?P<code>\b[1-9]\s?[A-Z]\s?[\dO]{{4}}\b)|\bn\s*[.°]\s*(?P<number>\d{{1,2}})\s*(?:\((?P<label>[^()]*)\))?)\s*{_DONE_AT}",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\(([^()]*%[^()]*\+[^()]*%[^()]*)\)")
_PART = re.compile(rf"\s*(?P<pct>{DIGITS})\s*%\s*(?P<label>[^\d%+][^%+]*?)\s*")


@record(frozen=True, slots=True)
class Quote:
    """A percentage that a text gives for another objective: by project code, or by number and title of a body objective."""

    code: str | None
    number: int | None
    label: str
    pct: Decimal


def quoted_values(text: str) -> tuple[Quote, ...]:
    """The quoted percentages in order of appearance; source: Lucca 2017, objectives of SG and managers."""
    return _quoted(text) if "(" in text and "%" in text else ()


def before_quotes(text: str) -> str:
    """What a text says before the percentages that it quotes; all of it where it quotes none."""
    text = " ".join(text.split())
    match = _QUOTE.search(text)
    return text if match is None else text[: match.start()].rstrip(" :;,")


@lru_cache(maxsize=2048)
def _quoted(text: str) -> tuple[Quote, ...]:
    text = " ".join(text.split())
    quotes = []
    for match in _QUOTE.finditer(text):
        pct = number_of(match["pct"])
        if pct is None:
            continue
        number = int(match["number"]) if match["number"] else None
        code = normalise_code(match["code"]) if match["code"] else None
        quotes.append(Quote(code, number, (match["label"] or "").strip(), pct))
    return tuple(quotes)


def quoted_sum(text: str) -> tuple[tuple[Decimal, str], ...]:
    """The parts of `(100%SG+100%An.e Reg. + 99,8%Prom.e Amm.)` as (percent, label); empty where there is no such sum."""
    for group in _GROUP.finditer(" ".join(text.split())):
        parts = [_PART.fullmatch(part) for part in group[1].split("+")]
        read = [(number_of(part["pct"]), part["label"]) for part in parts if part]
        if len(read) == len(parts):
            return tuple((pct, label) for pct, label in read if pct is not None)
    return ()
