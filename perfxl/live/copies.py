"""Copies of the open workbook: numbered, with date and time, in a folder beside it; taken before anything is written."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from perfxl.errors import OutputError
from perfxl.live.native import native

_NUMBERED = re.compile(r" (\d{3,}) \d{4}-\d{2}-\d{2} \d{2}\.\d{2}\.\d{2}\.[a-z]+$")


def path_of(book: Any) -> Path:
    """Where the workbook lies. OutputError for one that was never saved or lies in the cloud only."""
    full = str(book.fullname)
    if full.startswith(("http:", "https:")):
        raise OutputError(
            "La cartella di lavoro è aperta dal cloud: salvarla in una cartella del computer e ripetere.", path=full
        )
    path = Path(full)
    if not path.is_absolute() or not path.parent.is_dir() or not path.exists():
        raise OutputError("La cartella di lavoro non è ancora stata salvata: salvarla e ripetere.", path=full)
    return path


def copies_folder(path: Path, archive: str = "") -> Path:
    """The folder of the copies: that of *Parametri* (relative to the workbook), else `<name> - copie perfxl` beside it."""
    return path.parent / archive if archive else path.with_name(f"{path.stem} - copie perfxl")


def take_copy(book: Any, archive: str = "") -> Path:
    """Save a copy of the workbook as it is now, also what wasn't saved yet; the workbook itself stays what it is.

    Raises OutputError: then nothing may be written.
    """
    path = path_of(book)
    folder = copies_folder(path, archive)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(found[1]) for each in folder.iterdir() if (found := _NUMBERED.search(each.name))]
    except OSError as error:
        raise OutputError(f"Non posso creare la cartella delle copie {folder}: {error.strerror}.", path=str(folder)) from error
    copy = folder / f"{path.stem} {max(numbers, default=0) + 1:03} {datetime.now():%Y-%m-%d %H.%M.%S}{path.suffix}"
    save_copy(book, copy)
    return copy


def save_copy(book: Any, path: Path) -> None:
    """Excel's *SaveCopyAs*. OutputError where the copy doesn't come to be."""
    api = native(book)
    if api is None:
        raise OutputError("Questa funzione ha bisogno di Excel per Windows, che salva una copia senza toccare l'originale.")
    try:
        api.SaveCopyAs(str(path))
    except Exception as error:
        raise OutputError(f"Non posso salvare la copia di sicurezza {path}: niente è stato scritto.", path=str(path)) from error
    if not path.exists():
        raise OutputError(f"La copia di sicurezza {path} non c'è: niente è stato scritto.", path=str(path))
