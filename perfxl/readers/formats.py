"""What a number format makes of a number: a percent, a date, or just a number; and serials into dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite

from perfxl.model.cells import CellKind
from perfxl.readers.grid import RawCell, stored_number

# ECMA-376 part 1, 18.8.30: the formats that a workbook names by number only.
BUILTIN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
# 27-36 and 50-58 are dates in East Asian locales only: left as numbers.

_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS = re.compile(r"[dy]|gg|aa|mmm", re.IGNORECASE)
_LAST_SERIAL = 2_958_465  # 31/12/9999


@lru_cache(maxsize=512)
def kind_of_format(number_format: str) -> CellKind:
    """PERCENT, DATE or NUMBER. `0"%"` (a quoted sign) and times of day are plain numbers."""
    if number_format in ("General", "@"):
        return CellKind.NUMBER
    code = _LITERALS.sub("", number_format)
    if "%" in code:
        return CellKind.PERCENT
    code = code.lower().replace("general", "").replace("standard", "").replace("red", "")
    return CellKind.DATE if _DATE_LETTERS.search(code) else CellKind.NUMBER


def number_cell(value: float, number_format: str, *, date1904: bool, formula: bool) -> RawCell:
    """A stored number under its format. Serial 0 under a date format is Excel's 00/01/1900 (METHODS.md): `ZERO_DATE`."""
    if not isfinite(value):
        return CellKind.ERROR, "#NUM!", number_format, formula
    kind = kind_of_format(number_format)
    if kind is CellKind.DATE:
        if 0 <= value < 1:
            return CellKind.ZERO_DATE, None, number_format, formula
        day = serial_date(value, date1904=date1904)
        if day is not None:
            return CellKind.DATE, day, number_format, formula
        kind = CellKind.NUMBER
    return kind, stored_number(value), number_format, formula


def serial_date(value: float, *, date1904: bool) -> date | None:
    """The date of a serial, None outside Excel's range. The 1900 system counts a 29/02/1900 that never was."""
    if not 0 <= value <= _LAST_SERIAL - (1462 if date1904 else 0):
        return None
    days = int(value)
    if date1904:
        return date(1904, 1, 1) + timedelta(days=days)
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)
