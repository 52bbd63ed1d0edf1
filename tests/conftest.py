"""Fixtures that every room's tests share: the repository's workbooks, the golden tables, the real applications."""

from __future__ import annotations

import csv
import hashlib
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from application import dovecot as imap
from application import libreoffice as calc
from application import openssl, validator
from application.presence import application_missing, loud_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfxl.consolidation import Consolidation

REPOSITORY = Path(__file__).parents[1]
WORKBOOKS = REPOSITORY / "workbooks"
GOLDEN = Path(__file__).parent / "golden"

_MARKS = {"libreoffice": "libreoffice", "ooxml_validator": "validator"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs an application, so that `-m "not libreoffice"` is enough to leave it out."""
    for item in items:
        for fixture, mark in _MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud which applications were missing: a skipped proof must not look like a passed one."""
    for line in loud_lines():
        terminalreporter.write_line(line, yellow=True, bold=True)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def workbooks() -> Path:
    """The real workbooks, read-only: `massacarrara-2019`, `massacarrara-2019-piano`, `lucca-2017`."""
    return WORKBOOKS


@pytest.fixture(scope="session")
def golden() -> Callable[[str], list[dict[str, str]]]:
    """`golden("massacarrara-2019/tree")`: the rows of a table transcribed from the published documents."""

    def rows(name: str) -> list[dict[str, str]]:
        with (GOLDEN / name).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> calc.LibreOffice:
    """LibreOffice Calc: `recalculated(path)`, `rendered(path)`, `converted(path, "ods")`."""
    if calc.find_soffice() is None or calc.find_pdftoppm() is None:
        application_missing("LibreOffice Calc (con pdftoppm)", calc.REMEDY)
    return calc.LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def ooxml_validator() -> Callable[..., list[dict[str, Any]]]:
    """`ooxml_validator(path)`: the errors of the Open XML SDK, as a list of dictionaries."""
    if not validator.validator_is_installed():
        application_missing("Validatore Open XML", validator.REMEDY)
    return validator.validation_errors


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> openssl.Authority:
    """A certification authority made with openssl: `server()`, `person(name)`, `signed(data, signer)`."""
    if openssl.find_openssl() is None:
        application_missing("OpenSSL", openssl.REMEDY)
    return openssl.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def imap_server(authority: openssl.Authority) -> Iterator[imap.Dovecot]:
    """Dovecot on loopback: `host`, `port`, `user`, `password`, `ca_file`, `deliver(message)`, `messages()`, `empty()`."""
    if not imap.dovecot_is_known():
        application_missing("Dovecot 2.3 (dovecot-imapd)", imap.REMEDY)
    server = imap.Dovecot(authority)
    yield server
    server.stop()


def _bytes_of(paths: tuple[Path, ...]) -> dict[Path, str]:
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@contextmanager
def _unchanged(*paths: Path, nothing_added: bool = False) -> Iterator[None]:
    before = _bytes_of(paths)
    assert before, f"nessun file da sorvegliare in {[str(path) for path in paths]}"
    yield
    after = _bytes_of(paths)
    touched = sorted(str(file) for file, digest in before.items() if after.get(file) != digest)
    assert not touched, f"file cambiati o spariti: {touched}"
    added = sorted(str(file) for file in after.keys() - before.keys())
    assert not (nothing_added and added), f"file aggiunti accanto agli originali: {added}"


@pytest.fixture(scope="session")
def unchanged() -> Callable[..., Any]:
    """`with unchanged(folder_or_file, …):` – the same bytes afterwards; with `nothing_added=True` no new file either."""
    return _unchanged


@pytest.fixture(scope="session", autouse=True)
def _workbooks_stay_as_they_are() -> Iterator[None]:
    """Users' files are sacred: whatever the tests do, the repository's workbooks are the same at the end."""
    with _unchanged(WORKBOOKS, nothing_added=True):
        yield


@pytest.fixture(scope="session")
def massacarrara(workbooks: Path) -> Consolidation:
    """Massa-Carrara 2019 with its plan, at 30 April, consolidated once for all rooms."""
    from perfxl.pipeline import consolidate

    plan = workbooks / "massacarrara-2019-piano"
    return consolidate(workbooks / "massacarrara-2019", method="massacarrara-2019", plan=plan, as_of=date(2019, 4, 30))


@pytest.fixture(scope="session")
def lucca(workbooks: Path) -> Consolidation:
    """Lucca 2017: truncated at each level."""
    from perfxl.pipeline import consolidate

    return consolidate(workbooks / "lucca-2017", method="lucca-2017")


@pytest.fixture(scope="session")
def written(massacarrara: Consolidation, lucca: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbooks of the two bodies."""
    folder = tmp_path_factory.mktemp("written")
    bodies = {"massacarrara": massacarrara, "lucca": lucca}
    return {name: c.write(folder / f"{name}.xlsx") for name, c in bodies.items()}
