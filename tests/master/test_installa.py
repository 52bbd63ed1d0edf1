"""`perfxl installa`, on a made-up Windows: a fake home, xlwings' own functions for the files."""

from __future__ import annotations

import csv
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlwings
from click.testing import CliRunner
from xlwings import cli as command_line

from perfxl.cli.app import cli
from perfxl.errors import OutputError
from perfxl.master import checks as looking
from perfxl.master import machine as machines
from perfxl.master.checks import checks, vba_version
from perfxl.master.install import install
from perfxl.master.machine import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A Windows with Excel and nothing installed; xlwings' functions write into the fake home."""
    startup = tmp_path / "Microsoft" / "Excel" / "XLSTART"
    startup.mkdir(parents=True)
    settings = tmp_path / ".xlwings" / "xlwings.conf"
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(settings))
    monkeypatch.setattr(command_line, "get_addin_dir", lambda _global=False: str(startup))
    monkeypatch.setattr(xlwings, "apps", [])
    return Machine(
        windows=True,
        excel="16.0",
        startup=startup,
        settings=settings,
        xlwings=xlwings.__version__,
        interpreter=Path(sys.executable),
        udfs=tmp_path / "site-packages",
    )


def settings_of(machine):
    with machine.settings.open(newline="", encoding="locale") as file:
        return dict(csv.reader(file))


def ok(found):
    return {check.what: check.ok for check in found}


def test_nothing_installed_is_told_line_by_line(machine, master):
    found = checks(machine, master)
    assert ok(found) == {
        "Excel per Windows": True,
        "xlwings": True,
        "Funzioni (udfs.py)": True,
        "Componente aggiuntivo": False,
        "Impostazioni di xlwings": False,
        "Modulo delle funzioni": False,
        "Percorso delle funzioni": False,
        "Versione nella cartella master": True,
    }
    assert all(check.remedy for check in found if not check.ok)


def test_installing_puts_everything_in_order_and_says_what_it_did(machine, master):
    said = install(machine)
    assert machine.addin.read_bytes() == (Path(xlwings.__file__).parent / "addin" / "xlwings.xlam").read_bytes()
    assert settings_of(machine) == {
        "INTERPRETER_WIN": sys.executable,
        "UDF MODULES": "udfs",
        "PYTHONPATH": str(machine.udfs),
    }
    assert said[0] == f"Componente aggiuntivo di xlwings {xlwings.__version__} installato in {machine.addin}."
    assert f"UDF MODULES = udfs, scritto in {machine.settings}." in said
    assert all(ok(checks(machine, master)).values())


def test_installing_twice_changes_nothing(machine):
    install(machine)
    before = machine.settings.read_bytes()
    said = install(machine)
    assert machine.settings.read_bytes() == before
    assert "aggiornato" in said[0]
    assert "UDF MODULES era già udfs." in said


def test_the_user_s_own_settings_stay(machine):
    machine.settings.parent.mkdir()
    machine.settings.write_text('"SHOW CONSOLE","True"\n"UDF MODULES","mie"\n"PYTHONPATH","C:\\mie"\n', encoding="utf-8")
    install(machine)
    assert settings_of(machine) == {
        "SHOW CONSOLE": "True",
        "INTERPRETER_WIN": sys.executable,
        "UDF MODULES": "mie;udfs",
        "PYTHONPATH": f"C:\\mie;{machine.udfs}",
    }


def test_a_conda_environment_keeps_its_own_interpreter(machine, master):
    machine.settings.parent.mkdir()
    machine.settings.write_text('"CONDA PATH","C:\\conda"\n"CONDA ENV","ufficio"\n', encoding="utf-8")
    install(machine)
    assert "INTERPRETER_WIN" not in settings_of(machine)
    assert ok(checks(machine, master))["Impostazioni di xlwings"]


