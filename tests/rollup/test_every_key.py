"""Every key of the schema changes something: a case for each, with what each of its values gives. Expected values by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook

from perfxl.adjustments import read_adjustments_file
from perfxl.methods.fields import Section
from perfxl.methods.rows import value_meanings
from perfxl.methods.schema import Method
from perfxl.model import Adjustment, RowLevel, SheetRole, State, cell_of
from perfxl.scoring import achievement
from rollup.builders import ZERO_DATE, counting, found, indicator, job, nodes, objective, percent_cell, sheet
from scoring.profiles import profile

NO_EFFECT = {
    "name": "shown in the Metodo tab",
    "title": "shown in the Metodo tab",
    "source": "shown in the Metodo tab",
    "notes": "shown in the Metodo tab",
    "states.indicator.tolerance_kind": "both kinds draw the same line (docs/metodi.md)",
    "states.operational.tolerance_kind": "both kinds draw the same line (docs/metodi.md)",
    "states.strategic.tolerance_kind": "both kinds draw the same line (docs/metodi.md)",
    "people.po": "a single value",
}


def keys(model=Method, prefix=""):
    """(dotted key, values of a closed choice) of every key of the schema."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from keys(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", tuple(value_meanings(field))


def with_key(key, value, **more):
    """A profile with one key changed, beside those that it needs."""
    changes = dict(more)
    *sections, name = key.split(".")
    if not sections:
        return profile(**changes, **{name: value})
    inner = {name: value}
    if len(sections) == 2:
        inner = {
            sections[1]: {
                **profile().model_dump()[sections[0]][sections[1]],
                **changes.get(sections[0], {}).get(sections[1], {}),
                **inner,
            }
        }
    changes[sections[0]] = {**changes.get(sections[0], {}), **inner}
    return profile(**changes)


def pair(target, result, **more):
    """The percent of one pair, or its state's name where `state` is asked."""
    want_state = more.pop("state", False)

    def probe(method):
        one = achievement(target, result, method=method, year=more.get("year", 2019))
        return one.state if want_state else one.pct

    return probe


def node(code, *rows, plan=None, as_of=None, others=()):
    def probe(method):
        plans = (sheet("PIANO", *plan, role=SheetRole.PLAN),) if plan else ()
        return nodes(job(sheet("U1.1", *rows), *others, plan=plans, as_of=as_of, method=method))[code].pct

    return probe


def row(result, code="O1.1.1-a", owner="1.1.1", target=">= 100", **more):
    return indicator(code, owner, target, result, **more)


def own(result):
    return row(result, "S1.1.1-a", "1.1", strategic=True)


def state_of(code, value):
    def probe(method):
        done = job(sheet("U1.1", row(value)), method=method)
        return counting(done)["O1.1.1-a"].state if code is None else nodes(done)[code].state

    return probe


def tutti(target, *results):
    def probe(method):
        rows = [row(value, target=target, offices=("TUTTI",)) for value in results]
        return counting(job(*(sheet(f"U{i}.1", one) for i, one in enumerate(rows, 1)), method=method))["O1.1.1-a"].pct

    return probe


QUOTE = "realizzazione del 90% degli obiettivi: 3A0102 (realizzato al 45%)"


def cascade(method):
    rows = [objective("DIR-1", RowLevel.OBJECTIVE), indicator("DIR-1.1", "DIR-1", None, "80", title=QUOTE)]
    return job(sheet("DIR", *rows, role=SheetRole.OBJECTIVES), method=method).people[0].objectives[0].recomputed


def sg(*weights):
    def probe(method):
        aims = [
            objective(f"SG-{i}", RowLevel.OBJECTIVE, weight=w, title=f"Indicatore O1.1.1-{x}", printed="1.1.1")
            for i, (w, x) in enumerate(zip(weights, "ab", strict=True))
        ]
        done = job(sheet("U1.1", row("100"), row("0", "O1.1.1-b")), sheet("SG", *aims, role=SheetRole.OBJECTIVES), method=method)
        return done.people[0].cover.pct, len(found(done, "PX-A005"))

    return probe


