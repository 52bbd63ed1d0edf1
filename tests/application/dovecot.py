"""Dovecot's IMAP server on loopback ports, with a folder of its own; it never runs as root.

The folder lies where the system's temporary files do, with a short name: the paths of its sockets are limited, and pytest's own
folders are closed to the user that root gives the work to.
"""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from application.openssl import Authority

REMEDY = "installare dovecot-imapd 2.3 (make test lo fa dove apt lo permette)."

USER, PASSWORD = "controllo@ente.example", "segreta-di-prova"
STARTS_WITHIN = 20.0

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/Maildir
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


def find_dovecot() -> str | None:
    """The daemon: its folder often isn't on a person's path."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


def dovecot_is_known() -> bool:
    """Whether there is one whose configuration we write (2.4 has another language)."""
    found = find_dovecot()
    if found is None or not Path("/usr/lib/dovecot/imap").exists():
        return False
    done = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.startswith("2.3.")


class Dovecot:
    """A running server: `host`, `port` (TLS), `starttls_port`, `user`, `password`; `ca_file` says whom to believe."""

    host, user, password = "127.0.0.1", USER, PASSWORD

    def __init__(self, authority: Authority) -> None:
        self.ca_file = authority.certificate
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port, self.starttls_port = _free_ports(2)
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._prepare(authority)
        self._process = self._started()

    def deliver(self, message: bytes, mailbox: str = "INBOX") -> None:
        """Put a message into a mailbox, as if it had arrived."""
        with self.session() as session:
            if mailbox != "INBOX":
                session.create(mailbox)
            status, words = session.append(mailbox, None, None, message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert status == "OK", words

    def messages(self, mailbox: str = "INBOX") -> list[tuple[bytes, bytes]]:
        """(flags, bytes) of the messages of a mailbox, left as they are."""
        with self.session() as session:
            status, words = session.select(mailbox, readonly=True)
            if status != "OK":
                return []
            if not int(words[0] or b"0"):
                return []
            _, parts = session.fetch("1:*", "(FLAGS BODY.PEEK[])")
        return [(part[0], part[1]) for part in parts if isinstance(part, tuple)]

    def empty(self) -> None:
        """No message left in any mailbox."""
        with self.session() as session:
            _, listed = session.list()
            for line in listed:
                name = line.decode().rpartition(' "." ')[2].strip('"') if isinstance(line, bytes) else "INBOX"
                if name != "INBOX":
                    session.delete(name)
            _, words = session.select("INBOX")
            if int(words[0] or b"0"):
                session.store("1:*", "+FLAGS.SILENT", r"\Deleted")
                session.expunge()

    def session(self) -> imaplib.IMAP4_SSL:
        """A session of the standard library, logged in."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        session = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=STARTS_WITHIN)
        session.login(self.user, self.password)
        return session

    def stop(self) -> None:
        """End the server and take its folder away."""
        self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        with suppress(ProcessLookupError):  # its own processes follow it a moment later, or now
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _prepare(self, authority: Authority) -> None:
        folder, account = self._folder, self._account
        server = authority.server()
        shutil.copyfile(server.certificate, folder / "server.pem")
        shutil.copyfile(server.key, folder / "server.key")
        (folder / "mail").mkdir()
        (folder / "run").mkdir()
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        group = _group_name(account.pw_gid)
        names: dict[str, Any] = {
            "folder": folder, "user": account.pw_name, "group": group, "uid": account.pw_uid, "gid": account.pw_gid,
            "port": self.port, "starttls_port": self.starttls_port,
        }  # fmt: skip
        (folder / "dovecot.log").touch()
        (folder / "dovecot.conf").write_text(_CONFIG.format(**names))
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)

    def _started(self) -> subprocess.Popen[bytes]:
        found = find_dovecot()
        assert found is not None, REMEDY
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_user = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        command = [found, "-F", "-c", str(self._folder / "dovecot.conf")]
        log = self._folder / "dovecot.log"
        with log.open("ab") as words:
            process = subprocess.Popen(command, cwd=self._folder, stdout=words, stderr=words, start_new_session=True, **as_user)
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self.session().logout()
            except (OSError, imaplib.IMAP4.error) as error:
                if time.monotonic() < end and process.poll() is None:
                    time.sleep(0.05)
                    continue
                process.kill()
                raise AssertionError(f"dovecot non parte: {error}\n{log.read_text(errors='replace')}") from error
            return process


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _group_name(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
