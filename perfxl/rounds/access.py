"""How a server is reached: the password, never from a file; whose certificate is believed; what may go in the clear."""

from __future__ import annotations

import ipaddress
import os
import ssl
from pathlib import Path

from perfxl.errors import RoundError

KEYRING_SERVICE = "perfxl"


def password_for(user: str, variable: str) -> str:
    """The user's password, from the environment variable or the system's keyring.

    Raises:
        RoundError: neither has it.
    """
    found = os.environ.get(variable) or _from_keyring(user)
    if not found:
        raise RoundError(
            f"manca la password di {user}: darla nella variabile d'ambiente {variable}, "
            f"o metterla nel portachiavi («keyring set {KEYRING_SERVICE} {user}»)."
        )
    return found


def _from_keyring(user: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING_SERVICE, user)
    except (KeyringError, RuntimeError):  # no keyring on this system, or locked
        return None


def tls_context(home: Path, ca_file: str, section: str) -> ssl.SSLContext:
    """The system's authorities, or those of a file of the round's folder; names of servers are always checked.

    Raises:
        RoundError: the file can't be read.
    """
    file = home / ca_file if ca_file else None
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise RoundError(f"i certificati «{file}» ([{section}], ca_file) non si leggono: {error.strerror or error}.") from error


def refuse_clear(host: str, section: str) -> None:
    """No TLS only to this very machine.

    Raises:
        RoundError: the server is another machine.
    """
    if not is_loopback(host):
        raise RoundError(
            f'in giro.toml, [{section}], security = "none" vale soltanto verso la macchina stessa, e il server è {host}: '
            "la posta e la password passerebbero in chiaro. Scrivere starttls o tls."
        )


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine's own."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
