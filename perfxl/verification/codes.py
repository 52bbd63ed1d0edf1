"""Codes that a statement names and that no sheet and no plan knows: a project with a budget and no card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.consolidation import Consolidation
    from perfxl.statements import Line, Statement

CODE = "PX-C030"
CODE_LIKE = re.compile(r"(?=.*\d)[A-Z0-9]+(?:[.\-][A-Za-z0-9]+)*")
"""`2C0105`, `1.2.3`, `O2.1.1-a`: not a word and not a number of order."""
LEAST_KNOWN = 2
"""Lines of a level whose keys are codes of the tree, before the others of the level are expected to be so too."""


def unknown_codes(c: Consolidation) -> Iterator[Finding]:
    """The lines whose level is made of codes of the tree (half of them at least are known), and whose own code isn't there."""
    known = {node.code.casefold() for node in c.nodes} | {row.code.casefold() for row in c.rows}
    for statement in c.statements.statements if c.statements is not None and len(c.nodes) > 1 else ():
        for lines in _levels(statement):
            there = [line for line in lines if c.method.canonical(_code(line)).casefold() in known]
            if len(there) >= max(LEAST_KNOWN, (len(lines) + 1) // 2):
                yield from (_told(statement, line) for line in lines if line not in there)


def _levels(statement: Statement) -> list[list[Line]]:
    levels: dict[str, list[Line]] = {}
    for line in statement.lines:
        if not line.is_section and CODE_LIKE.fullmatch(_code(line)):
            levels.setdefault(line.level, []).append(line)
    return list(levels.values())


def _code(line: Line) -> str:
    """The key as written: the second line of a code has `#2` after it."""
    return line.key.partition("#")[0]


def _told(statement: Statement, line: Line) -> Finding:
    refs = [each.cell.ref for each in line.figures.values() if not each.cell.empty and each.cell.ref is not None]
    own = next((ref for ref in refs if ref.row == line.row), refs[0] if refs else None)
    code = _code(line)
    title = line.title.removeprefix(code).lstrip(" -–")
    return finding(CODE, f"{code} {title}: in «{statement.declaration.title}», senza una scheda e fuori dal piano", own)
