"""The mailbox in which the replies arrive, over IMAP (RFC 3501): its messages as items to collect.

The mailbox is opened read-only (EXAMINE) and messages stay unread (BODY.PEEK), unless `move_to` asks for moving; then a message
moves when all that is in it is told. What was collected already isn't fetched again: of a large mailbox the list alone is asked for.
A message that the server doesn't give is told, and asked for again the next time.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from perfxl.errors import RoundError
from perfxl.mail import LIMITS
from perfxl.mail.dates import moment
from perfxl.rounds.access import password_for, refuse_clear, tls_context
from perfxl.rounds.events import Fetched, now
from perfxl.rounds.items import Item

if TYPE_CHECKING:
    from perfxl.rounds.settings import Imap
    from perfxl.rounds.state import Round

PASSWORD_VARIABLE = "PERFXL_PASSWORD_IMAP"  # noqa: S105 - the name of the variable, not its value
TIMEOUT_SECONDS = 60.0
BLOCK = 500
"""Messages whose size and date are asked for at once."""

_ERRORS = (imaplib.IMAP4.error, OSError, ssl.SSLError)
_BEGINS = re.compile(rb"\d+ \(")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]*)"')
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")


class _Line(NamedTuple):
    """What is known of a message before it is fetched."""

    uid: int
    size: int
    arrived: datetime
    message_id: str = ""


@contextmanager
def mailbox(server: Imap, home: str | Path, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Mailbox]:
    """The mailbox of `giro.toml`, opened; closed when the block ends.

    Raises:
        RoundError: the server can't be reached, isn't who it should be, refuses user and password, or hasn't that mailbox.
    """
    password = password_for(server.user, PASSWORD_VARIABLE)
    with _told(server, "non è raggiungibile"):
        client = _connected(server, Path(home), timeout)
    try:
        with _told(server, "non accetta utente e password"):
            _authenticate(client, server.user, password)
        yield Mailbox(client, server)
    finally:
        with suppress(*_ERRORS):
            client.logout()
        _end(client)


class Mailbox:
    """An open mailbox. `total` are its messages."""

    def __init__(self, client: imaplib.IMAP4, server: Imap) -> None:
        self._client, self._server = client, server
        with _told(server, f"non ha la cartella «{server.mailbox}»"):
            found = _data(*client.select(_quoted(server.mailbox), readonly=not server.move_to))
        self.total = int(found[0] or b"0")
        self._validity = int((client.response("UIDVALIDITY")[1] or [b"0"])[0] or b"0")
        self._source = f"{server.user}@{server.host}/{server.mailbox}"
        with _told(server, "non dice che cosa sa fare"):
            self._capabilities = set(b" ".join(_data(*client.capability())).decode("ascii", "replace").upper().split())

    def items(self, state: Round) -> Iterator[Item]:
        """The messages that weren't collected yet, oldest first. Those that were, and should have moved, move now.

        Raises:
            RoundError: the connection is lost: what was collected until then is kept.
        """
        mine = {each.uid for each in state.fetched if (each.source, each.validity) == (self._source, self._validity)}
        others = {(each.message_id, each.size) for each in state.fetched if each.message_id and each.uid not in mine}
        present = self._present()
        if self._server.move_to:
            for uid in present:
                if uid in mine and not present[uid]:
                    self._move(uid)
        waiting = [uid for uid in present if uid not in mine]
        for start in range(0, len(waiting), BLOCK):
            block = waiting[start : start + BLOCK]
            lines = {line.uid: line for line in self._lines(block)}
            for uid in block:
                if uid in lines:
                    line = lines[uid]
                    yield self._item(line, known=(line.message_id, line.size) in others)
                else:
                    yield self._item(
                        _Line(uid, 0, datetime.now(UTC)), read=partial(_not_given, "non ne dice né la misura né la data")
                    )

    def _item(self, line: _Line, read: Callable[[], bytes] | None = None, *, known: bool = False) -> Item:
        """`known`: collected under the numbers that the mailbox had before, and only told and moved."""
        done = partial(self._move, line.uid) if self._server.move_to else None
        fetched = Fetched(
            at=now(), source=self._source, validity=self._validity, uid=line.uid, size=line.size, message_id=line.message_id
        )
        read = read or partial(self._fetch, line.uid)
        return Item(f"messaggio {line.uid}.eml", read, line.size, line.arrived, fetched, done, known)

    def _present(self) -> dict[int, bool]:
        """All the messages, and whether they are marked as deleted. One a line: a single line can hold only so many."""
        if not self.total:
            return {}
        with _told(self._server, "ha interrotto il lavoro"):
            answers = _data(*self._client.uid("FETCH", "1:*", "(UID FLAGS)"))
        found = {}
        for words, _ in _messages(answers):
            uid, flags = _UID.search(words), _FLAGS.search(words)
            if uid and flags:
                found[int(uid[1])] = b"\\DELETED" in flags[1].upper().split()
        return dict(sorted(found.items()))

    def _lines(self, uids: list[int]) -> list[_Line]:
        what = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        with _told(self._server, "ha interrotto il lavoro"):
            answers = _data(*self._client.uid("FETCH", ",".join(map(str, uids)), what))
        lines = []
        for words, header in _messages(answers):
            uid, size = _UID.search(words), _SIZE.search(words)
            if uid and size:
                name, _, value = header.partition(b":")
                known = value.decode("ascii", "replace") if name.strip().lower() == b"message-id" else ""
                lines.append(_Line(int(uid[1]), int(size[1]), _arrived(words), " ".join(known.split())))
        return sorted(lines)

    def _fetch(self, uid: int) -> bytes:
        """A whole message, left unread. OSError where the server answers, and doesn't give it."""
        with _told(self._server, "ha interrotto il lavoro"):
            try:
                answers = _data(*self._client.uid("FETCH", str(uid), "(UID BODY.PEEK[])"))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                answers = [_reason(error)]
        found = next((raw[1] for raw in answers if isinstance(raw, tuple) and b"BODY[]" in raw[0].upper()), None)
        if found is None:
            _not_given(next((each for each in answers if isinstance(each, str)), "non c'è nella risposta"))
        if len(found) > LIMITS.file_bytes:
            return bytes(found[: LIMITS.file_bytes + 1])  # bigger than it said to be: it is refused for that
        return bytes(found)

    def _move(self, uid: int) -> None:
        """Into the other mailbox: by MOVE (RFC 6851), else by a copy, and only this message is expunged (RFC 4315)."""
        target = _quoted(self._server.move_to)
        with _told(self._server, f"non sposta i messaggi in «{self._server.move_to}»"):
            verb = "MOVE" if "MOVE" in self._capabilities else "COPY"
            status, words = self._client.uid(verb, str(uid), target)
            if status != "OK" and b"TRYCREATE" in b"".join(each for each in words if isinstance(each, bytes)).upper():
                _data(*self._client.create(target))
                status, words = self._client.uid(verb, str(uid), target)
            _data(status, words)
            if verb == "COPY":
                _data(*self._client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
                if "UIDPLUS" in self._capabilities:
                    _data(*self._client.uid("EXPUNGE", str(uid)))


def _connected(server: Imap, home: Path, timeout: float) -> imaplib.IMAP4:
    if server.security == "none":
        refuse_clear(server.host, "imap")
        return imaplib.IMAP4(server.host, server.port, timeout=timeout)
    context = tls_context(home, server.ca_file, "imap")
    if server.security == "tls":
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=timeout)
    client = imaplib.IMAP4(server.host, server.port, timeout=timeout)
    try:
        _start_tls(client, server, context)
    except BaseException:
        _end(client)
        raise
    return client


