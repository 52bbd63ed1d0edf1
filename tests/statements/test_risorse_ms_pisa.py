"""Resources of Massa-Carrara (2019 and 2022) and of Pisa (2022): printed amounts against what they follow from.

Source: Piano della performance 2019 of Massa-Carrara, section 7.2 and Allegato 1 (golden `resources`, `tree`); Relazione
Previsionale e Programmatica 2022 of Toscana Nord-Ovest (golden `ms_interventi`, `pisa_programmes`, `pisa_maggiorazione`).
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks, weight_checks
from perfxl.statements.findings import statement_findings
from statements.made import book as made_book
from statements.made import grid, read, values

PLAN_2019 = "massacarrara-2019-allegati/Risorse_2019.xlsx"
PROMOTION_2022 = "tno-2022/massacarrara/Risorse_2022.xlsx"
PISA_2022 = "tno-2022/pisa/Programmi_e_risorse_2022.xlsx"
AGREES, FOLLOWS, DIFFERS = Verdict.AGREES, Verdict.FOLLOWS, Verdict.DIFFERS


def book_of(path, *, left_alone=()) -> Book:
    reader = Reader()
    for each in read_grids(path)[0]:
        assert reader.take(each) is (each.name not in left_alone), each.name
    assert reader.findings == []
    return Book(reader.statements)


def table(book, name):
    (found,) = [each for each in book.statements if each.id == name]
    return found


def value(book, name, line, column):
    return table(book, name).line(line).figures[column].value


def counted(book):
    """How many checks of each table came out how."""
    return Counter((check.figure.line.statement.id, check.verdict) for check in checks(book))


def wrong(book):
    """The printed figures that don't follow: (table, line, column) → (printed, computed, verdict) for each rule that says so."""
    found = {}
    for check in checks(book):
        if check.verdict is not AGREES:
            figure = check.figure
            place = figure.line.statement.id, figure.line.title[:40], figure.field.key
            found.setdefault(place, set()).add((check.printed, check.exact, check.verdict))
    return found


def money(text):
    return Fraction(text)


# -- Massa-Carrara 2019 ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan(workbooks):
    return book_of(workbooks / PLAN_2019)


def test_section_7_2_is_read_as_printed(plan, golden):
    body, *rows = golden("massacarrara-2019/resources")
    columns = {"obiettivo_strategico": "strategic_amount", "obiettivo_operativo": "amount"}
    lines = [line for line in table(plan, "ms_risorse").lines if line.level in columns]
    assert len(rows) == len(lines) == 22
    for row, line in zip(rows, lines, strict=True):
        assert (line.key, line.level, line.parent) == (row["code"], row["level"], row["parent_code"])
        printed = money(row["amount_eur"]) if row["amount_eur"] else None  # the sign € alone is a blank cell
        assert line.figures[columns[row["level"]]].typed == printed, row["source_line"]
    assert table(plan, "ms_risorse_ente").line("ENTE").figures["amount"].typed == money(body["amount_eur"])


def test_allegato_1_is_read_as_printed(plan, golden):
    rows = golden("massacarrara-2019/tree")
    lines = [line for line in table(plan, "ms_budget").lines if line.level != "prospettiva"]
    assert [(line.key, line.level, line.parent) for line in lines] == [(r["code"], r["level"], r["parent_code"]) for r in rows]
    assert [line.figures["budget"].typed for line in lines] == [money(row["budget_eur"]) for row in rows]


def test_resources_roll_up_to_areas_and_body(plan, golden):
    """Added up here, apart from the machine."""
    total = dict.fromkeys(("OB1", "OB2", "OB3"), Fraction(0))
    for row in golden("massacarrara-2019/resources"):
        if row["level"] == "obiettivo_operativo" and row["amount_eur"]:
            total[f"OB{row['code'][0]}"] += money(row["amount_eur"])
    for area, amount in total.items():
        assert value(plan, "ms_risorse", area, "strategic_amount") == amount
    assert value(plan, "ms_risorse", "TOTALE", "strategic_amount") == sum(total.values()) == money("758298.24")
    assert value(plan, "ms_risorse_ente", "ENTE", "amount") == money("758298.24")
    assert value(plan, "ms_risorse", "2.2", "strategic_amount") == 0


