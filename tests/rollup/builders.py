"""Sheets made by hand: rows, sheets and the whole job on them, so that the roll-up is tested without a workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfxl.consolidation import Consolidation
from perfxl.methods import Method
from perfxl.model import EMPTY, Cell, CellKind, CellRef, Node, RowLevel, ScoredRow, SheetRole, SheetRow, SheetRows, cell_of
from perfxl.pipeline.job import Job
from perfxl.rollup.entries import Plan
from scoring.profiles import profile

ZERO_DATE = Cell(CellKind.ZERO_DATE, None)


def cell(value: Any, ref: CellRef) -> Cell:
    """A cell at an address; `"7%"` typed as a number stays text, as offices do."""
    made = cell_of(value)
    return Cell(made.kind, made.value, ref, made.number_format)


def indicator(
    code: str,
    owner: str,
    target: Any = ">= 100",
    result: Any = None,
    *,
    offices: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
    typed: Any = None,
    weight: Any = None,
    title: str = "",
    algorithm: Any = None,
    strategic: bool = False,
    **extra: Any,
) -> SheetRow:
    """An indicator row; its address is filled in by `sheet`."""
    here = CellRef("", "", 1, 1)
    return SheetRow(
        RowLevel.INDICATOR,
        code,
        code,
        title or f"Indicatore {code}",
        owner,
        here,
        strategic=strategic,
        algorithm=cell(algorithm, here),
        result=cell(result, here),
        targets={2019: cell(target, here)},
        typed_pct=cell(typed, here),
        weight=cell(weight, here),
        offices=offices,
        people=people,
        extra=extra,
    )


def objective(
    code: str,
    level: RowLevel,
    owner: str | None = None,
    *,
    typed: Any = None,
    result: Any = None,
    weight: Any = None,
    title: str = "",
    printed: str = "",
    budget: Any = None,
    perspective: str | None = None,
    offices: tuple[str, ...] = (),
) -> SheetRow:
    """An objective of the tree, of a person or of the body."""
    here = CellRef("", "", 1, 1)
    return SheetRow(
        level,
        code,
        printed or code,
        title or f"Obiettivo {code}",
        owner,
        here,
        result=cell(result, here),
        typed_pct=cell(typed, here),
        weight=cell(weight, here),
        budget=cell(budget, here),
        perspective=cell(perspective, here),
        offices=offices,
    )


def sheet(
    respondent: str,
    *rows: SheetRow,
    role: SheetRole | None = None,
    offices: tuple[str, ...] = (),
    title: str = "",
    file: str = "",
) -> SheetRows:
    """A sheet of one respondent; rows from 7 on: text in A, target in B, result in C, typed percent in D, weight in E."""
    name = file or f"{respondent.replace('/', '-')}.xlsx"
    role = role or (
        SheetRole.BODY if respondent == "ENTE" else SheetRole.PERSON if respondent.startswith("PO") else SheetRole.OFFICE
    )
    placed = tuple(_placed(row, name, number) for number, row in enumerate(rows, start=7))
    return SheetRows(
        name, "Cruscotto", "prova", role, respondent, title or respondent, placed, 2019, None, offices or (respondent,)
    )


def _placed(row: SheetRow, file: str, number: int) -> SheetRow:
    def at(column: int) -> CellRef:
        return CellRef(file, "Cruscotto", number, column)

    def moved(one: Cell, column: int) -> Cell:
        return Cell(one.kind, one.value, at(column), one.number_format)

    return replace(
        row,
        ref=at(1),
        targets={year: moved(one, 2) for year, one in row.targets.items()},
        result=moved(row.result, 3),
        typed_pct=moved(row.typed_pct, 4),
        weight=moved(row.weight, 5) if not row.weight.empty else EMPTY,
        budget=moved(row.budget, 6) if not row.budget.empty else EMPTY,
        offices_cell=moved(cell_of(" ".join(row.offices) or None), 7),
    )


def job(
    *sheets: SheetRows,
    plan: tuple[SheetRows, ...] = (),
    as_of: date | None = None,
    adjustments=(),
    method: Method | None = None,
    **sections,
):
    """The whole job on sheets made by hand, under Massa-Carrara 2019 with other keys: `job(…, rollup={"body": "worst"})`."""
    return Job(method or profile(**sections), sheets, Plan(plan), 2019, as_of, tuple(adjustments))


def nodes(done: Job) -> dict[str, Node]:
    """Nodes by code."""
    return {node.code: node for node in done.nodes}


def percents(done: Job) -> dict[str, Fraction | None]:
    """Exact percent of each node."""
    return {node.code: node.pct for node in done.nodes}


def counting(done: Job) -> dict[str, ScoredRow]:
    """The row that counts, by indicator."""
    return {row.code: row for row in done.rows if row.counts}


def rows_of(done: Job, office: str) -> dict[str, ScoredRow]:
    """An office's rows by indicator."""
    return {row.code: row for row in done.rows if row.office == office}


def found(done: Job, code: str) -> list[str]:
    """What the findings of a code say."""
    return [one.found for one in done.findings if one.code == code]


def codes(done: Job) -> list[str]:
    """Codes of all findings."""
    return sorted({one.code for one in done.findings})


def consolidation(done: Job) -> Consolidation:
    """The job's tables as a `Consolidation`."""
    return Consolidation(
        body=done.method.body,
        year=2019,
        method=done.method,
        method_file=done.method.name,
        as_of=done.as_of,
        nodes=tuple(done.nodes),
        rows=tuple(done.rows),
        offices=done.offices,
        people=done.people,
        perspectives=(),
        adjustments=tuple(done.adjustments),
        findings=tuple(done.findings),
        missing=tuple(done.missing),
        sources=(),
        version="0",
        made_at=datetime(2019, 5, 2, 9, 0),
    )


def percent_cell(value: str) -> Cell:
    """A typed percent under a percent format: `percent_cell("3.4")` holds 0.034."""
    return cell_of(Decimal(value) / 100, number_format="0.00%")
