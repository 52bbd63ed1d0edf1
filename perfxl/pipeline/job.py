"""From the sheets that were read to the tables of a `Consolidation`: scoring, counting, roll-up, what doesn't hold together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from perfxl.consolidation import Consolidation
from perfxl.errors import InputError
from perfxl.findings import Finding, Severity, finding
from perfxl.model import (
    Adjustment,
    Awaited,
    Counting,
    Period,
    ScoredRow,
    SheetRole,
    SheetRow,
    SheetRows,
    SourceFile,
    WorkbookRows,
)
from perfxl.pipeline.copies import distinct
from perfxl.rollup.adjust import apply_adjustments
from perfxl.rollup.calendar import calendar_findings
from perfxl.rollup.cascades import cascade_findings
from perfxl.rollup.checks import (
    exception_findings,
    office_findings,
    plan_findings,
    reading_findings,
    row_findings,
    typed_findings,
    year_findings,
)
from perfxl.rollup.entries import TREE_ROLES, Entry, Plan, by_code, entries_of, percent_of, read_target, target_cell
from perfxl.rollup.missions import missions_of
from perfxl.rollup.nodes import BODY_OBJECTIVE, Spec, natural, skeleton
from perfxl.rollup.offices import cover, offices_of, perspectives_of
from perfxl.rollup.people import people_of
from perfxl.rollup.repeated import repeated_findings
from perfxl.rollup.resolve import Resolved, resolve
from perfxl.rollup.score import scored
from perfxl.rollup.scored import EMPTY_RESULT, mean_of_respondents, planned_alone, row_of
from perfxl.rollup.tree import Leaf, roll_up
from perfxl.rollup.weights import with_weights
from perfxl.version import __version__
from perfxl.writers import file_name

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.readers.grid import Grid
    from perfxl.statements import Book, Reader, Statement
    from perfxl.statements.schema import Declaration
    from perfxl.writers.previous import Previous


@dataclass(frozen=True, slots=True)
class Given:
    """What `consolidate` was given, besides the workbooks themselves."""

    method: Method
    method_file: str
    paths: Sequence[str | Path]
    plan: Sequence[str | Path]
    year: int | None
    as_of: date | None
    adjustments: str | Path | None
    previous: str | Path | Previous | None
    period: Period | None


def consolidation(
    given: Given, books: Sequence[WorkbookRows], plan_books: Sequence[WorkbookRows], tables: Tables, findings: list[Finding]
) -> Consolidation:
    """The whole result, from what was read. `findings` are those of the reading. InputError where nothing is usable."""
    sheets, repeated = distinct([s for b in (*books, *plan_books) for s in b.sheets])
    findings += repeated
    plan = Plan(tuple(s for s in sheets if s.role is SheetRole.PLAN))
    if given.plan and not plan:
        findings.append(finding("PX-P005", "nessun foglio del piano riconosciuto", file=", ".join(map(str, given.plan))))
    own = [s for s in sheets if s.role not in (SheetRole.PLAN, SheetRole.OTHER_SYSTEM)]
    if not own and not plan and not tables.statements:
        _nothing(given.paths, findings)
    year = given.year if given.year is not None else _year(own, given.method)
    adjustments, refused = _adjustments(given.adjustments, _previous(given, year), given.method)
    awaited = given.period.awaited if given.period else ()
    job = Job(given.method, own, plan, year, given.as_of, adjustments, awaited)
    book, about_tables = tables.computed(job)
    findings += about_tables
    return _consolidation(job, given, findings + refused + job.findings, (*books, *plan_books), book)


class Tables:
    """The statements among the sheets. Their machine is loaded when the first sheet is offered to it: most runs have none."""

    def __init__(self, own: Sequence[Declaration], method: Method, year: int | None, given: Sequence[Statement]) -> None:
        self._reader: Reader | None = None
        self._own, self._method, self._year = own, method, year
        if given:
            self._machine().statements += given

    def take(self, grid: Grid) -> bool:
        """Read the statements of a sheet; whether any was found."""
        return self._machine().take(grid)

    @property
    def statements(self) -> Sequence[Statement]:
        """Those found."""
        return self._reader.statements if self._reader is not None else ()

    @property
    def findings(self) -> list[Finding]:
        """What doesn't read in them."""
        return self._reader.findings if self._reader is not None else []

    def computed(self, job: Job) -> tuple[Book | None, list[Finding]]:
        """The statements with their figures, and what doesn't hold together in them; None where there are none."""
        if not self.statements:
            return None, []
        from perfxl.statements import computed
        from perfxl.statements.findings import fed_findings, schedule_findings, statement_findings

        book = computed(self.statements, job.method)
        return book, statement_findings(book) + fed_findings(book, job.rows) + schedule_findings(book, job.as_of, job.year)

    def _machine(self) -> Reader:
        if self._reader is None:
            from perfxl.statements import Reader

            self._reader = Reader(self._own, method=self._method, year=self._year)
        return self._reader


