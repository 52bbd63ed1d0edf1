"""PX_LEGGI_TARGET and PX_LEGGI_RISULTATO, and the words of the kinds."""

from __future__ import annotations

from datetime import datetime

import pytest

from functions.cells import call
from perfxl.model import ResultKind, TargetKind
from perfxl.model.words import RESULT_WORDS, TARGET_WORDS


def test_every_kind_has_its_word():
    assert set(TARGET_WORDS) == set(TargetKind)
    assert set(RESULT_WORDS) == set(ResultKind)


@pytest.mark.parametrize(
    ("target", "algorithm", "row"),
    [
        (">= 80%", None, ["soglia", ">=", 80.0, "%", ""]),
        ("< 5gg", None, ["soglia", "<", 5.0, "gg", ""]),
        ("n. 3 progetti", None, ["numero", "", 3.0, "n.", ""]),
        ("= 100,00 %", None, ["uguaglianza", "=", 100.0, "%", ""]),
        ("380% - 390%", None, ["intervallo", "", "da 380 a 390", "%", ""]),
        ("entro il 31/12/2020", None, ["scadenza", "<=", "", "data", datetime(2020, 12, 31)]),
        ("entro il 30/06/2019 e 31/12/2019", None, ["più scadenze", "<=", "", "data", "30/06/2019; 31/12/2019"]),
        ("entro Aprile", None, ["scadenza", "<=", "", "data", "senza anno"]),
        ("realizzazione", None, ["realizzazione", "", "", "", ""]),
        (datetime(2019, 12, 15), None, ["scadenza", "", "", "data", datetime(2019, 12, 15)]),
        (0.6, "% riscossione Diritto Annuale > 60%", ["soglia", ">", 60.0, "%", ""]),
        (0.5, "% riscossione Diritto Annuale > 60%", ["soglia", ">", 50.0, "%", ""]),
        (12.0, "n. di presenze su media >= 12", ["soglia", ">=", 12.0, "n.", ""]),
        (15.0, "data predisposizione report entro 15 gg chiusura quadrimestre", ["entro giorni", "<=", 15.0, "gg", ""]),
        (None, None, [""] * 5),
    ],
)
def test_targets(target, algorithm, row):
    assert call("PX_LEGGI_TARGET", target, algorithm) == [row]


def test_an_unreadable_target_says_why():
    [[kind, *rest]] = call("PX_LEGGI_TARGET", "#DIV/0!")
    assert kind.startswith("non leggibile: ")
    assert rest == [""] * 4


@pytest.mark.parametrize(
    ("result", "row"),
    [
        ("74%", ["percentuale", 74.0, "%", ""]),
        (98.455, ["numero", 98.455, "n.", ""]),
        ("3,8 gg", ["numero", 3.8, "gg", ""]),
        ("€ 1.492.129,83", ["numero", 1492129.83, "€", ""]),
        ("giugno", ["mese", "", "data", "giugno"]),
        ("29/03/2019", ["data", "", "data", datetime(2019, 3, 29)]),
        (datetime(2019, 3, 29), ["data", "", "data", datetime(2019, 3, 29)]),
        (datetime(1899, 12, 30), ["non leggibile: data zero (00/01/1900)", "", "", ""]),
        ("Rinviato a causa dello slittamento", ["non misurato", "", "", ""]),
        ("#N/D", ["non leggibile: errore di Excel: #N/D", "", "", ""]),
        (True, ["fatto", "", "", ""]),
        ("  ", [""] * 4),
    ],
)
def test_results(result, row):
    assert call("PX_LEGGI_RISULTATO", result) == [row]


def test_a_row_of_texts_gives_a_row_for_each():
    assert [row[0] for row in call("PX_LEGGI_RISULTATO", [["74%", "giugno"]])] == ["percentuale", "mese"]
