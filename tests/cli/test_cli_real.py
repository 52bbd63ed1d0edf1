"""The commands on the real workbooks, against the figures that the documents print (METHODS.md, golden tables)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

MASSA = {"ENTE": 42.75, "OB1": 12.5, "OB2": 73, "1.2": 25, "2.1": 73}
NODE_KEYS = ["code", "level", "parent", "title", "achievement_pct", "state", "measured", "total"]
INDICATOR_KEYS = [
    "code", "owner", "office", "file", "sheet", "cell", "target_text", "result_text", "kind", "achievement_pct", "state",
    "weight_pct", "counts",
]  # fmt: skip
OFFICE_KEYS = ["code", "achievement_pct", "measured", "total"]
PERSON_KEYS = ["code", "name", "achievement_pct", "measured", "total", "objectives"]
OBJECTIVE_KEYS = ["number", "title", "weight_pct", "achievement_pct"]
FINDING_KEYS = ["code", "severity", "file", "sheet", "cell", "found", "expected", "remedy"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def job(run, here):
    """`job(folder, method, …)`: the exit code, the JSON and the summary of a consolidation."""

    def consolidate(folder, method, *args):
        done = run("consolida", folder, "--metodo", method, "--json", "-", *args)
        assert done.exit_code in (0, 1), done.stderr
        return done.exit_code, json.loads(done.stdout), done.stderr

    return consolidate


def shown(table):
    return {row["code"]: row["achievement_pct"] for row in table}


def test_massa_carrara_without_the_plan(job, workbooks, here):
    code, data, summary = job(workbooks / "massacarrara-2019", "massacarrara-2019")
    nodes = shown(data["nodes"])
    assert {key: nodes[key] for key in MASSA} == MASSA
    [body] = [node for node in data["nodes"] if node["code"] == "ENTE"]
    assert (body["measured"], body["total"]) == (21, 71)
    assert shown(data["offices"])["U1.1"] == 50.5
    assert "42,75 % (21 misurati su 71" in " ".join(summary.split())
    assert code == (1 if any(item["severity"] == "errore" for item in data["findings"]) else 0)
    assert [path.name for path in here.iterdir()] == [summary.split("Consolidato: ")[1].split("\n")[0]]


def test_massa_carrara_with_the_plan(job, workbooks):
    _, data, summary = job(
        workbooks / "massacarrara-2019",
        "massacarrara-2019",
        "--piano",
        workbooks / "massacarrara-2019-piano",
        "--al",
        "30/04/2019",
    )
    nodes = shown(data["nodes"])
    assert {key: nodes[key] for key in MASSA} == MASSA
    assert shown(data["people"])["SG"] == 32
    assert "SG Segretario Generale 32,00 %" in " ".join(summary.split())
    assert "alla data del 30/04/2019" in summary


def test_lucca(job, workbooks):
    _, data, summary = job(workbooks / "lucca-2017", "lucca-2017")
    assert shown(data["nodes"])["ENTE"] == 98.82
    [director] = [person for person in data["people"] if person["code"] == "SG"]
    assert [objective["achievement_pct"] for objective in director["objectives"]] == [99.75, 100, 98.45, 100]
    assert "98,82 %" in summary


def test_the_json_has_the_documented_keys(job, workbooks):
    _, data, _ = job(workbooks / "lucca-2017", "lucca-2017")
    assert {"nodes", "indicators", "offices", "people", "findings", "method"} <= set(data)
    for table, keys in (
        ("nodes", NODE_KEYS),
        ("indicators", INDICATOR_KEYS),
        ("people", PERSON_KEYS),
        ("findings", FINDING_KEYS),
    ):
        assert data[table], table
        for row in data[table]:
            assert set(keys) <= set(row), table
    for row in data["offices"]:
        assert set(OFFICE_KEYS) <= set(row)
    objectives = [objective for person in data["people"] for objective in person["objectives"]]
    assert objectives
    for row in objectives:
        assert set(OBJECTIVE_KEYS) <= set(row)


def test_a_second_run_keeps_the_first_output(run, here, workbooks):
    first = run("consolida", workbooks / "lucca-2017", "--metodo", "lucca-2017")
    second = run("consolida", workbooks / "lucca-2017", "--metodo", "lucca-2017")
    assert first.exit_code == second.exit_code
    assert len(list(here.glob("*.xlsx"))) == 2


def test_a_consolidated_workbook_among_the_inputs_changes_nothing(run, here, workbooks):
    import shutil

    for file in (workbooks / "massacarrara-2019").glob("*.xlsx"):
        shutil.copy(file, here)
    for _ in range(2):
        done = run("consolida", ".", "--metodo", "massacarrara-2019")
        assert "42,75 % (21 misurati su 71" in " ".join(done.stdout.split())
    assert "La versione precedente è conservata" in done.stdout


def test_a_layout_that_is_not_valid_is_one_line(run, here, workbooks):
    Path("mio.toml").write_text("pippo = 3\n", encoding="utf-8")
    file = workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx"
    for command in (("leggi", file), ("consolida", file, "--metodo", "massacarrara-2019")):
        done = run(*command, "--layout", "mio.toml")
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith("Errore: ")
        assert "mio.toml" in done.stderr


def test_explanation_of_the_headline(run, here, workbooks):
    done = run("consolida", workbooks / "massacarrara-2019", "--metodo", "massacarrara-2019", "--spiega", "ENTE")
    after = done.stdout.split("Come nasce ENTE")[1]
    assert "42,75" in after


def test_reading_a_workbook(run, here, workbooks):
    file = workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx"
    done = run("leggi", file, "--json", "lettura.json")
    data = json.loads(Path("lettura.json").read_text(encoding="utf-8"))
    [sheet] = data["sheets"]
    assert sheet["respondent"] == "U1.1"
    assert len(sheet["rows"]) == 20, "golden/dashboard_sheets.csv: U1.1 ha 20 righe"
    assert done.exit_code in (0, 1)
    assert "Modello" in done.stdout
    assert "Colonne trovate" in done.stdout
    row = next(row for row in sheet["rows"] if row["target"] and row["target"]["kind"] == "threshold")
    assert row["code"] in done.stdout
    piped = run("leggi", file, "--json", "-")
    assert json.loads(piped.stdout) == data


SENTINELS = """
id = "mio"
title = "Indicatori comuni"
role = "office"
sentinels = ["-1", "n.p."]
[columns.text]
headings = ["Indicatore"]
need = "essential"
[columns.target]
headings = ["Target"]
[columns.result]
headings = ["Risultato"]
[[rows]]
level = "indicatore"
text = '^(?P<code>T\\d) (?P<title>.+)$'
"""


def test_what_the_layout_calls_not_measured_is_not_measured(run, here):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ("Indicatore", "Target", "Risultato"),
        ("T1 Reclami", "<= 3", -1),
        ("T2 Ore", ">= 20", "N.P."),
        ("T3 Saldo", ">= 0", 1),
    ):
        book.active.append(row)
    book.save("foglio.xlsx")
    Path("mio.toml").write_text(SENTINELS, encoding="utf-8")
    [sheet] = json.loads(run("leggi", "foglio.xlsx", "--layout", "mio.toml", "--json", "-").stdout)["sheets"]
    assert [row["result"]["kind"] for row in sheet["rows"]] == ["not_measured", "not_measured", "number"]


def test_every_row_of_every_dashboard_is_read(run, here, workbooks, golden):
    """As many rows as the hand-made transcription has."""
    expected = sorted(int(row["n_rows"]) for row in golden("massacarrara-2019/dashboard_sheets"))
    found = []
    for file in sorted((workbooks / "massacarrara-2019").glob("*.xlsx")):
        done = run("leggi", file, "--json", "-")
        found += [len(sheet["rows"]) for sheet in json.loads(done.stdout)["sheets"]]
    assert sorted(found) == expected


def test_reading_what_is_no_workbook(run, here):
    Path("finto.xlsx").write_text("ciao", encoding="utf-8")
    done = run("leggi", "finto.xlsx")
    assert done.exit_code == 2
    assert "PX-L002" in done.stdout


def test_a_folder_without_workbooks(run, here):
    Path("vuota").mkdir()
    done = run("consolida", "vuota", "--metodo", "lucca-2017")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Errore: ")
    assert done.stderr.count("\n") == 1


def test_the_demonstration(perfxl, here, repository):
    done = perfxl("demo", "prova", cwd=here)
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    assert "42,75 %" in text
    assert "98,82 %" in text
    made = sorted(path.name for path in (here / "prova").iterdir())
    assert len(made) == 2
    for name in made:
        assert name in text
    assert b"\x1b" not in done.stdout
    assert done.stderr == b""


def test_the_demonstration_without_its_workbooks(run, here, monkeypatch):
    from perfxl.cli import demo

    monkeypatch.setattr(demo, "__file__", str(here / "a" / "b" / "demo.py"))
    done = run("demo")
    assert done.exit_code == 2
    assert "cartella «workbooks»" in done.stderr
    assert not (here / "demo").exists()


def test_the_main_job_as_an_office_runs_it(perfxl, here, workbooks):
    done = perfxl("consolida", workbooks / "massacarrara-2019", "--metodo", "massacarrara-2019", "--json", "-", cwd=here)
    assert done.returncode in (0, 1)
    assert shown(json.loads(done.stdout.decode("utf-8"))["nodes"])["ENTE"] == 42.75
    assert "42,75 %" in done.stderr.decode()
