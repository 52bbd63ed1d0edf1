"""METHODS, *bands*: as is, steps (0/70/90), pro rata within the band, clamp; the edge belongs above or below."""

from fractions import Fraction

import pytest

from scoring.profiles import score

STEPS = {"mode": "steps", "edges": [50, 80], "values": [0, 70, 90]}
PRO_RATA = {"mode": "pro_rata", "edges": [50, 80, 100], "values": [0, 60, 100]}
CLAMP = {"mode": "clamp", "edges": [40, 90], "values": [0, 100]}


@pytest.mark.parametrize(
    ("bands", "edge", "table"),
    [
        (STEPS, "above", {"49,99": "0", "50": "70", "79,99": "70", "80": "90", "100": "90"}),
        (STEPS, "below", {"49,99": "0", "50": "0", "50,01": "70", "80": "70", "80,01": "90", "100": "90"}),
        (PRO_RATA, "above", {"0": "0", "50": "0", "65": "30", "80": "60", "90": "80", "95": "90", "100": "100"}),
        (PRO_RATA, "below", {"0": "0", "50": "0", "65": "30", "80": "60", "90": "80", "100": "100"}),
        (CLAMP, "above", {"39,99": "0", "40": "40", "65": "65", "89,99": "89.99", "90": "100"}),
        (CLAMP, "below", {"39,99": "0", "40": "0", "40,01": "40.01", "90": "90", "90,01": "100"}),
        ({"mode": "as_is"}, "above", {"39,99": "39.99", "100": "100"}),
    ],
)
def test_each_mode_and_edge(bands, edge, table):
    for typed, expected in table.items():
        assert score("= 100%", f"{typed}%", bands={**bands, "edge_belongs": edge}).pct == Fraction(expected), typed


def test_the_raw_percent_stays_beside_the_banded_one():
    one = score("= 100%", "60%", bands=STEPS)
    assert (one.raw_pct, one.pct) == (60, 70)
    assert "per fasce" in one.explanation


def test_bands_come_after_the_cap():
    assert score(">= 50%", "100%", bands={"mode": "steps", "edges": [150], "values": [10, 20]}).pct == 10
    assert score(">= 50%", "100%", cap=None, bands={"mode": "steps", "edges": [150], "values": [10, 20]}).pct == 20
