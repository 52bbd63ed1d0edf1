"""The master workbook read back: method, plan, offices, parameters. From a closed file, or the values of an open one.

Each function takes the workbook's path, or the values of its own tab as a list of rows (the first cell being A1).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar.codes import normalise_offices, normalise_people, split_code
from perfxl.master import names
from perfxl.master.cells import Source, beside, tab, table, where
from perfxl.master.names import Office, Parameters
from perfxl.master.read_method import method_from_workbook
from perfxl.model import EMPTY, Cell, CellKind, CellRef, RowLevel, SheetRole, SheetRow, SheetRows

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["method_from_workbook", "offices_from_workbook", "parameters_from_workbook", "plan_from_workbook"]

_INDICATOR_HEADINGS = (names.CODE, names.KIND, names.PARENT, names.TITLE)
_INDICATOR_OPTIONS = (names.ALGORITHM, names.OFFICE, names.PERSON, names.WEIGHT)
_LEVELS = {word: RowLevel(level) for level, word in names.LEVEL_WORDS.items()}


def plan_from_workbook(path_or_cells: Source, year: int | None = None) -> tuple[SheetRows | None, tuple[Finding, ...]]:
    """The plan of the tab *Piano*, as the readers give one (role `plan`): nodes first, then indicators, in the order of the rows.

    `year`: of the plan (*Parametri*). None instead of the plan where the workbook has no such tab, or no indicator in it. A row
    without a code, or with a level that isn't one of those of the column, is a finding (PX-R004) and is left out.
    """
    grid = tab(path_or_cells, names.PLAN)
    if grid is None:
        return None, (finding("PX-P005", f"manca la scheda «{names.PLAN}»", file=str(path_or_cells)),)
    reading = _PlanReading()
    for row in table(grid, names.TREE_HEADINGS):
        reading.node(row)
    indicators = table(grid, _INDICATOR_HEADINGS, optional=_INDICATOR_OPTIONS, starting=names.TARGET)
    for row in indicators:
        reading.indicator(row)
    if not indicators:
        return None, (finding("PX-P005", "nessun indicatore", file=grid.file, sheet=grid.name),)
    sheet = SheetRows(grid.file, grid.name, "master", SheetRole.PLAN, "ENTE", names.PLAN, tuple(reading.rows), year)
    return sheet, tuple(reading.findings)


class _PlanReading:
    def __init__(self) -> None:
        self.rows: list[SheetRow] = []
        self.findings: list[Finding] = []

    def node(self, row: Mapping[str, Cell]) -> None:
        """A row of the tree."""
        level = _LEVELS.get(row[names.LEVEL].text.strip().lower())
        common = self._common(row)
        if common is None or level is None:
            self._refuse(row, f"livello «{row[names.LEVEL].text}»" if common is not None else "riga senza codice")
            return
        code, printed, owner, ref = common
        self.rows.append(
            SheetRow(
                level,
                code,
                printed,
                row[names.TITLE].text.strip(),
                owner or None,
                ref,
                perspective=row[names.PERSPECTIVE],
                budget=row[names.BUDGET],
                weight=row[names.WEIGHT],
            )
        )

    def indicator(self, row: Mapping[str, Cell]) -> None:
        """A row of the indicators."""
        common = self._common(row)
        kind = row[names.KIND].text.strip().lower()
        if common is None or kind not in (names.STRATEGIC_WORD, names.OPERATIONAL_WORD):
            self._refuse(row, f"tipo «{row[names.KIND].text}»" if common is not None else "riga senza codice")
            return
        code, printed, owner, ref = common
        offices, people = row.get(names.OFFICE, EMPTY), row.get(names.PERSON, EMPTY)
        self.rows.append(
            SheetRow(
                RowLevel.INDICATOR,
                code,
                printed,
                row[names.TITLE].text.strip(),
                owner or None,
                ref,
                strategic=kind == names.STRATEGIC_WORD,
                algorithm=row.get(names.ALGORITHM, EMPTY),
                targets={_year(heading): cell for heading, cell in row.items() if heading.startswith(names.TARGET)},
                weight=row.get(names.WEIGHT, EMPTY),
                offices=normalise_offices(offices.text),
                offices_cell=offices,
                people=normalise_people(people.text),
                people_cell=people,
            )
        )

    def _common(self, row: Mapping[str, Cell]) -> tuple[str, str, str, CellRef] | None:
        printed = row[names.CODE].text.strip()
        ref = row[names.TITLE].ref
        if not printed or ref is None:
            return None
        return _code(printed), printed, _code(row[names.PARENT].text.strip()), ref

    def _refuse(self, row: Mapping[str, Cell], why: str) -> None:
        self.findings.append(finding("PX-R004", why, row[names.CODE].ref))


def _code(printed: str) -> str:
    """In normal form when the whole text is a code; as typed when it is more than that (`1.1-S1`)."""
    code, _, rest = split_code(printed)
    return code if code and not rest.strip() else printed


def _year(heading: str) -> int | None:
    digits = heading.removeprefix(names.TARGET).strip()
    return int(digits) if digits.isdigit() else None


def offices_from_workbook(path_or_cells: Source) -> tuple[Office, ...]:
    """The rows of *Uffici* that have a code; empty where the workbook has no such tab."""
    grid = tab(path_or_cells, names.OFFICES)
    rows = table(grid, names.OFFICE_HEADINGS) if grid is not None else []
    offices = (Office(*(row[heading].text.strip() for heading in names.OFFICE_HEADINGS)) for row in rows)
    return tuple(office for office in offices if office.code)


def parameters_from_workbook(path_or_cells: Source) -> Parameters:
    """*Parametri*. What can't be read is left empty and said in `problems`, with its cell."""
    grid = tab(path_or_cells, names.PARAMETERS)
    if grid is None:
        return Parameters("", None, problems=(f"manca la scheda «{names.PARAMETERS}»",))
    cells = {label: beside(grid, label) or EMPTY for label in names.PARAMETER_LABELS}
    problems: list[str] = []
    year = _year_of(cells[names.YEAR_LABEL], problems)
    as_of = _date_of(cells[names.PERIOD_LABEL], problems)
    body, inbox, archive = (cells[label].text.strip() for label in (names.BODY_LABEL, names.INBOX_LABEL, names.ARCHIVE_LABEL))
    return Parameters(body, year, as_of, inbox, archive, tuple(problems))


def _year_of(cell: Cell, problems: list[str]) -> int | None:
    if cell.empty:
        return None
    text = cell.text.strip()
    if text.isdigit() and 1990 <= int(text) <= 2100:
        return int(text)
    problems.append(f"{where(cell)}: trovato «{text}»; ammesso: un anno di quattro cifre")
    return None


def _date_of(cell: Cell, problems: list[str]) -> date | None:
    if cell.empty:
        return None
    if cell.kind is CellKind.DATE and isinstance(cell.value, date):
        return cell.value
    try:
        return datetime.strptime(cell.text.strip(), "%d/%m/%Y").date()
    except ValueError:
        problems.append(f"{where(cell)}: trovato «{cell.text}»; ammesso: una data come 30/04/2019")
        return None
