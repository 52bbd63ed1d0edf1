"""Mailboxes in the mbox form: messages one after the other, each begun by a `From ` line (RFC 4155)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.mail.kinds import FROM_LINE
from perfxl.mail.letter import Piece

_BEGINNING = re.compile(rb"(?:\A|\r?\n\r?\n)(?=" + FROM_LINE.pattern + rb")")
_QUOTED = re.compile(rb"(?m)^>(>*From )")


def messages_of(data: bytes) -> Iterator[Piece]:
    """The messages, in their order, the `>` put before their own `From ` lines taken off again."""
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    starts = [found.end() for found in _BEGINNING.finditer(data)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), start=1):
        text = data[data.index(b"\n", start) + 1 : end]
        yield Piece(f"messaggio {number}.eml", _QUOTED.sub(rb"\1", text))