def _start_tls(client: imaplib.IMAP4, server: Imap, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in client.capabilities:
        raise RoundError(f"il server {server.host} non offre STARTTLS: la password passerebbe in chiaro.")
    client.starttls(context)


def _end(client: imaplib.IMAP4) -> None:
    """Close the connection, whatever state it is in."""
    with suppress(*_ERRORS):
        client.shutdown()


def _authenticate(client: imaplib.IMAP4, user: str, password: str) -> None:
    """PLAIN within TLS where the server has it: it takes any letter (RFC 4616)."""
    if "AUTH=PLAIN" in client.capabilities:
        secret = f"\0{user}\0{password}".encode()
        _data(*client.authenticate("PLAIN", lambda _: secret))
    else:
        _data(*client.login(user, password))


@contextmanager
def _told(server: Imap, what: str) -> Iterator[None]:
    """Whatever goes wrong with the server is one sentence."""
    try:
        yield
    except _ERRORS as error:
        hint = " Se l'ente ha certificati propri, indicarli in giro.toml ([imap], ca_file)." if _of_trust(error) else ""
        raise RoundError(f"il server {server.host} {what}: {_reason(error)}.{hint}") from error


def _of_trust(error: Exception) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"il suo certificato non è garantito ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "non risponde"
    said = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return " ".join(said.replace("b'", "").replace("'", "").split())[:200].rstrip(".") or type(error).__name__


def _data(status: str, data: Any) -> list[Any]:
    if status != "OK":
        raise imaplib.IMAP4.error(" ".join(each.decode("utf-8", "replace") for each in data if isinstance(each, bytes)))
    return [each for each in data if each is not None]


def _messages(answers: list[Any]) -> Iterator[tuple[bytes, bytes]]:
    """The answers message by message: the words around what was sent whole, and that."""
    words, whole = b"", b""
    for raw in answers:
        first, rest = raw if isinstance(raw, tuple) else (raw, b"")
        if _BEGINS.match(first):
            if words:
                yield words, whole
            words, whole = first, rest
        else:
            words, whole = words + b" " + first, whole or rest
    if words:
        yield words, whole


def _arrived(words: bytes) -> datetime:
    """When the server got the message."""
    found = _DATE.search(words)
    told = moment(found[1].decode("ascii", "replace").strip().replace("-", " ", 2)) if found else None
    return told or datetime.now(UTC)


def _not_given(why: str) -> NoReturn:
    raise OSError(why)


def _quoted(name: str) -> str:
    """A mailbox's name on the wire: modified UTF-7 (RFC 3501, section 5.1.3), in quotes.

    Raises:
        RoundError: a name that holds a line end.
    """
    if not name.isprintable():
        raise RoundError(f"«{name!r}» non è il nome di una cartella della casella.")
    pieces = []
    for plain, other in re.findall(r"([ -~]+)|([^ -~]+)", name):
        pieces.append(plain.replace("&", "&-") if plain else f"&{_modified(other)}-")
    text = "".join(pieces).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _modified(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
