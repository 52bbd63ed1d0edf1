"""Certified mail: the sender's message comes out of the envelope with the provider's time; receipts are nobody's reply."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from mail.compound import Attached, Mail
from mail.parcels import ACCEPTED, SENT, Certified, codes, envelope, held, letter, mailbox, mark, zipped
from perfxl.mail import PecReceipt, unwrap


@pytest.fixture
def original(sheet):
    return bytes(letter(("U1.xlsx", sheet), sent=SENT - timedelta(days=30)))


def test_an_envelope(authority, provider, original, sheet):
    found = unwrap("busta.eml", envelope(original, Certified(), seal=(authority, provider)))
    (one,) = found.sheets
    assert (mark(one.data), one.chain) == (mark(sheet), ("busta.eml", "postacert.eml"))
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@pec.ente.example", ACCEPTED, "pec")
    assert one.message_id == "<uno@ente.example>"
    assert one.signatures == ()  # the provider signs the envelope, nobody the sheet
    assert codes(found.problems) == ["PX-M010"]


def test_the_example_of_a_provider():
    """Certification data as a provider wrote them (no msgid, element order, white space)."""
    from perfxl.mail.daticert import read_daticert

    data = b"""<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="posta-certificata" errore="nessuno">
    <intestazione>
        <mittente>12345@pec.example.it</mittente>
        <destinatari tipo="esterno">a@example.org</destinatari>
        <destinatari tipo="certificato">B@pec.example.it</destinatari>
        <risposte>12345@pec.example.it</risposte>
        <oggetto>Foto</oggetto>
    </intestazione>
    <dati>
        <gestore-emittente>GESTORE S.P.A. &amp; C.</gestore-emittente>
        <data zona="+0200">
            <giorno>21/09/2012</giorno>
            <ora>15:16:38</ora>
        </data>
        <identificativo>E82D9D8F.000073B6.posta-certificata@example.it</identificativo>
        <ricevuta tipo="completa" />
    </dati>
</postacert>"""
    read = read_daticert(data)
    assert (read.type, read.sender, read.about) == ("posta-certificata", "12345@pec.example.it", "")
    assert read.recipients == ("a@example.org", "b@pec.example.it")
    assert read.provider == "GESTORE S.P.A. & C."
    assert read.when == datetime(2012, 9, 21, 13, 16, 38, tzinfo=UTC)


FAILED = {"non-accettazione", "errore-consegna", "preavviso-errore-consegna", "rilevazione-virus"}


@pytest.mark.parametrize("kind", ["accettazione", "presa-in-carico", "avvenuta-consegna", *sorted(FAILED)])
def test_receipts_are_left_out_with_the_copy_they_carry(authority, provider, original, kind):
    """The receipt of a delivery carries our own message back: it isn't the office's reply."""
    certified = Certified(type=kind, sender="controllo@pec.ente.example", delivered_to="u9@pec.ente.example", about="<nostro@x>")
    found = unwrap("ricevuta.eml", envelope(original, certified, seal=(authority, provider)))
    assert found.sheets == ()
    assert found.receipts == (PecReceipt(kind, "<nostro@x>", ACCEPTED, "u9@pec.ente.example"),)
    assert codes(found.problems) == (["PX-M020"] if kind in FAILED else [])


@pytest.mark.parametrize("kind", sorted(FAILED))
def test_what_certified_mail_could_not_deliver_is_told_with_the_address(original, kind):
    """As the notice of an ordinary server is: nobody else says that the office hasn't the message."""
    certified = Certified(
        type=kind, error="no-dest", sender="controllo@pec.ente.example", recipient="u9@pec.ente.example", about="<nostro@x>",
        extra="<errore-esteso>5.1.1 casella inesistente</errore-esteso>",
    )  # fmt: skip
    (problem,) = unwrap("r.eml", envelope(original, certified)).problems
    assert problem.finding.found == f"«r.eml»: ricevuta di {kind}, u9@pec.ente.example: 5.1.1 casella inesistente"
    (problem,) = unwrap("r.eml", envelope(original, certified, daticert=b"<rotto")).problems[1:]
    assert (problem.finding.code, kind in problem.finding.found) == ("PX-M020", True)


def test_a_receipt_speaks_of_its_sender_where_there_is_no_delivery(original):
    found = unwrap("r.eml", envelope(None, Certified(type="accettazione")))
    assert [each.address for each in found.receipts] == ["bilancio@pec.ente.example"]


