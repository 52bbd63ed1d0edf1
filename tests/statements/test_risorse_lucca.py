"""Lucca's resources of 2017: budget by project, objective and area, interventi economici, income statement, Report direzionale.

Source: Lucca, *Relazione sulla performance 2017*; lines are those of the golden tables.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from perfxl.statements import Book
from perfxl.statements.compare import Verdict, checks
from perfxl.statements.findings import statement_findings
from statements.printed import FINE, book_of, counted, not_following, reader_of, table, tables

FOLDER = "lucca-2017-relazione"
FILES = ("Risorse_Relazione_2017.xlsx", "Report_direzionale_Risorse_2017.xlsx", "Conto_economico_2017.xlsx")
OFFICE = "lucca-2017/Risorse_2017.xlsx"
AMOUNTS = ("initial", "updated", "actual")
DIFFERS, UNCHECKED = Verdict.DIFFERS, Verdict.UNCHECKED

USED = "% di utilizzo: consuntivo su budget aggiornato"
SAME = "stesso consuntivo nel Report direzionale (oneri + investimenti)"
WHOLE = "stesse risorse in tutto il Report direzionale (oneri + investimenti)"

# What the Relazione prints and doesn't follow, with the lines of the document and why.
WRONG = {
    ("budget_projects", "3C0105.pct_used", USED): ("0.0", "66.3"),  # line 204: 7.015,00 of 10.576,81
    ("budget_projects", "3C0106.pct_used", USED): ("0.0", "49.8"),  # line 205: 2.392,42 of 4.800,00
    ("budget_projects", "3C.pct_used", USED): ("0.0", "48.5"),  # line 206: 9.407,42 of 19.376,81
    ("budget_projects", "1D0101.actual", SAME): ("28921.57", "23395.19"),  # line 170 against 939-940
    ("budget_projects", "1E0101.actual", SAME): ("353.00", "0.00"),  # line 172 against 958-959
    ("budget_projects", "2E0101.actual", SAME): ("208146.36", "292287.15"),  # line 187 against 874-875
    ("budget_projects", "2E0102.actual", SAME): ("366000.00", "368000.00"),  # line 188 against 1054-1055
    ("budget_projects", "TOTALE.actual", WHOLE): ("933090.85", "964721.44"),  # line 213 against the 26 blocks of the Report
}
# Projects of the budget that the Report direzionale doesn't have (lines 183, 195, 205).
NOT_IN_THE_REPORT = {"2C0105", "3A0101", "3C0106"}


@pytest.fixture(scope="module")
def paths(workbooks):
    return [workbooks / FOLDER / file for file in FILES]


@pytest.fixture(scope="module")
def book(paths):
    return book_of(*paths)


@pytest.fixture(scope="module")
def office(workbooks):
    return book_of(workbooks / OFFICE)


def rounded(numerator, denominator, decimals):
    """100 × numerator / denominator half up; 0/0 is 0, as the document prints it."""
    share = 100 * numerator / denominator if denominator else Decimal(0)
    assert denominator or not numerator
    return share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def shown(figure, decimals):
    value = figure.value
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def amounts(row):
    return [Decimal(row[name]) for name in AMOUNTS]


def key_of(project):
    return project["project_code"] or "quota parte 1A0101"


def total_of(rows, name):
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def test_the_printed_figures_that_do_not_follow_are_these(book):
    found = not_following(book)
    absent = {("budget_projects", f"{code}.actual", SAME) for code in NOT_IN_THE_REPORT}
    assert {place for place, (*_, verdict) in found.items() if verdict is UNCHECKED} == absent
    wrong = {place: (printed, Fraction(computed)) for place, (printed, computed, _) in found.items() if place not in absent}
    assert wrong == {place: (Fraction(printed), Fraction(computed)) for place, (printed, computed) in WRONG.items()}
    assert {verdict for place, (*_, verdict) in found.items() if place in wrong} == {DIFFERS}


def test_every_other_printed_figure_agrees(book, golden):
    projects, objectives = golden("lucca-2017/budget_projects"), golden("lucca-2017/budget_objectives")
    printed = {
        "budget_projects": sum(bool(row["pct_used_printed"]) for row in projects)  # 28
        + 5 * len(objectives)  # 16 objectives and the total: three amounts and two percentages
        + sum(bool(row["project_code"]) for row in projects)
        + 1,  # the same actuals in the Report, and their total
        "budget_areas": 5 * len(golden("lucca-2017/budget_areas")),
        "interventi_economici": 2 * (len(golden("lucca-2017/interventi_economici")) + 3),  # shares; two totals; the statement's
        "income_composition": 2 * len(golden("lucca-2017/income_statement")),
    }
    counts = counted(book)
    assert {name: verdicts.total() for name, verdicts in counts.items()} == printed
    assert sum(counts.values(), start=type(counts["budget_areas"])())[Verdict.AGREES] == sum(printed.values()) - len(WRONG) - 3
    assert printed == {"budget_projects": 142, "budget_areas": 20, "interventi_economici": 18, "income_composition": 16}


def test_budget_of_projects_and_their_use(book, golden):
    lines = {line.key: line for line in table(book, "budget_projects").lines}
    assert sum(line.level == "progetto" for line in lines.values()) == 28
    assert [line.key for line in lines.values() if line.level == "quota_parte"] == ["quota parte 1A0101"]
    for row in golden("lucca-2017/budget_projects"):
        line = lines[key_of(row)]
        assert line.parent == row["strategic_objective"], row["source_line"]
        assert [line.figures[name].typed for name in AMOUNTS] == [Fraction(row[name]) for name in AMOUNTS]
        _, updated, actual = amounts(row)
        assert shown(line.figures["pct_used"], 1) == rounded(actual, updated, 1), row["source_line"]


def test_objectives_are_the_sums_of_their_projects_and_the_total_of_them(book, golden):
    lines = {line.key: line for line in table(book, "budget_projects").lines}
    projects = golden("lucca-2017/budget_projects")
    for row in golden("lucca-2017/budget_objectives"):
        code = row["strategic_objective"]
        own = [each for each in projects if code in {"TOTAL", each["strategic_objective"]}]
        line = lines["TOTALE" if code == "TOTAL" else code]
        for name in AMOUNTS:
            assert line.figures[name].value == Fraction(total_of(own, name)) == Fraction(row[name]), (code, name)
        whole = total_of(projects, "actual")
        assert shown(line.figures["pct_used"], 1) == rounded(total_of(own, "actual"), total_of(own, "updated"), 1)
        assert (
            shown(line.figures["pct_share"], 2) == rounded(total_of(own, "actual"), whole, 2) == Decimal(row["pct_share_printed"])
        )


def test_objective_of_nothing_uses_nothing(book):
    """0/0 is printed 0,0 (line 175): the objective whose only row is a share of a project of another objective."""
    line = table(book, "budget_projects").line("1F")
    assert [line.figures[name].value for name in (*AMOUNTS, "pct_used", "pct_share")] == [0, 0, 0, 0, 0]


def test_areas_are_the_sums_of_their_objectives(book, golden):
    objectives = golden("lucca-2017/budget_objectives")[:-1]
    statement = table(book, "budget_areas")
    for row in golden("lucca-2017/budget_areas"):
        code = row["area_code"]
        own = [each for each in objectives if code in {"TOTAL", each["strategic_objective"][0]}]
        line = statement.line("TOTALE" if code == "TOTAL" else code)
        assert [line.figures[name].value for name in AMOUNTS] == [Fraction(total_of(own, name)) for name in AMOUNTS]
        assert shown(line.figures["pct_used"], 1) == Decimal(row["pct_used_printed"]), row["source_line"]
        assert shown(line.figures["pct_share"], 1) == Decimal(row["pct_share_printed"]), row["source_line"]
        assert {each.line.statement.id for each in line.figures["actual"].operands} == {
            "budget_areas" if code == "TOTAL" else "budget_projects"
        }


def test_report_direzionale_block_by_block(book, golden):
    statement = table(book, "risorse_progetto")
    blocks = [line for line in statement.lines if line.level == "progetto"]
    rows = golden("lucca-2017/risorse_progetto")
    for row, line in zip(rows, blocks, strict=True):
        assert line.text("name") == row["project_title"]
        assert [line.figures[name].typed for name in ("proventi", "oneri", "investimenti")] == [
            Fraction(row[name]) for name in ("proventi", "oneri", "investimenti")
        ]
        assert line.figures["used"].value == Fraction(row["oneri"]) + Fraction(row["investimenti"])
        parent = statement.line(line.parent)
        assert (parent.level, parent.groups["objective"]) == ("obiettivo", row["strategic_objective"])
    codes = [row["project_code"].replace("2C7102", "2C0102") for row in rows]
    assert [line.key for line in blocks] == [code or "senza codice 13" for code in codes]


def test_report_direzionale_rolls_up_to_programmes_missions_and_body(book, golden):
    """No total is printed: each is the sum of its blocks, and an objective in *quota parte* counts where its projects are."""
    statement = table(book, "risorse_progetto")
    rows = golden("lucca-2017/risorse_progetto")
    for name in ("proventi", "oneri", "investimenti"):
        total = Fraction(total_of(rows, name))
        assert statement.line("TOTALE").figures[name].value == total
        for level in ("missione", "programma", "obiettivo"):
            lines = [line for line in statement.lines if line.level == level]
            assert sum((line.figures[name].value for line in lines), Fraction(0)) == total, (level, name)
    parts = [line for line in statement.lines if line.groups.get("objective") == "2E" and line.level == "obiettivo"]
    assert [line.figures["oneri"].value for line in parts] == [Fraction("376925.18"), Fraction("902.18"), 368000]
    assert [line.key for line in statement.lines if line.level == "missione"] == [
        "missione 011", "missione 012", "missione 016", "missione 032", "missione 032#2",
    ]  # fmt: skip


def test_budget_beside_the_report_at_every_level(book, golden):
    """Where the two tables differ the tab says by how much; a project that the Report hasn't counts nothing there."""
    lines = {line.key: line for line in table(book, "budget_projects").lines}
    report = {row["project_code"].replace("2C7102", "2C0102"): row for row in golden("lucca-2017/risorse_progetto")}
    gaps = {key: line.figures["gap"].value for key, line in lines.items() if line.figures["gap"].value}
    of_projects = {
        row["project_code"]: Fraction(row["actual"])
        - Fraction(report[row["project_code"]]["oneri"])
        - Fraction(report[row["project_code"]]["investimenti"])
        for row in golden("lucca-2017/budget_projects")
        if row["project_code"] in report and row["project_code"]
    }
    assert {key: gap for key, gap in gaps.items() if lines[key].level == "progetto"} == {
        k: gap for k, gap in of_projects.items() if gap
    }
    assert {key: gap for key, gap in gaps.items() if lines[key].level == "obiettivo"} == {
        "1D": Fraction("5526.38"), "1E": 353, "2C": Fraction("46238.40"), "2E": Fraction("-86140.79"), "3C": Fraction("2392.42"),
    }  # fmt: skip
    assert gaps["TOTALE"] == Fraction("-31630.59")
    assert {
        key for key, line in lines.items() if line.level == "progetto" and line.figures["report"].value is None
    } == NOT_IN_THE_REPORT


