"""The package of an .xlsx: its parts compressed on the other processor while the next ones are being made, then put in a zip.

XlsxWriter makes the parts; here they are taken from it in memory. zlib leaves the interpreter free while it works, so a large
table is compressed in a thread as soon as its rows are ready: at the end there is little left to wait for.
"""

from __future__ import annotations

import io
import struct
import zlib
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter
from xlsxwriter.packager import Packager

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, UTF8, DEFLATED = 20, 1 << 11, 8
DATE, TIME = (1 << 5) | 1, 0
"""1 January 1980, as Excel writes: the same content gives the same file."""


class Deflated:
    """A text being compressed in a thread: a piece of a deflate stream, which others may precede and follow."""

    def __init__(self, text: str) -> None:
        self._text, self._packed = encoded(text), b""
        self._thread = Thread(target=self._pack, daemon=True)
        self._thread.start()

    def _pack(self) -> None:
        self._packed = deflated(self._text, zlib.Z_FULL_FLUSH)

    def wait(self) -> tuple[bytes, bytes]:
        """The text as bytes, and compressed."""
        self._thread.join()
        return self._text, self._packed


class Part(NamedTuple):
    """A file of the package."""

    name: str
    size: int
    crc: int
    packed: bytes


class QuickWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose parts are put together here. Leans on `_get_packager` and `_create_package` of XlsxWriter."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(io.BytesIO(), {**options, "in_memory": True})
        self._taken = _Taken()

    def _get_packager(self) -> Packager:
        return self._taken

    def save(self, path: Path) -> None:
        """Close the workbook and write the file."""
        self.close()
        blocks = {f"xl/worksheets/sheet{sheet.index + 1}.xml": getattr(sheet, "block", None) for sheet in self.worksheets()}
        write_zip(path, [_part(name, text, blocks.get(name)) for name, text in self._taken.parts])


class _Taken(Packager):  # type: ignore[misc]
    """Keeps the parts, and leaves none for XlsxWriter to compress."""

    def _create_package(self) -> list[Any]:
        self.parts = [(name, stream.getvalue()) for stream, name, _ in super()._create_package()]
        return []


def _part(name: str, text: str, block: tuple[int, Deflated] | None) -> Part:
    if block is None:
        data = encoded(text)
        return Part(name, len(data), zlib.crc32(data), deflated(data, zlib.Z_FINISH))
    cut, rows = block
    before, after = encoded(text[:cut]), encoded(text[cut:])
    between, packed = rows.wait()
    whole = deflated(before, zlib.Z_FULL_FLUSH) + packed + deflated(after, zlib.Z_FINISH)
    crc = zlib.crc32(after, zlib.crc32(between, zlib.crc32(before)))
    return Part(name, len(before) + len(between) + len(after), crc, whole)


def encoded(text: str) -> bytes:
    """As UTF-8. A file's name may hold bytes that are no character: each is a `?`, and the workbook is written all the same."""
    return text.encode(errors="replace")


def deflated(data: bytes, flush: int) -> bytes:
    """A raw deflate stream, or a piece of one that ends at a byte and refers to nothing before it (`Z_FULL_FLUSH`)."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(flush)


def write_zip(path: Path, parts: Iterable[Part]) -> None:
    """A zip of parts that are compressed already (APPNOTE 6.3.4, 4.3.7 to 4.3.16)."""
    directory, at, count = b"", 0, 0
    with path.open("wb") as file:
        for name, size, crc, packed in parts:
            known = name.lstrip("/").encode()
            common = struct.pack("<HHHHHIIIHH", VERSION, UTF8, DEFLATED, TIME, DATE, crc, len(packed), size, len(known), 0)
            file.write(LOCAL + common + known + packed)
            directory += CENTRAL + struct.pack("<H", VERSION) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + known
            at += 30 + len(known) + len(packed)
            count += 1
        file.write(directory + END + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), at, 0))
