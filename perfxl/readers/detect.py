"""Which layout a sheet has, and where: every layout against every candidate header of the sheet's first rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from perfxl.model.cells import CellKind
from perfxl.readers.contests import ANOTHER_YEAR, BESIDE, MEASURES, Claim, Double, Terms, is_late, ranked, settled
from perfxl.readers.grid import collapsed, raw_text
from perfxl.readers.headings import MAX_HEADING, day_in, heading

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from datetime import date

    from perfxl.readers.grid import Grid, RawCell
    from perfxl.readers.layout import Layout

SEARCHED_ROWS = 60
SEARCHED_COLUMNS = 40
KEPT_VOCABULARIES = 8
REMEMBERED = 20_000
"""Headings, and headers tried, that are remembered from sheet to sheet."""
_YEARS = (1990, 2100)

ColumnKey = tuple[str, int | None]  # field, year of the heading


@dataclass(slots=True)
class Match:
    """A layout found in a sheet: the header's rows, the column of each field, the columns that could be one field's."""

    layout: Layout
    top: int
    bottom: int
    columns: dict[ColumnKey, int] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)  # heading as written by column
    wide: dict[int, str] = field(default_factory=dict)
    late: dict[int, str] = field(default_factory=dict)  # periods left aside: they end after the date of reference
    contests: dict[ColumnKey, list[Claim]] = field(default_factory=dict)  # by the column that the headings alone would choose
    doubles: list[Double] = field(default_factory=list)
    score: int = 0

    def column(self, name: str) -> int | None:
        """Column of a field (of the first year where there are several)."""
        return next((column for (key, _), column in self.columns.items() if key == name), None)

    @property
    def fields(self) -> frozenset[str]:
        """Fields that have a column."""
        return frozenset(name for name, _ in self.columns)

    @property
    def complete(self) -> bool:
        """Whether every essential column is there."""
        return self.layout.essential <= self.fields and (self.layout.wide is None or bool(self.wide))


class Vocabulary:
    """All the words that head a column in some layout: rows without any of them needn't be tried."""

    def __init__(self, layouts: Iterable[Layout]) -> None:
        layouts = tuple(layouts)
        tables = [layout for layout in layouts if layout.shape == "table"]
        self._words = frozenset(words for layout in tables for words in layout.exact)
        self._starts = tuple(start for layout in tables for start, _ in layout.prefixes)
        self._wide = [layout.wide_re for layout in tables if layout.wide_re is not None]
        self._told: dict[tuple[str, str], bool] = {}
        self.texts: dict[str, bool] = {}  # of texts as they stand in a sheet: `knows_text`
        self._may: dict[tuple[int, frozenset[str]], bool] = {}
        self._tried: dict[tuple[Any, ...], Match | None] = {}
        self._kept = layouts  # layouts are known by identity in what is remembered: they must stay alive

    def knows(self, headings: Iterable[Heading]) -> bool:
        """Whether any of a row's headings is one of some layout's."""
        return any(self._known(text, words) for _, text, words, _ in headings)

    def knows_text(self, text: str) -> bool:
        """Whether a text, as it stands in the sheet, is a heading of some layout's."""
        told = self.texts.get(text)
        if told is None:
            if len(self.texts) > REMEMBERED:
                self.texts.clear()
            words = collapsed(text)
            told = self.texts[text] = 0 < len(words) <= MAX_HEADING and self._known(words, heading(words)[0])
        return told

    def _known(self, text: str, words: str) -> bool:
        key = (text, words)
        told = self._told.get(key)
        if told is None:
            if len(self._told) > REMEMBERED:
                self._told.clear()
            told = self._told[key] = self._looked_up(text, words)
        return told

    def _looked_up(self, text: str, words: str) -> bool:
        if words and (words in self._words or words.startswith(self._starts)):
            return True
        return any(pattern.search(text) for pattern in self._wide)

    def words_of(self, header: Header) -> frozenset[str]:
        """The words of a header that some layout knows."""
        return frozenset([words for _, text, words, _ in header[2] if self._known(text, words)])

    def complete(self, layout: Layout, header: Header, known: frozenset[str], year: int | None) -> Match | None:
        """What a header gives to a layout where every essential column is there; `known` are its `words_of`.

        Offices' sheets are made from a few models: the same headings are tried once.
        """
        may = self._may.get((id(layout), known))
        if may is None:
            if len(self._may) > REMEMBERED:
                self._may.clear()
            may = self._may[id(layout), known] = _may_head(layout, known)
        if not may:
            return None
        top, bottom, headings = header
        key = (id(layout), bottom - top, year, *headings)
        if key not in self._tried:
            if len(self._tried) > REMEMBERED:
                self._tried.clear()
            match = read_header(layout, top, bottom, headings, year)
            self._tried[key] = match if match.complete else None
        found = self._tried[key]
        return None if found is None else replace(found, top=top, bottom=bottom)


