"""The state as a native formula: thresholds stand in *Metodo*, so that a percent that changes moves the state too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from perfxl.model import State
from perfxl.scoring.finish import state_of
from perfxl.views.tab import Column, Kind
from perfxl.views.words import STATE_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from perfxl.methods.schema import StateLevel
    from perfxl.views.context import Context

THRESHOLD_ROWS = ("indicator", "operational", "strategic")
"""Order of the thresholds' table in *Metodo*: keys of the profile's `[states]`."""

_LEVELS = {"indicatore": "indicator", "obiettivo_operativo": "operational", "progetto": "operational"}


def thresholds(context: Context, level: str) -> tuple[int, StateLevel]:
    """Row in *Metodo* and thresholds of a level of the tree; `strategic` serves areas, body, people, offices too."""
    key = _LEVELS.get(level, "strategic")
    found: StateLevel = getattr(context.c.method.states, key)
    return THRESHOLD_ROWS.index(key), found


def state_column(
    context: Context,
    *,
    level: Callable[[Any], str],
    held: Callable[[Any], Fraction | None],
    state: Callable[[Any], State | None],
) -> Column:
    """The column of states of a table that has a `pct` column; the label itself where the formula would say otherwise."""

    def formula(item: Any) -> str | None:
        row, found = thresholds(context, level(item))
        if state(item) is None or state_of(held(item), found) is not state(item):
            return None
        return state_formula(row)

    def label(item: Any) -> str | None:
        found = state(item)
        return None if found is None else STATE_LABEL[found]

    return Column("stato", "Stato", 23, label, Kind.STATE, formula=formula)


@lru_cache(maxsize=8)
def state_formula(row: int) -> str:
    """The state of the `pct` beside it by the thresholds of a row of *Metodo*."""
    reached, critical = f"{{soglie.raggiunto#{row}}}", f"{{soglie.critica#{row}}}"
    low = f'IF(ROUND({{pct}},12)>={critical},"{STATE_LABEL[State.PARTIAL]}","{STATE_LABEL[State.NOT_REACHED]}")'
    inner = f'IF(ROUND({{pct}},12)>={reached},"{STATE_LABEL[State.REACHED]}",{low})'
    return f'IF(ISNUMBER({{pct}}),{inner},"{STATE_LABEL[State.UNMEASURED]}")'
