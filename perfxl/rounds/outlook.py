"""Sending through the Outlook of this computer, by COM: for Windows, where Outlook and pywin32 are.

The account is the one of the sender's address where giro.toml gives it, else Outlook's own. What Outlook does with a message
after it has taken it (Outbox, delay, server) it doesn't tell. An error while it takes a message may come after it has taken it: the
message may have left, unless the error is one of those that say it hasn't.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.rounds.channels import Delivery
from perfxl.rounds.folder import MESSAGES
from perfxl.rounds.messages import header, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.rounds.channels import Leaving
    from perfxl.rounds.messages import Letter
    from perfxl.rounds.settings import Sender

MAIL_ITEM, PLAIN_TEXT = 0, 1  # Outlook's olMailItem, olFormatPlain
WINDOWS = sys.platform == "win32"
REFUSALS = frozenset({
    0x80004004,  # E_ABORT: somebody said no to Outlook's question
    0x80070005,  # E_ACCESSDENIED
    0x80010001,  # RPC_E_CALL_REJECTED: Outlook was busy, and did nothing
    0x8001010A,  # RPC_E_SERVERCALL_RETRYLATER: the same
    0x80040113,  # MAPI_E_USER_CANCEL
    0x80040607,  # MAPI_E_NO_RECIPIENTS
    0x80040700,  # MAPI_E_AMBIGUOUS_RECIP
})  # fmt: skip
"""Errors after which a message certainly hasn't left (winerror.h, mapicode.h)."""


class OutlookChannel:
    """Messages handed to Outlook one by one."""

    name = "outlook"

    def __init__(self, sender: Sender, home: Path) -> None:
        self.sender, self.home = sender, home
        self._application: Any = None
        self._account: Any = None
        self._error: type[Exception] = OSError

    def open(self) -> None:
        """Reach Outlook and find the sender's account.

        Raises:
            RoundError: no Windows, no pywin32, no Outlook, or no such account in it.
        """
        if not WINDOWS:
            raise RoundError(
                "Outlook si comanda soltanto da Windows: usare le bozze (--canale bozze) o il server (--canale smtp)."
            )
        try:
            import pywintypes  # type: ignore[import-untyped]
            import win32com.client  # type: ignore[import-untyped]
        except ImportError as error:
            raise RoundError("per comandare Outlook serve pywin32: installarlo con «pip install pywin32».") from error
        self._error = pywintypes.com_error
        try:
            self._application = win32com.client.Dispatch("Outlook.Application")
            self._account = self._own_account()
        except self._error as error:
            raise RoundError(f"Outlook non risponde: {_reason(error)}. Aprirlo e ripetere.") from error

    def deliver(self, letter: Letter, leaving: Leaving) -> Iterator[Delivery]:
        """Hand a message to Outlook."""
        try:
            item = self._item(letter)
            if not item.Recipients.ResolveAll():
                yield Delivery(refused=_each(letter, "Outlook non riconosce il destinatario"))
                return
        except self._error as error:
            yield Delivery(refused=_each(letter, _reason(error)))
            return
        leaving(letter.addresses)
        try:
            item.Send()
        except self._error as error:
            why = _reason(error)
            refused = _codes(error) & REFUSALS
            yield (
                Delivery(refused=_each(letter, why)) if refused else Delivery(unsure=_each(letter, f"Outlook ha risposto: {why}"))
            )
            return
        yield Delivery(letter.addresses)

    def close(self) -> None:
        """Let go of Outlook, which stays open."""
        self._application = self._account = None

    def _item(self, letter: Letter) -> Any:
        item = self._application.CreateItem(MAIL_ITEM)
        item.BodyFormat = PLAIN_TEXT
        if self._account is not None:
            item.SendUsingAccount = self._account
        item.To = "; ".join(header(each, "destinatario") for each in letter.addresses)
        if self.sender.reply_to:
            item.ReplyRecipients.Add(header(self.sender.reply_to, "indirizzo di risposta"))
        item.Subject = header(letter.subject, "oggetto")
        item.Body = letter.body.replace("\n", "\r\n")
        self._attach(item, letter)
        return item

    def _attach(self, item: Any, letter: Letter) -> None:
        """The bytes that were checked, not what lies in the folder of the sheets by now. Outlook wants a file, and copies it."""
        place = self.home / MESSAGES
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".perfxl-", dir=place, ignore_cleanup_errors=True) as folder:
            copy = Path(folder).resolve() / header(letter.sheet_name, "nome dell'allegato")
            copy.write_bytes(letter.data)
            item.Attachments.Add(str(copy))

    def _own_account(self) -> Any:
        wanted = self.sender.address.casefold()
        if not wanted:
            return None
        for account in self._application.Session.Accounts:
            if str(account.SmtpAddress).casefold() == wanted:
                return account
        raise RoundError(f"Outlook non ha un conto con l'indirizzo {self.sender.address} ([sender] in giro.toml).")


def _each(letter: Letter, why: str) -> tuple[tuple[str, str], ...]:
    return tuple((each, why) for each in letter.addresses)


def _codes(error: Exception) -> set[int]:
    """The numbers of a COM error, unsigned: the call's own, and Outlook's (`com_error.hresult`, `.excepinfo[5]`)."""
    info = getattr(error, "excepinfo", None)
    several = (getattr(error, "hresult", None), info[5] if info and len(info) > 5 else None)
    return {each & 0xFFFFFFFF for each in several if isinstance(each, int)}


def _reason(error: Exception) -> str:
    """What a COM error says: its description where there is one, else its text (`com_error.excepinfo[2]`, `.strerror`)."""
    info = getattr(error, "excepinfo", None)
    said = info[2] if info and len(info) > 2 and info[2] else getattr(error, "strerror", None) or str(error)
    return one_line(str(said))[:200]
