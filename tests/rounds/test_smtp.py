"""Sending through a real mail server: TLS, authentication, refusals, dropped lines, pace."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from base64 import b64encode
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from traceback import TracebackException
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from perfxl.cli.app import cli
from perfxl.errors import RoundError
from perfxl.rounds import Journal
from perfxl.rounds.access import password_for
from perfxl.rounds.events import NotSent, Sending, Sent, now
from perfxl.rounds.offices import Contact
from perfxl.rounds.send import Order, dispatch
from perfxl.rounds.settings import Sender
from perfxl.rounds.settings import Smtp as SmtpSettings
from perfxl.rounds.smtp import PASSWORD_VARIABLE, SmtpChannel, sent_lately
from perfxl.rounds.wording import Kind
from rounds import mailroom
from rounds.mailroom import EIGHT, IN_TIME, PASSWORD, SENDER, USER, Clock, Server, address, free_port, snapshot, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from application.openssl import Authority
    from perfxl.rounds.messages import Letter
    from perfxl.rounds.send import Dispatched

PATIENCE = (5.0, 5.0)  # seconds: no test waits longer for a server that says nothing


@pytest.fixture
def giro(new_round: Callable[[], Path]) -> Path:
    """A round just opened, to be used up."""
    return new_round()


@pytest.fixture
def server(authority: Authority) -> Iterator[Server]:
    """A server that wants STARTTLS and a password."""
    with mailroom.mail_server(authority.server()) as running:
        yield running


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tell(giro: Path, port: int, authority: Authority | None = None, **values: Any) -> None:
    """Write giro.toml: the server, with the values in the place of the usual ones."""
    server = {"host": "127.0.0.1", "port": port, "security": "starttls", "user": USER, "per_minute": 600, "attempts": 3, **values}
    if authority is not None:
        server["ca_file"] = str(authority.certificate)
    lines = [f"{key} = {json.dumps(value)}" for key, value in server.items()]
    (giro / "giro.toml").write_text(SENDER + "\n[smtp]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def send(giro: Path, clock: Clock, kind: Kind = Kind.INVITATION, **values: Any) -> Dispatched:
    """The invitations (or others), by SMTP; nobody really waits."""

    def channel(settings: Any, state: Any) -> SmtpChannel:
        return SmtpChannel(settings.smtp, settings.sender, giro, clock=clock, sleep=clock.sleep, timeouts=PATIENCE)

    return dispatch(giro, Order(kind, **{"today": IN_TIME, **values}), channel)


def events(giro: Path, kind: type) -> list[Any]:
    return [each for each in Journal(giro).events() if isinstance(each, kind)]


# -- as it should be ----------------------------------------------------------------------------------------------------


def test_each_office_gets_its_message(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    tell(giro, server.port, authority)
    done = send(giro, clock, by="Anna")
    assert not done.findings
    assert server.post.recipients() == [address(office) for office in EIGHT]
    assert server.post.sessions == 1
    assert server.post.tries == [USER]
    offices = state_of(giro).offices
    for office, (sender, to, data) in zip(EIGHT, server.post.taken, strict=True):
        assert (sender, to) == ("controllo@ente.example", [address(office)])
        message: Any = message_from_bytes(data, policy=SMTP)
        assert message["To"] == address(office)
        assert "X-Unsent" not in message
        assert "Cc" not in message
        assert "Bcc" not in message
        (sheet,) = message.iter_attachments()
        assert sheet.get_content() == (giro / offices[office].file).read_bytes()
        (event,) = offices[office].sent
        assert (event.channel, event.message_id, event.by) == ("smtp", message["Message-ID"], "Anna")
        assert not offices[office].unsure


def test_the_second_time_nothing_and_again_when_asked(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    tell(giro, server.port, authority)
    send(giro, clock)
    assert not send(giro, clock).sent
    assert len(server.post.taken) == 8
    assert server.post.sessions == 1  # with nothing to send nobody knocks
    send(giro, clock, again=True, offices=("ISR",))
    assert server.post.recipients()[8:] == [address("ISR")]
    ids = [str(message_from_bytes(data, policy=SMTP)["Message-ID"]) for _, _, data in server.post.taken]
    assert len(set(ids)) == 9


def test_tls_from_the_beginning(giro: Path, authority: Authority, clock: Clock) -> None:
    with mailroom.mail_server(authority.server(), security="tls") as server:
        tell(giro, server.port, authority, security="tls")
        send(giro, clock)
        assert server.post.recipients() == [address(office) for office in EIGHT]


def test_without_user_nobody_authenticates(
    giro: Path, authority: Authority, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE)
    with mailroom.mail_server(authority.server(), authenticate=False) as server:
        tell(giro, server.port, authority, user="")
        send(giro, clock)
        assert (len(server.post.taken), server.post.tries) == (8, [])


def test_lines_that_begin_with_a_dot(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    (giro / "messaggi").mkdir()
    (giro / "messaggi" / "invito.txt").write_text("Oggetto: x\n.\n..\n.fine\n", encoding="utf-8")
    tell(giro, server.port, authority)
    send(giro, clock, offices=("ISR",))
    message: Any = message_from_bytes(server.post.taken[0][2], policy=SMTP)
    assert message.get_body().get_content().splitlines() == [".", "..", ".fine"]


def test_the_command(giro: Path, server: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    tell(giro, server.port, authority)
    server.post.refused[address("U2.1")] = "550 5.1.1 casella sconosciuta"
    done = CliRunner().invoke(cli, ["giro", "invia", str(giro), "--canale", "smtp"], prog_name="perfxl")
    assert done.exit_code == 1
    assert "– U1.1: inviato" in done.stdout
    assert "– U2.1: NON inviato: 550 5.1.1 casella sconosciuta" in done.stdout
    assert "7 messaggi inviati su 8." in done.stdout
    assert "PX-N031" in done.stdout
    server.post.refused.clear()
    again = CliRunner().invoke(cli, ["giro", "invia", str(giro), "--canale", "smtp"], prog_name="perfxl")
    assert (again.exit_code, server.post.recipients()[7:]) == (0, [address("U2.1")])


def test_trying_knocks_at_no_door(giro: Path, server: Server, authority: Authority) -> None:
    tell(giro, server.port, authority)
    before = snapshot(giro)
    done = CliRunner().invoke(cli, ["giro", "invia", str(giro), "--canale", "smtp", "--prova"], prog_name="perfxl")
    assert done.exit_code == 0
    assert (server.post.sessions, server.post.taken) == (0, [])
    assert snapshot(giro) == before


# -- who isn't who he should be -----------------------------------------------------------------------------------------


def nothing_left(giro: Path, server: Server | None = None) -> bool:
    """No message, and nothing told of one."""
    told = {"inviata", "non inviata", "in partenza"}
    lines = (giro / "eventi.jsonl").read_text(encoding="utf-8").splitlines()
    return not (server and server.post.taken) and not [line for line in lines if json.loads(line)["evento"] in told]


def test_a_wrong_password_stops_at_once_and_is_tried_once(
    giro: Path, server: Server, authority: Authority, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "sbagliata-e-segreta")
    tell(giro, server.port, authority)
    with pytest.raises(RoundError, match=f"non accetta l'utente {USER} con la sua password") as caught:
        send(giro, clock)
    assert server.post.tries == [USER]
    assert clock.slept == []
    assert nothing_left(giro, server)
    told = "".join(TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "in _log_in" in told
    for coded in (b"sbagliata-e-segreta", b64encode(f"\0{USER}\0sbagliata-e-segreta".encode())):
        assert coded.decode() not in told.replace('"sbagliata-e-segreta")', "")  # this test's own line


@pytest.mark.parametrize("password", [PASSWORD, "sbagliata-e-segreta", "con l'accento è"])
def test_the_password_is_nowhere(
    giro: Path, server: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, password)
    monkeypatch.setenv("PERFXL_DEBUG", "1")
    tell(giro, server.port, authority)
    done = CliRunner().invoke(cli, ["giro", "invia", str(giro), "--canale", "smtp"], prog_name="perfxl")
    assert done.exit_code == (0 if password == PASSWORD else 2)
    assert ("accentate" in done.stderr) == ("accento" in password)
    assert password not in done.output
    assert password not in done.stderr
    for path in giro.rglob("*"):
        assert not path.is_file() or password.encode() not in path.read_bytes()


def test_a_server_that_nobody_vouches_for(giro: Path, server: Server, clock: Clock) -> None:
    tell(giro, server.port)
    with pytest.raises(RoundError, match=r"il certificato di 127\.0\.0\.1 non è valido"):
        send(giro, clock)
    assert server.post.tries == []
    assert nothing_left(giro, server)


def test_a_server_with_another_s_name(giro: Path, authority: Authority, clock: Clock) -> None:
    """The certificate is good, and is another's: 127.0.0.2 isn't in it."""
    with mailroom.mail_server(authority.server(), host="127.0.0.2") as server:
        tell(giro, server.port, authority, host="127.0.0.2")
        with pytest.raises(RoundError, match="il certificato di"):
            send(giro, clock)
        assert nothing_left(giro, server)


def test_a_server_without_tls(giro: Path, authority: Authority, clock: Clock) -> None:
    with mailroom.mail_server(authority.server(), security="none") as server:
        tell(giro, server.port, authority)
        with pytest.raises(RoundError, match="non offre STARTTLS"):
            send(giro, clock)
        assert server.post.tries == []
        assert nothing_left(giro, server)


def test_in_the_clear_only_to_this_machine(giro: Path, authority: Authority, clock: Clock) -> None:
    with mailroom.mail_server(authority.server(), security="none") as server:
        tell(giro, server.port, security="none")
        send(giro, clock)
        assert len(server.post.taken) == 8


@pytest.mark.parametrize("host", ["smtp.ente.example", "10.0.0.1", "127.0.0.1.ente.example", "localhost.ente.example", "0.0.0.0"])
def test_in_the_clear_to_nobody_else(host: str, tmp_path: Path) -> None:
    server = SmtpSettings.model_validate({"host": host, "security": "none"})
    with pytest.raises(RoundError, match="soltanto verso la macchina stessa"):
        SmtpChannel(server, Sender(address="a@b.example"), tmp_path)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_has_several_names(host: str, tmp_path: Path) -> None:
    SmtpChannel(SmtpSettings.model_validate({"host": host, "security": "none"}), Sender(address="a@b.example"), tmp_path)


def test_certificates_that_can_t_be_read(giro: Path, server: Server, clock: Clock) -> None:
    tell(giro, server.port, ca_file="certificati.pem")
    with pytest.raises(RoundError, match=r"certificati\.pem.*ca_file.*non si leggono"):
        send(giro, clock)
    (giro / "certificati.pem").write_text("niente")
    with pytest.raises(RoundError, match="ca_file"):
        send(giro, clock)


def test_no_sender_no_message(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    tell(giro, server.port, authority)
    path = giro / "giro.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(SENDER, ""), encoding="utf-8")
    with pytest.raises(RoundError, match="manca l'indirizzo del mittente"):
        send(giro, clock)


# -- the password -------------------------------------------------------------------------------------------------------


def test_the_password_comes_from_the_environment_or_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.backends.fail import Keyring as NoKeyring

    class Memory(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            super().__init__()
            self.known: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.known.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.known[service, username] = password

    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Memory())
        keyring.set_password("perfxl", USER, "dal portachiavi")
        assert password_for(USER, PASSWORD_VARIABLE) == PASSWORD
        monkeypatch.setenv(PASSWORD_VARIABLE, "")
        assert password_for(USER, PASSWORD_VARIABLE) == "dal portachiavi"
        with pytest.raises(RoundError, match=f"{PASSWORD_VARIABLE}.*portachiavi.*keyring set perfxl altro@ente.example"):
            password_for("altro@ente.example", PASSWORD_VARIABLE)
        keyring.set_keyring(NoKeyring())
        with pytest.raises(RoundError, match="manca la password"):
            password_for(USER, PASSWORD_VARIABLE)
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize("key", ["password", "Passwd", "parola"])
def test_a_password_typed_in_the_settings_is_shown_nowhere(giro: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("PERFXL_DEBUG", "1")
    path = giro / "giro.toml"
    path.write_text(f'{SENDER}[smtp]\nhost = "x"\nuser = "y"\n{key} = "Segreta123"\n', encoding="utf-8")
    for words in (["invia", "--prova"], ["invia", "--canale", "smtp"], ["sollecita"]):
        done = CliRunner().invoke(cli, ["giro", words[0], str(giro), *words[1:]], prog_name="perfxl")
        assert done.exit_code == 2
        assert f"chiave sconosciuta «smtp.{key}»" in done.stderr
        assert "PERFXL_PASSWORD_SMTP" in done.stderr
        assert "portachiavi" in done.stderr
        assert "Segreta123" not in done.output + done.stderr


# -- refusals and dropped lines -----------------------------------------------------------------------------------------

WAITS = {
    "la linea cade a MAIL": {"MAIL": ["drop"]},
    "la linea cade a RCPT": {"RCPT": ["drop"]},
    "451 a MAIL": {"MAIL": ["451 4.7.1 riprovare"]},
    "450 a RCPT": {"RCPT": ["450 4.2.1 riprovare"]},
    "452 a DATA": {"DATA": ["452 4.3.1 pieno"]},
    "421 a MAIL": {"MAIL": ["421 4.3.2 in chiusura"]},
    "due volte": {"RCPT": ["450 riprovare", "drop"]},
}


@pytest.mark.parametrize("answers", WAITS.values(), ids=WAITS)
def test_what_passes_is_tried_again(
    giro: Path, server: Server, authority: Authority, clock: Clock, answers: dict[str, list[str | None]]
) -> None:
    attempts = sum(map(len, answers.values()))
    server.post.answers = {command: list(several) for command, several in answers.items()}
    tell(giro, server.port, authority)
    done = send(giro, clock)
    assert not done.findings
    assert server.post.recipients() == [address(office) for office in EIGHT]  # each once
    assert clock.slept == [2, 10][:attempts]
    assert not any(office.unsure for office in state_of(giro).offices.values())


def test_it_gives_up_after_the_attempts_and_goes_on(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    server.post.answers = {"RCPT": ["450 4.2.1 in lista grigia"] * 3}
    tell(giro, server.port, authority)
    done = send(giro, clock)
    assert clock.slept == [2, 10]
    assert server.post.recipients() == [address(office) for office in EIGHT[1:]]
    (event,) = events(giro, NotSent)
    assert (event.office, event.why) == ("ENTE", "450 4.2.1 in lista grigia (tentativi: 3)")
    assert [each.code for each in done.findings] == ["PX-N031"]
    assert [letter.office for letter, _ in send(giro, clock).sent] == ["ENTE"]  # the next run takes up what is left
    assert sorted(server.post.recipients()) == sorted(address(office) for office in EIGHT)


PERMANENT = {"RCPT": "550 5.1.1 casella sconosciuta", "DATA": "554 5.7.1 rifiutato", "MAIL": "552 5.3.4 troppo grande"}


@pytest.mark.parametrize("command", PERMANENT)
def test_what_is_refused_for_good_isn_t_tried_again(
    giro: Path, server: Server, authority: Authority, clock: Clock, command: str
) -> None:
    server.post.answers = {command: [None, None, PERMANENT[command]]}
    tell(giro, server.port, authority)
    send(giro, clock)
    assert clock.slept == []
    assert server.post.recipients() == [address(office) for office in EIGHT if office != "U0.1"]
    (event,) = events(giro, NotSent)
    assert (event.office, event.channel, event.addresses) == ("U0.1", "smtp", (address("U0.1"),))
    assert event.why == PERMANENT[command]
    assert server.post.sessions == 1


def test_one_of_two_addresses_refused(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    two = Contact("ISR", addresses=("primo@ente.example", "secondo@ente.example"))
    mailroom.write_addresses(giro, state_of(giro), isr=two)
    server.post.refused["secondo@ente.example"] = "550 5.1.1 casella sconosciuta"
    tell(giro, server.port, authority)
    done = send(giro, clock, offices=("ISR",))
    assert server.post.recipients() == ["primo@ente.example"]
    (taken,), (missed,) = events(giro, Sent), events(giro, NotSent)
    assert (taken.addresses, missed.addresses) == (("primo@ente.example",), ("secondo@ente.example",))
    assert "(agli altri indirizzi è andato)" in done.findings[0].found


TWO = ("primo@ente.example", "secondo@ente.example")


@pytest.fixture
def with_two(giro: Path, server: Server, authority: Authority) -> Path:
    """A round whose ISR has two addresses, and a server that it knows."""
    mailroom.write_addresses(giro, state_of(giro), isr=Contact("ISR", addresses=TWO))
    tell(giro, server.port, authority)
    return giro


def test_the_address_that_was_refused_gets_it_at_the_next_command(with_two: Path, server: Server, clock: Clock) -> None:
    """The mailbox was full: the other address isn't written to twice, and it is the same message."""
    server.post.refused[TWO[1]] = "552 5.2.2 casella piena"
    send(with_two, clock, offices=("ISR",))
    server.post.refused.clear()
    ((letter, delivery),) = send(with_two, clock, offices=("ISR",)).sent
    assert (letter.addresses, delivery.whole) == ((TWO[1],), True)
    assert [to for _, to, _ in server.post.taken] == [[TWO[0]], [TWO[1]]]
    first, second = (message_from_bytes(data, policy=SMTP)["Message-ID"] for _, _, data in server.post.taken)
    assert first == second
    assert not send(with_two, clock, offices=("ISR",)).sent


