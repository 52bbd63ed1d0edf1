"""Excel left as it was found: screen updating, calculation, events, alerts, status bar, active sheet – whatever happens."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from perfxl.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTEMPTS = 3
"""Excel refuses a call while a cell is being edited or a dialog is open: the way back is tried again."""

_BUSY: tuple[tuple[str, Any], ...] = (
    ("screen_updating", False),
    ("enable_events", False),
    ("display_alerts", False),
    ("calculation", "manual"),
)


class Status:
    """Progress in Excel's status bar; a step is shown when its text changes."""

    def __init__(self, app: Any, macro: str) -> None:
        self._app, self._macro, self._shown = app, macro, ""

    def show(self, text: str) -> None:
        """`perfxl – Ricalcola: lettura di «ISR» (3 di 12)`."""
        if text != self._shown:
            self._shown = text
            self._app.status_bar = f"perfxl – {self._macro}: {text}"


@contextmanager
def quiet(book: Any, macro: str) -> Iterator[Status]:
    """Switch off what makes Excel slow or talkative, and put everything back at the end, even after an error.

    Each setting is put back by itself and tried more than once; if one can't be, the others are, and OutputError names it.
    """
    app = book.app
    before: list[tuple[Any, str, Any]] = []
    active: list[Any] = []
    try:
        before.append((app, "status_bar", app.status_bar))
        active.append(book.sheets.active)
        for name, value in _BUSY:
            before.append((app, name, getattr(app, name)))
            setattr(app, name, value)
        yield Status(app, macro)
    finally:
        for sheet in active:
            again(sheet.activate)  # the tab may have been removed: then Excel has chosen another
        stuck = [name for owner, name, value in reversed(before) if not _put_back(owner, name, value)]
        if stuck:
            raise OutputError(f"Excel non ha ripreso le impostazioni di prima ({', '.join(stuck)}): chiuderlo e riaprirlo.")


def _put_back(app: Any, name: str, value: Any) -> bool:
    return again(lambda: setattr(app, name, value))


def again(action: Any) -> bool:
    """Do what must be done on the way out, trying more than once; False where Excel refused each time."""
    for _ in range(ATTEMPTS):
        try:
            action()
            done = True
        except Exception:  # noqa: BLE001 – pywin32's error has no base that exists on every system
            done = False  # said by the caller, once all attempts have failed
        if done:
            return True
    return False
