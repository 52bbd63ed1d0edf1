"""What the declaration says where the sheet is silent: the direction of an indicator, the office of a service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfxl.model import CellKind
from perfxl.statements.selection import among

if TYPE_CHECKING:
    from perfxl.model import Cell
    from perfxl.statements.model import Field, Line
    from perfxl.statements.schema import Declaration


def given_cell(declaration: Declaration, field: Field, line: Line, blank: Cell) -> Cell:
    """The text that the declaration gives to a blank cell, at the cell's own address; the blank itself where it gives none."""
    for given in declaration.given:
        if given.column == field.key and (not given.lines or among(given.lines, line)):
            return replace(blank, kind=CellKind.TEXT, value=given.value, number_format="General")
    return blank
