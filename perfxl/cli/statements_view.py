"""Statements as they were read (`perfxl leggi`): briefly in a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from perfxl.cli.jsonout import json_number
from perfxl.cli.terminal import plain_text, plural, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from perfxl.statements import Line, Statement

LINES_SHOWN = 8
LEVEL_LENGTH, KEY_LENGTH, TITLE_LENGTH, CELL_LENGTH = 12, 14, 32, 14
FIGURES_SHOWN = 3


def print_statements(out: Console, statements: Sequence[Statement]) -> None:
    """Each statement: where it stands, its columns, how many lines of each level, the first of them."""
    for statement in statements:
        out.print()
        year = f", anno {statement.year}" if statement.year else ""
        out.print(plain_text(f"Prospetto nel foglio «{statement.sheet}»: {statement.declaration.title}", "bold"))
        levels = ", ".join(f"{count} {level}" for level, count in Counter(line.level for line in statement.lines).items())
        lines = plural(len(statement.lines), "riga", "righe")
        out.print(plain_text(f"Modello {statement.id}{year}, dalla riga {statement.top}; {lines}: {levels}"))
        columns = ", ".join(f"{each.heading} = {_letter(each.at)}" for each in statement.fields if each.at is not None)
        out.print(plain_text(f"Colonne trovate: {columns}"))
        _print_lines(out, statement)


def _print_lines(out: Console, statement: Statement) -> None:
    from rich.table import Table

    figures = [each for each in statement.fields if each.kind not in {"text", "algorithm", "target"}][:FIGURES_SHOWN]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Riga", "Livello", "Chiave", "Titolo"):
        table.add_column(heading, no_wrap=True)
    for each in figures:
        table.add_column(shorten(each.heading, CELL_LENGTH), no_wrap=True, justify="right")
    for line in statement.lines[:LINES_SHOWN]:
        cells = [line.text(each.key) for each in figures]
        level, key = shorten(line.level, LEVEL_LENGTH), shorten(line.key, KEY_LENGTH)
        texts = [str(line.row), level, key, shorten(line.title, TITLE_LENGTH)]
        table.add_row(*(plain_text(text) for text in (*texts, *(shorten(cell, CELL_LENGTH) for cell in cells))))
    out.print(table)
    left = len(statement.lines) - LINES_SHOWN
    if left > 0:
        out.print(f"  … e {plural(left, 'altra riga', 'altre righe')}.")


def _letter(column: int | None) -> str:
    letters, n = "", column or 0
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def statements_json(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """The `statements` of `perfxl leggi --json`."""
    return [
        {
            "id": statement.id,
            "title": statement.declaration.title,
            "sheet": statement.sheet,
            "header_row": statement.top,
            "year": statement.year,
            "columns": {each.key: _letter(each.at) for each in statement.fields if each.at is not None},
            "lines": [_line_json(line) for line in statement.lines],
        }
        for statement in statements
    ]


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "row": line.row,
        "level": line.level,
        "key": line.key,
        "title": line.title,
        "parent": line.parent or None,
        "texts": {key: figure.text for key, figure in line.figures.items() if not figure.cell.empty},
        "figures": {key: json_number(figure.typed) for key, figure in line.figures.items() if figure.typed is not None},
    }
