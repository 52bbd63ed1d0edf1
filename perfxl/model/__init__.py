"""The things that every room speaks of: cells, targets, results, sheets as read."""

from perfxl.model.cells import EMPTY, Cell, CellKind, CellRef, cell_of, italian_number
from perfxl.model.scores import (
    Adjustment,
    Counting,
    Cover,
    Missing,
    Node,
    NodeRule,
    OfficeScore,
    PersonObjective,
    PersonScore,
    PerspectiveScore,
    ScoredRow,
    SourceFile,
    State,
    Timing,
)
from perfxl.model.sheets import RowLevel, SheetRole, SheetRow, SheetRows, WorkbookRows
from perfxl.model.values import UNMEASURED, Result, ResultKind, Target, TargetKind

__all__ = [
    "EMPTY",
    "UNMEASURED",
    "Adjustment",
    "Cell",
    "CellKind",
    "CellRef",
    "Counting",
    "Cover",
    "Missing",
    "Node",
    "NodeRule",
    "OfficeScore",
    "PersonObjective",
    "PersonScore",
    "PerspectiveScore",
    "Result",
    "ResultKind",
    "RowLevel",
    "ScoredRow",
    "SheetRole",
    "SheetRow",
    "SheetRows",
    "SourceFile",
    "State",
    "Target",
    "TargetKind",
    "Timing",
    "WorkbookRows",
    "cell_of",
    "italian_number",
]
