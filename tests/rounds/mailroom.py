"""What the tests of sending share: a round of Massa-Carrara 2019 with made-up addresses, and a real mail server."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from perfxl.rounds import Journal, Round, told
from perfxl.rounds.events import Checked, Received, now
from perfxl.rounds.folder import OFFICES, SETTINGS, RoundFolder, digest
from perfxl.rounds.offices import Contact, Contacts, write_contacts
from perfxl.rounds.opening import Opening, open_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from application.openssl import Certificate

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
PLAN, DASHBOARDS = WORKBOOKS / "massacarrara-2019-piano", WORKBOOKS / "massacarrara-2019"
PERIOD, DEADLINE = "1° quadrimestre", date(2019, 5, 15)
IN_TIME, LATE = date(2019, 5, 2), date(2019, 5, 20)

SENDER = '[sender]\nname = "Ufficio Programmazione – qualità"\naddress = "controllo@ente.example"\nreply_to = "risposte@ente.example"\n'

EIGHT = ("ENTE", "ISR", "U0.1", "U1.1", "U2.1", "U3.1/U3.2", "U4.1", "U5.1/U5.2")
"""The offices of Massa-Carrara 2019, in the order of their dashboards' files."""


def plain(office: str) -> str:
    """`U3.1/U3.2` → `u31u32`."""
    return "".join(letter for letter in office.casefold() if letter.isalnum())


def address(office: str) -> str:
    """A made-up address, of nobody else."""
    return f"posta.{plain(office)}@uffici.example"


def person(office: str) -> str:
    """A made-up name, of nobody else."""
    return f"Zenobia Responsabile-{plain(office).title()}"


def opened(folder: Path, *, people: bool = False) -> Path:
    """A round of Massa-Carrara 2019, opened, with an address for each office."""
    done = open_round(
        folder,
        Opening(plan=(str(PLAN),), dashboards=(str(DASHBOARDS),), period=PERIOD, deadline=DEADLINE, people=people, by="prova"),
    )
    write_addresses(folder, done.state)
    (folder / SETTINGS).write_text(SENDER, encoding="utf-8")
    return folder


def write_addresses(folder: Path, state: Round, **others: Contact) -> None:
    """An address for each office; `others`, by plain code, in the place of the made-up ones."""
    known = [
        others.get(plain(code), Contact(code, office.title, person(code), (address(code),)))
        for code, office in state.offices.items()
    ]
    rows = [(c.office, c.title, c.person, "; ".join(c.addresses), c.certified, c.note) for c in known]
    (folder / OFFICES).unlink(missing_ok=True)
    write_contacts(folder / OFFICES, {}, Contacts(rows=tuple(rows)))


def revision(folder: Path) -> Opening:
    """The plan again, in other bytes: a new version of it, with the same rows."""
    revised = folder / "piano"
    revised.mkdir()
    for file in PLAN.iterdir():
        book = load_workbook(file)
        book.properties.title = "rivisto"
        book.save(revised / file.name)
    return Opening((str(revised),), dashboards=(str(DASHBOARDS),), period=PERIOD, deadline=DEADLINE, reason="delibera")


def copied(template: Path, folder: Path) -> Path:
    """A copy of a round, to be spoilt."""
    return Path(shutil.copytree(template, folder))


def state_of(folder: Path) -> Round:
    """The state as the journal tells it."""
    return told(Journal(folder).events())


def replied(folder: Path, office: str, *, accepted: bool | None, problems: tuple[dict[str, str], ...] = ()) -> str:
    """A reply of an office, as collecting tells it: the sheet that was prepared with a byte more. Returns its hash."""
    state = state_of(folder)
    data = (folder / state.offices[office].file).read_bytes() + len(state.versions).to_bytes(2, "big")
    home = RoundFolder(folder)
    events: list[Any] = [
        Received(
            at=now(), office=office, sha256=digest(data), file=home.store(data, f"risposta {plain(office)}.xlsx"),
            name=f"risposta {plain(office)}.xlsx", when=f"2019-05-{1 + len(state.versions):02d}T10:00:00+02:00", when_from="data",
        )
    ]  # fmt: skip
    if accepted is not None:
        events.append(Checked(at=now(), sha256=digest(data), office=office, accepted=accepted, plan=1, problems=problems))
    Journal(folder).add_all(events)
    return digest(data)


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of a folder with its hash."""
    return {str(path.relative_to(folder)): digest(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()}


# -- a mail server ------------------------------------------------------------------------------------------------------

USER, PASSWORD = "controllo@ente.example", "parola d'ordine 42"


@dataclass
class Post:
    """A mail server's memory and temper: what it took, what it is told to answer.

    `answers` gives, by command (`MAIL`, `RCPT`, `DATA`), what the next ones get in turn: an answer (`451 …`), `"drop"` (the line goes
    dead), `"take and drop"` (DATA: the message is kept, the line goes dead before the answer) or None (as usual). `refused`
    are addresses that it never takes.
    """

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answers: dict[str, list[str | None]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    sessions: int = 0
    tries: list[str] = field(default_factory=list)  # users that tried to authenticate
    open: bool = True  # takes mail from anybody
    lines: list[Any] = field(default_factory=list)  # those on which somebody called

    def recipients(self) -> list[str]:
        """To whom the messages went, in order."""
        return [each for _, to, _ in self.taken for each in to]

    def _next(self, command: str) -> str | None:
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:
        """A greeting."""
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """The sender."""
        if not (self.open or session.authenticated):
            return "530 5.7.0 prima l'autenticazione"
        answer = self._next("MAIL")
        if answer == "drop":
            server.transport.abort()
        elif answer is not None:
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """A recipient."""
        answer = self._next("RCPT")
        if answer == "drop":
            server.transport.abort()
        elif answer is not None:
            return answer
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """The message."""
        answer = self._next("DATA")
        if answer in {None, "take and drop"}:
            self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if answer in {"drop", "take and drop"}:
            server.transport.abort()
        return "250 preso" if answer is None else answer


class Server:
    """A running server: where, and its memory."""

    def __init__(self, post: Post, controller: Any) -> None:
        self.post, self.port, self._controller = post, int(controller.port), controller

    def stop(self) -> None:
        """End it; callers that are on the line are cut off."""
        controller, self._controller = self._controller, None
        if controller is not None:
            cut = threading.Event()
            controller.loop.call_soon_threadsafe(lambda: [each.abort() for each in self.post.lines])
            controller.loop.call_soon_threadsafe(controller.loop.call_later, 0.05, cut.set)
            assert cut.wait(5)
            controller.stop()


@contextmanager
def mail_server(
    certificate: Certificate, *, security: str = "starttls", authenticate: bool = True, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """A mail server on the loopback, that takes mail only over TLS and only from who authenticates."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

    post = Post()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        post.tries.append(data.login.decode())
        return AuthResult(handled=False, success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))

    class Counting(SMTP):
        def connection_made(self, transport: Any) -> None:
            post.lines.append(transport)
            if self.session is None:
                post.sessions += 1
            super().connection_made(transport)

    class Here(Controller):
        def factory(self) -> SMTP:
            return Counting(self.handler, **self.SMTP_kwargs)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    options: dict[str, Any] = {}
    if authenticate:
        options |= {"authenticator": check, "auth_require_tls": security == "starttls"}
        post.open = False
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    elif security == "tls":
        options |= {"ssl_context": context}
    controller = Here(post, hostname=host, port=free_port(), **options)
    controller.start()
    post.sessions = 0  # the controller itself knocks once
    server = Server(post, controller)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port of the loopback that nobody holds."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        """Nothing waits."""
        self.slept.append(seconds)
        self.time += seconds