def test_interventi_economici_of_two_years(book, golden):
    statement = table(book, "interventi_economici")
    keys = {"SUBTOTAL_AREE": "AREE", "NON_STRATEGICI": "NON_STRATEGICI", "TOTAL": "TOTALE"}
    for year in (2017, 2016):
        whole = Decimal(golden("lucca-2017/interventi_economici")[-1][f"consuntivo_{year}_keur"])
        for row in golden("lucca-2017/interventi_economici"):
            line = statement.line(keys.get(row["code"], row["code"]))
            amount = Decimal(row[f"consuntivo_{year}_keur"])
            assert line.figures[f"actual_{year}"].value == Fraction(amount)
            share = shown(line.figures[f"composition_{year}"], 1)
            assert share == rounded(amount, whole, 1) == Decimal(row[f"comp_pct_{year}"]), row["source_line"]


def test_income_statement_and_its_composition_in_both_layouts(book, office, golden):
    rows = golden("lucca-2017/income_statement")
    sums = {
        (s, y): total_of([r for r in rows if r["section"] == s], f"value_{y}")
        for s in {r["section"] for r in rows}
        for y in (2017, 2016)
    }
    own = [line for each in tables(book, "income_statement") for line in each.lines]
    apart = [line for each in tables(book, "income_composition") for line in each.lines]
    together = table(office, "income_statement").lines
    for row, line, share, both in zip(rows, own, apart, together, strict=True):
        assert line.title == share.title == both.title == row["item"]
        assert line.level == row["section"].split()[0].lower()
        for year in (2017, 2016):
            assert line.figures[f"value_{year}"].typed == both.figures[f"value_{year}"].typed == Fraction(row[f"value_{year}"])
            expected = rounded(Decimal(row[f"value_{year}"]), sums[row["section"], year], 1)
            assert expected == Decimal(row[f"comp_pct_{year}"]), row["comp_source_line"]
            assert shown(share.figures[f"composition_{year}"], 1) == shown(both.figures[f"composition_{year}"], 1) == expected


