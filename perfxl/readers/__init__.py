"""Readers: workbooks of offices into rows, each value with its cell. Layouts are data (docs/modelli.md)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfxl.readers.find import find_workbooks
    from perfxl.readers.layout_file import load_layout, shipped_layouts
    from perfxl.readers.many import Readers
    from perfxl.readers.workbook import read_workbook, rows_of_grids

_HOME = {
    "Readers": "many",
    "find_workbooks": "find",
    "load_layout": "layout_file",
    "read_workbook": "workbook",
    "rows_of_grids": "workbook",
    "shipped_layouts": "layout_file",
}

__all__ = ["Readers", "find_workbooks", "load_layout", "read_workbook", "rows_of_grids", "shipped_layouts"]


def __getattr__(name: str) -> Any:
    """Loaded when first used: the readers beside are started before the rest is (`many`)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    return value
