"""Certification data (`daticert.xml`): what the PEC provider certifies of a message.

Source: technical rules of PEC, annex to the D.M. 2 November 2005; in English RFC 6109, section 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NoReturn
from xml.parsers import expat

from perfxl.mail.letter import identifier
from perfxl.mail.names import plain
from perfxl.mail.parcel import MIB, plausible

LARGEST = MIB
LONGEST_TEXT = 2_000


class DaticertError(Exception):
    """Certification data that can't be read, and why, in Italian. Never leaves this room."""


@dataclass(frozen=True, slots=True)
class Daticert:
    """The data: type (`posta-certificata`, `accettazione`, `avvenuta-consegna` …), sender, mailbox of the delivery, the provider,
    the Message-ID of the original message, the moment that the provider certifies, and what it says of an error."""

    type: str
    sender: str
    recipients: tuple[str, ...]
    delivered_to: str
    provider: str
    about: str
    when: datetime | None
    error: str = ""


def read_daticert(data: bytes) -> Daticert:
    """The certification data. Entities are refused whatever they are: neither expanded nor fetched."""
    if len(data) > LARGEST:
        raise DaticertError("dati di certificazione smisurati")
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DaticertError("dati di certificazione non leggibili") from error
    texts = reading.texts
    if reading.root != "postacert" or not reading.type:
        raise DaticertError("il file daticert.xml non contiene dati di certificazione")
    return Daticert(
        reading.type,
        _first(texts, "intestazione/mittente").lower(),
        tuple(each.lower() for each in texts.get("intestazione/destinatari", ())),
        _first(texts, "dati/consegna").lower(),
        _first(texts, "dati/gestore-emittente"),
        identifier(_first(texts, "dati/msgid")),
        _moment(_first(texts, "dati/data/giorno"), _first(texts, "dati/data/ora"), reading.zone),
        plain(_first(texts, "dati/errore-esteso"), 200),
    )


def _first(texts: dict[str, list[str]], path: str) -> str:
    return plain(next(iter(texts.get(path, ())), ""), 998)


def _moment(day: str, hour: str, zone: str) -> datetime | None:
    """`21/09/2012`, `15:16:38`, `+0200`."""
    try:
        sign = {"+": 1, "-": -1}[zone[:1]]
        offset = timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5])))
        return plausible(datetime.strptime(f"{day} {hour}", "%d/%m/%Y %H:%M:%S").replace(tzinfo=offset))
    except (KeyError, ValueError, OverflowError):
        return None


class _Reading:
    """Texts of the elements, by path under the root."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.root = self.type = self.zone = ""
        self._path: list[str] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refused
        self.parser.ExternalEntityRefHandler = self._refused
        self.parser.SkippedEntityHandler = self._refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            self.root, self.type = name, attributes.get("tipo", "").strip().lower()
        elif self._path[1:] == ["dati"] and name == "data":
            self.zone = attributes.get("zona", "").strip()
        self._path.append(name)
        self._text = []

    def _end(self, _name: str) -> None:
        text = "".join(self._text).strip()
        if text:
            self.texts.setdefault("/".join(self._path[1:]), []).append(text)
        self._path.pop()
        self._text = []

    def _characters(self, text: str) -> None:
        if len(self._text) < LONGEST_TEXT:
            self._text.append(text[:LONGEST_TEXT])

    def _refused(self, *_: object) -> NoReturn:
        raise DaticertError("dati di certificazione con entità, che non vengono espanse")
