"""A cell of a statement as a figure: what it holds, how many decimals it shows, and what a reader sees."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.grammar import number_of
from perfxl.model import CellKind
from perfxl.scoring import round_exact

if TYPE_CHECKING:
    from perfxl.model import Cell
    from perfxl.statements.schema import Declaration

MOST_DECIMALS = 10
"""More than these nobody types: a spreadsheet's formula left them."""

MARKS = dict.fromkeys(("sì", "si", "x", "✓", "✔", "☑", "v", "vero", "1"), 1) | dict.fromkeys(("no", "☐", "falso", "0"), 0)
"""What a ticked and an unticked cell may hold, in lower case."""


def typed_figure(cell: Cell, kind: str, declaration: Declaration) -> tuple[Fraction | None, str]:
    """The figure that a cell holds, and the code of what is wrong with it. A dash is a blank; `n.d.` isn't measured.

    A percent, cell or text, is worth its hundred parts in a percent column, and a fraction elsewhere. Texts are read as Italian
    numbers, with or without `€` and `%`, negative in parentheses too. A mark is 1, a mark that says no is 0.
    """
    text = " ".join(cell.text.split())
    if cell.empty or text in declaration.nil or text.casefold() in declaration.sentinels:
        return None, ""
    if kind == "mark":
        mark = MARKS.get(text.casefold())
        return (None, "PX-C011") if mark is None else (Fraction(mark), "")
    if cell.kind in {CellKind.NUMBER, CellKind.PERCENT}:
        assert isinstance(cell.value, (Decimal, int))
        value = Fraction(cell.value)
        return (value * 100 if cell.kind is CellKind.PERCENT and kind == "percent" else value), ""
    if cell.kind is CellKind.ERROR:
        return None, "PX-R006"
    number = _of_text(text) if cell.kind is CellKind.TEXT else None
    if number is None:
        return None, "PX-C011"
    return (number / 100 if text.endswith("%") and kind != "percent" else number), ""


def _of_text(text: str) -> Fraction | None:
    """`1.234,50`, `€ 1.234,50`, `58,1 %`, `- 3`, `(1.234,50)`."""
    plain = re.sub(r"^(?:€|euro)\s*|\s*(?:€|euro|%|=)$", "", text, flags=re.IGNORECASE).strip()
    bracketed = re.fullmatch(r"\((.+)\)", plain)
    plain = re.sub(r"^[-−–]\s*", "-", plain) if bracketed is None else f"-{bracketed[1].strip()}"
    number = number_of(re.sub(r"^-(?:€|euro)\s*", "-", plain, flags=re.IGNORECASE))
    return None if number is None else Fraction(number)


def shown_decimals(cell: Cell, value: Fraction, kind: str) -> int:
    """The decimals that a typed figure shows: those of its number format or of its text, else its own."""
    own = own_decimals(value)
    if cell.kind is CellKind.TEXT:
        match = re.search(r",(\d+)\D*$", cell.text)
        return len(match[1]) if match else own
    fixed, most, hundredths = _decimals_of(cell.number_format)
    if most < 0:
        return own
    more = 2 if hundredths and kind != "percent" else 0
    return min(max(own, fixed + more), most + more)


def as_shown(cell: Cell, value: Fraction, kind: str) -> tuple[Fraction, int]:
    """A typed figure as a reader sees it, and the decimals that he sees: a cell may hold more than its format shows."""
    decimals = shown_decimals(cell, value, kind)
    return (round_exact(value, decimals, "half_up") if own_decimals(value) > decimals else value), decimals


@lru_cache(maxsize=1024)
def _decimals_of(number_format: str) -> tuple[int, int, bool]:
    """Decimals always shown, decimals shown at most (-1: the format doesn't say), and whether it is a percentage."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", number_format.split(";", maxsplit=1)[0])
    match = re.search(r"[0#?][0#?,]*(?:\.([0#?]+))?", plain)
    if match is None:
        return 0, -1, False
    digits = match[1] or ""
    return digits.count("0"), len(digits), "%" in plain


def own_decimals(value: Fraction, most: int = MOST_DECIMALS) -> int:
    """The fewest decimals that write a figure exactly, `most` at most."""
    return next((count for count in range(most) if (value * 10**count).denominator == 1), most)
