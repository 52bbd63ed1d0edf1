"""The quick scan of a sheet's XML gives what the full scan gives, or gives up: real sheets, and real sheets damaged at random."""

from __future__ import annotations

import random
import re
import zipfile

import pytest

from perfxl.readers import cells_xlsx
from perfxl.readers.container import UnreadableError
from perfxl.readers.xlsx_parts import SheetPart, XlsxBook

FRAGMENTS = (
    b'<c r="B3" s="1"/>', b'<c r="B3" t="s"><v>3</v></c>', b"<!-- x -->", b"<![CDATA[7]]>", b"&amp;", b"&#65;", b"\r\n", b' hidden="1"',
    b'<c r="D9" t="inlineStr"><is><t xml:space="preserve"> a&lt;b </t></is></c>', b"<c><v>4</v></c>", b"<row>", b"</row>",
    b'<row r="51" hidden="1"><c r="A51"><v>1</v></c></row>', b'<c r="C3" t="str"><f>A1&amp;"x"</f><v>q_x000D_z</v></c>',
    b"<c r='A1'><v>1</v></c>", b'<c r="A1" t="e"><v>#DIV/0!</v></c>', b'<c r="A1" t="b"><v>1</v></c>',
    b'<c r="A1" t="d"><v>2019-03-01</v></c>', b'<mergeCell ref="A1:B2"/>', b'<mergeCell ref="A1"/>', b'<x:c r="A1"/>', b"<v>", b"</v>",
    b'"', b">", b"<?p i?>", b'<c r="A1"><f/></c>', b'<c r="E5" t="s"><v>99</v></c>', b'<c r="E5"><v>x</v></c>', b"\xff",
    b'<c r="F6" cm="1"><v>3</v></c>', b'<c r="F6" s="3"></c>', b'<row r="5"><c r="A5"><v>7</v></c></row>',
)  # fmt: skip
SWAPS = ((b'"', b"'"), (b"<v>", b"<v >"), (b't="s"', b't="str"'), (b'r="', b'r ="'), (b"<c ", b"<c  "), (b"/>", b" />"))
MARK = re.compile(rb"<(?:c|row|/row|v|/v|/c|mergeCell|/sheetData)\b")


class OnePart:
    """The parts of a workbook of which only the sheet's own is asked for."""

    def __init__(self, data):
        self.data = data

    def small(self, name):
        return True

    def read(self, name):
        return self.data


def read(data):
    """What the reader makes of a sheet: its content, or why it refuses."""
    book = XlsxBook((), ("General", "0%", "dd/mm/yyyy", "0.00") * 5, tuple(f"testo {i}" for i in range(60)), False)
    try:
        grid = cells_xlsx._SheetScan("f.xlsx", SheetPart("S", "part", False), book).read(OnePart(data))
    except UnreadableError as error:
        return error.code, error.found
    return (
        [(row, list(cells.items())) for row, cells in grid.rows.items()],
        grid.merged,
        sorted(grid.hidden_rows),
        sorted(grid.hidden_columns),
    )


def damaged(data, chance):
    for _ in range(chance.randint(0, 3)):
        places = [found.start() for found in MARK.finditer(data)]
        at = chance.choice(places) if places and chance.random() < 0.85 else chance.randrange(len(data))
        kind = chance.random()
        if kind < 0.65:
            data = data[:at] + chance.choice(FRAGMENTS) + data[at:]
        elif kind < 0.8:
            data = data[:at] + data[at + chance.randint(1, 20) :]
        else:
            data = data.replace(*chance.choice(SWAPS), chance.choice([1, 1000]))
    return data


@pytest.fixture(scope="module")
def sheets(workbooks):
    found = []
    for path in sorted(workbooks.rglob("*.xlsx")):
        with zipfile.ZipFile(path) as book:
            found += [book.read(name) for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    return found


def both(data, monkeypatch):
    quick = read(data)
    with monkeypatch.context() as patched:
        patched.setattr(cells_xlsx, "quick_scan", lambda _: None)
        return quick, read(data)


def test_the_real_sheets_are_read_quickly_and_alike(sheets, monkeypatch):
    assert len(sheets) >= 30
    for data in sheets:
        assert cells_xlsx.quick_scan(cells_xlsx._strip(data)) is not None
        quick, full = both(data, monkeypatch)
        assert quick == full


def test_damaged_sheets_are_read_alike(sheets, monkeypatch):
    chance = random.Random(2019)
    for _ in range(400):
        data = damaged(chance.choice(sheets), chance)
        quick, full = both(data, monkeypatch)
        assert quick == full


def test_half_a_character_is_none():
    from perfxl.readers.quick_scan import without_entities
    from perfxl.readers.xlsx_parts import unescape

    assert unescape("a_x000D_b_xD83D__xDE00_c_xD83D_d") == "a\rb\U0001f600c\ufffdd"
    assert unescape("_x0041_ senza") == "A senza"
    assert without_entities("a&#xD83D;b&amp;&#233;") == "a\ufffdb&é"
