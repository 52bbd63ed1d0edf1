"""What a policy puts in the place of a measure enters the means and is nowhere counted as measured."""

from fractions import Fraction

import pytest

from perfxl.model import RowLevel, SheetRole, State, cell_of
from perfxl.views.json import consolidation_json
from rollup.builders import consolidation, counting, found, indicator, job, nodes, objective, sheet
from scoring.profiles import profile

ROWS = [
    indicator("O1.1.1-a", "1.1.1", ">= 100", "80"),
    indicator("O1.1.1-b", "1.1.1", ">= 100", "N.C.", previous_pct=cell_of(20)),
    indicator("O1.1.1-c", "1.1.1", ">= 100", None, previous_pct=cell_of(20)),
]


@pytest.mark.parametrize(("policy", "given"), [("zero", 0), ("full", 100), ("previous_value", 20)])
def test_it_enters_the_means_and_not_the_coverage(policy, given):
    done = job(sheet("U1.1", *ROWS), sheet("PO2", *ROWS), not_measured={"policy": policy})
    mean = Fraction(80 + 2 * given, 3)
    for code in ("1.1.1", "1.1", "OB1", "ENTE"):
        node = nodes(done)[code]
        assert (node.pct, node.measured, node.total) == (mean, 1, 3), code
    for cover in (done.offices[0].cover, done.offices[0].by_objective["1.1.1"], done.people[0].cover):
        assert (cover.pct, cover.measured, cover.total) == (mean, 1, 3)
    row = counting(done)["O1.1.1-b"]
    assert (row.pct, row.state, row.measured) == (given, State.UNMEASURED, False)
    assert [o.state for o in done.people[0].objectives][1:] == [State.UNMEASURED] * 2


def test_the_json_says_null_and_the_sentence_what_the_policy_put():
    made = consolidation(job(sheet("U1.1", *ROWS), sheet("PO2", *ROWS), not_measured={"policy": "full"}))
    told = consolidation_json(made)
    rows = {row["code"]: row for row in told["indicators"] if row["counts"]}
    assert (rows["O1.1.1-b"]["achievement_pct"], rows["O1.1.1-b"]["state"]) == (None, "non misurato")
    assert rows["O1.1.1-a"]["achievement_pct"] == 80
    assert [o["achievement_pct"] for o in told["people"][0]["objectives"]] == [80, None, None]
    assert "ciò che non è misurato vale 100: 100,00 %" in made.explain("O1.1.1-b")


def test_respondents_none_of_whom_measured():
    row = indicator("S2.1.1-b", "2.1", ">= 100", None, offices=("TUTTI",))
    done = job(sheet("U1.1", row), sheet("U2.1", row), not_measured={"policy": "zero"})
    mean = counting(done)["S2.1.1-b"]
    assert (mean.pct, mean.state, mean.result_text) == (0, State.UNMEASURED, "0 di 2 uffici")
    assert (nodes(done)["ENTE"].measured, nodes(done)["ENTE"].total) == (0, 1)
    one = job(
        sheet("U1.1", indicator("S2.1.1-b", "2.1", ">= 100", "60", offices=("TUTTI",))),
        sheet("U2.1", row),
        not_measured={"policy": "zero"},
    )
    mean = counting(one)["S2.1.1-b"]
    assert (mean.pct, mean.state, mean.result_text) == (30, State.NOT_REACHED, "1 di 2 uffici")
    assert nodes(one)["ENTE"].measured == 1


def test_a_typed_percent_beside_nothing_is_told_as_such():
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 100", None, typed=80)), not_measured={"policy": "zero"})
    assert found(done, "PX-V001") == []
    assert len(found(done, "PX-V002")) == 1


def personal(**policy):
    rows = [
        objective("DIR-1", RowLevel.OBJECTIVE, weight=50),
        indicator("DIR-1.1", "DIR-1", None, "100%"),
        objective("DIR-2", RowLevel.OBJECTIVE, weight=50),
        indicator("DIR-2.1", "DIR-2", None, "60%"),
        indicator("DIR-2.2", "DIR-2", None, "N.C."),
    ]
    done = job(sheet("DIR", *rows, role=SheetRole.OBJECTIVES), method=profile("lucca-2017", **policy))
    return done.people[0], consolidation(done)


def test_a_person_s_objectives():
    person, _ = personal(not_measured={"policy": "zero"})
    assert [(o.cover.pct, o.cover.measured, o.cover.total) for o in person.objectives] == [(100, 1, 1), (30, 1, 2)]
    assert person.cover.pct == 65


@pytest.mark.parametrize(
    "policy",
    [
        {"not_measured": {"policy": "blocks_parent"}},
        {"exceptions": [{"code": "DIR-2.2", "reason": "delibera", "policy": "blocks_parent"}]},
    ],
)
def test_what_blocks_its_objective_blocks_a_person_s_too(policy):
    person, _ = personal(**policy)
    assert [(o.cover.pct, o.state) for o in person.objectives] == [(100, State.REACHED), (None, State.UNMEASURED)]
    assert (person.objectives[1].cover.measured, person.objectives[1].cover.total) == (1, 2)
    assert (person.cover.pct, person.state) == (None, State.UNMEASURED)  # as the body, which rests on a blocked objective


def test_a_po_rests_on_its_indicators():
    done = job(sheet("U1.1", *ROWS), sheet("PO2", *ROWS), not_measured={"policy": "blocks_parent"})
    assert (done.people[0].cover.pct, done.people[0].cover.measured, done.people[0].cover.total) == (None, 1, 3)
