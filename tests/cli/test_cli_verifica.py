"""`perfxl verifica`, and `--prospetto` where statements are computed: what is printed, what is written, how it ends."""

from __future__ import annotations

import json

import pytest
from openpyxl import Workbook, load_workbook

from statements.made import BUDGET

HEADER = ("Progetto", "Previsto", "Speso", "% utilizzo")
OWN = BUDGET.replace('id = "budget"', 'id = "nostro"').replace('"Progetto"', '"Iniziativa"')


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder, with a workbook `bilancio.xlsx` of a table that perfxl doesn't ship, and `nostro.toml` that declares it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nostro.toml").write_text(OWN, encoding="utf-8")

    def write(*rows, name="bilancio.xlsx"):
        book = Workbook()
        page = book.active
        page.title = "Risorse"
        for row in (("Iniziativa", *HEADER[1:]), *rows):
            page.append(row)
        book.save(tmp_path / name)

    write(("1A01 - Borse", 700, 300, 42.9), ("Totale", 700, 300, 42.9))
    return write


def test_nothing_differs(run, here, tmp_path):
    done = run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "-o", "v.xlsx")
    assert done.exit_code == 0, done.stderr
    assert "Nessuna differenza." in done.stdout
    assert "Budget per progetto" in done.stdout
    assert load_workbook(tmp_path / "v.xlsx").sheetnames == ["Verifiche", "Riscontri", "Metodo"]


def test_differences_end_with_one_and_are_told_with_their_cells(run, here):
    here(("1A01 - Borse", 700, 300, 42.8), ("1A02 - Eventi", 100, 50, 51), ("Totale", 800, 350, 43.8))
    done = run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml")
    assert done.exit_code == 1
    text = " ".join(done.stdout.split())
    assert "Differenze: 1 errore, 1 avviso" in text
    assert (
        "bilancio.xlsx [Risorse] D3: «Eventi», % utilizzo: stampato 51,0 %, calcolato 50,0 % (% di utilizzo; da C3, B3)" in text
    )
    assert "concorderebbe con: troncamento a 1 decimale" in text
    assert "Metodo massacarrara-2019 (predefinito):" in text


def test_the_default_name_says_whose_and_the_previous_version_is_kept(run, here, tmp_path):
    name = "Verifiche_CCIAA_Lucca_2017.xlsx"
    assert run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "--metodo", "lucca-2017").exit_code == 0
    assert (tmp_path / name).exists()
    assert load_workbook(tmp_path / name)["Verifiche"]["A1"].value == "Camera di Commercio di Lucca – Verifica dei documenti 2017"
    done = run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "--metodo", "lucca-2017")
    assert "Verifiche_CCIAA_Lucca_2017 (1).xlsx" in done.stdout


def test_where_nobody_says_whose_the_documents_are_neither_does_the_workbook(run, here, tmp_path):
    assert run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml").exit_code == 0
    assert load_workbook(tmp_path / "Verifiche.xlsx")["Verifiche"]["A1"].value == "Verifica dei documenti"


def test_a_folder_as_output(run, here, tmp_path):
    (tmp_path / "uscita").mkdir()
    assert run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "-o", "uscita").exit_code == 0
    assert [path.name for path in (tmp_path / "uscita").iterdir()] == ["Verifiche.xlsx"]


