"""What is sent to whom: invitations, reminders, corrections. Never twice the same message, unless somebody asks for it.

The same message is the same kind to the same office about the same sheet (its hash). A message that is handed over to a server is
told before (`Sending`) and after (`Sent`, `NotSent`): where the end is missing the register says that it may have left, and it
isn't sent again by itself. A draft needs no such care: written twice, it is the same file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import RoundError
from perfxl.findings import Finding, finding
from perfxl.rounds.events import Event, NotSent, Sending, Sent, now
from perfxl.rounds.folder import OFFICES, RoundFolder, digest
from perfxl.rounds.journal import Journal
from perfxl.rounds.messages import Letter, Writing, about_of, write_letter
from perfxl.rounds.offices import lacking, read_contacts, well_formed
from perfxl.rounds.settings import Settings, load_settings
from perfxl.rounds.state import Office, Round, Standing, told
from perfxl.rounds.wording import Kind, read_text, write_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfxl.rounds.channels import Channel, Delivery
    from perfxl.rounds.offices import Contact

WITHOUT_REPLY = frozenset({Standing.PREPARED, Standing.SENT, Standing.MISSING})


@dataclass(frozen=True, slots=True)
class Order:
    """What to send: `offices` limits it to some (all, where empty), `again` repeats what was sent already."""

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
    """What a run did."""

    sent: list[tuple[Letter, Delivery]] = field(default_factory=list)
    skipped: tuple[tuple[str, str], ...] = ()
    findings: list[Finding] = field(default_factory=list)


def mailing(folder: str | Path, order: Order) -> Mailing:
    """What would be sent now. Nothing is written.

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
) -> Dispatched:
    """Send.

    Args:
        folder: the round's.
        order: what, to whom.
        channel: makes the way of sending.
        said: told of each message as it ends.

    Raises:
        RoundError: as `mailing`; the channel can't be opened, or is lost on the way (what was sent until then is told).
    """
    home, journal = RoundFolder(folder), Journal(folder)
    with journal.lock():
        state, settings = told(journal.events()), load_settings(folder)
        write_texts(folder)
        plan = _mailing(home, state, settings, order)
        done = Dispatched(skipped=plan.skipped, findings=list(plan.findings))
        if not plan.letters:
            return done
        way = channel(settings, state)
        try:
            way.open()
            for letter in plan.letters:
                delivery = _deliver(journal, way, letter, order.by)
                done.sent.append((letter, delivery))
                done.findings += _about(letter, delivery)
                if said is not None:
                    said(letter, delivery)
        finally:
            way.close()
        return done


def _deliver(journal: Journal, way: Channel, letter: Letter, by: str) -> Delivery:
    def leaving() -> None:
        journal.add(
            Sending(
                at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=letter.addresses,
                message_id=letter.message_id, sheet_sha256=letter.about,
            )
        )  # fmt: skip

    try:
        delivery = way.deliver(letter, leaving)
    except RoundError as error:
        journal.add_all(_not_sent(letter, way, by, [(each, error.message) for each in letter.addresses]))
        raise
    events: list[Event] = []
    if delivery.accepted:
        events.append(
            Sent(
                at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=delivery.accepted,
                message_id=letter.message_id, file=delivery.file, sheet_sha256=letter.about,
            )
        )  # fmt: skip
    journal.add_all([*events, *_not_sent(letter, way, by, delivery.refused)])
    return delivery


def _not_sent(letter: Letter, way: Channel, by: str, refused: Sequence[tuple[str, str]]) -> list[Event]:
    return [
        NotSent(
            at=now(), by=by, office=letter.office, what=letter.kind, channel=way.name, addresses=tuple(each for each, _ in group),
            why=why, message_id=letter.message_id,
        )
        for why, group in groupby(refused, key=lambda pair: pair[1])
    ]  # fmt: skip


def _about(letter: Letter, delivery: Delivery) -> list[Finding]:
    if delivery.unsure:
        return [finding("PX-N032", f"{letter.office}: la connessione è caduta prima della risposta del server")]
    return [
        finding("PX-N031", f"{letter.office}: {why}" + (" (agli altri indirizzi è andato)" if delivery.accepted else ""))
        for why in dict.fromkeys(why for _, why in delivery.refused)
    ]


