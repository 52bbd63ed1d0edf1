"""What a previous consolidated workbook holds of people's work: causes and notes of *Scostamenti*, the *Rettifiche*.

Tabs and columns are found by their headings, whatever the tab is called; cause and note, failing that, by their place between
perfxl's own columns; rows by their key or by code and office: the person may have renamed, sorted, filtered, added rows or
columns. Nothing here raises for what a file contains.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.findings import Finding, finding
from perfxl.model import Adjustment, CellRef
from perfxl.model.record import record
from perfxl.views.notes import Note
from perfxl.views.rettifiche import HEADINGS
from perfxl.views.scostamenti import (
    ACTUAL_HEADING,
    CAUSE_HEADING,
    CODE_HEADING,
    DIFFERENCE_HEADING,
    DUE_HEADING,
    KEY_HEADING,
    NOTE_HEADING,
    OFFICE_HEADING,
    TITLE_HEADING,
    headings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

APPLIED_HEADING, WAS_HEADING, WAS_PCT_HEADING = "Esito", "Risultato sostituito", "% sostituita"
HEADING_ROWS = 30
"""The headings are looked for in so many rows."""

NOTES, ADJUSTMENTS = "Scostamenti", "Rettifiche"
_MARKS: dict[str, tuple[frozenset[str], ...]] = {
    NOTES: (
        frozenset({KEY_HEADING}),
        frozenset({CODE_HEADING, CAUSE_HEADING, NOTE_HEADING}),
        frozenset({CODE_HEADING, DUE_HEADING, ACTUAL_HEADING, DIFFERENCE_HEADING}),
    ),
    ADJUSTMENTS: (frozenset({HEADINGS["indicator"], HEADINGS["reason"]}),),
}
"""A row is that of a tab's headings where it holds one of these sets."""

_OF_MEASURES = {"Sintesi", "Indicatori"}
"""Tabs of a consolidated workbook that has *Scostamenti* too."""

Sheet = list[list[Any]]
Row = dict[str, Any]


