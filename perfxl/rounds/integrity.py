"""Whether the round's own files still are what they were when they were told: copies of plan and method, sheets prepared, replies.

Somebody opens one in Excel and saves it, or tidies up: figures would change, and nobody would know why. What came back can be put in
place again by collecting it; the others only by putting the file back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import RoundError
from perfxl.findings import finding

if TYPE_CHECKING:
    from perfxl.findings import Finding
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.state import Office, Round

CHANGED, SHEET_CHANGED = "PX-N052", "PX-N030"


def damage(home: RoundFolder, state: Round) -> list[Finding]:
    """All that was changed or taken away, in the order of its weight."""
    found = [*method_damage(home, state), *plan_damage(home, state)]
    for office in state.offices.values():
        found += sheet_damage(home, office, (version.plan for version in office.versions))
    return found + received_damage(home, state)


def require(found: Iterable[Finding]) -> None:
    """Stop where something was changed. Raises RoundError with the first of what was found, and what to do."""
    for each in found:
        raise RoundError(f"{each.found}. {each.remedy}", path=each.file)


def method_damage(home: RoundFolder, state: Round) -> list[Finding]:
    """The copy of a method of the user's own; a shipped one isn't a file of the round."""
    opened = state.opened
    if opened is None or not opened.method.endswith(".toml"):
        return []
    sound = home.intact(opened.method, opened.method_sha256) if opened.method_sha256 else home.file(opened.method).is_file()
    return [] if sound else [_changed(home, opened.method, "la copia del metodo")]


def plan_damage(home: RoundFolder, state: Round) -> list[Finding]:
    """The copies of the files of the plan in force; their names begin as their hashes do."""
    files = state.plan.files if state.plan is not None else ()
    return [_changed(home, file, "la copia del piano") for file in files if not home.begins(file)]


def sheet_damage(home: RoundFolder, office: Office, plans: Iterable[int] = ()) -> list[Finding]:
    """The sheets prepared for an office: that in force, and those of the plan versions that its replies answer to."""
    sheets = [office.sheets[number] for number in sorted({office.plan, *plans} & set(office.sheets))]
    remedy = "Rimettere la scheda com'era e ripetere: fino ad allora le risposte di questo ufficio non si confrontano."
    return [
        finding(SHEET_CHANGED, f"{office.code}: la scheda preparata «{sheet.file}» {_how(home, sheet.file)}", file=sheet.file, remedy=remedy)
        for sheet in sheets
        if not home.intact(sheet.file, sheet.sha256)
    ]  # fmt: skip


def received_damage(home: RoundFolder, state: Round) -> list[Finding]:
    """The replies as they came. A verdict that was given stays; none is given on other bytes."""
    return [
        finding(CHANGED, f"{version.office or 'da attribuire'}: il file ricevuto «{version.file}» {_how(home, version.file)}", file=version.file)
        for version in state.versions.values()
        if not home.intact(version.file, version.sha256)
    ]  # fmt: skip


def _changed(home: RoundFolder, file: str, what: str) -> Finding:
    return finding(CHANGED, f"{what} «{file}» {_how(home, file)}", file=file)


def _how(home: RoundFolder, file: str) -> str:
    return "non è più com'era" if home.file(file).is_file() else f"non c'è più nella cartella «{Path(file).parent.as_posix()}»"
