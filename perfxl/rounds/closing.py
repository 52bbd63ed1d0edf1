"""Closing a round: the sheets in force are consolidated, the period is frozen; reopening is told with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.consolidation import after_writing
from perfxl.errors import InputError, RoundError
from perfxl.model import Awaited, Missing, Period, SheetRole
from perfxl.model.memory import no_collection
from perfxl.pipeline import consolidate
from perfxl.readers import read_workbook
from perfxl.rounds.answer import answer
from perfxl.rounds.events import Closed, Reopened, now
from perfxl.rounds.fold import told
from perfxl.rounds.folder import RoundFolder
from perfxl.rounds.integrity import damage, plan_damage, require, sheet_damage
from perfxl.rounds.journal import Journal
from perfxl.rounds.returned import returned
from perfxl.rounds.state import Office, Round, Version
from perfxl.rounds.times import shown
from perfxl.rounds.verdicts import pending, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfxl.consolidation import Consolidation
    from perfxl.model.sheets import WorkbookRows
    from perfxl.rounds.answer import Terms


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing did: the consolidation of the versions in force, where it was written, which offices are missing.

    Of the offices in `superseded` an earlier version counts: their latest one is still to be corrected. `nobody` are the names of
    the sheets that wait to be attributed: the one of a missing office may be among them.
    """

    state: Round
    consolidation: Consolidation
    workbook: Path
    missing: tuple[str, ...]
    superseded: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()


