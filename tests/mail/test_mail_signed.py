"""Signed documents: the content comes out, and what is said of the signature is what openssl made of it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp

from application.openssl import Authority, Certificate, run
from mail.parcels import codes, detached, held, letter, mailbox, mark, zipped
from perfxl.errors import RoundError
from perfxl.mail import unwrap


def signed(data: bytes, signer: Certificate, *options: str) -> bytes:
    """Signed by openssl, the content inside."""
    folder = signer.key.parent
    (folder / "options.bin").write_bytes(data)
    run(
        "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", str(folder / "options.bin"),
        "-signer", str(signer.certificate), "-inkey", str(signer.key), "-out", str(folder / "options.p7m"), *options,
    )  # fmt: skip
    return (folder / "options.p7m").read_bytes()


def made(folder: Path, name: str, issuer: tuple[Path, Path] | None, extensions: str, key: str = "ec") -> Certificate:
    """A certificate and its key; `issuer` is the certificate and key of who issues it, None for one that issues itself."""
    kinds = {"ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "rsa": ("rsa:2048",), "ed25519": ("ed25519",)}
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    config = folder / f"{name}.cnf"
    config.write_text(f"[req]\ndistinguished_name=dn\n[dn]\n[own]\n{extensions}\n")
    run(
        "req", "-x509", "-newkey", *kinds[key], "-nodes", "-days", "30", "-subj", f"/C=IT/O=Ente/CN={name}", "-config", str(config),
        "-extensions", "own", "-keyout", str(private), "-out", str(certificate),
        *(("-CA", str(issuer[0]), "-CAkey", str(issuer[1])) if issuer else ()),
    )  # fmt: skip
    return Certificate(certificate, private)


CA, PERSON = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign", "keyUsage=critical,nonRepudiation"


# -- forms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "indefinite"),
    [
        ("DER", "DER", False),
        ("BER", "DER", True),
        ("PEM", "PEM", False),
        ("S/MIME", "SMIME", False),
        ("S/MIME, BER", "SMIME", True),
    ],
)
def test_every_form(authority, rossi, sheet, name, form, indefinite):
    data = authority.signed(sheet, rossi, form=form, indefinite=indefinite)
    found = unwrap("U1.xlsx.p7m", data)
    (one,) = found.sheets
    assert mark(one.data) == mark(sheet), name
    signature = one.signature
    assert (signature.signer, signature.tax_code, signature.issuer) == ("Maria Rossi", "RSSMRA80A41F023X", "Autorita di prova")
    assert (signature.digest_ok, signature.signature_ok, signature.trust) == (True, True, "non verificata")
    assert abs(datetime.now(UTC) - signature.signed_at) < timedelta(hours=1)
    assert found.problems == ()


def test_the_name_loses_its_last_extension(authority, rossi, sheet):
    data = authority.signed(sheet, rossi)
    for name, inner in (("U1.xlsx.p7m", "U1.xlsx"), ("U1.XLSX.P7M", "U1.XLSX"), ("U1.xlsx.p7m.p7m", "U1.xlsx.p7m"), ("x", "x")):
        assert [each.name for each in unwrap(name, data).sheets] == [inner]


@pytest.mark.parametrize(
    "wrap", [base64.b64encode, base64.encodebytes, lambda data: b"\r\n" + base64.encodebytes(data) + b"\r\n"]
)
def test_bare_base64(authority, rossi, sheet, wrap):
    assert held(unwrap("U1.xlsx.p7m", wrap(authority.signed(sheet, rossi)))) == [mark(sheet)]


def test_a_signature_around_a_signature(authority, rossi, sheet):
    """Two persons, one after the other; the innermost is the sheet's own."""
    second = authority.person("Luca Bianchi", "TINIT-BNCLCU70A01F023X")
    inner = authority.signed(sheet, rossi, indefinite=True)
    found = unwrap("U1.xlsx.p7m.p7m", authority.signed(inner, second, form="PEM"))
    (one,) = found.sheets
    assert (one.name, one.chain) == ("U1.xlsx", ("U1.xlsx.p7m.p7m", "U1.xlsx.p7m"))
    assert [each.signer for each in one.signatures] == ["Maria Rossi", "Luca Bianchi"]
    assert one.signature is one.signatures[0]
    assert found.problems == ()


