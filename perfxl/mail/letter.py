"""A message, whoever wrote it down (.eml, .msg): sender, date, the headers of PEC, and its pieces in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import NamedTuple

from perfxl.mail.parcel import Trouble, digest

_BROKEN = (ValueError, TypeError, IndexError, OverflowError, AttributeError)
"""What the standard library raises on dates and addresses that aren't any."""


class Piece(NamedTuple):
    """A file inside a wrapping. `letter` where it is a message already read; `trouble` where it can't be opened;
    `aside` (what it is, in Italian) where it's no office's sheet by its nature; `written` is a name that tried to be a path."""

    name: str
    data: bytes
    letter: Letter | None = None
    trouble: Trouble | None = None
    aside: str = ""
    written: str = ""


class Signed(NamedTuple):
    """A multipart/signed message: where its first part stands in the bytes, and the signature over it (RFC 8551, section 3.5.3)."""

    raw: bytes
    boundary: bytes
    signature: bytes

    def content(self) -> bytes:
        """The first part as it stands, from the line after its boundary to the line end before the next; empty if it isn't found."""
        first = self._line(0)
        start = self.raw.find(b"\n", first + 1) + 1
        end = self._line(start - 1)
        return self.raw[start:end].removesuffix(b"\r") if end >= start > first >= 0 else b""

    def _line(self, start: int) -> int:
        """Where the next line that is the boundary (not one that only begins like it) is broken off the one before; -1 for none."""
        line = b"\n--" + self.boundary
        at = self.raw.find(line, start)
        while at >= 0:
            rest = at + len(line)
            if self.raw[rest : rest + 80].partition(b"\n")[0].strip() in (b"", b"--"):
                return at
            at = self.raw.find(line, at + 1)
        return -1


@dataclass(slots=True)
class Letter:
    """A message as it was read. `received_at`: when the last server on its way got it. `report` names the kind of an automatic notice (`delivery-status` …); `automatic`: a program
    answered (out of office); `defect` says what is broken in it; `link`: its text points to a file on the network."""

    sender: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    message_id: str = ""
    receipt: str = ""  # X-Ricevuta
    transport: str = ""  # X-Trasporto
    about: str = ""  # X-Riferimento-Message-ID
    pieces: list[Piece] = field(default_factory=list)
    report: str = ""
    notice: str = ""  # what an automatic notice says: the address, the status
    automatic: bool = False
    defect: str = ""
    link: bool = False
    signed: Signed | None = None

    @property
    def undelivered(self) -> bool:
        """Whether it is the notice of a delivery that failed or is late (RFC 3464, section 2.3.3), not that it was made."""
        return self.report == "delivery-status" and not any(word in self.notice for word in ("delivered", "relayed", "expanded"))


def address(value: str) -> str:
    """The address of a `From`, lowercase; what is written there where no address can be made out."""
    try:
        _, found = parseaddr(" ".join(value.split()))
    except (*_BROKEN, RecursionError):
        found = ""
    return (found if "@" in found else value.strip()).lower()[:320]


def identifier(value: str) -> str:
    """A Message-ID on one line, in its angle brackets (certification data leave them out at times)."""
    bare = "".join(value.split()).strip("<>")[:998]
    return f"<{bare}>" if bare else ""


def mark(piece: Piece) -> str:
    """The hash by which a piece is known; that of what it says where its own bytes weren't kept (a message in a message)."""
    if piece.letter is None or piece.data:
        return digest(piece.data)
    letter = piece.letter
    held = [(each.name, mark(each)) for each in letter.pieces]
    return digest(repr((piece.name, letter.sender, letter.sent_at, letter.message_id, held)).encode("utf-8", "replace"))
