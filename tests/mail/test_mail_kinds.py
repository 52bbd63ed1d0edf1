"""What a file is, whatever it is called."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from mail.compound import Attached, Mail, compound
from mail.parcels import Certified, codes, envelope, held, letter, mailbox, mark, zipped
from perfxl.mail import LIMITS, unwrap
from perfxl.mail.kinds import Kind, look_at


@pytest.mark.parametrize("kind", ["xlsx", "xlsm", "xls", "ods"])
@pytest.mark.parametrize("name", ["scheda.{0}", "scheda.dat", "scheda", "scheda.pdf"])
def test_a_sheet_is_a_sheet_under_any_name(sheets, kind, name):
    name = name.format(kind)
    found = unwrap(name, sheets[kind])
    assert held(found) == [mark(sheets[kind])]
    wrong = name.endswith((".dat", ".pdf"))
    assert codes(found.problems) == (["PX-L009"] if wrong else [])


def test_wrappings_under_any_name(sheet, rossi, authority):
    eml = bytes(letter(("U1.xlsx", sheet)))
    wrapped = {
        "zip": zipped(("U1.xlsx", sheet)),
        "eml": eml,
        "msg": bytes(Mail(attached=[Attached("U1.xlsx", sheet)])),
        "mbox": mailbox(eml),
        "p7m": authority.signed(sheet, rossi),
        "pem": authority.signed(sheet, rossi, form="PEM"),
    }
    for kind, data in wrapped.items():
        for name in ("scheda.xlsx", "scheda", f"scheda.{kind}"):
            found = unwrap(name, data)
            assert held(found) == [mark(sheet)], (kind, name)
            assert ("PX-L009" in codes(found.problems)) == (name == "scheda.xlsx"), (kind, name)


def test_a_workbook_is_not_an_archive_and_an_archive_of_a_directory_xl_is(sheet):
    assert look_at("x", sheet).kind is Kind.WORKBOOK
    assert held(unwrap("a.zip", zipped(("xl/U1.xlsx", sheet), ("xl/note.txt", b"x")))) == [mark(sheet)]


NATURES = {
    b"\xef\xbb\xbfObiettivo;Target;Peso\nA;1;2\n": "un file di testo CSV",
    b"a\tb\tc\n1\t2\t3\n": "un file di testo CSV",
    b"\xff\xfeO\x00b\x00": "un testo Unicode",
    b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>": "un foglio XML di Excel 2003 o di LibreOffice",
    b"<?xml version='1.0'?><x/>": "un file XML",
    b"{\\rtf1": "un testo RTF",
    b"7z\xbc\xaf\x27\x1c\x00": "un archivio 7z",
    b"BM\x00\x00\x01\x00\x00\x00\x00\x00": "un'immagine BMP",
    b"BM: una nota": "un testo semplice",
    b"-----BEGIN PGP MESSAGE-----": "un messaggio PGP",
    b"Nota: chiamare\nOra: 10\n": "un testo semplice",
    b"M" * 400: "un testo semplice",
    b"MII" + b"A" * 401: "un testo semplice",
    b"-----BEGIN PKCS7-----\nxxxxx\n-----END PKCS7-----\n": "un testo semplice",
    bytes(100): "di tipo sconosciuto",
    zipped(("[Content_Types].xml", b"<x/>"), ("visio/x", b"")): "un disegno Visio",
    zipped(("[Content_Types].xml", b"<x/>"), ("altro/x", b"")): "un documento di Office senza fogli",
    zipped(
        ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")
    ): "un documento OpenDocument che non è un foglio di calcolo",
}


@pytest.mark.parametrize(("data", "nature"), NATURES.items(), ids=NATURES.values())
def test_natures(data, nature):
    (problem,) = unwrap("scheda.x", data).problems
    assert (problem.finding.code, problem.finding.found) == ("PX-M007", f"«scheda.x»: {nature}")


def test_zero_bytes():
    (problem,) = unwrap("U1.xlsx", b"").problems
    assert problem.finding.code == "PX-M001"
    assert "PX-M001" in codes(unwrap("m.eml", bytes(letter(("U1.xlsx", b"")))).problems)


@pytest.mark.parametrize(
    ("kind", "share"),
    [*((kind, share) for kind in ("xlsx", "xls", "ods") for share in (0.01, 0.3, 0.7)), ("xlsx", 0.99), ("ods", 0.99)],
)
def test_truncated_sheets(sheets, kind, share):
    """The last sector of an .xls may be short, and nothing missing: there the reader says."""
    data = sheets[kind]
    assert codes(unwrap(f"U1.{kind}", data[: int(len(data) * share)]).problems) == ["PX-M002"]


def test_an_encrypted_opendocument_sheet(sheets):
    manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    data = zipped(
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"\x00"),
        ("META-INF/manifest.xml", manifest),
    )
    assert codes(unwrap("U1.ods", data).problems) == ["PX-M003"]
    assert codes(unwrap("U1.ods", data.replace(b"META-INF/manifest.xml", b"META-INF/manifesto.xm")).problems) == []


def test_an_old_workbook_without_a_container():
    """Excel 4: the records alone."""
    data = struct.pack("<HHHH", 0x0409, 6, 0, 0x10) + bytes(100)
    assert held(unwrap("U1.xls", data)) == [mark(data)]


def test_too_many_pieces_in_all(sheet):
    limits = replace(LIMITS, items=6)
    found = unwrap("m.eml", bytes(letter(*((f"{number}.xlsx", sheet) for number in range(20)))), limits=limits)
    assert held(found) == [mark(sheet)] * 4
    (problem, _) = found.problems
    assert (problem.finding.code, problem.finding.found) == (
        "PX-M005",
        "troppi allegati: da «4.xlsx» in poi non è stato aperto altro",
    )


def test_too_many_parts_in_one_message(sheet):
    limits = replace(LIMITS, entries=10)
    for data in (letter(*((f"{n}.xlsx", b"x") for n in range(11))), Mail(attached=[Attached("x", b"x")] * 11)):
        assert codes(unwrap("m", bytes(data), limits=limits).problems) == ["PX-M005"]


def test_an_archive_beyond_what_is_left(sheet):
    limits = replace(LIMITS, total_bytes=100_000)
    assert codes(unwrap("a.zip", zipped(("a.bin", bytes(100_001))), limits=limits).problems) == ["PX-M005"]


def test_containers_of_thousands_of_streams():
    data = compound({f"{number}": b"" for number in range(10_050)})
    assert codes(unwrap("x.msg", data).problems) == ["PX-M005"]


def test_a_seal_that_does_not_read(authority, provider, sheet):
    busta = envelope(bytes(letter(("U1.xlsx", sheet))), Certified(), seal=(authority, provider))
    start = busta.index(b"smime.p7s", busta.index(b"smime.p7s") + 5)
    spoilt = busta[: start + 40] + b"QUJD" * 10 + busta[start + 80 :]
    found = unwrap("busta.eml", spoilt)
    assert held(found) == [mark(sheet)]
    assert "PX-M018" in codes(found.problems)


def test_the_finding_says_the_whole_way():
    found = unwrap("m.eml", bytes(letter(("a.zip", zipped(("x.pdf", b"%PDF"))))))
    assert found.problems[0].finding.file == "m.eml › a.zip › x.pdf"
