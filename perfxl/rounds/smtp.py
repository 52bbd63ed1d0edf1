"""Sending through the body's mail server, with TLS and authentication (docs/giro-messaggi.md).

What may go wrong, and what becomes of it (RFC 5321, 4.2.1 and 4.5.4):

- the server can't be reached, doesn't offer TLS, isn't who it should be, refuses user and password: nothing more is sent;
- a temporary answer (4xx) or a connection that drops before the message is handed over: tried again, a little later each time;
  where the answer is about some of the addresses, the message goes to the others and those alone are tried again;
- a permanent answer (5xx): the message doesn't leave, and the reason is told;
- a connection that drops after the whole message was handed over and before the answer (RFC 1047): it may have left. It isn't
  sent again by itself.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.mail.dates import ITALY
from perfxl.rounds.access import password_for, refuse_clear, tls_context
from perfxl.rounds.channels import Delivery
from perfxl.rounds.messages import compose, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfxl.rounds.channels import Leaving
    from perfxl.rounds.messages import Letter
    from perfxl.rounds.settings import Sender, Smtp
    from perfxl.rounds.state import Round

PASSWORD_VARIABLE = "PERFXL_PASSWORD_SMTP"  # noqa: S105 - the name of the variable, not its value
TIMEOUTS = (60.0, 600.0)
"""Seconds to wait for an answer, and for the one to a whole message, which may take ten minutes (RFC 5321, 4.5.3.2.6)."""

PARTING_SECONDS = 5.0
MINUTE_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 60
LONGEST_REASON = 200


class _TemporaryError(Exception):
    """Worth trying again."""


class _UnreachableError(_TemporaryError):
    """No connection: when the attempts are over, the next messages needn't be tried."""


class _PermanentError(Exception):
    """Not worth it."""


class _UnansweredError(Exception):
    """The whole message was handed over, and no answer came: `delivery` says to whom, and who had refused it before."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self.delivery = delivery


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What the server answered of each address; those of `later` may be tried again."""

    accepted: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]


def sent_lately(state: Round, moment: datetime) -> list[float]:
    """How many seconds ago the messages of the last minute left through the server, or tried to: each counts once."""
    offices = (*state.offices.values(), *state.dropped.values())
    latest: dict[str, float] = {}
    for each in [each for office in offices for each in office.messages if each.channel == "smtp"]:
        ago = (moment - datetime.fromisoformat(each.at)).total_seconds()
        latest[each.message_id] = min(ago, latest.get(each.message_id, ago))
    return [ago for ago in latest.values() if 0 <= ago < MINUTE_SECONDS]


