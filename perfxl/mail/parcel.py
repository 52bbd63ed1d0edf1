"""What comes out of the wrappings, and the limits within which they are opened."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from perfxl.findings import Finding

MIB = 1024 * 1024
NOT_DELIVERED = frozenset({"non-accettazione", "preavviso-errore-consegna", "errore-consegna", "rilevazione-virus"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is opened at most. Beyond it there is a finding, never a crash or a full memory."""

    file_bytes: int = 100 * MIB
    """The largest single file: the one that is given, and each one inside it."""
    total_bytes: int = 1024 * MIB
    """All that comes out of one file, at every level, counted on what really comes out."""
    items: int = 20_000
    """Attachments and entries of all levels."""
    levels: int = 12
    """Wrappings one inside the other (a PEC message with a signed archive takes five)."""
    entries: int = 5_000
    """Files in one archive, parts of one message."""
    ratio: int = 200
    """How many times its size an archive may unpack to, once it unpacks to more than `free_bytes`."""
    free_bytes: int = 32 * MIB
    small_image: int = 100 * 1024
    """An image below this is a logo or a signature, not the scan of a sheet."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Signature:
    """A digital signature (CAdES, PKCS#7) and what its check says.

    `digest_ok`: the content is the one that was signed. `signature_ok`: the signature is by the key of the certificate that comes
    with it, with an algorithm still held to be safe. `trust`: `non verificata` without a bundle of authorities; with one,
    `verificata` or `non attendibile`. Revocation isn't looked at: that takes the network. `wrong` says in Italian what doesn't hold;
    empty where it holds, or where that can't be told.
    """

    signer: str
    tax_code: str
    signed_at: datetime | None
    digest_ok: bool
    signature_ok: bool
    issuer: str
    trust: str = "non verificata"
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet: its bytes as they came, and what the wrappings say of it.

    `chain` names the wrappings, outermost first. `sent_at` is the PEC acceptance time (`when_from` "pec"), else the Date of the
    innermost message ("data"), else None (""). `received_at`: when the last server got the innermost message that says so.
    `signatures`: those around the sheet, innermost first. `forwarded`: the innermost message lies in another one.
    """

    name: str
    data: bytes
    chain: tuple[str, ...] = ()
    sender: str = ""
    sent_at: datetime | None = None
    when_from: str = ""
    message_id: str = ""
    signatures: tuple[Signature, ...] = ()
    received_at: datetime | None = None
    forwarded: bool = False

    @property
    def signature(self) -> Signature | None:
        """The signature nearest to the sheet."""
        return self.signatures[0] if self.signatures else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is to be told: a file that holds no sheet, or something odd about a wrapping; and the message it came in."""

    name: str
    data_sha256: str
    finding: Finding
    sender: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class PecReceipt:
    """A PEC receipt: its type (`accettazione`, `avvenuta-consegna` …), the Message-ID of the message it is about, when it was
    given, and the address it speaks of (the mailbox of the delivery, else the sender)."""

    type: str
    about: str
    when: datetime | None
    address: str

    @property
    def undelivered(self) -> bool:
        """Whether it says that a message of ours didn't get there: refused, not delivered, held back for a virus (D.M. 2 November 2005)."""
        return self.type in NOT_DELIVERED


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """All that was in a file, in the order in which it lay there; the same sheet twice is there twice.

    `copies` are the sheets in the messages that PEC receipts bring back: those that were sent, nobody's reply by themselves.
    """

    sheets: tuple[Found, ...] = ()
    receipts: tuple[PecReceipt, ...] = ()
    problems: tuple[Problem, ...] = ()
    copies: tuple[Found, ...] = ()


class RefusedError(Exception):
    """A wrapping that can't or mustn't be opened: code of the finding and what was found. Never leaves this room."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(found)
        self.code = code
        self.found = found


class Trouble(NamedTuple):
    """Why a piece isn't opened: code of the finding and what was found."""

    code: str
    found: str


def digest(data: bytes) -> str:
    """The hash by which bytes are known everywhere in a round (SHA-256, hexadecimal)."""
    return hashlib.sha256(data).hexdigest()


def plausible(when: datetime | None) -> datetime | None:
    """A moment with its zone that can be compared with others; None for a year that no office has written in."""
    if when is None or when.tzinfo is None or not 1990 <= when.year <= 2200:
        return None
    return when
