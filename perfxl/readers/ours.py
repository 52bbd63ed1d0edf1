"""Whether a workbook is one that perfxl wrote as a result, by what it holds: its name is its owner's to choose."""

from __future__ import annotations

from pathlib import Path

from perfxl.readers.container import Parts, UnreadableError
from perfxl.readers.workbook import MAX_FILE

SIGNATURE = "Prodotto da perfxl "
"""How the document property «comments» of every result begins. The offices' sheets that perfxl prepares haven't it."""

_PROPERTIES = ("docProps/core.xml", "meta.xml")  # where .xlsx and .ods keep it
_SIGNED = f">{SIGNATURE}".encode()


def is_ours(path: str | Path) -> bool:
    """Whether the file is a consolidated workbook, the individual sheets, a verification, or the bodies side by side."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE) if file.read(2) == b"PK" and not file.seek(0) else b""
        parts = Parts(data) if data else None
        return parts is not None and any(name in parts and _SIGNED in parts.read(name) for name in _PROPERTIES)
    except (OSError, UnreadableError):
        return False  # its reader will say what is wrong with it
