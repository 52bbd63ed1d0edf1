"""Cascades: what follows from the percents that an indicator's own text quotes (METHODS, *cascade*)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar import number_of
from perfxl.grammar.quotes import quoted_values

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

_THRESHOLD = re.compile(
    r"realizzazione\s+(?:almeno\s+)?(?:del(?:l')?|di almeno il)\s*(?P<pct>\d+(?:[.,]\d+)?)\s*%", re.IGNORECASE
)


def quoted_mean(text: str, method: Method) -> Fraction | None:
    """Mean of the quoted percents; over the text's own threshold and capped, where the method says so. None where none is quoted."""
    quotes = quoted_values(text)
    if not quotes:
        return None
    mean = sum((Fraction(quote.pct) for quote in quotes), Fraction(0)) / len(quotes)
    threshold = _threshold(text) if method.rollup.cascade == "against_threshold" else None
    if threshold is None:
        return mean
    against, cap = mean * 100 / threshold, method.scoring.cap
    return against if cap is None else min(against, Fraction(cap))


def _threshold(text: str) -> Fraction | None:
    """90 of `realizzazione del 90 % degli obiettivi …`."""
    match = _THRESHOLD.search(text)
    value = number_of(match["pct"]) if match else None
    return Fraction(value) if value else None
