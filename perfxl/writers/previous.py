"""What a previous consolidated workbook holds of people's work: causes and notes of *Scostamenti*, the *Rettifiche*.

Columns are found by their headings, rows by their key or by code and office: the person may have sorted, filtered, added
rows or columns. Nothing here raises for what a file contains.
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
    CAUSE_HEADING,
    CODE_HEADING,
    KEY_HEADING,
    NOTE_HEADING,
    OFFICE_HEADING,
    TITLE_HEADING,
    headings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPLIED_HEADING, WAS_HEADING, WAS_PCT_HEADING = "Esito", "Risultato sostituito", "% sostituita"
HEADING_ROWS = 30
"""The headings are looked for in so many rows."""

Row = dict[str, Any]


@record(frozen=True, slots=True)
class Previous:
    """Notes and rettifiche of a previous workbook; `findings` where it couldn't be read. `path` is where it lay.

    `added`: headings of the columns that a person added to *Scostamenti*, and wrote in.
    """

    path: str
    notes: tuple[Note, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    findings: tuple[Finding, ...] = ()
    added: tuple[str, ...] = ()


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


def previous_of(path: str | Path, sheets: Mapping[str, list[list[Any]]]) -> Previous:
    """The same from values by tab (`Scostamenti`, `Rettifiche`; the first cell being A1): of a workbook that is open."""
    rows = [row for _, row in _rows(sheets.get("Scostamenti", []), (CODE_HEADING, CAUSE_HEADING, NOTE_HEADING))]
    notes = tuple(map(_note, rows))
    written = tuple(note for note in notes if note.cause or note.note)
    wanted = (HEADINGS["indicator"], HEADINGS["reason"])
    adjustments = tuple(_adjustment(Path(path), number, row) for number, row in _rows(sheets.get("Rettifiche", []), wanted))
    own = headings()
    added = dict.fromkeys(name for row in rows for name, cell in row.items() if name not in own and _text(cell))
    return Previous(str(path), written, tuple(a for a in adjustments if a is not None), added=tuple(added))


def _unreadable() -> tuple[type[Exception], ...]:
    from python_calamine import CalamineError

    return CalamineError, OSError, ValueError


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as workbook:
        names = [name for name in ("Scostamenti", "Rettifiche") if name in workbook.sheet_names]
        return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}


def _rows(sheet: list[list[Any]], wanted: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Row numbers (from 1) and cells by heading, beneath the first row that holds the wanted headings."""
    names: list[str] | None = None
    for number, cells in enumerate(sheet, start=1):
        if names is not None:
            if any(_text(cell) for cell in cells):
                yield number, dict(zip(names, cells, strict=False))
        elif number <= HEADING_ROWS and set(wanted) <= {_text(cell) for cell in cells}:
            names = [_text(cell) for cell in cells]


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
