"""Results: what an office typed as *Risultato* (METHODS: words that results are made of)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from perfxl.grammar.dates import MARK, hit_of, masked, month_span, plausible
from perfxl.grammar.numbers import in_measure, percent_of, tidy
from perfxl.grammar.outcome import measured_text
from perfxl.grammar.text import in_full, looks_like_formula, plain, without_end_mark
from perfxl.grammar.typed import REMEMBERED, Typed
from perfxl.model import Cell, CellKind, Result, ResultKind, cell_of

_INITIALS = r"n\s?[./]?\s?(?:[cdarp])\b\.?"
_NOT_MEASURED = re.compile(
    rf"(?:{_INITIALS}(?:\s*/\s*{_INITIALS})*|-+|/|rinvi[oa]t?[oaie]?\b.*|non (?:ancora )?(?:misurat|rilevat|disponibil|calcolabil|valutabil|applicabil|pervenut|dovut)\w*"
    r"|non misura\w*|dato (?:non|mancante|da)\b[^\d%]*|in attesa\b[^\d%]*|sospes[oaie]\b[^\d%]*)\.?"
)
_INITIALS_THEN_WORDS = re.compile(r"(?:n\.\s?[cd]\.|n/[cd])\s*[-:;,(]?\s*[^\d%]*")
_ZERO_DATE = re.compile(r"0{1,2}[/.-]0?1[/.-]1900(?:\s+0?0:00(?::00)?)?")
_ERROR = re.compile(r"#[a-z0-9/]+[!?]?")
_DATES = re.compile(
    rf"(?:(?:in data|realizzat[oaie]|conclus[oaie]|fatt[oaie]|approvat[oaie]|inviat[oaie]|trasmess[oaie]|presentat[oaie])\s+)?"
    rf"(?:(?:in data|il|l'|al|in|nel mese di|mese di|a|ad)\s*)*(?P<marks>{MARK}(?:\s*(?:,|;|\be\b|\bed\b)\s*(?:il\s+|l')?{MARK})*)"
)
_DAY_MONTH = re.compile(r"\d{1,2}/\d{1,2}")
_WRONG_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_DONE_WORDS = (
    "realizzat fatt conclus completat eseguit attuat raggiunt svolt effettuat adottat approvat predispost pubblicat attivat inviat trasmess "
    "presentat redatt conseguit rispettat ultimat"
).replace(" ", "|")
_WHOLLY = r"(?:\s+(?:integralmente|interamente|completamente|totalmente|regolarmente|nei termini(?: previsti)?|nei tempi(?: previsti)?))?"
_DONE = re.compile(
    rf"(?:(?:s[iì]'?)|(?:(?:obiettivo|indicatore|attività)\s+)?(?:è\s+stat[oa]\s+)?(?:{_DONE_WORDS})[oaie]{_WHOLLY})"
)
_NOT_DONE = re.compile(
    rf"(?:no|(?:(?:obiettivo|indicatore|attività)\s+)?non\s+(?:è\s+stat[oa]\s+)?(?:{_DONE_WORDS})[oaie]|mancat[oa])"
)
_IN_YEAR = re.compile(r"\b(?:nel(?:l'\s*anno)?|anno|per\s+il)\s+(?P<year>(?:19|20)\d\d)\b")
_FIGURES = frozenset({ResultKind.NUMBER, ResultKind.PERCENT, ResultKind.VALUES})
_NO_MEASURE = "testo descrittivo da cui non segue una misura"


def parse_result(text_or_value: object, *, year: int | None = None) -> Result:
    """Read a result: a text, a bare value or a `Cell`.

    Args:
        text_or_value: what stands in the result cell (`100%`, `giugno`, `3,8 gg`, `N.C.`, 1 under a percent format, a date).
        year: the plan's year, for months and dates printed without one.

    Returns:
        A `Result`; percentages in percent. A number printed without a unit has unit `n.`: it takes the target's when compared.
        What can't be read with certainty is `narrative` or `unreadable`, with an Italian `problem`.

    Source: METHODS.md, "Words that results are made of"; see docs/grammatica.md.
    """
    cell = cell_of(text_or_value)
    if cell.kind is CellKind.TEXT:
        return _parsed(str(cell.value), year)
    return _of_typed(Typed(cell)) if type(cell.value) in REMEMBERED else replace(_typed(cell), text=cell.text)


@lru_cache(maxsize=8192)
def _of_typed(typed: Typed) -> Result:
    return replace(_typed(typed.cell), text=typed.cell.text)


def _typed(cell: Cell) -> Result:
    value = cell.value
    if cell.kind is CellKind.EMPTY:
        return Result(ResultKind.EMPTY)
    if cell.kind is CellKind.ZERO_DATE:
        return unusable("data zero (00/01/1900)")
    if cell.kind is CellKind.BOOL:
        return Result(ResultKind.DONE if value else ResultKind.NOT_DONE)
    if isinstance(value, date):
        if not plausible(value):
            return unusable(f"data improbabile: {value:%d/%m/}{value.year} (forse un numero con formato data)")
        return Result(ResultKind.DATE, unit="data", dates=(value,))
    if isinstance(value, Decimal):
        return _typed_number(cell, value)
    return unusable(f"errore di Excel: {value}")


def _typed_number(cell: Cell, value: Decimal) -> Result:
    if not in_measure(value):
        return unusable("numero fuori misura")
    if cell.kind is CellKind.PERCENT:
        return Result(ResultKind.PERCENT, percent_of(value), "%")
    euro = "€" in cell.number_format or "eur" in cell.number_format.lower()
    return Result(ResultKind.NUMBER, tidy(value), "€" if euro else "n.")


@lru_cache(maxsize=32768)
def _parsed(text: str, year: int | None) -> Result:
    words = plain(text)
    if not words:
        return Result(ResultKind.EMPTY, text=text)
    return replace(_read(words, text, year), text=text)


def _read(words: str, original: str, year: int | None) -> Result:
    if looks_like_formula(original):
        return Result(ResultKind.NARRATIVE, problem="testo che sembra una formula")
    if _ERROR.fullmatch(words):
        return unusable(f"errore di Excel: {words.upper()}")
    if _ZERO_DATE.fullmatch(words):
        return unusable("data zero (00/01/1900)")
    if _NOT_MEASURED.fullmatch(words) or _INITIALS_THEN_WORDS.fullmatch(words):
        return Result(ResultKind.NOT_MEASURED)
    text = without_end_mark(in_full(words))
    if _NOT_DONE.fullmatch(text):
        return Result(ResultKind.NOT_DONE)
    if _DONE.fullmatch(text):
        return Result(ResultKind.DONE)
    found = _dates(text, year) or measured_text(text)
    if found and found.kind in _FIGURES and (said := _IN_YEAR.search(text)) and year is not None and int(said["year"]) != year:
        return Result(ResultKind.NARRATIVE, problem=f"una misura di un altro anno ({said['year']})")
    return found or Result(ResultKind.NARRATIVE, problem=_NO_MEASURE)


def _dates(text: str, year: int | None) -> Result | None:
    """A date, several dates, a month; None where the text is something else."""
    marked, hits = masked(text)
    match = _DATES.fullmatch(marked)
    if not match:
        if _DAY_MONTH.fullmatch(text):
            return unusable(f"può essere una data senza anno o una frazione: «{text}»")
        return unusable(f"data impossibile: «{text}»") if _WRONG_DATE.fullmatch(text) else None
    printed = [hit_of(mark, hits) for mark in re.findall(MARK, match["marks"])]
    if wrong := next((hit.problem for hit in printed if hit.problem), None):
        return unusable(wrong)
    if any(hit.day is None for hit in printed):
        return _month(printed[0].month, printed[0].year or year) if len(printed) == 1 else unusable("più mesi nella stessa cella")
    days = tuple(day for hit in printed if (day := hit.resolved(year)))
    if len(days) < len(printed):
        trouble = next(trouble for hit in printed if (trouble := hit.trouble(year)))
        return unusable(trouble.replace("scadenza", "data"))
    return Result(ResultKind.DATE, unit="data", dates=days)


def _month(month: int, year: int | None) -> Result:
    return Result(ResultKind.MONTH, unit="data", dates=month_span(month, year) if year else (), month=month)


def unusable(problem: str) -> Result:
    """A result that can't be used, with the reason in Italian."""
    return Result(ResultKind.UNREADABLE, problem=problem)
