"""A clerk at the keyboard of LibreOffice Calc: `tests/forms/clerk.py`, run by the Python that the office's bridge was made for."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from application.libreoffice import LibreOffice, find_soffice

SCRIPT = Path(__file__).parents[1] / "forms" / "clerk.py"
PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python")
TIMEOUT = 240


def python_with_uno() -> str | None:
    """The interpreter that LibreOffice's bridge was made for."""
    for name in PYTHONS:
        if shutil.which(name):
            done = subprocess.run([name, "-c", "import uno"], capture_output=True, check=False, timeout=60)
            if done.returncode == 0:
                return name
    return None


class Clerk:
    """A clerk with a profile of their own (Italian locale), in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._python, self._soffice = python_with_uno(), find_soffice()
        self._profile = LibreOffice(folder)._profile

    def work(self, job: dict[str, Any]) -> dict[str, Any]:
        """What the script answers to a job (see there), within a bounded time."""
        assert self._python is not None
        text = json.dumps({"soffice": self._soffice, "profile": str(self._profile), **job})
        process = subprocess.Popen(
            [self._python, str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(text, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            pytest.fail(f"il programma non ha finito in {TIMEOUT} secondi")
        assert process.returncode == 0, err
        answer: dict[str, Any] = json.loads(out)
        return answer
