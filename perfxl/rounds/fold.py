"""From the events of a round to its state: the journal, told from its beginning. Pure: no file is read here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from perfxl.findings import finding
from perfxl.mail.dates import ITALY
from perfxl.rounds.blocking import BROKEN_SIGNATURE, SAME_MOMENT
from perfxl.rounds.events import (
    Accepted,
    Attributed,
    Checked,
    Closed,
    Event,
    Fetched,
    Noted,
    NotSent,
    Opened,
    PlanVersion,
    Prepared,
    Receipt,
    Received,
    Refused,
    Reopened,
    Sending,
    Sent,
)
from perfxl.rounds.state import Office, Round, Version, key_of
from perfxl.rounds.times import day_of, settled, shown

IMPLAUSIBLE, RETURNED = "PX-N050", "PX-N051"


def told(events: Iterable[Event]) -> Round:
    """The round that the events tell. The order in which the sheets arrived doesn't matter to what counts."""
    state, prepared, opening = Round(), list[Prepared](), None
    for event in events:
        if isinstance(event, Opened):
            opening = opening or event
        if isinstance(event, Prepared) and (state.plan is None or event.plan > state.plan.number):
            prepared.append(event)  # of a plan version that isn't in force yet, and may never be
            continue
        if isinstance(event, PlanVersion):
            # A run that was ended may have told sheets of the same number: those of this version have its own moment
            _in_force(state, event, [each for each in prepared if (each.plan, each.at) == (event.number, event.at)])
        _take(state, event)
    if state.plan is not None:
        state.dropped = {code: office for code, office in state.offices.items() if office.plan != state.plan.number}
        state.offices = {code: office for code, office in state.offices.items() if code not in state.dropped}
    state.since = _since(opening)
    for version in state.versions.values():
        version.times = settled(version.arrivals or version.aside, state.since)
        if version.first.doubt:
            _doubt(version, IMPLAUSIBLE, version.first.doubt)
        if version.broken:
            _withdraw(version, BROKEN_SIGNATURE)
        office = state.offices.get(version.office) or state.dropped.get(version.office)
        if office is not None:
            office.versions.append(version)
    for office in (*state.offices.values(), *state.dropped.values()):
        office.versions.sort(key=lambda each: (each.when, each.sha256))
        _settle_ties(office)
        _tell_returns(office)
    return state


def _since(opening: Opened | None) -> datetime | None:
    """When the round was opened: no reply is older. Where a past period is put together afterwards, the first day of its year."""
    if opening is None:
        return None
    moment, year = datetime.fromisoformat(opening.at), opening.year
    deadline = date.fromisoformat(opening.deadline) if opening.deadline else None
    afterwards = deadline < day_of(moment) if deadline is not None else year is not None and moment.year > year + 1
    if not afterwards:
        return moment
    return datetime(year, 1, 1, tzinfo=ITALY) if year is not None else None


def _settle_ties(office: Office) -> None:
    """Two accepted versions of one moment (in one message): which is the later one is for a person to say, whose last word counts."""
    moments: dict[datetime, list[Version]] = {}
    for version in office.versions:
        if version.accepted and not version.late:
            moments.setdefault(version.when, []).append(version)
    for tied in moments.values():
        chosen = _chosen(tied)
        for version in tied:
            if chosen is not version:
                version.reason = ""
                _withdraw(version, SAME_MOMENT)
    office.versions.sort(key=lambda each: (each.when, bool(each.accepted), each.sha256))


def _chosen(tied: list[Version]) -> Version | None:
    """Of accepted versions of one moment the one that a person accepted last, else the one that came again last; None for none."""
    for says in (_by_hand, _came_again):
        last = max(map(says, tied))
        found = [version for version in tied if says(version) == last]
        if len(found) == 1:
            return found[0]
        if last > _NEVER:
            return None
    return None


_NEVER = datetime.min.replace(tzinfo=UTC)


def _by_hand(version: Version) -> datetime:
    return version.hand or _NEVER


def _came_again(version: Version) -> datetime:
    again = version.times.again if version.times else ()
    return again[-1].when if again else _NEVER


