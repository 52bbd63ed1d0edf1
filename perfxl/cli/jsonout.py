"""JSON out: to a file (whole or not at all) or to standard output, with exact decimals as plain numbers."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from perfxl.cli.guard import os_error_text
from perfxl.errors import OutputError

STDOUT = "-"


def json_number(value: Decimal | Fraction | None) -> int | float | None:
    """80 for `Decimal("80.00")`, 42.75 for `Decimal("42.75")`; None stays None."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def dumps(data: Any, *, ascii_only: bool = False) -> str:
    """JSON text, indented, in reading order; decimals and fractions become numbers, dates ISO strings.

    A byte of a file's name that is no character is a `?`: a lone surrogate is nothing that a reader of JSON must take.
    """
    text = json.dumps(data, ensure_ascii=ascii_only, indent=2, default=_plain)
    return text.encode(errors="replace").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, (Decimal, Fraction)):
        return json_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Path, tuple, set, frozenset)):
        return str(value) if isinstance(value, Path) else list(value)
    raise TypeError(f"{type(value).__name__} non è rappresentabile in JSON")


def write_json(data: Any, target: str) -> None:
    """Write `data` to the file `target`, or to standard output when it is `-`. Raises `OutputError`."""
    if target == STDOUT:
        encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
        click.echo(dumps(data, ascii_only=encoding != "utf8"))
        return
    _write_whole(Path(target), dumps(data) + "\n")


def _write_whole(path: Path, text: str) -> None:
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".perfxl-", suffix=".json", dir=path.parent)
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        if os.name != "nt":
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)  # mkstemp's file is the owner's alone
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
        error.filename = str(path)
        raise OutputError(f"il JSON non si può scrivere: {os_error_text(error)}", path=str(path)) from error
