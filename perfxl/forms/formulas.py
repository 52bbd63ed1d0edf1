"""The native formulas of a row: from the result cell to its percent and its traffic light, as `perfxl.scoring` computes them.

Four locked helper columns, hidden, keep every formula short: format of the result cell, measure, fraction, fraction within the
bands. Functions of Excel 2007 and 2010 only; `CELL("format")` tells a percent (P…) and a date (D…) from a plain number. It is
asked only to tell apart what was typed: where it says nothing, the format that the form itself gave to the cell holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.forms.branches import Aim, Branch, Nature, is_declared
from perfxl.grammar.dates import FIRST_YEAR, LAST_YEAR
from perfxl.model import State
from perfxl.scoring import Rule
from perfxl.views.fractions import fraction, holds, limited, literal
from perfxl.views.words import STATE_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfxl.methods.schema import Bands, Method, Scoring
    from perfxl.scoring import Comparison

WORDS = "calcolata dal controllo di gestione"
"""What stands in the place of the percent where the formula has nothing to say."""
NOTHING = "–"
"""What it shows while the result is blank: a sign and not an empty text, which a reader would take for a formula never calculated."""
TO_BE_JUDGED = "– lo calcola il controllo di gestione"

_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_NUMBERS = ("F", ",", "C", "S")  # formats that are certainly not dates


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of a row's cells."""

    result: str
    format: str
    measure: str
    fraction: str
    banded: str
    percent: str

    @classmethod
    def of(cls, row: int, result: str, helpers: tuple[str, str, str, str], percent: str) -> Places:
        """The addresses of a row (counted from 1) from the letters of the columns."""
        told, measure, fraction_at, banded = (f"{letter}{row}" for letter in helpers)
        return cls(f"{result}{row}", told, measure, fraction_at, banded, f"{percent}{row}")


@dataclass(frozen=True, slots=True)
class Formulas:
    """The five formulas of a row and its light."""

    format: str
    measure: str
    fraction: str
    banded: str
    percent: str
    state: str


def formulas_of(aim: Aim, method: Method, at: Places) -> Formulas:
    """The formulas of a row. They hold also where no nature of result can be computed: then they always say `WORDS`."""
    level = method.states.indicator
    reached, critical = (literal(Decimal(x) / 100) for x in (level.reached_from, level.critical))
    met = _strictly_met(aim, at)
    reaches = f"ROUND({at.banded},12)>={reached}"
    if met:
        reaches = f"AND({reaches},{met})"
    low = f'IF(ROUND({at.banded},12)>={critical},"{STATE_LABEL[State.PARTIAL]}","{STATE_LABEL[State.NOT_REACHED]}")'
    light = f'IF({reaches},"{STATE_LABEL[State.REACHED]}",{low})'
    none = f'IF(ISBLANK({at.result}),"{STATE_LABEL[State.UNMEASURED]}","{TO_BE_JUDGED}")'
    full = f"IF({reaches},1,{at.banded})" if aim.scoring.reached_scores == "full" else at.banded
    percent = _rounded(full, method)
    return Formulas(
        format=f'=IFERROR(LEFT(CELL("format",{at.result}),1),"")',
        measure=f'=IF(ISNUMBER({at.result}),{_by_nature(aim, at, lambda n, b: _measure(n, b, at.result))},"")',
        fraction=f'=IF(ISNUMBER({at.measure}),{_by_nature(aim, at, lambda _, b: _limited(aim, b, at))},"")',
        banded=f'=IF(ISNUMBER({at.fraction}),{_banded(aim.scoring.bands, at.fraction)},"")',
        percent=f'=IF(ISBLANK({at.result}),"{NOTHING}",IF(ISNUMBER({at.banded}),{percent},"{WORDS}"))',
        state=f"=IF(ISNUMBER({at.banded}),{light},{none})",
    )


def _by_nature(aim: Aim, at: Places, expression: Callable[[Nature, Branch], str]) -> str:
    """The expression of each nature, chosen by the cell's format; one alone where all natures have the same."""
    found = {nature: expression(nature, branch) for nature, branch in aim.branches.items()}
    if not found:
        return '""'
    percent, number, day = (found.get(nature, '""') for nature in (Nature.PERCENT, Nature.NUMBER, Nature.DATE))
    if percent == number == day:
        return percent
    silent = {Nature.PERCENT: percent, Nature.NUMBER: number, Nature.DATE: day}[aim.natural]
    if aim.natural is Nature.DATE:  # dd/mm/yyyy may be told as D or as nothing in particular (G), never as a number
        inner = f"IF(OR({_is_one_of(at.format)}),{number},{day})"
    elif silent == number:
        inner = number
    else:
        inner = f'IF({at.format}="",{silent},{number})'
    if day != number and aim.natural is not Nature.DATE:
        inner = f'IF({at.format}="D",{day},{inner})'
    return f'IF({at.format}="P",{percent},{inner})' if percent != inner else inner


def _is_one_of(cell: str) -> str:
    return ",".join(f'{cell}="{sign}"' for sign in _NUMBERS)


