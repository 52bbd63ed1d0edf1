"""PX_VERSIONE: which perfxl is computing."""

from __future__ import annotations

from perfxl.functions.cells import Grid
from perfxl.version import __version__


def versione() -> Grid:
    """`perfxl 0.1.0`, one cell."""
    return [[f"perfxl {__version__}"]]
