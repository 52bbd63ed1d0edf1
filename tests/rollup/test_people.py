"""METHODS, *people*: printed weights renormalised over the measured; PO; Lucca's objectives, typed inputs and cascades."""

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.findings import Severity
from perfxl.model import RowLevel, SheetRole
from rollup.builders import codes, found, indicator, job, objective, percent_cell, sheet
from scoring.profiles import profile


def sg(*objectives):
    return sheet("SG", *objectives, role=SheetRole.OBJECTIVES)


def aim(code, title, weight, **more):
    return objective(f"SG-{code}", RowLevel.OBJECTIVE, weight=weight, title=title, printed=code, **more)


OFFICE = sheet(
    "U1.1",
    indicator("O1.1.1-a", "1.1.1", ">= 100", "0", title="Numero di eventi"),
    indicator("O1.1.1-b", "1.1.1", ">= 100", "80", title="Pratiche evase nei termini"),
    indicator("O1.1.1-c", "1.1.1", ">= 100", None, title="Report di controllo"),
)


def test_weights_are_renormalised_over_the_measured():
    """Massa-Carrara 2019: 0 (11.4), 0 (5.7), 80 (11.4) measured of eight: 912 / 28.5 = 32.00."""
    done = job(
        OFFICE,
        sg(
            aim("1.1.1", "Numero di eventi", percent_cell("17.1")),
            aim("1.1.1", "Pratiche evase nei termini", percent_cell("11.4")),
            aim("1.1.1", "Report di controllo", percent_cell("71.5")),
        ),
    )
    [person] = done.people
    assert (person.cover.pct, person.cover.measured, person.cover.total) == (32, 2, 3)
    assert str(person.cover.shown) == "32.00"
    assert [o.weight_pct for o in person.objectives] == [Decimal("17.1"), Decimal("11.4"), Decimal("71.5")]
    assert [o.row_uids for o in person.objectives][1] == ("U1.1.xlsx#Cruscotto!C8",)
    assert "PX-A005" not in codes(done)


@pytest.mark.parametrize(("policy", "expected"), [("printed", "32"), ("equal", "40")])
def test_equal_weights(policy, expected):
    done = job(
        OFFICE,
        sg(aim("1.1.1", "Numero di eventi", 60), aim("1.1.1", "Pratiche evase nei termini", 40)),
        people={"weights": policy},
    )
    assert done.people[0].cover.pct == Fraction(expected)


@pytest.mark.parametrize(("total", "said"), [(100, ["SG: 90 %"]), (90, [])])
def test_weights_that_don_t_sum(total, said):
    done = job(
        OFFICE,
        sg(aim("1.1.1", "Numero di eventi", 60), aim("1.1.1", "Pratiche evase nei termini", 30)),
        people={"weights_sum": total},
    )
    assert found(done, "PX-A005") == said


def test_an_objective_without_weight_weighs_as_the_others_do():
    done = job(OFFICE, sg(aim("1.1.1", "Numero di eventi", 50), aim("1.1.1", "Pratiche evase nei termini", None)))
    assert done.people[0].cover.pct == 40
    assert found(done, "PX-V005") == ["SG: obiettivo 2 senza peso"]


@pytest.mark.parametrize(("typed", "text"), [("molto", "molto"), (Decimal(-30), "-30")])
def test_a_weight_that_can_t_be_used_is_said_with_what_is_done(typed, text):
    done = job(OFFICE, sg(aim("1.1.1", "Numero di eventi", 50), aim("1.1.1", "Pratiche evase nei termini", typed)))
    assert done.people[0].cover.pct == 40
    assert found(done, "PX-V005") == [f"SG: obiettivo 2: peso «{text}» non usato; l'obiettivo pesa quanto in media gli altri"]
    assert [one.severity for one in done.findings if one.code == "PX-V005"] == [Severity.WARNING]


def test_an_objective_that_names_no_indicator():
    done = job(OFFICE, sg(aim("1.1.1", "Qualcosa di tutto diverso", 50), aim("1.1.1", "Pratiche evase nei termini", 50)))
    assert found(done, "PX-A012") == ["«1.1.1 Qualcosa di tutto diverso»"]
    assert (done.people[0].cover.pct, done.people[0].cover.measured) == (80, 1)


