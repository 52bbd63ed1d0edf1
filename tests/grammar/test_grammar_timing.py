"""Timings of the phases, as the plans print them: months and years from the documents, never from our own reading."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.grammar.dates import MONTHS
from perfxl.grammar.timing import TimingKind, parse_timing

GOLDEN = Path(__file__).parents[1] / "golden"


def _rows(name):
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_phases_of_massa_carrara_have_the_months_of_the_golden_table():
    checked = 0
    for row in _rows("massacarrara-2019/phases"):
        timing = parse_timing(row["timing"])
        if not row["month_from"]:
            assert (row["timing"], timing.kind) == ("In itinere", TimingKind.CONTINUOUS)
            continue
        [window] = timing.windows
        assert window.first is not None
        assert (window.first.month, window.last.month) == (int(row["month_from"]), int(row["month_to"])), row
        checked += 1
    assert checked == 19


# Lucca, Relazione 2017, section 5 (lines 695-705): how each printed text reads
LUCCA = {
    "Giugno Settembre Dicembre": [(6, 6), (9, 9), (12, 12)],
    "Semestrale": 6,
    "Aprile - Maggio": [(4, 5)],
    "Aprile": [(4, 4)],
    "Maggio": [(5, 5)],
    "Maggio- Giugno": [(5, 6)],
    "Giugno": [(6, 6)],
}


def test_every_phase_of_lucca_reads():
    texts = {row["tempi"] for row in _rows("lucca-2017/cycle_phases")}
    assert texts == set(LUCCA)
    for text, expected in LUCCA.items():
        timing = parse_timing(text)
        if isinstance(expected, int):
            assert (timing.kind, timing.months) == (TimingKind.PERIODIC, expected)
        else:
            assert [(window.first.month, window.last.month) for window in timing.windows] == expected


# Lucca, Piano 2018, section 6 (lines 7321-7405)
@pytest.mark.parametrize(
    ("text", "expected"),
    [("settembre/ottobre", (9, 10)), ("novembre/dicembre", (11, 12)), ("gennaio/febbraio", (1, 2)), ("ottobre", (10, 10))],
)
def test_months_with_a_slash_are_a_window(text, expected):
    [window] = parse_timing(text).windows
    assert (window.first.month, window.last.month) == expected


@pytest.mark.parametrize(
    ("text", "year", "first_month", "expected"),
    [
        ("Giu-Set", 2018, 6, [(date(2018, 6, 1), date(2018, 9, 30))]),
        ("Ott-Gen", 2018, 6, [(date(2018, 10, 1), date(2019, 1, 31))]),
        ("Gen - Feb", 2018, 6, [(date(2019, 1, 1), date(2019, 2, 28))]),
        ("Feb", 2019, 6, [(date(2020, 2, 1), date(2020, 2, 29))]),
        ("Semestrale", 2017, 1, [(date(2017, 1, 1), date(2017, 6, 30)), (date(2017, 7, 1), date(2017, 12, 31))]),
        ("dicembre, giugno", 2017, 1, [(date(2017, 6, 1), date(2017, 6, 30)), (date(2017, 12, 1), date(2017, 12, 31))]),
        ("entro aprile", 2018, 1, [(None, date(2018, 4, 30))]),
        ("entro il 31/01/2019", 2015, 1, [(None, date(2019, 1, 31))]),
        ("ott-gen 2019", 2015, 1, [(date(2018, 10, 1), date(2019, 1, 31))]),
        ("da giugno a settembre", 2018, 1, [(date(2018, 6, 1), date(2018, 9, 30))]),
        ("In itinere", 2018, 1, []),
    ],
)
def test_dates(text, year, first_month, expected):
    assert list(parse_timing(text).dated(year, first_month)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "quando possibile",
        "giugno o luglio",
        "prima di giugno",
        "da giugno",
        "giugno,",
        "marzo-",
        "31/02",
        "15/13",
        "giugno circa",
        "6",
    ],
)
def test_what_is_not_certain_is_not_read(text):
    timing = parse_timing(text)
    assert timing.kind is TimingKind.UNREADABLE
    assert text in timing.problem
    assert timing.dated(2019) == ()


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "n.d."])
def test_nothing_is_nothing(text):
    assert parse_timing(text).kind is TimingKind.NONE


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    timing = parse_timing(text)
    assert (timing.problem is not None) is (timing.kind is TimingKind.UNREADABLE)
    assert bool(timing.windows) is (timing.kind is TimingKind.WINDOWS)


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from([" - ", "-", "/", " – ", " a "]),
    st.booleans(),
    st.integers(2000, 2060),
    st.integers(1, 12),
)
def test_a_window_begins_before_it_ends(first, last, link, short, year, first_month):
    names = [MONTHS[month - 1][:3] if short else MONTHS[month - 1] for month in (first, last)]
    [(begins, ends)] = parse_timing(link.join(names)).dated(year, first_month)
    assert (begins.month, ends.month) == (first, last)
    assert begins < ends
    assert date(year, first_month, 1) <= begins < date(year + 1, first_month, 28)
    assert (ends - begins).days < 366
