"""The value of the year before: where a sheet gives it, what reaches the scoring, and that it is never the year's result."""

import openpyxl
import pytest

import perfxl
from perfxl.methods import load_method
from perfxl.readers import read_workbook

HEAD = ["Obiettivi / indicatori strategici / operativi", "Algoritmo"]


def saved(tmp_path, columns, *rows):
    """A dashboard of U1.1: headings of the columns after the first two, and the cells of each indicator. A float is a percent."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Servizio (U1.1)"])
    sheet.append([*HEAD, *columns, "Ufficio"])
    for letter, cells in zip("abcdef", rows, strict=False):
        sheet.append([f"O1.1.1-{letter} Indicatore", "n. imprese", *cells, "U1.1"])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, float):
                cell.number_format = "0%"
    path = tmp_path / "U1.1_monitoraggio_2019.xlsx"
    book.save(path)
    return path


def scored(path):
    """The percent of each indicator, under a method of relative targets and of unmeasured rows that look at the year before."""
    method = load_method("massacarrara-2019")
    scoring = method.scoring.model_copy(update={"relative": "previous_value"})
    policy = method.not_measured.model_copy(update={"policy": "previous_value"})
    method = method.model_copy(update={"scoring": scoring, "not_measured": policy})
    return {row.code[-1]: row.pct for row in perfxl.consolidate(path, method=method).rows}


OWN = [
    "Risultato anno precedente",
    "Valore anno precedente 2018",
    "CONSUNTIVO ANNO PRECEDENTE",
    "Anno precedente",
    "Valore storico",
]


@pytest.mark.parametrize("heading", [*OWN, "Risultato 2018", "Consuntivo 2018"])
@pytest.mark.parametrize("first", [True, False])
def test_a_relative_target_is_scored_against_the_year_before(tmp_path, heading, first):
    """By hand: 12 is over 10; 8 is 8/10 of it; what the year 2017 was is not known; 66 is exactly 60 and a tenth more."""
    columns = [heading, "Risultato 2019"] if first else ["Risultato 2019", heading]
    rows = [(10, 12, "> del 2018"), (10, 8, ">= del 2018"), (10, 12, "> del 2017"), (60, 66, "+10% rispetto al 2018")]
    rows = rows if first else [(result, before, target) for before, result, target in rows]
    path = saved(tmp_path, [*columns, "Target 2019"], *rows)
    assert [row.result.value for row in read_workbook(path).sheets[0].rows] == [12, 8, 12, 66]
    assert scored(path) == {"a": 100, "b": 80, "c": None, "d": 100}


def test_an_unmeasured_row_is_worth_its_percent_of_the_year_before(tmp_path):
    """A number isn't how much was achieved, and 120% of something neither."""
    rows = [(0.6, None, ">= 80%"), ("60%", "N.C.", ">= 80%"), (60, None, ">= 80"), (1.2, None, ">= 80%"), (None, None, ">= 80%")]
    path = saved(tmp_path, ["Valore storico", "Risultato 2019", "Target 2019"], *rows)
    assert scored(path) == {"a": 60, "b": 60, "c": None, "d": None, "e": None}


@pytest.mark.parametrize(
    ("columns", "letter", "told"),
    [
        (["Risultato 2018", "Risultato 2019", "Target 2019"], "C", 1), (["Risultato 2017", "Risultato 2019", "Target 2019"], None, 0),
        (["Anno precedente", "Risultato 2019", "Target 2019"], "C", 0), (["Risultato 2018", "Risultato", "Target 2019"], "C", 1),
        (["Risultato 2018 - note", "Risultato 2019", "Target 2019"], None, 0), (["Target 2018", "Risultato 2019", "Target 2019"], None, 0),
    ],
)  # fmt: skip
def test_which_column_is_the_year_before(tmp_path, columns, letter, told):
    workbook = read_workbook(saved(tmp_path, columns, (1, 2, 3)))
    (sheet,) = workbook.sheets
    assert (sheet.columns["result"], sheet.columns.get("previous")) == ("D", letter)
    assert sum("valore dell'anno precedente" in f.found for f in workbook.findings) == told
