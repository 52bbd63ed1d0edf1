"""Occurrences of indicators in the sheets: a row of a sheet with what was read in it, before it is decided which one counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.grammar import find_targets, parse_result, parse_target
from perfxl.model import (
    Cell,
    CellKind,
    CellRef,
    Counting,
    Result,
    ResultKind,
    RowLevel,
    SheetRole,
    SheetRow,
    SheetRows,
    Target,
)
from perfxl.model.record import record
from perfxl.scoring.choose import target_in_text
from perfxl.scoring.compare import blank
from perfxl.scoring.rows import UNKNOWN, Previous
from perfxl.scoring.words import in_words_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.scoring.rows import RowScore

TREE_ROLES = frozenset({SheetRole.OFFICE, SheetRole.BODY, SheetRole.PERSON, SheetRole.PROJECTS})


@record(frozen=True, slots=True)
class Entry:
    """An indicator row of a sheet. `score` and `counting` are filled as the job goes on."""

    uid: str
    sheet: SheetRows
    row: SheetRow
    target: Target
    target_cell: Cell
    result: Result
    code: str
    score: RowScore | None = None
    counting: Counting = Counting.COUNTS
    adjustment: int | None = None
    computed: RowScore | None = None  # the score before a rettifica, or beside a typed percent that counts
    previous: Previous = UNKNOWN

    @property
    def office(self) -> str:
        """The respondent."""
        return self.sheet.respondent

    @property
    def respondent_sheet(self) -> tuple[str, str, str]:
        """The sheet and who answers in it: one voice, however often it has the indicator."""
        return self.sheet.file, self.sheet.sheet, self.office

    @property
    def filled(self) -> int:
        """2 measured, 1 something written, 0 blank."""
        if self.score is not None and self.score.pct is not None and not self.score.policy:
            return 2
        return 0 if blank(self.result) else 1

    @property
    def result_ref(self) -> CellRef:
        """The result's cell (the row's own where the layout has no result column)."""
        return self.row.result.ref or self.row.ref


@record(frozen=True, slots=True)
class Plan:
    """The plan's own rows, keyed by code, in document order."""

    sheets: tuple[SheetRows, ...] = ()

    @property
    def nodes(self) -> list[SheetRow]:
        """Objectives."""
        return [row for sheet in self.sheets for row in sheet.rows if row.level is not RowLevel.INDICATOR]

    @property
    def indicators(self) -> dict[str, SheetRow]:
        """Indicators by code."""
        return {row.code: row for sheet in self.sheets for row in sheet.rows if row.level is RowLevel.INDICATOR}

    def __bool__(self) -> bool:
        return bool(self.sheets)


def entries_of(sheets: Iterable[SheetRows], plan: Plan, method: Method, year: int | None) -> list[Entry]:
    """Every indicator row of every sheet, targets and results read; the plan's target where the plan knows the indicator."""
    planned = plan.indicators
    out: list[Entry] = []
    seen: dict[str, int] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if row.level is RowLevel.INDICATOR:
                entry = _entry(sheet, row, planned.get(method.canonical(row.code)), method, year)
                seen[entry.uid] = seen.get(entry.uid, 0) + 1
                out.append(entry if seen[entry.uid] == 1 else replace(entry, uid=f"{entry.uid}~{seen[entry.uid]}"))
    return out


def _entry(sheet: SheetRows, row: SheetRow, planned: SheetRow | None, method: Method, year: int | None) -> Entry:
    year = year if year is not None else sheet.year
    result = read_result(row.result, year, as_percent=sheet.role is SheetRole.OBJECTIVES, sentinel="sentinel" in row.extra)
    result = in_words_of(result, method.not_measured_for(method.canonical(row.code)).words)
    cell = target_cell(planned, year) if planned is not None else None
    if cell is None or cell.empty:
        cell = target_cell(row, year)
    source = planned if planned is not None and not planned.algorithm.empty else row
    target = read_target(cell, source.algorithm.text, row.title, result, method, year)
    ref = row.result.ref or row.ref
    uid = f"{_name(ref.file)}#{ref.sheet}!{ref.a1}"
    previous = previous_of(row)
    if previous.value is not None and _of_another_year(target, year):
        previous = replace(previous, value=None)
    return Entry(uid, sheet, row, target, cell, result, method.canonical(row.code), previous=previous)


