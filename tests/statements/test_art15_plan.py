"""Projects of art. 15 c. 5, the plan of 2015: every printed product, result and total against what it follows from.

Source: *Progetto di miglioramento dei servizi offerti per l'anno 2015*, Lucca; lines are those of the golden tables.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks, weight_checks
from perfxl.statements.findings import statement_findings

PLAN = "art15-2015/Progetti_miglioramento_2015.xlsx"
PROJECTS = [str(number) for number in range(1, 10)]
AGREES, OTHERWISE, DIFFERS, FOLLOWS = Verdict.AGREES, Verdict.OTHERWISE, Verdict.DIFFERS, Verdict.FOLLOWS

# What the document prints and doesn't follow, by line of the document, and why.
WRONG = {
    ("staff", "189", "product"): ("34.20", "3420.00", DIFFERS),  # 17,10 × 200: the thousands' point printed as a comma
    ("staff", "191", "product"): ("1178", "1178.50", OTHERWISE),  # 23,57 × 50, cut to the euro (line 195 prints 1178,50)
    ("staff", "409", "product"): ("1322.30", "1322.25", OTHERWISE),  # 17,63 × 75, rounded to 1.322,3; its result is of 1.322,25
    ("projects", "245", "printed_total"): ("3867.46", "8361.21", DIFFERS),  # leaves out the first five lines: 4.493,75
    ("projects", "166", "announced_total"): ("3867.46", "8361.21", FOLLOWS),  # the same wrong total, in the text
}


def book_of(path) -> tuple[Book, Reader]:
    reader = Reader()
    grids, problems = read_grids(path)
    assert problems == []
    taken = [reader.take(grid) for grid in grids]
    assert all(taken), "un foglio non è stato letto"
    return Book(reader.statements), reader


@pytest.fixture(scope="module")
def read(workbooks):
    return book_of(workbooks / PLAN)


@pytest.fixture(scope="module")
def book(read):
    return read[0]


def table(book, name):
    (found,) = [each for each in book.statements if each.id == f"art15_{name}"]
    return found


def staff_of(book, golden):
    """(row of the golden table, line of the statement), in document order: they must be as many."""
    lines = [line for line in table(book, "staff").lines if line.level == "voce"]
    return list(zip(golden("art15-2015/staff"), lines, strict=True))


def test_everything_is_read_and_nothing_is_left_over(read, golden):
    book, reader = read
    assert reader.findings == []
    levels = {each.id: [line.level for line in each.lines] for each in book.statements}
    assert levels["art15_projects"] == ["progetto"] * 9 + ["totale"]
    assert levels["art15_staff"].count("voce") == len(golden("art15-2015/staff")) == 50
    assert levels["art15_staff"].count("totale") == 9
    assert levels["art15_conditions"].count("condizione") == 63
    assert levels["art15_announced"] == ["importo"] * 7
    assert levels["art15_indicators"].count("indicatore") == len(golden("art15-2015/indicators")) == 33


def test_typed_figures_are_those_of_the_document(book, golden):
    compared = 0
    columns = {
        "hourly_cost": "hourly_cost",
        "hours": "hours",
        "product_printed": "product",
        "pct": "pct",
        "result_printed": "result",
    }
    for row, line in staff_of(book, golden):
        assert line.key.startswith(f"P{row['project']} {row['category']}")
        for name, column in columns.items():
            assert line.figures[column].typed == Fraction(row[name]), (row["source_line"], column)
            compared += 1
    assert compared == 250


def test_products_and_results_follow_from_cost_hours_and_percent(book, golden):
    """The factors multiplied here, apart from the machine."""
    for row, line in staff_of(book, golden):
        product = Decimal(row["hourly_cost"]) * Decimal(row["hours"])
        assert line.figures["product"].value == Fraction(product)
        assert line.figures["result"].value == Fraction(product * Decimal(row["pct"]) / 100)


def found(check) -> tuple[str, str, Verdict]:
    return str(check.printed), str(check.exact), check.verdict


def as_printed(wrong) -> tuple[str, str, Verdict]:
    printed, computed, verdict = wrong
    return str(Fraction(printed)), str(Fraction(computed)), verdict


def test_exactly_five_printed_figures_do_not_follow(book, golden):
    places = {id(line): ("staff", row["source_line"]) for row, line in staff_of(book, golden)}
    projects = {f"P{row['n']}": row for row in golden("art15-2015/projects")}
    places |= {
        id(line): ("projects", projects[line.parent]["total_line"])
        for line in table(book, "staff").lines
        if line.level == "totale"
    }
    places |= {id(line): ("projects", projects[line.key]["announced_line"]) for line in table(book, "announced").lines}
    made = list(checks(book))
    names = {"result": "printed_total", "amount": "announced_total"}
    wrong = {}
    for check in made:
        if check.verdict is AGREES:
            continue
        kind, source_line = places[id(check.figure.line)]
        column = check.figure.field.key
        wrong[kind, source_line, names[column] if kind == "projects" else column] = found(check)
    assert wrong == {place: as_printed(expected) for place, expected in WRONG.items()}
    # 50 products, 50 results, 9 printed and 7 announced totals
    assert len(made) == 116
    assert sum(check.verdict is AGREES for check in made) == 111
    assert {check.convention for check in made} == {"arrotondamento a 2 decimali"}


def test_the_wrong_total_is_the_sum_of_all_lines_but_the_first_five(book, golden):
    """Why 3.867,46: an arithmetic of the document's own figures."""
    results = [Decimal(row["result_printed"]) for row in golden("art15-2015/staff") if row["project"] == "2"]
    assert sum(results[5:]) == Decimal("3867.46")
    assert table(book, "staff").line("totale P2").figures["result"].value == Fraction(sum(results))


