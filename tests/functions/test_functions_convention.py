"""How a bare number is read (docs/funzioni.md): the same figure as for the cell with its format, or a question; never a guess."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from functions.cells import call, cell, column
from perfxl.functions.cells import Untyped
from perfxl.model import Cell, CellKind, cell_of
from perfxl.scoring import achievement

ASKED = {"ambiguo: numero o percentuale", "ambiguo: numero o data"}


def percent(fraction):
    return cell_of(Decimal(fraction), number_format="0.00%")


# Result as the sheet has it, and as a UDF gets it.
RESULTS = [
    *((percent(text), float(text)) for text in ("0", "0.034", "0.5", "0.74", "1", "1.2")),
    *((cell_of(Decimal(text)), float(text)) for text in ("2", "3", "12", "15", "74", "98.5", "482132.39")),
    (cell_of(datetime(2019, 6, 28)), datetime(2019, 6, 28)),
    *((cell_of(text), text) for text in ("74%", "giugno", "3,8 gg", "N.C.", "rinvio", "n. 1", "realizzato")),
]


@pytest.mark.parametrize(
    ("method", "table"),
    [("massacarrara-2019", "dashboards"), ("massacarrara-2019", "targets_corpus"), ("lucca-2017", "dashboards")],
)
def test_whatever_the_command_line_scores_is_scored_the_same_or_asked_about(golden, method, table):
    pairs = sorted({targets_of(row) for row in golden(f"massacarrara-2019/{table}")} - {("", "")})
    results = RESULTS if table == "dashboards" else RESULTS[3:12:2]
    rows = [(typed, bare, *pair) for pair in pairs for typed, bare in results]
    blocks = [column(*values) for values in list(zip(*rows, strict=True))[1:]]
    seen = 0
    for (typed, _, target, algorithm), [value] in zip(rows, call("PX_REALIZZAZIONE", *blocks, method), strict=True):
        expected = achievement(target, typed, method=method, algorithm=algorithm)
        if typed.kind is CellKind.PERCENT and method != "lucca-2017" and expected.target.unit != "%":
            continue  # a percent against a count: the command line sees two units, a bare number is a count
        if expected.pct is None:
            assert isinstance(value, str), (target, algorithm, typed.text)
        else:
            assert value in ASKED or value == float(expected.pct / 100), (target, algorithm, typed.text)
            seen += value not in ASKED
    assert seen > 100


def targets_of(row):
    return (row["target_2019"], row["algorithm_text"]) if "target_2019" in row else (row["source_text"], "")


@pytest.mark.parametrize(
    ("result", "target", "algorithm", "expected"),
    [
        (0.74, ">= 80%", None, "37/40"),
        (0.74, 0.8, None, "37/40"),
        (1.0, ">= 80%", None, "1"),
        (1.0, "= 100,00 %", None, "1"),
        (0.0, ">= 80%", None, "0"),
        (74.0, ">= 80%", None, "37/40"),
        (74, ">= 80%", None, "37/40"),
        (98.5, ">= 100%", None, "197/200"),
        (0.6, 0.6, "% riscossione Diritto Annuale > 60%", "1"),
        (0.3, 0.6, "% riscossione Diritto Annuale > 60%", "1/2"),
        (0.3, 0.5, "% riscossione Diritto Annuale > 60%", "3/5"),  # the year's own target, another than the algorithm's
        (3.85, "380% - 390%", None, "1"),
        (385.0, "380% - 390%", None, "1"),
        (3.0, 12.0, "n. newsletter >= 12", "1/4"),
        (3.0, 12.0, None, "1/4"),
        (1.0, 12.0, None, "1/12"),
        (0.5, 2.0, "media dei giudizi >= 2", "1/4"),
        (1.0, "n. 2 progetti", None, "1/2"),
        (0.2, ">= 0,20 N.", None, "1"),
        (1.0, "realizzazione", None, "1"),
        (0.5, "realizzazione", None, "0"),
        (43646.0, "entro il 30/06/2019", None, "1"),
        (43647.0, "entro il 30/06/2019", None, "0"),
        (datetime(2019, 6, 30), 43646.0, None, "1"),
        (43640.0, 43646.0, "data presentazione entro 30/06/2019", "1"),
        (43640.0, 43700.0, "data presentazione entro 30/06/2019", "1"),
        ("74%", 0.8, None, "37/40"),
        (43155.0, 43000.0, None, "1"),  # a count of firms: Excel gives dates as dates
    ],
)
def test_a_bare_number_against_a_target(result, target, algorithm, expected):
    assert cell("PX_REALIZZAZIONE", result, target, algorithm) == float(Fraction(expected))


@pytest.mark.parametrize(
    ("result", "target"),
    [(2.5, "<= 5%"), (1.85, ">= 80%"), (74.0, 0.8), (98.0, 1.0), (0.74, 80.0)],
)
def test_two_readings_with_different_percents_are_asked_about(result, target):
    assert cell("PX_REALIZZAZIONE", result, target) == "ambiguo: numero o percentuale"
    assert "scrivere «74%»" in cell("PX_SPIEGA", result, target)


def test_two_readings_with_the_same_percent_are_not():
    assert cell("PX_REALIZZAZIONE", 120.0, 1.0) == 1.0  # 120 of 1, or 120 % of 100 %: full either way
    assert cell("PX_REALIZZAZIONE", 9.5, ">= 5%") == 1.0


def test_lucca_s_bare_fraction_is_the_declared_percent():
    assert cell("PX_REALIZZAZIONE", 1.0, "attività di alerting: almeno 12 interventi.", None, "lucca-2017") == 1.0
    assert cell("PX_REALIZZAZIONE", "n. 1", "attività di alerting: almeno 12 interventi.", None, "lucca-2017") == 0.0
    assert cell("PX_REALIZZAZIONE", 0.74, "testo senza target", None, "lucca-2017") == 0.74


@pytest.mark.parametrize(("result", "target"), [(43640.0, 43646.0), (43700.0, 43646.0)])
def test_a_host_that_hides_dates_is_asked_for_the_algorithm(result, target):
    assert cell("PX_REALIZZAZIONE", Untyped(result), Untyped(target)) == "ambiguo: numero o data"
    assert "colonna Algoritmo" in cell("PX_SPIEGA", Untyped(result), Untyped(target))
    assert cell("PX_REALIZZAZIONE", Untyped(result), Untyped(target), "n. imprese >= 43000") == min(1.0, result / target)
    dated = "data di presentazione entro il 30/06/2019"
    assert cell("PX_REALIZZAZIONE", Untyped(result), Untyped(target), dated) == float(result <= target)


def test_numbers_far_from_the_plan_s_year_are_numbers_in_any_host():
    assert cell("PX_REALIZZAZIONE", Untyped(36000), Untyped(72000)) == 0.5
    assert cell("PX_REALIZZAZIONE", Untyped(0.74), ">= 80%") == 0.925


def test_a_cell_with_its_format_needs_no_convention():
    share = Cell(CellKind.PERCENT, Decimal("0.8"), number_format="0%")
    assert cell("PX_REALIZZAZIONE", Cell(CellKind.NUMBER, Decimal(74), number_format="0"), share) == 0.925
    assert cell("PX_REALIZZAZIONE", Cell(CellKind.PERCENT, Decimal("2.5"), number_format="0%"), ">= 80%") == 1.0
    assert cell("PX_REALIZZAZIONE", Cell(CellKind.PERCENT, Decimal("0.5"), number_format="0%"), "n. 3") == "unità diverse"


def test_the_explanation_says_how_a_number_was_read():
    assert "Il numero 0,74 è letto come 74%" in cell("PX_SPIEGA", 0.74, ">= 80%")
    assert "Il numero 43646 è letto come 30/06/2019" in cell("PX_SPIEGA", 43646.0, "entro il 30/06/2019")
    assert "letto come" not in cell("PX_SPIEGA", "74%", ">= 80%")