_vocabularies: dict[tuple[int, ...], Vocabulary] = {}


def vocabulary_of(own: Sequence[Layout], shipped: Sequence[Layout]) -> Vocabulary:
    """The vocabulary of these layouts, made once for all the workbooks that are read with them."""
    key = (*map(id, own), 0, *map(id, shipped))
    found = _vocabularies.get(key)
    if found is None:
        if len(_vocabularies) > KEPT_VOCABULARIES:
            _vocabularies.clear()
        found = _vocabularies[key] = Vocabulary((*own, *shipped))
    return found


def detect(
    grid: Grid, own: Sequence[Layout], shipped: Sequence[Layout], vocabulary: Vocabulary, year: int | None = None,
    as_of: date | None = None,
) -> Match | None:  # fmt: skip
    """The best match, or None. A user's own layout wins wherever its essential columns are all there."""
    headers = candidate_headers(grid, vocabulary)
    for layouts in (own, shipped):
        best = _best(grid, [layout for layout in layouts if layout.accepts(grid.name)], headers, vocabulary, year)
        if best is not None:
            best = _settled(grid, best, year, as_of) if best.contests else best
            return _within(best, Terms(year, as_of=as_of)) if best.wide and as_of is not None else best
    return None


def _within(match: Match, terms: Terms) -> Match:
    """A sheet of periods without those whose heading has a date after the one of reference."""
    if match.layout.wide is None or match.layout.wide.by != "period":
        return match
    late = {column: text for column, text in match.wide.items() if is_late(day_in(text), heading(text)[1], terms)}
    return replace(match, wide={column: text for column, text in match.wide.items() if column not in late}, late=late)


def _settled(grid: Grid, match: Match, year: int | None, as_of: date | None) -> Match:
    """The match with the columns that the sheet's content chooses where the headings leave a choice."""
    columns, doubles = dict[ColumnKey, int](), list[Double]()
    texts = match.column("text")
    rows = [row for row in sorted(grid.rows) if row > match.bottom and (texts is None or grid.text(row, texts))]
    terms = Terms(year, _first_target(match.columns), as_of)
    for key, column in match.columns.items():
        if key in match.contests:
            kept, left = settled(key[0], match.contests[key], terms, grid, rows)
            columns[key[0], kept.year] = kept.column
            doubles += left
        else:
            columns[key] = column
    doubles = [_as_previous(double, match.layout, columns, terms) for double in doubles]
    return replace(match, columns=columns, doubles=doubles)


def _as_previous(double: Double, layout: Layout, columns: dict[ColumnKey, int], terms: Terms) -> Double:
    """`Risultato 2018` beside the results of 2019 is the value of the year before, where no column of its own says it."""
    year = double.kept.year or terms.year or terms.first_target
    before = year and double.left.year == year - 1 and not double.left.beside
    if double.name != "result" or not before or "previous" not in layout.columns or ("previous", None) in columns:
        return double
    columns["previous", None] = double.left.column
    return double._replace(why=f"{double.why}; l'altra vale come valore dell'anno precedente")


def _best(grid: Grid, layouts: Sequence[Layout], headers: list[Header], vocabulary: Vocabulary, year: int | None) -> Match | None:
    """The match of the highest score, the topmost, the first layout's. Blocks are looked for (in every cell) only where their
    score, known beforehand, is as high as the best table's."""
    found: dict[int, list[Match]] = {}
    words = [(header, vocabulary.words_of(header)) for header in headers]
    for number, layout in enumerate(layouts):
        if layout.shape != "blocks":
            made = (vocabulary.complete(layout, header, known, year) for header, known in words)
            found[number] = [match for match in made if match is not None]
    highest = max((match.score for matches in found.values() for match in matches), default=0)
    for number, layout in enumerate(layouts):
        if layout.shape == "blocks" and _blocks_score(layout) >= highest:
            block = _blocks(grid, layout)
            found[number] = [block] if block is not None else []
    ordered = [match for number in sorted(found) for match in found[number]]
    return max(ordered, key=lambda match: (match.score, -match.top), default=None)


