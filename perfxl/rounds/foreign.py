"""A workbook that isn't the sheet sent (the body's dashboard of before, a copy in another workbook) on the rows that were sent.

Of it counts what counts of our own sheets: results, notes and causes. What was asked, and of how much, is as it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from perfxl.model import CellRef, RowLevel
from perfxl.model.sheets import WorkbookRows
from perfxl.readers import rows_of_grids
from perfxl.readers.headings import folded
from perfxl.rounds.alignment import SAME_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.methods.schema import Method
    from perfxl.model import Cell
    from perfxl.model.sheets import SheetRow
    from perfxl.rounds.sent import Page


@dataclass(slots=True)
class Foreign:
    """`rows`: the rows that were sent with the reply's results, each cell with its place in the reply; what else is to be told."""

    rows: WorkbookRows
    changed: list[tuple[CellRef | None, str, str]] = field(default_factory=list)  # cell of the reply, as sent, as returned
    lacking: list[str] = field(default_factory=list)  # indicators that the reply doesn't have
    added: list[tuple[CellRef, str]] = field(default_factory=list)  # indicators that weren't asked
    doubtful: list[tuple[CellRef, str]] = field(default_factory=list)  # two results of an indicator, a code with another's text


def on_sent_rows(own: WorkbookRows, pages: Sequence[Page], method: Method) -> Foreign:
    """The office's own sheets (`own`) on the sheet in force, indicator by indicator."""
    rows: dict[str, list[SheetRow]] = {}
    for sheet in own.sheets:
        for row in sheet.indicators:
            rows.setdefault(_key(row, method), []).append(row)
    done = Foreign(own)
    asked = rows_of_grids([replace(page.grid, file=own.file) for page in pages], own.file).sheets
    sheets = []
    for sheet in asked:
        laid = tuple(_on(row, rows, method, done) if row.level is RowLevel.INDICATOR else row for row in sheet.rows)
        sheets.append(replace(sheet, rows=laid, sheet=_name(laid, own), year=own.sheets[0].year if own.sheets else sheet.year))
    known = {_key(row, method) for sheet in asked for row in sheet.indicators}
    done.added = [(each[0].ref, _words(each[0])) for key, each in rows.items() if key not in known]
    done.rows = replace(own, sheets=tuple(sheets) if own.sheets else ())
    return done


def _on(row: SheetRow, rows: dict[str, list[SheetRow]], method: Method, done: Foreign) -> SheetRow:
    """A row that was sent, with what the reply says of its indicator."""
    found = rows.get(_key(row, method))
    if not found:
        done.lacking.append(_words(row))
        return row
    first = found[0]
    if len({folded(each.result.text) for each in found}) > 1:
        done.doubtful.append((found[1].ref, f"«{_words(row)}» è in {len(found)} righe, con risultati diversi"))
        return row
    if SequenceMatcher(None, folded(row.title), folded(first.title), autojunk=False).ratio() < SAME_WORDS:
        done.doubtful.append((first.ref, f"il codice è di «{_words(row)[:90]}», il testo è «{first.title[:90]}»"))
        return row
    pairs = [(row.algorithm, first.algorithm), *((cell, first.targets.get(year)) for year, cell in row.targets.items())]
    done.changed += [
        (back.ref, sent.text, back.text)
        for sent, back in pairs
        if back is not None and back.ref is not None and not _same(sent, back)
    ]
    if folded(row.title) != folded(first.title):
        done.changed.append((first.ref, row.title, first.title))
    return replace(
        row, ref=first.ref, result=first.result, note=first.note, cause=first.cause, typed_pct=first.typed_pct, extra=first.extra
    )


def _same(sent: Cell, back: Cell) -> bool:
    return (sent.value == back.value and sent.kind == back.kind) or folded(sent.text) == folded(back.text)


def _key(row: SheetRow, method: Method) -> str:
    """What an indicator is known by: its code; what it hangs from and its text where indicators bear none (Lucca)."""
    return method.canonical(row.code) if row.code_printed else f"{row.owner}/{folded(row.title)}"


def _words(row: SheetRow) -> str:
    return f"{row.code} {row.title}"


def _name(rows: Sequence[SheetRow], own: WorkbookRows) -> str:
    """The sheet of the reply that the rows stand in, as its cells say."""
    names = {sheet.sheet for sheet in own.sheets}
    return next((row.ref.sheet for row in rows if row.level is RowLevel.INDICATOR and row.ref.sheet in names), "")
