"""Opening a round, and changing its plan in mid-year: the plan is copied, the sheets are prepared, all of it is told."""

from __future__ import annotations

import re
import secrets
import shutil
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.findings import Finding, finding
from perfxl.forms import make_forms, write_forms
from perfxl.methods import load_method
from perfxl.readers import find_workbooks
from perfxl.rounds.channels import displace_drafts
from perfxl.rounds.events import Event, Opened, PlanVersion, Prepared, now
from perfxl.rounds.fold import told
from perfxl.rounds.folder import OFFICES, PLAN, SETTINGS, SHEETS, RoundFolder, digest, safe_name
from perfxl.rounds.integrity import method_damage, require
from perfxl.rounds.journal import Journal
from perfxl.rounds.offices import Contacts, read_contacts, write_contacts
from perfxl.rounds.periods import Due, due_by_calendar, period_end
from perfxl.rounds.planchanges import plan_changes
from perfxl.rounds.settings import DEFAULT
from perfxl.rounds.state import Round
from perfxl.rounds.verdicts import pending
from perfxl.writers.keep import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.forms import Forms


METHOD = "massacarrara-2019"
"""The method of a round that names none."""
_POSITION = re.compile(r"PO\d+")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a round is opened with; paths as given."""

    plan: tuple[str, ...]
    method: str = ""  # the round's own, or `METHOD` where there is no round yet
    dashboards: tuple[str, ...] = ()
    year: int | None = None
    period: str = ""
    deadline: date | None = None
    calendar: str = ""  # the cycle's phases, that say the deadline where none is given
    people: bool = False
    offices: str = ""  # the file of offices and addresses
    layouts: Sequence[Any] = ()
    by: str = ""
    reason: str = ""  # of a new plan version


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """What opening did."""

    state: Round
    sheets: tuple[Path, ...]
    version: int
    changes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    due: Due | None = None  # where the calendar said the deadline


def open_round(folder: str | Path, opening: Opening) -> OpenedRound:
    """Open a round in a folder (made where it isn't), or give the open round a new version of its plan.

    A new version has the round's own method, year and period: `opening` only says its plan, its reason and, if it changes, the
    deadline.

    Raises:
        RoundError: the round is closed, another command is at work, a new plan version has no reason, or the round's method was changed.
        InputError, MethodError, LayoutError, OutputError: as `make_forms` and `write_forms`.
    """
    home, journal = RoundFolder(folder), Journal(folder)
    before = told(journal.events()) if journal.exists else Round()
    if before.closed:
        raise RoundError("il giro è chiuso: per cambiarlo va riaperto, con il motivo («perfxl giro riapri»).")
    require(method_damage(home, before))
    opening = _of_the_round(home, before, opening)
    method = load_method(Path(opening.method) if opening.method.endswith(".toml") else opening.method)
    forms = make_forms(
        opening.plan, method=method, dashboards=opening.dashboards, year=opening.year, period=opening.period,
        people=opening.people, layouts=opening.layouts,
    )  # fmt: skip
    opening, due = _with_deadline(opening, forms)
    if before.plan is not None and before.plan.sha256 == forms.plan_sha256:
        return _extended(journal, before, opening)
    _refuse(before, opening)
    forms = replace(forms, round=before.opened.round_id if before.opened is not None and before.plan is not None else _new_id())
    home.path.mkdir(parents=True, exist_ok=True)
    with journal.lock(new=True):
        if journal.exists and told(journal.events()) != before:
            raise RoundError("un altro comando ha cambiato il giro nel frattempo: ripetere.")
        number = len(before.plans) + 1
        home.tidy()
        _clear(home, number)
        files = _kept_plan(home, opening.plan, number)
        changes = plan_changes(home, before, files, opening) if before.plans else ()
        sheets, kept = write_forms(forms, home.path / SHEETS / f"v{number}", method)
        findings = [*forms.findings, *kept, *_settings_and_offices(home, forms, opening)]
        name = before.opened.method if before.opened and before.plan else _kept_method(home, opening.method)
        moment, by = now(), opening.by
        events = _opened(home, before, forms, opening, name, moment) + [
            Prepared(
                at=moment, by=by, office=form.code, title=form.title, file=path.relative_to(home.path).as_posix(),
                sha256=digest(path.read_bytes()), plan=number,
            )
            for form, path in zip(forms.forms, sheets, strict=True)
        ]  # fmt: skip
        in_force = PlanVersion(
            at=moment, by=by, number=number, sha256=forms.plan_sha256, files=files, reason=opening.reason, changes=changes
        )
        home.sync()
        if before.plan is not None:  # before it is told: a draft beside a plan in force is a draft of that plan
            displace_drafts(home.path, before.plan.number)
        journal.add_all([*events, in_force])
        for event in pending(home, told(journal.events()), by, opening.layouts):
            journal.add(event)
        return OpenedRound(told(journal.events()), tuple(sheets), number, changes, tuple(findings), due)


def _with_deadline(opening: Opening, forms: Forms) -> tuple[Opening, Due | None]:
    """The deadline of the calendar, where one is given; with where it says so."""
    if not opening.calendar:
        return opening, None
    due = due_by_calendar(opening.calendar, forms.year, period_end(forms.period, forms.year))
    return replace(opening, deadline=due.day), due


def _new_id() -> str:
    """What tells a round from any other: nothing else of it need differ (same plan, no period)."""
    return secrets.token_hex(8)


def _of_the_round(home: RoundFolder, before: Round, opening: Opening) -> Opening:
    """A new version of the plan keeps what the round was opened with: its sheets answer for the same period."""
    opened = before.opened
    if opened is None or before.plan is None:
        return replace(opening, method=opening.method or METHOD)
    if opening.period and opening.period != opened.period:
        raise RoundError(
            f"il giro è del periodo «{opened.period}»: per «{opening.period}» se ne apre un altro, in un'altra cartella."
        )
    if opening.method and not _same_method(home, opened.method, opening.method):
        raise RoundError(
            f"il giro è con il metodo «{opened.method}»: per «{opening.method}» se ne apre un altro, in un'altra cartella."
        )
    if opening.year is not None and opening.year != opened.year:
        of = f"dell'anno {opened.year}" if opened.year is not None else "senza anno"
        raise RoundError(f"il giro è {of}: per il {opening.year} se ne apre un altro, in un'altra cartella.")
    method = str(home.file(opened.method)) if opened.method.endswith(".toml") else opened.method
    people = opening.people or any(_POSITION.fullmatch(code) for code in before.offices)
    deadline = opening.deadline or before.deadline
    return replace(opening, method=method, year=opened.year, period=opened.period, deadline=deadline, people=people)


def _same_method(home: RoundFolder, own: str, given: str) -> bool:
    """Whether a method is the round's: the same name, or a file with the bytes of the round's copy."""
    if not (own.endswith(".toml") and given.endswith(".toml")):
        return own == given
    return Path(given).is_file() and digest(Path(given).read_bytes()) == digest(home.file(own).read_bytes())


def _extended(journal: Journal, before: Round, opening: Opening) -> OpenedRound:
    """The same plan with another deadline: nothing else of the round changes."""
    assert before.opened is not None
    assert before.plan is not None
    if opening.deadline is None or opening.deadline == before.deadline:
        raise RoundError(_nothing_new(before, opening))
    with journal.lock():
        journal.add(replace(before.opened, at=now(), by=opening.by, deadline=opening.deadline.isoformat()))
    was = f"{before.deadline:%d/%m/%Y}" if before.deadline else "nessuna"
    change = f"scadenza: prima {was}, ora {opening.deadline:%d/%m/%Y}"
    return OpenedRound(told(journal.events()), (), before.plan.number, (change,))


def _nothing_new(before: Round, opening: Opening) -> str:
    """Why the same plan changes nothing; what else was asked, and isn't done that way."""
    due = f"la scadenza {before.deadline:%d/%m/%Y}" if before.deadline else "nessuna scadenza"
    told = f"il giro è già aperto con questo piano e {due}: non c'è niente da cambiare."
    if opening.offices:
        told += " Gli indirizzi si cambiano in uffici.xlsx, nella cartella del giro."
    return told


def _refuse(before: Round, opening: Opening) -> None:
    if before.plan is not None and not opening.reason.strip():
        raise RoundError("il giro è già aperto con un altro piano: per cambiarlo serve il motivo (--motivo).")


def _opened(home: RoundFolder, before: Round, forms: Forms, opening: Opening, method: str, moment: str) -> list[Event]:
    """The round's own event: at its opening, and where the deadline changes with the plan."""
    if before.plan is not None and opening.deadline == before.deadline:
        return []
    deadline = opening.deadline.isoformat() if opening.deadline else ""
    sha256 = digest(home.file(method).read_bytes()) if method.endswith(".toml") else ""
    return [
        Opened(
            at=moment, by=opening.by, body=forms.body, year=forms.year, period=forms.period, method=method, deadline=deadline,
            round_id=forms.round, method_sha256=sha256,
        )
    ]  # fmt: skip


def _clear(home: RoundFolder, number: int) -> None:
    """What a run that was ended left of a version that it never told: the sheets that are sent are only those that are told."""
    for folder in (SHEETS, PLAN):
        shutil.rmtree(home.path / folder / f"v{number}", ignore_errors=True)


def _kept_method(home: RoundFolder, name: str) -> str:
    """A shipped profile by its name; a user's file is copied into the round, so that it can be computed again."""
    if not name.endswith(".toml"):
        return name
    target = home.path / f"metodo_{safe_name(name)}"
    data = Path(name).read_bytes()
    write_whole(target, lambda temporary: temporary.write_bytes(data))
    return target.name


def _kept_plan(home: RoundFolder, paths: Sequence[str], number: int) -> tuple[str, ...]:
    """Copies of the plan's files: what the round was opened with stays what it was."""
    files, _ = find_workbooks(list(paths))
    return tuple(home.store(Path(file).read_bytes(), Path(file).name, f"{PLAN}/v{number}") for file in files)


def _settings_and_offices(home: RoundFolder, forms: Forms, opening: Opening) -> list[Finding]:
    settings = home.path / SETTINGS
    if not settings.exists():
        write_whole(settings, lambda temporary: temporary.write_text(DEFAULT, encoding="utf-8"))
    target = home.path / OFFICES
    known = read_contacts(opening.offices or target) if opening.offices or target.exists() else Contacts()
    offices = {form.code: form.title for form in forms.forms}
    if opening.offices or not target.exists() or not {code.casefold() for code in offices} <= known.by_code.keys():
        kept = write_contacts(target, offices, known)
        return [*known.findings, *([finding("PX-S002", kept.name, file=str(target))] if kept else [])]
    return list(known.findings)
