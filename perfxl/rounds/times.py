"""When an office sent a sheet: the moment that orders its versions. Pure, and the same whatever the order of collecting and its day.

Of one message the time of PEC acceptance counts, else its Date, else the arrival. Of several messages with the same bytes the
earliest: who forwards a sheet later didn't fill it later. A date is believed only if it lies between the beginning of the round and
the arrival; each arrival is told with the moment by which it had come, so that nothing hangs on when somebody collects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.mail.dates import ITALY
from perfxl.rounds.events import Received

PEC, DATE, ARRIVED = "pec", "data", "arrivo"
LEEWAY = timedelta(minutes=15)
"""How much the clocks of a sender and of a server may differ."""
_WEIGHT = {PEC: 2, DATE: 1}


class Timed(NamedTuple):
    """An arrival with the time that counts of it; `doubt` says in Italian what couldn't be believed, and what counts instead."""

    arrival: Received
    when: datetime
    when_from: str
    doubt: str = ""

    @property
    def order(self) -> tuple[Any, ...]:
        """Total: the same arrivals in any order give the same choice. The weightier source first, then the earlier moment."""
        each = self.arrival
        rest = (
            each.when,
            each.sender,
            each.name,
            each.envelope,
            each.chain,
            each.message_id,
            each.at,
            each.when_from,
            each.arrived,
        )
        return -_WEIGHT.get(self.when_from, 0), self.when, *rest


class Settled(NamedTuple):
    """When a version was sent, by which arrival; `again`: messages that brought the same bytes later, the earliest first."""

    first: Timed
    again: tuple[Timed, ...] = ()


def aware(when: datetime) -> datetime:
    """A moment with its zone; where it has none (`-0000`) it is of Greenwich. Everything that is told goes through here."""
    return when if when.tzinfo is not None else when.replace(tzinfo=UTC)


def shown(when: datetime) -> str:
    """A moment as an office reads it: the time of Italy, wherever the computer thinks it is."""
    return f"{when.astimezone(ITALY):%d/%m/%Y %H:%M}"


def day_of(when: datetime) -> date:
    """The day of a moment, in Italy: a deadline ends at its midnight."""
    return when.astimezone(ITALY).date()


def today() -> date:
    """The day that it is in Italy."""
    return datetime.now(ITALY).date()


def way_of(arrival: Received) -> str:
    """The message that brought it, whoever saved it; other wrappings are known by their bytes; empty for a bare file."""
    return arrival.message_id or Path(arrival.envelope).name[:16]


def settled(arrivals: Sequence[Received], since: datetime | None) -> Settled:
    """The moment of some bytes, of all their arrivals. `since`: none is older; None where that isn't known."""
    timed = _timed(arrivals, since)
    messages: dict[str, Timed] = {}
    for each in sorted(timed, key=lambda one: one.order):
        messages.setdefault(each.arrival.message_id, each)
    # A bare file's date tells who saved it: nothing against a message's own
    first = min(messages.values(), key=lambda each: (each.when_from == ARRIVED, each.when, each.order))
    later = [
        each
        for each in timed
        if (each.arrival.message_id or each.arrival.sender)
        and way_of(each.arrival) != way_of(first.arrival)
        and each.when > first.when + LEEWAY
    ]
    return Settled(first, tuple(sorted(later, key=lambda each: (each.when, each.order))))


def adds(known: Sequence[Received], new: Received) -> bool:
    """Whether an arrival says anything that the known ones of the same bytes don't: the same message may be collected many times."""
    same = [each for each in known if way_of(each) == way_of(new)]
    if not same:
        return True
    came = _by_way(same).get(way_of(new))
    if (new.arrived or new.when_from == ARRIVED) and (came is None or _came_by(new) < came):
        return True
    told = {(each.when, each.when_from) for each in same}
    return all(source != ARRIVED for _, source in told) if new.when_from == ARRIVED else (new.when, new.when_from) not in told


def _timed(arrivals: Iterable[Received], since: datetime | None) -> list[Timed]:
    arrivals = list(arrivals)
    came = _by_way(arrivals)
    return [_believed(each, came.get(way_of(each)), since) for each in arrivals]


def _by_way(arrivals: Iterable[Received]) -> dict[str, datetime]:
    """When each message had come for certain, by all that is known of it; nothing where only a journal of before tells it."""
    found: dict[str, datetime] = {}
    for each in arrivals:
        if each.arrived or each.when_from == ARRIVED:
            found[way_of(each)] = min(_came_by(each), found.get(way_of(each), _came_by(each)))
    return found


def _came_by(arrival: Received) -> datetime:
    """The moment by which it was there for certain: a file's date may lie in the future, what was collected was there."""
    at, said = datetime.fromisoformat(arrival.at), datetime.fromisoformat(arrival.when)
    came = datetime.fromisoformat(arrival.arrived) if arrival.arrived else said
    came = at if came > at + LEEWAY else came
    return min(came, said) if arrival.when_from == ARRIVED else came


def _believed(arrival: Received, came: datetime | None, since: datetime | None) -> Timed:
    said = datetime.fromisoformat(arrival.when)
    if came is None:
        return Timed(arrival, said, arrival.when_from)
    if arrival.when_from == ARRIVED:
        doubt = f"la data del file è {shown(said)}, dopo la raccolta: conta il {shown(came)}" if said > came + LEEWAY else ""
        return Timed(arrival, came, ARRIVED, doubt)
    if said > came + LEEWAY:
        return Timed(
            arrival, came, ARRIVED, f"il messaggio è datato {shown(said)}, ed era già arrivato: conta l'arrivo, {shown(came)}"
        )
    if since is None or said >= since - LEEWAY:
        return Timed(arrival, said, arrival.when_from)
    early = f"il messaggio è datato {shown(said)}, prima dell'inizio del giro ({shown(since)})"
    if came < since:
        return Timed(arrival, said, arrival.when_from, f"{early}, come il suo arrivo: la data conta lo stesso")
    return Timed(arrival, came, ARRIVED, f"{early}: conta l'arrivo, {shown(came)}")
