"""Dates and numbers that are stored as text by the format itself (`t="d"` of .xlsx, every date of .ods)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from perfxl.model.cells import CellKind

if TYPE_CHECKING:
    from perfxl.readers.grid import RawCell

_ZERO_DAYS = ("1899-12-30", "1899-12-31")  # serial 0 as LibreOffice and Excel would write it


def iso_date(text: str, number_format: str, *, formula: bool) -> RawCell:
    """`2019-03-29T00:00:00` as a date; what isn't a date stays text."""
    day = text.strip()[:10]
    if day in _ZERO_DAYS:
        return CellKind.ZERO_DATE, None, number_format, formula
    try:
        return CellKind.DATE, date.fromisoformat(day), number_format, formula
    except ValueError:
        return CellKind.TEXT, text, number_format, formula
