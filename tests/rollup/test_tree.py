"""METHODS, from the indicators to the body: weighted means, 60/40, worst of, rounding at each level, what blocks."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.model import NodeRule, RowLevel, SheetRole, State
from rollup.builders import codes, counting, found, indicator, job, nodes, objective, percent_cell, percents, sheet


def strategic(result, code="S1.1.1-a", owner="1.1", **more):
    return indicator(code, owner, ">= 100", result, strategic=True, **more)


def operational(result, code="O1.1.1-a", owner="1.1.1", **more):
    return indicator(code, owner, ">= 100", result, **more)


@pytest.mark.parametrize(
    ("own", "beneath", "takes_all", "blocks"),
    [
        ("0", "62,5", "25", "25"),
        ("100", "0", "60", "60"),
        (None, "80", "80", None),
        ("70", None, "70", None),
        (None, None, None, None),
    ],
)
def test_60_40(own, beneath, takes_all, blocks):
    for policy, expected in (("other_takes_all", takes_all), ("blocks", blocks)):
        done = job(sheet("U1.1", strategic(own), operational(beneath)), rollup={"missing_part": policy})
        node = nodes(done)["1.1"]
        assert node.pct == (None if expected is None else Fraction(expected)), policy
        assert node.rule is NodeRule.OWN_AND_CHILDREN
        assert (node.own_pct, node.children_pct) == tuple(
            None if x is None else Fraction(x.replace(",", ".")) for x in (own, beneath)
        )


def test_other_shares():
    shares = {"own_pct": Decimal("66.7"), "children_pct": Decimal("33.3")}
    done = job(sheet("U1.1", strategic("100"), operational("0")), rollup=shares)
    assert percents(done)["1.1"] == Fraction("66.7")


def test_the_levels_above_are_means_of_the_measured():
    rows = [
        operational("100"),
        operational("50", "O1.2.1-a", "1.2.1"),
        operational("0", "O2.1.1-a", "2.1.1"),
        operational(None, "O3.1.1-a", "3.1.1"),
    ]
    got = percents(job(sheet("U1.1", *rows)))
    assert {code: got[code] for code in ("1.1", "1.2", "OB1", "OB2", "OB3", "ENTE")} == {
        "1.1": 100,
        "1.2": 50,
        "OB1": 75,
        "OB2": 0,
        "OB3": None,
        "ENTE": Fraction(75, 2),  # OB3 is left out
    }


def test_coverage_counts_each_indicator_once():
    done = job(
        sheet("U1.1", strategic("100"), operational(None)),
        sheet("PO2", operational(None)),
        sheet("U2.1", operational("50", "O1.1.2-a", "1.1.2")),
    )
    assert {code: (node.measured, node.total) for code, node in nodes(done).items()} == {
        "ENTE": (2, 3),
        "OB1": (2, 3),
        "1.1": (2, 3),
        "1.1.1": (0, 1),
        "1.1.2": (1, 1),
    }


@pytest.mark.parametrize(
    ("weights", "expected"), [((None, None), "50"), ((1, 3), "25"), ((Decimal("0.5"), Decimal("0.3")), "62.5"), ((30, 10), "75")]
)
def test_weights(weights, expected):
    rows = [operational("100", weight=weights[0]), operational("0", "O1.1.1-b", weight=weights[1])]
    assert percents(job(sheet("U1.1", *rows), rollup={"indicators": "weighted_mean"}))["1.1.1"] == Fraction(expected)


def test_the_weight_of_the_unmeasured_goes_to_the_others():
    rows = [operational("100", weight=10), operational("40", "O1.1.1-b", weight=20), operational(None, "O1.1.1-c", weight=70)]
    assert percents(job(sheet("U1.1", *rows), rollup={"indicators": "weighted_mean"}))["1.1.1"] == 60


@pytest.mark.parametrize(
    ("key", "code", "mean", "worst"),
    [("indicators", "1.1.1", 75, 50), ("area", "OB1", Fraction(75, 2), 0), ("body", "ENTE", Fraction(275, 4), Fraction(75, 2))],
)
def test_worst_of(key, code, mean, worst):
    rows = [
        operational("100"),
        operational("50", "O1.1.1-b"),
        operational(None, "O1.1.1-c"),
        operational("0", "O1.2.1-a", "1.2.1"),
        operational("100", "O2.1.1-a", "2.1.1"),
    ]
    assert percents(job(sheet("U1.1", *rows)))[code] == mean
    assert percents(job(sheet("U1.1", *rows), rollup={key: "worst"}))[code] == worst


def test_rounding_at_each_level_is_passed_on():
    """Lucca: 99.8667 → 99.86, and the level above starts from 99.86."""
    rows = [operational(value, f"O1.1.1-{letter}") for letter, value in zip("abc", ("99,8", "99,8", "100"), strict=True)]
    rows.append(operational("100", "O1.1.2-a", "1.1.2"))
    cut = percents(job(sheet("U1.1", *rows), rounding={"stage": "each_level", "mode": "truncate"}))
    assert (cut["1.1.1"], cut["1.1"]) == (Fraction("99.86"), Fraction("99.93"))
    exact = percents(job(sheet("U1.1", *rows)))
    assert exact["1.1.1"] == Fraction(2996, 30)
    assert exact["1.1"] == (Fraction(2996, 30) + 100) / 2
    assert str(nodes(job(sheet("U1.1", *rows)))["1.1.1"].shown) == "99.87"


def test_children_only_shows_own_indicators_apart():
    done = job(
        sheet("U1.1", strategic("0"), operational("80")), rollup={"strategic": "children_only", "own_pct": 0, "children_pct": 100}
    )
    node = nodes(done)["1.1"]
    assert (node.pct, node.own_pct, node.rule) == (80, 0, NodeRule.CHILDREN)
    assert "S1.1.1-a" not in counting(done)


def test_a_po_s_strategic_row_that_counts_nowhere_doesn_t_stop_the_job():
    done = job(
        sheet("U1.1", operational("80")),
        sheet("PO2", strategic("50")),
        rollup={"strategic": "children_only", "own_pct": 0, "children_pct": 100},
    )
    assert done.people[0].cover.pct == 50


@pytest.mark.parametrize(("policy", "expected"), [("left_out", 100), ("zero", 50), ("full", 100), ("blocks_parent", None)])
def test_unmeasured_indicators(policy, expected):
    got = percents(job(sheet("U1.1", operational("100"), operational("N.C.", "O1.1.1-b")), not_measured={"policy": policy}))
    assert (got["1.1.1"], got["ENTE"]) == (expected, expected)


def test_only_what_is_above_is_blocked():
    rows = [operational("100"), operational("N.C.", "O1.1.1-b"), operational("60", "O2.1.1-a", "2.1.1")]
    done = job(sheet("U1.1", *rows), not_measured={"policy": "blocks_parent"})
    assert {c: p for c, p in percents(done).items() if p is not None} == {"OB2": 60, "2.1": 60, "2.1.1": 60}
    assert nodes(done)["ENTE"].state is State.UNMEASURED


def test_an_exception_may_block_for_one_code():
    rows = [
        operational("100"),
        operational(None, "O1.1.1-b"),
        operational("60", "O2.1.1-a", "2.1.1"),
        operational(None, "O2.1.1-b", "2.1.1"),
    ]
    done = job(sheet("U1.1", *rows), exceptions=[{"code": "O1.*", "reason": "delibera", "policy": "blocks_parent"}])
    assert (percents(done)["1.1.1"], percents(done)["2.1.1"]) == (None, 60)


def test_what_isn_t_due_doesn_t_block():
    done = job(
        sheet("U1.1", operational("100"), operational(None, "O1.1.1-b")),
        as_of=date(2019, 4, 30),
        not_measured={"policy": "blocks_parent"},
    )
    assert percents(done)["1.1.1"] == 100


@pytest.mark.parametrize(("level", "code"), [("indicator", None), ("operational", "1.1.1"), ("strategic", "1.1")])
def test_thresholds_are_of_each_level(level, code):
    usual = job(sheet("U1.1", operational("85")))
    lenient = job(sheet("U1.1", operational("85")), states={level: {"tolerance": 20, "tolerance_kind": "points", "critical": 50}})
    severe = job(sheet("U1.1", operational("85")), states={level: {"tolerance": 10, "tolerance_kind": "points", "critical": 86}})
    for done, expected in ((usual, State.PARTIAL), (lenient, State.REACHED), (severe, State.NOT_REACHED)):
        item = counting(done)["O1.1.1-a"] if code is None else nodes(done)[code]
        assert item.state is expected


def test_typed_objectives_of_the_body_are_the_headline():
    typed = [
        objective(f"ENTE-{i}", RowLevel.OBJECTIVE, result=value)
        for i, value in enumerate((percent_cell("99.75"), "95%", None), 1)
    ]
    ente = sheet("ENTE", *typed, role=SheetRole.OBJECTIVES)
    done = job(ente, sheet("U1.1", operational("80")), rollup={"headline": "typed_objectives"})
    node = nodes(done)["ENTE"]
    assert (node.pct, node.measured, node.total) == (Fraction("97.375"), 2, 3)
    assert nodes(done)["ALBERO"].pct == 80
    assert nodes(done)["ENTE-1"].rule is NodeRule.TYPED
    assert percents(job(ente, sheet("U1.1", operational("80"))))["ENTE"] == 80  # headline = tree: typed ones are beside it


def test_budgets_are_rounded_as_money_and_must_add_up():
    plan = sheet(
        "PIANO",
        objective("OB1", RowLevel.AREA, budget=Decimal("100.005")),
        objective("1.1", RowLevel.STRATEGIC, "OB1", budget=Decimal("60.00")),
        objective("1.2", RowLevel.STRATEGIC, "OB1", budget=Decimal("40.01")),
        role=SheetRole.PLAN,
    )
    done = job(sheet("U1.1", operational("80")), plan=(plan,))
    assert nodes(done)["OB1"].budget == Decimal("100.01")
    assert found(done, "PX-P004") == []
    cut = job(sheet("U1.1", operational("80")), plan=(plan,), rounding={"money_mode": "truncate"})
    assert nodes(cut)["OB1"].budget == Decimal("100.00")
    assert found(cut, "PX-P004") == ["OB1: € 100,00, somma del livello sottostante € 100,01"]
    assert nodes(job(sheet("U1.1", operational("80")), plan=(plan,), rounding={"money_decimals": 0}))["OB1"].budget == 100


def test_an_objective_without_indicators_is_said():
    done = job(sheet("U1.1", objective("1.3", RowLevel.STRATEGIC, "OB1"), operational("80")))
    assert found(done, "PX-A009") == ["1.3 Obiettivo 1.3"]
    assert "PX-A009" not in codes(job(sheet("U1.1", operational("80"))))
