"""Which rows a rettifica speaks of: by file and cell, by office and indicator; none where that can't be told for certain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar import normalise_offices, split_code
from perfxl.model import Adjustment, SheetRole
from perfxl.rollup.entries import Entry

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

LISTED = 4


def places_of(adjustment: Adjustment, entries: Sequence[Entry], method: Method) -> tuple[list[int], Finding | None]:
    """Indices of the entries that a rettifica concerns, or none and the finding that says why.

    A cell is that of one row: where several have it (sheets and files that are alike), or where office or indicator say
    otherwise, the rettifica is refused. A remembered one follows its indicator when the office inserts rows above it.
    """
    coded = _coded(adjustment, entries, method)
    if not (adjustment.file and adjustment.cell):
        return coded, None if coded else finding("PX-T002", where(adjustment), adjustment.source)
    at = _at_cell(adjustment, entries)
    here = [i for i in at if i in coded]
    if not here and adjustment.remembered and adjustment.office and adjustment.indicator:
        here = [i for i in coded if _same_name(adjustment, entries[i])]
    if len(here) == 1:
        if adjustment.value is not None and (why := _typed_cell(adjustment, entries[here[0]])):
            return [], refused(adjustment, why)
        return here, None
    if here:
        return [], refused(adjustment, _ambiguous([entries[i] for i in here]))
    if at:
        told = " di ".join(part for part in (adjustment.indicator, adjustment.office) if part)
        return [], refused(adjustment, f"la cella è di {_listed([entries[i] for i in at])}, la riga dice {told}")
    return [], finding("PX-T002", where(adjustment), adjustment.source)


def where(adjustment: Adjustment) -> str:
    """A rettifica's own words for its place."""
    at = f"{adjustment.file} {adjustment.cell}".strip()
    return at or f"{adjustment.office} {adjustment.indicator}".strip()


def refused(adjustment: Adjustment, why: str) -> Finding:
    """PX-T001."""
    return finding("PX-T001", f"{where(adjustment)}: {why}", adjustment.source)


def _coded(adjustment: Adjustment, entries: Sequence[Entry], method: Method) -> list[int]:
    """The entries of the office and indicator; of either alone where the other isn't said.

    The code as perfxl itself prints it comes first: `1A0101-P1` is an indicator of 1A0101, not 1A0101.
    """
    mine = [i for i, entry in enumerate(entries) if _of_office(adjustment, entry)]
    if not adjustment.indicator:
        return mine
    printed = _plain(method.canonical(adjustment.indicator.strip()))
    exact = [i for i in mine if _plain(entries[i].code) == printed]
    code = method.canonical(whole_code(adjustment.indicator))
    return exact or [i for i in mine if code and entries[i].code == code]


def whole_code(text: str) -> str:
    """The code of a text in normal form, "" where the text goes on without a blank: of `1A0101-P1` half a code says another."""
    code, _, rest = split_code(text)
    ends = not rest or " ".join(text.split()).endswith(" " + rest)
    return code if code and ends else ""


def _of_office(adjustment: Adjustment, entry: Entry) -> bool:
    if not adjustment.office:
        return True
    if entry.sheet.role is SheetRole.PERSON and adjustment.office != entry.office:
        return False
    own = {entry.office, *entry.sheet.respondent_offices}
    return bool({*normalise_offices(adjustment.office), adjustment.office} & own)


def _typed_cell(adjustment: Adjustment, entry: Entry) -> str:
    """Why a value can't stand in the cell of a percent that was typed beside the result, or "": it isn't the result's."""
    (_, cell), typed = _cell_named(adjustment), entry.row.typed_pct.ref
    if typed is None or cell != typed.a1 or cell == entry.result_ref.a1:
        return ""
    return (
        f"la cella {cell} è della percentuale indicata di {entry.code}, non del risultato ({entry.result_ref.a1}): "
        "indicare la cella del risultato, o scrivere la percentuale nella colonna della percentuale"
    )


def _cell_named(adjustment: Adjustment) -> tuple[str, str]:
    """Sheet ("" where none is said) and cell: `'Foglio 1'!$C$7` → `foglio 1`, `C7`."""
    sheet, _, cell = adjustment.cell.replace("$", "").rpartition("!")
    return sheet.strip("'").casefold(), cell.strip().upper()


def _at_cell(adjustment: Adjustment, entries: Sequence[Entry]) -> list[int]:
    """The cell of a row's result, typed percent or text, in the file of that name (and sheet, folder, where they are given)."""
    sheet, cell = _cell_named(adjustment)
    found = [
        i
        for i, entry in enumerate(entries)
        if _same_name(adjustment, entry) and (not sheet or sheet == entry.sheet.sheet.casefold()) and cell in cells_of(entry)
    ]
    parts = _parts(adjustment.file)
    return [i for i in found if _parts(entries[i].sheet.file)[-len(parts) :] == parts] or found


def cells_of(entry: Entry) -> set[str]:
    """The cells by which a row may be named: its result's, its typed percent's, its own."""
    return {ref.a1 for ref in (entry.row.result.ref, entry.row.typed_pct.ref, entry.row.ref) if ref is not None}


def _same_name(adjustment: Adjustment, entry: Entry) -> bool:
    return _parts(adjustment.file)[-1:] == _parts(entry.sheet.file)[-1:]


def _parts(file: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in PurePath(file.replace("\\", "/")).parts)


def _ambiguous(entries: Sequence[Entry]) -> str:
    listed = _listed(entries)
    if len({entry.sheet.file for entry in entries}) > 1:
        folder = "/".join(PurePath(entries[0].sheet.file).parts[-2:])
        return f"più file con questo nome hanno quella cella ({listed}): scrivere anche la cartella (es. {folder}), o l'ufficio"
    first = entries[0].sheet.sheet
    if len({entry.sheet.sheet for entry in entries}) > 1:
        return f"più fogli hanno quella cella ({listed}): scrivere anche il foglio (es. {first}!{entries[0].result_ref.a1})"
    return f"più righe hanno quella cella ({listed}): scrivere anche ufficio e indicatore"


def _listed(entries: Sequence[Entry]) -> str:
    shown = [f"{entry.code} di {entry.office}, foglio {entry.sheet.sheet}" for entry in entries[:LISTED]]
    return "; ".join(shown) + (f"; altre {len(entries) - LISTED}" if len(entries) > LISTED else "")


def _plain(code: str) -> str:
    return "".join(code.split()).casefold()