def test_two_signatures_side_by_side(authority, rossi, sheet):
    second = authority.person("Luca Bianchi", "TINIT-BNCLCU70A01F023X")
    folder = authority.folder
    (folder / "one.p7m").write_bytes(authority.signed(sheet, rossi))
    run(
        "cms", "-resign", "-binary", "-nodetach", "-inform", "DER", "-outform", "DER", "-in", str(folder / "one.p7m"),
        "-signer", str(second.certificate), "-inkey", str(second.key), "-out", str(folder / "two.p7m"),
    )  # fmt: skip
    found = unwrap("U1.xlsx.p7m", (folder / "two.p7m").read_bytes())
    (one,) = found.sheets
    assert {each.signer for each in one.signatures} == {"Maria Rossi", "Luca Bianchi"}
    assert all(each.digest_ok and each.signature_ok for each in one.signatures)


def test_in_a_message_and_around_an_archive(authority, rossi, sheet):
    """The signature around the archive is around each sheet in it."""
    data = authority.signed(zipped(("U1.xlsx", sheet), ("U2.xlsx", sheet)), rossi)
    found = unwrap("m.eml", bytes(letter(("fogli.zip.p7m", data))))
    assert [(each.name, each.chain, each.signature.signer) for each in found.sheets] == [
        ("U1.xlsx", ("m.eml", "fogli.zip.p7m", "fogli.zip"), "Maria Rossi"),
        ("U2.xlsx", ("m.eml", "fogli.zip.p7m", "fogli.zip"), "Maria Rossi"),
    ]
    assert found.sheets[0].sender == "bilancio@ente.example"


def test_a_message_signed_whole(authority, rossi, sheet):
    """S/MIME, opaque: the message is inside its own signature."""
    inner = b"Content-Type: application/octet-stream; name=U1.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    smime = authority.signed(inner + base64.encodebytes(sheet), rossi, form="SMIME")
    found = unwrap("m.eml", b"From: u1@ente.example\r\nDate: Mon, 13 May 2019 11:42:07 +0200\r\n" + smime)
    (one,) = found.sheets
    assert (mark(one.data), one.sender, one.signature.signer) == (mark(sheet), "u1@ente.example", "Maria Rossi")
    assert one.when_from == "data"


# -- algorithms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("rsa", ("-md", "sha256")),
        ("rsa", ("-md", "sha512")),
        ("rsa", ("-md", "sha256", "-keyopt", "rsa_padding_mode:pss")),
        ("rsa", ("-md", "sha384", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:48")),
        ("rsa", ("-md", "sha256", "-noattr")),
        ("rsa", ("-md", "sha256", "-keyid")),
        ("ec", ("-md", "sha256")),
        ("ec", ("-md", "sha384", "-cades")),
    ],
)
def test_algorithms(tmp_path, sheet, key, options):
    signer = made(tmp_path, "Firmatario", None, f"{PERSON}\nsubjectKeyIdentifier=hash", key)
    source, target = tmp_path / "x.bin", tmp_path / "x.p7m"
    source.write_bytes(sheet)
    # openssl wants -keyopt after the signer that it is about
    run(
        "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", str(source), "-signer", str(signer.certificate),
        "-inkey", str(signer.key), "-out", str(target), *options,
    )  # fmt: skip
    (one,) = unwrap("U1.xlsx.p7m", target.read_bytes()).sheets
    assert mark(one.data) == mark(sheet)
    assert (one.signature.digest_ok, one.signature.signature_ok) == (True, True)
    altered = target.read_bytes().replace(sheet, sheet[:-1] + b"\x01")
    (one,) = unwrap("U1.xlsx.p7m", altered).sheets
    assert not (one.signature.digest_ok and one.signature.signature_ok)


def test_an_algorithm_that_is_no_longer_safe(rossi, sheet):
    found = unwrap("U1.xlsx.p7m", signed(sheet, rossi, "-md", "sha1"))
    assert (held(found), codes(found.problems)) == ([mark(sheet)], ["PX-M016"])
    assert not found.sheets[0].signature.signature_ok
    assert "SHA1" in found.problems[0].finding.found


def test_a_signature_within_a_signature_as_pkcs7_had_it(authority, rossi, sheet):
    """PKCS#7 1.5 holds the inner structure as it is, CMS in an octet string."""
    inner = cms.ContentInfo.load(authority.signed(sheet, rossi))
    outer = cms.SignedData({"version": "v1", "digest_algorithms": [], "encap_content_info": inner.copy(), "signer_infos": []})
    found = unwrap("U1.xlsx.p7m.p7m", cms.ContentInfo({"content_type": "signed_data", "content": outer}).dump())
    assert (held(found), codes(found.problems)) == ([mark(sheet)], ["PX-M016"])
    assert [each.signer for each in found.sheets[0].signatures] == ["Maria Rossi", ""]