def _measure(nature: Nature, branch: Branch, cell: str) -> str:
    """The result in the target's unit: percents in percent, dates as whole days."""
    if nature is Nature.PERCENT:
        return f"ROUND({cell}*100,10)"
    if nature is Nature.NUMBER:
        return f'IF(OR({cell}=0,ABS({cell})>1),{cell},"")' if branch.doubtful_under_one else cell
    days = f"INT({cell})"
    if branch.months:
        after = f"({cell}+1)"  # a period has closed on its last day
        month = f"INT((MONTH{after}-1)/{branch.months})*{branch.months}+1"
        passed = f"INT({cell})-DATE(YEAR{after},{month},1)+1"
        left = f"DATE(YEAR{after},{month}+{branch.months},1)-1-INT({cell})"
        late = f"{passed}>{literal(branch.comparison.target)}"
        days = f'IF(AND({late},{left}<{passed}),"",{passed})'  # nearer to the next close: of which it speaks isn't certain
    return f'IF(AND({cell}>={_day(_FIRST)},{cell}<{_day(_LAST)}+1),{days},"")'


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _limited(aim: Aim, branch: Branch, at: Places) -> str:
    """The fraction of a comparison between the method's floor and cap."""
    if not is_declared(branch):
        return _compared(branch.comparison, aim.scoring, at)
    below = '""' if branch.below_zero is None else _compared(branch.below_zero, aim.scoring, at)
    return f"IF({at.measure}<0,{below},{limited(f'{at.measure}/100', aim.scoring)})"


def _compared(one: Comparison, scoring: Scoring, at: Places) -> str:
    raw = _declared(one, at) if one.rule is Rule.DECLARED else fraction(one, scoring, at.measure)
    if raw == '""':
        return raw
    within = limited(raw, scoring)
    if scoring.negative == "not_computable" and one.rule is not Rule.DECLARED:
        if any(value < 0 for value in (one.target, one.low, one.high)):
            return '""'
        return f'IF({at.measure}<0,"",{within})'
    return within


def _declared(one: Comparison, at: Places) -> str:
    """The percent of a step: what was typed, or nothing done, whatever was typed."""
    return f"{at.measure}/100" if one.result else "0"


def _strictly_met(aim: Aim, at: Places) -> str:
    """The condition that a strict target (> 60 %, < 5 gg) puts on *raggiunto*; "" where there is none."""
    if aim.scoring.strict != "not_reached_at_equality":
        return ""

    def condition(_: Nature, branch: Branch) -> str:
        one = branch.below_zero if is_declared(branch) else branch.comparison
        if one is None or one.operator not in ("<", ">"):
            return "TRUE"
        met = holds(one, at.measure)
        return f"OR({at.measure}>=0,{met})" if is_declared(branch) else met

    if all(condition(nature, branch) == "TRUE" for nature, branch in aim.branches.items()):
        return ""
    return _by_nature(aim, at, condition)


def _banded(bands: Bands, cell: str) -> str:
    """The method's bands on a fraction (docs/metodi.md, `scoring.bands`)."""
    if bands.mode == "as_is":
        return cell
    edges = [Decimal(edge) / 100 for edge in bands.edges]
    values = [Decimal(value) / 100 for value in bands.values]
    sign = ">=" if bands.edge_belongs == "above" else ">"

    def passed(edge: Decimal) -> str:
        return f"ROUND({cell},12){sign}{literal(edge)}"

    if bands.mode == "steps":
        text = literal(values[0])
        for edge, value in zip(edges, values[1:], strict=True):
            text = f"IF({passed(edge)},{literal(value)},{text})"
        return text
    text = literal(values[0])
    for index, edge in enumerate(edges):
        inside = literal(values[-1])
        if index < len(edges) - 1:
            wide, rise = edges[index + 1] - edge, values[index + 1] - values[index]
            within = f"{literal(values[index])}+({cell}-{literal(edge)})*{literal(rise)}/{literal(wide)}"
            inside = cell if bands.mode == "clamp" else within
        text = f"IF({passed(edge)},{inside},{text})"
    return text


def _rounded(fraction_text: str, method: Method) -> str:
    """The figure as the method passes it on: exact, or rounded at each level (METHODS, *rounding*)."""
    rounding = method.rounding
    if rounding.stage != "each_level":
        return fraction_text
    places = rounding.decimals
    unit = 10 ** (places + 2)
    scaled = f"ROUND(({fraction_text})*{unit},6)"
    match rounding.mode:
        case "truncate":
            return f"TRUNC({scaled})/{unit}"
        case "half_up":
            return f"ROUND({scaled},0)/{unit}"
        case "half_down":
            return f"IF({scaled}<0,-1,1)*ROUNDUP(MAX(ABS({scaled})-0.5,0),0)/{unit}"
        case _:
            return f"IF(ABS({scaled}-TRUNC({scaled}))=0.5,2*ROUND({scaled}/2,0),ROUND({scaled},0))/{unit}"
