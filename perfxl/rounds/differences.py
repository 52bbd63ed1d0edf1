"""What a version of a sheet changes from the one before: every cell of the office's own that changed or was blanked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfxl.model import CellRef
from perfxl.readers import rows_of_grids
from perfxl.rounds.answer import laid_of, own_rows
from perfxl.rounds.columns import EVIDENCE, evidence_column
from perfxl.rounds.folder import RECEIVED
from perfxl.rounds.returned import returned
from perfxl.rounds.sent import sent_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.model.sheets import WorkbookRows
    from perfxl.readers.grid import Grid
    from perfxl.rounds.effective import Laid
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.state import Office, Round, Version

MOST = 2000
"""Differences told of a pair of versions; a sheet that was replaced by another needn't be told cell by cell."""
FIELDS = (("result", "Risultato"), ("note", "Note"), ("cause", "Causa"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that two versions hold differently; an empty text is a blank cell. `label` is the row that it stands in."""

    office: str
    sheet: str
    cell: str
    label: str
    before: str
    after: str

    @property
    def blanked(self) -> bool:
        """Whether the later version holds nothing where the earlier held something."""
        return bool(self.before) and not self.after


@dataclass(frozen=True, slots=True)
class _Own:
    """An own cell: where it stands, in which row, what it shows."""

    sheet: str
    cell: str
    label: str
    text: str


def differences_of(office: Office, home: RoundFolder, state: Round) -> list[tuple[Version, Version, list[Difference]]]:
    """Each version of an office beside the one before it, oldest first: (before, after, what changed).

    Both are laid over the sheet in force, so that a row is the same row wherever it stands. Where one of them isn't our sheet
    they are compared indicator by indicator.
    """
    versions = [version for version in office.versions if not version.late]
    if len(versions) < 2:
        return []
    read = _Reads(office, home, state)
    return [(one, other, _told(one, other, read, office)) for one, other in pairwise(versions)]


def _told(before: Version, after: Version, read: _Reads, office: Office) -> list[Difference]:
    """What changed; where the two can't be compared, that: nobody must take it for nothing changed."""
    try:
        return _between(read(before), read(after), office.code)
    except Exception as error:  # noqa: BLE001 - the register must be written whatever lies in the folder
        why = f"confronto non riuscito ({type(error).__name__}): guardare le due schede in «{RECEIVED}»"
        return [Difference(office.code, "", "", why, before.name, after.name)]


class _Reads:
    """The versions of an office, each read once."""

    def __init__(self, office: Office, home: RoundFolder, state: Round) -> None:
        self._of = office, home, state
        self._read: dict[str, _Read] = {}

    def __call__(self, version: Version) -> _Read:
        if version.sha256 not in self._read:
            self._read[version.sha256] = _Read(version, *self._of)
        return self._read[version.sha256]


class _Read:
    """A version as it counts."""

    def __init__(self, version: Version, office: Office, home: RoundFolder, state: Round) -> None:
        self.version = version
        self._office, self._file = office, home.file(office.file)
        self._reply = returned(home.file(version.file), version.name, year=state.opened.year if state.opened else None)
        self.laid: Laid | None = laid_of(self._reply, office, home, state)[0]

    def cells(self) -> dict[tuple[str, int, int], _Own]:
        """By sheet, row and column: the cells to fill of a sheet that is ours."""
        assert self.laid is not None
        by_name = {grid.name: grid for grid in self.laid.grids}
        found = {}
        for page in sent_pages(self._file):
            grid = by_name.get(page.grid.name, page.grid)
            for row, columns in page.own.items():
                label = next((text for text in page.key(page.grid, row) if text), "")
                for column in columns:
                    place = CellRef("", grid.name, row, column).a1
                    found[grid.name, row, column] = _Own(grid.name, place, label, grid.text(row, column))
        return found

    def fields(self) -> dict[tuple[str, str], _Own]:
        """By indicator and column: what is read of any sheet."""
        if self.laid is None:
            return dict(_fields(own_rows(self._reply, self._office), self._reply.grids))
        return dict(_fields(rows_of_grids(self.laid.grids, ""), self.laid.grids))


def _fields(rows: WorkbookRows, grids: Sequence[Grid]) -> Iterator[tuple[tuple[str, str], _Own]]:
    by_name = {grid.name: grid for grid in grids}
    for sheet in rows.sheets:
        grid = by_name[sheet.sheet]
        evidence = evidence_column(grid)
        for row in sheet.indicators:
            label = f"{row.code} {row.title}"
            for name, heading in FIELDS:
                cell = getattr(row, name)
                place = cell.ref.a1 if cell.ref is not None else heading
                yield (row.code, name), _Own(sheet.sheet, place, label, " ".join(cell.text.split()))
            if evidence is not None:
                place = CellRef("", "", row.ref.row, evidence).a1
                yield (row.code, EVIDENCE), _Own(sheet.sheet, place, label, grid.text(row.ref.row, evidence))


def _between(before: _Read, after: _Read, office: str) -> list[Difference]:
    both = before.laid is not None and after.laid is not None
    old: dict[Any, _Own] = {**before.cells()} if both else {**before.fields()}
    new: dict[Any, _Own] = {**after.cells()} if both else {**after.fields()}
    found = []
    for key in {**new, **old}:
        here, there = old.get(key), new.get(key)
        place = there or here
        a, b = here.text if here else "", there.text if there else ""
        if a != b and place is not None:
            found.append(Difference(office, place.sheet, place.cell, place.label, a, b))
    return found[:MOST]
