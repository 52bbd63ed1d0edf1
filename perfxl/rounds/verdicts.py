"""The replies that nobody compared yet: each beside its sheet, whatever came between (a kill, a reopening, another plan)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.errors import PerfxlError, RoundError
from perfxl.methods import load_method
from perfxl.rounds.answer import Terms, plan_of
from perfxl.rounds.check import Verdict, check
from perfxl.rounds.events import Checked, now
from perfxl.rounds.integrity import method_damage, require, sheet_damage
from perfxl.rounds.returned import Returned, returned, stumbled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.methods.schema import Method
    from perfxl.rounds.folder import RoundFolder
    from perfxl.rounds.state import Office, Round


def terms_of(home: RoundFolder, state: Round, layouts: Sequence[Any] = ()) -> Terms:
    """The terms of a round's comparisons: its method and its reference date.

    Raises:
        RoundError: the round isn't open, or its copy of the method was changed. MethodError: its method isn't valid any more.
    """
    if state.opened is None or state.plan is None:
        raise RoundError("il giro non è aperto.", path=str(home.path))
    require(method_damage(home, state))
    return Terms(home, state, method_of(home, state), state.reference, layouts)


def method_of(home: RoundFolder, state: Round) -> Method:
    """The round's method: a shipped profile, or the file that was copied into the round."""
    assert state.opened is not None
    name = state.opened.method
    return load_method(home.file(name) if name.endswith(".toml") else name)


def verdict_of(reply: Returned, sha256: str, office: Office, terms: Terms, by: str) -> Checked | None:
    """What the comparison says of a reply, as an event. One that can't be compared is told so, and stops nothing.

    None where the sheet that it is beside isn't what was sent: the reply waits until that is put back (`integrity` tells it).
    """
    if sheet_damage(terms.home, office, (plan_of(reply, terms.state),)):
        return None
    try:
        found = check(reply, office, terms)
    except (PerfxlError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - one file that nobody foresaw mustn't keep the others from being collected
        found = Verdict((stumbled(reply.file, error),), False, 0)
    problems = tuple(each.as_dict() for each in found.problems)
    return Checked(
        at=now(), by=by, sha256=sha256, office=office.code, accepted=found.accepted, plan=found.plan, problems=problems
    )


def pending(home: RoundFolder, state: Round, by: str, layouts: Sequence[Any] = ()) -> Iterator[Checked]:
    """The verdicts on the replies that have none. Nothing in a closed round, and on what came when it was closed.

    None on a file that isn't the one that came: it waits until the bytes are back.
    """
    terms = terms_of(home, state, layouts)
    for version in state.unchecked:
        if not home.intact(version.file, version.sha256):
            continue
        office = state.offices[version.office]
        reply = returned(home.file(version.file), version.name, layouts=layouts, year=terms.year)
        verdict = verdict_of(reply, version.sha256, office, terms, by)
        if verdict is not None:
            yield verdict
