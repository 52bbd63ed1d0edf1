"""Readers: workbooks of offices into rows, each value with its cell. Layouts are data (docs/modelli.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.on_demand import on_demand

if TYPE_CHECKING:
    from perfxl.readers.find import find_workbooks
    from perfxl.readers.layout_file import load_layout, shipped_layouts
    from perfxl.readers.many import Readers
    from perfxl.readers.workbook import read_workbook, rows_of_grids

_HOME = {
    "Readers": "perfxl.readers.many",
    "find_workbooks": "perfxl.readers.find",
    "load_layout": "perfxl.readers.layout_file",
    "read_workbook": "perfxl.readers.workbook",
    "rows_of_grids": "perfxl.readers.workbook",
    "shipped_layouts": "perfxl.readers.layout_file",
}

__all__ = ["Readers", "find_workbooks", "load_layout", "read_workbook", "rows_of_grids", "shipped_layouts"]

__getattr__ = on_demand(__name__, _HOME)  # the readers beside are started before the rest is loaded (`many`)
