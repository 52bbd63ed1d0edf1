"""LibreOffice Calc, headless, in a profile of its own that recalculates every formula of every file that it loads.

Without that setting Calc trusts the cached values of files that say they come from Excel (XlsxWriter's do), and a test
of formulas would compare our own figures with themselves.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import warnings
from datetime import timedelta
from enum import IntEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REMEDY = "installare libreoffice-calc e poppler-utils (make test lo fa dove apt lo permette)."

_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)

# The filters are named, so that Calc never picks another application's export.
_FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8", "pdf": "pdf:calc_pdf_Export"}

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="ODFRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>it-IT</value></prop></item>
</oor:items>
"""


class Recalculation(IntEnum):
    """Calc's own values of `OOXMLRecalcMode` and `ODFRecalcMode`."""

    ALWAYS = 0
    NEVER = 1


class LibreOfficeError(RuntimeError):
    """A conversion that gave no file, or took too long: the application's own words."""


def find_soffice() -> str | None:
    """The executable, on the path or where its installers put it."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in _ELSEWHERE if Path(place).exists()), None)


def find_pdftoppm() -> str | None:
    """Poppler's renderer."""
    return shutil.which("pdftoppm")


class LibreOffice:
    """One profile, one process at a time. Files are copied into `scratch` first: nothing is ever left beside an input."""

    def __init__(
        self,
        scratch: Path,
        *,
        recalculation: Recalculation = Recalculation.ALWAYS,
        timeout: timedelta = timedelta(seconds=120),
    ) -> None:
        self._soffice = find_soffice()
        self._scratch = scratch
        self._timeout = timeout
        self._numbers = count(1)
        self._recalculated: dict[str, dict[str, dict[str, object]]] = {}
        self._profile = scratch / "profile"
        user = self._profile / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE.format(mode=int(recalculation)), encoding="utf-8")

    def recalculated(self, path: Path, changes: Mapping[tuple[str, str], object] | None = None) -> dict[str, dict[str, object]]:
        """Every cell of `path` after a hard recalculation: sheet → {A1: value}, empty cells left out.

        Errors come as their text (`#N/A`), percentages as fractions, dates as `datetime`. `changes`, keyed by (sheet, A1),
        are typed into a copy first, as a person would: what depends on them must move.
        """
        key = hashlib.sha256(path.read_bytes()).hexdigest() + repr(sorted((changes or {}).items()))
        if key not in self._recalculated:
            source = self._with_changes(path, changes) if changes else path
            self._recalculated[key] = _values(self.converted(source, "xlsx"))
        return {sheet: dict(cells) for sheet, cells in self._recalculated[key].items()}

    def rendered(self, path: Path, dpi: int = 80) -> list[Path]:
        """The printed pages of `path` as PNG files, in order, with the workbook's own print set-up."""
        pdf = self.converted(path, "pdf")
        pdftoppm = find_pdftoppm()
        assert pdftoppm is not None, REMEDY
        subprocess.run(
            [pdftoppm, "-png", "-r", str(dpi), str(pdf), str(pdf.with_suffix(""))],
            check=True,
            timeout=self._timeout.total_seconds(),
        )
        return sorted(pdf.parent.glob("*.png"))

    def converted(self, path: Path, to: str) -> Path:
        """`path` opened, recalculated and saved as `to` (`xlsx`, `ods`, `pdf`), in a folder of its own."""
        folder = self._folder()
        source = folder / path.name
        shutil.copyfile(path, source)
        out = folder / "out"
        words = self._run("--convert-to", _FILTERS[to], "--outdir", str(out), str(source))
        result = out / f"{source.stem}.{to}"
        if not result.exists():
            raise LibreOfficeError(f"{path.name} → {to}: nessun file prodotto. {words}")
        return result

    def _folder(self) -> Path:
        folder = self._scratch / f"{next(self._numbers):04d}"
        folder.mkdir()
        return folder

    def _with_changes(self, path: Path, changes: Mapping[tuple[str, str], object]) -> Path:
        from openpyxl import load_workbook

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
            book = load_workbook(path)
        for (sheet, address), value in changes.items():
            book[sheet][address] = value
        changed = self._folder() / path.name
        book.save(changed)
        return changed

    def _run(self, *arguments: str) -> str:
        assert self._soffice is not None, REMEDY
        command = [self._soffice, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore", *arguments]
        # A session of its own: the launcher starts other processes, and on a timeout they end with it, and only they.
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            words, _ = process.communicate(timeout=self._timeout.total_seconds())
        except subprocess.TimeoutExpired:
            _end(process)
            raise LibreOfficeError(f"LibreOffice non ha finito in {self._timeout.total_seconds():g} secondi.") from None
        return words.strip()


def _end(process: subprocess.Popen[str]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _values(path: Path) -> dict[str, dict[str, object]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():  # openpyxl warns of extensions that it doesn't keep: nothing is saved from here
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        book = load_workbook(path, data_only=True)
    return {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }
