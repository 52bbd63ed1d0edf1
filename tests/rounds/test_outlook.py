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
from perfxl.rounds.folder import digest
from perfxl.rounds.messages import Letter
from perfxl.rounds.outlook import OutlookChannel
from perfxl.rounds.send import Order, dispatch
from perfxl.rounds.settings import Sender
from perfxl.rounds.wording import Kind
from rounds.mailroom import EIGHT, IN_TIME, address, state_of

SENDER = Sender(name="Controllo", address="controllo@ente.example", reply_to="risposte@ente.example")


class ComError(Exception):
    """As pywin32's: hresult, text, details, argument."""

    def __init__(self, text: str, details: tuple[Any, ...] | None = None, hresult: int = -2147352567) -> None:
        super().__init__(hresult, text, details, None)
        self.hresult, self.strerror, self.excepinfo = self.args[:3]


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
        self.loses_answer: ComError | None = None
        self.after_sending: Callable[[], object] = lambda: None
        self.Session = Bag(Accounts=self.accounts)

    def CreateItem(self, kind: int) -> Bag:
        assert kind == 0
        item = Bag(attached=[], replies=[])
        item.Attachments = Bag(Add=lambda path: item.attached.append((Path(path), Path(path).read_bytes())))  # Outlook copies it
        item.ReplyRecipients = Bag(Add=item.replies.append)
        item.Recipients = Bag(ResolveAll=lambda: item.To not in self.unknown)
        item.Send = lambda: self._send(item)
        return item

    def _send(self, item: Bag) -> None:
        if item.To in self.refuses:
            raise self.refuses[item.To]
        self.sent.append(item)
        self.after_sending()
        if self.loses_answer is not None:
            raise self.loses_answer


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


def test_elsewhere_than_on_windows_it_says_so(tmp_path: Path) -> None:
    assert (sys.platform == "win32") is outlook.WINDOWS
    if not outlook.WINDOWS:
        with pytest.raises(RoundError, match="soltanto da Windows"):
            OutlookChannel(SENDER, tmp_path).open()


def test_without_pywin32_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(outlook, "WINDOWS", True)
    monkeypatch.setitem(sys.modules, "pywintypes", None)
    with pytest.raises(RoundError, match="pip install pywin32"):
        OutlookChannel(SENDER, tmp_path).open()


def test_what_outlook_is_asked(stand_in: StandIn, letter: Letter, tmp_path: Path) -> None:
    channel, told = OutlookChannel(SENDER, tmp_path), []
    channel.open()
    (delivery,) = channel.deliver(letter, lambda addresses: told.append((len(stand_in.sent), addresses)))
    channel.close()
    assert delivery.accepted == ("a@b.example", "c@d.example")
    assert told == [(0, letter.addresses)]  # told before it left
    (item,) = stand_in.sent
    assert (item.To, item.Subject, item.Body, item.BodyFormat) == ("a@b.example; c@d.example", "Così – 5 %", "uno\r\ndue\r\n", 1)
    ((attached, data),) = item.attached
    assert (attached.name, data) == (letter.sheet.name, letter.data)
    assert tmp_path / "messaggi" in attached.parents
    assert not attached.exists()
    assert item.replies == ["risposte@ente.example"]
    assert item.SendUsingAccount is stand_in.accounts[1]
    assert not {"CC", "BCC", "HTMLBody"} & set(vars(item))


