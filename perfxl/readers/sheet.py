"""A grid into `SheetRows`: layout, tables, respondent, rows; and what to say of a sheet that isn't recognised."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, Severity, finding
from perfxl.grammar.codes import normalise_offices
from perfxl.model.cells import CellRef
from perfxl.model.sheets import RowLevel, SheetRole, SheetRow, SheetRows
from perfxl.readers import respondent as respondents
from perfxl.readers.detect import Match, detect, vocabulary_of
from perfxl.readers.drafts import RowMaker
from perfxl.readers.headings import heading, year_in
from perfxl.readers.merged import spread
from perfxl.readers.respondent import Whose
from perfxl.readers.rows import RowReader
from perfxl.readers.segments import Segment, segments
from perfxl.readers.unknown import about_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from perfxl.readers.contests import Double
    from perfxl.readers.drafts import Draft
    from perfxl.readers.grid import Grid, Rectangle
    from perfxl.readers.layout import Layout


Taker = Callable[[Any], bool]
"""Who else may take a sheet (a `Grid`) that is no office's: whether it did."""


class SheetReader:
    """Reads the sheets of one workbook; findings gather in `findings`."""

    def __init__(
        self, own: Sequence[Layout], shipped: Sequence[Layout], year: int | None, other: Taker | None = None, as_of: date | None = None,
    ) -> None:  # fmt: skip
        self._other, self._as_of = other, as_of
        self.findings: list[Finding] = []
        self._own, self._shipped, self._year = own, shipped, year
        self._vocabulary = vocabulary_of(own, shipped)
        self._seen: Counter[tuple[str, str]] = Counter()

    def read(self, grid: Grid) -> list[SheetRows]:
        """The tables of a sheet: none when it isn't recognised, several when they are one below the other or by office."""
        match = detect(grid, self._own, self._shipped, self._vocabulary, self._year, self._as_of)
        if match is None or match.layout.role is SheetRole.OTHER_SYSTEM:
            taken = self._other is not None and self._other(grid)
            if match is not None:
                return [self._left_alone(grid, match, taken=taken)]
            if taken:
                return []
            self.findings.append(about_unknown(grid, (*self._own, *self._shipped), self._vocabulary))
            return []
        told = len(self.findings)
        grid = spread(grid, match) if grid.merged else grid
        self._about_header(grid, match)
        sheets = [sheet for segment in segments(grid, match) for sheet in self._table(grid, match, segment)]
        if not any(sheet.rows for sheet in sheets) and self._other is not None and self._other(grid):
            del self.findings[told:]  # headings alike, and not one row of an office: it is a statement
            return []
        return [self._told_apart(sheet) for sheet in sheets]

    def _left_alone(self, grid: Grid, match: Match, *, taken: bool) -> SheetRows:
        found = (match.layout.remark or match.layout.title) + (": letto come prospetto" if taken else "")
        self.findings.append(finding("PX-R002", found, file=grid.file, sheet=grid.name))
        return SheetRows(
            grid.file, grid.name, match.layout.id, SheetRole.OTHER_SYSTEM, "", grid.name, (),
            year=_first_year(match.headings.values()), header=_header(grid, match, match.top), columns=_letters(grid, match),
        )  # fmt: skip

    def _about_header(self, grid: Grid, match: Match) -> None:
        for name in match.layout.needed("expected"):
            if name not in match.fields:
                words = match.layout.columns[name].headings[0]
                where = _header(grid, match, match.top)
                self.findings.append(finding("PX-R007", f"manca la colonna «{words}»", where))
        for double in match.doubles:
            self.findings.append(_about_double(grid, match, double))
        if any(grid.text(row, column) for column in match.late for row in grid.rows if row > match.bottom):
            self.findings.append(_about_late(grid, match))

    def _table(self, grid: Grid, match: Match, segment: Segment) -> list[SheetRows]:
        layout = match.layout
        whose = respondents.told(layout, segment.titles, tuple(match.headings.values()), grid.name)
        maker = RowMaker(grid, match)
        reader = RowReader(grid, match, whose.code if whose else "", maker)
        reader.read(segment.rows)
        self._about_hidden(grid, match, reader)
        tables = []
        for rows, office in self._parts(match, reader.drafts, maker):
            who = Whose(office, (office,), layout.role, "") if office else whose or self._fallback(grid, layout, rows)
            tables.append(self._sheet_rows(grid, match, segment, who, rows, reader.attributes))
            self.findings += _beneath_merged(grid, rows) if grid.merged else []
        self.findings += [*reader.findings, *maker.findings]
        return tables

    def _parts(self, match: Match, drafts: list[Draft], maker: RowMaker) -> Iterator[tuple[tuple[SheetRow, ...], str]]:
        """The rows, or those of each office where one sheet holds many."""
        if match.wide and match.layout.wide is not None and match.layout.wide.by == "office":
            for column, text in match.wide.items():
                office = _office_of(match, text)
                yield tuple(maker.make(draft, column) for draft in drafts), office
            return
        rows = tuple(maker.make(draft) for draft in drafts)
        if match.layout.split != "office":
            yield rows, ""
            return
        offices = dict.fromkeys("/".join(row.offices) for row in rows if row.level is RowLevel.INDICATOR)
        if not offices:
            yield rows, ""
        for office in offices:
            yield tuple(row for row in rows if row.level is not RowLevel.INDICATOR or "/".join(row.offices) == office), office

    def _fallback(self, grid: Grid, layout: Layout, rows: tuple[SheetRow, ...]) -> Whose:
        """A person in the file's name, common office, the rest of the name, then the file itself with a finding."""
        named = respondents.by_file(layout, grid.file)
        if named is not None and named.role is SheetRole.PERSON:
            return named  # a PO's rows may all be one office's
        who = respondents.by_rows(layout, rows) or named
        if who is not None:
            return who
        stem = PurePath(grid.file).stem
        self.findings.append(
            finding(
                "PX-R005", f"né titolo né righe dicono l'ufficio: il foglio vale come «{stem}»", file=grid.file, sheet=grid.name
            )
        )
        return Whose(stem, (stem,) if layout.role is SheetRole.OFFICE else (), layout.role)

    def _about_hidden(self, grid: Grid, match: Match, reader: RowReader) -> None:
        rows = sorted({draft.row for draft in reader.drafts} & grid.hidden_rows)
        if rows:
            text = f"righe nascoste: {', '.join(map(str, rows[:20]))}{' …' if len(rows) > 20 else ''}"
            self.findings.append(finding("PX-R010", text, file=grid.file, sheet=grid.name, cell=f"A{rows[0]}"))
        used = {column: words for column, words in match.headings.items() if column in {*match.columns.values(), *match.wide}}
        if unseen := sorted(grid.hidden_columns & used.keys()):
            text = ", ".join(f"{CellRef('', '', 1, column).a1[:-1]} («{used[column]}»)" for column in unseen)
            where = CellRef(grid.file, grid.name, match.bottom, unseen[0])
            self.findings.append(finding("PX-R010", f"colonne nascoste: {text}", where))
        if grid.hidden:
            self.findings.append(finding("PX-R010", "l'intero foglio è nascosto", file=grid.file, sheet=grid.name))

    def _sheet_rows(
        self, grid: Grid, match: Match, segment: Segment, who: Whose, rows: tuple[SheetRow, ...], attributes: dict[str, str],
    ) -> SheetRows:  # fmt: skip
        title = who.title or (segment.titles[0] if segment.titles else grid.name)
        if not rows:
            self.findings.append(finding("PX-R003", "l'intestazione c'è, ma nessuna riga", file=grid.file, sheet=grid.name))
        return SheetRows(
            grid.file, grid.name, match.layout.id, who.role, who.code, title, rows,
            year=self._year_of(grid, match, segment, rows),
            header=_header(grid, match, segment.header),
            respondent_offices=who.offices,
            columns=_letters(grid, match),
            attributes=dict(attributes),
            hidden=grid.hidden,
        )  # fmt: skip

    def _year_of(self, grid: Grid, match: Match, segment: Segment, rows: tuple[SheetRow, ...]) -> int | None:
        """Of the result's heading, the first target's, any heading's, a title's, the rows' (OBIETTIVO 1/2017), asked, the file's.

        Targets of the years to come don't tell the sheet's: those beside a target without a year, or, where there are results,
        those after the year of the file's name.
        """
        by_field = {name: year for (name, year) in reversed(match.columns) if year is not None}
        printed = (row.code_printed for row in rows)
        named = year_in(PurePath(grid.file).stem)
        targets = {column: year for (name, year), column in match.columns.items() if name == "target"}
        first = min((year for year in targets.values() if year), default=None)
        later = first is not None and named is not None and named < first and "result" in match.fields
        to_come = targets if later or None in targets.values() else {}
        found = (
            by_field.get("result")
            or (None if to_come else first)
            or _first_year(text for column, text in match.headings.items() if column not in to_come)
            or _first_year(segment.titles)
            or next((year for text in printed if "/" in text and (year := year_in(text))), None)
        )
        return found or match.layout.year or self._year or named

    def _told_apart(self, sheet: SheetRows) -> SheetRows:
        """A strategic objective on several sheets of a file (quota parte): the codes of its repeated indicators get `#2`, `#3`."""
        if sheet.role is not SheetRole.PROJECTS:
            return sheet
        self._seen[sheet.layout, sheet.respondent] += 1
        number = self._seen[sheet.layout, sheet.respondent]
        if number == 1:
            return sheet
        attributes = {**sheet.attributes, "ripetizione": str(number)}
        return replace(sheet, rows=tuple(_again(row, number) for row in sheet.rows), attributes=attributes)