# -- what doesn't add up -------------------------------------------------------------------------------------------


def test_a_changed_content(authority, rossi, sheet):
    """The sheet comes out all the same, and the signature is said not to be its own."""
    data = authority.signed(sheet, rossi)
    found = unwrap("U1.xlsx.p7m", data.replace(sheet[-40:], sheet[-40:-2] + b"\x01\x00"))
    (one,) = found.sheets
    assert (one.signature.digest_ok, one.signature.signature_ok) == (False, True)
    assert codes(found.problems) == ["PX-M015"]


def test_a_changed_time_of_signature(authority, rossi, sheet):
    """The signed attributes are what the signature is over."""
    data = authority.signed(sheet, rossi)
    time = cms.ContentInfo.load(data)["content"]["signer_infos"][0]["signed_attrs"]
    stamp = next(each["values"][0].contents for each in time if each["type"].native == "signing_time")
    found = unwrap("U1.xlsx.p7m", data.replace(stamp, b"190513094207Z"))
    (one,) = found.sheets
    assert one.signature.signed_at == datetime(2019, 5, 13, 9, 42, 7, tzinfo=UTC)
    assert (one.signature.digest_ok, one.signature.signature_ok) == (True, False)
    assert codes(found.problems) == ["PX-M015"]


def test_another_persons_certificate(authority, rossi, sheet):
    """Same issuer and serial in the signature, another key in the certificate: the signature isn't by it."""
    other = authority.person("Luca Bianchi", "TINIT-BNCLCU70A01F023X")
    data = authority.signed(sheet, rossi)
    ours, theirs = ((run("x509", "-in", str(each.certificate), "-outform", "DER")) for each in (rossi, other))
    info = cms.ContentInfo.load(data)
    content = info["content"]
    content["certificates"] = [cms.CertificateChoices("certificate", cms.CertificateChoices.load(theirs).chosen)]
    signer = content["signer_infos"][0]
    signer["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number",
        {
            "issuer": cms.CertificateChoices.load(theirs).chosen.issuer,
            "serial_number": cms.CertificateChoices.load(theirs).chosen.serial_number,
        },
    )
    assert ours != theirs
    found = unwrap("U1.xlsx.p7m", info.dump(force=True))
    assert [(each.signer, each.signature_ok) for each in found.sheets[0].signatures] == [("Luca Bianchi", False)]
    assert codes(found.problems) == ["PX-M015"]


def test_no_certificate(rossi, sheet):
    found = unwrap("U1.xlsx.p7m", signed(sheet, rossi, "-nocerts", "-md", "sha256"))
    assert (held(found), codes(found.problems)) == ([mark(sheet)], ["PX-M016"])
    assert (found.sheets[0].signature.digest_ok, found.sheets[0].signature.signature_ok) == (True, False)


def test_a_signature_without_the_document(authority, rossi, sheet):
    found = unwrap("U1.xlsx.p7m", detached(authority, rossi, sheet))
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M014"])


def test_a_detached_signature_is_no_missing_document_where_its_sheet_is_beside_it(authority, rossi, sheet):
    """The sheet counts; of its signature it is said that it wasn't checked. Two messages of a mailbox aren't beside each other."""
    p7m = detached(authority, rossi, sheet)
    for data in (bytes(letter(("U1.xlsx.p7m", p7m), ("U1.xlsx", sheet))), zipped(("U1.xlsx", sheet), ("U1.xlsx.p7m", p7m))):
        found = unwrap("m.eml", data)
        assert (held(found), found.sheets[0].signatures) == ([mark(sheet)], ())
        assert "PX-M016" in codes(found.problems)
        assert "PX-M014" not in codes(found.problems)
    apart = mailbox(bytes(letter(("U1.xlsx.p7m", p7m))), bytes(letter(("U1.xlsx", sheet))))
    assert "PX-M014" in codes(unwrap("posta.mbox", apart).problems)


def test_a_detached_signature_beside_its_sheet(authority, rossi, sheet):
    found = unwrap("m.eml", bytes(letter(("U1.xlsx", sheet), ("U1.xlsx.p7s", detached(authority, rossi, sheet)))))
    assert held(found) == [mark(sheet)]
    assert codes(found.problems) == ["PX-M010"]
    assert "1 × firma separata (non controllata)" in found.problems[0].finding.found


def test_an_encrypted_document(tmp_path, rossi, sheet):
    source, target = tmp_path / "x.bin", tmp_path / "x.p7m"
    source.write_bytes(sheet)
    run("cms", "-encrypt", "-binary", "-in", str(source), "-outform", "DER", "-out", str(target), str(rossi.certificate))
    assert codes(unwrap("U1.xlsx.p7m", target.read_bytes()).problems) == ["PX-M013"]
    assert codes(unwrap("U1.xlsx.p7m", base64.encodebytes(target.read_bytes())).problems) == ["PX-M013"]


