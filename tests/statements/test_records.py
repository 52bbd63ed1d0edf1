"""Sheets made of blocks (`records`): a title, beneath it labels, each with its figure beside or below."""

from __future__ import annotations

import pytest

from perfxl.errors import DeclarationError
from perfxl.statements.schema import Declaration
from perfxl.toml_files import checked as checked_toml
from statements.made import book, grid, read, values

FORMS = """
id = "schede"
title = "Schede di progetto"
tab = "Risorse"
caption = '^Schede'
records = true

[columns.block]
title = "Blocco"

[columns.name]
under = true

[columns.oneri]
headings = ["ONERI", "Totale oneri*"]
kind = "amount"

[columns.ricavi]
headings = ["RICAVI"]
kind = "amount"

[[lines]]
level = "area"
text = '^AREA (?P<key>\\d)'

[[lines]]
level = "progetto"
text = '^PROGETTO (?P<key>(?P<area>\\d)\\w+)'
beneath = "area"

[[lines]]
level = "nota"
text = '^Nota'
skip = true

[[lines]]
level = "fine"
text = '^Fonte'
ends = true

[[rules]]
name = "somma dei progetti"
lines = ["area"]
columns = ["oneri", "ricavi"]
formula = "sum(children)"
decimals = 2
"""


def blocks(*rows):
    reader = read(FORMS, grid(("Schede 2022",), *rows))
    assert reader.found == [True]
    return reader


def only(reader):
    [statement] = reader.statements
    return statement


def test_figures_beside_their_labels():
    statement = only(blocks(("AREA 1",), ("PROGETTO 1A",), ("ONERI", 40), ("RICAVI", 15), ("PROGETTO 1B",), ("RICAVI", None, 7)))
    assert values(statement, "oneri") == {"1": None, "1A": 40, "1B": None}
    assert values(statement, "ricavi") == {"1": None, "1A": 15, "1B": 7}
    assert [line.parent for line in statement.lines] == ["", "1", "1"]
    assert statement.line("1B").figures["ricavi"].cell.ref.a1 == "C7"


def test_several_labels_on_a_row_each_with_its_own_figure():
    statement = only(blocks(("PROGETTO 1A",), ("ONERI", 40, "RICAVI", 15)))
    assert (values(statement, "oneri"), values(statement, "ricavi")) == ({"1A": 40}, {"1A": 15})


def test_figures_below_their_labels():
    statement = only(
        blocks(("PROGETTO 1A",), ("ONERI", "RICAVI"), (40, 15), ("PROGETTO 1B",), ("ONERI", "RICAVI"), ("€ 1.250,50", 3))
    )
    assert values(statement, "oneri") == {"1A": 40, "1B": 1250.5}
    assert values(statement, "ricavi") == {"1A": 15, "1B": 3}


def test_a_label_without_a_figure_takes_no_neighbour():
    """Neither the next label, nor the title of the block beneath."""
    statement = only(
        blocks(("PROGETTO 1A",), ("ONERI", None, "RICAVI", 15), ("PROGETTO 1B",), ("RICAVI",), ("PROGETTO 1C",), ("RICAVI", 3))
    )
    assert values(statement, "oneri") == {"1A": None, "1B": None, "1C": None}
    assert values(statement, "ricavi") == {"1A": 15, "1B": None, "1C": 3}


def test_names_stand_beside_or_below_the_title_and_before_the_figures():
    statement = only(
        blocks(
            ("PROGETTO 1A", "Borse di studio"),
            ("RICAVI", 1),
            ("PROGETTO 1B",),
            ("Eventi",),
            ("RICAVI", 2),
            ("Altro testo",),
            ("PROGETTO 1C",),
            ("RICAVI", 3),
            ("Tardi",),
        )
    )
    assert {line.key: line.text("name") for line in statement.lines} == {"1A": "Borse di studio", "1B": "Eventi", "1C": ""}
    assert [line.title for line in statement.lines] == ["1A Borse di studio", "1B Eventi", "PROGETTO 1C"]


def test_what_is_skipped_is_no_name_and_what_ends_ends():
    reader = blocks(
        ("PROGETTO 1A",),
        ("Nota: provvisorio",),
        ("Eventi",),
        ("RICAVI", 1),
        ("Fonte: bilancio",),
        ("PROGETTO 1B",),
        ("RICAVI", 2),
    )
    assert [(line.key, line.text("name")) for line in only(reader).lines] == [("1A", "Eventi")]
    assert reader.findings == []


def test_the_caption_may_be_the_first_block():
    text = FORMS.replace("caption = '^Schede'", "caption = '^AREA'")
    statements = read(
        text, grid(("AREA 1",), ("PROGETTO 1A",), ("ONERI", 5), ("AREA 2",), ("PROGETTO 2A",), ("ONERI", 6))
    ).statements
    assert [[line.key for line in each.lines] for each in statements] == [["1", "1A"], ["2", "2A"]]


def test_a_number_that_no_label_explains_is_told():
    reader = blocks(("PROGETTO 1A",), ("ONERI", 40, 41), ("ALTRI COSTI", 99))
    assert [(found.code, found.cell) for found in reader.findings] == [("PX-C010", "C3"), ("PX-C010", "B4")]
    assert values(only(reader), "oneri") == {"1A": 40}


def test_blocks_roll_up_like_any_line():
    computed = book(
        FORMS, grid(("Schede",), ("AREA 1",), ("ONERI", 50), ("PROGETTO 1A",), ("ONERI", 40), ("PROGETTO 1B",), ("ONERI", 7))
    )
    [statement] = computed.statements
    assert values(statement, "oneri") == {"1": 47, "1A": 40, "1B": 7}
    assert statement.line("1").figures["oneri"].typed == 50


def test_records_need_a_caption():
    with pytest.raises(DeclarationError, match="caption"):
        checked_toml(FORMS.replace("caption = '^Schede'\n", ""), "prova.toml", Declaration)
