"""*Albero*: the tree with outline levels; percentages and coverage are native formulas over *Indicatori*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.model import Node, NodeRule
from perfxl.views.context import Context, block_of, node_key
from perfxl.views.indicatori import MEAN_OF_ROWS, MEASURED
from perfxl.views.states import state_column
from perfxl.views.tab import Column, Kind, Link, Tab, Table, Tone
from perfxl.views.words import UNMEASURED, figure, optional_figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from perfxl.views.figures import NodeCells

MEAN_OF_CHILDREN = "SUMIFS({wx@},{padre@},{chiave})/SUMIFS({wm@},{padre@},{chiave})"
"""Weighted mean of the nodes beneath, by their `padre`; the rows beneath only, so that no cell rests on itself."""

_APART = '{Indicatori.chiave_obiettivo},{chiave},{Indicatori.conta},"no: mostrata a parte"'
MEAN_OF_APART = f"SUMIFS({{Indicatori.pct}},{_APART})/COUNTIFS({_APART},{{Indicatori.pct}},{MEASURED})"
"""Plain mean of a node's own indicators that its percent doesn't rest on (Lucca's strategic ones)."""

_TONES = {0: Tone.ROOT, 1: Tone.AREA}


class _Tree:
    """The nodes with their cells; one object for each column to ask."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.figures = context.figures
        self.nodes = context.c.nodes
        self.parents = {node.parent for node in self.nodes}

    def cells(self, node: Node) -> NodeCells:
        return self.figures.nodes[node.code]

    def own_formula(self, node: Node) -> str | None:
        if node.rule is NodeRule.OWN_AND_CHILDREN:
            return f'IFERROR({MEAN_OF_ROWS},"{UNMEASURED}")' if self.cells(node).own_native else None
        own, native = self.figures.apart(node)
        return f'IFERROR({MEAN_OF_APART},"{UNMEASURED}")' if own is not None and native else None

    def own(self, node: Node) -> float | str | None:
        if node.rule is NodeRule.OWN_AND_CHILDREN:
            return figure(self.cells(node).own)
        return optional_figure(self.figures.apart(node)[0])

    def children(self, node: Node) -> float | str | None:
        return figure(self.cells(node).children) if node.rule is NodeRule.OWN_AND_CHILDREN else None

    def children_formula(self, node: Node) -> str | None:
        cells = self.cells(node)
        shown = node.rule is NodeRule.OWN_AND_CHILDREN and node.code in self.parents and cells.children_native
        return f'IFERROR({MEAN_OF_CHILDREN},"{UNMEASURED}")' if shown else None

    def formula(self, node: Node) -> str | None:
        if not self.cells(node).native:
            return None
        rounded = self.figures.rounding.formula
        if node.rule is NodeRule.OWN_AND_CHILDREN:
            return self._both(node)
        if node.rule is NodeRule.CHILDREN:
            return f'IFERROR({rounded(f"({MEAN_OF_CHILDREN})")},"{UNMEASURED}")' if node.code in self.parents else None
        return f'IFERROR({rounded(f"({MEAN_OF_ROWS})")},"{UNMEASURED}")'

    def _both(self, node: Node) -> str:
        rounded = self.figures.rounding.formula
        both = rounded(f"({_number(node.own_share)}*{{propria}}+{_number(node.children_share)}*{{sottostante}})")
        if self.context.c.method.rollup.missing_part == "blocks":
            return f'IF(AND(ISNUMBER({{propria}}),ISNUMBER({{sottostante}})),{both},"{UNMEASURED}")'
        own, beneath = rounded("{propria}"), rounded("{sottostante}")
        alone = f'IF(ISNUMBER({{propria}}),{own},IF(ISNUMBER({{sottostante}}),{beneath},"{UNMEASURED}"))'
        return f"IF(AND(ISNUMBER({{propria}}),ISNUMBER({{sottostante}})),{both},{alone})"

    def measured_formula(self, node: Node) -> str | None:
        own = f"COUNTIFS({{Indicatori.chiave}},{{chiave}},{{Indicatori.pct}},{MEASURED})"
        return self._count(node, own, "SUMIFS({misurati@},{padre@},{chiave})")

    def total_formula(self, node: Node) -> str | None:
        return self._count(node, "COUNTIFS({Indicatori.chiave},{chiave})", "SUMIFS({totale@},{padre@},{chiave})")

    def _count(self, node: Node, own: str, beneath: str) -> str | None:
        if not self.cells(node).counts_native:
            return None
        return f"{own}+{beneath}" if node.code in self.parents else own

    def report(self) -> None:
        """The finding for nodes whose percent or coverage isn't native, though a mean by nature."""
        means = (node for node in self.nodes if node.rule is not NodeRule.TYPED)
        self.context.not_native("Albero", [n.code for n in means if not (self.cells(n).native and self.cells(n).counts_native)])


def albero(context: Context) -> Tab:
    """The tab. A node's block is its subtree, which stands beneath it: the outline folds it."""
    tree = _Tree(context)
    tree.report()
    nodes = context.c.nodes
    table = Table(
        "Albero",
        (*_what(), *_percentages(tree), *_coverage(tree), *_beside(context), *_helpers(tree)),
        nodes,
        top=3,
        nothing="Nessun obiettivo letto.",
        tone=lambda node: _TONES.get(node.depth, Tone.STRATEGIC if node.code in tree.parents else Tone.PLAIN),
        outline=lambda node: min(node.depth, 6),
        block=lambda index: block_of(nodes, index),
        heading_height=32,
    )
    return Tab(
        "Albero",
        "Albero degli obiettivi",
        "Percentuali e copertura sono formule sulla scheda Indicatori; i numeri 1, 2, 3 a sinistra aprono e chiudono i livelli.",
        (table,),
        colour="1F3864",
        freeze_columns=2,
    )


def _what() -> tuple[Column, ...]:
    return (
        Column("codice", "Codice", 10, lambda node: node.code),
        Column("titolo", "Obiettivo", 62, lambda node: node.title, indent=lambda node: node.depth, wrap=True),
        Column("peso", "Peso", 7, lambda node: None if node.parent is None else float(node.weight), Kind.NUMBER),
    )


def _percentages(tree: _Tree) -> tuple[Column, ...]:
    return (
        Column("pct", "% realizz.", 11, lambda node: figure(tree.cells(node).held), Kind.PERCENT, formula=tree.formula),
        Column("propria", "Indicatori propri", 11, tree.own, Kind.PERCENT, formula=tree.own_formula),
        Column("sottostante", "Obiettivi sottostanti", 11, tree.children, Kind.PERCENT, formula=tree.children_formula),
    )


def _coverage(tree: _Tree) -> tuple[Column, ...]:
    return (
        Column("misurati", "Misurati", 9, lambda node: node.measured, Kind.INTEGER, formula=tree.measured_formula),
        Column("totale", "Totale", 8, lambda node: node.total, Kind.INTEGER, formula=tree.total_formula),
        state_column(
            tree.context,
            level=lambda node: node.level,
            held=lambda node: tree.cells(node).held,
            state=lambda node: node.state,
        ),
    )


def _beside(context: Context) -> tuple[Column, ...]:
    columns = [
        Column("indicata", "% indicata", 10, lambda node: None if node.typed_pct is None else node.typed_pct / 100,
               Kind.PERCENT, link=lambda node: context.outside(node.typed_ref)),
    ]  # fmt: skip
    if any(node.pro_rata_pct is not None for node in context.c.nodes):
        columns.append(Column("prorata", "% pro rata", 10, lambda node: optional_figure(node.pro_rata_pct), Kind.PERCENT))
    if any(node.budget is not None for node in context.c.nodes):
        columns.append(Column("budget", "Budget", 14, lambda node: node.budget, Kind.MONEY))
    if any(node.perspectives for node in context.c.nodes):
        columns.append(
            Column("prospettive", "Prospettiva", 24, lambda node: " / ".join(node.perspectives), wrap=True, indent=lambda _: 1)
        )
    return tuple(columns)


def _helpers(tree: _Tree) -> tuple[Column, ...]:
    def weight(node: Node) -> float | None:
        return None if node.parent is None else 0.0 if tree.cells(node).held is None else float(node.weight)

    def weighted(node: Node) -> float | None:
        held = tree.cells(node).held
        return None if node.parent is None else 0.0 if held is None else float(node.weight * held / 100)

    def beneath(formula: str) -> Callable[[Node], str | None]:
        return lambda node: None if node.parent is None else formula

    return (
        Column("chiave", "chiave", 10, lambda node: node_key(node.code), helper=True),
        Column("padre", "chiave del padre", 10, lambda node: node_key(node.parent) if node.parent else None, helper=True),
        Column("wm", "peso misurato", 8, weight, Kind.NUMBER, formula=beneath("IF(ISNUMBER({pct}),{peso},0)"), helper=True),
        Column("wx", "peso × %", 8, weighted, Kind.NUMBER, formula=beneath("IF(ISNUMBER({pct}),{peso}*{pct},0)"), helper=True),
    )


def _number(value: Fraction) -> str:
    return repr(float(value)) if value.denominator != 1 else str(value.numerator)


def node_link(context: Context, code: str) -> Link | None:
    """The link to a node's row."""
    index = context.node_at.get(code)
    return None if index is None else Link(inside=f"{{Albero.codice#{index}}}")
