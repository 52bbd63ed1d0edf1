"""A grid of cells into statements: headers found by their words, lines told by the declaration, figures with their cells."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar import parse_target
from perfxl.model import CellKind
from perfxl.readers.headings import year_in
from perfxl.statements.catalogue import shipped_declarations
from perfxl.statements.cells import typed_figure
from perfxl.statements.conventions import with_conventions
from perfxl.statements.given import given_cell
from perfxl.statements.heads import Head, HeadFinder, key_of
from perfxl.statements.lines import LineTeller
from perfxl.statements.model import Field, Figure, Line, Statement
from perfxl.statements.records import RecordReader
from perfxl.statements.schema import FIGURES
from perfxl.statements.taken import taken_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfxl.methods.schema import Method
    from perfxl.model import Cell
    from perfxl.readers.grid import Grid
    from perfxl.statements.schema import Declaration


class Reader:
    """Finds statements in grids, the user's `own` tables before the shipped; figures are rounded as the method says.

    Findings (rows not understood, cells that don't read) gather in `findings`.
    """

    def __init__(self, own: Sequence[Declaration] = (), *, method: Method | None = None, year: int | None = None) -> None:
        self.findings: list[Finding] = []
        self.statements: list[Statement] = []
        self._own, self._method = tuple(own), method
        self._year = year
        self._seen: Counter[str] = Counter()
        self._open: dict[tuple[str, str], tuple[Statement, LineTeller]] = {}  # those that go on in another sheet

    @cached_property
    def _declarations(self) -> tuple[Declaration, ...]:
        """Read when the first sheet is offered: most runs have none, and needn't pay for them."""
        own = {each.id for each in self._own}
        shipped = (each for each in shipped_declarations() if each.id not in own)
        return with_conventions((*self._own, *shipped), self._method)

    @cached_property
    def _finder(self) -> HeadFinder:
        return HeadFinder(self._declarations)

    def take(self, grid: Grid) -> bool:
        """Read the statements of a sheet; whether any was found."""
        heads = self._finder.heads(grid)
        for number, head in enumerate(heads, start=1):
            last = heads[number].first - 1 if number < len(heads) else max(grid.rows)
            begin = 0 if head.declaration.above and number == 1 else head.bottom
            statement = self._read(grid, head, begin, last)
            if statement.lines and not any(each is statement for each in self.statements):
                self.statements.append(statement)
            self.findings += _doubled_years(grid, head)
        return bool(heads)

    def _read(self, grid: Grid, head: Head, begin: int, last: int) -> Statement:
        """The table of a header: the rows after `begin` but the header's own, to the last."""
        declaration = head.declaration
        statement, teller = self._started(grid, head)
        title = _about(declaration, grid, head.top)
        if title is not None and title.ref is not None:
            first = {declaration.first_text: title}
            line = teller.line(title.ref.row, first)
            if line is not None:
                self._fill(line, first)
        if declaration.records:
            self._read_records(grid, range(head.top, last + 1), statement, teller)
            teller.settle()
            return statement
        above: dict[str, Cell] = {}
        body = (row for row in sorted(grid.rows) if begin < row <= last and not head.top <= row <= head.bottom)
        rows = [row for row in body if grid.texts(row)]
        for row in rows:
            cells = self._cells(head.fields, grid, row, above)
            if all(cell.empty for cell in cells.values()):
                continue
            found = teller.lines(row, cells, last=row == rows[-1])
            if teller.ended:
                break
            for line, own in found:
                self._fill(line, own)
            if not (found or teller.skipped) and any(_looks_measured(statement, key, cell) for key, cell in cells.items()):
                where = next(cell for key, cell in cells.items() if not cell.empty)
                self.findings.append(finding("PX-C010", f"{declaration.title}: «{where.text[:80]}»", where.ref))
        teller.settle()
        return statement

    def _read_records(self, grid: Grid, rows: Iterable[int], statement: Statement, teller: LineTeller) -> None:
        """The blocks of a sheet, each a line."""
        declaration = statement.declaration
        blocks = RecordReader(declaration, grid, lambda text: key_of(declaration, text)[0])
        found = blocks.read(sorted(grid.rows.keys() & set(rows)), teller)
        for line, cells in found.lines:
            self._fill(line, cells)
        self.findings += [finding("PX-C010", f"{declaration.title}: «{cell.text[:80]}»", cell.ref) for cell in found.strays]

    def _started(self, grid: Grid, head: Head) -> tuple[Statement, LineTeller]:
        """A new statement, or the one of another sheet of the file that this table goes on with (`together`)."""
        declaration = head.declaration
        place = declaration.id, grid.file
        known = self._open.get(place)
        if known is not None and [each.key for each in known[0].fields] == [each.key for each in head.fields]:
            return known
        self._seen[declaration.id] += 1
        year = year_in(head.caption) or next((each.year for each in head.fields if each.year), None) or year_in(grid.name)
        statement = Statement(
            declaration, grid.file, grid.name, head.top, list(head.fields), caption="" if declaration.together else head.caption,
            year=year or self._year, ordinal=self._seen[declaration.id],
        )  # fmt: skip
        if declaration.together:
            self._open[place] = statement, LineTeller(statement)
            return self._open[place]
        return statement, LineTeller(statement)

    def _cells(self, fields: Sequence[Field], grid: Grid, row: int, above: dict[str, Cell]) -> dict[str, Cell]:
        cells = {}
        for each in fields:
            if each.at is None:
                continue
            cell = grid.cell(row, each.at)
            if each.declared is not None and each.declared.fill:
                cell = above.get(each.key, cell) if cell.empty else cell
                above[each.key] = cell
            cells[each.key] = cell
        return cells

    def _fill(self, line: Line, cells: Mapping[str, Cell]) -> None:
        statement = line.statement
        for each in statement.fields:
            taken = each.declared.taken if each.declared is not None else None
            cell = cells.get(taken.of if taken is not None else each.key)
            if cell is None or not _belongs(each, line):
                cell = _computed_only(statement, line, each)
            if cell.empty and statement.declaration.given:
                cell = given_cell(statement.declaration, each, line, cell)
            figure = Figure(line, each, cell)
            if each.kind in FIGURES:
                figure.typed, problem = (
                    typed_figure(cell, figure.kind, statement.declaration) if taken is None else taken_figure(taken, cell)
                )
                figure.value = figure.typed
                if problem and not line.is_section:
                    self.findings.append(finding(problem, f"{statement.declaration.title}: «{cell.text[:60]}»", cell.ref))
            elif each.kind == "target" and not cell.empty:
                figure.target = parse_target(cell, year=statement.year)
            line.figures[each.key] = figure


def _belongs(field: Field, line: Line) -> bool:
    """Whether a column is one of the line's level."""
    return field.declared is None or not field.declared.levels or line.level in field.declared.levels


def _computed_only(statement: Statement, line: Line, field: Field) -> Cell:
    from perfxl.model.cells import Cell, CellRef

    at = max((each.at or 0 for each in statement.fields), default=0) + 1
    said = line.groups.get(field.key)
    if said:  # written inside the label
        at = next((each.at for each in statement.fields if each.key == statement.declaration.first_text and each.at), at)
        return Cell(CellKind.TEXT, said, CellRef(statement.file, statement.sheet, line.row, at))
    return Cell(CellKind.EMPTY, None, CellRef(statement.file, statement.sheet, line.row, field.at or at))


def _looks_measured(statement: Statement, key: str, cell: Cell) -> bool:
    column = statement.column(key)
    return column is not None and column.kind in FIGURES and cell.kind in {CellKind.NUMBER, CellKind.PERCENT}


def _doubled_years(grid: Grid, head: Head) -> Iterator[Finding]:
    """The headings that repeat a year, and how they were read."""
    for each in head.fields:
        if each.series and each.at and each.year != (year_in(each.heading) or each.year):
            text = f"{head.declaration.title}: «{year_in(each.heading)}» due volte; la seconda colonna è letta come {each.year}"
            yield finding("PX-R008", text, grid.cell(head.bottom, each.at).ref)


def _about(declaration: Declaration, grid: Grid, top: int) -> Cell | None:
    """The nearest cell above a table that says what it is about."""
    if declaration.about_re is None:
        return None
    for row in sorted((row for row in grid.rows if row <= top), reverse=True):
        for column, text in grid.texts(row).items():
            if declaration.about_re.search(text):
                return grid.cell(row, column)
    return None
