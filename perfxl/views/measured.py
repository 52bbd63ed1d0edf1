"""Printed algorithms, achievements and their states as native formulas: whoever fills a measure's cell sees the indicator move.

The formulas stand also where nothing is measured yet, and say so; where a method does what no formula says, there is the value.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from perfxl.algorithms import Call, MissingError, Negative, NotNativeError, Number, Operation, Ref, native, refs_in
from perfxl.algorithms.syntax import chain
from perfxl.model import Result, ResultKind, State
from perfxl.scoring.columns import Rule as ScoringRule
from perfxl.scoring.compare import Compared, compare
from perfxl.statements.against import outcome_of
from perfxl.statements.lights import method_of
from perfxl.statements.measures import PERCENT, counted, hundredfold, in_hundredths, read_algorithm, several_in, unit_of
from perfxl.statements.selection import rule_of
from perfxl.views.fractions import fraction, limited
from perfxl.views.states import THRESHOLD_ROWS
from perfxl.views.tab import Column, Kind
from perfxl.views.words import STATE_LABEL, UNMEASURED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfxl.algorithms import Node
    from perfxl.methods.schema import Method
    from perfxl.statements import Book, Figure, Line
    from perfxl.statements.measures import Measures
    from perfxl.statements.model import Field

Address: TypeAlias = "Callable[[Figure], str]"
"""Where a figure stands, as a name in braces (`perfxl.views.place`)."""

LONGEST_LITERAL = 240
"""A text in a formula has 255 characters at most, quotes doubled and a separator among them."""

NATIVE_RULES = frozenset({ScoringRule.INCREASING, ScoringRule.DECREASING, ScoringRule.MET_OR_MISSED, ScoringRule.RANGE})


def is_measured(figure: Figure) -> bool:
    """Whether a figure is an algorithm's value or an achievement: its formula stands also where nothing is measured yet."""
    return _name(figure) in {"algorithm", "achievement"}


def _name(figure: Figure) -> str:
    node = figure.rule.node if figure.rule is not None else None
    return node.name if isinstance(node, Call) else ""


def measured_formula(book: Book, figure: Figure, address: Address) -> str | None:
    """The formula of such a figure; None where a spreadsheet can't say it."""
    assert figure.rule is not None
    call = figure.rule.node
    assert isinstance(call, Call)
    names = [each for each in call.arguments if isinstance(each, Ref)]
    try:
        if call.name == "algorithm":
            return _algorithm(book, figure, names, address)
        return _achievement(book, figure, names, address)
    except (NotNativeError, MissingError):
        return None


def state_column(book: Book, field: Field) -> Column:
    """The states of the achievements of another column, by the method's thresholds for an indicator."""
    of = field.declared.state_of if field.declared is not None else ""

    def achievement(line: Line) -> Figure | None:
        figure = line.figures.get(line.statement.in_year(of, field.year))
        return figure if figure is not None and rule_of(figure) is not None else None

    def value(line: Line) -> str | None:
        figure = achievement(line)
        if figure is None:
            return None
        outcome = outcome_of(book, figure)
        return STATE_LABEL[outcome.state if outcome is not None else State.UNMEASURED]

    def formula(line: Line) -> str | None:
        figure = achievement(line)
        return None if figure is None or measured_formula(book, figure, str) is None else _state(figure)

    return Column(field.key, field.heading, field.width, value, Kind.STATE, formula=formula)


def unmeasured(line: Line) -> dict[str, list[Figure]]:
    """Why algorithms have no value: each reason, once, after the columns that it holds for; and their figures."""
    reasons: dict[str, list[Figure]] = {}
    for figure in line.figures.values():
        if figure.reason and _name(figure) == "algorithm":
            reasons.setdefault(figure.reason, []).append(figure)
    return {f"{', '.join(each.field.heading for each in figures)}: {reason}": figures for reason, figures in reasons.items()}


def unmeasured_formula(book: Book, line: Line, remark: str) -> str | None:
    """The same as a formula that falls silent when the measures are filled in; None for a remark that says more than that."""
    found = unmeasured(line)
    figures = [figure for each in found.values() for figure in each]
    if not found or remark != "; ".join(found) or max(map(len, found)) > LONGEST_LITERAL:
        return None
    if any(measured_formula(book, each, str) is None for each in figures):
        return None
    texts = [text.replace('"', '""') + ("; " if at < len(found) else "") for at, text in enumerate(found, start=1)]
    parts = []
    for text, each in zip(texts, found.values(), strict=True):
        there = ",".join(f"ISNUMBER({{{figure.field.key}}})" for figure in each)
        parts.append(f'IF(AND({there}),"","{text}")')
    return "&".join(parts)


# -- algorithms --------------------------------------------------------------------------------------------------------


def _algorithm(book: Book, figure: Figure, names: Sequence[Ref], address: Address) -> str:
    text, table, *rest = names
    [printed] = book.names.find(text, figure)
    measures = book.measures(table.head, figure.line.statement)
    node = read_algorithm(printed, measures)
    year = figure.field.year or figure.line.statement.year
    aims = book.names.find(rest[0], figure) if rest else []
    places = _Cells(measures, node, year, address)
    inner = native(places.plain_numbers(node), places)
    if hundredfold(node, unit_of(figure.line, aims[0] if aims else None)):
        inner = f"100*({inner})"
    return f'IF({places.filled(node)},IFERROR({inner},"{UNMEASURED}"),"{UNMEASURED}")'


