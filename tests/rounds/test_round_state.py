"""The state that the events tell: what counts, what is missing, what stands aside. No file is read here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
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
from perfxl.rounds.times import adds, settled

AT = "2019-05-01T08:00:00+02:00"
LATER = "2019-06-20T10:00:00+02:00"
"""When the replies are collected."""
DEADLINE, BEFORE, AFTER = date(2019, 5, 15), date(2019, 5, 10), date(2019, 5, 16)
OPENED = Opened(at=AT, body="Ente", year=2019, period="1°", method="m", deadline=DEADLINE.isoformat())


def prepared(office: str, plan: int = 1) -> Prepared:
    return Prepared(at=AT, office=office, title=office, file=f"schede/v{plan}/{office}.xlsx", sha256=f"{office}{plan}", plan=plan)


def plan(number: int = 1) -> PlanVersion:
    return PlanVersion(at=AT, number=number, sha256=f"p{number}", files=())


def received(sha: str, when: int, *, office: str = "A", when_from: str = "data", **more: Any) -> Received:
    moment = f"2019-05-{when:02d}T10:00:00+02:00"
    return Received(
        at=LATER, office=office, sha256=sha, file=f"ricevuti/{sha}", name=f"{sha}.xlsx", when=moment, when_from=when_from, **more
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


def test_the_same_sheet_sent_again_after_another_counts_as_of_the_first_time_and_it_is_told():
    """A colleague who forwards the first one didn't fill it again. An office that meant it is told how to say so."""
    first, second = received("v1", 2, message_id="<uno>"), received("v2", 3, message_id="<due>")
    again = received("v1", 6, message_id="<tre>", sender="collega@ente")
    for events in permutations((first, second, again)):
        found = state(*events, checked("v1"), checked("v2"))
        assert found.offices["A"].current.sha256 == "v2"
        assert [version.sha256 for version in found.offices["A"].versions] == ["v1", "v2"]
        (doubt,) = found.versions["v1"].doubts
        assert (doubt["code"], doubt["severity"]) == ("PX-N051", "avviso")
        for words in ("02/05/2019", "06/05/2019", "collega@ente", "«v2.xlsx» del 03/05/2019"):
            assert words in doubt["found"]
        assert doubt in found.versions["v1"].problems
        assert found.versions["v2"].doubts == ()
    assert state(first, again).versions["v1"].doubts == ()  # no other came between


def test_the_time_of_pec_goes_before_the_date_of_the_same_message():
    """A clerk's clock two hours ahead: his message saved alone doesn't make it later than its provider says."""
    certified, alone = received("v1", 2, when_from="pec", message_id="<uno>"), received("v1", 4, message_id="<uno>")
    for arrivals in permutations((certified, alone)):
        assert in_force(*arrivals, checked("v1"), received("v2", 3, when_from="pec"), checked("v2")) == "v2"
    slow = received("v1", 1, message_id="<uno>")
    assert state(certified, slow).versions["v1"].when.day == 2


def dated(sha: str, when: int, arrived: int, **more: Any) -> Received:
    return replace(received(sha, when, **more), arrived=f"2019-05-{arrived:02d}T10:00:00+02:00")


ROUND = replace(OPENED, at="2019-04-20T08:00:00+02:00")
FROM_APRIL: list[Event] = [ROUND, prepared("A"), plan()]


def test_a_date_after_the_arrival_isn_t_believed_whenever_it_is_collected():
    """Dated the tenth, arrived the second. Saved again in June and collected from there: it still had arrived the second."""
    early, saved = dated("v1", 10, 2), replace(dated("v1", 10, 2), arrived="2019-06-19T10:00:00+02:00")
    other = dated("v2", 3, 3)
    same = {"message_id": "<uno>"}
    for events in permutations((replace(early, **same), replace(saved, **same), other)):
        found = told([*FROM_APRIL, *events, checked("v1"), checked("v2")])
        assert found.offices["A"].current.sha256 == "v2"
        version = found.versions["v1"]
        assert (version.when.day, version.when_from) == (2, "arrivo")
        (doubt,) = version.doubts
        assert doubt["code"] == "PX-N050"
        assert "datato 10/05/2019 10:00" in doubt["found"]
        assert "02/05/2019 10:00" in doubt["found"]
    assert told([*FROM_APRIL, saved]).versions["v1"].doubts == ()


@pytest.mark.parametrize(("minutes", "believed"), [(14, True), (16, False), (20 * 60, False)])
def test_clocks_may_differ_by_a_quarter_of_an_hour(minutes, believed):
    sent = datetime.fromisoformat("2019-05-02T10:00:00+02:00") + timedelta(minutes=minutes)
    event = replace(dated("v1", 2, 2), when=sent.isoformat())
    assert (told([*FROM_APRIL, event]).versions["v1"].when_from == "data") is believed


def test_a_date_before_the_round_was_opened_isn_t_believed():
    """A dead battery: the correction is dated 2009, and would lose to what it corrects."""
    first, correction = dated("v1", 3, 3), replace(dated("v2", 5, 5), when="2009-01-01T00:00:00+01:00")
    events = (first, correction, checked("v1"), checked("v2"))
    found = told([*FROM_APRIL, *events])
    assert found.offices["A"].current.sha256 == "v2"
    assert [each["code"] for each in found.versions["v2"].doubts] == ["PX-N050"]
    # A period that is put together after its own deadline: nothing is older than its year
    afterwards = [replace(OPENED, at=LATER), prepared("A"), plan()]
    assert told([*afterwards, *events]).offices["A"].current.sha256 == "v2"
    early = replace(correction, when="2019-02-01T00:00:00+01:00")
    assert told([*afterwards, first, early, checked("v1"), checked("v2")]).offices["A"].current.sha256 == "v1"
    assert told([*FROM_APRIL, first, early, checked("v1"), checked("v2")]).offices["A"].current.sha256 == "v2"


