"""docs/grammatica.md is true: its examples are run, and its admitted differences are the test's."""

from __future__ import annotations

import pytest

from grammar.admitted import ADMITTED
from perfxl.grammar import parse_result, parse_target

SECTIONS = {"Target": 6, "Risultati": 4, "Il corpus di Massa-Carrara 2019": 6}


@pytest.fixture(scope="module")
def tables(repository) -> dict[str, list[list[str]]]:
    """The rows of the page's tables, by section."""
    section, rows = "", {}
    for line in (repository / "docs" / "grammatica.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("| `"):
            rows.setdefault(section, []).append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return rows


def shown(value) -> str:
    if getattr(value, "low", None) is not None:
        return f"{value.low}–{value.high}"
    if value.value is not None:
        return str(value.value)
    return " ".join(map(str, getattr(value, "numbers", ()) or value.dates))


def test_the_page_has_its_tables(tables):
    assert {name: len(rows[0]) for name, rows in tables.items()} == SECTIONS
    assert len(tables["Target"]) > 30


def test_the_targets_of_the_page(tables):
    for text, algorithm, *expected in tables["Target"]:
        target = parse_target(text, algorithm=algorithm, year=2019)
        assert [str(target.kind), target.operator or "", shown(target), target.unit or ""] == expected, text


def test_the_results_of_the_page(tables):
    for text, *expected in tables["Risultati"]:
        result = parse_result(text, year=2019)
        assert [str(result.kind), shown(result), result.unit or ""] == expected, text


def test_the_differences_of_the_page(tables):
    rows = tables["Il corpus di Massa-Carrara 2019"]
    assert {tuple(row[:5]) for row in rows} == ADMITTED
    assert all(len(row[5]) > 40 for row in rows)
