"""The JSON form of a consolidation: what `perfxl consolida --json` writes. Unmeasured is null, percentages are as shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.model import State
from perfxl.rollup.people import used_weights
from perfxl.views.words import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.methods.schema import Method
    from perfxl.model import Adjustment, Cover, Node, OfficeScore, PersonObjective, PersonScore, ScoredRow
    from perfxl.statements import Figure, Statement

Entry = dict[str, Any]


def consolidation_json(c: Consolidation) -> Entry:
    """The dictionary: `nodes`, `indicators`, `offices`, `people`, `findings`, `method`, then what stands beside them.

    Numbers are plain JSON numbers with the shown decimals; dates are ISO texts.
    """
    weights = _weights(c.rows)
    return {
        "body": c.body,
        "year": c.year,
        "period": c.period.name if c.period else None,
        "as_of": c.as_of.isoformat() if c.as_of else None,
        "nodes": [_node(node) for node in c.nodes],
        "indicators": [_indicator(row, weights.get(row.uid)) for row in c.rows],
        "offices": [_office(office) for office in c.offices],
        "people": [_person(person, c.method) for person in c.people],
        "perspectives": [{"name": p.name, **_cover(p.cover), "nodes": list(p.nodes)} for p in c.perspectives],
        "missions": [
            {"level": m.level, "code": m.code, "title": m.title, "share": float(m.share), **_cover(m.cover)} for m in c.missions
        ],
        "statements": [_statement(each) for each in c.statements.statements] if c.statements is not None else [],
        "findings": [_finding(finding) for finding in c.findings],
        "adjustments": [_adjustment(adjustment) for adjustment in c.adjustments],
        "missing": [{"what": m.what, "code": m.code, "title": m.title, "detail": m.detail} for m in c.missing],
        "sources": [{"path": s.path, "sha256": s.sha256, "sheets": list(s.sheets)} for s in c.sources],
        "method": _method(c),
        "version": c.version,
    }


def _weights(rows: Iterable[ScoredRow]) -> dict[str, float]:
    """Weight in percent of each counting row within its owner's counting rows."""
    totals: dict[str, Any] = {}
    counting = [row for row in rows if row.counts]
    for row in counting:
        totals[row.owner] = totals.get(row.owner, 0) + row.weight
    return {row.uid: round(float(100 * row.weight / totals[row.owner]), 6) for row in counting if totals[row.owner]}


def _statement(statement: Statement) -> Entry:
    """A table of figures: percentages in percent; `value` is what counts, `typed` what the sheet holds."""
    return {
        "id": statement.id,
        "title": statement.declaration.title,
        "tab": statement.declaration.tab,
        "file": file_name(statement.file),
        "sheet": statement.sheet,
        "lines": [
            {
                "key": line.key,
                "level": line.level,
                "parent": line.parent,
                "title": line.title,
                "figures": {key: _figure(each) for key, each in line.figures.items() if _holds(each)},
            }
            for line in statement.lines
        ],
    }


def _holds(figure: Figure) -> bool:
    from perfxl.statements.schema import FIGURES

    return figure.field.kind in FIGURES


def _figure(figure: Figure) -> Entry:
    return {
        "value": None if figure.value is None else float(figure.value),
        "typed": None if figure.typed is None else float(figure.typed),
        "cell": figure.cell.ref.a1 if figure.cell.ref is not None else None,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _cover(cover: Cover) -> Entry:
    return {"achievement_pct": _number(cover.shown), "measured": cover.measured, "total": cover.total}


def _node(node: Node) -> Entry:
    return {
        "code": node.code,
        "level": node.level,
        "parent": node.parent,
        "title": node.title,
        "achievement_pct": _number(node.shown),
        "state": str(node.state),
        "measured": node.measured,
        "total": node.total,
        "typed_pct": _number(node.typed_pct),
        "budget": _number(node.budget),
        "rule": str(node.rule),
    }


def _indicator(row: ScoredRow, weight_pct: float | None) -> Entry:
    return {
        "code": row.code,
        "owner": row.owner,
        "office": row.office,
        "file": file_name(row.ref.file) if row.ref else "",
        "sheet": row.ref.sheet if row.ref else "",
        "cell": row.ref.a1 if row.ref else "",
        "title": row.title,
        "target_text": row.target_text,
        "result_text": row.result_text,
        "kind": str(row.target.kind),
        "achievement_pct": _number(row.shown) if row.measured else None,
        "state": str(row.state),
        "weight_pct": weight_pct,
        "counts": row.counts,
        "counting": str(row.counting),
        "timing": str(row.timing),
        "typed_pct": _number(row.typed_pct),
        "pro_rata_pct": None if row.pro_rata_pct is None else round(float(row.pro_rata_pct), 2),
    }


def _office(office: OfficeScore) -> Entry:
    return {"code": office.code, "title": office.title, **_cover(office.cover), "state": str(office.state)}


def _person(person: PersonScore, method: Method) -> Entry:
    weights = used_weights(person.objectives, method)
    return {
        "code": person.code,
        "name": person.name,
        **_cover(person.cover),
        "state": str(person.state),
        "objectives": [_objective(*each) for each in zip(person.objectives, weights, strict=True)],
    }


def _objective(objective: PersonObjective, weight: Fraction | None) -> Entry:
    return {
        "number": objective.number,
        "title": objective.title,
        "weight_pct": None if weight is None else round(float(weight), 6),
        **_cover(objective.cover),
        "achievement_pct": _number(objective.cover.shown) if objective.state is not State.UNMEASURED else None,
        "state": str(objective.state),
        "typed_pct": _number(objective.typed_pct),
        "recomputed_pct": _number(objective.recomputed),
    }


def _finding(finding: Finding) -> Entry:
    """`file` as in `indicators`: the name alone; the whole paths are in `sources`."""
    entry: Entry = finding.as_dict()
    return {**entry, "file": file_name(entry["file"]) if entry["file"] else entry["file"]}


def _adjustment(a: Adjustment) -> Entry:
    return {
        "file": a.file,
        "cell": a.cell,
        "office": a.office,
        "indicator": a.indicator,
        "value": a.value,
        "pct": _number(a.pct),
        "reason": a.reason,
        "author": a.author,
        "date": a.date.isoformat() if a.date else None,
        "replaced_result": a.replaced_result,
        "replaced_pct": _number(a.replaced_pct),
        "applied": a.applied,
        "remembered": a.remembered,
    }


def _method(c: Consolidation) -> Entry:
    m = c.method
    return {"name": m.name, "title": m.title, "body": m.body, "year": m.year, "file": c.method_file, "source": m.source}
