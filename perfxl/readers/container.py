"""The file as bytes: what it really is (whatever its extension says), and its zip parts within stated limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING

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
    raise UnreadableError("PX-L002", "il contenuto è un documento di un altro programma (contenitore OLE senza fogli)")


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


class Parts:
    """The parts of a zip-based workbook. Every read is within a limit; trouble is an `UnreadableError`."""

    names: frozenset[str]

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._info = {info.filename: info for info in self._zip.infolist()}
        except _BROKEN as error:
            raise UnreadableError("PX-L001", "archivio troncato o danneggiato") from error
        self.names = frozenset(self._info)

    def __contains__(self, name: str) -> bool:
        return name in self._info

    def read(self, name: str, limit: int = PART_LIMIT) -> bytes:
        """The whole part."""
        info = self._open(name)
        quick = self._unpacked(info) if info.compress_size * DEFLATE_RATIO <= limit else None
        if quick is not None:
            return quick
        try:
            if info.compress_size * DEFLATE_RATIO <= limit:
                return self._zip.read(info)
        except _BROKEN as error:
            raise UnreadableError("PX-L001", f"parte «{name}» danneggiata") from error
        return b"".join(self.stream(name, limit))

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes | None:
        """A sound deflated part straight from the bytes, checksum verified: `zipfile` takes four times as long. Else None."""
        data, at = self._data, info.header_offset
        if info.compress_type != zipfile.ZIP_DEFLATED or data[at : at + 4] != b"PK\x03\x04":
            return None
        name, extra = int.from_bytes(data[at + 26 : at + 28], "little"), int.from_bytes(data[at + 28 : at + 30], "little")
        start = at + 30 + name + extra
        if data[at + 30 : at + 30 + name] != info.orig_filename.encode("ascii", "replace"):
            return None
        try:
            out = zlib.decompress(data[start : start + info.compress_size], -zlib.MAX_WBITS)
        except zlib.error:
            return None
        return out if len(out) == info.file_size and zlib.crc32(out) == info.CRC else None

    def stream(self, name: str, limit: int = SHEET_LIMIT) -> Iterator[bytes]:
        """The part in chunks of at most 1 MiB."""
        info, size = self._open(name), 0
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise UnreadableError("PX-L004", f"la parte «{name}» supera {limit // MIB} MiB una volta espansa")
                    yield chunk
        except _BROKEN as error:
            raise UnreadableError("PX-L001", f"parte «{name}» danneggiata") from error

    def small(self, name: str) -> bool:
        """Whether the part can't unpack to more than 16 MiB."""
        return self._open(name).compress_size * DEFLATE_RATIO <= 16 * CHUNK

    def _open(self, name: str) -> zipfile.ZipInfo:
        info = self._info.get(name)
        if info is None:
            raise UnreadableError("PX-L001", f"manca la parte «{name}»")
        if info.flag_bits & 1:
            raise UnreadableError("PX-L003", "parti cifrate con password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Office writes no other; bzip2 and lzma would escape the ratio above
            raise UnreadableError("PX-L001", f"parte «{name}» compressa con un metodo non ammesso")
        return info
