"""Sheets and declarations made by hand, a few cells each, to read and compute without any workbook."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction

from perfxl.model import CellKind
from perfxl.readers.grid import Grid
from perfxl.statements import Book, Reader
from perfxl.statements.compare import checks
from perfxl.statements.schema import Declaration

BUDGET = """
id = "budget"
title = "Budget per progetto"
tab = "Risorse"

[columns.project]
headings = ["Progetto"]
need = "essential"

[columns.planned]
headings = ["Previsto", "Budget*"]
kind = "amount"
need = "essential"

[columns.spent]
headings = ["Speso*"]
kind = "amount"

[columns.used]
headings = ["% utilizzo"]
kind = "percent"

[[lines]]
level = "area"
text = '^Area (?P<key>[A-Z])$'
section = true

[[lines]]
level = "progetto"
text = '^(?P<key>\\d\\w+)\\s*-\\s*(?P<title>.+)'
above = "totale"

[[lines]]
level = "totale"
text = '^Totale'
key = "T{n}"

[[rules]]
name = "somma dei progetti"
lines = ["totale"]
columns = ["planned", "spent"]
formula = "sum(children)"
decimals = 2

[[rules]]
name = "% di utilizzo"
columns = ["used"]
formula = "100 * spent / planned"
decimals = 1
zero = "0"
"""


def declared(text):
    """A declaration from its TOML text."""
    return Declaration.model_validate(tomllib.loads(text))


def error(text):
    """An error cell: `error("#DIV/0!")`."""
    return CellKind.ERROR, text, "General", False


def percent(value, number_format="0.0%"):
    """A percent cell as a sheet stores it: `percent(58.1)` is 0.581 under `0.0%`."""
    return CellKind.PERCENT, Decimal(str(value)) / 100, number_format, False


def money(value, number_format="#,##0.00"):
    """A number under a format of its own."""
    return CellKind.NUMBER, Decimal(str(value)), number_format, False


def grid(*rows, name="Foglio1", file="Prova_2017.xlsx", top=1, left=1, merged=()):
    """A sheet from its rows: None is an empty cell, text and numbers are themselves, a tuple is a cell as it is stored."""
    sheet = Grid(file, name, merged=list(merged))
    for number, row in enumerate(rows, start=top):
        cells = {at: _stored(value) for at, value in enumerate(row, start=left) if value is not None}
        if cells:
            sheet.rows[number] = cells
    return sheet


def _stored(value):
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return CellKind.TEXT, value, "General", False
    return CellKind.NUMBER, Decimal(str(value)), "General", False


def read(declaration, *grids, method=None, year=None):
    """The reader after the sheets; declarations as TOML text, one or a list. The shipped ones have no part in it."""
    texts = [declaration] if isinstance(declaration, str) else declaration
    reader = Alone([declared(text) for text in texts], method=method, year=year)
    reader.found = [reader.take(each) for each in grids]
    return reader


class Alone(Reader):
    """A reader of its own declarations only."""

    @property
    def _declarations(self):
        from perfxl.statements.conventions import with_conventions

        return with_conventions(self._own, self._method)


def book(declaration, *grids, **options):
    """The sheets read and computed."""
    return Book(read(declaration, *grids, **options).statements)


def values(statement, column):
    """Key → value of a column."""
    return {line.key: line.figures[column].value for line in statement.lines if column in line.figures}


def verdicts(computed):
    """Name of each checked figure → its verdict."""
    return {check.figure.name: check.verdict for check in checks(computed)}


def exact(text):
    """`exact("58,1")`."""
    return Fraction(text.replace(",", "."))