def test_a_reminder_that_leaves_in_two_goes_is_one(with_two: Path, server: Server, clock: Clock) -> None:
    send(with_two, clock, offices=("ISR",))
    server.post.refused[TWO[1]] = "552 5.2.2 casella piena"
    send(with_two, clock, Kind.REMINDER, offices=("ISR",))
    server.post.refused.clear()
    send(with_two, clock, Kind.REMINDER, offices=("ISR",))
    assert [to for _, to, _ in server.post.taken] == [[*TWO], [TWO[0]], [TWO[1]]]
    CliRunner().invoke(cli, ["giro", "stato", str(with_two)], catch_exceptions=False)
    assert register_cell(with_two, "ISR", "Solleciti") == 1
    send(with_two, clock, Kind.REMINDER, offices=("ISR",), again=True)
    assert state_of(with_two).offices["ISR"].reminders() == 2


def register_cell(giro: Path, office: str, heading: str) -> Any:
    """What the register's table of offices shows of one of them."""
    sheet = load_workbook(giro / "registro.xlsx")["Stato"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if heading in row)
    return next(row for row in rows if row[head.index("Ufficio")] == office)[head.index(heading)]


def test_the_address_that_was_refused_is_corrected_or_taken_away(with_two: Path, server: Server, clock: Clock) -> None:
    server.post.refused[TWO[1]] = "550 5.1.1 casella sconosciuta"
    send(with_two, clock, offices=("ISR",))
    mailroom.write_addresses(with_two, state_of(with_two), isr=Contact("ISR", addresses=(TWO[0].upper(),)))
    assert not send(with_two, clock, offices=("ISR",)).sent
    mailroom.write_addresses(with_two, state_of(with_two), isr=Contact("ISR", addresses=(TWO[0], "seconda@ente.example")))
    send(with_two, clock, offices=("ISR",))
    assert server.post.recipients() == [TWO[0], "seconda@ente.example"]
    again = send(with_two, clock, offices=("ISR",), again=True).sent  # who asks for it again gets it everywhere
    assert [letter.addresses for letter, _ in again] == [(TWO[0], "seconda@ente.example")]


