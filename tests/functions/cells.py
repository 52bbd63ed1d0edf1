"""Workbooks' cells as a UDF receives them: bare values, no number format; and the block that a sheet's formula would be given."""

from __future__ import annotations

import warnings
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from perfxl.functions.catalogue import FUNCTIONS


@cache
def sheets(path: Path) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of conditional formats that it doesn't keep
        book = load_workbook(path, data_only=True)
    return {sheet.title: sheet for sheet in book}


def excel_value(value: Any) -> Any:
    """openpyxl's value as COM gives it: every number a float, serial 0 under a date format a date of 1899."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, time):
        return datetime(1899, 12, 30)
    return float(value) if isinstance(value, int) else value


def call(name: str, *arguments: Any) -> list[list[Any]]:
    return FUNCTIONS[name].call(*arguments)


def cell(name: str, *arguments: Any) -> Any:
    grid = call(name, *arguments)
    assert len(grid) == len(grid[0]) == 1, grid
    return grid[0][0]


def column(*values: Any) -> list[list[Any]]:
    return [[value] for value in values]
