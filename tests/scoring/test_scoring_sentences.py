"""The sentence of a score says the formula that gives its figure; figures by hand from METHODS."""

from datetime import date

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.scoring.explain import sentence
from perfxl.scoring.rows import score_rows
from scoring.profiles import codes, profile, score


@pytest.mark.parametrize(
    ("target", "result", "scoring", "words", "figure"),
    [
        ("380% - 390%", "361%", {}, "361 è fuori e dista 19 dall'estremo 380: 100 × (1 − 19 / 380)", "95,00 %"),
        ("380% - 390%", "361%", {"range": "zero_outside"}, "361 è fuori: vale 0", "0,00 %"),
        ("380% - 390%", "385%", {}, "385 è dentro", "100,00 %"),
        ("<= 10", "12", {}, "12 contro un massimo di 10: 100 × 10 / 12", "83,33"),
        ("<= 10", "12", {"decreasing": "linear"}, "100 × (2 × 10 − 12) / 10", "80,00 %"),
        ("<= - 15,00 %", "-12%", {}, "100 × (-12) / (-15)", "80,00 %"),
        ("<= - 15,00 %", "-12%", {"decreasing": "linear"}, "100 × (15 + (-15) − (-12)) / 15", "80,00 %"),
        (">= - 15,00 %", "-18%", {}, "100 × (15 + (-18) − (-15)) / 15", "80,00 %"),
        ("entro 15 gg chiusura quadrimestre", "20/05/2019", {}, "dalla chiusura del 30/04/2019", "75,00 %"),
    ],
)
def test_the_formula_is_said(target, result, scoring, words, figure):
    text = score(target, result, **scoring).explanation
    assert words in text
    assert figure in text


def test_the_target_due_so_far():
    """3 newsletters of 12 at the end of April: 4 were due, 3/4 = 75 % (METHODS, *reading in the year*)."""
    method = profile(reading={"in_year": "pro_rata"})
    target, result = parse_target(">= 12"), parse_result("3")
    [row] = score_rows([("", target, result)], method, year=2019, as_of=date(2019, 4, 30))
    text = sentence(target, result, row, method)
    assert "100 × 3 / 4 (il dovuto finora: 12 × 4/12 dell'anno)" in text
    assert "75,00 %" in text


@pytest.mark.parametrize("day", ["29/04/2019", "01/07/2019"])
def test_a_date_between_two_closes_is_of_neither(day):
    """Late for the close before and nearer to the next: 119 and 1 days, 62 and 61."""
    one = score("entro 15 gg chiusura quadrimestre", day)
    assert (one.pct, codes(one)) == (None, ["PX-G002"])
    assert "dopo la chiusura del" in one.findings[0].found


@pytest.mark.parametrize(("day", "percent"), [("30/04/2019", 100), ("15/05/2019", 100), ("30/06/2019", pytest.approx(1500 / 61))])
def test_a_date_that_speaks_of_the_close_before(day, percent):
    one = score("entro 15 gg chiusura quadrimestre", day)
    assert float(one.pct) == percent
    assert codes(one) == []


@pytest.mark.parametrize("result", ["74", "98,455", "100", "0"])
def test_a_bare_number_where_a_percent_is_declared(result):
    """Declared 74 %, or 74 to be compared with 90 %: the first gives 74, the second 0."""
    one = score("90%", result, base="lucca-2017")
    assert (one.pct, codes(one)) == (None, ["PX-G005"])
    assert score("90%", f"{result}%", base="lucca-2017").pct is not None
