"""The paths of a command: what is read, and what must never be written over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".ods", ".xls"})


def refuse_input(output: str | None, inputs: Iterable[str | Path], option: str) -> None:
    """A usage error when an output would take the place of a file that is read: users' files are never written.

    Files are refused in the folders given too. What perfxl produced there before isn't read, and may be replaced.
    """
    if not output or output == "-":
        return
    target = Path(output)
    if target.is_dir():
        raise click.UsageError(f"{option} vuole il nome di un file, e «{output}» è una cartella.")
    if option == "--json" and target.suffix.lower() in WORKBOOKS:
        raise click.UsageError(f"--json scrive un file JSON: «{output}» ha il nome di una cartella di lavoro.")
    if not target.is_file():
        return
    if any(_holds(path, target) for path in map(Path, inputs)):
        raise click.UsageError(f"{option} scriverebbe sopra un file da leggere: «{output}».")
    if option == "--json" and not _is_json(target):
        raise click.UsageError(f"--json scriverebbe sopra un file che non è JSON: «{output}».")


def refuse_round_file(output: str | None, folder: str) -> None:
    """A usage error when a JSON would be written among the files of a round, or over another that isn't JSON."""
    from perfxl.rounds.folder import OWN_FILES, OWN_FOLDERS

    refuse_input(output, (), "--json")
    if not output or output == "-":
        return
    target, home = Path(output).resolve(), Path(folder).resolve()
    if not target.is_relative_to(home):
        return
    first, *rest = target.relative_to(home).parts
    if first.casefold() in OWN_FOLDERS if rest else OWN_FILES.fullmatch(first):
        raise click.UsageError(f"--json scriverebbe tra i file del giro: «{output}».")


def _holds(path: Path, target: Path) -> bool:
    """Whether `target` is the file `path`, or one of those that are read in the folder `path`."""
    if path.is_file():
        return target.samefile(path)
    if not any(target.samefile(file) for file in path.rglob("*") if file.is_file()):
        return False
    from perfxl.readers.ours import is_ours

    return target.suffix.lower() in WORKBOOKS and not is_ours(target)


def _is_json(path: Path) -> bool:
    """Whether a file may be an earlier JSON of ours, or is empty. A journal of lines (`.jsonl`) is no output of ours to replace."""
    with path.open("rb") as file:
        start = file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    return path.suffix.lower() != ".jsonl" and start[:1] in (b"", b"{")


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
