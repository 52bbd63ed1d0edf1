"""The zip that we write: read by the standard library, and with the pieces that threads compress in their place."""

from __future__ import annotations

import re
import zipfile
import zlib

from xlsxwriter.xmlwriter import XMLwriter

from perfxl import consolidate
from perfxl.writers.bulk import BulkSheet, _attribute
from perfxl.writers.package import Deflated, Part, QuickWorkbook, _part, write_zip


def test_a_part_with_a_block_in_its_middle(tmp_path) -> None:
    rows = "<row>è</row>" * 5000
    parts = [_part("xl/a.xml", "<a>prima</a>", None), _part("/xl/b.xml", "<b>\u2026</b>", (4, Deflated(rows)))]
    write_zip(tmp_path / "a.zip", parts)
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.testzip() is None
        assert made.namelist() == ["xl/a.xml", "xl/b.xml"]
        assert made.read("xl/a.xml") == b"<a>prima</a>"
        assert made.read("xl/b.xml").decode() == f"<b>\u2026{rows}</b>"
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_empty_part_and_no_part(tmp_path) -> None:
    write_zip(tmp_path / "a.zip", [_part("vuoto", "", None)])
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.read("vuoto") == b""
    write_zip(tmp_path / "b.zip", [])
    with zipfile.ZipFile(tmp_path / "b.zip") as made:
        assert made.namelist() == []


def test_the_same_content_gives_the_same_file(tmp_path) -> None:
    part = Part("a", 3, zlib.crc32(b"abc"), zlib.compress(b"abc", wbits=-15))
    for name in ("a.zip", "b.zip"):
        write_zip(tmp_path / name, [part])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_workbook_of_plain_sheets(tmp_path) -> None:
    workbook = QuickWorkbook({})
    workbook.add_worksheet("Uno").write(0, 0, "testo")
    workbook.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as made:
        assert made.testzip() is None
        assert b"Uno" in made.read("xl/workbook.xml")


def test_links_are_those_that_xlsxwriter_writes(tmp_path, monkeypatch, workbooks) -> None:
    """Byte for byte, outside links, inside ones, and texts with quotes: all but the number of relationships."""
    made = consolidate(workbooks / "massacarrara-2019", plan=workbooks / "massacarrara-2019-piano")

    def parts(name: str) -> tuple[dict[str, bytes], int]:
        with zipfile.ZipFile(made.write(tmp_path / name)) as book:
            found = {part: book.read(part) for part in book.namelist() if part != "docProps/core.xml"}  # says when
        relations = {part: found.pop(part) for part in list(found) if part.startswith("xl/worksheets/_rels/")}
        for part, told in relations.items():
            targets = dict(re.findall(rb'Id="(rId\d+)" Type="[^"]*" Target="([^"]*)"', told))
            sheet = part.replace("_rels/", "").removesuffix(".rels")
            found[sheet] = re.sub(rb'r:id="(rId\d+)"', lambda at, targets=targets: b'r:id="%b"' % targets[at[1]], found[sheet])
        return found, sum(told.count(b"/hyperlink") for told in relations.values())

    ours, few = parts("nostri.xlsx")
    monkeypatch.delattr(BulkSheet, "_write_hyperlinks")
    theirs, many = parts("loro.xlsx")
    assert ours == theirs
    links = sum(part.count(b"<hyperlink ") for part in ours.values())
    assert 3 * few < many <= links  # one for each file that a sheet leads to
    assert _attribute('«a» & "b" <c>\n') == XMLwriter()._escape_attributes('«a» & "b" <c>\n')
