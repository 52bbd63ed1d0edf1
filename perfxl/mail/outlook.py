"""Messages saved by Outlook (.msg): an OLE container, read through python-oxmsg (Microsoft's [MS-OXMSG])."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.errors import MessageError
from email.message import Message as Headers
from email.parser import HeaderParser
from typing import Any

from olefile import STGTY_ROOT, STGTY_STREAM, OleFileIO
from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from perfxl.mail.dates import moment, received
from perfxl.mail.kinds import DAMAGED, LOCKED, Kind, Look
from perfxl.mail.letter import Letter, Piece, address, identifier
from perfxl.mail.names import clean, odd, suffix, whole
from perfxl.mail.parcel import Limits, RefusedError, Trouble, plausible

_BROKEN = (
    OSError, ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, EOFError, MemoryError,
    RecursionError, struct.error, MessageError, UnrecognizedCodePageError, UnsupportedEncodingError,
)  # fmt: skip
"""What olefile and python-oxmsg are seen to raise on damaged containers."""

MOST_STREAMS = 10_000
"""Streams and storages of a container; forty attachments and three hundred recipients take less than six thousand."""
_PROPERTIES = "__properties_version1.0"

# Properties ([MS-OXPROPS]); the ones that python-oxmsg has no name for are given by number
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3707, 0x3704, 0x3001
_METHOD, _DATA, _MIME, _CONTENT_ID = 0x3705, 0x3701, 0x370E, 0x3712
_HEADERS, _SUBMITTED, _DELIVERED, _MESSAGE_ID = 0x007D, 0x0039, 0x0E06, 0x1035
_SMTP, _SENDER, _REPRESENTED = 0x5D01, 0x0C1F, 0x0065
_SUBJECT, _BODY = 0x0037, 0x1000
_BY_REFERENCE = (2, 3, 4, 7)  # afByReference …, afByWebReference: the file itself isn't in the message
_EMBEDDED = "__substg1.0_3701000D"
_TOP_HEADER, _EMBEDDED_HEADER, _ATTACHMENT_HEADER = 32, 24, 8


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The container, once its header declares no table longer than the file ([MS-CFB], section 2.2): olefile would believe it."""
    shift, fat, minifat, difat = (struct.unpack_from(form, data, at)[0] for form, at in _TABLES)
    if shift not in (9, 12) or any(count << shift > len(data) for count in (fat, minifat, difat)):
        raise ValueError("tables longer than the file")
    with OleFileIO(io.BytesIO(data)) as ole:
        entries = [entry for entry in ole.direntries if entry is not None]
        if any(entry.size > len(data) for entry in entries if entry.entry_type in (STGTY_STREAM, STGTY_ROOT)):
            raise ValueError("stream longer than the file")
        if len(entries) > MOST_STREAMS:
            raise RefusedError("PX-M005", f"contenitore OLE con più di {MOST_STREAMS} parti")
        yield ole


_TABLES = (("<H", 0x1E), ("<I", 0x2C), ("<I", 0x40), ("<I", 0x48))


def look_at_ole(data: bytes) -> Look:
    """What an OLE container holds, by its root directory."""
    try:
        with _opened(data) as ole:
            names = {entry[0].lower() for entry in ole.listdir(streams=True, storages=True)}
            if "workbook" in names or "book" in names:
                return _workbook(ole, "Workbook" if "workbook" in names else "Book")
    except RefusedError as error:
        return Look(Kind.REFUSED, error.found, error.code)
    except _BROKEN:
        return Look(Kind.REFUSED, "contenitore OLE troncato o danneggiato", DAMAGED)
    if _PROPERTIES in names:
        return Look(Kind.OUTLOOK, "un messaggio di Outlook")
    if "encryptedpackage" in names:
        return Look(Kind.REFUSED, "cartella di lavoro cifrata con password di apertura", LOCKED)
    natures = {"worddocument": "un documento Word", "powerpoint document": "una presentazione PowerPoint"}
    return Look(
        Kind.OTHER, next((nature for name, nature in natures.items() if name in names), "un documento di un altro programma")
    )


def _workbook(ole: Any, name: str) -> Look:
    """An .xls; its first records say whether it has a password ([MS-XLS], FilePass)."""
    start = ole.openstream(name).read(512)
    at = 0
    for _ in range(8):
        if at + 4 > len(start):
            break
        record, length = struct.unpack_from("<HH", start, at)
        if record == 0x2F:
            return Look(Kind.REFUSED, "cartella di lavoro .xls protetta da password", LOCKED)
        at += 4 + length
    return Look(Kind.WORKBOOK, "xls")


# -- messages ----------------------------------------------------------------------------------------------------


