"""The parts of an .xlsx around its sheets: the list of sheets, relations, shared strings, number formats."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from perfxl.model.record import record
from perfxl.readers.container import UnreadableError
from perfxl.readers.formats import BUILTIN_FORMATS
from perfxl.readers.quick_scan import quick_strings
from perfxl.readers.xml_scan import elements, feed, parser

if TYPE_CHECKING:
    from perfxl.readers.container import Parts

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HALF = re.compile("[\ud800-\udfff]")
_CACHEABLE = 256 * 1024


@record(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, its part, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@record(frozen=True, slots=True)
class XlsxBook:
    """What must be known before a sheet is read."""

    sheets: tuple[SheetPart, ...]
    formats: tuple[str, ...]  # number format by cell style
    strings: tuple[str, ...]
    date1904: bool


def read_book(parts: Parts) -> XlsxBook:
    """Workbook, relations, styles and shared strings."""
    main = _main_part(parts)
    relations = _relations(parts, main)
    by_id = {key: (kind, target) for key, kind, target in relations}
    by_kind = {kind: target for _, kind, target in relations}
    sheets, date1904 = _sheets(parts.read(main), by_id)
    styles, strings = by_kind.get("styles", ""), by_kind.get("sharedStrings", "")
    return XlsxBook(
        tuple(sheet for sheet in sheets if sheet.part in parts),
        _cached(_formats, parts.read(styles)) if styles in parts else (),
        tuple(_shared_strings(parts.read(strings))) if strings in parts else (),
        date1904,
    )


def _main_part(parts: Parts) -> str:
    if "_rels/.rels" in parts:
        for _, kind, target in _relations(parts, ""):
            if kind == "officeDocument" and target in parts:
                return target
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    raise UnreadableError("PX-L001", "manca la parte «xl/workbook.xml»")


def _relations(parts: Parts, source: str) -> list[tuple[str, str, str]]:
    """(id, last word of the type, target part) of a part's relations."""
    folder, _, name = source.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in parts:
        return []
    found = _cached(_relation_tags, parts.read(rels))
    return [
        (key, kind, target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target)))
        for key, kind, target in found
    ]


def _relation_tags(data: bytes) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (given.get("Id", ""), given.get("Type", "").rpartition("/")[2], given.get("Target", ""))
        for name, given in elements(data, "_rels")
        if name == "Relationship" and given.get("TargetMode") != "External"
    )


def _sheets(data: bytes, relations: dict[str, tuple[str, str]]) -> tuple[list[SheetPart], bool]:
    sheets: list[SheetPart] = []
    listed, date1904 = _cached(_listed, data)
    for name, key, hidden in listed:
        kind, target = relations.get(key, ("", ""))
        if kind == "worksheet":
            sheets.append(SheetPart(name, target, hidden))
    return sheets, date1904


def _listed(data: bytes) -> tuple[tuple[tuple[str, str, bool], ...], bool]:
    """Name, relation and whether it is hidden of each sheet of the workbook; whether its dates count from 1904."""
    sheets = []
    date1904 = False
    for name, given in elements(data, "workbook"):
        if name == "workbookPr":
            date1904 = given.get("date1904", "0") in ("1", "true", "on")
        elif name == "sheet":
            key = next((value for attribute, value in given.items() if attribute.endswith(":id")), "")
            sheets.append((given.get("name", ""), key, given.get("state", "visible") != "visible"))
    return tuple(sheets), date1904


def _formats(data: bytes) -> tuple[str, ...]:
    """Number format of each entry of `cellXfs`."""
    custom: dict[int, str] = {}
    formats: list[str] = []
    inside = False
    for name, given in elements(data, "styles"):
        if name == "numFmt":
            custom[int(given.get("numFmtId", "0"))] = given.get("formatCode", "General")
        elif name == "cellXfs":
            inside = True
        elif name in ("cellStyles", "dxfs"):
            inside = False
        elif name == "xf" and inside:
            number = int(given.get("numFmtId", "0"))
            formats.append(custom.get(number) or BUILTIN_FORMATS.get(number, "General"))
    return tuple(formats)


def _shared_strings(data: bytes) -> list[str]:
    """Plain and rich strings; phonetic runs (`rPh`) are no part of the text."""
    plain = quick_strings(data)
    if plain is not None:
        return [*map(unescape, plain)] if b"_x" in data or b"&#" in data else plain
    strings: list[str] = []
    pieces: list[str] = []
    taking, phonetic = False, False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal taking, phonetic
        name = name.rpartition(":")[2]
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic = True
        elif name == "t":
            taking = not phonetic

    def end(name: str) -> None:
        nonlocal taking, phonetic
        name = name.rpartition(":")[2]
        if name == "t":
            taking = False
        elif name == "rPh":
            phonetic = False
        elif name == "si":
            strings.append(unescape("".join(pieces)))

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    made = parser()
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    feed(made, (data,), "sharedStrings")
    return strings


def unescape(text: str) -> str:
    """`_x000D_` and the like (ECMA-376 part 1, 22.9.2.19) into the character meant.

    Two halves of a character (`_xD83D__xDE00_`) are that character; a half alone is none, and no file could be written with it.
    """
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units if _HALF.search(units) is None else units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def _cached(reader: Callable[[bytes], T], data: bytes) -> T:
    """Workbooks made from one model share styles and relations to the byte: parsed once."""
    return _remembered(reader, data) if len(data) <= _CACHEABLE else reader(data)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _remembered(reader: Callable[[bytes], object], data: bytes) -> object:
    return reader(data)