class SmtpChannel:
    """A connection to the server, kept for all the messages and opened again where it drops."""

    name = "smtp"

    def __init__(
        self,
        server: Smtp,
        sender: Sender,
        home: Path,
        *,
        lately: Iterable[float] = (),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        if not sender.address:
            raise RoundError("in giro.toml manca l'indirizzo del mittente ([sender], address): senza non si può spedire.")
        if server.security == "none":
            refuse_clear(server.host, "smtp")
        self.server, self.sender, self.home = server, sender, home
        self._clock, self._sleep, self._timeouts = clock, sleep, timeouts
        self._client: smtplib.SMTP | None = None
        moment = clock()
        self._times = deque((moment - ago for ago in sorted(lately, reverse=True)), maxlen=server.per_minute)

    def open(self) -> None:
        """Connect and authenticate; RoundError where that can't be done."""
        why: Exception | None = None
        for attempt in range(self.server.attempts):
            self._wait(attempt)
            try:
                self._connected()
            except _TemporaryError as error:
                why = error
            else:
                return
        raise RoundError(f"il server {self.server.host} non è raggiungibile: {why}.")

    def deliver(self, letter: Letter, leaving: Leaving) -> Iterator[Delivery]:
        """Hand a message over, trying again where that helps.

        Raises:
            RoundError: the server can't be reached any more, or refuses user and password.
        """
        data = compose(letter, self.sender, datetime.now(ITALY)).as_bytes()
        waiting = dict.fromkeys(letter.addresses, "")  # address → why it hasn't gone yet
        lost: _UnreachableError | None = None
        for attempt in range(self.server.attempts):
            self._wait(attempt)
            self._pace()
            try:
                said = self._hand_over(tuple(waiting), data, leaving)
            except _TemporaryError as error:
                waiting = dict.fromkeys(waiting, str(error))
                lost = error if isinstance(error, _UnreachableError) else None
                continue
            except _PermanentError as error:
                yield Delivery(refused=tuple((each, str(error)) for each in waiting))
                return
            except _UnansweredError as error:
                yield error.delivery
                return
            waiting, lost = dict(said.later), None
            if said.accepted or said.refused:  # told at once, the others too: the work may be ended while they are waited for
                again = said.later if attempt + 1 < self.server.attempts else ()
                yield Delivery(said.accepted, (*said.refused, *again))
            if not waiting:
                return
        if lost is not None:
            raise RoundError(f"il server {self.server.host} non è più raggiungibile: {lost}.")
        yield Delivery(refused=tuple((each, f"{why} (tentativi: {self.server.attempts})") for each, why in waiting.items()))

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        client, self._client = self._client, None
        if client is not None:
            try:
                _patience(client, PARTING_SECONDS)
                client.quit()
            except OSError:
                client.close()

    def _hand_over(self, addresses: tuple[str, ...], data: bytes, leaving: Leaving) -> _Envelope:
        client = self._connected()
        try:
            said = self._envelope(client, addresses, len(data))
            if said.accepted:
                self._data(client, data, said, leaving)
            else:
                self._start_again()
        except (_TemporaryError, _PermanentError):
            self._start_again()
            raise
        except OSError as error:  # smtplib's own errors are among these
            self._drop()
            raise _TemporaryError(_reason(error)) from error
        except BaseException:  # somebody ends the work: no answer is waited for, and nothing more is said
            self._drop()
            raise
        return said

    def _envelope(self, client: smtplib.SMTP, addresses: tuple[str, ...], size: int) -> _Envelope:
        _check(client.mail(self.sender.address, [f"size={size}"] if client.has_extn("size") else []))
        answers = [(address, *client.rcpt(address)) for address in addresses]
        accepted = tuple(address for address, code, _ in answers if code in {250, 251, 252})
        others = [(address, code, _said(code, said)) for address, code, said in answers if address not in accepted]
        return _Envelope(
            accepted,
            tuple((address, why) for address, code, why in others if not 400 <= code < 500),
            tuple((address, why) for address, code, why in others if 400 <= code < 500),
        )

    def _data(self, client: smtplib.SMTP, data: bytes, said_before: _Envelope, leaving: Leaving) -> None:
        code, said = client.docmd("DATA")
        if code != 354:
            _check((code, said))
            raise _TemporaryError(_said(code, said))
        leaving(said_before.accepted)
        client.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")  # a line that begins with a dot: RFC 5321, 4.5.2
        try:
            _patience(client, self._timeouts[1])
            answer = client.getreply()
            _patience(client, self._timeouts[0])
        except OSError as error:
            self._drop()
            raise _unanswered(said_before) from error
        if answer[0] not in range(200, 600):
            self._drop()
            raise _unanswered(said_before)
        _check(answer)

    def _connected(self) -> smtplib.SMTP:
        """The open connection, or a new one."""
        if self._client is not None:
            try:
                if self._client.noop()[0] == 250:
                    return self._client
            except OSError:
                pass
            self._drop()
        try:
            self._client = self._connect()
        except ssl.SSLCertVerificationError as error:
            raise RoundError(
                f"il certificato di {self.server.host} non è valido ({error.verify_message}): niente è stato inviato. "
                "Se l'ente ha certificati propri, indicarli in giro.toml ([smtp], ca_file)."
            ) from error
        except OSError as error:
            raise _UnreachableError(_reason(error)) from error
        return self._client

    def _connect(self) -> smtplib.SMTP:
        host, port, own_name = self.server.host, self.server.port, self.sender.address.rpartition("@")[2]
        context = tls_context(self.home, self.server.ca_file, "smtp") if self.server.security != "none" else None
        if self.server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, own_name, timeout=self._timeouts[0], context=context)
        else:
            client = smtplib.SMTP(host, port, own_name, timeout=self._timeouts[0])
        try:
            client.ehlo_or_helo_if_needed()
            if self.server.security == "starttls":
                self._start_tls(client, context)
            if self.server.user:
                self._log_in(client)
        except BaseException:
            client.close()
            raise
        return client

    def _start_tls(self, client: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
        if not client.has_extn("starttls"):
            raise RoundError(f"il server {self.server.host} non offre STARTTLS: senza TLS niente viene inviato.")
        client.starttls(context=context)
        client.ehlo_or_helo_if_needed()

    def _log_in(self, client: smtplib.SMTP) -> None:
        """One attempt, in one way: several wrong ones in a row lock an account."""
        ways: dict[str, Any] = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}
        offered = client.esmtp_features.get("auth", "").upper().split()
        way = next((each for each in ways if each in offered), None)
        if way is None:
            raise RoundError(f"il server {self.server.host} non accetta un'autenticazione con utente e password.")
        client.user, client.password = self.server.user, password_for(self.server.user, PASSWORD_VARIABLE)
        try:
            client.auth(way, ways[way])
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise _UnreachableError(_reason(error)) from error
            raise RoundError(
                f"il server {self.server.host} non accetta l'utente {self.server.user} con la sua password ({error.smtp_code})."
            ) from None
        except UnicodeEncodeError:  # holds the password: it goes no further
            raise RoundError("utente o password contengono lettere accentate: il server di posta non le può ricevere.") from None
        finally:
            client.password = ""

    def _wait(self, attempt: int) -> None:
        """Before trying again: 2, 10, 50, 60, 60 … seconds."""
        if attempt:
            self._sleep(min(2 * 5 ** (attempt - 1), LONGEST_WAIT_SECONDS))

    def _pace(self) -> None:
        """No more than `per_minute` messages, failed ones too, in any sixty seconds."""
        while len(self._times) == self._times.maxlen and (rest := self._times[0] + MINUTE_SECONDS - self._clock()) > 0:
            self._sleep(rest)
        self._times.append(self._clock())

    def _start_again(self) -> None:
        """Leave the message that was begun; a server that has gone is dropped."""
        try:
            if self._client is not None and self._client.sock is not None:
                self._client.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _patience(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _unanswered(said: _Envelope) -> _UnansweredError:
    doubt = "la connessione è caduta prima della risposta del server"
    return _UnansweredError(Delivery(refused=(*said.refused, *said.later), unsure=tuple((each, doubt) for each in said.accepted)))


def _check(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if 200 <= code < 300:
        return
    raise (_PermanentError if code >= 500 else _TemporaryError)(_said(code, said))


def _said(code: int, said: bytes) -> str:
    return f"{code} {one_line(said.decode('utf-8', 'replace'))}"[:LONGEST_REASON].strip()


def _reason(error: OSError) -> str:
    match error:
        case smtplib.SMTPResponseException():
            said = error.smtp_error
            return _said(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
        case TimeoutError():
            return "nessuna risposta"
        case smtplib.SMTPServerDisconnected():
            return "nessuna risposta" if isinstance(error.__context__, TimeoutError) else "la connessione è caduta"
        case ConnectionRefusedError():
            return "connessione rifiutata"
        case ssl.SSLError():
            return f"connessione TLS non riuscita ({error.reason or error})"
    return one_line(error.strerror or str(error))[:LONGEST_REASON]
