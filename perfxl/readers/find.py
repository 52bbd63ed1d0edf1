"""`find_workbooks`: the workbooks among the paths given, with a word on everything that is left out."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.readers.ours import is_ours

if TYPE_CHECKING:
    from collections.abc import Iterable

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".ods", ".ots", ".xls", ".xlt"})
_LIBREOFFICE_LOCK = re.compile(r"^\.~lock\.(.+)#$")


def find_workbooks(paths: Iterable[str | Path]) -> tuple[list[Path], list[Finding]]:
    """Workbooks in the order of `paths`, folders walked in alphabetical order; each file once.

    A file named by the caller is always taken (its content decides what it is). In folders, hidden files and folders are
    passed over in silence; a lock file (`~$…`) is a PX-L005 for the workbook beside it; any other file, and what perfxl itself produced, is a PX-L008 note;
    a path that leads to no workbook at all is a PX-L007.
    """
    search = _Search()
    given = [Path(path) for path in paths]
    for path in given:
        search.visit(path)
    if not search.found and not any(found.code == "PX-L007" for found in search.findings):
        search.findings.append(finding("PX-L007", ", ".join(str(path) for path in given) or "nessun percorso indicato"))
    return search.found, search.findings


class _Search:
    """What has been found so far."""

    def __init__(self) -> None:
        self.found: list[Path] = []
        self.findings: list[Finding] = []
        self._seen: set[str] = set()
        self._met = 0  # workbooks met, those that were there already too

    def visit(self, path: Path) -> None:
        """A file or a folder that the caller named."""
        if os.path.isdir(path):  # noqa: PTH112 - unlike Path's, it never raises
            before = self._met
            self._walk(path)
            if self._met == before:
                self.findings.append(finding("PX-L007", "nessuna cartella di lavoro nella cartella", file=str(path)))
        elif os.path.exists(path):  # noqa: PTH110 - the same
            self._named(path)
        else:
            self.findings.append(finding("PX-L007", "il percorso non esiste", file=str(path)))

    def _named(self, path: Path) -> None:
        if path.name.startswith("~$"):
            self._lock(path.parent, path.name[2:])
            return
        self._take(path)
        if (path.parent / f"~${path.name}").exists():
            self._lock(path.parent, path.name)

    def _walk(self, folder: Path) -> None:
        for where, folders, names in os.walk(folder, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                self._file(Path(where) / name, folder)

    def _unreadable(self, error: OSError) -> None:
        self.findings.append(finding("PX-L001", f"la cartella non si può aprire ({error.strerror})", file=str(error.filename)))

    def _file(self, path: Path, root: Path) -> None:
        office_lock = _LIBREOFFICE_LOCK.match(path.name)
        if path.name.startswith("~$"):
            self._lock(path.parent, path.name[2:])
        elif office_lock:
            self._lock(path.parent, office_lock[1])
        elif path.name.startswith("."):
            return
        elif path.suffix.lower() not in WORKBOOK_SUFFIXES:
            self.findings.append(finding("PX-L008", f"{path.relative_to(root)}: non è una cartella di lavoro", file=str(path)))
        elif is_ours(path):
            self.findings.append(finding("PX-L008", f"{path.relative_to(root)}: prodotto da perfxl", file=str(path)))
        else:
            self._take(path)

    def _take(self, path: Path) -> None:
        self._met += 1
        key = os.path.realpath(path)
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(path)

    def _lock(self, folder: Path, rest: str) -> None:
        """Excel's lock of a long name drops its first two letters: `~$nitoraggio.xlsx` locks `monitoraggio.xlsx`."""
        names = sorted(path.name for path in folder.iterdir() if path.name == rest or path.name[2:] == rest)
        for name in names:
            if not name.startswith(("~$", ".")):
                self.findings.append(finding("PX-L005", f"accanto a «{name}» c'è il suo file di blocco", file=str(folder / name)))
