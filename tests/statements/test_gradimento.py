"""Surveys of Lucca (Relazione 2017, lines 334-354 and 933), and votes on scales 1-4, 1-5, 1-7 and 1-10.

The expected means and shares are counted over single votes, one by one.
"""

from __future__ import annotations

import warnings
from datetime import date
from fractions import Fraction

import pytest

from perfxl import consolidate
from perfxl.model import State
from perfxl.readers.workbook import read_grids
from perfxl.statements import Book
from perfxl.statements.feeds import Fit, fed_indicators
from perfxl.statements.findings import statement_findings
from perfxl.statements.lights import light_of, method_of, state_of
from perfxl.statements.read import Reader
from statements.filled import GOOD_FROM, GRADES, surveys
from statements.printed import book_of, table

SURVEYS = "lucca-2017-relazione/Gradimento_2017.xlsx"
MEDIATION = "Servizio di mediazione"
DESKS = "Servizio sportelli: Finanziamenti, Marchi e Brevetti, Nuova Impresa"


@pytest.fixture(scope="module")
def book(workbooks):
    return book_of(workbooks / SURVEYS)


def filled_book(path):
    """A template filled by hand: its own formulas have never been calculated, so that every figure is perfxl's."""
    reader = Reader()
    for grid in read_grids(path)[0]:
        reader.take(grid)
    assert reader.findings == []
    return Book(reader.statements)


@pytest.fixture(scope="module")
def votes(workbooks, tmp_path_factory):
    return filled_book(surveys(workbooks, tmp_path_factory.mktemp("gradimento")))


# -- Lucca's surveys --------------------------------------------------------------------------------------------------


def test_response_rates_only_where_the_same_is_counted(book, golden):
    rows = golden("lucca-2017/surveys")
    lines = table(book, "surveys").lines
    assert [row["survey"] for row in rows] == [line.title for line in lines]
    for row, line in zip(rows, lines, strict=True):
        figures = line.figures
        read = [int(figures[key].typed) for key in ("respondents", "population", "low", "high")]
        assert read == [int(row[key]) for key in ("respondents", "population", "scale_min", "scale_max")]
        rate = None if row["survey"] == MEDIATION else Fraction(100 * int(row["respondents"]), int(row["population"]))
        assert figures["rate"].value == rate
    assert lines[-1].text("comparable") == "unità diverse: non confrontabili"


def test_more_questionnaires_than_users_are_a_finding(book):
    """142 on 102: 139,22 %. 381 on 485 (78,56 %) isn't one, and 73 participants in 226 mediations are no rate at all."""
    [found] = statement_findings(book)
    assert found.code == "PX-C020"
    assert DESKS in found.found
    assert "139,22, più di 100" in found.found


def test_the_printed_marks_keep_their_target(book):
    """«Non inferiore a 3 (in una scala da 1 a 5)»: 4.7 and 4.9, line 933."""
    figures = [line.figures["result"] for line in table(book, "surveys_results").lines]
    assert [figure.typed for figure in figures] == [Fraction("4.7"), Fraction("4.9")]
    assert all(light_of(figure) is not None for figure in figures)
    assert {state_of(figure, method_of(None)) for figure in figures} == {State.REACHED}


# -- votes ------------------------------------------------------------------------------------------------------------


def one_by_one(counts):
    return [grade for grade, count in enumerate(counts, start=1) for _ in range(count)]


def test_means_and_shares_on_every_scale(votes):
    statement = table(votes, "surveys_grades")
    for line, (service, (_, high, counts, asked, before)) in zip(statement.lines, GRADES.items(), strict=False):
        given = one_by_one(counts)
        mean = Fraction(sum(given), len(given))
        good = sum(vote >= GOOD_FROM[high] for vote in given)
        values = {key: figure.value for key, figure in line.figures.items()}
        assert line.title == service
        assert (values["votes"], values["mean"], values["good"]) == (len(given), mean, good)
        assert values["pct_good"] == Fraction(100 * good, len(given))
        assert abs(values["index"] - 100 * (mean - 1) / (high - 1)) <= Fraction(1, 20)  # shown with one decimal
        assert values["rate"] == (Fraction(100 * len(given), asked) if asked else None)
        assert values["mean_change"] == (mean - Fraction(str(before)) if before else None)


def test_the_total_counts_votes_not_services(votes):
    given = [(vote, GOOD_FROM[high]) for _, high, counts, _, _ in GRADES.values() for vote in one_by_one(counts)]
    total = table(votes, "surveys_grades").line("TOTALE")
    good = sum(vote >= start for vote, start in given)
    assert total.figures["votes"].value == len(given) == 145
    assert total.figures["good"].value == good
    assert total.figures["pct_good"].value == Fraction(100 * good, len(given))
    assert total.figures["mean"].value is None, "votes on different scales have no mean"


def test_the_survey_says_from_where_a_vote_is_good(workbooks, tmp_path):
    book = filled_book(surveys(workbooks, tmp_path, {"Uno": GRADES["Corsi di formazione"]}, good_from=5))
    assert table(book, "surveys_grades").lines[0].figures["pct_good"].value == 50, "30 of 60 votes are 5"


@pytest.mark.parametrize(("high", "start"), GOOD_FROM.items())
def test_where_the_survey_is_silent_the_upper_part_is_good(workbooks, tmp_path, high, start):
    """The proposed grade is in the sheet as a formula that nobody calculated: the declaration gives the same."""
    from openpyxl import load_workbook

    path = surveys(workbooks, tmp_path, {"Uno": ("", high, (1,) * high, None, None)})
    book = load_workbook(path)
    sheet = book["Rilevazione"]
    row = next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == "Uno")
    sheet.cell(row, 6).value = None
    book.save(path)
    line = table(filled_book(path), "surveys_grades").lines[0]
    assert line.figures["good_from"].value == start
    assert line.figures["pct_good"].value == Fraction(100 * (high - start + 1), high)


