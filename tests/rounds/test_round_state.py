"""The state that the events tell: what counts, what is missing, what stands aside. No file is read here."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.rounds import Round, Standing, told
from perfxl.rounds.events import (
    Accepted,
    Attributed,
    Checked,
    Closed,
    Event,
    Opened,
    PlanVersion,
    Prepared,
    Received,
    Refused,
    Reopened,
    Sent,
)

AT = "2019-05-01T08:00:00+02:00"
DEADLINE, BEFORE, AFTER = date(2019, 5, 15), date(2019, 5, 10), date(2019, 5, 16)
OPENED = Opened(at=AT, body="Ente", year=2019, period="1°", method="m", deadline=DEADLINE.isoformat())


def prepared(office: str, plan: int = 1) -> Prepared:
    return Prepared(at=AT, office=office, title=office, file=f"schede/v{plan}/{office}.xlsx", sha256=f"{office}{plan}", plan=plan)


def plan(number: int = 1) -> PlanVersion:
    return PlanVersion(at=AT, number=number, sha256=f"p{number}", files=())


def received(sha: str, when: int, *, office: str = "A", when_from: str = "data", **more: Any) -> Received:
    moment = f"2019-05-{when:02d}T10:00:00+02:00"
    return Received(
        at=AT, office=office, sha256=sha, file=f"ricevuti/{sha}", name=f"{sha}.xlsx", when=moment, when_from=when_from, **more
    )


def checked(sha: str, *, office: str = "A", accepted: bool = True, code: str = "") -> Checked:
    problems = ({"code": code, "severity": "errore"},) if code else ()
    return Checked(at=AT, sha256=sha, office=office, accepted=accepted, plan=1, problems=problems)


def closed(**versions: str) -> Closed:
    return Closed(at=AT, versions=versions, missing=())


REOPENED = Reopened(at=AT, reason="una risposta arrivata dopo")
START: list[Event] = [OPENED, prepared("A"), prepared("B"), plan()]


def state(*events: Event) -> Round:
    return told([*START, *events])


def in_force(*events: Event) -> str:
    current = state(*events).offices["A"].current
    return current.sha256 if current is not None else ""


# -- offices --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "before", "after"),
    [
        ((), "preparata", "mancante"),
        ((Sent(at=AT, office="A", what="invito", channel="smtp", addresses=(), message_id=""),), "inviata", "mancante"),
        ((Sent(at=AT, office="A", what="sollecito", channel="smtp", addresses=(), message_id=""),), "preparata", "mancante"),
        ((received("v1", 2),), "ricevuta", "ricevuta"),
        ((received("v1", 2), checked("v1")), "accettata", "accettata"),
        ((received("v1", 2), checked("v1", accepted=False)), "da correggere", "da correggere"),
        ((received("v1", 2), checked("v1"), received("v2", 3), checked("v2", accepted=False)), "da correggere", "da correggere"),
        ((received("v1", 2), checked("v1", accepted=False), received("v2", 3), checked("v2")), "accettata", "accettata"),
        ((received("v1", 2, office=""),), "preparata", "mancante"),
    ],
)
def test_where_an_office_stands(events, before, after):
    office = state(*events).offices["A"]
    assert (office.standing(DEADLINE, BEFORE), office.standing(DEADLINE, AFTER)) == (before, after)
    assert office.standing(DEADLINE, DEADLINE) == before
    assert office.standing(None, AFTER) == before


def test_the_later_accepted_one_counts_and_a_later_one_that_isn_t_doesn_t():
    first = (received("v1", 2), checked("v1"))
    assert in_force(*first, received("v2", 3), checked("v2")) == "v2"
    assert in_force(*first, received("v2", 3), checked("v2", accepted=False)) == "v1"
    assert in_force(*first, received("v2", 3)) == "v1"
    assert in_force(received("v2", 3), checked("v2"), *first) == "v2"


def test_the_time_of_pec_of_the_message_of_the_file():
    """A dated message outranks a file's own date, whatever it says: that one tells who saved it."""
    saved = received("v1", 20, when_from="arrivo")
    sent = received("v1", 2)
    for arrivals in permutations((saved, sent)):
        assert in_force(*arrivals, checked("v1"), received("v2", 3), checked("v2")) == "v2"
    assert in_force(saved, checked("v1"), received("v2", 3), checked("v2")) == "v1"
    certified = received("v1", 4, when_from="pec")
    assert in_force(sent, certified, checked("v1"), received("v2", 3), checked("v2")) == "v1"
    version = state(sent, certified).versions["v1"]
    assert (version.when_from, version.when.day) == ("pec", 4)