def test_a_receipt_whose_data_do_not_read_is_known_by_its_header(original):
    found = unwrap("r.eml", envelope(original, Certified(type="avvenuta-consegna"), daticert=b"<rotto"))
    assert [(each.type, each.about) for each in found.receipts] == [("avvenuta-consegna", "<uno@ente.example>")]
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M019"])


def test_a_receipt_without_its_headers_is_known_by_its_data(original):
    """As it comes back from a program that forwards it."""
    found = unwrap("r.eml", envelope(original, Certified(type="avvenuta-consegna"), header="X-Altro: niente"))
    assert (found.sheets, [each.type for each in found.receipts]) == ((), ["avvenuta-consegna"])


@pytest.mark.parametrize("name", ["U1.zip", "postacert.xlsx", "daticert.zip"])
def test_a_sheet_beside_a_receipt_is_not_lost(original, sheet, name):
    """Somebody attached it beside what the provider puts there."""
    head = f'Content-Type: x/y\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    data = sheet if name.endswith("xlsx") else zipped(("U1.xlsx", sheet))
    beside = head.encode() + base64.encodebytes(data)
    found = unwrap("r.eml", envelope(original, Certified(type="accettazione"), beside=(beside,)))
    assert held(found) == [mark(sheet)]
    assert len(found.receipts) == 1


# -- the seal ----------------------------------------------------------------------------------------------------


def test_without_the_providers_signature_it_is_told(original, sheet):
    found = unwrap("busta.eml", envelope(original, Certified()))
    assert (held(found), found.sheets[0].when_from) == ([mark(sheet)], "pec")
    assert codes(found.problems) == ["PX-M018", "PX-M010"]


def test_altered_data_are_not_believed(authority, provider, original, sheet):
    """An office that moves its acceptance forward in time: the message's own date counts."""
    later = Certified(when=ACCEPTED + timedelta(days=90), sender="altro@pec.ente.example").daticert()
    found = unwrap("busta.eml", envelope(original, Certified(), seal=(authority, provider), altered=later))
    (one,) = found.sheets
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@ente.example", SENT - timedelta(days=30), "data")
    assert codes(found.problems) == ["PX-M018", "PX-M010"]


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_the_seal_holds_whatever_the_line_ends(authority, provider, original, ends):
    """Programs save messages with the line ends of their system; the signature is over those of mail."""
    data = envelope(original, Certified(), seal=(authority, provider)).replace(b"\r\n", ends)
    assert codes(unwrap("busta.eml", data).problems) == ["PX-M010"]


def test_the_seal_holds_where_one_boundary_begins_like_the_other(authority, provider, original):
    data = envelope(original, Certified(), seal=(authority, provider), boundary="----Firma0987654321-2")
    assert codes(unwrap("busta.eml", data).problems) == ["PX-M010"]


def test_the_seal_holds_inside_other_messages(authority, provider, original, sheet):
    """Forwarded as an attachment, collected in a mailbox."""
    busta = envelope(original, Certified(), seal=(authority, provider))
    forwarding = b"From: protocollo@ente.example\nDate: Tue, 14 May 2019 08:00:00 +0200\nMIME-Version: 1.0\n"
    forwarding += b"Content-Type: multipart/mixed; boundary=esterno\n\n--esterno\nContent-Type: message/rfc822\n\n"
    forwarding += busta.replace(b"\r\n", b"\n") + b"\n--esterno--\n"
    for name, data in (("inoltro.eml", forwarding), ("posta.mbox", mailbox(busta)), ("posta.zip", zipped(("b.eml", busta)))):
        found = unwrap(name, data)
        assert [(mark(each.data), each.sent_at, each.when_from) for each in found.sheets] == [(mark(sheet), ACCEPTED, "pec")]
        assert codes(found.problems) == ["PX-M010"], name


# -- times -------------------------------------------------------------------------------------------------------


def test_what_is_certified_is_not_changed_by_a_date_inside(original, sheet):
    """An ordinary message attached to the certified one says any date it likes."""
    liar = letter(("U1.xlsx", sheet), sent=SENT + timedelta(days=300), sender="chiunque@altrove.example")
    outer = bytes(letter(inside=(liar,)))
    (one,) = unwrap("b.eml", envelope(outer, Certified())).sheets
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@pec.ente.example", ACCEPTED, "pec")


