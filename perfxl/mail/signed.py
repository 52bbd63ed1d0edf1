"""Signed documents (.p7m: CAdES, PKCS#7, CMS SignedData, RFC 5652): the content, and who signed it.

The content comes out whatever the signatures are worth; what they are worth is said beside it.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from asn1crypto import cms, core, tsp

from perfxl.mail.certificates import Anchors
from perfxl.mail.parcel import RefusedError, Signature
from perfxl.mail.signature import Checked, check

_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, struct.error)
"""What asn1crypto is seen to raise on damaged structures."""

MOST_SIGNERS = 20
MOST_CERTIFICATES = 200
MOST_ELEMENTS = 300_000
"""The largest document in pieces of a kilobyte has two thirds of them; asn1crypto makes an object of each."""
assert tsp.TimeStampedData  # importing it is what teaches cms the structures of time stamps


class Opened(NamedTuple):
    """What a signed document holds; `faults`: what is wrong with its signatures, as findings."""

    content: bytes
    signatures: tuple[Signature, ...]
    faults: tuple[tuple[str, str], ...]


def open_signed(data: bytes, anchors: Anchors | None, content: bytes | None = None) -> Opened:
    """The content of a signed document and its signatures (`content` is given where it stays outside: a detached signature).

    DER and BER (openssl's -stream, many signing programs) are read alike. Raises `RefusedError` where it can't be read, or holds
    nothing.
    """
    _examine(data)
    try:
        signed = cms.ContentInfo.load(data)["content"]
        handed, digested = _content(signed) if content is None else (content, content)
    except _BROKEN as error:
        raise RefusedError("PX-M002", "documento firmato troncato o danneggiato") from error
    if not digested:
        raise RefusedError("PX-M014", "la firma è separata: il documento firmato non è nel file")
    checks = _checks(signed, digested, anchors)
    return Opened(handed, tuple(each.signature for each in checks), tuple(fault for each in checks for fault in each.faults))


def _examine(data: bytes) -> None:
    """Refuse what is made of too many elements: stepping over each value, into each structure (X.690, section 8.1)."""
    at, count = 0, 0
    while at + 1 < len(data):
        count += 1
        if count > MOST_ELEMENTS:
            raise RefusedError("PX-M005", "documento firmato con una struttura smisurata")
        inside, more = data[at] & 0x20, data[at] & 0x1F == 0x1F
        while more and at + 2 < len(data):  # a tag of several octets
            at += 1
            more = bool(data[at] & 0x80)
        length = data[at + 1]
        at += 2
        if length > 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[at : at + octets], "big")
            at += octets
        elif length == 0x80:
            length = 0
        at += 0 if inside else length


def _content(signed: cms.SignedData) -> tuple[bytes, bytes]:
    """What is inside, and the bytes that were signed. They differ only where PKCS#7 1.5 holds another structure as it is."""
    held = signed["encap_content_info"]["content"]
    if isinstance(held, core.Any):
        held = held.parse()
    if isinstance(held, core.Void):
        return b"", b""
    if isinstance(held, core.OctetString | core.ParsableOctetString):
        return bytes(held), bytes(held)
    if isinstance(held, cms.SignedData):
        return cms.ContentInfo({"content_type": "signed_data", "content": held}).dump(), bytes(held.contents)
    return held.untag().dump(), bytes(held.contents)


def _checks(signed: cms.SignedData, content: bytes, anchors: Anchors | None) -> list[Checked]:
    try:
        signers = list(signed["signer_infos"])[:MOST_SIGNERS]
        certificates = [each.chosen for each in list(signed["certificates"])[:MOST_CERTIFICATES] if each.name == "certificate"]
    except _BROKEN:
        signers, certificates = [], []
    checks = []
    for signer in signers:
        try:
            checks.append(check(signer, certificates, content, anchors))
        except _BROKEN:
            checks.append(Checked.failed("firma danneggiata"))
    return checks or [Checked.failed("il documento non porta firme leggibili")]


def open_stamped(data: bytes) -> bytes:
    """The document inside time-stamped data (.tsd, RFC 5544). The stamp isn't checked."""
    _examine(data)
    try:
        content = cms.ContentInfo.load(data)["content"]["content"].native
    except _BROKEN as error:
        raise RefusedError("PX-M002", "documento con marca temporale troncato o danneggiato") from error
    if not content:
        raise RefusedError("PX-M014", "la marca temporale è separata: il documento non è nel file")
    return bytes(content)
