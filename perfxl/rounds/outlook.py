"""Sending through the Outlook of this computer, by COM: for Windows, where Outlook and pywin32 are.

The account is the one of the sender's address where giro.toml gives it, else Outlook's own. What Outlook does with a message
after it has taken it (Outbox, delay, server) it doesn't tell.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.rounds.channels import Delivery
from perfxl.rounds.messages import header, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.rounds.messages import Letter
    from perfxl.rounds.settings import Sender

MAIL_ITEM, PLAIN_TEXT = 0, 1  # Outlook's olMailItem, olFormatPlain
WINDOWS = sys.platform == "win32"


class OutlookChannel:
    """Messages handed to Outlook one by one."""

    name = "outlook"

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
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

    def deliver(self, letter: Letter, leaving: Callable[[], None]) -> Delivery:
        """Hand a message to Outlook."""
        try:
            item = self._item(letter)
            if not item.Recipients.ResolveAll():
                return _refused(letter, "Outlook non riconosce il destinatario")
        except self._error as error:
            return _refused(letter, _reason(error))
        leaving()
        try:
            item.Send()
        except self._error as error:
            return _refused(letter, _reason(error))
        return Delivery(letter.addresses)

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
        item.Attachments.Add(str(letter.sheet.resolve()))
        return item

    def _own_account(self) -> Any:
        wanted = self.sender.address.casefold()
        if not wanted:
            return None
        for account in self._application.Session.Accounts:
            if str(account.SmtpAddress).casefold() == wanted:
                return account
        raise RoundError(f"Outlook non ha un conto con l'indirizzo {self.sender.address} ([sender] in giro.toml).")


def _refused(letter: Letter, why: str) -> Delivery:
    return Delivery(refused=tuple((each, why) for each in letter.addresses))


def _reason(error: Exception) -> str:
    """What a COM error says: its description where there is one, else its text (`com_error.excepinfo[2]`, `.strerror`)."""
    info = getattr(error, "excepinfo", None)
    said = info[2] if info and len(info) > 2 and info[2] else getattr(error, "strerror", None) or str(error)
    return one_line(str(said))[:200]
