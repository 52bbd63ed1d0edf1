"""The JSON of `perfxl verifica --json`: the summary of each table, the differences worst first, everything that was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.views.words import file_name, source_text

if TYPE_CHECKING:
    from perfxl.verification import Item, TableSummary, Verification

Entry = dict[str, Any]


def verification_json(v: Verification) -> Entry:
    """Texts as they are printed; `gap` is the distance of the two figures as a share of the larger, None where they aren't figures."""
    c = v.consolidation
    return {
        "body": c.body,
        "year": c.year,
        "method": c.method.name,
        "version": c.version,
        "made_at": c.made_at.isoformat(),
        "sources": [{"file": file_name(each.path), "sha256": each.sha256} for each in c.sources],
        "total": _counts(v.total),
        "tables": [{"file": each.name, "table": each.table, "sheets": list(each.sheets), **_counts(each)} for each in v.tables],
        "unread": [{"file": file_name(each.file), "sheet": each.sheet, "found": each.found} for each in v.unread],
        "differences": [_item(each) for each in v.differences],
        "checks": [_item(each) for each in v.items],
    }


def _counts(each: TableSummary) -> Entry:
    return {
        "checked": each.checked,
        "agree": each.agree,
        "within_rounding": each.within,
        "follow_from_differing": each.follow,
        "other_convention": each.otherwise,
        "differ": each.differ,
        "not_checkable": each.unchecked,
        "conventions": list(each.conventions),
    }


def _item(item: Item) -> Entry:
    return {
        "verdict": str(item.verdict),
        "code": item.code or None,
        "severity": None if item.severity is None else str(item.severity),
        "file": file_name(item.file),
        "sheet": item.sheet,
        "cell": item.cell,
        "table": item.table,
        "line": item.line,
        "column": item.column,
        "printed": item.printed,
        "computed": item.computed,
        "gap": None if item.gap is None else float(item.gap),
        "rule": item.rule,
        "convention": item.convention,
        "other_convention": item.other,
        "operands": [source_text(ref) for ref in item.operands],
        "what": item.what,
        "remedy": item.remedy,
    }
