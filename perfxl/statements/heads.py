"""Where the statements of a sheet begin: headers found by their words, captions, columns with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfxl.readers.headings import folded, heading, year_in
from perfxl.statements.model import Field
from perfxl.statements.schema import YEAR_WORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfxl.readers.grid import Grid
    from perfxl.statements.schema import Column, Declaration

CAPTION_ROWS = 6
"""Rows above a header among which its caption is looked for."""

LONGEST_HEADING = 120

ROUNDED_BY_NATURE = frozenset({"percent"})
"""Kinds whose typed figures are taken as rounded to the decimals that they show, unless the declaration says otherwise."""

START = 6
"""Letters by which the headings that a row could match are looked up."""


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a table. Rows count from 1; `first` is where its caption or title stands, `bottom` the header's last row."""

    declaration: Declaration
    first: int
    top: int
    bottom: int
    fields: tuple[Field, ...]
    caption: str
    score: int


class Rows:
    """The texts of a sheet, row by row, each read once."""

    def __init__(self, grid: Grid) -> None:
        self.merged = grid.merged
        self._grid = grid
        self._known: dict[int, dict[int, str]] = {}

    def texts(self, row: int) -> dict[int, str]:
        """Non-empty contents of a row by column."""
        if row not in self._known:
            self._known[row] = self._grid.texts(row)
        return self._known[row]


class HeadFinder:
    """Finds the headers of a sheet. Only the declarations that a row's words could begin are compared with it."""

    def __init__(self, declarations: Sequence[Declaration]) -> None:
        self._declarations = declarations
        self._anywhere: list[int] = []
        self._by_start: dict[str, list[int]] = {}
        for index, declaration in enumerate(declarations):
            starts = _starts(declaration)
            for start in starts or ():
                self._by_start.setdefault(start, []).append(index)
            if starts is None:
                self._anywhere.append(index)
        self._short = [start for start in self._by_start if len(start) < START]

    def heads(self, sheet: Grid) -> list[Head]:
        """The headers, one beneath another: on a row the one that explains most of it."""
        found: list[Head] = []
        floor = 0
        grid = Rows(sheet)
        allowed = {index for index, each in enumerate(self._declarations) if each.accepts(sheet.name)}
        for row in sorted(sheet.rows) if allowed else ():
            if row <= floor:
                continue
            best = self._best(grid, row, floor, allowed)
            if best is not None and best.bottom > best.top:  # a title above the header may look like the header's first row
                below = self._best(grid, best.bottom, floor, allowed)
                best = below if below is not None and below.score > best.score else best
            if best is not None:
                found.append(best)
                floor = best.bottom
        return found

    def _best(self, grid: Rows, row: int, floor: int, allowed: set[int]) -> Head | None:
        known = {*self._anywhere, *self._possible(grid, row), *self._possible(grid, row + 1)} & allowed
        found = [head for index in sorted(known) for head in _heads_at(self._declarations[index], grid, row, floor)]
        return max(found, key=lambda head: head.score, default=None)

    def _possible(self, grid: Rows, row: int) -> Iterator[int]:
        for text in grid.texts(row).values():
            if len(text) <= LONGEST_HEADING:
                for words in dict.fromkeys((folded(text), heading(text)[0])):
                    yield from self._begun(words[:START])

    def _begun(self, words: str) -> Iterator[int]:
        """The declarations with a heading that begins so; a shorter text may be the first row of one that goes on beneath."""
        yield from self._by_start.get(words, ())
        if len(words) < START:
            for start, indexes in self._by_start.items() if words else ():
                if start.startswith(words):
                    yield from indexes
        for start in self._short:
            if words.startswith(start):
                yield from self._by_start[start]


def _starts(declaration: Declaration) -> set[str] | None:
    """How the headings of a column that must be there begin; None where that can't be told beforehand."""
    if declaration.headless or declaration.records or not declaration.essential:
        return None
    column = next(each for each in declaration.columns.values() if each.need == "essential")
    words = [text for text, _ in column.words] + [text.partition(YEAR_WORD)[0].strip() for text in column.by_year]
    return None if "" in words else {text[:START] for text in words}


