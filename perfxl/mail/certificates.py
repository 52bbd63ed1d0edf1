"""Trust in who issued a certificate: a path to the authorities of a bundle (PEM), at the time of the signature.

It isn't the validation that a court would ask for: neither revocation (that takes the network) nor the policies of qualified
certificates are looked at. It says whether the certificate was issued, link by link, by somebody whom the body trusts.
"""

from __future__ import annotations

import re
import warnings
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from perfxl.errors import RoundError

if TYPE_CHECKING:
    from asn1crypto import x509 as asn1

NOT_VERIFIED, TRUSTED, NOT_TRUSTED = "non verificata", "verificata", "non attendibile"

LONGEST_PATH = 8
MOST_CERTIFICATES = 50
MOST_LINKS = 200
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_BROKEN = (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature, x509.ExtensionNotFound, x509.DuplicateExtension)


class Anchors:
    """The authorities that are trusted."""

    def __init__(self, certificates: list[x509.Certificate]) -> None:
        self._anchors = certificates

    def lead_to(self, certificate: asn1.Certificate, others: list[asn1.Certificate], at: datetime | None) -> bool:
        """Whether a path of valid certificates leads from the signer's to an authority, at the time that the signature states.

        Without that time there's no saying: False.
        """
        leaf = _loaded(certificate.dump())
        if leaf is None or at is None or not _valid(leaf, at) or not _may_sign(leaf):
            return False
        pool = [each for other in others[:MOST_CERTIFICATES] if (each := _loaded(other.dump())) is not None]
        return _Path(self._anchors, pool, at).leads(leaf, 0)


class _Path:
    """The search of a path, within a number of links: a message may bring along hundreds of authorities of the same name."""

    def __init__(self, anchors: list[x509.Certificate], pool: list[x509.Certificate], at: datetime) -> None:
        self.anchors, self.pool, self.at = anchors, pool, at
        self.links_left = MOST_LINKS

    def leads(self, certificate: x509.Certificate, below: int) -> bool:
        """`below`: how many authorities already stand between this certificate and the signer's."""
        if certificate in self.anchors:
            return True
        if below >= LONGEST_PATH:
            return False
        if any(self._issued(certificate, anchor, below) for anchor in self.anchors):
            return True
        return any(
            self._issued(certificate, each, below) and self.leads(each, below + 1) for each in self.pool if each != certificate
        )

    def _issued(self, certificate: x509.Certificate, issuer: x509.Certificate, below: int) -> bool:
        if certificate.issuer != issuer.subject or self.links_left <= 0:
            return False
        self.links_left -= 1
        try:
            certificate.verify_directly_issued_by(issuer)
        except _BROKEN:
            return False
        return _valid(issuer, self.at) and _may_issue(issuer, below)


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _may_issue(certificate: x509.Certificate, below: int) -> bool:
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except _BROKEN:
        return False
    if not basic.ca or (basic.path_length is not None and below > basic.path_length):
        return False
    usage = _usage(certificate)
    return usage is None or usage.key_cert_sign


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = _usage(certificate)
    return usage is None or usage.content_commitment or usage.digital_signature


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except _BROKEN:
        return None


@lru_cache(maxsize=256)
def _loaded(der: bytes) -> x509.Certificate | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd serial numbers and the like of old authorities
        try:
            return x509.load_der_x509_certificate(der)
        except _BROKEN:
            return None


@lru_cache(maxsize=4)
def anchors_of(bundle: bytes) -> Anchors | None:
    """The authorities of a PEM bundle; None for no bundle. Raises `RoundError` for one without a readable certificate."""
    if not bundle:
        return None
    found = []
    for text in _PEM.findall(bundle):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found.append(x509.load_pem_x509_certificate(text))
            except _BROKEN:
                continue
    if not found:
        raise RoundError("Nel file delle autorità di certificazione non c'è nessun certificato leggibile (formato PEM).")
    return Anchors(found)
