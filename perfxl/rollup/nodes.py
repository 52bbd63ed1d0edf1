"""The skeleton of the tree: objectives of plan and sheets, every one once, parents first, in the natural order of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.model import Cell, CellRef, RowLevel, SheetRole, SheetRow, SheetRows

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.rollup.entries import Plan

TREE = "ALBERO"
BODY_OBJECTIVE = "obiettivo_ente"
LEVELS = {"ente": RowLevel.BODY, "area": RowLevel.AREA}


@dataclass(slots=True)
class Spec:
    """A node before it has figures. `typed` are the percents that people typed beside it: (cell, sheet)."""

    code: str
    level: str
    parent: str | None
    title: str = ""
    ref: CellRef | None = None
    budget: Cell | None = None
    perspective: str = ""
    typed: list[tuple[Cell, SheetRows]] = field(default_factory=list)
    planned: bool = False
    value: SheetRow | None = None  # the row that holds a typed objective of the body


def skeleton(sheets: Iterable[SheetRows], plan: Plan, owners: Iterable[str], method: Method) -> dict[str, Spec]:
    """Specs by code in tree order (parents first). `owners` are the codes that indicators hang from."""
    body = method.labels.body
    typed = method.rollup.headline == "typed_objectives"
    root = TREE if typed else body
    specs = {body: Spec(body, "ente", None, method.body)}
    if typed:
        specs[TREE] = Spec(TREE, "albero", None, "Media dell'albero degli obiettivi (mostrata a parte)")
    for row in plan.nodes:
        _add(specs, row, root, method, planned=True)
    for sheet in sheets:
        for row in sheet.rows:
            if row.level is RowLevel.INDICATOR or sheet.role in (SheetRole.PLAN, SheetRole.OTHER_SYSTEM):
                continue
            if sheet.role is SheetRole.OBJECTIVES:
                if sheet.respondent == body:
                    specs.setdefault(
                        row.code,
                        Spec(row.code, BODY_OBJECTIVE, body if typed else None, row.title, row.result.ref or row.ref, value=row),
                    )
                continue
            spec = _add(specs, row, root, method)
            if not row.typed_pct.empty:
                spec.typed.append((row.typed_pct, sheet))
    for code in owners:
        _ensure(specs, code, root)
    return _ordered(specs)


def _add(specs: dict[str, Spec], row: SheetRow, root: str, method: Method, *, planned: bool = False) -> Spec:
    code = method.canonical(row.code)
    spec = specs.get(code)
    if spec is None:
        owner = method.canonical(row.owner) if row.owner else None
        parent = owner or (None if row.level is RowLevel.BODY else implied_parent(code, root))
        spec = specs[code] = Spec(code, str(row.level), parent)
    if not spec.title or (spec.level == "ente" and planned):
        spec.title = row.title if spec.level != "ente" else spec.title or row.title
    spec.ref = spec.ref or row.ref
    if planned:
        spec.planned = True
        spec.budget, spec.perspective = row.budget, row.perspective.text
    if spec.parent is not None:
        _ensure(specs, spec.parent, root)
    return spec


def _ensure(specs: dict[str, Spec], code: str, root: str) -> None:
    """A node that rows hang from is there even when no sheet prints it."""
    while code not in specs:
        parent = implied_parent(code, root)
        specs[code] = Spec(code, _implied_level(code), parent, f"Area {code}" if parent == root and code.isdigit() else "")
        code = parent


def implied_parent(code: str, root: str) -> str:
    """`1.2.3` → `1.2` → `OB1` → root; `2C0101` → `2C` → `2` → root."""
    if m := re.fullmatch(r"(\d+\.\d+)\.\d+", code):
        return m[1]
    if m := re.fullmatch(r"(\d+)\.\d+", code):
        return f"OB{m[1]}"
    if m := re.fullmatch(r"(\d[A-Z])\d{4}", code):
        return m[1]
    if m := re.fullmatch(r"(\d)[A-Z]", code):
        return m[1]
    return root


def _implied_level(code: str) -> str:
    if re.fullmatch(r"\d+\.\d+\.\d+", code):
        return str(RowLevel.OPERATIONAL)
    if re.fullmatch(r"\d+\.\d+|\d[A-Z]", code):
        return str(RowLevel.STRATEGIC)
    return str(RowLevel.PROJECT) if re.fullmatch(r"\d[A-Z]\d{4}", code) else str(RowLevel.AREA)


@lru_cache(maxsize=1 << 14)
def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in which 2 comes before 10 and OB1 before OB2."""
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.findall(r"\d+|\D+", code))


def _ordered(specs: dict[str, Spec]) -> dict[str, Spec]:
    children: dict[str | None, list[str]] = {}
    for spec in specs.values():
        children.setdefault(spec.parent if spec.parent in specs else None, []).append(spec.code)
    out: dict[str, Spec] = {}

    def visit(code: str) -> None:
        if code in out:
            return
        out[code] = specs[code]
        for child in sorted(children.get(code, ()), key=natural):
            visit(child)

    roots = children.get(None, [])
    for code in sorted(roots, key=lambda c: (specs[c].level != "ente", c != TREE, natural(c))):
        visit(code)
    return out
