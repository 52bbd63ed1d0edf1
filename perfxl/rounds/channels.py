"""The ways in which a message leaves: what every channel does, and the one that needs no server, drafts.

A draft is an `.eml` file with `X-Unsent: 1`: double-clicked, it opens in the mail program as a message not sent yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perfxl.rounds.folder import MESSAGES
from perfxl.rounds.messages import compose
from perfxl.writers.keep import check_writable, keep_copy, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.rounds.messages import Letter
    from perfxl.rounds.settings import Sender


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it ended: who has it, who hasn't and why. `unsure`: handed over, and the answer never came."""

    accepted: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # address, why
    unsure: bool = False
    file: str = ""  # the draft, relative to the round's folder

    @property
    def whole(self) -> bool:
        """Whether everybody has it."""
        return bool(self.accepted) and not self.refused and not self.unsure


class Channel(Protocol):
    """A way of sending."""

    name: str

    def open(self) -> None:
        """Make ready to send. RoundError where nothing could be sent at all: nothing has been told yet then."""

    def deliver(self, letter: Letter, leaving: Callable[[], None]) -> Delivery:
        """Send a message. `leaving` is called at the last moment before it can't be called back.

        Raises:
            RoundError: this message and those after it can't leave.
        """

    def close(self) -> None:
        """Nothing more to send."""


class Drafts:
    """Drafts in the round's folder `messaggi/`. What was there under the same name stays, in a numbered copy."""

    name = "bozza"

    def __init__(self, home: Path, sender: Sender, offices: Iterable[str], now: Callable[[], datetime] | None = None) -> None:
        self.home, self.sender = home, sender
        self.names = draft_names(offices)
        self.now = now or (lambda: datetime.now().astimezone())

    def open(self) -> None:
        """Make the folder."""
        (self.home / MESSAGES).mkdir(parents=True, exist_ok=True)

    def deliver(self, letter: Letter, leaving: Callable[[], None]) -> Delivery:
        """Write the draft. It can be written again without harm: nothing has to be told beforehand."""
        del leaving
        path = self.home / MESSAGES / f"{self.names[letter.office]}_{letter.kind}.eml"
        data = compose(letter, self.sender, self.now(), draft=True).as_bytes()
        check_writable(path)
        if path.exists() and not _is_of(path, letter.message_id):
            keep_copy(path)
        write_whole(path, lambda temporary: temporary.write_bytes(data))
        return Delivery(letter.addresses, file=path.relative_to(self.home).as_posix())

    def close(self) -> None:
        """Nothing to close."""


def draft_names(offices: Iterable[str]) -> dict[str, str]:
    """The beginning of the drafts' names, by office: `U3.1-U3.2`. None twice (upper and lower case are the same on Windows)."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for office in offices:
        plain = re.sub(r"[^\w.\-]+", "_", office.replace("/", "-"))[:60].strip("._ ") or "ufficio"
        name, again = plain, 2
        while name.casefold() in taken:
            name, again = f"{plain}_{again}", again + 1
        taken.add(name.casefold())
        names[office] = name
    return names


def _is_of(path: Path, message_id: str) -> bool:
    """Whether a draft is of this very message: written by a run that ended before it could tell."""
    return str(message_from_bytes(path.read_bytes(), policy=SMTP)["Message-ID"] or "").strip() == message_id
