"""The state of a round: its offices, the versions of their sheets, what counts, what is missing. `fold` tells it from the events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from perfxl.rounds.blocking import blocks
from perfxl.rounds.events import (
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
from perfxl.rounds.times import Settled, Timed, settled

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
    def remarks(self) -> tuple[dict[str, str], ...]:
        """What is to be known of it, and keeps it from nothing."""
        return tuple(
            each for each in self.problems if self.accepted or not blocks(each.get("code", ""), each.get("severity", ""))
        )

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

    def reminders(self, sheet: str | None = None) -> int:
        """How many reminders it has had, about one sheet or about any; one that reached its addresses in two goes is one."""
        return len({each.message_id for each in self.sent if each.what == "sollecito" and sheet in (None, each.sheet_sha256)})

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


def key_of(event: Refused | Noted) -> Key:
    """What keeps the same thing from being told twice; the same bytes in two messages are two things."""
    return event.sha256, event.problem.get("code", ""), event.message
