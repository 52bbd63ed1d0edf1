"""Formulas over named figures: one syntax for indicators' algorithms, balance-sheet ratios and the tables that roll up.

A formula is read once (`parse`), then computed exactly (`evaluate`), over intervals (what rounded operands allow), or written
as a native spreadsheet formula (`native`): the three follow the same tree, so that they can't say different things.
"""

from perfxl.algorithms.evaluate import DivisionByZeroError, MissingError, evaluate
from perfxl.algorithms.interval import Interval
from perfxl.algorithms.native import NotNativeError, native
from perfxl.algorithms.syntax import Call, FormulaError, Negative, Node, Number, Operation, Ref, parse, refs_in

__all__ = [
    "Call",
    "DivisionByZeroError",
    "FormulaError",
    "Interval",
    "MissingError",
    "Negative",
    "Node",
    "NotNativeError",
    "Number",
    "Operation",
    "Ref",
    "evaluate",
    "native",
    "parse",
    "refs_in",
]
