"""OpenSSL's command line: authorities, certificates and signatures that no code of ours has made."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

REMEDY = "installare openssl 3 (make test lo fa dove apt lo permette)."

_CA_SECTION = """[ca]
default_ca = own
[own]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = anything
x509_extensions = {extensions}
unique_subject = no
copy_extensions = none
[anything]
countryName = optional
serialNumber = optional
commonName = supplied
givenName = optional
surname = optional
[server]
basicConstraints = CA:FALSE
subjectAltName = IP:127.0.0.1,DNS:localhost
[person]
basicConstraints = CA:FALSE
keyUsage = critical,nonRepudiation
"""


def find_openssl() -> str | None:
    """The executable on the path."""
    return shutil.which("openssl")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A certification authority in a folder of its own, and what it signs."""

    def __init__(self, folder: Path, name: str = "Autorita di prova") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self._key = folder / "ca.pem", folder / "ca.key"
        run(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/C=IT/CN={name}",
            "-keyout", str(self._key), "-out", str(self.certificate),
        )  # fmt: skip
        (folder / "index.txt").write_text("")
        (folder / "serial").write_text("1001\n")

    def server(self) -> Certificate:
        """A certificate for a server on loopback."""
        return self._issued("server", "/CN=localhost", "server")

    def person(
        self, name: str, tax_code: str = "TINIT-RSSMRA70A01F023X", *, valid: tuple[datetime, datetime] | None = None
    ) -> Certificate:
        """A person's signing certificate, with the tax code where Italian ones have it; `valid` from and to."""
        given, _, surname = name.partition(" ")
        subject = f"/C=IT/serialNumber={tax_code}/givenName={given}/surname={surname}/CN={name}"
        return self._issued(f"{tax_code}{'-past' if valid else ''}", subject, "person", valid)

    def _issued(self, stem: str, subject: str, extensions: str, valid: tuple[datetime, datetime] | None = None) -> Certificate:
        made = Certificate(self.folder / f"{stem}.pem", self.folder / f"{stem}.key")
        if made.certificate.exists():
            return made
        request, config = self.folder / f"{stem}.csr", self.folder / f"{stem}.cnf"
        config.write_text(_CA_SECTION.format(folder=self.folder, extensions=extensions))
        run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", str(made.key), "-out", str(request))
        term = ("-days", "30") if valid is None else tuple(
            part for flag, day in zip(("-startdate", "-enddate"), valid, strict=True) for part in (flag, f"{day:%Y%m%d%H%M%SZ}")
        )  # fmt: skip
        run(
            "ca", "-batch", "-notext", "-config", str(config), "-cert", str(self.certificate), "-keyfile", str(self._key),
            "-in", str(request), "-out", str(made.certificate), *term,
        )  # fmt: skip
        return made

    def signed(self, data: bytes, signer: Certificate, *, form: str = "DER", indefinite: bool = False) -> bytes:
        """`data` in a CAdES signature that holds it (`form` DER, PEM or SMIME; `indefinite`: BER of unstated length)."""
        source, target = self.folder / "content.bin", self.folder / "content.p7m"
        source.write_bytes(data)
        run(
            "cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256", "-signer", str(signer.certificate),
            "-inkey", str(signer.key), "-certfile", str(self.certificate), "-in", str(source), "-out", str(target),
            "-outform", form, *(["-stream", "-indef"] if indefinite else []),
        )  # fmt: skip
        return target.read_bytes()


def run(*arguments: str) -> bytes:
    """`openssl ARGUMENTS`: its output; AssertionError with its own words where it fails."""
    openssl = find_openssl()
    assert openssl is not None, REMEDY
    done = subprocess.run([openssl, *arguments], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout
