"""*Ricalcola*: the percents that go into the percent column of the sheets, and those that are left to the person who typed them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.live.areas import Rect, rectangles, uniform_parts
from perfxl.live.ledger import Ledger, Written, same
from perfxl.live.native import is_protected
from perfxl.model import CellKind, CellRef, Counting
from perfxl.readers.formats import kind_of_format
from perfxl.views.words import optional_figure

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.live.quiet import Status
    from perfxl.live.reading import Reading
    from perfxl.model import ScoredRow

Place = tuple[int, int]


@dataclass(slots=True)
class Plan:
    """What is to be written, by sheet and cell (None: to be emptied), and the register as it will be afterwards."""

    writes: dict[str, dict[Place, float | None]] = field(default_factory=lambda: defaultdict(dict))
    entries: list[Written] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kept: int = 0  # figures of a person, left as they are
    same: int = 0  # figures of perfxl that are still right
    unmeasured: int = 0

    @property
    def cells(self) -> int:
        """How many cells change."""
        return sum(len(cells) for cells in self.writes.values())


def plan_percents(c: Consolidation, reading: Reading) -> Plan:
    """Decide, cell by cell. Only empty cells and cells that still hold what perfxl wrote are ever written."""
    plan = Plan()
    for row in c.rows:
        ref = row.typed_ref
        if ref is None or ref.file != reading.file or row.counting is Counting.PERSON:
            continue
        _decide(plan, row, ref, reading)
    return plan


def _decide(plan: Plan, row: ScoredRow, ref: CellRef, reading: Reading) -> None:
    sheet = reading.sheets[ref.sheet]
    figure = optional_figure(row.pct)
    held = _held(sheet.values, ref)
    if _beneath_a_merge(sheet.grid.merged, ref):
        return
    if sheet.blank(ref.row, ref.column):
        if figure is None:
            plan.unmeasured += 1
        else:
            _write(plan, row, ref, figure)
        return
    formula = (ref.row, ref.column) in sheet.formulas
    if not formula and reading.ledger.entry(ref.sheet, ref.a1, row.code, held) is not None and _number(held):
        if figure is not None and same(figure, held):
            plan.entries.append(Written(ref.sheet, ref.a1, row.code, figure))
            plan.same += 1
        else:
            _write(plan, row, ref, figure)
        return
    plan.kept += 1
    before = next((e for e in reading.ledger.percents if (e.sheet, e.cell, e.code) == (ref.sheet, ref.a1, row.code)), None)
    if before is not None:
        plan.entries.append(before)
        plan.findings.append(_changed(row, ref, reading, figure))


def _changed(row: ScoredRow, ref: CellRef, reading: Reading, figure: float | None) -> Finding:
    typed = reading.sheets[ref.sheet].grid.cell(ref.row, ref.column).text
    computed = "non misurato" if figure is None else f"{figure * 100:.2f} %".replace(".", ",")
    return finding("PX-S012", f"{row.code}: {typed} nella cella, {computed} calcolato", ref)


def _write(plan: Plan, row: ScoredRow, ref: CellRef, figure: float | None) -> None:
    plan.writes[ref.sheet][ref.row, ref.column] = figure
    if figure is not None:
        plan.entries.append(Written(ref.sheet, ref.a1, row.code, figure))


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _held(values: list[list[Any]], ref: CellRef) -> Any:
    row = values[ref.row - 1] if ref.row <= len(values) else []
    return row[ref.column - 1] if ref.column <= len(row) else None


def _beneath_a_merge(merged: list[tuple[int, int, int, int]], ref: CellRef) -> bool:
    """A cell that a merged one hides: a figure there would be lost to sight."""
    return any(
        top <= ref.row <= bottom and left <= ref.column <= right and (ref.row, ref.column) != (top, left)
        for top, left, bottom, right in merged
    )


def leave_protected(plan: Plan, book: Any, reading: Reading) -> list[str]:
    """Take the protected sheets out of the plan; their names. Each gets a finding."""
    protected = [name for name in plan.writes if is_protected(book.sheets[name])]
    for name in protected:
        cells = plan.writes.pop(name)
        places = {CellRef("", "", *place).a1 for place in cells}
        before = [e for e in reading.ledger.percents if e.sheet == name and e.cell in places]
        plan.entries = [e for e in plan.entries if not (e.sheet == name and e.cell in places)] + before
        found = f"{len(cells)} percentuali non scritte"
        plan.findings.append(finding("PX-S013", found, file=reading.file, sheet=name))
    return protected


def write_percents(plan: Plan, book: Any, decimals: int, status: Status) -> None:
    """Write what was planned: a block for each run of cells; the number format only where it doesn't show a percent."""
    for number, (name, cells) in enumerate(plan.writes.items(), 1):
        status.show(f"scrittura di «{name}» ({number} di {len(plan.writes)})")
        sheet = book.sheets[name]
        for _, area in rectangles(dict.fromkeys(cells, True)):
            _percent_format(sheet, area, decimals)
            rows = [
                [cells[row, column] for column in range(area.left, area.right + 1)] for row in range(area.top, area.bottom + 1)
            ]
            sheet.range(area.a1).value = rows


def _percent_format(sheet: Any, area: Rect, decimals: int) -> None:
    zeros = "." + "0" * decimals if decimals else ""
    for part, number_format in uniform_parts(area, lambda one: sheet.range(one.a1).number_format):
        if kind_of_format(number_format or "General") is not CellKind.PERCENT:
            sheet.range(part.a1).number_format = f"0{zeros} %"


def kept_ledger(plan: Plan, ledger: Ledger) -> Ledger:
    """The register after the writing."""
    return Ledger(sorted(plan.entries), ledger.tabs, ledger.copies)
