"""The extension as `make oxt` builds it, installed into a LibreOffice profile of these tests' own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from application import libreoffice
from application.presence import application_missing
from extension.calc import Calc, office_python

REMEDY = "installare libreoffice-calc e python3-uno, poi make oxt (make test lo fa dove apt lo permette)."


@pytest.fixture(scope="session")
def oxt(repository, tmp_path_factory):
    """perfxl.oxt built from the sources as they are now, for the LibreOffice that is here."""
    if libreoffice.find_soffice() is None or office_python() is None:
        application_missing("LibreOffice Calc (con python3-uno)", REMEDY)
    target = tmp_path_factory.mktemp("oxt") / "perfxl.oxt"
    command = [sys.executable, "scripts/oxt.py", "-o", str(target)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        application_missing(f"Estensione perfxl.oxt ({done.stderr.strip()})", REMEDY)
    return target


@pytest.fixture(scope="session")
def calc(oxt, tmp_path_factory):
    """LibreOffice Calc with the extension."""
    return Calc(tmp_path_factory.mktemp("calc"), oxt)
