"""Writing a file so that nothing is ever lost: what was there is kept as a numbered copy, what is new arrives whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable


def keep_copy(path: Path) -> Path:
    """Copy an existing file to `name (1).xlsx`, `name (2).xlsx` … – the first free – and return the copy's path.

    Raises OutputError where the copy can't be made.
    """
    for number in count(1):
        copy = path.with_name(f"{path.stem} ({number}){path.suffix}")
        try:
            with copy.open("xb") as target, path.open("rb") as source:
                shutil.copyfileobj(source, target)
        except FileExistsError:
            continue
        except OSError as error:
            raise OutputError(f"Non posso conservare una copia di {path}: {_reason(error)}.", path=str(path)) from error
        shutil.copystat(path, copy)
        return copy
    raise AssertionError("count() never ends")


def check_writable(path: Path) -> None:
    """Raise OutputError where the file can't be put or replaced at `path`: before anything is computed or copied."""
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path} è una cartella: indicare il nome di un file .xlsx.", path=str(path))
    if not folder.is_dir():
        raise OutputError(f"La cartella {folder} non esiste: crearla, o indicarne un'altra.", path=str(path))
    if path.exists():
        try:
            with path.open("r+b"):
                pass
        except OSError as error:
            message = (
                f"{path} non si può sostituire ({_reason(error)}): chiuderlo se è aperto in Excel, o indicare un altro nome."
            )
            raise OutputError(message, path=str(path)) from error


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a temporary file in the same folder, then put it in the place of `path` in one step.

    Raises OutputError; the temporary file is removed in any case.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".perfxl-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except OSError as error:
        message = f"Non posso scrivere {path}: {_reason(error)}. Indicare con -o una cartella in cui si possa scrivere."
        raise OutputError(message, path=str(path)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permesso negato"
    return (error.strerror or str(error)).rstrip(".")
