"""What a tab is printed on: A4, A3 where it is wide, several pages side by side where not even that could be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from perfxl.views.place import Book, Paper, place
from perfxl.views.tab import Column, Tab, Table
from perfxl.writers.file import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.consolidation import Consolidation


def tab(columns: int) -> Tab:
    """A matrix: two columns of names, then one for each objective, 8 wide (61 pixels)."""
    names = (Column("a", "Ufficio", 11, str), Column("b", "Denominazione", 40, str))
    table = Table("m", (*names, *(Column(f"o{n}", f"1.{n}", 8, str) for n in range(columns))), ["x"], top=3)
    return Tab("Uffici", "Uffici", "", (table,), colour="000000", freeze_columns=2)


@pytest.mark.parametrize(
    ("columns", "paper"),
    [(6, Paper()), (35, Paper(a3=True)), (800, Paper(a3=True, scale=60, columns=2))],
)
def test_the_paper_follows_the_width(columns: int, paper: Paper) -> None:
    """An A4 takes 1046 pixels, at 60 % 1743; an A3 1511, at 35 % 4317."""
    (sheet,) = place([tab(columns)])
    assert sheet.paper == paper


def test_a_matrix_of_hundreds_repeats_its_first_columns(tmp_path: Path) -> None:
    write_file(Book(place([tab(800)]), 2, ""), tmp_path / "m.xlsx")
    sheet = load_workbook(tmp_path / "m.xlsx")["Uffici"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.scale, sheet.print_title_cols) == (8, 60, "$A:$B")
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_statement_that_is_one_long_table_keeps_its_headings(lucca: Consolidation, tmp_path: Path) -> None:
    book = load_workbook(lucca.write(tmp_path / "c.xlsx"))
    assert (book["Progetti art. 15"].print_title_rows, book["Progetti art. 15"].freeze_panes) == ("$5:$5", "A6")
    assert (book["Risorse"].print_title_rows, book["Risorse"].freeze_panes) == (None, None)  # several tables
