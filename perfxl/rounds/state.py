"""The state of a round, told by its events: offices, versions, what counts, what is missing. Pure: no file is read here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from perfxl.findings import finding
from perfxl.mail.dates import ITALY
from perfxl.rounds.blocking import BROKEN_SIGNATURE, SAME_MOMENT, blocks
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
from perfxl.rounds.periods import period_end
from perfxl.rounds.times import Settled, Timed, settled, shown

IMPLAUSIBLE, RETURNED = "PX-N050", "PX-N051"


Key = tuple[str, str, str]
"""Of what is told of something that came: its hash, the code of the finding, the message."""


class Standing(StrEnum):
    """Where an office stands."""

    PREPARED = "preparata"
    SENT = "inviata"
    RECEIVED = "ricevuta"
    TO_CORRECT = "da correggere"
    ACCEPTED = "accettata"
    MISSING = "mancante"


@dataclass(slots=True)
class Version:
    """The bytes of a sheet that arrived, however many times and in whatever wrapping.

    `arrivals` are those that count; `aside` came when the round was closed, and count once it is opened again.
    """

    sha256: str
    office: str
    file: str
    arrivals: list[Received] = field(default_factory=list)
    aside: list[Received] = field(default_factory=list)
    accepted: bool | None = None  # None: not checked yet
    plan: int = 0
    problems: tuple[dict[str, str], ...] = ()
    reason: str = ""  # why the controller accepted it though something is wrong with it
    dismissed: bool = False  # somebody said that it is of no office

    hand: datetime | None = None  # when he did
    doubts: tuple[dict[str, str], ...] = ()  # of its time; they are among the problems too
    times: Settled | None = None  # as `told` settles them, with what it knows of the round

    @property
    def first(self) -> Timed:
        """The arrival that says when the office sent it, with the time that counts."""
        return (self.times or settled(self.arrivals or self.aside, None)).first

    @property
    def arrival(self) -> Received:
        """The arrival that says when the office sent it."""
        return self.first.arrival

    @property
    def late(self) -> bool:
        """Whether it came only when the round was closed."""
        return not self.arrivals

    @property
    def when(self) -> datetime:
        """The moment that orders the versions of an office: PEC acceptance, else the message's date, else the arrival."""
        return self.first.when

    @property
    def when_from(self) -> str:
        """What `when` is: `pec`, `data`, `arrivo`."""
        return self.first.when_from

    @property
    def sender(self) -> str:
        """Who sent it, as the message says."""
        return self.arrival.sender

    @property
    def name(self) -> str:
        """Its name, as it came."""
        return self.arrival.name

    @property
    def signature(self) -> dict[str, Any]:
        """A signature that holds rather than one that doesn't; of the arrival in force rather than of another. Empty for none."""
        signed = [each for each in (*self.arrivals, *self.aside) if each.signature]
        best = max(
            signed, key=lambda each: (not each.signature.get("wrong"), each is self.arrival, each.when, each.envelope, each.name),
            default=None,
        )  # fmt: skip
        return best.signature if best is not None else {}

    @property
    def to_correct(self) -> tuple[dict[str, str], ...]:
        """What the office must correct before it is accepted; nothing in a version that is."""
        if self.accepted:
            return ()
        return tuple(each for each in self.problems if blocks(each.get("code", ""), each.get("severity", "")))

    @property
    def broken(self) -> bool:
        """Whether it only ever came with a signature that doesn't hold: something changed after the signing."""
        return bool(self.arrivals) and all(each.signature.get("wrong") for each in self.arrivals)


