"""METHODS, *one indicator, several sheets*: which row counts, and what the others are."""

from fractions import Fraction

import pytest

from perfxl.model import Counting
from rollup.builders import ZERO_DATE, counting, found, indicator, job, percents, rows_of, sheet

TUTTI = ("ENTE", "TUTTI")


def shared(result, **more):
    return indicator("S2.1.1-b", "2.1", ">= 90", result, strategic=True, offices=TUTTI, **more)


@pytest.mark.parametrize("blank", [None, "  ", "N.C.", "n.d.", ZERO_DATE])
def test_tutti_with_a_blank_ente_sheet_is_the_respondents_mean(blank):
    done = job(
        sheet("ENTE", shared(blank)), sheet("U1.1", shared("90")), sheet("U2.1", shared("45")), sheet("U3.1", shared(None))
    )
    row = counting(done)["S2.1.1-b"]
    assert (row.office, row.pct, row.rule, len(row.respondents)) == ("TUTTI", 75, "mean_of_respondents", 3)
    assert row.result_text == "2 di 3 uffici"
    assert row.ref is None
    assert all(rows_of(done, office)["S2.1.1-b"].counting is Counting.OFFICE_ONLY for office in ("U1.1", "U2.1", "U3.1"))
    assert rows_of(done, "ENTE")["S2.1.1-b"].counting is not Counting.COUNTS


@pytest.mark.parametrize(("typed", "expected"), [("90", 100), ("9", 10), ("0", 0)])
def test_tutti_with_a_filled_ente_sheet_is_the_ente_sheet_s(typed, expected):
    done = job(sheet("ENTE", shared(typed)), sheet("U1.1", shared("90")), sheet("U2.1", shared("45")))
    row = counting(done)["S2.1.1-b"]
    assert (row.office, row.pct) == ("ENTE", expected)
    assert rows_of(done, "U2.1")["S2.1.1-b"].counting is Counting.OFFICE_ONLY
    assert found(done, "PX-A001") == []  # offices answer for themselves


def test_what_can_t_be_read_in_the_ente_sheet_isn_t_replaced_silently():
    done = job(sheet("ENTE", shared("31/02/2019")), sheet("U1.1", shared("90")))
    row = counting(done)["S2.1.1-b"]
    assert (row.office, row.pct) == ("ENTE", None)
    assert len(found(done, "PX-G002")) == 1


def test_the_mean_is_of_percents_after_capping():
    done = job(sheet("U1.1", shared("180")), sheet("U2.1", shared("45")))
    assert counting(done)["S2.1.1-b"].pct == 75  # (100 + 50) / 2, not 125


def test_a_sheet_is_one_respondent_however_many_its_offices():
    done = job(sheet("U5.1/U5.2", shared("90"), offices=("U5.1", "U5.2")), sheet("U1.1", shared("45")))
    row = counting(done)["S2.1.1-b"]
    assert (row.pct, len(row.respondents)) == (75, 2)


def test_po_sheets_never_enter_a_tutti_mean():
    done = job(sheet("U1.1", shared("45")), sheet("U2.1", shared(None)), sheet("PO2", shared("90")))
    row = counting(done)["S2.1.1-b"]
    assert (row.pct, len(row.respondents)) == (50, 2)
    assert rows_of(done, "PO2")["S2.1.1-b"].counting in (Counting.REPEATED, Counting.SUPERSEDED)


def test_not_even_where_one_office_alone_has_its_sheet():
    done = job(sheet("U1.1", shared(None)), sheet("PO2", shared("90")))
    row = counting(done)["S2.1.1-b"]
    assert (row.office, row.pct) == ("TUTTI", None)


def test_several_assigned_offices_each_with_a_sheet_answer_for_themselves():
    def row(result):
        return indicator("O1.1.1-a", "1.1.1", ">= 10", result, offices=("U1.1", "U2.1"))

    done = job(sheet("U1.1", row("10")), sheet("U2.1", row("5")), sheet("U3.1", row("0")))
    assert counting(done)["O1.1.1-a"].pct == 75
    assert rows_of(done, "U3.1")["O1.1.1-a"].counting is Counting.REPEATED


def own(result, offices=("U1.1",)):
    return indicator("O1.1.1-a", "1.1.1", ">= 10", result, offices=offices)


def test_filled_beats_blank_between_different_sheets():
    done = job(sheet("U1.1", own(None)), sheet("U2.1", own("5")))
    assert (counting(done)["O1.1.1-a"].office, counting(done)["O1.1.1-a"].pct) == ("U2.1", 50)
    assert rows_of(done, "U1.1")["O1.1.1-a"].counting is Counting.SUPERSEDED
    assert found(done, "PX-A001") == []


