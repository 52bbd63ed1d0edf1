"""Zip archives: their files, within stated limits, whatever the archive declares of itself."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from perfxl.mail.letter import Piece
from perfxl.mail.names import clean, odd
from perfxl.mail.parcel import MIB, Limits, RefusedError, Trouble

_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError, LookupError, OverflowError,
)  # fmt: skip
_CHUNK = MIB
_ENCRYPTED = 0x1 | 0x40  # traditional, strong (APPNOTE 4.4.4)
# What systems leave in an archive by themselves
_LEFTOVERS = {".ds_store", "thumbs.db", "desktop.ini"}


def files_of(data: bytes, limits: Limits) -> Iterator[Piece]:
    """The files of an archive, one after the other. Raises `RefusedError` at the first where it mustn't be opened.

    Names of directories aren't kept: two files of the same name in two of them are two files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except _BROKEN as error:
        raise RefusedError("PX-M002", "archivio troncato o danneggiato") from error
    _examine(entries, len(data), limits)
    for entry in entries:
        yield _piece(archive, entry, data, limits)


def _examine(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Refuse what declares too much, or lays its files one over the other (the same bytes unpacked many times)."""
    if len(entries) > limits.entries:
        raise RefusedError("PX-M005", f"l'archivio contiene {len(entries)} file (al massimo {limits.entries})")
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes:
        raise RefusedError("PX-M005", f"l'archivio si espande a {total // MIB} MB (al massimo {limits.total_bytes // MIB})")
    if total > limits.free_bytes and total > limits.ratio * size:
        raise RefusedError(
            "PX-M005", f"l'archivio si espande a {total // max(size, 1)} volte la sua misura (al massimo {limits.ratio})"
        )
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise RefusedError("PX-M005", "file sovrapposti nell'archivio")
        end = entry.header_offset + entry.compress_size


def _piece(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes, limits: Limits) -> Piece:
    written = _name(entry)
    name = clean(written, "file")
    packed = data[entry.header_offset : entry.header_offset + entry.compress_size + 30]
    aside = _aside(entry)
    if aside:
        return Piece(name, packed, aside=aside)
    strange = written if odd(written) else ""
    if trouble := _trouble(entry, limits):
        return Piece(name, packed, written=strange, trouble=trouble)
    try:
        return Piece(name, _unpacked(archive, entry), written=strange)
    except _BROKEN:
        return Piece(name, packed, written=strange, trouble=Trouble("PX-M002", "file dell'archivio danneggiato"))


def _trouble(entry: zipfile.ZipInfo, limits: Limits) -> Trouble | None:
    """Why a file isn't unpacked, by what the archive says of it."""
    if entry.flag_bits & _ENCRYPTED:
        return Trouble("PX-M003", "file dell'archivio cifrato con password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # bzip2 and lzma would unpack in one step to thousands of times their size
        return Trouble("PX-M002", "compresso con un metodo non ammesso")
    if entry.file_size > limits.file_bytes:
        return Trouble("PX-M004", f"{entry.file_size // MIB} MB (al massimo {limits.file_bytes // MIB})")
    return None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The file, counted while it unpacks: never more than it declares."""
    chunks, size = [], 0
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > entry.file_size:
                raise zipfile.BadZipFile("more than declared")
            chunks.append(chunk)
    if size != entry.file_size:
        raise EOFError
    return b"".join(chunks)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as written; UTF-8 without its mark (as some programs leave it) is read as UTF-8."""
    name = entry.orig_filename
    if entry.flag_bits & 0x800 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _aside(entry: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "collegamento simbolico"
    base = entry.filename.rsplit("/", 1)[-1].lower()
    return "file di sistema" if base in _LEFTOVERS or base.startswith("._") or "__MACOSX/" in entry.filename else ""
