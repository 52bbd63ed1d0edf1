"""Messages: broken, recursive, too full, lying, with nothing in them; certified mail that contradicts itself."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from mail.compound import MAGIC
from mail.parcels import Certified, envelope, letter, mailbox
from rounds.hostile.cases import End, Kit, case
from rounds.hostile.files import pdf, png

SENDER = "segreteria@uffici.example"
WHEN = datetime(2019, 5, 2, 10, 0, tzinfo=UTC)


def _letter(kit: Kit, name: str = "scheda.xlsx", **more: Any) -> EmailMessage:
    return letter((name, kit.good), sender=SENDER, sent=WHEN, **more)


def _from_other(kit: Kit) -> bytes:
    return letter(
        ("U2.1.xlsx", kit.good_of_the_other), sender="u21@uffici.example", sent=WHEN, message_id="<due@ente.example>"
    ).as_bytes()


def _forty(kit: Kit) -> bytes:
    """Two sheets among forty attachments of every kind."""
    files = [(f"foto{n}.png", png()) for n in range(18)] + [(f"relazione{n}.pdf", pdf()) for n in range(18)]
    files += [("nota.txt", b"ecco"), ("vuoto.xlsx", b"")]
    files[20:20] = [("U1.1.xlsx", kit.good), ("U2.1.xlsx", kit.good_of_the_other)]
    assert len(files) == 40
    return letter(*files, sender=SENDER, sent=WHEN).as_bytes()


def _no_closing_boundary(kit: Kit) -> bytes:
    return _letter(kit).as_bytes()[:-3000]


def _bad_base64(kit: Kit) -> bytes:
    head, _, body = _letter(kit).as_bytes().rpartition(b"base64\n")
    return head + b"base64\n" + body.replace(b"B", b"!")


def _other_charset(kit: Kit) -> bytes:
    raw = _letter(kit).as_bytes()
    return raw.replace(b'charset="utf-8"', b'charset="klingon-8"').replace(b"Subject: ", b"Subject: =?x-unknown?Q?=E8?= ")


def _no_headers(kit: Kit) -> bytes:
    return b"\r\n\r\n" + base64.encodebytes(kit.good)


def _nested_parts(kit: Kit) -> bytes:
    """Three thousand multiparts, one inside the other."""
    text = bytearray(b"From: " + SENDER.encode() + b"\r\nDate: Thu, 2 May 2019 10:00:00 +0000\r\nMIME-Version: 1.0\r\n")
    for n in range(3000):
        text += f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
    text += b'Content-Type: application/octet-stream; name="scheda.xlsx"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return bytes(text) + base64.encodebytes(kit.good)


def _recursive(kit: Kit) -> bytes:
    """A message that holds a message that holds … forty times."""
    message = _letter(kit)
    for n in range(40):
        message = letter(sender=SENDER, sent=WHEN, subject=f"I: {n}", inside=(message,))
    return message.as_bytes()


def _many_headers(kit: Kit) -> bytes:
    return b"".join(f"X-Riga-{n}: {'a' * 60}\r\n".encode() for n in range(100_000)) + _letter(kit).as_bytes()


def _header_injection(kit: Kit) -> bytes:
    """What a sender's name, a subject and a file name may try in whatever we write later."""
    raw = _letter(kit, subject='=HYPERLINK("http://esempio.invalid","apri")').as_bytes()
    sender = b"From: \"=cmd|' /c calc'!A0\" <=1+1@uffici.example>"
    lines = [sender if line.startswith(b"From:") else line for line in raw.split(b"\n")]
    return b"\n".join(lines).replace(b"scheda.xlsx", b"=HYPERLINK(A1).xlsx")


def _long_names(kit: Kit) -> bytes:
    raw = _letter(kit).as_bytes()
    name = b"%E2%80%AE" + b"..%5C..%5C" + b"x" * 300 + b"%00%0A.xlsx"
    return raw.replace(b'filename="scheda.xlsx"', b"filename*=utf-8''" + name)


def _html_only(_: Kit) -> bytes:
    message = letter(sender=SENDER, sent=WHEN)
    message.set_content(
        "<html><body><a href='https://ente.sharepoint.com/x'>la scheda</a><script>alert(1)</script></body></html>", subtype="html"
    )
    return message.as_bytes()


def _external_body(_: Kit) -> bytes:
    return (
        b"From: " + SENDER.encode() + b"\r\nDate: Thu, 2 May 2019 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: message/external-body; access-type=URL; URL="http://esempio.invalid/scheda.xlsx"\r\n\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n"
    )


def _tnef(_: Kit) -> bytes:
    data = struct.pack("<IHBIII", 0x223E9F78, 1, 1, 0x00089006, 4, 0x10000) + bytes(200)
    return letter(("winmail.dat", data), sender=SENDER, sent=WHEN).as_bytes()


def _mailbox(kit: Kit) -> bytes:
    broken = b'From: x\nContent-Type: multipart/mixed; boundary="q\n\n--q\n\xff\xfe\x00\x01 rotto\n'
    return mailbox(_letter(kit).as_bytes(), broken, _from_other(kit))


