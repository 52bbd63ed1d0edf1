"""Messages: whatever a mail program writes, and whatever is broken in it."""

from __future__ import annotations

import base64
import hashlib
import time
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.mime.application import MIMEApplication

import pytest

from mail.parcels import SENT, codes, held, letter, mailbox, mark, zipped
from perfxl.mail import unwrap


def test_a_reply(sheet):
    found = unwrap("posta.eml", bytes(letter(("Scheda U1.xlsx", sheet))))
    (one,) = found.sheets
    assert (one.name, mark(one.data), one.chain) == ("Scheda U1.xlsx", mark(sheet), ("posta.eml",))
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@ente.example", SENT, "data")
    assert one.message_id == "<uno@ente.example>"
    assert one.signature is None
    assert [(each.finding.code, each.finding.found) for each in found.problems] == [("PX-M010", "1 × testo del messaggio")]


def test_every_kind_of_sheet(sheets):
    found = unwrap("posta.eml", bytes(letter(*((f"scheda.{kind}", data) for kind, data in sheets.items()))))
    assert [(each.name, mark(each.data)) for each in found.sheets] == [
        (f"scheda.{kind}", mark(data)) for kind, data in sheets.items()
    ]


def test_forty_attachments(sheet):
    """In their order; the same one forty times is there forty times."""
    names = [f"Scheda {number}.xlsx" for number in range(40)]
    found = unwrap("posta.eml", bytes(letter(*((name, sheet) for name in names))))
    assert [each.name for each in found.sheets] == names


# -- names -------------------------------------------------------------------------------------------------------


def with_header(sheet: bytes, *headers: bytes) -> bytes:
    """A message with one attachment, its headers written by hand."""
    body = base64.encodebytes(sheet)
    head = b"From: u1@ente.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    return head + b"\n".join(headers) + b"\nContent-Transfer-Encoding: base64\n\n" + body + b"\n--b--\n"


NAMES = {
    "RFC 2231": b"Content-Disposition: attachment; filename*=utf-8''attivit%C3%A0.xlsx",
    "RFC 2231 in pieces": b"Content-Disposition: attachment;\n filename*0*=utf-8''attivi;\n filename*1*=t%C3%A0;\n filename*2=.xlsx",
    "RFC 2231, latin-1": b"Content-Disposition: attachment; filename*=iso-8859-1'it'attivit%E0.xlsx",
    "RFC 2047": b'Content-Disposition: attachment; filename="=?utf-8?B?YXR0aXZpdMOgLnhsc3g=?="',
    "RFC 2047 in two words": b'Content-Disposition: attachment; filename="=?utf-8?Q?attivit?=\n =?utf-8?Q?=C3=A0.xlsx?="',
    "RFC 2047 in the type": b'Content-Type: application/octet-stream; name="=?windows-1252?Q?attivit=E0.xlsx?="',
    "raw UTF-8": 'Content-Disposition: attachment; filename="attività.xlsx"'.encode(),
    "raw Windows": 'Content-Disposition: attachment; filename="attività.xlsx"'.encode("cp1252"),
    "path": 'Content-Disposition: attachment; filename="C:\\\\Documenti\\\\attività.xlsx"'.encode(),
}


@pytest.mark.parametrize("header", NAMES.values(), ids=NAMES)
def test_names_in_every_encoding(sheet, header):
    assert [(each.name, mark(each.data)) for each in unwrap("m.eml", with_header(sheet, header)).sheets] == [
        ("attività.xlsx", mark(sheet))
    ]


ODD_NAMES = {
    b'filename="../../U1.xlsx"': "U1.xlsx",
    b'filename="..\\\\..\\\\U1.xlsx"': "U1.xlsx",
    b"filename*=utf-8''U1%00%07.xlsx": "U1.xlsx",
    b"filename*=utf-8''xslx%E2%80%AEU1.xlsx": "xslxU1.xlsx",
}


