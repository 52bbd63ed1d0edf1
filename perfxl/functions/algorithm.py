"""PX_ALGORITMO: the value of an indicator's formula over its measures."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.algorithms import DivisionByZeroError, FormulaError, MissingError, evaluate, parse
from perfxl.algorithms.syntax import calls_in
from perfxl.functions.cells import SIZES, Grid, Problem, each, flat, is_blank, one
from perfxl.functions.exact import amount
from perfxl.model import cell_of

if TYPE_CHECKING:
    from perfxl.algorithms import Ref

LARGEST = 10**300
"""What a cell can hold, with a margin."""

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


def algoritmo(formula: object, nomi: object, valori: object) -> Grid:
    """PX_ALGORITMO: each formula computed exactly on the measures, or why it can't be. Case of names doesn't matter."""
    names, values = flat(nomi), flat(valori)
    if len(names) != len(values):
        return one(Problem(SIZES))
    measures = _Measures(names, values)
    return each(lambda cell: _value(cell, measures), formula)


def _value(cell: object, measures: _Measures) -> float | str:
    if is_blank(cell):
        return ""
    try:
        node = parse(cell_of(cell).text, measures.signed)
        if calls_in(node):
            return "formula non leggibile: le funzioni non sono ammesse"
        value = evaluate(node, measures)
    except DivisionByZeroError:
        return "divisione per zero"
    except (FormulaError, MissingError) as error:
        return str(error)
    return "formula fuori misura" if abs(value) > LARGEST else float(value)


class _Measures:
    """The values of measures by name. `signed`: names that hold signs or blanks (`Dip-Form`), which a formula writes as they are."""

    def __init__(self, names: list[object], values: list[object]) -> None:
        self._values: dict[str, list[object]] = {}
        for name, value in zip(names, values, strict=True):
            if not is_blank(name):
                self._values.setdefault(cell_of(name).text.strip().casefold(), []).append(value)
        self.signed = [name for name in self._values if not _PLAIN_NAME.fullmatch(name)]

    def many(self, ref: Ref) -> list[Fraction | None]:
        """The one value of a measure."""
        name = str(ref)
        found = self._values.get(name.casefold())
        if found is None:
            raise MissingError(f"manca la misura: {name}")
        values = {_number(name, value) for value in found}
        if len(values) > 1:
            raise MissingError(f"misura ripetuta con valori diversi: {name}")
        return [*values]

    def previous(self, ref: Ref) -> Fraction:
        """No formula that gets here has functions."""
        raise NotImplementedError(str(ref))

    def achievement(self, result: Ref, target: Ref) -> Fraction:
        """As above."""
        raise NotImplementedError(f"{result}, {target}")

    def algorithm(self, text: Ref, table: Ref, target: Ref | None) -> Fraction:
        """As above."""
        raise NotImplementedError(f"{text}, {table}, {target}")

    @staticmethod
    def number(value: Fraction) -> Fraction:
        """A literal."""
        return value


def _number(name: str, value: object) -> Fraction:
    number = amount(value)
    if number is None:
        raise MissingError(f"manca il valore di {name}")
    if isinstance(number, Problem):
        raise MissingError(f"valore non leggibile: {name}")
    return number
