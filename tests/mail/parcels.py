"""Wrappings as Italian public mail makes them, built without the code that opens them: zip, messages, mbox, PEC."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from xml.sax.saxutils import escape

from application.openssl import Authority, Certificate, run
from perfxl.mail import Problem, Unwrapped

SUMMER = timezone(timedelta(hours=2))
SENT = datetime(2019, 5, 13, 11, 42, 7, tzinfo=SUMMER)
ACCEPTED = datetime(2019, 5, 13, 11, 43, 20, tzinfo=SUMMER)
CRLF = b"\r\n"


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive; the same name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2019, 5, 13, 11, 0, 0)), data, method)
    return out.getvalue()


def letter(
    *files: tuple[str, bytes],
    sender: str = "Ufficio Bilancio <bilancio@ente.example>",
    sent: datetime | None = SENT,
    message_id: str = "<uno@ente.example>",
    subject: str = "Scheda di monitoraggio – primo quadrimestre",
    text: str = "Buongiorno,\nin allegato la scheda.\n",
    inside: tuple[EmailMessage, ...] = (),
) -> EmailMessage:
    """A message with these attachments, and these messages attached."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "controllo@ente.example", subject
    if sent:
        made["Date"] = format_datetime(sent)
    if message_id:
        made["Message-ID"] = message_id
    made.set_content(text)
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    for each in inside:
        made.add_attachment(each)
    return made


def mailbox(*messages: bytes) -> bytes:
    """An mbox (RFC 4155), lines that begin with `From ` quoted as mboxrd does."""
    made = []
    for number, message in enumerate(messages):
        lines = message.replace(b"\r\n", b"\n").split(b"\n")
        quoted = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
        made.append(b"From ufficio@ente.example Mon May 13 11:4%d:07 2019\n" % (number % 10) + b"\n".join(quoted) + b"\n\n")
    return b"".join(made)


# -- PEC (annex to the D.M. 2 November 2005; RFC 6109) -------------------------------------------------------------


@dataclass
class Certified:
    """What a provider certifies of a message; the defaults are a message on its way, in order."""

    type: str = "posta-certificata"
    error: str = "nessuno"
    sender: str = "bilancio@pec.ente.example"
    recipient: str = "controllo@pec.ente.example"
    subject: str = "Scheda di monitoraggio"
    provider: str = "GESTORE DI PROVA S.P.A."
    when: datetime = ACCEPTED
    identifier: str = "opec292.20190513114320.12345.06.1.62@pec.gestore.example"
    about: str = "<uno@ente.example>"
    delivered_to: str = ""
    extra: str = field(default="", repr=False)

    def daticert(self) -> bytes:
        delivered = f"<consegna>{self.delivered_to}</consegna>" if self.delivered_to else ""
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{self.type}" errore="{self.error}">
    <intestazione>
        <mittente>{self.sender}</mittente>
        <destinatari tipo="certificato">{self.recipient}</destinatari>
        <risposte>{self.sender}</risposte>
        <oggetto>{escape(self.subject)}</oggetto>
    </intestazione>
    <dati>
        <gestore-emittente>{self.provider}</gestore-emittente>
        <data zona="{self.when:%z}">
            <giorno>{self.when:%d/%m/%Y}</giorno>
            <ora>{self.when:%H:%M:%S}</ora>
        </data>
        <identificativo>{self.identifier}</identificativo>
        <msgid>{escape(self.about)}</msgid>
        <ricevuta tipo="completa"/>{delivered}{self.extra}
    </dati>