def test_an_account_that_outlook_hasn_t(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.accounts.pop()
    with pytest.raises(RoundError, match="non ha un conto con l'indirizzo controllo@ente"):
        OutlookChannel(SENDER, tmp_path).open()


def test_without_a_sender_outlook_uses_its_own(stand_in: StandIn, letter: Letter, tmp_path: Path) -> None:
    channel = OutlookChannel(Sender(), tmp_path)
    channel.open()
    list(channel.deliver(letter, lambda _: None))
    assert not hasattr(stand_in.sent[0], "SendUsingAccount")


def test_outlook_that_doesn_t_answer(stand_in: StandIn, tmp_path: Path) -> None:
    def broken(name: str) -> None:
        raise ComError("Operazione non disponibile", (0, "Outlook", "Server\r\noccupato", None, 0, -1))

    sys.modules["win32com.client"].Dispatch = broken  # type: ignore[attr-defined]
    with pytest.raises(RoundError, match=r"Outlook non risponde: Server occupato\."):
        OutlookChannel(SENDER, tmp_path).open()
    assert not stand_in.sent


def test_each_message_is_told_and_a_refusal_stops_nobody_else(stand_in: StandIn, new_round: Callable[[], Path]) -> None:
    giro = new_round()
    stand_in.refuses[address("U2.1")] = ComError(
        "Operazione annullata", (0, "Outlook", "Rifiutato", None, 0, -2147467260)
    )  # E_ABORT
    stand_in.unknown.add(address("ISR"))
    done = dispatch(giro, Order(Kind.INVITATION, today=IN_TIME), lambda settings, _: OutlookChannel(settings.sender, giro))
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


def one_invitation(giro: Path) -> Any:
    done = dispatch(
        giro, Order(Kind.INVITATION, ("U1.1",), today=IN_TIME), lambda settings, _: OutlookChannel(settings.sender, giro)
    )
    return done.sent[0][1] if done.sent else done.skipped


def test_an_error_after_the_message_was_taken_leaves_a_doubt(stand_in: StandIn, new_round: Callable[[], Path]) -> None:
    """The message lies in the Outbox, the answer was lost on its way: it doesn't leave twice."""
    giro = new_round()
    stand_in.loses_answer = ComError("La chiamata RPC non è riuscita", hresult=-2147023170)
    delivery = one_invitation(giro)
    assert (delivery.accepted, delivery.refused) == ((), ())
    assert delivery.unsure == ((address("U1.1"), "Outlook ha risposto: La chiamata RPC non è riuscita"),)
    stand_in.loses_answer = None
    assert one_invitation(giro) == (("U1.1", "forse già inviata"),)
    assert [item.To for item in stand_in.sent] == [address("U1.1")]


@pytest.mark.parametrize(
    "error",
    [
        ComError("Operazione annullata", hresult=-2147467260),  # E_ABORT
        ComError("Occupato", hresult=-2147418111),  # RPC_E_CALL_REJECTED
        ComError("Errore", (0, "Outlook", "Annullato", None, 0, -2147221229)),  # DISP_E_EXCEPTION holding MAPI_E_USER_CANCEL
    ],
)
def test_an_error_that_says_that_nothing_left(stand_in: StandIn, new_round: Callable[[], Path], error: ComError) -> None:
    giro = new_round()
    stand_in.refuses[address("U1.1")] = error
    delivery = one_invitation(giro)
    assert ([each for each, _ in delivery.refused], delivery.unsure) == ([address("U1.1")], ())
    stand_in.refuses.clear()
    assert one_invitation(giro).whole


def test_the_bytes_that_were_checked_are_those_that_leave(stand_in: StandIn, new_round: Callable[[], Path]) -> None:
    """While the messages leave somebody puts another office's sheet in the place of one."""
    giro = new_round()
    offices = state_of(giro).offices
    mine, other = giro / offices["ISR"].file, giro / offices["U1.1"].file
    stand_in.after_sending = lambda: mine.write_bytes(other.read_bytes())
    dispatch(
        giro, Order(Kind.INVITATION, ("ENTE", "ISR"), today=IN_TIME), lambda settings, _: OutlookChannel(settings.sender, giro)
    )
    assert [digest(item.attached[0][1]) for item in stand_in.sent] == [offices["ENTE"].sha256, offices["ISR"].sha256]
    assert [item.attached[0][0].name for item in stand_in.sent] == [Path(offices[code].file).name for code in ("ENTE", "ISR")]
    assert not list(giro.rglob(".perfxl-*"))