def test_exactly_these_figures_of_2019_do_not_follow(plan):
    assert wrong(plan) == {
        # line 700: neither the sum of the objectives nor the budget of Allegato 1 (line 748)
        ("ms_risorse_ente", "ENTE", "amount"): {
            (money("698298.24"), money("758298.24"), DIFFERS),
            (money("698298.24"), money("669610.68"), DIFFERS),
        },
        # lines 717 and 720: as in Allegato 1, but not the sums of the operational objectives beside them
        ("ms_risorse", "3.1", "strategic_amount"): {(money("281810.68"), money("360148.24"), DIFFERS)},
        ("ms_risorse", "3.2", "strategic_amount"): {(money("75800"), money("86150"), DIFFERS)},
        # lines 717, 718, 719 and 722 against lines 834, 836, 838 and 857: two amounts for the same objective
        ("ms_risorse", "3.1.1", "amount"): {(money("13000"), money("12000"), DIFFERS)},
        ("ms_risorse", "3.1.2", "amount"): {(money("104500.84"), money("134500"), DIFFERS)},
        ("ms_risorse", "3.1.3", "amount"): {(money("242647.40"), money("135310.68"), DIFFERS)},
        ("ms_risorse", "3.2.3", "amount"): {(money("10350"), money("0"), DIFFERS)},
    }
    assert counted(plan) == {
        ("ms_risorse_ente", DIFFERS): 2,
        ("ms_risorse", AGREES): 14,  # 3 of 5 sums, 5 strategic and 6 of 10 operational amounts as in Allegato 1
        ("ms_risorse", DIFFERS): 6,
        ("ms_budget", AGREES): 10,  # body, 3 areas, 6 strategic objectives
    }
    assert {finding.code for finding in statement_findings(plan)} == {"PX-C001"}


def test_where_the_printed_total_may_come_from(golden):
    """698.298,24 is the sum of the operational objectives but for the 60.000 of 2.1.2: an arithmetic of printed figures."""
    rows = golden("massacarrara-2019/resources")
    amounts = {row["code"]: Decimal(row["amount_eur"] or 0) for row in rows}
    operational = sum(amounts[row["code"]] for row in rows if row["level"] == "obiettivo_operativo")
    strategic = sum(amounts[row["code"]] for row in rows if row["level"] == "obiettivo_strategico")
    assert operational - amounts["2.1.2"] == amounts["ENTE"]
    assert strategic == Decimal("669610.68")  # the body's budget in Allegato 1


def test_budget_by_perspective(plan, golden):
    expected = Counter()
    for row in golden("massacarrara-2019/tree"):
        if row["level"] == "obiettivo_operativo":
            expected[row["bsc_perspective"]] += money(row["budget_eur"])
    lines = [line for line in table(plan, "ms_budget").lines if line.level == "prospettiva"]
    assert {line.key: line.figures["budget"].value for line in lines} == dict(expected)
    assert sum(expected.values()) == value(plan, "ms_budget", "ENTE", "budget")


def test_an_amount_changed_moves_all_that_follows(workbooks, tmp_path):
    book = load_workbook(workbooks / PLAN_2019)
    book["Risorse"]["D25"] = 204500.84  # 3.1.2: 100.000 more
    book.save(tmp_path / "risorse.xlsx")
    plan = book_of(tmp_path / "risorse.xlsx")
    assert value(plan, "ms_risorse", "3.1", "strategic_amount") == money("460148.24")
    assert value(plan, "ms_risorse", "OB3", "strategic_amount") == money("546298.24")
    assert value(plan, "ms_risorse_ente", "ENTE", "amount") == money("858298.24")


# -- Massa-Carrara 2022 ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def promotion(workbooks):
    return book_of(workbooks / PROMOTION_2022)


def test_the_promotional_programme_is_read_as_printed(promotion, golden):
    rows = golden("tno-2022/ms_interventi")
    lines = [line for line in table(promotion, "ms_interventi").lines if line.level != "funzione"]
    assert [line.level for line in lines] == [row["level"] for row in rows]
    for row, line in zip(rows, lines, strict=True):
        assert line.title == row["description"]
        for column in ("forecast", "adjustment", "total"):
            printed = money(row[column]) if row[column] else None  # a dash is a blank
            assert line.figures[column].typed == printed, (row["source_line"], column)


