"""The method's own words for *not measured* (`N.C.`, `n.d.`, `rinvio` …), beside those that the grammar knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from perfxl.model import Result, ResultKind


def in_words_of(result: Result, words: Sequence[str]) -> Result:
    """The result, not measured where its text begins with one of `words` (case and blanks don't matter).

    Source: METHODS, *not measured*; docs/metodi.md, `not_measured.words`.
    """
    if result.kind in (ResultKind.EMPTY, ResultKind.NOT_MEASURED):
        return result
    text = _plain(result.text)
    if any(_begins(text, _plain(word)) for word in words):
        return replace(
            result, kind=ResultKind.NOT_MEASURED, value=None, unit=None, dates=(), month=None, numbers=(), problem=None
        )
    return result


def _begins(text: str, word: str) -> bool:
    """A word is followed by the end or by what doesn't carry it on: `rinvio` isn't in `rinviometro`, 9 is in neither 99 nor 9,5."""
    if not word or not text.startswith(word):
        return False
    return not (word[-1].isalnum() and re.match(r"\w|[.,]\d", text[len(word) :]))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
