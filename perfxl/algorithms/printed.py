"""Algorithms as plans print them: each code followed by its description, signs between. Read as formulas, or refused; never guessed.

`BilCons_DA_Inc Totale Diritto Annuale incassato … / BilCons_DA Diritto Annuale …` is `BilCons_DA_Inc / BilCons_DA`: a
description is left out only where it is, word by word, that of the code before it, so that its own signs (`Proventi correnti -
Proventi da diritto annuale …`) are never taken for operations. `/ 100 imprese attive al 31/12` is a scale: divided by the hundreds.

Source: Relazione Previsionale e Programmatica 2022 of Toscana Nord-Ovest, part of Massa-Carrara, sections 2.3 and 2.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.algorithms.syntax import Call, FormulaError, Negative, Node, Number, Operation, Ref, Token, chain, tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PLACEHOLDER = re.compile(r"\[codice\]\s*", re.IGNORECASE)
"""Printed where a measure has no code of its own, or before one that the body has given it."""

SOURCE = re.compile(r"\(\s*fonte\b[^()]*\)", re.IGNORECASE)
"""Who gives the figure, printed after an algorithm: `(Fonte SG)`."""

_AGGREGATES = {"media dei valori": "mean", "somma dei valori": "sum"}
"""What a description may say in parentheses at its end: how the values of a measure that has several come together."""

_PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "−": "-", "\xa0": " "})
_SIGNS = {"+": "+", "-": "-", "*": "*", "/": "/", "×": "*", "·": "*", "÷": "/", ":": "/", ")": ")"}
_COUNTED = re.compile(r"(?:numero|n\.)\s+(?:di\s+)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TIMES = re.compile(r"x(?=\s*\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d]\w*")
LONGEST = 4000
_SHOWN = 40
_HUNDRED = Number(Fraction(100))


@dataclass(frozen=True, slots=True)
class Term:
    """A measure as algorithms name it. `name` is what formulas call it; a measure with no code is known by its text alone."""

    name: str
    codes: tuple[str, ...] = ()
    text: str = ""

    @property
    def aggregate(self) -> str:
        """`mean` or `sum` where the description says that there are several values; else empty."""
        found = re.search(r"\(([^()]*)\)\s*$", self.text)
        return _AGGREGATES.get(" ".join(found[1].casefold().split()), "") if found else ""


class Vocabulary:
    """The measures that algorithms may name. `remarks` are sentences that say nothing to the formula, word by word."""

    def __init__(self, terms: Iterable[Term], remarks: Iterable[str] = ()) -> None:
        self.terms = tuple(terms)
        self._spellings = [(pattern, term) for term in self.terms for pattern in _spellings(term)]
        self._scales = [(pattern, term) for term in self.terms for pattern in _scales(term)]
        self._remarks = [SOURCE, *(_phrase(each) for each in remarks)]
        self._read: dict[str, Node | FormulaError] = {}

    def read(self, text: str) -> Node:
        """The formula of a printed algorithm; its names are those of the terms, or codes that aren't among them.

        Raises:
            FormulaError: what can't be read with certainty, in Italian.
        """
        if text not in self._read:
            try:
                self._read[text] = self._parsed(text)
            except FormulaError as error:
                self._read[text] = FormulaError(str(error).replace("formula", "algoritmo", 1))
        known = self._read[text]
        if isinstance(known, FormulaError):
            raise FormulaError(*known.args)
        return known

    def _parsed(self, text: str) -> Node:
        if len(text) > LONGEST:
            raise FormulaError("algoritmo troppo lungo")
        node = tree(_Walk(text.translate(_PLAIN), self._spellings, self._scales, self._remarks).tokens())
        _refuse_itself(node)
        return node


_Known = tuple[re.Pattern[str], Term]


class _Walk:
    """One reading of one text, from left to right: an operand, a sign, an operand …"""

    def __init__(
        self, text: str, spellings: Sequence[_Known], scales: Sequence[_Known], remarks: Sequence[re.Pattern[str]]
    ) -> None:
        self._text, self._at = text, 0
        self._spellings, self._scales, self._remarks = spellings, scales, remarks

    def tokens(self) -> Iterator[Token]:
        """The parts of the formula."""
        due, last = True, ""
        while self._more():
            if due and self._text[self._at] not in "(-+":
                yield from self._operand(scaled=last == "/")
                last, due = "", False
                continue
            last = self._after_operand() if not due else self._opening()
            due = last not in {")", ""}
            if last:
                yield "sign", last

    def _more(self) -> bool:
        """Past the blanks; whether anything is left."""
        self._at = len(self._text) - len(self._text[self._at :].lstrip())
        return self._at < len(self._text)

    def _opening(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _after_operand(self) -> str:
        """The sign that follows an operand; empty for a remark, which is passed over."""
        remark = next((found for each in self._remarks if (found := each.match(self._text, self._at))), None)
        if remark:
            self._at = remark.end()
            return ""
        times = _TIMES.match(self._text, self._at)
        sign = "*" if times else _SIGNS.get(self._text[self._at])
        if sign is None:
            raise FormulaError(f"algoritmo non leggibile: «{self._ahead()}» non è un segno, né la descrizione di ciò che precede")
        self._at += 1
        return sign

    def _operand(self, *, scaled: bool) -> list[Token]:
        self._passed(PLACEHOLDER)
        named = self._longest(self._spellings)
        if named:
            return _tokens(named)
        number = self._passed(_NUMBER)
        if number:
            return self._scale(number) if scaled else [("number", number)]
        return [("known", self._unknown())]

    def _scale(self, number: str) -> list[Token]:
        """`100 imprese attive al 31/12` after a division: the measure by the hundreds; a number alone stays one."""
        self._more()
        counted = self._longest(self._scales)
        if counted is None:
            return [("number", number)]
        return [("sign", "("), *_tokens(counted), ("sign", "/"), ("number", number), ("sign", ")")]

    def _longest(self, known: Sequence[_Known]) -> Term | None:
        """The term whose spelling takes most of what follows. Two of them: nobody can say which."""
        found = [(match.end(), term) for pattern, term in known if (match := pattern.match(self._text, self._at))]
        if not found:
            return None
        end = max(at for at, _ in found)
        terms = {term.name: term for at, term in found if at == end}
        if len(terms) > 1:
            raise FormulaError(f"algoritmo non leggibile: «{self._text[self._at : end]}» è il nome di {len(terms)} misure")
        self._at = end
        return terms.popitem()[1]

    def _unknown(self) -> str:
        """A code that is no term's: it may stand alone between signs, where no description has to be told from it."""
        start, word = self._at, self._passed(_WORD)
        self._more()
        rest = self._text[self._at :]
        if word and (not rest or rest[0] in _SIGNS or any(each.match(rest) for each in self._remarks)):
            return word
        self._at = start
        raise FormulaError(f"algoritmo non leggibile: «{self._ahead()}» non comincia con il nome di una misura")

    def _passed(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0].strip()

    def _ahead(self) -> str:
        rest = self._text[self._at :]
        return rest if len(rest) <= _SHOWN else rest[:_SHOWN].rstrip() + "…"


