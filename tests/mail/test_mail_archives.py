"""Archives: what is in them comes out, in order, within limits that count real bytes."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest

from mail.parcels import codes, held, letter, mark, zipped
from perfxl.mail import LIMITS, unwrap


def test_sheets_come_out_in_their_order_and_twice_if_they_are_twice(sheet, other):
    found = unwrap("fogli.zip", zipped(("b/U1.xlsx", sheet), ("a/PO2.xlsx", other), ("a/U1.xlsx", sheet)))
    assert [(each.name, mark(each.data)) for each in found.sheets] == [
        ("U1.xlsx", mark(sheet)),
        ("PO2.xlsx", mark(other)),
        ("U1.xlsx", mark(sheet)),
    ]
    assert {each.chain for each in found.sheets} == {("fogli.zip",)}
    assert found.problems == ()


def test_archives_within_archives(sheet, other):
    inner = zipped(("U1.xlsx", sheet), method=zipfile.ZIP_STORED)
    found = unwrap("tutto.zip", zipped(("uno.zip", inner), ("PO2.xlsx", other), ("due.zip", zipped(("tre.zip", inner)))))
    assert [each.chain for each in found.sheets] == [
        ("tutto.zip", "uno.zip"),
        ("tutto.zip",),
        ("tutto.zip", "due.zip", "tre.zip"),
    ]
    assert held(found) == [mark(sheet), mark(other), mark(sheet)]


def test_names_that_climb_are_only_names(sheet):
    names = ["../../etc/U1.xlsx", "C:\\Users\\x\\U2.xlsx", "/etc/cron.d/U3.xlsx", "..\\U4.xlsx", "cartella/U5.xlsx"]
    found = unwrap("a.zip", zipped(*((name, sheet) for name in names)))
    assert [each.name for each in found.sheets] == ["U1.xlsx", "U2.xlsx", "U3.xlsx", "U4.xlsx", "U5.xlsx"]
    assert codes(found.problems) == ["PX-M011"] * 4
    assert "«../../etc/U1.xlsx», mostrato come «U1.xlsx»" in found.problems[0].finding.found


@pytest.mark.parametrize(("written", "flag"), [("attività àèìòù.xlsx", 0x800), ("attività àèìòù.xlsx", 0)])
def test_names_with_accents(sheet, written, flag):
    """UTF-8 with its mark, and without it as some programs write it."""
    data = bytearray(zipped((written, sheet)))
    for at, sign in ((6, b"PK\x03\x04"), (8, b"PK\x01\x02")):
        struct.pack_into("<H", data, data.index(sign) + at, flag)
    assert [each.name for each in unwrap("a.zip", bytes(data)).sheets] == [written]


def test_old_windows_names(sheet):
    """Code page 850, as the compressed folders of Windows write accents."""
    data = zipped(("attivita.xlsx", sheet)).replace(b"attivita.xlsx", b"attivit\x85.xlsx")
    assert [each.name for each in unwrap("a.zip", data).sheets] == ["attività.xlsx"]


def test_links_and_leftovers_of_systems_are_left_aside(sheet):
    link = zipfile.ZipInfo("U2.xlsx")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(("U1.xlsx", sheet), ("__MACOSX/._U1.xlsx", b"\0\5\26\7"), ("Thumbs.db", b"x"))
    out = io.BytesIO(path)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    found = unwrap("a.zip", out.getvalue())
    assert [each.name for each in found.sheets] == ["U1.xlsx"]
    assert [(each.finding.code, each.finding.found) for each in found.problems] == [
        ("PX-M010", "1 × collegamento simbolico, 2 × file di sistema")
    ]


def test_an_encrypted_entry_is_told_and_the_others_come_out(sheet, other):
    data = bytearray(zipped(("segreto.xlsx", sheet), ("PO2.xlsx", other)))
    for at, sign in ((6, b"PK\x03\x04"), (8, b"PK\x01\x02")):
        struct.pack_into("<H", data, data.index(sign) + at, 1)
    found = unwrap("a.zip", bytes(data))
    assert [each.name for each in found.sheets] == ["PO2.xlsx"]
    assert [(each.name, each.finding.code) for each in found.problems] == [("segreto.xlsx", "PX-M003")]
    assert found.problems[0].finding.file == "a.zip › segreto.xlsx"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_in_one_step_are_refused(sheet, method):
    found = unwrap("a.zip", zipped(("U1.xlsx", sheet), method=method))
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M002"])


def test_a_damaged_entry_takes_no_other_away(sheet, other):
    data = bytearray(zipped(("U1.xlsx", sheet), ("PO2.xlsx", other), method=zipfile.ZIP_STORED))
    data[data.index(sheet) + 500] ^= 0xFF
    found = unwrap("a.zip", bytes(data))
    assert [each.name for each in found.sheets] == ["PO2.xlsx"]
    assert [(each.name, each.finding.code) for each in found.problems] == [("U1.xlsx", "PX-M002")]


def test_an_empty_archive_and_one_of_leftovers_are_told():
    assert codes(unwrap("a.zip", zipped()).problems) == ["PX-M007"]
    assert codes(unwrap("a.zip", zipped((".DS_Store", b"x"))).problems) == ["PX-M010"]


# -- bombs -------------------------------------------------------------------------------------------------------

ZEROS = bytes(40 * 1024 * 1024)


def test_a_high_ratio_is_refused_before_anything_is_unpacked():
    assert codes(unwrap("bomba.zip", zipped(("U1.xlsx", ZEROS))).problems) == ["PX-M005"]


def test_a_bomb_takes_no_sheet_beside_it_away(sheet, other):
    bomb = zipped(("U1.xlsx", ZEROS))
    found = unwrap("m.eml", bytes(letter(("bomba.zip", bomb), ("U1.xlsx", sheet), ("altra.zip", zipped(("PO2.xlsx", other))))))
    assert held(found) == [mark(sheet), mark(other)]
    assert "PX-M005" in codes(found.problems)


def test_nested_bombs_end_when_the_budget_does(sheet):
    """Sixteen archives in sixteen archives in …: each is modest, all together they aren't."""
    limits = replace(LIMITS, total_bytes=20 * 1024 * 1024, items=5_000)
    layer = zipped(("zeri.bin", bytes(1024 * 1024)))
    for _ in range(4):
        layer = zipped(*((f"{number}.zip", layer) for number in range(16)))
    found = unwrap("bomba.zip", zipped(("strati.zip", layer), ("U1.xlsx", sheet)), limits=limits)
    assert held(found) == [mark(sheet)]
    assert "PX-M005" in codes(found.problems)
    assert len(found.problems) < 100


