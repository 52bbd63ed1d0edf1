"""Figures and cells made by hand, for formulas that belong to no table."""

from __future__ import annotations

import ast
import operator
import re
from fractions import Fraction

from perfxl.algorithms import Interval, MissingError


class Given:
    """`Given({"a": 3, "b": [1, None, 2]})`: names that stand for one figure or for many."""

    def __init__(self, named, previous=None):
        self._named, self._previous = named, previous or {}

    def many(self, ref):
        found = self._named.get(str(ref), [])
        return [self._one(each) for each in (found if isinstance(found, list) else [found])]

    def previous(self, ref):
        if str(ref) not in self._previous:
            raise MissingError(f"manca «{ref}» dell'anno prima")
        return self._one(self._previous[str(ref)])

    def achievement(self, result, target):
        [value], [aim] = self.many(result), self.many(target)
        return self.number(Fraction(100)) * value / aim

    def _one(self, value):
        return None if value is None else self.number(Fraction(value))

    @staticmethod
    def number(value):
        return value


class Spans(Given):
    """The same names as intervals: `Spans({"a": (1, 3)})`."""

    def _one(self, value):
        if value is None:
            return None
        low, high = value if isinstance(value, tuple) else (value, value)
        return Interval(Fraction(low), Fraction(high))

    @staticmethod
    def number(value):
        return Interval(value, value)


class Cells:
    """Names as cells of a sheet: each name has a column of its own, its figures one beneath another from row 1."""

    def __init__(self, named, percents=(), previous=None):
        self._named, self._percents, self._previous = named, set(percents), previous or {}
        self._columns = {name: chr(65 + at) for at, name in enumerate([*named, *self._previous])}

    def plain(self, ref):
        found = self._named.get(str(ref), [])
        count = len(found) if isinstance(found, list) else 1
        return [f"{self._columns[str(ref)]}{row}" for row in range(1, count + 1)]

    def cells(self, ref):
        return [f"(100*{each})" if str(ref) in self._percents else each for each in self.plain(ref)]

    def ranges(self, ref):
        cells = self.plain(ref)
        return cells if len(cells) < 2 else [f"{cells[0]}:{cells[-1]}"]

    def previous(self, ref):
        return f"{self._columns[str(ref)]}1"

    def scale(self, ref):
        return 100 if str(ref) in self._percents else 1

    def values(self):
        """What the cells hold, by address."""
        out = {}
        for name, found in {**self._named, **self._previous}.items():
            for row, value in enumerate(found if isinstance(found, list) else [found], start=1):
                if value is not None:
                    out[f"{self._columns[name]}{row}"] = Fraction(value) / (100 if name in self._percents else 1)
        return out


_FUNCTIONS = {
    "SUM": lambda xs: sum(xs, Fraction(0)),
    "AVERAGE": lambda xs: sum(xs, Fraction(0)) / len(xs),
    "MIN": min,
    "MAX": max,
    "COUNT": lambda xs: Fraction(len(xs)),
    "ABS": lambda xs: abs(xs[0]),
}
_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def spreadsheet(formula, values):
    """The value that a spreadsheet gives to a formula: read by Python's own parser, so that no code of ours has a part in it.

    Blank cells are 0 in arithmetic and nothing in a range; only the functions that the formulas use are known.
    """
    text = re.sub(r"--ISNUMBER", "ISNUMBER", formula)
    text = re.sub(r"\b([A-Z])(\d+):([A-Z])(\d+)\b", r"RANGE('\1\2:\3\4')", text)
    return _value(ast.parse(text, mode="eval").body, values)


def _value(node, values):
    match node:
        case ast.Constant():
            return Fraction(str(node.value))
        case ast.Name():
            return values.get(node.id, Fraction(0))
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, values)
        case ast.BinOp():
            return _OPERATIONS[type(node.op)](_value(node.left, values), _value(node.right, values))
        case ast.Call(func=ast.Name(id="IF")):
            condition, yes, no = node.args
            return _value(yes, values) if _truth(condition, values) else _value(no, values)
        case ast.Call(func=ast.Name(id="SUMPRODUCT")):
            columns = [_array(each, values) for each in node.args]
            return sum((_product(row) for row in zip(*columns, strict=True)), Fraction(0))
        case ast.Call(func=ast.Name(id=name)):
            return _FUNCTIONS[name]([each for argument in node.args for each in _numbers(argument, values)])
    raise AssertionError(ast.dump(node))


def _truth(node, values):
    assert isinstance(node, ast.Call)
    if node.func.id == "AND":
        return all(_truth(each, values) for each in node.args)
    return node.args[0].id in values  # ISNUMBER


def _addresses(node):
    first, _, last = node.args[0].value.partition(":")
    return [f"{first[0]}{row}" for row in range(int(first[1:]), int(last[1:]) + 1)]


def _is_range(node):
    return isinstance(node, ast.Call) and node.func.id == "RANGE"


def _numbers(node, values):
    if _is_range(node):
        return [values[each] for each in _addresses(node) if each in values]
    if isinstance(node, ast.Name):
        return [values[node.id]] if node.id in values else []
    return [_value(node, values)]


def _array(node, values):
    if isinstance(node, ast.Call) and node.func.id == "ISNUMBER":
        inner = node.args[0]
        return [Fraction(each in values) for each in (_addresses(inner) if _is_range(inner) else [inner.id])]
    return [values.get(each, Fraction(0)) for each in (_addresses(node) if _is_range(node) else [node.id])]


def _product(row):
    out = Fraction(1)
    for each in row:
        out *= each
    return out
