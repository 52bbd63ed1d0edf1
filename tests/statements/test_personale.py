"""People, processes, gender, enterprises: every printed total, share and repeated fact (Massa-Carrara 2019, Lucca 2017)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict
from perfxl.statements.findings import statement_findings
from statements.filled import processes
from statements.printed import book_of, counted, not_following, table, tables

STAFF = "massacarrara-2019-allegati/Personale_2019.xlsx"
CONTEXT = "massacarrara-2019-allegati/Contesto_2019.xlsx"
PROCESSES = "lucca-2017-relazione/Processi_e_genere_2017.xlsx"


@pytest.fixture(scope="module")
def book(workbooks):
    return book_of(workbooks / STAFF, workbooks / CONTEXT, workbooks / PROCESSES)


def test_every_printed_figure_is_read(book, golden):
    """The 177 figures of Massa-Carrara's tables of people, enterprises and shares in companies."""
    rows = golden("massacarrara-2019/stats")
    printed = Counter((row["table"], row["row"], row["column"], Fraction(Decimal(row["value"]))) for row in rows if _number(row))
    read = Counter()
    for statement in book.statements:
        if statement.id.startswith(("gender", "processes")):
            continue
        first = statement.fields[0]
        name = "Partecipazioni" if statement.id == "context_holdings" else first.heading
        for line in statement.lines:
            title = line.text("company") or line.title
            for field in statement.fields:
                figure = line.figures[field.key]
                if figure.typed is not None:
                    read[name, title, field.heading, figure.typed] += 1
    assert printed - read == Counter()
    assert sum(printed.values()) == 177


def _number(row):
    try:
        Decimal(row["value"])
    except ArithmeticError:
        return False
    return True


def test_what_does_not_follow(book):
    """Sesso 2016: 23 + 19 make 42, printed 39 (line 538). Registered enterprises 2014: 27.147 (248), 27.241 by sector (258)."""
    found = not_following(book)
    assert {(place[0], place[1]): values for place, values in found.items()} == {
        ("staff_years", "TOTALE.y2016"): (39, Decimal(42), Verdict.DIFFERS),
        ("context_registered", "REGISTRATE.y2014"): (27147, Decimal(27241), Verdict.DIFFERS),
    }
    assert sorted(f.code for f in statement_findings(book)) == ["PX-C001", "PX-C001"]


def test_how_many_figures_are_checked(book):
    """18 totals of people, 5 shares and their sum, 6 totals by sector, 6 repeated, 9 of the employed (one within the roundings)."""
    assert counted(book) == {
        "staff_years": {Verdict.AGREES: 17, Verdict.DIFFERS: 1},
        "staff_functions": {Verdict.AGREES: 6},
        "context_sectors": {Verdict.AGREES: 6},
        "context_registered": {Verdict.AGREES: 5, Verdict.DIFFERS: 1},
        "gender_employed": {Verdict.AGREES: 8, Verdict.WITHIN: 1},
    }


def test_the_wrong_total_is_that_of_gender(book):
    [statement] = {figure.line.statement for figure in _differing(book, "staff_years")}
    assert statement.fields[0].heading == "Sesso"
    assert statement.line("TOTALE").figures["y2016"].value == 42
    others = {each.line("TOTALE").figures["y2016"].value for each in tables(book, "staff_years") if each is not statement}
    assert others == {39}


def _differing(book, name):
    return [f for each in tables(book, name) for f in each.figures if f.rule and f.typed is not None and f.typed != f.value]


def test_gender_tables(book, golden):
    facts = {row["id"]: Fraction(row["value"]) for row in golden("lucca-2017/context_facts") if row["id"][:4] in ("CONS", "OCC-")}
    [council] = table(book, "gender_council").lines
    for year in (2016, 2015):
        men, women = (facts[f"CONS-{year}-{who}"] for who in "UD")
        values = {key: council.figures[f"{key}_{year}"].value for key in ("men", "women", "total", "share")}
        assert values == {"men": men, "women": women, "total": men + women, "share": 100 * women / (men + women)}
    compared = 0
    for line, code in zip(table(book, "gender_employed").lines, ("LU", "TO", "IT"), strict=True):
        for year in (2015, 2016, 2017):
            women, men, total = (facts[f"OCC-{code}-{year}-{sex}"] for sex in "FMT")
            values = {key: line.figures[f"{key}_{year}"].value for key in ("women", "men", "total", "share")}
            assert values == {"women": women, "men": men, "total": total, "share": 100 * women / total}
            compared += 1
    assert compared == 9


def test_tuscany_2017_is_within_its_roundings(book):
    """718 + 865 thousands make 1.583, printed 1.582 (line 673): each is rounded by itself, no error."""
    toscana = table(book, "gender_employed").line("toscana")
    assert [toscana.figures[f"{key}_2017"].typed for key in ("women", "men", "total")] == [718, 865, 1582]


def test_processes_and_users(book, golden):
    rows = golden("lucca-2017/services_matrix")
    users = ("Imprese", "Associazioni di categoria", "Consumatori /Cittadini")
    primary = [row for row in rows if row["process_type"] == "primario"]
    statement = table(book, "processes_users")
    served = {line.title: line.figures["served"].value for line in statement.lines if line.level == "utente"}
    assert served == {user: sum(row[user] == "1" for row in primary) for user in users}
    by_process = [figure.value for figure in statement.line("SERVITI").figures.values() if figure.field.series]
    assert by_process == [sum(row[user] == "1" for user in users) for row in primary]
    support = [line.title for line in statement.lines if line.level == "supporto"]
    assert support == [row["process"] for row in rows if row["process_type"] == "supporto"]


def test_people_and_cost_by_process(workbooks, tmp_path):
    rows = {
        "Anagrafico-certificativo": (12.5, 30, 500_000),
        "Giustizia alternativa": (2.5, 10, 100_000),
        "Comunicazione": (5, 5, 0),
    }
    reader = Reader()
    for grid in read_grids(processes(workbooks, tmp_path, rows))[0]:
        reader.take(grid)
    statement = table(Book(reader.statements), "staff_processes")
    for name, (fte, share, cost) in rows.items():
        figures = next(line for line in statement.lines if line.title == name).figures
        pct = Fraction(str(fte)) * 100 / 20
        assert (figures["pct_fte"].value, figures["diff_pct"].value) == (pct, pct - share)
        assert figures["pct_cost"].value == Fraction(100 * cost, 600_000)
    assert [statement.line("TOTALE").figures[key].value for key in ("fte", "cost")] == [20, 600_000]