def _about_double(grid: Grid, match: Match, double: Double) -> Finding:
    """PX-R008: both columns, the one that is read and by which rule."""
    _, kept, left, why, severity = double
    letters = [CellRef("", "", 1, claim.column).a1[:-1] for claim in (kept, left)]
    field = match.layout.columns[double.name].headings[0]
    found = f"«{left.text}» (colonna {letters[1]}) e «{kept.text}» (colonna {letters[0]}) per «{field}»: viene letta la colonna {letters[0]}, {why}"
    return replace(finding("PX-R008", found, CellRef(grid.file, grid.name, match.bottom, left.column)), severity=severity)


def _about_late(grid: Grid, match: Match) -> Finding:
    """PX-R008, a note: the periods after the date of reference, where something is written in them."""
    listed = ", ".join(f"«{text}» (colonna {CellRef('', '', 1, column).a1[:-1]})" for column, text in match.late.items())
    where = CellRef(grid.file, grid.name, match.bottom, min(match.late))
    one = finding("PX-R008", f"{listed}: oltre la data di riferimento, non si legge", where, expected="i periodi fino alla data")
    return replace(one, severity=Severity.NOTE, remedy="Nessuna azione, se la data di riferimento è quella giusta.")


def _beneath_merged(grid: Grid, rows: Iterable[SheetRow]) -> Iterator[Finding]:
    """PX-N042: indicators whose result lies beneath a merged range that holds another cell's: it may have been meant for both."""
    areas: dict[int, list[Rectangle]] = {}
    for row in rows:
        ref = row.result.ref
        if ref is None or not row.result.empty or row.level is not RowLevel.INDICATOR:
            continue
        if ref.column not in areas:
            areas[ref.column] = sorted(area for area in grid.merged if area[1] <= ref.column <= area[3])
        number = bisect(areas[ref.column], ref.row, key=lambda area: area[0])
        top, left, bottom, right = areas[ref.column][number - 1] if number else (0, 0, 0, 0)
        if ref.row <= bottom and (ref.row, ref.column) != (top, left) and grid.text(top, left):
            name = f"{CellRef('', '', top, left).a1}:{CellRef('', '', bottom, right).a1}"
            yield finding("PX-N042", f"{name}: resta senza risultato {ref.a1} ({row.code})", ref)


