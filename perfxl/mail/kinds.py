"""What a file is, told by its content; its name only helps where the content could be several things."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from perfxl.mail.names import suffix
from perfxl.mail.parcel import MIB
from perfxl.readers.container import FileKind, Parts, UnreadableError, sniff


class Kind(StrEnum):
    """What is to be done with a file."""

    WORKBOOK = "foglio"
    ARCHIVE = "archivio"
    LETTER = "messaggio"
    OUTLOOK = "messaggio di Outlook"
    MAILBOX = "casella mbox"
    SIGNED = "firma"
    ARMOURED = "firma in base64"
    STAMPED = "marca temporale"
    REFUSED = "non si apre"
    OTHER = "altro"
    IMAGE = "immagine"


WRAPPINGS = frozenset({Kind.ARCHIVE, Kind.LETTER, Kind.OUTLOOK, Kind.MAILBOX, Kind.SIGNED, Kind.ARMOURED, Kind.STAMPED})


class Look(NamedTuple):
    """What a file is: `nature` in Italian; `code` of the finding where it's `REFUSED`."""

    kind: Kind
    nature: str = ""
    code: str = ""


DAMAGED, LOCKED = "PX-M002", "PX-M003"
MOST_PARTS = 100_000
"""Beyond so many entries a zip isn't even listed: that alone would take minutes."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CENTRAL = b"PK\x01\x02"
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_TNEF = b"\x78\x9f\x3e\x22"
# ContentInfo: SEQUENCE, then the OID of what it holds (RFC 5652, section 3; RFC 5544 for the time-stamped data)
_PKCS7 = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_TSD = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x1f"
_IMAGES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"II*\x00": "TIFF", b"MM\x00*": "TIFF"}
_NATURES = {
    b"%PDF": "un PDF",
    b"{\\rtf": "un testo RTF",
    b"Rar!": "un archivio RAR",
    b"7z\xbc\xaf\x27\x1c": "un archivio 7z",
    b"\x1f\x8b": "un archivio gzip",
    b"BZh": "un archivio bzip2",
    b"\xfd7zXZ": "un archivio xz",
    b"MSCF": "un archivio CAB",
    b"MZ": "un programma di Windows",
    b"\x7fELF": "un programma",
    b"-----BEGIN PGP": "un messaggio PGP",
}
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+\Z")
_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
# At least one of these among the first lines makes a text a message, not a list of «Note: …»
_MAIL_HEADER = re.compile(
    rb"^(from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version|content-type|x-[a-z0-9-]+|reply-to"
    rb"|dkim-signature|content-transfer-encoding|content-disposition)[ \t]*:",
    re.IGNORECASE,
)
FROM_LINE = re.compile(rb"From [^\r\n]{0,200}\d\d:\d\d[^\r\n]{0,100}\r?\n(?=[!-9;-~]{1,76}[ \t]*:)")


def look_at(name: str, data: bytes) -> Look:
    """What the content is. Never raises."""
    if not data:
        return Look(Kind.REFUSED, "file vuoto (0 byte)", "PX-M001")
    if data[:2] == b"PK":
        return _zip(data)
    if data[:8] == OLE:
        from perfxl.mail.outlook import look_at_ole

        return look_at_ole(data)
    if data.startswith(_BIFF):
        return Look(Kind.WORKBOOK, str(FileKind.XLS))
    if data[0] == 0x30 and (found := _asn1(data)):
        return found
    return _magic(data) or _text(name, data)


def _magic(data: bytes) -> Look | None:
    if data.startswith(_TNEF):
        return Look(Kind.REFUSED, "un allegato winmail.dat, che solo Outlook sa aprire", "PX-M012")
    for start, kind in _IMAGES.items():
        if data.startswith(start):
            return Look(Kind.IMAGE, f"un'immagine {kind}")
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return Look(Kind.IMAGE, "un'immagine BMP")
    for start, nature in _NATURES.items():
        if data.startswith(start):
            return Look(Kind.OTHER, nature)
    return None


# -- zip ---------------------------------------------------------------------------------------------------------


_DOCUMENTS = {
    "word/": "un documento Word",
    "ppt/": "una presentazione PowerPoint",
    "visio/": "un disegno Visio",
    "xl/workbook.bin": "una cartella di lavoro .xlsb, che non viene letta",
}


def _zip(data: bytes) -> Look:
    if data.count(_CENTRAL) > MOST_PARTS:
        return Look(Kind.REFUSED, f"un archivio con più di {MOST_PARTS} file", "PX-M005")
    try:
        parts = Parts(data)
        if "mimetype" in parts:
            parts.read("mimetype", MIB)  # one that unpacks to more isn't one
        kind, _ = sniff(data)
    except UnreadableError:
        return _no_workbook(data)
    if kind is FileKind.ODS and _encrypted(parts):
        return Look(Kind.REFUSED, "foglio di calcolo OpenDocument cifrato con password", LOCKED)
    if kind is FileKind.XLSX and _CONTENTS_LIST not in parts:
        return Look(Kind.ARCHIVE, _ARCHIVE)  # of a directory called xl
    return Look(Kind.WORKBOOK, str(kind))


_CONTENTS_LIST, _ARCHIVE = "[Content_Types].xml", "un archivio zip"


def _no_workbook(data: bytes) -> Look:
    try:
        names = Parts(data).names
    except UnreadableError:
        return Look(Kind.REFUSED, "archivio o cartella di lavoro che finisce a metà o è danneggiata", DAMAGED)
    if _CONTENTS_LIST in names:
        natures = (nature for start, nature in _DOCUMENTS.items() if any(name.startswith(start) for name in names))
        return Look(Kind.OTHER, next(natures, "un documento di Office senza fogli"))
    if "mimetype" in names and "content.xml" in names:
        return Look(Kind.OTHER, "un documento OpenDocument che non è un foglio di calcolo")
    return Look(Kind.ARCHIVE, _ARCHIVE)


def _encrypted(parts: Parts) -> bool:
    """Whether an OpenDocument file has a password: its manifest says how each part is encrypted."""
    try:
        return b":encryption-data" in parts.read("META-INF/manifest.xml", MIB)
    except UnreadableError:
        return False  # the reader doesn't need the manifest


# -- signatures --------------------------------------------------------------------------------------------------

_CONTENTS = {2: Kind.SIGNED, 3: Kind.REFUSED, 4: Kind.REFUSED, 6: Kind.REFUSED}


def _asn1(data: bytes) -> Look | None:
    start = data[:24]
    if (at := start.find(_PKCS7)) > 0 and at + len(_PKCS7) < len(start):
        kind = _CONTENTS.get(start[at + len(_PKCS7)])
        if kind is Kind.SIGNED:
            return Look(kind, "un documento firmato (.p7m)")
        if kind is Kind.REFUSED:
            return Look(kind, "un documento cifrato (PKCS#7 EnvelopedData)", "PX-M013")
    if start.find(_TSD) > 0:
        return Look(Kind.STAMPED, "un documento con marca temporale (.tsd)")
    return None


def armoured(data: bytes) -> bytes:
    """The bytes of a PEM or base64 text; empty where it isn't one."""
    import binascii

    text = data.strip()
    if text.startswith(b"-----BEGIN"):
        text = re.sub(rb"(?m)^(-----.*|[\w-]+:.*)$", b"", text)
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return b""


