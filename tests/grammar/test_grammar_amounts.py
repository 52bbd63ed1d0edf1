"""Amounts in sentences: the golden resources of Pisa's programmes (lines 3036-3498 of the plan), and what must not be guessed."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.grammar.amounts import LABELS, UNSPECIFIED, Amount, parse_amounts

GOLDEN = Path(__file__).parents[1] / "golden" / "tno-2022" / "pisa_programmes.csv"
COLUMNS = dict(
    zip(
        (*LABELS, UNSPECIFIED),
        (
            "interventi_economici",
            "maggiorazione_da",
            "quote_associative",
            "oneri_funzionamento",
            "investimenti",
            "non_specificato",
        ),
        strict=True,
    )
)


def _rows():
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['section']} {row['code']}")
def test_printed_resources_are_read(row):
    amounts = parse_amounts(row["resources_text"])
    assert amounts.problem == ""
    for label, column in COLUMNS.items():
        printed = [Decimal(part) for part in row[column].split("+")] if row[column] else []
        assert [item.value for item in amounts.items if item.label == label] == printed
    assert amounts.total == Decimal(row["total_parsed"])


def test_every_printed_row_has_an_amount():
    assert sum(bool(row["resources_text"]) for row in _rows()) == 27


def test_what_the_surcharge_is_for():
    text = (
        "Risorse: (Interventi economici): € 200.000,00 + 285.000 + 85.500 da maggiorazione D.A. per PID e Orientamento al lavoro"
    )
    amounts = parse_amounts(text)
    assert amounts.items == (
        Amount(Decimal(200000), "interventi economici"),
        Amount(Decimal(285000), "maggiorazione", "pid"),
        Amount(Decimal(85500), "maggiorazione", "orientamento al lavoro"),
    )
    assert amounts.of("maggiorazione", "PID") == 285000
    assert amounts.of("maggiorazione") == 370500
    assert amounts.of("investimenti") is None


def test_di_cui_is_not_summed():
    amounts = parse_amounts("Risorse: € 2.000.000= (Investimenti, di cui 1.750.000 per il progetto Palaffari)")
    assert amounts.items == (Amount(Decimal(2000000), "investimenti"),)
    assert [each.value for each in amounts.within] == [1750000]


def test_a_whole_and_its_parts():
    amounts = parse_amounts("Risorse € 20.000,00= (€ 10.000 Oneri funzionamento, € 10.000 investimenti)")
    assert amounts.whole == 20000
    assert [(item.label, item.value) for item in amounts.items] == [("oneri di funzionamento", 10000), ("investimenti", 10000)]
    assert parse_amounts("Risorse 2022: € 128.500,00").whole == 128500
    assert parse_amounts("€ 250.000+ 85.500 da maggiorazione D.A.").whole is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.000", [(15000, UNSPECIFIED)]),
        ("Risorse 2022: 15.000", [(15000, UNSPECIFIED)]),
        ("€ 250.000 nel 2022", [(250000, UNSPECIFIED)]),
        ("investimenti: € 10.000; oneri di funzionamento: € 5.000", [(10000, "investimenti"), (5000, "oneri di funzionamento")]),
        ("Interventi economici € 250.000, investimenti € 10.000", [(250000, "interventi economici"), (10000, "investimenti")]),
        ("(maggiorazione 10%) pari a € 285.000", [(285000, "maggiorazione")]),
        ("€ 1.000 (n. 3 progetti, 20%)", [(1000, UNSPECIFIED)]),
        ("€ 10.000 + € 20.000 investimenti", [(10000, UNSPECIFIED), (20000, "investimenti")]),
        ("Risorse 2022", []),
        ("€", []),
        ("-", []),
        ("", []),
    ],
)
def test_amounts_and_labels(text, expected):
    amounts = parse_amounts(text)
    assert amounts.problem == ""
    assert [(item.value, item.label) for item in amounts.items] == expected


@pytest.mark.parametrize(
    "text",
    [
        "€ 1,010 mln",
        "circa 3 milioni di euro",
        "15k€",
        "Programma 3",
        "1,234.56",
        "€ 5.000 - 200",
        "€ 100 + 2000 da maggiorazione",
        "(Interventi economici)",
        "Interventi economici € 250.000 investimenti € 10.000",
        "€ 2.000.000 di cui 1.750.000 per il Palaffari + € 5.000 investimenti",
        "€ 20.000 (€ 10.000 investimenti), € 30.000 (€ 5.000 investimenti)",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(text):
    amounts = parse_amounts(text)
    assert amounts.problem
    assert amounts.items == ()
    assert amounts.total is None


@given(st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from([*LABELS])), min_size=1, max_size=5))
def test_a_labelled_sum_reads_back(parts):
    text = " + ".join(f"€ {value:,} {label}".replace(",", ".") for value, label in parts)
    assert [(item.value, item.label) for item in parse_amounts(text).items] == parts


_PIECES = [
    "€",
    "10.000",
    "(",
    ")",
    "+",
    "=",
    "di cui",
    "investimenti",
    "maggiorazione",
    ":",
    ",",
    ";",
    "per PID e turismo",
    "2022",
    "|",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    amounts = parse_amounts(text)
    assert not (amounts.problem and amounts.items)
    assert (amounts.total is None) == (not amounts.items)
