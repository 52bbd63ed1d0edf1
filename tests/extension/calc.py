"""A LibreOffice with the extension installed, in a profile of its own; one process at a time, ended by the test that started it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

from application.libreoffice import LibreOfficeError, find_soffice

DRIVER = Path(__file__).with_name("uno_driver.py")
SECONDS = 240


def office_python() -> str | None:
    """A Python that can speak to LibreOffice: its own, or the system's with python3-uno."""
    soffice = find_soffice()
    if soffice is None:
        return None
    program = Path(soffice).resolve().parent
    for candidate in (
        program / "python",
        program / "python.exe",
        program.parent / "Resources" / "python",
        Path("/usr/bin/python3"),
    ):
        if candidate.exists():
            done = subprocess.run([candidate, "-c", "import uno"], capture_output=True, timeout=60, check=False)
            if done.returncode == 0:
                return str(candidate)
    return None


class Calc:
    """`ask(...)` starts LibreOffice, does the requests of `uno_driver.py` in order, ends it, and gives the answers."""

    def __init__(self, folder: Path, extension: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._python = office_python()
        (self.installed,) = self.ask(("install", str(extension)))

    def ask(self, *requests: tuple[object, ...]) -> list[Any]:
        folder = self._folder / f"{next(self._numbers):02d}"
        folder.mkdir()
        asked, answer = folder / "asked.json", folder / "answer.json"
        asked.write_text(json.dumps(requests), encoding="utf-8")
        pipe = f"perfxl-{os.getpid()}-{folder.name}"
        profile = (self._folder / "profile").as_uri()
        command = [
            find_soffice(),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ]
        with (folder / "soffice.log").open("w") as log:
            office = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            try:
                driver = [self._python, str(DRIVER), pipe, str(asked), str(answer)]
                done = subprocess.run(driver, capture_output=True, text=True, timeout=SECONDS, check=False)
                if done.returncode == 0:
                    office.wait(60)
            finally:
                if office.poll() is None:
                    os.killpg(office.pid, signal.SIGKILL)
                    office.wait()
        if done.returncode or not answer.exists():
            raise LibreOfficeError(f"{done.stderr.strip()}\n{(folder / 'soffice.log').read_text()}")
        return json.loads(answer.read_text(encoding="utf-8"))

    def recalculated(self, path: Path, times: int = 1) -> tuple[dict[str, list[list[Any]]], list[float]]:
        """Every cell of a copy of `path`, sheet by sheet, and the seconds of each of `times` hard recalculations."""
        copy = self._folder / f"{next(self._numbers):02d}-{path.name}"
        shutil.copyfile(path, copy)
        (answer,) = self.ask(("recalculated", str(copy), times))
        return answer["cells"], answer["seconds"]