def test_json_to_standard_output_leaves_it_alone(run, here):
    done = run("verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "--json", "-")
    data = json.loads(done.stdout)
    assert data["total"]["checked"] == 4
    assert "Verifica dei documenti" in done.stderr


def test_the_method_is_that_of_the_sheets(run, workbooks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("verifica", workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx", "-o", "v.xlsx")
    assert "Metodo lucca-2017 (riconosciuto dai fogli)" in " ".join(done.stdout.split())
    done = run("verifica", workbooks / "massacarrara-2019", "-o", "v.xlsx")
    assert "Metodo massacarrara-2019 (riconosciuto dai fogli)" in " ".join(done.stdout.split())


def test_inputs_stay_as_they_are(run, workbooks, tmp_path, monkeypatch, unchanged):
    monkeypatch.chdir(tmp_path)
    with unchanged(workbooks / "tno-2022", nothing_added=True):
        assert run("verifica", workbooks / "tno-2022" / "pisa", "-o", "v.xlsx", "--json", "v.json").exit_code == 1
    assert json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["total"]["differ"] == 5


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["verifica"], "Manca l'argomento 'PERCORSO...'"),
        (["verifica", "manca.xlsx"], "«manca.xlsx» non esiste"),
        (["verifica", "bilancio.xlsx"], "nessun"),
        (["verifica", "bilancio.xlsx", "--prospetto", "manca.toml"], "«manca.toml» non esiste"),
        (["verifica", "bilancio.xlsx", "--prospetto", "storto.toml"], "chiave sconosciuta «colour»"),
        (["verifica", "bilancio.xlsx", "--prospetto", "formula.toml"], "una formula leggibile"),
        (["verifica", "bilancio.xlsx", "--metodo", "pisa-1850"], "Il metodo «pisa-1850» non esiste"),
        (["verifica", "bilancio.xlsx", "-o", "bilancio.xlsx"], "scriverebbe sopra un file da leggere"),
        (["verifica", "bilancio.xlsx", "-o", "v.ods"], "ha un altro nome"),
        (
            ["verifica", "bilancio.xlsx", "--prospetto", "nostro.toml", "--json", "nostro.toml"],
            "scriverebbe sopra un file da leggere",
        ),
        (["consolida", "bilancio.xlsx", "--metodo", "lucca-2017", "--prospetto", "storto.toml"], "chiave sconosciuta «colour»"),
        (["leggi", "bilancio.xlsx", "--prospetto", "storto.toml"], "chiave sconosciuta «colour»"),
    ],
)
def test_what_cannot_be_done_is_one_italian_line(run, here, tmp_path, args, words):
    (tmp_path / "storto.toml").write_text(OWN + '\n[colour]\nred = "1"\n', encoding="utf-8")
    (tmp_path / "formula.toml").write_text(OWN.replace("sum(children)", "sum(children"), encoding="utf-8")
    done = run(*args)
    assert done.exit_code == 2, done.stdout
    assert words in done.stderr
    assert done.stderr.startswith("Errore: ")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("Verifiche*"))


def test_consolida_takes_a_declaration_too(run, here, tmp_path):
    done = run("consolida", "bilancio.xlsx", "--metodo", "lucca-2017", "--prospetto", "nostro.toml", "-o", "c.xlsx")
    assert done.exit_code == 0, done.stderr
    assert "Risorse" in load_workbook(tmp_path / "c.xlsx").sheetnames


def test_the_user_s_declaration_takes_the_place_of_the_shipped_one(run, here, tmp_path, workbooks):
    source = workbooks / "lucca-2017-relazione" / "Conto_economico_2017.xlsx"
    from perfxl.statements import shipped_declarations

    known = next(each for each in shipped_declarations() if each.id == "income_composition")
    (tmp_path / "mio.toml").write_text(
        'id = "income_composition"\ntitle = "Il mio"\ntab = "Mio"\n'
        'columns.item = { headings = ["Voce che nessuno stampa"], need = "essential" }\n',
        encoding="utf-8",
    )
    done = run("leggi", source, "--prospetto", "mio.toml", "--json", "-")
    assert known.title not in [each["title"] for each in json.loads(done.stdout)["statements"]]


def test_leggi_shows_the_statements(run, here):
    done = run("leggi", "bilancio.xlsx", "--prospetto", "nostro.toml")
    assert done.exit_code == 0, done.stdout
    text = " ".join(done.stdout.split())
    assert "Prospetto nel foglio «Risorse»: Budget per progetto" in text
    assert "Modello nostro, dalla riga 1; 2 righe: 1 progetto, 1 totale" in text
    assert "Colonne trovate: Iniziativa = A, Previsto = B, Speso = C, % utilizzo = D" in text
    assert "2 progetto 1A01 Borse 700 300 42,9" in text


def test_leggi_gives_the_statements_in_json(run, here):
    [statement] = json.loads(run("leggi", "bilancio.xlsx", "--prospetto", "nostro.toml", "--json", "-").stdout)["statements"]
    assert (statement["id"], statement["sheet"], statement["header_row"]) == ("nostro", "Risorse", 1)
    assert statement["lines"][0]["figures"] == {"planned": 700, "spent": 300, "used": 42.9}
    assert statement["columns"] == {"project": "A", "planned": "B", "spent": "C", "used": "D"}


def test_without_its_declaration_the_table_is_not_known(run, here):
    assert run("leggi", "bilancio.xlsx").exit_code == 2