def test_subtotals_are_those_of_the_rows_above_them(promotion, golden):
    """Added up here in document order: each subtotal closes what stands above it."""
    open_sums = {"programma": Fraction(0), "obiettivo": Fraction(0), "area": Fraction(0), "totale": Fraction(0)}
    above = {"voce": "programma", "programma": "obiettivo", "obiettivo": "area", "area": "totale"}
    lines = iter(table(promotion, "ms_interventi").lines)
    for row in golden("tno-2022/ms_interventi"):
        line = next(lines)
        amount = open_sums.get(row["level"])
        if amount is None:
            amount = money(row["forecast"] or 0)
        else:
            open_sums[row["level"]] = Fraction(0)
        if row["level"] != "totale":
            open_sums[above[row["level"]]] += amount
        assert (line.figures["forecast"].value or 0) == amount, row["source_line"]
        assert line.figures["total"].value == amount
    assert value(promotion, "ms_interventi", "TOTALE", "total") == 1059500


def test_exactly_one_objective_of_2022_does_not_follow(promotion):
    title = "Sviluppare valore nei processi interni i"
    assert wrong(promotion) == {
        # line 1945 prints the 6.000 of the objective above it (line 1942); its only programme (line 1944) has none
        ("ms_interventi", title, "forecast"): {(Fraction(6000), Fraction(0), DIFFERS)},
        ("ms_interventi", title, "total"): {(Fraction(6000), Fraction(0), DIFFERS), (Fraction(6000), Fraction(0), FOLLOWS)},
    }
    assert counted(promotion) == {
        ("ms_interventi", AGREES): 63,
        ("ms_interventi", DIFFERS): 2,
        ("ms_interventi", FOLLOWS): 1,
    }


def test_functions_add_up_to_the_programme(promotion, golden):
    expected = Counter()
    for row in golden("tno-2022/ms_interventi"):
        if row["level"] == "voce":
            expected[row["function"]] += money(row["total"] or 0)
    lines = [line for line in table(promotion, "ms_interventi").lines if line.level == "funzione"]
    assert {line.key: line.figures["total"].value for line in lines} == dict(expected)
    assert sum(expected.values()) == value(promotion, "ms_interventi", "TOTALE", "total")


# -- Pisa 2022 ---------------------------------------------------------------------------------------------------------

PARTS = {
    "interventi": "interventi_economici",
    "maggiorazione": "maggiorazione_da",
    "quote": "quote_associative",
    "oneri": "oneri_funzionamento",
    "investimenti": "investimenti",
    "altro": "non_specificato",
}


@pytest.fixture(scope="module")
def pisa(workbooks):
    return book_of(workbooks / PISA_2022, left_alone={"Priorità"})


def programmes(golden, section, level="programma"):
    return [row for row in golden("tno-2022/pisa_programmes") if (row["section"], row["level"]) == (section, level)]


def parsed(row, column):
    return sum((money(part) for part in row[column].split("+")), Fraction(0)) if row[column] else None


@pytest.mark.parametrize(("section", "name"), [("riepilogo", "pisa_programmi"), ("scheda", "pisa_schede")])
def test_resources_of_the_programmes(pisa, golden, section, name):
    rows = programmes(golden, section)
    assert len(rows) == 12
    for row in rows:
        line = table(pisa, name).line(row["code"])
        for column, printed in PARTS.items():
            assert line.figures[column].typed == parsed(row, printed), (row["source_line"], column)
        assert line.figures["total"].value == money(row["total_parsed"])


def test_programmes_add_up_to_lines_and_body(pisa, golden):
    total = Fraction(0)
    for row in programmes(golden, "riepilogo", "linea"):
        beneath = [each for each in programmes(golden, "riepilogo") if each["code"].startswith(f"{row['code']}.")]
        expected = sum(money(each["total_parsed"]) for each in beneath)
        assert value(pisa, "pisa_programmi", row["code"], "total") == expected
        total += expected
    assert value(pisa, "pisa_programmi", "TOTALE", "total") == total == 4175000
    parts = [value(pisa, "pisa_programmi", "TOTALE", column) for column in PARTS]
    assert sum(parts) == total
    # line 3036: the I.E. of line 1 hold the surcharge too
    assert value(pisa, "pisa_programmi", "1", "interventi") == 1000000
    assert value(pisa, "pisa_programmi", "1", "with_surcharge") == 1541500


