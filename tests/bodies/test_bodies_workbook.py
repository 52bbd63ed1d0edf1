"""The workbook of several bodies: what it says, its formulas recalculated, its form."""

from __future__ import annotations

import json

import openpyxl
import pytest

from perfxl.cli.app import cli

FILE = """
name = "Due enti"
year = 2019
weights = "deliberazione di prova"
[[bodies]]
name = "Lucca"
paths = ["{root}/lucca-2017"]
method = "lucca-2017"
weight = 60
[[bodies]]
name = "Massa-Carrara"
paths = ["{root}/massacarrara-2019"]
method = "massacarrara-2019"
weight = 40
[[amounts]]
title = "Consuntivo del progetto 1D0101"
figures = {{ Lucca = "budget_projects!1D0101.actual" }}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, workbooks):
    folder = tmp_path_factory.mktemp("enti")
    (folder / "enti.toml").write_text(FILE.format(root=workbooks), encoding="utf-8")
    arguments = ["enti", str(folder / "enti.toml"), "-o", str(folder / "E.xlsx"), "--json", str(folder / "e.json")]
    code = cli.main(arguments, standalone_mode=False)
    return folder, code


def test_the_tabs_and_the_bodies_own_workbooks(made):
    folder, _ = made
    assert openpyxl.load_workbook(folder / "E.xlsx").sheetnames == ["Enti", "Obiettivi", "Metodi", "Cifre", "Anomalie"]
    assert {file.name for file in folder.glob("Consolidato_*.xlsx")} == {
        "Consolidato_CCIAA_Lucca_2017.xlsx",
        "Consolidato_CCIAA_Massa-Carrara_2019.xlsx",
    }


def test_the_json_says_the_same(made):
    folder, _ = made
    said = json.loads((folder / "e.json").read_text(encoding="utf-8"))
    assert said["achievement_pct"] == 76.39  # 0.6 × 98.82 + 0.4 × 42.75 = 76.392
    assert [(body["name"], body["achievement_pct"]) for body in said["bodies"]] == [("Lucca", 98.82), ("Massa-Carrara", 42.75)]
    assert said["figures"] == [{"title": "Consuntivo del progetto 1D0101", "values": [28921.57, None], "sum": None}]
    assert {"section": "rounding", "key": "mode", "values": ["truncate", "half_up"]} in said["differences"]


@pytest.mark.libreoffice
def test_the_common_figure_follows_a_changed_percent(made, libreoffice):
    folder, _ = made
    sheet = openpyxl.load_workbook(folder / "E.xlsx")["Enti"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    percent = sheet.cell(cells["Massa-Carrara"].row, 4).coordinate
    total = cells["deliberazione di prova"].offset(0, 1).coordinate
    before = libreoffice.recalculated(folder / "E.xlsx")["Enti"]
    assert before[total] == pytest.approx(0.6 * 0.9882 + 0.4 * 0.4275, abs=1e-9)
    after = libreoffice.recalculated(folder / "E.xlsx", {("Enti", percent): 0.5})["Enti"]
    assert after[total] == pytest.approx(0.6 * 0.9882 + 0.4 * 0.5, abs=1e-9)


@pytest.mark.validator
def test_the_validator_finds_nothing(made, ooxml_validator):
    folder, _ = made
    assert ooxml_validator(folder / "E.xlsx") == []
