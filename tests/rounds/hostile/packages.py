"""A workbook's package taken apart and put together with something in it that doesn't belong there."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MIB = 1024 * 1024
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], *, level: int = 6) -> bytes:
    """A package of parts, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_parts(data: bytes, **changes: bytes) -> bytes:
    """The package with parts added or replaced (`xl_sharedStrings_xml=…` is no name: pass a dictionary)."""
    return packed(parts_of(data) | changes)


def replaced(data: bytes, part: str, old: bytes, new: bytes, count: int = 1) -> bytes:
    """The package with `old` replaced in a part; it must be there."""
    parts = parts_of(data)
    assert old in parts[part], (part, old)
    parts[part] = parts[part].replace(old, new, count)
    return packed(parts)


def related(data: bytes, source: str, kind: str, target: str, *, external: bool = False, number: int = 900) -> bytes:
    """The package with a relationship more: from `source` (a part's name) to `target`."""
    folder, _, name = source.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    parts = parts_of(data)
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"{mode}/>'
    if rels in parts:
        parts[rels] = parts[rels].replace(b"</Relationships>", line.encode() + b"</Relationships>")
    else:
        parts[rels] = f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">{line}</Relationships>'.encode()
    return packed(parts)


def typed_content(data: bytes, part: str, kind: str) -> bytes:
    """The package with the content type of a part declared."""
    line = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'.encode()
    return replaced(data, "[Content_Types].xml", b"</Types>", line)


def first_sheet(data: bytes) -> str:
    """The part of the first visible sheet with cells to fill: the one that openpyxl and our writer put first."""
    return min(name for name in parts_of(data) if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))


# -- bombs ---------------------------------------------------------------------------------------------------------


def zeros(size: int, fill: bytes = b"\0") -> tuple[bytes, int]:
    """(deflated bytes of `size` times `fill`, their CRC), made in a moment: the same full-flushed block again and again."""
    block = fill * MIB
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    crc = 0
    for _ in range(size // MIB):
        crc = zlib.crc32(block, crc)
    return one * (size // MIB) + end, crc


def entry(
    name: str, payload: bytes, *, size: int, crc: int, method: int = 8, flags: int = 0, declared: int | None = None
) -> tuple[bytes, bytes]:
    """(local header with its bytes, central header without offset) of a file in a zip, whatever it declares."""
    raw = name.encode()
    told = size if declared is None else declared
    common = struct.pack("<HHHHHIII", 20, flags | (0 if raw.isascii() else 0x800), method, 0, 0x5A21, crc, len(payload), told)
    local = b"PK\3\4" + common + struct.pack("<HH", len(raw), 0) + raw + payload
    central = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHHHI", len(raw), 0, 0, 0, 0, 0)
    return local, central + b"@@@@" + raw


def archive(entries: list[tuple[bytes, bytes]], *, before: bytes = b"", at: list[int] | None = None) -> bytes:
    """A zip of entries; `at` gives offsets of its own choice to the central directory."""
    body, directory = bytearray(before), bytearray()
    for number, (local, central) in enumerate(entries):
        offset = len(body) if at is None else at[number]
        body += local
        directory += central.replace(b"@@@@", struct.pack("<I", offset), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory + end)


def stored(name: str, data: bytes) -> tuple[bytes, bytes]:
    """An entry that is what it says."""
    return entry(name, data, size=len(data), crc=zlib.crc32(data), method=0)


def big_part(data: bytes, part: str, before: bytes, fill: bytes, size: int, after: bytes) -> bytes:
    """The package with one part that unpacks to `size` bytes of `fill` between `before` and `after`."""
    parts = parts_of(data)
    middle, _ = zeros(size, fill)
    head = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = head.compress(before) + head.flush(zlib.Z_FULL_FLUSH)
    tail = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    finish = tail.compress(after) + tail.flush()
    crc = zlib.crc32(before)
    for _ in range(size // MIB):
        crc = zlib.crc32(fill * MIB, crc)
    crc = zlib.crc32(after, crc)
    # the last two bytes of `zeros` end the stream: what follows needs it open
    payload = start + middle[: -len(_END_OF_DEFLATE)] + finish
    whole = len(before) + size + len(after)
    entries = []
    for name, content in parts.items():
        if name == part:
            entries.append(entry(name, payload, size=whole, crc=crc))
        else:
            packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
            entries.append(entry(name, packer.compress(content) + packer.flush(), size=len(content), crc=zlib.crc32(content)))
    return archive(entries)


_END_OF_DEFLATE = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()


def zip_crypto(name: str, data: bytes, password: bytes) -> bytes:
    """A zip whose one file is encrypted as PKZIP does (APPNOTE 6.1), password needed."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    table = [_crc_step(n) for n in range(256)]

    def update(byte: int) -> None:
        keys[0] = table[(keys[0] ^ byte) & 0xFF] ^ (keys[0] >> 8)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ (keys[1] >> 24)) & 0xFF] ^ (keys[2] >> 8)

    def encrypt(plain: bytes) -> bytes:
        out = bytearray()
        for byte in plain:
            temp = (keys[2] | 2) & 0xFFFF
            out.append(byte ^ (((temp * (temp ^ 1)) >> 8) & 0xFF))
            update(byte)
        return bytes(out)

    for byte in password:
        update(byte)
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = zlib.crc32(data)
    plain = bytes(11) + bytes([crc >> 24]) + packer.compress(data) + packer.flush()
    return archive([entry(name, encrypt(plain), size=len(data), crc=crc, flags=1)])


def _crc_step(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ 0xEDB88320 if value & 1 else value >> 1
    return value