def test_a_blank_in_disguise_is_beaten_too():
    done = job(sheet("U1.1", own(ZERO_DATE)), sheet("ENTE", own("5")))
    assert counting(done)["O1.1.1-a"].pct == 50


def test_the_same_in_two_sheets_counts_once():
    done = job(sheet("U1.1", own("5")), sheet("PO2", own("5")))
    assert counting(done)["O1.1.1-a"].office == "U1.1"
    assert rows_of(done, "PO2")["O1.1.1-a"].counting is Counting.REPEATED
    assert found(done, "PX-A001") == found(done, "PX-A002") == []
    assert done.nodes[0].total == 1


def test_blank_in_the_po_s_sheet_is_said():
    done = job(sheet("U1.1", own("5")), sheet("PO2", own(None)))
    assert counting(done)["O1.1.1-a"].pct == 50
    [said] = found(done, "PX-A002")
    assert "«5» nel foglio U1.1 (C7)" in said


def test_blank_in_the_office_s_sheet_takes_the_po_s():
    done = job(sheet("U1.1", own(None)), sheet("PO2", own("5")))
    assert (counting(done)["O1.1.1-a"].office, counting(done)["O1.1.1-a"].pct) == ("PO2", 50)


@pytest.mark.parametrize("other", ["U2.1", "ENTE", "PO2"])
def test_two_that_differ_are_an_error_and_the_assigned_office_s_counts(other):
    for order in (1, -1):
        done = job(*[sheet("U1.1", own("5")), sheet(other, own("8"))][::order])
        assert (counting(done)["O1.1.1-a"].office, counting(done)["O1.1.1-a"].pct) == ("U1.1", 50)
        [said] = found(done, "PX-A001")
        assert "«8» qui, «5» in" in said


@pytest.mark.parametrize("assigned", [("ENTE",), ("U1.1", "ENTE")])
def test_assigned_to_the_body_its_own_sheet_counts(assigned):
    done = job(sheet("A1.1", own("5", assigned), offices=("U1.1",)), sheet("ENTE", own("8", assigned)))  # "A" comes first
    assert (counting(done)["O1.1.1-a"].office, counting(done)["O1.1.1-a"].pct) == ("ENTE", 80)
    assert len(found(done, "PX-A001")) == 1


@pytest.mark.parametrize(
    ("policy", "expected", "rule"), [("mean", "150/2", "mean"), ("worst", "50", "worst"), ("sum", "100", "sum")]
)
def test_policies(policy, expected, rule):
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 10", result, offices=TUTTI) for result in ("10", "5", None)]
    done = job(*(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), rollup={"same_indicator": policy})
    row = counting(done)["O1.1.1-a"]
    assert (row.pct, row.rule) == (Fraction(expected), f"{rule}_of_respondents")


def test_the_sum_is_set_against_the_target_once():
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 20", result, offices=TUTTI) for result in ("10", "5")]
    done = job(*(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), rollup={"same_indicator": "sum"})
    row = counting(done)["O1.1.1-a"]
    assert (row.pct, row.result.value, row.result_text) == (75, 15, "somma 15")


def test_percents_aren_t_summed():
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 80%", result, offices=TUTTI) for result in ("80%", "40%")]
    done = job(*(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), rollup={"same_indicator": "sum"})
    assert (counting(done)["O1.1.1-a"].pct, counting(done)["O1.1.1-a"].rule) == (75, "mean_of_respondents")


def test_where_each_level_is_rounded_so_is_the_mean():
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 3", result, offices=TUTTI) for result in ("1", "3", "3")]  # 33.33, 100, 100
    done = job(*(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), rounding={"stage": "each_level", "mode": "truncate"})
    assert counting(done)["O1.1.1-a"].pct == Fraction("77.77")


def test_code_aliases():
    printed = indicator("02.1.1-a", "2.1.1", ">= 10", "5", offices=("U1.1",))
    done = job(sheet("U1.1", printed), sheet("PO2", indicator("O2.1.1-a", "2.1.1", ">= 10", "5", offices=("U1.1",))))
    assert list(counting(done)) == ["O2.1.1-a"]


def test_the_order_of_sheets_doesn_t_matter():
    sheets = [
        sheet("U1.1", shared("90"), own("5")),
        sheet("U2.1", shared("45"), own("8")),
        sheet("PO2", own(None)),
        sheet("ENTE", shared(None)),
    ]
    first = job(*sheets)
    for order in (sheets[::-1], sheets[2:] + sheets[:2]):
        again = job(*order)
        assert percents(again) == percents(first)
        assert again.rows == first.rows
        assert set(again.findings) == set(first.findings)


def test_a_missing_target_is_told_once_and_in_words():
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", None, "3"), indicator("O1.1.1-b", "1.1.1", None, None)))
    assert sorted(found(done, "PX-V004")) == ["O1.1.1-a: risultato «3» senza target", "O1.1.1-b: cella vuota"]
