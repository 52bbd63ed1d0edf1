"""The syntax of formulas: names, Italian numbers, + − × ÷, parentheses, and a few functions. Nothing is ever executed.

A name is a figure: `actual` · `TOTALE.actual` (line and column) · `budget!actual` (of another table) · `children.actual` (the
lines beneath) · `budget!actual[objective]` (those whose column `objective` holds this line's key). A name with signs in it
stands between double quotes: `"N_self-ass_PID"`; names that are known beforehand (measures) need none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from perfxl.grammar import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST, DEEPEST = 2000, 40
FUNCTIONS = frozenset({"sum", "mean", "wmean", "min", "max", "count", "abs", "prev", "achievement", "ge", "algorithm"})
"""`prev(x)`: the same figure in the column before. `wmean(x, w)`: mean weighted over the measured. `ge(x, y)`: 1 where x ≥ y, else 0.
The first six take many.
`algorithm(text, table)`: the algorithm printed in a column, over the measures of a table; `algorithm(text, table, target)` is in
the unit of a target: a hundred times as much for a percentage."""

_NAME = r'(?:[^\W\d]\w*|"[^"]+"|@)'
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>\d+(?:[.,]\d+)*)|(?P<name>(?:{_NAME}!)?{_NAME}(?:\.(?:\w+|\"[^\"]+\"))?(?:\[\w+\])?)|(?P<sign>[-+*/(),;−–×·÷:]))"
)
_PARTS = re.compile(rf"(?:(?P<table>{_NAME})!)?(?P<head>{_NAME})(?:\.(?P<tail>\w+|\"[^\"]+\"))?(?:\[(?P<by>\w+)\])?")
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/"}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}


class FormulaError(Exception):
    """A formula that can't be read; the argument says why in Italian."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure by name: `[table!]head[.tail][[by]]`. What a head without a tail means (line or column) the table says."""

    head: str
    tail: str = ""
    table: str = ""
    by: str = ""

    def __str__(self) -> str:
        text = f"{self.table}!{self.head}" if self.table else self.head
        return text + (f".{self.tail}" if self.tail else "") + (f"[{self.by}]" if self.by else "")


@dataclass(frozen=True, slots=True)
class Negative:
    """− x."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """left sign right."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS`."""

    name: str
    arguments: tuple[Node, ...]


Node: TypeAlias = "Number | Ref | Negative | Operation | Call"


def parse(formula: str, names: Iterable[str] = ()) -> Node:
    """The tree of a formula. `names`: codes that may hold signs and blanks (`Dip-Form`); case doesn't matter to them.

    Raises:
        FormulaError: what can't be read, in Italian.
    """
    text = formula.strip()
    if len(text) > LONGEST:
        raise FormulaError("formula troppo lunga")
    return _Parser(list(_tokens(text, names))).whole()


def chain(node: Operation) -> tuple[Node, list[tuple[str, Node]]]:
    """`a + b − c` as a and what follows it: a long sum is a tree as deep as it is long, and is walked without descending."""
    steps = [(node.sign, node.right)]
    first = node.left
    while isinstance(first, Operation):
        steps.append((first.sign, first.right))
        first = first.left
    return first, steps[::-1]


def refs_in(node: Node) -> tuple[Ref, ...]:
    """The figures that a formula names, each once, in the order in which they appear."""
    return tuple(dict.fromkeys(each for each in _nodes(node) if isinstance(each, Ref)))


def calls_in(node: Node) -> tuple[Call, ...]:
    """The functions that a formula calls, the outer before those in their arguments."""
    return tuple(each for each in _nodes(node) if isinstance(each, Call))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Negative():
            yield from _nodes(node.inner)
        case Operation():
            first, steps = chain(node)
            for part in (first, *(right for _, right in steps)):
                yield from _nodes(part)
        case Call():
            for argument in node.arguments:
                yield from _nodes(argument)
        case Number() | Ref():
            pass


Token = tuple[str, str]
"""Kind (`number`, `name`, `sign`, or `known`: a name as it stands) and text."""


