"""Collecting the replies: out of folders, files, messages; each sheet kept once, its office told, beside what was sent to it.

Nothing is dropped: a sheet of nobody waits to be attributed, a sheet that comes late is kept aside, a thing that is no sheet is
told with the reason. First the bytes are kept, then the event is told: whatever ends the run, a second one completes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import PerfxlError, RoundError
from perfxl.findings import Finding, Severity, finding
from perfxl.mail import LIMITS, unwrap
from perfxl.rounds.active import active_contents
from perfxl.rounds.events import Accepted, Attributed, Event, Noted, Receipt, Received, Refused, now
from perfxl.rounds.fold import told
from perfxl.rounds.folder import ENVELOPES, RoundFolder, digest
from perfxl.rounds.identify import BY_HAND, Whose, whose
from perfxl.rounds.integrity import damage
from perfxl.rounds.items import Item
from perfxl.rounds.journal import Journal
from perfxl.rounds.returned import Returned, returned, stumbled
from perfxl.rounds.state import Round, Version, key_of
from perfxl.rounds.times import ARRIVED, adds, aware
from perfxl.rounds.verdicts import pending, terms_of, verdict_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.mail import Found, PecReceipt, Problem

Source = Iterable[Item] | Callable[[Round], Iterable[Item]]
"""Items, or what makes them from the state (a mailbox leaves out the messages that were collected already)."""

REMARKS = frozenset({
    "PX-L009", "PX-M008", "PX-M010", "PX-M011", "PX-M015", "PX-M016", "PX-M017", "PX-M018", "PX-M019", "PX-M022", "PX-M023",
})  # fmt: skip
"""Findings of wrappings that don't say that a sheet is missing."""
BLOCK = 12
"""Events that are told at once; a run that is ended before collects those items again."""


NOBODY = "nessuno"
"""Said in the place of an office: the sheet is of none, and is put aside."""


@dataclass(slots=True)
class Collected:
    """What a collection did. `checked`: the versions that got their verdict now, new ones and others that waited for it.

    `doubts`: what is to be told of the times of versions since this collection; `damaged`: files of the round that aren't what they were.
    """

    state: Round = field(default_factory=Round)
    items: int = 0
    new: list[Version] = field(default_factory=list)
    checked: list[Version] = field(default_factory=list)
    by_hand: list[Version] = field(default_factory=list)  # accepted by this very command, for a reason
    again: int = 0
    refused: list[Refused] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)
    receipts: int = 0
    doubts: list[dict[str, str]] = field(default_factory=list)
    damaged: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Collecting:
    """How to collect. `attribute` and `accept` are pairs: a sheet (its name, or how its hash begins) and an office or a reason."""

    by: str = ""
    layouts: Sequence[Any] = ()
    ca_bundle: bytes = b""
    attribute: tuple[tuple[str, str], ...] = ()
    accept: tuple[tuple[str, str], ...] = ()
    progress: Callable[[int, str], None] | None = None


def collect(folder: str | Path, items: Source, how: Collecting | None = None) -> Collected:
    """Keep the sheets that the items hold, tell whose they are, and compare each with what was sent.

    The arrival of a bare file is its own date: that of the collection would make the order of collecting matter.

    Raises:
        RoundError: the folder holds no round, another command is at work on it, a name is nobody's, a mailbox can't be read, the
        round's method was changed. What was kept until then stays kept.
    """
    how = how or Collecting()
    home, journal = RoundFolder(folder), Journal(folder)
    with journal.lock():
        home.tidy()
        run = _Run(home, told(journal.events()), how)
        waiting: list[Event] = []
        try:
            for item in items(run.state) if callable(items) else items:
                run.result.items += not item.known and item.note is None
                if how.progress is not None:
                    how.progress(run.result.items, item.name)
                waiting += run.events_of(item)
                # What couldn't be read stays where it is, and is tried again the next time
                done = item.done if item.fetched in waiting else None
                if done is not None or len(waiting) >= BLOCK:
                    _tell(home, journal, waiting)
                if done is not None:
                    done()
        finally:
            _tell(home, journal, waiting)
        journal.add_all(_recognised(home, told(journal.events()), how))
        journal.add_all(_by_hand(told(journal.events()), how))
        for event in pending(home, told(journal.events()), how.by, how.layouts):
            run.checked[event.sha256] = None
            journal.add(event)
        by_hand = _accepted(told(journal.events()), how)
        journal.add_all(by_hand)
        return run.finished(told(journal.events()), by_hand)


def _tell(home: RoundFolder, journal: Journal, waiting: list[Event]) -> None:
    """Bytes before words, both on the disk. Several items at once: most of the time would go in waiting for the disk."""
    home.sync()
    journal.add_all(waiting)
    waiting.clear()


