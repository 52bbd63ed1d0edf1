# ruff: noqa: INP001, N802, N816, D102 - a UNO component: no package, and UNO's names, described by UNO's own reference
"""The PX_ functions in LibreOffice Calc: a UNO add-in that hands cells to `perfxl.functions` and gives back its figures.

This file runs in LibreOffice's own Python, whatever its version: until it has seen that the packages beside it are made for
that Python it uses nothing newer than Python 3.8, so that an office reads what is wrong in the cell and not `#NAME?`.
Names, help and arguments are in `functions.json`, which scripts/oxt.py writes from the catalogue of `perfxl.functions`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from it.perfxl import XFunzioni

HERE = Path(__file__).resolve().parent
DECLARED = json.loads((HERE / "functions.json").read_text(encoding="utf-8"))

IMPLEMENTATION = DECLARED["service"]
ADD_IN = "com.sun.star.sheet.AddIn"
BY_METHOD = {function["method"]: function for function in DECLARED["functions"]}
METHOD_OF = {function["name"]: function["method"] for function in DECLARED["functions"]}

# com.sun.star.util.NumberFormat: bits of a format's type.
DATE_FORMAT, PERCENT_FORMAT, LOGICAL_FORMAT = 2, 128, 1024
# Calc's error codes, as Excel writes them: the core knows these texts.
ERROR_TEXTS = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
WHOLE_COLUMN = 1048576


class Core:
    """`perfxl.functions`, imported at the first call; `problem` says in Italian why it can't be."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., list[list[Any]]]] = {}
        self.percent: Callable[[float], Any] = float
        self.problem: str | None = None
        built, here = DECLARED["python"], f"{sys.version_info[0]}.{sys.version_info[1]}"
        if built != here:
            self.problem = f"perfxl: estensione per Python {built}, questo LibreOffice ha Python {here}"
            return
        # In front, or an older numpy of the system would be found first; put back behind for the other extensions.
        beside = str(HERE / "pythonpath")
        sys.path[:] = [beside, *(path for path in sys.path if path != beside)]
        try:
            from perfxl.functions.catalogue import FUNCTIONS
            from perfxl.model import cell_of
        except (ImportError, OSError) as error:
            self.problem = f"perfxl: non si carica ({str(error).strip().splitlines()[0][:120]})"
        else:
            self.functions = {function.name: function.call for function in FUNCTIONS.values()}
            self.percent = lambda value: cell_of(value, number_format="0.00%")
        finally:
            sys.path.remove(beside)
            sys.path.append(beside)


class Formats:
    """What the number formats of a document say of its numbers."""

    def __init__(self, document: Any) -> None:
        zero = document.getPropertyValue("NullDate")
        self.null = datetime(zero.Year, zero.Month, zero.Day)
        self._formats = document.getNumberFormats()
        self._types: dict[int, int] = {}

    def type_of(self, key: int) -> int:
        """The type of a number format, as a sum of bits."""
        if key not in self._types:
            self._types[key] = self._formats.getByKey(key).getPropertyValue("Type")
        return self._types[key]

    def date_of(self, serial: float) -> Any:
        """A serial as the date that the cell shows; serial 0 (30/12/1899 here, 00/01/1900 in Excel) as midnight."""
        if serial == 0:
            return time(0)
        try:
            moment = self.null + timedelta(days=serial)
        except OverflowError:
            return serial
        return moment if serial % 1 else moment.date()

    def serial_of(self, value: Any) -> Any:
        """What goes into a cell for a figure of the core: a number or a text."""
        if isinstance(value, datetime):
            return (value - self.null) / timedelta(days=1)
        if isinstance(value, date):
            return float((value - self.null.date()).days)
        if isinstance(value, (bool, int, float)):
            return float(value)
        return "" if value is None else str(value)


