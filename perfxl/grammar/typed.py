"""A bare value as a key: what has been read once of `1` under `0%` needn't be read again in another office's sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.model import Cell

REMEMBERED = frozenset({Decimal, date, bool, type(None)})
"""The very types that readers give; a caller's own (a datetime, an int) are read each time."""


class Typed:
    """A cell without its address. Values are compared as printed: 1 and 1.0 are equal decimals, but not the same text."""

    __slots__ = ("_key", "cell")

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._key = cell.kind, type(cell.value), str(cell.value), cell.number_format

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Typed) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)
