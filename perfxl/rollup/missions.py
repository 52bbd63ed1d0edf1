"""Missions and programmes: the objectives of the tree under the programme that their sheet names, each counted once.

Source: DM 27/3/2013 (missions and programmes of chambers of commerce); Report direzionale 2017 of Lucca, in which an objective
is printed under several programmes "in quota parte". How a shared objective counts is an axis of the method
(`rollup.shared_objective`): the documents don't say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Cover, RowLevel, SheetRole, SheetRows
from perfxl.model.missions import MISSION, OBJECTIVE, PROGRAMME, MissionLine
from perfxl.rollup.offices import cover
from perfxl.scoring.finish import state_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.model import Node


@dataclass(slots=True)
class _Place:
    """An objective under a programme, as a sheet prints it."""

    mission: str
    programme: str
    objective: str
    projects: list[str] = field(default_factory=list)


def missions_of(sheets: Iterable[SheetRows], nodes: Sequence[Node], method: Method) -> tuple[MissionLine, ...]:
    """Missions, programmes and objectives with their percents and coverage; empty where no sheet names a mission."""
    places, titles = _places(sheets, method)
    if not places:
        return ()
    by_code = {node.code: node for node in nodes}
    parts = [(place, *_part(place, places, by_code, method)) for place in places if place.objective in by_code]
    lines: list[MissionLine] = []
    for mission in dict.fromkeys(place.mission for place, _, _ in parts):
        within = [part for part in parts if part[0].mission == mission]
        lines.append(_sum(MISSION, mission, titles[mission], within, method))
        for programme in dict.fromkeys(place.programme for place, _, _ in within):
            inside = [part for part in within if part[0].programme == programme]
            code = f"{mission}/{programme}"
            lines.append(_sum(PROGRAMME, code, titles[code], inside, method))
            lines += [_line(place, share, each, by_code, method) for place, share, each in inside]
    return tuple(lines)


def _places(sheets: Iterable[SheetRows], method: Method) -> tuple[list[_Place], dict[str, str]]:
    places: dict[tuple[str, str, str], _Place] = {}
    titles: dict[str, str] = {}
    for sheet in sheets:
        mission, programme = sheet.attributes.get("missione"), sheet.attributes.get("programma", "")
        if sheet.role is not SheetRole.PROJECTS or not mission:
            continue
        titles.setdefault(mission, sheet.attributes.get("missione_titolo", ""))
        titles.setdefault(f"{mission}/{programme}", sheet.attributes.get("programma_titolo", ""))
        for row in sheet.rows:
            if row.level is RowLevel.STRATEGIC:
                code = method.canonical(row.code)
                places.setdefault((mission, programme, code), _Place(mission, programme, code))
            elif row.level is RowLevel.PROJECT and row.owner:
                owner = method.canonical(row.owner)
                place = places.setdefault((mission, programme, owner), _Place(mission, programme, owner))
                place.projects.append(method.canonical(row.code))
    return list(places.values()), titles


def _part(place: _Place, places: Sequence[_Place], nodes: dict[str, Node], method: Method) -> tuple[Fraction, Cover]:
    """The share for which an objective counts under a programme, and its percent there."""
    node = nodes[place.objective]
    shared = [other for other in places if other.objective == place.objective]
    whole = Cover(node.pct, node.shown, node.measured, node.total)
    if len(shared) == 1:
        return Fraction(1), whole
    if method.rollup.shared_objective == "first_programme":
        return Fraction(int(shared[0] is place)), whole
    count = sum(len(other.projects) for other in shared)
    share = Fraction(len(place.projects), count) if count else Fraction(1, len(shared))
    return share, _of_projects([nodes[code] for code in place.projects if code in nodes], method)


def _of_projects(projects: Sequence[Node], method: Method) -> Cover:
    mean = cover([(node.pct, node.weight) for node in projects], method)
    return Cover(mean.pct, mean.shown, sum(node.measured for node in projects), sum(node.total for node in projects))


def _sum(level: str, code: str, title: str, parts: Sequence[tuple[_Place, Fraction, Cover]], method: Method) -> MissionLine:
    mean = cover([(each.pct, share) for _, share, each in parts if share], method)
    counted = [each for _, share, each in parts if share]
    total = Cover(mean.pct, mean.shown, sum(each.measured for each in counted), sum(each.total for each in counted))
    return MissionLine(level, code, title, total, state_of(mean.pct, method.states.strategic))


def _line(place: _Place, share: Fraction, part: Cover, nodes: dict[str, Node], method: Method) -> MissionLine:
    node = nodes[place.objective]
    split = share != 1 and method.rollup.shared_objective == "by_projects"
    projects = tuple(place.projects) if split else ()
    state = state_of(part.pct, method.states.strategic)
    return MissionLine(OBJECTIVE, place.objective, node.title, part, state, share, node.code, projects)
