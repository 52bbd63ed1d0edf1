"""The first page: nothing that the body is made of drops out of it unsaid, and its print isn't cut."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from perfxl.views import consolidated_book
from perfxl.views.prospetti_layout import PAGE_HEIGHT, PAGE_WIDTH
from perfxl.views.sintesi import GRID, GRID_WIDTH

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.consolidation import Consolidation
    from perfxl.views.place import Sheet


def wide(c: Consolidation, more: int) -> Consolidation:
    """The body with so many objectives more in its first area, before the other areas."""
    at = next(i for i, node in enumerate(c.nodes) if node.code == "OB2")
    like = next(node for node in c.nodes if node.code == "1.2")
    return replace(c, nodes=(*c.nodes[:at], *(replace(like, code=f"1.{n}") for n in range(100, 100 + more)), *c.nodes[at:]))


def first_page(c: Consolidation, folder: Path) -> Sheet:
    return consolidated_book(c, folder).sheets[0]


def texts(sheet: Sheet, left: int, right: int = GRID) -> list[str]:
    return [str(cell.value) for cell in sheet.cells() if left <= cell.column <= right and cell.value is not None]


def test_every_area_is_there_and_the_rest_is_counted(massacarrara: Consolidation, tmp_path: Path) -> None:
    """3 areas, 6 objectives and 60 more: 37 objectives beside the areas make 40 rows, 29 are left."""
    sheet = first_page(wide(massacarrara, 60), tmp_path)
    codes = texts(sheet, 0, 0)
    assert [code for code in codes if code.startswith("OB")] == ["OB1", "OB2", "OB3"]
    assert "altri 29 obiettivi: vedi Albero" in codes


def test_what_has_room_is_in_the_order_of_the_tree(massacarrara: Consolidation, tmp_path: Path) -> None:
    codes = texts(first_page(massacarrara, tmp_path), 0, 0)
    expected = ["OB1", "1.1", "1.2", "OB2", "2.1", "2.2", "OB3", "3.1", "3.2"]
    assert codes[codes.index("OB1") :][:9] == expected
    assert not [code for code in codes if code.startswith("altri")]


@pytest.mark.parametrize("more", [0, 1, 2, 3, 5, 20, 60])
def test_charts_draw_the_rows_beside_them_and_no_page_cuts_them(massacarrara: Consolidation, tmp_path: Path, more: int) -> None:
    sheet = first_page(wide(massacarrara, more), tmp_path)
    placed = [each for each in sheet.charts if each.chart.percent]
    rows = [row for each in placed for row in range(each.values[0], each.values[2] + 1)]
    assert rows == [*range(rows[0], rows[0] + min(9 + more, 40))]
    page = PAGE_HEIGHT * GRID * (GRID_WIDTH * 7 + 5) / PAGE_WIDTH
    starts = [0, *sheet.tab.breaks]
    assert len(placed) == len(starts)
    for each, start in zip(placed, starts, strict=True):
        above = sum(sheet.heights.get(row, 15) for row in range(start, each.chart.top)) / 0.75
        assert above + each.chart.height <= page
        assert len(each.chart.colours) == each.values[2] - each.values[0] + 1
        assert each.chart.top in {each.values[0], each.values[0] - 2}


def test_labels_of_measured_bars_are_the_series_own(massacarrara: Consolidation, tmp_path: Path) -> None:
    """A label written for a bar without its parts has none of them in Excel: only the deleted ones are written."""
    path = massacarrara.write(tmp_path / "c.xlsx")
    with zipfile.ZipFile(path) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    labels = [label for chart in charts for label in re.findall(r"<c:dLbl>.*?</c:dLbl>", chart)]
    assert labels
    assert all('<c:delete val="1"/>' in label for label in labels)


def test_a_body_whose_offices_don_t_answer(lucca: Consolidation, tmp_path: Path) -> None:
    """Lucca 2017: six files; the headline rests on six typed objectives of the body, beside 123 indicators; eight warnings."""
    path = lucca.write(tmp_path / "c.xlsx")
    sheet = load_workbook(path, data_only=True)["Sintesi"]
    cards = {cell.value: sheet.cell(5, cell.column).value for cell in sheet[4] if cell.value}
    assert cards["File letti"] == 6
    assert cards["Copertura (obiettivi di ente)"] == "6 su 6"
    assert "Uffici letti" not in cards
    values = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    warnings = sum(row[0].value == "△ avviso" for row in load_workbook(path)["Anomalie"].iter_rows(min_row=5))
    assert f"△ {warnings} avvisi" in values
    assert "Niente da segnalare." not in values
