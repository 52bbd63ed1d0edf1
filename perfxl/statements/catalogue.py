"""Declarations: reading their files, checking them, and the ones that perfxl ships."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from perfxl.toml_files import checked, read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.statements.schema import Declaration


def load_declaration(path: str | Path) -> Declaration:
    """The declaration of a TOML file (`--prospetto FILE.toml`; format in docs/prospetti.md).

    Raises:
        DeclarationError: (attributes `file`, `key`) the file can't be read or isn't valid.
    """
    return _checked(read_toml(path, "prospetto"), str(path))


@lru_cache(maxsize=1)
def shipped_declarations() -> tuple[Declaration, ...]:
    """The tables that perfxl knows, in the order of their names."""
    folder = files("perfxl.statements").joinpath("declarations")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(_checked(item.read_text(encoding="utf-8"), item.name) for item in found)


def _checked(text: str, file: str) -> Declaration:
    from perfxl.statements.schema import Declaration

    return checked(text, file, Declaration)
