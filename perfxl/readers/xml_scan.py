"""XML within bounds: expat with document types (and so entity expansion) refused, and names without prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from perfxl.readers.container import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable


def parser() -> expat.XMLParserType:
    """A parser that gives text in one piece and refuses a DTD."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.buffer_size = 65536
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> NoReturn:
    raise UnreadableError("PX-L001", "XML con DTD o entità, che non vengono accettati")


def feed(made: expat.XMLParserType, chunks: Iterable[bytes], part: str) -> None:
    """Parse all chunks; malformed XML is an `UnreadableError`."""
    try:
        for chunk in chunks:
            made.Parse(chunk, False)
        made.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError, ArithmeticError) as error:
        raise UnreadableError("PX-L001", f"parte «{part}» con XML non valido") from error


def elements(data: bytes, part: str) -> list[tuple[str, dict[str, str]]]:
    """All start tags of a small part in order: local name, attributes by local name (`r:id` as `r:id`)."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    made = parser()
    made.StartElementHandler = start
    feed(made, (data,), part)
    return found