def test_totals_of_projects_and_of_the_plan(book, golden):
    summary = table(book, "projects")
    expected = Decimal(0)
    for row in golden("art15-2015/projects"):
        own = [each for each in golden("art15-2015/staff") if each["project"] == row["n"]]
        total = sum(Decimal(each["result_printed"]) for each in own)
        line = summary.line(f"P{row['n']}")
        assert line.figures["total"].value == Fraction(total)
        assert line.figures["hours"].value == sum(int(each["hours"]) for each in own)
        announced = row["announced_total"]
        assert line.figures["announced"].value == (Fraction(announced) if announced else None)
        expected += total
    assert summary.line("TOTALE").figures["total"].value == Fraction(expected) == Fraction("41962.65")
    assert summary.line("TOTALE").figures["hours"].value == 10965


def test_all_projects_meet_the_seven_conditions(book, golden):
    for row in golden("art15-2015/conditions"):
        ticked = sum(row[f"condition_{number}"] == "yes" for number in range(1, 8))
        assert table(book, "projects").line(f"P{row['project']}").figures["conditions"].value == ticked == 7
    made = list(weight_checks(book))
    assert [(check.total, check.agrees) for check in made] == [(7, True)] * 9


@pytest.fixture
def changed(workbooks, tmp_path):
    """`changed(sheet, cell, value)`: the plan with one cell changed, read again."""

    def book(sheet, cell, value):
        workbook = load_workbook(workbooks / PLAN)
        workbook[sheet][cell] = value
        workbook.save(tmp_path / "piano.xlsx")
        return book_of(tmp_path / "piano.xlsx")[0]

    return book


@pytest.mark.parametrize("value", [None, "No"])
def test_a_condition_that_is_not_met_is_counted_and_told(changed, value):
    book = changed("Progetto 3", "F21", value)
    assert table(book, "projects").line("P3").figures["conditions"].value == 6
    (told,) = [each for each in statement_findings(book) if each.code == "PX-C003"]
    assert "condizioni soddisfatte di «3. Implementazione" in told.found
    assert "6 invece di 7" in told.found
    assert told.sheet == "Progetto 3"


def test_more_hours_move_product_result_total_and_plan(changed, book):
    more = changed("Progetto 5", "C11", 110)  # D3: 100 hours at 20,30, 20 %: ten hours more are 40,60 €
    difference = Fraction("40.60")
    for name, line, column in (("staff", "totale P5", "result"), ("projects", "P5", "total"), ("projects", "TOTALE", "total")):
        before, after = (table(each, name).line(line).figures[column].value for each in (book, more))
        assert after - before == difference, name
    assert not_agreeing(more) - not_agreeing(book) == {"P5 D3.product", "P5 D3.result", "totale P5.result", "P5.amount"}


def not_agreeing(book) -> set[str]:
    return {check.figure.name for check in checks(book) if check.verdict is not AGREES}


@pytest.mark.parametrize(("typed", "number_format"), [(30, "0"), (0.30, "0%"), ("30%", "@"), ("30", "@")])
def test_the_percent_is_read_in_every_form(changed, workbooks, tmp_path, typed, number_format):
    workbook = load_workbook(workbooks / PLAN)
    workbook["Progetto 8"]["E12"].value, workbook["Progetto 8"]["E12"].number_format = typed, number_format
    workbook.save(tmp_path / "percentuale.xlsx")
    book, _ = book_of(tmp_path / "percentuale.xlsx")
    assert table(book, "staff").line("P8 D5").figures["result"].value == Fraction("2318.40")  # 22,08 × 350 × 30 %
