"""`read_workbook`: a file, its sheets, the layout of each, the rows. Bad content becomes findings, never an exception."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model.sheets import WorkbookRows
from perfxl.readers.container import FileKind, UnreadableError, sniff
from perfxl.readers.layout_file import shipped_layouts
from perfxl.readers.sheet import SheetReader, Taker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from perfxl.readers.container import Parts
    from perfxl.readers.grid import Grid
    from perfxl.readers.layout import Layout

MAX_FILE = 256 * 1024 * 1024
"""Largest file that is read at all (bytes)."""

_SUFFIXES = {
    FileKind.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    FileKind.ODS: (".ods", ".ots"),
    FileKind.XLS: (".xls", ".xlt"),
}


def read_workbook(
    path: str | Path, *, layouts: Sequence[Layout] = (), year: int | None = None, other: Taker | None = None
) -> WorkbookRows:
    """All that is understood of a workbook (.xlsx, .xlsm, .ods, .xls, told by content and not by extension).

    `layouts` are tried before the shipped ones; `year` counts where a sheet doesn't say its own; `other` is offered the sheets
    that aren't an office's (the statements: `perfxl.statements.Reader.take`). The file is opened once,
    read-only; `sha256` is of the bytes read. Whatever is wrong with it is in `findings` (PX-L…, PX-R…); nothing is raised.
    """
    return read_as_of(path, None, layouts=layouts, year=year, other=other)


def read_as_of(
    path: str | Path, as_of: date | None, *, layouts: Sequence[Layout] = (), year: int | None = None, other: Taker | None = None
) -> WorkbookRows:
    """`read_workbook`, where a column of results with a date after the one of reference is left for an earlier one."""
    file = str(path)
    try:
        data = _bytes(Path(path))
    except UnreadableError as error:
        return WorkbookRows(file, "", (), (finding(error.code, error.found, file=file),))
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        kind, parts = sniff(data)
        grids, remarks = _grids(kind, parts, data, file)
    except UnreadableError as error:
        return WorkbookRows(file, sha256, (), (finding(error.code, error.found, file=file),))
    findings = [finding("PX-R011", remark, file=file) for remark in remarks]
    findings += _extension(kind, file)
    reader = SheetReader(tuple(layouts), shipped_layouts(), year, other, as_of)
    sheets = [sheet for grid in grids for sheet in reader.read(grid)]
    if not grids:
        findings.append(finding("PX-R003", "nessun foglio di lavoro nel file", file=file))
    return WorkbookRows(file, sha256, tuple(sheets), (*findings, *reader.findings))


def rows_of_grids(
    grids: Sequence[Grid], file: str, *, layouts: Sequence[Layout] = (), year: int | None = None, other: Taker | None = None
) -> WorkbookRows:
    """What `read_workbook` understands, of grids that don't come from a file: the sheets of an open workbook.

    `file` is the name under which its cells are known (a workbook's path). `sha256` is empty: there are no bytes to sign.
    """
    reader = SheetReader(tuple(layouts), shipped_layouts(), year, other)
    sheets = [sheet for grid in grids for sheet in reader.read(grid)]
    return WorkbookRows(file, "", tuple(sheets), tuple(reader.findings))


def read_grids(path: str | Path) -> tuple[list[Grid], list[Finding]]:
    """The sheets of a workbook as grids of cells, before any layout: for tables that aren't an office's (the rettifiche).

    A file that can't be read gives no grid and the finding that says why (PX-L…); nothing is raised.
    """
    file = str(path)
    try:
        data = _bytes(Path(path))
        grids, _ = _grids(*sniff(data), data, file)
    except UnreadableError as error:
        return [], [finding(error.code, error.found, file=file)]
    return grids, []


def _bytes(path: Path) -> bytes:
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableError("PX-L002", "è una cartella o un dispositivo, non un file")
        size = state.st_size
        if size > MAX_FILE:
            raise UnreadableError("PX-L004", f"il file è di {size // 2**20} MiB: il limite è {MAX_FILE // 2**20}")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableError("PX-L001", "il file non esiste") from error
    except OSError as error:
        raise UnreadableError("PX-L001", f"il file non si può aprire ({error.strerror})") from error


def _grids(kind: FileKind, parts: Parts | None, data: bytes, file: str) -> tuple[list[Grid], list[str]]:
    """The reader of each format is imported when a file of its kind comes."""
    if parts is None:
        from perfxl.readers import cells_xls

        return cells_xls.read_grids(data, file)
    if kind is FileKind.ODS:
        from perfxl.readers import cells_ods

        return cells_ods.read_grids(parts, file)
    from perfxl.readers import cells_xlsx

    return cells_xlsx.read_grids(parts, file)


def _extension(kind: FileKind, file: str) -> list[Finding]:
    suffix = PurePath(file).suffix.lower()
    if suffix in _SUFFIXES[kind]:
        return []
    return [finding("PX-L009", f"estensione «{suffix or 'nessuna'}», contenuto {kind}", file=file)]
