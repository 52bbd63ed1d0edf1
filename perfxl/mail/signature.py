"""One signature of a signed document: digest, signature, who and when (RFC 5652, section 5.4; CAdES, ETSI EN 319 122-1)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from perfxl.mail.certificates import NOT_TRUSTED, NOT_VERIFIED, TRUSTED, Anchors
from perfxl.mail.parcel import Signature, plausible

if TYPE_CHECKING:
    from asn1crypto import cms, x509

# SHA-1 and MD5 can be made to collide: what they sign may be something else
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
# How a tax code stands in a certificate: TINIT- (ETSI EN 319 412-1, section 5.1.3), IT: before 2016
_PREFIXES = ("TINIT-", "IT:", "CF:")

WRONG, UNCHECKED, UNTRUSTED = "PX-M015", "PX-M016", "PX-M017"
UNKNOWN_DIGEST = "impronta di un tipo sconosciuto"


class UncheckedError(Exception):
    """A signature that can't be checked, and why. Never leaves this module."""


class Checked(NamedTuple):
    """A signature and what is wrong with it: codes of findings, each with what was found."""

    signature: Signature
    faults: tuple[tuple[str, str], ...]

    @classmethod
    def failed(cls, why: str) -> Checked:
        """A signature of which nothing can be said."""
        return cls(Signature("", "", None, False, False, ""), ((UNCHECKED, why),))


def check(signer: cms.SignerInfo, certificates: list[x509.Certificate], content: bytes, anchors: Anchors | None) -> Checked:
    """What a signature is worth. Structures of asn1crypto raise its errors where they're damaged."""
    signed_at = plausible(_attribute(signer, "signing_time"))
    digest_ok, why = _digest_ok(signer, content)
    certificate = _certificate(signer, certificates)
    if certificate is None:
        nobody = Signature("", "", signed_at, digest_ok, False, "")
        return _judged(nobody, why or "manca il certificato del firmatario")
    name, issuer = certificate.subject.native, certificate.issuer.native
    who, code = _first(name, "common_name", "organization_name"), _tax_code(_first(name, "serial_number"))
    try:
        signature_ok = _signature_ok(signer, certificate, content)
    except UncheckedError as error:
        signature_ok, why = False, why or str(error)
    trust = NOT_VERIFIED
    if anchors is not None:
        sound = digest_ok and signature_ok and anchors.lead_to(certificate, certificates, signed_at)
        trust = TRUSTED if sound else NOT_TRUSTED
    signature = Signature(
        who, code, signed_at, digest_ok, signature_ok, _first(issuer, "common_name", "organization_name"), trust
    )
    return _judged(signature, why)


def _judged(signature: Signature, why: str) -> Checked:
    """What is wrong with a signature; `why`: what of it can't be checked. A content that changed is told whatever else it is."""
    who = signature.signer or "firmatario senza nome"
    if not signature.digest_ok and why != UNKNOWN_DIGEST:
        wrong = f"{who}: il contenuto non è quello che è stato firmato"
    elif why:
        return Checked(signature, ((UNCHECKED, f"{who}: {why}" if signature.signer else why),))
    elif not signature.signature_ok:
        wrong = f"{who}: la firma non corrisponde al certificato"
    elif signature.trust == NOT_TRUSTED:
        return Checked(signature, ((UNTRUSTED, f"{who}: certificato di «{signature.issuer}»"),))
    else:
        return Checked(signature, ())
    return Checked(replace(signature, wrong=wrong), ((WRONG, wrong),))


def _first(name: Any, *keys: str) -> str:
    for key in keys:
        value = name.get(key) if isinstance(name, dict) else None
        if value:
            return str(value[0] if isinstance(value, list) else value)[:200]
    return ""


def _tax_code(serial: str) -> str:
    for prefix in _PREFIXES:
        if serial.upper().startswith(prefix):
            return serial[len(prefix) :].strip().upper()
    return serial


