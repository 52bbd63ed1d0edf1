"""Whose a sheet is: its hidden mark, else the office that is recognised in it, else nobody's (*da attribuire*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.rounds.returned import Returned

MARK, RECOGNISED, BY_HAND = "contrassegno", "riconoscimento", "mano"


class Whose(NamedTuple):
    """An office of the round ("" for nobody), and how it is known."""

    office: str = ""
    known_by: str = ""


def whose(reply: Returned, offices: Iterable[str]) -> Whose:
    """Whose a reply is, among the offices of the round.

    A mark of another round tells whose it is as well: the comparison says that it is the wrong sheet. Several offices in one
    workbook are left to a person; so is a workbook that can't be understood for a reason that nobody foresaw.
    """
    try:
        return _whose(reply, offices)
    except Exception:  # noqa: BLE001 - one file mustn't keep the others from being collected
        return Whose()


def _whose(reply: Returned, offices: Iterable[str]) -> Whose:
    known = {code.casefold(): code for code in offices}
    if reply.mark is not None and reply.mark.office.casefold() in known:
        return Whose(known[reply.mark.office.casefold()], MARK)
    found = {known[sheet.respondent.casefold()] for sheet in reply.answers if sheet.respondent.casefold() in known}
    return Whose(found.pop(), RECOGNISED) if len(found) == 1 else Whose()
