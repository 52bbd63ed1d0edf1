"""`perfxl schede`: what it writes, what it says, how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from perfxl.cli.app import cli
from perfxl.forms import read_identity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *args: CliRunner().invoke(cli, ["schede", *map(str, args)], prog_name="perfxl")


def test_writes_one_workbook_an_office(run: Run, workbooks: Path, tmp_path: Path) -> None:
    plan, sheets, out = workbooks / "massacarrara-2019-piano", workbooks / "massacarrara-2019", tmp_path / "schede"
    done = run("--piano", plan, "--fogli", sheets, "-o", out, "--periodo", "1° quadrimestre", "--anno", "2019")
    assert done.exit_code == 0, done.output
    assert len(list(out.iterdir())) == 8
    assert not [path for path in out.iterdir() if path.name.startswith("PO")]
    assert "Indicatori in nessuna scheda: 6" in done.stdout
    assert done.stdout.count("2.1.1 Obiettivo") == 6
    assert "U5.1-U5.2_monitoraggio_2019.xlsx" in done.stdout
    identity = read_identity(out / "U2.1_monitoraggio_2019.xlsx")
    assert identity is not None
    assert (identity.period, identity.year) == ("1° quadrimestre", 2019)
    again = run("--piano", plan, "--fogli", sheets, "-o", out)
    assert again.exit_code == 0
    assert len(list(out.iterdir())) == 16
    assert "PX-S002" in again.stdout


def test_people_when_asked(run: Run, workbooks: Path, tmp_path: Path) -> None:
    plan = workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
    done = run("--piano", plan, "--fogli", workbooks / "massacarrara-2019", "-o", tmp_path, "--po")
    assert done.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} >= {f"PO{n}_monitoraggio_2019.xlsx" for n in (2, 3, 4, 5)}


def test_lucca(run: Run, workbooks: Path, tmp_path: Path) -> None:
    done = run(
        "--piano", workbooks / "lucca-2017" / "Report_direzionale_2017_Area1.xlsx", "--metodo", "lucca-2017", "-o", tmp_path
    )
    assert done.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["Area1_monitoraggio_2017.xlsx"]


def test_without_dashboards_it_says_what_is_missing(run: Run, workbooks: Path, tmp_path: Path) -> None:
    out = tmp_path / "schede"
    done = run("--piano", workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx", "-o", out)
    assert done.exit_code == 2
    assert "--fogli" in done.stderr
    assert not out.exists()


def test_never_over_a_file_that_is_read(run: Run, workbooks: Path) -> None:
    sheets = workbooks / "massacarrara-2019"
    done = run("--piano", workbooks / "massacarrara-2019-piano", "--fogli", sheets, "-o", sheets)
    assert done.exit_code == 2  # the session's fixture proves that the workbooks stay as they are
    assert "scriverebbe sopra un file da leggere" in done.stderr


def test_a_method_that_is_not_there(run: Run, workbooks: Path, tmp_path: Path) -> None:
    done = run("--piano", workbooks / "massacarrara-2019-piano", "-o", tmp_path, "--metodo", "pisa-1300")
    assert done.exit_code == 2
    assert "pisa-1300" in done.stderr
