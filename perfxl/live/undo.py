"""*Annulla*: what perfxl wrote last goes back to what the copy taken before holds; what people wrote since stays.

The workbook isn't closed and reopened: the button lives in it. The copy is opened beside it, read-only, and closed again.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import OutputError
from perfxl.live.areas import Place, Rect, parsed, rectangles
from perfxl.live.blocks import number_formats_of, write_cells
from perfxl.live.copies import take_copy
from perfxl.live.grids import LiveSheet, read_sheet
from perfxl.live.ledger import SHEET, Ledger, load_ledger, same, store_ledger
from perfxl.live.marks import own_sheets
from perfxl.live.native import is_protected, native
from perfxl.live.quiet import again
from perfxl.live.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.live.quiet import Status

NOTHING = "Non c'è nessuna operazione di perfxl da annullare in questa cartella di lavoro."


def undo(book: Any, status: Status) -> Report:
    """Put back what the last *Ricalcola*, *Riepiloghi* or *Verifica* wrote. A copy of the present state is taken first."""
    now = load_ledger(book)
    if not now.copies:
        return Report("Annulla", NOTHING)
    path = Path(now.copies[-1].path)
    if not path.is_file():
        raise OutputError(
            f"La copia «{path.name}» non c'è più nella cartella {path.parent}: niente è stato cambiato.", path=str(path)
        )
    status.show("copia di sicurezza")
    present = take_copy(book, str(path.parent))
    status.show(f"apertura di «{path.name}»")
    with _opened(book.app, path) as copy:
        before = load_ledger(copy) if SHEET in [sheet.name for sheet in copy.sheets] else Ledger()
        back, left = _percents(book, copy, now, status)
        removed, restored, protected = _tabs(book, copy, now, before, status)
    store_ledger(book, before)
    lines = [f"Ripristinato lo stato della copia «{path.name}»."]
    lines += [f"Percentuali riportate a prima: {back}."] if back else []
    lines += [f"Percentuali cambiate da una persona o spostate, lasciate come sono: {left}."] if left else []
    lines += [f"Schede tolte: {', '.join(removed)}."] if removed else []
    lines += [f"Schede riportate a prima: {', '.join(restored)}."] if restored else []
    lines += [f"Fogli protetti, non toccati: {', '.join(protected)}."] if protected else []
    return Report("Annulla", "\n".join([*lines, f"Com'era un momento fa: copia «{present.name}»."]))


@contextmanager
def _opened(app: Any, path: Path) -> Iterator[Any]:
    copy = app.books.open(str(path), update_links=False, read_only=True)
    try:
        yield copy
    finally:
        again(copy.close)  # else it stays open beside: nothing of the person's is in it


def _percents(book: Any, copy: Any, now: Ledger, status: Status) -> tuple[int, int]:
    """How many cells went back, and how many aren't perfxl's any more."""
    by_sheet: dict[str, dict[Place, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in now.percents:
        rect = parsed(one.cell)
        by_sheet[one.sheet][rect.top, rect.left].append(one.value)
    present = {sheet.name: sheet for sheet in book.sheets}
    old = {sheet.name: sheet for sheet in copy.sheets}
    back = left = 0
    for name, cells in by_sheet.items():
        if name not in present or name not in old or is_protected(present[name]):
            left += len(cells)
            continue
        status.show(f"ripristino di «{name}»")
        mine, theirs = read_sheet(present[name], "", bare=True), read_sheet(old[name], "", bare=True)
        ours = [at for at, values in cells.items() if any(same(value, _value(mine, at)) for value in values)]
        left += sum(_value(mine, at) is not None for at in cells if at not in ours)
        changed = {at: _value(theirs, at) for at in ours if _value(theirs, at) != _value(mine, at)}
        write_cells(present[name], changed)
        _formats(present[name], old[name], changed)
        back += len(changed)
    return back, left


def _value(sheet: LiveSheet, at: Place) -> Any:
    row = sheet.values[at[0] - 1] if at[0] <= len(sheet.values) else []
    return row[at[1] - 1] if at[1] <= len(row) else None


def _formats(sheet: Any, old: Any, cells: dict[Place, Any]) -> None:
    for _, area in rectangles(dict.fromkeys(cells, True)):
        for part, number_format in number_formats_of(old, area):
            sheet.range(part.a1).number_format = number_format


def _tabs(book: Any, copy: Any, now: Ledger, before: Ledger, status: Status) -> tuple[list[str], list[str], list[str]]:
    """Names of the tabs removed, restored, left because protected."""
    ours, old = own_sheets(book), own_sheets(copy)
    touched = now.copies[-1].tabs
    written = {one.sheet: one.area for one in now.tabs if one.sheet in touched}
    earlier = {one.sheet: one.area for one in before.tabs}
    removed, restored, protected = [], [], []
    for tab, sheet in ours.items():
        name = sheet.name
        if name not in written:
            continue
        status.show(f"ripristino di «{name}»")
        if tab not in old or old[tab].name != name or name not in earlier:
            sheet.delete()
            removed.append(name)
        elif is_protected(sheet):
            protected.append(name)
        else:
            _restore(sheet, old[tab], parsed(written[name]), parsed(earlier[name]))
            restored.append(name)
    return removed, restored, protected


def _restore(sheet: Any, old: Any, written: Rect, earlier: Rect) -> None:
    """Values and looks as they were; formulas by their text, so that none comes to point into the copy."""
    place, source = sheet.range(written.a1), old.range(earlier.a1)
    api = native(sheet)
    if api is not None:
        place.api.Hyperlinks.Delete()
    place.clear_contents()
    place.clear_formats()
    target = sheet.range(earlier.a1)
    for what in ("formats", "values", "column_widths"):
        source.copy()
        target.paste(paste=what)
    read = read_sheet(old, "", bare=True)
    formulas = {at: text for at, text in read.formulas.items() if earlier.has(*at)}
    for _, area in rectangles(dict.fromkeys(formulas, True)):
        rows = [
            [formulas[row, column] for column in range(area.left, area.right + 1)] for row in range(area.top, area.bottom + 1)
        ]
        sheet.range(area.a1).formula = rows if not area.single else rows[0][0]
    old_api = native(old)
    if api is not None and old_api is not None:
        for link in old_api.Hyperlinks:
            api.Hyperlinks.Add(api.Range(link.Range.Address), link.Address, link.SubAddress)