def _heads_at(declaration: Declaration, grid: Rows, row: int, floor: int) -> Iterator[Head]:
    if declaration.headless or declaration.records:
        head = _headless(declaration, grid, row)
        if head is not None:
            yield head
        return
    for bottom in (row, row + 1):
        head = _head(declaration, grid, (row, bottom), floor)
        if head is not None:
            yield head


def _headless(declaration: Declaration, grid: Rows, row: int) -> Head | None:
    assert declaration.caption_re is not None
    for left, text in sorted(grid.texts(row).items()):
        if declaration.caption_re.search(text):
            fields = [
                _field(key, column, column.title or key, left + column.at - 1 if column.at else None)
                for key, column in declaration.columns.items()
            ]
            return Head(declaration, row, row, row, tuple(fields), text, 60)
    return None


def _head(declaration: Declaration, grid: Rows, rows: tuple[int, int], floor: int) -> Head | None:
    top, bottom = rows
    texts = _texts(grid, top, bottom)
    places: dict[str, tuple[int, str]] = {}
    repeated: dict[str, Field] = {}
    exact = 0
    for at, text in sorted(texts.items()):
        match = declaration.series_re.search(text) if declaration.series_re else None
        key, is_exact = key_of(declaration, text)
        yearly = declaration.column_by_year(text)
        if yearly:
            each = _of_year(yearly, declaration.columns[yearly], text, at)
            repeated.setdefault(each.key, each)
        elif key and (key := declaration.twin(key, places) if key in places else key) not in places:
            places[key] = (at, text)
            exact += is_exact
        elif match is not None and declaration.series is not None:
            each = _repeated(declaration, match, text, at)
            if each.key in repeated and declaration.series.consecutive and each.year:
                each = _next_year(each, repeated)
            repeated.setdefault(each.key, each)
    by_year = {each.of for each in repeated.values() if each.of}
    if not declaration.essential <= {*places, *by_year} or (declaration.series is not None and not repeated):
        return None
    said = _caption(declaration, grid, top, floor)
    if said is None:
        return None
    caption, caption_row = said
    anchors = places | {"series": (min((each.at or 0 for each in repeated.values()), default=0), "")}
    fields = [
        _field(key, column, places[key][1] if key in places else column.title, _place(key, column, anchors, texts))
        for key, column in declaration.columns.items()
        if (key in places or not column.headings or column.kept) and not column.each
    ]
    fields += _each_year(declaration, repeated)
    staged = sum(each.year is not None and each.key != f"y{each.year}" for each in repeated.values() if each.series)
    score = 10 * (len(places) + len(by_year)) + 3 * exact + 2 * len(repeated) + staged + (15 if caption else 0) - (bottom - top)
    first = caption_row if caption else _first_row(grid, top, floor)
    title = caption or _title_above(grid, top, floor)
    return Head(declaration, first, top, bottom, (*_ordered(fields, repeated),), title, score)


def _place(key: str, column: Column, places: dict[str, tuple[int, str]], texts: dict[int, str]) -> int | None:
    """Where a column stands; None for one that is only computed."""
    if column.left_of in places and key not in places:
        at = places[column.left_of][0] - 1
        return at if at >= 1 and not texts.get(at) else None
    return places.get(key, (None,))[0]


def _ordered(fields: list[Field], repeated: dict[str, Field]) -> list[Field]:
    """As in the sheet; columns that are only computed stay after the one that they are declared after."""
    out = [each for each in fields if each.at is not None] + list(repeated.values())
    out.sort(key=lambda each: each.at or 0)
    for index, each in enumerate(fields):
        if each.at is None:
            before = next((out.index(other) + 1 for other in reversed(fields[:index]) if other in out), len(out))
            out.insert(max(before, len(out) if repeated else before), each)
    return out


def _texts(grid: Rows, top: int, bottom: int) -> dict[int, str]:
    texts = grid.texts(top)
    if bottom == top:
        return texts
    above = dict(texts)
    for first, left, last, right in grid.merged:
        if first <= top <= last and left in texts:
            for column in range(left, right + 1):
                above.setdefault(column, texts[left])
    below = grid.texts(bottom)
    return {at: f"{above.get(at, '')} {below.get(at, '')}".strip() for at in {*above, *below}} if below else {}


