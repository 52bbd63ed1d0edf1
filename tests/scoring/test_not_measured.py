"""METHODS, *not measured*, *blank before its due date*, *Excel serial 0*."""

from datetime import date
from fractions import Fraction

import pytest

from perfxl.grammar import parse_result, parse_target
from perfxl.model import CellKind, ResultKind, State, cell_of
from perfxl.model.cells import Cell
from perfxl.scoring import achievement, score_rows
from perfxl.scoring.rows import Previous
from perfxl.scoring.words import in_words_of
from scoring.profiles import codes, profile, score

ZERO_DATE = Cell(CellKind.ZERO_DATE, None)


def row(result, method, *, as_of=None, previous=(), target=">= 80%"):
    [one] = score_rows(
        [("O1.1.1-a", parse_target(target), parse_result(result))], method, year=2019, as_of=as_of, previous=previous
    )
    return one


@pytest.mark.parametrize(
    "result", ["", None, "N.C.", "n.d.", "n.d. / n.d.", "rinvio", "Rinviato a causa dello slittamento del bando"]
)
@pytest.mark.parametrize("base", ["massacarrara-2019", "lucca-2017"])
def test_left_out_without_a_finding(result, base):
    one = score(">= 80%", result, base=base)
    assert (one.pct, one.state, codes(one)) == (None, State.UNMEASURED, [])


@pytest.mark.parametrize(("result", "code"), [("00/01/1900", "PX-G003"), (ZERO_DATE, "PX-G003"), ("31/02/2019", "PX-G002")])
def test_left_out_with_a_finding(result, code):
    one = score("entro il 31/12/2019", result)
    assert (one.state, codes(one)) == (State.UNMEASURED, [code])


def test_a_narrative_is_left_out_with_a_finding():
    one = score(">= 80%", "le attività sono proseguite con gli altri enti")
    assert (one.state, codes(one)) == (State.UNMEASURED, ["PX-G004"])


@pytest.mark.parametrize("result", ["0", "0%", "0,00%", 0])
def test_a_typed_zero_is_a_measure(result):
    assert score(">= 80%", result).pct == 0


@pytest.mark.parametrize(
    ("policy", "expected"), [("left_out", None), ("zero", 0), ("full", 100), ("previous_value", None), ("blocks_parent", None)]
)
@pytest.mark.parametrize("result", ["", "N.C.", ZERO_DATE])
def test_policies(policy, expected, result):
    one = row(result, profile(not_measured={"policy": policy}))
    assert one.pct == expected
    assert one.blocks == (policy == "blocks_parent")
    assert one.policy == (policy if expected is not None else "")


def test_previous_value_is_taken_where_it_is_known():
    method = profile(not_measured={"policy": "previous_value"})
    one = row("N.C.", method, previous=[Previous(pct=Fraction(60))])
    assert (one.pct, one.state, one.policy) == (60, State.UNMEASURED, "previous_value")
    assert row("80%", method, previous=[Previous(pct=Fraction(60))]).pct == 100


@pytest.mark.parametrize("policy", ["zero", "full", "previous_value"])
@pytest.mark.parametrize("result", ["31/02/2019", "0,98"])
def test_what_can_t_be_read_is_never_0_or_100(policy, result):
    assert row(result, profile(not_measured={"policy": policy}), previous=[Previous(pct=Fraction(60))]).pct is None


@pytest.mark.parametrize(("key", "result"), [("serial_zero", ZERO_DATE), ("narrative", "attività proseguite con gli altri enti")])
def test_serial_zero_and_narrative_may_be_zero(key, result):
    assert row(result, profile()).pct is None
    assert row(result, profile(not_measured={key: "zero"})).pct == 0


@pytest.mark.parametrize(("as_of", "expected"), [(date(2019, 4, 30), None), (date(2020, 1, 1), 0)])
def test_a_blank_that_isn_t_due_is_left_out_of_the_zeros(as_of, expected):
    assert row("", profile(not_measured={"policy": "zero"}), as_of=as_of).pct == expected


def test_a_blank_before_its_date_may_be_zero():
    method = profile(not_measured={"before_due": "zero"})
    assert row("", method, as_of=date(2019, 4, 30)).pct == 0
    assert row("", method, as_of=date(2020, 1, 1)).pct is None
    assert row("attività proseguite con gli altri enti", method, as_of=date(2019, 4, 30)).pct is None


def test_what_isn_t_due_doesn_t_block():
    method = profile(not_measured={"policy": "blocks_parent"})
    assert not row("", method, as_of=date(2019, 4, 30)).blocks
    assert row("", method, as_of=date(2020, 1, 1)).blocks


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("sospeso per lavori", "sospeso per", ResultKind.NOT_MEASURED),
        ("SOSPESO  PER lavori", "sospeso per", ResultKind.NOT_MEASURED),
        ("999", "999", ResultKind.NOT_MEASURED),
        ("9,5", "9", ResultKind.NUMBER),
        ("99", "9", ResultKind.NUMBER),
        ("rinviometro 3", "rinvio", ResultKind.NARRATIVE),
        ("", "x", ResultKind.EMPTY),
    ],
)
def test_the_method_s_own_words(text, word, kind):
    assert in_words_of(parse_result(text), (word,)).kind is kind


def test_words_reach_a_score():
    method = profile(not_measured={"words": ["99"]})
    one = achievement(">= 80", "99", method=method)
    assert (one.state, codes(one)) == (State.UNMEASURED, [])
    assert achievement(">= 80", cell_of(98), method=method).pct == 100
