"""Cells as exact numbers: the fraction that a float stands for, percents as Excel stores them, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from perfxl.functions.cells import Problem, is_blank
from perfxl.grammar import number_of, parse_result
from perfxl.model import Cell, CellKind, ResultKind, cell_of

# Two fractions with denominators up to 2**25 lie further apart than a double near 1 can err: the nearest is the one meant.
LARGEST_DENOMINATOR = 2**25
TYPED, KEPT = 10, 15
"""Digits up to which a decimal is what was typed: of a share (1/255 has 15 by chance), and of any number that a double keeps."""

SMALLEST, LARGEST = Decimal("1e-20"), Decimal("1e20")

HALF_AS_MUCH = Decimal("1.5")
MIXED = "frazioni e percentuali mescolate"
UNREADABLE = "realizzazione non leggibile"

Percent = Fraction | Problem | None
"""A realisation in percent; None: blank; a text: not measured (as it stands in the cell), a `Problem`: not to be used."""


def exact(value: float | Decimal) -> Fraction | None:
    """The exact number that a cell's value stands for (0.57 is 57/100, 0.6666666666666666 is 2/3).

    None where no office could mean it: not finite, or beyond 20 figures before or after the point (as in the grammar).
    """
    if not isfinite(value) or (value and not SMALLEST <= abs(Decimal(value)) <= LARGEST):
        return None
    if isinstance(value, (int, Decimal)):
        return Fraction(value)
    printed = Decimal(repr(float(value)))
    if len(printed.as_tuple().digits) <= (TYPED if abs(value) <= 1 else KEPT):
        return Fraction(printed)
    near = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    return near if float(near) == value else Fraction(printed)


def typed_number(value: object) -> Fraction | None:
    """The number of a cell that holds one (not a date, a logical value or a text)."""
    if isinstance(value, Cell):
        return Fraction(value.value) if isinstance(value.value, Decimal) and value.kind is not CellKind.ZERO_DATE else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return exact(value)


def percents(cells: Sequence[object], cap: Decimal | None) -> list[Fraction | Problem | str | None] | Problem:
    """Realisations in percent, as `PX_REALIZZAZIONE` gives them: fractions (0.925), or all of them percent figures (92.5).

    A number up to 1.5 (or the method's cap, where it is higher) is a fraction. Beyond it the whole column must be of percent
    figures (0 is either); a column that mixes the two is refused. Without a cap all are fractions.
    """
    limit = None if cap is None else Fraction(max(HALF_AS_MUCH, cap / 100))
    read = [_percent(cell) for cell in cells]
    bare = [value for value, known in read if isinstance(value, Fraction) and value and not known]
    beyond = [value for value in bare if limit is not None and abs(value) > limit]
    if beyond and len(beyond) < len(bare):
        return Problem(MIXED)
    scale = 1 if beyond else 100
    return [value * scale if isinstance(value, Fraction) and not known else value for value, known in read]


def _percent(cell: object) -> tuple[Fraction | Problem | str | None, bool]:
    """(value, whether it is known to be in percent)."""
    if is_blank(cell):
        return None, True
    if isinstance(cell, Cell) and cell.kind is CellKind.PERCENT and isinstance(cell.value, Decimal):
        return Fraction(cell.value) * 100, True
    number = typed_number(cell)
    if number is not None:
        return number, False
    typed = cell_of(cell)
    if typed.kind is not CellKind.TEXT:
        return Problem(_unusable(typed)), True
    if typed.text.strip().startswith("#"):
        return Problem(f"errore {typed.text.strip()} tra le realizzazioni"), True
    result = parse_result(typed)
    if result.kind is ResultKind.PERCENT and result.value is not None:
        return Fraction(result.value), True
    figure = number_of(typed.text)
    return (typed.text, True) if figure is None else (Fraction(figure), False)


def _unusable(cell: Cell) -> str:
    return f"errore {cell.text} tra le realizzazioni" if cell.kind is CellKind.ERROR else UNREADABLE


def amount(value: object) -> Fraction | Problem | None:
    """An amount: a number, or a text such as `€ 1.492.129,83`; None where the cell is blank."""
    if is_blank(value):
        return None
    number = typed_number(value)
    if number is not None:
        return number
    result = parse_result(value)
    if result.kind is ResultKind.NUMBER and result.value is not None and result.unit in ("€", "n.", None):
        return Fraction(result.value)
    return Problem("importo non leggibile")