def in_percent(node: Node) -> bool:
    """Whether a formula multiplies by 100 by itself: its value is a percentage already."""
    if not isinstance(node, Operation):
        return False
    first, steps = chain(node)
    if any(sign in "+-" for sign, _ in steps):
        return False
    factors = [first, *(part for sign, part in steps if sign == "*")]
    return any(part == _HUNDRED or in_percent(part) for part in factors)


def written(node: Node) -> str:
    """A formula as a person writes it: `N_Strumenti_dig / (N_ImprAtt / 100)`."""
    match node:
        case Number():
            return format(float(node.value), ".15g").replace(".", ",")
        case Ref():
            return str(node)
        case Negative():
            return f"-{_part(node.inner, never=('+', '-', '*', '/'))}"
        case Operation():
            return _chained(node)
        case Call():
            return f"{_ITALIAN.get(node.name, node.name)}({'; '.join(map(written, node.arguments))})"


def _chained(node: Operation) -> str:
    first, steps = chain(node)
    text, before = _part(first, never=()), ""
    for sign, part in steps:
        if sign in "*/" and before and before in "+-":
            text = f"({text})"
        never = {"+": (), "-": ("+", "-")}.get(sign, ("+", "-", "*", "/"))
        text, before = f"{text} {sign} {_part(part, never=never)}", sign
    return text


def _part(node: Node, *, never: tuple[str, ...]) -> str:
    """A part of a chain, in parentheses where it is an operation of those signs, or negative."""
    bare = not (isinstance(node, Negative) or (isinstance(node, Operation) and node.sign in never))
    return written(node) if bare else f"({written(node)})"


_ITALIAN = {"mean": "media", "sum": "somma"}


def _refuse_itself(node: Node) -> None:
    """A measure divided by itself, or taken from itself, isn't meant: a sign was printed between a code and its description.

    Source: section 2.4, EC05.1, «Patrimonio netto / Patrimonio netto / Immob Immobilizzazioni».
    """
    match node:
        case Operation():
            first, steps = chain(node)
            sign, second = steps[0]
            if sign in "/-" and isinstance(first, Ref) and first == second:
                raise FormulaError(
                    f"algoritmo non leggibile: «{first} {sign} {first}» è una misura con sé stessa "
                    "(forse un segno tra codice e descrizione)"
                )
            for part in (first, *(right for _, right in steps)):
                _refuse_itself(part)
        case Negative():
            _refuse_itself(node.inner)
        case Call():
            for argument in node.arguments:
                _refuse_itself(argument)
        case Number() | Ref():
            pass


def _tokens(term: Term) -> list[Token]:
    if not term.aggregate:
        return [("known", term.name)]
    return [("name", term.aggregate), ("sign", "("), ("known", term.name), ("sign", ")")]


def _spellings(term: Term) -> Iterator[re.Pattern[str]]:
    """Code and description; code alone; description alone, of a measure that has no code."""
    for code in term.codes:
        yield _phrase(code)
        if term.text:
            yield _phrase(f"{code} {term.text}")
    if not term.codes and term.text:
        yield _phrase(term.text)


def _scales(term: Term) -> Iterator[re.Pattern[str]]:
    """What a measure counts, as it is said after a number: `imprese attive al 31/12` of «Numero imprese attive al 31/12»."""
    counted = _COUNTED.match(term.text)
    if counted and len(term.text) > counted.end():
        yield _phrase(term.text[counted.end() :])


def _phrase(text: str) -> re.Pattern[str]:
    """The words of a text, whatever their case and the blanks between them, not as a part of a longer word."""
    words = text.translate(_PLAIN).split()
    pattern = r"\s+".join(map(re.escape, words))
    before = r"(?<!\w)" if words and re.match(r"\w", words[0]) else ""
    after = r"(?!\w)" if words and re.search(r"\w$", words[-1]) else ""
    return re.compile(before + pattern + after, re.IGNORECASE)
