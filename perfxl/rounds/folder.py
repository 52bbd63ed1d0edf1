"""The folder of a round: plain files that people can open, each put in place whole.

- `registro.xlsx`: the register, made again from the events after every command
- `eventi.jsonl`: what happened, line by line
- `giro.toml`: how the round works: sender, texts, method, plan's files (people may edit it)
- `uffici.xlsx`: offices, responsible persons, addresses (people fill it)
- `piano/`: the plan's files, a folder a version
- `schede/`: the sheets prepared for the offices, a folder a plan version
- `messaggi/`: drafts (.eml) and the templates of the texts
- `ricevuti/`: the sheets as they came, each named by its hash
- `buste/`: the messages and archives that they came in
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
import unicodedata
from pathlib import Path

from perfxl.writers.keep import write_whole

REGISTER, SETTINGS, OFFICES = "registro.xlsx", "giro.toml", "uffici.xlsx"
PLAN, SHEETS, MESSAGES, RECEIVED, ENVELOPES = "piano", "schede", "messaggi", "ricevuti", "buste"
OWN_FOLDERS = frozenset({PLAN, SHEETS, MESSAGES, RECEIVED, ENVELOPES})
# At the top of the folder: what the round itself puts there, copies that were kept of it too
OWN_FILES = re.compile(
    r"(registro|uffici)( \(\d+\))?\.xlsx|Consolidato_.*\.xlsx|metodo_.*\.toml|giro\.toml|eventi\.jsonl|\.giro\.lock|\.perfxl-.*",
    re.IGNORECASE,
)

LONGEST_NAME = 120  # bytes: with the hash before it, within the 255 that file systems allow
_NOT_IN_NAMES = re.compile(r"[^\w.\- ()]+")
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_TEMPORARY_SECONDS = 3600


def digest(data: bytes) -> str:
    """The hash by which bytes are known (SHA-256, hexadecimal)."""
    return hashlib.sha256(data).hexdigest()


def safe_name(name: str, default: str = "file") -> str:
    r"""A name that stays in its folder on any system: no path, no control character, no device, not too long.

    `../../etc/passwd` is `passwd`; `C:\x\y.xlsx` is `y.xlsx`; the extension survives the cut.
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _NOT_IN_NAMES.sub("_", "".join(letter for letter in base if letter.isprintable())).strip(" ._")
    if not plain or _DEVICES.match(plain):
        plain = f"{default}_{plain}" if plain else default
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = plain, ""
    end = f".{suffix}" if suffix else ""
    room = LONGEST_NAME - len(end.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + end


class RoundFolder:
    """Where the files of a round lie."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._stored: dict[str, dict[str, str]] = {}  # folder → beginning of the hash → name
        self._new: set[Path] = set()  # folders with a file whose name isn't on the disk for certain

    def store(self, data: bytes, name: str, folder: str = RECEIVED) -> str:
        """Keep bytes under their own hash and return the path relative to the round. The same bytes are kept once.

        The file is whole when this returns, and safe on the disk after `sync`. One that is there already stays as it is, unless
        somebody changed it meanwhile: then the bytes that came are put back.
        """
        sha256 = digest(data)
        known = self._names(folder)
        place = Path(folder) / known.setdefault(sha256[:16], f"{sha256[:16]}_{safe_name(name)}")
        target = self.path / place
        if not self._holds(target, sha256):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, lambda temporary: _write_through(temporary, data))
            self._new.add(target.parent)
        return place.as_posix()

    def sync(self) -> None:
        """What was stored outlives a power cut: to be called before it is told."""
        while self._new:
            _sync_folder(self._new.pop())

    def _names(self, folder: str) -> dict[str, str]:
        if folder not in self._stored:
            place = self.path / folder
            names = sorted(file.name for file in place.iterdir()) if place.is_dir() else []
            self._stored[folder] = {name[:16]: name for name in names if name[16:17] == "_"}
        return self._stored[folder]

    def _holds(self, file: Path, sha256: str) -> bool:
        return file.is_file() and digest(file.read_bytes()) == sha256

    def intact(self, relative: str, sha256: str) -> bool:
        """Whether a file of the round still is what it was when it was told."""
        try:
            return self._holds(self.file(relative), sha256)
        except OSError:
            return False

    def begins(self, relative: str) -> bool:
        """Whether a file that was stored still has the bytes whose hash its name begins with."""
        try:
            return digest(self.file(relative).read_bytes()).startswith(Path(relative).name[:16])
        except OSError:
            return False

    def tidy(self) -> None:
        """Take away the temporary files that a run which was ended left: what they were to become isn't told anywhere.

        To be called with the round's lock: what lies in its folders is nobody's then. Only the register is written without it, and
        lies in the round's folder itself: what is younger than an hour there may be of a command that is at work.
        """
        limit = time.time() - _TEMPORARY_SECONDS
        for left in (*self.path.glob(".perfxl-*"), *self.path.glob("*/.perfxl-*"), *self.path.glob("*/*/.perfxl-*")):
            with contextlib.suppress(OSError):
                if left.parent == self.path and left.stat().st_mtime >= limit:
                    continue
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()

    def file(self, relative: str) -> Path:
        """The path of a file of the round, from its place in an event."""
        return self.path / relative


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on the disk too (where the system lets a folder be synchronised)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
