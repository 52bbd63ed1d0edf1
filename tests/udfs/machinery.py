"""Run in a process of its own: the calls that Excel would make, through xlwings' own COM server and converters.

Reads a JSON list of calls from stdin, each {"function", "arguments"}; writes the answers, in the same order, as JSON. An argument
is what VBA would pass: {"range": rows} for cells, {"value": x} for a constant, {"missing": true} for an optional left out.
Dates are {"date": "2019-06-30"}, errors {"error": code}.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from perfxl.functions.stand_in import load_xlwings

MISSING = -2147352572
RANGE = "{00020846-0000-0000-C000-000000000046}"

load_xlwings()
sys.path.insert(0, str(Path(__file__).parents[2]))

import xlwings  # noqa: E402 - as on Windows only now


class OleObject:
    """Says that it is an Excel Range, as far as xlwings asks."""

    def __init__(self):
        self.iid = sys.modules["pywintypes"].IID(RANGE)

    def GetTypeInfo(self):
        return self

    def GetTypeAttr(self):
        return self


class Count:
    def __init__(self, number):
        self.Count = number


class Cells:
    """A COM Range: its `Value` is a scalar for one cell, a tuple of tuples for more, as pywin32 gives it."""

    def __init__(self, rows):
        self._oleobj_ = OleObject()
        self.rows = rows
        self.Row = self.Column = 1
        self.Rows, self.Columns = Count(len(rows)), Count(len(rows[0]))
        self.Worksheet = self.Parent = self

    @property
    def Value(self):
        return self.rows[0][0] if len(self.rows) == len(self.rows[0]) == 1 else tuple(map(tuple, self.rows))

    @property
    def Application(self):
        return self


def com_value(item):
    if isinstance(item, dict):
        if "date" in item:
            return datetime.fromisoformat(item["date"]).replace(tzinfo=UTC)  # pywin32's times carry a zone
        return item["error"]
    return float(item) if isinstance(item, int) and not isinstance(item, bool) else item


def argument(given):
    if "missing" in given:
        return MISSING
    if "value" in given:
        return com_value(given["value"])
    return Cells([[com_value(item) for item in row] for row in given["range"]])


def plain(result):
    if isinstance(result, (list, tuple)):
        return [plain(item) for item in result]
    return {"date": result.date().isoformat()} if isinstance(result, datetime) else result


def main():
    # A UDF never writes: the caller and the range's book are asked for nothing but their values.
    xlwings._xlwindows.Range.sheet = property(lambda self: SHEET)
    server = sys.modules["xlwings.com_server"].XLPython()
    answers = []
    for each in json.load(sys.stdin):
        arguments = [argument(one) for one in each["arguments"]]
        started = time.perf_counter()
        result = server.CallUDF("udfs", each["function"], arguments, None, Cells([[None]]))
        answers.append({"result": plain(result), "seconds": time.perf_counter() - started})
    sys.stdout.write("\n" + json.dumps(answers) + "\n")


class Sheet:
    """The way from a range to its engine."""

    def __init__(self):
        self.book = self.app = self
        self.engine = xlwings._xlwindows.engine  # what xlwings wraps again in its own Engine
        self.pid = 1


SHEET = Sheet()

if __name__ == "__main__":
    main()
