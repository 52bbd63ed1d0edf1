"""A consolidation made by hand, so that the command line is tested without the rooms that compute."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from perfxl.consolidation import Consolidation
from perfxl.findings import finding
from perfxl.model import (
    CellRef,
    Counting,
    Cover,
    Missing,
    Node,
    NodeRule,
    OfficeScore,
    PersonObjective,
    PersonScore,
    Result,
    ResultKind,
    ScoredRow,
    SourceFile,
    State,
    Target,
    TargetKind,
    Timing,
)

HOSTILE = "Titolo [bold]grassetto[/bold] \x1b[31mrosso\x07 \u202eribaltato"


def node(code, level, parent, title, depth, pct, measured, total, state=State.PARTIAL):
    shown = None if pct is None else Decimal(pct)
    exact = None if pct is None else Fraction(pct)
    return Node(code, level, parent, title, depth, NodeRule.CHILDREN, exact, shown, state, measured, total)


def row(code, state, *, timing=Timing.NONE, pct=None):
    return ScoredRow(
        uid=f"u-{code}",
        code=code,
        title=f"Indicatore {code}",
        owner="1.1.1",
        strategic=False,
        office="U1.1",
        offices=("U1.1",),
        people=(),
        ref=CellRef("U1.1.xlsx", "Cruscotto", 7, 3),
        algorithm="",
        target=Target(TargetKind.THRESHOLD, ">=", Decimal(80), unit="%", text=">= 80%"),
        target_text=">= 80%",
        target_ref=None,
        result=Result(ResultKind.PERCENT, Decimal(60), "%", text="60%"),
        result_text="60%",
        rule="increasing",
        raw_pct=pct,
        pct=pct,
        shown=None if pct is None else Decimal(75),
        pro_rata_pct=None,
        typed_pct=None,
        typed_ref=None,
        state=state,
        timing=timing,
        weight=Fraction(1),
        counting=Counting.COUNTS,
    )


def consolidation(*, findings=(), rows=None, as_of=None):
    """ENTE 42.75 on 21 of 71, two areas, three strategic objectives, an office, the SG."""
    unmeasured = State.UNMEASURED
    objective = PersonObjective(
        "1", "Realizzare il programma", Decimal("11.4"), Cover(Fraction(32), Decimal(32), 1, 2), State.NOT_REACHED
    )
    return FakeConsolidation(
        body="Camera di Commercio di Prova",
        year=2019,
        method=SimpleNamespace(
            name="prova", rounding=SimpleNamespace(decimals=2, mode="half_up"), people=SimpleNamespace(weights="printed")
        ),
        method_file="massacarrara-2019",
        as_of=as_of,
        nodes=(
            node("ENTE", "ente", None, "Ente", 0, "42.75", 21, 71, State.NOT_REACHED),
            node("OB1", "area", "ENTE", "Area uno", 1, "12.5", 2, 30, State.NOT_REACHED),
            node("1.1", "obiettivo_strategico", "OB1", HOSTILE, 2, None, 0, 10, unmeasured),
            node("1.1.1", "obiettivo_operativo", "1.1", "Operativo che non si mostra", 3, None, 0, 4, unmeasured),
            node("2.1", "obiettivo_strategico", "OB1", "Strategico due", 2, "100", 3, 3, State.REACHED),
        ),
        rows=tuple(rows)
        if rows is not None
        else (
            row("O1.1.1-a", State.PARTIAL, pct=Fraction(75)),
            row("O1.1.1-b", unmeasured, timing=Timing.FORGOTTEN),
            row("O1.1.1-c", unmeasured, timing=Timing.NOT_DUE),
        ),
        offices=(OfficeScore("U1.1", "Segreteria generale", Cover(Fraction(101, 2), Decimal("50.50"), 4, 9), State.PARTIAL, {}),),
        people=(
            PersonScore("SG", "Segretario Generale", Cover(Fraction(32), Decimal(32), 2, 8), State.NOT_REACHED, (objective,)),
        ),
        perspectives=(),
        adjustments=(),
        findings=tuple(findings),
        missing=(Missing("ufficio", "U6.1", "Ufficio sei", "nessun foglio"),),
        sources=(SourceFile("U1.1.xlsx", "0" * 64, ()),),
        version="0.1.0",
        made_at=datetime(2019, 5, 2, 9, 0),
    )


ERROR_FINDING = finding("PX-R006", "#DIV/0!\x1b]0;titolo\x07", CellRef("dir/U1.1.xlsx", "Cruscotto", 12, 3))
WARNING_FINDING = finding("PX-G003", "00/01/1900", CellRef("dir/U1.1.xlsx", "Cruscotto", 14, 3))


class FakeConsolidation(Consolidation):
    """Writes a file of its own, and explains only ENTE."""

    def write(self, path):
        path.write_bytes(b"consolidato")
        return path

    def as_json(self):
        return {"nodes": [{"code": "ENTE", "achievement_pct": Decimal("42.75"), "day": date(2019, 4, 30)}], "offices": [None]}

    def explain(self, code):
        return {"ENTE": "ENTE è la media di OB1 e OB2."}[code]
