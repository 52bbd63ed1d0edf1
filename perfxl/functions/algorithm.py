"""PX_ALGORITMO: the value of an indicator's formula over its measures."""

from __future__ import annotations

from fractions import Fraction

from perfxl.functions.cells import SIZES, Grid, Problem, each, flat, is_blank, one
from perfxl.functions.exact import amount
from perfxl.functions.expression import FormulaError, evaluate
from perfxl.model import cell_of

Measures = dict[str, list[object]]
LARGEST = 10**300
"""What a cell can hold, with a margin."""


def algoritmo(formula: object, nomi: object, valori: object) -> Grid:
    """PX_ALGORITMO: each formula computed exactly on the measures, or why it can't be. Case of names doesn't matter."""
    measures = _measures(flat(nomi), flat(valori))
    if isinstance(measures, Problem):
        return one(measures)
    return each(lambda cell: _value(cell, measures), formula)


def _measures(names: list[object], values: list[object]) -> Measures | Problem:
    if len(names) != len(values):
        return Problem(SIZES)
    out: Measures = {}
    for name, value in zip(names, values, strict=True):
        if not is_blank(name):
            out.setdefault(cell_of(name).text.strip().casefold(), []).append(value)
    return out


def _value(cell: object, measures: Measures) -> float | str:
    if is_blank(cell):
        return ""
    try:
        value = evaluate(cell_of(cell).text, lambda name: _measure(name, measures))
    except FormulaError as error:
        return str(error)
    return "formula fuori misura" if abs(value) > LARGEST else float(value)


def _measure(name: str, measures: Measures) -> Fraction:
    found = measures.get(name.casefold())
    if found is None:
        raise FormulaError(f"manca la misura: {name}")
    values = {_number(name, value) for value in found}
    if len(values) > 1:
        raise FormulaError(f"misura ripetuta con valori diversi: {name}")
    return values.pop()


def _number(name: str, value: object) -> Fraction:
    number = amount(value)
    if number is None:
        raise FormulaError(f"manca il valore di {name}")
    if isinstance(number, Problem):
        raise FormulaError(f"valore non leggibile: {name}")
    return number
