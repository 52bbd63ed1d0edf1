"""A typed figure beside the computed one: what agrees, under which convention, what merely rounds, what is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.methods import load_method
from perfxl.scoring import round_exact
from perfxl.statements import Book
from perfxl.statements.compare import MODES, Verdict, checks, in_words, weight_checks
from perfxl.statements.findings import statement_findings
from statements.made import BUDGET, book, exact, grid, money, percent, read, verdicts

HEADER = ("Progetto", "Previsto", "Speso", "% utilizzo")


def used(pct, planned=700, spent=300, *, more="decimals = 1"):
    """The check of one share: 300 of 700 is 42.857142…"""
    text = BUDGET.replace("decimals = 1", more)
    [check] = checks(book(text, grid(HEADER, ("1A01 - Borse", planned, spent, pct))))
    return check


@pytest.mark.parametrize(
    ("pct", "more", "verdict", "other"),
    [
        (percent("42.9"), "decimals = 1", Verdict.AGREES, ""),
        (percent("42.8"), "decimals = 1", Verdict.OTHERWISE, "troncamento a 1 decimale"),
        (percent("42.8"), "decimals = 1\nmode = 'truncate'", Verdict.AGREES, ""),
        (percent("42.9"), "decimals = 1\nmode = 'truncate'", Verdict.OTHERWISE, "arrotondamento a 1 decimale"),
        (percent("42.86", "0.00%"), "decimals = 1", Verdict.OTHERWISE, "arrotondamento a 2 decimali"),
        (percent("43", "0%"), "decimals = 1", Verdict.OTHERWISE, "arrotondamento all’unità"),
        (
            percent("43", "0.0%"),
            "decimals = 1",
            Verdict.OTHERWISE,
            "arrotondamento all’unità",
        ),  # 43,0: the zero may be the format's
        (percent("43", "0.00%"), "decimals = 2", Verdict.DIFFERS, ""),  # 43,00: two decimals that aren't there
        (percent("42.7"), "decimals = 1", Verdict.DIFFERS, ""),
        (percent("-42.9"), "decimals = 1", Verdict.OTHERWISE, "segno contrario"),
        (percent("43", "0%"), "", Verdict.AGREES, ""),  # as many decimals as the figure shows
        (percent("42.857", "0.000%"), "", Verdict.AGREES, ""),
        (percent("42.85", "0.00%"), "", Verdict.OTHERWISE, "troncamento a 2 decimali"),
        ("42,9", "decimals = 1", Verdict.AGREES, ""),
        ("42,9 %", "decimals = 1", Verdict.AGREES, ""),
    ],
)
def test_a_share_against_its_operands(pct, more, verdict, other):
    check = used(pct, more=more)
    assert (check.verdict, check.other) == (verdict, other)


def test_a_check_says_what_it_rests_on():
    check = used(percent("42.8"))
    assert check.shown == Decimal("42.9")
    assert check.printed == exact("42.8")
    assert check.convention == "arrotondamento a 1 decimale"
    assert [each.cell.ref.a1 for each in check.operands] == ["C2", "B2"]
    assert check.figure.cell.ref.a1 == "D2"


@pytest.mark.parametrize(
    "stored",
    ["42.857142857142854", "42.85714285714286", "42.9"],
)
def test_a_cell_that_a_formula_filled_agrees_with_all_its_digits(stored):
    assert used(percent(stored)).verdict is Verdict.AGREES
    assert used(percent(stored, "General" if "857" in stored else "0.0%")).verdict is Verdict.AGREES


def test_a_cell_is_judged_by_what_it_shows():
    assert used(percent("42.9499")).verdict is Verdict.AGREES  # shows 42,9
    assert used(percent("42.9501")).verdict is not Verdict.AGREES  # shows 43,0


def test_a_missing_operand_leaves_nothing_to_check():
    check = used(percent(1), planned="n.d.")
    assert (check.verdict, check.reason, check.shown) == (Verdict.UNCHECKED, "manca «planned»", None)


def test_figures_that_nobody_typed_are_not_checked():
    assert list(checks(book(BUDGET, grid(HEADER, ("1A01 - Borse", 700, 300, None))))) == []


SHARES = """
id = "shares"
title = "Quote"
tab = "Quote"
columns.item = { headings = ["Voce"], need = "essential" }
columns.pct = { headings = ["%"], kind = "percent" }
columns.amount = { headings = ["Importo"], kind = "amount" }
lines = [{ level = "totale", text = "^Totale" }, { level = "voce", above = "totale" }]
rules = [
  { name = "totale", lines = ["totale"], columns = ["pct", "amount"], formula = "sum(children)" },
]
"""


@pytest.mark.parametrize(
    ("total", "verdict"),
    [("100", Verdict.WITHIN), ("99,9", Verdict.AGREES), ("100,2", Verdict.DIFFERS), ("99,6", Verdict.DIFFERS)],
)
def test_what_merely_rounds_raises_no_alarm(total, verdict):
    """Three thirds printed 33,3 make 99,9 or 100,0: both are what people print."""
    rows = [(name, percent("33.3"), None) for name in "abc"]
    computed = book(SHARES, grid(("Voce", "%", "Importo"), *rows, ("Totale", percent(total.replace(",", ".")), None)))
    assert verdicts(computed) == {"totale.pct": verdict}


def test_amounts_are_exact_unless_the_declaration_says_that_they_are_rounded():
    rows = (("Voce", "%", "Importo"), ("a", None, 10), ("b", None, 20), ("Totale", None, 31))
    assert verdicts(book(SHARES, grid(*rows))) == {"totale.amount": Verdict.DIFFERS}
    rounded = SHARES.replace('kind = "amount"', 'kind = "amount", rounded = true')
    assert verdicts(book(rounded, grid(*rows))) == {"totale.amount": Verdict.WITHIN}
    assert verdicts(book(rounded, grid(*rows[:3], ("Totale", None, 33)))) == {"totale.amount": Verdict.DIFFERS}


LEVELS = (
    BUDGET
    + """
