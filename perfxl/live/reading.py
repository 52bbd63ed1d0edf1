"""The open workbook as perfxl understands it: office sheets, own tabs, register, and – in a master – parameters, method, plan."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import InputError
from perfxl.live.grids import LiveSheet, read_sheet
from perfxl.live.ledger import SHEET, Ledger, read_ledger
from perfxl.live.marks import own_sheets
from perfxl.master import names
from perfxl.master.names import Parameters
from perfxl.model import EMPTY, Cell, SheetRole, WorkbookRows
from perfxl.readers import rows_of_grids

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.live.quiet import Status
    from perfxl.methods.schema import Method
    from perfxl.model import SheetRow, SheetRows

_SERVICE = frozenset({names.GUIDE, names.DASHBOARD, names.OFFICES, names.PARAMETERS, names.METHOD, names.PLAN, names.SETTINGS})
DEFAULT_METHOD = "massacarrara-2019"


@dataclass(slots=True)
class Reading:
    """What was read. `rows` are the recognised sheets, without the percents that perfxl wrote itself."""

    file: str
    sheets: dict[str, LiveSheet]
    own: dict[str, str]  # tab of perfxl's → name of its sheet
    ledger: Ledger
    parameters: Parameters
    rows: WorkbookRows
    method: Method | str = DEFAULT_METHOD
    own_values: dict[str, list[list[Any]]] = field(default_factory=dict)

    @property
    def offices(self) -> bool:
        """Whether the workbook itself holds sheets of offices (a master holds none: they lie in its folder)."""
        return any(sheet.role not in (SheetRole.PLAN, SheetRole.OTHER_SYSTEM) for sheet in self.rows.sheets)

    @property
    def inbox(self) -> Path | None:
        """The folder of *Parametri* with the sheets received; None where it isn't said or isn't there."""
        if not self.parameters.inbox:
            return None
        folder = Path(self.file).parent / self.parameters.inbox
        return folder if folder.is_dir() else None


def read_book(book: Any, status: Status) -> Reading:
    """Read the open workbook. Nothing is written. MethodError where *Metodo* of a master holds what can't be a method."""
    file = str(book.fullname)
    own = {tab: sheet.name for tab, sheet in own_sheets(book).items()}
    everything = [sheet for sheet in book.sheets if sheet.name != SHEET]
    ours = set(own.values())
    read: dict[str, LiveSheet] = {}
    ledger = Ledger()
    for number, sheet in enumerate(book.sheets, 1):
        status.show(f"lettura di «{sheet.name}» ({number} di {len(everything)})")
        found = read_sheet(sheet, file, bare=sheet.name == SHEET or sheet.name in ours)
        if sheet.name == SHEET:
            ledger = read_ledger(found.values)
        else:
            read[sheet.name] = found
    theirs = {name: sheet for name, sheet in read.items() if name not in ours}
    parameters = _parameters(theirs)
    plan, plan_findings = _plan(theirs, file, parameters.year)
    grids = [sheet.grid for name, sheet in theirs.items() if not (plan is not None and name == names.PLAN)]
    rows = _without_noise(rows_of_grids(grids, file, year=parameters.year))
    rows = replace(without_own(rows, ledger), findings=(*rows.findings, *plan_findings))
    if plan is not None:
        rows = replace(rows, sheets=(*rows.sheets, plan))
    notes = {tab: read[own.get(tab, tab)].values for tab in ("Scostamenti", "Rettifiche") if own.get(tab, tab) in read}
    return Reading(file, read, own, ledger, parameters, rows, _method(theirs), notes)