@pytest.mark.parametrize(("written", "shown"), ODD_NAMES.items())
def test_odd_names_are_cleaned_and_told(sheet, written, shown):
    found = unwrap("m.eml", with_header(sheet, b"Content-Disposition: attachment; " + written))
    assert [each.name for each in found.sheets] == [shown]
    assert codes(found.problems) == ["PX-M011"]
    assert all(letter.isprintable() for letter in found.problems[0].finding.found)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"CON.xlsx", "_CON.xlsx"),
        (b"x" * 300 + b".xlsx", "x" * 115 + ".xlsx"),
        (b"  .xlsx ", "xlsx"),
        (b"...", "allegato"),
        (b"", "allegato"),
        (b"=?utf-8?B?!!!?=", "allegato"),
        (b"=?klingon?Q?a=E0?=", None),
    ],
)
def test_names_that_are_hardly_names(sheet, written, shown):
    found = unwrap("m.eml", with_header(sheet, b'Content-Disposition: attachment; filename="' + written + b'"'))
    (one,) = found.sheets
    assert mark(one.data) == mark(sheet)
    assert one.name == shown or shown is None
    assert 0 < len(one.name) <= 120


def test_a_name_with_an_absurd_continuation(sheet):
    header = b"Content-Disposition: attachment; filename*" + b"9" * 5000 + b"*=utf-8''U1.xlsx"
    assert held(unwrap("m.eml", with_header(sheet, header))) == [mark(sheet)]


# -- sender and date ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("Mon, 13 May 2019 11:42:07 +0200", SENT),
        ("13 May 2019 11:42:07 CEST", None),
        ("Mon, 13 May 2019 09:42:07 -0000", datetime(2019, 5, 13, 9, 42, 7, tzinfo=UTC)),
        ("Mon, 13 May 2019 11:42:07 +0530", datetime(2019, 5, 13, 11, 42, 7, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        ("lunedì 13 maggio", None),
        ("Mon, 99 May 2019 99:42:07 +0200", None),
        ("Mon, 13 May 1492 11:42:07 +0200", None),
        ("Mon, 13 May 2019 11:42:07 +99999999", None),
    ],
)
def test_dates(sheet, written, understood):
    made = letter(("U1.xlsx", sheet), sent=None)
    data = bytes(made).replace(b"MIME-Version", f"Date: {written}\nMIME-Version".encode(), 1)
    (one,) = unwrap("m.eml", data).sheets
    if understood is None and "CEST" in written:
        assert one.sent_at is not None  # the library takes an unknown zone as UTC
        assert one.sent_at.tzinfo is not None
        return
    assert one.sent_at == understood
    assert one.when_from == ("data" if understood else "")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("Ufficio Bilancio <Bilancio@Ente.Example>", "bilancio@ente.example"),
        ('"Rossi, Maria" <m.rossi@ente.example>', "m.rossi@ente.example"),
        ("=?utf-8?Q?Ufficio_Qualit=C3=A0?= <q@ente.example>", "q@ente.example"),
        ("bilancio@ente.example", "bilancio@ente.example"),
        ("=?utf-8?Q?=3Ccapo=40ente=2Eexample=3E?= <q@ente.example>", "q@ente.example"),
    ],
)
def test_senders(sheet, written, understood):
    data = bytes(letter(("U1.xlsx", sheet))).replace(b"Ufficio Bilancio <bilancio@ente.example>", written.encode(), 1)
    assert [each.sender for each in unwrap("m.eml", data).sheets] == [understood]


# -- messages within messages --------------------------------------------------------------------------------------


def test_a_forwarded_message_says_who_wrote_it_and_when(sheet, other):
    """The innermost message that holds the sheet: a secretary who forwards twelve replies wrote none of them."""
    inner = letter(
        ("U1.xlsx", sheet), sender="u1@ente.example", sent=SENT - timedelta(days=2), message_id="<due@x>", subject="Scheda U1"
    )
    found = unwrap("m.eml", bytes(letter(("PO2.xlsx", other), inside=(inner,))))
    assert [(each.name, each.sender, each.sent_at, each.message_id) for each in found.sheets] == [
        ("PO2.xlsx", "bilancio@ente.example", SENT, "<uno@ente.example>"),
        ("U1.xlsx", "u1@ente.example", SENT - timedelta(days=2), "<due@x>"),
    ]
    assert found.sheets[1].chain == ("m.eml", "Scheda U1.eml")


def test_what_an_inner_message_does_not_say_the_outer_one_does(sheet):
    inner = EmailMessage()
    inner.set_content("x")
    inner.add_attachment(sheet, maintype="application", subtype="x", filename="U1.xlsx")
    (one,) = unwrap("m.eml", bytes(letter(inside=(inner,)))).sheets
    assert (one.sender, one.sent_at, one.message_id) == ("bilancio@ente.example", SENT, "<uno@ente.example>")