def _mailing(home: RoundFolder, state: Round, settings: Settings, order: Order) -> Mailing:
    if state.closed:
        raise RoundError("il giro è chiuso: per scrivere agli uffici va riaperto, con il motivo («perfxl giro riapri»).")
    _check_sender(settings)
    today = order.today or date.today()
    writing = Writing(state, settings.sender, read_text(home.path, order.kind), order.kind, today)
    file = home.path / OFFICES
    contacts, problems = read_contacts(file) if file.is_file() else ({}, [finding("PX-N001", "il file non c'è", file=str(file))])
    wanted, skipped, findings = [], [], [each for each in problems if each.code != "PX-N003"]
    for office in _chosen(state, order):
        why = _why_not(office, order, state, today)
        if why is None and (unsure := _unsure(office, order)):
            findings.append(finding("PX-N032", f"{office.code}: {order.kind} del {unsure.at[:10]}"))
            why = "forse già inviata"
        if why is None:
            wanted.append(office)
        else:
            skipped.append((office.code, why))
    ready, wrong = _with_address(wanted, contacts, problems, file)
    letters, changed = _letters(home, writing, ready, contacts)
    skipped += [(office.code, "senza indirizzo valido") for office in wanted if office not in ready]
    skipped += [(office, "scheda cambiata o mancante") for office, _ in changed]
    return Mailing(tuple(letters), tuple(skipped), (*findings, *wrong, *(each for _, each in changed)))


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
    """Why an office doesn't get the message; None where it does."""
    standing, latest = office.standing(state.deadline, today), office.latest
    if order.kind is Kind.CORRECTIONS and (standing is not Standing.TO_CORRECT or latest is None or not latest.to_correct):
        return "niente da correggere"
    if order.kind is Kind.REMINDER and standing not in WITHOUT_REPLY:
        return "ha già risposto" + (": da correggere" if standing is Standing.TO_CORRECT else "")
    if order.again:
        return None
    if order.kind is Kind.INVITATION and latest is not None and (len(state.plans) == 1 or latest.plan == office.plan):
        return "ha già risposto"
    last = next((each for each in reversed(office.sent) if each.message_id in _same(office, order.kind)), None)
    if last is None:
        return None
    return f"già inviato il {date.fromisoformat(last.at[:10]):%d/%m/%Y} ({last.channel})"


def _same(office: Office, kind: Kind) -> set[str]:
    """The messages of a kind about the sheet as it is now, those that may have left too."""
    about = about_of(office, kind)
    past: list[Sent | Sending] = [*office.sent, *office.unsure.values()]
    return {each.message_id for each in past if (each.what, each.sheet_sha256) == (kind, about)}


def _unsure(office: Office, order: Order) -> Sending | None:
    """The same message, handed over and never told how it ended."""
    same = _same(office, order.kind)
    return None if order.again else next((each for key, each in office.unsure.items() if key in same), None)


def _with_address(
    offices: list[Office], contacts: Mapping[str, Contact], problems: list[Finding], file: Path
) -> tuple[list[Office], list[Finding]]:
    """The offices that can be written to. A malformed address among good ones holds its office back too: whose it is, isn't known."""
    codes = [office.code for office in offices]
    malformed = {code: [each for each in problems if each.code == "PX-N003" and _is_about(each, code)] for code in codes}
    wrong = [each for found in malformed.values() for each in found]
    none = [] if any(each.code == "PX-N001" for each in problems) else lacking(
        [code for code in codes if not malformed[code]], contacts, file
    )  # fmt: skip
    ready = [office for office in offices if not malformed[office.code] and office.code in contacts]
    return [office for office in ready if contacts[office.code].addresses], [*wrong, *none]


def _is_about(found: Finding, office: str) -> bool:
    return found.found.startswith(f"{office}: «")


def _letters(
    home: RoundFolder, writing: Writing, offices: list[Office], contacts: Mapping[str, Contact]
) -> tuple[list[Letter], list[tuple[str, Finding]]]:
    """The messages. A sheet that isn't the one that was prepared, byte for byte, goes to nobody."""
    letters, changed = [], []
    for office in offices:
        path = home.file(office.file)
        data = path.read_bytes() if path.is_file() else b""
        if digest(data) != office.sha256:
            what = "è stata cambiata dopo l'apertura del giro" if data else "non c'è più"
            changed.append((office.code, finding("PX-N030", f"{office.code}: la scheda {what}", file=str(path))))
            continue
        number = len(_same(office, writing.kind)) + 1
        letters.append(write_letter(writing, office, contacts[office.code], (path, data), number))
    return letters, changed


def _check_sender(settings: Settings) -> None:
    for key, value in (("address", settings.sender.address), ("reply_to", settings.sender.reply_to)):
        if value and not well_formed(value):
            raise RoundError(f"in giro.toml «{value}» ([sender], {key}) non è un indirizzo come nome@ente.it.")