class _Cells:
    """Where the measures of an algorithm stand."""

    def __init__(self, measures: Measures, node: Node, year: int | None, address: Address) -> None:
        self._measures, self._year, self._address = measures, year, address
        self._several = several_in(node)

    def filled(self, node: Node) -> str:
        """The condition under which all the measures are there."""
        single = [cell for ref in refs_in(node) if ref.head not in self._several for cell in self.plain(ref)]
        conditions = [f"COUNT({','.join(single)})={len(single)}"] if single else []
        conditions += [f"COUNT({','.join(self.plain(ref))})>0" for ref in refs_in(node) if ref.head in self._several]
        return conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions or ['TRUE'])})"

    def plain_numbers(self, node: Node) -> Node:
        """The formula over what the cells hold: measures in percent that were typed as plain numbers are hundredths."""
        match node:
            case Ref():
                return Operation("/", node, Number(Fraction(100))) if self._hundredths(node) else node
            case Call():
                plain = all(isinstance(each, Ref) and not self._hundredths(each) for each in node.arguments)
                return node if plain else Operation("/", node, Number(Fraction(100)))
            case Negative():
                return Negative(self.plain_numbers(node.inner))
            case Operation():
                first, steps = chain(node)
                made = self.plain_numbers(first)
                for sign, part in steps:
                    made = Operation(sign, made, self.plain_numbers(part))
                return made
        return node

    def cells(self, ref: Ref) -> Sequence[str]:
        return self.plain(ref)

    def plain(self, ref: Ref) -> Sequence[str]:
        return [self._address(each) for each in self._figures(ref)]

    def ranges(self, ref: Ref) -> Sequence[str]:
        return self.plain(ref)

    def previous(self, ref: Ref) -> str:
        raise NotNativeError(str(ref))

    def scale(self, ref: Ref) -> int:
        return 1 if ref else 0

    def _figures(self, ref: Ref) -> list[Figure]:
        found = self._measures.figures(ref.head, self._year)
        if ref.head in self._several:
            return found
        if len({counted(each) for each in found if each.typed is not None}) > 1:
            raise NotNativeError(str(ref))  # nobody says which of them counts
        return found[:1]

    def _hundredths(self, ref: Ref) -> bool:
        ways = {in_hundredths(each) for each in self._figures(ref)}
        if len(ways) > 1:
            raise NotNativeError(str(ref))
        return ways == {True}


# -- achievements ------------------------------------------------------------------------------------------------------


def _achievement(book: Book, figure: Figure, names: Sequence[Ref], address: Address) -> str:
    [result], [aim] = (book.names.find(each, figure) for each in names)
    method = method_of(book.method)
    percent = PERCENT in {result.unit, "%" if result.kind == "percent" else ""}
    if aim.target is None or not _said_by_formulas(method):
        raise NotNativeError("achievement")
    kind = ResultKind.PERCENT if percent else ResultKind.NUMBER
    outcome = compare(aim.target, Result(kind, Decimal(2), PERCENT if percent else None), method.scoring)
    doubtful = aim.target.unit == PERCENT and not percent  # 0.98 against 80 % may be 98 % or 0.98 %
    if doubtful or not isinstance(outcome, Compared) or outcome.comparison.rule not in NATIVE_RULES or outcome.comparison.parts:
        raise NotNativeError("achievement")
    cell = f"{{{result.field.key}}}" if result.line is figure.line else address(result)
    measure = f"(100*{cell})" if result.kind == "percent" else cell
    raw = fraction(outcome.comparison, method.scoring, measure)
    if raw == '""':
        raise NotNativeError("achievement")
    within = limited(raw, method.scoring)
    return f'IF(ISNUMBER({cell}),{within if figure.kind == "percent" else f"100*{within}"},"{UNMEASURED}")'


def _said_by_formulas(method: Method) -> bool:
    """Whether the achievement is the rule's own fraction: no bands, no rounding passed on, signs as they are."""
    scoring = method.scoring
    return (
        scoring.bands.mode == "as_is"
        and scoring.reached_scores == "own_percent"
        and scoring.negative == "signed"
        and method.rounding.stage == "shown"
    )


def _state(figure: Figure) -> str | None:
    aims = [each.target for each in figure.operands if each.target is not None]
    if figure.kind != "percent" or any(each.operator in {"<", ">"} for each in aims):
        return None  # a strict target isn't reached at equality, whatever the percent
    row = THRESHOLD_ROWS.index("indicator")
    cell = f"ROUND({{{figure.field.key}}},12)"
    low = f'IF({cell}>={{soglie.critica#{row}}},"{STATE_LABEL[State.PARTIAL]}","{STATE_LABEL[State.NOT_REACHED]}")'
    inner = f'IF({cell}>={{soglie.raggiunto#{row}}},"{STATE_LABEL[State.REACHED]}",{low})'
    return f'IF(ISNUMBER({{{figure.field.key}}}),{inner},"{STATE_LABEL[State.UNMEASURED]}")'
