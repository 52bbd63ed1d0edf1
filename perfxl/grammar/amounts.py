"""Amounts in a sentence of resources, each with what it is spent as: `€ 250.000,00 + 85.500 da maggiorazione D.A. per turismo`.

Source: Relazione Previsionale e Programmatica 2022 of Toscana Nord-Ovest, resources of Pisa's programmes (lines 3036-3498).
Nothing is guessed: an amount with no known label is `non specificato`; a figure that may be an amount or something else makes
the whole text unreadable; what follows `di cui` is part of an amount already counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfxl.grammar.numbers import DIGITS, number_of
from perfxl.grammar.text import plain
from perfxl.model.record import record

LABELS = {
    "interventi economici": r"interventi economici|i\.\s?e\.",
    "maggiorazione": r"(?:da )?maggiorazione(?: (?:d\.\s?a\.|(?:del )?diritto annuale))?(?: \d+ ?%)?",
    "quote associative": r"quote associative",
    "oneri di funzionamento": r"oneri (?:di )?funzionamento",
    "investimenti": r"investiment[oi]",
}
"""What an amount may be spent as, and how it is written."""
UNSPECIFIED = "non specificato"

_HEAD = re.compile(r"(?:totale )?risorse(?: complessive)?(?: (?:19|20)\d{2}\s*(?=[:|]))?\s*[:|]?\s*")
_TOKEN = re.compile(
    r"(?P<of_which>\bdi cui\b)"
    + "".join(rf"|(?<!\w)(?P<l{index}>{words})(?!\w)" for index, words in enumerate(LABELS.values()))
    + r"|\bper (?P<purpose>(?!cento\b)[^()+;,:|=\d]+)"
    r"|(?P<other>\d[\d.,]*\s?%|\b(?:n\.|n°|art\.|comma) ?\d+)|(?<![\w.,/])(?P<year>(?:19|20)\d{2})(?![\w/]|[.,]\d| ?(?:€|euro))"
    rf"|(?P<amount>(?P<before>€ ?|\beuro )?(?<![\w/.,])(?P<number>{DIGITS})(?![\w/])"
    r"(?P<scaled> ?k€| (?:mila|mln|milion[ei])\b)?(?P<after> ?(?:€|euro\b)(?! ?\d))?)"
    r"|(?P<mark>[+(),;:|])|(?P<glue>=|\bpari ad?\b)|(?P<minus>-(?= ?€? ?\d))|(?P<glued>\d+[^\W\d]\w*)|(?P<word>\w+)"
)
_LABEL_OF = dict(zip((f"l{index}" for index in range(len(LABELS))), LABELS, strict=True))


@record(frozen=True, slots=True)
class Amount:
    """An amount in euro, its label (of `LABELS`, or `UNSPECIFIED`), and what the text says that it is for ("" where nothing)."""

    value: Decimal
    label: str = UNSPECIFIED
    purpose: str = ""


@record(frozen=True, slots=True)
class Amounts:
    """The amounts of a text. `items` add up; `whole` is the total that the text prints itself; `within` are parts (`di cui`).

    `problem` says in Italian why a text can't be read with certainty: then there are no items.
    """

    items: tuple[Amount, ...] = ()
    whole: Decimal | None = None
    within: tuple[Amount, ...] = ()
    problem: str = ""

    @property
    def total(self) -> Decimal | None:
        """What the items add up to; None where there are none."""
        return sum((item.value for item in self.items), Decimal(0)) if self.items else None

    def of(self, label: str, purpose: str = "") -> Decimal | None:
        """What the items of a label add up to (`purpose`: an expression that theirs must hold); None where there are none."""
        found = [item.value for item in self.items if item.label == label and re.search(purpose, item.purpose, re.IGNORECASE)]
        return sum(found, Decimal(0)) if found else None


@lru_cache(maxsize=4096)
def parse_amounts(text: str) -> Amounts:
    """Read the amounts of a text.

    A label stands after its amount (`10.000 investimenti`, `340.000,00 (Quote associative)`) or before it; before a colon it
    holds for all the amounts that have no other. After a sum it holds for the amounts added before it too, but not for the
    first, which the others are added to: `€ 200.000,00 + 285.000 + 85.500 da maggiorazione D.A.` are 200.000 of something and
    370.500 of surcharge (line 3048: the projects' table prints 285.000 and 85.500). `20.000= (10.000 …, 10.000 …)` prints a
    whole and its parts; a single amount without a label is a whole too.
    """
    words = plain(text)
    reader = _Reader()
    try:
        for match in _TOKEN.finditer(words, _start(words)):
            reader.take(match)
        return reader.read()
    except _UncertainError as error:
        return Amounts(problem=str(error))


def _start(words: str) -> int:
    head = _HEAD.match(words)
    return head.end() if head else 0


class _UncertainError(Exception):
    """A text that could be read in two ways; the argument says why."""


@dataclass(slots=True)
class _Draft:
    value: Decimal
    text: str
    sure: bool  # a currency sign, a plus, the beginning: it can only be an amount
    added: bool  # a plus stands before it
    label: str
    default: str  # the label before a colon that holds for it
    purpose: str = ""


class _Reader:
    """Takes the tokens of a text one by one."""

    def __init__(self) -> None:
        self._items: list[_Draft] = []
        self._within: list[_Draft] = []
        self._whole: Decimal | None = None
        self._default = self._lead = ""
        self._before = "start"  # kind of the token before; small words and parentheses don't part a label from its amount
        self._of_which = False
        self._depth = 0
        self._named: list[_Draft] = []  # those that the last label was given to
        self._opened: _Draft | None = None  # the amount that the open parenthesis follows

    def take(self, match: re.Match[str]) -> None:
        """One token."""
        kind = str(match.lastgroup)
        if match["amount"]:
            self._amount(match)
            kind = "amount"
        elif kind in _LABEL_OF:
            self._label(_LABEL_OF[kind])
            kind = "label"
        elif match["purpose"]:
            self._purpose(match["purpose"].strip())
        elif match["of_which"]:
            self._of_which = True
        elif kind in {"minus", "glued"} or (kind == "year" and self._before == "plus"):
            raise _UncertainError(f"importo non leggibile: «{match.group()}»")
        elif kind == "mark":
            kind = self._mark(match["mark"])
        if kind != "glue":
            self._before = kind

    def read(self) -> Amounts:
        """What the tokens said."""
        if self._lead:
            raise _UncertainError(f"«{self._lead}» senza importo")
        sole = len(self._items) == 1 and not (self._items[0].label or self._items[0].default)
        whole = self._items[0].value if sole and self._whole is None else self._whole
        return Amounts(tuple(map(_finished, self._items)), whole, tuple(map(_finished, self._within)))

    def _amount(self, match: re.Match[str]) -> None:
        value = number_of(match["number"])
        if value is None or match["scaled"]:
            raise _UncertainError(f"importo non leggibile: «{match['amount'].strip()}»")
        if self._of_which and self._within and not self._depth:
            raise _UncertainError(f"non è certo che «{match['number']}» sia un «di cui»")
        if self._opened is not None and not self._of_which:
            self._broken_down()
        sure = bool(match["before"] or match["after"]) or self._before in {"start", "plus"} or self._of_which
        default = "" if self._of_which else self._default
        draft = _Draft(value, match["number"], sure, self._before == "plus", self._lead, default)
        self._lead = ""
        (self._within if self._of_which else self._items).append(draft)

    def _broken_down(self) -> None:
        """An amount within the parentheses after another: a whole and its parts."""
        if self._whole is not None or self._items[-1] is not self._opened or self._opened.label:
            raise _UncertainError(f"scomposizione non chiara di «{self._opened.text if self._opened else ''}»")
        self._whole = self._items.pop().value
        self._opened = None

    def _label(self, label: str) -> None:
        drafts = self._within if self._of_which else self._items
        if self._before != "amount" or not drafts:
            if self._lead:
                raise _UncertainError(f"«{self._lead}» senza importo")
            self._lead = label
            return
        if drafts[-1].label:
            raise _UncertainError(f"«{drafts[-1].label}» prima e «{label}» dopo lo stesso importo")
        self._named = []
        for place in range(len(drafts) - 1, -1, -1):
            draft = drafts[place]
            if draft.label or (self._named and not draft.added):
                break
            draft.label = label
            self._named.insert(0, draft)
            if not draft.added:
                break

    def _purpose(self, text: str) -> None:
        """`per PID e Orientamento al lavoro` after two amounts: one each, in their order."""
        drafts = self._within[-1:] if self._of_which else self._named
        parts = re.split(r" ed? ", text)
        texts = parts if len(parts) == len(drafts) else [text] * len(drafts)
        for draft, part in zip(drafts, texts, strict=True):
            draft.purpose = part.strip()

    def _mark(self, mark: str) -> str:
        if mark == "+":
            return "plus"
        self._depth += {"(": 1, ")": -1}.get(mark, 0)
        if mark == "(":
            if self._before == "amount" and self._items and not self._of_which:
                self._opened = self._items[-1]
            return self._before
        if mark in ");":
            self._of_which, self._opened = False, None
            return "comma" if mark == ";" else self._before
        if mark == ":" and self._lead:
            self._default, self._lead = self._lead, ""
        return "start" if mark in ":|" else "comma"


def _finished(draft: _Draft) -> Amount:
    if not (draft.sure or draft.label):
        raise _UncertainError(f"non è certo che «{draft.text}» sia un importo")
    return Amount(draft.value, draft.label or draft.default or UNSPECIFIED, draft.purpose)
