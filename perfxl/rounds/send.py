"""What is sent to whom: invitations, reminders, corrections. Never twice the same message, unless somebody asks for it.

The same message is the same kind to the same office about the same sheet (its hash) and, for corrections, with the same list. A
message that is handed over to a server is told before (`Sending`) and after (`Sent`, `NotSent`): where the end is missing the
register says that it may have left, and it isn't sent again by itself; sent again on request, it keeps its identifier. One that
some addresses refused goes to those only. A draft needs no such care: written twice, it is the same file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import RoundError
from perfxl.findings import Finding, finding
from perfxl.mail.dates import ITALY
from perfxl.rounds.channels import Delivery
from perfxl.rounds.events import Event, NotSent, Sending, Sent, now
from perfxl.rounds.fold import told
from perfxl.rounds.folder import OFFICES, RoundFolder, digest
from perfxl.rounds.journal import Journal
from perfxl.rounds.messages import Letter, Writing, compose, write_letter
from perfxl.rounds.offices import Contact, Contacts, lacking, read_contacts, well_formed
from perfxl.rounds.past import past_of
from perfxl.rounds.settings import Settings, load_settings
from perfxl.rounds.state import Office, Round, Standing
from perfxl.rounds.times import day_of
from perfxl.rounds.times import today as in_italy
from perfxl.rounds.wording import Kind, read_text, write_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.rounds.channels import Channel
    from perfxl.rounds.past import Past

WITHOUT_REPLY = frozenset({Standing.PREPARED, Standing.SENT, Standing.MISSING})


@dataclass(frozen=True, slots=True)
class Order:
    """What to send: `offices` limits it to some (all, where empty), `again` repeats what was sent already.

    Who has answered isn't invited again, unless its office is among `offices` too.
    """

    kind: Kind
    offices: tuple[str, ...] = ()
    again: bool = False
    by: str = ""
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Mailing:
    """What would be sent, and what not: office and why."""

    letters: tuple[Letter, ...]
    skipped: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Dispatched:
    """What a run did: what was to be sent, what became of it."""

    plan: Mailing
    sent: list[tuple[Letter, Delivery]] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)  # of the messages, on their way

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Who gets nothing, and why."""
        return self.plan.skipped

    @property
    def findings(self) -> list[Finding]:
        """What was known before, then what happened on the way."""
        return [*self.plan.findings, *self.problems]


def mailing(folder: str | Path, order: Order) -> Mailing:
    """What would be sent now. Nothing is written; every message is composed, so that what can't be sent is told here.

    Raises:
        RoundError: no round, a closed one, an office that it hasn't, a template that isn't valid.
        DeclarationError: a giro.toml that isn't valid.
    """
    return _mailing(RoundFolder(folder), told(Journal(folder).events()), load_settings(folder), order)


def dispatch(
    folder: str | Path,
    order: Order,
    channel: Callable[[Settings, Round], Channel],
    said: Callable[[Letter, Delivery], None] | None = None,
    planned: Callable[[Mailing], None] | None = None,
) -> Dispatched:
    """Send.

    Args:
        folder: the round's.
        order: what, to whom.
        channel: makes the way of sending.
        said: told of each message as it ends.
        planned: told what is going to be sent and what not, before anything leaves.

    Raises:
        RoundError: as `mailing`; the channel can't be opened, or is lost on the way (what was sent until then is told).
    """
    home, journal = RoundFolder(folder), Journal(folder)
    with journal.lock():
        home.tidy()
        state, settings = told(journal.events()), load_settings(folder)
        write_texts(folder)
        done = Dispatched(_mailing(home, state, settings, order))
        if planned is not None:
            planned(done.plan)
        if not done.plan.letters:
            return done
        way = channel(settings, state)
        try:
            way.open()
            for letter in done.plan.letters:
                delivery = _deliver(journal, way, letter, order.by)
                done.sent.append((letter, delivery))
                done.problems += _about(letter, delivery)
                if said is not None:
                    said(letter, delivery)
        finally:
            way.close()
        return done