def test_certificates_alone(authority, rossi, tmp_path):
    run("crl2pkcs7", "-nocrl", "-certfile", str(rossi.certificate), "-outform", "DER", "-out", str(tmp_path / "x.p7c"))
    assert codes(unwrap("x.p7c", (tmp_path / "x.p7c").read_bytes()).problems)[0] == "PX-M014"


def test_a_signed_pdf_is_still_a_pdf(authority, rossi):
    (problem,) = unwrap("U1.pdf.p7m", authority.signed(b"%PDF-1.4", rossi)).problems
    assert (problem.finding.code, problem.name) == ("PX-M007", "U1.pdf")


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.8, 0.999])
@pytest.mark.parametrize("indefinite", [False, True])
def test_truncated(authority, rossi, sheet, share, indefinite):
    data = authority.signed(sheet, rossi, indefinite=indefinite)
    found = unwrap("U1.xlsx.p7m", data[: int(len(data) * share)])
    assert found.sheets == ()
    assert codes(found.problems) == ["PX-M002"]


@pytest.mark.parametrize("unit", [b"\x30\x80", b"\x24\x80", b"\x30\x84\x00\xff\xff\xff"])
def test_structures_without_end(unit):
    start = bytes.fromhex("308006092a864886f70d010702a0803080020101310030800609 2a864886f70d010701a080")
    for data in (start + unit * 200_000, unit * 200_000):
        assert unwrap("x.p7m", data).problems


@pytest.mark.parametrize("where", ["chunks", "signers"])
def test_structures_of_millions_of_pieces(where):
    """Chunks of nothing, signers of nothing: an object for each would take gigabytes."""
    nothing = b"\x04\x00" * 5_000_000 if where == "chunks" else b""
    content = b"\x24\x80" + nothing + b"\x00\x00"
    signers = b"\x31\x80" + (b"\x30\x00" * 5_000_000 if where == "signers" else b"") + b"\x00\x00"
    data = (
        bytes.fromhex("308006092a864886f70d010702a080308002010131003080 06092a864886f70d010701a080")
        + content
        + bytes(4)
        + signers
    )
    assert codes(unwrap("x.p7m", data + bytes(6)).problems) == ["PX-M005"]


# -- time stamps -------------------------------------------------------------------------------------------------


def test_time_stamped_data(authority, rossi, sheet):
    """.tsd (RFC 5544): the document comes out, the stamp is said not to have been checked."""
    inner = authority.signed(sheet, rossi)
    evidence = {"tst_evidence": [{"time_stamp": cms.EncapsulatedContentInfo({"content_type": "data", "content": b"x"})}]}
    stamped = tsp.TimeStampedData({"version": "v1", "content": inner, "temporal_evidence": tsp.Evidence(evidence)})
    data = cms.ContentInfo({"content_type": "timestamped_data", "content": stamped}).dump()
    found = unwrap("U1.xlsx.p7m.tsd", data)
    (one,) = found.sheets
    assert (one.name, one.signature.signer) == ("U1.xlsx", "Maria Rossi")
    assert [each.finding.found for each in found.problems] == ["1 × marca temporale (non controllata)"]


def test_m7m(authority, rossi, sheet):
    """A signed document and its time stamp as the parts of a MIME file."""
    inner = base64.encodebytes(authority.signed(sheet, rossi))
    data = b'Mime-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/pkcs7-mime; '
    data += b'name="U1.xlsx.p7m"\nContent-Transfer-Encoding: base64\n\n' + inner
    data += b'\n--b\nContent-Type: application/timestamp-reply; name="U1.tsr"\nContent-Transfer-Encoding: base64\n\nMAMCAQA=\n\n--b--\n'
    assert [(mark(each.data), each.signature.signer) for each in unwrap("U1.m7m", data).sheets] == [(mark(sheet), "Maria Rossi")]


# -- trust -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> dict[str, Certificate]:
    """A root, an authority under it, one that may not issue, and who they issued."""
    folder = tmp_path_factory.mktemp("chain")
    made_of = {"radice": made(folder, "radice", None, CA)}
    for name, issuer, extensions in (
        ("intermedia", "radice", f"{CA}\nauthorityKeyIdentifier=keyid"),
        ("persona", "intermedia", PERSON),
        ("server", "intermedia", "keyUsage=critical,keyEncipherment"),
        ("abusiva", "persona", PERSON),
        ("stretta", "radice", "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign"),
        ("sotto", "stretta", CA),
        ("lontana", "sotto", PERSON),
    ):
        held_by = made_of[issuer]
        made_of[name] = made(folder, name, (held_by.certificate, held_by.key), extensions)
    return made_of


