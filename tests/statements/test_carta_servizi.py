"""Service standards: share kept (S2.1.4-a, Massa-Carrara 2019, line 782) and mean deviation (Lucca 2017, line 470).

No document prints the standards themselves: the figures are worked out here, standard by standard.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfxl import consolidate
from perfxl.model import State
from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.feeds import Fit, fed_indicators
from perfxl.statements.findings import statement_findings
from perfxl.statements.lights import method_of, state_of
from statements.filled import STANDARDS, standards
from statements.printed import table


def book_of(path):
    reader = Reader()
    for grid in read_grids(path)[0]:
        reader.take(grid)
    assert reader.findings == []
    return Book(reader.statements)


@pytest.fixture(scope="module")
def filled(workbooks, tmp_path_factory):
    return standards(workbooks, tmp_path_factory.mktemp("carta"))


@pytest.fixture(scope="module")
def book(filled):
    return book_of(filled)


def worked_out(rows):
    """(deviation %, beyond %, kept) of each standard that is measured."""
    out = {}
    for service, _, _, way, declared, measured in rows:
        if measured is None:
            continue
        standard, time = Fraction(str(declared)), Fraction(str(measured))
        missing = (standard - time if way == "crescente" else time - standard) * 100 / standard
        out[service] = ((time - standard) * 100 / standard, max(missing, Fraction(0)), missing <= 0)
    return out


def test_each_standard(book):
    expected = worked_out(STANDARDS)
    for line in table(book, "carta_standards").lines:
        values = {key: line.figures[key].value for key in ("deviation_pct", "beyond_pct", "respected")}
        if line.title not in expected:
            assert line.title == "Vidimazione registri"
            assert set(values.values()) == {None}, "not measured: neither kept nor missed"
            continue
        assert tuple(values.values()) == expected[line.title]
    assert len(expected) == 4


def test_share_kept_and_mean_deviation(book):
    measured = worked_out(STANDARDS).values()
    values = {line.key: line.figures["value"].value for line in table(book, "carta_results").lines}
    assert values["quota"] == Fraction(100 * sum(kept for _, _, kept in measured), len(measured)) == 50
    assert values["oltre"] == sum(beyond for _, beyond, _ in measured) / len(measured) == 5
    assert values["algebrico"] == sum(deviation for deviation, _, _ in measured) / len(measured) == -6


def test_the_targets_of_the_two_bodies(book):
    """>= 90 % isn't kept (50 %, above the critical 50), <= 10 % is (5 %); the algebraic mean has no target."""
    lines = table(book, "carta_results").lines
    states = {line.key: state_of(line.figures["value"], method_of(None)) for line in lines}
    assert states == {"quota": State.PARTIAL, "oltre": State.REACHED, "algebrico": State.UNMEASURED}


def test_being_early_doesn_t_make_up_for_being_late(workbooks, tmp_path):
    rows = [("Primo", "tempo", "gg", None, 10, 1), ("Secondo", "tempo", "gg", None, 10, 14)]
    values = {
        line.key: line.figures["value"].value
        for line in table(book_of(standards(workbooks, tmp_path, rows)), "carta_results").lines
    }
    assert values == {"quota": 50, "oltre": 20, "algebrico": -25}


def test_a_changed_measure_moves_both(workbooks, tmp_path):
    rows = [row if row[0] != "Cancellazione protesti" else (*row[:5], 20) for row in STANDARDS]
    values = {
        line.key: line.figures["value"].value
        for line in table(book_of(standards(workbooks, tmp_path, rows)), "carta_results").lines
    }
    assert (values["quota"], values["oltre"]) == (75, Fraction(10, 4))


def test_a_negative_time_is_a_finding(workbooks, tmp_path):
    book = book_of(standards(workbooks, tmp_path, [("Uno", "tempo", "gg", None, 5, -1)]))
    assert [f.code for f in statement_findings(book)] == ["PX-C020"]


def test_the_template_s_own_formulas_say_the_same(filled, book, libreoffice):
    cells = libreoffice.recalculated(filled)["Standard"]
    compared = 0
    for line in table(book, "carta_standards").lines:
        for letter, key in zip("GHIJ", ("deviation", "deviation_pct", "beyond_pct", "respected"), strict=True):
            value, own = line.figures[key].value, cells.get(f"{letter}{line.row}")
            if value is None:
                assert own in (None, "")
                continue
            compared += 1
            if key == "respected":
                assert own == ("sì" if value else "no")
            else:
                assert own == pytest.approx(float(value / 100 if key.endswith("pct") else value), abs=1e-12)
    for line in table(book, "carta_results").lines:
        assert cells[f"C{line.row}"] == pytest.approx(float(line.figures["value"].value / 100), abs=1e-12)
        compared += 1
    assert compared == 4 * 4 + 3


def test_the_share_stands_beside_the_indicator_of_the_body(filled, workbooks):
    """S2.1.4-a is blank in the ENTE sheet (line 875)."""
    c = consolidate([filled, workbooks / "massacarrara-2019"], method="massacarrara-2019")
    [fed] = fed_indicators(c.statements, c.rows)
    assert (fed.code, fed.row.office, fed.fit, fed.figure.value) == ("S2.1.4-a", "ENTE", Fit.BLANK, 50)
    [found] = [f for f in c.findings if f.code == "PX-C022"]
    assert "S2.1.4-a" in found.found
    assert fed.row.pct is None, "the figure never becomes the result by itself"
