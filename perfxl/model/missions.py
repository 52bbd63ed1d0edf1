"""The tree re-read by mission and programme (DM 27/3/2013): the classification of a public body's expenditure."""

from __future__ import annotations

from fractions import Fraction

from perfxl.model.record import record
from perfxl.model.scores import Cover, State

MISSION, PROGRAMME, OBJECTIVE = "missione", "programma", "obiettivo"


@record(frozen=True, slots=True)
class MissionLine:
    """A mission, a programme or an objective under it, in document order (a mission before its programmes).

    `share` is the part for which an objective counts here: all its parts make 1, so that it counts once in the body.
    """

    level: str  # MISSION, PROGRAMME, OBJECTIVE
    code: str  # "011", "011/005", "2E"
    title: str
    cover: Cover
    state: State
    share: Fraction = Fraction(1)
    node: str = ""  # code of the objective in the tree
    projects: tuple[str, ...] = ()  # of the objective, under this programme; empty: the objective counts whole

    @property
    def depth(self) -> int:
        """0 for a mission."""
        return (MISSION, PROGRAMME, OBJECTIVE).index(self.level)