def office(method):
    return job(sheet("U1.1", row("100", complexity=3), row("0", "O1.1.1-b")), method=method).offices[0].cover.pct


def rounded(method):
    done = job(sheet("U1.1", row("99,865")), method=method)
    return str(nodes(done)["1.1.1"].shown)


def passed_on(method):
    return nodes(job(sheet("U1.1", row("99,865"), row("100", "O1.1.2-a", "1.1.2")), method=method))["1.1"].pct


def budget(method):
    plan = sheet("PIANO", objective("OB1", RowLevel.AREA, budget=Decimal("10.125")), role=SheetRole.PLAN)
    return nodes(job(sheet("U1.1", row("1")), plan=(plan,), method=method))["OB1"].budget


def typed_agrees(method):
    """98,35 is ours; 98,3 and 98,4 are typed with one decimal, and shown with one."""
    typed = [cell_of(Decimal(value), number_format="0.0%") for value in ("0.983", "0.984")]
    rows = [row("98,35", typed=typed[0]), row("98,35", "O1.1.1-b", typed=typed[1])]
    return [said[:10] for said in found(job(sheet("U1.1", *rows), method=method), "PX-V001")]


def override(method):
    given = Adjustment("", "", "U1.1", "O1.1.1-a", None, Decimal(60), "delibera", "M. Rossi", date(2019, 5, 2), None)
    return counting(job(sheet("U1.1", row("10")), adjustments=[given], method=method))["O1.1.1-a"].pct


def labelled(text):
    def probe(method):
        rows = [row(value, offices=(text,)) for value in ("100", "50")]
        return counting(job(sheet("U1.1", rows[0]), sheet("U2.1", rows[1]), method=method))["O1.1.1-a"].pct

    return probe


def missing_offices(method):
    return len(found(job(sheet("U1.1", row("1", offices=("FRD",))), method=method), "PX-A004"))


def headline(method):
    ente = sheet("ENTE", objective("ENTE-1", RowLevel.OBJECTIVE, result=percent_cell("99")), role=SheetRole.OBJECTIVES)
    return job(ente, sheet("U1.1", row("80")), method=method).nodes[0].pct


def code_alias(method):
    return sorted(counting(job(sheet("U1.1", row("1", "X9")), method=method)))


def pro_rata_beside(method):
    return nodes(job(sheet("U1.1", row("3", target="n. 12")), as_of=date(2019, 4, 30), method=method))["1.1.1"].pro_rata_pct


BANDS = {"edges": (40, 90), "values": (0, 100)}
LATE = {"late_bands": ({"days": 10, "pct": 60},), "proportional_days": 50}
TWO_DATES = "entro il 30/06 e 31/12"