def test_an_address_added_later_isn_t_written_to_by_itself(with_two: Path, server: Server, clock: Clock) -> None:
    send(with_two, clock, offices=("ISR",))
    mailroom.write_addresses(with_two, state_of(with_two), isr=Contact("ISR", addresses=(*TWO, "terzo@ente.example")))
    assert not send(with_two, clock, offices=("ISR",)).sent


@pytest.mark.parametrize("refusals", [1, 2, 3])
def test_an_address_that_is_refused_for_now_is_tried_again_alone(
    with_two: Path, server: Server, clock: Clock, refusals: int
) -> None:
    """A grey list: the server wants the sender to come back."""
    server.post.answers = {"RCPT": [None, *["451 4.7.1 lista grigia"] * refusals]}
    done = send(with_two, clock, offices=("ISR",))
    ((_, delivery),) = done.sent
    assert clock.slept == [2, 10][:refusals]
    if refusals < 3:
        assert server.post.recipients() == [*TWO]
        assert (delivery.whole, sorted(delivery.accepted), done.findings) == (True, sorted(TWO), [])
        assert not send(with_two, clock, offices=("ISR",)).sent
    else:
        assert server.post.recipients() == [TWO[0]]
        assert delivery.refused == ((TWO[1], "451 4.7.1 lista grigia (tentativi: 3)"),)
        send(with_two, clock, offices=("ISR",))
        assert server.post.recipients() == [*TWO]
    assert not state_of(with_two).offices["ISR"].unsure


