"""The file as bytes: what it really is (whatever its extension says), and its zip parts within stated limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
SHEET_LIMIT = 512 * MIB
"""Largest size of one sheet once unpacked (bytes); counted on what really comes out, not on what the zip declares."""
PART_LIMIT = 64 * MIB
"""The same for every other part: styles, shared strings, relations."""
DEFLATE_RATIO = 1032
"""No deflate stream unpacks to more than this many times its size: below it, nothing needs counting."""
CHUNK = MIB


class FileKind(StrEnum):
    """What the content is."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"


class UnreadableError(Exception):
    """A file that can't be read: `code` of the finding and what was found. Never leaves the readers."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(found)
        self.code = code
        self.found = found


_OLE_HEADER = 512
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_NATURES = (
    (b"%PDF", "un PDF"),
    (b"{\\rtf", "un testo RTF"),
    (b"\x89PNG", "un'immagine PNG"),
    (b"\xff\xd8\xff", "un'immagine JPEG"),
    (b"Rar!", "un archivio RAR"),
    (b"7z\xbc\xaf", "un archivio 7z"),
)


def sniff(data: bytes) -> tuple[FileKind, Parts | None]:
    """The kind of workbook that the bytes are, and its parts if it's a zip. Raises `UnreadableError` for anything else."""
    if not data:
        raise UnreadableError("PX-L001", "file vuoto (0 byte)")
    if data.startswith(b"PK"):
        parts = Parts(data)
        return _sniff_zip(parts), parts
    if data.startswith(_OLE):
        return _sniff_ole(data), None
    if data.startswith(_BIFF):
        return FileKind.XLS, None
    raise UnreadableError("PX-L002", f"il contenuto è {_nature(data)}")


def _nature(data: bytes) -> str:
    for magic, name in _NATURES:
        if data.startswith(magic):
            return name
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        return "una pagina HTML"
    if start.startswith(b"<?xml"):
        return "un file XML"
    if b"\x00" not in data[:2048]:
        return "testo semplice"
    return "di tipo sconosciuto"


def _sniff_ole(data: bytes) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableError("PX-L003", "cartella di lavoro cifrata con password di apertura")
    if "Workbook".encode("utf-16-le") in data or "B\x00o\x00o\x00k\x00\x00".encode("latin-1") in data:
        return FileKind.XLS
    if _cut_short(data):
        raise UnreadableError("PX-L001", "file troncato: il contenitore OLE è più corto di quanto dichiara")
    raise UnreadableError("PX-L002", "il contenuto è un documento di un altro programma (contenitore OLE senza fogli)")


def _cut_short(data: bytes) -> bool:
    """Whether the container's directory, by which its content is told, starts beyond the end ([MS-CFB], 2.2)."""
    if len(data) < _OLE_HEADER:
        return True
    (shift,), (first,) = struct.unpack_from("<H", data, 0x1E), struct.unpack_from("<I", data, 0x30)
    return shift in (9, 12) and (first + 1 << shift) >= len(data)


def _sniff_zip(parts: Parts) -> FileKind:
    if "content.xml" in parts and "mimetype" in parts:
        if b"spreadsheet" in parts.read("mimetype"):
            return FileKind.ODS
        raise UnreadableError("PX-L002", "il contenuto è un documento OpenDocument che non è un foglio di calcolo")
    if "xl/workbook.bin" in parts:
        raise UnreadableError("PX-L002", "cartella di lavoro binaria .xlsb, che non viene letta: salvarla come .xlsx")
    if any(name.startswith("xl/") for name in parts.names):
        return FileKind.XLSX
    raise UnreadableError("PX-L002", "il contenuto è un archivio zip (o un documento) senza fogli di calcolo")


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    KeyError,
    OverflowError,
)


class Stored(NamedTuple):
    """Where a part is, and how it is packed."""

    at: int
    method: int
    flags: int
    packed: int
    size: int
    crc: int


def _stored(info: zipfile.ZipInfo) -> Stored:
    return Stored(info.header_offset, info.compress_type, info.flag_bits, info.compress_size, info.file_size, info.CRC)


_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_CENTRAL_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


