"""`perfxl persone`: what it writes, what it says, how it ends."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook


@pytest.fixture
def persone(run, tmp_path, monkeypatch):
    """`persone("--metodo", …)`: the command, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: run("persone", *args)


def test_sheets_of_the_managers(persone, workbooks, tmp_path, unchanged):
    source = workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx"
    with unchanged(source):
        done = persone(source, "--metodo", "lucca-2017")
    assert done.exit_code == 0, done.output
    path = tmp_path / "Schede_individuali_CCIAA_Lucca_2017.xlsx"
    assert load_workbook(path).sheetnames == ["Elenco", "SG", "DIR_ANAG", "DIR_PROMO"]
    assert f"Schede individuali: {path.name} (3)" in done.stdout
    assert "99,55 %" in done.stdout
    assert "PX-A015" in done.stdout, "99,94 % citato, 99,93 % dalle parti"


def test_with_the_plan_and_a_date(persone, workbooks, tmp_path):
    done = persone(
        workbooks / "massacarrara-2019", "--metodo", "massacarrara-2019", "--piano", workbooks / "massacarrara-2019-piano",
        "--al", "30/04/2019", "-o", "Schede.xlsx",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Schede individuali: Schede.xlsx (12)" in done.stdout
    texts = {cell.value for row in load_workbook(tmp_path / "Schede.xlsx")["SG"].iter_rows() for cell in row}
    assert {"30/04/2019", "massacarrara-2019", "Segretario Generale"} <= texts


def test_an_earlier_file_stays_in_a_numbered_copy(persone, workbooks, tmp_path):
    (tmp_path / "Schede.xlsx").write_bytes(b"prima")
    done = persone(workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx", "--metodo", "lucca-2017", "-o", "Schede.xlsx")
    assert done.exit_code == 0, done.output
    assert "La versione precedente è conservata in Schede (1).xlsx." in done.stdout
    assert (tmp_path / "Schede (1).xlsx").read_bytes() == b"prima"


def test_a_folder_gets_the_default_name(persone, workbooks, tmp_path):
    (tmp_path / "uscita").mkdir()
    done = persone(
        workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx", "--metodo", "lucca-2017", "-o", "uscita", "--anno", "2018"
    )
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "uscita").iterdir()] == ["Schede_individuali_CCIAA_Lucca_2018.xlsx"]


def test_weights_that_do_not_make_100_are_said(persone, workbooks, tmp_path):
    book = load_workbook(workbooks / "massacarrara-2019-piano" / "Obiettivi_SG_2019.xlsx")
    book.active["D4"] = 0.1
    book.save(tmp_path / "Obiettivi_SG_2019.xlsx")
    done = persone("Obiettivi_SG_2019.xlsx", "--metodo", "massacarrara-2019", "-o", "Schede.xlsx")
    assert done.exit_code == 0, done.output
    assert "PX-A005" in done.stdout
    assert "98,6 %" in done.stdout


def test_nobody_s_objectives(persone, workbooks, tmp_path):
    done = persone(workbooks / "lucca-2017" / "Risorse_2017.xlsx", "--metodo", "lucca-2017")
    assert done.exit_code == 2
    assert "non ci sono obiettivi di persone né di uffici" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["."], "Manca l'opzione '--metodo'"),
        ([".", "--metodo", "x", "-o", "a.txt"], "«a.txt» ha un altro nome"),
        (["non-c-e", "--metodo", "x"], "«non-c-e» non esiste"),
        ([".", "--metodo", "x"], "Il metodo «x» non esiste"),
    ],
)
def test_wrong_usage(persone, args, words):
    done = persone(*args)
    assert done.exit_code == 2
    assert words in done.stderr


def test_an_input_is_never_the_output(persone, workbooks, tmp_path, unchanged):
    source = tmp_path / "Obiettivi.xlsx"
    source.write_bytes((workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx").read_bytes())
    with unchanged(source):
        done = persone(source, "--metodo", "lucca-2017", "-o", source)
    assert done.exit_code == 2


def test_the_sheets_are_not_taken_for_the_offices_own(persone, run, workbooks, tmp_path):
    source = tmp_path / "Obiettivi.xlsx"
    source.write_bytes((workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx").read_bytes())
    assert persone(tmp_path, "--metodo", "lucca-2017").exit_code == 0
    again = run("consolida", tmp_path, "--metodo", "lucca-2017")
    assert again.exit_code == 0, again.output
    assert "PX-L008" in again.stdout
    assert "1 file letto" in again.stdout