def key_of(declaration: Declaration, text: str) -> tuple[str, bool]:
    """The column that a text heads ("" for none), and whether it is one of its headings word for word."""
    if len(text) > LONGEST_HEADING:
        return "", False
    either = folded(text), heading(text)[0]
    for words in either:
        key = declaration.exact.get(words)
        if key:
            return key, True
    for words in either:
        key = next((found for start, found in declaration.prefixes if words.startswith(start)), "")
        if key:
            return key, False
    return "", False


def _repeated(declaration: Declaration, match: re.Match[str], text: str, at: int) -> Field:
    series = declaration.series
    assert series is not None
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    key = f"y{year}{_stage(groups)}" if year else re.sub(r"\W+", "_", folded(groups.get("key") or text)).strip("_")
    rounded = series.rounded if series.rounded is not None else series.kind in ROUNDED_BY_NATURE
    return Field(key, text, series.kind, series.width, at, year, series=True, rounded=rounded)


def _stage(groups: Mapping[str, str | None]) -> str:
    """`PRE-CONSUNTIVO` of a year as part of a key: `preconsuntivo`."""
    return folded(groups.get("stage") or "").replace(" ", "")


def _next_year(field: Field, repeated: dict[str, Field]) -> Field:
    """The column of the year after the last, where the heading repeats one."""
    year = max(each.year or 0 for each in repeated.values()) + 1
    return replace(field, key=f"y{year}", year=year, heading=f"{field.heading} (letto {year})")


def _of_year(key: str, column: Column, text: str, at: int) -> Field:
    """One of the columns that repeat year by year; one headed by a key (`value_2017`) is shown as the declaration calls it."""
    year = year_in(text)
    called = next((words for words in column.headings if YEAR_WORD in words and "_" not in words), "") if "_" in text else ""
    shown = called.replace(YEAR_WORD, str(year)) or text
    return replace(_field(key, column, text, at), key=f"{key}_{year}", heading=shown, year=year, of=key)


def _each_year(declaration: Declaration, repeated: dict[str, Field]) -> list[Field]:
    """The computed columns that repeat with the years of another, year by year."""
    found = []
    for like in sorted((each for each in repeated.values() if each.year), key=lambda each: each.year or 0):
        for key, column in declaration.columns.items():
            if column.each and column.each == like.of:
                plain = _field(key, column, column.title.replace("{anno}", str(like.year)), None)
                heading_ = column.title.replace("{anno}", str(like.year))
                found.append(replace(plain, key=f"{key}_{like.year}", heading=heading_, year=like.year, of=key))
    return found


def _field(key: str, column: Column, text: str, at: int | None) -> Field:
    rounded = column.rounded if column.rounded is not None else column.kind in ROUNDED_BY_NATURE
    return Field(
        key, column.title or text or key, column.kind, column.width, at, heading(text)[1], rounded=rounded, declared=column
    )


def _caption(declaration: Declaration, grid: Rows, top: int, floor: int) -> tuple[str, int] | None:
    """The caption above a header, the nearest, and its row ("" where none is asked for); None where it isn't there.

    It is looked for below the header of the table before (`floor`).
    """
    if declaration.caption_re is None:
        return "", top
    for row in range(top, max(top - CAPTION_ROWS, floor, 0), -1):
        for text in grid.texts(row).values():
            if declaration.caption_re.search(text):
                return text, row
    return None


def _first_row(grid: Rows, top: int, floor: int) -> int:
    """The first of the rows right above a header that hold a text alone: its title, and not the end of the table before."""
    row = top
    while row - 1 > floor and len(grid.texts(row - 1)) == 1:
        row -= 1
    return row


def _title_above(grid: Rows, top: int, floor: int) -> str:
    """The nearest row above that holds one text alone."""
    for row in range(top - 1, max(top - CAPTION_ROWS, floor, 0), -1):
        texts = [*grid.texts(row).values()]
        if len(texts) == 1:
            return texts[0]
    return ""
