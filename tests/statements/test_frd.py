"""Fondo risorse decentrate 2022 (Massa-Carrara): extra objectives, what each is given, what is paid once results are there.

Source: Relazione Previsionale e Programmatica 2022 of Toscana Nord-Ovest, lines 2396-2414 (golden `ms_frd`, `ms_frd_resources`).
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks, weight_checks

FUND = "tno-2022/massacarrara/Fondo_risorse_decentrate_2022.xlsx"
OWN = {"frd_risorse", "frd_obiettivi"}


def book_of(path) -> Book:
    reader = Reader()
    for grid in read_grids(path)[0]:
        assert reader.take(grid), grid.name
    assert reader.findings == []
    return Book(reader.statements)


def table(book, name):
    (found,) = [each for each in book.statements if each.id == name]
    return found


def objective(book, code):
    return table(book, "frd_obiettivi").line(code)


def indicator(book, code):
    (found,) = [line for line in table(book, "frd_obiettivi").lines if line.parent == code]
    return found


@pytest.fixture(scope="module")
def book(workbooks):
    return book_of(workbooks / FUND)


def test_what_each_objective_is_given(book, golden):
    rows = golden("tno-2022/ms_frd_resources")
    *given, total = rows
    lines = table(book, "frd_risorse").lines
    assert [(line.text("reference"), line.text("objective")) for line in lines] == [
        (row["contract_reference"], row["objective"]) for row in rows
    ]
    assert [line.figures["amount"].typed for line in lines] == [Fraction(row["amount"]) for row in rows]
    assert [line.level for line in lines] == ["obiettivo"] * 3 + ["totale"]
    assert lines[-1].figures["amount"].value == sum(Fraction(row["amount"]) for row in given) == Fraction(total["amount"])


def test_the_objectives_with_weight_measures_and_target(book, golden):
    codes = []
    for row in golden("tno-2022/ms_frd"):
        code = row["objective"].split(" - ")[0]
        line = indicator(book, code)
        assert objective(book, code).text("objective") == row["objective"]
        assert line.title == row["indicator"]
        assert line.text("algorithm") == row["algorithm"]
        assert line.figures["weight"].value == Fraction(row["weight_value"])
        target = line.figures["target"].target
        assert (target.operator, target.value, target.unit) == (
            row["target_op"],
            Decimal(row["target_value"]),
            row["target_unit"],
        )
        assert line.level == ("rapporto" if row["den_measure"] else "misura")
        codes.append(code)
    assert [line.key for line in table(book, "frd_obiettivi").lines if line.level == "obiettivo"] == codes


def test_amounts_go_to_their_objectives(book):
    lines = {code: objective(book, code).figures["amount"].value for code in ("FRD_OB1", "FRD_OB3", "FRD22_1")}
    assert lines == {"FRD_OB1": 8000, "FRD_OB3": 11000, "FRD22_1": 11000}
    assert objective(book, "TOTALE").figures["amount"].value == 30000


def test_nothing_is_paid_before_it_is_measured(book):
    """Every measure is printed `n.d.` and the results are blank: not measured, neither 0 nor 100."""
    for code in ("FRD_OB1", "FRD_OB3", "FRD22_1"):
        assert indicator(book, code).figures["result"].value is None
        assert indicator(book, code).figures["pct"].value is None
        assert objective(book, code).figures["paid"].value is None
        assert objective(book, code).figures["paid"].reason
    assert objective(book, "TOTALE").figures["paid"].value is None


def test_printed_figures_follow(book):
    made = [each for each in checks(book) if each.figure.line.statement.id in OWN]
    assert Counter((each.figure.name, each.verdict) for each in made) == {
        ("TOTALE.amount", Verdict.AGREES): 1,
        # the target of FRD_OB1 is the loss that the table of line 2434 computes
        (indicator(book, "FRD_OB1").figures["aim"].name, Verdict.AGREES): 1,
    }
    weights = [each for each in weight_checks(book) if each.statement.id in OWN]
    assert [(len(each.lines), each.total, each.agrees) for each in weights] == [(1, 100, True)] * 3


@pytest.fixture
def filled(workbooks, tmp_path):
    """The fund's sheet filled in: `filled(F8="45 / 50")`."""

    def fill(**cells):
        book = load_workbook(workbooks / FUND)
        for place, value in cells.items():
            cell = book["Obiettivi"][place]
            cell.value = value
            if place.startswith("G") and isinstance(value, float):
                cell.number_format = "0.00%"
        book.save(tmp_path / "fondo.xlsx")
        return book_of(tmp_path / "fondo.xlsx")

    return fill


def cents(value: Decimal) -> Fraction:
    return Fraction(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_paid_is_the_amount_times_the_result(filled):
    book = filled(F6="602.665,49", F8="45 / 50", F10="33 / 50")
    expected = {
        "FRD_OB1": (Decimal(8000), Decimal("482132.39") / Decimal("602665.49")),  # a loss beyond its threshold: target / result
        "FRD_OB3": (Decimal(11000), Decimal(1)),  # 45 of 50 is the 90 % asked for
        "FRD22_1": (Decimal(11000), Decimal(66) / Decimal(90)),
    }
    total = Fraction(0)
    for code, (amount, share) in expected.items():
        paid = objective(book, code).figures["paid"].value
        assert paid == cents(amount * share)
        total += paid
    assert indicator(book, "FRD_OB3").figures["result"].value == 90
    assert objective(book, "TOTALE").figures["paid"].value == total == Fraction("25466.67")


def test_what_is_not_measured_is_left_out_of_the_total(filled):
    book = filled(F8="40 / 50")
    assert objective(book, "FRD_OB3").figures["paid"].value == cents(Decimal(11000) * 80 / 90)
    assert objective(book, "FRD22_1").figures["paid"].value is None
    assert objective(book, "TOTALE").figures["paid"].value == cents(Decimal(11000) * 80 / 90)


@pytest.mark.parametrize("cells", [{"G8": 0.72}, {"G8": "72,00 %"}, {"F8": None, "G8": 0.72}, {"F8": None, "G8": "72"}])
def test_a_result_may_be_typed_where_measures_are_missing(filled, cells):
    line = objective(filled(**cells), "FRD_OB3")
    assert line.figures["pct"].value == 80  # 72 against 90
    assert line.figures["paid"].value == 8800


def test_a_typed_result_that_the_measures_do_not_give_is_found(filled):
    book = filled(F8="40 / 50", G8=0.9)
    wrong = [each for each in checks(book) if each.verdict is Verdict.DIFFERS]
    assert [(each.figure.field.key, each.printed, each.exact) for each in wrong] == [("result", 90, 80)]


def test_a_wrong_total_is_found(workbooks, tmp_path):
    book = load_workbook(workbooks / FUND)
    book["Risorse"]["C8"] = 31000
    book.save(tmp_path / "fondo.xlsx")
    wrong = [each for each in checks(book_of(tmp_path / "fondo.xlsx")) if each.verdict is Verdict.DIFFERS]
    assert [(each.figure.name, each.exact) for each in wrong] == [("TOTALE.amount", 30000)]
