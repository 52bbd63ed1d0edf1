"""Figures taken out of a sentence of amounts: the resources that a programme has, printed in words and figures together."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.grammar.amounts import Amounts, parse_amounts
from perfxl.model import CellKind

if TYPE_CHECKING:
    from decimal import Decimal

    from perfxl.model import Cell
    from perfxl.statements.schema import Taken

SUM, WHOLE = "somma", "totale"


def taken_figure(taken: Taken, cell: Cell) -> tuple[Fraction | None, str]:
    """The figure that a sentence holds for a column, and the code of what is wrong with it.

    A cell with a number in it, and no sentence, is one amount whose label nobody wrote.
    """
    if cell.empty:
        return None, ""
    if cell.kind not in {CellKind.TEXT, CellKind.NUMBER}:
        return None, "PX-C011"
    amounts = parse_amounts(cell.text)
    if amounts.problem:
        return None, "PX-C011"
    value = _part(taken, amounts)
    return (None, "") if value is None else (Fraction(value), "")


def _part(taken: Taken, amounts: Amounts) -> Decimal | None:
    if taken.part == SUM:
        return amounts.total
    return amounts.whole if taken.part == WHOLE else amounts.of(taken.part, taken.purpose)
