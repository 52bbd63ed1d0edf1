"""What a workbook that came back carries besides its values: macros, links, DDE, objects, connections. It is told, and never used.

Values are read and nothing else: no macro runs, no link is followed, no formula is computed. Whoever opens the file in Excel to look
at it is warned beforehand. Sources: ECMA-376 part 1 (parts of a package), [MS-OFFMACRO2], [MS-XLS], OpenDocument 1.3.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from perfxl.readers.container import Parts, UnreadableError

MOST_TOLD = 12
_PART = 16 * 1024 * 1024  # of a part that is looked into; a larger one is a table, and its cells are read elsewhere

_BY_PART = (
    (re.compile(r"vbaProject|^Basic/|^Scripts/", re.IGNORECASE), "macro"),
    (re.compile(r"xl/(macrosheets|dialogsheets)/", re.IGNORECASE), "macro di Excel 4"),
    (re.compile(r"/embeddings/|^Object [^/]*/content\.xml$", re.IGNORECASE), "oggetto incorporato"),
    (re.compile(r"/(activeX|ctrlProps)/", re.IGNORECASE), "controllo"),
    (re.compile(r"xl/(connections\.xml|queryTables/|model/)", re.IGNORECASE), "connessione a dati esterni"),
    (re.compile(r"^customUI", re.IGNORECASE), "comandi della barra multifunzione"),
    (re.compile(r"/webextensions?/", re.IGNORECASE), "componente aggiuntivo web"),
)
_RELATION = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_TYPE = re.compile(rb"Type\s*=\s*[\"'][^\"']*/([A-Za-z]+)[\"']")
_TARGET = re.compile(rb"Target\s*=\s*[\"']([^\"']*)[\"']")
_HARMLESS = re.compile(rb"(https?|mailto):|#|[\w%. -]*$", re.IGNORECASE)  # a page or an address: nothing happens without a click
_CALLS = re.compile(rb"<f\b[^>]*>[^<]*(?:\||\b(?:WEBSERVICE|RTD|EXEC|CALL|REGISTER\.ID|DDE)\()", re.IGNORECASE)
_ODS = (
    (re.compile(rb"<office:dde-source|<table:dde-link|\bDDE\("), "collegamento DDE"),
    (re.compile(rb"<table:table-source|<table:cell-range-source|\bWEBSERVICE\("), "collegamento a un altro documento"),
    (re.compile(rb"<script:event-listener|<office:script\b"), "macro"),
    (re.compile(rb"<draw:(?:image|object|plugin)\b[^>]*xlink:href=\"(?:[a-z]+:|//|\\\\)"), "parte che sta altrove"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUPBOOK, _BOUNDSHEET = 0x01AE, 0x0085
_OWN_BOOK = (0x0401, 0x3A01)  # the workbook itself, add-in functions ([MS-XLS] 2.4.271)


def active_contents(data: bytes) -> tuple[str, ...]:
    """What a workbook (.xlsx, .xlsm, .ods, .xls) carries besides values, in Italian, each kind once; empty where there is nothing.

    Never raises: what can't be looked at can't be read either, and that is told elsewhere.
    """
    look = _of_ole if data.startswith(_OLE) else _of_package
    try:
        found = tuple(dict.fromkeys(look(data)))
    except (UnreadableError, OSError, ValueError, struct.error, IndexError):
        return ()
    return found if len(found) <= MOST_TOLD else (*found[:MOST_TOLD], "altro")


def _of_package(data: bytes) -> Iterator[str]:
    parts = Parts(data)
    for name in sorted(parts.names):
        yield from (what for pattern, what in _BY_PART if pattern.search(name))
        if name.startswith("xl/externalLinks/") and name.endswith(".xml"):
            yield _link(_read(parts, name))
        elif name.endswith(".rels"):
            yield from _elsewhere(_read(parts, name), linked=name.startswith("xl/externalLinks/"))
        elif name.startswith("xl/worksheets/") and parts.small(name) and _CALLS.search(_read(parts, name)):
            yield "formula che chiama un programma o la rete"
    if "content.xml" in parts and parts.small("content.xml"):
        text = _read(parts, "content.xml")
        yield from (what for pattern, what in _ODS if pattern.search(text))


def _read(parts: Parts, name: str) -> bytes:
    try:
        return parts.read(name, _PART)
    except UnreadableError:
        return b""


def _link(part: bytes) -> str:
    if b"ddeLink" in part:
        return "collegamento DDE"
    return "collegamento OLE" if b"oleLink" in part else "collegamento a un'altra cartella di lavoro"


def _elsewhere(rels: bytes, *, linked: bool) -> Iterator[str]:
    """Parts that aren't in the file: a picture, a template, an object on a server, a link to a program."""
    for line in _RELATION.findall(rels):
        kind = (_TYPE.findall(line) or [b""])[0].decode("ascii", "replace")
        target = (_TARGET.findall(line) or [b""])[0]
        if linked or (kind == "hyperlink" and _HARMLESS.match(target)):
            continue
        yield {
            "attachedTemplate": "modello che sta altrove",
            "image": "immagine che sta altrove",
            "hyperlink": "collegamento a un file o a un programma",
        }.get(kind, "parte che sta altrove")


def _of_ole(data: bytes) -> Iterator[str]:
    """An .xls: storages of macros and objects, then the records of the workbook's stream."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        names = ["/".join(path) for path in container.listdir(streams=True, storages=True)]
        if any("_VBA_PROJECT" in name.upper() for name in names):
            yield "macro"
        if any("Ole10Native" in name or name.startswith("MBD") for name in names):
            yield "oggetto incorporato"
        stream = next((name for name in ("Workbook", "Book") if container.exists(name)), None)
        if stream is not None:
            yield from _of_records(container.openstream(stream).read(_PART))


def _of_records(stream: bytes) -> Iterator[str]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if kind == _SUPBOOK and size >= 4 and struct.unpack_from("<H", body, 2)[0] not in _OWN_BOOK:
            yield "collegamento a un altro documento o programma"
        if kind == _BOUNDSHEET and size >= 6 and body[5] & 0x0F == 1:
            yield "macro di Excel 4"
        at += 4 + size
