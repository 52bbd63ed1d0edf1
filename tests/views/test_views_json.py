"""The JSON of `perfxl consolida`: the keys that the command line promises, and the printed figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from perfxl.views.json import consolidation_json

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation

PROMISED = {
    "nodes": {"code", "level", "parent", "title", "achievement_pct", "state", "measured", "total"},
    "indicators": {
        "code", "owner", "office", "file", "sheet", "cell", "target_text", "result_text", "kind", "achievement_pct",
        "state", "weight_pct", "counts",
    },
    "offices": {"code", "achievement_pct", "measured", "total"},
    "people": {"code", "name", "achievement_pct", "measured", "total", "objectives"},
    "findings": {"code", "severity", "file", "sheet", "cell", "found", "expected", "remedy"},
}  # fmt: skip


def test_every_promised_key_is_there(massacarrara: Consolidation) -> None:
    found = json.loads(json.dumps(consolidation_json(massacarrara)))
    for table, keys in PROMISED.items():
        assert found[table], table
        assert all(keys <= entry.keys() for entry in found[table]), table
    objectives = [objective for person in found["people"] for objective in person["objectives"]]
    assert all({"number", "title", "weight_pct", "achievement_pct"} <= objective.keys() for objective in objectives)
    assert found["method"]["name"] == "massacarrara-2019"


def test_the_printed_figures(massacarrara: Consolidation) -> None:
    found = massacarrara.as_json()
    nodes = {node["code"]: node["achievement_pct"] for node in found["nodes"]}
    assert {code: nodes[code] for code in ("ENTE", "OB1", "OB2", "1.2", "2.1")} == {
        "ENTE": 42.75, "OB1": 12.5, "OB2": 73.0, "1.2": 25.0, "2.1": 73.0,
    }  # fmt: skip
    assert nodes["OB3"] is None
    assert {office["code"]: office["achievement_pct"] for office in found["offices"]}["U1.1"] == 50.5
    assert {person["code"]: person["achievement_pct"] for person in found["people"]}["SG"] == 32.0


def test_weights_of_an_owner_s_counting_rows_sum_to_100(massacarrara: Consolidation) -> None:
    sums: dict[str, float] = {}
    for row in massacarrara.as_json()["indicators"]:
        assert (row["weight_pct"] is not None) == row["counts"]
        if row["counts"]:
            sums[row["owner"]] = sums.get(row["owner"], 0) + row["weight_pct"]
    assert all(abs(total - 100) < 1e-4 for total in sums.values())


def test_the_body_s_typed_headline(lucca: Consolidation) -> None:
    nodes = {node["code"]: node for node in lucca.as_json()["nodes"]}
    assert (nodes["ENTE"]["achievement_pct"], nodes["ENTE-6"]["achievement_pct"]) == (98.82, 99.33)
