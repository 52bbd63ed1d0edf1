"""`perfxl installa`: the add-in and the settings that Excel for Windows needs, through xlwings' own command-line functions."""

from __future__ import annotations

import argparse
import contextlib
import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

from perfxl.errors import OutputError
from perfxl.master.machine import UDF_MODULE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.master.machine import Machine

SEPARATOR = ";"


def install(machine: Machine) -> tuple[str, ...]:
    """Install the add-in, write the settings; what was done, a sentence each.

    Settings of the user's own stay: our module and folder are added to those that are there.

    Raises:
        OutputError: Excel kept the add-in's file for itself, or the settings can't be written.
    """
    assert machine.xlwings is not None
    assert machine.udfs is not None
    had_addin = machine.addin.is_file()
    said = _addin()
    if not machine.addin.is_file():
        why = said.strip().splitlines()[-1] if said.strip() else "nessuna spiegazione"
        raise OutputError(
            f"il componente aggiuntivo non è stato installato in {machine.addin}: chiudere Excel e riprovare ({why}).",
            path=str(machine.addin),
        )
    done = [
        f"Componente aggiuntivo di xlwings {machine.xlwings} {'aggiornato' if had_addin else 'installato'} in {machine.addin}."
    ]
    try:
        done += _settings(machine)
    except OSError as error:
        raise OutputError(
            f"le impostazioni non si possono scrivere in {machine.settings} ({error.strerror}).", path=str(machine.settings)
        ) from error
    done.append("Riaprire Excel perché le veda.")
    return tuple(done)


def _addin() -> str:
    """What `xlwings addin install` does, and the (English) words that it prints."""
    cli = _xlwings_cli()
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        cli.addin_install(argparse.Namespace(dir=None, file=None, glob=False))
    return words.getvalue()


def _xlwings_cli() -> Any:
    return import_module("xlwings.cli")


def _settings(machine: Machine) -> Iterable[str]:
    cli = _xlwings_cli()
    before = machine.values()
    wanted = {
        "UDF MODULES": _with(before.get("UDF MODULES", ""), UDF_MODULE),
        "PYTHONPATH": _with(before.get("PYTHONPATH", ""), str(machine.udfs)),
    }
    if not (before.get("CONDA PATH") and before.get("CONDA ENV")):
        wanted = {"INTERPRETER_WIN": str(machine.interpreter), **wanted}
    for key, value in wanted.items():
        if before.get(key) == value:
            yield f"{key} era già {value}."
            continue
        cli.update_user_config(key, value)
        yield f"{key} = {value}, scritto in {machine.settings}."


def _with(listed: str, item: str) -> str:
    """The list with `item` in it, once, after what was there."""
    items = [part for part in listed.split(SEPARATOR) if part]
    return SEPARATOR.join(items if item in items else [*items, item])
