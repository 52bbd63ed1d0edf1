"""A sheet that came back, read once: its cells, its hidden mark, what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from perfxl.findings import finding
from perfxl.forms.identity import SHEET, identity_of
from perfxl.model import SheetRole
from perfxl.readers import rows_of_grids
from perfxl.readers.workbook import read_grids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfxl.findings import Finding
    from perfxl.forms.form import Identity
    from perfxl.model.sheets import SheetRows, WorkbookRows
    from perfxl.readers.grid import Grid

ANSWERING = frozenset({SheetRole.OFFICE, SheetRole.BODY, SheetRole.PERSON, SheetRole.PROJECTS})


@dataclass
class Returned:
    """The reply's own words: `grids` are its sheets, `problems` say why there are none, `file` is the name it is known by."""

    file: str
    grids: Sequence[Grid]
    problems: tuple[Finding, ...]
    layouts: Sequence[Any] = ()
    year: int | None = None

    @cached_property
    def mark(self) -> Identity | None:
        """The identity that our sheets carry; None where there is none, or only a part of it."""
        hidden = next((grid for grid in self.grids if grid.name == SHEET), None)
        if hidden is None:
            return None
        return identity_of({hidden.text(row, 1): hidden.text(row, 2) for row in hidden.rows})

    @cached_property
    def rows(self) -> WorkbookRows:
        """What is understood of its sheets as they are."""
        return rows_of_grids(self.grids, self.file, layouts=self.layouts, year=self.year)

    @property
    def answers(self) -> list[SheetRows]:
        """Its sheets that answer for somebody: a plan or another system's table in the same workbook is left alone."""
        return [sheet for sheet in self.rows.sheets if sheet.role in ANSWERING]


def stumbled(file: str, error: Exception) -> Finding:
    """What is told of a file that made the reading or the comparison stumble."""
    return finding("PX-N026", f"{type(error).__name__}: {str(error)[:120]}", file=file)


def returned(path: Path, name: str = "", *, layouts: Sequence[Any] = (), year: int | None = None) -> Returned:
    """Read a reply; `name` is what its cells are known by (its path where left out). Nothing is raised."""
    file = name or str(path)
    try:
        grids, problems = read_grids(path)
    except Exception as error:  # noqa: BLE001 - one file that nobody foresaw mustn't keep the others from being collected
        return Returned(file, (), (stumbled(file, error),), layouts, year)
    if not grids and not problems:
        problems = [finding("PX-L002", "una cartella di lavoro senza fogli", file=file)]
    for grid in grids:
        grid.file = file
    return Returned(file, grids, tuple(problems), layouts, year)
