"""The reference date, the method's year and the year that is computed, where they don't go together."""

from datetime import date

import pytest

from rollup.builders import found, indicator, job, sheet
from scoring.profiles import profile

ROWS = (
    indicator("O1.1.1-a", "1.1.1", "n. 12", "3"),
    indicator("O1.1.1-b", "1.1.1", "entro il 31/12/2019", "29/06/2019"),
    indicator("O1.1.1-c", "1.1.1", "entro 15 gg chiusura quadrimestre", "10/05/2019"),
)


def done(**more):
    return job(sheet("U1.1", *ROWS), **more)


@pytest.mark.parametrize("day", [date(2019, 1, 31), date(2019, 12, 31), date(2020, 1, 31), date(2020, 6, 30)])
def test_a_date_of_the_year_or_of_its_close(day):
    assert found(done(as_of=day), "PX-A017") == []


@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2020, 7, 1), date(2021, 4, 30), date(2091, 4, 30)])
def test_a_date_of_another_year(day):
    [told] = found(done(as_of=day), "PX-A017")
    assert told == f"{day:%d/%m/%Y}, e si calcola il 2019"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({}, []),
        ({"reading": {"in_year": "pro_rata"}}, ["in_year"]),
        ({"not_measured": {"before_due": "zero"}}, ["before_due"]),
        ({"exceptions": [{"code": "O1*", "reason": "prova", "before_due": "zero"}]}, ["before_due"]),
    ],
)
def test_a_date_that_the_method_needs(keys, told):
    missing = found(done(**keys), "PX-A017")
    assert len(missing) == len(told)
    assert all(word in one for word, one in zip(told, missing, strict=True))
    assert found(done(as_of=date(2019, 4, 30), **keys), "PX-A017") == []


def test_a_result_of_a_day_to_come():
    """The report on the four months is made after their close: its date says nothing wrong."""
    assert found(done(as_of=date(2019, 4, 30)), "PX-C031") == [
        "O1.1.1-b: risultato «29/06/2019»: una data dopo quella di riferimento (30/04/2019)"
    ]
    assert found(done(as_of=date(2019, 6, 29)), "PX-C031") == []
    assert found(done(), "PX-C031") == []


def test_a_method_of_another_year():
    [told] = found(done(method=profile("lucca-2017")), "PX-A017")
    assert told == "si calcola il 2019 con il metodo lucca-2017, che è del 2017 (Camera di Commercio di Lucca)"
    assert found(done(), "PX-A017") == []
