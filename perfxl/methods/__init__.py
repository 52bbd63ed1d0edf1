"""Methods as data: one TOML profile a body and year, read against a schema that knows every axis (docs/metodi.md).

Importing this room costs nothing: pydantic is imported when a profile is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.errors import MethodError
from perfxl.methods.catalogue import MethodInfo, available_methods
from perfxl.on_demand import on_demand

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.methods.schema import Method

__all__ = ["Method", "MethodError", "MethodInfo", "available_methods", "load_method"]


def load_method(name_or_path: str | Path) -> Method:
    """A shipped profile by name (`massacarrara-2019`), or a user's own TOML file by path.

    Args:
        name_or_path: anything ending in `.toml`, or holding a path separator, is a file; the rest is a name.

    Raises:
        MethodError: unknown name, file that can't be read, TOML that isn't valid, unknown key, value out of those allowed,
            missing key. Attributes: `file`, `key` (dotted), `allowed` (of the first), `errors` (all, in Italian).
    """
    from perfxl.methods.loader import load

    return load(name_or_path)


__getattr__ = on_demand(__name__, {"Method": "perfxl.methods.schema"})
