"""Certified mail (PEC): what an envelope is, and what of it is the provider's.

A transport envelope carries the sender's message (`postacert.eml`) and the certification data; a receipt speaks of a message of
ours (and may carry a copy of it, which is nobody's reply); an anomaly envelope carries ordinary mail that came to a certified
mailbox. Source: annex to the D.M. 2 November 2005; RFC 6109, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfxl.mail.daticert import Daticert, DaticertError, read_daticert
from perfxl.mail.letter import Letter, Piece
from perfxl.mail.names import plain
from perfxl.mail.parcel import PecReceipt, RefusedError

DATA = "daticert.xml"
_ORIGINALS = {"postacert.eml", "postacert.msg", "postacert"}


class Post(StrEnum):
    """What a message is for PEC."""

    ORDINARY = "ordinario"
    TRANSPORT = "busta di trasporto"
    ANOMALY = "busta di anomalia"
    RECEIPT = "ricevuta"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as PEC sees it: `rest` are the pieces that may hold a sheet; `fault` says why the data don't read; `copies` are the
    messages that a receipt brings back."""

    post: Post
    data: Daticert | None
    rest: tuple[Piece, ...]
    fault: str = ""
    copies: tuple[Piece, ...] = ()


def envelope_of(letter: Letter) -> Envelope:
    """What a message is: by its certification data, else by the provider's headers (which another program may have dropped)."""
    data, fault = None, ""
    given = next((piece for piece in letter.pieces if _is_data(piece)), None)
    if given is not None:
        try:
            data = read_daticert(given.data)
        except DaticertError as error:
            fault = str(error)
    post = _post(letter, data)
    if post is Post.RECEIPT:
        rest = [piece for piece in letter.pieces if not (piece.aside or _is_data(piece) or _is_original(piece))]
        return Envelope(post, data, tuple(rest), fault, tuple(piece for piece in letter.pieces if _is_original(piece)))
    return Envelope(post, data, tuple(piece for piece in letter.pieces if piece is not given), fault)


def _is_data(piece: Piece) -> bool:
    return piece.name.lower() == DATA and piece.letter is None


def _is_original(piece: Piece) -> bool:
    """The copy of the message that a receipt carries, whatever the program that saved it called it (Outlook: `postacert.msg`)."""
    return piece.name.lower() in _ORIGINALS and (piece.letter is not None or "." in piece.name)


def _post(letter: Letter, data: Daticert | None) -> Post:
    kind = data.type if data else ""
    if kind == "posta-certificata" and not letter.transport and not any(map(_is_original, letter.pieces)):
        return Post.ORDINARY  # neither the provider's header nor the original: anybody can attach a file of that name
    if kind == "posta-certificata" or (not kind and letter.transport == "posta-certificata" and not letter.receipt):
        return Post.TRANSPORT
    if kind or letter.receipt:
        return Post.RECEIPT
    return Post.ANOMALY if letter.transport == "errore" else Post.ORDINARY


def contradiction(letter: Letter, data: Daticert) -> str:
    """How an envelope contradicts what it certifies, in Italian; empty where it doesn't: one original, that one.

    A provider may give the message an identifier of its own; the sender's then stands in `X-Riferimento-Message-ID`.
    """
    originals = [piece.letter for piece in letter.pieces if piece.letter is not None and _is_original(piece)]
    if len(originals) > 1:
        return f"la busta contiene {len(originals)} messaggi originali"
    for original in originals:
        known = {original.message_id, original.about} - {""}
        if data.about and known and data.about not in known:
            whose = f"di {plain(data.sender)} ({plain(data.about)})" if data.sender else plain(data.about)
            return f"certifica il messaggio {whose}, e ne contiene un altro, di {plain(original.sender)}"
    return ""


def receipt_of(letter: Letter, data: Daticert | None) -> PecReceipt:
    """A receipt, from its data or, where they don't read, from its headers."""
    if data is None:
        return PecReceipt(letter.receipt, letter.about, letter.sent_at, letter.sender)
    when = data.when or letter.sent_at
    return PecReceipt(data.type, data.about or letter.about, when, data.delivered_to or data.sender)


def failure(receipt: PecReceipt, data: Daticert | None) -> str:
    """To whom a message of ours didn't get, and what the provider says of it."""
    asked = ", ".join(data.recipients) if data is not None else ""
    who = (data.delivered_to if data is not None else "") or asked or receipt.address or "indirizzo non indicato"
    return f"{who}: {data.error}" if data is not None and data.error else who


def seal_fault(letter: Letter) -> tuple[bool, str]:
    """Whether what an envelope certifies can be taken as its provider's, and what is to be said of it, in Italian.

    Signed and unaltered: yes. Not signed (a program re-packed it): yes, but it is told. Altered: no.
    """
    if letter.signed is None:
        return True, "la busta non porta la firma del gestore: data e mittente sono quelli che vi sono scritti"
    from perfxl.mail.signed import open_signed

    content = letter.signed.content()
    for each in (content, content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")):
        try:
            signatures = open_signed(letter.signed.signature, None, each).signatures
        except RefusedError:
            return True, "la firma del gestore non si legge: data e mittente sono quelli scritti nella busta"
        if any(signature.digest_ok and signature.signature_ok for signature in signatures):
            return True, ""
    return False, "la busta non è quella che il gestore ha firmato: vale la data del messaggio, non quella della busta"
