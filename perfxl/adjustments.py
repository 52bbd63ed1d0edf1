"""The controller's rettifiche: a workbook with one correction a row, read strictly — one without a reason is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import AdjustmentError
from perfxl.findings import Finding, finding
from perfxl.model import Adjustment, Cell, CellKind, CellRef
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from perfxl.readers.grid import Grid

HEADINGS = {
    "file": ("file", "cartella", "nome file"),
    "sheet": ("foglio",),
    "cell": ("cella",),
    "office": ("ufficio", "foglio ufficio", "responsabile"),
    "indicator": ("indicatore", "codice", "codice indicatore"),
    "value": ("valore", "risultato", "valore corretto"),
    "pct": ("percentuale", "% realizzazione", "percentuale corretta", "%"),
    "reason": ("motivo", "motivazione"),
    "author": ("autore", "chi"),
    "date": ("data",),
}


def read_adjustments_file(path: str | Path, *, reason_required: bool = True) -> tuple[list[Adjustment], list[Finding]]:
    """Rows of the file as `Adjustment`s; refused rows as findings PX-T001.

    The columns are recognised by their headings, in any order: file and cella, or ufficio and indicatore; valore, or
    percentuale; motivo, autore, data. `reason_required` is the method's word on rows without a reason. Raises `AdjustmentError` where the file can't be read or has no such table.
    """
    from perfxl.readers.workbook import read_grids

    grids, problems = read_grids(path)
    for grid in grids:
        header = _header(grid)
        if header is not None:
            return _rows(grid, *header, reason_required)
    why = (
        f"{problems[0].title.lower()} ({problems[0].found})"
        if problems
        else "manca una tabella con le colonne file e cella (o ufficio e indicatore), valore o percentuale, motivo, autore, data"
    )
    raise AdjustmentError(f"rettifiche non leggibili in {path}: {why}", file=str(path), cell="")


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for row in sorted(grid.rows)[:40]:
        columns: dict[str, int] = {}
        for column, text in grid.texts(row).items():
            name = next((key for key, words in HEADINGS.items() if folded(text) in words), None)
            if name is not None:
                columns.setdefault(name, column)
        if (
            "reason" in columns
            and ({"value", "pct"} & set(columns))
            and ({"file", "cell"} <= set(columns) or {"office", "indicator"} <= set(columns))
        ):
            return row, columns
    return None


def _rows(grid: Grid, header: int, columns: dict[str, int], reason_required: bool) -> tuple[list[Adjustment], list[Finding]]:
    adjustments, findings = [], []
    for row in sorted(r for r in grid.rows if r > header):
        cells = {name: grid.cell(row, column) for name, column in columns.items()}
        if all(cell.empty for cell in cells.values()):
            continue
        source = CellRef(grid.file, grid.name, row, columns["reason"])
        adjustment, wrong = _adjustment(cells, source, reason_required)
        if wrong:
            findings.append(finding("PX-T001", f"riga {row}: {wrong}", source))
        else:
            adjustments.append(adjustment)
            if not adjustment.author or adjustment.date is None:
                findings.append(finding("PX-T005", f"riga {row}", source))
    return adjustments, findings


def _adjustment(cells: dict[str, Cell], source: CellRef, reason_required: bool) -> tuple[Adjustment, str]:
    def text(name: str) -> str:
        return cells[name].text.strip() if name in cells else ""

    pct, bad_pct = _percent(cells.get("pct"))
    when, bad_date = _date(cells.get("date"))
    cell = f"{text('sheet')}!{text('cell')}" if text("sheet") and text("cell") else text("cell")
    made = Adjustment(
        text("file"),
        cell,
        text("office"),
        text("indicator"),
        text("value") or None,
        pct,
        text("reason"),
        text("author"),
        when,
        source,
    )
    if not made.reason and reason_required:
        return made, "senza motivo"
    if not ((made.file and made.cell) or (made.office and made.indicator)):
        return made, "non dice quale cella (file e cella, o ufficio e indicatore)"
    if made.value is None and made.pct is None:
        return made, bad_pct or "senza valore e senza percentuale"
    if bad_pct:
        return made, bad_pct
    if made.value is not None and made.pct is not None:
        return made, "valore e percentuale insieme: ne serve uno solo"
    return made, bad_date


def _percent(cell: Cell | None) -> tuple[Decimal | None, str]:
    """A percent: under a percent format the fraction times 100, else the number as written (74 or 74%).

    0,5 with neither format nor sign is 50 % to one person and half a percent to another: refused, never guessed.
    """
    if cell is None or cell.empty:
        return None, ""
    if cell.kind is CellKind.PERCENT and isinstance(cell.value, Decimal):
        return cell.value * 100, ""
    from perfxl.grammar.numbers import number_of

    value = cell.value if isinstance(cell.value, Decimal) else number_of(cell.text.replace("%", "").strip())
    if value is None:
        return None, f"percentuale «{cell.text}» non leggibile"
    if "%" not in cell.text and 0 < abs(value) <= 1:
        return None, f"percentuale «{cell.text}» senza il segno %: può essere una frazione"
    return value, ""


def _date(cell: Cell | None) -> tuple[date | None, str]:
    if cell is None or cell.empty:
        return None, ""
    if isinstance(cell.value, date):
        return cell.value, ""
    from perfxl.grammar import parse_result

    dates = parse_result(cell).dates
    return (dates[0], "") if len(dates) == 1 else (None, f"data «{cell.text}» non leggibile")
