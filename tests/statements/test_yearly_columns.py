"""Columns that repeat year by year (`aaaa` in a heading), names resolved in the year of the figure, and what a line's groups select."""

from __future__ import annotations

from perfxl.statements.heads import _of_year
from perfxl.statements.schema_table import Column
from statements.made import book, grid, read, values, verdicts

STATEMENT = """
id = "conto"
title = "Conto"
tab = "Risorse"

[columns.item]
headings = ["Voce"]
need = "essential"

[columns.value]
headings = ["Consuntivo aaaa (euro)", "aaaa"]
kind = "amount"
need = "essential"

[columns.share]
headings = ["Comp. % aaaa"]
kind = "percent"

[[lines]]
level = "voce"
text = '^(?P<key>[A-Z])(?P<group>\\d)?'

[[rules]]
name = "quota"
columns = ["share"]
formula = "100 * value / sum(voce.value)"
decimals = 1
"""
HEADER = ("Voce", "Consuntivo 2017 (euro)", "Comp. % 2017", "CONSUNTIVO 2016 (Euro)", "comp. % 2016")


def only(computed):
    [statement] = computed.statements
    return statement


def test_each_year_is_a_column_of_its_own():
    statement = only(read(STATEMENT, grid(HEADER, ("A", 30, 75, 20, 40), ("B", 10, 25, 30, 60))))
    assert [(each.key, each.of, each.year, each.at) for each in statement.fields] == [
        ("item", "", None, 1), ("value_2017", "value", 2017, 2), ("share_2017", "share", 2017, 3),
        ("value_2016", "value", 2016, 4), ("share_2016", "share", 2016, 5),
    ]  # fmt: skip


def test_a_rule_speaks_of_all_the_years_and_a_name_means_that_of_the_figure():
    computed = book(STATEMENT, grid(HEADER, ("A", 30, 75, 20, 40), ("B", 10, 25, 30, 61)))
    assert values(only(computed), "share_2017") == {"A": 75, "B": 25}
    assert values(only(computed), "share_2016") == {"A": 40, "B": 60}
    assert {name for name, verdict in verdicts(computed).items() if verdict != "concorda"} == {"B.share_2016"}


def test_a_heading_of_a_year_alone():
    statement = only(read(STATEMENT, grid(("Voce", 2017, 2016), ("A", 30, 20))))
    assert [each.key for each in statement.fields] == ["item", "value_2017", "value_2016"]


def test_a_column_that_must_be_there_must_be_there_for_some_year():
    assert read(STATEMENT, grid(("Voce", "Comp. % 2017"), ("A", 3))).found == [False]


def test_another_table_is_asked_for_the_year_of_the_column():
    thousands = """
id = "migliaia"
title = "Migliaia"
tab = "Risorse"

[columns.item]
headings = ["(migliaia di euro)"]
need = "essential"

[series]
headings = '^(?:(?P<stage>prev)\\w*\\s+)?(?P<year>20\\d\\d)$'

[[lines]]
level = "voce"
text = '^(?P<key>[A-Z])'

[[rules]]
name = "in migliaia"
columns = ["series"]
formula = "conto!value[key] / 1000"
role = "check"
"""
    sheets = (
        grid(HEADER, ("A", 30000, 100, 20000, 100)),
        grid(("(migliaia di euro)", 2015, 2016, 2017), ("A", 5, 20, 31), name="Foglio2"),
    )
    found = verdicts(book([STATEMENT, thousands], *sheets))
    assert {name: str(verdict) for name, verdict in found.items() if name.startswith("A.y")} == {
        "A.y2015": "non riscontrabile", "A.y2016": "concorda", "A.y2017": "differisce",
    }  # fmt: skip


STAGED = """
id = "fasi"
title = "Fasi"
tab = "Risorse"

[columns.item]
headings = ["Voce"]
need = "essential"

[series]
headings = '^(?:(?P<stage>prev)\\w*\\s+|consuntivo\\s+)?(?P<year>20\\d\\d)$'
"""


