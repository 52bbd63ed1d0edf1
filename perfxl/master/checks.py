"""`perfxl installa --controlla`: what is there, what is missing, what doesn't match. Nothing is changed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.errors import InputError
from perfxl.master.vba import XLWINGS_MODULE, builder_library

if TYPE_CHECKING:
    from perfxl.master.machine import Machine

_VERSION = re.compile(r'XLWINGS_VERSION As String = "([^"]+)"')
_CUSTOM = re.compile(rb'name="xlwings"[^>]*>\s*<vt:lpwstr>([^<]+)<')


class Check(NamedTuple):
    """A line of the answer: what was looked at, whether it is in order, what was found, what to do if it isn't."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def checks(machine: Machine, master: Path | None) -> tuple[Check, ...]:
    """All that Excel needs to run perfxl, in the order in which it should be put right. `master`: the workbook to compare."""
    values = machine.values()
    return (
        _excel(machine),
        _xlwings(machine),
        _functions(machine),
        _addin(machine),
        _settings(machine, values),
        _modules(values),
        _path(machine, values),
        _master(machine, master),
    )


def _excel(machine: Machine) -> Check:
    if not machine.windows:
        return Check(
            "Excel per Windows",
            False,
            "questo computer non ha Windows",
            "Usare la riga di comando, o LibreOffice con l'estensione di perfxl.",
        )
    found = f"versione {machine.excel}" if machine.excel else "non trovato"
    return Check("Excel per Windows", machine.excel is not None, found, "Installare Microsoft Excel.")


def _xlwings(machine: Machine) -> Check:
    found = f"versione {machine.xlwings}" if machine.xlwings else "non installato"
    return Check("xlwings", machine.xlwings is not None, found, "Dare: pip install xlwings")


def _functions(machine: Machine) -> Check:
    found = str(machine.udfs / "udfs.py") if machine.udfs else "non trovato"
    return Check("Funzioni (udfs.py)", machine.udfs is not None, found, "Installare di nuovo perfxl.")


def _addin(machine: Machine) -> Check:
    ok = machine.addin.is_file()
    return Check("Componente aggiuntivo", ok, str(machine.addin) if ok else f"manca {machine.addin}", "Dare: perfxl installa")


def _settings(machine: Machine, values: dict[str, str]) -> Check:
    """The interpreter of the settings must exist, and be the one that has perfxl."""
    typed = values.get("INTERPRETER_WIN", "")
    if not values:
        return Check("Impostazioni di xlwings", False, f"manca {machine.settings}", "Dare: perfxl installa")
    if values.get("CONDA PATH") and values.get("CONDA ENV"):
        return Check("Impostazioni di xlwings", True, f"ambiente conda «{values['CONDA ENV']}»")
    ok = bool(typed) and Path(typed) == machine.interpreter
    found = f"Python in {typed}" if typed else "manca INTERPRETER_WIN"
    return Check("Impostazioni di xlwings", ok, found, f"Dare «perfxl installa» (perfxl è in {machine.interpreter}).")


def _modules(values: dict[str, str]) -> Check:
    typed = values.get("UDF MODULES", "")
    ok = "udfs" in typed.split(";")
    return Check("Modulo delle funzioni", ok, f"UDF MODULES = {typed}" if typed else "manca UDF MODULES", "Dare: perfxl installa")


def _path(machine: Machine, values: dict[str, str]) -> Check:
    typed = [part for part in values.get("PYTHONPATH", "").split(";") if part]
    ok = machine.udfs is not None and any(Path(part) == machine.udfs for part in typed)
    return Check(
        "Percorso delle funzioni", ok, f"PYTHONPATH = {';'.join(typed)}" if typed else "manca PYTHONPATH", "Dare: perfxl installa"
    )


def _master(machine: Machine, master: Path | None) -> Check:
    what = "Versione nella cartella master"
    if master is None or not master.is_file():
        return Check(what, False, f"manca {master or 'perfxl_master.xlsm'}", "Dare: perfxl master -o perfxl_master.xlsm")
    found = vba_version(master)
    if found is None:
        return Check(what, False, f"{master.name}: non contiene il codice di xlwings", "Rifare la cartella con «perfxl master».")
    ok = found == machine.xlwings
    remedy = f'Dare: pip install "xlwings=={found}", oppure rifare la cartella con «perfxl master».'
    return Check(what, ok, f"{master.name}: codice VBA {found}, xlwings {machine.xlwings or 'non installato'}", remedy)


def vba_version(workbook: Path) -> str | None:
    """The version of xlwings whose VBA is in a workbook; None where there is none.

    Read from the VBA itself where pyOpenVBA is installed, else from the property that the builder leaves in the workbook.
    """
    try:
        library = builder_library()
    except InputError:
        return _declared_version(workbook)
    try:
        with library.ExcelFile(workbook) as book:
            source = book.vba_modules().get(XLWINGS_MODULE, "")
    except (library.PyOpenVBAError, OSError, zipfile.BadZipFile, ValueError):
        return None
    found = _VERSION.search(source)
    return found[1] if found else None


def _declared_version(workbook: Path) -> str | None:
    try:
        with zipfile.ZipFile(workbook) as parts:
            found = _CUSTOM.search(parts.read("docProps/custom.xml"))
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
    return found[1].decode("utf-8") if found else None