def _tell_returns(office: Office) -> None:
    """Bytes that came again after another version: they count as of the first time, and somebody may have meant them otherwise."""
    versions = [version for version in office.versions if not version.late]
    for version in versions:
        for again in version.times.again if version.times else ():
            between = [each for each in versions if version.when < each.when < again.when]
            if between:
                who = f" da {again.arrival.sender}" if again.arrival.sender else ""
                found = f"«{version.name}», del {shown(version.when)}, è tornata il {shown(again.when)}{who}"
                later = between[-1]
                _doubt(version, RETURNED, f"{found}, dopo «{later.name}» del {shown(later.when)}: vale per il primo arrivo")
                break


def _doubt(version: Version, code: str, found: str) -> None:
    doubt = finding(code, found, file=version.name).as_dict()
    version.doubts = (*version.doubts, doubt)
    version.problems = (*version.problems, doubt)


def _withdraw(version: Version, code: str) -> None:
    """What the comparison accepted and the arrivals don't allow; what a person accepted stays."""
    if version.accepted and not version.reason:
        version.accepted = False
        version.problems = (*version.problems, finding(code, version.name, file=version.name).as_dict())


def _in_force(state: Round, plan: PlanVersion, prepared: list[Prepared]) -> None:
    """A plan version: its sheets are those to answer, and what came before is compared with them again."""
    state.plans.append(plan)
    for sheet in prepared:
        _sheet(state, sheet)
    for version in state.versions.values():
        version.accepted, version.reason, version.hand = None, "", None


def _sheet(state: Round, event: Prepared) -> None:
    office = _office(state, event.office)
    office.title, office.file, office.sha256, office.plan = event.title, event.file, event.sha256, event.plan
    office.sheets[event.plan] = event


def _take(state: Round, event: Event) -> None:
    match event:
        case Opened():
            state.opened = event
        case Prepared():
            _sheet(state, event)
        case Sending():
            _office(state, event.office).unsure[event.message_id] = event
        case Sent():
            _office(state, event.office).sent.append(event)
            _settled(_office(state, event.office), event)
        case NotSent():
            _office(state, event.office).failed.append(event)
            _settled(_office(state, event.office), event)
        case Received():
            _arrived(state, event)
        case Checked() | Attributed() | Accepted() if event.sha256 in state.versions:
            _judged(state.versions[event.sha256], event)
        case Receipt():
            state.receipts.append(event)
        case Refused():
            state.refused.setdefault(key_of(event), event)
        case Noted():
            state.noted.setdefault(key_of(event), event)
        case Fetched():
            state.fetched.append(event)
        case Closed():
            state.closed = True
            state.closings.append(event)
        case Reopened():
            _reopened(state, event)
        case _:
            pass


def _settled(office: Office, event: Sent | NotSent) -> None:
    """A message isn't in doubt any more for the addresses of which it is told how it ended.

    Another one about the same thing that left settles it too: somebody looked, and sent it again.
    """
    for key, doubt in list(office.unsure.items()):
        left = tuple(each for each in doubt.addresses if each not in event.addresses)
        if key == event.message_id and left:
            office.unsure[key] = replace(doubt, addresses=left)
        elif key == event.message_id or (
            isinstance(event, Sent) and (event.what, event.sheet_sha256) == (doubt.what, doubt.sheet_sha256)
        ):
            del office.unsure[key]


def _office(state: Round, code: str) -> Office:
    return state.offices.setdefault(code, Office(code))


def _arrived(state: Round, event: Received) -> None:
    version = state.versions.setdefault(event.sha256, Version(event.sha256, event.office, event.file))
    version.office = version.office or event.office
    (version.aside if event.late or state.closed else version.arrivals).append(event)


def _judged(version: Version, event: Checked | Attributed | Accepted) -> None:
    match event:
        case Attributed():
            version.office, version.accepted, version.reason, version.hand = event.office, None, "", None
            version.dismissed = not event.office
        case Accepted():
            version.accepted, version.reason, version.hand = True, event.reason, datetime.fromisoformat(event.at)
        case Checked() if event.office == version.office:
            version.accepted, version.problems, version.plan = event.accepted, event.problems, event.plan


def _reopened(state: Round, event: Reopened) -> None:
    state.closed = False
    state.reopenings.append(event)
    for version in state.versions.values():
        version.arrivals += version.aside
        version.aside = []
