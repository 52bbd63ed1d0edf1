"""What a row is: level, key, title, section, and the line that it stands beneath."""

from __future__ import annotations

import pytest

from statements.made import grid, read

HEAD = """
id = "t"
title = "T"
tab = "T"
columns.code = { headings = ["Codice"] }
columns.item = { headings = ["Voce"], need = "essential" }
columns.a = { headings = ["A"], kind = "amount" }
columns.b = { headings = ["B"], kind = "amount" }
"""


def lines(kinds, *rows, findings=0):
    reader = read(HEAD + kinds, grid(("Codice", "Voce", "A", "B"), *rows))
    assert len(reader.findings) == findings, reader.findings
    return reader.statements[0].lines if reader.statements else []


def told(kinds, *rows, **options):
    return [(line.level, line.key, line.title, line.parent) for line in lines(kinds, *rows, **options)]


def test_without_kinds_every_row_is_a_line_with_its_first_text_as_key():
    assert told("", ("Oneri – di cui: IMU", None, 3), ("K/2", "x", None)) == [
        ("riga", "oneri_di_cui_imu", "Oneri – di cui: IMU", ""),
        ("riga", "k_2", "K/2", ""),
    ]
    assert told("", (None, "senza codice", 1), findings=1) == []


def test_the_expression_gives_key_title_and_parent():
    kinds = "[[lines]]\nlevel = 'p'\nwhere = 'item'\ntext = '^(?P<key>(?P<parent>\\d\\w)\\d+) (?P<title>.+)'"
    assert told(kinds, (None, "1A01 Borse di studio", 1)) == [("p", "1A01", "Borse di studio", "1A")]


def test_templates_name_groups_columns_number_and_section():
    kinds = """
[[lines]]
level = "sezione"
where = "item"
text = '^(?P<key>[AB])\\)'
section = true
[[lines]]
level = "voce"
where = "item"
text = '^(?P<first>\\w+)'
key = "{section}.{first}.{n} {code}"
title = "{first} ({code})"
parent = "{section}"
"""
    rows = ((None, "A) Proventi"), ("K1", "Diritto annuale", 1), (None, "B) Oneri"), ("K2", "Personale", 2))
    assert told(kinds, *rows) == [
        ("sezione", "A", "A) Proventi", ""),
        ("voce", "A.Diritto.1 K1", "Diritto (K1)", "A"),
        ("sezione", "B", "B) Oneri", ""),
        ("voce", "B.Personale.2 K2", "Personale (K2)", "B"),
    ]


def test_a_template_may_take_the_first_letters():
    kinds = "[[lines]]\nlevel = 'p'\nwhere = 'item'\nkey = '{code:2}'"
    assert told(kinds, ("ABCD", "x", 1))[0][1] == "AB"


def test_the_same_key_twice_is_told_apart():
    kinds = "[[lines]]\nlevel = 'p'\nwhere = 'item'\ntext = '^(?P<key>\\w+)'"
    assert [key for _, key, _, _ in told(kinds, (None, "x", 1), (None, "X", 2), (None, "x", 3))] == ["x", "X#2", "x#3"]


def test_kinds_are_tried_in_order_and_blank_and_filled_cells_tell_them():
    kinds = """
[[lines]]
level = "titolo"
where = "item"
blank = ["a", "b"]
section = true
[[lines]]
level = "meta"
where = "item"
blank = ["b"]
filled = ["a"]
[[lines]]
level = "intera"
where = "item"
"""
    rows = ((None, "uno"), (None, "due", 1), (None, "tre", 1, 2), (None, "quattro", None, 2))
    assert [level for level, *_ in told(kinds, *rows)] == ["titolo", "meta", "intera", "intera"]


def test_within_a_section_only():
    kinds = """
[[lines]]
level = "sezione"
where = "item"
text = '^(?P<key>[AB])$'
section = true
[[lines]]
level = "solo_in_b"
where = "item"
within = ["B"]
[[lines]]
level = "altrove"
where = "item"
"""
    rows = ((None, "A"), (None, "x", 1), (None, "B"), (None, "y", 1))
    assert [level for level, *_ in told(kinds, *rows)] == ["sezione", "altrove", "sezione", "solo_in_b"]


def test_parents_stand_above_or_below():
    kinds = """
[[lines]]
level = "area"
where = "item"
text = "^Area"
above = "totale"
[[lines]]
level = "totale"
where = "item"
text = "^Totale"
[[lines]]
level = "voce"
where = "item"
beneath = "area"
"""
    rows = ((None, "orfana", 1), (None, "Area 1"), (None, "x", 1), (None, "Area 2"), (None, "y", 2), (None, "Totale", 3))
    assert {key: parent for _, key, _, parent in told(kinds, *rows)} == {
        "orfana": "", "area_1": "totale", "x": "area_1", "area_2": "totale", "y": "area_2", "totale": "",
    }  # fmt: skip


def test_the_last_row_alone():
    kinds = "[[lines]]\nlevel = 'totale'\nwhere = 'item'\nlast = true\n[[lines]]\nlevel = 'voce'\nwhere = 'item'"
    assert [level for level, *_ in told(kinds, (None, "x", 1), (None, "y", 2), (None, "z", 3))] == ["voce", "voce", "totale"]


def test_rows_to_be_skipped_and_rows_that_end_the_table():
    kinds = """
[[lines]]
level = "riporto"
where = "item"
text = "^a riportare"
skip = true
[[lines]]
level = "fine"
where = "item"
text = "^Note"
ends = true
[[lines]]
level = "voce"
where = "item"
"""
    rows = ((None, "x", 1), (None, "a riportare", 1), (None, "y", 2), (None, "Note", 9), (None, "z", 3))
    assert [key for _, key, _, _ in told(kinds, *rows)] == ["x", "y"]


def test_an_expression_that_matches_nothing_leaves_a_finding_only_where_there_are_figures():
    kinds = "[[lines]]\nlevel = 'p'\nwhere = 'item'\ntext = '^P'"
    assert told(kinds, (None, "altro"), (None, "P1", 1), (None, "ancora", 5), findings=1) == [("p", "p1", "P1", "")]


def test_a_line_may_say_what_its_figures_are():
    kinds = "[[lines]]\nlevel = 'quota'\nwhere = 'item'\ntext = '^%'\nkind = 'percent'\n[[lines]]\nlevel = 'voce'\nwhere = 'item'"
    from statements.made import percent

    found = lines(kinds, (None, "% utilizzo", percent(50)), (None, "importo", 3))
    assert [line.figures["a"].value for line in found] == [50, 3]


@pytest.mark.parametrize("text", ["x" * 5000, "(((((", "\\", "{code}", "{n} {section} {", "= 1 + 1", "\u202e rovescio", "🙂 ok"])
def test_whatever_people_write_is_a_line(text):
    kinds = "[[lines]]\nlevel = 'p'\nwhere = 'item'\nkey = 'k {item}'\ntitle = '{item}'"
    [(level, _, title, _)] = told(kinds, (None, text, 1))
    assert (level, title) == ("p", " ".join(text.split()))
