"""What a consolidation is made of: scored rows, nodes of the tree, offices, people. Percentages are exact fractions
in percent (`Fraction(171, 4)` for 42.75); `shown` is the figure after the method's rounding, or None when unmeasured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from perfxl.model.cells import CellRef
from perfxl.model.record import record
from perfxl.model.values import Result, Target


class State(StrEnum):
    """State of a row or node, in the words of the plan."""

    REACHED = "raggiunto"
    PARTIAL = "parzialmente raggiunto"
    NOT_REACHED = "non raggiunto"
    UNMEASURED = "non misurato"


class Timing(StrEnum):
    """Where a row stands at the reference date (`--al`)."""

    NONE = ""
    NOT_DUE = "non ancora dovuto"
    FORGOTTEN = "scaduto, manca il risultato"
    LATE = "oltre la scadenza"
    ON_TIME = "nei termini"


class Counting(StrEnum):
    """Why a row enters the tree or not."""

    COUNTS = "conta"
    OFFICE_ONLY = "conta per l'ufficio"  # a respondent of a TUTTI indicator: enters the mean of the respondents
    REPEATED = "ripetuta"  # the same row in another sheet
    TWICE = "ripetuta nel foglio"  # the same indicator again in one sheet, which is one respondent
    SUPERSEDED = "sostituita"  # a filled cell elsewhere beats this blank one
    APART = "mostrata a parte"  # Lucca's own strategic indicators
    PERSON = "conta per il responsabile"  # an indicator of a person's objective


@record(frozen=True, slots=True)
class ScoredRow:
    """A row of *Indicatori*: one for each indicator row of each sheet, one for each mean of respondents (TUTTI), one for
    each planned indicator that no sheet brings. Just one row for each indicator has `counts` true."""

    uid: str
    code: str
    title: str
    owner: str  # code of the node it hangs from
    strategic: bool
    office: str  # respondent: "U1.1", "ENTE", "PO5", "TUTTI" for a mean of respondents, "PIANO" for a plan row without sheet
    offices: tuple[str, ...]  # as assigned (UFFICIO)
    people: tuple[str, ...]
    ref: CellRef | None  # result cell, or the plan's target cell; None for a mean of respondents
    algorithm: str
    target: Target
    target_text: str
    target_ref: CellRef | None
    result: Result
    result_text: str
    rule: str  # name of the scoring rule: "increasing", "deadline", …, "mean_of_respondents", "" when unmeasured
    raw_pct: Fraction | None  # before cap, floor and bands
    pct: Fraction | None  # official
    shown: Decimal | None
    pro_rata_pct: Fraction | None  # beside the official one, with --al
    typed_pct: Decimal | None  # typed in the sheet ("% indicata"), in percent
    typed_ref: CellRef | None
    state: State
    timing: Timing
    weight: Fraction  # within its owner
    counting: Counting
    respondents: tuple[str, ...] = ()  # uids of the rows that a mean of respondents is made of
    computed_pct: Fraction | None = None  # before a rettifica, when one was applied
    adjustment: int | None = None  # index into Consolidation.adjustments
    difference: Fraction | None = None  # consuntivo − programmato, in the target's unit
    difference_unit: str | None = None  # "%", "gg", "n." …; days for dates
    due: date | None = None
    targets_other_years: tuple[tuple[int, str], ...] = ()
    complexity: Fraction = Fraction(1)  # coefficient that multiplies the weight for offices and PO, where the method says so
    policy: str = ""  # the not-measured policy that gave the percent (0, 100, the year before's), "" where a measure did
    blocks: bool = False  # unmeasured, and under the method its objective is unmeasured with it
    previous_value: Decimal | None = None  # of the year before, where the sheet gives it
    previous_pct: Fraction | None = None

    @property
    def counts(self) -> bool:
        """Whether the row enters the tree."""
        return self.counting is Counting.COUNTS

    @property
    def measured(self) -> bool:
        """Whether there is a percent that a measure gave: one that a policy put in its place enters the means, not the coverage."""
        return self.pct is not None and not self.policy


class NodeRule(StrEnum):
    """How a node's percent follows from others: what the native formula of *Albero* must say."""

    INDICATORS = "media degli indicatori"
    OWN_AND_CHILDREN = "quota propria e quota degli obiettivi sottostanti"
    CHILDREN = "media del livello sottostante"
    TYPED = "valore digitato"
    WORST = "peggiore"