def _fake_msg(_: Kit) -> bytes:
    return MAGIC + bytes(range(256)) * 40 + "__substg1.0_".encode("utf-16-le")


# -- certified mail ------------------------------------------------------------------------------------------------

CERTIFIED = Certified(sender=SENDER, when=WHEN)


def _pec(kit: Kit, certified: Certified = CERTIFIED, *, sealed: bool = True, **more: Any) -> bytes:
    seal = (kit.authority, kit.provider) if sealed else None
    return envelope(_letter(kit).as_bytes(), certified, seal=seal, **more)


def _two_originals(kit: Kit) -> bytes:
    head = (
        b'Content-Type: message/rfc822; name="postacert.eml"\r\nContent-Disposition: attachment; filename="postacert.eml"\r\n\r\n'
    )
    return _pec(kit, beside=(head + _from_other(kit).replace(b"\n", b"\r\n"),))


def _contradiction(kit: Kit) -> bytes:
    """The certification data name another sender, another day and another message than those of the message inside."""
    told = Certified(sender="qualcun-altro@altrove.example", when=WHEN + timedelta(days=300), about="<un-altro@altrove.example>")
    return _pec(kit, told)


def _altered(kit: Kit) -> bytes:
    """The day of the data moved back after the provider signed."""
    return _pec(kit, altered=Certified(sender=SENDER, when=WHEN - timedelta(days=120)).daticert())


def _receipt(kit: Kit) -> bytes:
    """What comes back of a message of ours: it holds a copy of the sheet that was sent, and it is nobody's reply."""
    return _pec(kit, Certified(type="avvenuta-consegna", delivered_to=SENDER, when=WHEN))


_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s"><!ENTITY d "%s">
<!ENTITY e "%s"><!ENTITY f "%s"><!ENTITY g "%s">]><postacert tipo="posta-certificata"><dati>&g;</dati></postacert>""" % (
    b"ah" * 20, *(b"&%c;" % name * 20 for name in b"abcdef"),
)  # fmt: skip

_STEALS = b"""<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<postacert tipo="posta-certificata"><intestazione><mittente>&x;</mittente></intestazione></postacert>"""

CASES = (
    case("messaggio con quaranta allegati", "quaranta.eml", _forty, End.ACCEPTED, "PX-M001"),
    case("messaggio tagliato a metà allegato", "tagliato.eml", _no_closing_boundary, End.REFUSED, "PX-M002 PX-M009"),
    case("allegato con il base64 rovinato", "base64.eml", _bad_base64, End.REFUSED, "PX-M002 PX-M007"),
    case("messaggio con alfabeti sconosciuti", "alfabeto.eml", _other_charset, End.ACCEPTED),
    case("messaggio senza intestazioni", "nudo.eml", _no_headers, End.REFUSED, "PX-M007 PX-M009"),
    case("tremila parti una dentro l'altra", "parti.eml", _nested_parts, End.REFUSED, "PX-M002 PX-M005"),
    case("messaggio in messaggio, quaranta volte", "ricorsivo.eml", _recursive, End.REFUSED, "PX-M006 PX-M002"),
    case("messaggio con centomila intestazioni", "intestazioni.eml", _many_headers, End.ACCEPTED),
    case("formule in mittente, oggetto e nome", "formule.eml", _header_injection, End.ACCEPTED),
    case("nome lungo, rovesciato, con un NUL", "nome.eml", _long_names, End.ACCEPTED, "PX-M011"),
    case("messaggio solo HTML, con un collegamento", "html.eml", _html_only, End.REFUSED, "PX-M009"),
    case("allegato che sta altrove", "altrove.eml", _external_body, End.REFUSED, "PX-M021"),
    case("winmail.dat", "winmail.eml", _tnef, End.REFUSED, "PX-M012"),
    case("casella con un messaggio rotto nel mezzo", "casella.mbox", _mailbox, End.ACCEPTED, "PX-M002 PX-M009"),
    case("finto messaggio di Outlook", "finto.msg", _fake_msg, End.REFUSED, "PX-M002"),
    case("PEC con due messaggi originali", "pec-due.eml", _two_originals, End.ACCEPTED, "PX-M023"),
    case("PEC che contraddice la sua busta", "pec-contraddice.eml", _contradiction, End.ACCEPTED, "PX-M023"),
    case("PEC alterata dopo la firma del gestore", "pec-alterata.eml", _altered, End.ACCEPTED, "PX-M018"),
    case("PEC senza la firma del gestore", "pec-nuda.eml", lambda kit: _pec(kit, sealed=False), End.ACCEPTED, "PX-M018"),
    case("daticert con entità che si moltiplicano", "pec-entita.eml", lambda kit: _pec(kit, daticert=_LAUGHS), End.ACCEPTED, "PX-M019"),
    case("daticert che legge un file", "pec-file.eml", lambda kit: _pec(kit, daticert=_STEALS), End.ACCEPTED, "PX-M019"),
    case("daticert vuoto", "pec-vuota.eml", lambda kit: _pec(kit, daticert=b""), End.ACCEPTED, "PX-M019 PX-M018"),
    case("ricevuta PEC con la copia della scheda", "ricevuta.eml", _receipt, End.REFUSED),
)  # fmt: skip
