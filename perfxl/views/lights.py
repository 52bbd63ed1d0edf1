"""Traffic lights and trends in the statements' tabs: columns beside a year's, with native formulas where one can say it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Result, ResultKind, State
from perfxl.scoring.columns import Rule
from perfxl.scoring.compare import Compared, compare
from perfxl.statements.lights import (
    LEVEL,
    UP,
    achieved,
    aim_of,
    light_of,
    method_of,
    movement_of,
    relaxed,
    state_of,
    trend_of,
    upwards,
)
from perfxl.statements.operands import before
from perfxl.views.states import THRESHOLD_ROWS
from perfxl.views.tab import Column, Kind

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.statements import Figure, Line, Statement
    from perfxl.statements.lights import Aim
    from perfxl.statements.model import Field
    from perfxl.views.context import Context

LIGHT_LABEL = {
    State.REACHED: "● rispettato",
    State.PARTIAL: "◐ vicino",
    State.NOT_REACHED: "○ non rispettato",
    State.UNMEASURED: "–",
}
"""Signs and colours of the states (`perfxl.views.words`), in the words of a target that is kept or not."""

KINDS = {"amount": Kind.AMOUNT, "integer": Kind.INTEGER, "percent": Kind.PERCENT}

_CRITICAL = f"{{soglie.critica#{THRESHOLD_ROWS.index('indicator')}}}"
_PLACES = 9  # at which the binary noise of a cell is healed before it is compared


def beside(context: Context, statement: Statement, field: Field) -> list[Column]:
    """The columns that follow a figure's: its light, its difference from the year before, its trend; none where none is asked."""
    figures = [line.figures[field.key] for line in statement.lines if field.key in line.figures]
    method = method_of(context.c.method)
    columns = []
    if any(light_of(each) is not None for each in figures):
        columns.append(_light(field, method))
    if any(trend_of(each) is not None for each in figures):
        columns += _trend(field, next(each for each in figures if trend_of(each) is not None))
    return columns


# -- lights -----------------------------------------------------------------------------------------------------------


def _light(field: Field, method: Method) -> Column:
    def value(line: Line) -> str | None:
        figure = line.figures.get(field.key)
        return None if figure is None or light_of(figure) is None else LIGHT_LABEL[state_of(figure, method)]

    def formula(line: Line) -> str | None:
        figure = line.figures.get(field.key)
        return None if figure is None or light_of(figure) is None else light_formula(figure, method)

    return Column(f"{field.key}_stato", f"Stato {field.year or field.heading}", 18, value, Kind.STATE, formula=formula)


def light_formula(figure: Figure, method: Method) -> str | None:
    """The light as a formula over the figure's cell; None where no formula can say what the method does."""
    aim = aim_of(figure)
    percent = figure.kind == "percent"
    if aim is None or figure.value is None or achieved(aim, figure.value, method, percent=percent) is None:
        return None
    if not _plain(method):
        return None
    cell = f"{{{figure.field.key}}}"
    bare = f"100*{cell}" if percent else cell
    read = f"ROUND({bare},{_PLACES})"
    near = _near(aim, read, method, percent=percent)
    below = f'"{LIGHT_LABEL[State.NOT_REACHED]}"'
    if near:
        below = f'IF({near},"{LIGHT_LABEL[State.PARTIAL]}",{below})'
    met = _holds(relaxed(aim, method), bare, read)
    return f'IF(ISNUMBER({cell}),IF({met},"{LIGHT_LABEL[State.REACHED]}",{below}),"{LIGHT_LABEL[State.UNMEASURED]}")'


def _plain(method: Method) -> bool:
    """Whether the achievement is the rule's own: no bands, no floor above the critical threshold, negatives as they are."""
    scoring = method.scoring
    return (
        scoring.bands.mode == "as_is"
        and scoring.floor < method.states.indicator.critical
        and (scoring.cap is None or scoring.cap >= method.states.indicator.critical)
        and scoring.negative == "signed"
    )


def _holds(aim: Aim, bare: str, read: str) -> str:
    low, high = _number(aim.low), _number(aim.high)
    if aim.operator == "=":
        return f"ROUND({bare},{aim.decimals})={low}"
    if aim.operator:
        return f"{read}{aim.operator}{low}"
    return f"AND({read}>={low},{read}<={high})"


