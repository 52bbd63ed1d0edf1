"""Writing the consolidated workbook: file name, numbered copies, atomic writing, and what people wrote carried over."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model.memory import no_collection

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.model import Period
    from perfxl.views.place import Book
    from perfxl.writers.previous import Previous

__all__ = ["default_name", "file_name", "read_previous", "short_name", "write_book", "write_workbook"]

_SHORT = (
    (re.compile(r"\b(camera di commercio|c\.?c\.?i\.?a\.?a\.?)(\s+i\.?a\.?a\.?)?(\s+di|\s+della|\s+del|\s+dell')?\s*", re.IGNORECASE), "CCIAA "),
)  # fmt: skip


def default_name(c: Consolidation) -> str:
    """`Consolidato_<ente>_<anno>.xlsx`: `Consolidato_CCIAA_Massa-Carrara_2019.xlsx`. ASCII, no blanks."""
    return file_name(c.body or c.method.body, c.year, c.period)


def file_name(body: str, year: int | None, period: Period | None = None) -> str:
    """The name of the consolidated workbook of a body, a year and, where it is of one, a period."""
    parts = ("Consolidato", short_name(body), str(year or ""), _plain(period.name) if period else "")
    return "_".join(part for part in parts if part) + ".xlsx"


def short_name(body: str) -> str:
    """A body's name as part of a file's: `CCIAA_Massa-Carrara`. ASCII, no blanks."""
    for pattern, short in _SHORT:
        body = pattern.sub(short, body)
    return _plain(body) or "ente"


def _plain(text: str) -> str:
    """ASCII letters, digits, hyphens and low lines; sixty at most."""
    ascii_only = unicodedata.normalize("NFKD", text.replace("°", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9-]+", "_", ascii_only).strip("_-")[:60]


def write_book(book: Book, path: str | Path) -> Path | None:
    """Write placed tabs to a file, in one step; what was there is kept as a numbered copy, whose path is returned.

    Raises OutputError (the folder is missing or read-only, the file is open elsewhere); then nothing has changed.
    """
    from perfxl.writers.file import write_file
    from perfxl.writers.keep import check_writable, keep_copy, write_whole

    path = Path(path)
    check_writable(path)
    copy = keep_copy(path) if path.exists() else None
    try:
        with no_collection():
            write_whole(path, lambda temporary: write_file(book, temporary))
    except BaseException:
        if copy is not None:
            copy.unlink()  # the file itself is still there
        raise
    return copy


def read_previous(path: str | Path) -> Previous:
    """The notes and rettifiche of a previous consolidated workbook (see `perfxl.writers.previous`)."""
    from perfxl.writers.previous import read_previous as read

    return read(path)


def write_workbook(c: Consolidation, path: str | Path) -> Path:
    """Write the consolidated workbook and return its path; a folder gets the default name.

    An existing file is kept as `name (1).xlsx`, its causes and notes are carried over, and findings on *Anomalie* say so.
    The file is replaced in one step: whoever reads it finds the old one or the new one. Raises OutputError (the folder is
    missing or read-only, the file is open elsewhere); then nothing has changed.
    """
    from perfxl.consolidation import WRITING
    from perfxl.views import consolidated_book
    from perfxl.views.notes import Notes
    from perfxl.writers.file import write_file
    from perfxl.writers.keep import check_writable, keep_copy, write_whole

    path = Path(path)
    if path.is_dir():
        path = path / default_name(c)
    check_writable(path)
    previous = read_previous(path)
    findings: list[Finding] = list(previous.findings)
    copy = keep_copy(path) if path.exists() else None
    if copy is not None:
        findings.append(finding("PX-S002", copy.name, file=str(path)))
        findings += _left_behind(previous, copy, path)
    try:
        with no_collection():
            book = consolidated_book(c, path.parent, Notes(previous.notes), findings)
            write_whole(path, lambda temporary: write_file(book, temporary))
    except BaseException:
        if copy is not None:
            copy.unlink()  # the file itself is still there
        raise
    c.notes[WRITING] = book.findings
    return path


def _left_behind(previous: Previous, copy: Path, path: Path) -> list[Finding]:
    """Only causes and notes that are found are carried over: whoever wrote anything else must know where it is."""
    left = [f"la colonna «{heading}», aggiunta nella scheda Scostamenti, è rimasta soltanto lì" for heading in previous.added]
    if previous.lost:
        left.append("la scheda Scostamenti non si trova, né con il suo nome né dalle intestazioni: cause e note sono soltanto lì")
    return [finding("PX-S004", f"{copy.name}: {what}", file=str(path), sheet="Scostamenti") for what in left]
