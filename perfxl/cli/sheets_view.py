"""A workbook as understood: in a terminal, sheet by sheet, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfxl.cli.findings_view import print_findings
from perfxl.cli.jsonout import json_number
from perfxl.cli.reading import reading_findings, result_json, result_words, target_json, target_words
from perfxl.cli.statements_view import print_statements
from perfxl.cli.terminal import plain_text, plural, shorten
from perfxl.model import EMPTY, Cell, Result, RowLevel, SheetRole, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from perfxl.findings import Finding
    from perfxl.model import SheetRow, SheetRows, WorkbookRows
    from perfxl.statements import Statement

ROLE_WORDS = {
    SheetRole.OFFICE: "foglio di un ufficio",
    SheetRole.BODY: "foglio dell'ente",
    SheetRole.PERSON: "foglio di una posizione organizzativa",
    SheetRole.PLAN: "piano",
    SheetRole.OBJECTIVES: "obiettivi di una persona o dell'ente",
    SheetRole.PROJECTS: "schede di progetto",
    SheetRole.OTHER_SYSTEM: "foglio di un altro sistema, lasciato stare",
}
LEVEL_WORDS = {
    RowLevel.BODY: "ente",
    RowLevel.AREA: "area",
    RowLevel.STRATEGIC: "ob. strategico",
    RowLevel.OPERATIONAL: "ob. operativo",
    RowLevel.PROJECT: "progetto",
    RowLevel.OBJECTIVE: "obiettivo",
    RowLevel.INDICATOR: "indicatore",
}
COLUMN_WORDS = {
    "text": "testo",
    "code": "codice",
    "label": "etichetta",
    "title": "titolo",
    "algorithm": "algoritmo",
    "result": "risultato",
    "previous": "anno precedente",
    "target": "target",
    "typed_pct": "% indicata",
    "weight": "peso",
    "budget": "budget",
    "perspective": "prospettiva",
    "office": "ufficio",
    "person": "responsabile",
    "note": "nota",
    "cause": "causa",
}
IN_THE_TEXT = "nel testo"
TITLE_LENGTH = 70
CELL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with its target and result read; `findings` tell what could not be.

    `target` is None for a heading of the tree, and where the sheet has no target column (the target is in the text).
    """

    row: SheetRow
    target_cell: Cell
    target: Target | None
    result: Result | None
    findings: tuple[Finding, ...] = ()


def read_row(row: SheetRow, year: int | None, role: SheetRole = SheetRole.OFFICE) -> ReadRow:
    """Read target and result of a row, for `year`, as the consolidation reads them; headings of the tree have neither."""
    from perfxl.grammar import parse_target
    from perfxl.rollup.entries import read_result

    cell = _target_cell(row, year)
    scored = row.level is RowLevel.INDICATOR or not row.result.empty or not cell.empty
    if not scored:
        return ReadRow(row, cell, None, None)
    target = parse_target(cell, algorithm=row.algorithm.text, year=year) if row.targets else None
    result = read_result(row.result, year, as_percent=role is SheetRole.OBJECTIVES, sentinel="sentinel" in row.extra)
    findings = reading_findings(target, result, cell.ref or row.ref, row.result.ref or row.ref)
    return ReadRow(row, cell, target, result, tuple(findings))


def _target_cell(row: SheetRow, year: int | None) -> Cell:
    if year in row.targets:
        return row.targets[year]
    if None in row.targets:
        return row.targets[None]
    return next(iter(row.targets.values())) if len(row.targets) == 1 else EMPTY


def print_workbook(
    out: Console,
    workbook: WorkbookRows,
    sheets: Sequence[tuple[SheetRows, Sequence[ReadRow]]],
    findings: Sequence[Finding],
    statements: Sequence[Statement] = (),
) -> None:
    """The whole workbook for a reader: sheets, rows, statements, findings."""
    out.print(plain_text(workbook.file, "bold"))
    if not sheets and not statements:
        out.print("Nessun foglio riconosciuto.")
    for sheet, rows in sheets:
        out.print()
        _print_sheet(out, sheet, rows)
    print_statements(out, statements)
    out.print()
    print_findings(out, findings, where_all=" (con --json ci sono tutte)", limit=40)


