"""The tab *Progetti art. 15*: native formulas that LibreOffice recalculates to Python's figures, ticks, remarks."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from perfxl.pipeline import consolidate

TAB = "Progetti art. 15"
BOOKS = {
    "plan": "art15-2015/Progetti_miglioramento_2015.xlsx",
    "office": "lucca-2017/Progetti_art15_2017.xlsx",
    "published": "lucca-2017-relazione/Progetti_art15_2017_pubblicato.xlsx",
}


@pytest.fixture(scope="module")
def written(workbooks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("art15")
    return {
        name: consolidate(workbooks / book, method="lucca-2017").write(folder / f"{name}.xlsx") for name, book in BOOKS.items()
    }


def cells(path, *, formulas=False):
    sheet = load_workbook(path, data_only=not formulas)[TAB]
    return {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}


def found(path, text):
    """The row whose first cell begins with this text."""
    return next(cell.row for cell in cells(path).values() if cell.column <= 2 and str(cell.value).startswith(text))


@pytest.mark.parametrize("name", BOOKS)
def test_every_figure_is_a_formula_and_recalculates_to_python_s(written, libreoffice, name):
    held = cells(written[name])
    formulas = [cell for cell in cells(written[name], formulas=True).values() if cell.data_type == "f"]
    again = libreoffice.recalculated(written[name])[TAB]
    # plan: 9 × (hours, total, conditions) + 7 announced, 2 sums, 50 products and results, 9 totals and sums of hours
    assert len(formulas) == {"plan": 9 * 3 + 7 + 2 + 50 * 2 + 9 * 2, "office": 13 * 3 + 2, "published": 13 * 3 + 3 + 1}[name]
    for cell in formulas:
        assert again[cell.coordinate] == pytest.approx(held[cell.coordinate].value, abs=1e-9), cell.coordinate


def test_hours_typed_in_move_product_result_total_and_plan(written, libreoffice):
    path = written["plan"]
    first = found(path, "Progetto N°1") + 1  # of the summary, the next of the staff
    staff = next(cell.row for cell in cells(path).values() if cell.value == "D2")
    total = found(path, "Totale dei progetti")
    changed = libreoffice.recalculated(path, {(TAB, f"C{staff}"): 450})[TAB]
    assert changed[f"D{staff}"] == pytest.approx(8352)  # 18,56 × 450
    assert changed[f"F{staff}"] == pytest.approx(1670.4)
    assert changed[f"D{first - 1}"] == pytest.approx(2496.2 + 371.2)
    assert changed[f"D{total}"] == pytest.approx(41962.65 + 371.2)


def test_conditions_are_ticks_and_are_counted(written):
    held = cells(written["plan"])
    ticks = [cell for cell in held.values() if cell.number_format == '"Sì";;"No"']
    assert len(ticks) == 63
    assert {cell.value for cell in ticks} == {1}


def test_what_does_not_follow_is_told_beside_its_line(written):
    said = [str(cell.value).split(" (")[0] for cell in cells(written["plan"]).values() if ": indicato " in str(cell.value)]
    assert said == [
        "PRODOTTO: indicato 34,20",
        "PRODOTTO: indicato 1.178,00",
        "RISULTATO: indicato 3.867,46",
        "PRODOTTO: indicato 1.322,30",
    ]
