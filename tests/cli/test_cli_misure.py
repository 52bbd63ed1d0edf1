"""`perfxl misure`: the blank sheet of measures, which reads back as what the algorithms need."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from perfxl.readers import read_workbook
from perfxl.statements import Reader, computed

PLAN = "tno-2022/massacarrara/Indicatori_2022.xlsx"


@pytest.fixture
def plan(workbooks):
    return workbooks / PLAN


def rows(path):
    """Rows of the sheet by heading."""
    sheet = load_workbook(path)["Misure"]
    headings = [cell.value for cell in sheet[4]]
    return [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]


def test_the_catalogue_s_measures(run, tmp_path, golden):
    done = run("misure", "--anno", "2022", "-o", tmp_path / "Misure.xlsx")
    assert done.exit_code == 0, done.output
    assert "Misure da compilare: 25 misure, 1 anno." in done.output
    codes = {row["measure_code"].casefold() for row in golden("tno-2022/ms_measures")}
    found = rows(tmp_path / "Misure.xlsx")
    assert {row["Codice"].casefold() for row in found} <= codes
    assert len(found) == 25
    assert all(row["Valore 2022"] is None and row["Unità"] in {"n.", "€"} for row in found)


def test_the_measures_of_a_plan(run, tmp_path, plan, golden):
    """Three algorithms of section 2.4 can't be read: they are told, and their measures come from section 2.3."""
    out = tmp_path / "Misure.xlsx"
    done = run("misure", "--indicatori", plan, "--anno", "2024", "--anno", "2022", "--anno", "2022", "-o", out)
    assert done.exit_code == 1
    assert "28 misure, 2 anni" in done.output
    unread = [line for line in done.output.splitlines() if line.startswith("Algoritmo non leggibile")]
    assert [line.split(": ")[1].split(" (")[0] for line in unread] == ["EC05.1", "DFP 1.3", "DFP 1.12"]
    found = rows(out)
    assert list(found[0]) == ["Codice", "Descrizione", "Unità", "Valore 2022", "Valore 2024", "Altre grafie", "Da dove viene"]
    texts = {row["measure_text"].casefold() for row in golden("tno-2022/ms_measures") if row["measure_code"]}
    assert {row["Descrizione"].casefold() for row in found} == texts - {"realizzazione studi"} | {"s1.1.a realizzazione studi"}


def test_once_filled_in_every_indicator_that_can_be_read_has_its_value(run, tmp_path, plan):
    out = tmp_path / "Misure.xlsx"
    run("misure", "--indicatori", plan, "--anno", "2023", "-o", out)
    book = load_workbook(out)
    for row in range(5, book["Misure"].max_row + 1):
        book["Misure"].cell(row, 4).value = row
    book.save(out)
    reader = Reader()
    for path in (plan, out):
        read_workbook(path, other=reader.take)
    [statement] = [each for each in computed(reader.statements).statements if each.id == "indicatori_unioncamere"]
    lines = [line for line in statement.lines if line.level == "indicatore"]
    assert {line.figures["result_2023"].reason for line in lines} == {""}
    assert {line.figures["result_2022"].reason for line in lines} == {"il foglio Misure non ha i valori del 2022"}
    mean = next(line for line in lines if line.key == "Percent_CorruzTrasp").figures["result_2023"]
    assert mean.value == 32  # the last of the 28 rows, typed as a plain number: 32 %


def test_a_file_that_is_there_is_kept_as_a_copy(run, tmp_path):
    out = tmp_path / "Misure.xlsx"
    out.write_bytes(b"altro")
    done = run("misure", "--anno", "2022", "-o", out)
    assert done.exit_code == 0
    assert "La versione precedente è in Misure (1).xlsx." in done.output
    assert (tmp_path / "Misure (1).xlsx").read_bytes() == b"altro"
    assert len(rows(out)) == 25


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--anno", "2022", "-o", "misure.txt"], "ha un altro nome"),
        (["--anno", "2022"], "Manca l'opzione"),
        (["-o", "m.xlsx"], "Manca l'opzione"),
    ],
)
def test_wrong_usage(run, args, words):
    done = run("misure", *args)
    assert done.exit_code == 2
    assert words in done.output


def test_a_plan_is_never_written_over_and_one_without_algorithms_is_told(run, tmp_path, workbooks, plan):
    before = plan.read_bytes()
    done = run("misure", "--indicatori", plan, "--anno", "2022", "-o", plan)
    assert done.exit_code == 2
    assert plan.read_bytes() == before
    done = run(
        "misure",
        "--indicatori",
        workbooks / "tno-2022/massacarrara/Misure_2022.xlsx",
        "--anno",
        "2022",
        "-o",
        tmp_path / "m.xlsx",
    )
    assert done.exit_code == 2
    assert "Nessun algoritmo di indicatori" in done.output
    assert not (tmp_path / "m.xlsx").exists()


def test_the_workbook_is_one_that_excel_opens(run, tmp_path, plan, ooxml_validator):
    run("misure", "--indicatori", plan, "--anno", "2022", "-o", tmp_path / "Misure.xlsx")
    assert ooxml_validator(tmp_path / "Misure.xlsx") == []
