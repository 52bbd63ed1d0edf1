"""Forms into files: one workbook each, put in place whole, with what was there kept as a numbered copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from perfxl.errors import OutputError
from perfxl.findings import Finding, finding
from perfxl.forms.dashboard import Dashboard
from perfxl.forms.form import Form, Forms, Identity, Shape
from perfxl.forms.guide import NAME, write_guide
from perfxl.forms.identity import SHEET, write_identity
from perfxl.forms.project_sheet import ProjectSheet
from perfxl.forms.styles import Styles
from perfxl.writers.file import A4, IN_MEMORY
from perfxl.writers.formats import FONT
from perfxl.writers.keep import check_writable, keep_copy, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from perfxl.methods.schema import Method

PROTECTION = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": False,
}
"""No password: whoever has a reason may unprotect. Columns and rows may be widened, nothing else of a locked cell changed."""


def file_name(form: Form, year: int | None) -> str:
    """`U5.1-U5.2_monitoraggio_2019.xlsx`."""
    return f"{form.slug}_monitoraggio" + (f"_{year}" if year else "") + ".xlsx"


def file_names(forms: Forms) -> list[str]:
    """One a form, none twice (names that differ by upper case only are the same on Windows)."""
    names: list[str] = []
    for form in forms.forms:
        name = first = file_name(form, forms.year)
        again = 2
        while name.casefold() in {other.casefold() for other in names}:
            name = first.replace("_monitoraggio", f"_{again}_monitoraggio")
            again += 1
        names.append(name)
    return names


def write_forms(forms: Forms, folder: str | Path, method: Method | str | Path) -> tuple[list[Path], list[Finding]]:
    """Write every form into `folder` (made where it isn't) and return the paths, with a finding for each copy that was kept.

    Raises OutputError; the forms written before it stay, each whole.
    """
    from perfxl.methods import load_method

    profile = load_method(method) if isinstance(method, (str, Path)) else method
    folder = Path(folder)
    _make(folder)
    targets = [folder / name for name in file_names(forms)]
    for path in targets:
        check_writable(path)
    findings: list[Finding] = []
    for form, path in zip(forms.forms, targets, strict=True):
        findings += _write(form, forms.identity(form), path, profile)
    return targets, findings


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"la cartella {folder} non si può creare: {error.strerror or error}.", path=str(folder)) from error


def _write(form: Form, identity: Identity, path: Path, method: Method) -> list[Finding]:
    copy = keep_copy(path) if path.exists() else None
    try:
        write_whole(path, lambda temporary: write_form(form, identity, temporary, method))
    except BaseException:
        if copy is not None:
            copy.unlink()  # the form itself is still there
        raise
    return [finding("PX-S002", copy.name, file=str(path))] if copy is not None else []


def write_form(form: Form, identity: Identity, path: Path, method: Method) -> None:
    """One workbook: instructions, the sheets to be filled in, the identity. OSError as the system gives it."""
    workbook = xlsxwriter.Workbook(str(path), IN_MEMORY)
    workbook.set_properties({"title": f"Monitoraggio {identity.year or ''} {form.code}".strip(), "company": identity.body})
    workbook.set_calc_mode("auto")
    styles = Styles(workbook)
    guide = workbook.add_worksheet(NAME)
    write_guide(guide, styles, form, identity, method)
    subtitle = identity.subtitle
    writer = Dashboard if form.shape is Shape.DASHBOARD else ProjectSheet
    sheets = []
    for page in form.pages:
        sheet = workbook.add_worksheet(page.name)
        writer(sheet, styles, method, identity.year).write(page, subtitle)
        sheets.append(sheet)
    for sheet in (guide, *sheets):
        _page(sheet, form, subtitle)
        sheet.protect("", PROTECTION)
    write_identity(workbook, workbook.add_worksheet(SHEET), identity)
    _colours(guide, sheets)
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error


def _colours(guide: Worksheet, sheets: Sequence[Worksheet]) -> None:
    guide.set_tab_color("#A6A6A6")
    for sheet in sheets:
        sheet.set_tab_color("#1F4E78")
    sheets[0].activate()


def _page(sheet: Worksheet, form: Form, subtitle: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    left, middle = (text.replace("&", "&&") for text in (f"{form.code} · {subtitle}", "Pagina "))
    sheet.set_footer(f'&L&"{FONT}"&8{left[:120]}&C&"{FONT}"&8{middle}&P di &N&R&"{FONT}"&8&D')
