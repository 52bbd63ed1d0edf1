"""Workbooks in memory: cells as Excel holds them, loaded from and saved to real files."""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl

from .typing_in import ERRORS, Error, serial, typed


@dataclass
class CellStore:
    value: object = None
    formula: str | None = None
    number_format: str = "General"
    looks: dict = field(default_factory=dict)


@dataclass
class SheetStore:
    name: str
    cells: dict[tuple[int, int], CellStore] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    charts: list = field(default_factory=list)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    tables: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    visible: int = -1  # -1 shown, 0 hidden, 2 very hidden
    protected: bool = False
    set_up: dict = field(default_factory=dict)

    def cell(self, row: int, column: int) -> CellStore:
        return self.cells.setdefault((row, column), CellStore())

    def put(self, row: int, column: int, value) -> None:
        cell = self.cell(row, column)
        cell.value, cell.formula, cell.number_format = typed(value, cell.number_format)

    def put_formula(self, row: int, column: int, formula) -> None:
        cell = self.cell(row, column)
        if isinstance(formula, str) and formula.startswith("=") and cell.number_format != "@":
            cell.value, cell.formula = None, formula
        else:
            self.put(row, column, formula)

    def used(self) -> tuple[int, int, int, int]:
        held = [at for at, c in self.cells.items() if c.value is not None or c.formula or c.number_format != "General" or c.looks]
        if not held:
            return 1, 1, 1, 1
        rows, columns = [r for r, _ in held], [c for _, c in held]
        return min(rows), min(columns), max(rows), max(columns)


@dataclass
class BookStore:
    path: str
    sheets: list[SheetStore] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    structure_protected: bool = False
    macros: bool = False

    def sheet(self, name: str) -> SheetStore:
        return next(s for s in self.sheets if s.name == name)

    def snapshot(self) -> dict:
        """All that a person could miss, by sheet."""
        return {s.name: replace(copy.deepcopy(s), set_up={}) for s in self.sheets}


def load_sheets(path: Path) -> list[SheetStore]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return [_sheet(sheet, values[sheet.title]) for sheet in formulas.worksheets]


def _sheet(sheet, values) -> SheetStore:
    found = SheetStore(sheet.title, visible={"visible": -1, "hidden": 0, "veryHidden": 2}[sheet.sheet_state])
    found.protected = bool(sheet.protection.sheet)
    found.merged = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
    found.hidden_rows = {n for n, d in sheet.row_dimensions.items() if d.hidden}
    for row in sheet.iter_rows():
        for cell in row:
            value = values.cell(cell.row, cell.column).value
            formula = cell.value if cell.data_type == "f" else None
            if value is None and formula is None and cell.number_format == "General":
                continue
            found.cells[cell.row, cell.column] = CellStore(
                _stored(value), formula and str(getattr(formula, "text", formula)), cell.number_format
            )
    return found


def _stored(value):
    if isinstance(value, (datetime, date)):
        return serial(value)
    if isinstance(value, time):
        return (value.hour + value.minute / 60) / 24
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return Error(value) if value in ERRORS else value


def save_file(book: BookStore, path: Path) -> None:
    """A true .xlsx (values, formulas, number formats), so that what is sent can be opened by others."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for sheet in book.sheets:
        target = made.create_sheet(sheet.name)
        for (row, column), held in sheet.cells.items():
            cell = target.cell(row, column)
            cell.number_format = held.number_format
            cell.value = held.formula or held.value
            if held.formula is None and isinstance(held.value, str):
                cell.data_type = "e" if isinstance(held.value, Error) else "s"
    made.save(path)