def tree(tokens: Iterable[Token]) -> Node:
    """The tree of tokens that another reader has told apart (`perfxl.algorithms.printed`).

    Raises:
        FormulaError: they aren't a formula.
    """
    return _Parser(list(tokens)).whole()


def _tokens(text: str, names: Iterable[str]) -> Iterator[Token]:
    known = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    spelled = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known), re.IGNORECASE) if known else None
    position = 0
    while position < len(text):
        start = position + len(text[position:]) - len(text[position:].lstrip())
        found = spelled.match(text, start) if spelled else None
        if found:
            yield "known", found[0]
            position = found.end()
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(f"formula non leggibile: «{text[position : position + 20].strip()}»")
        position = match.end()
        kind = match.lastgroup or ""
        yield kind, _SIGNS.get(match[kind], match[kind])


class _Parser:
    """Precedence climbing; the depth of parentheses is bounded."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression(1)
        if self._at < len(self._tokens):
            text = self._tokens[self._at][1]
            if text == ")":
                raise FormulaError("formula non leggibile: parentesi chiusa e mai aperta")
            raise FormulaError(f"formula non leggibile: manca un segno o un valore prima di «{text}»")
        return node

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) and self._tokens[self._at][0] == "sign" else ""

    def _expression(self, rank: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError("formula non leggibile: troppe parentesi una dentro l'altra")
        left = self._unary()
        while (sign := self._peek()) in _RANK and _RANK[sign] >= rank:
            self._at += 1
            left = Operation(sign, left, self._expression(_RANK[sign] + 1))
        self._depth -= 1
        return left

    def _unary(self) -> Node:
        sign = self._peek()
        if sign in {"-", "+"}:
            self._at += 1
            inner = self._unary_bounded()
            return Negative(inner) if sign == "-" else inner
        return self._atom()

    def _unary_bounded(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError("formula non leggibile: troppi segni di seguito")
        node = self._unary()
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        if self._at >= len(self._tokens):
            raise FormulaError("formula non leggibile: manca un valore")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            value = number_of(text)
            if value is None:
                raise FormulaError(f"formula non leggibile: «{text}»")
            return Number(Fraction(value))
        if kind == "known":
            return Ref(text)
        if kind == "name":
            return self._call(text.lower()) if self._peek() == "(" and text.lower() in FUNCTIONS else _ref(text)
        if text == "(":
            inner = self._expression(1)
            self._closed()
            return inner
        raise FormulaError(f"formula non leggibile: «{text}» senza un valore prima")

    def _call(self, name: str) -> Node:
        self._at += 1
        arguments = [self._expression(1)]
        while self._peek() in {",", ";"}:
            self._at += 1
            arguments.append(self._expression(1))
        self._closed()
        _check_arguments(name, arguments)
        return Call(name, tuple(arguments))

    def _closed(self) -> None:
        if self._peek() != ")":
            raise FormulaError("formula non leggibile: parentesi non chiusa")
        self._at += 1


def _check_arguments(name: str, arguments: list[Node]) -> None:
    count = {"prev": 1, "abs": 1, "wmean": 2, "achievement": 2, "ge": 2}.get(name)
    if count is not None and len(arguments) != count:
        raise FormulaError(f"formula non leggibile: {name} vuole {count} argomenti, ne ha {len(arguments)}")
    if name == "algorithm" and len(arguments) not in {2, 3}:
        raise FormulaError(f"formula non leggibile: {name} vuole 2 o 3 argomenti, ne ha {len(arguments)}")
    if name in {"prev", "achievement", "algorithm"} and not all(isinstance(each, Ref) for each in arguments):
        raise FormulaError(f"formula non leggibile: {name} vuole nomi di cifre")


def _ref(text: str) -> Ref:
    match = _PARTS.fullmatch(text)
    assert match is not None
    plain = {key: (value or "").strip('"') for key, value in match.groupdict().items()}
    return Ref(**plain)
