"""The same code in several rows: other words, another target (PX-A010), or another indicator (PX-A014)."""

import pytest

from rollup.builders import counting, found, indicator, job, sheet


def row(title, target=">= 10"):
    return indicator("O1.1.1-a", "1.1.1", target, "5", title=title, offices=("U1.1",))


@pytest.mark.parametrize(
    ("title", "target", "code"),
    [
        ("Circoli di qualità: indicazioni degli Uffici", ">= 10", None),
        ("Circoli di qualita, indicazioni degli Ufici", ">= 10", None),
        ("Circoli di qualità: indicazioni degli Uffici", "=> 10", None),
        ("Circoli di qualità: indicazioni degli Uffici", ">= 12", "PX-A010"),
        ("Circoli di qualità: riunioni con i Servizi", ">= 10", "PX-A010"),
        ("Tempo medio di pagamento", ">= 10", "PX-A014"),
    ],
)
def test_between_two_sheets(title, target, code):
    done = job(sheet("U1.1", row("Circoli di qualità: indicazioni degli Uffici")), sheet("PO2", row(title, target)))
    assert [one.code for one in done.findings if one.code in ("PX-A010", "PX-A014")] == ([code] if code else [])


def test_twice_in_one_sheet():
    done = job(sheet("U1.1", row("Circoli di qualità"), row("Circoli di qualità")))
    assert found(done, "PX-A014") == ["O1.1.1-a: due volte in questo foglio, anche in A7"]
    assert len({one.uid for one in done.rows}) == 2


def shared(result, code="O2.1.4-d"):
    return indicator(code, "2.1.4", ">= 2", result, offices=("TUTTI",))


def test_a_sheet_that_has_a_shared_indicator_twice_is_one_respondent():
    done = job(sheet("U1.1", shared("0"), shared("2")), sheet("U2.1", shared("1")), sheet("U3.1", shared(None)))
    assert counting(done)["O2.1.4-d"].pct == 25  # of 0 and 50, not of 0, 100 and 50
    assert counting(done)["O2.1.4-d"].result_text == "2 di 3 uffici"
    assert found(done, "PX-A014") == ["O2.1.4-d: due volte in questo foglio, anche in A7"]
    assert found(done, "PX-A001") == ["O2.1.4-d: «2» qui, «0» in U1.1.xlsx [Cruscotto] C7"]
    first = done.offices[0]
    assert (first.code, first.cover.pct, first.cover.measured, first.cover.total) == ("U1.1", 0, 1, 1)
    assert [row.counting for row in done.rows if row.office == "U1.1"] == ["conta per l'ufficio", "ripetuta nel foglio"]


def test_it_is_told_whichever_sheet_comes_first():
    done = job(sheet("U0.1", shared("0")), sheet("U1.1", shared("0"), shared("2")))
    assert found(done, "PX-A014") == ["O2.1.4-d: due volte in questo foglio, anche in A7"]


def test_of_two_rows_of_a_sheet_the_filled_one_counts():
    done = job(sheet("U1.1", shared(None), shared("2")), sheet("U2.1", shared("1")))
    assert counting(done)["O2.1.4-d"].pct == 75
    assert found(done, "PX-A001") == []


def test_an_indicator_that_is_nobody_else_s_counts_once_for_its_office_and_for_a_po():
    rows = [indicator("O1.1.1-a", "1.1.1", ">= 100", r) for r in ("100", "0")]
    done = job(sheet("U1.1", *rows, indicator("O1.1.1-b", "1.1.1", ">= 100", "0")), sheet("PO2", *rows))
    assert (done.offices[0].cover.pct, done.offices[0].cover.total) == (50, 2)
    assert (done.people[0].cover.pct, done.people[0].cover.total) == (100, 1)