def test_an_inner_message_encoded_against_the_rules(sheet):
    inner = bytes(letter(("U1.xlsx", sheet), sender="u1@ente.example"))
    data = b"From: x@x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
    data += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner) + b"\n--b--\n"
    assert [(mark(each.data), each.sender) for each in unwrap("m.eml", data).sheets] == [(mark(sheet), "u1@ente.example")]


def test_a_message_that_is_the_sheet_itself(sheet):
    message = MIMEApplication(sheet, "vnd.ms-excel", name="U1.xlsx")
    message["From"] = "u1@ente.example"
    assert [(each.name, mark(each.data)) for each in unwrap("m.eml", bytes(message)).sheets] == [("U1.xlsx", mark(sheet))]


def test_uuencoded(sheet):
    import binascii

    lines = b"".join(binascii.b2a_uu(sheet[at : at + 45]) for at in range(0, len(sheet), 45))
    body = b"begin 644 U1.xlsx\n" + lines + b" \nend\n"
    data = b"From: x@x\nContent-Type: application/octet-stream; name=U1.xlsx\nContent-Transfer-Encoding: x-uuencode\n\n" + body
    assert held(unwrap("m.eml", data)) == [mark(sheet)]


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"From ufficio@ente.example Mon May 13 11:42:07 2019\n"])
def test_what_programs_put_before_a_message(sheet, before):
    assert held(unwrap("m.eml", before + bytes(letter(("U1.xlsx", sheet))))) == [mark(sheet)]


# -- what holds no sheet -------------------------------------------------------------------------------------------


def test_beside_a_sheet_other_attachments_are_a_note(sheet):
    found = unwrap("m.eml", bytes(letter(("relazione.pdf", b"%PDF-1.4"), ("U1.xlsx", sheet))))
    assert codes(found.problems) == ["PX-M008", "PX-M010"]
    assert found.problems[0].finding.found == "«relazione.pdf»: un PDF"


@pytest.mark.parametrize(
    ("name", "data", "nature"),
    [
        ("scheda.pdf", b"%PDF-1.4", "un PDF"),
        ("scheda.docx", zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")), "un documento Word"),
        ("scheda.csv", b"Obiettivo;Target;Risultato\nA;1;2\n", "un file di testo CSV"),
        ("scheda.xlsx", b"<html><table></table></html>", "una pagina HTML"),
        ("scheda.rar", b"Rar!\x1a\x07", "un archivio RAR"),
        ("scheda.xlsx", b"MZ\x90", "un programma di Windows"),
        ("scansione.jpg", b"\xff\xd8\xff" + bytes(200_000), "un'immagine JPEG"),
        (
            "scheda.xlsb",
            zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.bin", b"x")),
            "una cartella di lavoro .xlsb, che non viene letta",
        ),
    ],
)
def test_in_the_place_of_a_sheet(name, data, nature):
    (problem,) = [each for each in unwrap("m.eml", bytes(letter((name, data)))).problems if each.finding.code != "PX-M010"]
    assert (problem.finding.code, problem.finding.found) == ("PX-M007", f"«{name}»: {nature}")
    assert problem.data_sha256 == hashlib.sha256(data).hexdigest()
    assert problem.finding.file == f"m.eml › {name}"


def test_a_message_without_a_sheet():
    found = unwrap("m.eml", bytes(letter()))
    assert [(each.finding.code, each.finding.found) for each in found.problems] == [
        ("PX-M009", "«m.eml»: nessun allegato"),
        ("PX-M010", "1 × testo del messaggio"),
    ]


def test_a_link_in_the_place_of_a_sheet():
    data = bytes(letter(text="Ecco la scheda: https://ente-my.sharepoint.com/:x:/g/personal/scheda\n"))
    assert "collegamento a un file in rete" in unwrap("m.eml", data).problems[0].finding.found


def test_logos_cards_and_signatures_are_counted(sheet):
    made = letter(
        ("U1.xlsx", sheet), ("logo.png", b"\x89PNG" + bytes(2000)), ("m.rossi.vcf", b"BEGIN:VCARD"), ("Segnatura.xml", b"<x/>")
    )
    (note,) = unwrap("m.eml", bytes(made)).problems
    assert note.finding.found == (
        "1 × biglietto da visita, 1 × immagine piccola, 1 × segnatura di protocollo, 1 × testo del messaggio"
    )


def test_winmail(sheet):
    found = unwrap("m.eml", bytes(letter(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(100)))))
    assert codes(found.problems) == ["PX-M012", "PX-M010"]
    assert "formato HTML o testo" in found.problems[0].finding.remedy