def directory(data: bytes) -> dict[str, Stored] | None:
    """The parts of a zip as every program writes it; None for any other, which `zipfile` takes four times as long to read.

    Any other: a comment or bytes before the first part, more than 4 GiB, names that aren't ASCII or come twice.
    """
    end = len(data) - _END.size
    if end < 0 or data[end : end + 4] != b"PK\x05\x06":
        return None
    _, _, _, _, count, length, at, _ = _END.unpack_from(data, end)
    if at + length != end:
        return None
    found: dict[str, Stored] = {}
    while at + _CENTRAL_ENTRY.size <= end:
        sign, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, _, start = _CENTRAL_ENTRY.unpack_from(
            data, at
        )
        at += _CENTRAL_ENTRY.size
        text = data[at : at + name]
        if sign != _CENTRAL or not text.isascii() or b"\0" in text or b"\\" in text or max(packed, size, start) == 0xFFFFFFFF:
            return None
        found[text.decode()] = Stored(start, method, flags, packed, size, crc)
        at += name + extra + comment
    return found if at == end and len(found) == count else None


class Parts:
    """The parts of a zip-based workbook. Every read is within a limit; trouble is an `UnreadableError`."""

    names: frozenset[str]

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._info = directory(data) or {info.filename: _stored(info) for info in self._zip.infolist()}
        except _BROKEN as error:
            raise UnreadableError("PX-L001", "archivio troncato o danneggiato") from error
        self.names = frozenset(self._info)

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._data))

    def __contains__(self, name: str) -> bool:
        return name in self._info

    def read(self, name: str, limit: int = PART_LIMIT) -> bytes:
        """The whole part."""
        part = self._open(name)
        if part.packed * DEFLATE_RATIO > limit:
            return b"".join(self.stream(name, limit))
        quick = self._unpacked(name, part)
        if quick is not None:
            return quick
        try:
            return self._zip.read(name)
        except _BROKEN as error:
            raise UnreadableError("PX-L001", f"parte «{name}» danneggiata") from error

    def _unpacked(self, name: str, part: Stored) -> bytes | None:
        """A sound deflated part straight from the bytes, checksum verified: `zipfile` takes four times as long. Else None."""
        data, at = self._data, part.at
        if part.method != zipfile.ZIP_DEFLATED or data[at : at + 4] != _LOCAL:
            return None
        length, extra = int.from_bytes(data[at + 26 : at + 28], "little"), int.from_bytes(data[at + 28 : at + 30], "little")
        start = at + 30 + length + extra
        if data[at + 30 : at + 30 + length] != name.encode("ascii", "replace"):
            return None
        try:
            out = zlib.decompress(data[start : start + part.packed], -zlib.MAX_WBITS)
        except zlib.error:
            return None
        return out if len(out) == part.size and zlib.crc32(out) == part.crc else None

    def stream(self, name: str, limit: int = SHEET_LIMIT) -> Iterator[bytes]:
        """The part in chunks of at most 1 MiB."""
        size, declared = 0, self._open(name).size
        try:
            with self._zip.open(name) as part:
                while declared <= limit and (chunk := part.read(CHUNK)):
                    size += len(chunk)
                    if size > limit:
                        break
                    yield chunk
        except _BROKEN as error:
            raise UnreadableError("PX-L001", f"parte «{name}» danneggiata") from error
        if max(size, declared) > limit:
            raise UnreadableError("PX-L004", f"la parte «{name}» supera {limit // MIB} MiB una volta espansa")

    def small(self, name: str) -> bool:
        """Whether the part can't unpack to more than 16 MiB."""
        return self._open(name).packed * DEFLATE_RATIO <= 16 * CHUNK

    def _open(self, name: str) -> Stored:
        part = self._info.get(name)
        if part is None:
            raise UnreadableError("PX-L001", f"manca la parte «{name}»")
        if part.flags & 1:
            raise UnreadableError("PX-L003", "parti cifrate con password")
        if part.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Office writes no other; bzip2 and lzma would escape the ratio above
            raise UnreadableError("PX-L001", f"parte «{name}» compressa con un metodo non ammesso")
        return part
