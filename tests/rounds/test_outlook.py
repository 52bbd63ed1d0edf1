"""Sending through Outlook: what is asked of it. A stand-in records; that the real one does it only Excel's checklist can prove."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from perfxl.errors import RoundError
from perfxl.rounds import Journal, outlook
from perfxl.rounds.messages import Letter
from perfxl.rounds.outlook import OutlookChannel
from perfxl.rounds.send import Order, dispatch
from perfxl.rounds.settings import Sender
from perfxl.rounds.wording import Kind
from rounds.mailroom import EIGHT, IN_TIME, address, state_of

SENDER = Sender(name="Controllo", address="controllo@ente.example", reply_to="risposte@ente.example")


class ComError(Exception):
    """As pywin32's: hresult, text, details, argument."""

    def __init__(self, text: str, details: tuple[Any, ...] | None = None) -> None:
        super().__init__(-2147352567, text, details, None)
        self.strerror, self.excepinfo = text, details


class Bag:
    """An object of Outlook's: keeps what is given to it."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


class StandIn:
    """An Outlook that records."""

    def __init__(self) -> None:
        self.sent: list[Bag] = []
        self.accounts = [Bag(SmtpAddress="altro@ente.example"), Bag(SmtpAddress="Controllo@Ente.example")]
        self.refuses: dict[str, ComError] = {}
        self.unknown: set[str] = set()
        self.Session = Bag(Accounts=self.accounts)

    def CreateItem(self, kind: int) -> Bag:
        assert kind == 0
        item = Bag(attached=[], replies=[])
        item.Attachments = Bag(Add=item.attached.append)
        item.ReplyRecipients = Bag(Add=item.replies.append)
        item.Recipients = Bag(ResolveAll=lambda: item.To not in self.unknown)
        item.Send = lambda: self._send(item)
        return item

    def _send(self, item: Bag) -> None:
        if item.To in self.refuses:
            raise self.refuses[item.To]
        self.sent.append(item)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Windows, with an Outlook."""
    here = StandIn()
    client, package, types = ModuleType("win32com.client"), ModuleType("win32com"), ModuleType("pywintypes")
    asked: list[str] = []

    def dispatch(name: str) -> StandIn:
        asked.append(name)
        assert name == "Outlook.Application"
        return here

    client.Dispatch = dispatch  # type: ignore[attr-defined]
    package.client = client  # type: ignore[attr-defined]
    types.com_error = ComError  # type: ignore[attr-defined]
    for module in (client, package, types):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(outlook, "WINDOWS", True)
    return here


@pytest.fixture
def letter(tmp_path: Path) -> Letter:
    sheet = tmp_path / "U1.1_monitoraggio_2019.xlsx"
    sheet.write_bytes(b"x")
    return Letter(
        "U1.1", Kind.INVITATION, ("a@b.example", "c@d.example"), "Così – 5 %", "uno\ndue\n", sheet, b"x", "h", "<i@j.example>"
    )


def test_elsewhere_than_on_windows_it_says_so() -> None:
    assert (sys.platform == "win32") is outlook.WINDOWS
    if not outlook.WINDOWS:
        with pytest.raises(RoundError, match="soltanto da Windows"):
            OutlookChannel(SENDER).open()


def test_without_pywin32_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlook, "WINDOWS", True)
    monkeypatch.setitem(sys.modules, "pywintypes", None)
    with pytest.raises(RoundError, match="pip install pywin32"):
        OutlookChannel(SENDER).open()


def test_what_outlook_is_asked(stand_in: StandIn, letter: Letter) -> None:
    channel, told = OutlookChannel(SENDER), []
    channel.open()
    delivery = channel.deliver(letter, lambda: told.append(len(stand_in.sent)))
    channel.close()
    assert delivery.accepted == ("a@b.example", "c@d.example")
    assert told == [0]  # told before it left
    (item,) = stand_in.sent
    assert (item.To, item.Subject, item.Body, item.BodyFormat) == ("a@b.example; c@d.example", "Così – 5 %", "uno\r\ndue\r\n", 1)
    assert item.attached == [str(letter.sheet.resolve())]
    assert item.replies == ["risposte@ente.example"]
    assert item.SendUsingAccount is stand_in.accounts[1]
    assert not {"CC", "BCC", "HTMLBody"} & set(vars(item))


def test_an_account_that_outlook_hasn_t(stand_in: StandIn) -> None:
    stand_in.accounts.pop()
    with pytest.raises(RoundError, match="non ha un conto con l'indirizzo controllo@ente"):
        OutlookChannel(SENDER).open()


def test_without_a_sender_outlook_uses_its_own(stand_in: StandIn, letter: Letter) -> None:
    channel = OutlookChannel(Sender())
    channel.open()
    channel.deliver(letter, lambda: None)
    assert not hasattr(stand_in.sent[0], "SendUsingAccount")


def test_outlook_that_doesn_t_answer(stand_in: StandIn) -> None:
    def broken(name: str) -> None:
        raise ComError("Operazione non disponibile", (0, "Outlook", "Server\r\noccupato", None, 0, -1))

    sys.modules["win32com.client"].Dispatch = broken  # type: ignore[attr-defined]
    with pytest.raises(RoundError, match=r"Outlook non risponde: Server occupato\."):
        OutlookChannel(SENDER).open()
    assert not stand_in.sent


def test_each_message_is_told_and_a_refusal_stops_nobody_else(stand_in: StandIn, new_round: Callable[[], Path]) -> None:
    giro = new_round()
    stand_in.refuses[address("U2.1")] = ComError("Rifiutato")
    stand_in.unknown.add(address("ISR"))
    done = dispatch(giro, Order(Kind.INVITATION, today=IN_TIME), lambda settings, _: OutlookChannel(settings.sender))
    offices = state_of(giro).offices
    assert [item.To for item in stand_in.sent] == [address(office) for office in EIGHT if office not in {"U2.1", "ISR"}]
    assert {code for code, office in offices.items() if office.sent} == set(EIGHT) - {"U2.1", "ISR"}
    assert {code: office.failed[0].why for code, office in offices.items() if office.failed} == {
        "U2.1": "Rifiutato", "ISR": "Outlook non riconosce il destinatario",
    }  # fmt: skip
    assert not any(office.unsure for office in offices.values())
    assert [each.code for each in done.findings] == ["PX-N031", "PX-N031"]
    kinds = [each.kind for each in Journal(giro).events() if each.kind in {"in partenza", "inviata", "non inviata"}]
    assert kinds.count("in partenza") == 7