def _deliver(journal: Journal, way: Channel, letter: Letter, by: str) -> Delivery:
    """Send a message and tell each part of its outcome as soon as it is known."""

    def leaving(addresses: tuple[str, ...]) -> None:
        journal.add(
            Sending(
                at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=addresses,
                message_id=letter.message_id, sheet_sha256=letter.about, problems_sha256=letter.problems,
            )
        )  # fmt: skip

    delivery = Delivery()
    try:
        for part in way.deliver(letter, leaving):
            journal.add_all([*_left(letter, way, by, part), *_not_sent(letter, way, by, part.refused)])
            delivery = delivery.then(part)
    except RoundError as error:
        over = {*delivery.accepted, *(each for each, _ in delivery.unsure)}
        rest = [(each, error.message) for each in letter.addresses if each not in over]
        journal.add_all(_not_sent(letter, way, by, rest))
        raise
    return delivery


def _left(letter: Letter, way: Channel, by: str, part: Delivery) -> list[Event]:
    if not part.accepted:
        return []
    return [
        Sent(
            at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=part.accepted,
            message_id=letter.message_id, file=part.file, sheet_sha256=letter.about, problems_sha256=letter.problems,
        )
    ]  # fmt: skip


def _not_sent(letter: Letter, way: Channel, by: str, refused: Sequence[tuple[str, str]]) -> list[Event]:
    return [
        NotSent(
            at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=tuple(each for each, _ in group),
            why=why, message_id=letter.message_id,
        )
        for why, group in groupby(refused, key=lambda pair: pair[1])
    ]  # fmt: skip


def _about(letter: Letter, delivery: Delivery) -> list[Finding]:
    elsewhere = " (agli altri indirizzi è andato)" if delivery.accepted else ""
    return [
        *(finding("PX-N032", f"{letter.office}: {why}") for why in dict.fromkeys(why for _, why in delivery.unsure)),
        *(finding("PX-N031", f"{letter.office}: {why}{elsewhere}") for why in dict.fromkeys(why for _, why in delivery.refused)),
    ]


def _mailing(home: RoundFolder, state: Round, settings: Settings, order: Order) -> Mailing:
    if state.closed:
        raise RoundError("il giro è chiuso: per scrivere agli uffici va riaperto, con il motivo («perfxl giro riapri»).")
    _check_sender(settings)
    today = order.today or in_italy()
    writing = Writing(state, settings.sender, read_text(home.path, order.kind), order.kind, today)
    file = home.path / OFFICES
    absent = Contacts(findings=(finding("PX-N001", "il file non c'è", file=str(file)),))
    contacts = read_contacts(file) if file.is_file() else absent
    due: list[_Due] = []
    skipped: list[tuple[str, str]] = []
    findings = list(contacts.general)
    for office in _chosen(state, order):
        contact, past = contacts.of(office.code), past_of(office, order.kind)
        why = _why_not(office, order, state, today) or _sent_already(past, contact, order)
        if why is None and past.doubt is not None and not order.again:
            begun = day_of(datetime.fromisoformat(past.doubt.at))
            findings.append(finding("PX-N032", f"{office.code}: {order.kind} del {begun:%d/%m/%Y}"))
            why = "forse già inviata"
        if why is None:
            due.append(_Due(office, contact, past))
        else:
            skipped.append((office.code, why))
    ready = [each for each in due if each.contact.addresses and not each.contact.wrong]
    skipped += [(each.office.code, "senza indirizzo valido") for each in due if each not in ready]
    findings += [one for each in due for one in each.contact.wrong]
    if not any(each.code == "PX-N001" for each in contacts.findings):
        findings += lacking([each.office.code for each in due if not each.contact.wrong], contacts, file)
    letters, changed = _letters(home, writing, ready, again=order.again)
    skipped += [(office, "scheda cambiata o mancante") for office, _ in changed]
    return Mailing(tuple(letters), tuple(skipped), (*findings, *(each for _, each in changed)))