def test_two_header_rows_win_where_they_say_the_stage():
    statement = only(read(STAGED, grid((None, "Consuntivo", "Preventivo"), ("Voce", 2017, 2018), ("A", 1, 2))))
    assert [each.key for each in statement.fields if each.series] == ["y2017", "y2018prev"]
    statement = only(read(STAGED, grid((None, "Euro", "Euro"), ("Voce", 2017, 2018), ("A", 1, 2))))
    assert [each.key for each in statement.fields if each.series] == ["y2017", "y2018"]


PARTS = """
id = "parti"
title = "Parti"
tab = "Risorse"
caption = '^Progetto (?P<project>\\d)'
headless = true

[columns.item]
at = 1

[columns.amount]
at = 2
kind = "amount"

[[lines]]
level = "entrate"
text = '^Totale entrate'
key = "ENTRATE"

[[lines]]
level = "uscite"
text = '^Totale uscite'
key = "USCITE"

[[lines]]
level = "conto"
text = '^(?P<group>[ab])\\d'
above = "entrate|uscite"

[[rules]]
name = "somma dei conti"
lines = ["entrate", "uscite"]
formula = "sum(children)"
blanks = "0"
"""
WHOLE = """
id = "insieme"
title = "Insieme"
tab = "Risorse"

[columns.item]
headings = ["Insieme"]
need = "essential"

[columns.amount]
headings = ["Importo"]
kind = "amount"

[[lines]]
level = "gruppo"
text = '^Gruppo (?P<key>\\w)'

[[lines]]
level = "progetto"
text = '^Scheda (?P<key>\\d)'

[[rules]]
name = "conti del gruppo"
lines = ["gruppo"]
formula = "sum(parti!conto.amount[group])"

[[rules]]
name = "uscite del progetto"
lines = ["progetto"]
formula = "sum(parti!USCITE.amount[project])"
"""


def parts(number, *rows):
    return grid((f"Progetto {number}",), *rows, name=f"P{number}")


def test_a_parent_may_be_of_several_levels_and_a_total_of_nothing_is_zero():
    [statement] = book(PARTS, parts(1, ("Totale entrate", 0), ("a1", 4), ("b2", 3), ("Totale uscite", 9))).statements
    assert [line.parent for line in statement.lines] == ["", "USCITE", "USCITE", ""]
    assert values(statement, "amount") == {"ENTRATE": 0, "a1": 4, "b2": 3, "USCITE": 7}
    found = verdicts(book(PARTS, parts(1, ("Totale entrate", 5), ("Totale uscite", 0))))
    assert {name: str(verdict) for name, verdict in found.items()} == {
        "ENTRATE.amount": "differisce",
        "USCITE.amount": "concorda",
    }


def test_lines_are_selected_by_a_group_of_their_expression_and_of_the_caption():
    sheets = [parts(1, ("a1", 4), ("b2", 3), ("Totale uscite", 7)), parts(2, ("a1", 10), ("Totale uscite", 10))]
    whole = grid(("Insieme", "Importo"), ("Gruppo a", 14), ("Gruppo b", 4), ("Scheda 1", 7), ("Scheda 2", 11), name="Insieme")
    computed = book([PARTS, WHOLE], *sheets, whole)
    assert values(computed.statements[-1], "amount") == {"a": 14, "b": 3, "1": 7, "2": 10}


def test_a_heading_that_is_a_key_is_shown_in_words():
    """`value_2017` is what a program wrote; the declaration calls it «Valore 2017». What a person wrote stays as it is."""
    column = Column(headings=("value_aaaa", "Valore aaaa", "Consuntivo aaaa"), kind="amount")
    assert [_of_year("value", column, text, 1).heading for text in ("value_2017", "Consuntivo 2016")] == [
        "Valore 2017",
        "Consuntivo 2016",
    ]
