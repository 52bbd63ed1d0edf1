"""*Raccogli*: read a folder and say, office by office, in the state table of *Cruscotto*, what came and what is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import InputError
from perfxl.findings import Finding, Severity
from perfxl.live.areas import Place, Rect
from perfxl.live.blocks import write_cells
from perfxl.live.copies import take_copy
from perfxl.live.grids import LiveSheet, read_sheet
from perfxl.live.native import is_protected, native
from perfxl.live.report import Report
from perfxl.master import names
from perfxl.master.names import Office, Parameters
from perfxl.model import RowLevel, SheetRole
from perfxl.readers import find_workbooks, read_workbook
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.live.quiet import Status
    from perfxl.model import SheetRows

_FOLDER_PICKER, _CHOSEN = 4, -1
MISSING, COME, WITH_FINDINGS = names.COLLECTION_STATES


@dataclass(frozen=True, slots=True)
class Answer:
    """What a folder holds of a respondent."""

    code: str
    title: str
    file: str
    received: datetime
    results: int
    expected: int
    findings: int

    @property
    def state(self) -> str:
        """`ricevuto`, or `con anomalie`."""
        return WITH_FINDINGS if self.findings else COME


def collect(book: Any, status: Status) -> Report:
    """Read the folder, bring the table up to date, say it in words. Raises InputError where no folder is chosen."""
    sheets = {
        s.name: read_sheet(s, str(book.fullname))
        for s in book.sheets
        if s.name in (names.DASHBOARD, names.OFFICES, names.PARAMETERS)
    }
    parameters, offices = _known(sheets)
    folder = choose_folder(book, parameters.inbox)
    answers, findings = read_folder(folder, parameters.year, status)
    expected = {office.code: office.name for office in offices}
    missing = [code for code in expected if code not in {answer.code for answer in answers}]
    come = f"; dei {len(expected)} uffici attesi {len(expected) - len(missing)}" if expected else ""
    lines = [f"Cartella: {folder}.", f"Fogli arrivati: {len(answers)}{come}."]
    if missing:
        lines.append(f"Mancano: {', '.join(missing)}.")
    lines.append(_update(book, sheets.get(names.DASHBOARD), offices, answers, parameters))
    errors = sum(f.severity is not Severity.NOTE for f in findings)
    lines.append(f"Anomalie nella lettura: {errors}.")
    return Report("Raccogli", "\n".join(lines), tuple(findings))


def _known(sheets: dict[str, LiveSheet]) -> tuple[Parameters, tuple[Office, ...]]:
    from perfxl.master.read import offices_from_workbook, parameters_from_workbook

    held = {name: sheet.values for name, sheet in sheets.items()}
    parameters = parameters_from_workbook(held[names.PARAMETERS]) if names.PARAMETERS in held else Parameters("", None)
    return parameters, offices_from_workbook(held[names.OFFICES]) if names.OFFICES in held else ()


def choose_folder(book: Any, inbox: str) -> Path:
    """The folder of *Parametri* (relative to the workbook); without one, Excel for Windows asks for it."""
    folder = Path(str(book.fullname)).parent / inbox
    if inbox and folder.is_dir():
        return folder
    api = native(book.app)
    if api is None:
        why = f"la cartella «{folder}» non c'è" if inbox else f"manca «{names.INBOX_LABEL}»"
        raise InputError(f"Indicare in {names.PARAMETERS} la cartella dei fogli ricevuti: {why}.", path=str(folder))
    dialog = api.FileDialog(_FOLDER_PICKER)
    dialog.Title = "Cartella dei fogli ricevuti dagli uffici"
    if dialog.Show() != _CHOSEN:
        raise InputError("Nessuna cartella scelta: niente è cambiato.", path="")
    return Path(str(dialog.SelectedItems(1)))


def read_folder(folder: Path, year: int | None, status: Status) -> tuple[list[Answer], list[Finding]]:
    """The answers in a folder, one for each respondent, and all that there is to say of its files."""
    files, findings = find_workbooks([folder])
    answers: dict[str, Answer] = {}
    for number, file in enumerate(files, 1):
        status.show(f"lettura di {file.name} ({number} di {len(files)})")
        workbook = read_workbook(file, year=year)
        findings += workbook.findings
        said: dict[str, int] = defaultdict(int)
        for found in workbook.findings:
            said[found.sheet] += found.severity is not Severity.NOTE
        for sheet in workbook.sheets:
            if sheet.role not in (SheetRole.PLAN, SheetRole.OTHER_SYSTEM):
                answers.setdefault(sheet.respondent, _answer(sheet, file, said[sheet.sheet] + said[""]))
    return sorted(answers.values(), key=lambda answer: answer.code), findings


def _answer(sheet: SheetRows, file: Path, findings: int) -> Answer:
    rows = [row for row in sheet.rows if row.level is RowLevel.INDICATOR]
    received = datetime.fromtimestamp(int(file.stat().st_mtime))
    results = sum(not row.result.empty for row in rows)
    return Answer(sheet.respondent, sheet.title, file.name, received, results, len(rows), findings)


def _update(
    book: Any, sheet: LiveSheet | None, offices: Sequence[Office], answers: Sequence[Answer], parameters: Parameters
) -> str:
    """Write the state table where there is one; what was done, in a sentence."""
    header = _header(sheet) if sheet is not None else None
    if sheet is None or header is None:
        return f"In questa cartella di lavoro non c'è la tabella dello stato in «{names.DASHBOARD}»: niente è stato scritto."
    target = book.sheets[names.DASHBOARD]
    cells, last, beyond = _table_cells(sheet, header, offices, answers)
    changes = {at: value for at, value in cells.items() if at not in sheet.formulas and not _equal(_value(sheet, at), value)}
    told = f" Fuori tabella, perché sotto c'è altro: {', '.join(beyond)}." if beyond else ""
    if not changes:
        return "La tabella dello stato era già aggiornata." + told
    if is_protected(target):
        return (
            f"Il foglio «{names.DASHBOARD}» è protetto: la tabella non è stata aggiornata. Togliere la protezione e ripetere."
            + told
        )
    copy = take_copy(book, parameters.archive)
    write_cells(target, changes)
    top, columns = header
    for table in target.tables:
        if table.name == names.COLLECTION_TABLE and table.range.shape[0] - 1 < last - top:
            table.resize(target.range(Rect(top, min(columns), last, max(columns)).a1))
    return f"Tabella dello stato aggiornata ({len(changes)} celle). Copia di prima: {copy.name}." + told


def _header(sheet: LiveSheet) -> tuple[int, list[int]] | None:
    """Row and columns of the table's headings, in their order."""
    for row in sheet.grid.rows:
        places = {folded(text): column for column, text in sheet.grid.texts(row).items()}
        columns = [places.get(folded(heading), 0) for heading in names.COLLECTION_HEADINGS]
        if all(columns):
            return row, columns
    return None


