"""What a form is made of: whose it is, its rows, and the identity that travels with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from perfxl.model import EMPTY, Cell, RowLevel, SheetRole

if TYPE_CHECKING:
    from perfxl.findings import Finding


SEPARATOR = " · "


class Shape(StrEnum):
    """The chamber's layouts."""

    DASHBOARD = "cruscotto-massacarrara"  # nine columns (Massa-Carrara, Allegato 2)
    PROJECTS = "scheda-progetti-lucca"  # an objective with its projects (Lucca, Report direzionale)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form: an objective, or an indicator to be filled in. `label` is the text of the first column."""

    level: RowLevel
    code: str
    label: str
    title: str
    owner: str | None = None
    algorithm: Cell = EMPTY
    targets: dict[int | None, Cell] = field(default_factory=dict)
    offices: str = ""  # the UFFICIO cell, as the body writes it
    people: str = ""  # the OB IND cell
    amounts: tuple[tuple[str, Cell], ...] = ()  # Lucca: PROVENTI, ONERI, INVESTIMENTI of a project
    strategic: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be filled in. Massa-Carrara has one in a form, Lucca one for each strategic objective of the area."""

    name: str
    title: str
    rows: tuple[FormRow, ...]
    heading: tuple[tuple[str, str], ...] = ()  # Lucca: ("MISSIONE 011:", "Competitività …")

    @property
    def indicators(self) -> tuple[FormRow, ...]:
        """The rows to be filled in."""
        return tuple(row for row in self.rows if row.level is RowLevel.INDICATOR)


@dataclass(frozen=True, slots=True)
class Form:
    """The workbook of one respondent. `code`: `U5.1/U5.2`, `ENTE`, `PO3`, `Area1`."""

    code: str
    title: str
    role: SheetRole
    shape: Shape
    pages: tuple[Page, ...]

    @property
    def slug(self) -> str:
        """The code as it stands in a file's name: `U5.1-U5.2`. What no system allows in a name becomes `_`."""
        return re.sub(r'[\\:*?"<>|\s\x00-\x1f]+', "_", self.code.replace("/", "-")).strip("._ ") or "ufficio"

    @property
    def indicators(self) -> tuple[FormRow, ...]:
        """The rows to be filled in, of all pages."""
        return tuple(row for page in self.pages for row in page.indicators)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a form says of itself for the return journey: it stands in the very hidden sheet and in the file's properties.

    `round` is the monitoring round that the form was made for; empty outside of a round, and in forms made before rounds had one.
    """

    body: str
    year: int | None
    period: str
    office: str
    method: str
    plan_sha256: str
    version: str
    round: str = ""

    @property
    def subtitle(self) -> str:
        """The line under the title of a form's pages: body, year, period."""
        return SEPARATOR.join(part for part in (self.body, f"anno {self.year}" if self.year else "", self.period) if part)


@dataclass(frozen=True, slots=True)
class Forms:
    """All the forms of a plan, and what could not be given to anybody (`unassigned`, each with its finding)."""

    body: str
    year: int | None
    period: str
    method: str
    plan_sha256: str
    forms: tuple[Form, ...]
    unassigned: tuple[FormRow, ...]
    findings: tuple[Finding, ...]
    round: str = ""

    def identity(self, form: Form) -> Identity:
        """The identity of one of the forms."""
        from perfxl.version import __version__

        return Identity(self.body, self.year, self.period, form.code, self.method, self.plan_sha256, __version__, self.round)
