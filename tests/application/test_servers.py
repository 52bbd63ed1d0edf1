"""The mail server and the authority of the tests are real: what is delivered is there, what is signed verifies, nothing is left running."""

from __future__ import annotations

import imaplib
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from application.dovecot import Dovecot
from application.openssl import run

MESSAGE = b"From: u11@ente.example\r\nSubject: prova\r\n\r\n\xc3\xa8 arrivata\r\n"


def test_what_is_delivered_is_there_and_unread(imap_server):
    imap_server.empty()
    imap_server.deliver(MESSAGE)
    imap_server.deliver(MESSAGE.replace(b"\r\n", b"\n"), "Archivio")
    assert [body for _, body in imap_server.messages()] == [MESSAGE]
    assert [body for _, body in imap_server.messages("Archivio")] == [MESSAGE]
    assert b"\\Seen" not in imap_server.messages()[0][0]
    imap_server.empty()
    assert imap_server.messages() == imap_server.messages("Archivio") == []


def test_a_wrong_password_and_a_stranger_s_certificate_are_refused(imap_server):
    context = ssl.create_default_context(cafile=str(imap_server.ca_file))
    session = imaplib.IMAP4_SSL(imap_server.host, imap_server.port, ssl_context=context, timeout=20)
    with session, pytest.raises(imaplib.IMAP4.error):
        session.login(imap_server.user, "sbagliata")
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL(imap_server.host, imap_server.port, ssl_context=ssl.create_default_context(), timeout=20)


def test_starttls_is_offered_on_a_port_of_its_own(imap_server):
    session = imaplib.IMAP4(imap_server.host, imap_server.starttls_port, timeout=20)
    assert "STARTTLS" in session.capabilities
    session.starttls(ssl.create_default_context(cafile=str(imap_server.ca_file)))
    assert session.login(imap_server.user, imap_server.password)[0] == "OK"
    session.logout()


def test_a_server_ends_with_its_folder(authority):
    server = Dovecot(authority)
    folder, process = server._folder, server._process
    assert folder.exists()
    server.stop()
    assert not folder.exists()
    assert process.poll() is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), timeout=5)


@pytest.mark.parametrize(("form", "start"), [("DER", b"0"), ("PEM", b"-----BEGIN CMS")])
def test_a_signature_is_openssl_s_own(authority, tmp_path, form, start):
    signed = authority.signed(b"contenuto\n", authority.person("Maria Rossi"), form=form)
    assert signed.startswith(start)
    file = tmp_path / "x.p7m"
    file.write_bytes(signed)
    content = run(
        "cms", "-verify", "-inform", form, "-in", str(file), "-CAfile", str(authority.certificate), "-purpose", "any", "-binary"
    )
    assert content == b"contenuto\n"


def test_an_expired_certificate_is_expired(authority):
    now = datetime.now(UTC)
    signer = authority.person("Ugo Verdi", valid=(now - timedelta(days=20), now - timedelta(days=10)))
    told = run("x509", "-noout", "-enddate", "-in", str(signer.certificate)).decode()
    assert f"{now - timedelta(days=10):%b}" in told
    assert authority.signed(b"tardi", signer)
