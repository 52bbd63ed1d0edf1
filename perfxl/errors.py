"""Exceptions: what the caller must handle. One positional message, typed attributes, picklable.

    PerfxlError
    ├── MethodError      a profile that isn't valid          (file, key, allowed)
    ├── LayoutError      a layout file that isn't valid      (file, key, allowed)
    ├── DeclarationError a prospetto's file that isn't valid (file, key)
    ├── RoundError       a round that can't do what was asked (path)
    ├── InputError       nothing usable among what was given (path)
    ├── AdjustmentError  a rettifica that can't be accepted  (file, cell)
    └── OutputError      an output that can't be written     (path)

Bad data inside a workbook is never raised: it is a finding (see `perfxl.findings`).
"""

from __future__ import annotations

from typing import Any


class PerfxlError(Exception):
    """Base of all errors; `message` is one Italian sentence, attributes say where and what was allowed."""

    def __init__(self, message: str, **attributes: Any) -> None:
        super().__init__(message)
        self.message = message
        self.attributes = attributes

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["attributes"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.attributes)


def _rebuild(kind: type[PerfxlError], message: str, attributes: dict[str, Any]) -> PerfxlError:
    return kind(message, **attributes)


class MethodError(PerfxlError):
    """A method profile that isn't valid: attributes `file`, `key`, `allowed`."""


class LayoutError(PerfxlError):
    """A layout file that isn't valid: attributes `file`, `key`, `allowed`."""


class DeclarationError(PerfxlError):
    """The declaration of a table (`--prospetto`) that can't be read or isn't valid. Attributes: `file`, `key`."""


class RoundError(PerfxlError):
    """A monitoring round that can't do what it was asked (closed, locked, not there): attribute `path` where one is known."""


class InputError(PerfxlError):
    """Nothing usable among the paths given: attribute `path`."""


class AdjustmentError(PerfxlError):
    """A correction that can't be accepted (no reason, no target): attributes `file`, `cell`."""


class OutputError(PerfxlError):
    """An output that can't be written: attribute `path`."""
