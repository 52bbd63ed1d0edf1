"""The `metodo` argument: a shipped profile's name or a file's path, each loaded once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import MethodError
from perfxl.functions.cells import Problem, flat, is_blank
from perfxl.methods import available_methods, load_method
from perfxl.model import cell_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

DEFAULT = "massacarrara-2019"


def profile_of(argument: object) -> Method | Problem:
    """The profile that the argument names (blank: `DEFAULT`), or why there is none."""
    cells = flat(argument)
    if len(cells) > 1:
        return Problem("metodo: indicare una sola cella")
    name = DEFAULT if is_blank(cells[0]) else cell_of(cells[0]).text.strip()
    if name.lower() in _shipped():
        return _loaded(name.lower(), 0)
    try:
        changed = Path(name).stat().st_mtime_ns
    except (OSError, ValueError):  # ValueError: a null character in the cell
        return Problem(f"metodo sconosciuto: {name}")
    return _loaded(name, changed)


@lru_cache(maxsize=1)
def _shipped() -> frozenset[str]:
    return frozenset(info.name for info in available_methods())


@lru_cache(maxsize=64)
def _loaded(name: str, changed: int) -> Method | Problem:  # noqa: ARG001 - a file that was changed is read again
    try:
        return load_method(name if name in _shipped() else Path(name))
    except MethodError as error:
        return Problem(f"metodo non valido: {error.message.splitlines()[0]}"[:255])
