"""What a new version of the plan changes, in the words of the Relazione: targets revised, indicators added or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.model import SheetRole
from perfxl.readers import read_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.model import SheetRow
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.opening import Opening
    from perfxl.rounds.state import Round


def plan_changes(home: RoundFolder, before: Round, files: Sequence[str], opening: Opening) -> tuple[str, ...]:
    """The differences between the plan in force and the new one, a sentence each, in the order of the codes."""
    assert before.plan is not None
    old, new = _rows(home, before.plan.files, opening), _rows(home, files, opening)
    said = [f"{code} aggiunto: {new[code].title}" for code in new if code not in old]
    said += [f"{code} tolto: {old[code].title}" for code in old if code not in new]
    for code in new:
        if code in old:
            said += _changed(code, old[code], new[code])
    return tuple(sorted(said))


def _rows(home: RoundFolder, files: Sequence[str], opening: Opening) -> dict[str, SheetRow]:
    rows: dict[str, SheetRow] = {}
    for file in files:
        for sheet in read_workbook(home.file(file), layouts=opening.layouts, year=opening.year).sheets:
            if sheet.role in {SheetRole.PLAN, SheetRole.PROJECTS}:
                rows |= {row.code: row for row in sheet.indicators if row.code not in rows}
    return rows


def _changed(code: str, old: SheetRow, new: SheetRow) -> list[str]:
    pairs = [
        ("testo", old.title, new.title),
        ("algoritmo", old.algorithm.text, new.algorithm.text),
        ("peso", old.weight.text, new.weight.text),
    ]
    for year in dict.fromkeys((*old.targets, *new.targets)):
        name = f"target {year}" if year else "target"
        pairs.append((name, _text(old, year), _text(new, year)))
    return [f"{code}, {what}: da «{a or 'vuoto'}» a «{b or 'vuoto'}»" for what, a, b in pairs if a != b]


def _text(row: SheetRow, year: int | None) -> str:
    cell = row.targets.get(year)
    return "" if cell is None else cell.text
