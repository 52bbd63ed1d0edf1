"""`perfxl consolida`, with a pipeline made by hand: what is asked of it, what is printed, where it goes, how it ends."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample import ERROR_FINDING, WARNING_FINDING, consolidation

from perfxl.errors import InputError, MethodError, OutputError

METHOD = ("--metodo", "massacarrara-2019")


@pytest.fixture
def job(run, pipeline, office):
    """`job("--al", …)`: consolidate the office folder."""
    return lambda *args: run("consolida", office, *METHOD, *args)


@pytest.mark.parametrize("text", ["30/04/2019", "30/4/2019", "30.04.2019", "30-04-2019", "2019-04-30", " 2019-4-30 "])
def test_every_form_of_a_date(job, pipeline, text):
    assert job("--al", text).exit_code == 0
    [(_, options)] = pipeline.calls
    assert options["as_of"] == date(2019, 4, 30)


def test_the_options_reach_the_pipeline(job, pipeline, office, tmp_path):
    corrections, layout = tmp_path / "rettifiche.xlsx", tmp_path / "due.xlsx"
    corrections.touch()
    layout.touch()
    assert job("--anno", "2019", "--rettifiche", corrections, "--piano", layout).exit_code == 0
    [(paths, options)] = pipeline.calls
    assert paths == [office]
    assert options["method"] == "massacarrara-2019"
    assert options["year"] == 2019
    assert options["adjustments"] == corrections
    assert list(options["plan"]) == [layout]
    assert options["previous"] == Path()  # the folder where the workbook of the run before would stand
    assert options["progress"] is None, "nessuna barra fuori da un terminale"


def test_a_plan_may_be_a_folder_or_repeated(job, pipeline, tmp_path):
    folder = tmp_path / "piano"
    folder.mkdir()
    for name in ("b.xlsx", "a.xlsx", "~$a.xlsx", "note.txt"):
        (folder / name).touch()
    other = tmp_path / "altro.ods"
    other.touch()
    assert job("--piano", folder, "--piano", other).exit_code == 0
    [(_, options)] = pipeline.calls
    assert [path.name for path in options["plan"]] == ["a.xlsx", "b.xlsx", "altro.ods"]


def test_an_empty_plan_folder_is_wrong_usage(job, tmp_path):
    (tmp_path / "vuota").mkdir()
    done = job("--piano", tmp_path / "vuota")
    assert done.exit_code == 2
    assert "non c'è nessuna cartella di lavoro" in done.stderr


def test_the_summary_says_what_a_controller_asks(job):
    text = " ".join(job().stdout.split())
    for words in (
        "Camera di Commercio di Prova – anno 2019",
        "Realizzazione complessiva: 42,75 % (21 misurati su 71; non raggiunto)",
        "OB1 Area uno 12,50 % 2 su 30 non raggiunto",
        "2.1 Strategico due 100,00 % 3 su 3 raggiunto",
        "U1.1 Segreteria generale 50,50 % 4 su 9 parzialmente raggiunto",
        "SG Segretario Generale 32,00 % 2 su 8",
        "1 – peso 11,40 % – Realizzare il programma 32,00 %",
        "Indicatori che contano: 3 – 1 parzialmente raggiunto, 2 non misurati",
        "1 non ancora dovuto, 1 scaduto senza risultato",
        "ufficio U6.1 – Ufficio sei (nessun foglio)",
        "Anomalie: nessuna",
        "Consolidato: Consolidato_prova_2019.xlsx",
    ):
        assert words in text, words
    assert "Operativo che non si mostra" not in text, "l'albero si ferma agli obiettivi strategici"
    assert "1.1 Titolo [bold]grassetto[/bold] [31mrosso ribaltato N.C. 0 su 10 non misurato" in text


def test_what_was_typed_in_a_workbook_cannot_move_the_cursor(job, pipeline):
    pipeline.result = consolidation(findings=[ERROR_FINDING])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", job().stdout)


def test_findings_the_gravest_first_with_their_cell(job, pipeline):
    pipeline.result = consolidation(findings=[WARNING_FINDING] * 20 + [ERROR_FINDING])
    done = job()
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    start = lines.index("Anomalie: 1 errore, 20 avvisi")
    assert lines[start + 1].startswith("  errore PX-R006 U1.1.xlsx [Cruscotto] C12: Errore di Excel nella cella – #DIV/0!")
    after = [line for line in lines[start + 2 :] if line.startswith("  avviso PX-G003 U1.1.xlsx [Cruscotto] C14: ")]
    assert len(after) == 3, "pochi per ogni codice"
    assert "Che cosa fare: Correggere la formula o digitare il valore." in " ".join(done.stdout.split())
    assert "… e 17 altre (tutte nella scheda Anomalie)." in done.stdout


def test_exit_zero_with_warnings_only(job, pipeline):
    pipeline.result = consolidation(findings=[WARNING_FINDING])
    assert job().exit_code == 0


def test_nothing_usable_writes_nothing(job, pipeline, office):
    pipeline.result = consolidation(rows=[], findings=[ERROR_FINDING])
    done = job()
    assert done.exit_code == 2
    assert "nessun foglio utilizzabile" in done.stderr
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(
    "error",
    [
        InputError("nessuna cartella di lavoro in fogli/", path="fogli"),
        MethodError("m.toml: scoring.cap: trovato 3; ammessi: 100", file="m.toml", key="scoring.cap", allowed=("100",)),
        OutputError("cartella in sola lettura", path="x"),
    ],
)
def test_a_perfxl_error_is_one_line(job, pipeline, error):
    pipeline.result = error
    done = job()
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"Errore: {error.message}\n")


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory", "x.pyc")])
def test_too_little_memory_is_said_in_one_line(job, pipeline, error):
    pipeline.result = error
    done = job()
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Errore: memoria insufficiente: chiudere gli altri programmi")
    assert done.stderr.count("\n") == 1


def test_an_unexpected_error_is_one_line_and_a_traceback_on_request(job, pipeline, monkeypatch):
    pipeline.result = ValueError("boh\nboh")
    done = job()
    assert done.exit_code == 2
    assert done.stderr.startswith("Errore: errore imprevisto di perfxl (ValueError: boh boh). Per segnalarlo")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    monkeypatch.setenv("PERFXL_DEBUG", "1")
    again = job()
    assert "Traceback" in again.stderr
    assert again.stderr.splitlines()[-1].startswith("Errore: ")


def test_a_full_disk_is_told_in_italian(job, pipeline):
    import errno

    pipeline.result = OSError(errno.ENOSPC, "No space left on device", "/disco/x.xlsx")
    assert job().stderr == "Errore: /disco/x.xlsx: il disco è pieno\n"


def test_interrupted(job, pipeline):
    pipeline.result = KeyboardInterrupt()
    done = job()
    assert (done.exit_code, done.stdout) == (130, "")
    assert done.stderr.startswith("Interrotto")
    assert done.stderr.count("\n") == 1


def test_output_to_a_file_and_to_a_folder(job, tmp_path):
    assert job("-o", tmp_path / "mio.xlsx").exit_code == 0
    assert (tmp_path / "mio.xlsx").is_file()
    assert job("--output", tmp_path).exit_code == 0
    assert (tmp_path / "Consolidato_prova_2019.xlsx").is_file()


def test_the_previous_output_is_given_to_the_next_run(job, pipeline, tmp_path):
    job()
    job()
    job("-o", tmp_path / "mio.xlsx")
    job("-o", tmp_path / "mio.xlsx")
    previous = [options["previous"] for _, options in pipeline.calls]
    assert previous == [Path(), Path(), None, tmp_path / "mio.xlsx"]


@pytest.mark.parametrize("option", ["-o", "--json"])
def test_an_input_is_never_written_over(run, pipeline, office, option):
    source = office / ("U1.1.xlsx" if option == "-o" else "U1.1.json")
    source.write_bytes(b"PK")
    done = run("consolida", source, *METHOD, option, source)
    assert done.exit_code == 2
    assert "scriverebbe sopra un file da leggere" in done.stderr
    assert source.read_bytes() == b"PK"
    assert not pipeline.calls


def test_json_to_a_file(job, tmp_path):
    done = job("--json", tmp_path / "c.json")
    data = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert data == {"nodes": [{"code": "ENTE", "achievement_pct": 42.75, "day": "2019-04-30"}], "offices": [None]}
    assert f"JSON: {tmp_path / 'c.json'}" in done.stdout
    assert [path.name for path in tmp_path.iterdir() if "perfxl" in path.name] == [], "nessun file temporaneo lasciato"


def test_json_to_standard_output_sends_the_summary_to_the_other(job):
    done = job("--json", "-")
    assert json.loads(done.stdout)["nodes"][0]["achievement_pct"] == 42.75
    assert "42,75 %" in done.stderr


def test_json_where_it_cannot_be_written(job, tmp_path):
    done = job("--json", tmp_path / "non-c-e" / "c.json")
    assert done.exit_code == 2
    assert done.stderr.startswith("Errore: il JSON non si può scrivere")
    assert "file o cartella inesistente" in done.stderr


def test_explanations(job):
    done = job("--spiega", "ENTE")
    assert done.exit_code == 0
    assert "ENTE è la media di OB1 e OB2." in done.stdout
    for file in Path().iterdir():
        file.unlink()
    wrong = job("--spiega", "ENTE", "--spiega", "X9")
    assert (wrong.exit_code, wrong.stdout, [*Path().iterdir()]) == (2, "", [])
    assert "codice sconosciuto: X9; non è stato scritto niente" in wrong.stderr


def test_no_colour_outside_a_terminal(job):
    assert "\x1b" not in job().stdout


def test_as_of_is_told(job, pipeline):
    pipeline.result = consolidation(as_of=date(2019, 4, 30))
    assert "alla data del 30/04/2019" in job().stdout


def test_the_pro_rata_reading_stands_beside_the_official_one(job, pipeline):
    from fractions import Fraction

    made = consolidation()
    pipeline.result = replace(made, nodes=(replace(made.nodes[0], pro_rata_pct=Fraction(200, 3)), *made.nodes[1:]))
    assert "in rapporto al tempo trascorso: 66,67 %" in job().stdout