def consolidated(reading: Reading, status: Status) -> Consolidation:
    """Score and roll up what was read: the sheets of the workbook; where it holds none, those of the folder in *Parametri*.

    InputError where there is nothing to score.
    """
    from perfxl.pipeline import consolidate
    from perfxl.writers.previous import previous_of

    folder = None if reading.offices else reading.inbox
    if not reading.offices and folder is None:
        where = (
            f"la cartella «{reading.parameters.inbox}» non c'è"
            if reading.parameters.inbox
            else "in Parametri non c'è una cartella"
        )
        raise InputError(
            f"In questa cartella di lavoro non c'è nessun foglio riconosciuto, e {where}: non c'è niente da calcolare."
        )
    status.show("calcolo")
    return consolidate(
        [] if folder is None else [folder],
        method=reading.method,
        year=reading.parameters.year,
        as_of=reading.parameters.as_of,
        previous=previous_of(reading.file, reading.own_values),
        progress=lambda done, total, name: status.show(f"lettura di {name} ({done + 1} di {total})" if name else "calcolo"),
        read=[reading.rows],
    )


def without_own(rows: WorkbookRows, ledger: Ledger) -> WorkbookRows:
    """The rows with the percents that perfxl wrote taken for empty: they aren't what an office says."""
    return replace(rows, sheets=tuple(replace(s, rows=tuple(_without(row, s, ledger) for row in s.rows)) for s in rows.sheets))


def _without(row: SheetRow, sheet: SheetRows, ledger: Ledger) -> SheetRow:
    cell = row.typed_pct
    if cell.ref is None or cell.empty or cell.formula or isinstance(cell.value, (str, bool)):
        return row
    value = float(cell.value) if cell.value is not None and not hasattr(cell.value, "year") else None
    if value is None or ledger.entry(sheet.sheet, cell.ref.a1, row.code, value) is None:
        return row
    return replace(row, typed_pct=replace(EMPTY, ref=cell.ref, number_format=cell.number_format))


def _without_noise(rows: WorkbookRows) -> WorkbookRows:
    """A master's own tabs aren't unrecognised sheets of an office."""
    noise = [f for f in rows.findings if f.sheet in _SERVICE and f.code in ("PX-R001", "PX-R003")]
    return replace(rows, findings=tuple(f for f in rows.findings if f not in noise))


def _parameters(sheets: dict[str, LiveSheet]) -> Parameters:
    if names.PARAMETERS not in sheets:
        return Parameters("", None)
    from perfxl.master.read import parameters_from_workbook

    return parameters_from_workbook(sheets[names.PARAMETERS].values)


def _method(sheets: dict[str, LiveSheet]) -> Method | str:
    """What is in the cells of *Metodo* is the method (issue: what is there is what counts); without the tab, the default."""
    if names.METHOD not in sheets or names.PARAMETERS not in sheets:
        return DEFAULT_METHOD
    from perfxl.master.read_method import method_from_workbook

    return method_from_workbook(sheets[names.METHOD].values)


def _plan(sheets: dict[str, LiveSheet], file: str, year: int | None) -> tuple[SheetRows | None, tuple[Finding, ...]]:
    if names.PLAN not in sheets or names.PARAMETERS not in sheets:
        return None, ()
    from perfxl.master.read import plan_from_workbook

    plan, findings = plan_from_workbook(sheets[names.PLAN].values, year)
    placed = tuple(replace(f, file=file) for f in findings)
    return (None if plan is None else _placed(plan, file)), placed


def _placed(sheet: SheetRows, file: str) -> SheetRows:
    """Addresses with the workbook's path: the values of an open one come without it."""
    return replace(sheet, file=file, rows=tuple(_placed_row(row, file) for row in sheet.rows))


def _placed_row(row: SheetRow, file: str) -> SheetRow:
    changed: dict[str, Any] = {
        "ref": replace(row.ref, file=file),
        "targets": {y: _placed_cell(c, file) for y, c in row.targets.items()},
    }
    for each in fields(row):
        value = getattr(row, each.name)
        if isinstance(value, Cell):
            changed[each.name] = _placed_cell(value, file)
    return replace(row, **changed)


def _placed_cell(cell: Cell, file: str) -> Cell:
    return cell if cell.ref is None else replace(cell, ref=replace(cell.ref, file=file))
