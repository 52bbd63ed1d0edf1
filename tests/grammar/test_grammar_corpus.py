"""The hand-read corpus of Massa-Carrara 2019: all 159 rows, each at every line where it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from grammar.admitted import ADMITTED
from perfxl.grammar import parse_result, parse_target

RESULT_KINDS = {"result_pct": "percent", "result_value": "number", "result_date": "date", "dirty": "unreadable"}


@dataclass(frozen=True)
class Reading:
    kind: str
    operator: str
    value: Decimal | None
    unit: str
    dates: str
    period: str


def expected_of(row) -> Reading:
    value = Decimal(row["value"]) if row["value"] else None
    return Reading(RESULT_KINDS.get(row["kind"], row["kind"]), row["operator"], value, row["unit"], row["dates"], row["period"])


def reading_of(value) -> Reading:
    days = ";".join(day.isoformat() for day in value.dates)
    operator, period = getattr(value, "operator", None), getattr(value, "period", None)
    return Reading(str(value.kind), operator or "", value.value, value.unit or "", days, period or "")


@pytest.fixture(scope="module")
def algorithms(golden) -> dict[str, str]:
    """The *Algoritmo* text at each line of the document."""
    tables = ("indicators", "dashboards", "sg_objectives")
    return {row["source_line"]: row["algorithm_text"] for name in tables for row in golden(f"massacarrara-2019/{name}")}


@pytest.fixture(scope="module")
def corpus(golden) -> list[dict[str, str]]:
    return golden("massacarrara-2019/targets_corpus")


def test_the_corpus_is_whole(corpus):
    roles = [row["role"] for row in corpus]
    assert len(corpus) == 159
    assert roles.count("algorithm") + roles.count("target") == 148
    assert sum(row["kind"] in {"result_pct", "result_value", "result_date"} for row in corpus) == 10
    assert [row["source_text"] for row in corpus if row["kind"] == "dirty"] == ["00/01/1900"]


def test_algorithms_and_targets_read_as_by_hand(corpus, algorithms):
    checked, wrong = 0, []
    for row in corpus:
        for text, algorithm, year in _occurrences(row, algorithms):
            checked += 1
            got = parse_target(text, algorithm=algorithm, year=year)
            if reading_of(got) != expected_of(row):
                wrong.append((text, algorithm, year, expected_of(row), got))
    assert not wrong
    assert checked == 492  # the 78 algorithms once, the 70 targets at every line and year that they are printed for


def _occurrences(row, algorithms):
    if row["role"] == "algorithm":
        return [(row["source_text"], "", 2019)]
    if row["role"] != "target":
        return []
    years = [int(year) for year in row["target_years"].split(";")]
    return [(row["source_text"], algorithms[line], year) for line in row["source_lines"].split() for year in years]


def test_results_read_as_by_hand(corpus):
    differences, checked = set(), 0
    for row in corpus:
        if row["kind"] not in RESULT_KINDS:
            continue
        checked += 1
        got, expected = reading_of(parse_result(row["source_text"], year=2019)), expected_of(row)
        names = ("kind",) if row["kind"] == "dirty" else ("kind", "value", "unit", "dates")
        for name in names:
            if getattr(got, name) != getattr(expected, name):
                differences.add((row["source_text"], row["role"], name, str(getattr(expected, name)), str(getattr(got, name))))
    assert checked == 11
    assert differences == ADMITTED


def test_the_dirty_one_says_why():
    result = parse_result("00/01/1900", year=2019)
    assert not result.measured
    assert result.problem == "data zero (00/01/1900)"
