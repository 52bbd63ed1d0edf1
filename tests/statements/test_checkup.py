"""Check-up of the cycle (Lucca, Relazione 2017, lines 728-733) and plan of improvement (Massa-Carrara, Piano 2019, 735-741)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import CellKind
from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.findings import statement_findings
from perfxl.statements.schedule import phase_of
from statements.printed import book_of, counted, table

CYCLE = "lucca-2017-relazione/Ciclo_performance_2017.xlsx"


@pytest.fixture(scope="module")
def book(workbooks):
    return book_of(workbooks / CYCLE)


def test_the_printed_scores_and_what_they_leave_to_100(book, golden):
    rows = golden("lucca-2017/checkup")
    lines = table(book, "checkup").lines[:-1]
    assert len(rows) == len(lines) == 6
    for row, line in zip(rows, lines, strict=True):
        score = Fraction(Decimal(row["score"]))
        assert (line.key, line.title) == (row["number"], row["section"])
        assert (line.figures["score"].typed, line.figures["gap"].value) == (score, 100 - score)


def test_the_mean_is_computed_and_said_to_be_ours(book, golden):
    """75, 96.67, 86.67, 90, 86.67 and 93.33 make 528.34: a sixth of it, rounded. The document prints no total."""
    scores = [Decimal(row["score"]) for row in golden("lucca-2017/checkup")]
    assert sum(scores) == Decimal("528.34")
    mean = table(book, "checkup").lines[-1]
    assert mean.figures["score"].value == Fraction(8806, 100)
    assert mean.figures["score"].typed is None
    assert "calcolata da perfxl" in mean.title
    assert "nessun punteggio complessivo" in table(book, "checkup").declaration.remark
    assert counted(book) == {}, "nothing printed follows from anything else"


def test_a_score_beyond_100_is_a_finding(workbooks):
    reader = Reader()
    for grid in read_grids(workbooks / CYCLE)[0]:
        for row in grid.rows.values():
            if 3 in row and row[3][1] == Decimal(75):
                row[3] = (CellKind.NUMBER, Decimal(175), "#,##0", False)
        reader.take(grid)
    [found] = statement_findings(Book(reader.statements))
    assert found.code == "PX-C020"
    assert "175, più di 100" in found.found


def test_the_plan_of_improvement_is_read_whole(workbooks, golden):
    rows = golden("massacarrara-2019/improvement_actions")
    statement = table(book_of(workbooks / "massacarrara-2019-allegati/Ciclo_2019.xlsx"), "improvement")
    read = [(line.text("object"), action) for line in statement.lines for action in line.text("action").split("\n")]
    assert read == [(row["oggetto"], row["piano_di_miglioramento"]) for row in rows]
    assert len(read) == 11
    assert [phase_of(line, 2019) for line in statement.lines] == [None] * 6, "the document says no time"
