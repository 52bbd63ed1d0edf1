"""What the tests of privacy share: everything that can be read in a file that leaves, however deep it lies."""

from __future__ import annotations

import html
import io
import re
import zipfile
from email import message_from_bytes
from email.policy import SMTP
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


_ENCODED = re.compile(r"^[A-Za-z0-9+/]{76}\r?$", re.MULTILINE)


def plain(text: str) -> str:
    """As texts are compared: one blank for many, no upper case."""
    return " ".join(text.split()).casefold()


def pieces(data: bytes, name: str = "") -> Iterator[tuple[str, str]]:
    """Everything that can be read in a file: (where, text). Archives and messages are opened, however deep they lie."""
    yield f"{name} (nome)", name
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{name} (commento)", archive.comment.decode("utf-8", "replace")
            for member in archive.infolist():
                yield f"{name}/{member.filename} (coda)", (member.comment + member.extra).decode("utf-8", "replace")
                yield from pieces(archive.read(member), f"{name}/{member.filename}")
        return
    for coding in ("utf-8", "utf-16-le"):
        text = data.decode(coding, "replace")
        if name.endswith(".eml"):  # attachments are opened below: in their base64 any six letters may come by chance
            text = _ENCODED.sub("", text)
        yield name, text
        if "<" in text:
            yield name, html.unescape(text)
            yield name, html.unescape(re.sub(r"<[^>]*>", "", text))
    if name.endswith(".eml"):
        message: Any = message_from_bytes(data, policy=SMTP)
        for key, value in message.items():
            yield f"{name} [{key}]", str(value)
        for part in message.walk():
            if not part.is_multipart():
                yield from pieces(part.get_payload(decode=True), f"{name}/{part.get_filename() or 'testo'}")


@lru_cache(maxsize=64)
def searched(data: bytes, name: str) -> dict[str, str]:
    """Each different text of a file, as it is compared, with a place where it stands."""
    return {plain(text): where for where, text in pieces(data, name)}