def _of_another_year(target: Target, year: int | None) -> bool:
    """Whether a relative target names a year of reference that isn't the one before: what the sheet gives is of that one."""
    return year is not None and bool(target.reference and target.reference.isdigit()) and target.reference != str(year - 1)


def owner_of(row: SheetRow, method: Method) -> str:
    """The objective that a row hangs from, by the code that the method gives it."""
    return method.canonical(row.owner or "")


@lru_cache(maxsize=1024)
def _name(file: str) -> str:
    return PurePath(file).name


def previous_of(row: SheetRow) -> Previous:
    """What the row says of the year before: `extra["previous"]` (its value) and `extra["previous_pct"]` (its percent)."""
    if "previous" not in row.extra and "previous_pct" not in row.extra:
        return UNKNOWN
    value, pct = (row.extra.get(key) for key in ("previous", "previous_pct"))
    figure = percent_of(pct) if isinstance(pct, Cell) else None
    return Previous(
        percent_of(value) if isinstance(value, Cell) else None,
        Fraction(figure) if figure is not None and 0 <= figure <= 100 else None,
    )


def percent_of(cell: Cell) -> Decimal | None:
    """A typed percent in percent: 0.034 under a percent format is 3.4, a bare number is percent already, `74%` is read as text."""
    if cell.kind is CellKind.PERCENT and isinstance(cell.value, Decimal):
        return cell.value * 100
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal):
        return cell.value
    if cell.kind is CellKind.TEXT:
        read = parse_result(cell)
        return read.value if read.kind in (ResultKind.PERCENT, ResultKind.NUMBER) else None
    return None


def read_result(cell: Cell, year: int | None, *, as_percent: bool = False, sentinel: bool = False) -> Result:
    """A result cell as read. `as_percent`: the column's heading says that plain numbers are percents (REALIZZAZIONE)."""
    if sentinel:
        return Result(ResultKind.NOT_MEASURED, text=cell.text)
    result = parse_result(cell, year=year)
    if as_percent and result.kind is ResultKind.NUMBER and result.unit in (None, "n."):
        return replace(result, kind=ResultKind.PERCENT, unit="%")
    return result


def read_target(cell: Cell, algorithm: str, title: str, result: Result, method: Method, year: int | None) -> Target:
    """The target: in its cell, or in the indicator's text where the method says so."""
    if method.scoring.target_from == "indicator_text" and cell.empty:
        text = re.sub(r"</?\w+>", " ", title)
        return target_in_text(find_targets(text, year=year), result, text)
    if cell.empty and algorithm:
        return parse_target(algorithm, year=year)
    return parse_target(cell, algorithm=algorithm, year=year)


def target_cell(row: SheetRow, year: int | None) -> Cell:
    """The cell of the year's target; the only one where the headings name no year."""
    found = row.targets.get(year, row.targets.get(None))
    if found is None:
        found = next(iter(row.targets.values())) if len(row.targets) == 1 and year is None else Cell(CellKind.EMPTY, None)
    return found


def same_target(one: Target, other: Target) -> bool:
    """Whether two targets ask the same (their wording may differ)."""
    return (one.kind, one.operator, one.value, one.low, one.high, one.dates) == (
        other.kind,
        other.operator,
        other.value,
        other.low,
        other.high,
        other.dates,
    )


def by_code(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Entries of the tree by code, in the order given."""
    out: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.sheet.role in TREE_ROLES:
            out.setdefault(entry.code, []).append(entry)
    return out