def test_refused_for_good_and_refused_for_now_together(with_two: Path, server: Server, clock: Clock) -> None:
    server.post.refused[TWO[0]] = "550 5.1.1 casella sconosciuta"
    server.post.answers = {"RCPT": [None, "450 4.2.1 riprovare"]}
    ((_, delivery),) = send(with_two, clock, offices=("ISR",)).sent
    assert server.post.recipients() == [TWO[1]]
    assert (delivery.accepted, delivery.refused) == ((TWO[1],), ((TWO[0], "550 5.1.1 casella sconosciuta"),))


def test_what_was_taken_is_told_while_the_rest_is_waited_for(with_two: Path, server: Server, clock: Clock) -> None:
    """Somebody ends the command during the wait: the next one writes to the address that lacks it, and to no other."""

    class Ended(Clock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    server.post.answers = {"RCPT": [None, "451 4.7.1 lista grigia"]}
    with pytest.raises(KeyboardInterrupt):
        send(with_two, Ended(), offices=("ISR",))
    assert not state_of(with_two).offices["ISR"].unsure
    send(with_two, clock, offices=("ISR",))
    assert server.post.recipients() == [*TWO]


def test_a_refusal_is_told_where_the_rest_is_in_doubt(with_two: Path, server: Server, clock: Clock) -> None:
    server.post.refused[TWO[1]] = "550 5.1.1 casella sconosciuta"
    server.post.answers = {"DATA": ["take and drop"]}
    done = send(with_two, clock, offices=("ISR",))
    ((_, delivery),) = done.sent
    assert (delivery.accepted, [each for each, _ in delivery.unsure]) == ((), [TWO[0]])
    assert delivery.refused == ((TWO[1], "550 5.1.1 casella sconosciuta"),)
    assert [each.code for each in done.findings] == ["PX-N032", "PX-N031"]
    office = state_of(with_two).offices["ISR"]
    assert [(each.addresses, each.why) for each in office.failed] == [((TWO[1],), "550 5.1.1 casella sconosciuta")]
    assert [each.addresses for each in office.unsure.values()] == [(TWO[0],)]
    assert send(with_two, clock, offices=("ISR",)).skipped == (("ISR", "forse già inviata"),)


def test_what_may_have_left_is_sent_again_as_the_same_message(
    giro: Path, server: Server, authority: Authority, clock: Clock
) -> None:
    """Whoever got it twice sees that it is one; and the register has no doubt any more."""
    tell(giro, server.port, authority)
    server.post.answers = {"DATA": ["take and drop"]}
    send(giro, clock, offices=("ISR",))
    send(giro, clock, offices=("ISR",), again=True)
    once, twice = (message_from_bytes(data, policy=SMTP)["Message-ID"] for _, _, data in server.post.taken)
    assert once == twice
    assert not state_of(giro).offices["ISR"].unsure
    send(giro, clock, offices=("ISR",), again=True)  # this one is another
    assert message_from_bytes(server.post.taken[2][2], policy=SMTP)["Message-ID"] != once


def test_a_doubt_of_an_older_journal_is_settled_by_another_message_about_the_same(giro: Path) -> None:
    """Before, what was sent again had an identifier of its own."""
    common: dict[str, Any] = {"at": now(), "office": "ISR", "what": "invito", "channel": "smtp", "addresses": ("a@ente.example",)}
    sheet = state_of(giro).offices["ISR"].sha256
    Journal(giro).add(Sending(**common, message_id="<1@ente.example>", sheet_sha256=sheet))
    Journal(giro).add(Sent(**{**common, "what": "sollecito"}, message_id="<2@ente.example>", sheet_sha256=sheet))
    assert state_of(giro).offices["ISR"].unsure
    Journal(giro).add(Sent(**common, message_id="<3@ente.example>", sheet_sha256=sheet))
    assert not state_of(giro).offices["ISR"].unsure


def test_a_line_that_drops_after_the_message_leaves_a_doubt(
    giro: Path, server: Server, authority: Authority, clock: Clock
) -> None:
    """RFC 1047: the server has it, we can't know. It isn't sent again by itself."""
    server.post.answers = {"DATA": [None, "take and drop"]}
    tell(giro, server.port, authority)
    done = send(giro, clock)
    assert server.post.recipients() == [address(office) for office in EIGHT]
    assert server.post.sessions == 2
    assert [each.code for each in done.findings] == ["PX-N032"]
    assert [code for code, office in state_of(giro).offices.items() if office.unsure] == ["ISR"]
    again = send(giro, clock)
    assert not again.sent
    assert [each.code for each in again.findings] == ["PX-N032"]
    assert len(server.post.taken) == 8
    send(giro, clock, again=True, offices=("ISR",))
    assert server.post.recipients()[8:] == [address("ISR")]
    assert not send(giro, clock).findings


def test_a_server_that_goes_away_stops_the_run_and_the_next_one_completes_it(
    giro: Path, authority: Authority, clock: Clock
) -> None:
    with mailroom.mail_server(authority.server()) as server:
        tell(giro, server.port, authority)

        def leave(letter: Letter, _: object) -> None:
            if letter.office == EIGHT[2]:
                server.stop()

        with pytest.raises(RoundError, match="non è più raggiungibile"):
            dispatch(giro, Order(Kind.INVITATION, today=IN_TIME), _channel(giro, clock), leave)
        assert server.post.recipients() == [address(office) for office in EIGHT[:3]]
    assert [each.office for each in events(giro, Sent)] == list(EIGHT[:3])
    (event,) = events(giro, NotSent)
    assert event.office == EIGHT[3]
    assert "non è più raggiungibile" in event.why
    with mailroom.mail_server(authority.server()) as other:
        tell(giro, other.port, authority)
        send(giro, clock)
        assert other.post.recipients() == [address(office) for office in EIGHT[3:]]


def _channel(giro: Path, clock: Clock) -> Callable[[Any, Any], SmtpChannel]:
    return lambda settings, _: SmtpChannel(
        settings.smtp, settings.sender, giro, clock=clock, sleep=clock.sleep, timeouts=PATIENCE
    )


def test_nobody_at_the_port(giro: Path, clock: Clock) -> None:
    tell(giro, free_port())
    with pytest.raises(RoundError, match="non è raggiungibile: connessione rifiutata"):
        send(giro, clock)
    assert clock.slept == [2, 10]
    assert nothing_left(giro)


# -- servers out of the ordinary ----------------------------------------------------------------------------------------


@contextmanager
def odd_server(talk: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port on which every caller gets `talk`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller, suppress(OSError):
                caller.settimeout(5)
                talk(caller)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)
        assert not thread.is_alive()


def script(*answers: bytes) -> Callable[[socket.socket], None]:
    """Say each answer, each after something was heard; the first one at once."""

    def talk(caller: socket.socket) -> None:
        for number, answer in enumerate(answers):
            if number:
                caller.recv(65536)
            caller.sendall(answer)

    return talk


ODD = {
    "chiude subito": (script(b""), "la connessione è caduta"),
    "rifiuta subito": (script(b"554 nessuno\r\n"), "554 nessuno"),
    "non è posta": (script(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "non è raggiungibile"),
    "riga senza fine": (script(b"220" + b"x" * 20000), "non è raggiungibile"),
    "niente EHLO né HELO": (script(b"220 qui\r\n", b"500 no\r\n", b"500 no\r\n"), "500 no"),
    "TLS mancato": (script(b"220 qui\r\n", b"250-qui\r\n250 STARTTLS\r\n", b"220 via\r\n", b"niente TLS\r\n"), "TLS"),
    "TLS per ora no": (script(b"220 qui\r\n", b"250-qui\r\n250 STARTTLS\r\n", b"454 per ora no\r\n"), "454 per ora no"),
}


@pytest.mark.parametrize(("talk", "words"), ODD.values(), ids=ODD)
def test_a_server_out_of_the_ordinary_is_one_clear_error(
    giro: Path, clock: Clock, talk: Callable[[socket.socket], None], words: str
) -> None:
    with odd_server(talk) as port:
        tell(giro, port)
        with pytest.raises(RoundError, match="il server 127") as caught:
            send(giro, clock)
        assert words in caught.value.message
        assert "\n" not in caught.value.message
    assert nothing_left(giro)


def test_a_server_that_says_nothing_is_waited_for_so_long(giro: Path, clock: Clock) -> None:
    done = threading.Event()

    def channel(settings: Any, _: Any) -> SmtpChannel:
        return SmtpChannel(settings.smtp, settings.sender, giro, clock=clock, sleep=clock.sleep, timeouts=(0.2, 0.2))

    with odd_server(lambda _: done.wait(5)) as port:
        tell(giro, port, attempts=1)
        try:
            with pytest.raises(RoundError, match="nessuna risposta"):
                dispatch(giro, Order(Kind.INVITATION, today=IN_TIME), channel)
        finally:
            done.set()


EHLO = b"250-qui\r\n250 SIZE 1000000\r\n"


@pytest.mark.parametrize(
    ("answer", "unsure"), [(b"nonsenso\r\n", True), (b"", True), (b"350 avanti\r\n", False), (b"421 chiudo\r\n", False)]
)
def test_an_answer_to_the_whole_message_that_isn_t_one(giro: Path, clock: Clock, answer: bytes, unsure: bool) -> None:
    def talk(caller: socket.socket) -> None:
        script(b"220 qui\r\n", EHLO, b"250 vivo\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 via\r\n")(caller)
        heard = b""
        while not heard.endswith(b"\r\n.\r\n"):
            heard += caller.recv(65536)
        if answer:
            caller.sendall(answer)

    with odd_server(talk) as port:
        tell(giro, port, security="none", user="", attempts=1)
        done = send(giro, clock, offices=("ISR",))
    assert [bool(delivery.unsure) for _, delivery in done.sent] == [unsure]
    assert [each.code for each in done.findings] == ["PX-N032" if unsure else "PX-N031"]


# -- the pace -----------------------------------------------------------------------------------------------------------


def test_no_more_messages_a_minute_than_the_server_bears(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    tell(giro, server.port, authority, per_minute=3)
    moments = []
    dispatch(giro, Order(Kind.INVITATION, today=IN_TIME), _channel(giro, clock), lambda *_: moments.append(clock.time - 1000))
    assert moments == [0, 0, 0, 60, 60, 60, 120, 120]
    assert len(server.post.taken) == 8


def test_failed_attempts_count_too(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    server.post.answers = {"MAIL": ["451 riprovare", "451 riprovare"]}
    tell(giro, server.port, authority, per_minute=2)
    send(giro, clock, offices=("ISR", "ENTE"))
    assert clock.slept == [2, 10, 48, 2]  # two attempts in the first minute, the third at its end; then the next message
    assert len(server.post.taken) == 2


def test_the_pace_holds_from_one_command_to_the_next(giro: Path, server: Server, authority: Authority, clock: Clock) -> None:
    tell(giro, server.port, authority, per_minute=2)

    def lately(ago: float) -> Callable[[Any, Any], SmtpChannel]:
        """A channel of a command that begins so many seconds after the journal was written to."""

        def channel(settings: Any, state: Any) -> SmtpChannel:
            told = sent_lately(state, datetime.now().astimezone() + timedelta(seconds=ago))
            return SmtpChannel(
                settings.smtp, settings.sender, giro, lately=told, clock=clock, sleep=clock.sleep, timeouts=PATIENCE
            )

        return channel

    server.post.refused[address("ENTE")] = "550 5.1.1 casella sconosciuta"
    dispatch(giro, Order(Kind.INVITATION, ("ENTE", "ISR"), today=IN_TIME), lately(0))
    assert clock.slept == []
    dispatch(giro, Order(Kind.INVITATION, ("U0.1",), today=IN_TIME), lately(20))
    (waited,) = clock.slept
    assert 35 < waited <= 40
    dispatch(giro, Order(Kind.INVITATION, ("U1.1",), today=IN_TIME), lately(120))
    assert len(clock.slept) == 1


def test_the_command_keeps_the_pace_of_the_one_before(
    giro: Path, server: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command itself: what it would wait for is recorded instead."""
    slept: list[float] = []

    def sleep(self: SmtpChannel) -> None:
        slept.append(len(self._times))

    monkeypatch.setattr(SmtpChannel, "_pace", sleep)
    tell(giro, server.port, authority, per_minute=2)
    for office in ("ENTE", "ISR"):
        CliRunner().invoke(cli, ["giro", "invia", str(giro), "--canale", "smtp", "--ufficio", office], prog_name="perfxl")
    assert slept == [0, 1]


# -- the work is ended --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_ctrl_c_while_the_answer_is_waited_for_ends_at_once(giro: Path, clock: Clock) -> None:
    """The server has the message and says nothing: no goodbye is said to it, which it wouldn't answer either."""
    heard, done = threading.Event(), threading.Event()

    def talk(caller: socket.socket) -> None:
        script(b"220 qui\r\n", EHLO, b"250 vivo\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 via\r\n")(caller)
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            data += caller.recv(65536)
        heard.set()
        done.wait(30)

    def interrupt() -> None:
        heard.wait(20)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    def channel(settings: Any, _: Any) -> SmtpChannel:
        return SmtpChannel(settings.smtp, settings.sender, giro, clock=clock, sleep=clock.sleep, timeouts=(20, 20))

    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background are born deaf to it
    with odd_server(talk) as port:
        tell(giro, port, security="none", user="", attempts=1)
        threading.Thread(target=interrupt, daemon=True).start()
        begun = time.monotonic()
        try:
            with pytest.raises(KeyboardInterrupt):
                dispatch(giro, Order(Kind.INVITATION, ("ISR",), today=IN_TIME), channel)
            assert time.monotonic() - begun < 5
        finally:
            done.set()
    assert state_of(giro).offices["ISR"].unsure
