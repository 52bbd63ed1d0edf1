"""What a name in a formula stands for, in the same table and in others."""

from __future__ import annotations

import pytest

from perfxl.algorithms import parse
from perfxl.statements import Book
from statements.made import grid, read

TABLE = """
id = "{id}"
title = "T"
tab = "T"
columns.code = {{ headings = ["{heading}"], need = "essential" }}
columns.area = {{ headings = ["Area"] }}
columns.a = {{ headings = ["A"], kind = "amount" }}
columns.b = {{ headings = ["B"], kind = "amount" }}
lines = [
  {{ level = "totale", text = '^(?P<key>TOT\\w*)' }},
  {{ level = "gruppo", text = '^(?P<key>G\\d)$' }},
  {{ level = "voce", text = '^(?P<key>(?P<parent>G\\d)\\.\\w+)' }},
  {{ level = "nota", section = true }},
]
"""
ROWS = (
    ("Progetto", "Area", "A", "B"),
    ("G1", "Z", 100, 1),
    ("G1.x", "X", 10, 2),
    ("G1.y", "Y", 20, 3),
    ("nota", None, 99, None),
    ("G2", "Z", 200, 4),
    ("G2.z", "X", 30, None),
    ("TOT", None, 300, 5),
)
OTHER = (("Scheda", "Area", "A", "B"), ("G1.x", "G1", 7, 1), ("G2.z", "g2", 8, 2), ("TOT", "G1", 9, 3))


@pytest.fixture(scope="module")
def book():
    declarations = [TABLE.format(id="t", heading="Progetto"), TABLE.format(id="other", heading="Scheda")]
    return Book(read(declarations, grid(*ROWS), grid(*OTHER, name="Foglio2")).statements)


def found(book, formula, line, column="a", table="t"):
    statement = next(each for each in book.statements if each.id == table)
    figure = statement.line(line).figures[column]
    return [each.name for each in book.names.find(parse(formula), figure)]


@pytest.mark.parametrize(
    ("formula", "line", "names"),
    [
        ("b", "G1", ["G1.b"]),  # a column of the same line
        ("TOT", "G1", ["TOT.a"]),  # a line in the same column
        ("tot", "G1", ["TOT.a"]),
        ("TOT.b", "G1", ["TOT.b"]),
        ('"G1.x".b', "TOT", ["G1.x.b"]),
        ("children", "G1", ["G1.x.a", "G1.y.a"]),
        ("children.b", "G2", ["G2.z.b"]),
        ("children", "G1.x", []),
        ("parent", "G1.x", ["G1.a"]),
        ("parent.b", "G1.x", ["G1.b"]),
        ("parent", "G1", []),
        ("voce", "TOT", ["G1.x.a", "G1.y.a", "G2.z.a"]),  # all the lines of a level
        ("gruppo.b", "TOT", ["G1.b", "G2.b"]),
        ("voce[parent]", "G1", ["G1.x.a", "G1.y.a"]),
        ("a[parent]", "G2", ["G2.z.a"]),
        ("voce.b[area]", "G1", []),
        ("nothing", "G1", []),
        ("TOT.nothing", "G1", []),
        ("other!TOT.a", "G1", ["TOT.a"]),
        ("other!TOT", "G1", ["TOT.a"]),  # in the same column
        ("other!voce.b", "G1", ["G1.x.b", "G2.z.b"]),
        ("other!a[key]", "G1.x", ["G1.x.a"]),
        ("other!b[area]", "G1", ["G1.x.b", "TOT.b"]),
        ("other!voce.a[area]", "G2", ["G2.z.a"]),  # whatever its case
        ("other!a[area]", "G1.y", []),
        ("missing!TOT.a", "G1", []),
    ],
)
def test_a_name_stands_for(book, formula, line, names):
    assert found(book, formula, line) == names


def test_a_title_row_is_no_figure_of_another_line(book):
    statement = book.statements[0]
    note = next(line for line in statement.lines if line.is_section)
    assert note.figures["a"].typed == 99
    assert note.key not in str(found(book, "a[area]", "G1"))


def others(year, *sheets, declaration=TABLE):
    """The `other` tables that a `t` table of that year sees, by their value of `TOT.a`."""
    declarations = [declaration.format(id="t", heading="Progetto"), declaration.format(id="other", heading="Scheda")]
    grids = [grid(*ROWS, name=f"t {year or ''}", file="T.xlsx")]
    for number, (name, file) in enumerate(sheets):
        rows = [*OTHER[:-1], ("TOT", None, number, None)]
        grids.append(grid(*rows, name=name, file=file))
    book = Book(read(declarations, *grids).statements)
    figure = book.statements[0].line("G1").figures["a"]
    return [int(each.value) for each in book.names.find(parse("other!TOT.a"), figure)]


@pytest.mark.parametrize(
    ("year", "sheets", "seen"),
    [
        (2017, [("2016", "T.xlsx"), ("2017", "T.xlsx")], [1]),  # the same year
        (None, [("x", "T.xlsx"), ("x", "U.xlsx")], [0]),  # the same file
        (2017, [("2017", "U.xlsx"), ("2017", "V.xlsx")], [0, 1]),  # neither is nearer
        (2017, [("x", "U_2016.xlsx"), ("x", "U_2017.xlsx")], [1]),  # the year in a file's name
        (2017, [("x", "U_2016.xlsx")], []),
        (2017, [("2016", "U.xlsx")], []),
        (None, [("2016", "U.xlsx")], [0]),
    ],
)
def test_other_tables_are_those_of_the_same_year_and_file(year, sheets, seen):
    assert others(year, *sheets) == seen