class Reader:
    """Ranges of cells as the rows of values that the core takes: blanks, errors, dates and percents told apart."""

    def __init__(self, formats: Formats, percent: Callable[[float], Any]) -> None:
        self._formats, self._percent = formats, percent

    def value(self, argument: Any) -> Any:
        """An argument as Calc gives it: a range, an array, a constant, or nothing.

        Only optional arguments and texts come as constants: there a blank cell arrives as 0, and 0 means nothing.
        """
        if argument is None or argument == 0:
            return None
        if isinstance(argument, (str, float, int, tuple)):
            return argument
        return self._rows(argument)

    def _rows(self, block: Any) -> list[list[Any]]:
        where = block.getRangeAddress()
        if where.EndRow - where.StartRow + 1 < WHOLE_COLUMN:
            return self._read(block)
        width, last = where.EndColumn - where.StartColumn, self._last_used(block)
        rows = self._read(block.getCellRangeByPosition(0, 0, width, last))
        return rows + [[None] * (width + 1)] * (WHOLE_COLUMN - len(rows))

    @staticmethod
    def _last_used(block: Any) -> int:
        cursor = block.getSpreadsheet().createCursor()
        cursor.gotoEndOfUsedArea(False)
        return cursor.getRangeAddress().EndRow

    def _read(self, block: Any) -> list[list[Any]]:
        rows = [list(row) for row in block.getDataArray()]
        numbers = False
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None:
                    row[c] = self._error(block.getCellByPosition(c, r))
                elif value == "":
                    row[c] = None
                elif not isinstance(value, str):
                    numbers = True
        if numbers:
            self._tell_apart(block, rows)
        return rows

    @staticmethod
    def _error(cell: Any) -> str:
        return ERROR_TEXTS.get(cell.getError(), "#VALUE!")

    def _tell_apart(self, block: Any, rows: list[list[Any]]) -> None:
        key = block.getPropertyValue("NumberFormat")
        bottom, right = len(rows) - 1, len(rows[0]) - 1
        # Of a block with several formats Calc says 0, the general format: then each part of it is asked.
        if key or bottom == right == 0:
            self._retype(rows, key, (0, 0, bottom, right))
            return
        start = block.getRangeAddress()
        parts = block.getCellFormatRanges()
        for number in range(parts.getCount()):
            part = parts.getByIndex(number)
            at = part.getRangeAddress()
            top, left = at.StartRow - start.StartRow, at.StartColumn - start.StartColumn
            inside = (top, left, at.EndRow - start.StartRow, at.EndColumn - start.StartColumn)
            self._retype(rows, part.getPropertyValue("NumberFormat"), inside)

    def _retype(self, rows: list[list[Any]], key: int, inside: tuple[int, int, int, int]) -> None:
        top, left, bottom, right = inside
        typed = self._typed(self._formats.type_of(key))
        if typed is None:
            return
        for row in rows[top : bottom + 1]:
            for column in range(left, right + 1):
                if isinstance(row[column], float):
                    row[column] = typed(row[column])

    def _typed(self, kind: int) -> Callable[[float], Any] | None:
        """What turns a number into what its format shows; None for a plain number."""
        if kind & DATE_FORMAT:
            return self._formats.date_of
        if kind & PERCENT_FORMAT:
            return self._percent
        return bool if kind & LOGICAL_FORMAT else None


class PerfxlFunctions(unohelper.Base, XFunzioni, XAddIn, XCompatibilityNames, XServiceName, XServiceInfo):
    """The add-in. The methods of `XFunzioni` are set below, one for each function of the catalogue."""

    def __init__(self, _context: Any) -> None:
        self._locale = Locale("it", "IT", "")
        self._core: Core | None = None
        self._formats: tuple[str, Formats | None] = ("", None)

    def compute(self, name: str, document: Any, arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
        """The rows of a function: numbers and texts."""
        if self._core is None:
            self._core = Core()
        if self._core.problem is not None:
            return ((self._core.problem,),)
        formats = self._formats_of(document)
        reader = Reader(formats, self._core.percent)
        values = [reader.value(argument) for argument in arguments]
        rows = self._core.functions[name](*values)
        return tuple(tuple(formats.serial_of(value) for value in row) for row in rows)

    def _formats_of(self, document: Any) -> Formats:
        """Those of the document that is being recalculated; kept until another one is."""
        uid = document.getPropertyValue("RuntimeUID")
        known, formats = self._formats
        if formats is None or known != uid:
            formats = Formats(document)
            self._formats = (uid, formats)
        return formats

    # -- XAddIn --------------------------------------------------------------------------------------------------

    def getProgrammaticFuntionName(self, name: str) -> str:  # the interface spells it so
        return METHOD_OF.get(name, "")

    def getDisplayFunctionName(self, method: str) -> str:
        return BY_METHOD[method]["name"] if method in BY_METHOD else ""

    def getFunctionDescription(self, method: str) -> str:
        return BY_METHOD[method]["help"] if method in BY_METHOD else ""

    def getDisplayArgumentName(self, method: str, position: int) -> str:
        return self._argument(method, position, "name")

    def getArgumentDescription(self, method: str, position: int) -> str:
        return self._argument(method, position, "help")

    def _argument(self, method: str, position: int, key: str) -> str:
        arguments = BY_METHOD[method]["arguments"] if method in BY_METHOD else []
        number = position - 1  # the first one is the document, which Calc puts in by itself
        return arguments[number][key] if 0 <= number < len(arguments) else ""

    def getProgrammaticCategoryName(self, _method: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, _method: str) -> str:
        return DECLARED["category"]

    # -- XCompatibilityNames, XLocalizable, XServiceName, XServiceInfo -------------------------------------------

    def getCompatibilityNames(self, method: str) -> tuple[Any, ...]:
        name = self.getDisplayFunctionName(method)
        return tuple(LocalizedName(Locale(language, country, ""), name) for language, country in (("en", "US"), ("it", "IT")))

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getLocale(self) -> Any:
        return self._locale

    def getServiceName(self) -> str:
        return IMPLEMENTATION

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (IMPLEMENTATION, ADD_IN)


def _method(name: str) -> Callable[..., Any]:
    def call(self: PerfxlFunctions, document: Any, *arguments: Any) -> Any:
        return self.compute(name, document, arguments)

    return call


for _name, _method_name in METHOD_OF.items():
    setattr(PerfxlFunctions, _method_name, _method(_name))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(PerfxlFunctions, IMPLEMENTATION, (IMPLEMENTATION, ADD_IN))
