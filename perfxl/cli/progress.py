"""The progress bar: on a terminal only, and only when the work turns out to be long."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 0.7


class Report(Protocol):
    """What a room calls while it works: files done, files in all, name of the current one."""

    def __call__(self, done: int, total: int, name: str) -> None:
        """`done` of `total` files are read; `name` is the last one."""


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Report | None]:
    """A callable for `consolidate(progress=…)`; None when standard error isn't a terminal.

    The bar appears on standard error after `PATIENCE_SECONDS`, and leaves no trace when the block ends.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bar = _LateBar(label)
    try:
        yield bar
    finally:
        bar.close()


class _LateBar:
    def __init__(self, label: str) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        from perfxl.cli.terminal import console

        columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), MofNCompleteColumn())
        self._progress = Progress(*columns, console=console(stderr=True), transient=True)
        self._task = self._progress.add_task(label, total=None)
        self._label = label
        self._begun = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int, name: str) -> None:
        from perfxl.cli.terminal import shorten

        if not self._shown and done < total and time.monotonic() - self._begun >= PATIENCE_SECONDS:
            self._progress.start()
            self._shown = True
        self._progress.update(self._task, completed=done, total=total, description=f"{self._label} {shorten(name, 30)}")

    def close(self) -> None:
        if self._shown:
            self._progress.stop()
