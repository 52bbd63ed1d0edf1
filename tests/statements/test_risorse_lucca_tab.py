"""The tabs *Risorse* and *Azioni complesse*: native formulas that agree with Python under a real recalculation, and what moves."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from perfxl.pipeline import consolidate

REPORT = "lucca-2017-relazione"
FILES = ("Risorse_Relazione_2017.xlsx", "Report_direzionale_Risorse_2017.xlsx", "Conto_economico_2017.xlsx")
SHEETS = "tno-2022/lucca/Schede_progetto_2022.xlsx"
GAP = "Consuntivo meno Report direzionale"


@pytest.fixture(scope="module")
def written(workbooks, tmp_path_factory):
    """Path of the consolidated workbook by name, and its book of statements."""
    folder = tmp_path_factory.mktemp("risorse")
    sources = {
        "relazione": [workbooks / REPORT / file for file in FILES],
        "ufficio": [workbooks / "lucca-2017" / "Risorse_2017.xlsx"],
        "azioni": [workbooks / SHEETS],
    }
    runs = {name: consolidate(paths, method="lucca-2017") for name, paths in sources.items()}
    return {name: (run.write(folder / f"{name}.xlsx"), run.statements) for name, run in runs.items()}


def formulas(path, tab):
    sheet = load_workbook(path)[tab]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}


def headings(path, tab):
    return {cell.value for row in load_workbook(path)[tab].iter_rows() for cell in row if cell.data_type == "s"}


def row_of(path, tab, *texts):
    """The first row that holds some texts."""
    rows = load_workbook(path)[tab].iter_rows()
    return next(row[0].row for row in rows if all(any(text in str(cell.value) for cell in row) for text in texts))


@pytest.mark.parametrize(("name", "tab"), [("relazione", "Risorse"), ("azioni", "Azioni complesse")])
def test_every_computed_figure_is_a_native_formula(written, name, tab):
    path, book = written[name]
    computed = [figure for each in book.of_tab(tab) for figure in each.figures if figure.rule is not None and not figure.reason]
    nothing_to_add = [figure for figure in computed if not figure.operands]  # a total of no account: 0, with no cell to point to
    assert {str(figure.value) for figure in nothing_to_add} <= {"0"}
    shown = [figure for figure in computed if figure.operands and figure.field.key not in {"annual_fee", "provisions"}]
    assert len(formulas(path, tab)) == len(shown) > 200


@pytest.mark.parametrize(("name", "tab"), [("relazione", "Risorse"), ("azioni", "Azioni complesse")])
def test_recalculated_figures_are_those_of_python(written, libreoffice, name, tab):
    path, _ = written[name]
    again = libreoffice.recalculated(path)[tab]
    kept = load_workbook(path, data_only=True)[tab]
    differing = {
        at: (kept[at].value, again.get(at))
        for at in formulas(path, tab)
        if again.get(at) != pytest.approx(kept[at].value, rel=1e-9, abs=1e-9)
    }
    assert differing == {}


def test_a_project_typed_again_moves_objective_total_shares_and_area(written, libreoffice):
    path, _ = written["relazione"]
    project, objective = row_of(path, "Risorse", "2C0102 - Formazione"), row_of(path, "Risorse", "2C0105 - ") + 1
    total, area = row_of(path, "Risorse", "TOTALE RISORSE"), row_of(path, "Risorse", "Area Strategica 2")
    before = libreoffice.recalculated(path)["Risorse"]
    after = libreoffice.recalculated(path, {("Risorse", f"E{project}"): 8104})["Risorse"]
    assert after[f"E{objective}"] - before[f"E{objective}"] == pytest.approx(1000)
    assert after[f"E{total}"] - before[f"E{total}"] == pytest.approx(1000)
    assert after[f"D{area}"] - before[f"D{area}"] == pytest.approx(1000)
    assert after[f"F{project}"] == pytest.approx(8104 / 9000)
    assert after[f"G{objective}"] == pytest.approx(230720.66 / 934090.85)


def test_comparison_with_a_report_that_was_not_read_is_no_column(written):
    assert GAP in headings(written["relazione"][0], "Risorse")
    assert GAP not in headings(written["ufficio"][0], "Risorse")


def test_of_which_that_nobody_has_is_no_column(written):
    found = headings(written["azioni"][0], "Azioni complesse")
    assert "di cui investimenti" in found
    assert not {"di cui diritto annuale 20 %", "di cui accantonamenti"} & found


def test_wrong_printed_figure_is_told_beside_the_computed_one(written):
    sheet = load_workbook(written["azioni"][0])["Azioni complesse"]
    row = row_of(written["azioni"][0], "Azioni complesse", "TOTALE BUDGET AGGIORNATO 2022")
    assert any("indicato 1.674.400,00" in str(cell.value) for cell in sheet[row])
