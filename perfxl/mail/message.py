"""Messages as files (.eml): RFC 5322 and MIME, read by the standard library, whatever is broken in them.

The older policy of the library (`compat32`) is used on purpose: it keeps headers as they are, never raises on a malformed one, and
is three times as fast; encoded names are decoded here.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import (
    CloseBoundaryNotFoundDefect,
    HeaderParseError,
    InvalidBase64LengthDefect,
    MissingHeaderBodySeparatorDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import Any

from perfxl.mail.dates import moment, received
from perfxl.mail.letter import Letter, Piece, Signed, address, identifier
from perfxl.mail.names import clean, odd, plain, suffix, whole
from perfxl.mail.parcel import MIB, Limits, RefusedError, Trouble

_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, HeaderParseError, binascii.Error, RecursionError)
"""What the library is seen to raise on damaged messages."""

MOST_LINES = 5_000_000
"""200 MB of attachments take less than three million."""
DEEPEST = 50
"""Multiparts open at once: each line is held against the boundary of every one. Twelve forwarded messages take less."""
_BOUNDARY = re.compile(rb'^--([^\r\n]*)|boundary[^=\r\n]{0,9}=[ \t]*"?([^"\r\n;]+)', re.MULTILINE | re.IGNORECASE)
LONGEST_HEADER = 4096
_LINK = re.compile(
    rb"https?://[\w.-]*(sharepoint\.com|1drv\.ms|onedrive\.live\.com|drive\.google\.com|docs\.google\.com|dropbox\.com"
    rb"|wetransfer\.com|we\.tl)/",
    re.IGNORECASE,
)
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} [^\r\n]+\r?\n[!-`]", re.MULTILINE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_CARDS = {".vcf": "biglietto da visita", ".ics": "invito di calendario"}


class _Raw(Compat32):
    """Headers as text, raw bytes in them read as UTF-8 (or as Windows does) instead of being lost, cut where they have no end:
    the library's time to take their parameters apart grows with the square of their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the library's signature
        return whole(value)


_POLICY: Any = _Raw()


def read_letter(data: bytes, limits: Limits) -> Letter:
    """The message. Raises `RefusedError` where it can't be taken apart within the limits."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n") or data
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES or _depth(data) > DEEPEST:
        raise RefusedError("PX-M005", "messaggio con una struttura smisurata")
    try:
        message = message_from_bytes(text, policy=_POLICY)
        return _letter(message, text, limits)
    except _BROKEN as error:
        raise RefusedError("PX-M002", "messaggio danneggiato: le sue parti non si possono separare") from error


def _depth(data: bytes) -> int:
    """How many multiparts are open at once, at most (or how many it takes to be too many)."""
    if data.lower().count(b"boundary") <= DEEPEST:
        return 0  # can't be more
    deepest, waiting = 0, list[bytes]()
    for found in _BOUNDARY.finditer(data):
        if found[2] is not None:
            waiting.append(found[2].rstrip())
            deepest = max(deepest, len(waiting))
            if deepest > DEEPEST:
                break
            continue
        line = found[1].rstrip()
        for end, kept in ((line, 1), (line.removesuffix(b"--"), 0)):
            if end in waiting:
                del waiting[waiting.index(end) + kept :]
                break
    return deepest


def _letter(message: Message, raw: bytes, limits: Limits) -> Letter:
    letter = Letter(
        sender=address(_header(message, "From") or _header(message, "Sender") or _header(message, "Return-Path")),
        sent_at=moment(_header(message, "Date")),
        received_at=received([str(each) for each in message.get_all("Received", ())]),
        message_id=identifier(_header(message, "Message-ID")),
        receipt=_header(message, "X-Ricevuta").strip().lower(),
        transport=_header(message, "X-Trasporto").strip().lower(),
        about=identifier(_header(message, "X-Riferimento-Message-ID")),
        automatic=_header(message, "Auto-Submitted").strip().lower().startswith("auto-replied"),
        signed=_signed(message, raw),
    )
    for part in _leaves(message, letter):
        letter.pieces.append(_piece(part, letter, raw, limits))
        if len(letter.pieces) > limits.entries:
            raise RefusedError("PX-M005", f"messaggio con più di {limits.entries} parti")
    return letter


def _header(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def _leaves(message: Message, letter: Letter) -> Iterator[Message]:
    """The parts that aren't made of parts, in order; messages inside are taken whole."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if part.defects:
            _note_defects(part, letter)
        if kind == "multipart/report":
            letter.report = str(part.get_param("report-type") or "avviso automatico").lower()
        if part.is_multipart() and not kind.startswith("message/"):
            waiting.extend(reversed(_parts(part)))
        elif kind in ("message/delivery-status", "message/disposition-notification"):
            letter.notice = _notice(part)
        else:
            yield part


def _parts(part: Message) -> list[Message]:
    held: Any = part.get_payload()
    return [each for each in held if isinstance(each, Message)]


def _note_defects(part: Message, letter: Letter) -> None:
    for defect in part.defects:
        if isinstance(defect, CloseBoundaryNotFoundDefect | StartBoundaryNotFoundDefect | NoBoundaryInMultipartDefect):
            letter.defect = "il messaggio finisce prima del previsto"


