"""`no_collection`: the big jobs make hundreds of thousands of small objects and not one cycle among them."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_collection() -> Iterator[None]:
    """Don't look for cycles meanwhile: among so many objects it costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    _end_quickly()
    try:
        yield
    finally:
        if was_on:
            _grown_up()
            gc.enable()


def _grown_up() -> None:
    """Pass all that was made to the oldest generation: else the first collection would look for cycles among it after all.

    Not where the program that uses perfxl has frozen objects of its own, which would thaw.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


@cache
def _end_quickly() -> None:
    """When Python ends it takes apart, one by one, all that was made: a fifth of a second for nothing."""
    atexit.register(gc.freeze)