# key: (what is looked at, {value: what comes out}[, other keys that the case needs])
CASES = {
    "body": (lambda m: job(sheet("U1.1", row("1")), method=m).nodes[0].title, {"Ente A": "Ente A", "Ente B": "Ente B"}),
    "year": (lambda m: achievement("entro il 30/6", "29/06/2019", method=m).pct, {2019: 100, 2018: 0}),
    "scoring.increasing": (pair(">= 80", "60"), {"ratio": 75, "met_or_missed": 0}),
    "scoring.decreasing": (pair("<= 10", "12"), {"target_over_result": Fraction(250, 3), "linear": 80, "met_or_missed": 0}),
    "scoring.zero_target": (pair("<= 0", "0"), {"holds_or_zero": 100, "not_computable": None}),
    "scoring.percent_result": (pair(">= 80%", "60%"), {"measure": 75, "declared": 60}),
    "scoring.equality": (pair("= 2", "1"), {"as_increasing": 50, "exact_or_zero": 0}),
    "scoring.strict": (pair("> 60%", "60%", state=True), {"not_reached_at_equality": State.PARTIAL, "ratio_only": State.REACHED}),
    "scoring.range": (pair("380% - 390%", "361%"), {"distance": 95, "zero_outside": 0}),
    "scoring.deadline": (
        pair("entro il 30/06/2019", "05/07/2019"),
        {"late_zero": 0, "late_bands": 60, "proportional": 90},
        {"scoring": LATE},
    ),
    "scoring.late_bands": (
        pair("entro il 30/06/2019", "05/07/2019"),
        {(("days", 10), ("pct", 60)): 60, (("days", 4), ("pct", 60)): 0},
        {"scoring": {"deadline": "late_bands"}},
    ),
    "scoring.proportional_days": (
        pair("entro il 30/06/2019", "05/07/2019"),
        {50: 90, 10: 50},
        {"scoring": {"deadline": "proportional"}},
    ),
    "scoring.several_deadlines": (pair(TWO_DATES, "15/07/2019 e 30/12/2019"), {"mean_of_parts": 50, "all_or_nothing": 0}),
    "scoring.single_date": (pair(TWO_DATES, "15/07/2019"), {"against_last": 100, "unreadable": None}),
    "scoring.days_within": (pair("entro 15 gg chiusura quadrimestre", "20"), {"as_decreasing": 75, "met_or_missed": 0}),
    "scoring.milestone": (pair("report", "74%"), {"done_or_not": 0, "declared_percent": 74}),
    "scoring.relative": (pair("> del 2016", "+6,06% rispetto al 2016"), {"previous_value": 100, "not_computable": None}),
    "scoring.target_from": (
        node("1.1.1", row("5", target=None, title="non superiore a 10 gg")),
        {"target_cell": None, "indicator_text": None},
    ),
    "scoring.cap": (pair(">= 10", "15"), {Decimal(100): 100, Decimal(120): 120, None: 150}),
    "scoring.floor": (pair("<= 10", "26"), {Decimal(0): 0, Decimal(-80): -60}, {"scoring": {"decreasing": "linear"}}),
    "scoring.reached_scores": (pair(">= 100", "95"), {"own_percent": 95, "full": 100}),
    "scoring.negative": (pair("<= - 15%", "-12%"), {"signed": 80, "not_computable": None}),
    "scoring.bands.mode": (pair("= 100%", "30%"), {"pro_rata": 0, "clamp": 0}, {"scoring": {"bands": BANDS}}),
    "scoring.bands.edges": (
        pair("= 100%", "65%"),
        {(40, 90): 50, (60, 90): Fraction(50, 3)},
        {"scoring": {"bands": {"mode": "pro_rata", **BANDS}}},
    ),
    "scoring.bands.values": (
        pair("= 100%", "65%"),
        {(0, 100): 50, (20, 100): 60},
        {"scoring": {"bands": {"mode": "pro_rata", **BANDS}}},
    ),
    "scoring.bands.edge_belongs": (
        pair("= 100%", "40%"),
        {"above": 40, "below": 0},
        {"scoring": {"bands": {"mode": "clamp", **BANDS}}},
    ),
    "not_measured.policy": (
        node("1.1.1", row("60"), row("N.C.", "O1.1.1-b", previous_pct=cell_of(20))),
        {"left_out": 60, "zero": 30, "full": 80, "previous_value": 40, "blocks_parent": None},
    ),
    "not_measured.before_due": (
        node("1.1.1", row("60"), row(None, "O1.1.1-b"), as_of=date(2019, 4, 30)),
        {"left_out": 60, "zero": 30},
    ),
    "not_measured.serial_zero": (node("1.1.1", row("60"), row(ZERO_DATE, "O1.1.1-b")), {"not_measured": 60, "zero": 30}),
    "not_measured.narrative": (
        node("1.1.1", row("60"), row("attività proseguite con gli enti", "O1.1.1-b")),
        {"left_out": 60, "zero": 30},
    ),
    "not_measured.words": (node("1.1.1", row("60"), row("999", "O1.1.1-b", target=">= 1998")), {("N.C.",): 55, ("999",): 60}),
    "rollup.indicators": (
        node("1.1.1", row("60", weight=30), row("20", "O1.1.1-b", weight=10)),
        {"weighted_mean": 50, "plain_mean": 40, "worst": 20},
    ),
    "rollup.own_pct": (node("1.1", own("100"), row("0")), {Decimal(60): 60, Decimal(70): 70}),
    "rollup.children_pct": (node("1.1", own("0"), row("100")), {Decimal(40): 40, Decimal(30): 30}),
    "rollup.missing_part": (node("1.1", row("80")), {"other_takes_all": 80, "blocks": None}),
    "rollup.strategic": (node("1.1", own("100"), row("0")), {"own_and_children": 60, "children_only": 0}),
    "rollup.area": (node("OB1", row("60"), row("20", "O1.2.1-a", "1.2.1")), {"weighted_mean": 40, "worst": 20}),
    "rollup.body": (node("ENTE", row("60"), row("20", "O2.1.1-a", "2.1.1")), {"weighted_mean": 40, "worst": 20}),
    "rollup.headline": (headline, {"tree": 80, "typed_objectives": 99}),
    "rollup.cascade": (cascade, {"mean": Decimal("45.00"), "against_threshold": Decimal("50.00")}),
    "rollup.same_indicator": (tutti(">= 10", "5", "3"), {"mean": 40, "sum": 80, "worst": 30}),
    "rollup.typed_input": (node("1.1.1", row("60", typed=percent_cell("70"))), {"computed_counts": 60, "typed_counts": 70}),
    "people.weights": (sg(75, 25), {"printed": (75, 0), "equal": (50, 0)}),
    "people.weights_sum": (sg(60, 20), {Decimal(100): (75, 1), Decimal(80): (75, 0)}),
    "people.complexity": (office, {"ignored": 50, "multiplies_weight": 75}),
    "rounding.mode": (rounded, {"half_up": "99.87", "half_even": "99.86", "half_down": "99.86", "truncate": "99.86"}),
    "rounding.decimals": (rounded, {2: "99.87", 3: "99.865", 0: "100"}),
    "rounding.stage": (passed_on, {"shown": Fraction("99.9325"), "each_level": Fraction("99.94")}),
    "rounding.money_mode": (
        budget,
        {"half_up": Decimal("10.13"), "half_even": Decimal("10.12"), "half_down": Decimal("10.12"), "truncate": Decimal("10.12")},
    ),
    "rounding.money_decimals": (budget, {2: Decimal("10.13"), 1: Decimal("10.1")}),
    "rounding.printed": (typed_agrees, {"round_to_printed": ["O1.1.1-a: "], "truncate_to_printed": ["O1.1.1-b: "]}),
    "reading.in_year": (node("1.1.1", row("3", target="n. 12"), as_of=date(2019, 4, 30)), {"full_year": 25, "pro_rata": 75}),
    "reading.show_pro_rata": (pro_rata_beside, {True: 75, False: None}),
    "override.allowed": (override, {True: 60, False: 10}),
    "labels.all": (labelled("OGNI UFFICIO"), {"TUTTI": 100, "OGNI UFFICIO": 75}),
    "labels.body": (missing_offices, {"ENTE": 1, "FRD": 0}, {"labels": {"not_offices": ()}}),
    "labels.not_offices": (missing_offices, {(): 1, ("FRD",): 0}),
    "aliases": (code_alias, {(): ["X9"], (("X9", "O1.1.1-a"),): ["O1.1.1-a"]}),
    "exceptions": (pair(">= 80", "60"), {(): 75}),
}
for _level, _code in (("indicator", None), ("operational", "1.1.1"), ("strategic", "1.1")):
    CASES[f"states.{_level}.tolerance"] = (state_of(_code, "85"), {Decimal(10): State.PARTIAL, Decimal(20): State.REACHED})
    CASES[f"states.{_level}.critical"] = (state_of(_code, "45"), {Decimal(50): State.NOT_REACHED, Decimal(40): State.PARTIAL})

