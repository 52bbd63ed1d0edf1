"""Digital signatures: broken, expired, altered, nested, without what was signed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from application.openssl import run
from rounds.hostile.cases import End, Kit, case

if TYPE_CHECKING:
    from application.openssl import Certificate


def _altered(kit: Kit) -> bytes:
    """A byte of the sheet (a date of the zip, so that it still opens) changed after the signature."""
    at = kit.signed.index(b"PK\x03\x04") + 10
    return kit.signed[:at] + bytes([kit.signed[at] ^ 1]) + kit.signed[at + 1 :]


def _broken_signature(kit: Kit) -> bytes:
    """The last bytes are the signature's: the digest is right, the signature isn't."""
    return kit.signed[:-8] + bytes(byte ^ 0xFF for byte in kit.signed[-8:])


def _nested(kit: Kit, times: int) -> bytes:
    data = kit.good
    for _ in range(times):
        data = kit.authority.signed(data, kit.signer)
    return data


def _self_signed(kit: Kit) -> bytes:
    return _with(kit, "-signer", str(kit.authority.certificate), "-inkey", str(kit.authority.folder / "ca.key"), "-nodetach")


def _detached(kit: Kit) -> bytes:
    return _with(kit, *_as(kit.signer))


def _without_certificate(kit: Kit) -> bytes:
    return _with(kit, *_as(kit.signer), "-nodetach", "-nocerts")


def _md5(kit: Kit) -> bytes:
    return _with(kit, *_as(kit.signer), "-nodetach", md="md5")


def _as(signer: Certificate) -> tuple[str, ...]:
    return ("-signer", str(signer.certificate), "-inkey", str(signer.key))


def _with(kit: Kit, *options: str, md: str = "sha256") -> bytes:
    source, target = kit.authority.folder / "hostile.bin", kit.authority.folder / "hostile.p7m"
    source.write_bytes(kit.good)
    run("cms", "-sign", "-binary", "-md", md, *options, "-in", str(source), "-out", str(target), "-outform", "DER")
    return target.read_bytes()


def _encrypted(kit: Kit) -> bytes:
    source, target = kit.authority.folder / "hostile.bin", kit.authority.folder / "hostile.p7m"
    source.write_bytes(kit.good)
    run(
        "cms",
        "-encrypt",
        "-binary",
        "-aes256",
        "-in",
        str(source),
        "-out",
        str(target),
        "-outform",
        "DER",
        str(kit.signer.certificate),
    )
    return target.read_bytes()


def _endless_length(kit: Kit) -> bytes:
    """A length of four gigabytes where the content is fifteen kilobytes."""
    return b"\x30\x84\xff\xff\xff\xf0" + kit.signed[4:]


def _deep_asn1(_: Kit) -> bytes:
    """Five thousand sequences of unstated length, one inside the other."""
    start = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"
    return start + b"\x30\x80" * 5000 + b"\0\0" * 5002


CASES = (
    case("firmato, e alterato dopo", "alterato.xlsx.p7m", _altered, End.TO_CORRECT, "PX-M015"),
    case("firmato, con la firma rovinata", "rovinato.xlsx.p7m", _broken_signature, End.TO_CORRECT, "PX-M015"),
    case("firmato con un certificato scaduto", "scaduto.xlsx.p7m", lambda kit: kit.authority.signed(kit.good, kit.expired), End.ACCEPTED),
    case("firmato da sé stesso", "sestesso.xlsx.p7m", _self_signed, End.ACCEPTED),
    case("firmato senza certificato", "senza.xlsx.p7m", _without_certificate, End.ACCEPTED, "PX-M016"),
    case("firmato con MD5", "md5.xlsx.p7m", _md5, End.ACCEPTED, "PX-M016"),
    case("firmato dieci volte", "dieci.xlsx" + ".p7m" * 10, lambda kit: _nested(kit, 10), End.ACCEPTED),
    case("firmato venti volte", "venti.xlsx" + ".p7m" * 20, lambda kit: _nested(kit, 20), End.REFUSED, "PX-M006"),
    case("firma separata dal documento", "separata.p7m", _detached, End.REFUSED, "PX-M014"),
    case("busta cifrata", "cifrata.xlsx.p7m", _encrypted, End.REFUSED, "PX-M013"),
    case("firmato, troncato", "troncato.xlsx.p7m", lambda kit: kit.signed[:5000], End.REFUSED, "PX-M002"),
    case("firmato, in base64 con altro in mezzo", "base64.xlsx.p7m", lambda kit: base64.encodebytes(kit.signed).replace(b"\n", b"\n\n", 3), End.ACCEPTED),
    case("firmato, in base64 troncato", "base64-meta.xlsx.p7m", lambda kit: base64.encodebytes(kit.signed)[:6000], End.REFUSED, "PX-M002 PX-M007"),
    case("firmato, in BER di lunghezza non detta", "ber.xlsx.p7m", lambda kit: kit.authority.signed(kit.good, kit.signer, indefinite=True), End.ACCEPTED),
    case("firma che dice quattro gigabyte", "lunghezza.xlsx.p7m", _endless_length, End.REFUSED, "PX-M002"),
    case("firma fatta di sole scatole", "scatole.p7m", _deep_asn1, End.REFUSED, "PX-M002"),
    case("un .p7m che non è firmato", "finto.xlsx.p7m", lambda kit: kit.good, End.ACCEPTED, "PX-L009"),
)  # fmt: skip