def _consolidation(
    job: Job, given: Given, findings: Iterable[Finding], books: Iterable[WorkbookRows], statements: Book | None
) -> Consolidation:
    return Consolidation(
        body=job.method.body,
        year=job.year,
        method=job.method,
        method_file=given.method_file,
        as_of=job.as_of,
        nodes=tuple(job.nodes),
        rows=tuple(job.rows),
        offices=job.offices,
        people=job.people,
        perspectives=perspectives_of(job.nodes, job.method) if job.plan else (),
        adjustments=tuple(job.adjustments),
        findings=tuple(_sorted(findings)),
        missing=(*(given.period.open if given.period else ()), *job.missing),
        sources=tuple(_source(book) for book in books),
        version=__version__,
        made_at=datetime.now().replace(microsecond=0),
        with_plan=bool(job.plan),
        missions=job.missions,
        statements=statements,
        period=given.period,
    )


class Job:
    """Scoring, counting and roll-up of sheets that were read; its attributes are the tables of a `Consolidation`."""

    def __init__(
        self,
        method: Method,
        sheets: Sequence[SheetRows],
        plan: Plan,
        year: int | None,
        as_of: date | None,
        adjustments: Sequence[Adjustment],
        awaited: Sequence[Awaited] = (),
    ) -> None:
        self.method, self.plan, self.year, self.as_of = method, plan, year, as_of
        self.awaited = awaited
        entries = self._scored(entries_of(sheets, plan, method, year))
        entries, self.adjustments, self.findings = apply_adjustments(entries, adjustments, method, self._scored, year)
        self._count(entries)
        self._tree(sheets)
        self.offices = offices_of(sheets, self.rows, self.specs, method)
        self.missions = missions_of(sheets, self.nodes, method)
        self.people, people_findings = people_of(sheets, self.rows, method)
        self.findings += people_findings
        self._check(sheets, entries)

    def _scored(self, entries: Sequence[Entry]) -> list[Entry]:
        return scored(entries, self.method, self.year, self.as_of)

    def _count(self, entries: Sequence[Entry]) -> None:
        """Which rows count, and the rows of *Indicatori*."""
        self.resolved: list[Resolved] = []
        rows: dict[str, ScoredRow] = {}
        for code, group in by_code(entries).items():
            resolved, found = resolve(code, group, self.method)
            self.resolved.append(resolved)
            self.findings += found
            rows |= {e.uid: row_of(self._apart(e), self.method, self.year) for e in resolved.entries}
        for entry in entries:
            if entry.sheet.role is SheetRole.OBJECTIVES:
                rows[entry.uid] = row_of(replace(entry, counting=Counting.PERSON), self.method, self.year)
        planned = self.plan.indicators
        means = [
            mean_of_respondents(r, self.method, planned.get(r.code), self.year, self.as_of)
            for r in self.resolved
            if r.respondents
        ]
        seen = {r.code for r in self.resolved}
        alone = [self._planned(row) for code, row in planned.items() if code not in seen]
        weighted, lacking = with_weights([*rows.values(), *means, *alone], entries, planned, self.method)
        self.findings += lacking
        self.rows = sorted(
            weighted,
            key=lambda r: (natural(r.owner), not r.strategic, natural(r.code), not r.counts, r.uid),
        )

    def _apart(self, entry: Entry) -> Entry:
        """A strategic objective's own indicators, where the method measures it by its projects alone."""
        if self.method.rollup.strategic == "children_only" and entry.row.strategic and entry.counting is Counting.COUNTS:
            return replace(entry, counting=Counting.APART)
        return entry

    def _planned(self, row: SheetRow) -> ScoredRow:
        target = read_target(target_cell(row, self.year), row.algorithm.text, row.title, EMPTY_RESULT, self.method, self.year)
        return planned_alone(row, target, self.method, self.year, self.as_of)

    def _tree(self, sheets: Sequence[SheetRows]) -> None:
        counting = [r for r in self.rows if r.counts]
        owners = [r.owner for r in self.rows if r.counting is not Counting.PERSON and r.owner]
        self.specs: dict[str, Spec] = skeleton(sheets, self.plan, owners, self.method)
        placed = [r for r in counting if r.owner in self.specs]
        leaves: list[Leaf] = [(r.owner, r.pct, r.weight, r.measured, r.blocks) for r in placed]
        values = {code: _typed(spec) for code, spec in self.specs.items() if spec.level == BODY_OBJECTIVE}
        self.nodes = roll_up(self.specs, leaves, self.method, values)
        self._own_apart()
        if self.as_of is not None and self.method.reading.show_pro_rata:
            beside = [
                (r.owner, r.pct if r.pro_rata_pct is None else r.pro_rata_pct, r.weight, r.measured, r.blocks) for r in placed
            ]
            pro_rata = roll_up(self.specs, beside, self.method, values)
            self.nodes = [replace(n, pro_rata_pct=p.pct) for n, p in zip(self.nodes, pro_rata, strict=True)]

    def _own_apart(self) -> None:
        """Own indicators of strategic objectives that are measured by their projects alone: their mean is shown, and counts nowhere."""
        apart: dict[str, list[tuple[Fraction | None, Fraction]]] = {}
        for row in self.rows:
            if row.counting is Counting.APART:
                apart.setdefault(row.owner, []).append((row.pct, row.weight))
        self.nodes = [replace(n, own_pct=cover(apart[n.code], self.method).pct) if n.code in apart else n for n in self.nodes]

    def _check(self, sheets: Sequence[SheetRows], entries: Sequence[Entry]) -> None:
        method, nodes = self.method, {n.code: n for n in self.nodes}
        tree = [e for e in entries if e.sheet.role in TREE_ROLES]
        self.findings += year_findings(sheets, self.year)
        if self.rows:
            self.findings += calendar_findings(method, self.year, self.as_of)
        self.findings += reading_findings(entries, method, self.year, self.as_of)
        self.findings += repeated_findings(tree)
        self.findings += exception_findings(self.rows, method)
        self.findings += typed_findings(tree, sheets, nodes, method)
        found, self.missing, absent = office_findings(sheets, tree, self.plan, method, self.awaited)
        self.findings += found + row_findings(self.rows, self.nodes)
        refs = {e.uid: e.row.ref for e in entries}
        self.findings += cascade_findings(self.rows, self.nodes, self.people, refs, method)
        if self.plan:
            planned, missing = plan_findings(self.plan, tree, self.nodes, method, self.year, absent)
            self.findings += planned
            self.missing += missing