@record(frozen=True, slots=True)
class Previous:
    """Notes and rettifiche of a previous workbook; `findings` where it couldn't be read. `path` is where it lay.

    `added`: headings of the columns that a person added to *Scostamenti*, and wrote in. `lost`: it has that tab no more.
    """

    path: str
    notes: tuple[Note, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    findings: tuple[Finding, ...] = ()
    added: tuple[str, ...] = ()
    lost: bool = False


def read_previous(path: str | Path) -> Previous:
    """Read the notes and rettifiche that a previous run's workbook holds; empty where there is no file.

    Every rettifica comes with `remembered` true, `applied` false and the address of its row as `source`.
    """
    path = Path(path)
    if not path.exists():
        return Previous(str(path))
    try:
        sheets = _sheets(path)
    except _unreadable() as error:
        found = finding("PX-S004", f"{type(error).__name__}: {error}"[:200], file=str(path))
        return Previous(str(path), findings=(found,))
    return previous_of(path, sheets)


def previous_of(path: str | Path, sheets: Mapping[str, Sheet]) -> Previous:
    """The same from values by tab (*Scostamenti* and *Rettifiche* first; the first cell being A1): of a workbook that is open."""
    rows = [row for _, row in _rows(sheets, NOTES)]
    notes = tuple(map(_note, rows))
    written = tuple(note for note in notes if note.cause or note.note)
    adjustments = tuple(_adjustment(Path(path), number, row) for number, row in _rows(sheets, ADJUSTMENTS))
    own = {*headings()}
    added = dict.fromkeys(name for row in rows for name, cell in row.items() if name not in own and _text(cell))
    lost = sheets.keys() >= _OF_MEASURES and not any(_heading_row(sheet, NOTES) for sheet in sheets.values())
    return Previous(str(path), written, tuple(a for a in adjustments if a is not None), added=tuple(added), lost=lost)


def _unreadable() -> tuple[type[Exception], ...]:
    from python_calamine import CalamineError

    return CalamineError, OSError, ValueError


def _sheets(path: Path) -> dict[str, Sheet]:
    """The two tabs by their names; where one isn't there, or isn't what its name says, all the others too."""
    from python_calamine import CalamineWorkbook

    found: dict[str, Sheet] = {}
    with CalamineWorkbook.from_path(str(path)) as workbook:
        for name in sorted(workbook.sheet_names, key=lambda name: name not in _MARKS):
            if name in _MARKS or not all(_heading_row(found.get(tab, []), tab) for tab in _MARKS):
                found[name] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return found


def _heading_row(sheet: Sheet, tab: str) -> int:
    """Number (from 1) of the row of a tab's headings; 0 where there is none."""
    for number, cells in enumerate(sheet[:HEADING_ROWS], start=1):
        held = {_text(cell) for cell in cells}
        if any(marks <= held for marks in _MARKS[tab]):
            return number
    return 0


def _rows(sheets: Mapping[str, Sheet], tab: str) -> Iterator[tuple[int, Row]]:
    """Row numbers (from 1) and cells by heading: of the tab by its name, else of the first that has its headings."""
    for sheet in (sheets.get(tab, []), *sheets.values()):
        if top := _heading_row(sheet, tab):
            texts = [_text(cell) for cell in sheet[top - 1]]
            names = _own_names(texts) if tab == NOTES else texts
            for number, cells in enumerate(sheet[top:], start=top + 1):
                if any(_text(cell) for cell in cells):
                    yield number, dict(zip(names, cells, strict=False))
            return


def _own_names(names: Sequence[str]) -> list[str]:
    """Headings with those of cause and note put back where a person changed them: the place between our columns tells.

    Where the places on either side aren't the same one (a column was added there) nothing is supposed.
    """
    own, found = headings(), list(names)
    for heading in (CAUSE_HEADING, NOTE_HEADING, CAUSE_HEADING):  # the place of the cause may hang on that of the note
        at = own.index(heading)
        beside = {found.index(own[at + step]) - step for step in (-1, 1) if own[at + step] in found}
        places = {place for place in beside if 0 <= place < len(found) and found[place] not in own}
        if heading not in found and len(places) == 1:
            found[places.pop()] = heading
    return found


def _note(row: Row) -> Note:
    return Note(
        uid=_text(row.get(KEY_HEADING)),
        code=_text(row.get(CODE_HEADING)),
        title=_text(row.get(TITLE_HEADING)),
        office=_text(row.get(OFFICE_HEADING)),
        cause=_text(row.get(CAUSE_HEADING)),
        note=_text(row.get(NOTE_HEADING), strip=False),
    )


def _adjustment(path: Path, number: int, row: Row) -> Adjustment | None:
    text = {field: _text(row.get(heading)) for field, heading in HEADINGS.items()}
    if not (text["value"] or text["pct"]):
        return None
    return Adjustment(
        file=text["file"],
        cell=text["cell"],
        office=text["office"],
        indicator=text["indicator"],
        value=text["value"] or None,
        pct=_percent(row.get(HEADINGS["pct"])),
        reason=text["reason"],
        author=text["author"],
        date=_date(row.get(HEADINGS["date"])),
        source=CellRef(str(path), "Rettifiche", number, 1),
        replaced_result=_text(row.get(WAS_HEADING)),
        replaced_pct=_percent(row.get(WAS_PCT_HEADING)),
        remembered=True,
    )


def _text(cell: Any, *, strip: bool = True) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f").replace(".", ",")
    return str(cell).strip() if strip else str(cell)


def _percent(cell: Any) -> Decimal | None:
    """A fraction under a percent format (0.755), or a text such as `75,5 %`, in percent."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return (Decimal(repr(cell)) * 100).normalize()
    text = _text(cell).replace("%", "").replace(" ", "").replace(",", ".")
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return datetime.strptime(_text(cell), "%d/%m/%Y").date() if _text(cell) else None
    except ValueError:
        return None
