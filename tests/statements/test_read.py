"""Tables found in sheets that people have moved, split and retyped; each figure with its cell."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfxl.model import CellKind
from perfxl.statements.cells import as_shown, shown_decimals
from statements.made import BUDGET, error, exact, grid, money, percent, read, values

HEADER = ("Progetto", "Previsto", "Speso", "% utilizzo")
BODY = (
    ("1A01 - Borse di studio", 1000, 581, percent(58.1)),
    ("1A02 - Eventi", 500, 0, percent(0)),
    ("Totale", 1500, 581, percent("38.7")),
)
PLANNED = {"1A01": 1000, "1A02": 500, "T1": 1500}


def only(reader):
    [statement] = reader.statements
    return statement


def at(statement):
    return {each.key: each.at for each in statement.fields}


def test_the_plain_table():
    statement = only(read(BUDGET, grid(HEADER, *BODY)))
    assert (statement.id, statement.sheet, statement.file, statement.top, statement.ordinal) == (
        "budget",
        "Foglio1",
        "Prova_2017.xlsx",
        1,
        1,
    )
    assert at(statement) == {"project": 1, "planned": 2, "spent": 3, "used": 4}
    assert values(statement, "planned") == PLANNED
    assert [(line.key, line.title, line.level, line.parent, line.row) for line in statement.lines] == [
        ("1A01", "Borse di studio", "progetto", "T1", 2),
        ("1A02", "Eventi", "progetto", "T1", 3),
        ("T1", "Totale", "totale", "", 4),
    ]
    assert [figure.cell.ref.a1 for figure in statement.figures[:4]] == ["A2", "B2", "C2", "D2"]


@pytest.mark.parametrize(("top", "left"), [(1, 1), (9, 1), (1, 5), (30, 12)])
def test_a_table_may_stand_anywhere(top, left):
    statement = only(read(BUDGET, grid(HEADER, *BODY, top=top, left=left)))
    assert values(statement, "planned") == PLANNED
    assert statement.line("1A01").figures["planned"].cell.ref.row == top + 1
    assert statement.line("1A01").figures["planned"].cell.ref.column == left + 1


def test_titles_above_and_notes_below_are_no_lines():
    above = (("Relazione sulla performance 2017",), None or (), ("Budget e utilizzo",))
    reader = read(BUDGET, grid(*above, HEADER, *BODY, ("Fonte: bilancio consuntivo",)))
    assert values(only(reader), "planned") == PLANNED
    assert reader.findings == []
    assert only(reader).caption == "Budget e utilizzo"


def test_columns_in_any_order_and_columns_that_nobody_declared():
    order = (2, 0, 3, 1)
    rows = [("Note", *(row[i] for i in order)) if row is HEADER else ("x", *(row[i] for i in order)) for row in (HEADER, *BODY)]
    statement = only(read(BUDGET, grid(*rows)))
    assert at(statement) == {"spent": 2, "project": 3, "used": 4, "planned": 5}
    assert values(statement, "planned") == PLANNED


@pytest.mark.parametrize(
    ("heading", "key"),
    [("PREVISTO", "planned"), ("Budget aggiornato 2017", "planned"), ("  speso\xa0al 31/12/2017 ", "spent"), ("Spesò", "spent"), ("%  Utilizzo", "used")],
)  # fmt: skip
def test_headings_as_people_write_them(heading, key):
    header = [
        heading if name == key else text for name, text in zip(("project", "planned", "spent", "used"), HEADER, strict=True)
    ]
    assert at(only(read(BUDGET, grid(header, *BODY))))[key] is not None


def test_a_header_on_two_rows():
    rows = (("Progetto", "Budget", None, "%"), (None, "2017", "Speso", "utilizzo"))
    statement = only(read(BUDGET, grid(*rows, *BODY)))
    assert at(statement) == {"project": 1, "planned": 2, "spent": 3, "used": 4}
    assert values(statement, "planned") == PLANNED


def test_a_merged_heading_stands_above_each_of_its_columns():
    text = BUDGET.replace('headings = ["Previsto", "Budget*"]', 'headings = ["Anno 2017 previsto"]').replace(
        '["Speso*"]', '["Anno 2017 speso"]'
    )
    rows = (("Progetto", "Anno 2017", None, "% utilizzo"), (None, "previsto", "speso", None))
    statement = only(read(text, grid(*rows, *BODY, merged=[(1, 2, 1, 3)])))
    assert at(statement) == {"project": 1, "planned": 2, "spent": 3, "used": 4}


def test_a_title_right_above_the_header_takes_no_column_away():
    """The title stands in the column of an optional heading: taken with the header as one, it would hide that column."""
    header = ("% utilizzo", "Progetto", "Previsto", "Speso")
    body = [(row[3], *row[:3]) for row in BODY]
    statement = only(read(BUDGET, grid(("Utilizzo delle risorse",), header, *body)))
    assert at(statement)["used"] == 1
    assert statement.top == 2


@pytest.mark.parametrize("missing", ["Progetto", "Previsto"])
def test_without_an_essential_column_there_is_no_table(missing):
    reader = read(BUDGET, grid([None if text == missing else text for text in HEADER], *BODY))
    assert reader.statements == []
    assert reader.found == [False]


def test_an_optional_column_may_be_missing():
    statement = only(read(BUDGET, grid(HEADER[:3], *(row[:3] for row in BODY))))
    assert "used" not in at(statement)
    statement = only(
        read(BUDGET.replace('headings = ["% utilizzo"]', "headings = []"), grid(HEADER[:3], *(row[:3] for row in BODY)))
    )
    assert at(statement)["used"] is None  # no heading at all: a column that is only computed


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234,50", "1234.5"),
        ("€ 1.234,50", "1234.5"),
        ("1.234,50 €", "1234.5"),
        ("€ 1.234,50=", "1234.5"),
        ("euro 12", "12"),
        ("- 3", "-3"),
        ("−3,5", "-3.5"),
        ("-€ 3", "-3"),
        ("(1.234,50)", "-1234.5"),
        ("€ (12,00)", "-12"),
        (1234.5, "1234.5"),
        (money("1234.56"), "1234.56"),
        ("58,1%", "0.581"),
        (percent(58.1), "0.581"),
        (0, "0"),
        ("-", None),
        ("–", None),
        ("€", None),
        ("n.d.", None),
        ("N.C.", None),
        ("   ", None),
        (None, None),
    ],
)
def test_an_amount_as_people_type_it(cell, value):
    reader = read(BUDGET, grid(HEADER, ("1A01 - Borse", cell, 1, None)))
    assert values(only(reader), "planned") == {"1A01": None if value is None else exact(value)}
    assert reader.findings == []


@pytest.mark.parametrize(
    ("cell", "value"), [("58,1%", "58.1"), ("58,1", "58.1"), (percent(58.1), "58.1"), (58.1, "58.1"), (percent(100), "100")]
)
def test_a_percent_is_held_in_percent(cell, value):
    statement = only(read(BUDGET, grid(HEADER, ("1A01 - Borse", 1, 1, cell))))
    assert values(statement, "used") == {"1A01": exact(value)}


@pytest.mark.parametrize(
    ("cell", "code"),
    [(error("#DIV/0!"), "PX-R006"), ("circa mille", "PX-C011"), ("1.2.3", "PX-C011"), ("1,234.56", "PX-C011"), ((CellKind.BOOL, True, "General", False), "PX-C011")],
)  # fmt: skip
def test_a_cell_that_does_not_read_is_a_finding_and_no_figure(cell, code):
    reader = read(BUDGET, grid(HEADER, ("1A01 - Borse", cell, 1, None)))
    assert values(only(reader), "planned") == {"1A01": None}
    [found] = reader.findings
    assert (found.code, found.cell) == (code, "B2")


def test_a_row_with_figures_that_no_line_explains_is_a_finding():
    reader = read(BUDGET, grid(HEADER, BODY[0], ("Altre spese", 12, None, None), ("Altre note", None, None, None), BODY[2]))
    [found] = reader.findings
    assert (found.code, found.cell) == ("PX-C010", "A3")
    assert "Altre spese" in found.found
    assert [line.key for line in only(reader).lines] == ["1A01", "T1"]


def test_two_tables_on_a_sheet_one_beneath_the_other():
    reader = read(
        BUDGET, grid(HEADER, *BODY, ("Secondo semestre",), HEADER, ("1A01 - Borse", 7, 7, None), ("Totale", 7, 7, None))
    )
    first, second = reader.statements
    assert (first.ordinal, second.ordinal) == (1, 2)
    assert values(first, "planned") == PLANNED
    assert values(second, "planned") == {"1A01": 7, "T1": 7}
    assert second.caption == "Secondo semestre"
    assert reader.findings == []


def test_the_title_of_the_next_table_is_not_the_last_line_of_this_one():
    text = BUDGET.replace("text = '^Totale'", "last = true")
    reader = read(
        text,
        grid(HEADER, BODY[0], ("Tutti i progetti", 1500, 581), ("Secondo semestre",), HEADER, BODY[0], ("Tutti i progetti", 1)),
    )
    assert [statement.lines[-1].title for statement in reader.statements] == ["Tutti i progetti"] * 2


CAPTIONED = (
    BUDGET.replace('id = "budget"', 'id = "first"').replace('tab = "Risorse"', 'tab = "Risorse"\ncaption = "primo semestre"'),
    BUDGET.replace('id = "budget"', 'id = "second"').replace('tab = "Risorse"', 'tab = "Risorse"\ncaption = "secondo semestre"'),
)


def test_a_caption_tells_tables_with_the_same_header_apart():
    rows = (("Primo semestre",), HEADER, BODY[0], ("Secondo semestre",), HEADER, BODY[0], ("Terzo",), HEADER, BODY[0])
    assert [each.id for each in read(CAPTIONED, grid(*rows)).statements] == ["first", "second"]
    assert [each.id for each in read(CAPTIONED[:1], grid(*rows)).statements] == ["first"]


def test_a_table_is_only_on_the_sheets_that_it_says():
    text = BUDGET.replace('tab = "Risorse"', 'tab = "Risorse"\nsheets = ["^Risorse"]')
    assert read(text, grid(HEADER, *BODY)).found == [False]
    assert read(text, grid(HEADER, *BODY, name="Risorse 2017")).found == [True]


@pytest.mark.parametrize(
    ("title", "sheet", "file", "asked", "year"),
    [
        ("Budget 2016", "Foglio 2015", "Risorse_2014.xlsx", 2013, 2016),
        ("Budget", "Foglio 2015", "Risorse_2014.xlsx", 2013, 2015),
        ("Budget", "Foglio1", "Risorse_2014.xlsx", 2013, 2013),
        ("Budget", "Foglio1", "Risorse_2014.xlsx", None, None),
    ],
)
def test_the_year_of_a_table_is_the_nearest_that_is_written(title, sheet, file, asked, year):
    assert only(read(BUDGET, grid((title,), HEADER, *BODY, name=sheet, file=file), year=asked)).year == year


SERIES = """
id = "income"
title = "Conto economico"
tab = "Conto economico"
columns.item = { headings = ["Voce"], need = "essential" }
series = { headings = '^(?:Consuntivo )?(?P<year>20\\d\\d)$', kind = "amount" }
"""


def test_columns_that_repeat():
    statement = only(read(SERIES, grid(("Voce", "2015", "Consuntivo 2016", 2017, "note"), ("Proventi", 1, 2, 3, 4))))
    assert at(statement) == {"item": 1, "y2015": 2, "y2016": 3, "y2017": 4}
    assert [each.year for each in statement.repeated] == [2015, 2016, 2017]
    assert [statement.lines[0].figures[key].value for key in ("y2015", "y2016", "y2017")] == [1, 2, 3]


def test_columns_that_repeat_without_a_year():
    text = SERIES.replace("^(?:Consuntivo )?(?P<year>20\\d\\d)$", "^Area (?P<key>.+)$")
    statement = only(read(text, grid(("Voce", "Area Anagrafe", "Area Promozione Estero"), ("Proventi", 1, 2))))
    assert list(at(statement)) == ["item", "anagrafe", "promozione_estero"]


def test_without_any_repeated_column_there_is_no_table():
    assert read(SERIES, grid(("Voce", "Importo"), ("Proventi", 1))).statements == []


FILLED = """
id = "staff"
title = "Personale"
tab = "Personale"
columns.area = { headings = ["Area"], need = "essential", fill = true }
columns.office = { headings = ["Ufficio"], need = "essential" }
columns.people = { headings = ["Addetti"], kind = "integer" }
lines = [{ level = "ufficio", where = "office", parent = "{area}" }]
"""


def test_cells_merged_downwards_hold_for_the_rows_beneath():
    statement = only(read(FILLED, grid(("Area", "Ufficio", "Addetti"), ("A", "U1", 3), (None, "U2", 4), ("B", "U3", 5))))
    assert [(line.key, line.parent) for line in statement.lines] == [("u1", "A"), ("u2", "A"), ("u3", "B")]


def test_a_row_that_only_the_cell_above_fills_is_no_line():
    statement = only(read(FILLED, grid(("Area", "Ufficio", "Addetti", "Note"), ("A", "U1", 3), (None, None, None, "un appunto"))))
    assert len(statement.lines) == 1


HEADLESS = """
id = "pairs"
title = "Coppie"
tab = "Coppie"
headless = true
caption = "^Riepilogo"
columns.name = { at = 1 }
columns.amount = { at = 2, kind = "amount" }
"""


def test_a_table_without_a_header_begins_under_its_caption():
    statement = only(read(HEADLESS, grid((None, "Riepilogo finale"), (None, "Entrate", 5), (None, "Uscite", 3))))
    assert values(statement, "amount") == {"entrate": 5, "uscite": 3}


@pytest.mark.parametrize(
    ("cell", "kind", "decimals", "seen"),
    [
        (money("1234.5"), "amount", 2, "1234.5"),
        (money("1234.567"), "amount", 2, "1234.57"),
        (money("1234.565"), "amount", 2, "1234.57"),
        (money(1234, "#,##0"), "amount", 0, "1234"),
        (money("1.5", '#,##0.00 "€ 0.000"'), "amount", 2, "1.5"),
        (money("1.5", "[$€-410] #,##0.0;[Red]-0.000"), "amount", 1, "1.5"),
        (money("1.234567", "0.00##"), "number", 4, "1.2346"),
        (money("1.2", "0.00##"), "number", 2, "1.2"),
        (1.25, "number", 2, "1.25"),
        (7, "number", 0, "7"),
        (percent("58.123"), "percent", 1, "58.1"),
        (percent("58.123", "0.00%"), "percent", 2, "58.12"),
        (percent(58, "0%"), "percent", 0, "58"),
        (percent("58.1"), "number", 3, "0.581"),
        ("98,50", "number", 2, "98.5"),
        ("98,50 %", "percent", 2, "98.5"),
        ("1.234", "amount", 0, "1234"),
    ],
)
def test_what_a_reader_sees_of_a_figure(cell, kind, decimals, seen):
    text = BUDGET.replace(
        '[columns.planned]\nheadings = ["Previsto", "Budget*"]\nkind = "amount"',
        f'[columns.planned]\nheadings = ["Previsto"]\nkind = "{kind}"',
    )
    figure = only(read(text, grid(HEADER, ("1A01 - Borse", cell, 1, None)))).lines[0].figures["planned"]
    assert shown_decimals(figure.cell, figure.typed, kind) == decimals
    assert as_shown(figure.cell, figure.typed, kind) == (exact(seen), decimals)


def test_nothing_in_an_empty_sheet():
    assert read(BUDGET, grid()).found == [False]


def test_a_thousand_lines_are_read_in_their_order():
    rows = [(f"1A{n:04} - Progetto {n}", n, n, None) for n in range(1000)]
    statement = only(read(BUDGET, grid(HEADER, *rows, ("Totale", sum(range(1000)), 0, None))))
    assert [line.figures["planned"].value for line in statement.lines[:-1]] == [Fraction(n) for n in range(1000)]
    assert {line.parent for line in statement.lines[:-1]} == {"T1"}
