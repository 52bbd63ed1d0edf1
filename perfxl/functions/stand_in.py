"""What xlwings needs of Windows to load off it: pywin32 and `ctypes.windll` as empty shells, in a process of their own.

With them the real `xlwings.udfs` and `xlwings.com_server` run on any system: they write the VBA wrappers and make the calls that
they make in Excel. Nothing of Excel is imitated: what would reach it fails.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import importlib.util
import subprocess
import sys
from datetime import UTC
from types import ModuleType
from typing import Any

PYWIN32 = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32con",
    "win32event",
    "win32gui",
    "win32process",
    "win32timezone",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.dispatcher",
    "win32com.server.exception",
    "win32com.server.policy",
    "win32com.server.util",
)
LOADED_FIRST = (asyncio, ctypes, subprocess)
"""The standard library looks at the platform when it is loaded: these must be there before it is said to be Windows."""


class Hollow(type):
    """Every name is there in the class too: `oledll.ole32.CLSIDFromString(…)`."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = Hollow(name, (Empty,), {})
        setattr(cls, name, made)
        return made


class Empty(metaclass=Hollow):
    """Takes any arguments and does nothing; two are equal where class and arguments are (`pywintypes.IID`)."""

    arguments: tuple[Any, ...]

    def __init__(self, *arguments: Any, **_: Any) -> None:
        self.arguments = arguments

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.arguments == getattr(other, "arguments", None)

    def __hash__(self) -> int:
        return hash(type(self))

    def __getattr__(self, name: str) -> Any:
        return getattr(type(self), name)


class Shell(ModuleType):
    """A module in which every name is there, and is a class of its own."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        special: dict[str, Any] = {"wrap": Wrapped, "unwrap": unwrap, "com_error": ComError}
        made = special.get(name) or Hollow(name, (Empty,), {})
        setattr(self, name, made)
        return made


class ComError(Exception):
    """`pywintypes.com_error`."""


def unwrap(obj: Any) -> Any:
    """Nothing that comes from Excel is an object of ours."""
    raise ComError(obj)


class Wrapped:
    """What `win32com.server.util.wrap` gives: the object itself, kept."""

    def __init__(self, obj: Any, *_: Any, **__: Any) -> None:
        self.wrapped = obj


def load_xlwings() -> ModuleType:
    """Xlwings as on Windows, its decorators for functions included.

    Only for a process that does nothing else: the modules stay in place of pywin32's.
    """
    for name in ("numpy", "pandas"):
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    for name in PYWIN32:
        shell = Shell(name)
        shell.__path__ = []
        sys.modules[name] = shell
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, shell)
    for name in ("windll", "oledll"):
        if not hasattr(ctypes, name):
            setattr(ctypes, name, Shell(name))
    sys.modules["pythoncom"].TypeIIDs = {sys.modules["pythoncom"].IID_IDispatch: type("PyIDispatch", (), {})}  # type: ignore[attr-defined]
    sys.modules["pythoncom"].__file__ = ""
    sys.modules["win32timezone"].TimeZoneInfo = type("TimeZoneInfo", (), {"utc": lambda: UTC})  # type: ignore[attr-defined]
    platform, library = sys.platform, ctypes.PyDLL
    sys.platform = "win32"
    ctypes.PyDLL = Hollow("PyDLL", (Empty,), {})  # type: ignore[assignment,misc]
    try:
        xlwings = importlib.import_module("xlwings")
        importlib.import_module("xlwings.udfs")
        importlib.import_module("xlwings.com_server")
    finally:
        sys.platform = platform
        ctypes.PyDLL = library  # type: ignore[misc]
    return xlwings
