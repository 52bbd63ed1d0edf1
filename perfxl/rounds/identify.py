"""Whose a sheet is: its hidden mark, else the office that is recognised in it, else nobody's (*da attribuire*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfxl.findings import finding
from perfxl.rounds.effective import kept_rows, resembles
from perfxl.rounds.sent import sent_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.findings import Finding
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.returned import Returned
    from perfxl.rounds.sent import Page
    from perfxl.rounds.state import Office

MARK, RECOGNISED, BY_HAND = "contrassegno", "riconoscimento", "mano"


class Whose(NamedTuple):
    """An office of the round ("" for nobody), how it is known, and what keeps it from being known."""

    office: str = ""
    known_by: str = ""
    problem: Finding | None = None


def whose(reply: Returned, offices: Iterable[Office], home: RoundFolder) -> Whose:
    """Whose a reply is, among the offices of the round that lies in `home`.

    A mark of another round tells whose it is as well: the comparison says that it is the wrong sheet. Several offices in one
    workbook are left to a person; so is one office's content under another's mark (somebody filled a colleague's file), and a
    workbook that can't be understood for a reason that nobody foresaw.
    """
    try:
        return _whose(reply, {office.code.casefold(): office for office in offices}, home)
    except Exception:  # noqa: BLE001 - one file mustn't keep the others from being collected
        return Whose()


def _whose(reply: Returned, known: dict[str, Office], home: RoundFolder) -> Whose:
    marked = known.get(reply.mark.office.casefold()) if reply.mark is not None else None
    if marked is not None:
        other = _other_content(marked, reply, known.values(), home)
        if other is None:
            return Whose(marked.code, MARK)
        found = f"contrassegno di {marked.code}, contenuto della scheda di {other.code}"
        return Whose(problem=finding("PX-N047", found, file=reply.file))
    answering = {known[sheet.respondent.casefold()].code for sheet in reply.answers if sheet.respondent.casefold() in known}
    return Whose(answering.pop(), RECOGNISED) if len(answering) == 1 else Whose()


def _other_content(marked: Office, reply: Returned, offices: Iterable[Office], home: RoundFolder) -> Office | None:
    """The office whose sheet, of any version of the plan, has most of its rows in the reply, and more than the mark's own has.

    Offices share indicators: a few rows of another's are in every sheet. Of several the one with more rows there; of as many, the
    one of which less is lacking.
    """
    own = _sheets(marked, home)
    if len(own) < len(marked.sheets):
        return None  # one was taken away: the comparison tells it
    kept = max(kept_rows(pages, reply.grids) for pages in own)
    if any(kept == sum(len(page.own) for page in pages) for pages in own):
        return None
    others = [(each, pages) for each in offices if each is not marked for pages in _sheets(each, home)]
    found = [
        (rows, rows - sum(len(page.own) for page in pages), each)
        for each, pages in others
        if resembles(pages, reply.grids) and (rows := kept_rows(pages, reply.grids)) > kept
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _sheets(office: Office, home: RoundFolder) -> list[tuple[Page, ...]]:
    paths = (home.file(sheet.file) for sheet in office.sheets.values())
    return [sent_pages(path) for path in paths if path.is_file()]
