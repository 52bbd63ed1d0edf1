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

from perfxl.errors import RoundError
from perfxl.mail.dates import ITALY
from perfxl.rounds.folder import MESSAGES
from perfxl.rounds.messages import compose
from perfxl.writers.keep import check_writable, keep_copy, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfxl.rounds.messages import Letter
    from perfxl.rounds.settings import Sender


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it ended: who has it, who hasn't and why; to whom it was handed over without an answer (`unsure`)."""

    accepted: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # address, why
    unsure: tuple[tuple[str, str], ...] = ()  # address, why
    file: str = ""  # the draft, relative to the round's folder

    def then(self, later: Delivery) -> Delivery:
        """With what came later of the same message: it counts for the addresses that it speaks of."""
        told = {*later.accepted, *(each for each, _ in (*later.refused, *later.unsure))}
        return Delivery(
            (*(each for each in self.accepted if each not in told), *later.accepted),
            (*(pair for pair in self.refused if pair[0] not in told), *later.refused),
            (*(pair for pair in self.unsure if pair[0] not in told), *later.unsure),
            later.file or self.file,
        )

    @property
    def whole(self) -> bool:
        """Whether everybody has it."""
        return bool(self.accepted) and not self.refused and not self.unsure


Leaving = Callable[[tuple[str, ...]], None]
"""Called at the last moment before a message can't be called back, with the addresses that get it."""


class Channel(Protocol):
    """A way of sending."""

    name: str

    def open(self) -> None:
        """Make ready to send. RoundError where nothing could be sent at all: nothing has been told yet then."""

    def deliver(self, letter: Letter, leaving: Leaving) -> Iterator[Delivery]:
        """Send a message; each part of the outcome is given as soon as it is known, so that it can be told at once.

        Raises:
            RoundError: this message, for the addresses not told of yet, and those after it can't leave.
        """

    def close(self) -> None:
        """Nothing more to send."""


class Drafts:
    """Drafts in the round's folder `messaggi/`. What was there under the same name stays, in a numbered copy."""

    name = "bozza"

    def __init__(self, home: Path, sender: Sender, offices: Iterable[str], now: Callable[[], datetime] | None = None) -> None:
        self.home, self.sender = home, sender
        self.names = draft_names(offices)
        self.now = now or (lambda: datetime.now(ITALY))

    def open(self) -> None:
        """Make the folder."""
        (self.home / MESSAGES).mkdir(parents=True, exist_ok=True)

    def deliver(self, letter: Letter, leaving: Leaving) -> Iterator[Delivery]:
        """Write the draft. It can be written again without harm: nothing has to be told beforehand."""
        del leaving
        path = self.home / MESSAGES / f"{self.names[letter.office]}_{letter.kind}.eml"
        data = compose(letter, self.sender, self.now(), draft=True).as_bytes()
        check_writable(path)
        if path.exists() and not _is_of(path, letter.message_id):
            keep_copy(path)
        write_whole(path, lambda temporary: temporary.write_bytes(data))
        yield Delivery(letter.addresses, file=path.relative_to(self.home).as_posix())

    def close(self) -> None:
        """Nothing to close."""


def displace_drafts(home: Path, plan: int) -> None:
    """The drafts of a plan version that is going to be superseded leave the place of those to send: `messaggi/piano-v1/`.

    Raises:
        RoundError: one can't be moved (it is open in a mail program).
    """
    aside = home / MESSAGES / f"piano-v{plan}"
    for draft in sorted((home / MESSAGES).glob("*.eml")):
        target = aside / draft.name
        try:
            aside.mkdir(exist_ok=True)
            if target.exists():
                keep_copy(target)
            draft.replace(target)
        except OSError as error:
            said = f"la bozza {draft} non si può mettere da parte ({error.strerror or error}): chiuderla e ripetere."
            raise RoundError(said, path=str(draft)) from error


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
