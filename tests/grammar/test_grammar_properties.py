"""What holds for every text and every value."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.grammar import (
    find_targets,
    format_target,
    looks_like_formula,
    normalise_code,
    normalise_offices,
    normalise_people,
    parse_result,
    parse_target,
    quoted_sum,
    quoted_values,
)
from perfxl.model import Target, TargetKind

WORDS = [
    ">=", "<=", ">", "<", "=", "=>", "≥", "almeno", "non superiore a", "inferiore a", "entro", "il", "e", "al", "del", "tra", "da", "a", "rispetto al",
    "2016", "80", "15,00", "1.234", "3", "tre", "%", "gg", "€", "n.", "N.", "(", ")", "-", "/", ",", ".", "31/12/2019", "30/06", "31/02", "00/01/1900",
    "giugno", "aprile 2019", "report", "realizzazione", "aumento", "riduzione", "progetti", "di cui", "N.C.", "rinvio", "non", "realizzato", "1e5",
    "quadrimestre", "<p>", "</p>", "\xa0", "anno precedente", "1.2.3", "o più", "10-12",
]  # fmt: skip
office_text = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.lists(st.sampled_from(WORDS), max_size=6).map(
    "".join
)
anything = (
    st.text(max_size=60)
    | office_text
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.datetimes()
)
years = st.none() | st.integers(1990, 2090)


@settings(max_examples=400, deadline=None)
@given(anything, office_text, years)
def test_a_target_is_read_or_refused_with_a_reason(value, algorithm, year):
    target = parse_target(value, algorithm=algorithm, year=year)
    assert (target.kind is not TargetKind.UNREADABLE) or target.problem
    for number in (target.value, target.low, target.high):
        assert number is None or (isinstance(number, Decimal) and number.is_finite())
    assert target.operator in {None, ">=", "<=", ">", "<", "="}
    if target.kind is TargetKind.RANGE:
        assert target.low <= target.high
    if target.kind is TargetKind.MULTI_DEADLINE:
        assert len(target.dates) > 1 or target.problem


@settings(max_examples=400, deadline=None)
@given(anything, years)
def test_a_result_is_read_or_refused_with_a_reason(value, year):
    result = parse_result(value, year=year)
    assert bool(result.problem) is (result.kind in {"unreadable", "narrative"})
    assert result.value is None or (isinstance(result.value, Decimal) and result.value.is_finite())
    if result.kind in {"percent", "number", "variation"}:
        assert result.value is not None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | office_text, years)
def test_the_rest_never_raises(text, year):
    assert all(target.kind is not TargetKind.UNREADABLE for target in find_targets(text, year=year))
    for function in (normalise_code, normalise_offices, normalise_people, quoted_values, quoted_sum):
        function(text)


def core(target: Target) -> tuple:
    return target.kind, target.operator, target.value, target.low, target.high, target.unit, target.dates


@settings(max_examples=300, deadline=None)
@given(office_text, years, st.sampled_from(["\xa0", "  ", "\u2009", "\n"]))
def test_case_and_blanks_do_not_matter(text, year, blank):
    if looks_like_formula(text) or looks_like_formula(text.upper()):
        return
    read = parse_target(text, year=year)
    assert core(parse_target(text.upper(), year=year)) == core(read)
    assert core(parse_target(f" {text.replace(' ', blank)} ", year=year)) == core(read)
    result = parse_result(text, year=year)
    assert replace(parse_result(f"{text.upper()} ", year=year), text="", problem="") == replace(result, text="", problem="")


@given(
    st.sampled_from([">=", "<=", ">", "<", "="]),
    st.decimals(-9999, 9999, places=2),
    st.sampled_from(["%", " %", "", " gg", "gg"]),
)
def test_spacing_around_the_operator_does_not_matter(operator, value, unit):
    number = str(value).replace(".", ",")
    spread = " ".join(operator)
    readings = {core(parse_target(f"{sign}{blank}{number}{unit}")) for sign in (operator, spread) for blank in ("", " ", "\xa0")}
    assert len(readings) == 1
    (reading,) = readings
    assert (reading[1], reading[2]) == (operator, value)


numbers = st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(lambda number: number + 0)
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
operators = st.sampled_from([">=", "<=", ">", "<"])


def ranges(ends):
    low, high = sorted(ends[:2])
    return Target(TargetKind.RANGE, low=low, high=high, unit=ends[2])


units = st.sampled_from(["%", "n.", "gg", "€"])
targets = st.one_of(
    st.builds(lambda o, v, u: Target(TargetKind.THRESHOLD, o, v, unit=u), operators, numbers, units),
    st.builds(lambda o, v, d: Target(TargetKind.THRESHOLD, o, v, unit="n.", dates=(d,)), operators, numbers, days),
    st.builds(lambda v, u: Target(TargetKind.EQUALITY, "=", v, unit=u), numbers, units),
    st.builds(lambda v, u: Target(TargetKind.COUNT, None, v, unit=u), numbers.map(abs), st.sampled_from(["n.", "gg", "€"])),
    st.builds(lambda v, p: Target(TargetKind.DAYS_WITHIN, "<=", v, unit="gg", period=p), numbers.filter(lambda v: v >= 0), st.sampled_from([None, "quadrimestre", "mese"])),
    st.builds(ranges, st.tuples(numbers, numbers, st.sampled_from(["%", "n.", "gg"]))),
    st.builds(lambda o, d: Target(TargetKind.DEADLINE, o, unit="data", dates=(d,)), st.sampled_from(["<=", "<", "=", None]), days),
    st.builds(lambda d: Target(TargetKind.MULTI_DEADLINE, "<=", unit="data", dates=tuple(d)), st.lists(days, min_size=2, max_size=4, unique=True)),
    st.builds(lambda v, y: Target(TargetKind.RELATIVE, None, v, unit="%", reference=str(y)), numbers, st.integers(2000, 2090)),
    st.builds(lambda o, v: Target(TargetKind.RELATIVE, o, v, unit="%"), st.sampled_from([None, ">="]), numbers.filter(lambda v: v >= 0)),
    st.builds(lambda o, r: Target(TargetKind.RELATIVE, o, reference=r), st.sampled_from([">", "<"]), st.sampled_from(["2016", "anno precedente"])),
    st.sampled_from([Target(TargetKind.MILESTONE), Target(TargetKind.MILESTONE, value=Decimal(1), unit="n."), Target(TargetKind.NONE)]),
    st.sampled_from([Target(TargetKind.NONE, unit=unit) for unit in ("%", "n.", "data", "€", "gg")]),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(targets)
def test_what_is_written_is_read_back(target):
    written = format_target(target)
    read = parse_target(written)
    assert core(read) == core(target), written
    assert (read.period, read.reference) == (target.period, target.reference)
    assert format_target(read) == written


@pytest.mark.parametrize(
    "text",
    ["a" * 30000, "entro " * 5000, "(" * 30000, "1" * 30000, "1." * 15000, "aumento " * 4000, "a 1,5 " * 5000, ">= " * 10000, "giugno " * 4500, "1/2/" * 8000, "fonte ( " * 4000, ">= 1 " * 6000, "entro 5 gg " * 2700, "oltre 5 " * 4000, "5 al massimo " * 2300, "3 e 4 " * 5000],
)  # fmt: skip
def test_a_cell_full_of_text_does_not_stop_the_run(text):
    """Excel lets a cell hold 32,767 characters; no pattern may go quadratic on them."""
    start = time.process_time()
    parse_target(text, year=2019)
    parse_result(text, year=2019)
    find_targets(text, year=2019)
    assert time.process_time() - start < 5
