"""The phases of the cycle at a date: Massa-Carrara 2019 (lines 659-693), Lucca 2017 (695-705), and a filled template."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl import consolidate
from perfxl.grammar.timing import TimingKind
from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.findings import schedule_findings
from perfxl.statements.schedule import SOON, Standing, phases
from statements.filled import PHASES, deadlines
from statements.printed import book_of

PLAN = "massacarrara-2019-allegati/Ciclo_2019.xlsx"
REPORT = "lucca-2017-relazione/Ciclo_performance_2017.xlsx"


@pytest.fixture(scope="module")
def plan(workbooks):
    return list(phases(book_of(workbooks / PLAN), 2019))


@pytest.fixture(scope="module")
def report(workbooks):
    return {phase.line.title: phase for phase in phases(book_of(workbooks / REPORT), 2017)}


def last_day(year, month):
    return date(year, month, calendar.monthrange(year, month)[1])


def test_the_plan_s_phases_are_dated_from_june_of_the_year_before(plan, golden):
    rows = golden("massacarrara-2019/phases")
    assert [phase.line.title for phase in plan] == [row["activity"] for row in rows]
    for row, phase in zip(rows, plan, strict=True):
        assert phase.line.text("actors") == row["actors_filled"]
        if not row["month_from"]:
            assert phase.windows == ()
            continue
        first, last = int(row["month_from"]), int(row["month_to"])
        begins = 2018 if first >= 6 else 2019
        ends = begins + (last < first)
        assert phase.windows == ((date(begins, first, 1), last_day(ends, last)),)
    assert len(rows) == 20


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (date(2018, 5, 31), {Standing.TO_DO: 19, Standing.UNDER_WAY: 1}),
        (date(2018, 9, 15), {Standing.SOON: 3, Standing.UNDER_WAY: 4, Standing.TO_DO: 13}),
        (date(2019, 1, 15), {Standing.OVERDUE: 13, Standing.SOON: 4, Standing.UNDER_WAY: 2, Standing.TO_DO: 1}),
        (date(2019, 3, 1), {Standing.OVERDUE: 19, Standing.UNDER_WAY: 1}),
    ],
)
def test_the_plan_s_phases_at_a_date(plan, at, expected):
    """Counted by hand on the printed months: on 15/09/2018 three end on the 30th, four run (three to October, one from June)."""
    found = {}
    for phase in plan:
        found[phase.standing(at)] = found.get(phase.standing(at), 0) + 1
    assert found == expected


def test_the_report_s_phases(report):
    monitoring = report["Monitoraggio periodico sui risultati della performance organizzativa"]
    assert [ends for _, ends in monitoring.windows] == [date(2017, 6, 30), date(2017, 9, 30), date(2017, 12, 31)]
    assert report["Bilancio consuntivo"].windows == ((date(2018, 4, 1), date(2018, 5, 31)),)
    assert report["Approvazione Relazione sulla performance"].windows == ((date(2018, 5, 1), date(2018, 6, 30)),)
    half_yearly = [phase for phase in report.values() if phase.timing.kind is TimingKind.PERIODIC]
    assert len(half_yearly) == 3
    assert {phase.windows for phase in half_yearly} == {
        ((date(2017, 1, 1), date(2017, 6, 30)), (date(2017, 7, 1), date(2017, 12, 31)))
    }


@pytest.mark.parametrize(
    ("at", "standing", "ends"),
    [
        (date(2017, 3, 1), Standing.TO_DO, date(2017, 6, 30)),
        (date(2017, 6, 10), Standing.SOON, date(2017, 6, 30)),
        (date(2017, 7, 1), Standing.TO_DO, date(2017, 9, 30)),
        (date(2018, 1, 1), Standing.OVERDUE, date(2017, 12, 31)),
    ],
)
def test_of_several_terms_the_next_counts(report, at, standing, ends):
    phase = report["Monitoraggio periodico sui risultati della performance organizzativa"]
    assert (phase.standing(at), phase.window(at)[1]) == (standing, ends)


def test_a_periodic_phase_is_never_overdue(report):
    phase = report["Aggiornamento Piano della Performance"]
    found = {phase.standing(date(2017, 1, 1) + timedelta(days=n)) for n in range(800)}
    assert Standing.OVERDUE not in found
    assert {Standing.UNDER_WAY, Standing.SOON} <= found


def test_without_a_date_or_a_year_nothing_is_told(report, workbooks):
    assert {phase.standing(None) for phase in report.values()} == {Standing.UNKNOWN}
    undated = list(phases(book_of(workbooks / REPORT), None))
    assert {phase.problem for phase in undated} == {"anno non indicato (--anno)"}
    assert {phase.standing(date(2018, 1, 1)) for phase in undated} == {Standing.UNKNOWN}


# -- the filled template ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(workbooks, tmp_path_factory):
    return deadlines(workbooks, tmp_path_factory.mktemp("scadenzario"))


@pytest.fixture(scope="module")
def book(filled):
    reader = Reader()
    for grid in read_grids(filled)[0]:
        reader.take(grid)
    assert reader.findings == []
    return Book(reader.statements)


def test_what_is_recorded_as_done_is_never_late(book):
    at = date(2019, 10, 1)
    found = {phase.line.title: phase.standing(at) for phase in phases(book, None)}
    assert found == {
        "Analisi del contesto": Standing.DONE,
        "Approvazione RPP": Standing.OVERDUE,
        "Rilevazione": Standing.OVERDUE,  # one date for three terms: the second isn't done
        "Report": Standing.UNDER_WAY,
        "Aggiornamento": Standing.UNDER_WAY,
        "Valutazione": Standing.UNKNOWN,
        "Relazione": Standing.UNDER_WAY,
    }
    done = next(phase for phase in phases(book, None) if phase.line.title == "Analisi del contesto")
    assert {done.standing(date(2015, 1, 1) + timedelta(days=30 * n)) for n in range(120)} == {Standing.DONE}


def test_findings_of_the_deadlines(book):
    found = [(f.code, f.cell) for f in schedule_findings(book, date(2019, 10, 1), None)]
    rows = {title: f"B{phase.line.row}" for phase in phases(book, None) for title in [phase.line.title]}
    assert [code for code, _ in found] == ["PX-C025", "PX-C025", "PX-C024"]
    assert [int(cell[1:]) for _, cell in found] == [int(rows[t][1:]) for t in ("Approvazione RPP", "Rilevazione", "Valutazione")]
    assert [f.code for f in schedule_findings(book, None, None)] == ["PX-C024"], "without --al nothing is overdue"


def test_without_the_column_of_what_is_done_nothing_is_a_finding(workbooks):
    assert schedule_findings(book_of(workbooks / PLAN), date(2019, 3, 1), 2019) == []


def test_the_tab_follows_its_own_date(filled, tmp_path, libreoffice):
    """The standing is a native formula over the cell of the reference date: at another date it says what Python says there."""
    c = consolidate(filled, method="massacarrara-2019", as_of=date(2019, 10, 1))
    path = c.write(tmp_path / "c.xlsx")
    cells = libreoffice.recalculated(path)["Scadenzario"]
    date_cell = next(at for at, value in cells.items() if value == "Data di riferimento (--al)")
    below = f"{date_cell[0]}{int(date_cell[1:]) + 1}"
    state = next(at for at, value in cells.items() if value == "Stato")
    rows = range(int(state[1:]) + 1, int(state[1:]) + 1 + len(PHASES))
    assert [cells.get(f"{state[0]}{row}") or "" for row in rows] == [
        "● fatta", "○ scaduta", "○ scaduta", "◔ in corso", "◔ in corso", "", "◔ in corso",
    ]  # fmt: skip
    counts = [cells[f"{chr(ord(below[0]) + n)}{below[1:]}"] for n in range(1, 6)]
    assert counts == [2, 0, 3, 0, 1]
    moved = libreoffice.recalculated(path, {("Scadenzario", below): date(2018, 12, 10)})["Scadenzario"]
    assert moved[f"{state[0]}{rows[1]}"] == "◐ in scadenza"
    moved = libreoffice.recalculated(path, {("Scadenzario", below): date(2018, 9, 1)})["Scadenzario"]
    assert moved[f"{state[0]}{rows[1]}"] == "– da fare"


@given(st.dates(date(2017, 1, 1), date(2020, 12, 31)))
def test_a_phase_goes_through_its_standings_in_order(at):
    """October to January: to do, under way, about to fall due for the last days, overdue for ever."""
    from perfxl.grammar.timing import parse_timing
    from perfxl.statements.schedule import Phase

    timing = parse_timing("Ott-Gen")
    phase = Phase(None, timing, timing.dated(2018, 6), (), recorded=False)
    ends = date(2019, 1, 31)
    if at > ends:
        expected = Standing.OVERDUE
    elif at >= ends - timedelta(days=SOON):
        expected = Standing.SOON
    elif at >= date(2018, 10, 1):
        expected = Standing.UNDER_WAY
    else:
        expected = Standing.TO_DO
    assert phase.standing(at) is expected