class _Run:
    """One collection: what the journal tells already isn't told again, however many times it is collected."""

    def __init__(self, home: RoundFolder, state: Round, how: Collecting) -> None:
        self.home, self.state, self.how, self.result = home, state, how, Collected()
        self.terms = terms_of(home, state, how.layouts)
        self.checked: dict[str, None] = {}
        self._new: dict[str, None] = {}
        self.at = now()
        self._arrivals = {sha256: [*each.arrivals, *each.aside] for sha256, each in state.versions.items()}
        self._known = {sha256: Whose(each.office, each.arrival.known_by) for sha256, each in state.versions.items()}
        offices = (*state.offices.values(), *state.dropped.values())
        self._sent = {each.sha256 for office in offices for each in office.sheets.values()}
        self._own = {each.message_id for office in offices for each in office.messages} - {""}
        self._told = {*state.refused, *state.noted}
        self._receipts = {(each.type, each.about, each.when, each.address) for each in state.receipts}

    def finished(self, state: Round, by_hand: Sequence[Accepted]) -> Collected:
        """The result, with the versions as they are in the end."""
        self.result.state = state
        self.result.new = [state.versions[sha256] for sha256 in self._new]
        self.result.by_hand = [state.versions[each.sha256] for each in by_hand]
        self.result.checked = [state.versions[sha256] for sha256 in self.checked]
        known = {each["found"] for version in self.state.versions.values() for each in version.doubts}
        doubts = [each for version in state.versions.values() for each in version.doubts]
        self.result.doubts = [each for each in doubts if each["found"] not in known]
        self.result.damaged = damage(self.home, state)
        return self.result

    def events_of(self, item: Item) -> Iterator[Event]:
        """All that an item tells; the last event is that it was read, so that half of it is never taken for the whole."""
        if item.note is not None:
            yield from self._tell(Noted, digest(f"{item.name}:{item.note.found}".encode()), item.name, item.note.as_dict())
            return
        if item.size > LIMITS.file_bytes:
            found = finding("PX-M004", f"{item.size // 2**20} MB (al massimo {LIMITS.file_bytes // 2**20})", file=item.name)
            yield from self._tell(Refused, digest(f"{item.name}:{item.size}".encode()), item.name, found.as_dict())
        elif not item.known:
            try:
                data = item.read()
            except OSError as error:
                yield from self._unread(item, error.strerror or str(error))
                return
            yield from self._read(item, data)
        if item.fetched is not None:
            yield item.fetched

    def _unread(self, item: Item, why: str) -> Iterator[Event]:
        """What can't be read now: of a mailbox, the message is tried again at every collection, and told once."""
        message = item.fetched
        code, key = (
            ("PX-L001", _plain(item.name))
            if message is None
            else ("PX-N053", f"{message.source}:{message.validity}:{message.uid}")
        )
        yield from self._tell(Refused, digest(key.encode()), item.name, finding(code, why, file=item.name).as_dict())

    def _read(self, item: Item, data: bytes) -> Iterator[Event]:
        try:
            opened = unwrap(_plain(item.name), data, ca_bundle=self.how.ca_bundle)
        except PerfxlError:
            raise
        except Exception as error:  # noqa: BLE001 - one message that nobody foresaw mustn't keep the others from being collected
            found = stumbled(item.name, error)
            yield from self._tell(Refused, digest(data), item.name, found.as_dict(), self._envelope(item, data))
            return
        for sheet in opened.sheets:
            # Among the messages that were sent, or in the folder of the drafts: nobody filled anything
            own = sheet.message_id in self._own and not sheet.forwarded
            if (own or len(opened.sheets) > 1) and digest(sheet.data) in self._sent:
                found = finding("PX-N027", _plain(sheet.name) + ", in un nostro messaggio" * own, file=_plain(sheet.name))
                yield from self._tell(Noted, digest(data), sheet.name, found.as_dict())
                continue
            yield from self._received(sheet, item, data)
        for copy in opened.copies:
            sha256 = digest(copy.data)
            if sha256 not in self._sent and sha256 not in self._known:
                found = finding("PX-M024", f"«{_plain(copy.name)}»", file=" › ".join(map(_plain, copy.chain)))
                yield from self._tell(
                    Noted, sha256, copy.name, found.as_dict(), self._envelope(item, data), copy.sender, copy.message_id
                )
        for receipt in opened.receipts:
            yield from self._receipt(receipt)
        for problem in opened.problems:
            yield from self._problem(problem, item, data)

    def _received(self, sheet: Found, item: Item, data: bytes) -> Iterator[Event]:
        """The bytes first; then what is to be known of them; then the arrival; then what the comparison says.

        The arrival makes the bytes known: what comes before it is told although the run ends there.
        """
        sha256, name = digest(sheet.data), _plain(sheet.name)
        self.result.again += sha256 in self._known
        wrapped = sheet.data is not data and sheet.data != data
        file = self.home.store(sheet.data, name)
        arrived = aware(sheet.received_at or item.arrived)
        there = aware(sheet.received_at or item.there or item.arrived)
        arrival = Received(
            at=self.at, by=self.how.by, office="", sha256=sha256, file=file, name=name, when=aware(sheet.sent_at or arrived).isoformat(),
            when_from=sheet.when_from if sheet.sent_at else ARRIVED, sender=_plain(sheet.sender),
            chain=tuple(map(_plain, sheet.chain)), message_id=_plain(sheet.message_id),
            envelope=f"{ENVELOPES}/{digest(data)[:16]}" if wrapped else "", signature=_signature(sheet),
            late=self.state.closed, arrived=there.isoformat(),
        )  # fmt: skip
        known = self._arrivals.setdefault(sha256, [])
        if not adds(known, arrival):
            return
        known.append(arrival)
        reply = self._reply(sha256, file, name)
        if reply is not None and reply.problems:
            yield from self._unreadable(reply, replace(arrival, envelope=self._envelope(item, data) if wrapped else ""))
            return
        mine = self._known[sha256]
        if reply is not None:
            yield from self._remarks(sheet, sha256, mine.office)
        envelope = self._envelope(item, data) if wrapped else ""
        yield replace(arrival, office=mine.office, known_by=mine.known_by, envelope=envelope)
        office = self.state.offices.get(mine.office)
        if reply is not None and office is not None and not self.state.closed:
            verdict = verdict_of(reply, sha256, office, self.terms, self.how.by)
            if verdict is not None:
                self.checked[sha256] = None
                yield verdict

    def _remarks(self, sheet: Found, sha256: str, office: str) -> Iterator[Event]:
        """Of bytes that weren't there: what they carry besides values, that they are nobody's or late."""
        name = _plain(sheet.name)
        if active := active_contents(sheet.data):
            yield from self._tell(Noted, sha256, name, finding("PX-L010", ", ".join(active), file=name).as_dict())
        if self.state.closed:
            yield from self._tell(Noted, sha256, name, finding("PX-N021", office or "di nessun ufficio", file=name).as_dict())
        elif not office:
            found = self._known[sha256].problem or finding("PX-N020", name, file=name)
            yield from self._tell(Noted, sha256, name, found.as_dict())

    def _unreadable(self, reply: Returned, arrival: Received) -> Iterator[Event]:
        """A workbook that doesn't open is no sheet: nobody could ever tell what is in it. Who sent it, in which message, is known."""
        sha256, envelope = arrival.sha256, arrival.envelope
        del self._new[sha256], self._known[sha256]
        message = arrival.message_id or Path(envelope).name[:16]
        for problem in reply.problems:
            yield from self._tell(
                Refused, sha256, reply.file, problem.as_dict(), envelope or arrival.file, arrival.sender, message
            )

    def _reply(self, sha256: str, file: str, name: str) -> Returned | None:
        """The sheet, read, and whose it is; None where that is known already."""
        if sha256 in self._known:
            return None
        reply = returned(self.home.file(file), name, layouts=self.how.layouts, year=self.terms.year)
        self._new[sha256], self._known[sha256] = (
            None,
            whose(reply, (*self.state.offices.values(), *self.state.dropped.values()), self.home),
        )
        return reply

    def _receipt(self, receipt: PecReceipt) -> Iterator[Event]:
        when = receipt.when.isoformat() if receipt.when is not None else ""
        key = (receipt.type, receipt.about, when, receipt.address)
        if key not in self._receipts:
            self._receipts.add(key)
            self.result.receipts += 1
            yield Receipt(at=now(), by=self.how.by, type=receipt.type, about=receipt.about, when=when, address=receipt.address)

    def _problem(self, problem: Problem, item: Item, data: bytes) -> Iterator[Event]:
        kind = Noted if problem.finding.code in REMARKS else Refused
        sha256, sender = problem.data_sha256, _plain(problem.sender)
        # What was collected itself is known by its bytes
        message = "" if sha256 == digest(data) else _plain(problem.message_id) or digest(data)[:16]
        known = kind is Noted or (sha256, problem.finding.code, message) in self._told
        stays = item.fetched is not None and problem.finding.severity is not Severity.ERROR  # in its mailbox: it may be anybody's
        envelope = "" if known or stays else self._envelope(item, data)
        yield from self._tell(kind, sha256, problem.name, problem.finding.as_dict(), envelope, sender, message)

    def _tell(
        self,
        kind: type[Refused | Noted],
        sha256: str,
        name: str,
        problem: dict[str, str],
        envelope: str = "",
        sender: str = "",
        message: str = "",
    ) -> Iterator[Event]:
        plain = {key: _plain(value) for key, value in problem.items()}
        event = kind(
            at=now(),
            by=self.how.by,
            sha256=sha256,
            name=_plain(name),
            problem=plain,
            envelope=envelope,
            sender=sender,
            message=message,
        )
        if key_of(event) in self._told:
            return
        self._told.add(key_of(event))
        if isinstance(event, Refused):
            self.result.refused.append(event)
        else:
            self.result.noted.append(event)
        yield event

    def _envelope(self, item: Item, data: bytes) -> str:
        return self.home.store(data, _plain(item.name), ENVELOPES)


