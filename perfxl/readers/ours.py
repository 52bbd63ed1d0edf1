"""Whether a workbook is one that perfxl wrote as a result, by what it holds: its name is its owner's to choose."""

from __future__ import annotations

import zlib
from pathlib import Path

from perfxl.readers.workbook import MAX_FILE

SIGNATURE = "Prodotto da perfxl "
"""How the document property «comments» of every result begins. The offices' sheets that perfxl prepares haven't it."""

_PROPERTIES = (b"docProps/core.xml", b"meta.xml")  # where .xlsx and .ods keep it
_SIGNED = f">{SIGNATURE}".encode()
_ENTRY, _FIXED, _DEFLATED = b"PK\x03\x04", 30, 8  # a file's own header in a zip, how long it is before the name
_MOST = 16 * 1024


def is_ours(path: str | Path) -> bool:
    """Whether the file is a consolidated workbook, the individual sheets, a verification, or the bodies side by side."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE) if file.read(2) == b"PK" and not file.seek(0) else b""
    except OSError:
        return False  # its reader will say what is wrong with it
    return any(_SIGNED in _beginning(data, name) for name in _PROPERTIES)


def _beginning(data: bytes, name: bytes) -> bytes:
    """What a part of a zip begins with; nothing where it isn't there. Its list of contents isn't read: the reader will."""
    at = data.find(name)
    head = data[at - _FIXED : at] if at >= _FIXED else b""
    if not head.startswith(_ENTRY):
        return b""
    start = at + len(name) + int.from_bytes(head[28:30], "little")
    packed = data[start : start + _MOST]
    if int.from_bytes(head[8:10], "little") != _DEFLATED:
        return packed
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _MOST)
    except zlib.error:
        return b""