ELSEWHERE = {
    "scoring.target_from",
    "scoring.bands.mode",
    "exceptions",
    "override.reason_required",  # those above: with a test of their own below
    "rollup.shared_objective",  # tests/rollup/test_missions.py
    "conventions",  # tests/statements: how printed figures are rounded
    "returns.note_below",  # tests/rounds: what a reply must hold
    "returns.note_when_unmeasured",
    "returns.evidence",
}


@pytest.mark.parametrize("key", sorted(set(CASES) - ELSEWHERE))
def test_each_value(key):
    probe, expected, *more = CASES[key]
    needed = more[0] if more else {}
    got = {}
    for value in expected:
        given = value
        if key == "scoring.late_bands":
            given = (dict(value),)
        elif key == "aliases":
            given = dict(value)
        elif key in ("rollup.own_pct", "rollup.children_pct"):
            other = {"rollup.own_pct": "children_pct", "rollup.children_pct": "own_pct"}[key]
            needed = {"rollup": {other: 100 - value}}
        got[value] = probe(with_key(key, given, **needed))
    assert got == expected
    assert len({repr(one) for one in got.values()}) > 1, "no value makes a difference"


def test_every_key_has_a_case():
    schema = dict(keys())
    assert set(schema) == set(CASES) | set(NO_EFFECT) | ELSEWHERE
    for key, values in schema.items():
        if values and key not in NO_EFFECT and key not in ELSEWHERE:
            assert set(CASES[key][1]) == set(values), key