# -- text --------------------------------------------------------------------------------------------------------


def _text(name: str, data: bytes) -> Look:
    head = data[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    if FROM_LINE.match(head):
        return Look(Kind.MAILBOX, "una casella mbox")
    if _is_letter(head) or (suffix(name) == ".eml" and b"\x00" not in head):
        return Look(Kind.LETTER, "un messaggio")
    if _is_armoured(head) and (inner := armoured(data)):
        look = _asn1(inner) if inner[0] == 0x30 else None
        if look:
            return look if look.kind is Kind.REFUSED else Look(Kind.ARMOURED, "un documento firmato, in base64")
    return Look(Kind.OTHER, _text_nature(name, head))


def _is_armoured(head: bytes) -> bool:
    return head.startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS")) or (head[:1] == b"M" and bool(_BASE64.match(head)))


def _is_letter(head: bytes) -> bool:
    """Whether it starts with the header of a message: lines `Name: value`, and a name that only messages have."""
    known = False
    for line in head.splitlines()[:60]:
        if not line:
            break
        if line[:1] in b" \t":
            continue
        if line.startswith((b"From ", b">From ")):
            continue
        if not _HEADER.match(line):
            return False
        known = known or bool(_MAIL_HEADER.match(line))
    return known


def _text_nature(name: str, head: bytes) -> str:
    start = head.lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "una pagina HTML"
    if start.startswith(b"<?xml"):
        return "un foglio XML di Excel 2003 o di LibreOffice" if b"spreadsheet" in start else "un file XML"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "un testo Unicode"
    if b"\x00" in head:
        return "di tipo sconosciuto"
    if suffix(name) == ".csv" or _separated(head):
        return "un file di testo CSV"
    return "un testo semplice"


def _separated(head: bytes) -> bool:
    """Whether the first lines have the same number of semicolons (or tabs): a table saved as text."""
    lines = [line for line in head.splitlines()[:6] if line]
    return len(lines) > 1 and any(
        lines[0].count(mark) > 1 and len({line.count(mark) for line in lines}) == 1 for mark in (b";", b"\t")
    )
