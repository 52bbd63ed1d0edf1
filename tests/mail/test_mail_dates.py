"""The moments that messages carry, as Italian programs and servers write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from mail.compound import Attached, Mail
from mail.parcels import ACCEPTED, SENT, Certified, codes, envelope, letter
from perfxl.mail import unwrap
from perfxl.mail.dates import mailbox_moment, moment, received

TEN = datetime(2019, 5, 3, 8, tzinfo=UTC)
"""Ten in the morning of the third of May, in Italy."""


@pytest.mark.parametrize(
    "written",
    [
        "Fri, 3 May 2019 10:00:00 +0200",
        "Fri, 3 May 2019 10:00:00 +0200 (CEST)",
        "Fri, 3 May 2019 08:00:00 GMT",
        "Fri, 3 May 2019 08:00:00 -0000",
        "Fri, 3 May 2019 10:00:00 CEST",
        "Fri, 3 May 2019 10:00:00 MEST",
        "Fri, 3 May 2019 09:00:00 CET",
        "Fri, 3 May 2019 09:00:00 MET",
        "Fri, 3 May 2019 11:00:00 EEST",
        "Fri, 3 May 2019 10:00:00",
        "Fri, 3 May 2019 10:00:00 ora legale Europa occidentale",
        "3 May 19 10:00:00 +0200",
        "Fri, 3 May 2019 10:00 +0200",
        "Fri, 03 May 2019 10.00.00 +0200",
        "ven, 3 mag 2019 10:00:00 +0200",
        "venerdì, 03 maggio 2019 10:00:00",
        "Ven, 3 Mag 2019 10:00:00 CEST",
    ],
)
def test_the_third_of_may_at_ten(written):
    assert moment(written) == TEN


@pytest.mark.parametrize(
    ("written", "month"),
    [("lun, 7 gen 2019", 1), ("gio, 6 giu 2019", 6), ("lun, 1 lug 2019", 7), ("gio, 1 ago 2019", 8), ("dom, 1 set 2019", 9),
     ("mar, 1 ott 2019", 10), ("dom, 1 dicembre 2019", 12), ("mar, 5 mar 2019", 3), ("Tue, 3 Sep 2019", 9)],
)  # fmt: skip
def test_months_in_italian(written, month):
    found = moment(f"{written} 10:00:00 +0100")
    assert found is not None
    assert (found.year, found.month) == (2019, month)


def test_without_a_zone_it_is_the_time_of_italy_winter_and_summer():
    assert [moment(f"{day} 2019 10:00:00").utcoffset() for day in ("7 Jan", "7 Jul")] == [timedelta(hours=1), timedelta(hours=2)]


@pytest.mark.parametrize("written", ["", "domani", "32 May 2019 10:00:00", "Fri, 3 May 1800 10:00:00 +0200", "3 boh 2019"])
def test_what_is_no_date(written):
    assert moment(written) is None


def test_the_topmost_line_of_the_servers_counts():
    lines = [
        "from b by c with ESMTP id 1; Fri, 3 May 2019 10:00:00 +0200 (CEST)",
        "from a by b; Fri, 3 May 2019 09:59:00 +0200",
    ]
    assert received(lines) == TEN
    assert received(["from a by b", lines[0]]) == TEN
    assert received([]) is None


@pytest.mark.parametrize(
    "line",
    [
        "From u@ente.example Fri May  3 08:00:00 2019",
        "From - Fri May 03 10:00:00 2019",
        "From 1632@xxx Fri May 03 08:00:00 +0000 2019",
        "From MAILER-DAEMON Fri May  3 08:00 2019",
        "From u@ente.example Fri May  3 10:00:00 2019 +0200",
        "From u@ente.example Fri May  3 10:00:00 CEST 2019",
    ],
)
def test_the_line_of_a_mailbox(line):
    """RFC 4155: the time of Greenwich; Thunderbird writes that of its computer."""
    assert mailbox_moment(line) == TEN


def test_a_line_of_a_mailbox_without_a_time():
    assert mailbox_moment("From ieri alle 10:00") is None


# -- what messages say of their arrival ---------------------------------------------------------------------------


def _through(message: EmailMessage, when: str) -> bytes:
    return b"Received: from a by b; " + when.encode() + b"\r\n" + message.as_bytes()


def test_the_arrival_is_that_of_the_innermost_message_that_says_it(sheet):
    inner = letter(("U1.xlsx", sheet), sent=None)
    inner["Received"] = "from a by b; Fri, 3 May 2019 10:00:00 +0200"
    outer = letter(inside=(inner,), sent=SENT, message_id="<fuori@ente.example>")
    (one,) = unwrap("a.eml", _through(outer, "Mon, 6 May 2019 10:00:00 +0200")).sheets
    assert one.received_at == TEN
    del inner["Received"]
    outer = letter(inside=(inner,), sent=SENT, message_id="<fuori@ente.example>")
    (one,) = unwrap("a.eml", _through(outer, "Mon, 6 May 2019 10:00:00 +0200")).sheets
    assert one.received_at == TEN + timedelta(days=3)


def test_a_message_of_outlook_says_its_arrival(sheet):
    mail = Mail(headers="Received: from a by b; Fri, 3 May 2019 10:00:00 +0200\r\n", attached=[Attached("U1.xlsx", sheet)])
    (one,) = unwrap("a.msg", bytes(mail)).sheets
    assert one.received_at == TEN


def test_the_certified_message_gives_its_identifier_not_those_forwarded_in_it(sheet):
    """A colleague forwards the reply of an office by PEC: the provider certifies the colleague's message."""
    reply = letter(("U1.xlsx", sheet), message_id="<ufficio@ente.example>")
    forwarded = letter(inside=(reply,), message_id="<collega@ente.example>")
    certified = Certified(about="<collega@ente.example>")
    (one,) = unwrap("a.eml", envelope(forwarded.as_bytes(), certified)).sheets
    assert (one.message_id, one.sent_at, one.when_from) == ("<collega@ente.example>", ACCEPTED, "pec")


