"""Figures computed from figures, exactly, each once; and what can't be computed says why."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.statements import Book
from perfxl.statements.compute import CIRCULAR, LONGEST_CHAIN
from statements.made import BUDGET, book, grid, percent, read, values

HEADER = ("Progetto", "Previsto", "Speso", "% utilizzo")


def statement(declaration, *grids, **options):
    return book(declaration, *grids, **options).statements[0]


def test_sums_and_shares_are_computed_and_prevail_over_what_was_typed():
    rows = (("1A01 - Borse", 1000, 580, None), ("1A02 - Eventi", 500, 1, percent(99)), ("Totale", 1, None, None))
    found = statement(BUDGET, grid(HEADER, *rows))
    assert values(found, "planned") == {"1A01": 1000, "1A02": 500, "T1": 1500}
    assert values(found, "spent")["T1"] == 581
    assert values(found, "used") == {"1A01": 58, "1A02": Fraction(1, 5), "T1": Fraction(58100, 1500)}
    total = found.line("T1").figures["planned"]
    assert (total.typed, total.rule.name) == (1, "somma dei progetti")
    assert [each.name for each in total.operands] == ["1A01.planned", "1A02.planned"]


def test_nought_by_nought_is_what_the_rule_says():
    rows = (HEADER, ("1A01 - Borse", 0, 0, percent(0)))
    assert values(statement(BUDGET, grid(*rows)), "used") == {"1A01": 0}
    found = statement(BUDGET.replace('zero = "0"', ""), grid(*rows))
    assert found.line("1A01").figures["used"].reason == "divisione per zero"


def test_something_by_nought_has_no_value():
    found = statement(BUDGET, grid(HEADER, ("1A01 - Borse", 0, 5, None))).line("1A01").figures["used"]
    assert (found.value, found.reason) == (None, "divisione per zero")


def test_a_missing_operand_leaves_the_typed_figure_and_says_what_is_missing():
    found = statement(BUDGET, grid(HEADER, ("1A01 - Borse", "n.d.", 5, percent(7)))).line("1A01").figures["used"]
    assert (found.value, found.reason) == (7, "manca «planned»")


def test_blank_addends_may_be_worth_zero():
    text = BUDGET.replace("100 * spent / planned", "planned - spent").replace('zero = "0"', 'blanks = "0"')
    assert values(statement(text, grid(HEADER, ("1A01 - Borse", 9, None, None))), "used") == {"1A01": 9}
    text = text.replace('blanks = "0"', "")
    assert statement(text, grid(HEADER, ("1A01 - Borse", 9, None, None))).line("1A01").figures["used"].reason == "manca «spent»"


def test_titles_and_other_kinds_of_column_have_no_rule():
    text = BUDGET.replace('columns = ["used"]\n', "")
    found = statement(text, grid(HEADER, ("Area A", 5, 5, None), ("1A01 - Borse", 10, 5, None)))
    assert found.line("A").figures["used"].rule is None
    assert found.line("1A01").figures["project"].rule is None
    assert found.line("1A01").figures["planned"].rule is not None


TREE = """
id = "tree"
title = "T"
tab = "T"
columns.line = { headings = ["Riga"], need = "essential" }
columns.weight = { headings = ["Peso"], kind = "number" }
columns.pct = { headings = ["%"], kind = "percent" }
lines = [{ level = "voce", text = '^(?P<key>(?P<parent>\\w*)\\w)$' }]
"""


def rule(formula, more=""):
    return TREE + f'[[rules]]\nname = "r"\nlines = ["A"]\ncolumns = ["pct"]\nformula = "{formula}"\n{more}'


LEAVES = (("Riga", "Peso", "%"), ("A", None, None), ("AA", 1, "98,30"), ("AB", 2, "98,65"), ("AC", 1, "n.d."))


@pytest.mark.parametrize(
    ("formula", "more", "value"),
    [
        ("mean(children)", "", Fraction("98.475")),
        ("mean(children)", "carried = true", Fraction("98.48")),
        ("mean(children)", "carried = true\nmode = 'truncate'", Fraction("98.47")),
        ("mean(children)", "carried = true\nmode = 'half_down'", Fraction("98.47")),
        ("mean(children)", "carried = true\nmode = 'half_even'", Fraction("98.48")),
        ("mean(children)", "carried = true\ndecimals = 1", Fraction("98.5")),
        ("wmean(children.pct; children.weight)", "", Fraction("98.30") / 3 + Fraction("98.65") * 2 / 3),
        ("count(children)", "", 2),
        ("max(children) - min(children)", "", Fraction("0.35")),
    ],
)
def test_means_of_what_is_measured(formula, more, value):
    assert values(statement(rule(formula, more), grid(*LEAVES)), "pct")["A"] == value


def test_a_figure_that_is_passed_on_rounded_is_rounded_for_those_that_follow():
    text = (
        TREE
        + '[[rules]]\nname = "r"\ncolumns = ["pct"]\nlines = ["A", "B"]\nformula = "mean(children)"\ncarried = true\nmode = "truncate"\n'
    )
    text = text.replace("(?P<parent>\\w*)", "(?P<parent>[B-Z]*)")
    rows = (("Riga", "Peso", "%"), ("B", None, None), ("BA", 1, 100), ("BC", 1, 100), ("BD", 1, "99,59"))
    assert values(statement(text, grid(*rows)), "pct")["B"] == Fraction("99.86")


def test_one_table_computes_from_another():
    other = TREE.replace('id = "tree"', 'id = "other"').replace('["Riga"]', '["Scheda"]')
    text = rule("100 * budget!T1.spent / other!A.weight")
    sheets = (
        grid(HEADER, ("1A01 - Borse", 1, 3, None), ("Totale", None, None, None)),
        grid(("Scheda", "Peso"), ("A", 4), name="s"),
    )
    computed = book([text, other, BUDGET], grid(("Riga", "%"), ("A", None), name="t"), *sheets)
    assert values(next(each for each in computed.statements if each.id == "tree"), "pct") == {"A": 75}


SERIES = """
id = "cash"
title = "Liquidità"
tab = "Salute"
columns.item = { headings = ["Voce"], need = "essential" }
series = { headings = '(?P<year>20\\d\\d)', kind = "amount" }
[[rules]]
name = "variazione"
lines = ["variazione"]
formula = "liquidita - prev(liquidita)"
"""


@pytest.mark.parametrize(
    ("extra", "years", "changes"),
    [
        ("", ("2015", "2016", "2017"), {"y2015": None, "y2016": 10, "y2017": -5}),
        (', previous = "right"', ("2017", "2016", "2015"), {"y2015": None, "y2016": 10, "y2017": -5}),
    ],
)
def test_the_year_before_is_where_the_declaration_says(extra, years, changes):
    amounts = {"2015": 100, "2016": 110, "2017": 105}
    rows = (("Voce", *years), ("Liquidità", *(amounts[year] for year in years)), ("Variazione",))
    found = statement(SERIES.replace('kind = "amount" }', f'kind = "amount"{extra} }}'), grid(*rows))
    line = found.line("variazione")
    assert {key: line.figures[key].value for key in changes} == changes
    assert line.figures["y2015"].reason.startswith("manca l'anno prima")


def test_a_year_that_is_missing_is_not_skipped():
    rows = (("Voce", "2015", "2017", "2018"), ("Liquidità", 100, 105, 110), ("Variazione",))
    line = statement(SERIES, grid(*rows)).line("variazione")
    assert {key: figure.value for key, figure in line.figures.items() if key != "item"} == {
        "y2015": None,
        "y2017": None,
        "y2018": 5,
    }


def test_figures_against_a_target_are_scored_by_the_method():
    text = TREE + 'columns.target = { headings = ["Target"], kind = "target" }\n'
    text = text.replace(
        "lines = [", "rules = [{ name = 'r', columns = ['pct'], formula = 'achievement(weight; target)' }]\nlines = ["
    )
    text = text.replace("columns.target", "X").replace('X = { headings = ["Target"], kind = "target" }\n', "")
    text = text.replace("columns.pct", 'columns.target = { headings = ["Target"], kind = "target" }\ncolumns.pct')
    found = statement(
        text, grid(("Riga", "Peso", "Target", "%"), ("A", 3, ">= 4", None), ("B", 9, ">= 4", None), ("C", 9, None, None))
    )
    assert values(found, "pct") == {"A": 75, "B": 100, "C": None}
    assert found.line("C").figures["pct"].reason == "manca il target"


CIRCLE = """
id = "circle"
title = "C"
tab = "C"
columns.item = { headings = ["Voce"], need = "essential" }
columns.x = { headings = ["X"], kind = "number" }
"""


def circle(*formulas, rows=None):
    rules = "".join(
        f'[[rules]]\nname = "{line}"\nlines = ["{line}"]\ncolumns = ["x"]\nformula = "{formula}"\n' for line, formula in formulas
    )
    lines = rows or sorted({line for line, _ in formulas})
    return statement(CIRCLE + rules, grid(("Voce", "X"), *((line, 1) for line in lines)))


def test_a_circle_is_told_for_all_that_stand_in_it_and_nothing_is_invented():
    found = circle(("a", "b + 1"), ("b", "c + 1"), ("c", "a + 1"), ("d", "a + 1"))
    reasons = {line.key: line.figures["x"].reason for line in found.lines}
    assert reasons == {"a": CIRCULAR, "b": CIRCULAR, "c": CIRCULAR, "d": ""}
    assert values(found, "x") == {"a": 1, "b": 1, "c": 1, "d": 2}


def test_a_figure_that_needs_itself():
    assert circle(("a", "a * 2")).line("a").figures["x"].reason == CIRCULAR
    assert circle(("a", "sum(a; 1)")).line("a").figures["x"].reason == CIRCULAR


@pytest.mark.parametrize("length", [LONGEST_CHAIN - 1, LONGEST_CHAIN, LONGEST_CHAIN + 1, 10 * LONGEST_CHAIN])
def test_a_chain_of_figures_may_be_as_long_as_it_likes(length):
    names = [f"v{n}" for n in range(length)]
    found = circle(
        *((one, f"sum({other}; 1) * 1") for one, other in zip(names, [*names[1:], "end"], strict=True)), rows=[*names, "end"]
    )
    assert found.line("v0").figures["x"].value == length + 1


def test_a_long_circle_ends():
    names = [f"v{n}" for n in range(3 * LONGEST_CHAIN)]
    found = circle(*((one, f"{other} + 1") for one, other in zip(names, [*names[1:], names[0]], strict=True)))
    assert {line.figures["x"].reason for line in found.lines} <= {CIRCULAR, ""}
    assert CIRCULAR in {line.figures["x"].reason for line in found.lines}


def test_tabs_and_tables_stand_in_the_declared_order():
    texts = [
        CIRCLE.replace('"circle"', f'"{name}"')
        .replace('tab = "C"', f'tab = "{tab}"\norder = {order}')
        .replace('["Voce"]', f'["{name}"]')
        for name, tab, order in (("k1", "Due", 20), ("k2", "Uno", 10), ("k3", "Due", 5))
    ]
    computed = book(texts, *(grid((name, "X"), ("a", 1), name=name) for name in ("k1", "k2", "k3")))
    assert computed.tabs == ("Due", "Uno")
    assert [each.id for each in computed.of_tab("Due")] == ["k3", "k1"]


AMOUNTS = st.lists(st.integers(-(10**9), 10**9).map(lambda cents: Fraction(cents, 100)), min_size=1, max_size=8)


@given(AMOUNTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_total_does_not_depend_on_the_order_of_its_lines(amounts, random):
    rows = [(f"1A{n:02} - P", float(amount), None, None) for n, amount in enumerate(amounts)]
    random.shuffle(rows)
    found = statement(BUDGET, grid(HEADER, *rows, ("Totale", None, None, None)))
    assert found.line("T1").figures["planned"].value == sum(amounts)


def test_sheets_read_in_another_order_give_the_same_figures():
    other = TREE.replace('id = "tree"', 'id = "other"').replace('["Riga"]', '["Scheda"]')
    text = rule("other!A.weight * 2")
    sheets = [grid(("Riga", "%"), ("A", 1), name="t"), grid(("Scheda", "Peso"), ("A", 4), name="s")]
    for order in (sheets, sheets[::-1]):
        computed = Book(read([text, other], *order).statements)
        assert values(next(each for each in computed.statements if each.id == "tree"), "pct") == {"A": 8}
