"""What a reply answers: which sheet it is beside, and the rows that are consolidated of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from perfxl.model import SheetRole
from perfxl.model.sheets import WorkbookRows
from perfxl.readers import rows_of_grids
from perfxl.rounds.effective import laid_over, resembles
from perfxl.rounds.foreign import on_sent_rows
from perfxl.rounds.planversions import brought_up
from perfxl.rounds.sent import sent_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from perfxl.methods.schema import Method
    from perfxl.model.sheets import SheetRows
    from perfxl.rounds.effective import Laid
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.foreign import Foreign
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

    `base` are the pages of the sheet that it was made from (where it is none of ours, those in force); `laid` the reply over the
    sheet in force, None where it isn't our sheet: then `foreign` is what it says of the rows that were sent.
    """

    rows: WorkbookRows
    base: tuple[Page, ...]
    laid: Laid | None = None
    plan: int = 0
    foreign: Foreign | None = None


def answer(reply: Returned, office: Office, terms: Terms) -> Answer:
    """The reply beside its sheet, and the rows that count of it.

    Raises:
        FileNotFoundError: a sheet that was sent isn't in the round's folder any more.
    """
    laid, number = laid_of(reply, office, terms.home, terms.state)
    base = sent_pages(terms.home.file(office.sheets[number].file if laid is not None else office.file))
    if laid is None:
        foreign = on_sent_rows(own_rows(reply, office), base, terms.method)
        return Answer(foreign.rows, base, plan=number, foreign=foreign)
    rows = rows_of_grids(laid.grids, reply.file, layouts=terms.layouts, year=terms.year)
    return Answer(rows, base, laid, number)


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
    if number == office.plan:
        return laid_over(sent, reply.grids, reply.file), number
    before = sent_pages(home.file(office.sheets[number].file))
    return brought_up(laid_over(before, reply.grids, reply.file), before, sent, reply.file), number


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