def read_outlook(data: bytes, limits: Limits) -> Letter:
    """The message. Raises `RefusedError` where the container is damaged, or holds more than its bytes can."""
    try:
        with _opened(data) as ole:
            streams = [entry for entry in ole.direntries if entry is not None and entry.entry_type == STGTY_STREAM]
            if sum(entry.size for entry in streams) > len(data):
                # Streams that share their sectors would come out many times
                raise RefusedError("PX-M005", "messaggio di Outlook con parti sovrapposte, o troncato")
            root = Storage.from_ole(ole)
        return _letter(root, _TOP_HEADER, limits)
    except _BROKEN as error:
        raise RefusedError("PX-M002", "messaggio di Outlook troncato o danneggiato") from error


def _letter(storage: Storage, header: int, limits: Limits) -> Letter:
    properties = Properties(storage, header)
    headers = _headers(_text(properties, _HEADERS))
    letter = Letter(
        sender=_sender(properties, headers),
        sent_at=_moment(properties, headers),
        received_at=received([str(each) for each in headers.get_all("Received", ())]) or _time(properties, _DELIVERED),
        message_id=identifier(_text(properties, _MESSAGE_ID) or str(headers.get("Message-ID") or "")),
        receipt=str(headers.get("X-Ricevuta") or "").strip().lower(),
        transport=str(headers.get("X-Trasporto") or "").strip().lower(),
        about=identifier(str(headers.get("X-Riferimento-Message-ID") or "")),
    )
    for each in storage.iter_attachment_storages():
        letter.pieces.append(_piece(each, limits))
        if len(letter.pieces) > limits.entries:
            raise RefusedError("PX-M005", f"messaggio con più di {limits.entries} parti")
    if _text(properties, _BODY):
        letter.pieces.append(Piece("testo", b"", aside="testo del messaggio"))
    return letter


def _headers(text: str) -> Headers:
    try:
        return HeaderParser().parsestr(text.lstrip())
    except _BROKEN:
        return Headers()


def _sender(properties: Properties, headers: Headers) -> str:
    """The address by which the sender is known outside his own Exchange."""
    written = str(headers.get("From") or "")
    candidates = [written, _text(properties, _SMTP), _text(properties, _SENDER), _text(properties, _REPRESENTED)]
    return next((address(each) for each in candidates if "@" in each), address(next(filter(None, candidates), "")))


def _moment(properties: Properties, headers: Headers) -> datetime | None:
    return moment(str(headers.get("Date") or "")) or _time(properties, _SUBMITTED) or _time(properties, _DELIVERED)


def _time(properties: Properties, number: int) -> datetime | None:
    return plausible(_quiet(lambda: properties.date_prop_value(number), None))


def _piece(storage: Storage, limits: Limits) -> Piece:
    properties = Properties(storage, _ATTACHMENT_HEADER)
    written = _text(properties, _LONG_NAME) or _text(properties, _SHORT_NAME) or _text(properties, _DISPLAY_NAME)
    name = clean(written, "")
    strange = written if odd(written) else ""
    embedded = next((each for each in storage.storages if each.name.upper() == _EMBEDDED.upper()), None)
    if embedded is not None:
        return _embedded(embedded, name, strange, limits)
    data = _quiet(lambda: properties.binary_prop_value(_DATA), None)
    if data is None:
        linked = _quiet(lambda: properties.int_prop_value(_METHOD), None) in _BY_REFERENCE
        trouble = (
            Trouble("PX-M021", "allegato indicato solo con un collegamento")
            if linked
            else Trouble("PX-M002", "allegato illeggibile")
        )
        return Piece(name or "allegato", name.encode(), trouble=trouble)
    kind = _text(properties, _MIME).lower()
    aside = "firma del messaggio" if kind in ("application/pkcs7-signature", "application/x-pkcs7-signature") else ""
    if suffix(name) == ".vcf":
        aside = "biglietto da visita"
    return Piece(name or "allegato", data, aside=aside, written=strange)


def _embedded(storage: Storage, name: str, strange: str, limits: Limits) -> Piece:
    """A message inside the message; anything else that lies in a storage is an object of another program."""
    if not any(stream.name == _PROPERTIES for stream in storage.streams):
        return Piece(name or "oggetto", name.encode(), trouble=Trouble("PX-M002", "oggetto incorporato da un altro programma"))
    letter = _letter(storage, _EMBEDDED_HEADER, limits)
    subject = clean(_text(Properties(storage, _EMBEDDED_HEADER), _SUBJECT), "")
    return Piece(name or (f"{subject[:80]}.msg" if subject else "messaggio.msg"), b"", letter=letter, written=strange)


# -- properties --------------------------------------------------------------------------------------------------


def _text(properties: Properties, number: int) -> str:
    value = _quiet(lambda: properties.str_prop_value(number), None)
    return whole(value).rstrip("\x00") if isinstance(value, str) else ""


def _quiet(read: Callable[[], Any], default: Any) -> Any:
    """A property, or the default where it is damaged: one bad property never takes a message away."""
    try:
        return read()
    except _BROKEN:
        return default
