"""What a reply answers: which sheet it is beside, and the rows that are consolidated of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from perfxl.model import SheetRole
from perfxl.model.sheets import WorkbookRows
from perfxl.readers import rows_of_grids
from perfxl.rounds.effective import Laid, laid_over, resembles
from perfxl.rounds.sent import sent_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from perfxl.methods.schema import Method
    from perfxl.model.sheets import SheetRows
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.returned import Returned
    from perfxl.rounds.sent import Page
    from perfxl.rounds.state import Office, Round


@dataclass(frozen=True, slots=True)
class Terms:
    """What replies are compared under: the round and its folder, its method, the reference date, layouts of other bodies' sheets."""

    home: RoundFolder
    state: Round
    method: Method
    as_of: date | None = None
    layouts: Sequence[Any] = ()

    @property
    def year(self) -> int | None:
        """The round's year."""
        return self.state.opened.year if self.state.opened is not None else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply beside its sheet. `plan` is the version of the plan that it answers to (0: it is no sheet of ours).

    `sent` are the pages of the sheet in force; `laid` the reply over them, None where it isn't that sheet.
    """

    rows: WorkbookRows
    sent: tuple[Page, ...]
    laid: Laid | None = None
    plan: int = 0


def answer(reply: Returned, office: Office, terms: Terms) -> Answer:
    """The reply beside its sheet, and the rows that count of it.

    Raises:
        FileNotFoundError: a sheet that was sent isn't in the round's folder any more.
    """
    sent = sent_pages(terms.home.file(office.file))
    laid, number = laid_of(reply, office, terms.home, terms.state)
    if laid is None:
        return Answer(own_rows(reply, office), sent, plan=number)
    rows = rows_of_grids(laid.grids, reply.file, layouts=terms.layouts, year=terms.year)
    return Answer(rows, sent, laid, number)


def laid_of(reply: Returned, office: Office, home: RoundFolder, state: Round) -> tuple[Laid | None, int]:
    """The reply over the sheet that it was made from, and that over the sheet in force where the plan changed since.

    A workbook without our mark that still is our sheet (copied into another file) is treated like it; for any other there is no
    `Laid`. With the plan version that the reply answers to (0: none).
    """
    number = plan_of(reply, state)
    sent = sent_pages(home.file(office.file))
    mine = number in office.sheets
    if not mine and not (reply.mark is None and resembles(sent, reply.grids)):
        return None, number
    number = number if mine else office.plan
    laid = laid_over(sent_pages(home.file(office.sheets[number].file)), reply.grids, reply.file)
    if number != office.plan:
        laid = _brought_up(laid, laid_over(sent, laid.grids, reply.file))
    return laid, number


def _brought_up(laid: Laid, over: Laid) -> Laid:
    """An answer to an earlier plan on the sheet in force: what the plan changed isn't the office's doing."""
    return replace(laid, grids=over.grids, removed=over.removed, lost_pages=over.lost_pages)


def plan_of(reply: Returned, state: Round) -> int:
    """The plan version whose hash the mark carries, the latest of them; 0 for none."""
    if reply.mark is None:
        return 0
    return next((plan.number for plan in reversed(state.plans) if plan.sha256 == reply.mark.plan_sha256), 0)


def own_rows(reply: Returned, office: Office) -> WorkbookRows:
    """Of a workbook that isn't ours, the sheets of the office; where a person said whose it is, all those of an office."""
    sheets = [sheet for sheet in reply.answers if sheet.respondent.casefold() == office.code.casefold()]
    if not sheets:
        sheets = [_given(sheet, office.code) for sheet in reply.answers]
    return WorkbookRows(reply.file, "", tuple(sheets), reply.rows.findings)


def _given(sheet: SheetRows, office: str) -> SheetRows:
    if sheet.role is not SheetRole.OFFICE:
        return sheet
    return replace(sheet, respondent=office, respondent_offices=tuple(office.split("/")))
