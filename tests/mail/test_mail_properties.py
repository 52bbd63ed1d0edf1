"""Whatever the bytes, nothing is raised; whatever the wrappings, what goes in comes out, in its order."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.compound import MAGIC, Attached, Mail, compound
from mail.parcels import Certified, envelope, held, letter, mailbox, mark, zipped
from perfxl.mail import LIMITS, unwrap

Wrapped = tuple[str, bytes]


def _signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Firma")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    return built.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1)).sign(key, hashes.SHA256()), key


CERTIFICATE, KEY = _signer()


def p7m(inner: Wrapped, form: Encoding = Encoding.DER) -> Wrapped:
    builder = PKCS7SignatureBuilder().set_data(inner[1]).add_signer(CERTIFICATE, KEY, hashes.SHA256())
    return f"{inner[0]}.p7m", builder.sign(form, [PKCS7Options.Binary])


def eml(inner: Wrapped) -> Wrapped:
    return "posta.eml", bytes(letter(inner))


WRAPS: dict[str, Callable[[Wrapped], Wrapped]] = {
    "zip": lambda inner: ("archivio.zip", zipped(inner)),
    "eml": eml,
    "eml, CRLF": lambda inner: ("posta.eml", bytes(letter(inner)).replace(b"\n", b"\r\n")),
    "forwarded": lambda inner: ("inoltro.eml", bytes(letter(inside=(letter(inner),)))),
    "msg": lambda inner: ("posta.msg", bytes(Mail(attached=[Attached(*inner)]))),
    "msg in msg": lambda inner: ("posta.msg", bytes(Mail(attached=[Attached("", Mail(attached=[Attached(*inner)]))]))),
    "mbox": lambda inner: ("posta.mbox", mailbox(eml(inner)[1])),
    "PEC": lambda inner: ("busta.eml", envelope(eml(inner)[1], Certified())),
    "p7m": p7m,
    "p7m PEM": lambda inner: p7m(inner, Encoding.PEM),
    "p7m base64": lambda inner: (p7m(inner)[0], base64.encodebytes(p7m(inner)[1])),
}


@pytest.mark.parametrize("outer", WRAPS)
@pytest.mark.parametrize("inner", WRAPS)
def test_any_wrapping_within_any_other(sheet, other, inner, outer):
    wrapped = WRAPS[outer](WRAPS[inner](("U1.xlsx", sheet)))
    found = unwrap(*wrapped)
    assert held(found) == [mark(sheet)]
    assert found.sheets[0].name == "U1.xlsx"
    if "p7m" in inner + outer:
        assert all(each.digest_ok and each.signature_ok for each in found.sheets[0].signatures)
        assert len(found.sheets[0].signatures) == ("p7m" in inner) + ("p7m" in outer)
    if "PEC" in (inner, outer):
        assert found.sheets[0].when_from == "pec"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=st.lists(st.sampled_from(sorted(WRAPS)), max_size=5))
def test_any_nesting(sheet, order):
    wrapped = ("U1.xlsx", sheet)
    for name in order:
        wrapped = WRAPS[name](wrapped)
    found = unwrap(*wrapped)
    assert held(found) == [mark(sheet)]
    assert len(found.sheets[0].chain) <= LIMITS.levels
    assert not any(each.finding.severity == "errore" for each in found.problems)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_order_and_copies_are_kept(sheets, other, data):
    """Three to eight files, each wrapped or not, in one message: as many come out, as they lay."""
    kinds = [*sheets.values(), other]
    picked = data.draw(
        st.lists(st.tuples(st.integers(0, len(kinds) - 1), st.sampled_from(["", *sorted(WRAPS)])), min_size=3, max_size=8)
    )
    pieces = []
    for number, (which, wrap) in enumerate(picked):
        inner = (f"U{number}.xlsx", kinds[which])
        name, wrapped = WRAPS[wrap](inner) if wrap else inner
        pieces.append((f"{number}-{name}", wrapped))
    for whole in (bytes(letter(*pieces)), zipped(*pieces)):
        assert held(unwrap("tutto", whole)) == [mark(kinds[which]) for which, _ in picked]


# -- any bytes ---------------------------------------------------------------------------------------------------

STARTS = [
    b"", b"PK\x03\x04", b"PK\x05\x06", MAGIC, b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\x30\x82\xff\xff",
    b"From: a@b\n", b"From a@b Mon May 13 11:42:07 2019\nSubject: x\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    b"Content-Type: message/rfc822\n\n", b"MII", b"-----BEGIN PKCS7-----\n", b"\x09\x08", b"<?xml version='1.0'?>",
    b"Content-Transfer-Encoding: x-uuencode\nContent-Type: x/y\n\nbegin 644 x\n",
    b"Content-Type: multipart/signed; boundary=b\nX-Trasporto: posta-certificata\n\n--b\n", b"X-Ricevuta: accettazione\n\n",
]  # fmt: skip
NAMES = st.one_of(
    st.text(max_size=40), st.sampled_from(["a.eml", "a.msg", "a.p7m", "a.zip", "a.xlsx", "daticert.xml", "../..", "\ud800"])
)


def told(name: str, data: bytes) -> None:
    """It ends in something, and what it says can be shown."""
    found = unwrap(name, data)
    assert found.sheets or found.receipts or found.problems
    for text in (each for problem in found.problems for each in (problem.name, problem.finding.found, problem.finding.file)):
        text.encode()
        assert text.isprintable()
        assert len(text) <= 2_000
    assert all(each.name.encode() and "/" not in each.name and "\\" not in each.name for each in found.sheets)


@settings(max_examples=600, deadline=None)
@given(name=NAMES, start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
def test_any_bytes_end_in_a_finding(name, start, rest):
    told(name, start + rest)


@pytest.fixture(scope="module")
def whole(sheet) -> list[Wrapped]:
    """One of each wrapping, sound."""
    small = compound({"Workbook": b"\x09\x08\x10\x00" + bytes(4096)})
    return [wrap(("U1.xls", small)) for wrap in WRAPS.values()] + [("U1.xlsx", sheet), ("U1.xls", small)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spoilt_wrappings_end_in_a_finding(whole, data):
    """Bytes changed, taken out, doubled, in the middle of something sound."""
    name, sound = data.draw(st.sampled_from(whole))
    spoilt = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        length = data.draw(st.integers(1, 64))
        how = data.draw(st.sampled_from(["change", "cut", "double", "end"]))
        if how == "change":
            spoilt[at : at + length] = data.draw(st.binary(min_size=length, max_size=length))
        elif how == "cut":
            del spoilt[at : at + length]
        elif how == "double":
            spoilt[at:at] = spoilt[at : at + length]
        else:
            del spoilt[at:]
        if not spoilt:
            break
    told(name, bytes(spoilt))


@settings(max_examples=300, deadline=None)
@given(headers=st.lists(st.tuples(st.sampled_from(["Content-Type", "Content-Disposition", "From", "Date", "Message-ID", "Subject",
                                                   "Content-Transfer-Encoding", "X-Ricevuta", "X-Trasporto"]), st.binary(max_size=60)),
                        max_size=8), body=st.binary(max_size=100))  # fmt: skip
def test_any_headers_end_in_a_finding(headers, body):
    data = b"".join(name.encode() + b": " + value.replace(b"\n", b"") + b"\n" for name, value in headers) + b"\n" + body
    told("m.eml", data)
