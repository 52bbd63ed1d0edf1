"""The main job's result: scored rows, tree, offices, people, findings; written as a workbook or given as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from perfxl.findings import Finding
    from perfxl.methods.schema import Method
    from perfxl.model import (
        Adjustment,
        Missing,
        Node,
        OfficeScore,
        Period,
        PersonScore,
        PerspectiveScore,
        ScoredRow,
        SourceFile,
    )
    from perfxl.model.missions import MissionLine
    from perfxl.statements import Book


@dataclass(frozen=True)
class Consolidation:
    """One body, one year, one method. Tables are tuples in document order; percentages are exact (see `model.scores`).

    `nodes[0]` is the body (ENTE), with the headline figure. `version` is perfxl's; `made_at` the time of the run.
    """

    body: str  # name of the body, from the method: "Camera di Commercio di Massa-Carrara"
    year: int | None
    method: Method
    method_file: str  # "massacarrara-2019" or the user's path
    as_of: date | None
    nodes: tuple[Node, ...]
    rows: tuple[ScoredRow, ...]
    offices: tuple[OfficeScore, ...]
    people: tuple[PersonScore, ...]
    perspectives: tuple[PerspectiveScore, ...]
    adjustments: tuple[Adjustment, ...]
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    sources: tuple[SourceFile, ...]
    version: str
    made_at: datetime
    with_plan: bool = False
    missions: tuple[MissionLine, ...] = ()
    period: Period | None = None  # one period of the year (a monitoring round's); None for the year
    statements: Book | None = None  # the tables that aren't indicators: money, health, incentives … (`perfxl.statements`)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def headline(self) -> Node:
        """The body's node."""
        return self.nodes[0]

    def write(self, path: str | Path) -> Path:
        """Write the consolidated workbook and return its path.

        An existing file is kept as a numbered copy, and the causes and notes written in its *Scostamenti* tab are carried
        over. What happened meanwhile (a copy kept, notes carried over) is then in `notes`: see `after_writing`. Raises
        `OutputError` where the folder can't be written.
        """
        from perfxl.writers import write_workbook

        return write_workbook(self, path)

    def as_json(self) -> dict[str, Any]:
        """The JSON form of `perfxl consolida --json`: unmeasured is None, percentages are the figures as shown."""
        from perfxl.views.json import consolidation_json

        return consolidation_json(self)

    def explain(self, code: str) -> str:
        """The trace of a figure (node, indicator, office or person code) as an Italian sentence. KeyError if unknown."""
        from perfxl.trace import explain

        return explain(self, code)

    def indicators_frame(self) -> pd.DataFrame:
        """*Indicatori* as a DataFrame: a row per scored row, columns as in the JSON."""
        import pandas as pd

        return pd.DataFrame(self.as_json()["indicators"])


WRITING = "writing"
"""Where in `Consolidation.notes` the findings of the writing are, once it was written."""


def after_writing(c: Consolidation) -> Consolidation:
    """The consolidation with what was found while it was written among its findings, as *Anomalie* has it."""
    from perfxl.findings import Severity

    order = list(Severity)
    findings = (*c.findings, *c.notes.get(WRITING, ()))
    return replace(c, findings=tuple(sorted(findings, key=lambda each: order.index(each.severity))), notes={})
