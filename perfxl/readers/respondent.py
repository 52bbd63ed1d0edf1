"""Whose sheet it is: from its title, its headings, its name, the offices of its rows, the file's name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.model.record import record
from perfxl.model.sheets import RowLevel, SheetRole
from perfxl.readers.rules import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfxl.model.sheets import SheetRow
    from perfxl.readers.layout import Layout, RespondentRule

NOT_ONE_OFFICE = frozenset({"TUTTI", "ENTE"})


@record(frozen=True, slots=True)
class Whose:
    """Code of who answers (`U5.1/U5.2`), its offices, the role, the text that told it."""

    code: str
    offices: tuple[str, ...]
    role: SheetRole
    title: str = ""


def told(layout: Layout, titles: Sequence[str], headings: Sequence[str], sheet: str) -> Whose | None:
    """What the layout's fixed code and its rules on titles, headings and sheet name say; None when they say nothing."""
    if layout.respondent.code:
        return _whose(layout.role, (layout.respondent.code,), titles[0] if titles else "")
    places = {"title": titles, "heading": headings, "sheet": (sheet,)}
    return _by_rules(layout, [rule for rule in layout.respondent.rules if rule.where != "file"], places)


def by_file(layout: Layout, file: str) -> Whose | None:
    """What the rules on the file's name say."""
    return _by_rules(layout, [rule for rule in layout.respondent.rules if rule.where == "file"], {"file": (PurePath(file).stem,)})


def by_rows(layout: Layout, rows: Iterable[SheetRow]) -> Whose | None:
    """The level that names the sheet (Lucca: the strategic objective), or the one office common to all rows."""
    rows = list(rows)
    if layout.respondent.level is not None:
        first = next((row for row in rows if row.level is layout.respondent.level), None)
        return _whose(layout.role, (first.code,), first.title) if first else None
    if not layout.respondent.common_office:
        return None
    sets = [set(row.offices) - NOT_ONE_OFFICE for row in rows if row.level is RowLevel.INDICATOR]
    sets = [offices for offices in sets if offices]
    common = set.intersection(*sets) if sets else set()
    return _whose(layout.role, tuple(common), "") if len(common) == 1 else None


def _by_rules(layout: Layout, rules: Iterable[RespondentRule], places: dict[str, Sequence[str]]) -> Whose | None:
    for rule in rules:
        for text in places[rule.where]:
            found = list(rule.text_re.finditer(text))
            if found:
                taken = found if rule.each else found[:1]
                codes = tuple(
                    dict.fromkeys(compose(rule.code, {k: v or "" for k, v in one.groupdict().items()}) for one in taken)
                )
                return _whose(rule.role or layout.role, codes, text)
    return None


def _whose(role: SheetRole, codes: tuple[str, ...], title: str) -> Whose:
    offices = codes if role in (SheetRole.OFFICE, SheetRole.BODY) else ()
    return Whose("/".join(codes), offices, role, title)