def test_sent_again_later_it_is_the_later_one():
    events = received("v1", 2), received("v2", 3), received("v1", 4), checked("v1"), checked("v2")
    assert in_force(*events) == "v1"
    assert [version.sha256 for version in state(*events).offices["A"].versions] == ["v2", "v1"]


arrivals = st.lists(
    st.builds(
        received, st.sampled_from(["v1", "v2", "v3"]), st.integers(1, 6), when_from=st.sampled_from(["pec", "data", "arrivo"]),
        sender=st.sampled_from(["a@x", "b@x"]), envelope=st.sampled_from(["e1", "e2"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(arrivals, st.randoms(use_true_random=False))
def test_the_order_of_arrival_doesn_t_matter(events, random):
    verdicts = [checked(sha, accepted=sha != "v2") for sha in ("v1", "v2", "v3")]
    other = list(events) + random.sample(events, random.randint(0, len(events)))
    random.shuffle(other)

    def seen(round_: Round) -> list[Any]:
        office = round_.offices["A"]
        versions = [(v.sha256, v.when, v.when_from, v.sender, v.name, v.accepted) for v in office.versions]
        return [versions, office.current and office.current.sha256, office.standing(DEADLINE, BEFORE)]

    assert seen(state(*events, *verdicts)) == seen(state(*other, *verdicts))


# -- closed periods -------------------------------------------------------------------------------------------------------


def test_a_closed_period_is_frozen():
    first = received("v1", 2), checked("v1"), received("v2", 3), checked("v2"), closed(A="v2")
    late = received("v3", 4, late=True)
    again = received("v1", 9, late=True)  # bytes that are known, sent once more
    for events in ((*first, late), (*first, again), (*first, again, late)):
        found = state(*events)
        assert found.closed
        assert found.offices["A"].current.sha256 == "v2"
        assert [v.sha256 for v in found.offices["A"].versions if not v.late] == ["v1", "v2"]
        assert found.unchecked == []
    assert [version.sha256 for version in state(*first, late, again).aside] == ["v3"]


def test_what_came_late_counts_once_the_period_is_open_again():
    first = received("v1", 2), checked("v1"), received("v2", 3), checked("v2"), closed(A="v2")
    found = state(*first, received("v3", 4, late=True), received("v1", 9, late=True), REOPENED)
    assert not found.closed
    assert [version.sha256 for version in found.unchecked] == ["v3"]
    assert found.offices["A"].current.sha256 == "v1"
    assert found.aside == []
    assert [event.reason for event in found.reopenings] == ["una risposta arrivata dopo"]
    again = state(*first, received("v3", 4, late=True), REOPENED, checked("v3"), closed(A="v3"))
    assert (again.closed, again.offices["A"].current.sha256, len(again.closings)) == (True, "v3", 2)


def test_the_late_sheet_of_an_office_that_sent_nothing_leaves_it_missing():
    found = state(closed(), received("v1", 20, late=True))
    assert found.offices["A"].standing(DEADLINE, AFTER) is Standing.MISSING
    assert found.offices["A"].latest is None
    assert found.versions["v1"].name == "v1.xlsx"


# -- by hand --------------------------------------------------------------------------------------------------------------


def test_a_sheet_of_nobody_is_attributed_and_checked():
    of_nobody = received("v1", 2, office="")
    assert [version.sha256 for version in state(of_nobody).unattributed] == ["v1"]
    attributed = Attributed(at=AT, sha256="v1", office="B", reason="mano")
    found = state(of_nobody, attributed)
    assert (found.unattributed, [version.sha256 for version in found.offices["B"].versions]) == ([], ["v1"])
    assert [version.sha256 for version in found.unchecked] == ["v1"]
    assert state(of_nobody, attributed, received("v1", 5, office="")).versions["v1"].office == "B"
    assert state(of_nobody, attributed, checked("v1", office="B")).offices["B"].current.sha256 == "v1"
    other = state(received("v1", 2), checked("v1"), attributed)
    assert (other.offices["A"].versions, other.offices["B"].latest.accepted) == ([], None)


def test_a_version_is_accepted_as_it_is_with_its_reason():
    wrong = received("v1", 2), checked("v1", accepted=False, code="PX-N015")
    assert [each["code"] for each in state(*wrong).versions["v1"].to_correct] == ["PX-N015"]
    found = state(*wrong, Accepted(at=AT, sha256="v1", office="A", reason="sentito il dirigente")).versions["v1"]
    assert (found.accepted, found.reason, found.to_correct) == (True, "sentito il dirigente", ())


def test_only_what_blocks_is_to_be_corrected():
    for code, severity, count in (
        ("PX-N014", "avviso", 0),
        ("PX-N015", "errore", 1),
        ("PX-L001", "errore", 1),
        ("PX-L009", "nota", 0),
    ):
        problem = {"code": code, "severity": severity}
        event = Checked(at=AT, sha256="v1", office="A", accepted=False, problems=(problem,))
        assert len(state(received("v1", 2), event).versions["v1"].to_correct) == count, code


def test_a_sheet_that_only_came_with_a_signature_that_doesn_t_hold_isn_t_accepted():
    broken = received("v1", 2, signature={"signer": "X", "digest_ok": False, "wrong": "il contenuto non è quello firmato"})
    sound = received("v1", 3, signature={"signer": "X", "digest_ok": True, "signature_ok": True, "wrong": ""})
    bare = received("v1", 3)
    assert in_force(broken, checked("v1")) == ""
    assert [each["code"] for each in state(broken, checked("v1")).versions["v1"].to_correct] == ["PX-M015"]
    for other in (sound, bare):
        assert in_force(broken, other, checked("v1")) == in_force(other, broken, checked("v1")) == "v1"
    assert in_force(broken, checked("v1"), Accepted(at=AT, sha256="v1", office="A", reason="controllata in Dike")) == "v1"
    assert state(broken, sound).versions["v1"].signature["digest_ok"]


def test_two_accepted_sheets_of_one_moment_are_left_to_a_person():
    """Two attachments of one message: which is the later one can't be known, and none is taken by chance."""
    both = received("v1", 2), checked("v1"), received("v2", 2), checked("v2")
    for events in (both, both[2:] + both[:2]):
        assert in_force(*events) == ""
        assert [each["code"] for each in state(*events).versions["v1"].to_correct] == ["PX-N028"]
        chosen = Accepted(at=AT, sha256="v1", office="A", reason="è questa, sentito l'ufficio")
        assert in_force(*events, chosen) == "v1"
        assert in_force(*events, received("v3", 3), checked("v3")) == "v3"
        assert in_force(*events, received("v2", 4)) == "v2"


# -- plans ----------------------------------------------------------------------------------------------------------------


def test_sheets_of_a_plan_that_was_never_told_aren_t_there():
    """Killed while it was changing the plan: the version before is in force, with its sheets."""
    found = told([*START, prepared("A", 2), prepared("C", 2)])
    assert sorted(found.offices) == ["A", "B"]
    assert found.offices["A"].file == "schede/v1/A.xlsx"
    assert told([OPENED, prepared("A")]).offices == {}


def test_a_new_plan_has_its_own_offices_and_what_came_is_compared_again():
    events = (
        received("v1", 2), checked("v1"), received("w1", 2, office="B"), checked("w1", office="B"),
        prepared("A", 2), prepared("C", 2), plan(2),
    )  # fmt: skip
    found = state(*events)
    assert (sorted(found.offices), sorted(found.dropped)) == (["A", "C"], ["B"])
    assert found.plan.number == 2
    assert found.offices["A"].plan == 2
    assert {number: sheet.file for number, sheet in found.offices["A"].sheets.items()} == {
        1: "schede/v1/A.xlsx", 2: "schede/v2/A.xlsx",
    }  # fmt: skip
    assert [version.sha256 for version in found.unchecked] == ["v1"]
    assert found.offices["A"].standing(DEADLINE, BEFORE) is Standing.RECEIVED
    assert [version.sha256 for version in found.dropped["B"].versions] == ["w1"]
    assert state(*events, checked("v1")).offices["A"].current.sha256 == "v1"


def test_the_same_thing_refused_for_two_reasons_is_there_twice():
    def refused(code: str) -> Refused:
        return Refused(at=AT, sha256="x", name="x.zip", problem={"code": code})

    assert len(state(refused("PX-M002"), refused("PX-M005"), refused("PX-M002")).refused) == 2