def test_a_file_that_is_only_pointed_to():
    data = b'From: x@x\nContent-Type: message/external-body; access-type=URL; URL="http://x/y.xlsx"\n\nContent-Type: x/y\n\n'
    assert codes(unwrap("m.eml", data).problems) == ["PX-M021"]


def report(kind: str, action: str, sheet: bytes) -> bytes:
    """A notice about a message of ours, with the copy of it that mail servers send back."""
    notice = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; u9@ente.example\nAction: {action}\nStatus: 5.1.1\n\n"
    parts = [
        b"Content-Type: text/plain\n\nNon recapitato\n",
        f"Content-Type: message/{kind}\n\n{notice}".encode(),
        b"Content-Type: message/rfc822\n\n" + bytes(letter(("U9.xlsx", sheet))),
    ]
    head = f"From: postmaster@ente.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type={kind}; boundary=r\n\n"
    return head.encode() + b"".join(b"--r\n" + part + b"\n" for part in parts) + b"--r--\n"


def test_a_message_that_came_back_is_nobodys_reply(sheet):
    found = unwrap("m.eml", report("delivery-status", "failed", sheet))
    assert found.sheets == ()
    assert codes(found.problems) == ["PX-M020", "PX-M010"]
    assert "u9@ente.example" in found.problems[0].finding.found


def test_notices_that_ask_for_nothing(sheet):
    for kind, action in (("delivery-status", "delivered"), ("disposition-notification", "displayed")):
        found = unwrap("m.eml", report(kind, action, sheet))
        assert (found.sheets, codes(found.problems)) == ((), ["PX-M022", "PX-M010"])


def test_out_of_office():
    made = letter()
    made["Auto-Submitted"] = "auto-replied"
    assert codes(unwrap("m.eml", bytes(made)).problems) == ["PX-M022", "PX-M010"]


# -- broken ------------------------------------------------------------------------------------------------------


