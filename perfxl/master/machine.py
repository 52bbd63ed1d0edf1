"""The computer as `perfxl installa` sees it: is Excel there, where its add-ins start from, where xlwings keeps its settings."""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

ADDIN = "xlwings.xlam"
UDF_MODULE = "udfs"


@dataclass(frozen=True, slots=True)
class Machine:
    """What was found on a computer.

    Attributes:
        windows: whether it runs Windows, where alone Excel can call Python.
        excel: version of the installed Excel (`16.0`), None where there is none.
        startup: the folder from which Excel loads the user's add-ins.
        settings: xlwings' file of the user's settings.
        xlwings: version of the installed xlwings, None where there is none.
        interpreter: the Python that runs perfxl.
        udfs: the folder that holds `udfs.py`, None where it can't be imported.
        trusts_vba: whether Excel lets programs write VBA (`None`: not said), which only importing functions by hand needs.
    """

    windows: bool
    excel: str | None
    startup: Path
    settings: Path
    xlwings: str | None
    interpreter: Path
    udfs: Path | None
    trusts_vba: bool | None = None

    @property
    def addin(self) -> Path:
        """The xlwings add-in, where it should be."""
        return self.startup / ADDIN

    def values(self) -> dict[str, str]:
        """The settings of xlwings as they stand, by key; empty where there is no file."""
        if not self.settings.is_file():
            return {}
        with self.settings.open(encoding="locale", errors="replace", newline="") as file:
            return {row[0].upper(): row[1] for row in csv.reader(file) if len(row) > 1}


def this_machine() -> Machine:
    """The computer that perfxl runs on. Starts no program: registry and folders are only looked at."""
    home = Path.home()
    roaming = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    excel = _excel_version()
    return Machine(
        windows=sys.platform.startswith("win"),
        excel=excel,
        startup=roaming / "Microsoft" / "Excel" / "XLSTART",
        settings=home / ".xlwings" / "xlwings.conf",
        xlwings=_installed("xlwings"),
        interpreter=Path(sys.executable),
        udfs=_folder_of(UDF_MODULE),
        trusts_vba=_trusts_vba(excel),
    )


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _folder_of(module: str) -> Path | None:
    """The folder of a top-level module: among the installed ones, or beside the package in a checkout."""
    found = find_spec(module)
    if found is not None and found.origin:
        return Path(found.origin).parent
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / f"{module}.py").is_file() else None


def _excel_version() -> str | None:
    """`16.0`, from the class that Excel registers for automation."""
    value = _registry("HKEY_CLASSES_ROOT", r"Excel.Application\CurVer", "")
    return f"{str(value).rpartition('.')[2]}.0" if value else None


def _trusts_vba(excel: str | None) -> bool | None:
    key = rf"Software\Microsoft\Office\{excel or '16.0'}\Excel\Security"
    value = _registry("HKEY_CURRENT_USER", key, "AccessVBOM")
    return None if value is None else bool(value)


def _registry(root: str, key: str, name: str) -> object | None:
    """A value of Windows' registry; None where there is none, and on every other system."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(getattr(winreg, root), key) as opened:
            value: object = winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None
    return value
