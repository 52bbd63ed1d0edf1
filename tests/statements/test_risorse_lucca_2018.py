"""Lucca's resources in the plan of 2018: budget by area and objective, charges over seven years, index of rigidity.

Source: Lucca, *Piano della performance 2018*, 2.1.2 Le risorse (lines 602-725); lines are those of the golden tables.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.statements import Book
from perfxl.statements.compare import Verdict, checks
from statements.printed import book_of, counted, not_following, reader_of, table, tables

PLAN = "lucca-2018-piano/Risorse_Piano_2018.xlsx"
REPORT = "lucca-2017-relazione/Conto_economico_2017.xlsx"
MEASURES = ("proventi", "risorse", "oneri", "investimenti")
COLUMNS = dict(zip(MEASURES, ("proventi_correnti", "totale_risorse", "oneri_correnti", "investimenti"), strict=True))
YEARS = {
    "c2012": "y2012", "c2013": "y2013", "c2014": "y2014", "c2015": "y2015", "c2016": "y2016",
    "precons2017": "y2017pre", "prev2018": "y2018prev",
}  # fmt: skip
TOTALS = {"TOTALE": "PROVENTI", "TOTALE (A)": "ONERI", "INVESTIMENTI (B)": "INVESTIMENTI", "TOTALE RISORSE (A + B)": "RISORSE"}
AGREES, WITHIN, FOLLOWS = Verdict.AGREES, Verdict.WITHIN, Verdict.FOLLOWS
DIFFERS, UNCHECKED = Verdict.DIFFERS, Verdict.UNCHECKED

AREA, AREAS, BODY = "somma degli obiettivi dell'area", "somma delle aree strategiche", "aree strategiche e budget non definito"
BOTH = "oneri correnti e investimenti"
# The three objectives that the plan lists under area 3 (lines 719-723) make 3.000 less than the area (line 718); all that is
# printed above follows from the area as printed.
WRONG = {
    ("budget_plan", "3.risorse", AREA): (94200, 91200, DIFFERS),  # line 718
    ("budget_plan", "3.oneri", AREA): (76200, 73200, DIFFERS),  # line 718
    ("budget_plan", "3.risorse", BOTH): (94200, 91200, FOLLOWS),
    ("budget_plan", "AREE.risorse", AREAS): (1260550, 1257550, FOLLOWS),  # line 690
    ("budget_plan", "AREE.risorse", BOTH): (1260550, 1257550, FOLLOWS),
    ("budget_plan", "AREE.oneri", AREAS): (1242550, 1239550, FOLLOWS),
    ("budget_plan", "ENTE.risorse", BODY): (7997550, 7994550, FOLLOWS),  # line 725
    ("budget_plan", "ENTE.risorse", BOTH): (7997550, 7994550, FOLLOWS),
    ("budget_plan", "ENTE.oneri", BODY): (7779750, 7776750, FOLLOWS),
    ("income_charges", "ONERI.y2018prev", "oneri correnti del budget dell'ente, in migliaia"): (
        Fraction("7779.8"), Decimal("7776.8"), FOLLOWS,
    ),  # line 657
    ("income_charges", "RISORSE.y2018prev", "risorse del budget dell'ente, in migliaia"): (
        Fraction("7997.6"), Decimal("7994.6"), FOLLOWS,
    ),  # line 661
}  # fmt: skip
# Totals that are the sums of amounts printed in thousands, to a unit of the last digit for each addend.
BY_ROUNDING = {
    "PROVENTI.y2015",
    "ONERI.y2015",
    "ONERI.y2016",
    "ONERI.y2017pre",
    "RISORSE.y2015",
    "RISORSE.y2016",
    "RISORSE.y2017pre",
}


@pytest.fixture(scope="module")
def book(workbooks):
    return book_of(workbooks / PLAN)


def test_the_printed_figures_that_do_not_follow_are_these(book):
    found = not_following(book)
    assert {place: each for place, each in found.items() if each[2] is not UNCHECKED} == WRONG
    unchecked = {
        name
        for (_, name, rule), each in found.items()
        if each[2] is UNCHECKED and rule != "stessa voce nel conto economico, in migliaia"
    }
    # The interventi economici of 2014 aren't printed (line 652), nor any amount of 2011.
    assert unchecked == {"ONERI.y2014", "rigidita.y2011", "rigidita.y2014"}


def test_every_other_printed_figure_agrees(book):
    assert counted(book)["budget_plan"] == {AGREES: 28, FOLLOWS: 7, DIFFERS: 2}
    assert counted(book)["charges_rigidity"] == {AGREES: 6, UNCHECKED: 2}
    charges = [
        each
        for each in checks(book)
        if each.figure.line.statement.id == "income_charges" and "conto economico" not in each.rule.name
    ]
    assert len(charges) == 3 * 7 + 4  # three totals for seven years; the budget of 2018 in four
    assert {each.figure.name for each in charges if each.verdict is WITHIN} == BY_ROUNDING
    assert sum(each.verdict is AGREES for each in charges) == 25 - len(BY_ROUNDING) - 2 - 1


def test_budget_of_areas_and_objectives(book, golden):
    statement = table(book, "budget_plan")
    keys = {"688": "NON_DEFINITO", "690": "AREE", "725": "ENTE"}
    rows = golden("lucca-2018/budget_areas")
    assert len(statement.lines) == len(rows) == 17
    for row in rows:
        line = statement.line(keys.get(row["source_line"], row["code"]))
        assert line.parent == (row["code"][0] if row["level"] == "obiettivo" else "")
        assert [line.figures[name].typed for name in MEASURES] == [Fraction(row[COLUMNS[name]]) for name in MEASURES]
    own = [row for row in rows if row["level"] == "obiettivo"]
    for code in "123":
        for name in MEASURES:
            expected = sum(int(row[COLUMNS[name]]) for row in own if row["code"][0] == code)
            assert statement.line(code).figures[name].value == expected


def test_charges_year_by_year(book, golden):
    lines = [line for each in tables(book, "income_charges") for line in each.lines if not line.is_section]
    rows = golden("lucca-2018/income_charges")
    for row, line in zip(rows, lines, strict=True):
        label = " ".join(row["label"].split())
        assert line.key == TOTALS.get(label, line.key)
        typed = {name: line.figures[key].typed for name, key in YEARS.items()}
        assert typed == {name: Fraction(row[name]) if row[name] else None for name in YEARS}, row["source_line"]


def test_totals_are_sums_to_the_rounding_of_their_addends(book, golden):
    """A total printed in thousands of euro may be off by half a unit of the last digit for each addend, and no more."""
    rows = golden("lucca-2018/income_charges")
    revenues, charges = (tables(book, "income_charges")[place] for place in (0, 1))
    for statement, kind, total in ((revenues, "proventi_correnti", "TOTALE"), (charges, "oneri_e_investimenti", "TOTALE (A)")):
        own = [row for row in rows if row["table"] == kind]
        place = next(i for i, row in enumerate(own) if row["label"] == total)
        for name, key in YEARS.items():
            addends = [row[name] for row in own[:place]]
            figure = statement.line(TOTALS[total]).figures[key]
            if "" in addends:
                assert figure.value == figure.typed  # an addend that isn't printed: the total stays as typed
                continue
            assert figure.value == sum(map(Fraction, addends))
            assert abs(figure.value - figure.typed) <= Fraction(len(addends) + 1, 20), (kind, name)


def test_index_of_rigidity(book, golden):
    """(Charges − interventi economici) / revenues: the formula that the Relazione 2017 prints for the same ratio (line 589)."""
    line = table(book, "charges_rigidity").line("rigidita")
    assert [figure.typed for figure in line.figures.values() if figure.field.series] == [
        Fraction(row["value_pct"]) for row in golden("lucca-2018/rigidity_index")
    ]
    rows = {" ".join(row["label"].split()): row for row in golden("lucca-2018/income_charges") if row["label"] != "TOTALE"}
    revenues = next(row for row in golden("lucca-2018/income_charges") if row["label"] == "TOTALE")
    for name, key in YEARS.items():
        aid = rows["Interventi economici"][name]
        if aid:
            share = 100 * (Decimal(rows["TOTALE (A)"][name]) - Decimal(aid)) / Decimal(revenues[name])
            assert line.figures[key].typed == Fraction(share.quantize(Decimal("0.1"), ROUND_HALF_UP)), name


def test_result_of_2016_is_the_same_in_the_plan_and_in_the_report(workbooks, golden):
    book = book_of(workbooks / PLAN, workbooks / REPORT)
    same = [
        each
        for each in checks(book)
        if each.rule.name == "stessa voce nel conto economico, in migliaia" and each.verdict is not UNCHECKED
    ]
    assert [(each.figure.name, each.verdict) for each in same] == [
        (f"{key}.y2016", AGREES)
        for key in (
            "diritto_annuale",
            "diritti_di_segreteria",
            "contributi",
            "gestione_beni_servizi",
            "personale",
            "interventi_economici",
            "ammortamenti",
        )
    ]
    in_euro = {Fraction(row["value_2016"]) for row in golden("lucca-2017/income_statement")}
    assert {operand.value for each in same for operand in each.operands} == in_euro - {
        Fraction("1588317.37")
    }  # funzionamento is in three rows


def test_forecast_of_a_year_is_not_its_result(workbooks):
    """2017 is a *preconsuntivo* in the plan and a result in the Relazione: 4.077,0 isn't set against 4.135.437,94."""
    book = book_of(workbooks / PLAN, workbooks / REPORT)
    assert not [each for each in checks(book) if each.figure.field.key == "y2017pre" and "conto economico" in each.rule.name]


def test_changed_objective_moves_area_body_and_the_thousands(workbooks, tmp_path):
    changed = load_workbook(workbooks / PLAN)
    changed["Budget aree"]["D19"] = 8500  # 3F: 5.500 → 8.500, as much as area 3 lacks
    changed["Budget aree"]["C19"] = 8500
    changed.save(tmp_path / "Risorse_Piano_2018.xlsx")
    again = Book(reader_of(tmp_path / "Risorse_Piano_2018.xlsx").statements)
    assert {place: each for place, each in not_following(again).items() if each[2] is not UNCHECKED} == {}
