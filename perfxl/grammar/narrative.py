"""Targets inside an indicator's narrative text (Lucca writes them there): every clause that a result can be set against."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.grammar.clauses import Clause, clauses_of, without_side_remarks
from perfxl.grammar.dates import masked
from perfxl.grammar.numbers import number_of
from perfxl.grammar.relative import relative_clause
from perfxl.grammar.text import in_full, outside_parentheses, plain
from perfxl.model import Target, TargetKind

if TYPE_CHECKING:
    from perfxl.grammar.dates import DateHit

_EXPECTED = re.compile(r"\b(?:risultat[oi] attes[oi]|target)\b\s*:?")
_ACTS = "realizzazione|organizzazione|svolgimento|predisposizione|presentazione|attivazione|effettuazione|pubblicazione|stipula|esecuzione"
_ACT_COUNT = re.compile(rf"\b(?:{_ACTS})(?:\s+e\s+(?:{_ACTS}))?\s+(?:di\s+)?(?:n\.?\s*)?(?P<number>\d{{1,3}})(?=\s+[a-zà-ù])")
_REMARK = re.compile(r"\(\s*(?:fonte|in una scala|scala|di cui)\b[^)]*\)")


@lru_cache(maxsize=8192)
def find_targets(text: str, *, year: int | None = None) -> tuple[Target, ...]:
    """The target clauses of a narrative text, in order of appearance; empty where there is none.

    A clause has an operator (`non superiore a 5 gg`, `almeno 10 fascicoli`), a deadline (`entro il 30 settembre`), a count after
    its act (`realizzazione di n. 2 corsi`) or a comparison (`riduzione … rispetto all'anno precedente`). What stands after
    *Risultato atteso* comes before the rest; parentheses (sources, scales, `di cui …`) count only where nothing else does.
    `year` completes deadlines printed without one. Clauses that can't be read with certainty aren't returned.

    Source: the indicator texts of Lucca 2017 (Relazione sulla performance), where no target column exists.
    """
    marked, hits = masked(in_full(plain(text)))
    marked = without_side_remarks(marked)
    main = outside_parentheses(marked)
    expected = _EXPECTED.search(main)
    tries = ([main[expected.end() :]] if expected else []) + [main, _REMARK.sub(" ", marked)]
    for part in tries:
        if found := _clauses(part, hits, year):
            return tuple(replace(clause.target, text=_printed(part, clause, hits)) for clause in found)
    return ()


def _clauses(text: str, hits: tuple[DateHit, ...], year: int | None) -> list[Clause]:
    found = [clause for clause in clauses_of(text, hits, year) if clause.target.kind is not TargetKind.UNREADABLE]
    for match in _ACT_COUNT.finditer(text):
        value = number_of(match["number"])
        if value is not None and not any(clause.start < match.end() and match.start() < clause.end for clause in found):
            found.append(Clause(Target(TargetKind.COUNT, value=value, unit="n."), match.start(), match.end(), symbolic=False))
    if not found and (compared := relative_clause(text)):
        target, start, end = compared
        return [Clause(target, start, end, symbolic=False)]
    return sorted(found, key=lambda clause: clause.start)


def _printed(text: str, clause: Clause, hits: tuple[DateHit, ...]) -> str:
    """The clause's own words, with its dates as printed."""
    words = text[clause.start : clause.end]
    for index, hit in enumerate(hits):
        words = words.replace(chr(0xE000 + index), hit.printed)
    return " ".join(words.split())
