"""Readers: workbooks of offices into rows, each value with its cell. Layouts are data (docs/modelli.md)."""

from perfxl.readers.find import find_workbooks
from perfxl.readers.layout_file import load_layout, shipped_layouts
from perfxl.readers.many import Readers
from perfxl.readers.workbook import read_workbook, rows_of_grids

__all__ = ["Readers", "find_workbooks", "load_layout", "read_workbook", "rows_of_grids", "shipped_layouts"]