def _print_sheet(out: Console, sheet: SheetRows, rows: Sequence[ReadRow]) -> None:
    from rich.table import Table

    out.print(plain_text(f"Foglio «{sheet.sheet}»: {sheet.title}", "bold"))
    who = f", di {sheet.respondent}" if sheet.respondent else ""
    year = f", anno {sheet.year}" if sheet.year else ""
    out.print(plain_text(f"Modello {sheet.layout} ({ROLE_WORDS[sheet.role]}{who}{year}), {plural(len(rows), 'riga', 'righe')}"))
    if sheet.columns and rows:
        columns = ", ".join(f"{column_words(field)} = {letter}" for field, letter in sheet.columns.items())
        header = f" (intestazioni alla riga {sheet.header.row})" if sheet.header else ""
        out.print(plain_text(f"Colonne trovate{header}: {columns}"))
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Cella", "Livello", "Codice"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Testo", "Target → lettura", "Risultato → lettura"):
        table.add_column(heading, overflow="fold", ratio=1)
    for read in rows:
        table.add_row(*_cells(read))
    out.print(table)


def column_words(field: str) -> str:
    """`% indicata` for `typed_pct`, `target 2019` for `target 2019`; a layout's own name as it is."""
    name, _, year = field.partition(" ")
    return f"{COLUMN_WORDS.get(name, name)} {year}".rstrip()


def _cells(read: ReadRow) -> tuple[Any, ...]:
    row = read.row
    without = IN_THE_TEXT if read.result else ""
    target = _arrow(read.target_cell, target_words(read.target)) if read.target else without
    result = _arrow(row.result, result_words(read.result)) if read.result else ""
    texts = (row.ref.a1, LEVEL_WORDS[row.level], row.code, shorten(row.title, TITLE_LENGTH), target, result)
    return tuple(plain_text(text) for text in texts)


def _arrow(cell: Cell, words: str) -> str:
    return words if cell.empty else f"{shorten(cell.text, CELL_LENGTH)} → {words}"


def workbook_json(
    workbook: WorkbookRows, sheets: Sequence[tuple[SheetRows, Sequence[ReadRow]]], findings: Sequence[Finding]
) -> dict[str, Any]:
    """The JSON of `perfxl leggi --json`."""
    return {
        "file": workbook.file,
        "sha256": workbook.sha256,
        "sheets": [_sheet_json(sheet, rows) for sheet, rows in sheets],
        "findings": [item.as_dict() for item in findings],
    }


def _sheet_json(sheet: SheetRows, rows: Sequence[ReadRow]) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet,
        "layout": sheet.layout,
        "role": str(sheet.role),
        "respondent": sheet.respondent,
        "offices": list(sheet.respondent_offices),
        "title": sheet.title,
        "year": sheet.year,
        "header_row": sheet.header.row if sheet.header else None,
        "columns": dict(sheet.columns),
        "rows": [_row_json(read) for read in rows],
    }


def _row_json(read: ReadRow) -> dict[str, Any]:
    row = read.row
    return {
        "cell": row.ref.a1,
        "level": str(row.level),
        "code": row.code,
        "code_printed": row.code_printed,
        "title": row.title,
        "owner": row.owner,
        "strategic": row.strategic,
        "offices": list(row.offices),
        "people": list(row.people),
        "algorithm": row.algorithm.text,
        "target_text": read.target_cell.text,
        "target_cell": read.target_cell.ref.a1 if read.target_cell.ref else None,
        "target": target_json(read.target) if read.target else None,
        "result_text": row.result.text,
        "result_cell": row.result.ref.a1 if row.result.ref else None,
        "result": result_json(read.result) if read.result else None,
        "typed_pct_text": row.typed_pct.text,
        "weight": _cell_number(row.weight),
        "note": row.note.text,
    }


def _cell_number(cell: Cell) -> int | float | None:
    return json_number(cell.value) if isinstance(cell.value, Decimal) else None
