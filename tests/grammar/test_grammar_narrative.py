"""Targets inside Lucca's indicator texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from perfxl.grammar import find_targets

D = Decimal

# id: the clauses that a reader of the text sets the result against (transcribed by hand)
DEADLINES = {
    "2E0101-P2": (2017, 6, 30), "2E0101-P5": (2017, 3, 31), "3E0101-P7": (2017, 4, 15), "2A0101-P7": (2017, 9, 30), "3B0101-P2": (2017, 4, 30),
    "3D0101-P3": (2017, 3, 31), "3A0102-P2": (2017, 12, 31), "3C0102-P3": (2017, 7, 31), "3C0102-P5": (2017, 6, 30), "3C0103-P4": (2017, 2, 28),
    "3C0104-P5": (2017, 2, 28), "3C0105-P1": (2017, 11, 30), "3C0105-P3": (2017, 1, 31), "3C0105-P5": (2017, 10, 31),
}  # fmt: skip
THRESHOLDS = {
    "2A-S1": ("<", "5", "gg"),
    "2A0101-P1": ("<=", "5", "gg"),
    "2A0101-P2": ("<", "12", "gg"),
    "2A0101-P4": ("<", "12", "gg"),
    "3A0102-P3": (">=", "10", "n."),
}


def test_every_month_days_or_number_of_lucca_has_its_clause(golden):
    rows = {row["id"]: row for row in golden("lucca-2017/indicators")}
    wanted = {key for key, row in rows.items() if row["result_class"] in {"month_name", "value_with_unit"}}
    assert wanted == DEADLINES.keys() | THRESHOLDS.keys()
    for key, when in DEADLINES.items():
        (target,) = find_targets(rows[key]["text"], year=2017)
        assert (target.kind, target.operator, target.dates) == ("deadline", "<=", (date(*when),)), key
    for key, expected in THRESHOLDS.items():
        (target,) = find_targets(rows[key]["text"], year=2017)
        assert (target.kind, target.operator, target.value, target.unit) == (
            "threshold",
            expected[0],
            D(expected[1]),
            expected[2],
        ), key


def test_two_votes_two_clauses(golden):
    (row,) = [row for row in golden("lucca-2017/indicators") if row["id"] == "1D-S2"]
    assert [(target.operator, target.value) for target in find_targets(row["text"], year=2017)] == [(">=", 3), (">=", 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Realizzazione di almeno 2 campagne (di cui almeno 1 in ambito diverso da quelle dell'anno precedente).",
            [("threshold", ">=", 2)],
        ),
        ("Almeno due campagne, di cui almeno una in ambito diverso", [("threshold", ">=", 2)]),
        (
            "realizzazione di almeno 1 incontro con i colleghi e di almeno 4 newsletter",
            [("threshold", ">=", 1), ("threshold", ">=", 4)],
        ),
        ("Organizzazione e realizzazione di n. 2 corsi formativi", [("count", None, 2)]),
        ("Report numerico. Risultato atteso 1 o > di 1 (corredare il dato)", [("threshold", ">=", 1)]),
        ("Conclusione per non meno di n. 800 posizioni errate.", [("threshold", ">=", 800)]),
        ("oltre 90% dei documenti fascicolati entro 45 gg dalla creazione", [("threshold", ">", 90), ("days_within", "<=", 45)]),
        ("Controlli Banca dati Siope al 31/12/2016", []),
        ("% caricamento fatture per n. 7 gg. lavorativi", []),
        ("Pubblicazioni Anno 2016, protocollo 104/92, 350 imprese", []),
        ("pratiche in attesa fino al 31/12/2015", []),
        ("entro i termini richiesti", []),
        ("entro il 31/02/2017", []),
        ("", []),
    ],
)
def test_clauses(text, expected):
    assert [(target.kind, target.operator, target.value) for target in find_targets(text, year=2017)] == expected


def test_comparison_with_the_year_before():
    (target,) = find_targets(
        "Riduzione delle spese di funzionamento per la voce prestazione di servizi rispetto all'anno precedente.", year=2017
    )
    assert (target.kind, target.operator, target.reference) == ("relative", "<", "anno precedente")


def test_the_clause_keeps_its_words():
    (target,) = find_targets("Attivazione ENTRO  il 30 settembre del servizio", year=2017)
    assert target.text == "entro il 30 settembre"
