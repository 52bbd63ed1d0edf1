"""Indicators whose result a statement computes: the share of satisfied users, the share of standards kept.

The computed figure never takes the place of what the office typed: both are shown, and where they differ, or the result is
blank, a finding says so. Source: Massa-Carrara 2019, indicators O1.1.1-c, S2.1.4-a, S2.1.4-b and S2.1.4-c ("% valutazioni con
giudizio buono o più", "% indicatori rispettati sul totale degli indicatori").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar import normalise_code
from perfxl.model import Counting
from perfxl.scoring import round_exact
from perfxl.statements.cells import own_decimals
from perfxl.statements.selection import speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.model import ScoredRow
    from perfxl.statements.compute import Book
    from perfxl.statements.model import Figure

_SEPARATORS = re.compile(r"[,;\n]|\s+e\s+")
_READ = {Counting.COUNTS, Counting.OFFICE_ONLY, Counting.APART}


class Fit(StrEnum):
    """How a typed result stands to the computed figure."""

    AGREES = "concorda"
    DIFFERS = "differisce"
    BLANK = "manca il risultato"
    UNKNOWN = "indicatore non trovato"
    NO_FIGURE = "cifra non calcolabile"


@dataclass(frozen=True, slots=True)
class Fed:
    """A figure that a line says to be an indicator's result, beside a row of that indicator (None where no sheet has one)."""

    code: str
    figure: Figure
    row: ScoredRow | None
    fit: Fit


def fed_indicators(book: Book, rows: Sequence[ScoredRow]) -> list[Fed]:
    """Every figure that feeds an indicator, beside each row of the indicator that a sheet brings, in document order."""
    by_code: dict[str, list[ScoredRow]] = {}
    for row in rows:
        by_code.setdefault(row.code.casefold(), []).append(row)
    out: list[Fed] = []
    for code, figure in _feeds(book):
        beside: list[ScoredRow | None] = [*_read(by_code.get(code.casefold(), []))]
        out += [Fed(code, figure, row, _fit(figure, row)) for row in beside or [None]]
    return out


def _feeds(book: Book) -> Iterator[tuple[str, Figure]]:
    for statement in book.statements:
        for feed in statement.declaration.feeds:
            for line in statement.lines:
                figure = line.figures.get(feed.value)
                if figure is None or line.is_section or not speaks_of(feed.lines, (), figure):
                    continue
                for text in _SEPARATORS.split(line.text(feed.code)):
                    code = normalise_code(text.strip())
                    if code:
                        yield code, figure


def _read(rows: Sequence[ScoredRow]) -> list[ScoredRow]:
    """Those that a sheet brings; else the planned one."""
    return [row for row in rows if row.counting in _READ and row.ref is not None and row.office != "PIANO"] or list(rows[:1])


def _fit(figure: Figure, row: ScoredRow | None) -> Fit:
    if figure.value is None:
        return Fit.NO_FIGURE
    if row is None:
        return Fit.UNKNOWN
    if row.result.value is None:
        return Fit.BLANK
    typed = Fraction(row.result.value)
    return Fit.AGREES if round_exact(figure.value, own_decimals(typed), "half_up") == typed else Fit.DIFFERS
