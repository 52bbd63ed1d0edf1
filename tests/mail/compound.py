"""A small writer of OLE compound files and of Outlook messages in them ([MS-CFB], [MS-OXMSG]): no library writes any."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Tree = dict[str, "bytes | Tree"]


@dataclass
class Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    data: bytes = b""
    kids: list[int] = field(default_factory=list)
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        head = name.ljust(64, b"\0") + struct.pack("<HBB3I", len(name), self.kind, 1, self.left, self.right, self.child)
        return head + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", self.start, self.size)


def compound(tree: Tree) -> bytes:
    """A version 3 compound file with these storages (dictionaries) and streams (bytes)."""
    entries = [Entry("Root Entry", 5)]
    _grow(entries, 0, tree)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = bytearray(), []
    for entry in entries[1:]:
        if entry.kind == 2 and entry.data:
            entry.size = len(entry.data)
            if entry.size < CUTOFF:
                entry.start = len(mini_fat)
                count = -(-entry.size // MINI)
                mini_fat += [*range(entry.start + 1, entry.start + count), END]
                mini += entry.data.ljust(count * MINI, b"\0")
            else:
                entry.start = _put(sectors, fat, entry.data)
    entries[0].start, entries[0].size = (_put(sectors, fat, bytes(mini)), len(mini)) if mini else (END, 0)
    mini_at = _put(sectors, fat, struct.pack(f"<{len(mini_fat)}I", *mini_fat), b"\xff") if mini_fat else END
    mini_sectors = -(-len(mini_fat) * 4 // SECTOR)
    directory = b"".join(entry.packed() for entry in entries)
    directory_at = _put(sectors, fat, directory)
    return _file(sectors, fat, directory_at, mini_at, mini_sectors)


def _grow(entries: list[Entry], parent: int, tree: Tree) -> None:
    numbers = {}
    for name, held in tree.items():
        numbers[name] = len(entries)
        entries.append(Entry(name, 1 if isinstance(held, dict) else 2, b"" if isinstance(held, dict) else held))
        if isinstance(held, dict):
            _grow(entries, numbers[name], held)
    entries[parent].child = _balanced(
        entries, [numbers[name] for name in sorted(tree, key=lambda each: (len(each), each.upper()))]
    )


def _balanced(entries: list[Entry], numbers: list[int]) -> int:
    if not numbers:
        return NONE
    middle = len(numbers) // 2
    entries[numbers[middle]].left = _balanced(entries, numbers[:middle])
    entries[numbers[middle]].right = _balanced(entries, numbers[middle + 1 :])
    return numbers[middle]


def _put(sectors: list[bytes], fat: list[int], data: bytes, fill: bytes = b"\0") -> int:
    start = len(sectors)
    chunks = [data[at : at + SECTOR].ljust(SECTOR, fill) for at in range(0, len(data), SECTOR)]
    sectors += chunks
    fat += [*range(start + 1, start + len(chunks)), END]
    return start


def _file(sectors: list[bytes], fat: list[int], directory_at: int, mini_at: int, mini_sectors: int) -> bytes:
    fat_sectors = 0
    while fat_sectors * 128 < len(fat) + fat_sectors:
        fat_sectors += 1
    assert fat_sectors <= 109, "no DIFAT sectors here: at most 6.8 MB"
    places = list(range(len(fat), len(fat) + fat_sectors))
    table = [*fat, *[FAT_SECTOR] * fat_sectors]
    table += [FREE] * (fat_sectors * 128 - len(table))
    head = MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_at, 0, CUTOFF, mini_at,
                                           mini_sectors, END, 0)  # fmt: skip
    difat = places + [FREE] * (109 - len(places))
    return head + struct.pack("<109I", *difat) + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


# -- Outlook -----------------------------------------------------------------------------------------------------

_UNICODE, _BINARY, _INTEGER, _TIME = 0x001F, 0x0102, 0x0003, 0x0040
Value = str | bytes | int | datetime


def _properties(values: dict[int, Value], header: int) -> Tree:
    """The streams of some properties, and the table that lists them."""
    table, tree = bytearray(header), {}
    for number, value in values.items():
        if isinstance(value, int):
            table += struct.pack("<HHIQ", _INTEGER, number, 6, value)
        elif isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            table += struct.pack("<HHIQ", _TIME, number, 6, ticks)
        else:
            kind = _UNICODE if isinstance(value, str) else _BINARY
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            table += struct.pack("<HHIII", kind, number, 6, len(data) + 2 * (kind == _UNICODE), 0)
            tree[f"__substg1.0_{number:04X}{kind:04X}"] = data
    return {"__properties_version1.0": bytes(table), **tree}


@dataclass
class Attached:
    """An attachment: bytes, a message (`Mail`), or only a path (`linked`)."""

    name: str
    held: bytes | Mail = b""
    mime: str = ""
    linked: bool = False
    short: bool = False  # only the 8.3 name

    def tree(self) -> Tree:
        values: dict[int, Value] = {0x3704 if self.short else 0x3707: self.name} if self.name else {}
        if self.mime:
            values[0x370E] = self.mime
        if self.linked:
            return _properties({0x3705: 2, **values}, 8)
        if isinstance(self.held, Mail):
            return {**_properties({0x3705: 5, **values}, 8), "__substg1.0_3701000D": self.held.tree(24)}
        return _properties({0x3705: 1, 0x3701: self.held, **values}, 8)


@dataclass
class Mail:
    """A message of Outlook."""

    sender: str = "ufficio@ente.example"
    sent: datetime | None = None
    subject: str = "Scheda"
    body: str = "Buongiorno."
    message_id: str = ""
    headers: str = ""
    attached: list[Attached] = field(default_factory=list)
    smtp: str = ""

    def tree(self, header: int = 32) -> Tree:
        values: dict[int, Value] = {0x001A: "IPM.Note", 0x0037: self.subject, 0x1000: self.body, 0x0C1F: self.sender}
        values |= {0x0039: self.sent} if self.sent else {}
        values |= {0x1035: self.message_id} if self.message_id else {}
        values |= {0x007D: self.headers} if self.headers else {}
        values |= {0x5D01: self.smtp} if self.smtp else {}
        tree = _properties(values, header)
        if header == 32:
            tree["__nameid_version1.0"] = {"__substg1.0_00020102": b"", "__substg1.0_00030102": b"", "__substg1.0_00040102": b""}
        for number, each in enumerate(self.attached):
            tree[f"__attach_version1.0_#{number:08X}"] = each.tree()
        return tree

    def __bytes__(self) -> bytes:
        return compound(self.tree())
