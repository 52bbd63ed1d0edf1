"""Codes, offices, people and quoted percentages, against the tables transcribed from the documents."""

from __future__ import annotations

import warnings
from decimal import Decimal

import openpyxl
import pytest

from perfxl.grammar import normalise_code, normalise_offices, normalise_people, quoted_sum, quoted_values, split_code

D = Decimal


@pytest.mark.parametrize(("table", "count"), [("dashboards", 201), ("indicators", None), ("allegato1_rows", None)])
def test_every_code_of_massacarrara(golden, table, count):
    rows = golden(f"massacarrara-2019/{table}")
    assert rows
    assert count in {None, len(rows)}
    for row in rows:
        code, printed, rest = split_code(row["cell_text"])
        assert (code, printed) == (row["code_normalised"], row["code"])
        assert normalise_code(row["cell_text"]) == code
        if row.get("text"):
            assert rest == row["text"]


def test_every_office_and_person_of_massacarrara(golden):
    rows = golden("massacarrara-2019/dashboards")
    assert len(rows) == 201
    for row in rows:
        assert " ".join(normalise_people(row["ob_ind_field"])) == row["ob_ind_normalised"]
        assert normalise_offices(row["office_field"]) == tuple(row["office_field"].split())


def test_every_code_of_lucca(golden):
    for row in golden("lucca-2017/tree"):
        if row["level"] in {"obiettivo_strategico", "progetto"} and row["code"]:
            assert normalise_code(f"{row['code']}: {row['title']}") == row["code"]
            assert normalise_code(row["code"].lower()) == row["code"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("02.1.1-a", "O2.1.1-a"), ("o2.1.1-A", "O2.1.1-a"), (" O 2.1.1 - a Sito", "O2.1.1-a"), ("O2.1.1–a", "O2.1.1-a"), ("s1.1.1-a\xa0Testo", "S1.1.1-a"),
        ("02.1.1-a. Testo", "O2.1.1-a"), ("02.1.1-a.", "O2.1.1-a"), ("02.1.1 a.s. 2019/2020", None),
        ("S.2.1.1 - a Grado", "S2.1.1-a"), ("o. 2.1.1-a", "O2.1.1-a"), ("0.2.1.1-a", None), ("0B 1: X", "OB1"), ("0b1", "OB1"),
        ("OB 1: X", "OB1"), ("OB1", "OB1"), ("ob  1", "OB1"), ("1.2 X", "1.2"), ("1.2.3 X", "1.2.3"), ("1.2.3", "1.2.3"), ("ENTE", "ENTE"),
        ("2.1.1 Obiettivo 2: X", "2.1.1-obiettivo-2"), ("2.1.1  OBIETTIVO 2", "2.1.1-obiettivo-2"), ("1A", "1A"), ("2E (quota parte)", "2E"),
        ("1a0101", "1A0101"), ("1AO101", "1A0101"), ("PROGETTO 1A0101:", "1A0101"), ("OBIETTIVO STRATEGICO 1A:", "1A"),
        ("", None), ("Comunicazione", None), ("2.1.1-a", None), ("1.234", None), ("10 uscite", None), ("2017", None), ("ENTE e trasversali", None),
        ("3,4%", None), ("31/12/2019", None), ("entro il 30/06", None), ("12", None),
    ],
)  # fmt: skip
def test_codes(text, code):
    assert normalise_code(text) == code


@pytest.mark.parametrize("mark", [".", ":", " -", " –", ")", ""])
def test_what_ends_a_code_is_no_part_of_it(mark):
    assert split_code(f"01.2.4-a{mark} Testo") in [("O1.2.4-a", "01.2.4-a", rest) for rest in ("Testo", ") Testo")]


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("ENTE TUTTI FRD U5.1", ("ENTE", "TUTTI", "FRD", "U5.1")), ("U5.1/U5.2", ("U5.1", "U5.2")), ("U 5.1", ("U5.1",)), ("u5.1, u5.2", ("U5.1", "U5.2")),
        ("UO.1", ("U0.1",)), ("U5.1 e U5.2", ("U5.1", "U5.2")), ("U5.1 U5.1", ("U5.1",)), ("tutti", ("TUTTI",)), ("", ()), ("-", ()),
        ("Ufficio Personale", ("UFFICIO PERSONALE",)), ("SVIL U1.1", ("SVIL", "U1.1")),
    ],
)  # fmt: skip
def test_offices(text, offices):
    assert normalise_offices(text) == offices


@pytest.mark.parametrize(
    ("text", "people"),
    [("SG P02 P03", ("SG", "PO2", "PO3")), ("po2", ("PO2",)), ("P0 2, P.O. 5", ("PO2", "PO5")), ("Segretario Generale", ("SG",)), ("DIR_PROMO", ("DIR_PROMO",)), ("", ())],
)  # fmt: skip
def test_people(text, people):
    assert normalise_people(text) == people


@pytest.fixture(scope="module")
def objectives(workbooks):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the workbook carries extensions that openpyxl doesn't know
        return openpyxl.load_workbook(workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx", read_only=False)


CELLS = {("SG", "3"): ("Segretario Generale", "B13"), ("SG", "4"): ("Segretario Generale", "B16"),
         ("DIR_PROMO", "2"): ("Dirigente Promozione", "B11"), ("DIR_ANAG", "2"): ("Dirigente Anagrafico", "B11")}  # fmt: skip


@pytest.mark.parametrize(("owner", "number"), CELLS)
def test_every_quoted_percentage_of_lucca(golden, objectives, owner, number):
    rows = [row for row in golden("lucca-2017/cascades") if (row["owner"], row["number"]) == (owner, number)]
    sheet, address = CELLS[owner, number]
    quotes = quoted_values(objectives[sheet][address].value)
    assert rows
    assert [quote.code or f"ENTE-{quote.number}" for quote in quotes] == [row["child_code_or_objective"] for row in rows]
    assert [quote.pct for quote in quotes] == [D(row["child_pct"]) for row in rows]
    for quote, row in zip(quotes, rows, strict=True):
        assert quote.label in row["child_text"]
        assert bool(quote.label) is (quote.number is not None)


def test_the_sum_quoted_in_lucca(golden, objectives):
    rows = [row for row in golden("lucca-2017/cascades") if row["owner"] == "ENTE"]
    parts = quoted_sum(objectives["Segretario Generale"]["B13"].value)
    assert parts == ((D(100), "SG"), (D(100), "An.e Reg."), (D("99.8"), "Prom.e Amm."))
    assert [pct for pct, _ in parts] == [D(row["child_pct"]) for row in rows]
    assert quoted_sum("nessuna somma (100%)") == ()
