"""Formulas of indicators over named measures: names, Italian numbers, + − × ÷ and parentheses. Nothing is ever executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from perfxl.grammar import number_of

LONGEST = 2000
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:[.,]\d+)*)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/()]))")
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/", "\xa0": " "})
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3}


class FormulaError(Exception):
    """A formula that can't be read or computed; the argument says why in Italian."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number (`value`), a name, or a sign."""

    kind: str
    text: str
    value: Fraction = Fraction(0)


def evaluate(formula: str, measure: Callable[[str], Fraction]) -> Fraction:
    """The exact value of a formula; `measure` gives the value of a name.

    Raises:
        FormulaError: not readable, division by zero, and whatever `measure` raises of this kind.
    """
    values: list[Fraction] = []
    for item in _postfix(_tokens(formula)):
        if item.kind == "number":
            values.append(item.value)
        elif item.kind == "name":
            values.append(measure(item.text))
        elif item.text == "neg":
            values.append(-values.pop())
        else:
            right, left = values.pop(), values.pop()
            values.append(_applied(item.text, left, right))
    return values[0]


def names_in(formula: str) -> tuple[str, ...]:
    """The names of a formula, each once, in the order in which they appear."""
    return tuple(dict.fromkeys(token.text for token in _tokens(formula) if token.kind == "name"))


def _applied(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "/" and right == 0:
        raise FormulaError("divisione per zero")
    operations: Mapping[str, Callable[[], Fraction]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
    }
    return operations[sign]()


def _tokens(formula: str) -> list[Token]:
    text = formula.translate(_SIGNS).strip()
    if len(text) > LONGEST:
        raise FormulaError("formula troppo lunga")
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(f"formula non leggibile: «{text[position : position + 20].strip()}»")
        position = match.end()
        found.append(_token(match))
    return found


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    text = match[kind]
    if kind != "number":
        return Token(kind, text)
    value = number_of(text)
    if value is None:
        raise FormulaError(f"formula non leggibile: «{text}»")
    return Token(kind, text, Fraction(value))


def _postfix(tokens: list[Token]) -> list[Token]:
    """Operands before their operators (shunting-yard): no recursion, whatever the parentheses."""
    out: list[Token] = []
    waiting: list[Token] = []
    operand_next = True
    for token in tokens:
        if token.kind in ("number", "name"):
            _expect(operand_next, token)
            out.append(token)
            operand_next = False
        elif token.text == "(":
            _expect(operand_next, token)
            waiting.append(token)
        elif token.text == ")":
            _expect(not operand_next, token)
            _close(out, waiting)
        else:
            operator = _operator(token, unary=operand_next)
            if operator is not None:
                _push(operator, out, waiting, unary=operand_next)
            operand_next = True
    if operand_next:
        raise FormulaError("formula non leggibile: manca un valore")
    while waiting:
        if waiting[-1].text == "(":
            raise FormulaError("formula non leggibile: parentesi non chiusa")
        out.append(waiting.pop())
    return out


def _operator(token: Token, *, unary: bool) -> Token | None:
    """A sign where a value is due is a sign of the value: minus changes it, plus does nothing."""
    if not unary:
        return token
    if token.text not in "+-":
        raise FormulaError(f"formula non leggibile: «{token.text}» senza un valore prima")
    return Token("sign", "neg") if token.text == "-" else None


def _push(operator: Token, out: list[Token], waiting: list[Token], *, unary: bool) -> None:
    while not unary and waiting and waiting[-1].text != "(" and _RANK[waiting[-1].text] >= _RANK[operator.text]:
        out.append(waiting.pop())
    waiting.append(operator)


def _close(out: list[Token], waiting: list[Token]) -> None:
    while waiting and waiting[-1].text != "(":
        out.append(waiting.pop())
    if not waiting:
        raise FormulaError("formula non leggibile: parentesi chiusa e mai aperta")
    waiting.pop()


def _expect(fits: bool, token: Token) -> None:
    if not fits:
        raise FormulaError(f"formula non leggibile: manca un segno o un valore prima di «{token.text}»")