def test_the_surcharge_is_twenty_percent_of_one_amount(pisa, golden):
    rows = golden("tno-2022/pisa_maggiorazione")
    lines = [line for line in table(pisa, "pisa_maggiorazione").lines if line.level == "progetto"]
    assert [line.title for line in lines] == [row["project"] for row in rows]
    for row, line in zip(rows, lines, strict=True):
        assert line.figures["pct"].typed == money(row["pct"])
        assert line.figures["amount"].typed == money(row["amount"])
        assert line.figures["base"].value == money(row["amount"]) * 100 / money(row["pct"]) == 2850000
    assert value(pisa, "pisa_maggiorazione", "TOTALE", "amount") == 570000
    (weights,) = weight_checks(pisa)
    assert (weights.total, weights.expected, weights.agrees) == (20, 20, True)


def test_surcharge_of_programmes_equals_that_of_projects(pisa):
    assert value(pisa, "pisa_programmi", "TOTALE", "maggiorazione") == 570000
    assert value(pisa, "pisa_maggiorazione", "PROGRAMMI", "amount") == 570000
    assert value(pisa, "pisa_maggiorazione", "DIFFERENZA", "amount") == 0
    assert value(pisa, "pisa_schede", "TOTALE", "maggiorazione") == 570000


def test_exactly_these_figures_of_pisa_do_not_follow(pisa):
    assert wrong(pisa) == {
        # line 3086 against lines 3092-3116
        ("pisa_programmi", "Affermare e diffondere il ruolo della Ca", "total"): {(1070000, 2165000, DIFFERS)},
        # line 3196 (250.000) against line 3048 (200.000)
        ("pisa_schede", "Programma 1.3 della CCIAA di Pisa", "total"): {(620500, 570500, DIFFERS)},
        # line 3498 adds 50.000 of oneri di funzionamento to line 3116
        ("pisa_schede", "Programma 3.9 della CCIAA di PISA", "total"): {(140000, 90000, DIFFERS)},
        # line 3076 says that the 28.500 of OCRI (line 2928) are "per turismo"
        ("pisa_maggiorazione", "Progetto Turismo", "amount"): {(85500, 114000, DIFFERS)},
        ("pisa_maggiorazione", "Progetto OCRI", "amount"): {(28500, 0, DIFFERS)},
    }
    assert counted(pisa) == {
        # I.E. with the surcharge and quote of line 1, totals of line 2 and of programme 3.7
        ("pisa_programmi", AGREES): 4,
        ("pisa_programmi", DIFFERS): 1,
        ("pisa_schede", AGREES): 14,  # 10 of 12 totals, 4 surcharges
        ("pisa_schede", DIFFERS): 2,
        ("pisa_maggiorazione", AGREES): 8,  # 5 proportions, 3 of 5 projects
        ("pisa_maggiorazione", DIFFERS): 2,
    }


def test_a_text_changed_moves_all_that_follows(workbooks, tmp_path):
    book = load_workbook(workbooks / PISA_2022)
    book["Quadro riassuntivo"]["C12"] = "Risorse: (Interventi economici): € 85.000,00 + 28.500 da maggiorazione D.A. per OCRI"
    book["Quadro riassuntivo"]["C9"] = "Risorse: (Interventi economici): € 201.000,00"
    book.save(tmp_path / "pisa.xlsx")
    pisa = book_of(tmp_path / "pisa.xlsx", left_alone={"Priorità"})
    assert value(pisa, "pisa_programmi", "1", "total") == 1882500
    assert value(pisa, "pisa_programmi", "TOTALE", "total") == 4176000
    assert not [place for place in wrong(pisa) if place[0] == "pisa_maggiorazione"]  # the two contradictions are gone
    assert ("pisa_schede", "Programma 1.5 della CCIAA di Pisa", "total") in wrong(pisa)


