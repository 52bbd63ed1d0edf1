"""What one wrapping gave, put together with what the others gave, in the order in which all lay there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from perfxl.findings import finding
from perfxl.mail.letter import Piece, mark
from perfxl.mail.names import plain
from perfxl.mail.parcel import Found, PecReceipt, Problem, Signature, Unwrapped

ALONE, BESIDE = "PX-M007", "PX-M008"
EMPTY_LETTER, ASIDE, RENAMED = "PX-M009", "PX-M010", "PX-M011"


@dataclass(frozen=True, slots=True)
class Around:
    """What the wrappings gone through so far say of what is inside them."""

    chain: tuple[str, ...] = ()
    sender: str = ""
    sent_at: datetime | None = None
    when_from: str = ""
    message_id: str = ""
    certified: bool = False
    in_letter: bool = False
    signatures: tuple[Signature, ...] = ()
    received_at: datetime | None = None
    forwarded: bool = False

    def inside(self, name: str) -> Around:
        """One level further in."""
        return replace(self, chain=(*self.chain, name))

    def found(self, name: str, data: bytes) -> Found:
        """A sheet found here."""
        return Found(
            name, data, self.chain, self.sender, self.sent_at, self.when_from, self.message_id, self.signatures, self.received_at,
            self.forwarded,
        )  # fmt: skip

    def problem(self, code: str, found: str, piece: Piece) -> Problem:
        """Something to be told about a piece found here; the finding's file is the whole way to it."""
        way = " › ".join((*self.chain, piece.name))
        return Problem(piece.name, mark(piece), finding(code, plain(found, 400), file=way), self.sender, self.message_id)


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that holds no sheet: how bad that is depends on whether there is one beside it."""

    piece: Piece
    around: Around
    nature: str
    alone: str = ALONE
    beside: str = BESIDE


@dataclass(slots=True)
class Harvest:
    """What came out."""

    sheets: list[Found] = field(default_factory=list)
    receipts: list[PecReceipt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    copies: list[Found] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)

    def add(self, other: Harvest) -> None:
        """Put another's after what is here."""
        self.sheets += other.sheets
        self.receipts += other.receipts
        self.problems += other.problems
        self.strays += other.strays
        self.copies += other.copies
        self.aside += other.aside

    @property
    def told(self) -> bool:
        """Whether there is anything but what was left aside."""
        return bool(self.sheets or self.receipts or self.problems or self.strays)

    def settle(self) -> None:
        """Tell the strays, now that it's known whether there is a sheet beside them."""
        for stray in self.strays:
            code = stray.beside if self.sheets else stray.alone
            self.problems.append(stray.around.problem(code, f"«{stray.piece.name}»: {stray.nature}", stray.piece))
        self.strays = []

    def finished(self, piece: Piece) -> Unwrapped:
        """All of it, with one note of what was left aside."""
        self.settle()
        if self.aside:
            counts = ", ".join(f"{count} × {what}" for what, count in sorted(self.aside.items()))
            self.problems.append(Around().problem(ASIDE, counts, piece))
        return Unwrapped(tuple(self.sheets), tuple(self.receipts), tuple(self.problems), tuple(self.copies))
