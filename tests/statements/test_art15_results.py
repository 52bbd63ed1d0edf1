"""Projects of art. 15 c. 5 at the end of 2017: results as means of indicators, amounts paid, totals, the mean of the thirteen.

Source: Lucca, *Relazione sulla performance 2017*, allegato 2 (lines 1215-1318) and section 1 ("realizzati al 98%").
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks

PUBLISHED = "lucca-2017-relazione/Progetti_art15_2017_pubblicato.xlsx"
OFFICE = "lucca-2017/Progetti_art15_2017.xlsx"
SHEET = "Art. 15 c. 5"


def book_of(path) -> tuple[Book, Reader]:
    reader = Reader()
    grids, problems = read_grids(path)
    assert problems == []
    taken = [reader.take(grid) for grid in grids]
    assert taken[0]
    return Book(reader.statements), reader


@pytest.fixture(scope="module")
def published(workbooks):
    return book_of(workbooks / PUBLISHED)


@pytest.fixture(scope="module")
def office(workbooks):
    return book_of(workbooks / OFFICE)


def table(book):
    (found,) = [each for each in book.statements if each.id == "art15_results"]
    return found


def projects_of(golden):
    return golden("lucca-2017/art15")[:-1]


def measured(golden, number):
    """The results of a project's indicators as the document prints them, N.C. left out."""
    texts = [row["result_text"] for row in golden("lucca-2017/art15_indicators") if row["n"] == number]
    return [Decimal(text.rstrip("%")) for text in texts if text != "N.C."]


def test_everything_is_read_and_nothing_is_left_over(published, golden):
    book, reader = published
    assert reader.findings == []
    levels = [line.level for line in table(book).lines]
    assert levels.count("progetto") == len(projects_of(golden)) == 13
    assert levels.count("indicatore") == len(golden("lucca-2017/art15_indicators")) == 68
    assert levels.count("totale") == 2
    titles = [line.title for line in table(book).lines if line.level == "gruppo"]
    groups = {}
    for row in golden("lucca-2017/art15_indicators"):
        groups.setdefault((row["n"], row["group"]), None)
    assert titles == [group for _, group in groups if group]


def test_indicators_stand_beneath_their_project_with_their_results_and_flags(published, golden):
    lines = [line for line in table(published[0]).lines if line.level == "indicatore"]
    for row, line in zip(golden("lucca-2017/art15_indicators"), lines, strict=True):
        assert line.title == " ".join(row["text"].split())
        assert line.parent == f"progetto {row['n']}"
        assert line.text("flag") == row["rpp_flag"]
        text = row["result_text"]
        assert line.figures["result"].value == (None if text == "N.C." else Fraction(text.rstrip("%"))), row["source_line"]


def test_every_printed_figure_follows(published):
    """13 results, 13 amounts paid, 2 totals, and the 98 % of the text: no figure of the document is wrong."""
    made = list(checks(published[0]))
    assert [check.figure.name for check in made if check.verdict is not Verdict.AGREES] == []
    assert len(made) == 29


def test_printed_results_and_amounts_are_those_of_the_document(published, golden):
    for row in projects_of(golden):
        line = table(published[0]).line(f"progetto {row['n']}")
        assert line.figures["result"].typed == Fraction(row["final_result"])
        assert line.figures["planned"].typed == Fraction(row["resources_planned"])
        assert line.figures["paid"].typed == Fraction(row["resources_paid"])
        assert line.figures["measured"].value == len(measured(golden, row["n"]))
    assert table(published[0]).line("TOTALE_PREVISTO").figures["planned"].typed == Fraction("141808.32")
    assert table(published[0]).line("TOTALE_EROGATO").figures["paid"].typed == Fraction("141165.75")


def test_the_mean_of_the_thirteen_is_the_98_of_the_text(published, golden):
    results = [Decimal(row["final_result"]) for row in projects_of(golden)]
    assert sum(results) / 13 == 98
    book, _ = published
    (realised,) = [each for each in book.statements if each.id == "art15_realised"]
    (line,) = realised.lines
    assert line.figures["value"].typed == line.figures["value"].value == 98
    assert table(book).line("TOTALE_PREVISTO").figures["result"].value == 98


