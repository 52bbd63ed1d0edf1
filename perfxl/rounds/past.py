"""What became of a message up to now: whether it left, to whom it may have left, who still lacks it. Pure: the round's state tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from perfxl.rounds.events import Sending, Sent
from perfxl.rounds.messages import about_of, problems_of
from perfxl.rounds.wording import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.rounds.events import NotSent
    from perfxl.rounds.state import Office


@dataclass(frozen=True, slots=True)
class Past:
    """The latest message of a kind to an office about what it would be about now.

    Attributes:
        number: how many different ones there were about the same sheet.
        last: the latest, as it was told; None where there was none.
        doubt: the latest, where it may have left and nobody knows.
        accepted: the addresses that have it.
        refused: the addresses that didn't take it; where there are any, it isn't complete.
    """

    number: int
    last: Sent | Sending | None = None
    doubt: Sending | None = None
    accepted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def lacking(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Those of the addresses that the message hasn't reached for certain."""
        return tuple(each for each in addresses if each.casefold() not in self.accepted)


def past_of(office: Office, kind: Kind) -> Past:
    """What is told of the message that an office would get now."""
    about, problems = about_of(office, kind), problems_of(office, kind)
    told: list[Sent | Sending] = [*office.sent, *office.unsure.values()]
    several = [each for each in told if (each.what, each.sheet_sha256) == (kind, about) and office.of_this_plan(each)]
    number = len({each.message_id for each in several})
    same = [each for each in several if each.problems_sha256 in {"", problems}]
    if not same:
        return Past(number)
    last = max(same, key=lambda each: datetime.fromisoformat(each.at))
    accepted = _folded(office.sent, last.message_id)
    return Past(
        number, last, office.unsure.get(last.message_id), accepted, _folded(office.failed, last.message_id) - accepted
    )  # fmt: skip


def _folded(events: Iterable[Sent | NotSent], message_id: str) -> frozenset[str]:
    return frozenset(address.casefold() for each in events if each.message_id == message_id for address in each.addresses)
