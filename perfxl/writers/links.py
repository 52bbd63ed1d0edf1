"""Relative hyperlinks to source files as every application follows them: slashes, and only what must be escaped."""

from __future__ import annotations

from xlsxwriter.url import Url

_ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in '%"<>[]^`{}|\\# '} | {chr(code): f"%{code:02X}" for code in range(32)})


class RelativeUrl(Url):  # type: ignore[misc]
    """A link to a cell of another file. XlsxWriter's own puts backslashes, which only Windows follows, and leaves alone a
    name that already holds a `%20`."""

    def __init__(self, path: str, anchor: str, text: str) -> None:
        super().__init__("external:" + path + ("#" + anchor if anchor else ""))
        self._anchor = anchor
        self._text = text
        self._relationship_link = path.translate(_ESCAPED)
