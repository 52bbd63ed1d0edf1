"""The rebuilt workbooks of the art. 15 c. 5 projects: the plan of 2015 and the year's end of 2017, figure by figure."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from scripts.cartelle import art15

PLAN = "art15-2015/Progetti_miglioramento_2015.xlsx"
YEAR_END = "lucca-2017-relazione/Progetti_art15_2017_pubblicato.xlsx"
OFFICE = "lucca-2017/Progetti_art15_2017.xlsx"
PROJECTS = [str(number) for number in range(1, 10)]
FIGURES = ("hourly_cost_raw", "hours", "product_raw", "pct_raw", "result_raw")
BULLETS = {"\ufffd": "•", "\ufffd -": "• -"}  # the mark that the text of the document has lost


def shown(cell):
    """The text that an Italian Excel shows for the cell; a format that hid a digit of the value would fail here."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    thousands, decimals, percent = re.fullmatch(r"(#,##)?(?:0|General)(?:\.(0+))?(%)?", cell.number_format).groups("")
    value = Decimal(repr(cell.value)) * (100 if percent else 1)
    assert value == round(value, len(decimals)), cell.coordinate
    digits = f"{value:{',' if thousands else ''}.{len(decimals)}f}"
    return digits.translate(str.maketrans(",.", ".,")) + percent


@pytest.fixture(scope="module")
def plan(workbooks):
    return load_workbook(workbooks / PLAN)


@pytest.fixture(scope="module")
def year_end(workbooks):
    return load_workbook(workbooks / YEAR_END)["Art. 15 c. 5"]


def row_of(sheet, text, column=1):
    """The one row with that text in that column."""
    (row,) = (row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text)
    return row


def of(golden, table, project):
    return [row for row in golden(f"art15-2015/{table}") if row["project"] == project]


def test_a_sheet_a_project(plan, golden):
    assert plan.sheetnames == [f"Progetto {number}" for number in PROJECTS]
    assert [sheet["A2"].value for sheet in plan] == [row["heading_raw"] for row in golden("art15-2015/projects")]


def test_staff_tables_and_totals(plan, golden):
    compared = 0
    for project in golden("art15-2015/projects"):
        sheet = plan[f"Progetto {project['n']}"]
        heading = row_of(sheet, "PERSONALE")
        hours = "TOTALE ORE" if int(project["n"]) < 7 else "TOT. ORE"
        assert [cell.value for cell in sheet[heading]][1:] == ["COSTO ORARIO", hours, "PRODOTTO", "PERCENTUALE", "RISULTATO"]
        staff = of(golden, "staff", project["n"])
        for offset, row in enumerate(staff, start=1):
            category, *figures = sheet[heading + offset]
            assert category.value == row["category"]
            assert [shown(cell) for cell in figures] == [row[figure] for figure in FIGURES]
            cost, hours, product, pct, result = (Decimal(repr(cell.value)) for cell in figures)
            assert [cost, hours, product, result] == [
                Decimal(row[name]) for name in ("hourly_cost", "hours", "product_printed", "result_printed")
            ]
            assert pct * (100 if "%" in row["pct_raw"] else 1) == Decimal(row["pct"])
            compared += len(figures)
        label, *empty, total = sheet[heading + len(staff) + 1]
        assert label.value == (None if project["n"] == "6" else "Totale")
        assert not any(cell.value for cell in empty)
        assert (total.value, shown(total)) == (float(project["printed_total"]), project["printed_total_raw"])
        compared += 1
        assert all(cell.value is None for cell in sheet[heading + len(staff) + 2])
    assert compared == 50 * 5 + 9


def test_announced_amounts(plan, golden):
    compared = 0
    for project in golden("art15-2015/projects"):
        sheet = plan[f"Progetto {project['n']}"]
        texts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
        label = "Art. 15, comma 5 del Fondo Salario Accessorio di €"
        if not project["announced_total_raw"]:
            assert label not in texts
            continue
        cell = sheet.cell(row_of(sheet, label), 6)
        assert (cell.value, shown(cell)) == (float(project["announced_total"]), project["announced_total_raw"])
        compared += 1
    assert compared == 7


@pytest.mark.parametrize("number", PROJECTS)
def test_indicators(plan, golden, number):
    sheet = plan[f"Progetto {number}"]
    first = 1 + next(row for row in range(1, sheet.max_row) if str(sheet.cell(row, 1).value).startswith("Terza condizione: "))
    expected = of(golden, "indicators", number)
    for row, indicator in enumerate(expected, start=first):
        mark = indicator["marker"]
        assert (sheet.cell(row, 1).value or "") == BULLETS.get(mark, mark)
        assert sheet.cell(row, 2).value == indicator["text"]
    assert sheet.cell(first + len(expected), 2).value is None


@pytest.mark.parametrize("number", PROJECTS)
def test_seven_conditions_ticked(plan, golden, number):
    sheet = plan[f"Progetto {number}"]
    heading = row_of(sheet, "IL PROGETTO RISPONDE ALLE SEGUENTI CONDIZIONI:")
    ordinals = ("Prima", "Seconda", "Terza", "Quarta", "Quinta", "Sesta", "Settima")
    (answers,) = of(golden, "conditions", number)
    assert heading + 7 == sheet.max_row
    for offset, ordinal in enumerate(ordinals, start=1):
        assert sheet.cell(heading + offset, 1).value == f"{ordinal} condizione:"
        assert (sheet.cell(heading + offset, 6).value == "Sì") == (answers[f"condition_{offset}"] == "yes")


def test_year_end_results_and_amounts(year_end, golden):
    *projects, total = golden("lucca-2017/art15")
    compared = 0
    for project in projects:
        number, title, office, result, comment, planned, paid = year_end[row_of(year_end, int(project["n"]))]
        assert [number.value, title.value, office.value] == [int(project["n"]), project["title"], project["office"]]
        assert (result.value, comment.value) == (int(project["final_result"]), project["comment"] or None)
        assert (planned.value, paid.value) == (float(project["resources_planned"]), float(project["resources_paid"]))
        compared += 3
    assert compared == 39
    assert year_end.cell(row_of(year_end, total["title"], 2), 6).value == float(total["resources_planned"])


def test_year_end_indicators(year_end, golden):
    first = row_of(year_end, 1)
    rows = [row for row in year_end.iter_rows(min_row=first, max_row=year_end.max_row) if row[3].value is not None]
    indicators = [row for row in rows if not isinstance(row[0].value, int)]
    expected = golden("lucca-2017/art15_indicators")
    assert len(indicators) == len(expected) == 68
    for cells, row in zip(indicators, expected, strict=True):
        assert [cells[0].value or "", cells[1].value] == [row["rpp_flag"], row["text"]]
        assert shown(cells[3]) == row["result_text"]
        assert shown(cells[4]) == row["comment"]


def test_year_end_adds_to_the_offices_workbook(year_end, workbooks):
    """Cell for cell the workbook that the office fills; the only other text is the total's label, printed with its amount."""
    office = load_workbook(workbooks / OFFICE)["Art. 15 c. 5"]
    same, other = 0, []
    for row in office.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            published = year_end[cell.coordinate]
            if published.value == cell.value and ("%" in published.number_format) == ("%" in cell.number_format):
                same += 1
            else:
                other.append((cell.value, published.value))
    label = "TOTALE RISORSE A PREVENTIVO SUI PROGETTI EX ART. 15 COMMA 5"
    assert other == [(label, f"{label} (€ 141.808,32)")]
    added = {
        cell.coordinate
        for row in year_end.iter_rows()
        for cell in row
        if cell.value is not None and office[cell.coordinate].value is None
    }
    results = {f"{column}{row_of(year_end, number)}" for number in range(1, 14) for column in "DG"}
    assert added == results | {"A17", "C29", "B95", "G95"}  # 17, 29: the strays of the print (lines 1233 and 1245)
    assert same > 6 + 13 * 4 + 68 * 2  # headings, projects, indicators with their results


def test_figures_that_only_the_text_of_the_relazione_has(year_end, workbooks, golden):
    """The total paid (line 1318) and the 98 % (line 429), against what the golden tables say by themselves."""
    projects = golden("lucca-2017/art15")[:-1]
    assert Decimal(repr(year_end["G95"].value)) == sum(Decimal(row["resources_paid"]) for row in projects)
    text = load_workbook(workbooks / YEAR_END)["Testo della Relazione"]
    assert Fraction(repr(text["B5"].value)) * 100 == Fraction(sum(int(row["final_result"]) for row in projects), len(projects))
    assert shown(text["B5"]) == "98%"


def test_nothing_is_computed(workbooks, cells_of):
    """A published figure is typed: with a formula the workbook would mend the errors that it has to show."""
    for path in (PLAN, YEAR_END):
        assert "f" not in {kind for _, kind, _ in cells_of(workbooks / path).values()}


def test_rebuilt_workbooks_are_the_ones_in_the_repository(tmp_path, workbooks, cells_of):
    written = art15.write(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in written] == [PLAN, YEAR_END]
    for path in written:
        assert cells_of(path) == cells_of(workbooks / path.relative_to(tmp_path)), path.name


def test_the_same_content_gives_the_same_bytes(tmp_path):
    once, again = art15.write(tmp_path / "a"), art15.write(tmp_path / "b")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]
