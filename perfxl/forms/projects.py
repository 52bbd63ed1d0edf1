"""Lucca: a form for each area, a sheet for each strategic objective, as in the *Report direzionale*."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfxl.forms.form import Form, FormRow, Page, Shape
from perfxl.model import Cell, RowLevel, SheetRole, SheetRow, SheetRows


def project_forms(sheets: Sequence[SheetRows]) -> list[Form]:
    """One form for each area (the strategic objective's first digit), in the order of the areas. Results are left behind."""
    areas: dict[str, list[SheetRows]] = {}
    for sheet in sheets:
        area = next((row.owner for row in sheet.rows if row.level is RowLevel.STRATEGIC and row.owner), sheet.respondent)
        areas.setdefault(area, []).append(sheet)
    return [_form(area, found) for area, found in sorted(areas.items())]


def _form(area: str, sheets: Sequence[SheetRows]) -> Form:
    names: Counter[str] = Counter()
    pages = []
    for sheet in sheets:
        names[sheet.respondent] += 1
        again = names[sheet.respondent]
        name = sheet.respondent if again == 1 else f"{sheet.respondent} ({again})"
        pages.append(Page(name, sheet.title, tuple(map(_row, sheet.rows)), _heading(sheet)))
    return Form(f"Area{area}", f"Area {area}", SheetRole.PROJECTS, Shape.PROJECTS, tuple(pages))


def _heading(sheet: SheetRows) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{name.upper()} {sheet.attributes[name]}:", sheet.attributes.get(f"{name}_titolo", ""))
        for name in ("missione", "programma")
        if name in sheet.attributes
    )


def _row(row: SheetRow) -> FormRow:
    label = row.title
    if row.level is RowLevel.STRATEGIC:
        part = " (quota parte)" if row.extra.get("quota_parte") else ""
        label = f"OBIETTIVO STRATEGICO {row.code_printed}{part}:"
    elif row.level is RowLevel.PROJECT:
        label = f"PROGETTO {row.code_printed}:"
    found = row.extra.get("amounts")
    amounts = tuple((str(k), c) for k, c in found.items() if isinstance(c, Cell)) if isinstance(found, dict) else ()
    return FormRow(row.level, row.code, label, row.title, row.owner, amounts=amounts, strategic=row.strategic)