# -- certification data that nobody certified, receipts -----------------------------------------------------------


def test_certification_data_attached_to_an_ordinary_message_certify_nothing(sheet):
    """Anybody can attach a file of that name: sender and date are those of the message, and it is told."""
    forged = Certified(sender="dg@ente.example", when=ACCEPTED + timedelta(days=30)).daticert()
    found = unwrap("a.eml", letter(("daticert.xml", forged), ("U1.xlsx", sheet)).as_bytes())
    (one,) = found.sheets
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@ente.example", SENT, "data")
    assert "PX-M018" in codes(found.problems)


def test_the_sheet_in_what_a_receipt_brings_back_is_told_apart(sheet):
    """The office forwards the receipt of its own PEC: its reply is in there. It is nobody's reply by itself, and isn't lost."""
    found = unwrap("r.eml", envelope(letter(("U1.xlsx", sheet)).as_bytes(), Certified(type="avvenuta-consegna")))
    assert found.sheets == ()
    assert [copy.data for copy in found.copies] == [sheet]
    assert [each.type for each in found.receipts] == ["avvenuta-consegna"]


def test_a_message_that_was_encoded_against_the_rules_is_opened(sheet):
    """message/rfc822 in quoted-printable (RFC 2046 forbids it, gateways do it)."""
    import quopri

    inner = quopri.encodestring(letter(("U1.xlsx", sheet)).as_bytes())
    raw = (
        b"From: s@ente.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n"
        b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n" + inner + b"\n--b--\n"
    )
    (one,) = unwrap("a.eml", raw).sheets
    assert (one.data, one.sent_at) == (sheet, SENT)


def test_an_attachment_written_in_the_text_is_told(sheet):
    """As old programs send files: `begin 644 U1.xlsx` in the middle of the text."""
    import binascii

    lines = b"".join(binascii.b2a_uu(sheet[at : at + 45]) for at in range(0, 450, 45))
    raw = b"From: u@ente.example\nSubject: scheda\n\nciao\n\nbegin 644 U1.xlsx\n" + lines + b"`\nend\n"
    (problem,) = [each for each in unwrap("a.eml", raw).problems if each.finding.code == "PX-M009"]
    assert "uuencode" in problem.finding.found


def test_what_is_told_of_a_message_says_which_one():
    (problem,) = unwrap("a.eml", letter(("scheda.xlsx", b""), sent=SENT.astimezone(UTC)).as_bytes()).problems[:1]
    assert (problem.sender, problem.message_id) == ("bilancio@ente.example", "<uno@ente.example>")
