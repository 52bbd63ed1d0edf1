"""perfxl: the ciclo della performance of Italian public bodies, from the offices' Excel sheets to one consolidated workbook.

The names below are the public API; everything else may move. They are loaded when first used, so that importing perfxl
costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.on_demand import on_demand
from perfxl.version import __version__

_HOME = {
    "parse_target": "perfxl.grammar",
    "parse_result": "perfxl.grammar",
    "load_method": "perfxl.methods",
    "achievement": "perfxl.scoring",
    "read_workbook": "perfxl.readers",
    "consolidate": "perfxl.pipeline",
    "Consolidation": "perfxl.consolidation",
    "CATALOGUE": "perfxl.findings",
    "Finding": "perfxl.findings",
    "Severity": "perfxl.findings",
    "PerfxlError": "perfxl.errors",
    "MethodError": "perfxl.errors",
    "LayoutError": "perfxl.errors",
    "DeclarationError": "perfxl.errors",
    "RoundError": "perfxl.errors",
    "InputError": "perfxl.errors",
    "AdjustmentError": "perfxl.errors",
    "OutputError": "perfxl.errors",
}

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.errors import (
        AdjustmentError,
        DeclarationError,
        InputError,
        LayoutError,
        MethodError,
        OutputError,
        PerfxlError,
        RoundError,
    )
    from perfxl.findings import CATALOGUE, Finding, Severity
    from perfxl.grammar import parse_result, parse_target
    from perfxl.methods import load_method
    from perfxl.pipeline import consolidate
    from perfxl.readers import read_workbook
    from perfxl.scoring import achievement

__all__ = [
    "CATALOGUE",
    "AdjustmentError",
    "Consolidation",
    "DeclarationError",
    "Finding",
    "InputError",
    "LayoutError",
    "MethodError",
    "OutputError",
    "PerfxlError",
    "RoundError",
    "Severity",
    "__version__",
    "achievement",
    "consolidate",
    "load_method",
    "parse_result",
    "parse_target",
    "read_workbook",
]


__getattr__ = on_demand(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
