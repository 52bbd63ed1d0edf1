"""What happens in a monitoring round, one event after the other. The round's state is nothing but these, told in order.

An event is a line of `eventi.jsonl`: whoever opens the folder can read it. Nothing is ever changed or taken away: a correction
is another event.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Union, get_args

from perfxl.mail.dates import ITALY


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base: `at` is when it was recorded (ISO, with the zone), `by` the person at the keyboard."""

    kind: ClassVar[str] = ""
    at: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """The round is opened. `round_id` tells it from any other, of the same plan and period too; empty in rounds opened before it was."""

    kind: ClassVar[str] = "aperto"
    body: str
    year: int | None
    period: str
    method: str
    deadline: str  # ISO date
    round_id: str = ""
    method_sha256: str = ""  # of a method of the user's own, copied into the round


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion(Event):
    """The plan in force from now on: `changes` says in Italian what differs from the version before.

    Told after the sheets prepared for it: a version without this event was never there.
    """

    kind: ClassVar[str] = "piano"
    number: int
    sha256: str
    files: tuple[str, ...]
    reason: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Event):
    """An office's sheet is ready: `file` relative to the round's folder."""

    kind: ClassVar[str] = "preparata"
    office: str
    title: str
    file: str
    sha256: str
    plan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending(Event):
    """A message is about to be handed over to a server. Without a `Sent` or `NotSent` after it, it may have left: nobody knows.

    `addresses` are those that get it at this moment. `problems_sha256`: see `Sent`.
    """

    kind: ClassVar[str] = "in partenza"
    office: str
    what: str
    channel: str
    addresses: tuple[str, ...]
    message_id: str
    sheet_sha256: str = ""
    problems_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Event):
    """A message left (or its draft was written): `what` is invito, sollecito or correzioni.

    `problems_sha256` tells one list of corrections from another about the same reply; empty in rounds that didn't tell them apart.
    """

    kind: ClassVar[str] = "inviata"
    office: str
    what: str
    channel: str  # bozza, smtp, outlook
    addresses: tuple[str, ...]
    message_id: str
    file: str = ""
    sheet_sha256: str = ""
    problems_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent(Event):
    """A message that couldn't leave to some addresses (all of them, often), and why. Another attempt may still succeed."""

    kind: ClassVar[str] = "non inviata"
    office: str
    what: str
    channel: str
    addresses: tuple[str, ...]
    why: str
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """A sheet arrived: its bytes lie in `file`, named by their own hash. Every arrival is an event, of the same bytes too.

    `when` is the PEC acceptance time, else the message's Date header, else the arrival (`when_from`: pec, data, arrivo), as they are
    told; `arrived` is when the last server got the message, else the date of its file: whether `when` can be believed is seen by
    it (`times`). Empty in journals of before, which had judged it already. `office` is "" where nobody could tell whose it is (*da attribuire*).
    """

    kind: ClassVar[str] = "ricevuta"
    office: str
    sha256: str
    file: str
    name: str
    when: str
    when_from: str
    sender: str = ""
    chain: tuple[str, ...] = ()  # the wrappings, outermost first: "posta.eml", "scheda.xlsx.p7m"
    message_id: str = ""
    envelope: str = ""  # the message or archive it came in, kept in the folder
    signature: dict[str, Any] = field(default_factory=dict)
    known_by: str = ""  # contrassegno, riconoscimento, mano
    late: bool = False  # after the round was closed: kept aside
    arrived: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Event):
    """What the comparison with the sheet that was sent says of a version. `accepted` versions count in the consolidation."""

    kind: ClassVar[str] = "controllata"
    sha256: str
    office: str
    accepted: bool
    plan: int = 0
    problems: tuple[dict[str, str], ...] = ()  # findings as dictionaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed(Event):
    """Somebody says whose a sheet is: of an office, or of none (""), and then it is put aside."""

    kind: ClassVar[str] = "attribuita"
    sha256: str
    office: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Event):
    """The controller accepts a version though something is wrong with it, and says why."""

    kind: ClassVar[str] = "accettata"
    sha256: str
    office: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Event):
    """A message of a mailbox was collected, and all that was in it is told before this: it needn't be fetched again.

    `source` names server, user and mailbox; `validity` and `uid` the message in it (RFC 3501, section 2.3.1.1).
    """

    kind: ClassVar[str] = "messaggio letto"
    source: str
    validity: int
    uid: int
    size: int
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Event):
    """A PEC receipt (accettazione, avvenuta consegna …): recognised, no sheet in it."""

    kind: ClassVar[str] = "ricevuta pec"
    type: str
    about: str  # the message it speaks of
    when: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """Something that was collected and holds no sheet, with the finding that says why.

    Its hash and `message` (the message or archive that it came in, empty for a bare file) keep it from being told twice.
    """

    kind: ClassVar[str] = "rifiutata"
    sha256: str
    name: str
    problem: dict[str, str]
    envelope: str = ""  # the file that it came in, kept in the folder
    sender: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """Something to be known of a wrapping (its signature, its name, what else was in it): the sheet in it was collected all the same."""

    kind: ClassVar[str] = "annotata"
    sha256: str
    name: str
    problem: dict[str, str]
    envelope: str = ""
    sender: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    """The period is closed: what comes later is kept aside. `versions`: the version in force of each office.

    `missing` have none; of those in `superseded` an earlier version counts, because the latest is still to be corrected.
    `unattributed` are the names of the sheets of which nobody had said whose they are.
    """

    kind: ClassVar[str] = "chiuso"
    versions: dict[str, str]
    missing: tuple[str, ...]
    workbook: str = ""
    superseded: tuple[str, ...] = ()
    unattributed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Event):
    """The period is open again, with the reason."""

    kind: ClassVar[str] = "riaperto"
    reason: str


