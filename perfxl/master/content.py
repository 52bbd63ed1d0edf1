"""What goes into a master workbook: plan, offices, method, taken from the body's own workbooks through the readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import InputError
from perfxl.master.names import Office, Parameters
from perfxl.methods import load_method
from perfxl.model import RowLevel, SheetRole, SheetRow, SheetRows
from perfxl.readers import find_workbooks, read_workbook

if TYPE_CHECKING:
    from perfxl.methods.schema import Method


@dataclass(frozen=True, slots=True)
class MasterContent:
    """The content of a master workbook. `plan`: nodes and indicators in document order; `years`: of the target columns."""

    method: Method
    parameters: Parameters
    plan: tuple[SheetRow, ...]
    years: tuple[int, ...]
    offices: tuple[Office, ...]

    @property
    def nodes(self) -> tuple[SheetRow, ...]:
        """The rows of the tree, parents first."""
        return tuple(row for row in self.plan if row.level is not RowLevel.INDICATOR)

    @property
    def indicators(self) -> tuple[SheetRow, ...]:
        """The rows of the indicators."""
        return tuple(row for row in self.plan if row.level is RowLevel.INDICATOR)


def content_from(
    plan: Sequence[str | Path],
    method: str | Path,
    offices: Sequence[str | Path] = (),
    *,
    inbox: str = "",
    as_of: date | None = None,
) -> MasterContent:
    """Content from the plan's workbooks, a method, and the offices' own sheets.

    Args:
        plan: workbooks or folders that hold the plan (Allegato 1); other sheets in them are left alone.
        method: name of a shipped profile, or path of a TOML file.
        offices: the offices' monitoring workbooks: they give the list of offices, and who answers for each indicator.
        inbox: the folder of the sheets received, as it is to be written in *Parametri*: relative to the master, or absolute.
        as_of: the reference date of *Parametri*.

    Raises:
        InputError: no plan among the workbooks. MethodError: the profile isn't valid.
    """
    profile = load_method(method)
    sheets = [sheet for sheet in _sheets(plan) if sheet.role is SheetRole.PLAN]
    rows = tuple(row for sheet in sheets for row in sheet.rows)
    if not rows:
        names = ", ".join(str(path) for path in plan)
        raise InputError(f"nessun foglio del piano riconosciuto in: {names}.", path=names)
    answers = [sheet for sheet in _sheets(offices) if sheet.role in (SheetRole.OFFICE, SheetRole.BODY)]
    year = profile.year or sheets[0].year
    targets = {target for row in rows for target in row.targets if target is not None}
    return MasterContent(
        profile,
        Parameters(profile.body, year, as_of, inbox),
        _assigned(rows, answers),
        tuple(sorted(targets)) or ((year,) if year else ()),
        _offices(answers) or _named_in(rows),
    )


def _sheets(paths: Iterable[str | Path]) -> list[SheetRows]:
    found, _ = find_workbooks(list(paths)) if paths else ([], [])
    return [sheet for path in found for sheet in read_workbook(path).sheets]


def _assigned(rows: Sequence[SheetRow], answers: Sequence[SheetRows]) -> tuple[SheetRow, ...]:
    """The plan's rows with the offices and people that the sheets write beside them, where the plan has no such column."""
    seen: dict[str, SheetRow] = {}
    for sheet in answers:
        for row in sheet.rows:
            if row.level is RowLevel.INDICATOR and (row.offices or row.people):
                seen.setdefault(row.code, row)
    return tuple(_with_owner(row, seen.get(row.code)) for row in rows)


def _with_owner(row: SheetRow, found: SheetRow | None) -> SheetRow:
    if found is None or row.level is not RowLevel.INDICATOR:
        return row
    return replace(row, offices=row.offices or found.offices, people=row.people or found.people)


def _offices(answers: Sequence[SheetRows]) -> tuple[Office, ...]:
    """One for each respondent, in the order of the codes: `ISR`, `U0.1` …; the body's own sheet first."""
    ordered = sorted(answers, key=lambda sheet: (sheet.role is not SheetRole.BODY, sheet.respondent))
    return tuple({sheet.respondent: Office(sheet.respondent, sheet.title) for sheet in ordered}.values())


def _named_in(rows: Sequence[SheetRow]) -> tuple[Office, ...]:
    return tuple(Office(code, "") for code in sorted({office for row in rows for office in row.offices}))
