"""What is read is never written over: not by its name, not through its folder, not by a JSON; what perfxl produced may be."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

MS = ("--metodo", "massacarrara-2019")
OWN = "U1.1_monitoraggio_2019.xlsx"


@pytest.fixture
def sheets(workbooks, tmp_path, monkeypatch):
    """A folder with the sheets of two offices, and an empty current folder beside it."""
    folder = tmp_path / "fogli"
    folder.mkdir()
    for name in (OWN, "U2.1_monitoraggio_2019.xlsx"):
        shutil.copy(workbooks / "massacarrara-2019" / name, folder)
    (tmp_path / "qui").mkdir()
    monkeypatch.chdir(tmp_path / "qui")
    return folder


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("command", [("consolida", *MS), ("verifica", *MS), ("persone", *MS), ("verifica",)])
def test_a_sheet_given_by_its_folder_is_refused_as_output(run, sheets, command):
    before = content(sheets)
    done = run(command[0], sheets, *command[1:], "-o", sheets / OWN)
    assert (done.exit_code, content(sheets)) == (2, before)
    assert "scriverebbe sopra un file da leggere" in done.stderr


def test_the_plan_s_file_is_refused_through_its_folder(run, sheets, workbooks, tmp_path):
    plan = tmp_path / "piano"
    shutil.copytree(workbooks / "massacarrara-2019-piano", plan)
    before = content(plan)
    first = min(path for path in plan.iterdir() if path.suffix == ".xlsx")
    done = run("consolida", sheets, *MS, "--piano", plan, "-o", first)
    assert (done.exit_code, content(plan)) == (2, before)


def test_an_office_s_sheet_under_the_usual_name_of_ours(run, sheets):
    taken = sheets / "Consolidato_CCIAA_Massa-Carrara_2019.xlsx"
    (sheets / OWN).rename(taken)
    before = content(sheets)
    done = run("consolida", sheets, *MS, "-o", sheets)
    assert (done.exit_code, content(sheets)) == (2, before)


def test_ours_in_the_folder_of_the_sheets_is_replaced_and_kept(run, sheets):
    for _ in range(2):
        done = run("consolida", sheets, *MS, "-o", sheets / "Riepilogo aprile.xlsx", "--json", sheets / "aprile.json")
        assert done.exit_code in (0, 1), done.stderr
    assert {"Riepilogo aprile.xlsx", "Riepilogo aprile (1).xlsx"} <= set(content(sheets))
    findings = json.loads((sheets / "aprile.json").read_text(encoding="utf-8"))["findings"]
    assert [each["found"] for each in findings if each["code"] == "PX-L008" and "perfxl" in each["found"]] == [
        "Riepilogo aprile.xlsx: prodotto da perfxl"
    ]
    assert [each for each in findings if each["code"] == "PX-L006"] == []
    assert [each["found"] for each in findings if each["code"] == "PX-S002"] == ["Riepilogo aprile (1).xlsx"]


@pytest.mark.parametrize(
    ("name", "text"), [("appunti.txt", "non è JSON"), ("metodo.toml", "[method]"), ("eventi.jsonl", "{}\n{}")]
)
def test_a_json_takes_the_place_of_json_alone(run, sheets, name, text):
    (sheets / name).write_text(text, encoding="utf-8")
    done = run("consolida", sheets, *MS, "--json", sheets / name)
    assert (done.exit_code, (sheets / name).read_text(encoding="utf-8")) == (2, text)
    assert "che non è JSON" in done.stderr


@pytest.mark.parametrize(
    "name",
    ["eventi.jsonl", "giro.toml", "uffici.xlsx", "registro.xlsx", "schede/v1/U1.1.json", "messaggi/nuovo.json", "Ricevuti/x"],
)
def test_the_state_of_a_round_is_never_written_among_its_files(run, tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}", encoding="utf-8")
    done = run("giro", "stato", tmp_path, "--json", file)
    assert (done.exit_code, file.read_text(encoding="utf-8")) == (2, "{}")
    assert "scriverebbe" in done.stderr or "ha il nome di una cartella di lavoro" in done.stderr


def test_the_state_of_a_round_beside_its_files_isn_t_refused(run, tmp_path):
    done = run("giro", "stato", tmp_path, "--json", tmp_path / "stato.json")
    assert "scriverebbe" not in done.stderr  # there is no round here: that's what it says


# -- what is no text ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="lì un nome di file è sempre testo")
@pytest.mark.parametrize("name", [b"attivit\xe0.txt", b"attivit\xe0.xlsx"])
def test_a_file_whose_name_isn_t_text_stops_nothing(run, sheets, name):
    (sheets / OWN).rename(sheets / os.fsdecode(name))
    for json_file in ("c.json", "-"):
        done = run("consolida", sheets, *MS, "-o", "c.xlsx", "--json", json_file)
        assert done.exit_code in (0, 1), done.stderr
    assert "attivit?" in Path("c.json").read_text(encoding="utf-8")
    assert load_workbook("c.xlsx")["Anomalie"]
    if name.endswith(b"xlsx"):
        with zipfile.ZipFile("c.xlsx") as parts:
            links = [parts.read(each) for each in parts.namelist() if each.endswith("sheet3.xml.rels")]
        assert b"fogli/attivit%E0.xlsx" in links[0]


def test_half_a_character_in_a_cell_stops_nothing(run, sheets):
    with zipfile.ZipFile(sheets / OWN) as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    strings = "xl/sharedStrings.xml"
    held[strings] = held[strings].replace(b" di ", b" di _xD83D_ ")
    with zipfile.ZipFile(sheets / OWN, "w") as parts:
        for name, data in held.items():
            parts.writestr(name, data)
    done = run("consolida", sheets, *MS, "-o", "c.xlsx", "--json", "c.json")
    assert done.exit_code in (0, 1), done.stderr
    assert " di \ufffd " in Path("c.json").read_text(encoding="utf-8")