def test_the_office_s_sheet_is_filled_in_by_the_rules(office, golden):
    """Results and amounts are blank there: what is computed must be what was published."""
    book, reader = office
    assert reader.findings == []
    paid = Decimal(0)
    for row in projects_of(golden):
        figures = table(book).line(f"progetto {row['n']}").figures
        assert figures["result"].typed is None
        assert figures["paid"].typed is None
        mean = sum(measured(golden, row["n"])) / len(measured(golden, row["n"]))
        assert figures["result"].value == Fraction(mean) == Fraction(row["final_result"])
        amount = (Decimal(row["resources_planned"]) * mean / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert figures["paid"].value == Fraction(amount) == Fraction(row["resources_paid"])
        paid += amount
    assert table(book).line("TOTALE_PREVISTO").figures["planned"].value == Fraction("141808.32")
    assert table(book).line("TOTALE_PREVISTO").figures["result"].value == 98
    assert paid == Decimal("141165.75")


@pytest.fixture
def changed(workbooks, tmp_path):
    """`changed(cell, value, number_format)`: the published workbook with one cell changed, read again."""

    def book(cell, value, number_format="General"):
        workbook = load_workbook(workbooks / PUBLISHED)
        workbook[SHEET][cell].value, workbook[SHEET][cell].number_format = value, number_format
        workbook.save(tmp_path / "progetti.xlsx")
        return book_of(tmp_path / "progetti.xlsx")[0]

    return book


@pytest.mark.parametrize(
    ("value", "number_format", "result"),
    [
        (0.5, "0%", "50"),
        (0.5, "0.00%", "50"),
        (50, "0", "50"),
        (50, "General", "50"),
        ("50%", "@", "50"),
        ("50 %", "General", "50"),
        (0.5, "General", "0.5"),  # half a percent: nothing says that it would be a hundred times as much
        (0, "0%", "0"),
    ],
)
def test_units_of_a_result(changed, value, number_format, result):
    """The number format or the % sign tells; a bare number is in percent already."""
    book = changed("D3", value, number_format)  # the only indicator of project 1
    first = table(book).line("progetto 1").figures
    assert first["result"].value == Fraction(result)
    amount = (Decimal("2471.41") * Decimal(result) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert first["paid"].value == Fraction(amount)


@pytest.mark.parametrize("value", [None, "N.C.", "n.c.", "n.d."])
def test_a_project_with_nothing_measured_pays_nothing_that_could_be_said(changed, value):
    book = changed("D3", value)
    first = table(book).line("progetto 1").figures
    assert first["result"].value == 74  # typed: it stays, and can't be checked
    assert first["result"].reason == "nessun valore tra quelli da mediare"
    assert [c.verdict for c in checks(book) if c.figure is first["result"]] == [Verdict.UNCHECKED]


def test_a_lower_indicator_moves_result_amount_totals_and_mean(changed, published):
    book = changed("D39", 40, "0")  # the first of the three indicators of project 5: the mean is 80
    five = table(book).line("progetto 5").figures
    assert five["result"].value == 80
    assert five["paid"].value == Fraction("6068.06")  # 7.585,07 × 80 % = 6.068,056
    before = table(published[0]).line("TOTALE_EROGATO").figures["paid"].value
    assert table(book).line("TOTALE_EROGATO").figures["paid"].value == before - Fraction("1517.01")
    assert table(book).line("TOTALE_PREVISTO").figures["result"].value == Fraction(1254, 13)
    wrong = {check.figure.name for check in checks(book) if check.verdict is not Verdict.AGREES}
    assert wrong == {
        "progetto 5.result",
        "progetto 5.paid",
        "TOTALE_EROGATO.paid",
        "progetti_obiettivi_del_piano_di_miglioramento_dei_servizi_of.value",
    }