def _blocks_score(layout: Layout) -> int:
    return 100 * len(layout.anchors) + 50


def nearest(grid: Grid, layouts: Sequence[Layout], vocabulary: Vocabulary) -> Match | None:
    """The layout of which most headings were seen, for the finding of a sheet that isn't recognised."""
    headers = candidate_headers(grid, vocabulary)
    tried = [read_header(layout, *header) for layout in layouts if layout.shape == "table" for header in headers]
    best = max(tried, key=lambda match: len(match.fields & match.layout.essential) * 100 + len(match.fields), default=None)
    return best if best is not None and best.fields else None


Heading = tuple[int, str, str, int | None]  # column, as written, words compared, year
Header = tuple[int, int, list[Heading]]  # first row, last row, headings


def beyond(grid: Grid, layouts: Sequence[Layout], vocabulary: Vocabulary) -> Match | None:
    """The first header of a layout below the rows that are searched, for the finding of a sheet that isn't recognised."""
    for row in sorted(row for row in grid.rows if row > SEARCHED_ROWS):
        if _any_known(grid.rows[row], vocabulary):
            headings = _headings(grid, row)
            tried = (read_header(layout, row, row, headings) for layout in layouts if layout.shape == "table")
            if found := next((match for match in tried if match.complete), None):
                return found
    return None


def candidate_headers(grid: Grid, vocabulary: Vocabulary) -> list[Header]:
    """Rows among the first ones with a known heading, alone and joined with the row beneath (a heading on two rows)."""
    rows = sorted(row for row in grid.rows if row <= SEARCHED_ROWS)
    good = {row for row in rows if _any_known(grid.rows[row], vocabulary)}
    near = {other for row in good for other in (row - 1, row, row + 1)}
    texts = {row: _headings(grid, row) if row in near else [] for row in rows}
    headers: list[Header] = [(row, row, texts[row]) for row in rows if row in good]
    for row in rows:
        below = texts.get(row + 1)
        if texts[row] and below and (row in good or row + 1 in good):
            headers.append((row, row + 1, _joined(grid, row, texts[row], below, vocabulary)))
    return headers


def _any_known(cells: dict[int, RawCell], vocabulary: Vocabulary) -> bool:
    """Whether a row has a heading of some layout's. Most rows have none, so nothing is made of them."""
    seen = vocabulary.texts
    for column, raw in cells.items():
        if column > SEARCHED_COLUMNS:
            continue
        if raw[0] is CellKind.TEXT:
            text: str = raw[1]  # type: ignore[assignment]
            told = seen.get(text)
            if vocabulary.knows_text(text) if told is None else told:
                return True
        elif _heads(raw) and vocabulary.knows_text(raw_text(raw)):
            return True
    return False


def _headings(grid: Grid, row: int) -> list[Heading]:
    """Texts short enough, and whole numbers that may be a year of a heading on two rows."""
    return [_heading(column, text) for column, text in sorted(_short_texts(grid, row).items())]


def _short_texts(grid: Grid, row: int) -> dict[int, str]:
    found = ((column, raw_text(raw)) for column, raw in grid.rows[row].items() if column <= SEARCHED_COLUMNS and _heads(raw))
    return {column: text for column, text in found if text and len(text) <= MAX_HEADING}


@lru_cache(maxsize=1 << 13)
def _heading(column: int, text: str) -> Heading:
    words, year = heading(text)
    return column, text, words, year


def _heads(raw: RawCell) -> bool:
    kind, value = raw[0], raw[1]
    return kind is CellKind.TEXT or (kind is CellKind.NUMBER and isinstance(value, Decimal) and _YEARS[0] <= value <= _YEARS[1])


def _joined(grid: Grid, row: int, upper: list[Heading], lower: list[Heading], vocabulary: Vocabulary) -> list[Heading]:
    """Upper heading (carried over its merged range) and lower one, column by column; the lower alone under a band's own title."""
    above = {column: text for column, text, _, _ in upper}
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and left in above and right > left:
            for column in range(left + 1, min(right, SEARCHED_COLUMNS) + 1):
                above.setdefault(column, above[left])
    below = {column: text for column, text, _, _ in lower}
    whole = {column: f"{above.get(column, '')} {below.get(column, '')}".strip() for column in sorted({*above, *below})}
    return [_under_band((column, text, *heading(text)), below.get(column, ""), vocabulary) for column, text in whole.items()]


