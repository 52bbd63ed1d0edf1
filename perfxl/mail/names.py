"""Names of attachments are data: shown, never used as a path."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120

_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[a-zA-Z]:[/\\]")
_WRAPPED_AS = re.compile(r"\.(p7m|p7s|p7|tsd|m7m|pem|b64)$", re.IGNORECASE)


def clean(name: str, default: str = "allegato") -> str:
    r"""A name fit to be shown: its last part, without what can't be seen, of a length that a column can take.

    `..\..\x.xlsx` is `x.xlsx`; the extension survives the cut; a device of Windows (`CON.xlsx`) gets a `_` before it.
    """
    # Changes of direction are unseen too: with U+202E «exe.jpg» is what «gpj.exe» looks like
    seen = "".join(letter for letter in unicodedata.normalize("NFC", whole(name)) if letter.isprintable() or letter.isspace())
    base = " ".join(re.split(r"[/\\]", seen)[-1].split()).strip(" .")
    if not base:
        return default
    if _DEVICE.match(base):
        base = f"_{base}"
    stem, dot, suffix = base.rpartition(".")
    if not dot or len(suffix) > 10:
        return base[:LONGEST]
    return f"{stem[: LONGEST - len(suffix) - 1]}.{suffix}"


def odd(name: str) -> bool:
    """Whether a name tries to be more than a name: a path that climbs or starts from the root, unseen letters."""
    return bool(_ELSEWHERE.search(name)) or any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in name)


def plain(text: str, longest: int = 100) -> str:
    """A text from outside as it may stand in a finding: unseen letters escaped, cut."""
    seen = "".join(_visible(letter) for letter in text[: 4 * longest])
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def _visible(letter: str) -> str:
    if letter.isprintable():
        return letter
    return " " if unicodedata.category(letter) == "Zs" else letter.encode("unicode_escape").decode("ascii")


def whole(text: str) -> str:
    """A text in which raw bytes (kept by the parser as halves of letters) are read as UTF-8, else as Windows does."""
    if text.isascii():
        return text
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def within(name: str, default: str = "contenuto") -> str:
    """The name of what a signature holds: `scheda.xlsx.p7m` holds `scheda.xlsx`."""
    return clean(_WRAPPED_AS.sub("", name), default)


def suffix(name: str) -> str:
    """The extension, lowercase, with its dot; empty where there is none."""
    _, dot, end = name.rpartition(".")
    return f".{end.lower()}" if dot and 0 < len(end) <= 10 else ""