def test_sheet_of_the_office_has_the_same_budget_without_percentages(office, golden):
    statement = table(office, "budget_projects")
    assert statement.column("pct_used").at is not None
    assert all(line.figures["pct_used"].typed is None for line in statement.lines)
    for row in golden("lucca-2017/budget_objectives"):
        line = statement.line("TOTALE" if row["strategic_objective"] == "TOTAL" else row["strategic_objective"])
        assert shown(line.figures["pct_share"], 2) == Decimal(row["pct_share_printed"]), row["source_line"]
    assert {each.verdict for each in checks(office)} == {Verdict.AGREES, Verdict.UNCHECKED}
    unchecked = [each.rule.name for each in checks(office) if each.verdict is Verdict.UNCHECKED]
    assert set(unchecked) == {SAME, WHOLE}  # there is no Report in this workbook


@pytest.mark.parametrize(
    ("cell", "typed", "moved"),
    [
        ("E18", 30000, {"2C.actual": Fraction("231342.40"), "TOTALE.actual": Fraction("934712.59")}),
        ("D8", 0, {"1D.updated": 0, "TOTALE.updated": Fraction("992176.81")}),
    ],
)
def test_a_changed_amount_moves_all_that_follows(workbooks, tmp_path, cell, typed, moved):
    changed = load_workbook(workbooks / FOLDER / FILES[0])
    changed["Budget obiettivi"][cell] = typed
    changed.save(tmp_path / FILES[0])
    again = Book(reader_of(tmp_path / FILES[0]).statements)
    values = {figure.name: figure.value for figure in table(again, "budget_projects").figures}
    assert {name: values[name] for name in moved} == moved
    areas = table(again, "budget_areas")
    column = next(iter(moved)).partition(".")[2]
    assert areas.line("TOTALE").figures[column].value == moved[f"TOTALE.{column}"]
    differing = {
        each.figure.name
        for each in checks(again)
        if each.verdict not in {*FINE, UNCHECKED} and each.figure.line.statement.id == "budget_areas"
    }
    assert f"TOTALE.{column}" in differing


def test_findings_name_both_figures_the_rule_and_the_cells(book):
    texts = {found.cell: found.found for found in statement_findings(book) if found.code == "PX-C001"}
    assert len(texts) == len(WRONG)
    text = texts["F40"]
    assert "indicato 0,0, calcolato 66,3" in text
    assert "E40" in text
    assert "D40" in text
    assert "indicato 366.000,00, calcolato 368.000,00" in texts["E26"]
