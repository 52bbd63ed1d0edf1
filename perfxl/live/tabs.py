"""The summary tabs in the open workbook: found by their mark and refreshed in place, or made beside the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.live.areas import Rect
from perfxl.live.dress import CHART_PREFIX, Dresser
from perfxl.live.ledger import Ledger, OwnTab
from perfxl.live.marks import free_name, mark, unmark
from perfxl.live.native import is_protected, native, structure_is_protected
from perfxl.live.render import area_of, render_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfxl.live.quiet import Status
    from perfxl.live.reading import Reading
    from perfxl.views.place import Book
    from perfxl.views.tab import Style


def sheet_names(areas: Mapping[str, Rect], book: Any, reading: Reading) -> tuple[dict[str, str], list[Finding]]:
    """Where each tab goes: its own sheet of before, else a new one under the tab's name or, where the user has it, a suffixed one.

    `areas`: tab → the area that it takes. A sheet of ours in which a person has written where the tab would have to grow is
    left alone too: it is hers now.
    """
    taken = {sheet.name for sheet in book.sheets}
    names: dict[str, str] = {}
    findings = []
    for tab, area in areas.items():
        held = reading.own.get(tab)
        if held is not None and not _in_the_way(reading, held, area):
            names[tab] = held
            continue
        name = names[tab] = free_name(tab, taken)
        taken.add(name)
        if name != tab:
            why = (
                "c'è qualcosa scritto a mano dove il riepilogo si allunga"
                if held is not None
                else "il nome è di una scheda dell'utente"
            )
            findings.append(finding("PX-S011", f"{why}: il riepilogo è in «{name}»", file=reading.file, sheet=held or tab))
    return names, findings


def _in_the_way(reading: Reading, name: str, area: Rect) -> bool:
    """Whether something stands in the new area that perfxl didn't write: outside the area that it wrote."""
    before = reading.ledger.area_of(name)
    rows = reading.sheets[name].grid.rows
    return any(
        area.has(row, column) and not (before is not None and before.has(row, column))
        for row, cells in rows.items()
        for column in cells
    )


def write_tabs(
    rendered: Book, tabs: Sequence[str], book: Any, reading: Reading, status: Status
) -> tuple[list[OwnTab], list[Finding]]:
    """Write the placed sheets, whose names are those of the workbook's sheets; `tabs` says which tab each of them is.

    Returns the register's lines of those written, and findings (protected sheets, looks left out).
    """
    dresser = Dresser(rendered, reading.file)
    styles: dict[Style, str] = {}
    written: list[OwnTab] = []
    findings: list[Finding] = []
    for number, (tab, sheet) in enumerate(zip(tabs, rendered.sheets, strict=True), 1):
        name = sheet.tab.name
        status.show(f"scrittura di «{name}» ({number} di {len(rendered.sheets)})")
        held = reading.own.get(tab)
        if held is not None and held != name:
            unmark(book.sheets[held])
        target = _target(book, name, tab, reading)
        if target is None or is_protected(target):
            found = "la struttura della cartella di lavoro è protetta" if target is None else "riepilogo non aggiornato"
            findings.append(finding("PX-S013", found, file=reading.file, sheet=name))
            continue
        render_cells(target, sheet, rendered.decimals, styles)
        dresser.dress(target, sheet)
        written.append(OwnTab(name, area_of(sheet).a1, tab))
    return written, findings + dresser.findings()


def _target(book: Any, name: str, tab: str, reading: Reading) -> Any:
    """The sheet to write into, emptied of what perfxl wrote before; None where a new one can't be added."""
    if name in reading.sheets:
        sheet = book.sheets[name]
        if not is_protected(sheet):
            _empty(sheet, reading.ledger.area_of(name))
        return sheet
    if structure_is_protected(book):
        return None
    sheet = book.sheets.add(name, after=book.sheets[_last_shown(book)])
    mark(sheet, tab)
    return sheet


def _last_shown(book: Any) -> int:
    return max(index for index, sheet in enumerate(book.sheets) if sheet.visible)


def _empty(sheet: Any, area: Rect | None) -> None:
    """Contents, formats, links and our charts of the area go; comments, the user's charts and cells around stay."""
    if area is None:
        return
    api = native(sheet)
    place = sheet.range(area.a1)
    if api is not None:
        if getattr(api, "AutoFilterMode", False):
            api.AutoFilterMode = False
        place.api.Hyperlinks.Delete()
        place.api.Validation.Delete()
        api.Cells.ClearOutline()
    place.clear_contents()
    place.clear_formats()
    for chart in [chart for chart in sheet.charts if chart.name.startswith(CHART_PREFIX)]:
        chart.delete()


def merged_register(ledger: Ledger, written: Sequence[OwnTab]) -> Ledger:
    """The register with the tabs just written."""
    fresh = {one.sheet for one in written}
    return Ledger(ledger.percents, [one for one in ledger.tabs if one.sheet not in fresh] + list(written), ledger.copies)