@dataclass(slots=True)
class Office:
    """An office of the round: its sheet, what was sent to it, the versions that it sent back (oldest first)."""

    code: str
    title: str = ""
    file: str = ""
    sha256: str = ""
    plan: int = 0
    sheets: dict[int, Prepared] = field(default_factory=dict)  # by plan version
    sent: list[Sent] = field(default_factory=list)
    failed: list[NotSent] = field(default_factory=list)
    unsure: dict[str, Sending] = field(default_factory=dict)  # by message: handed over, and never told how it ended
    versions: list[Version] = field(default_factory=list)

    @property
    def messages(self) -> list[Sent | NotSent | Sending]:
        """All that is told of messages to it: left, failed, in doubt."""
        return [*self.sent, *self.failed, *self.unsure.values()]

    @property
    def current(self) -> Version | None:
        """The version that counts: the latest accepted."""
        return next((each for each in reversed(self.versions) if each.accepted and not each.late), None)

    @property
    def latest(self) -> Version | None:
        """The latest version that arrived in time, accepted or not."""
        return next((each for each in reversed(self.versions) if not each.late), None)

    def standing(self, deadline: date | None, today: date) -> Standing:
        """Where the office stands on a day."""
        latest = self.latest
        if latest is not None:
            if latest.accepted is None:
                return Standing.RECEIVED
            return Standing.ACCEPTED if latest.accepted else Standing.TO_CORRECT
        if deadline is not None and today > deadline:
            return Standing.MISSING
        return Standing.SENT if self.invited else Standing.PREPARED

    @property
    def invited(self) -> str:
        """When the sheet in force left for the first time, in ISO 8601; empty while it hasn't: a new plan has a new sheet."""
        mine = (each for each in self.sent if each.what == "invito" and each.sheet_sha256 in ("", self.sha256))
        return next((each.at for each in mine if self.of_this_plan(each)), "")

    def of_this_plan(self, event: Event) -> bool:
        """Whether something was told since the plan in force is: one that goes back to an earlier plan may have its very sheets."""
        prepared = self.sheets.get(self.plan)
        return prepared is None or datetime.fromisoformat(event.at) >= datetime.fromisoformat(prepared.at)


@dataclass(slots=True)
class Round:
    """A monitoring round as its events tell it. `offices` are those of the plan in force; `dropped` had a sheet in an earlier one.

    `since`: no reply of it can be older; None where that isn't known.
    """

    opened: Opened | None = None
    since: datetime | None = None
    plans: list[PlanVersion] = field(default_factory=list)
    offices: dict[str, Office] = field(default_factory=dict)
    dropped: dict[str, Office] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    refused: dict[Key, Refused] = field(default_factory=dict)
    noted: dict[Key, Noted] = field(default_factory=dict)
    fetched: list[Fetched] = field(default_factory=list)
    closings: list[Closed] = field(default_factory=list)
    reopenings: list[Reopened] = field(default_factory=list)
    closed: bool = False

    @property
    def deadline(self) -> date | None:
        """The day by which the offices answer."""
        return date.fromisoformat(self.opened.deadline) if self.opened is not None and self.opened.deadline else None

    @property
    def reference(self) -> date | None:
        """The day at which results are looked at: the end of the period where its name says it (1° quadrimestre), else the deadline."""
        return (period_end(self.opened.period, self.opened.year) if self.opened is not None else None) or self.deadline

    @property
    def plan(self) -> PlanVersion | None:
        """The plan in force."""
        return self.plans[-1] if self.plans else None

    @property
    def unattributed(self) -> list[Version]:
        """Sheets of which nobody could tell whose they are."""
        return [each for each in self.versions.values() if not (each.office or each.late or each.dismissed)]

    @property
    def aside(self) -> list[Version]:
        """Sheets that came when the period was closed."""
        return [each for each in self.versions.values() if each.late]

    @property
    def unchecked(self) -> list[Version]:
        """Sheets to compare with what was sent; none while the period is closed."""
        offices = () if self.closed else self.offices.values()
        return [each for office in offices for each in office.versions if each.accepted is None and not each.late]


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
    afterwards = deadline < moment.date() if deadline is not None else year is not None and moment.year > year + 1
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


def key_of(event: Refused | Noted) -> Key:
    """What keeps the same thing from being told twice; the same bytes in two messages are two things."""
    return event.sha256, event.problem.get("code", ""), event.message


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
