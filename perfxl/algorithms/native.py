"""A formula as a spreadsheet's own: same tree, addresses in place of names. No user-defined function, Excel 2010 on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from perfxl.algorithms.syntax import Call, Negative, Node, Number, Operation, Ref, chain

if TYPE_CHECKING:
    from collections.abc import Sequence

_NATIVE = {"sum": "SUM", "mean": "AVERAGE", "min": "MIN", "max": "MAX", "count": "COUNT", "abs": "ABS"}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
_ATOM = 9
MOST_ARGUMENTS = 180
"""A function takes 255, but a formula has 8,192 characters, and the address of a cell in another tab may need 44 of them."""
MOST_CELLS = 180
"""Cells in a whole formula, for the same reason."""
MOST_PAIRS = 20
"""Pairs of a weighted mean that are written one by one: each takes eight addresses."""


class NotNativeError(Exception):
    """A formula that a spreadsheet can't say."""


class Places(Protocol):
    """Where the figures of a formula stand."""

    def cells(self, ref: Ref) -> Sequence[str]:
        """The cells of a name, one by one, each as a term of arithmetic (`(100*A1)` where a percent is held as a fraction)."""

    def plain(self, ref: Ref) -> Sequence[str]:
        """The same cells, as addresses alone."""

    def ranges(self, ref: Ref) -> Sequence[str]:
        """The same, with cells that stand one beneath another as one range."""

    def previous(self, ref: Ref) -> str:
        """The cell in the column before."""

    def scale(self, ref: Ref) -> int:
        """By how much what a name's plain cells and ranges hold is to be multiplied: 100 for percentages."""


def native(node: Node, places: Places) -> str:
    """The formula with no leading `=`.

    Raises:
        NotNativeError: `achievement`, a name that stands for no cell, or more cells than a formula has room for.
    """
    return _written(node, _Counted(places))[0]


class _Counted:
    """Places that are refused once a formula would grow beyond what a spreadsheet reads."""

    def __init__(self, places: Places) -> None:
        self._places, self._count = places, 0

    def _within(self, found: Sequence[str]) -> Sequence[str]:
        self._count += len(found)
        if self._count > MOST_CELLS:
            raise NotNativeError("troppe celle")
        return found

    def cells(self, ref: Ref) -> Sequence[str]:
        return self._within(self._places.cells(ref))

    def plain(self, ref: Ref) -> Sequence[str]:
        return self._within(self._places.plain(ref))

    def ranges(self, ref: Ref) -> Sequence[str]:
        return self._within(self._places.ranges(ref))

    def previous(self, ref: Ref) -> str:
        return self._within([self._places.previous(ref)])[0]

    def scale(self, ref: Ref) -> int:
        return self._places.scale(ref)


def _written(node: Node, places: Places) -> tuple[str, int]:
    match node:
        case Number():
            text = repr(float(node.value)) if node.value.denominator != 1 else str(node.value.numerator)
            return text, _ATOM
        case Ref():
            cells = places.cells(node)
            if len(cells) != 1:
                raise NotNativeError(str(node))
            return cells[0], _ATOM
        case Negative():
            text, rank = _written(node.inner, places)
            return f"-{text}" if rank == _ATOM else f"-({text})", 1
        case Operation():
            return _operation(node, places)
        case Call():
            return _call(node, places), _ATOM


def _operation(node: Operation, places: Places) -> tuple[str, int]:
    first, steps = chain(node)
    text, rank = _written(first, places)
    for sign, node_right in steps:
        wanted = _RANK[sign]
        right, right_rank = _written(node_right, places)
        left = text if rank >= wanted else f"({text})"
        text, rank = f"{left}{sign}{right if right_rank > wanted else f'({right})'}", wanted
    return text, rank


def _call(call: Call, places: Places) -> str:
    first = call.arguments[0]
    if call.name == "prev" and isinstance(first, Ref):
        return places.previous(first)
    if call.name == "wmean":
        return _weighted(call, places)
    if call.name == "ge":
        left, right = (_written(argument, places)[0] for argument in call.arguments[:2])
        return f"IF({left}>={right},1,0)"
    if call.name not in _NATIVE:
        raise NotNativeError(call.name)
    scales = {places.scale(argument) if isinstance(argument, Ref) else 1 for argument in call.arguments}
    cells = [cell for argument in call.arguments for cell in _ranges(argument, places)]
    if not cells or len(scales) > 1 or len(cells) > MOST_ARGUMENTS:
        raise NotNativeError(call.name)
    scale = 1 if call.name == "count" else scales.pop()
    inner = f"{_NATIVE[call.name]}({','.join(cells)})"
    return inner if scale == 1 else f"({scale}*{inner})"


def _weighted(call: Call, places: Places) -> str:
    """Only pairs that are both measured count. A blank percent is no number: its plain cell is asked, not a hundred times it."""
    first, second = call.arguments[:2]
    if not isinstance(first, Ref) or not isinstance(second, Ref):
        raise NotNativeError(call.name)
    scale = places.scale(first)
    places.scale(second)  # it cancels out, once it is one scale
    inner = _ranged_mean(places.ranges(first), places.ranges(second)) or _paired_mean(places.plain(first), places.plain(second))
    return inner if scale == 1 else f"({scale}*{inner})"


def _ranged_mean(values: Sequence[str], weights: Sequence[str]) -> str:
    """Texts count as nothing in SUMPRODUCT's lists. "" where the cells don't stand one beneath another."""
    if len(values) != 1 or len(weights) != 1:
        return ""
    [x], [w] = values, weights
    return f"(SUMPRODUCT({x},{w})/SUMPRODUCT(--ISNUMBER({x}),{w}))"


def _paired_mean(values: Sequence[str], weights: Sequence[str]) -> str:
    if not values or len(values) != len(weights) or len(values) > MOST_PAIRS:
        raise NotNativeError("wmean")
    known = [(f"AND(ISNUMBER({x}),ISNUMBER({w}))", x, w) for x, w in zip(values, weights, strict=True)]
    total = "+".join(f"IF({both},{x}*{w},0)" for both, x, w in known)
    weight = "+".join(f"IF({both},{w},0)" for both, _, w in known)
    return f"(({total})/({weight}))"


def _ranges(node: Node, places: Places) -> Sequence[str]:
    return places.ranges(node) if isinstance(node, Ref) else [_written(node, places)[0]]