def _again(row: SheetRow, number: int) -> SheetRow:
    if row.level is not RowLevel.INDICATOR or not row.strategic or row.owner is None:
        return row
    code = row.code.replace(row.owner, f"{row.owner}#{number}", 1)
    return replace(row, code=code, extra={**row.extra, "repeats": row.code})


def _office_of(match: Match, text: str) -> str:
    """Of a column of a wide sheet: the group `code` of the layout's expression, or the office that the heading names."""
    pattern = match.layout.wide_re
    found = pattern.search(text) if pattern else None
    code = found.groupdict().get("code") if found else None
    return code or (normalise_offices(text) or (text,))[0]


def _first_year(texts: Iterable[str]) -> int | None:
    return next((year for text in texts if (year := heading(text)[1] or year_in(text))), None)


def _header(grid: Grid, match: Match, row: int) -> CellRef:
    column = match.column("text") or min(match.columns.values())
    return CellRef(grid.file, grid.name, row, column)


def _letters(grid: Grid, match: Match) -> dict[str, str]:
    """`{"text": "A", "target 2019": "D"}`."""
    places = {f"{name} {year}" if year and name == "target" else name: column for (name, year), column in match.columns.items()}
    places |= {f"{text}": column for column, text in match.wide.items()}
    return {name: CellRef(grid.file, grid.name, 1, column).a1[:-1] for name, column in places.items()}