def _table_cells(
    sheet: LiveSheet, header: tuple[int, list[int]], offices: Sequence[Office], answers: Sequence[Answer]
) -> tuple[dict[Place, Any], int, list[str]]:
    """Cells of the table, its last row, and the respondents that find no room in it."""
    top, columns = header
    by_code = {answer.code: answer for answer in answers}
    codes, row = [], top + 1
    while code := sheet.grid.text(row, columns[0]):
        codes.append(code)
        row += 1
    known = {office.code: office.name for office in offices}
    more = [code for code in (*known, *by_code) if code not in codes]
    cells: dict[Place, Any] = {}
    beyond = []
    for code in dict.fromkeys([*codes, *more]):
        at = top + 1 + (codes.index(code) if code in codes else len(codes))
        if code not in codes:
            if any(not sheet.blank(at, column) for column in columns):
                beyond.append(code)
                continue
            codes.append(code)
        answer = by_code.get(code)
        name = known.get(code) or (answer.title if answer else "")
        said = (
            [answer.file, answer.received, answer.results, answer.expected, answer.findings, answer.state]
            if answer
            else [None, None, None, None, None, MISSING]
        )
        cells |= {(at, column): value for column, value in zip(columns, [code, name, *said], strict=True)}
    return cells, top + len(codes), beyond


def _value(sheet: LiveSheet, at: Place) -> Any:
    row = sheet.values[at[0] - 1] if at[0] <= len(sheet.values) else []
    return row[at[1] - 1] if at[1] <= len(row) else None


def _equal(held: Any, wanted: Any) -> bool:
    if isinstance(held, datetime) and isinstance(wanted, datetime):
        return abs((held - wanted).total_seconds()) < 1
    return bool(held == wanted) or (held is None and wanted == "")