def test_votes_beyond_the_scale_are_a_finding(workbooks, tmp_path):
    service, (code, _, counts, asked, before) = next(iter(GRADES.items()))
    book = filled_book(surveys(workbooks, tmp_path, {service: (code, 4, counts, asked, before)}))
    found = {finding.found for finding in statement_findings(book) if finding.code == "PX-C020"}
    assert any("Voto 5: 30, più di 0 (voti oltre la scala)" in text for text in found)


def test_the_template_s_own_formulas_say_the_same(workbooks, tmp_path, libreoffice):
    path = surveys(workbooks, tmp_path)
    cells = libreoffice.recalculated(path)["Rilevazione"]
    statement = table(filled_book(path), "surveys_grades")
    compared = 0
    for line in statement.lines:
        for letter, key in zip("QRSTV", ("votes", "mean", "good", "pct_good", "rate"), strict=True):
            value, own = line.figures[key].value, cells.get(f"{letter}{line.row}")
            if value is not None:
                held = value / 100 if key in {"pct_good", "rate"} else value
                assert own == pytest.approx(float(held), abs=1e-12), (line.title, key)
                compared += 1
    assert compared == 4 * 4 + 3 + 3


# -- indicators that a survey feeds -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fed(workbooks, tmp_path_factory):
    path = surveys(workbooks, tmp_path_factory.mktemp("alimentati"))
    body = workbooks / "massacarrara-2019"
    as_of = date(2019, 10, 1)
    alone = consolidate(body, method="massacarrara-2019", as_of=as_of)
    return alone, consolidate([body, path], method="massacarrara-2019", as_of=as_of)


def test_computed_figures_stand_beside_what_the_offices_typed(fed):
    """O1.1.1-c: ISR typed 0,00 % (line 1045); the three of U4.1 are blank (lines 996, 998, 1002)."""
    _, both = fed
    found = {each.code: (each.fit, each.row.office, each.row.result_text) for each in fed_indicators(both.statements, both.rows)}
    assert found == {
        "O3.1.1-b": (Fit.BLANK, "U4.1", ""),
        "O3.1.2-b": (Fit.BLANK, "U4.1", ""),
        "O3.1.3-b": (Fit.BLANK, "U4.1", ""),
        "O1.1.1-c": (Fit.DIFFERS, "ISR", "0%"),
    }
    told = sorted(f.code for f in both.findings if f.code in {"PX-C021", "PX-C022", "PX-C023"})
    assert told == ["PX-C021", "PX-C022", "PX-C022", "PX-C022"]
    [differs] = [f for f in both.findings if f.code == "PX-C021"]
    assert "dà 85,00 %; indicato 0% (ISR)" in differs.found


def test_nothing_is_mixed_silently(fed):
    alone, both = fed
    assert [(row.uid, row.result_text, row.pct) for row in both.rows] == [
        (row.uid, row.result_text, row.pct) for row in alone.rows
    ]
    assert both.headline.pct == alone.headline.pct


def test_an_agreeing_result_is_no_finding(workbooks, tmp_path):
    """17 good votes of 20 are 85 %; typed as 85 % they agree, at the decimals that the office wrote."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():  # what openpyxl can't keep of the office's sheet doesn't matter here
        warnings.simplefilter("ignore")
        book = load_workbook(workbooks / "massacarrara-2019" / "ISR_monitoraggio_2019.xlsx")
    cell = next(c for row in book["Cruscotto"].iter_rows() for c in row if str(c.value).startswith("O1.1.1-c"))
    result = book["Cruscotto"]["C11"]
    assert cell.row == result.row
    result.value = 0.85
    book.save(tmp_path / "ISR.xlsx")
    path = surveys(workbooks, tmp_path, {"Attività ISR": GRADES["Attività ISR"]})
    c = consolidate([tmp_path / "ISR.xlsx", path], method="massacarrara-2019")
    assert [each.fit for each in fed_indicators(c.statements, c.rows)] == [Fit.AGREES]
    assert not {f.code for f in c.findings} & {"PX-C021", "PX-C022", "PX-C023"}


def test_an_unknown_code_is_told_only_where_there_are_sheets(workbooks, tmp_path):
    path = surveys(workbooks, tmp_path, {"Uno": ("O9.9.9-z", 5, (0, 0, 0, 1, 1), None, None)})
    alone = consolidate(path, method="massacarrara-2019")
    assert "PX-C023" not in {f.code for f in alone.findings}
    both = consolidate([path, workbooks / "massacarrara-2019"], method="massacarrara-2019")
    assert [f.code for f in both.findings if f.code.startswith("PX-C02")] == ["PX-C023"]


def test_the_tab_shows_the_indicators_beneath(fed, tmp_path):
    from openpyxl import load_workbook

    _, both = fed
    book = load_workbook(both.write(tmp_path / "c.xlsx"))
    rows = [[cell.value for cell in row] for row in book["Gradimento"].iter_rows()]
    top = next(i for i, row in enumerate(rows) if row[0] == "Indicatori a cui queste cifre servono")
    beneath = {str(row[0]).split()[0]: row for row in rows[top + 2 : top + 6]}
    assert [beneath[code][6] for code in ("O3.1.1-b", "O1.1.1-c")] == ["◐ manca", "○ differisce"]
    assert str(beneath["O1.1.1-c"][4]).startswith("="), "the figure itself is a formula over the survey's cell"
    assert len(beneath) == 4