def test_base64_garbage_and_truncated_attachments(sheet):
    data = with_header(sheet, b'Content-Disposition: attachment; filename="U1.xlsx"')
    letters = len(data) - len(b"\n--b--\n")
    for cut in (*range(len(data) // 2, len(data) // 2 + 80), *range(letters - 80, letters - 8)):  # wherever in a group of four
        assert codes(unwrap("m.eml", data[:cut]).problems) == ["PX-M002"], cut
    garbage = data.replace(base64.encodebytes(sheet), b"!!! non e base64 !!!\n" * 20)
    assert codes(unwrap("m.eml", garbage).problems) in (["PX-M002"], ["PX-M007"])


def test_no_closing_boundary(sheet):
    data = with_header(sheet, b'Content-Disposition: attachment; filename="U1.xlsx"').replace(b"\n--b--\n", b"\n")
    assert held(unwrap("m.eml", data)) == [mark(sheet)]


def test_a_boundary_that_never_comes(sheet):
    data = with_header(sheet, b'Content-Disposition: attachment; filename="U1.xlsx"').replace(b"--b\n", b"--c\n")
    found = unwrap("m.eml", data)
    assert (found.sheets, codes(found.problems)[0]) == ((), "PX-M009")
    assert "finisce prima del previsto" in found.problems[0].finding.found


def nested(levels: int, declared: bytes = b"boundary=b%d") -> bytes:
    """Multiparts one inside the other, none closed."""
    part = b"Content-Type: multipart/mixed; " + declared + b"\n\n--b%d\n"
    return b"From: x@x\n" + b"".join(part % (number, number) for number in range(levels))


@pytest.mark.parametrize(
    "declared", [b"boundary=b%d", b'BOUNDARY="b%d"', b"Boundary*=us-ascii'en'b%d", b"boundary*0=b; boundary*1=%d"]
)
def test_levels_of_parts_are_bounded(declared):
    """Each line is held against every boundary that is open: a thousand of them and a million lines would take an hour."""
    start = time.process_time()
    found = unwrap("m.eml", nested(900, declared) + b"riga\n" * 1_000_000)
    assert codes(found.problems) == ["PX-M005"]
    assert time.process_time() - start < 20


def test_levels_of_parts_within_the_bound(sheet):
    data = nested(40) + b"Content-Type: x/y; name=U1.xlsx\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(sheet)
    assert held(unwrap("m.eml", data)) == [mark(sheet)]


def test_boundaries_side_by_side_are_not_one_inside_the_other(sheet):
    """Sixty forwarded messages, each with its own parts."""
    inside = tuple(letter((f"U{number}.xlsx", sheet), message_id=f"<{number}@x>") for number in range(60))
    found = unwrap("m.eml", bytes(letter(inside=inside)))
    assert len(found.sheets) == 60
    assert len(unwrap("m.eml", bytes(letter(inside=inside)).replace(b"\n", b"\r\n")).sheets) == 60


def test_lines_are_bounded():
    for end in (b"\n", b"\r", b"\r\n"):
        assert codes(unwrap("m.eml", b"From: x@x\n\n" + end * 5_000_001).problems) == ["PX-M005"]


ENDLESS = {
    "parameters": b"Content-Type: x/y" + b";" * 3_000_000,
    "comments": b"From: " + b"(" * 4_000,
    "words": b"Subject: " + b"=?utf-8?Q?a?= " * 200_000,
    "continuations": b"Content-Disposition: attachment" + b"".join(b"; filename*%d*=a" % n for n in range(100_000)),
    "dashes": b"Content-Type: multipart/mixed; boundary=b\n\n--" + b" " * 3_000_000 + b"x" + b"\nboundary=" * 60,
    "hours": b"X: y\n\nFrom " + b"11:11 " * 300_000,
}


@pytest.mark.parametrize("head", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("before", [b"", b"From a@b Mon May 13 11:42:07 2019\n"])
def test_headers_without_end_take_no_time(sheet, head, before):
    start = time.process_time()
    assert unwrap("m.eml", before + b"To: x@x\n" + head + b"\n\nciao\n").problems
    assert time.process_time() - start < 5


def test_a_sender_without_end_takes_no_sheet_away(sheet):
    data = bytes(letter(("U1.xlsx", sheet), sender="x@x")).replace(b"From: x@x", b"From: " + b"(" * 4_000)
    assert held(unwrap("m.eml", data)) == [mark(sheet)]


def test_headers_alone_in_every_size():
    for data in (b"From: x@x\n\n", b"From: x@x", b"Subject: " + b"x" * 3_000_000, b"X-A: b\n" * 100_000):
        assert unwrap("m.eml", data).problems


# -- mbox --------------------------------------------------------------------------------------------------------


def test_a_mailbox(sheet, other):
    quoting = letter(("PO2.xlsx", other), sender="po2@ente.example", text="Ciao,\n\nFrom me to you 11:42:00\n>From x\n")
    found = unwrap("INBOX.mbox", mailbox(bytes(letter(("U1.xlsx", sheet))), bytes(letter()), bytes(quoting)))
    assert [(mark(each.data), each.sender, each.chain) for each in found.sheets] == [
        (mark(sheet), "bilancio@ente.example", ("INBOX.mbox", "messaggio 1.eml")),
        (mark(other), "po2@ente.example", ("INBOX.mbox", "messaggio 3.eml")),
    ]
    assert codes(found.problems) == ["PX-M009", "PX-M010"]
    assert found.problems[0].name == "messaggio 2.eml"


def test_in_a_mailbox_no_reply_makes_up_for_another(sheet):
    """A PDF beside a sheet is a note; a PDF in another office's message isn't beside it."""
    found = unwrap("a.mbox", mailbox(bytes(letter(("U1.xlsx", sheet))), bytes(letter(("x.pdf", b"%PDF")))))
    assert codes(found.problems) == ["PX-M007", "PX-M010"]


def test_the_problems_of_a_mailbox_can_be_told_apart():
    messages = [bytes(letter(message_id=f"<{number}@x>")) for number in range(3)]
    marks = [each.data_sha256 for each in unwrap("a.mbox", mailbox(*messages)).problems if each.finding.code == "PX-M009"]
    assert len(set(marks)) == 3
    forwarded = letter(inside=tuple(letter(message_id=f"<{number}@x>", sender=f"u{number}@x.it") for number in range(3)))
    marks = [each.data_sha256 for each in unwrap("a.eml", bytes(forwarded)).problems if each.finding.code == "PX-M009"]
    assert len(marks) == len(set(marks)) == 3