[[rules]]
name = "controllo"
role = "check"
lines = ["1A02"]
columns = ["spent"]
formula = "planned"
"""
)


def test_a_figure_that_follows_from_a_wrong_one_is_not_a_second_error():
    rows = (HEADER, ("1A01 - B", 100, 50, percent(50)), ("Totale", 300, 60, percent(20)))
    computed = book(BUDGET, grid(*rows))
    assert verdicts(computed) == {
        "1A01.used": Verdict.AGREES, "T1.planned": Verdict.DIFFERS, "T1.spent": Verdict.DIFFERS, "T1.used": Verdict.FOLLOWS,
    }  # fmt: skip
    assert [each.code for each in statement_findings(computed)] == ["PX-C001", "PX-C001"]


def test_a_figure_that_follows_from_neither_is_an_error_of_its_own():
    rows = (HEADER, ("1A01 - B", 100, 50, percent(50)), ("Totale", 300, 60, percent(25)))
    assert verdicts(book(BUDGET, grid(*rows)))["T1.used"] is Verdict.DIFFERS


def test_a_figure_that_follows_from_rounded_ones_merely_rounds():
    """Its operand agrees at its own decimals: nothing is wrong anywhere."""
    text = SHARES.replace(
        'formula = "sum(children)" },\n',
        'formula = "sum(children)", decimals = 0 },\n  { name = "doppio", lines = ["voce"], columns = ["pct"], formula = "2 * totale.amount" },\n',
    )
    rows = (("Voce", "%", "Importo"), ("a", "60,00", 30.4), ("Totale", None, 30))
    assert verdicts(book(text, grid(*rows))) == {"a.pct": Verdict.WITHIN, "totale.amount": Verdict.AGREES}


def test_a_rule_may_only_check():
    rows = (HEADER, ("1A02 - B", 100, 50, None))
    computed = book(LEVELS, grid(*rows))
    [check] = checks(computed)
    assert (check.rule.name, check.verdict) == ("controllo", Verdict.DIFFERS)
    assert computed.statements[0].line("1A02").figures["spent"].value == 50  # what was typed counts


def test_a_figure_passed_on_rounded_is_checked_before_it_is_rounded():
    text = SHARES.replace('formula = "sum(children)"', 'formula = "mean(children)", carried = true, decimals = 1')
    rows = [(name, None, amount) for name, amount in (("a", 10), ("b", 10.1), ("c", 10.4))]  # 10.1666…
    for total, verdict, other in ((10.2, Verdict.AGREES, ""), (10.1, Verdict.OTHERWISE, "troncamento a 1 decimale")):
        computed = book(text, grid(("Voce", "%", "Importo"), *rows, ("Totale", None, total)))
        [check] = checks(computed)
        assert (check.verdict, check.other) == (verdict, other)
        assert computed.statements[0].line("totale").figures["amount"].value == exact("10.2")


def test_the_method_lays_its_convention_over_the_table():
    method = load_method("lucca-2017")
    rows = grid(HEADER, ("1A01 - Borse", 700, 300, percent("42.8")))
    text = BUDGET.replace("decimals = 1\n", "")

    def verdict(profile):
        [check] = checks(Book(read(text, rows, method=profile).statements))
        return check.verdict

    assert verdict(method) is Verdict.OTHERWISE
    for place in ("budget.used", "budget.*", "*.used"):
        assert verdict(method.model_copy(update={"conventions": {place: "truncate 1"}})) is Verdict.AGREES, place
    assert verdict(method.model_copy(update={"conventions": {"budget.spent": "truncate 1"}})) is Verdict.OTHERWISE


WEIGHTS = """
id = "weights"
title = "Obiettivi"
tab = "Obiettivi"
columns.item = { headings = ["Obiettivo"], need = "essential" }
columns.weight = { headings = ["Peso"], kind = "percent" }
lines = [{ level = "persona", text = "^[A-Z]+$" }, { level = "obiettivo", beneath = "persona" }]
weights = [{ column = "weight", lines = ["obiettivo"] }]
"""


@pytest.mark.parametrize(
    ("weights", "agrees"),
    [
        ((20, 25, 25, 30), True),
        ((20, 25, 25, 28), False),
        (("33,3", "33,3", "33,3"), True),
        (("33,3", "33,3", "33,2"), False),
        ((33, 33, 33), False),  # whole weights aren't rounded ones
        ((percent(50), percent(50)), True),
    ],
)
def test_weights_make_their_total(weights, agrees):
    rows = [(f"obiettivo {n}", weight) for n, weight in enumerate(weights)]
    [check] = weight_checks(book(WEIGHTS, grid(("Obiettivo", "Peso"), ("SG", None), *rows)))
    assert check.agrees is agrees
    codes = [each.code for each in statement_findings(book(WEIGHTS, grid(("Obiettivo", "Peso"), ("SG", None), *rows)))]
    assert codes == ([] if agrees else ["PX-C003"])


def test_weights_are_summed_person_by_person():
    rows = (("Obiettivo", "Peso"), ("SG", None), ("ob. 1", 60), ("ob. 2", 40), ("DIR", None), ("ob. 1", 50))
    assert [(check.total, check.agrees) for check in weight_checks(book(WEIGHTS, grid(*rows)))] == [(100, True), (50, False)]


def test_findings_say_both_figures_and_their_cells():
    [finding] = statement_findings(book(BUDGET, grid(HEADER, ("1A01 - Borse", 700, 300, percent("12.5")))))
    assert (finding.code, finding.cell, finding.sheet) == ("PX-C001", "D2", "Foglio1")
    for words in (
        "Budget per progetto",
        "«Borse»",
        "% utilizzo",
        "indicato 12,5",
        "calcolato 42,9",
        "arrotondamento a 1 decimale",
        "da C2, B2",
    ):
        assert words in finding.found, words
    [finding] = statement_findings(book(BUDGET, grid(HEADER, ("1A01 - Borse", 700, 300, percent("42.8")))))
    assert finding.code == "PX-C002"
    assert "concorderebbe con: troncamento a 1 decimale" in finding.found


@pytest.mark.parametrize(
    ("mode", "decimals", "words"), [("half_up", 0, "arrotondamento all’unità"), ("truncate", 1, "troncamento a 1 decimale")]
)
def test_conventions_in_words(mode, decimals, words):
    assert in_words(mode, decimals) == words


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 3), st.sampled_from(sorted(MODES)))
@settings(max_examples=80, deadline=None)
def test_what_is_printed_by_the_declared_convention_agrees(planned, spent, decimals, mode):
    """And is never an alarm under any other: a rounded figure is at most one of the others."""
    pct = round_exact(exact(str(spent)) * 100 / planned, decimals, mode)
    number_format = "0." + "0" * decimals + "%" if decimals else "0%"
    more = f"decimals = {decimals}\nmode = '{mode}'"
    assert (
        used(percent(str(Decimal(pct.numerator) / Decimal(pct.denominator)), number_format), planned, spent, more=more).verdict
        is Verdict.AGREES
    )
    other = used(
        percent(str(Decimal(pct.numerator) / Decimal(pct.denominator)), number_format),
        planned,
        spent,
        more=f"decimals = {decimals}",
    )
    assert other.verdict in {Verdict.AGREES, Verdict.OTHERWISE}


def test_money_keeps_its_cents():
    rows = (
        HEADER,
        ("1A01 - B", money("0.10"), 0, None),
        ("1A02 - B", money("0.20"), 0, None),
        ("Totale", money("0.30000000000000004"), 0, None),
    )
    assert verdicts(book(BUDGET, grid(*rows)))["T1.planned"] is Verdict.AGREES