@dataclass(frozen=True, slots=True)
class _Due:
    """An office that gets the message, to whom it goes, and what became of the message up to now."""

    office: Office
    contact: Contact
    past: Past


def _chosen(state: Round, order: Order) -> list[Office]:
    """The offices of the plan in force, or those of them that are asked for."""
    number = state.plan.number if state.plan is not None else 0
    known = {code.casefold(): office for code, office in state.offices.items() if office.file and office.plan == number}
    for code in order.offices:
        if code.strip().casefold() not in known:
            names = ", ".join(office.code for office in known.values())
            raise RoundError(f"«{code}» non è un ufficio del giro; gli uffici sono: {names}.")
    if not order.offices:
        return list(known.values())
    asked = {code.strip().casefold() for code in order.offices}
    return [office for code, office in known.items() if code in asked]


def _why_not(office: Office, order: Order, state: Round, today: date) -> str | None:
    """Why an office doesn't get the message, by what came back from it; None where it does."""
    standing, latest = office.standing(state.deadline, today), office.latest
    if order.kind is Kind.CORRECTIONS and (standing is not Standing.TO_CORRECT or latest is None or not latest.to_correct):
        return "niente da correggere"
    if order.kind is Kind.REMINDER and standing not in WITHOUT_REPLY:
        return "ha già risposto" + (": da correggere" if standing is Standing.TO_CORRECT else "")
    if order.kind is Kind.REMINDER and not (office.invited or office.unsure or order.offices):
        return "la scheda non è ancora stata inviata: prima «perfxl giro invia»"
    if order.kind is not Kind.INVITATION or (order.again and order.offices):
        return None
    if latest is not None and (len(state.plans) == 1 or latest.plan == office.plan):
        return "ha già risposto"
    if standing is Standing.ACCEPTED and not order.offices:
        return "ha già risposto, e la risposta vale anche per il piano nuovo"
    return None


def _sent_already(past: Past, contact: Contact, order: Order) -> str | None:
    """When the message left, where it left whole. One that some addresses refused is complete once they have it, or are gone."""
    if order.again or past.last is None or past.doubt is not None:
        return None
    if past.refused and (contact.wrong or past.lacking(contact.addresses)):
        return None
    return f"già inviato il {date.fromisoformat(past.last.at[:10]):%d/%m/%Y} ({past.last.channel})"


def _letters(
    home: RoundFolder, writing: Writing, due: list[_Due], *, again: bool
) -> tuple[list[Letter], list[tuple[str, Finding]]]:
    """The messages. A sheet that isn't the one that was prepared, byte for byte, goes to nobody.

    Each is composed here once: what can't travel stops the run before anything has left.
    """
    letters, changed = [], []
    for each in due:
        office = each.office
        path = home.file(office.file)
        data = path.read_bytes() if path.is_file() else b""
        if digest(data) != office.sha256:
            what = "è stata cambiata dopo l'apertura del giro" if data else "non c'è più"
            changed.append((office.code, finding("PX-N030", f"{office.code}: la scheda {what}", file=str(path))))
            continue
        letter = write_letter(writing, office, each.contact, (path, data), each.past.number + 1)
        if each.past.doubt is not None or (each.past.refused and not again):
            letter = _continued(letter, each.past)
        compose(letter, writing.sender, datetime.now(ITALY))
        letters.append(letter)
    return letters, changed


def _continued(letter: Letter, past: Past) -> Letter:
    """A message that may have left, or that some refused, is the same one: it goes with its identifier to those who lack it."""
    rest = past.lacking(letter.addresses)
    return replace(letter, addresses=rest, message_id=past.last.message_id) if past.last is not None and rest else letter


def _check_sender(settings: Settings) -> None:
    for key, value in (("address", settings.sender.address), ("reply_to", settings.sender.reply_to)):
        if value and not well_formed(value):
            raise RoundError(f"in giro.toml «{value}» ([sender], {key}) non è un indirizzo come nome@ente.it.")