def _under_band(joined: Heading, lower: str, vocabulary: Vocabulary) -> Heading:
    """`Monitoraggio 2019` over `Risultato` and `Target`: no layout knows the two together, so the lower one is the heading."""
    column, text, _, year = joined
    words, own_year = heading(lower)
    alone: Heading = (column, text, words, own_year or year)
    return alone if vocabulary.knows([alone]) and not vocabulary.knows([joined]) else joined


def _may_head(layout: Layout, words: frozenset[str]) -> bool:
    """Whether every essential column finds some of its words: a quick look before a `Match` is made."""
    missing = layout.essential - {layout.exact[found] for found in layout.exact.keys() & words}
    starts = layout.prefixes if missing else ()
    return missing <= {name for start, name in starts if name in missing and any(found.startswith(start) for found in words)}


def read_header(layout: Layout, top: int, bottom: int, headings: list[Heading], year: int | None = None) -> Match:
    """What a row of headings gives to a layout. Score: the columns; exact headings and one row break ties."""
    match = Match(layout, top, bottom, headings={column: text for column, text, _, _ in headings})
    exact = 0
    claims: dict[ColumnKey, list[Claim]] = {}  # only targets have one column a year
    for column, text, words, found_year in headings:
        if layout.wide_re is not None and layout.wide_re.search(text):
            match.wide[column] = text
            continue
        name, is_exact = field_of(layout, words)
        if name:
            exact += is_exact
            beside = name in MEASURES and not is_exact and not BESIDE.isdisjoint(words.split())
            claim = Claim(column, text, found_year, is_exact, beside)
            claims.setdefault((name, found_year if name == "target" else None), []).append(claim)
    _drop_notes(claims)
    terms = Terms(year, _first_target(claims))
    for (name, _), rivals in claims.items():
        first = ranked(name, rivals, terms)[0] if len(rivals) > 1 else rivals[0]
        match.columns[name, first.year] = first.column
        if len(rivals) > 1:
            match.contests[name, first.year] = rivals
    match.score = 100 * len(match.fields) + 10 * len(match.columns) + 5 * exact - 4 * (bottom - top)
    return match


def _drop_notes(claims: dict[ColumnKey, list[Claim]]) -> None:
    """`Target - note` beside `Target 2019` is no target without a year."""
    notes = [key for key, rivals in claims.items() if key[0] == "target" and all(claim.beside for claim in rivals)]
    if len(notes) < sum(name == "target" for name, _ in claims):
        for key in notes:
            del claims[key]


def _first_target(columns: Iterable[ColumnKey]) -> int:
    """The first year of the targets; 0 where a target has no year, or there is none."""
    years = [year or 0 for name, year in columns if name == "target"]
    return min(years, default=0)


def field_of(layout: Layout, words: str) -> tuple[str, bool]:
    """Field that folded words head ("" for none), and whether they are exactly the layout's."""
    name = layout.exact.get(words)
    if name:
        return name, True
    name = next((found for start, found in layout.prefixes if words.startswith(start)), "") if words else ""
    if name in MEASURES and not ANOTHER_YEAR.isdisjoint(words.split()):
        return "", False
    return name, False


def _blocks(grid: Grid, layout: Layout) -> Match | None:
    """A sheet of blocks: each anchor somewhere; the column of the first anchor is the column of the text.

    Where the layout has a column of labels the anchors are labels, and the text stands in the column beside.
    """
    first: tuple[int, int] | None = None
    for rule in layout.anchors:
        place = _first_place(grid, rule.text_re) if rule.text_re else None
        if place is None:
            return None
        first = min(first or place, place)
    assert first is not None
    start = _first_row_of_any(grid, layout, first[1])
    columns: dict[ColumnKey, int] = {("text", None): first[1]}
    if "label" in layout.columns:
        columns = {("label", None): first[1], ("text", None): first[1] + 1}
    return Match(layout, start, start - 1, columns, score=_blocks_score(layout))


def _first_place(grid: Grid, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    for row in sorted(grid.rows):
        for column, raw in grid.rows[row].items():
            if raw[0] is CellKind.TEXT and pattern.search(raw_text(raw)):
                return row, column
    return None


def _first_row_of_any(grid: Grid, layout: Layout, column: int) -> int:
    """The first row that any rule knows: what is above it is title."""
    patterns = [rule.text_re for rule in layout.rows if rule.text_re]
    return next(row for row in sorted(grid.rows) if any(pattern.search(grid.text(row, column)) for pattern in patterns))
