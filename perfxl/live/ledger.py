"""What perfxl wrote into a workbook, kept in the workbook: a very hidden sheet `_perfxl`.

With it a figure of perfxl's is told from a person's: a cell is perfxl's only while it holds the very value that is written
here. Entries are found by address, or by the row's code where rows were inserted or sorted since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.live.areas import Rect, parsed
from perfxl.live.grids import block
from perfxl.live.native import hide_deeply

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEET = "_perfxl"
TITLE = "Registro di perfxl: che cosa ha scritto in questa cartella di lavoro. Non modificare."
PERCENT, TAB, COPY = "percentuale", "scheda", "copia"
BETWEEN = "/"
"""Between names of sheets: no sheet's name has one."""

_HEADINGS = ("voce", "foglio", "cella", "codice", "valore")


class Written(NamedTuple):
    """A percent that perfxl wrote: its cell, the code of its row, the value (a fraction: 0.4275)."""

    sheet: str
    cell: str
    code: str
    value: float


class OwnTab(NamedTuple):
    """A summary tab: its sheet's name, the area written, which tab it is (`Sintesi`)."""

    sheet: str
    area: str
    tab: str


class Copy(NamedTuple):
    """A copy taken before a writing, and the summary tabs (names of their sheets) that the writing then touched."""

    path: str
    tabs: tuple[str, ...] = ()


@dataclass(slots=True)
class Ledger:
    """The register; `copies` are those taken, the last one last."""

    percents: list[Written] = field(default_factory=list)
    tabs: list[OwnTab] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)

    def entry(self, sheet: str, cell: str, code: str, value: Any = None) -> Written | None:
        """The entry of a cell: of this very value where one is given, by address and then by code."""
        here = [one for one in self.percents if one.sheet == sheet and (value is None or same(one.value, value))]
        by_cell = next((one for one in here if one.cell == cell), None)
        return by_cell or (next((one for one in here if one.code == code), None) if value is not None else None)

    def area_of(self, sheet: str) -> Rect | None:
        """The area of a summary tab as it was last written; None for a sheet that isn't in the register."""
        found = next((one.area for one in self.tabs if one.sheet == sheet), None)
        return parsed(found) if found else None


def same(written: float, value: Any) -> bool:
    """Whether a cell still holds what was written: doubles survive Excel, but for the last bit."""
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and isclose(written, value, rel_tol=1e-14, abs_tol=1e-15)
    )


def read_ledger(values: Sequence[Sequence[Any]]) -> Ledger:
    """The register from the values of its sheet; lines that it doesn't know are left out."""
    ledger = Ledger()
    for row in values:
        kind, sheet, cell, code, value = (*row, *[None] * len(_HEADINGS))[: len(_HEADINGS)]
        if kind == PERCENT and isinstance(value, (int, float)):
            ledger.percents.append(Written(_text(sheet), _text(cell), _text(code), float(value)))
        elif kind == TAB:
            ledger.tabs.append(OwnTab(_text(sheet), _text(cell), _text(code)))
        elif kind == COPY:
            ledger.copies.append(Copy(_text(sheet), tuple(tab for tab in _text(cell).split(BETWEEN) if tab)))
    return ledger


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def ledger_sheet(book: Any) -> Any:
    """The register's sheet, None where the workbook has none."""
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)


def load_ledger(book: Any) -> Ledger:
    """The register of an open workbook; an empty one where it has none."""
    sheet = ledger_sheet(book)
    return Ledger() if sheet is None else read_ledger(block(sheet.used_range.options(ndim=2).value))


def store_ledger(book: Any, ledger: Ledger) -> None:
    """Write the register in place; the sheet is made, very hidden, where there is none. Nothing is written for an equal one."""
    sheet = ledger_sheet(book)
    if sheet is not None and _lines(load_ledger(book)) == _lines(ledger):
        return
    if sheet is None:
        sheet = book.sheets.add(SHEET, after=book.sheets[len(book.sheets) - 1])
        hide_deeply(sheet)
    sheet.used_range.clear_contents()
    rows: list[tuple[Any, ...]] = [(TITLE, None, None, None, None), _HEADINGS, *_lines(ledger)]
    sheet.range(f"A1:D{len(rows)}").number_format = "@"  # a code such as 1.2 or 2E0105 stays what it is
    sheet.range(f"A1:E{len(rows)}").value = rows


def _lines(ledger: Ledger) -> list[tuple[Any, ...]]:
    return [
        *((PERCENT, one.sheet, one.cell, one.code, one.value) for one in ledger.percents),
        *((TAB, one.sheet, one.area, one.tab, None) for one in ledger.tabs),
        *((COPY, one.path, BETWEEN.join(one.tabs), None, None) for one in ledger.copies),
    ]