def test_a_text_that_does_not_read_is_told(workbooks, tmp_path):
    book = load_workbook(workbooks / PISA_2022)
    book["Quadro riassuntivo"]["C9"] = "Risorse: circa 2 milioni"
    book.save(tmp_path / "pisa.xlsx")
    reader = Reader()
    for each in read_grids(tmp_path / "pisa.xlsx")[0]:
        reader.take(each)
    assert {(each.code, each.cell) for each in reader.findings} == {("PX-C011", "C9")}


# -- what the machine was taught for these tables ----------------------------------------------------------------------

SIDE_BY_SIDE = """
id = "beside"
title = "Livelli affiancati"
tab = "Prova"

[columns.upper]
headings = ["Sopra"]
need = "essential"

[columns.upper_amount]
headings = ["Euro"]
kind = "amount"

[columns.lower]
headings = ["Sotto"]
need = "essential"

[columns.lower_amount]
headings = ["Euro"]
kind = "amount"

[[lines]]
level = "sopra"
where = "upper"
text = '^(?P<key>\\w)$'
columns = ["upper", "upper_amount"]
also = true

[[lines]]
level = "sotto"
where = "lower"
text = '^(?P<key>\\w\\d)$'
columns = ["lower", "lower_amount"]
beneath = "sopra"

[[rules]]
name = "somma"
lines = ["sopra"]
columns = ["upper_amount"]
formula = "sum(children.lower_amount)"
"""


def test_two_lines_side_by_side_on_a_row():
    sheet = grid(["Sopra", "Euro", "Sotto", "Euro"], ["A", 10, "A1", 4], [None, None, "A2", 5], ["B", 7, "B1", 7])
    book = made_book(SIDE_BY_SIDE, sheet)
    (statement,) = book.statements
    assert [(line.key, line.parent) for line in statement.lines] == [("A", ""), ("A1", "A"), ("A2", "A"), ("B", ""), ("B1", "B")]
    assert values(statement, "upper_amount") == {"A": 9, "A1": None, "A2": None, "B": 7, "B1": None}
    assert values(statement, "lower_amount") == {"A": None, "A1": 4, "A2": 5, "B": None, "B1": 7}
    assert {check.figure.name: check.verdict for check in checks(book)} == {
        "A.upper_amount": DIFFERS,
        "B.upper_amount": AGREES,
    }


def test_a_heading_written_twice_heads_two_columns():
    reader = read(SIDE_BY_SIDE, grid(["Sopra", "Euro", "Sotto", "Euro"], ["A", 10, "A1", 4]))
    (statement,) = reader.statements
    assert [(field.key, field.at) for field in statement.fields] == [
        ("upper", 1),
        ("upper_amount", 2),
        ("lower", 3),
        ("lower_amount", 4),
    ]


SENTENCES = """
id = "sentences"
title = "Importi in una frase"
tab = "Prova"

[columns.name]
headings = ["Nome"]
need = "essential"

[columns.text]
headings = ["Risorse"]
need = "essential"

[columns.all]
kind = "amount"
taken = { of = "text" }

[columns.whole]
kind = "amount"
taken = { of = "text", part = "totale" }

[columns.investments]
kind = "amount"
taken = { of = "text", part = "investimenti" }
levels = ["riga"]

[columns.tourism]
kind = "amount"
taken = { of = "text", part = "maggiorazione", purpose = "turismo" }
"""


def test_amounts_of_a_sentence_fill_columns():
    rows = [
        ["A", "€ 20.000= (€ 15.000 investimenti, € 5.000 oneri di funzionamento)"],
        ["B", "€ 1.000 + 200 da maggiorazione D.A. per turismo"],
        ["C", 300],
        ["D", "-"],
    ]
    reader = read(SENTENCES, grid(["Nome", "Risorse"], *rows))
    (statement,) = reader.statements
    assert values(statement, "all") == {"a": 20000, "b": 1200, "c": 300, "d": None}
    assert values(statement, "whole") == {"a": 20000, "b": None, "c": 300, "d": None}
    assert values(statement, "investments") == {"a": 15000, "b": None, "c": None, "d": None}
    assert values(statement, "tourism") == {"a": None, "b": 200, "c": None, "d": None}
    assert statement.line("b").figures["tourism"].cell.ref.a1 == "B3"
    assert reader.findings == []
