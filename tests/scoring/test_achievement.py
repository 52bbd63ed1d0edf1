"""`achievement`: one pair explained, by the same rules as the whole job."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl import MethodError, achievement
from perfxl.grammar import parse_result, parse_target
from perfxl.model import State
from perfxl.scoring import score_rows
from scoring.profiles import profile, score


def test_values_texts_and_parsed_things_give_the_same():
    typed = achievement(">= 80%", "60%")
    parsed = achievement(parse_target(">= 80%"), parse_result("60%"))
    assert (typed.pct, parsed.pct) == (75, 75)
    assert achievement(">= 12", 3).pct == 25
    assert achievement(date(2019, 6, 30), date(2019, 7, 1)).pct == 0
    assert achievement(12, Decimal(3)).pct == 25


@pytest.mark.parametrize(
    ("target", "result", "words"),
    [
        (">= 80%", "60%", ["«60%»", "«>= 80%»", "100 × 60 / 80", "75,00 %", "parzialmente raggiunto"]),
        (">= 80%", "100%", ["125,0000 %", "limitata al massimo di 100", "100,00 %", "raggiunto"]),
        ("<= 10", "12", ["un massimo di 10", "83,33 %"]),
        ("380% - 390%", "361%", ["tra 380 e 390", "95,00 %"]),
        ("entro il 30/06/2019", "05/07/2019", ["5 giorni di ritardo", "0,00 %", "non raggiunto"]),
        ("entro il 30/06/2019", "28/06/2019", ["2 giorni di anticipo", "100,00 %"]),
        ("entro il 30/06 e 31/12", "15/07/2019 e 30/12/2019", ["2 scadenze", "15 giorni di ritardo", "50,00 %"]),
        (">= 80%", "N.C.", ["Non misurato", "fuori dalle medie"]),
        (">= 80%", "12 gg", ["Non misurato", "12 gg"]),
    ],
)
def test_the_sentence_says_it_all(target, result, words):
    text = score(target, result).explanation
    assert [word for word in words if word not in text] == []


def test_the_sentence_names_the_policy():
    one = achievement(">= 80%", "N.C.", method=profile(not_measured={"policy": "zero"}))
    assert (one.pct, one.state) == (0, State.UNMEASURED)
    assert "ciò che non è misurato vale zero: 0,00 %" in one.explanation


def test_the_sentence_says_truncation():
    assert "troncato a 2 decimali: 98,45 %" in score("90%", "98,455%", base="lucca-2017").explanation


def test_unknown_method():
    with pytest.raises(MethodError):
        achievement(">= 80%", "60%", method="carrara-1919")


def test_no_rows_no_scores():
    assert score_rows([], profile()) == []


def test_state_is_of_the_exact_value():
    one = score(">= 1000000", "899999")
    assert (one.shown, one.state) == (Decimal("90.00"), State.PARTIAL)
    assert one.pct == Fraction(899999, 10000)


@pytest.mark.parametrize(
    ("target", "result", "changes", "shown", "words"),
    [
        (">= 3", "2", {"rounding": {"mode": "truncate"}}, "66.66", "66,66 %"),
        (">= 300", "299,99", {"rounding": {"mode": "truncate"}}, "99.99", "99,99 %"),
        (">= 1000", "895", {"rounding": {"decimals": 0}}, "90", "realizzazione 90 %"),
        (">= 100", "150", {"scoring": {"bands": {"mode": "steps", "edges": [50, 80], "values": [0, 70, 90]}}}, "90", "limitata al massimo di 100 e letta per fasce: 90,00 %"),
    ],
)  # fmt: skip
def test_the_sentence_and_the_figure_are_one(target, result, changes, shown, words):
    one = achievement(target, result, method=profile(**changes))
    assert one.shown == Decimal(shown)
    assert words in one.explanation


@pytest.mark.parametrize(
    ("target", "result", "changes", "words"),
    [
        ("realizzazione", "50%", {"scoring": {"milestone": "done_or_not"}}, "passo non compiuto"),
        ("realizzazione", "realizzato", {}, "passo compiuto"),
        ("entro il 30/06/2019", "non realizzato", {}, "adempimento non compiuto"),
        ("< 5 gg", "5 gg", {}, "il target è stretto («<») e non è superato"),
        ("prima del 30/06/2019", "30/06/2019", {}, "nel giorno prima del quale si doveva"),
        ("entro il 30/06/2019 e il 31/12/2019", "25/06/2019 e 15/01/2020", {}, "la 1ª rispettata con 5 giorni di anticipo, la 2ª mancata, con 15 giorni di ritardo"),
        (">= 80%", "", {"not_measured": {"policy": "blocks_parent"}}, "blocca l'obiettivo di cui fa parte"),
    ],
)  # fmt: skip
def test_the_sentence_names_what_happened(target, result, changes, words):
    assert words in achievement(target, result, method=profile(**changes)).explanation


@pytest.mark.parametrize(
    ("target", "result", "pct"),
    [("non superiore a 5 gg", "3,8", 100), ("entro giugno", "5 gg", None), ("entro giugno", "giugno", 100)],
)
def test_in_lucca_the_only_target_of_a_text_is_the_one(target, result, pct):
    one = achievement(target, result, method="lucca-2017")
    assert one.pct == pct
    assert one.target.kind != "none"
    assert [each.code for each in one.findings] == ([] if pct else ["PX-G005"])