</postacert>
""".encode()


def envelope(
    original: bytes | None,
    certified: Certified,
    *,
    seal: tuple[Authority, Certificate] | None = None,
    daticert: bytes | None = None,
    altered: bytes | None = None,
    header: str = "",
    beside: tuple[bytes, ...] = (),
    boundary: str = "----Busta1234567890",
) -> bytes:
    """A PEC envelope: signed (`seal`) multipart/mixed of text, `postacert.eml` and `daticert.xml`.

    `altered` takes the place of the certification data after the signature; `header` that of the X- header that the type gives.
    """
    receipt = certified.type != "posta-certificata"
    named = header or (f"X-Ricevuta: {certified.type}" if receipt else "X-Trasporto: posta-certificata")
    titles = {"posta-certificata": "POSTA CERTIFICATA", "accettazione": "ACCETTAZIONE", "avvenuta-consegna": "CONSEGNA"}
    lines = [
        "Return-Path: <posta-certificata@pec.gestore.example>",
        f"Date: {format_datetime(certified.when + timedelta(seconds=4))}",
        f"Subject: {titles.get(certified.type, 'AVVISO')}: {certified.subject}",
        f'From: "Per conto di: {certified.sender}" <posta-certificata@pec.gestore.example>',
        f"To: {certified.recipient}",
        f"Message-ID: <{certified.identifier}>",
        f"X-Riferimento-Message-ID: {certified.about}",
        named,
        "MIME-Version: 1.0",
    ]
    body = _mixed(original, certified.daticert() if daticert is None else daticert, beside, boundary)
    shown = body if altered is None else _mixed(original, altered, beside, boundary)
    if seal is None:
        return CRLF.join(line.encode() for line in lines) + CRLF + shown
    authority, provider = seal
    signature = detached(authority, provider, body)
    lines.append(
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="----Firma0987654321"'
    )
    head = CRLF.join(line.encode() for line in lines) + CRLF + CRLF
    attached = CRLF.join(
        [
            b'Content-Type: application/pkcs7-signature; name="smime.p7s"',
            b"Content-Transfer-Encoding: base64",
            b'Content-Disposition: attachment; filename="smime.p7s"',
            b"",
            base64.encodebytes(signature).replace(b"\n", CRLF),
        ]
    )
    line = b"------Firma0987654321"
    start = b"This is an S/MIME signed message" + CRLF + CRLF + line + CRLF
    return head + start + shown + CRLF + line + CRLF + attached + CRLF + line + b"--" + CRLF


def _mixed(original: bytes | None, daticert: bytes, beside: tuple[bytes, ...], named: str) -> bytes:
    boundary = named.encode()
    text = base64.encodebytes(b"Messaggio di posta certificata\r\n").replace(b"\n", CRLF)
    parts = [b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + text]
    if original is not None:
        head = b'Content-Type: message/rfc822; name="postacert.eml"\r\nContent-Disposition: attachment; filename="postacert.eml"\r\n\r\n'
        parts.append(head + original.replace(b"\r\n", b"\n").replace(b"\n", CRLF))
    head = b'Content-Type: application/xml; name="daticert.xml"\r\nContent-Transfer-Encoding: base64\r\n'
    head += b'Content-Disposition: attachment; filename="daticert.xml"\r\n\r\n'
    parts.append(head + base64.encodebytes(daticert).replace(b"\n", CRLF))
    parts += beside
    whole = b"".join(b"--" + boundary + CRLF + part + CRLF for part in parts)
    return b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + whole + b"--" + boundary + b"--"


def detached(authority: Authority, signer: Certificate, content: bytes) -> bytes:
    """A detached signature (DER) over these bytes."""
    source = authority.folder / "detached.bin"
    source.write_bytes(content)
    return run(
        "cms", "-sign", "-binary", "-md", "sha256", "-signer", str(signer.certificate), "-inkey", str(signer.key),
        "-in", str(source), "-outform", "DER",
    )  # fmt: skip


def mark(data: bytes) -> str:
    """Bytes in a few letters: a failed comparison is to be read."""
    return hashlib.sha256(data).hexdigest()[:8]


def held(found: Unwrapped) -> list[str]:
    """The marks of the sheets found, in order."""
    return [mark(each.data) for each in found.sheets]


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """The codes of findings, in order."""
    return [problem.finding.code for problem in problems]
