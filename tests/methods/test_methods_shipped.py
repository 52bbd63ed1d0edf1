"""The shipped profiles say exactly what METHODS.md's table of the two first profiles says (transcribed by hand)."""

from decimal import Decimal

import pytest

from perfxl.methods import available_methods, load_method

# axis of the table -> (key, massacarrara-2019, lucca-2017)
TABLE = [
    # increasing, decreasing: A/T · T/A, cap 100, floor 0 | declared percent; the rest met 100, missed 0, target in the text
    ("scoring.increasing", "ratio", "met_or_missed"),
    ("scoring.decreasing", "target_over_result", "met_or_missed"),
    ("scoring.percent_result", "measure", "declared"),
    ("scoring.target_from", "target_cell", "indicator_text"),
    ("scoring.days_within", "as_decreasing", "met_or_missed"),
    ("scoring.cap", Decimal(100), Decimal(100)),
    ("scoring.floor", Decimal(0), Decimal(0)),
    # T = 0 · equality: 100 where it holds, else 0 · as >= | same
    ("scoring.zero_target", "holds_or_zero", "holds_or_zero"),
    ("scoring.equality", "as_increasing", "as_increasing"),
    # strict: can't be reached at equality
    ("scoring.strict", "not_reached_at_equality", None),
    # range: by the distance to the nearer bound
    ("scoring.range", "distance", None),
    # deadline · several: late 0, mean of the parts, a single date against the last | late 0
    ("scoring.deadline", "late_zero", "late_zero"),
    ("scoring.several_deadlines", "mean_of_parts", None),
    ("scoring.single_date", "against_last", None),
    # milestone (first table): declared percent in Lucca
    ("scoring.milestone", "done_or_not", "declared_percent"),
    ("scoring.relative", None, "previous_value"),
    # what raggiunto scores: default own percent
    ("scoring.reached_scores", "own_percent", "own_percent"),
    ("scoring.bands.mode", "as_is", "as_is"),
    # not measured
    ("not_measured.policy", "left_out", "left_out"),
    ("not_measured.serial_zero", "not_measured", None),
    ("not_measured.narrative", "left_out", "left_out"),
    ("not_measured.words", ("N.C.", "n.d."), ("N.C.", "rinvio", "Rinviato")),
    # reading in the year: full-year official, pro rata beside | year's end
    ("not_measured.before_due", "left_out", None),
    ("reading.in_year", "full_year", "full_year"),
    ("reading.show_pro_rata", True, False),
    # typed percents
    ("rollup.typed_input", "computed_counts", "typed_counts"),
    # indicators -> operational objective; strategic; area, body
    ("rollup.indicators", "weighted_mean", "weighted_mean"),
    ("rollup.strategic", "own_and_children", "children_only"),
    ("rollup.own_pct", Decimal(60), None),
    ("rollup.children_pct", Decimal(40), None),
    ("rollup.missing_part", "other_takes_all", None),
    ("rollup.area", "weighted_mean", "weighted_mean"),
    ("rollup.body", "weighted_mean", "weighted_mean"),
    ("rollup.headline", "tree", "typed_objectives"),
    ("rollup.cascade", "mean", "mean"),
    # one indicator, several sheets: mean of the respondents after capping, where the ENTE sheet has none
    ("returns.note_below", "partial", "partial"),
    ("returns.note_when_unmeasured", True, True),
    ("returns.evidence", False, False),
    ("rollup.shared_objective", "by_projects", "by_projects"),
    ("rollup.same_indicator", "mean", None),
    # people
    ("people.weights", "printed", None),
    ("people.weights_sum", Decimal(100), None),
    ("people.po", "own_indicators_mean", None),
    # rounding: exact, half up to 2 when shown | truncated to 2 at each level; money half up; agrees when truncated
    ("rounding.mode", "half_up", "truncate"),
    ("rounding.decimals", 2, 2),
    ("rounding.stage", "shown", "each_level"),
    ("rounding.money_mode", "half_up", "half_up"),
    ("rounding.money_decimals", 2, 2),
    ("rounding.printed", None, "truncate_to_printed"),
    # state: >= 90 reached, < 50 not reached
    ("states.indicator.reached_from", Decimal(90), None),
    ("states.operational.reached_from", Decimal(90), None),
    ("states.strategic.reached_from", Decimal(90), None),
    ("states.indicator.critical", Decimal(50), None),
    ("states.operational.critical", Decimal(50), None),
    ("states.strategic.critical", Decimal(50), None),
    # code aliases
    ("aliases", {"02.1.1-a": "O2.1.1-a", "P05": "PO5"}, {"2C7101": "2C0101", "2E7105": "2E0105"}),
    # labels and override
    ("labels.all", "TUTTI", None),
    ("labels.body", "ENTE", None),
    ("labels.not_offices", ("FRD",), None),
    ("override.allowed", True, True),
    ("override.reason_required", True, True),
]


def at(method, key):
    value = method
    for part in key.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize(("key", "expected"), [(key, ms) for key, ms, _ in TABLE if ms is not None])
def test_massacarrara_2019(key, expected):
    assert at(load_method("massacarrara-2019"), key) == expected


@pytest.mark.parametrize(("key", "expected"), [(key, lu) for key, _, lu in TABLE if lu is not None])
def test_lucca_2017(key, expected):
    assert at(load_method("lucca-2017"), key) == expected


def test_three_profiles_are_shipped():
    found = [(info.name, info.year, info.body) for info in available_methods()]
    assert found == [
        ("lucca-2017", 2017, "Camera di Commercio di Lucca"),
        ("massacarrara-2019", 2019, "Camera di Commercio di Massa-Carrara"),
        ("unioncamere-2022", 2022, "Camere di Commercio (indicatori Unioncamere)"),
    ]


@pytest.mark.parametrize("info", available_methods(), ids=lambda info: info.name)
def test_a_shipped_profile_states_every_key(info):
    method = load_method(info.name)
    assert method.name == info.name == info.path.stem
    assert method.notes, "where documents are silent the choice is declared"
    silent = [f"{section}.{key}" for section, key, _, meaning in method.as_rows() if "il file non lo dice" in meaning]
    assert silent == []


def test_unioncamere_2022_declares_what_the_documents_dont_say():
    method = load_method("unioncamere-2022")
    assert method.scoring.negative == "signed"  # EC27: <= - 15,00 %
    assert method.rollup.cascade == "mean"  # Percent_CorruzTrasp: «media dei valori»
    assert method.people.weights == "printed"  # FRD: PESO 100,00 %
    said = " ".join(method.notes)
    assert "<= - 15,00 %" in said
    assert "Target triennali" in said
    assert "380 % - 390 %" in said


def test_a_name_is_found_whatever_its_case():
    assert load_method(" Lucca-2017 ") == load_method("lucca-2017")