# -- parts -------------------------------------------------------------------------------------------------------


def _piece(part: Message, letter: Letter, raw: bytes, limits: Limits) -> Piece:
    kind = part.get_content_type()
    written = _filename(part)
    name = clean(written, "") if written else ""
    strange = written if odd(written) else ""
    if kind in ("message/rfc822", "message/global") and part.is_multipart():
        return _inner(part, name, strange, raw, limits)
    data = _content(part)
    if kind in ("message/external-body", "message/partial"):
        found = "allegato indicato solo con un collegamento" if kind.endswith("body") else "messaggio spezzato in più parti"
        return Piece(name or "allegato", data, trouble=Trouble("PX-M021", found))
    aside = _aside(part, kind, name)
    if aside == "testo del messaggio":
        letter.link = letter.link or bool(_LINK.search(data[:MIB]))
        if _UUENCODED.search(data):
            letter.defect = "l'allegato è scritto nel testo del messaggio (uuencode)"
    return Piece(name or _default_name(kind), data, aside=aside, written=strange)


def _inner(part: Message, name: str, strange: str, raw: bytes, limits: Limits) -> Piece:
    """A message inside the message; one that was encoded against the rules (RFC 2046, section 5.2.1) is decoded first."""
    (held,) = _parts(part)[:1] or [Message()]
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding == "base64" and not held.keys():
        held["Content-Transfer-Encoding"] = encoding
        return Piece(name or "messaggio.eml", _content(held), written=strange)
    if encoding == "quoted-printable" and "=3D" in _header(held, "Content-Type"):
        return Piece(name or "messaggio.eml", quopri.decodestring(_as_it_stood(held)), written=strange)
    if not name:
        subject = clean(_decoded(_header(held, "Subject")), "")
        name = clean(f"{subject[:80]}.eml") if subject else "messaggio.eml"
    return Piece(name, b"", letter=_letter(held, raw, limits), written=strange)


def _as_it_stood(message: Message) -> bytes:
    """A message's bytes again, without the line that the library puts after headers that a soft line end cut short."""
    text = message.as_bytes()
    cut = any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in message.defects)
    return text.replace(b"\n\n", b"\n", 1) if cut else text


def _content(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
            data = _whole_groups(data)
    except _BROKEN:
        data = None
    if isinstance(data, bytes):
        return data
    return str(part.get_payload()).encode("utf-8", "surrogateescape") if data is None and not part.is_multipart() else b""


def _whole_groups(text: bytes) -> bytes:
    """Base64 cut one letter after a group of four: the library hands the letters back as they are, and a sheet cut there would be
    told from one cut anywhere else."""
    letters = _NOT_BASE64.sub(b"", text)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _aside(part: Message, kind: str, name: str) -> str:
    """What a part is when by its nature it can't be a sheet: the text of the message, the signature of the mail program."""
    disposition = str(part.get("Content-Disposition") or "").lstrip()[:10].lower()
    if kind in ("text/plain", "text/html") and not name and disposition != "attachment":
        return "testo del messaggio"
    if kind.startswith("multipart/") or kind in ("text/rfc822-headers", "text/x-amp-html"):
        return "testo del messaggio"
    if kind in ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"):
        return "firma del messaggio"
    if suffix(name) in _CARDS:
        return _CARDS[suffix(name)]
    return "segnatura di protocollo" if name.lower() == "segnatura.xml" else ""


def _default_name(kind: str) -> str:
    return {"application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m"}.get(kind, "allegato")


def _filename(part: Message) -> str:
    """The name of an attachment, from either header, in either encoding (RFC 2231, RFC 2047)."""
    try:
        name = part.get_filename()
    except _BROKEN:
        name = None
    return _decoded(" ".join(str(name).split())) if name else ""


def _decoded(value: str) -> str:
    """A header's text with its encoded words decoded; as it is where they can't be."""
    if "=?" not in value:
        return value
    try:
        chunks = decode_header(value)
        return "".join(
            chunk if isinstance(chunk, str) else chunk.decode(charset or "latin-1", "replace") for chunk, charset in chunks
        )
    except _BROKEN:
        return value


# -- notices and signatures ----------------------------------------------------------------------------------------


def _notice(part: Message) -> str:
    """Whom a notice of non-delivery speaks of, and the status that it gives (RFC 3464, section 2.3)."""
    told: dict[str, str] = {}
    for block in _parts(part):
        for name in ("Final-Recipient", "Action", "Status"):
            if value := str(block.get(name) or "").rpartition(";")[2].strip():
                told.setdefault(name, plain(value, 80))
    return ", ".join(told.values())


def _signed(message: Message, raw: bytes) -> Signed | None:
    """The two parts of a multipart/signed message, the first as it stands in the bytes of the message."""
    if message.get_content_type() != "multipart/signed" or not message.is_multipart():
        return None
    parts = _parts(message)
    boundary = message.get_boundary()
    if len(parts) != 2 or not boundary:
        return None
    return Signed(raw, boundary.encode("utf-8", "replace"), _content(parts[1]))
