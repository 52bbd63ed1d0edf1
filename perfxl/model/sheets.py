"""What a reader gives: rows of a recognised sheet, every value with the cell that it came from."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from perfxl.model.cells import EMPTY, Cell, CellRef
from perfxl.model.record import record

if TYPE_CHECKING:
    from perfxl.findings import Finding


class SheetRole(StrEnum):
    """Whose sheet it is."""

    OFFICE = "office"  # dashboard of one or more offices (one respondent)
    BODY = "body"  # the body's own dashboard (ENTE e trasversali)
    PERSON = "person"  # dashboard of a PO: repeats rows of the offices
    PLAN = "plan"  # Allegato 1
    OBJECTIVES = "objectives"  # weighted or typed objectives of a person or of the body
    PROJECTS = "projects"  # a strategic objective with its projects (Lucca)
    OTHER_SYSTEM = "other_system"  # recognised, and left to another part of perfxl (resources, incentives)


class RowLevel(StrEnum):
    """What a row is."""

    BODY = "ente"
    AREA = "area"
    STRATEGIC = "obiettivo_strategico"
    OPERATIONAL = "obiettivo_operativo"
    PROJECT = "progetto"
    OBJECTIVE = "obiettivo"  # of a person or of the body
    INDICATOR = "indicatore"


@record(frozen=True, slots=True)
class SheetRow:
    """A row as understood.

    `code` is normalised (`O2.1.1-a`, `OB1`, `1.2`, `2C0101`; indicators without a printed code get `<owner>-S1`,
    `<owner>-P3`, `SG-1.2` …), `code_printed` as typed. `owner` is the code of the node that the row hangs from,
    for an indicator; the parent node for an objective. `targets` is keyed by year (None where the heading has none).
    """

    level: RowLevel
    code: str
    code_printed: str
    title: str
    owner: str | None
    ref: CellRef  # the cell that holds the row's text
    strategic: bool = False  # an indicator of a strategic objective (S…, INDICATORI STRATEGICI)
    algorithm: Cell = EMPTY
    result: Cell = EMPTY
    targets: dict[int | None, Cell] = field(default_factory=dict)
    typed_pct: Cell = EMPTY
    weight: Cell = EMPTY
    budget: Cell = EMPTY
    perspective: Cell = EMPTY
    note: Cell = EMPTY
    cause: Cell = EMPTY
    offices: tuple[str, ...] = ()  # the UFFICIO cell, normalised: ("ENTE", "TUTTI", "U5.1")
    offices_cell: Cell = EMPTY
    people: tuple[str, ...] = ()  # the OB IND cell, normalised: ("SG", "PO5")
    people_cell: Cell = EMPTY
    extra: dict[str, Any] = field(default_factory=dict)


@record(frozen=True, slots=True)
class SheetRows:
    """A recognised sheet. `respondent` is its code (`U5.1/U5.2`, `ENTE`, `ISR`, `PO2`, `SG`, `DIR_PROMO`, `2E`)."""

    file: str
    sheet: str
    layout: str  # id of the layout that matched
    role: SheetRole
    respondent: str
    title: str
    rows: tuple[SheetRow, ...]
    year: int | None = None
    header: CellRef | None = None
    respondent_offices: tuple[str, ...] = ()  # ("U5.1", "U5.2")
    columns: dict[str, str] = field(default_factory=dict)  # field -> column letter, for `perfxl leggi`
    attributes: dict[str, str] = field(default_factory=dict)  # mission, programme, "quota_parte" …
    hidden: bool = False  # nobody sees it in the workbook as it opens

    @property
    def indicators(self) -> tuple[SheetRow, ...]:
        """Its rows that are indicators, in their order."""
        return tuple(row for row in self.rows if row.level is RowLevel.INDICATOR)


@record(frozen=True, slots=True)
class WorkbookRows:
    """All that was understood of a workbook. `sha256` of the file as read; it is never written."""

    file: str
    sha256: str
    sheets: tuple[SheetRows, ...]
    findings: tuple[Finding, ...] = ()
