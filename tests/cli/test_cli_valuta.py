"""`perfxl valuta` and `perfxl metodi`: one score, the profiles."""

from __future__ import annotations

import json

import pytest

KEYS = ["kind", "operator", "value", "unit", "dates", "result", "achievement_pct", "state", "explanation"]


@pytest.fixture
def valuta(run):
    """`valuta(">= 80%", "60%", …)`: the JSON of a score, with the exit code under `exit`."""

    def score(target, result, *args):
        done = run("valuta", "--target", target, "--risultato", result, "--json", *args)
        assert done.stdout, done.stderr
        data = json.loads(done.stdout)
        assert list(data) == KEYS
        return data | {"exit": done.exit_code}

    return score


# Arithmetic by hand, under the Massa-Carrara rules of METHODS (100·A/T, 100·T/A, late 0, mean of several deadlines).
@pytest.mark.parametrize(
    ("target", "result", "args", "expected"),
    [
        (">= 80%", "60%", (), {"kind": "threshold", "operator": ">=", "value": 80, "unit": "%", "result": 60, "achievement_pct": 75, "state": "parzialmente raggiunto"}),
        (">= 80%", "100%", (), {"achievement_pct": 100, "state": "raggiunto"}),
        ("non superiore a 5 gg", "10", (), {"operator": "<=", "value": 5, "unit": "gg", "achievement_pct": 50}),
        ("15", "12 gg", ("--algoritmo", "entro 15 gg chiusura quadrimestre"), {"value": 15, "unit": "gg", "achievement_pct": 100}),
        ("12", "3", ("--algoritmo", "n. newsletter >= 12"), {"operator": ">=", "result": 3, "achievement_pct": 25, "state": "non raggiunto"}),
        ("entro il 31/12/2019", "29/03/2019", (), {"kind": "deadline", "dates": ["2019-12-31"], "result": "2019-03-29", "achievement_pct": 100}),
        ("entro il 30/6", "01/07/2021", ("--anno", "2021"), {"dates": ["2021-06-30"], "achievement_pct": 0}),
        ("entro il 30/06 e 31/12", "29/06/2019 e 15/01/2020", (), {"kind": "multi_deadline", "dates": ["2019-06-30", "2019-12-31"], "achievement_pct": 50}),
        ("<= - 15,00 %", "-18%", (), {"operator": "<=", "value": -15, "result": -18, "achievement_pct": 100}),
        ("90 %", "74%", ("--metodo", "lucca-2017"), {"achievement_pct": 74}),
        (">= 0,20 N.", "0,05", (), {"value": 0.2, "result": 0.05, "achievement_pct": 25}),
        (">= 80%", "N.C.", (), {"result": None, "achievement_pct": None, "state": "non misurato"}),
        (">= 80%", "", (), {"result": None, "achievement_pct": None, "state": "non misurato"}),
    ],
)  # fmt: skip
def test_a_score_as_json(valuta, target, result, args, expected):
    data = valuta(target, result, *args)
    assert {key: data[key] for key in expected} == expected
    assert data["exit"] == 0
    assert data["explanation"]


@pytest.mark.parametrize(
    ("target", "result"),
    [(">= 80%", "31/02/2019"), (">= 80%", "#DIV/0!"), (">= >= boh 3 o 4 forse", "3"), (">= 80%", "00/01/1900")],
)
def test_what_cannot_be_read_is_no_score(valuta, run, target, result):
    data = valuta(target, result)
    assert (data["achievement_pct"], data["exit"]) == (None, 1)
    done = run("valuta", "--target", target, "--risultato", result)
    assert done.exit_code == 1
    assert "PX-G00" in done.stdout, "l'anomalia è detta"


@pytest.mark.parametrize(
    ("target", "result", "code"),
    [
        ("12", "00/01/1900", 1),
        ("12", "boh", 1),
        (">= 80%", "0,6", 1),
        ("entro 15 gg chiusura quadrimestre", "29/04/2019", 1),
        ("12", "N.C.", 0),
        ("12", "", 0),
        ("entro il 30/06 e 31/12", "15/12/2019", 0),  # a convention (PX-G008), and a figure
    ],
)
def test_one_rule_for_the_exit_code(valuta, target, result, code):
    """An anomaly in the place of the figure is 1, whatever its severity."""
    data = valuta(target, result)
    assert data["exit"] == code
    assert (data["achievement_pct"] is None) == (code == 1 or result in ("", "N.C."))


def test_a_score_for_a_reader(run):
    done = run("valuta", "--target", ">= 80%", "--risultato", "60%")
    assert done.exit_code == 0
    for words in ("soglia >= 80 %", "percentuale 60 %", "75,00 %", "parzialmente raggiunto", "massacarrara-2019, anno 2019"):
        assert words in done.stdout, words


@pytest.mark.parametrize("form", [["--risultato", "-18%"], ["--risultato=-18%"]])
def test_values_may_start_with_a_dash(run, form):
    done = run("valuta", "--target", "-15%", "--algoritmo", "<= -15", *form, "--json")
    assert json.loads(done.stdout)["result"] == -18


def test_a_user_s_own_method(run, tmp_path):
    own = tmp_path / "nostro.toml"
    own.write_text('base = "massacarrara-2019"\n[scoring]\ncap = 120\n', encoding="utf-8")
    done = run("valuta", "--target", ">= 80%", "--risultato", "88%", "--metodo", own, "--json")
    assert json.loads(done.stdout)["achievement_pct"] == 110


def test_methods_are_listed(run):
    done = run("metodi")
    assert done.exit_code == 0
    for words in ("lucca-2017", "massacarrara-2019", "unioncamere-2022", "Camera di Commercio di Lucca"):
        assert words in done.stdout


def test_a_method_is_shown_axis_by_axis(run):
    done = run("metodi", "mostra", "lucca-2017")
    assert done.exit_code == 0
    assert "Ente: Camera di Commercio di Lucca, anno 2017" in done.stdout
    for line in ("mode truncate", "decimals 2", "2C7101 2C0101"):
        assert line in " ".join(done.stdout.split()), line


def test_a_good_file_passes_the_check(run, tmp_path):
    own = tmp_path / "nostro.toml"
    own.write_text('base = "lucca-2017"\n', encoding="utf-8")
    done = run("metodi", "controlla", own)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Il metodo è valido: nostro")


def test_a_bad_file_is_told_key_by_key(run, tmp_path):
    own = tmp_path / "nostro.toml"
    own.write_text('base = "lucca-2017"\npippo = 3\n[rounding]\nmode = "boh"\n', encoding="utf-8")
    done = run("metodi", "controlla", own)
    assert (done.exit_code, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("Errore: ") and "nostro.toml" in line for line in lines)
    [mode] = [line for line in lines if "rounding.mode" in line]
    assert "truncate" in mode
    assert "half_up" in mode
    assert any("pippo" in line for line in lines)
    short = run("valuta", "--target", "1", "--risultato", "1", "--metodo", own)
    assert (short.exit_code, short.stderr.count("\n")) == (2, 1)
    assert "e altri problemi: 1" in short.stderr


def test_a_method_file_that_is_not_there(run, tmp_path):
    done = run("metodi", "controlla", tmp_path / "non-c-e.toml")
    assert done.exit_code == 2
    assert "non esiste" in done.stderr
