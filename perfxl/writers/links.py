"""Hyperlinks: to source files as every application follows them (slashes, and only what must be escaped), and within the workbook."""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.url import Url, UrlTypes

_ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in '%"<>[]^`{}|\\# '} | {chr(code): f"%{code:02X}" for code in range(32)})
# A byte of a name that is no UTF-8 comes from the system as a lone surrogate (PEP 383): the link holds the byte
_ESCAPED |= {0xDC00 + byte: f"%{byte:02X}" for byte in range(128, 256)}


SURELY_SHORT = 1000
"""Excel takes 2,080 UTF-16 units of a link: what has no more characters than this needn't be counted."""


class _ShortUrl(Url):  # type: ignore[misc]
    """What XlsxWriter's `Url` comes to, without its parsing: a workbook has thousands of them."""

    _tip = ""
    _is_object_link = False
    _rel_index = 0

    def __init__(self, kind: UrlTypes, target: str, anchor: str, text: str) -> None:
        if len(target) + len(anchor) > SURELY_SHORT:
            super().__init__(("internal:" if kind is UrlTypes.INTERNAL else "external:") + target)  # raises when too long
        self._link_type = kind
        self._original_url = self._link = self._relationship_link = target
        self._anchor = anchor
        self._text = text


class InternalUrl(_ShortUrl):
    """A link to a cell of the same workbook."""

    def __init__(self, cell: str, text: str) -> None:
        super().__init__(UrlTypes.INTERNAL, cell, cell, text)
        self._relationship_link = "#" + cell


class RelativeUrl(_ShortUrl):
    """A link to a cell of another file. XlsxWriter's own puts backslashes, which only Windows follows, and leaves alone a
    name that already holds a `%20`."""

    def __init__(self, path: str, anchor: str, text: str) -> None:
        super().__init__(UrlTypes.EXTERNAL, path, anchor, text)
        self._relationship_link = _escaped(path)


@lru_cache(maxsize=4096)
def _escaped(path: str) -> str:
    return path.translate(_ESCAPED)