def test_certified_within_certified(original):
    """The protocol office sends on by PEC what came to it by PEC: the first acceptance is the office's."""
    inner = envelope(original, Certified(sender="u1@pec.ente.example", when=ACCEPTED - timedelta(days=1)))
    on = b"From: protocollo@pec.ente.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + inner
    (one,) = unwrap("b.eml", envelope(on, Certified(sender="protocollo@pec.ente.example"))).sheets
    assert (one.sender, one.sent_at) == ("u1@pec.ente.example", ACCEPTED - timedelta(days=1))


@pytest.mark.parametrize("wrong", [b"+02:00", b"2 ore", b"", b"+9900"])
def test_a_zone_that_says_nothing_certifies_nothing(original, wrong):
    data = Certified().daticert().replace(b"+0200", wrong)
    (one,) = unwrap("b.eml", envelope(original, Certified(), daticert=data)).sheets
    assert (one.sent_at, one.when_from) == (ACCEPTED + timedelta(seconds=4), "data")


def test_ordinary_mail_in_a_certified_mailbox(original, sheet):
    """An anomaly envelope: X-Trasporto: errore, no certification data."""
    busta = envelope(original, Certified(), header="X-Trasporto: errore", daticert=b"")
    found = unwrap("b.eml", busta.replace(b"daticert.xml", b"altro.txt"))
    (one,) = found.sheets
    assert (one.sender, one.when_from) == ("bilancio@ente.example", "data")
    assert any("busta di anomalia" in each.finding.found for each in found.problems)


# -- hostile -----------------------------------------------------------------------------------------------------

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY a "ah"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><postacert tipo="posta-certificata"><intestazione><mittente>&c;</mittente>
</intestazione></postacert>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<postacert tipo="posta-certificata"><intestazione><mittente>&x;</mittente></intestazione></postacert>"""
PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>
<postacert tipo="posta-certificata"/>"""


@pytest.mark.parametrize("data", [LAUGHS, OUTSIDE, PARAMETER, b"", b"<x/>", b"<postacert/>", b"\xff\xfe\x00", b" " * 2_000_000,
                                  b'<?xml version="1.0" encoding="klingon"?><postacert tipo="x"/>'])  # fmt: skip
def test_certification_data_that_are_refused(original, sheet, data):
    found = unwrap("b.eml", envelope(original, Certified(), daticert=data))
    assert held(found) == [mark(sheet)]
    assert (found.sheets[0].when_from, codes(found.problems)) == ("data", ["PX-M019", "PX-M010"])
    assert "ahah" not in repr(found.problems)


# -- saved by Outlook --------------------------------------------------------------------------------------------


def test_an_envelope_saved_by_outlook_signed(authority, provider, original, sheet):
    """Outlook keeps a signed message whole, as its one attachment."""
    busta = envelope(original, Certified(), seal=(authority, provider))
    head, _, body = busta.partition(b"\r\n\r\n")
    entity = b"Content-Type:" + head.split(b"Content-Type:")[1] + b"\r\n\r\n" + body
    kept = Attached("smime.p7m", entity, mime="multipart/signed")
    found = unwrap("busta.msg", bytes(Mail(headers=head.decode().split("Content-Type")[0], attached=[kept])))
    assert [(mark(each.data), each.sent_at, each.when_from) for each in found.sheets] == [(mark(sheet), ACCEPTED, "pec")]
    assert "PX-M018" not in codes(found.problems)


def test_an_envelope_that_outlook_took_apart(sheet):
    """Certification data beside the original, made a message of Outlook."""
    inner = Mail(sender="bilancio@ente.example", attached=[Attached("U1.xlsx", sheet)], subject="Scheda")
    pieces = [Attached("daticert.xml", Certified().daticert()), Attached("postacert.eml", inner)]
    found = unwrap("busta.msg", bytes(Mail(attached=pieces)))
    (one,) = found.sheets
    assert (one.sender, one.sent_at, one.when_from) == ("bilancio@pec.ente.example", ACCEPTED, "pec")
    receipt = [Attached("daticert.xml", Certified(type="avvenuta-consegna").daticert()), Attached("postacert.eml", inner)]
    assert unwrap("r.msg", bytes(Mail(attached=receipt))).sheets == ()
