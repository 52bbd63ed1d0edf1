"""What a verification is made of: things checked, one by one; a summary for each table; the differences, worst first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.findings import Severity
from perfxl.statements.compare import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.model import CellRef

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was checked. Texts are in Italian, figures as they are printed; `code` and `severity` only of a difference.

    `printed` is what the document says, `computed` what follows from `operands`; both "" where the thing isn't a figure, and
    `what` says it. `gap` is how far apart the two are, as a share of the larger: how bad a difference is.
    """

    verdict: Verdict
    file: str
    sheet: str
    cell: str
    table: str
    line: str = ""
    column: str = ""
    printed: str = ""
    computed: str = ""
    rule: str = ""
    convention: str = ""
    other: str = ""
    operands: tuple[CellRef, ...] = ()
    what: str = ""
    code: str = ""
    severity: Severity | None = None
    remedy: str = ""
    gap: Fraction | None = None

    @property
    def differs(self) -> bool:
        """Whether somebody has to look at it before publication: notes are only to be known."""
        return self.severity in {Severity.ERROR, Severity.WARNING}

    @property
    def place(self) -> str:
        """`Risorse.xlsx [Budget] F40`."""
        name = PurePath(self.file.replace("\\", "/")).name
        return " ".join(part for part in (name, f"[{self.sheet}]" if self.sheet else "", self.cell) if part)

    @property
    def operand_cells(self) -> str:
        """The cells that the figure follows from: `B2:B9, C2`, with sheet and file where they aren't its own."""
        places: dict[str, list[CellRef]] = {}
        for ref in dict.fromkeys(self.operands):
            places.setdefault(self._where(ref), []).append(ref)
        return "; ".join(f"{where} {_listed(refs)}".strip() for where, refs in places.items())

    def _where(self, ref: CellRef) -> str:
        if ref.file != self.file:
            return f"{PurePath(ref.file).name} [{ref.sheet}]"
        return "" if ref.sheet == self.sheet else f"[{ref.sheet}]"


def _listed(refs: Sequence[CellRef]) -> str:
    """`B2:B9, C2`: cells one beneath another as one range."""
    runs: list[list[CellRef]] = []
    for ref in refs:
        if runs and (runs[-1][-1].column, runs[-1][-1].row + 1) == (ref.column, ref.row):
            runs[-1].append(ref)
        else:
            runs.append([ref])
    return ", ".join(run[0].a1 if len(run) == 1 else f"{run[0].a1}:{run[-1].a1}" for run in runs)


@dataclass(frozen=True, slots=True)
class TableSummary:
    """How the figures of a table stand: `checked` is the sum of the five counts that follow it."""

    file: str
    table: str
    sheets: tuple[str, ...]
    checked: int
    agree: int
    within: int
    follow: int
    otherwise: int
    differ: int
    unchecked: int
    conventions: tuple[str, ...]  # declared, the most frequent first

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePath(self.file.replace("\\", "/")).name


@dataclass(frozen=True)
class Verification:
    """All that was checked of some documents."""

    consolidation: Consolidation
    items: tuple[Item, ...]

    @cached_property
    def differences(self) -> tuple[Item, ...]:
        """What doesn't agree, worst first: by severity, then the figures that are farthest from what follows."""
        found = [item for item in self.items if item.severity is not None]
        return tuple(sorted(found, key=lambda item: (RANK[item.severity or Severity.NOTE], -(item.gap or 0), item.place)))

    @cached_property
    def tables(self) -> tuple[TableSummary, ...]:
        """A summary for each table of each file, in the order in which they were read."""
        groups: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            groups.setdefault((item.file, item.table), []).append(item)
        return tuple(_summary(file, table, items) for (file, table), items in groups.items())

    @property
    def unread(self) -> tuple[Finding, ...]:
        """The sheets in which nothing was recognised: what they print was not checked."""
        return tuple(each for each in self.consolidation.findings if each.code == "PX-R001")

    @property
    def differs(self) -> bool:
        """Whether anything differs (exit code 1)."""
        return any(item.differs for item in self.items)

    @property
    def total(self) -> TableSummary:
        """The same counts over all the tables."""
        return _summary("", "", self.items)


def _summary(file: str, table: str, items: Iterable[Item]) -> TableSummary:
    items = list(items)
    count = Counter(item.verdict for item in items)
    conventions = Counter(item.convention for item in items if item.convention)
    return TableSummary(
        file=file,
        table=table,
        sheets=tuple(dict.fromkeys(item.sheet for item in items if item.sheet)),
        checked=count.total() - count[Verdict.UNCHECKED],
        agree=count[Verdict.AGREES],
        within=count[Verdict.WITHIN],
        follow=count[Verdict.FOLLOWS],
        otherwise=count[Verdict.OTHERWISE],
        differ=count[Verdict.DIFFERS],
        unchecked=count[Verdict.UNCHECKED],
        conventions=tuple(words for words, _ in conventions.most_common()),
    )
