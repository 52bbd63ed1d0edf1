"""Every axis is a key, every key and value has an Italian meaning, and docs/metodi.md knows them all."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from perfxl.methods import load_method
from perfxl.methods.axes import LateBand
from perfxl.methods.fields import Section
from perfxl.methods.rows import value_meanings
from perfxl.methods.schema import ExceptionEntry, Method

DOC = (Path(__file__).parents[2] / "docs" / "metodi.md").read_text(encoding="utf-8")

# The first column of METHODS.md's first table, by hand; the keys that carry each axis.
AXES = {
    "increasing target (≥)": ["scoring.increasing"],
    "decreasing target (≤)": ["scoring.decreasing"],
    "T = 0": ["scoring.zero_target"],
    "cap and floor": ["scoring.cap", "scoring.floor"],
    "over / under sign": ["scoring.negative"],
    "equality": ["scoring.equality"],
    "strict": ["scoring.strict"],
    "range": ["scoring.range"],
    "deadline": ["scoring.deadline", "scoring.late_bands", "scoring.proportional_days"],
    "several deadlines in one cell": ["scoring.several_deadlines", "scoring.single_date"],
    "days within": ["scoring.days_within"],
    "milestone": ["scoring.milestone", "scoring.percent_result"],
    "relative": ["scoring.relative"],
    "bands": ["scoring.bands.mode", "scoring.bands.edges", "scoring.bands.values", "scoring.bands.edge_belongs"],
    "tolerance and critical threshold": [
        f"states.{level}.{key}"
        for level in ("indicator", "operational", "strategic")
        for key in ("tolerance", "tolerance_kind", "critical")
    ],
    "what raggiunto scores": ["scoring.reached_scores"],
    "not measured": ["not_measured.policy", "not_measured.narrative", "not_measured.words"],
    "blank before its due date": ["not_measured.before_due"],
    "Excel serial 0": ["not_measured.serial_zero"],
    "indicators → objective": ["rollup.indicators"],
    "strategic objective": ["rollup.strategic", "rollup.own_pct", "rollup.children_pct", "rollup.missing_part"],
    "objective → area → body": ["rollup.area", "rollup.body", "rollup.headline"],
    "cascade": ["rollup.cascade"],
    "missions and programmes (DM 27/3/2013)": ["rollup.shared_objective"],
    "people": ["people.weights", "people.weights_sum", "people.complexity", "people.po"],
    "same indicator in several offices": ["rollup.same_indicator", "labels.all", "labels.body", "labels.not_offices"],
    "rounding": [
        "rounding.mode",
        "rounding.decimals",
        "rounding.stage",
        "rounding.money_mode",
        "rounding.money_decimals",
        "rounding.printed",
        "conventions",
    ],
    "in-year reading": ["reading.in_year", "reading.show_pro_rata"],
    "replies of the offices (issue 5)": ["returns.note_below", "returns.note_when_unmeasured", "returns.evidence"],
    "override": ["override.allowed", "override.reason_required", "rollup.typed_input"],
    "target in the indicator's text (second table)": ["scoring.target_from"],
    "code aliases (second table)": ["aliases"],
    "exceptions (issue)": ["exceptions"],
}
PROFILE = {"name", "title", "body", "year", "source", "notes"}


def fields(model=Method, path=""):
    """Dotted key -> field, of every key of the schema."""
    found = {}
    for key, field in model.model_fields.items():
        here = f"{path}.{key}" if path else key
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found |= fields(field.annotation, here)
        else:
            found[here] = field
    return found


KEYS = fields()


def test_every_axis_is_a_key_and_every_key_belongs_to_an_axis():
    carried = {key for keys in AXES.values() for key in keys}
    assert carried == set(KEYS) - PROFILE


@pytest.mark.parametrize("key", KEYS)
def test_every_key_and_value_has_a_meaning(key):
    field = KEYS[key]
    assert field.description
    choices = tuple(value for value in get_args(field.annotation) if isinstance(value, str))
    assert tuple(value_meanings(field)) == choices
    assert all(value_meanings(field).values())


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("aliases", "conventions", "exceptions")])
def test_the_manual_tells_every_key_and_value(key):
    section, _, name = key.rpartition(".")
    heading = f"`[{section}]`" if section else "### Prima delle sezioni"
    part = DOC.split(heading, 1)[1].split("\n### ", 1)[0]
    line = next((line for line in part.splitlines() if line.startswith(f"| `{name}` |")), "")
    assert KEYS[key].description in line
    for value, sense in value_meanings(KEYS[key]).items():
        assert f"`{value}`: {sense}" in line


def test_the_manual_tells_bands_exceptions_and_every_profile():
    for name in ("late_bands", *LateBand.model_fields, "code", "reason", "base", "exceptions", "aliases", "conventions"):
        assert f"`{name}`" in DOC or f"`[{name}]`" in DOC or f"`[[{name}]]`" in DOC
    for name in ("massacarrara-2019", "lucca-2017", "unioncamere-2022"):
        assert f"| `{name}` |" in DOC


@pytest.mark.parametrize("axis", AXES)
def test_the_manual_has_the_keys_of_every_axis(axis):
    table = DOC.split("## Gli assi", 1)[1]
    for key in AXES[axis]:
        assert f"`{key}`" in table or key.startswith(("states.operational", "states.strategic"))


def test_as_rows_has_every_key_with_its_value_and_meaning():
    rows = load_method("massacarrara-2019").as_rows()
    listed = {key if section == "profilo" else f"{section}.{key}" for section, key, _, _ in rows}
    assert set(KEYS) - {"aliases", "conventions", "exceptions"} <= listed
    assert all(meaning for *_, meaning in rows)
    assert ("scoring", "cap", "100", "massimo della percentuale; «nessuno» per non limitarla") in rows
    assert (
        "rollup",
        "area",
        "weighted_mean",
        "dagli obiettivi strategici all'area: media pesata (semplice dove non ci sono pesi)",
    ) in rows
    assert ("aliases", "P05", "PO5", "il codice P05 vale come PO5") in rows
    assert ("labels", "not_offices", "FRD", "scritte nella colonna UFFICIO che non sono uffici") in rows


def test_as_rows_tells_defaults_and_exceptions():
    method = Method(
        name="n", title="t", body="b", source="s", exceptions=[{"code": "1.*", "reason": "delibera 5", "cap": "nessuno"}]
    )
    rows = method.as_rows()
    assert ("scoring", "floor", "0", "minimo della percentuale (predefinito: il file non lo dice)") in rows
    assert ("profilo", "title", "t", "titolo del profilo") in rows
    assert (
        "exceptions",
        "1.*: cap",
        "nessuno",
        "massimo della percentuale; «nessuno» per non limitarla — motivo: delibera 5",
    ) in rows


def test_an_exception_may_replace_every_scalar_key_of_scoring_and_not_measured():
    wanted = {key.split(".")[1] for key in KEYS if key.startswith(("scoring.", "not_measured.")) and key.count(".") == 1}
    assert set(ExceptionEntry.model_fields) == wanted - {"late_bands", "words"} | {"code", "reason"}


def test_a_method_is_frozen_and_its_numbers_are_exact():
    method = load_method("massacarrara-2019")
    with pytest.raises(ValueError, match="frozen"):
        method.scoring.cap = 120
    assert isinstance(method.scoring.cap, Decimal)
    assert isinstance(method.rollup.own_pct, Decimal)


def test_neither_perfxl_nor_its_methods_import_pydantic_until_one_is_loaded():
    code = "import sys, perfxl, perfxl.methods; perfxl.methods.available_methods(); sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
