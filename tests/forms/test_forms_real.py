"""The real results of the two chambers, typed into the forms: the native figures are those of the main job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfxl.model import Cell, CellKind, RowLevel
from perfxl.readers import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Agree = Callable[[Path, str], tuple[int, int]]


def type_into(form: Path, copy: Path, results: dict[tuple[str, str], Cell], column: str) -> int:
    """Type the results of the real sheets, by sheet's respondent and indicator, into a copy; the formats go along in plain cells."""
    from openpyxl import load_workbook

    book, typed = load_workbook(form), 0
    for sheet in read_workbook(form).sheets:
        for row in sheet.rows:
            cell = results.get((sheet.sheet, row.code))
            if row.level is not RowLevel.INDICATOR or cell is None or cell.empty:
                continue
            place = book[sheet.sheet][f"{column}{row.ref.row}"]
            place.value = float(cell.value) if cell.kind in (CellKind.NUMBER, CellKind.PERCENT) else cell.value
            if place.number_format == "General" and cell.kind is not CellKind.TEXT:
                place.number_format = cell.number_format
            typed += 1
    book.save(copy)
    return typed


def real_results(path: Path) -> dict[tuple[str, str], Cell]:
    """Results by sheet and code. A serial 0 (00/01/1900) is a blank in disguise: nobody types it."""
    return {
        (sheet.sheet, row.code): row.result
        for sheet in read_workbook(path).sheets
        for row in sheet.rows
        if row.level is RowLevel.INDICATOR and row.result.kind is not CellKind.ZERO_DATE
    }


@pytest.mark.parametrize("code", ["U1.1", "U5.1/U5.2", "ISR", "U0.1"])
def test_massacarrara(code: str, massacarrara_files: dict[str, Path], workbooks: Path, agree: Agree, tmp_path: Path) -> None:
    real = workbooks / "massacarrara-2019" / f"{code.replace('/', '-')}_monitoraggio_2019.xlsx"
    returned = tmp_path / real.name
    typed = type_into(massacarrara_files[code], returned, real_results(real), "C")
    figures, _ = agree(returned, "massacarrara-2019")
    assert typed >= figures >= 3


@pytest.mark.parametrize("number", [1, 2, 3])
def test_lucca(number: int, lucca_files: dict[str, Path], workbooks: Path, agree: Agree, tmp_path: Path) -> None:
    real = workbooks / "lucca-2017" / f"Report_direzionale_2017_Area{number}.xlsx"
    returned = tmp_path / real.name
    typed = type_into(lucca_files[f"Area{number}"], returned, real_results(real), "B")
    figures, words = agree(returned, "lucca-2017")
    assert typed == figures + words
    assert figures > 20
