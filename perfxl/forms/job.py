"""From the plan and the existing dashboards to the forms, none of them written yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import InputError
from perfxl.findings import Finding, finding
from perfxl.forms.assign import Assignment, Respondent, assignment_of, is_of, people_respondents, respondents_of
from perfxl.forms.form import Form, FormRow, Forms, Page, Shape
from perfxl.forms.projects import project_forms
from perfxl.model import RowLevel, SheetRole, SheetRow, SheetRows
from perfxl.readers import find_workbooks, load_layout, read_workbook

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

Paths = str | Path | Iterable[str | Path]


def make_forms(
    plan: Paths,
    *,
    method: Method | str | Path = "massacarrara-2019",
    dashboards: Paths = (),
    year: int | None = None,
    period: str = "",
    people: bool = False,
    layouts: Sequence[Any] = (),
) -> Forms:
    """The forms of a plan.

    Args:
        plan: the plan's workbooks or folders: Allegato 1 (Massa-Carrara), or the project sheets (Lucca).
        method: a `Method`, the name of a shipped profile or the path of a TOML file.
        dashboards: the existing dashboards, whose UFFICIO column says which indicators are whose.
        year: the forms' year; the plan's, or the method's, when left out.
        period: words that say what the figures are of (`1° quadrimestre`).
        people: a form for each PO too.
        layouts: layouts of other bodies' sheets, or the paths of their files.

    Raises:
        InputError: no plan among the paths, or nobody to give a form to. MethodError, LayoutError: a profile or layout that
        isn't valid.
    """
    profile = _method(method)
    shapes = [load_layout(layout) if isinstance(layout, (str, Path)) else layout for layout in layouts]
    books, findings = _read(_listed(plan), shapes, year)
    sheets = [sheet for sheet, _ in books]
    digest = hashlib.sha256("".join(sorted({sha for _, sha in books})).encode()).hexdigest() if books else ""
    planned = [s for s in sheets if s.role is SheetRole.PLAN]
    projects = [s for s in sheets if s.role is SheetRole.PROJECTS]
    when = year or next((s.year for s in (*planned, *projects) if s.year), None) or profile.year
    if planned:
        known, more = _read(_listed(dashboards), shapes, year)
        forms, unassigned, about = _dashboards(planned, [s for s, _ in known], profile, people=people)
        findings += more + about
    elif projects:
        forms, unassigned = project_forms(projects), []
    else:
        raise InputError(f"nessun piano riconosciuto in {_names(plan)}", path=_names(plan), findings=tuple(findings))
    if not forms:
        why = "il piano non dice di quale ufficio è ogni indicatore: indicare con --fogli i cruscotti esistenti"
        raise InputError(f"nessuna scheda da preparare: {why}.", path=_names(plan), findings=tuple(findings))
    return Forms(profile.body, when, period, profile.name, digest, tuple(forms), tuple(unassigned), tuple(findings))


def _dashboards(
    plan: list[SheetRows], dashboards: list[SheetRows], method: Method, *, people: bool
) -> tuple[list[Form], list[FormRow], list[Finding]]:
    assignment = assignment_of(plan, dashboards, method)
    respondents, findings = respondents_of(dashboards, assignment, method)
    if people:
        respondents += people_respondents(dashboards, assignment)
    rows = [row for sheet in plan for row in sheet.rows]
    forms = [form for who in respondents if (form := _form(who, rows, assignment, method))]
    unassigned, lost = _unassigned(rows, respondents, assignment, method)
    return forms, unassigned, findings + lost + _unplanned(rows, assignment, method)


def _form(who: Respondent, rows: Sequence[SheetRow], assignment: Assignment, method: Method) -> Form | None:
    """The respondent's indicators and the objectives above them, in the plan's order; None where there is no indicator."""
    own = {row.code for row in rows if _indicator(row) and is_of(who, method.canonical(row.code), assignment, method)}
    if not own:
        return None
    parents = {row.code: row.owner for row in rows if not _indicator(row)}
    above: set[str] = set()
    for row in rows:
        code = row.owner if row.code in own else None
        while code and code not in above:
            above.add(code)
            code = parents.get(code)
    kept = [row for row in rows if (row.code in own if _indicator(row) else row.code in above and row.level is not RowLevel.BODY)]
    page = Page("Cruscotto", who.title, tuple(_row(row, *assignment.cells(who.code, method.canonical(row.code))) for row in kept))
    return Form(who.code, who.title, who.role, Shape.DASHBOARD, (page,))


def _row(row: SheetRow, offices: str = "", people: str = "") -> FormRow:
    sign = ": " if row.level is RowLevel.AREA else " "
    label = f"{row.code_printed}{sign}{row.title}" if row.code_printed else row.title
    targets = {year: cell for year, cell in row.targets.items() if not cell.empty}
    return FormRow(
        row.level, row.code, label, row.title, row.owner, row.algorithm, targets, offices, people, strategic=row.strategic
    )


def _unassigned(
    rows: Sequence[SheetRow], respondents: Sequence[Respondent], assignment: Assignment, method: Method
) -> tuple[list[FormRow], list[Finding]]:
    out, findings = [], []
    answering = [who for who in respondents if who.role is not SheetRole.PERSON]
    for row in rows:
        code = method.canonical(row.code)
        if _indicator(row) and not any(is_of(who, code, assignment, method) for who in answering):
            out.append(_row(row))
            findings.append(finding("PX-F001", f"{row.code_printed or row.code} {row.title}", row.ref))
    return out, findings


def _unplanned(rows: Sequence[SheetRow], assignment: Assignment, method: Method) -> list[Finding]:
    planned = {method.canonical(row.code) for row in rows}
    others = ((code, row) for code, row in assignment.refs.items() if code not in planned)
    return [finding("PX-P001", f"{code} {row.title}: non è nelle schede", row.ref) for code, row in others]


def _indicator(row: SheetRow) -> bool:
    return row.level is RowLevel.INDICATOR


def _read(
    paths: Sequence[str | Path], layouts: Sequence[Any], year: int | None
) -> tuple[list[tuple[SheetRows, str]], list[Finding]]:
    if not paths:
        return [], []
    files, findings = find_workbooks(paths)
    sheets = []
    for file in files:
        book = read_workbook(file, layouts=layouts, year=year)
        sheets += [(sheet, book.sha256) for sheet in book.sheets]
        findings += book.findings
    return sheets, findings


def _listed(paths: Paths) -> list[str | Path]:
    return [paths] if isinstance(paths, (str, Path)) else list(paths)


def _names(paths: Paths) -> str:
    return ", ".join(str(path) for path in _listed(paths))


def _method(method: Method | str | Path) -> Method:
    if not isinstance(method, (str, Path)):
        return method
    from perfxl.methods import load_method

    return load_method(method)
