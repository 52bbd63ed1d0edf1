"""Targets: the word list of METHODS.md transcribed by hand, and what is like it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.model import Cell, CellKind, cell_of

D = Decimal
YEAR = 2019


def day(text: str) -> date:
    return date.fromisoformat(text)


# text, kind, operator, value, unit
METHODS_VALUES = [
    (">= 80%", "threshold", ">=", "80", "%"),
    (">=80%", "threshold", ">=", "80", "%"),
    ("=> 2 (almeno 1 in ambito diverso da quelle anno n-1)", "threshold", ">=", "2", "n."),
    ("> 60%", "threshold", ">", "60", "%"),
    ("< 5gg", "threshold", "<", "5", "gg"),
    ("<= 1", "threshold", "<=", "1", "n."),
    ("=2", "equality", "=", "2", "n."),
    ("= 100,00 %", "equality", "=", "100", "%"),
    ("<= - 15,00 %", "threshold", "<=", "-15", "%"),
    (">= 0,20 N.", "threshold", ">=", "0.20", "n."),
    ("80%", "equality", "=", "80", "%"),
    ("100%", "equality", "=", "100", "%"),
    ("15", "count", None, "15", "n."),
    ("n. 3 progetti", "count", None, "3", "n."),
    ("n. progetti integrati realizzati (n. 3)", "count", None, "3", "n."),
    ("n. controlli effettuati >= 20", "threshold", ">=", "20", "n."),
    ("% pratiche RI/REA evase entro 20 % dei 5 gg >= 80%", "threshold", ">=", "80", "%"),
    (">= 30", "threshold", ">=", "30", "n."),
    ("entro 30 gg dall'inizio dell'evento stesso", "days_within", "<=", "30", "gg"),
    ("almeno 2 campagne, di cui almeno una in ambito diverso", "threshold", ">=", "2", "n."),
    ("non superiore a 5 gg", "threshold", "<=", "5", "gg"),
    ("inferiore a 12 gg", "threshold", "<", "12", "gg"),
    ("non inferiore a tre (scala da uno a cinque)", "threshold", ">=", "3", "n."),
    ("realizzazione", "milestone", None, None, None),
    ("realizzazione di n. 1 nuova azione", "milestone", None, "1", "n."),
    ("report", "milestone", None, None, None),
    ("aumento del 40%", "relative", None, "40", "%"),
    ("> del 2016", "relative", ">", None, None),
]
OPERATORS = [
    ("almeno 3", "threshold", ">=", "3", "n."),
    ("almeno l'80%", "threshold", ">=", "80", "%"),
    ("realizzazione almeno dell'80% dei progetti", "threshold", ">=", "80", "%"),
    ("per non meno del 60% delle posizioni", "threshold", ">=", "60", "%"),
    ("non meno di n. 800 posizioni", "threshold", ">=", "800", "n."),
    ("non inferiore a 3", "threshold", ">=", "3", "n."),
    ("minimo 3", "threshold", ">=", "3", "n."),
    ("uguale o superiore a 85%", "threshold", ">=", "85", "%"),
    ("maggiore o uguale a 3", "threshold", ">=", "3", "n."),
    ("non superiore al 10%", "threshold", "<=", "10", "%"),
    ("massimo 5 gg", "threshold", "<=", "5", "gg"),
    ("al massimo 5", "threshold", "<=", "5", "n."),
    ("non più di 4 giorni", "threshold", "<=", "4", "gg"),
    ("minore o uguale a 3", "threshold", "<=", "3", "n."),
    ("superiore al 50%", "threshold", ">", "50", "%"),
    ("oltre 90%", "threshold", ">", "90", "%"),
    ("più di 3", "threshold", ">", "3", "n."),
    ("piu' di 3", "threshold", ">", "3", "n."),
    ("meno di 4", "threshold", "<", "4", "n."),
    ("pari a 10", "equality", "=", "10", "n."),
    ("pari ad almeno il 10% del credito", "threshold", ">=", "10", "%"),
    ("≥ 80%", "threshold", ">=", "80", "%"),
    ("≤ 5", "threshold", "<=", "5", "n."),
    ("> = 80 %", "threshold", ">=", "80", "%"),
    ("=< 3", "threshold", "<=", "3", "n."),
    ("&gt;= 80%", "threshold", ">=", "80", "%"),
    ("ALMENO  DUE  EVENTI", "threshold", ">=", "2", "n."),
    ("almeno un corso", "threshold", ">=", "1", "n."),
    ("almeno venti uscite", "threshold", ">=", "20", "n."),
    ("1 o più", "threshold", ">=", "1", "n."),
    ("1 o > di 1", "threshold", ">=", "1", "n."),
    ("<p>100%</p>", "equality", "=", "100", "%"),
    (">=\xa080\xa0%.", "threshold", ">=", "80", "%"),
    ("80 per cento", "equality", "=", "80", "%"),
    ("tre", "count", None, "3", "n."),
    ("3,8 gg", "count", None, "3.8", "gg"),
    ("< 2.9 giorni", "threshold", "<", "2.9", "gg"),
    ("entro 5 giorni lavorativi", "days_within", "<=", "5", "gg"),
    ("€ 1.492.129,83", "count", None, "1492129.83", "€"),
    (">= 10.000 €", "threshold", ">=", "10000", "€"),
    ("entro 48 ore dalla richiesta", "threshold", "<=", "48", "ore"),
    ("<= 48 h", "threshold", "<=", "48", "ore"),
    ("non deve essere superiore a 5 gg", "threshold", "<=", "5", "gg"),
    ("non sia inferiore a 3", "threshold", ">=", "3", "n."),
    ("mai meno di 3", "threshold", ">=", "3", "n."),
    ("non sotto l'80%", "threshold", ">=", "80", "%"),
    ("in nessun caso superiore a 5 gg", "threshold", "<=", "5", "gg"),
    ("minore/uguale a 5 gg", "threshold", "<=", "5", "gg"),
    ("maggiore od uguale a 3", "threshold", ">=", "3", "n."),
    ("superiore o pari a 3", "threshold", ">=", "3", "n."),
    ("superiore (o uguale) a 3", "threshold", ">=", "3", "n."),
    ("uguale/minore di 3", "threshold", "<=", "3", "n."),
    ("> o = 80%", "threshold", ">=", "80", "%"),
    ("</= 5", "threshold", "<=", "5", "n."),
    ("almeno pari a 3", "threshold", ">=", "3", "n."),
    ("fino a un massimo di 5", "threshold", "<=", "5", "n."),
    ("5 gg max", "threshold", "<=", "5", "gg"),
    ("5 gg (massimo)", "threshold", "<=", "5", "gg"),
    ("3 eventi al massimo", "threshold", "<=", "3", "n."),
    ("5 gg o meno", "threshold", "<=", "5", "gg"),
    ("3 come minimo", "threshold", ">=", "3", "n."),
    (">= € 1,5 milioni", "threshold", ">=", "1500000", "€"),
    ("€ 200 mila", "count", None, "200000", "€"),
    ("1,5 mln di euro", "count", None, "1500000", "€"),
    ("% attività realizzate >= 80", "threshold", ">=", "80", "%"),
    (">= 80% delle pratiche entro 5 gg", "threshold", ">=", "80", "%"),
    ("realizzazione del 90% degli obiettivi", "equality", "=", "90", "%"),
]
# The forms of two later documents: Massa-Carrara 2022 (piano integrato) and Lucca 2018 (indici di salute)
LATER_DOCUMENTS = [
    (">= 8,00 N.", "threshold", ">=", "8", "n."),
    (">=6,00 N.", "threshold", ">=", "6", "n."),
    (">= 120,00 %", "threshold", ">=", "120", "%"),
    ("105,0%", "equality", "=", "105", "%"),
    ("<= 45%", "threshold", "<=", "45", "%"),
    ("<= 90,0", "threshold", "<=", "90", "n."),
    ("<= 26.000", "threshold", "<=", "26000", "n."),
    ("<= -20%", "threshold", "<=", "-20", "%"),
]


@pytest.mark.parametrize(("text", "kind", "operator", "value", "unit"), METHODS_VALUES + OPERATORS + LATER_DOCUMENTS)
def test_values(text, kind, operator, value, unit):
    target = parse_target(text, year=YEAR)
    assert (target.kind, target.operator, target.value, target.unit) == (kind, operator, D(value) if value else None, unit)
    assert target.text == text
    assert target.dates == ()


@pytest.mark.parametrize(
    ("text", "operator", "dates"),
    [
        ("31/12/2019", None, ["2019-12-31"]),
        ("entro il 31/12/2020", "<=", ["2020-12-31"]),
        ("entro il 30/06 e 31/12", "<=", ["2019-06-30", "2019-12-31"]),
        ("entro il 30/6 e il 31/12", "<=", ["2019-06-30", "2019-12-31"]),
        ("entro il 30/6 e il 31/12/2021", "<=", ["2021-06-30", "2021-12-31"]),
        ("entro luglio e dicembre", "<=", ["2019-07-31", "2019-12-31"]),
        ("entro il 30 giugno 2019, entro il 31 dicembre 2019", "<=", ["2019-06-30", "2019-12-31"]),
        ("entro Aprile", "<=", ["2019-04-30"]),
        ("entro Settembre.", "<=", ["2019-09-30"]),
        ("ENTRO FEBBRAIO", "<=", ["2019-02-28"]),
        ("entro febbraio 2020", "<=", ["2020-02-29"]),
        ("entro la fine di aprile", "<=", ["2019-04-30"]),
        ("entro il mese di novembre 2017", "<=", ["2017-11-30"]),
        ("entro il 15 aprile 2017", "<=", ["2017-04-15"]),
        ("entro 28 Febbraio 2017.", "<=", ["2017-02-28"]),
        ("entro il 1° marzo", "<=", ["2019-03-01"]),
        ("31.12.2017", None, ["2017-12-31"]),
        ("31-12-2019", None, ["2019-12-31"]),
        ("31/12/19", None, ["2019-12-31"]),
        ("2019-12-31", None, ["2019-12-31"]),
        ("30/6", None, ["2019-06-30"]),
        ("entro il 30.06", "<=", ["2019-06-30"]),
        ("entro e non oltre il 30/06/2019", "<=", ["2019-06-30"]),
        ("non oltre il 30/06/2019", "<=", ["2019-06-30"]),
        ("prima del 30/06/2019", "<", ["2019-06-30"]),
        ("<= 30/08/2019", "<=", ["2019-08-30"]),
        ("Report entro il 31/12/2019", "<=", ["2019-12-31"]),
        ("entro l’anno", "<=", ["2019-12-31"]),
        ("entro il primo semestre", "<=", ["2019-06-30"]),
        ("relazione alla Giunta entro luglio e dicembre.", "<=", ["2019-07-31", "2019-12-31"]),
        ("realizzazione operativa al 31 dicembre - report", "<=", ["2019-12-31"]),
        ("invio relazione il 30/06", "<=", ["2019-06-30"]),
        ("non dopo il 30/06/2019", "<=", ["2019-06-30"]),
        ("30 apr", None, ["2019-04-30"]),
    ],
)
def test_deadlines(text, operator, dates):
    target = parse_target(text, year=YEAR)
    assert target.kind == ("multi_deadline" if len(dates) > 1 else "deadline")
    assert (target.operator, target.unit, target.dates) == (operator, "data", tuple(map(day, dates)))


def test_a_deadline_without_year_asks_for_it():
    target = parse_target("entro Aprile")
    assert (target.kind, target.operator, target.dates) == ("deadline", "<=", ())
    assert target.problem == "scadenza senza anno: «aprile»"


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("380% - 390%", 380, 390, "%"),
        ("10% - 13%", 10, 13, "%"),
        ("85%-90%", 85, 90, "%"),
        ("70 - 80 %", 70, 80, "%"),
        ("tra 10% e 13%", 10, 13, "%"),
        ("compreso fra il 10 e il 13%", 10, 13, "%"),
        ("da 10 a 13", 10, 13, "n."),
        ("da 10 a 13 gg", 10, 13, "gg"),
        (">= 10% e <= 20%", 10, 20, "%"),
        ("almeno 3 e non oltre 5", 3, 5, "n."),
        ("da -5% a 5%", -5, 5, "%"),
        ("10 <= x <= 20", 10, 20, "n."),
        ("min 2 max 5", 2, 5, "n."),
    ],
)
def test_ranges(text, low, high, unit):
    target = parse_target(text, year=YEAR)
    assert (target.kind, target.low, target.high, target.unit, target.operator) == ("range", low, high, unit, None)


@pytest.mark.parametrize(
    ("text", "operator", "value", "reference"),
    [
        ("> del 2016", ">", None, "2016"),
        ("-20 % rispetto al 2017", None, -20, "2017"),
        ("> 5% rispetto al 2016", ">", 5, "2016"),
        ("aumento del 40%", None, 40, None),
        ("+10%", None, 10, None),
        (">= anno precedente", ">=", None, "anno precedente"),
        ("non inferiore al 2018", ">=", None, "2018"),
        ("n. controlli effettuati > del 2016", ">", None, "2016"),
        ("n. utenti non inferiore al 2018", ">=", None, "2018"),
        ("almeno pari al 2018", ">=", None, "2018"),
        ("riduzione del 20% rispetto al 2017", None, -20, "2017"),
        ("aumento di almeno il 5%", ">=", 5, None),
        ("riduzione di almeno il 5%", "<=", -5, None),
        ("superiore all'anno precedente", ">", None, "anno precedente"),
        ("Riduzione delle spese di funzionamento rispetto all'anno precedente.", "<", None, "anno precedente"),
    ],
)
def test_relative(text, operator, value, reference):
    target = parse_target(text, year=YEAR)
    assert (target.kind, target.operator, target.value, target.reference) == ("relative", operator, value, reference)


@pytest.mark.parametrize(
    ("text", "kind", "operator", "value", "due"),
    [
        ("almeno 2 eventi entro giugno", "threshold", ">=", 2, "2019-06-30"),
        (">= 80% entro il 31/12/2019", "threshold", ">=", 80, "2019-12-31"),
        ("100% entro il 31/12/2019", "equality", "=", 100, "2019-12-31"),
        ("n. 3 report entro 31/12/2019", "count", None, 3, "2019-12-31"),
        ("realizzazione di 2 eventi entro il 30/06", "count", None, 2, "2019-06-30"),
    ],
)
def test_a_value_with_the_date_it_is_due_by(text, kind, operator, value, due):
    target = parse_target(text, year=YEAR)
    assert (target.kind, target.operator, target.value, target.dates) == (kind, operator, value, (day(due),))


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2019", "entro il 31/02/2019", "00/01/1900", "entro", "entro 15", "entro febbraio-marzo", "1/4", "3 su 5", "10-12", "20 - 10",
        "20% - 10%", "10% - 20 gg", ">= 80% e >= 90%", "almeno 2 corsi e almeno 5 eventi", "circa 80%", "80% circa", "1,234.56", ">= 12.34.56",
        "1e5", ">= 1e5", ">= ", ">= tanto", "pippo", "buono", "meno 5%", "-5%", "- 20 %", "90% entro 30 gg", "% pratiche evase entro 5 gg: 80%", ">>= 80", "almeno 3 entro 15", "entro il 31/12/2019 e 100%", "fino al 31/12/2019", "dal 01/01/2019 al 31/12/2019",
        "nessuna pratica oltre 5 gg", "non > 5", "non prima del 30/06/2019", ">= 30/06/2019", "> 30/06/2019",
        "10<x<20", "10 < 20", ">= 80% o 90%", ">= 80% / 90%", "almeno 3 progetti e 2 report", "almeno due terzi", "almeno un terzo",
        "almeno tre quarti", "almeno venti due", "almeno due mila", ">= 1'500", "almeno il 50% + 1", "€ 1,010 mln", "3 set",
        "entro il 30/06/2019 prorogato al 31/12/2019", "entro il 30/06/2019 oppure il 31/12/2019",
        "riduzione di 2 giorni rispetto al 2018", "miglioramento del 10% dei tempi medi",
        "entro i termini richiesti", "entro metà aprile", "31/12/0219", "30/13/2019",
        '=HYPERLINK("http://x";"80%")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "=A1", "=1+1", "#DIV/0!", "?",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_read(text):
    target = parse_target(text, year=YEAR)
    assert target.kind == "unreadable"
    assert target.problem
    assert target.value is None
    assert target.dates == ()


@pytest.mark.parametrize(
    "text", ["", "  ", "\xa0", None, "-", "n.d.", "N.D.", "% attività realizzate", "n. incontri realizzati", "data", "%"]
)
def test_no_target(text):
    assert parse_target(text, year=YEAR).kind == "none"


# -- the algorithm beside a bare value ------------------------------------------------------------------------------------
WITHIN = "data predisposizione report entro 15 gg chiusura quadrimestre"
BESIDE = [
    ("3", "n. progetti integrati realizzati (n. 3)", "count", None, "3", "n.", None),
    ("12", "n. newsletter inviate >=12", "threshold", ">=", "12", "n.", None),
    ("100%", "% dipendenti partecipanti = 100%", "equality", "=", "100", "%", None),
    ("60%", "% riscossione Diritto Annuale > 60%", "threshold", ">", "60", "%", None),
    ("15,00", WITHIN, "days_within", "<=", "15", "gg", "quadrimestre"),
    ("15,00", "entro 15 gg chiusura quadrimestre", "days_within", "<=", "15", "gg", "quadrimestre"),
    ("15 gg", WITHIN, "days_within", "<=", "15", "gg", "quadrimestre"),
    ("entro 15", WITHIN, "days_within", "<=", "15", "gg", "quadrimestre"),
    ("<= 15", WITHIN, "days_within", "<=", "15", "gg", "quadrimestre"),
    ("2", "n. ruoli emessi =2", "equality", "=", "2", "n.", None),
    ("1", "n. non conformità rilevate <= 1", "threshold", "<=", "1", "n.", None),
    ("3 progetti", "n. progetti >= 3", "threshold", ">=", "3", "n.", None),
    ("> 5", "n. progetti >= 3", "threshold", ">", "5", "n.", None),
    (0.6, "% riscossione > 60%", "threshold", ">", "60", "%", None),
    (60, "% riscossione > 60%", "threshold", ">", "60", "%", None),
    ("0,57", "% x >= 57%", "threshold", ">=", "57", "%", None),
    (D("0.29"), "% x >= 29%", "threshold", ">=", "29", "%", None),
    (3, "", "count", None, "3", "n.", None),
]


@pytest.mark.parametrize(("value", "algorithm", "kind", "operator", "number", "unit", "period"), BESIDE)
def test_a_bare_value_takes_what_it_lacks_from_the_algorithm(value, algorithm, kind, operator, number, unit, period):
    target = parse_target(value, algorithm=algorithm, year=YEAR)
    assert (target.kind, target.operator, target.value, target.unit, target.period) == (kind, operator, D(number), unit, period)


@pytest.mark.parametrize(
    ("value", "algorithm"),
    [
        (0.5, "% riscossione > 60%"),
        (6000, "% riscossione > 60%"),
        (80, "% attività realizzate"),
        ("80%", "n. iniziative >= 3"),
        ("31/12/2019", "n. iniziative >= 3"),
        ("31/12/2019", "% iniziative >= 3%"),
        (15, "data predisposizione report"),
        (15, "data approvazione entro il 31/12/2019"),
        ("100%", WITHIN),
    ],
)
def test_a_bare_value_that_does_not_fit_the_algorithm_is_not_read(value, algorithm):
    target = parse_target(value, algorithm=algorithm, year=YEAR)
    assert target.kind == "unreadable"
    assert target.problem


def test_a_bare_date():
    beside = "data approvazione entro il 31/12/2019"
    for value in (date(2019, 12, 31), datetime(2019, 12, 31, 8, 30), "31/12/2019", "31/12/2019 ", 43830):
        target = parse_target(value, algorithm=beside, year=YEAR)
        assert (target.kind, target.operator, target.dates) == ("deadline", "<=", (date(2019, 12, 31),))
    alone = parse_target(date(2018, 11, 30), algorithm="data di riordino armadio di rete", year=YEAR)
    assert (alone.kind, alone.operator, alone.dates) == ("deadline", None, (date(2018, 11, 30),))


def test_an_explicit_target_beats_the_algorithm():
    target = parse_target("almeno 4", algorithm="n. eventi >= 3", year=YEAR)
    assert (target.kind, target.operator, target.value) == ("threshold", ">=", 4)


# -- typed cells ----------------------------------------------------------------------------------------------------------
def test_typed_cells():
    percent = cell_of(0.57, number_format="0%")
    assert parse_target(percent, algorithm="% x >= 57%").value == D(57)
    assert str(parse_target(percent, algorithm=cell_of("% x >= 57%")).value) == "57"
    assert parse_target(percent).operator == "="
    assert parse_target(cell_of(1.2, number_format="0.0%")).value == D(120)
    assert parse_target(cell_of(252000, number_format='"€" #,##0.00')).unit == "€"
    assert parse_target(Cell(CellKind.EMPTY, None)).kind == "none"


@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellKind.ZERO_DATE, D(0)),
        Cell(CellKind.ERROR, "#DIV/0!"),
        Cell(CellKind.BOOL, value=True),
        Cell(CellKind.DATE, date(1900, 1, 15)),
        Cell(CellKind.NUMBER, D("1E+400")),
        True,
    ],
)
def test_typed_cells_that_are_no_target(cell):
    target = parse_target(cell, algorithm="data x entro il 31/12/2019", year=YEAR)
    assert target.kind == "unreadable"
    assert target.problem


@pytest.mark.parametrize(
    ("text", "kind", "operator", "value", "unit"),
    [
        ("1 000", "count", None, 1000, "n."),
        (">= 1\u00a0000 €", "threshold", ">=", 1000, "€"),
        ("almeno 1 500 imprese", "threshold", ">=", 1500, "n."),
        (">= 80% / anno", "threshold", ">=", 80, "%"),
        ("<= 5 gg/anno", "threshold", "<=", 5, "gg"),
    ],
)
def test_blanks_among_thousands_and_words_after_a_slash(text, kind, operator, value, unit):
    target = parse_target(text, year=2019)
    assert (target.kind, target.operator, target.value, target.unit) == (kind, operator, value, unit)


@pytest.mark.parametrize("text", [">= 8 0%", ">= 80 2", ">= 5 gg 3", "almeno 2 / 3 campagne"])
def test_figures_that_run_on_are_never_half_read(text):
    assert parse_target(text, year=2019).kind == "unreadable"


@pytest.mark.parametrize("text", ["31 / 12 / 2019", "31/12/ 2019", "31\u00a0/12/2019", "31. 12. 2019"])
def test_a_date_typed_with_blanks_inside(text):
    assert parse_target(text).dates == (date(2019, 12, 31),)
    assert parse_result(text).dates == (date(2019, 12, 31),)


@pytest.mark.parametrize(("text", "value"), [("1 492 129,83 €", "1492129.83"), ("n. 1 200 imprese", "1200"), ("2 100%", "2100")])
def test_a_result_with_blanks_among_its_thousands(text, value):
    assert parse_result(text).value == Decimal(value)