def test_a_po_is_the_mean_of_its_measured_indicators_at_the_body_s_value():
    rows = [
        indicator("O1.1.1-a", "1.1.1", ">= 100", None),
        indicator("O1.1.1-b", "1.1.1", ">= 100", "80"),
        indicator("O1.1.1-c", "1.1.1", ">= 100", None),
    ]
    done = job(OFFICE, sheet("PO2", *rows))
    [person] = done.people
    assert (person.code, person.cover.pct, person.cover.measured, person.cover.total) == ("PO2", 40, 2, 3)


def test_who_is_named_without_a_sheet_of_objectives():
    done = job(
        sheet("U1.1", indicator("O1.1.1-a", "1.1.1", ">= 100", "1", people=("SG", "PO5"))),
        sheet("PO5", indicator("O1.1.1-a", "1.1.1", ">= 100", "1")),
    )
    assert found(done, "PX-A011") == ["SG: indicato nei fogli, ma senza un foglio di obiettivi"]


QUOTES = (
    "realizzazione del 90% degli obiettivi: 3A0102 (realizzato al 100%); 3B0101 (realizzato al 95%); 3C0102 (realizzato al 60%)"
)


def lucca(typed, *, second=None, **sections):
    rows = [
        objective("DIR-1", RowLevel.OBJECTIVE, title="Obiettivi assegnati"),
        indicator("DIR-1.1", "DIR-1", None, typed, title=QUOTES),
    ]
    if second is not None:
        rows.append(indicator("DIR-1.2", "DIR-1", None, second, title="altro"))
    done = job(sheet("DIR", *rows, role=SheetRole.OBJECTIVES), method=profile("lucca-2017", **sections))
    return done.people[0].objectives[0], done


def test_a_typed_input_outranks_what_follows_from_its_text():
    """98,455 stays, truncated; the recomputed mean (100 + 95 + 60) / 3 stands beside it."""
    one, done = lucca("98,455")
    assert (one.cover.pct, one.recomputed, one.typed_pct) == (Fraction("98.45"), Decimal("85.00"), Decimal("98.455"))
    assert len(found(done, "PX-A015")) == 1


def test_or_the_other_way_round():
    one, _ = lucca("98,455", rollup={"typed_input": "computed_counts"})
    assert (one.cover.pct, one.typed_pct) == (85, Decimal("98.455"))


@pytest.mark.parametrize(("cascade", "expected"), [("mean", "85.00"), ("against_threshold", "94.44")])
def test_cascade(cascade, expected):
    """85 over the text's own 90 % is 94.44."""
    one, _ = lucca("98,455", rollup={"cascade": cascade})
    assert one.recomputed == Decimal(expected)


def test_a_cascade_against_its_threshold_is_capped():
    one, done = lucca("100", rollup={"cascade": "against_threshold"}, scoring={"cap": 90})
    assert one.recomputed == Decimal("90.00")
    assert done.people[0].objectives[0].cover.pct == 90


def test_indicators_that_quote_nothing_stay_as_they_are_in_the_recomputed_figure():
    one, _ = lucca("85", second="35")
    assert (one.cover.pct, one.recomputed) == (60, Decimal("60.00"))


def test_a_percent_typed_beside_an_objective():
    rows = [objective("DIR-1", RowLevel.OBJECTIVE, typed="99,5%"), indicator("DIR-1.1", "DIR-1", None, "80")]
    counts = job(sheet("DIR", *rows, role=SheetRole.OBJECTIVES), method=profile("lucca-2017")).people[0].objectives[0]
    assert (counts.cover.pct, counts.typed_pct) == (Fraction("99.5"), Decimal("99.5"))
    beside = job(
        sheet("DIR", *rows, role=SheetRole.OBJECTIVES), method=profile("lucca-2017", rollup={"typed_input": "computed_counts"})
    )
    assert beside.people[0].objectives[0].cover.pct == 80
