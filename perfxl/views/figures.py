"""What the native formulas of the tabs give, in exact arithmetic: a formula is written only where it gives Python's figure.

Excel adds floats; here the same sums are fractions. Where a method does something that its formula doesn't say (the worst
child, an unmeasured indicator taken for 0, half to even), the two differ, the value is written, and a finding says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from perfxl.consolidation import Consolidation
    from perfxl.methods.schema import Method
    from perfxl.model import Node, ScoredRow

Weighted = tuple[Fraction, Fraction | None]
"""A weight and a percent (None: unmeasured)."""


def mean(parts: Iterable[Weighted]) -> Fraction | None:
    """Weighted mean of the measured parts; None when nothing is measured or weighs."""
    known = [(w, x) for w, x in parts if x is not None]
    if not known:
        return None
    first = known[0][0]
    if all(w is first or w == first for w, _ in known):  # the plain mean, without multiplying
        return sum((x for _, x in known[1:]), known[0][1]) / len(known) if first else None
    weight = sum((w for w, _ in known), Fraction(0))
    return sum((w * x for w, x in known), Fraction(0)) / weight if weight else None


@dataclass(frozen=True, slots=True)
class Rounding:
    """How figures pass from a level to the next in native formulas."""

    mode: str
    decimals: int
    each_level: bool

    @classmethod
    def of(cls, method: Method) -> Rounding:
        """The method's."""
        return cls(method.rounding.mode, method.rounding.decimals, method.rounding.stage == "each_level")

    @property
    def native(self) -> bool:
        """Whether a native formula can say it: `TRUNC` and `ROUND` can; the half to even or down of each level can't."""
        return not self.each_level or self.mode in {"truncate", "half_up"}

    def formula(self, inner: str) -> str:
        """The rounding around a formula (fractions of 1: two decimals more). The inner ROUND heals binary noise (DESIGN)."""
        if not self.each_level:
            return inner
        scale = 10 ** (self.decimals + 2)
        outer = "TRUNC({})" if self.mode == "truncate" else "ROUND({},0)"
        return outer.format(f"ROUND({scale}*{inner},6)") + f"/{scale}"

    def apply(self, pct: Fraction | None) -> Fraction | None:
        """What `formula` gives, in percent."""
        if pct is None or not self.each_level:
            return pct
        return _cut(pct, self.decimals, half=self.mode != "truncate")

    def displays(self, pct: Fraction, shown: Decimal) -> bool:
        """Whether the number format `0,00 %` shows this percent as `shown`."""
        return _displays(pct, shown, self.decimals)


@lru_cache(maxsize=1 << 12)
def _displays(pct: Fraction, shown: Decimal, decimals: int) -> bool:
    return _cut(pct, decimals, half=True) == Fraction(shown)


@lru_cache(maxsize=1 << 12)
def _cut(pct: Fraction, decimals: int, *, half: bool) -> Fraction:
    scale = 10**decimals
    units = floor(abs(pct) * scale + (Fraction(1, 2) if half else 0))
    return Fraction(units if pct >= 0 else -units, scale)


@dataclass(frozen=True, slots=True)
class NodeCells:
    """The percent cells of a node in *Albero*: what they hold, and whether a formula may stand there."""

    held: Fraction | None
    native: bool
    own: Fraction | None
    own_native: bool
    children: Fraction | None
    children_native: bool
    counts_native: bool


class Figures:
    """The formulas' figures for one consolidation; every tab asks here whether its formula gives Python's figure."""

    def __init__(self, consolidation: Consolidation) -> None:
        self.rounding = Rounding.of(consolidation.method)
        self._blocks = consolidation.method.rollup.missing_part == "blocks"
        self.rows = {row.uid: row for row in consolidation.rows}
        self._own: dict[str, list[ScoredRow]] = defaultdict(list)
        self._apart: dict[str, list[ScoredRow]] = defaultdict(list)
        for row in consolidation.rows:
            if row.counts:
                self._own[row.owner].append(row)
            elif row.counting == "mostrata a parte":
                self._apart[row.owner].append(row)
        self._children: dict[str, list[Node]] = defaultdict(list)
        for node in consolidation.nodes:
            if node.parent is not None:
                self._children[node.parent].append(node)
        self.nodes: dict[str, NodeCells] = {}
        for node in reversed(consolidation.nodes):
            self.nodes[node.code] = self._node(node)

    def carried(self, pct: Fraction | None, shown: Decimal | None) -> Fraction | None:
        """The figure that a cell must hold: the rounded one where each level is rounded, else the exact one."""
        if pct is None:
            return None
        return Fraction(shown) if self.rounding.each_level and shown is not None else pct

    def same(self, given: Fraction | None, pct: Fraction | None, shown: Decimal | None) -> bool:
        """Whether a formula that gives `given` gives Python's figure, and shows it as Python does."""
        if given != self.carried(pct, shown) or not self.rounding.native:
            return False
        return given is None or shown is None or self.rounding.displays(given, shown)

    def mean_of_respondents(self, row: ScoredRow) -> Fraction | None:
        """The rounded plain mean of a row's respondents."""
        return self.rounding.apply(mean((Fraction(1), self.rows[uid].pct) for uid in row.respondents if uid in self.rows))

    def apart(self, node: Node) -> tuple[Fraction | None, bool]:
        """The own indicators of a node that are shown apart, and whether their plain mean gives the node's `own_pct`."""
        rows = self._apart[node.code]
        return (node.own_pct, mean((Fraction(1), row.pct) for row in rows) == node.own_pct) if rows else (None, False)

    def _node(self, node: Node) -> NodeCells:
        own = mean((row.weight, row.pct) for row in self._own[node.code])
        beneath = mean((child.weight, self.nodes[child.code].held) for child in self._children[node.code])
        own_native = beneath_native = True
        if node.rule == "quota propria e quota degli obiettivi sottostanti":
            own, own_native = self._part(own, node.own_pct)
            beneath, beneath_native = self._part(beneath, node.children_pct)
        given = self._given(node, own, beneath)
        native = node.rule not in {"valore digitato", "peggiore"} and self.same(given, node.pct, node.shown)
        native = native and own_native and beneath_native  # a formula over parts that are values would not move
        held = given if native else self._value(node)
        return NodeCells(held, native, own, own_native, beneath, beneath_native, self._counts(node))

    def _part(self, given: Fraction | None, expected: Fraction | None) -> tuple[Fraction | None, bool]:
        return (given, True) if expected is None or given == expected else (expected, False)

    def _given(self, node: Node, own: Fraction | None, beneath: Fraction | None) -> Fraction | None:
        if node.rule == "media degli indicatori":
            return self.rounding.apply(own)
        if node.rule == "media del livello sottostante":
            return self.rounding.apply(beneath)
        if own is None or beneath is None:
            return None if self._blocks else self.rounding.apply(beneath if own is None else own)
        return self.rounding.apply(node.own_share * own + node.children_share * beneath)

    def _value(self, node: Node) -> Fraction | None:
        return None if node.pct is None else Fraction(node.shown) if node.shown is not None else node.pct

    def _counts(self, node: Node) -> bool:
        own, children = self._own[node.code], self._children[node.code]
        measured = sum(row.pct is not None for row in own) + sum(child.measured for child in children)
        return (measured, len(own) + sum(child.total for child in children)) == (node.measured, node.total)
