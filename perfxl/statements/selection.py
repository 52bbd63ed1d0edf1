"""Which figures a rule, a light or a limit speaks of: lines by level or key, columns by key."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from perfxl.statements.schema import FIGURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.statements.model import Figure, Line
    from perfxl.statements.schema import Rule


def rule_of(figure: Figure) -> Rule | None:
    """The first rule that computes a figure."""
    roles = {"compute", "fill"} if figure.typed is None else {"compute"}
    return next((rule for rule in rules_of(figure) if rule.role in roles), None)


def rules_of(figure: Figure) -> list[Rule]:
    """All the rules that speak of a figure."""
    if figure.field.kind not in FIGURES or figure.line.is_section:
        return []
    return [rule for rule in figure.line.statement.declaration.rules if speaks_of(rule.lines, rule.columns, figure)]


def speaks_of(lines: Sequence[str], columns: Sequence[str], figure: Figure) -> bool:
    """Whether a selection of lines (levels or keys, `*` allowed) and columns (keys, `series`) holds a figure. Empty: all."""
    return (not lines or among(lines, figure.line)) and (
        not columns
        or figure.field.key in columns
        or figure.field.of in columns
        or (figure.field.series and _among_repeated(columns, figure))
    )


def _among_repeated(columns: Sequence[str], figure: Figure) -> bool:
    """`series`: all the columns that repeat; `first`, `last`: the earliest and the latest of them."""
    repeated = figure.line.statement.repeated
    return (
        "series" in columns
        or ("first" in columns and repeated[0].key == figure.field.key)
        or ("last" in columns and repeated[-1].key == figure.field.key)
    )


def among(names: Sequence[str], line: Line) -> bool:
    """Whether a line is one of those named: by its level, or by its key (`*` allowed)."""
    key = line.key.casefold()
    return any(name == line.level or fnmatchcase(key, name.casefold()) for name in names)
