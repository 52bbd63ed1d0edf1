"""Of what several sheets hold of one respondent, what counts: every indicator once, and what is left out is said."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, Severity, finding
from perfxl.model import RowLevel, SheetRole, SheetRow, SheetRows
from perfxl.rollup.nodes import natural

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_COPY = re.compile(r"(?<![a-z])cop(?:ia|y)(?![a-z])|\(\d{1,2}\)\s*$", re.IGNORECASE)


def distinct(sheets: Sequence[SheetRows]) -> tuple[list[SheetRows], list[Finding]]:
    """Every indicator of a respondent once: its sheets may each hold some, and of two that hold the same the fuller one is kept.

    What is left out is said, and is an error where it says something else.
    """
    groups: dict[tuple[Any, ...], list[SheetRows]] = {}
    for sheet in sorted(sheets, key=lambda s: (_called_a_copy(s.file), PurePath(s.file).name, s.file, s.sheet)):
        groups.setdefault(_key(sheet), []).append(sheet)
    kept, findings = [], list[Finding]()
    for group in groups.values():
        parts, found = _parts(group) if len(group) > 1 else (group, [])
        kept += parts
        findings += found
    return kept, findings


def _called_a_copy(file: str) -> bool:
    """`U1.1 - Copia.xlsx`, `Copy of U1.1.xlsx`, `U1.1 (1).xlsx`."""
    return _COPY.search(PurePath(file).stem) is not None


def _parts(group: Sequence[SheetRows]) -> tuple[list[SheetRows], list[Finding]]:
    """The sheets of one respondent, each without the indicators that one before it has; hidden ones come last, the fuller before."""
    kept: list[SheetRows] = []
    findings = []
    holder: dict[str, SheetRows] = {}
    for sheet in sorted(group, key=lambda s: (not s.hidden, _filled(s)), reverse=True):
        codes = {row.code for row in _said(sheet)}
        again = codes & holder.keys()
        if kept and (again or not codes):
            first = holder[min(again)] if again else kept[0]
            findings.append(_copy(sheet, first, again if codes - again else codes))
        elif kept and sheet.file not in {other.file for other in kept}:
            findings.append(_part(sheet, kept[0]))
        if not kept or codes - again:
            kept.append(replace(sheet, rows=tuple(row for row in sheet.rows if row.code not in again)) if again else sheet)
        holder |= dict.fromkeys(codes - again, sheet)
    return kept, findings


def _said(sheet: SheetRows) -> Sequence[SheetRow]:
    """The rows that one sheet alone may hold: its indicators; the objectives of a person who has none."""
    return sheet.indicators or [row for row in sheet.rows if row.level is RowLevel.OBJECTIVE]


def _filled(sheet: SheetRows) -> int:
    """How many of them have something written, result or percent."""
    return sum(not (row.result.empty and row.typed_pct.empty) for row in _said(sheet))


def _copy(sheet: SheetRows, first: SheetRows, codes: Collection[str]) -> Finding:
    """PX-L006: of a sheet that repeats another, or of its rows that do."""
    whole, alike = (codes == {row.code for row in _said(other)} for other in (sheet, first))
    within = None if whole and alike else codes
    if _content(first, within) == _content(sheet, within):
        what = "copia identica"
    else:
        what = "contenuto diverso" if _filled(sheet) or not _filled(first) else "nessun risultato"
    which = (
        "" if whole else f" per {len(codes)} righe ({', '.join(sorted(codes, key=natural)[:5])}{' …' if len(codes) > 5 else ''})"
    )
    found = f"{sheet.respondent}: {what}{which} rispetto a {_place(first, sheet)}, che vale"
    one = finding("PX-L006", found, file=sheet.file, sheet=sheet.sheet)
    return replace(one, severity=Severity.ERROR) if what == "contenuto diverso" else one


def _part(sheet: SheetRows, first: SheetRows) -> Finding:
    """A note: another file adds rows to a respondent's. It may be another office's, under a title that was copied."""
    found = f"{sheet.respondent}: altri indicatori rispetto a {_place(first, sheet)}; contano anche questi"
    one = finding("PX-L006", found, file=sheet.file, sheet=sheet.sheet)
    remedy = "Nessuna azione, se i due fogli sono dello stesso ufficio: altrimenti correggere il titolo di uno dei due."
    return replace(one, severity=Severity.NOTE, expected="un solo foglio per ufficio", remedy=remedy)


def _place(sheet: SheetRows, other: SheetRows) -> str:
    """Where a sheet is, by its file's name; by its folder's too, where another file has the same name."""
    path = PurePath(sheet.file)
    alike = path.name == PurePath(other.file).name and sheet.file != other.file
    return f"{'/'.join(path.parts[-2:]) if alike else path.name} [{sheet.sheet}]"


def _key(sheet: SheetRows) -> tuple[Any, ...]:
    """What makes two sheets the same: whose, of what kind, of what year. Plan and other systems: their content too."""
    base = (sheet.role, sheet.respondent, sheet.year)
    if sheet.role in (SheetRole.OTHER_SYSTEM, SheetRole.PLAN):
        return (*base, sheet.layout, sheet.sheet, _content(sheet))
    if sheet.respondent == PurePath(sheet.file).stem:  # nobody says whose it is: a copy only where it says the same
        return (*base, _content(sheet) or sheet.sheet)
    if sheet.role is SheetRole.PROJECTS:  # the same strategic objective under several missions (quota parte)
        return (*base, tuple(sorted(sheet.attributes.items())))
    return base


def _content(sheet: SheetRows, codes: Collection[str] | None = None) -> tuple[Any, ...]:
    return tuple(
        (r.code, r.title, r.result.text, r.typed_pct.text, tuple(c.text for c in r.targets.values()))
        for r in sheet.rows
        if codes is None or r.code in codes
    )
