"""DESIGN, decision 3: what isn't of the target's nature is a finding (PX-G005), never a guess."""

from decimal import Decimal

import pytest

from perfxl.model import CellKind, State, cell_of
from scoring.profiles import codes, score


@pytest.mark.parametrize(
    ("target", "result"),
    [
        (">= 15", "80%"),
        ("<= 5 gg", "80%"),
        (">= 80%", "12 gg"),
        (">= 80%", "29/03/2019"),
        ("<= 482.132,39 €", "12 gg"),
        (">= 80%", "realizzato"),
        (">= 3", "giugno"),
        ("<= 5 gg", "3 pratiche"),
        (">= 80%", "90 pratiche"),
        (">= 80%", "n. 90"),
        ("<= 48 h", "2 gg"),
        (">= 80%", "0,98"),
        (">= 80%", "1"),
        (">= 80%", "gradimento complessivo 4.7 giudizio complessivo 4.9"),
        ("n. 3 progetti", "20 gg"),
        ("n. controlli effettuati >= 20", "€ 1.500"),
        (">= 0,20 N.", "3 gg"),
        ("5%", "diminuito dell'8%"),
    ],
)
def test_mismatch(target, result):
    one = score(target, result)
    assert (one.pct, one.state, codes(one)) == (None, State.UNMEASURED, ["PX-G005"])


@pytest.mark.parametrize(("result", "expected"), [("98", 100), ("40", 50), ("0", 0), ("64,5", Decimal("80.625"))])
def test_a_bare_figure_is_a_percent_where_it_can_be_nothing_else(result, expected):
    assert score(">= 80%", result).pct == expected


def test_under_a_percent_format_0_98_is_98_percent():
    typed = cell_of(Decimal("0.98"), number_format="0%")
    assert typed.kind is CellKind.PERCENT
    assert score(">= 80%", typed).raw_pct == Decimal("122.5")


def test_a_number_without_a_printed_unit_takes_the_result_s():
    """`20` with `25 gg`: only a target that says what it counts can't be days."""
    assert score(">= 20", "25 gg").pct == 100


def test_a_bare_number_takes_the_target_s_unit():
    assert score("< 5gg", "6").pct * 6 == 500
    assert score("<= 1.000 €", "2.000").pct == 50


@pytest.mark.parametrize(("target", "code"), [("", "PX-V004"), ("ultimi dettagli da decidere >= forse", "PX-G001")])
def test_without_a_target_there_is_no_percent(target, code):
    one = score(target, "80%")
    assert (one.state, codes(one)) == (State.UNMEASURED, [code])


@pytest.mark.parametrize(("target", "algorithm"), [("15 gg", ""), ("48 h", ""), ("15", "tempo medio di evasione")])
def test_a_length_of_time_without_operator_isn_t_scored(target, algorithm):
    """It may be the most allowed or the least required: sixty days against fifteen must not reach it."""
    one = score(target, "60 gg", algorithm=algorithm)
    assert (one.pct, codes(one)) == (None, ["PX-G001"])