def _plain(text: Any) -> Any:
    """A text that can be written anywhere (names of files may hold bytes that are no characters); other values as they are."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


def _signature(sheet: Found) -> dict[str, Any]:
    """The signature nearest to the sheet, the others around it, and what is wrong with one of them."""
    if not sheet.signatures:
        return {}
    first, *others = [
        {key: value.isoformat() if isinstance(value, datetime) else _plain(value) for key, value in asdict(each).items()}
        for each in sheet.signatures
    ]
    wrong = next((_plain(each.wrong) for each in sheet.signatures if each.wrong), "")
    return {**first, "own": first["wrong"], "others": others, "wrong": wrong}


def _recognised(home: RoundFolder, state: Round, how: Collecting) -> Iterator[Event]:
    """Sheets that were of nobody, recognised now: with a layout that was given, or an office that the plan has now."""
    year = state.opened.year if state.opened is not None else None
    unknown = () if state.closed else state.unattributed
    for version in (each for each in unknown if home.intact(each.file, each.sha256)):
        reply = returned(home.file(version.file), version.name, layouts=how.layouts, year=year)
        mine = whose(reply, state.offices.values(), home)
        if mine.office:
            yield Attributed(at=now(), by=how.by, sha256=version.sha256, office=mine.office, reason=mine.known_by)


def _by_hand(state: Round, how: Collecting) -> list[Event]:
    """What the controller says of sheets of which nobody could tell whose they are.

    Raises:
        RoundError: the round is closed, an office or a sheet isn't there.
    """
    if state.closed and (how.attribute or how.accept):
        raise RoundError("il giro è chiuso: per attribuire o accettare una scheda va riaperto («perfxl giro riapri»).")
    events: list[Event] = []
    for which, office in how.attribute:
        wanted = office.strip().casefold()
        code = "" if wanted == NOBODY else next((each for each in state.offices if each.casefold() == wanted), None)
        if code is None:
            raise RoundError(f"l'ufficio «{office}» non è del giro: {', '.join(state.offices)}, oppure {NOBODY}.")
        version = _named(state, which)
        if version.office != code or version.dismissed == bool(code):
            events.append(Attributed(at=now(), by=how.by, sha256=version.sha256, office=code, reason=BY_HAND))
    return events


def _accepted(state: Round, how: Collecting) -> list[Accepted]:
    """What the controller accepts though something is wrong with it: a version, or the latest of an office.

    All of it has one moment: a command that accepts two sheets of the same hour doesn't say which one counts.
    """
    events, moment = list[Accepted](), now()
    for which, reason in how.accept:
        office = next((each for code, each in state.offices.items() if code.casefold() == which.strip().casefold()), None)
        if office is not None and office.latest is None:
            raise RoundError(f"l'ufficio «{office.code}» non ha mandato niente.")
        version = office.latest if office is not None and office.latest is not None else _named(state, which)
        if not reason.strip():
            raise RoundError(f"per accettare «{which}» com'è serve il motivo.")
        if version.office not in state.offices:
            raise RoundError(f"«{which}» non è di nessun ufficio del giro: prima va attribuita.")
        if not version.accepted:
            events.append(Accepted(at=moment, by=how.by, sha256=version.sha256, office=version.office, reason=reason.strip()))
    return events


def _named(state: Round, which: str) -> Version:
    """The version of that name, or whose hash begins so."""
    folded = which.strip().casefold()
    found = [
        v for v in state.versions.values() if v.name.casefold() == folded or (len(folded) >= 6 and v.sha256.startswith(folded))
    ]
    if len(found) != 1:
        raise RoundError(f"«{which}» indica {len(found)} schede: scrivere il nome intero o l'inizio dell'impronta.")
    return found[0]