def test_where_the_target_is():
    probe = node("1.1.1", row("12 gg", target=None, title="tempo medio non superiore a 10 gg"))
    assert probe(profile(scoring={"target_from": "target_cell"})) is None
    assert probe(profile(scoring={"target_from": "indicator_text"})) == Fraction(250, 3)


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ({"mode": "as_is", "edges": (), "values": ()}, 65),
        ({"mode": "steps", "edges": (40, 90), "values": (0, 70, 100)}, 70),
        ({"mode": "pro_rata", "edges": (40, 90), "values": (0, 100)}, 50),
        ({"mode": "clamp", "edges": (70, 90), "values": (10, 100)}, 10),
    ],
)
def test_modes_of_bands(bands, expected):
    assert pair("= 100%", "65%")(profile(scoring={"bands": bands})) == expected


def test_an_exception():
    exceptions = [{"code": "O1.*", "reason": "delibera", "increasing": "met_or_missed", "policy": "full"}]
    rows = [row("60", target=">= 80"), row(None, "O1.1.1-b"), row("60", "O2.1.1-a", "2.1.1", target=">= 80")]
    done = nodes(job(sheet("U1.1", *rows), exceptions=exceptions))
    assert (done["1.1.1"].pct, done["2.1.1"].pct) == (50, 75)


@pytest.mark.parametrize(("required", "read"), [(True, 0), (False, 1)])
def test_a_reason(tmp_path, required, read):
    book = Workbook()
    book.active.append(["Ufficio", "Indicatore", "Valore", "Motivo", "Autore", "Data"])
    book.active.append(["U1.1", "O1.1.1-a", 12, None, "M. Rossi", date(2019, 5, 2)])
    book.save(tmp_path / "r.xlsx")
    method = profile(override={"reason_required": required})
    assert len(read_adjustments_file(tmp_path / "r.xlsx", reason_required=method.override.reason_required)[0]) == read


def test_an_exception_reaches_the_rows_of_its_objective_and_one_that_reaches_none_is_told():
    exceptions = [
        {"code": "1.1.1", "reason": "delibera 5/2019", "increasing": "met_or_missed"},
        {"code": "9.9.9", "reason": "delibera 6/2019", "cap": 120},
    ]
    done = job(sheet("U1.1", row("60"), row("60", "O1.1.2-a", "1.1.2")), exceptions=exceptions)
    assert {code: one.pct for code, one in counting(done).items()} == {"O1.1.1-a": 0, "O1.1.2-a": 60}
    assert found(done, "PX-V007") == ["9.9.9 (delibera 6/2019)"]
