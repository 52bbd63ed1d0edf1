"""The paths of a command: what is read, and what must never be written over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".ods", ".xls"})


def refuse_input(output: str | None, inputs: Iterable[str | Path], option: str) -> None:
    """A usage error when an output would take the place of a file that is read: users' files are never written."""
    if not output or output == "-":
        return
    target = Path(output)
    if target.is_dir():
        raise click.UsageError(f"{option} vuole il nome di un file, e «{output}» è una cartella.")
    if option == "--json" and target.suffix.lower() in WORKBOOKS:
        raise click.UsageError(f"--json scrive un file JSON: «{output}» ha il nome di una cartella di lavoro.")
    for path in map(Path, inputs):
        if target.exists() and path.is_file() and target.samefile(path):
            raise click.UsageError(f"{option} scriverebbe sopra un file da leggere: «{output}».")


def user_declarations(paths: Iterable[str | Path]) -> tuple[Any, ...]:
    """The declarations of `--prospetto`, read and checked. Raises `DeclarationError`."""
    paths = tuple(paths)
    if not paths:
        return ()
    from perfxl.statements import load_declaration

    return tuple(load_declaration(path) for path in paths)


def user_layouts(paths: Iterable[str | Path]) -> tuple[Any, ...]:
    """The layouts of `--layout`, read and checked. Raises `LayoutError`."""
    paths = tuple(paths)
    if not paths:
        return ()
    from perfxl.readers import load_layout

    return tuple(load_layout(path) for path in paths)
