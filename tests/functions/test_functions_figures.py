"""Means, shares, money, formulas: exact, and left undone where a cell can't be used."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.cells import call, cell, column
from perfxl.functions.exact import exact


@pytest.fixture
def profile(tmp_path):
    def made(text, base="massacarrara-2019"):
        path = tmp_path / "profilo.toml"
        path.write_text(f'base = "{base}"\n{text}\n', encoding="utf-8")
        return str(path)

    return made


# -- floats as what they stand for ---------------------------------------------------------------------------------


@given(st.integers(0, 4_000_000), st.integers(1, 4_000_000))
def test_a_ratio_comes_back_from_its_float(a, b):
    ratio = Fraction(a, b)
    if ratio <= 1:
        assert exact(float(ratio)) == ratio


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_typed_decimal_comes_back_from_its_float(value):
    assert exact(float(value)) == Fraction(value)


def test_what_is_not_finite_is_no_number():
    assert exact(float("nan")) is None
    assert exact(float("inf")) is None
    assert exact(1e21) is None
    assert exact(10**21) is None
    assert exact(1e-21) is None
    assert cell("PX_UTILIZZO", float("nan"), 1.0) == "importo non leggibile"


# -- PX_OBIETTIVO --------------------------------------------------------------------------------------------------


def test_thirds_are_thirds():
    assert cell("PX_OBIETTIVO", column(2 / 3, 2 / 3, 2 / 3)) == 2 / 3
    assert cell("PX_OBIETTIVO", column(1 / 3, 2 / 3)) == 0.5
    assert cell("PX_OBIETTIVO", column(1 / 7, 2 / 7, 4 / 7)) == float(Fraction(1, 3))


def test_truncation_is_of_the_exact_value():
    """57/100 truncated is 57.00, not 56.99 (METHODS, *rounding*)."""
    assert cell("PX_OBIETTIVO", column(0.57, 0.57, 0.57), None, "lucca-2017") == 0.57
    assert cell("PX_OBIETTIVO", column(0.9986, 0.99, 1.0), None, "lucca-2017") == 0.9962


def test_texts_and_blanks_are_left_out_and_the_weights_renormalised():
    values = column(0.5, "N.C.", None, 1.0, "target non leggibile", "")
    assert cell("PX_OBIETTIVO", values) == 0.75
    assert cell("PX_OBIETTIVO", values, column(30.0, 99.0, None, 10.0, None, None)) == 0.625
    assert cell("PX_OBIETTIVO", [[0.5, 1.0]], [["30%", "10%"]]) == 0.625
    assert cell("PX_OBIETTIVO", column("92,5%", "0,925", 0.925)) == 0.925


def test_a_column_of_percent_figures_and_one_that_mixes():
    assert cell("PX_OBIETTIVO", column(98.0, 99.0, 0.0)) == float(Fraction(197, 300))
    assert cell("PX_OBIETTIVO", column(98.0, 0.99)) == "frazioni e percentuali mescolate"
    assert cell("PX_OBIETTIVO", column(98.0, 1.0)) == "frazioni e percentuali mescolate"
    assert call("PX_STATO", column(98.0, 0.5)) == [["frazioni e percentuali mescolate"]]
    assert call("PX_STATO", column(98.0, 45.0, None)) == [["raggiunto"], ["non raggiunto"], [""]]


def test_a_cap_beyond_100_widens_the_fractions(profile):
    assert cell("PX_OBIETTIVO", column(1.8, 0.2), None, profile("[scoring]\ncap = 200")) == 1.0


def test_cells_that_can_t_be_used_stop_the_mean():
    assert cell("PX_OBIETTIVO", column(0.5, "#DIV/0!")) == "errore #DIV/0! tra le realizzazioni"
    assert cell("PX_OBIETTIVO", column(0.5, datetime(2019, 1, 1))) == "realizzazione non leggibile"
    assert cell("PX_OBIETTIVO", column(0.5, True)) == "realizzazione non leggibile"
    assert call("PX_STATO", column(0.5, "#N/A")) == [["parzialmente raggiunto"], ["errore #N/A tra le realizzazioni"]]


@pytest.mark.parametrize("weight", [None, 0.0, -1.0, "tanto", "#N/A", datetime(2019, 1, 1), "30%"])
def test_a_weight_that_is_missing_or_odd_is_not_guessed(weight):
    assert cell("PX_OBIETTIVO", column(0.5, 1.0), column(30.0, weight)) == "peso non leggibile"
    assert cell("PX_OBIETTIVO", column(0.5, "N.C."), column(30.0, weight)) == 0.5


def test_policies_of_the_method(profile):
    assert cell("PX_OBIETTIVO", column(0.9, 0.4, "N.C."), None, profile('[rollup]\nindicators = "worst"')) == 0.4
    blocks = profile('[not_measured]\npolicy = "blocks_parent"')
    assert cell("PX_OBIETTIVO", column(0.9, "N.C."), None, blocks) == "N.C."
    assert cell("PX_OBIETTIVO", column(0.9, None), None, blocks) == 0.9
    zero = profile('[not_measured]\npolicy = "zero"')
    assert call("PX_REALIZZAZIONE", column("N.C.", None), ">= 80%", None, zero) == [[0.0], [0.0]]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_a_mean_lies_between_its_extremes(values):
    fractions = [value / 10_000 for value in values]
    mean = cell("PX_OBIETTIVO", column(*fractions))
    assert min(fractions) <= mean <= max(fractions)
    assert mean == float(Fraction(sum(values), 10_000 * len(values)))


# -- PX_STRATEGICO -------------------------------------------------------------------------------------------------


def test_sixty_and_forty():
    """Piano 2019, § 4: 60 % own indicators, 40 % operational objectives."""
    assert cell("PX_STRATEGICO", 1.0, 0.5) == 0.8
    assert cell("PX_STRATEGICO", column(1.0, 0.5, "N.C."), column(0.5, 0.25)) == 0.6
    assert cell("PX_STRATEGICO", 2 / 3, 1 / 3) == float(Fraction(8, 15))


def test_one_part_unmeasured(profile):
    assert cell("PX_STRATEGICO", "N.C.", 0.5) == 0.5
    assert cell("PX_STRATEGICO", 0.7, None) == 0.7
    assert cell("PX_STRATEGICO", "N.C.", "N.C.") == "N.C."
    blocks = profile('[rollup]\nmissing_part = "blocks"')
    assert cell("PX_STRATEGICO", 0.7, "N.C.", blocks) == "N.C."
    assert cell("PX_STRATEGICO", 1.0, 0.0, profile("[rollup]\nown_pct = 70\nchildren_pct = 30")) == 0.7
    assert cell("PX_STRATEGICO", 0.7, "#REF!") == "errore #REF! tra le realizzazioni"


# -- PX_SCOSTAMENTO, PX_UTILIZZO, PX_INCENTIVO -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "target", "expected"),
    [
        (0.74, ">= 80%", -0.06),
        (85.0, ">= 80%", 0.05),
        (0.74, 0.8, -0.06),
        (10.0, 12.0, -2.0),
        ("3,8 gg", "< 5gg", -1.2),
        (datetime(2019, 7, 10), datetime(2019, 6, 30), 10.0),
        ("15/06/2019", "entro il 30/06/2019", -15.0),
        ("-20%", "<= - 15,00 %", -0.05),
        ("4 gg", "tempo medio non superiore a 5 gg (fonte: monitoraggio)", -1.0),
        ("N.C.", ">= 80%", "N.C."),
        (None, ">= 80%", "N.C."),
        (None, None, ""),
        ("74%", None, "senza target"),
        ("74%", "< 5gg", "unità diverse"),
        ("#N/A", ">= 80%", "risultato non leggibile"),
        ("385%", "380% - 390%", "non calcolabile"),
        (74.0, 0.8, "ambiguo: numero o percentuale"),
    ],
)
def test_deviation(result, target, expected):
    assert cell("PX_SCOSTAMENTO", result, target) == expected


def test_budget_use():
    assert call("PX_UTILIZZO", column(50.0, 0.0, 10.0, None, None, "€ 1.492,50", True), column(200.0, 0.0, 0.0, 5.0, None, 2985.0, 1.0)) == [
        [0.25], [0.0], ["budget zero"], ["N.C."], [""], [0.5], ["importo non leggibile"],
    ]  # fmt: skip


@given(st.integers(0, 10**8), st.integers(0, 10_000))
def test_an_incentive_is_rounded_half_up_to_the_cent(cents, bps):
    due, pct = Decimal(cents) / 100, Decimal(bps) / 10_000
    expected = (due * pct).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert cell("PX_INCENTIVO", float(due), float(pct)) == float(expected)


def test_incentives_of_a_column():
    assert call("PX_INCENTIVO", column(1000.0, 2000.0, None, "boh"), column(0.9882, "N.C.", 0.5, 1.0)) == [
        [988.2], ["N.C."], [""], ["importo non leggibile"],
    ]  # fmt: skip
    assert call("PX_INCENTIVO", column(0.5, 1.5), 0.01) == [[0.01], [0.02]]  # half a cent goes up
    assert call("PX_INCENTIVO", column(1000.0, 500.0), 98.82) == [[988.2], [494.1]]


# -- PX_ALGORITMO ----------------------------------------------------------------------------------------------------

NAMES, FIGURES = column("BilCons_DA_Inc", "BilCons_DA", "à_1"), column(150.0, 200.0, "2,5")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("BilCons_DA_Inc / BilCons_DA", 0.75),
        ("bilcons_da_inc ÷ BILCONS_DA", 0.75),
        ("(BilCons_DA − BilCons_DA_Inc) × à_1", 125.0),
        ("BilCons_DA - BilCons_DA_Inc * à_1", -175.0),
        ("-à_1 + 1.000,5", 998.0),
        ("2 - -2", 4.0),
        ("2 / 4 / 2", 0.25),
        ("0,1 + 0,2", 0.3),
        ("(((1)))", 1.0),
        (1.0, 1.0),
        ("", ""),
        (None, ""),
        ("1 / (à_1 - 2,5)", "divisione per zero"),
        ("ignota * 2", "manca la misura: ignota"),
        ("1 +", "formula non leggibile: manca un valore"),
        ("(1", "formula non leggibile: parentesi non chiusa"),
        ("1)", "formula non leggibile: parentesi chiusa e mai aperta"),
        ("* 2", "formula non leggibile: «*» senza un valore prima"),
        ("1 2", "formula non leggibile: manca un segno o un valore prima di «2»"),
        ("2 ^ 3", "formula non leggibile: «^ 3»"),
        ("12.34.56", "formula non leggibile: «12.34.56»"),
        ("1" * 2001, "formula troppo lunga"),
    ],
)
def test_formulas(formula, expected):
    assert cell("PX_ALGORITMO", formula, NAMES, FIGURES) == expected


@pytest.mark.parametrize(
    "formula", ["__import__('os')", "a.b", "a[0]", "SUM(a)", "a if b else c", "1e5", "a ** 2", "a // 2", "=a", "a;b", "f(1)"]
)
def test_nothing_but_arithmetic_is_ever_computed(formula):
    value = cell("PX_ALGORITMO", formula, column("a", "b", "c", "f"), column(1.0, 2.0, 3.0, 4.0))
    assert isinstance(value, str)
    assert value.startswith(("formula non leggibile", "manca la misura"))


def test_measures_that_can_t_be_used():
    names = column("a", "b", "c", "c", "d", "d")
    values = column(None, "#DIV/0!", 1.0, 2.0, 3.0, "3")
    assert [row[0] for row in call("PX_ALGORITMO", column("a", "b", "c", "d"), names, values)] == [
        "manca il valore di a",
        "valore non leggibile: b",
        "misura ripetuta con valori diversi: c",
        3.0,
    ]


@given(
    st.recursive(
        st.integers(0, 99).map(str),
        lambda e: st.tuples(e, st.sampled_from("+-*/"), e).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
        max_leaves=12,
    )
)
def test_arithmetic_is_exact(formula):
    python = "".join(f"Fraction({part})" if part.isdigit() else part for part in __import__("re").findall(r"\d+|\D", formula))
    try:
        expected = eval(python, {"Fraction": Fraction})  # the language's own arithmetic, on formulas made here
    except ZeroDivisionError:
        assert cell("PX_ALGORITMO", formula, "a", 1.0) == "divisione per zero"
        return
    assert cell("PX_ALGORITMO", formula, "a", 1.0) == float(expected)


def test_a_code_may_hold_signs_and_blanks():
    names, values = column("Dip-Form", "N_Imprese_Dig4.0", "Patrimonio netto", "N_Dir"), column(9.0, 15.0, 30.0, 3.0)
    formulas = column("Dip-Form / N_Dir", "n_imprese_dig4.0 / 5", "Patrimonio netto / (N_Dir * 2)", "Dip - Form")
    assert [row[0] for row in call("PX_ALGORITMO", formulas, names, values)] == [3.0, 3.0, 5.0, "manca la misura: Dip"]


def test_long_sums_and_deep_parentheses_are_no_matter():
    assert cell("PX_ALGORITMO", "1" + "+1" * 900, "a", 1.0) == 901.0
    assert cell("PX_ALGORITMO", "(" * 30 + "1" + ")" * 30, "a", 1.0) == 1.0
    told = "formula non leggibile: troppe parentesi una dentro l'altra"
    assert cell("PX_ALGORITMO", "(" * 900 + "1" + ")" * 900, "a", 1.0) == told
    assert cell("PX_ALGORITMO", "-" * 900 + "1", "a", 1.0) == "formula non leggibile: troppi segni di seguito"
