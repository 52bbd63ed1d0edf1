"""A cell as an office left it: empty, number, percent, date, text and error are different things, with their address."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePath

from perfxl.model.record import record


class CellKind(StrEnum):
    """What a cell holds. `ZERO_DATE` is Excel's serial 0 under a date format (shown as 00/01/1900)."""

    EMPTY = "empty"
    NUMBER = "number"
    PERCENT = "percent"  # a number under a percent format; `value` is the fraction as stored (0.9 for 90 %)
    DATE = "date"
    ZERO_DATE = "zero_date"
    TEXT = "text"
    BOOL = "bool"
    ERROR = "error"  # `value` is the error's text: "#DIV/0!"


@record(frozen=True, slots=True)
class CellRef:
    """Address of a cell; `row` and `column` count from 1; `file` is the path as it was given."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """`C7`."""
        letters, n = "", self.column
        while n:
            n, rest = divmod(n - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"

    def __str__(self) -> str:
        return f"{PurePath(self.file).name} [{self.sheet}] {self.a1}"


@record(frozen=True, slots=True)
class Cell:
    """A value with its kind, number format and address. `value`: None, Decimal, date, str or bool by kind."""

    kind: CellKind
    value: Decimal | date | str | bool | None
    ref: CellRef | None = None
    number_format: str = "General"
    formula: bool = False

    @property
    def empty(self) -> bool:
        """No content, or only blanks."""
        return self.kind is CellKind.EMPTY or (self.kind is CellKind.TEXT and not str(self.value).strip(" \t\r\n\xa0"))

    @property
    def text(self) -> str:
        """The content as an Italian office reads it: `90%`, `1.492.129,83` as `1492129,83`, `31/12/2019`."""
        if self.kind is CellKind.TEXT:  # most of them
            return str(self.value)
        match self.kind:
            case CellKind.EMPTY:
                return ""
            case CellKind.ZERO_DATE:
                return "00/01/1900"
            case CellKind.DATE:
                assert isinstance(self.value, date)
                return self.value.strftime("%d/%m/%Y")
            case CellKind.PERCENT:
                assert isinstance(self.value, Decimal)
                return italian_number(self.value * 100) + "%"
            case CellKind.NUMBER:
                assert isinstance(self.value, Decimal)
                return italian_number(self.value)
            case CellKind.BOOL:
                return "VERO" if self.value else "FALSO"
            case _:
                return str(self.value)


EMPTY = Cell(CellKind.EMPTY, None)
EXCEL_ZERO = date(1899, 12, 30)


def italian_number(value: Decimal) -> str:
    """`Decimal('12.50')` as `12,5`, with no thousands' separator and no trailing zeros."""
    text = format(value.normalize(), "f") if value else "0"
    return text.replace(".", ",")


def cell_of(value: object, *, number_format: str = "General", ref: CellRef | None = None) -> Cell:
    """A `Cell` from a bare Python value (as Excel, pandas or a caller gives it). A `Cell` passes unchanged."""
    if isinstance(value, Cell):
        return value
    if value is None:
        return Cell(CellKind.EMPTY, None, ref, number_format)
    value = _of_python(value)
    if isinstance(value, bool):
        return Cell(CellKind.BOOL, value, ref, number_format)
    if isinstance(value, time):  # openpyxl's reading of Excel's serial 0 under a date format
        midnight = value == time(0)
        return Cell(CellKind.ZERO_DATE if midnight else CellKind.TEXT, Decimal(0) if midnight else str(value), ref, number_format)
    if isinstance(value, datetime):
        missing = value != value  # noqa: PLR0124 - pandas' NaT is a datetime that differs from itself
        if not missing and value.date() == EXCEL_ZERO:  # the day that Python reads in Excel's serial 0
            return Cell(CellKind.ZERO_DATE, Decimal(0), ref, number_format)
        return Cell(CellKind.EMPTY if missing else CellKind.DATE, None if missing else value.date(), ref, number_format)
    if isinstance(value, date):
        return Cell(CellKind.DATE, value, ref, number_format)
    if isinstance(value, (int, float, Decimal)):
        number = value if isinstance(value, Decimal) else Decimal(repr(float(value)) if isinstance(value, float) else value)
        if number.is_infinite():
            return Cell(CellKind.ERROR, str(value), ref, number_format)
        if number.is_nan():
            return Cell(CellKind.EMPTY, None, ref, number_format)
        kind = CellKind.PERCENT if "%" in number_format else CellKind.NUMBER
        return Cell(kind, number, ref, number_format)
    if value is None:
        return Cell(CellKind.EMPTY, None, ref, number_format)
    return Cell(CellKind.TEXT, str(value), ref, number_format)


def _of_python(value: object) -> object:
    """Numpy's and pandas' own values as Python's: a `float32` printed in English would be read in Italian, 2.125 as 2125."""
    kind = type(value)
    if kind.__module__ == "numpy" and hasattr(value, "item"):
        return Decimal(str(value)) if kind.__name__.startswith("float") else value.item()
    return None if kind.__name__ == "NAType" else value
