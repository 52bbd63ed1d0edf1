"""The host's own objects (COM on Windows) for what xlwings' object model doesn't say; every use has an answer without them."""

from __future__ import annotations

from typing import Any

VERY_HIDDEN = 2
"""xlSheetVeryHidden: not in the list of *Scopri*."""


def native(thing: Any) -> Any:
    """The native object of an app, book, sheet or range; None on a host that has none of Excel's."""
    try:
        return thing.api
    except (NotImplementedError, AttributeError):
        return None


def is_protected(sheet: Any) -> bool:
    """Whether the cells of a sheet are protected; False where the host can't say (then Excel refuses the writing itself)."""
    api = native(sheet)
    return bool(api is not None and getattr(api, "ProtectContents", False))


def structure_is_protected(book: Any) -> bool:
    """Whether tabs can't be added or removed."""
    api = native(book)
    return bool(api is not None and getattr(api, "ProtectStructure", False))


def hide_deeply(sheet: Any) -> None:
    """Hide a sheet so that only a program can show it again; plainly hidden on a host that knows no such thing."""
    api = native(sheet)
    if api is None:
        sheet.visible = False
    else:
        api.Visible = VERY_HIDDEN