def _near(aim: Aim, read: str, method: Method, *, percent: bool) -> str:
    """The achievement reaches the critical threshold, for a figure that doesn't meet the target. "" where it never does.

    The rules of `perfxl.scoring.rules`, solved for the figure: the critical threshold is the cell of *Metodo*.
    """
    outcome = compare(aim.target, Result(ResultKind.NUMBER, Decimal(2), "%" if percent else None), method.scoring)
    assert isinstance(outcome, Compared)  # it has an achievement
    match outcome.comparison.rule:
        case Rule.RANGE if method.scoring.range == "distance":
            return f"AND({_from_below(read, aim.low)},{_from_above(read, aim.high)})"
        case Rule.INCREASING if aim.low:
            return _from_below(read, aim.low)
        case Rule.DECREASING if aim.high and method.scoring.decreasing == "linear":
            return _from_above(read, aim.high)
        case Rule.DECREASING if aim.high > 0:
            return f"{_number(aim.high)}>={_CRITICAL}*{read}"
        case Rule.DECREASING if aim.high < 0:
            return f"{read}<={_CRITICAL}*({_number(aim.high)})"
    return ""


def _from_below(read: str, bound: Decimal) -> str:
    return f"{read}>={_number(bound)}-{_number(abs(bound))}*(1-{_CRITICAL})"


def _from_above(read: str, bound: Decimal) -> str:
    return f"{read}<={_number(bound)}+{_number(abs(bound))}*(1-{_CRITICAL})"


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


# -- trends -----------------------------------------------------------------------------------------------------------


def _trend(field: Field, example: Figure) -> list[Column]:
    earlier = before(example)
    trend = trend_of(example)
    assert earlier is not None
    assert trend is not None
    key = f"{field.key}_differenza"
    since = f"{earlier.field.year or earlier.field.heading}"

    def difference(line: Line) -> float | None:
        moved = movement_of(line.figures[field.key])
        return None if moved is None else float(_held(moved.difference, moved.figure))

    def formula(line: Line) -> str | None:
        if movement_of(line.figures[field.key]) is None:
            return None
        now, then = f"{{{field.key}}}", f"{{{earlier.field.key}}}"
        return f'IF(AND(ISNUMBER({now}),ISNUMBER({then})),{now}-{then},"")'

    return [
        Column(key, f"Differenza dal {since}", 15, difference, lambda line: _kind(line.figures[field.key]), formula=formula),
        Column(
            f"{field.key}_andamento",
            f"Andamento {field.year or field.heading}",
            14,
            lambda line: _word(line.figures[field.key]),
            Kind.CENTRED,
            formula=lambda line: _word_formula(line.figures[field.key], key, trend.decimals),
        ),
    ]


def _held(value: Fraction, figure: Figure) -> Fraction:
    return value / 100 if figure.kind == "percent" else value


def _kind(figure: Figure) -> Kind:
    return KINDS.get(figure.kind, Kind.NUMBER)


def _word(figure: Figure) -> str | None:
    moved = movement_of(figure)
    if moved is None:
        return None if trend_of(figure) is None else LIGHT_LABEL[State.UNMEASURED]
    return _said(moved.arrow, moved.better)


def _said(arrow: str, better: bool | None) -> str:
    if arrow == LEVEL:
        return f"{LEVEL} stabile"
    return arrow if better is None else f"{arrow} {'migliora' if better else 'peggiora'}"


def _word_formula(figure: Figure, key: str, decimals: int) -> str | None:
    if movement_of(figure) is None:
        return None
    way = upwards(figure)
    up, down = (_said(UP, way > 0), _said("↓", way < 0)) if way else (UP, "↓")
    places = decimals + (2 if figure.kind == "percent" else 0)
    seen = f"ROUND({{{key}}},{places})"
    word = f'IF({seen}=0,"{LEVEL} stabile",IF({seen}>0,"{up}","{down}"))'
    return f'IF(ISNUMBER({{{key}}}),{word},"{LIGHT_LABEL[State.UNMEASURED]}")'