def test_an_archive_that_holds_itself_ends(sheet):
    data = zipped(("U1.xlsx", sheet))
    for number in range(LIMITS.levels + 3):
        data = zipped((f"{number}.zip", data))
    found = unwrap("a.zip", data)
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M006"])
    assert found.problems[0].finding.file.count("›") == LIMITS.levels


def test_overlapping_files_are_refused():
    """One stream, many entries in the directory that point to it: a ratio no single one of them shows."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(bytes(100_000)) + packed.flush()
    crc = zlib.crc32(bytes(100_000))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(stream), 100_000, 1, 0) + b"a" + stream
    central = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(stream), 100_000, 1, 0, 0, 0, 0, 0, 0) + b"a"
        for _ in range(200)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 200, 200, len(central), len(local), 0)
    found = unwrap("a.zip", local + central + end)
    assert [(each.finding.code, "sovrapposti" in each.finding.found) for each in found.problems] == [("PX-M005", True)]


def test_a_directory_that_lies_about_the_size_is_found_out(sheet):
    """It declares 100 bytes and holds a whole sheet: what comes out is what it declares, and doesn't add up."""
    data = bytearray(zipped(("U1.xlsx", sheet)))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 100)
    found = unwrap("a.zip", bytes(data))
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M002"])


def test_too_many_files():
    limits = replace(LIMITS, entries=10)
    assert codes(unwrap("a.zip", zipped(*((f"{n}.txt", b"x") for n in range(11))), limits=limits).problems) == ["PX-M005"]


def test_a_directory_of_a_million_files_is_not_even_read():
    data = b"PK\x03\x04" + (b"PK\x01\x02" + bytes(42)) * 100_001
    assert codes(unwrap("a.zip", data).problems) == ["PX-M005"]


def test_too_large_a_file(sheet, other):
    limits = replace(LIMITS, file_bytes=len(sheet) - 1)
    assert codes(unwrap("U1.xlsx", sheet, limits=limits).problems) == ["PX-M004"]
    limits = replace(LIMITS, file_bytes=len(sheet) + 1000)
    found = unwrap("a.zip", zipped(("testo.txt", bytes(len(sheet) + 1001)), ("U1.xlsx", sheet)), limits=limits)
    assert [each.name for each in found.sheets] == ["U1.xlsx"]
    assert [(each.name, each.finding.code) for each in found.problems] == [("testo.txt", "PX-M004")]


def test_a_hundred_megabytes_are_the_limit(sheet):
    data = sheet + bytes(LIMITS.file_bytes - len(sheet) + 1)
    (problem,) = unwrap("U1.xlsx", data).problems
    assert (problem.finding.code, problem.finding.found) == ("PX-M004", "100 MB (al massimo 100)")