def test_another_python_in_the_settings_is_an_error(machine, master):
    install(machine)
    line = next(c for c in checks(replace(machine, interpreter=Path("C:/altro/python.exe")), master) if "Impostazioni" in c.what)
    assert not line.ok
    assert "perfxl installa" in line.remedy


def test_an_add_in_that_excel_keeps_for_itself_is_told(machine, monkeypatch):
    def locked(*_):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(shutil, "copyfile", locked)
    with pytest.raises(OutputError, match="chiudere Excel e riprovare"):
        install(machine)


def test_versions_that_differ_are_an_error_line(machine, master):
    line = checks(replace(machine, xlwings="0.30.0"), master)[-1]
    assert not line.ok
    assert line.found == f"{master.name}: codice VBA {xlwings.__version__}, xlwings 0.30.0"
    assert f"xlwings=={xlwings.__version__}" in line.remedy


def test_a_workbook_without_the_vba_is_told(machine, workbooks, tmp_path):
    plain = workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
    assert vba_version(plain) is None
    assert "non contiene il codice di xlwings" in checks(machine, plain)[-1].found
    text = tmp_path / "testo.xlsm"
    text.write_text("non è una cartella di lavoro", encoding="utf-8")
    assert vba_version(text) is None
    assert "perfxl master" in checks(machine, tmp_path / "manca.xlsm")[-1].remedy


def test_the_version_is_known_without_the_builder_s_library_too(master, monkeypatch):
    assert vba_version(master) == xlwings.__version__
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    assert vba_version(master) == xlwings.__version__
    assert looking._declared_version(Path(__file__)) is None


def test_a_changed_vba_is_seen_in_the_vba_itself(master, tmp_path):
    """The property that the builder leaves says one thing, the code another: the code counts."""
    copy = tmp_path / "copia.xlsm"
    with zipfile.ZipFile(master) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(xlwings.__version__.encode(), b"0.1.1") if name == "docProps/custom.xml" else data)
    assert looking._declared_version(copy) == "0.1.1"
    assert vba_version(copy) == xlwings.__version__


def run(monkeypatch, machine, *words):
    monkeypatch.setattr(machines, "this_machine", lambda: machine)
    return CliRunner().invoke(cli, ["installa", *words], standalone_mode=False)


def test_elsewhere_than_windows_it_says_so_and_ends_with_2(monkeypatch, machine):
    done = run(monkeypatch, replace(machine, windows=False, excel=None))
    assert done.return_value == 2
    assert "serve Excel per Windows" in done.stderr
    assert not machine.settings.exists()
    assert not machine.addin.exists()


@pytest.mark.parametrize(
    ("lacking", "words"),
    [({"excel": None}, "Excel non è installato"), ({"xlwings": None}, "manca xlwings"), ({"udfs": None}, "udfs.py")],
)
def test_what_lacks_is_said_before_anything_is_written(monkeypatch, machine, lacking, words):
    done = run(monkeypatch, replace(machine, **lacking))
    assert done.return_value == 2
    assert words in done.stderr
    assert not machine.settings.exists()


def test_the_command_installs_and_then_finds_nothing_wrong(monkeypatch, machine, master):
    done = run(monkeypatch, machine)
    assert done.return_value == 0
    assert "Riaprire Excel" in done.output
    done = run(monkeypatch, machine, "--controlla", "--cartella", str(master))
    assert done.return_value == 0
    assert done.output.endswith("Tutto a posto.\n")
    machine.addin.unlink()
    done = run(monkeypatch, machine, "--controlla", "--cartella", str(master))
    assert done.return_value == 1
    assert f"ERRORE  Componente aggiuntivo: manca {machine.addin}" in done.output
    assert done.output.endswith("Da sistemare: 1 di 8.\n")


def test_looking_at_this_computer_starts_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    found = machines.this_machine()
    assert found.settings == tmp_path / ".xlwings" / "xlwings.conf"
    assert found.addin == tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"
    assert found.xlwings == xlwings.__version__
    assert (found.udfs / "udfs.py").is_file()
    assert list(tmp_path.iterdir()) == []
