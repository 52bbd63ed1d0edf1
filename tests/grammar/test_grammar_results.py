"""Results: the word list of METHODS.md transcribed by hand, and what is like it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.model import Cell, CellKind, cell_of

D = Decimal

MEASURES = [
    ("100%", "percent", "100", "%"),
    ("98", "number", "98", "n."),
    ("98,455", "number", "98.455", "n."),
    ("74%", "percent", "74", "%"),
    ("3,8 gg", "number", "3.8", "gg"),
    ("tempo medio di lavorazione delle pratiche 2.9 gg", "number", "2.9", "gg"),
    ("100% n. 2 proposte progettuali", "percent", "100", "%"),
    ("100% n. 2 campagne promozionali di cui 1 in ambito diverso", "percent", "100", "%"),
    ("100% € 255.000 (annualità 2015) nel 2017 si sono esaurite le attività di sollecito su annualità 2015, posta a ruolo a fine anno (esecutività febbraio 2018)", "percent", "100", "%"),
    ("€ 1.492.129,83 -6,06% rispetto al 2016", "variation", "-6.06", "%"),
    ("11", "number", "11", "n."),
    ("0,00%", "percent", "0", "%"),
    ("15,00", "number", "15", "n."),
    ("<p>100%</p>", "percent", "100", "%"),
    ("80 %.", "percent", "80", "%"),
    ("-29,3%", "percent", "-29.3", "%"),
    ("- 15,00 %", "percent", "-15", "%"),
    ("9,7 GG", "number", "9.7", "gg"),
    ("5 giorni", "number", "5", "gg"),
    ("n. 5", "number", "5", "n."),
    ("11 fascicoli", "number", "11", "n."),
    ("11 (undici)", "number", "11", "n."),
    ("n. 2 campagne, di cui 1 in ambito diverso", "number", "2", "n."),
    ("realizzati 5 eventi", "number", "5", "n."),
    ("tre", "number", "3", "n."),
    ("€ 1.492.129,83", "number", "1492129.83", "€"),
    ("1.234", "number", "1234", "n."),
    ("realizzato al 98%", "percent", "98", "%"),
    ("voto medio 4,7", "number", "4.7", "n."),
    ("aumento del 5%", "variation", "5", "%"),
    ("riduzione del 5% rispetto al 2016", "variation", "-5", "%"),
    ("5% in meno rispetto al 2016", "variation", "-5", "%"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "value", "unit"), MEASURES)
def test_measures(text, kind, value, unit):
    result = parse_result(text, year=2017)
    assert (result.kind, result.value, result.unit, result.text) == (kind, D(value), unit, text)
    assert result.measured


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("N.C.", "not_measured"), ("n.c", "not_measured"), ("NC", "not_measured"), ("rinvio", "not_measured"), ("n.d.", "not_measured"),
        ("n.d. / n.d.", "not_measured"), ("n/d", "not_measured"), ("-", "not_measured"), ("non rilevato", "not_measured"),
        ("Rinviato a causa dello slittamento dei tempi dovuto al ricorso contro il decreto MISE", "not_measured"),
        ("N.C. – dato non ancora disponibile", "not_measured"),
        ("", "empty"), (None, "empty"), ("\xa0 ", "empty"),
        ("realizzato", "done"), ("Fatto.", "done"), ("sì", "done"), ("SI", "done"), ("completata nei termini", "done"),
        ("non realizzato", "not_done"), ("No", "not_done"), ("Non effettuata", "not_done"),
        ("00/01/1900", "unreadable"), ("31/02/2019", "unreadable"), ("#DIV/0!", "unreadable"), ("#N/D", "unreadable"), ("3/4", "unreadable"),
        ("1,234.56", "unreadable"), ("giugno e dicembre", "unreadable"), ("31/12/0219", "unreadable"),
        ("2015: - 160.238,64 -4,1% 2016: - 211.827,02 -5,4% 2017: - 319.160,22 -8,1%", "narrative"),
        ("Monitoraggio realizzato Non realizzata la diminuzione dei tempi", "narrative"),
        ("parzialmente realizzato", "narrative"), ("in corso", "narrative"), ("circa 80%", "narrative"), ("98% - 99%", "narrative"),
        ("approvato con delibera 45", "narrative"), ("delibera n. 45", "narrative"), ("100% non realizzato", "narrative"),
        ("sotto l'80%", "narrative"), ("meno del 80%", "narrative"), ("ca. 80%", "narrative"), ("anno precedente 90%", "narrative"),
        ("80% rinviato", "narrative"), ("100% N.C.", "narrative"), ("12 rinviati", "narrative"), ("12 da realizzare", "narrative"),
        ("12 in meno", "narrative"), ("ritardo di 5 gg", "narrative"), ("mancato 20%", "narrative"), ("più di 80%", "narrative"),
        ("non superato il 50%", "narrative"), ("1e5", "narrative"), ("12:30", "narrative"), ("100% del 50%", "narrative"),
        ('=HYPERLINK("http://x";"100%")', "narrative"), ("=cmd|' /C calc'!A0", "narrative"), ("+1+1", "narrative"), ("@SUM(1)", "narrative"),
        ("=1+1", "narrative"), ("-2+3", "narrative"),
    ],
)  # fmt: skip
def test_no_measure(text, kind):
    result = parse_result(text, year=2019)
    assert result.kind == kind
    assert result.value is None
    assert result.dates == ()
    assert bool(result.problem) is (kind in {"unreadable", "narrative"})


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("29/03/2019", [(2019, 3, 29)]),
        ("29.03.2019", [(2019, 3, 29)]),
        ("in data 29 marzo 2019", [(2019, 3, 29)]),
        ("realizzato il 15/03/2017", [(2017, 3, 15)]),
        ("30/6", [(2017, 6, 30)]),
        ("28/06/2019 e 20/12/2019", [(2019, 6, 28), (2019, 12, 20)]),
        ("2019-03-29 00:00:00", [(2019, 3, 29)]),
    ],
)
def test_dates(text, dates):
    result = parse_result(text, year=2017)
    assert (result.kind, result.unit, result.dates) == ("date", "data", tuple(date(*one) for one in dates))


def test_months():
    june = parse_result("giugno", year=2017)
    assert (june.kind, june.month, june.dates) == ("month", 6, (date(2017, 6, 1), date(2017, 6, 30)))
    assert parse_result("nel mese di Giugno.", year=2017).dates == june.dates
    assert parse_result("febbraio 2020", year=2017).dates == (date(2020, 2, 1), date(2020, 2, 29))
    unknown = parse_result("giugno")
    assert (unknown.kind, unknown.month, unknown.dates) == ("month", 6, ())
    assert parse_result("30/6").kind == "unreadable"


def test_several_values():
    text = "gradimento complessivo sul servizio dell'Organismo di mediazione 4.7 giudizio complessivo sull'attività del mediatore 4.9"
    result = parse_result(text, year=2017)
    assert (result.kind, result.numbers, result.value) == ("values", (D("4.7"), D("4.9")), None)


def test_typed_cells():
    assert parse_result(cell_of(1, number_format="0.00%")).value == D(100)
    assert str(parse_result(cell_of(0.57, number_format="0%")).value) == "57"
    assert parse_result(cell_of(0, number_format="0%")).kind == "percent"
    assert (parse_result(15).kind, parse_result(15.5).value) == ("number", D("15.5"))
    assert parse_result(datetime(2019, 3, 29)).dates == (date(2019, 3, 29),)
    assert parse_result(cell_of(1000, number_format="#,##0 €")).unit == "€"
    assert (parse_result(True).kind, parse_result(False).kind) == ("done", "not_done")
    assert parse_result(Cell(CellKind.EMPTY, None)).kind == "empty"
    assert parse_result(float("nan")).kind == "empty"


def test_values_as_other_libraries_give_them():
    assert parse_result(np.float64(0.57)).value == D("0.57")
    assert parse_result(np.int64(5)).value == D(5)
    assert parse_result(pd.Timestamp("2019-03-29 10:00")).dates == (date(2019, 3, 29),)
    assert parse_result(pd.NaT).kind == "empty"
    assert parse_result(time(0)).kind == "unreadable"  # serial 0 as openpyxl reads it
    assert parse_target(time(0)).kind == "unreadable"
    assert parse_result(time(12, 30)).kind == "narrative"


@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellKind.ZERO_DATE, D(0)),
        Cell(CellKind.ERROR, "#NAME?"),
        Cell(CellKind.DATE, date(1900, 1, 3)),
        Cell(CellKind.NUMBER, D("1E+400")),
    ],
)
def test_typed_cells_that_are_no_result(cell):
    result = parse_result(cell)
    assert (result.kind, result.measured) == ("unreadable", False)
    assert result.problem


def test_every_result_printed_in_lucca_2017_is_classed_as_by_hand(golden):
    """`result_class` was given by hand; a percentage printed in the text is `literal_pct`."""
    kinds = {
        "percent": {"percent"}, "month_name": {"month"}, "postponed": {"not_measured"}, "empty": {"empty"}, "value_with_unit": {"number"},
        "narrative": {"narrative", "values"}, "mixed": {"percent", "variation", "narrative"},
    }  # fmt: skip
    rows = golden("lucca-2017/indicators")
    assert len(rows) == 169
    for row in rows:
        result = parse_result(row["result_text"], year=2017)
        assert result.kind in kinds[row["result_class"]], row["id"]
        if row["literal_pct"]:
            assert result.value == D(row["literal_pct"]), row["id"]
            assert (result.kind == "variation") == (row["pct_kind"] == "variation"), row["id"]
