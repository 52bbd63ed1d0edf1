"""*Congela per invio*: a copy beside the workbook that works without perfxl: values and native formulas, no macros, no links."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import OutputError
from perfxl.live.areas import Rect, rectangles
from perfxl.live.copies import path_of, save_copy
from perfxl.live.grids import read_sheet
from perfxl.live.ledger import SHEET
from perfxl.live.marks import marked, unmark
from perfxl.live.native import is_protected, native
from perfxl.live.quiet import again
from perfxl.live.report import Report
from perfxl.master.names import SETTINGS

if TYPE_CHECKING:
    from perfxl.live.quiet import Status

_TEXT_IN_FORMULA = re.compile(r'"(?:[^"]|"")*"')
_OUR_FUNCTION = re.compile(r"\bPX_\w+\s*\(", re.IGNORECASE)
_EXTERNAL = re.compile(r"\[[^\[\]]+\][^!\[\]()+*/&<>=,;\"]*!|\|'?[^!]*'?!")  # [Libro.xlsx]Foglio! and DDE; Tabella[colonna] isn't
_EXCEL_LINKS = 1  # xlLinkTypeExcelLinks


def leaves_the_workbook(formula: str, outside_names: frozenset[str] = frozenset()) -> bool:
    """Whether a formula needs perfxl's functions or another file. What stands between quotes is a text."""
    bare = _TEXT_IN_FORMULA.sub('""', formula)
    if _OUR_FUNCTION.search(bare) or _EXTERNAL.search(bare):
        return True
    return bool(outside_names) and any(word.casefold() in outside_names for word in re.findall(r"[^\W\d][\w.]*", bare))


def freeze(book: Any, status: Status) -> Report:
    """Make the copy `<name> per invio <date>.xlsx`. The open workbook isn't changed. OutputError where the copy can't be made."""
    path = path_of(book)
    target = _free(path.parent, f"{path.stem} per invio {date.today():%Y-%m-%d}")
    between = target.with_name(f"~perfxl {target.stem}{path.suffix}")
    status.show("copia")
    save_copy(book, between)
    try:
        copy = book.app.books.open(str(between), update_links=False)
        try:
            frozen = _freeze_all(copy, status)
            status.show("salvataggio")
            copy.save(str(target))
        finally:
            again(copy.close)
    except BaseException:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):
            between.unlink(missing_ok=True)
    text = (
        f"Copia per l'invio: «{target.name}», accanto a questa cartella di lavoro.\nFormule sostituite dal loro valore: {frozen}."
    )
    return Report("Congela per invio", f"{text}\nSenza macro, senza funzioni di perfxl, senza collegamenti ad altri file.")


def _free(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.xlsx", 1
    while target.exists():
        target, number = folder / f"{stem} ({number}).xlsx", number + 1
    return target


def _freeze_all(copy: Any, status: Status) -> int:
    outside = {name.name.rpartition("!")[2].casefold(): name for name in copy.names if _EXTERNAL.search(str(name.refers_to))}
    frozen = 0
    for sheet in list(copy.sheets):
        status.show(f"valori di «{sheet.name}»")
        if sheet.name in (SHEET, SETTINGS):
            sheet.visible = True  # Excel deletes no very hidden sheet
            sheet.delete()
            continue
        frozen += _freeze_sheet(sheet, frozenset(outside))
        if marked(sheet):
            unmark(sheet)
        _without_buttons(sheet)
    for name in outside.values():
        name.delete()
    api = native(copy)
    for link in (api.LinkSources(_EXCEL_LINKS) or ()) if api is not None else ():
        api.BreakLink(link, _EXCEL_LINKS)
    return frozen


def _freeze_sheet(sheet: Any, outside: frozenset[str]) -> int:
    """Excel's own *paste values*: types, errors and formats stay, nothing is retyped."""
    formulas = read_sheet(sheet, "", bare=True).formulas
    cells = dict.fromkeys((at for at, formula in formulas.items() if leaves_the_workbook(formula, outside)), True)
    if cells and is_protected(sheet):
        raise OutputError(
            f"Il foglio «{sheet.name}» è protetto e contiene formule da sostituire: togliere la protezione e ripetere.",
            path=str(sheet.name),
        )
    for _, area in rectangles(_with_spills(sheet, cells)):
        place = sheet.range(area.a1)
        place.copy()
        place.paste(paste="values")
    return len(cells)


def _with_spills(sheet: Any, cells: dict[tuple[int, int], bool]) -> dict[tuple[int, int], bool]:
    """The cells into which a formula spills have no formula of their own, and would be empty without it."""
    found = dict(cells)
    if native(sheet) is None:
        return found
    for row, column in cells:
        api = sheet.range(Rect(row, column, row, column).a1).api
        if getattr(api, "HasSpill", False):
            spill = api.SpillingToRange
            rows, columns = (
                range(spill.Row, spill.Row + spill.Rows.Count),
                range(spill.Column, spill.Column + spill.Columns.Count),
            )
            found |= {(r, c): True for r in rows for c in columns}
    return found


def _without_buttons(sheet: Any) -> None:
    """A button without its macro is a link to a file that the receiver hasn't."""
    api = native(sheet)
    if api is None:
        return
    for number in range(api.Shapes.Count, 0, -1):
        shape = api.Shapes(number)
        if getattr(shape, "OnAction", ""):
            shape.Delete()
