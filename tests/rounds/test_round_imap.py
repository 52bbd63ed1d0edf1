"""The replies collected from a real IMAP server: nothing is changed in the mailbox, nothing fetched twice, nothing lost on the way."""

from __future__ import annotations

import imaplib
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.errors import RoundError
from perfxl.mail import Limits
from perfxl.rounds import Journal, imap
from perfxl.rounds import collect as collecting
from perfxl.rounds.access import is_loopback, password_for
from perfxl.rounds.collect import Collected, Collecting, collect
from perfxl.rounds.events import Fetched
from perfxl.rounds.folder import SETTINGS
from perfxl.rounds.imap import Mailbox, mailbox
from perfxl.rounds.settings import Imap
from rounds import mailroom
from rounds.replies import day, letter, reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from application.dovecot import Dovecot

OFFICE = "U1.1"


@pytest.fixture
def box(imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """The server with nothing in it, its password where perfxl looks for it."""
    imap_server.empty()
    monkeypatch.setenv("PERFXL_PASSWORD_IMAP", imap_server.password)
    return imap_server


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is asked of the server by UID, as it is asked."""
    said: list[tuple[Any, ...]] = []
    real = imaplib.IMAP4.uid

    def uid(self: imaplib.IMAP4, *words: Any) -> Any:
        said.append(words)
        return real(self, *words)

    monkeypatch.setattr(imaplib.IMAP4, "uid", uid)
    return said


def fetched(commands: list[tuple[Any, ...]]) -> list[str]:
    """The messages that were asked for whole."""
    return [words[1] for words in commands if words[0] == "FETCH" and "BODY.PEEK[])" in words[2]]


def server(box: Dovecot, **more: Any) -> Imap:
    values = {"host": box.host, "port": box.port, "user": box.user, "ca_file": str(box.ca_file), **more}
    return Imap.model_validate(values)


def gather(giro: Path, settings: Imap) -> Collected:
    with mailbox(settings, giro, timeout=20) as found:
        return collect(giro, found.items, Collecting(by="prova"))


def three(giro: Path) -> list[bytes]:
    """Two replies of two offices, and a message that holds none."""
    return [
        letter(reply(giro, OFFICE), day(2), sender="u11@ente.example", number="uno"),
        letter(reply(giro, "U2.1"), day(3), sender="u21@ente.example", number="due"),
        letter(b"%PDF-1.4 scansione", day(4), name="scheda.pdf", number="tre"),
    ]


def test_replies_come_from_the_mailbox_and_the_mailbox_stays_as_it_is(box, new_round, commands):
    giro = new_round()
    for message in three(giro):
        box.deliver(message)
    before = box.messages()
    done = gather(giro, server(box))
    assert {version.office: (version.accepted, version.sender, version.when) for version in done.new} == {
        OFFICE: (True, "u11@ente.example", day(2)), "U2.1": (True, "u21@ente.example", day(3)),
    }  # fmt: skip
    assert [(event.problem["code"], event.envelope) for event in done.refused] == [("PX-M007", "")]
    assert len(done.state.fetched) == 3
    assert len(list((giro / "buste").iterdir())) == 2  # a message without a sheet may be anybody's: it stays in its mailbox
    assert box.messages() == before
    assert all(b"\\Seen" not in flags for flags, _ in before)
    assert not any(words[0] in {"STORE", "COPY", "MOVE", "EXPUNGE"} for words in commands)


def test_what_was_collected_isn_t_fetched_again(box, new_round, commands):
    giro = new_round()
    for message in three(giro):
        box.deliver(message)
    gather(giro, server(box))
    assert len(fetched(commands)) == 3
    commands.clear()
    told = Journal(giro).path.read_bytes()
    assert gather(giro, server(box)).items == 0
    assert Journal(giro).path.read_bytes() == told
    assert fetched(commands) == []
    assert len(commands) == 1
    last = max(event.uid for event in mailroom.state_of(giro).fetched)
    assert commands[0][2] == "(UID FLAGS)"  # the list alone: one that the server forgot once would be lost without it
    box.deliver(letter(reply(giro, OFFICE, {"C7": 9}), day(8)))
    commands.clear()
    done = gather(giro, server(box))
    assert (done.items, fetched(commands)) == (1, [str(last + 1)])
    assert done.state.offices[OFFICE].current is done.new[0]


def test_starttls(box, new_round):
    giro = new_round()
    box.deliver(three(giro)[0])
    assert len(gather(giro, server(box, port=box.starttls_port, security="starttls")).new) == 1


def test_a_message_too_large_is_told_and_not_fetched(box, new_round, commands, monkeypatch):
    giro = new_round()
    small = letter(b"ciao", day(2), name="nota.txt", number="piccolo")
    for message in (*three(giro)[:1], small):
        box.deliver(message)
    monkeypatch.setattr(collecting, "LIMITS", Limits(file_bytes=5_000))
    done = gather(giro, server(box))
    assert [event.problem["code"] for event in done.refused] == ["PX-M004", "PX-M007"]
    assert len(fetched(commands)) == 1
    assert len(done.state.fetched) == 2


# -- moving ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("without", [set(), {"MOVE"}], ids=["MOVE", "COPY"])
def test_messages_move_once_they_are_kept_and_no_other_is_touched(box, new_round, monkeypatch, without):
    """One message is marked as deleted by somebody: whatever moves, it stays there."""
    giro = new_round()
    messages = three(giro)
    for message in messages[:2]:
        box.deliver(message)
    gather(giro, server(box))
    with box.session() as session:
        session.select("INBOX")
        session.store("2", "+FLAGS", r"\Deleted")
    box.deliver(messages[2])
    _forget(monkeypatch, without)
    gather(giro, server(box, move_to="Raccolte"))
    assert [body for _, body in box.messages("Raccolte")] == [_crlf(messages[0]), _crlf(messages[2])]
    assert [body for _, body in box.messages()] == [_crlf(messages[1])]
    assert b"\\Deleted" in box.messages()[0][0]


def _crlf(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _forget(monkeypatch: pytest.MonkeyPatch, without: set[str]) -> None:
    """A server that lacks something."""
    real = Mailbox.__init__

    def without_it(self: Mailbox, *given: Any) -> None:
        real(self, *given)
        self._capabilities -= without

    monkeypatch.setattr(Mailbox, "__init__", without_it)


def test_where_a_single_message_can_t_be_expunged_it_is_marked_and_not_copied_again(box, new_round, monkeypatch):
    giro = new_round()
    box.deliver(three(giro)[0])
    _forget(monkeypatch, {"MOVE", "UIDPLUS"})
    for _ in range(2):
        gather(giro, server(box, move_to="Archivio"))
        assert len(box.messages("Archivio")) == 1
        assert b"\\Deleted" in box.messages()[0][0]


def test_a_run_that_ends_between_keeping_and_moving_moves_the_next_time(box, new_round, monkeypatch):
    giro = new_round()
    for message in three(giro)[:2]:
        box.deliver(message)

    def ended(self: Mailbox, uid: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Mailbox, "_move", ended)
        with pytest.raises(KeyboardInterrupt):
            gather(giro, server(box, move_to="Archivio"))
    assert len(mailroom.state_of(giro).versions) == 1
    done = gather(giro, server(box, move_to="Archivio"))
    assert [version.office for version in done.new] == ["U2.1"]
    assert len(box.messages("Archivio")) == 2
    assert box.messages() == []


# -- what may go wrong -----------------------------------------------------------------------------------------------------


def test_a_connection_that_is_lost_keeps_what_was_collected(box, new_round, monkeypatch):
    giro = new_round()
    for message in three(giro):
        box.deliver(message)
    real = Mailbox._fetch

    asked: list[int] = []

    def once(self: Mailbox, uid: int) -> bytes:
        if asked:
            self._client.sock.shutdown(socket.SHUT_RDWR)
        asked.append(uid)
        return real(self, uid)

    with monkeypatch.context() as patch:
        patch.setattr(Mailbox, "_fetch", once)
        with pytest.raises(RoundError, match=r"il server 127\.0\.0\.1 ha interrotto il lavoro: "):
            gather(giro, server(box))
    assert len(mailroom.state_of(giro).versions) == 1
    assert len(gather(giro, server(box)).state.versions) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ca_file": ""}, r"il suo certificato non è garantito .* indicarli in giro\.toml"),
        ({"ca_file": "manca.pem"}, r"i certificati .*manca\.pem.* non si leggono"),
        ({"user": "altri@ente.example"}, "non accetta utente e password"),
        ({"mailbox": "Non c'è"}, "non ha la cartella «Non c'è»"),
        ({"mailbox": "a\nb"}, "non è il nome di una cartella"),
        ({"security": "none", "host": "imap.ente.example"}, "passerebbero in chiaro"),
        ({"port": 1}, "non è raggiungibile"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence(box, new_round, more, words):
    giro = new_round()
    with pytest.raises(RoundError, match=words) as caught:
        gather(giro, server(box, **more))
    assert box.password not in str(caught.value)
    assert "\n" not in caught.value.message


def test_without_tls_only_to_this_very_machine(box, new_round):
    giro = new_round()
    box.deliver(three(giro)[0])
    assert len(gather(giro, server(box, security="none", port=box.starttls_port)).new) == 1


def test_a_server_that_offers_no_starttls_gets_no_password(box, new_round, monkeypatch):
    real = imaplib.IMAP4._get_capabilities

    def without(self: imaplib.IMAP4) -> None:
        real(self)
        self.capabilities = tuple(each for each in self.capabilities if each != "STARTTLS")

    monkeypatch.setattr(imaplib.IMAP4, "_get_capabilities", without)
    with pytest.raises(RoundError, match="non offre STARTTLS"):
        gather(new_round(), server(box, security="starttls", port=box.starttls_port))


def test_the_password_comes_from_the_environment_or_the_keyring(monkeypatch):
    import keyring
    from keyring.backend import KeyringBackend

    class Held(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {("perfxl", "u@x"): "dal portachiavi"}.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

        def delete_password(self, service: str, username: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Held())
    try:
        monkeypatch.delenv("PERFXL_PASSWORD_IMAP", raising=False)
        assert password_for("u@x", "PERFXL_PASSWORD_IMAP") == "dal portachiavi"
        with pytest.raises(RoundError, match=r"manca la password di v@x: .*PERFXL_PASSWORD_IMAP.*keyring set perfxl v@x"):
            password_for("v@x", "PERFXL_PASSWORD_IMAP")
        monkeypatch.setenv("PERFXL_PASSWORD_IMAP", "dall'ambiente")
        assert password_for("u@x", "PERFXL_PASSWORD_IMAP") == "dall'ambiente"
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("imap.ente.it", False),
        ("127.0.0.1.ente.it", False),
    ],
)
def test_this_very_machine(host, own):
    assert is_loopback(host) is own


# -- mailboxes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Posta del giro", "Università & ricerca", 'con "virgolette"', "日本語 – così", "&"])
def test_a_mailbox_of_any_name(box, new_round, name):
    giro = new_round()
    coded = imap._quoted(name)
    with box.session() as session:
        assert session.create(coded)[0] == "OK"
        assert session.append(coded, None, None, _crlf(three(giro)[0]))[0] == "OK"
    done = gather(giro, server(box, mailbox=name))
    assert len(done.new) == 1
    assert done.state.fetched[0].source == f"{box.user}@{box.host}/{name}"
    with box.session() as session:
        session.delete(coded)


def test_a_name_on_the_wire():
    """The examples of RFC 3501, section 5.1.3."""
    assert imap._quoted("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    assert imap._quoted("Hi Mom -☺-!") == '"Hi Mom -&Jjo--!"'


def test_a_mailbox_that_was_made_again_isn_t_collected_again(box, new_round, commands):
    """Another UIDVALIDITY, other numbers: the Message-ID and the size tell. The same Message-ID on other bytes is another message."""
    giro = new_round()
    messages = three(giro)

    def fill() -> None:
        with box.session() as session:
            session.create("Giro")
            for message in messages:
                session.append("Giro", None, None, _crlf(message))

    fill()
    gather(giro, server(box, mailbox="Giro"))
    with box.session() as session:
        session.delete("Giro")
    messages.append(letter(reply(giro, OFFICE, {"C7": 11, "J7": "un'altra nota, più lunga"}), day(6), number="uno"))
    fill()
    commands.clear()
    done = gather(giro, server(box, mailbox="Giro"))
    validities = {event.validity for event in done.state.fetched}
    assert len(validities) == 2
    assert len(fetched(commands)) == 1
    assert done.state.offices[OFFICE].current is done.new[0]


def test_an_empty_mailbox(box, new_round):
    done = gather(new_round(), server(box))
    assert (done.items, done.state.fetched) == (0, [])


def test_half_a_message_is_never_taken_for_the_whole(box, new_round, monkeypatch):
    """Two sheets in a message, ended after the first: the message is told as read only after both."""
    giro = new_round()
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Date"], message["Message-ID"] = "u@ente.example", "Thu, 02 May 2019 10:00:00 +0000", "<due@x>"
    for office in (OFFICE, "U2.1"):
        message.add_attachment(reply(giro, office), maintype="application", subtype="octet-stream", filename=f"{office}.xlsx")
    box.deliver(message.as_bytes())
    real = Journal.add_all

    def torn(self: Journal, events: Any) -> None:
        kept = list(events)
        if any(isinstance(event, Fetched) for event in kept):
            real(self, kept[:2])
            raise KeyboardInterrupt
        real(self, kept)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add_all", torn)
        with pytest.raises(KeyboardInterrupt):
            gather(giro, server(box))
    assert len(mailroom.state_of(giro).versions) == 1
    done = gather(giro, server(box))
    assert {version.office for version in done.state.versions.values()} == {OFFICE, "U2.1"}
    assert [len(version.arrivals) for version in done.state.versions.values()] == [1, 1]


# -- a server that doesn't give everything ----------------------------------------------------------------------------------


def _answers(monkeypatch: pytest.MonkeyPatch, change: Callable[[tuple[Any, ...], Any], Any]) -> None:
    """A server whose answers to a command by UID are others."""
    real = imaplib.IMAP4.uid

    def uid(self: imaplib.IMAP4, *words: Any) -> Any:
        return change(words, real(self, *words))

    monkeypatch.setattr(imaplib.IMAP4, "uid", uid)


def _present(box: Dovecot) -> list[str]:
    with box.session() as session:
        session.select("INBOX", readonly=True)
        return [each.decode() for each in session.uid("SEARCH", "ALL")[1][0].split()]


@pytest.mark.parametrize("how", ["no", "nothing", "not listed"])
def test_a_message_that_the_server_doesn_t_give_keeps_no_other_and_is_asked_for_again(box, new_round, monkeypatch, how):
    """Exchange: «could not be converted»; others answer without it, or leave it out of the list. The first of three messages."""
    giro = new_round()
    for message in three(giro):
        box.deliver(message)
    first = _present(box)[0]

    def change(words: tuple[Any, ...], answer: Any) -> Any:
        if how == "not listed" and "RFC822.SIZE" in words[2]:
            status, data = answer
            at = next(at for at, each in enumerate(data) if isinstance(each, tuple) and f"UID {first} ".encode() in each[0])
            return status, data[:at] + data[at + 2 :]
        if how != "not listed" and words[1] == first and "BODY.PEEK[]" in words[2]:
            return ("NO", [b"The requested message could not be converted"]) if how == "no" else ("OK", [None])
        return answer

    with monkeypatch.context() as patch:
        _answers(patch, change)
        runs = [gather(giro, server(box)) for _ in range(2)]
    assert [version.office for version in runs[0].new] == ["U2.1"]
    told = [event for run in runs for event in run.refused if event.problem["code"] == "PX-N053"]
    assert [event.name for event in told] == [f"messaggio {first}.eml"]
    assert ("could not be converted" in told[0].problem["found"]) is (how == "no")
    assert len(mailroom.state_of(giro).fetched) == 2
    assert [version.office for version in gather(giro, server(box)).new] == [OFFICE]


def test_a_message_that_wasn_t_in_the_list_once_isn_t_lost(box, new_round, monkeypatch):
    giro = new_round()
    for message in three(giro)[:2]:
        box.deliver(message)
    first = _present(box)[0]

    def change(words: tuple[Any, ...], answer: Any) -> Any:
        status, data = answer
        return (status, [each for each in data if f"UID {first} ".encode() not in each]) if words[2] == "(UID FLAGS)" else answer

    with monkeypatch.context() as patch:
        _answers(patch, change)
        assert [version.office for version in gather(giro, server(box)).new] == ["U2.1"]
    assert [version.office for version in gather(giro, server(box)).new] == [OFFICE]


def test_a_message_that_can_t_be_read_isn_t_moved(box, new_round, monkeypatch):
    giro = new_round()
    for message in three(giro)[:2]:
        box.deliver(message)
    first = _present(box)[0]

    def change(words: tuple[Any, ...], answer: Any) -> Any:
        return ("NO", [b"no"]) if words[1] == first and "BODY.PEEK[]" in words[2] else answer

    with monkeypatch.context() as patch:
        _answers(patch, change)
        gather(giro, server(box, move_to="Lette"))
    assert (len(box.messages()), len(box.messages("Lette"))) == (1, 1)
    gather(giro, server(box, move_to="Lette"))
    assert (len(box.messages()), len(box.messages("Lette"))) == (0, 2)


def test_known_messages_of_a_mailbox_that_was_made_again_move_without_being_fetched(box, new_round, commands):
    giro = new_round()
    messages = three(giro)[:2]  # made once: a workbook made again is another file

    def fill() -> None:
        with box.session() as session:
            session.create("Rifatta")
            for message in messages:
                session.append("Rifatta", None, None, _crlf(message))

    fill()
    gather(giro, server(box, mailbox="Rifatta"))
    with box.session() as session:
        session.delete("Rifatta")
    fill()
    commands.clear()
    done = gather(giro, server(box, mailbox="Rifatta", move_to="Spostate"))
    assert (done.items, done.again, fetched(commands)) == (0, 0, [])
    assert (len(box.messages("Rifatta")), len(box.messages("Spostate"))) == (0, 2)
    assert len(done.state.fetched) == 4


@pytest.mark.parametrize("zone", ["-0000", "+0000"])
def test_the_day_of_arrival_has_a_zone_whatever_the_server_writes(box, new_round, monkeypatch, zone):
    """`-0000` is no zone for the library: one message would have made the journal unreadable for ever."""
    giro = new_round()
    message = b"\n".join(line for line in three(giro)[0].split(b"\n") if not line.startswith(b"Date:"))
    box.deliver(message)

    def change(words: tuple[Any, ...], answer: Any) -> Any:
        if "INTERNALDATE" not in words[2]:
            return answer
        written = b'INTERNALDATE "05-May-2019 10:00:00 %s"' % zone.encode()

        def other(part: Any) -> Any:
            return re.sub(rb'INTERNALDATE "[^"]*"', written, part) if isinstance(part, bytes) else part

        return answer[0], [tuple(map(other, each)) if isinstance(each, tuple) else other(each) for each in answer[1]]

    _answers(monkeypatch, change)
    (version,) = gather(giro, server(box)).new
    assert (version.when, version.when_from) == (day(5), "arrivo")
    assert mailroom.state_of(giro).versions


# -- the command -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_box(box: Dovecot, new_round: Callable[[str], Path]) -> Path:
    """A round whose settings name the mailbox."""
    giro = new_round()
    text = f'[imap]\nhost = "{box.host}"\nport = {box.port}\nuser = "{box.user}"\nca_file = "{box.ca_file}"\n'
    (giro / SETTINGS).write_text(mailroom.SENDER + text, encoding="utf-8")
    return giro


def test_the_command_reads_the_mailbox_of_the_settings(box, with_box):
    from click.testing import CliRunner

    from perfxl.cli.app import cli

    box.deliver(three(with_box)[0])
    done = CliRunner().invoke(cli, ["giro", "raccogli", str(with_box), "--imap"])
    assert done.exit_code == 0, done.output
    assert "1 elemento letto: 1 scheda nuova" in done.stdout
    assert "– U1.1 ● accettata" in done.stdout
    (with_box / SETTINGS).write_text(mailroom.SENDER, encoding="utf-8")
    done = CliRunner().invoke(cli, ["giro", "raccogli", str(with_box), "--imap"])
    assert done.exit_code == 2
    assert "manca la sezione [imap]" in done.stderr
