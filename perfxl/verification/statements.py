"""The checks of the statements as items: figures against their rules, weights against their totals, the same fact printed twice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.findings import CATALOGUE
from perfxl.statements.cells import own_decimals
from perfxl.statements.compare import Verdict, checks, weight_checks
from perfxl.statements.twins import twin_checks
from perfxl.statements.words import italian
from perfxl.verification.model import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.model import CellRef
    from perfxl.statements import Book, Figure
    from perfxl.statements.compare import Check, WeightCheck
    from perfxl.statements.twins import TwinCheck

CODES = {Verdict.DIFFERS: "PX-C001", Verdict.OTHERWISE: "PX-C002", Verdict.UNCHECKED: "PX-C004"}
WEIGHTS, TWINS = "PX-C003", "PX-C005"
COVERED = frozenset({*CODES.values(), WEIGHTS, TWINS})
"""Codes of the findings that these items tell already."""

LONGEST = 80


def statement_items(book: Book) -> Iterator[Item]:
    """Everything that was checked in the statements, table by table."""
    yield from (_checked(each) for each in checks(book))
    yield from (_weighed(each) for each in weight_checks(book))
    yield from (_printed_twice(each) for each in twin_checks(book))


def as_printed(value: Fraction, decimals: int, kind: str) -> str:
    """`1.234,50`; `58,1 %`."""
    return italian(value, decimals) + (" %" if kind == "percent" else "")


def short(text: str) -> str:
    """A title or text within what a cell of the report has room for."""
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def gap_of(printed: Fraction, computed: Fraction) -> Fraction:
    """How far two figures are apart, as a share of the larger: 0 the same, 1 one of them is nought, 2 opposite signs."""
    largest = max(abs(printed), abs(computed))
    return abs(printed - computed) / largest if largest else Fraction(0)


def _checked(check: Check) -> Item:
    kind = check.figure.kind
    seen = max(check.decimals, min(own_decimals(check.printed), check.decimals + 2))
    item = replace(
        _at(check.figure),
        verdict=check.verdict,
        printed=as_printed(check.printed, seen, kind),
        computed="" if check.exact is None else as_printed(check.exact, check.decimals, kind),
        rule=check.rule.name,
        convention=check.convention,
        other=check.other,
        operands=_cells(check.operands),
        what=check.reason if check.exact is None else "",
        gap=None if check.exact is None else gap_of(check.printed, check.exact),
    )
    return _judged(item, CODES.get(check.verdict, ""))


def _weighed(check: WeightCheck) -> Item:
    figures = [line.figures[check.column] for line in check.lines]
    decimals = min(2, max(own_decimals(check.total), own_decimals(check.expected)))
    group = check.statement.line(check.lines[0].parent or check.lines[0].section)
    item = replace(
        _at(figures[0]),
        verdict=Verdict.AGREES if check.agrees else Verdict.DIFFERS,
        line=short(group.title) if group is not None else "",
        printed=italian(check.total, decimals),
        computed=italian(check.expected, decimals),
        rule=f"{check.what}: {len(check.lines)} righe che devono fare {italian(check.expected, decimals)}",
        operands=_cells(figures),
        gap=gap_of(check.total, check.expected),
    )
    return _judged(item, "" if check.agrees else WEIGHTS)


def _printed_twice(check: TwinCheck) -> Item:
    other = check.other.line.statement.declaration.title
    item = replace(
        _at(check.figure),
        verdict=Verdict.AGREES if check.agrees else Verdict.DIFFERS,
        printed=short(check.said),
        computed=short(check.also_said),
        rule=f"lo stesso dato in «{other}»",
        operands=_cells([check.other]),
    )
    return _judged(item, "" if check.agrees else TWINS)


def _at(figure: Figure) -> Item:
    """An item at a figure's place."""
    ref, line = figure.cell.ref, figure.line
    statement = line.statement
    return Item(
        verdict=Verdict.UNCHECKED,
        file=ref.file if ref is not None else statement.file,
        sheet=ref.sheet if ref is not None else statement.sheet,
        cell=ref.a1 if ref is not None else "",
        table=statement.declaration.title,
        line=short(line.title) or line.key,
        column=figure.field.heading,
    )


def _cells(figures: Sequence[Figure], depth: int = 3) -> tuple[CellRef, ...]:
    """Where the figures are printed; of one that no sheet prints, where those that it follows from are."""
    out: list[CellRef] = []
    for each in figures:
        if each.cell.empty and depth:
            out += _cells(each.operands, depth - 1)
        elif each.cell.ref is not None:
            out.append(each.cell.ref)
    return tuple(dict.fromkeys(out))


def _judged(item: Item, code: str) -> Item:
    kind = CATALOGUE.get(code)
    return item if kind is None else replace(item, code=code, severity=kind.severity, remedy=kind.remedy)