def test_a_file_dated_in_the_future_was_there_when_it_was_collected():
    future = replace(dated("v1", 2, 2, when_from="arrivo"), when="2040-01-01T00:00:00+01:00", arrived="2040-01-01T00:00:00+01:00")
    version = told([*FROM_APRIL, future, replace(future, at="2019-07-01T10:00:00+02:00")]).versions["v1"]
    assert version.when.isoformat() == LATER
    assert "01/01/2040" in version.doubts[0]["found"]
    later = replace(received("v2", 1), when="2019-06-21T10:00:00+02:00")
    assert told([*FROM_APRIL, future, later, checked("v1"), checked("v2")]).offices["A"].current.sha256 == "v2"


def test_journals_of_before_say_no_arrival_and_stay_as_they_were_judged():
    assert state(received("v1", 9)).versions["v1"].doubts == ()


arrivals = st.lists(
    st.builds(
        received, st.sampled_from(["v1", "v2", "v3"]), st.integers(1, 6), when_from=st.sampled_from(["pec", "data", "arrivo"]),
        sender=st.sampled_from(["a@x", "b@x"]), envelope=st.sampled_from(["e1", "e2"]), message_id=st.sampled_from(["", "<1>", "<2>"]),
        arrived=st.sampled_from(["", "2019-05-02T10:00:00+02:00", "2019-05-04T10:00:00+02:00", "2040-01-01T10:00:00+02:00"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(deadline=None)
@given(arrivals, st.randoms(use_true_random=False))
def test_the_order_of_arrival_doesn_t_matter(events, random):
    verdicts = [checked(sha, accepted=sha != "v2") for sha in ("v1", "v2", "v3")]
    other = list(events) + random.sample(events, random.randint(0, len(events)))
    random.shuffle(other)

    def seen(round_: Round) -> list[Any]:
        office = round_.offices["A"]
        versions = [(v.sha256, v.when, v.when_from, v.sender, v.name, v.accepted, v.problems) for v in office.versions]
        return [versions, office.current and office.current.sha256, office.standing(DEADLINE, BEFORE)]

    for start in (START, FROM_APRIL):
        assert seen(told([*start, *events, *verdicts])) == seen(told([*start, *other, *verdicts]))


@settings(deadline=None)
@given(arrivals, st.randoms(use_true_random=False))
def test_what_adds_nothing_changes_nothing(events, random):
    """Collecting leaves out what it knows already: in any order the versions are the same."""

    def kept(order: list[Received]) -> list[Any]:
        known: dict[str, list[Received]] = {}
        for each in order:
            if adds(known.setdefault(each.sha256, []), each):
                known[each.sha256].append(each)
        found = {sha: settled(held, None).first for sha, held in known.items()}
        return sorted((sha, first.when, first.when_from) for sha, first in found.items())

    other = list(events)
    random.shuffle(other)
    whole = {each.sha256 for each in events}
    assert kept(other) == kept(list(events))
    assert kept(other) == sorted(
        (sha, (first := settled([each for each in events if each.sha256 == sha], None).first).when, first.when_from)
        for sha in whole
    )


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
    again = received("v1", 9, late=True, message_id="<ancora>")
    found = state(*first, received("v3", 4, late=True), again, REOPENED)
    assert not found.closed
    assert [version.sha256 for version in found.unchecked] == ["v3"]
    assert found.offices["A"].current.sha256 == "v2"
    assert [each["code"] for each in found.versions["v1"].doubts] == ["PX-N051"]
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
        assert in_force(*events, received("v2", 4, message_id="<quale vale>")) == "v2"
        again = state(*events, received("v2", 4, message_id="<quale vale>")).offices["A"]
        assert again.standing(DEADLINE, BEFORE) is Standing.ACCEPTED


def test_two_sheets_of_one_moment_both_accepted_by_hand_are_left_to_a_last_word():
    """One command that accepts both says nothing; two commands: the later one is the person's last word. Never the hash."""
    events = (received("v1", 2), checked("v1"), received("v2", 2), checked("v2"))

    def accepted(sha: str, hour: int) -> Accepted:
        return Accepted(at=f"2019-05-08T{hour:02d}:00:00+02:00", sha256=sha, office="A", reason="sentito l'ufficio")

    for one, other in (("v1", "v2"), ("v2", "v1")):
        found = state(*events, accepted(one, 8), accepted(other, 8))
        assert found.offices["A"].current is None
        assert [each["code"] for each in found.versions[one].to_correct] == ["PX-N028"]
        assert in_force(*events, accepted(one, 8), accepted(other, 9)) == other
        assert in_force(*events, accepted(one, 8), accepted(other, 8), accepted(one, 9)) == one


# -- plans ----------------------------------------------------------------------------------------------------------------


def test_sheets_of_a_plan_that_was_never_told_aren_t_there():
    """Killed while it was changing the plan: the version before is in force, with its sheets."""
    found = told([*START, prepared("A", 2), prepared("C", 2)])
    assert sorted(found.offices) == ["A", "B"]
    assert found.offices["A"].file == "schede/v1/A.xlsx"
    assert told([OPENED, prepared("A")]).offices == {}


def test_what_an_ended_run_told_of_a_plan_isn_t_taken_for_the_plan_that_came_after():
    ghost = replace(prepared("X9", 2), at="2019-05-01T07:00:00+02:00")
    found = state(ghost, prepared("A", 2), prepared("B", 2), plan(2))
    assert sorted(found.offices) == ["A", "B"]


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
