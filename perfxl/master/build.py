"""The master workbook, written by XlsxWriter on any system: tabs, buttons, VBA. The same content gives the same bytes."""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import InputError, OutputError
from perfxl.master import names
from perfxl.master.look import Look
from perfxl.master.tabs import cruscotto, guida, impostazioni, metodo, parametri, piano, uffici
from perfxl.master.vba import REMEDY, vba_project
from perfxl.version import __version__

if TYPE_CHECKING:
    from perfxl.master.content import MasterContent

SUFFIX = ".xlsm"
MADE = datetime(2019, 1, 1)
"""A constant, so that the same inputs give the same bytes."""
WRITERS = {
    names.GUIDE: guida.write,
    names.DASHBOARD: cruscotto.write,
    names.PLAN: piano.write,
    names.OFFICES: uffici.write,
    names.PARAMETERS: parametri.write,
    names.METHOD: metodo.write,
    names.SETTINGS: impostazioni.write,
}


def build(content: MasterContent, path: str | Path) -> Path:
    """See `perfxl.master.build_master`. Written beside the target first, then renamed: a file is there whole or not at all."""
    target = Path(path)
    if target.suffix.lower() != SUFFIX:
        raise OutputError(f"la cartella master contiene macro: «{target}» deve finire in {SUFFIX}.", path=str(target))
    data = workbook_bytes(content)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(
            f"la cartella master non si può scrivere in «{target}» ({error.strerror}).", path=str(target)
        ) from error
    return target


def workbook_bytes(content: MasterContent) -> bytes:
    """The whole .xlsm. Dates and identifiers in it are constant. Raises `InputError` without the extra `perfxl[master]`."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.add_vba_project(io.BytesIO(vba_project()), is_stream=True)
        book.set_vba_name(names.WORKBOOK_CODE_NAME)
        book.set_calc_mode("auto")
        _properties(book, content)
        look = Look(book)
        sheets = {tab: book.add_worksheet(tab) for tab in WRITERS}
        for tab, write in WRITERS.items():
            sheets[tab].set_vba_name(names.CODE_NAMES[tab])
            write(sheets[tab], look, content)
    return out.getvalue()


def xlwings_version() -> str:
    """The version of the xlwings whose VBA goes into the workbook: that installed here. Raises `InputError` where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("xlwings")
    except PackageNotFoundError as error:
        raise InputError(REMEDY, path="") from error


def _properties(book: Any, content: MasterContent) -> None:
    title = f"{content.parameters.body} – cartella del controllo di gestione {content.parameters.year or ''}".rstrip()
    book.set_properties({"title": title, "author": "perfxl", "company": content.parameters.body, "created": MADE})
    book.set_custom_property("perfxl", __version__)
    book.set_custom_property("xlwings", xlwings_version())
