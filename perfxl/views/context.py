"""What every tab needs to know: the consolidation, the formulas' figures, where rows stand in other tabs, where files lie."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import Counting, ScoredRow, State, Timing
from perfxl.views.figures import Figures
from perfxl.views.notes import Note, Notes
from perfxl.views.tab import Link

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.model import CellRef, Node

_WATCH = {Timing.FORGOTTEN: 0, Timing.LATE: 1}
_WORST_FIRST = {State.NOT_REACHED: 2, State.PARTIAL: 3, State.REACHED: 4, State.UNMEASURED: 5}
_BAD_IN_KEYS = str.maketrans("*?~", "___")


class Context:
    """Built once for a workbook; `folder` is where it will lie (hyperlinks are relative to it)."""

    def __init__(self, consolidation: Consolidation, folder: Path, notes: Notes | None = None) -> None:
        self.c = consolidation
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100 – a folder's links must survive its symlinks
        self.notes = notes or Notes()
        self.figures = Figures(consolidation)
        self.findings: list[Finding] = []
        self._paths: dict[str, str] = {}

    @cached_property
    def row_at(self) -> dict[str, int]:
        """Index in *Indicatori* of each row's uid."""
        return {row.uid: index for index, row in enumerate(self.c.rows)}

    @cached_property
    def node_at(self) -> dict[str, int]:
        """Index in *Albero* of each node's code."""
        return {node.code: index for index, node in enumerate(self.c.nodes)}

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Key of the mean of respondents that a row enters, by uid."""
        return {uid: f"media:{index}" for index, row in enumerate(self.c.rows) if row.respondents for uid in row.respondents}

    @cached_property
    def deviations(self) -> list[ScoredRow]:
        """Rows of *Scostamenti*: counting ones that are measured, or forgotten; what needs an explanation first."""
        rows = [row for row in self.c.rows if row.counts and (row.pct is not None or row.timing in _WATCH)]
        return sorted(rows, key=lambda row: (_WATCH.get(row.timing, _WORST_FIRST[row.state]), row.pct or 0))

    @cached_property
    def deviation_at(self) -> dict[str, int]:
        """Index in *Scostamenti* of each row's uid."""
        return {row.uid: index for index, row in enumerate(self.deviations)}

    @cached_property
    def deviation_notes(self) -> dict[str, Note]:
        """The notes that the previous workbook gives to the rows of *Scostamenti*, by uid."""
        found = ((row.uid, self.notes.take(row.uid, row.code, row.office)) for row in self.deviations)
        return {uid: note for uid, note in found if note is not None}

    def outside(self, ref: CellRef | None) -> Link | None:
        """The hyperlink to a cell of a source file."""
        if ref is None:
            return None
        sheet = ref.sheet.replace("'", "''")
        return Link(outside=self.path_of(ref.file), anchor=f"'{sheet}'!{ref.a1}")

    def path_of(self, file: str) -> str:
        """A file's path relative to the output, with slashes; absolute where it lies on another drive."""
        if file not in self._paths:
            path = os.path.abspath(file)  # noqa: PTH100 – as above
            try:
                path = os.path.relpath(path, self.folder)
            except ValueError:  # another drive
                path = "file:///" + path
            self._paths[file] = path.replace(os.sep, "/")
        return self._paths[file]

    def not_native(self, tab: str, what: list[str]) -> None:
        """A finding for the cells of a tab that hold a value because a formula would give another figure."""
        if what:
            named = ", ".join(what[:12]) + (f" e altre {len(what) - 12}" if len(what) > 12 else "")
            self.findings.append(finding("PX-S001", f"{named}: il metodo non si può scrivere con una formula", sheet=tab))


def node_key(code: str) -> str:
    """A node's key in formulas: never taken for a number, a date or a pattern (`1.2` and `2E0105` would be)."""
    return "ob:" + code.translate(_BAD_IN_KEYS)


def office_key(code: str) -> str:
    """An office's key in formulas."""
    return "uf:" + code.translate(_BAD_IN_KEYS)


def enters_office(row: ScoredRow) -> bool:
    """Whether a row is one of those that its office's mean is made of."""
    return row.counting in {Counting.COUNTS, Counting.OFFICE_ONLY} and not row.respondents


def block_of(nodes: tuple[Node, ...], index: int) -> tuple[int, int]:
    """First and last index of the nodes beneath one, in document order; last < first where there is none."""
    depth, last = nodes[index].depth, index
    while last + 1 < len(nodes) and nodes[last + 1].depth > depth:
        last += 1
    return index + 1, last
