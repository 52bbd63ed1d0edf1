"""PX_STATO, PX_OBIETTIVO, PX_STRATEGICO: from the realisations of the indicators to those of the objectives, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.functions.cells import SIZES, Grid, Problem, flat, grid_of, is_blank, one
from perfxl.functions.exact import percents, typed_number
from perfxl.functions.profile import profile_of
from perfxl.grammar import number_of, parse_result
from perfxl.model import ResultKind, State
from perfxl.rollup.means import weighted_mean
from perfxl.scoring import round_exact
from perfxl.scoring.finish import state_of

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

NOT_MEASURED = "N.C."
WEIGHT = "peso non leggibile"

Values = list[Fraction | str | None]


def stato(realizzazioni: object, metodo: object = None) -> Grid:
    """PX_STATO: the state of each realisation by the method's thresholds for indicators, on the exact value.

    Source: METHODS, *tolerance and critical threshold*. A strict target's *not reached at equality* can't be told from the
    percent alone: PX_SPIEGA gives the state with the target beside it.
    """
    method = profile_of(metodo)
    if isinstance(method, Problem):
        return one(method)
    grid = grid_of(realizzazioni)
    cells = flat(realizzazioni)
    values = percents(cells, method.scoring.cap)
    if isinstance(values, Problem):
        return one(values)
    width = len(grid[0])
    states = [_state(value, method) for value in values]
    return [states[start : start + width] for start in range(0, len(states), width)]


def _state(value: Fraction | str | None, method: Method) -> str:
    if value is None or isinstance(value, Problem):
        return str(value or "")
    if isinstance(value, str):
        return str(State.UNMEASURED)
    return str(state_of(value, method.states.indicator))


def obiettivo(realizzazioni: object, pesi: object = None, metodo: object = None) -> Grid:
    """PX_OBIETTIVO: mean (or worst) of the measured realisations, rounded where the method rounds at each level; one cell.

    Source: METHODS, *indicators → objective*, *not measured*, *rounding*.
    """
    method = profile_of(metodo)
    if isinstance(method, Problem):
        return one(method)
    values = _measured(realizzazioni, method)
    if isinstance(values, Problem):
        return one(values)
    weights = _weights(values, pesi)
    if isinstance(weights, Problem):
        return one(weights)
    return [[_figure(_mean(values, weights, method), method)]]


def strategico(indicatori: object, operativi: object, metodo: object = None) -> Grid:
    """PX_STRATEGICO: own indicators and operational objectives in the method's shares; one cell.

    Source: METHODS, *strategic objective* (Massa-Carrara 2019: 60 and 40; Lucca 2017: the projects alone).
    """
    method = profile_of(metodo)
    if isinstance(method, Problem):
        return one(method)
    own, beneath = _measured(indicatori, method), _measured(operativi, method)
    if isinstance(own, Problem) or isinstance(beneath, Problem):
        return one(own if isinstance(own, Problem) else str(beneath))
    ones = [Fraction(1)] * len(own)
    children = weighted_mean([(value if isinstance(value, Fraction) else None, Fraction(1)) for value in beneath])
    return [[_figure(_both(_mean(own, ones, method), children, method), method)]]


def _both(own: Fraction | None, children: Fraction | None, method: Method) -> Fraction | None:
    rollup = method.rollup
    if rollup.strategic == "children_only":
        return children
    if rollup.missing_part == "blocks" and (own is None or children is None):
        return None
    return weighted_mean([(own, Fraction(rollup.own_pct)), (children, Fraction(rollup.children_pct))])


def _measured(argument: object, method: Method) -> Values | Problem:
    """The realisations in percent; a cell that can't be used stops the mean, and says why."""
    values = percents(flat(argument), method.scoring.cap)
    if isinstance(values, Problem):
        return values
    wrong = next((value for value in values if isinstance(value, Problem)), None)
    return wrong if wrong is not None else list(values)


def _mean(values: Values, weights: Sequence[Fraction], method: Method) -> Fraction | None:
    if method.not_measured.policy == "blocks_parent" and any(isinstance(value, str) for value in values):
        return None
    parts = [(value if isinstance(value, Fraction) else None, w) for value, w in zip(values, weights, strict=True)]
    if method.rollup.indicators == "worst":
        return min((pct for pct, _ in parts if pct is not None), default=None)
    return weighted_mean(parts)


def _weights(values: Values, argument: object) -> list[Fraction] | Problem:
    """The weights of the measured realisations; equal where none is given. One that is missing among others is not guessed."""
    cells = flat(argument)
    if all(map(is_blank, cells)):
        return [Fraction(1)] * len(values)
    if len(cells) != len(values):
        return Problem(SIZES)
    used = [cell for value, cell in zip(values, cells, strict=True) if isinstance(value, Fraction)]
    signs = {isinstance(cell, str) and "%" in cell for cell in used}
    weights = [_weight(cell) if isinstance(value, Fraction) else Fraction(1) for value, cell in zip(values, cells, strict=True)]
    known = [weight for weight in weights if weight is not None]
    return known if len(known) == len(weights) and len(signs) < 2 else Problem(WEIGHT)


def _weight(cell: object) -> Fraction | None:
    """A positive number, or a text such as `30` or `30%`: the scale doesn't matter where all the weights share it."""
    value = typed_number(cell)
    if value is None and isinstance(cell, str):
        result = parse_result(cell)
        figure = result.value if result.kind is ResultKind.PERCENT else number_of(cell)
        value = None if figure is None else Fraction(figure)
    return value if value is not None and value > 0 else None


def _figure(pct: Fraction | None, method: Method) -> float | str:
    """The official percent as a fraction of 1, or N.C."""
    if pct is None:
        return NOT_MEASURED
    rounding = method.rounding
    if rounding.stage == "each_level":
        pct = round_exact(pct, rounding.decimals, rounding.mode)
    return float(pct / 100)