def _attribute(signer: cms.SignerInfo, name: str) -> Any:
    """The value of a signed attribute; None where it's missing, there twice, or doesn't read."""
    if not signer["signed_attrs"]:
        return None
    found = [each for each in signer["signed_attrs"] if each["type"].native == name]
    if len(found) != 1 or len(found[0]["values"]) != 1:
        return None
    try:
        value = found[0]["values"][0].native
    except (ValueError, TypeError):
        return None
    return value if name != "signing_time" or isinstance(value, datetime) else None


def _certificate(signer: cms.SignerInfo, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    who = signer["sid"].chosen
    for certificate in certificates:
        if signer["sid"].name == "issuer_and_serial_number":
            if certificate.serial_number == who["serial_number"].native and certificate.issuer == who["issuer"]:
                return certificate
        elif certificate.key_identifier == who.native:
            return certificate
    return None


def _digest_ok(signer: cms.SignerInfo, content: bytes) -> tuple[bool, str]:
    """Whether the content is the one of which the signed attributes hold the digest, whatever the digest is worth as a proof; and
    why that can't be told.
    """
    if not signer["signed_attrs"]:
        return True, ""  # the signature is over the content itself: it says it all
    name = signer["digest_algorithm"]["algorithm"].native.replace("-", "_")
    if name not in hashlib.algorithms_available:
        return False, UNKNOWN_DIGEST
    return hashlib.new(name, content, usedforsecurity=False).digest() == _attribute(signer, "message_digest"), ""


def _signature_ok(signer: cms.SignerInfo, certificate: x509.Certificate, content: bytes) -> bool:
    _hash(signer["digest_algorithm"]["algorithm"].native)
    if not _is_of(signer, certificate):
        return False
    try:
        key = load_der_public_key(certificate.public_key.dump())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UncheckedError("la chiave del certificato non si legge") from error
    signature = signer["signature"].native
    for signed in _signed_bytes(signer, content):
        try:
            _verify(key, signature, signed, signer)
        except InvalidSignature:
            continue
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UncheckedError("algoritmo di firma non previsto") from error
        return True
    return False


def _signed_bytes(signer: cms.SignerInfo, content: bytes) -> list[bytes]:
    """What the signature is over: the signed attributes as a SET (RFC 5652, section 5.4), as they stand and in DER."""
    if not signer["signed_attrs"]:
        return [content]
    attributes = signer["signed_attrs"]
    return [b"\x31" + attributes.dump()[1:], attributes.untag().dump(force=True)]


def _is_of(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    """Whether the certificate is the one that the signer named in the signed attributes, if he did (RFC 5035, section 3)."""
    named = _attribute(signer, "signing_certificate_v2")
    if not named:
        return True
    first = named["certs"][0]
    algorithm = first["hash_algorithm"]["algorithm"]
    return bool(algorithm in _HASHES and hashlib.new(algorithm, certificate.dump()).digest() == first["cert_hash"])


def _verify(key: Any, signature: bytes, signed: bytes, signer: cms.SignerInfo) -> None:
    algorithm = signer["signature_algorithm"]
    kind = algorithm.signature_algo
    if isinstance(key, rsa.RSAPublicKey) and kind == "rsassa_pss":
        parameters = algorithm["parameters"]
        mask = _hash(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
        scheme = padding.PSS(padding.MGF1(mask), parameters["salt_length"].native)
        key.verify(signature, signed, scheme, _hash(parameters["hash_algorithm"]["algorithm"].native))
    elif isinstance(key, rsa.RSAPublicKey) and kind == "rsassa_pkcs1v15":
        key.verify(signature, signed, padding.PKCS1v15(), _hash(_hash_name(signer)))
    elif isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
        key.verify(signature, signed, ec.ECDSA(_hash(_hash_name(signer))))
    else:
        raise UncheckedError("algoritmo di firma non previsto")


def _hash_name(signer: cms.SignerInfo) -> str:
    """The hash of the signature's own algorithm; the digest's where it names none (plain rsaEncryption)."""
    try:
        return str(signer["signature_algorithm"].hash_algo)
    except ValueError:
        return str(signer["digest_algorithm"]["algorithm"].native)


def _hash(name: str) -> hashes.HashAlgorithm:
    if name not in _HASHES:
        raise UncheckedError(f"impronta {name.upper()}, che non è più sicura")
    return _HASHES[name]()
