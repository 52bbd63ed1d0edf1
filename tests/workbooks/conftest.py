"""What the tests of the rebuilt workbooks share: `scripts` made importable, and every cell of a workbook as it is seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.append(str(Path(__file__).parents[2]))  # `import scripts.cartelle.…`: the scripts are part of no installed package

Seen = dict[tuple[str, str], tuple[object, str, str]]


@pytest.fixture(scope="session")
def cells_of() -> Callable[[Path], Seen]:
    """`cells_of(path)`: (sheet, coordinate) -> value, type, number format, of every cell that holds something."""

    def cells(path: Path) -> Seen:
        return {
            (sheet.title, cell.coordinate): (cell.value, cell.data_type, cell.number_format)
            for sheet in load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }

    return cells