def trust(chain: dict[str, Certificate], signer: str, sheet: bytes, *along: str, bundle: str = "radice") -> tuple[str, list[str]]:
    folder = chain["radice"].certificate.parent
    certificates = folder / "along.pem"
    certificates.write_bytes(b"".join(chain[name].certificate.read_bytes() for name in along))
    options = ("-certfile", str(certificates)) if along else ()
    data = signed(sheet, chain[signer], "-md", "sha256", "-cades", *options)
    found = unwrap("U1.xlsx.p7m", data, ca_bundle=chain[bundle].certificate.read_bytes())
    return found.sheets[0].signature.trust, codes(found.problems)


def test_a_path_to_an_authority(chain, sheet):
    assert trust(chain, "persona", sheet, "intermedia") == ("verificata", [])
    assert trust(chain, "persona", sheet, bundle="intermedia") == ("verificata", [])


@pytest.mark.parametrize(
    ("signer", "along"),
    [
        ("persona", ()),  # who issued it isn't known
        ("server", ("intermedia",)),  # its key is for something else
        ("abusiva", ("persona", "intermedia")),  # issued by one who may not issue
        ("lontana", ("sotto", "stretta")),  # more authorities in between than allowed
    ],
)
def test_no_path(chain, sheet, signer, along):
    assert trust(chain, signer, sheet, *along) == ("non attendibile", ["PX-M017"])


def test_another_authority_of_the_same_name(chain, sheet, tmp_path):
    impostor = made(tmp_path, "radice", None, CA)
    found = trust({**chain, "falsa": impostor}, "persona", sheet, "intermedia", bundle="falsa")
    assert found == ("non attendibile", ["PX-M017"])


def test_the_certificate_must_be_valid_when_it_was_signed(authority: Authority, sheet):
    """Expired last year; the signature is of today."""
    now = datetime.now(UTC)
    expired = authority.person(
        "Vecchia Firma", "TINIT-VCCFRM50A01F023X", valid=(now - timedelta(days=900), now - timedelta(days=400))
    )
    bundle = authority.certificate.read_bytes()
    found = unwrap("U1.xlsx.p7m", authority.signed(sheet, expired), ca_bundle=bundle)
    assert (found.sheets[0].signature.trust, codes(found.problems)) == ("non attendibile", ["PX-M017"])
    assert found.sheets[0].signature.signature_ok


def test_trust_is_of_sound_signatures_only(authority, rossi, sheet):
    data = authority.signed(sheet, rossi)
    bundle = authority.certificate.read_bytes()
    assert unwrap("U1.xlsx.p7m", data, ca_bundle=bundle).sheets[0].signature.trust == "verificata"
    altered = data.replace(sheet[-40:], sheet[-40:-2] + b"\x01\x00")
    found = unwrap("U1.xlsx.p7m", altered, ca_bundle=bundle)
    assert (found.sheets[0].signature.trust, codes(found.problems)) == ("non attendibile", ["PX-M015"])


def test_a_bundle_that_is_none(sheet):
    with pytest.raises(RoundError, match="nessun certificato leggibile"):
        unwrap("U1.xlsx", sheet, ca_bundle=b"-----BEGIN CERTIFICATE-----\nxxx\n-----END CERTIFICATE-----\n")


# -- a content that changed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("-md", "sha1"), ("-nocerts",), ("-md", "sha1", "-nocerts")])
def test_a_content_that_changed_is_told_whatever_the_signature_is_worth(authority, sheet, options):
    """SHA-1, or no certificate: the signature proves nothing, but the digest in it says that these aren't the bytes that were signed."""
    rossi = authority.person("Maria Rossi", "TINIT-RSSMRA80A41F023X")
    data = sheet + b"\0\0"
    whole = signed(data, rossi, *options)
    assert data in whole
    changed = whole.replace(data, sheet + b"\0\1")
    found = unwrap("U1.xlsx.p7m", changed)
    assert "PX-M015" in codes(found.problems)
    assert "non è quello che è stato firmato" in found.sheets[0].signatures[0].wrong
    sound = unwrap("U1.xlsx.p7m", whole)
    assert "PX-M015" not in codes(sound.problems)
    assert sound.sheets[0].signatures[0].wrong == ""
