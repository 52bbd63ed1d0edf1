"""Fixtures of the command line: a runner, a pipeline made by hand, an office folder."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))  # the room's own sample module

from sample import consolidation

from perfxl.cli.app import cli


@pytest.fixture
def run(monkeypatch):
    """`run("valuta", "--target", …)`: exit code, stdout, stderr of a command, in this process."""
    monkeypatch.delenv("PERFXL_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "160")

    def invoke(*args):
        return CliRunner().invoke(cli, [str(arg) for arg in args], prog_name="perfxl")

    return invoke


@pytest.fixture
def perfxl(monkeypatch):
    """`perfxl("--help")`: the same in a process of its own, as an office runs it; `env` adds to the environment."""
    monkeypatch.delenv("PERFXL_DEBUG", raising=False)

    def invoke(*args, env=None, cwd=None, encoding="utf-8"):
        import os

        environment = {**os.environ, "PYTHONIOENCODING": encoding, **(env or {})}
        command = [sys.executable, "-m", "perfxl", *map(str, args)]
        return subprocess.run(command, capture_output=True, env=environment, cwd=cwd, timeout=120, check=False)

    return invoke


@pytest.fixture
def pipeline(monkeypatch):
    """A pipeline that gives `pipeline.result` (or raises it) and remembers what it was asked in `pipeline.calls`."""
    state = types.SimpleNamespace(result=consolidation(), calls=[])

    def consolidate(paths, **options):
        state.calls.append((list(paths), options))
        if isinstance(state.result, BaseException):
            raise state.result
        return state.result

    room = types.ModuleType("perfxl.pipeline")
    room.consolidate = consolidate
    writers = types.ModuleType("perfxl.writers")
    writers.default_name = lambda result: f"Consolidato_prova_{result.year}.xlsx"
    monkeypatch.setitem(sys.modules, "perfxl.pipeline", room)
    monkeypatch.setitem(sys.modules, "perfxl.writers", writers)
    return state


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A folder with one (empty) workbook, `fogli/U1.1.xlsx`, and the current folder beside it."""
    folder = tmp_path / "fogli"
    folder.mkdir()
    (folder / "U1.1.xlsx").write_bytes(b"PK")
    here = tmp_path / "qui"
    here.mkdir()
    monkeypatch.chdir(here)
    return folder