def _year(sheets: Sequence[SheetRows], method: Method) -> int | None:
    """The year that the sheets' headings name, where they agree; else the method's."""
    years = {sheet.year for sheet in sheets if sheet.year is not None}
    return years.pop() if len(years) == 1 else method.year


def _typed(spec: Spec) -> Fraction | None:
    """The percent typed for an objective of the body."""
    if spec.value is None:
        return None
    value = percent_of(spec.value.result) if not spec.value.result.empty else percent_of(spec.value.typed_pct)
    return None if value is None else Fraction(value)


def _previous(given: Given, year: int | None) -> str | Path | Previous | None:
    """The run before; of a folder, the workbook that this run will replace."""
    if not isinstance(given.previous, (str, Path)) or not Path(given.previous).is_dir():
        return given.previous
    file = Path(given.previous) / file_name(given.method.body, year, given.period)
    return file if file.is_file() else None


def _adjustments(
    path: str | Path | None, previous: str | Path | Previous | None, method: Method
) -> tuple[list[Adjustment], list[Finding]]:
    """The rettifiche of the run before, then those of the file, which prevail over them."""
    remembered: list[Adjustment] = []
    if previous is not None:
        from perfxl.writers.previous import Previous, read_previous

        known = previous if isinstance(previous, Previous) else read_previous(previous)
        remembered = [replace(a, remembered=True, applied=False) for a in known.adjustments]
    if path is None:
        return remembered, []
    from perfxl.adjustments import read_adjustments_file

    given, findings = read_adjustments_file(path, reason_required=method.override.reason_required)
    said = {_words(a) for a in given}
    return [a for a in remembered if _words(a) not in said] + given, findings


def _words(adjustment: Adjustment) -> tuple[str, str, str, str]:
    """How a rettifica names its place: one that finds no row is remembered just as it was given, and must not pile up."""
    return adjustment.file, adjustment.cell, adjustment.office, adjustment.indicator


def _source(book: WorkbookRows) -> SourceFile:
    sheets = tuple(f"{s.sheet}: {s.layout}, {s.respondent} ({_rows(s)})" for s in book.sheets)
    return SourceFile(book.file, book.sha256, sheets)


def _rows(sheet: SheetRows) -> str:
    return f"{len(sheet.rows)} righe, {len(sheet.indicators)} indicatori"


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    distinct = dict.fromkeys(findings)
    return sorted(distinct, key=lambda f: (order[f.severity], f.code, f.file, f.sheet, natural(f.cell), f.found))


def _nothing(paths: Sequence[str | Path], findings: Sequence[Finding]) -> None:
    why = "; ".join(f"{PurePath(f.file).name}: {f.title.lower()} ({f.found})" for f in findings[:3])
    listed = ", ".join(map(str, paths))
    raise InputError(
        f"nessun foglio utilizzabile in {listed}" + (f" — {why}" if why else ""), path=listed, findings=tuple(findings)
    )


def method_of(method: Method | str | Path) -> Method:
    """The method itself, or the one that a name or a file stands for. MethodError where it isn't valid."""
    if not isinstance(method, (str, Path)):
        return method
    from perfxl.methods import load_method

    return load_method(method)