def consolidate_round(
    home: RoundFolder,
    state: Round,
    *,
    as_of: date | None = None,
    layouts: Sequence[Any] = (),
    previous: Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Consolidation:
    """The consolidation of the versions in force, with the round's own method and the plan version in force.

    Args:
        home: the round's folder.
        state: the round.
        as_of: reference date.
        layouts: of other bodies' sheets.
        previous: the consolidated workbook of an earlier closing, whose rettifiche are remembered.
        progress: called with (done, total, name) as the sheets are read.

    Raises:
        RoundError: the round isn't open, no office has an accepted sheet, or a file of the round isn't what it was when it was told.
    """
    terms = terms_of(home, state, layouts)
    require(plan_damage(home, state))
    assert state.opened is not None
    assert state.plan is not None
    current = [(office, version) for office in state.offices.values() if (version := office.current) is not None]
    if not current:
        raise RoundError("nessun ufficio ha una scheda accettata: non c'è niente da consolidare.")
    read = []
    for number, (office, version) in enumerate(current):
        if progress is not None:
            progress(number, len(current), version.name)
        read.append(effective_rows(office, version, terms))
    plan, beside = _plan(terms, read, {office.code for office, _ in current})
    period = Period(state.opened.period, tuple(_awaited(office, terms) for office in state.offices.values()), unsettled(state))
    try:
        return consolidate(
            [], read=read + beside, method=terms.method, plan=plan, year=state.opened.year, as_of=as_of, layouts=layouts,
            previous=previous, period=period,
        )  # fmt: skip
    except InputError as error:
        raise RoundError(f"le schede accettate non si consolidano: {error.message}") from error


def _awaited(office: Office, terms: Terms) -> Awaited:
    """An office that was asked; with the indicators of its sheet where nothing of it counts."""
    if office.current is not None:
        return Awaited(office.code, office.title, answered=True)
    sheets = read_workbook(terms.home.file(office.file), layouts=terms.layouts, year=terms.year).sheets
    codes = (row.code for sheet in sheets for row in sheet.indicators)
    return Awaited(office.code, office.title, tuple(dict.fromkeys(codes)))


def _plan(terms: Terms, read: Sequence[WorkbookRows], answered: set[str]) -> tuple[list[Path] | None, list[WorkbookRows]]:
    """The plan's files; where the plan is the sheets with their projects (Lucca), what else is in its files, and the blank sheets
    of the offices that didn't answer: what such a plan says of results is of another time.
    """
    assert terms.state.plan is not None
    files = [terms.home.file(file) for file in terms.state.plan.files]
    if not any(sheet.role is SheetRole.PROJECTS for book in read for sheet in book.sheets):
        return files, []
    books = [read_workbook(file, layouts=terms.layouts, year=terms.year) for file in files]
    others = [replace(book, sheets=tuple(s for s in book.sheets if s.role is not SheetRole.PROJECTS)) for book in books]
    blank = [office for code, office in terms.state.offices.items() if code not in answered]
    for office in blank:
        require(sheet_damage(terms.home, office))
    sent = [read_workbook(terms.home.file(office.file), layouts=terms.layouts, year=terms.year) for office in blank]
    return None, [book for book in others if book.sheets] + sent


def effective_rows(office: Office, version: Version, terms: Terms) -> WorkbookRows:
    """What is consolidated of a version: the office's own cells on the sheet in force; the whole of a sheet that isn't ours.

    Raises:
        RoundError: a file of the round was changed or taken away.
    """
    file = terms.home.file(version.file)
    if not terms.home.intact(version.file, version.sha256):
        raise RoundError(
            f"«{file}» non è più il file arrivato da {office.code}: rimetterlo dalla busta («perfxl giro raccogli») e ripetere.",
            path=str(file),
        )
    require(sheet_damage(terms.home, office, (version.plan,)))
    rows = answer(returned(file, layouts=terms.layouts, year=terms.year), office, terms).rows
    return replace(rows, sha256=version.sha256)


def lacking(state: Round) -> tuple[str, ...]:
    """The offices without an accepted sheet."""
    return tuple(code for code, office in state.offices.items() if office.current is None)


def superseded(state: Round) -> tuple[str, ...]:
    """The offices with an accepted sheet and a later one that isn't."""
    return tuple(
        code for code, office in state.offices.items() if office.current is not None and office.latest is not office.current
    )


def unsettled(state: Round) -> tuple[Missing, ...]:
    """What isn't settled of the replies, for the consolidated workbook: answers still to be corrected, sheets of nobody."""
    found = []
    for code in superseded(state):
        office = state.offices[code]
        assert office.current is not None
        assert office.latest is not None
        detail = f"arrivata il {shown(office.latest.when)}: vale quella di prima, del {shown(office.current.when)}"
        found.append(Missing("risposta da correggere", code, office.title, detail))
    found += [
        Missing("scheda da attribuire", each.sha256[:12], each.name, f"arrivata il {shown(each.when)}: non conta")
        for each in state.unattributed
    ]
    return tuple(found)


@no_collection()
def close_round(
    folder: str | Path,
    *,
    by: str = "",
    as_of: date | None = None,
    layouts: Sequence[Any] = (),
    force: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Closing:
    """Consolidate the versions in force and freeze the period.

    Args:
        folder: the round's.
        by: who closes it.
        as_of: reference date of the consolidation; the round's own when left out (`Round.reference`).
        layouts: of other bodies' sheets.
        force: close although offices are missing, or sheets are still to be corrected or attributed.
        progress: called with (done, total, name) as the sheets are read.

    Raises:
        RoundError: already closed, nothing accepted, or something isn't settled and there is no `force`.
    """
    from perfxl.writers import default_name

    home, journal = RoundFolder(folder), Journal(folder)
    with journal.lock():
        home.tidy()
        state = told(journal.events())
        if state.closed:
            raise RoundError("il giro è già chiuso.")
        for event in pending(home, state, by, layouts):
            journal.add(event)
        state = told(journal.events())
        missing, older = lacking(state), superseded(state)
        nobody = tuple(version.name for version in state.unattributed)
        if (missing or older or nobody) and not force:
            changed = "".join(f" {each.found}. {each.remedy}" for each in damage(home, state)[:1])
            first = " o ".join(["attribuire"] * bool(nobody) + ["sollecitare"] * bool(missing or older))
            raise RoundError(f"{_not_whole(missing, older, nobody)}: {first}, o chiudere lo stesso con --comunque.{changed}")
        before = _last_workbook(home, state)
        made = consolidate_round(home, state, as_of=as_of or state.reference, layouts=layouts, previous=before, progress=progress)
        workbook = made.write(before or home.path / default_name(made))
        current = {code: version.sha256 for code, office in state.offices.items() if (version := office.current) is not None}
        journal.add(
            Closed(
                at=now(), by=by, versions=current, missing=missing, workbook=workbook.name, superseded=older, unattributed=nobody
            )
        )
        return Closing(told(journal.events()), after_writing(made), workbook, missing, older, nobody)


def _not_whole(missing: Sequence[str], older: Sequence[str], nobody: Sequence[str]) -> str:
    told = [f"nessuna scheda accettata di {', '.join(missing)}"] if missing else []
    if older:
        told.append(f"non ancora accettata l'ultima risposta di {', '.join(older)} (intanto vale quella di prima)")
    if nobody:
        told.append(f"di nessun ufficio, finché non si attribuiscono: {', '.join(nobody)}")
    return "; ".join(told)


def _last_workbook(home: RoundFolder, state: Round) -> Path | None:
    """The consolidated workbook of the closing before, with the notes and rettifiche that people wrote in it."""
    names = [closing.workbook for closing in state.closings if closing.workbook]
    return home.file(names[-1]) if names and home.file(names[-1]).is_file() else None


def reopen_round(folder: str | Path, reason: str, *, by: str = "", layouts: Sequence[Any] = ()) -> Round:
    """Open a closed round again: sheets that came meanwhile are compared, and count from now on.

    Raises:
        RoundError: the round isn't closed, or no reason is given.
    """
    home, journal = RoundFolder(folder), Journal(folder)
    if not reason.strip():
        raise RoundError("per riaprire un giro serve il motivo (--motivo).")
    with journal.lock():
        home.tidy()
        if not told(journal.events()).closed:
            raise RoundError("il giro non è chiuso.")
        journal.add(Reopened(at=now(), by=by, reason=reason.strip()))
        for event in pending(home, told(journal.events()), by, layouts):
            journal.add(event)
        return told(journal.events())
