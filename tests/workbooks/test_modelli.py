"""The blank templates: the committed files are what the script writes, twice the same, and perfxl knows their tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfxl.readers.workbook import read_grids
from perfxl.statements import Reader
from scripts.cartelle.modelli import FOLDER, write

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = {
    "Carta_dei_servizi": {"Standard"},
    "Check-up_e_miglioramento": {"Check-up", "Miglioramento"},
    "Gradimento": {"Rilevazione"},
    "Personale_per_processo": {"Processi"},
    "Scadenzario": {"Scadenzario"},
}
"""Template → its sheets."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("modelli"))


def test_the_committed_templates_are_those_of_the_script(written: list[Path], workbooks: Path, cells_of: Callable) -> None:
    assert {path.stem for path in written} == TEMPLATES.keys() == {path.stem for path in (workbooks / FOLDER).glob("*.xlsx")}
    for path in written:
        committed = workbooks / FOLDER / path.name
        assert cells_of(committed) == cells_of(path)


def test_each_run_gives_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    assert [path.read_bytes() for path in write(tmp_path)] == [path.read_bytes() for path in written]


@pytest.mark.parametrize(("name", "sheets"), TEMPLATES.items())
def test_perfxl_knows_every_sheet(workbooks: Path, name: str, sheets: set[str]) -> None:
    grids, problems = read_grids(workbooks / FOLDER / f"{name}.xlsx")
    reader = Reader()
    assert problems == []
    assert {grid.name for grid in grids if reader.take(grid)} == sheets
    assert reader.findings == []
