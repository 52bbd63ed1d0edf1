"""Benchmark Pareto: Massa-Carrara's 44 indicators against three means (Piano 2019, lines 265-310)."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import CellKind
from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict
from perfxl.statements.labels import label_of
from perfxl.statements.schema import Declaration
from statements.printed import counted, not_following, table

FILE = "massacarrara-2019-allegati/Pareto_2019.xlsx"
MEANS = {"region": "mean_tuscany", "nation": "mean_national", "cluster": "mean_cluster"}
DECLARED = {  # the two whose own words say that more is better
    "Grado di rispetto dello standard di 30 giorni per il pagamento delle fatture passive",
    "Rispetto dei tempi di evasione (5 giorni) delle pratiche Registro Imprese",
}


def book_with(workbooks, change=None, own=()):
    reader = Reader(own)
    grids, problems = read_grids(workbooks / FILE)
    assert problems == []
    for grid in grids:
        if change is not None:
            change(grid)
        assert reader.take(grid)
    assert reader.findings == []
    return Book(reader.statements)


@pytest.fixture(scope="module")
def book(workbooks):
    return book_with(workbooks)


def exact(text):
    return Fraction(Decimal(text))


def sign(value):
    return (value > 0) - (value < 0)


def test_every_figure_and_difference_follows_from_the_golden_table(book, golden):
    rows = golden("massacarrara-2019/pareto")
    lines = table(book, "pareto").lines
    assert len(rows) == len(lines) == 44
    compared = 0
    for row, line in zip(rows, lines, strict=True):
        figures = line.figures
        own = exact(row["value_cc_ms"])
        assert (line.text("kind"), line.title) == (row["type"], row["description"])
        assert figures["own"].typed == own
        for key, column in MEANS.items():
            mean = exact(row[column])
            assert figures[key].typed == mean
            assert figures[f"diff_{key}"].value == own - mean
            assert figures[f"pct_{key}"].value == 100 * (own - mean) / mean
            compared += 2
    assert compared == 264


def test_positions_are_told_and_favourable_only_where_the_direction_is_declared(book, golden):
    statement = table(book, "pareto")
    labels = {label.column.removeprefix("pos_"): label for label in statement.declaration.labels}
    words = {1: "▲ sopra", 0: "= pari", -1: "▼ sotto"}
    judged = 0
    for row, line in zip(golden("massacarrara-2019/pareto"), statement.lines, strict=True):
        for key, column in MEANS.items():
            side = sign(exact(row["value_cc_ms"]) - exact(row[column]))
            expected = words[side]
            if row["description"] in DECLARED:
                judged += 1
                expected += ", favorevole" if side > 0 else ", sfavorevole"
            assert label_of(book, labels[key], line) == expected
        assert line.text("way") == ("crescente" if row["description"] in DECLARED else "non dichiarato")
    assert judged == 6


def typed_way(text):
    """A column *Verso*, filled in for the mean time of payment of invoices."""

    def change(grid):
        head = next(row for row in grid.rows if grid.text(row, 2) == "Descrizione")
        grid.rows[head][8] = (CellKind.TEXT, "Verso", "General", False)
        row = next(row for row in grid.rows if grid.text(row, 2) == "Tempo medio di pagamento delle fatture passive")
        grid.rows[row][8] = (CellKind.TEXT, text, "General", False)

    return change


@pytest.mark.parametrize(
    ("text", "expected"),
    [("decrescente", "▲ sopra, sfavorevole"), ("Crescente", "▲ sopra, favorevole"), ("boh", "▲ sopra"), ("", "▲ sopra")],
)
def test_the_user_declares_the_direction_in_the_sheet(workbooks, text, expected):
    book = book_with(workbooks, typed_way(text))
    statement = table(book, "pareto")
    line = statement.line("Qualità: Tempo medio di pagamento delle fatture passive")
    assert {label_of(book, label, line) for label in statement.declaration.labels} == {expected}


def test_the_user_declares_the_direction_in_a_file(workbooks, repository):
    data = tomllib.loads((repository / "perfxl/statements/declarations/pareto.toml").read_text(encoding="utf-8"))
    data["given"].insert(0, {"column": "way", "value": "decrescente", "lines": ["Qualità: Tempo medio*"]})
    book = book_with(workbooks, own=[Declaration.model_validate(data)])
    statement = table(book, "pareto")
    ways = {line.title: line.text("way") for line in statement.lines if line.text("kind") == "Qualità"}
    assert len(ways) == 3
    assert set(ways.values()) == {"decrescente"}


def test_what_follows_from_other_lines_is_checked_and_agrees(book):
    """259 invoices of 421 paid in time are 61,52 %; personnel, interventions and running costs make the current charges."""
    assert not_following(book) == {}
    assert counted(book) == {"pareto": {Verdict.AGREES: 2}}


def test_a_changed_figure_is_found(workbooks):
    def change(grid):
        row = next(row for row in grid.rows if grid.text(row, 2) == "Numero di fatture passive pagate entro 30 giorni")
        grid.rows[row][4] = (CellKind.NUMBER, Decimal(295), "#,##0.00", False)

    found = not_following(book_with(workbooks, change))
    [(place, (printed, computed, verdict))] = found.items()
    assert place[0] == "pareto"
    assert (printed, computed, verdict) == (exact("61.52"), Decimal("70.07"), Verdict.DIFFERS)
