"""Offices at work: the sheet that was sent to one is filled, with the results that the body really published, and goes back."""

from __future__ import annotations

import io
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl import load_workbook

from perfxl.model import RowLevel
from perfxl.readers import read_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLISHED = Path(__file__).parents[2] / "workbooks" / "massacarrara-2019"
SHEET = "Cruscotto"
RESULT, TARGET, NOTE, CAUSE, EVIDENCE = "C", "D", "J", "K", "L"
WHY = "Come da relazione dell'ufficio."
NOT_MEASURED = "N.C."


def opened(data: bytes | Path) -> Any:
    """The workbook in openpyxl's hands, which drops what it doesn't know and says so."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        return load_workbook(io.BytesIO(data) if isinstance(data, bytes) else data)


def saved(book: Any) -> bytes:
    """Its bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(path: Path) -> dict[str, int]:
    """The rows of the indicators, by code."""
    return {
        row.code: row.ref.row
        for sheet in read_workbook(path).sheets
        if sheet.sheet == SHEET
        for row in sheet.rows
        if row.level is RowLevel.INDICATOR
    }


class Typed(NamedTuple):
    """What a clerk types into a cell: Excel takes the format from the typing (`98%`, `29/03/2019`)."""

    value: Any
    number_format: str = "General"


@cache
def published(office: str) -> dict[str, Typed]:
    """What the office's published dashboard holds in its result column, by code: four of the eight had measured something."""
    (path,) = PUBLISHED.glob(f"{office.replace('/', '-')}_*.xlsx")
    sheet = opened(path)[SHEET]
    held = {code: sheet[f"{RESULT}{row}"] for code, row in rows_of(path).items()}
    return {code: Typed(cell.value, cell.number_format) for code, cell in held.items() if cell.value is not None}


def answers(path: Path, office: str) -> dict[str, Typed]:
    """What the office types, by cell: its published results; where there is none the target, if it is a number, else N.C.; notes."""
    sheet = opened(path)[SHEET]
    known = published(office)
    typed: dict[str, Typed] = {}
    for code, row in rows_of(path).items():
        target = sheet[f"{TARGET}{row}"]
        reached = Typed(target.value, target.number_format) if isinstance(target.value, int | float) else Typed(NOT_MEASURED)
        typed[f"{RESULT}{row}"] = known.get(code, reached)
        typed[f"{NOTE}{row}"] = Typed(WHY)
    return typed


def filled(path: Path, office: str, also: Mapping[str, Any] | None = None) -> bytes:
    """The sheet as the office sends it back; `also` are cells typed afterwards (address → value, None empties)."""
    book = opened(path)
    sheet = book[SHEET]
    for address, typed in answers(path, office).items():
        sheet[address].value, sheet[address].number_format = typed
    for address, value in (also or {}).items():
        sheet[address].value = value
    return saved(book)