AnyEvent = Union[  # noqa: UP007 - get_args needs the members at run time
    Opened,
    PlanVersion,
    Prepared,
    Sending,
    Sent,
    NotSent,
    Received,
    Checked,
    Attributed,
    Accepted,
    Fetched,
    Receipt,
    Refused,
    Noted,
    Closed,
    Reopened,
]
KINDS: dict[str, type[Event]] = {each.kind: each for each in get_args(AnyEvent)}


def now() -> str:
    """The present moment, in Italy's time with its zone, to the microsecond."""
    return datetime.now(ITALY).isoformat()


def to_line(event: Event) -> str:
    """An event as a line of the journal, without its end."""
    table = {"evento": event.kind, **asdict(event)}
    text = json.dumps(table, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(table)  # escaped where it wouldn't show, or isn't UTF-8


def from_line(line: str) -> Event:
    """The event of a line. Raises ValueError where it isn't one; keys that a later version added are left aside."""
    try:
        table = json.loads(line)
    except ValueError as error:  # what the library says of it is in English
        raise ValueError("non è scritta in JSON, o è stata interrotta") from error
    if not isinstance(table, dict) or table.get("evento") not in KINDS:
        raise ValueError("evento sconosciuto, forse di una versione successiva di perfxl")
    kind = KINDS[table.pop("evento")]
    known = {each.name for each in fields(kind)}
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        event = kind(**{key: value for key, value in values.items() if key in known})
    except TypeError as error:
        raise ValueError(f"a un evento «{kind.kind}» mancano delle voci") from error
    _examine(event)
    return event


def _examine(event: Event) -> None:
    """Refuse what would only be stumbled over later: moments that are none or have no zone, a day that is no day."""
    moments = [event.at]
    if isinstance(event, Received):
        moments += [event.when] + [event.arrived] * bool(event.arrived)
    for each in moments:
        if not isinstance(each, str) or _read(each, datetime).tzinfo is None:
            raise ValueError(f"«{each}» è senza il fuso orario")
    if isinstance(event, Opened):
        if event.deadline:
            _read(event.deadline, date)
        if not isinstance(event.year, int | None):
            raise ValueError(f"«{event.year}» non è un anno")  # noqa: TRY004 - as every line that is no event


def _read(text: str, kind: type[date]) -> Any:
    try:
        return kind.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"«{text}» non è una data") from error
