"""Many workbooks: whoever reads them, this process or another beside it, the result is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.readers import Readers, many, read_workbook, workbook

WORKBOOKS = Path(__file__).parents[2] / "workbooks"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Dashboards, statements, a text that says it is a workbook, a file that isn't there: forty paths."""
    folder = tmp_path_factory.mktemp("molte")
    broken = folder / "rotta.xlsx"
    broken.write_text("non è un foglio", encoding="utf-8")
    some = sorted(WORKBOOKS.glob("massacarrara-2019/*.xlsx")) + sorted(WORKBOOKS.glob("lucca-2017/*.xlsx"))
    return [*some, broken, folder / "manca.xlsx"] * 2


@pytest.fixture
def beside(monkeypatch):
    """The processes that were started; two processors, and few files are enough."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*arguments, **named):
        started.append(popen(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(many, "FEW", 8)
    monkeypatch.setattr(many, "_processors", lambda: 2)
    monkeypatch.setattr(many.subprocess, "Popen", start)
    return started


def read(files, other=None, before=lambda: None):
    seen: list[tuple[int, int]] = []
    with Readers(files) as readers:
        before()
        books = readers.read(other, lambda done, total, _: seen.append((done, total)))
    assert seen[-1] == (len(files), len(files))
    assert all(done <= total for done, total in seen)
    return books


def test_the_same_is_read_as_one_by_one(files, beside):
    assert read(files) == [read_workbook(file) for file in files]
    assert len(beside) == 1
    assert beside[0].returncode is not None


def test_the_process_beside_does_its_part(files, beside, monkeypatch):
    here = []
    real = workbook.read_as_of
    monkeypatch.setattr(workbook, "read_as_of", lambda path, *more, **named: here.append(path) or real(path, *more, **named))
    read(files * 4, before=lambda: None)
    assert len(beside) == 1
    assert 0 < len(here) < len(files) * 4


def test_a_sheet_for_the_statements_is_offered_here(files, beside):
    offered, alone = [], []
    books = read(files, lambda grid: offered.append((grid.file, grid.name)) or True)
    wanted = [read_workbook(file, other=lambda grid: alone.append((grid.file, grid.name)) or True) for file in files]
    assert books == wanted
    assert alone
    assert sorted(offered) == sorted(alone)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_that_dies_loses_nothing(files, beside):
    books = read(files, before=lambda: beside[0].send_signal(signal.SIGKILL))
    assert books == [read_workbook(file) for file in files]


def test_a_process_that_says_nothing_sensible_loses_nothing(files, beside, monkeypatch):
    monkeypatch.setattr(many, "_START", "import sys; sys.path[:] = {path!r}; print('Traceback: x')")
    assert read(files) == [read_workbook(file) for file in files]


def test_no_process_where_none_can_start(files, beside, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(files[0].parent / "python-che-non-esiste"))
    assert read(files) == [read_workbook(file) for file in files]
    assert not beside


def test_no_process_inside_another_program(files, beside, monkeypatch):
    """The interpreter inside LibreOffice: its executable isn't a Python that takes our options."""
    monkeypatch.setattr(sys, "executable", "/usr/lib/libreoffice/program/soffice.bin")
    read(files)
    assert not beside


def test_no_process_for_few_workbooks(files, beside):
    read(files[:7])
    assert not beside


def test_an_error_meanwhile_leaves_no_process(files, beside):
    with pytest.raises(ValueError, match="metodo"), Readers(files):
        raise ValueError("metodo")
    assert beside[0].returncode is not None