@record(frozen=True, slots=True)
class Node:
    """A node of the tree, in document order (parents first). `own_pct` and `children_pct` are the parts of a strategic one."""

    code: str
    level: str  # ente, albero, area, obiettivo_strategico, obiettivo_operativo, progetto, obiettivo_ente
    parent: str | None
    title: str
    depth: int  # 0 for the root
    rule: NodeRule
    pct: Fraction | None
    shown: Decimal | None
    state: State
    measured: int
    total: int
    weight: Fraction = Fraction(1)
    own_pct: Fraction | None = None
    children_pct: Fraction | None = None
    own_share: Fraction = Fraction(0)  # 60 → Fraction(3, 5)
    children_share: Fraction = Fraction(1)
    typed_pct: Decimal | None = None
    typed_ref: CellRef | None = None
    pro_rata_pct: Fraction | None = None
    budget: Decimal | None = None
    perspectives: tuple[str, ...] = ()
    ref: CellRef | None = None


@record(frozen=True, slots=True)
class Cover:
    """A percent with its coverage."""

    pct: Fraction | None
    shown: Decimal | None
    measured: int
    total: int


@record(frozen=True, slots=True)
class OfficeScore:
    """An office: mean of its own measured indicators; `by_objective` keyed by operational or strategic node code."""

    code: str
    title: str
    cover: Cover
    state: State
    by_objective: dict[str, Cover]
    file: str = ""


@record(frozen=True, slots=True)
class PersonObjective:
    """An objective of a person, or of the body (`number` as printed)."""

    number: str
    title: str
    weight_pct: Decimal | None
    cover: Cover
    state: State
    row_uids: tuple[str, ...] = ()  # rows of *Indicatori* it rests on
    recomputed: Decimal | None = None  # what would follow from the parts, where a typed value counts
    typed_pct: Decimal | None = None
    ref: CellRef | None = None
    complexity: Fraction = Fraction(1)  # coefficient that multiplies the weight, where the method says so
    given: bool = False  # the percent is a policy's for what isn't measured: it enters the mean, not the coverage
    blocks: bool = False  # unmeasured because an indicator is, and the person with it


@record(frozen=True, slots=True)
class PersonScore:
    """SG, a manager, a PO."""

    code: str
    name: str
    cover: Cover
    state: State
    objectives: tuple[PersonObjective, ...]


@record(frozen=True, slots=True)
class PerspectiveScore:
    """A BSC perspective: mean of the operational objectives that the plan puts under it."""

    name: str
    cover: Cover
    nodes: tuple[str, ...]


@record(frozen=True, slots=True)
class Adjustment:
    """A rettifica of the controller: a value or a percent put in place of what a cell says, with its reason."""

    file: str
    cell: str
    office: str
    indicator: str
    value: str | None
    pct: Decimal | None
    reason: str
    author: str
    date: date | None
    source: CellRef | None
    replaced_result: str = ""
    replaced_pct: Decimal | None = None
    applied: bool = False
    remembered: bool = False  # found in the previous consolidated workbook


@record(frozen=True, slots=True)
class SourceFile:
    """A file that was read: path, SHA-256, how it was understood."""

    path: str
    sha256: str
    sheets: tuple[str, ...]  # "Cruscotto: cruscotto-massacarrara, U1.1 (20 righe)"


@record(frozen=True, slots=True)
class Missing:
    """A sheet or plan row that was expected and isn't there."""

    what: str  # "ufficio", "indicatore", or what an unsettled reply is, in Italian
    code: str
    title: str
    detail: str


@record(frozen=True, slots=True)
class Awaited:
    """An office whose sheet is awaited: `indicators` are the codes in it. Where it is accepted, `answered`.

    Whoever asked says so: a sheet needn't name its office (Lucca's report of an area names its projects).
    """

    code: str
    title: str
    indicators: tuple[str, ...] = ()
    answered: bool = False


@record(frozen=True, slots=True)
class Period:
    """What is consolidated when it is one period of a year: its name, and the offices that are asked for it.

    `open`: what else of its replies isn't settled (an answer still to be corrected, a sheet of nobody), to be told with what is missing.
    """

    name: str = ""  # 1° quadrimestre
    awaited: tuple[Awaited, ...] = ()
    open: tuple[Missing, ...] = ()
