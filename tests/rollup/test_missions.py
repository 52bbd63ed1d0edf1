"""The tree by mission and programme: every objective once, figures from the printed project means."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

from perfxl.methods import load_method
from perfxl.pipeline import consolidate


def lines_of(c):
    return {(line.level, line.code): line for line in c.missions}


def test_the_missions_and_programmes_are_those_of_the_report(lucca, golden):
    printed = [row["path"] for row in golden("lucca-2017/tree") if row["level"] in {"missione", "programma"}]
    found = [line.code for line in lucca.missions if line.level != "obiettivo"]
    assert sorted(set(found)) == sorted(set(printed))
    assert len(found) == len(set(found)), "una missione stampata in due punti è una sola"


def test_every_printed_objective_stands_under_its_programme(lucca, golden):
    printed = Counter(row["path"] for row in golden("lucca-2017/tree") if row["level"] == "obiettivo_strategico")
    programme, found = "", Counter()
    for line in lucca.missions:
        if line.level == "programma":
            programme = line.code
        elif line.level == "obiettivo":
            found[f"{programme}/{line.code}"] += 1
    assert found == printed


def test_an_objective_in_quota_parte_counts_once(lucca):
    shares: dict[str, Fraction] = {}
    for line in lucca.missions:
        if line.level == "obiettivo":
            shares[line.code] = shares.get(line.code, Fraction(0)) + line.share
    assert set(shares.values()) == {Fraction(1)}
    parts = [(line.share, line.projects) for line in lucca.missions if line.code == "2E"]
    assert parts == [
        (Fraction(3, 5), ("2E0101", "2E0103", "2E0104")),
        (Fraction(1, 5), ("2E0105",)),
        (Fraction(1, 5), ("2E0102",)),
    ]
    assert sum(line.cover.total for line in lucca.missions if line.level == "missione") == 123  # the tree's, each once


def test_figures_by_hand(lucca):
    """011: 1A, 1B, 2D and three fifths of 2E at 100, 2C 97.77, 3E 98.33: 556.1 over 5.6, truncated."""
    found = lines_of(lucca)
    assert found["missione", "011"].cover.shown == Decimal("99.30")
    assert found["missione", "012"].cover.shown == Decimal("100.00")
    assert found["missione", "032"].cover.shown == Decimal("100.00")


def test_the_profile_may_count_it_whole_under_its_first_programme(workbooks):
    method = load_method("lucca-2017")
    rollup = method.rollup.model_copy(update={"shared_objective": "first_programme"})
    c = consolidate([workbooks / "lucca-2017"], method=method.model_copy(update={"rollup": rollup}))
    assert [line.share for line in c.missions if line.code == "2E"] == [1, 0, 0]
    assert lines_of(c)["missione", "016"].cover.pct is None, "il solo obiettivo conta altrove"
    assert lines_of(c)["missione", "011"].cover.shown == Decimal("99.35")  # 596.1 over 6


def test_without_missions_in_the_sheets_there_is_nothing(massacarrara):
    assert massacarrara.missions == ()
