"""What stands in a cell in place of a figure: the documented texts, for every kind of cell that an office leaves."""

from __future__ import annotations

from datetime import datetime

import pytest

from functions.cells import call, cell, column
from perfxl.findings import CATALOGUE
from perfxl.functions.score import REASONS


@pytest.mark.parametrize(
    ("result", "target", "expected"),
    [
        (None, None, ""),
        ("", "  ", ""),
        (None, ">= 80%", "N.C."),
        ("N.C.", ">= 80%", "N.C."),
        ("n.d. / n.d.", ">= 80%", "N.C."),
        ("rinvio", ">= 80%", "N.C."),
        ("74%", None, "senza target"),
        ("74%", "boh", "target non leggibile"),
        ("#DIV/0!", ">= 80%", "risultato non leggibile"),
        ("#N/A", ">= 80%", "risultato non leggibile"),
        ("74%", "#RIF!", "target non leggibile"),
        ("31/02/2019", "entro il 30/06/2019", "risultato non leggibile"),
        ("attività in corso di svolgimento", ">= 80%", "risultato senza misura"),
        ("00/01/1900", "entro il 30/06/2019", "data zero (00/01/1900)"),
        (datetime(1899, 12, 30), "entro il 30/06/2019", "data zero (00/01/1900)"),
        ("3 gg", ">= 80%", "unità diverse"),
        (True, ">= 80%", "unità diverse"),
        ("giugno", "entro il 15/06/2019", "mese non confrontabile"),
        ("5", "> del 2016", "non calcolabile"),
    ],
)
def test_each_kind_of_cell_has_its_text(result, target, expected):
    assert cell("PX_REALIZZAZIONE", result, target) == expected
    said = cell("PX_SPIEGA", result, target)
    assert (said == "") == (expected == "")
    if expected:
        assert said.startswith("Non misurato: ")


def test_text_numbers_and_dates_are_read_as_the_readers_do():
    assert cell("PX_REALIZZAZIONE", "74", ">= 80%") == 0.925
    assert cell("PX_REALIZZAZIONE", "1.492,5", ">= 2985") == 0.5
    assert cell("PX_REALIZZAZIONE", datetime(2019, 6, 28), datetime(2019, 6, 30)) == 1.0
    assert cell("PX_REALIZZAZIONE", datetime(2019, 7, 1), datetime(2019, 6, 30)) == 0.0


def test_the_texts_speak_of_findings_that_exist():
    assert {code for code in REASONS if code} <= CATALOGUE.keys()


@pytest.mark.parametrize("name", ["nessuno", "lucca", "C:\\metodi\\mio.toml", "a\0b", 2019.0, "#N/A"])
def test_an_unknown_method_is_named(name):
    text = f"metodo sconosciuto: {'2019' if name == 2019.0 else name}"
    assert cell("PX_REALIZZAZIONE", column(1.0, 2.0), 3.0, None, name) == text
    assert cell("PX_STATO", 0.9, name) == text
    assert cell("PX_OBIETTIVO", 0.9, None, name) == text
    assert cell("PX_STRATEGICO", 0.9, 0.8, name) == text
    assert cell("PX_SPIEGA", 0.9, 0.8, None, name) == text


def test_a_method_that_is_not_valid_says_why(tmp_path):
    path = tmp_path / "mio.toml"
    path.write_text('base = "lucca-2017"\n[rounding]\nmode = "a caso"\n', encoding="utf-8")
    text = cell("PX_STATO", 0.9, str(path))
    assert text.startswith("metodo non valido: ")
    assert "rounding.mode" in text


def test_a_changed_method_file_is_read_again(tmp_path):
    path = tmp_path / "mio.toml"
    path.write_text('base = "massacarrara-2019"\n', encoding="utf-8")
    assert cell("PX_STATO", 0.85, str(path)) == "parzialmente raggiunto"
    path.write_text('base = "massacarrara-2019"\n[states.indicator]\ntolerance = 20\n', encoding="utf-8")
    import os

    os.utime(path, ns=(10**18, 10**18))
    assert cell("PX_STATO", 0.85, str(path)) == "raggiunto"


def test_the_method_is_one_cell():
    assert cell("PX_STATO", 0.9, [["lucca-2017"], ["massacarrara-2019"]]) == "metodo: indicare una sola cella"
    assert cell("PX_STATO", 0.9, [["Lucca-2017 "]]) == "raggiunto"
    assert cell("PX_STATO", 0.9, [[None]]) == "raggiunto"


def test_the_method_counts():
    results, targets = column("4 gg", "12 gg"), "non superiore a 5 gg"
    assert call("PX_REALIZZAZIONE", results, targets, None, "lucca-2017") == [[1.0], [0.0]]
    assert call("PX_REALIZZAZIONE", results, targets, None, "massacarrara-2019") == [[1.0], [5 / 12]]
