"""The tree from the leaves up: own indicators, the level beneath, shares, rounding at each level where the method says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from perfxl.model import Cell, Node, NodeRule, RowLevel, State
from perfxl.rollup.entries import percent_of
from perfxl.rollup.means import group_means, weighted_mean
from perfxl.rollup.nodes import BODY_OBJECTIVE, Spec
from perfxl.scoring.finish import state_of
from perfxl.scoring.rounding import round_exact, shown

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.methods.tree_axes import StateLevel

Leaf = tuple[str, Fraction | None, Fraction, bool, bool]
"""Owner, percent, weight, whether it is measured, whether it blocks its owner."""
ZERO = Fraction(0)


def roll_up(
    specs: Mapping[str, Spec], leaves: Sequence[Leaf], method: Method, values: Mapping[str, Fraction | None]
) -> list[Node]:
    """Nodes in tree order. `leaves`: one for each counting indicator. `values`: percents typed for objectives of the body."""
    own, measured, total = own_means(list(specs), leaves, method)
    blocked = _blocked(specs, leaves)
    beneath: dict[str | None, list[Node]] = {}
    done: dict[str, Node] = {}
    depth = _depths(specs)
    for code in reversed(list(specs)):
        spec = specs[code]
        kids = beneath.get(code, [])[::-1]
        node = _node(spec, kids, own[code], (measured[code], total[code]), depth[code], method, values)
        done[code] = _unmeasured(node) if code in blocked else node
        beneath.setdefault(spec.parent, []).append(done[code])
    return [done[code] for code in specs]


def _blocked(specs: Mapping[str, Spec], leaves: Iterable[Leaf]) -> set[str]:
    """Objectives that an unmeasured indicator leaves unmeasured, and all those above (METHODS, *blocks the parent*)."""
    out: set[str] = set()
    for owner, _, _, _, blocks in leaves:
        code: str | None = owner if blocks else None
        while code is not None and code in specs and code not in out:
            out.add(code)
            code = specs[code].parent
    return out


def _unmeasured(node: Node) -> Node:
    return replace(node, pct=None, shown=None, state=State.UNMEASURED)


def own_means(
    codes: Sequence[str], leaves: Sequence[Leaf], method: Method
) -> tuple[dict[str, Fraction | None], dict[str, int], dict[str, int]]:
    """Mean (or worst) of the indicators that hang from each node, how many are measured, how many there are."""
    number = {code: i for i, code in enumerate(codes)}
    group = [number[owner] for owner, *_ in leaves]
    scale = _common(weight for _, _, weight, *_ in leaves)
    nums = [0 if p is None else p.numerator for _, p, *_ in leaves]
    dens = [0 if p is None else p.denominator for _, p, *_ in leaves]
    weights = [int(w * scale) for _, _, w, *_ in leaves]
    means = group_means(group, _integers(nums), _integers(dens), len(codes), _integers(weights))
    values = means.mean
    if method.rollup.indicators == "worst":
        values = _worst_of(group, [pct for _, pct, *_ in leaves], len(codes))
    by = dict(zip(codes, values, strict=True))
    measured = Counter(owner for owner, _, _, counts, _ in leaves if counts)  # a policy's percent enters the mean alone
    return by, {code: measured[code] for code in codes}, dict(zip(codes, means.total, strict=True))


def _integers(values: list[int]) -> Any:
    return np.array(values, dtype=object)


def _worst_of(group: Sequence[int], percents: Sequence[Fraction | None], groups: int) -> list[Fraction | None]:
    out: list[Fraction | None] = [None] * groups
    for where, pct in zip(group, percents, strict=True):
        last = out[where]
        if pct is not None and (last is None or pct < last):
            out[where] = pct
    return out


def _common(weights: Iterable[Fraction]) -> int:
    return lcm(*(weight.denominator for weight in weights))


def _node(
    spec: Spec,
    kids: Sequence[Node],
    own: Fraction | None,
    cover: tuple[int, int],
    depth: int,
    method: Method,
    values: Mapping[str, Fraction | None],
) -> Node:
    pct, rule, children, shares = _figure(spec, kids, own, method, values)
    rounding = method.rounding
    if pct is not None and rounding.stage == "each_level":
        pct = round_exact(pct, rounding.decimals, rounding.mode)
    measured = cover[0] + sum(kid.measured for kid in kids)
    total = cover[1] + sum(kid.total for kid in kids)
    if spec.level == BODY_OBJECTIVE:
        measured, total = int(pct is not None), 1
    typed = spec.typed[0][0] if spec.typed else None
    return Node(
        code=spec.code,
        level=spec.level,
        parent=spec.parent,
        title=spec.title,
        depth=depth,
        rule=rule,
        pct=pct,
        shown=shown(pct, rounding.decimals, rounding.mode),
        state=state_of(pct, level_of(spec.level, method)),
        measured=measured,
        total=total,
        own_pct=own,
        children_pct=children,
        own_share=shares[0],
        children_share=shares[1],
        typed_pct=percent_of(typed) if typed is not None else None,
        typed_ref=typed.ref if typed is not None else None,
        budget=_money(spec.budget, method),
        perspectives=tuple(part.strip() for part in spec.perspective.split("/") if part.strip()),
        ref=spec.ref,
    )


Figure = tuple[Fraction | None, NodeRule, Fraction | None, tuple[Fraction, Fraction]]


def _figure(
    spec: Spec, kids: Sequence[Node], own: Fraction | None, method: Method, values: Mapping[str, Fraction | None]
) -> Figure:
    if spec.level == BODY_OBJECTIVE:
        return values.get(spec.code), NodeRule.TYPED, None, (ZERO, ZERO)
    worst = _worst(spec.level, method)
    children = _children(kids, worst=worst)
    mixed = bool(kids) and own is not None
    if mixed or (spec.level == str(RowLevel.STRATEGIC) and method.rollup.strategic == "own_and_children"):
        shares = Fraction(method.rollup.own_pct) / 100, Fraction(method.rollup.children_pct) / 100
        return _both(own, children, shares, method), NodeRule.OWN_AND_CHILDREN, children, shares
    if kids:
        return children, NodeRule.WORST if worst else NodeRule.CHILDREN, children, (ZERO, Fraction(1))
    rule = NodeRule.WORST if method.rollup.indicators == "worst" else NodeRule.INDICATORS
    return own, rule, None, (Fraction(1), ZERO)


def _both(own: Fraction | None, children: Fraction | None, shares: tuple[Fraction, Fraction], method: Method) -> Fraction | None:
    """60/40; one part unmeasured: the other takes all, or it blocks (METHODS, *strategic objective*)."""
    if method.rollup.missing_part == "blocks" and (own is None or children is None):
        return None
    return weighted_mean([(own, shares[0]), (children, shares[1])])


def _worst(level: str, method: Method) -> bool:
    return (level == "area" and method.rollup.area == "worst") or (level in ("ente", "albero") and method.rollup.body == "worst")


def _children(kids: Sequence[Node], *, worst: bool) -> Fraction | None:
    if worst:
        return min((kid.pct for kid in kids if kid.pct is not None), default=None)
    return weighted_mean([(kid.pct, kid.weight) for kid in kids])


def level_of(level: str, method: Method) -> StateLevel:
    """The thresholds of a level of the tree."""
    if level in (str(RowLevel.OPERATIONAL), str(RowLevel.PROJECT)):
        return method.states.operational
    return method.states.indicator if level == str(RowLevel.INDICATOR) else method.states.strategic


def _money(cell: Cell | None, method: Method) -> Decimal | None:
    if cell is None or not isinstance(cell.value, Decimal):
        return None
    rounding = method.rounding
    return shown(Fraction(cell.value), rounding.money_decimals, rounding.money_mode)


def _depths(specs: Mapping[str, Spec]) -> dict[str, int]:
    out: dict[str, int] = {}
    for code, spec in specs.items():
        out[code] = out[spec.parent] + 1 if spec.parent in out else 0
    return out
