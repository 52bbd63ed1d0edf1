"""The same dashboard as .xlsm, .ods, .xls, in the 1904 system, with inline and rich strings; a second reader as a witness."""

import datetime as dt
import re
import shutil
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf import draw, style, table, text
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from python_calamine import CalamineWorkbook

from perfxl.model import CellKind
from perfxl.readers import read_workbook
from perfxl.readers.cells_ods import read_grids as read_ods
from perfxl.readers.cells_xls import read_grids as read_xls
from perfxl.readers.cells_xlsx import read_grids as read_xlsx
from perfxl.readers.container import sniff
from perfxl.readers.formats import kind_of_format, number_cell, serial_date

OFFICES = ("U1.1", "U5.1-U5.2", "ENTE_e_trasversali", "ISR")


def grids(path, reader=read_xlsx):
    return reader(sniff(path.read_bytes())[1], str(path))[0]


def rezip(source, target, change):
    """A copy of a zip with some parts changed: `change(name, data)` gives the new data, or None to drop the part."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
    return target


def test_calamine_reads_the_same_values(workbooks):
    """An independent reader agrees on every cell of every workbook (what it hides, by design, is an empty value there)."""
    seen = 0
    for path in sorted(workbooks.rglob("*.xlsx")):
        witness = CalamineWorkbook.from_path(str(path))
        for grid in grids(path):
            rows = witness.get_sheet_by_name(grid.name).to_python(skip_empty_area=False)
            for r, row in enumerate(rows, start=1):
                for c, value in enumerate(row, start=1):
                    cell = grid.cell(r, c)
                    if cell.kind is CellKind.ZERO_DATE:
                        assert value in (dt.time(0, 0), dt.datetime(1899, 12, 31), dt.date(1899, 12, 31))
                    elif cell.kind is CellKind.DATE:
                        assert (value.date() if isinstance(value, dt.datetime) else value) == cell.value
                    elif cell.kind in (CellKind.NUMBER, CellKind.PERCENT):
                        assert Decimal(repr(value)) == cell.value
                    else:
                        assert value == (cell.value or "")
                    seen += not cell.empty
    assert seen > 2000


@pytest.mark.parametrize("office", OFFICES)
def test_xlsm(workbooks, original, rows_of, tmp_path, office):
    path = shutil.copy(workbooks / "massacarrara-2019" / f"{office}_monitoraggio_2019.xlsx", tmp_path / "foglio.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00" * 64)
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert rows_of(path) == original(office)
    assert [(note.code, note.found) for note in read_workbook(path).findings] == [
        ("PX-R011", "il file contiene macro"), ("PX-R011", "il file contiene collegamenti ad altri file"),
    ]  # fmt: skip


def save_xls(matrix, path, *, date1904=False):
    book = xlwt.Workbook()
    book.dates_1904 = date1904
    sheet = book.add_sheet("Cruscotto")
    for r, row in enumerate(matrix.rows):
        for c, cell in enumerate(row):
            if cell is not None:
                value, number_format = cell
                kept = xlwt.easyxf(num_format_str=number_format)
                sheet.write(r, c, value, kept)
    sheet.write_merge(60, 60, 0, 3, "Totale")
    book.save(str(path))
    return path


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("office", OFFICES)
def test_xls(matrix, original, rows_of, tmp_path, office, date1904):
    path = save_xls(matrix(office), tmp_path / "foglio.xls", date1904=date1904)
    assert rows_of(path) == original(office)
    assert read_workbook(path).findings == ()


def save_ods(matrix, path):
    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Cruscotto")
    for row in matrix.rows:
        line = table.TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        line.addElement(table.TableCell(numbercolumnsrepeated=1000))
        sheet.addElement(line)
    sheet.addElement(table.TableRow(numberrowsrepeated=1_000_000))
    document.spreadsheet.addElement(sheet)
    document.save(str(path))
    return path


def _ods_cell(cell):
    if cell is None:
        return table.TableCell()
    value, number_format = cell
    if isinstance(value, str):
        made = table.TableCell(valuetype="string")
        note = Annotation()
        note.addElement(text.P(text="un commento"))
        made.addElement(note)
        made.addElement(text.P(text=value))
        return made
    if isinstance(value, dt.datetime):
        return table.TableCell(valuetype="date", datevalue=value.date().isoformat())
    if value == 0 and "yy" in number_format:
        return table.TableCell(valuetype="date", datevalue="1899-12-30")
    return table.TableCell(valuetype="percentage" if "%" in number_format else "float", value=repr(value))


@pytest.mark.parametrize("office", OFFICES)
def test_ods(matrix, original, rows_of, tmp_path, office):
    path = save_ods(matrix(office), tmp_path / "foglio.ods")
    assert rows_of(path) == original(office)
    assert read_workbook(path).findings == ()


def test_a_box_drawn_over_a_cell_of_an_ods_is_no_part_of_it(tmp_path):
    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Uno")
    for value in (None, "testo"):
        made = table.TableCell() if value is None else table.TableCell(valuetype="string")
        box = draw.CustomShape(width="4cm", height="2cm")
        box.addElement(text.P(text="Restituire il foglio entro 15 gg"))
        made.addElement(box)
        if value is not None:
            made.addElement(text.P(text=value))
        line = table.TableRow()
        line.addElement(made)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(tmp_path / "x.ods"))
    (grid,) = grids(tmp_path / "x.ods", read_ods)
    assert grid.cell(1, 1).empty
    assert grid.cell(2, 1).value == "testo"


def test_ods_repeats_spaces_errors_booleans_hidden_sheets(tmp_path):
    document = OpenDocumentSpreadsheet()
    hidden = style.Style(name="nascosto", family="table")
    hidden.addElement(style.TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)
    sheet = table.Table(name="Uno", stylename="nascosto")
    row = table.TableRow(numberrowsrepeated=2, visibility="collapse")
    made = table.TableCell(valuetype="string", numbercolumnsrepeated=2)
    paragraph = text.P(text="due")
    paragraph.addElement(text.S(c=3))
    paragraph.addText("spazi")
    made.addElement(paragraph)
    made.addElement(text.P(text="seconda riga"))
    row.addElement(made)
    row.addElement(table.TableCell(valuetype="boolean", booleanvalue="true"))
    error = table.TableCell(valuetype="float", value="0", formula="of:=1/0")
    error.addElement(text.P(text="#DIV/0!"))
    row.addElement(error)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(tmp_path / "x.ods"))
    (grid,) = grids(tmp_path / "x.ods", read_ods)
    assert (grid.hidden, grid.hidden_rows) == (True, {1, 2})
    for r in (1, 2):
        assert [grid.cell(r, c).value for c in (1, 2, 3, 4)] == ["due   spazi\nseconda riga"] * 2 + [True, "#DIV/0!"]
        assert grid.cell(r, 4).kind is CellKind.ERROR


COLS = b'<cols><col min="1" max="1" width="9"/><col %b/><col hidden="0" min="8" max="9"/></cols><sheetData>'


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [(b'min="3" max="4" width="0" hidden="1"', {3, 4}), (b"hidden='true' max='3' min='3'", {3}), (b'hidden="1" max="3"', set())],
)
@pytest.mark.parametrize("beside", [b"", b"<!-- by a handler for each tag -->"])
def test_hidden_columns_of_xlsx(matrix, tmp_path, attributes, hidden, beside):
    matrix("U1.1").save(tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<sheetData>", COLS.replace(b"<col %b/>", b"<col " + attributes + b"/>" + beside))
    with zipfile.ZipFile(tmp_path / "y.xlsx", "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    (grid,) = grids(tmp_path / "y.xlsx", read_xlsx)
    assert grid.hidden_columns == hidden


def test_hidden_columns_of_xls_and_ods(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Uno")
    sheet.write(0, 0, "a")
    sheet.col(2).hidden = True
    book.save(str(tmp_path / "x.xls"))
    ((grid,), _) = read_xls((tmp_path / "x.xls").read_bytes(), "x.xls")
    assert grid.hidden_columns == {3}
    document = OpenDocumentSpreadsheet()
    for _ in range(2):
        made = table.Table(name="Uno")
        made.addElement(table.TableColumn(numbercolumnsrepeated=2))
        made.addElement(table.TableColumn(numbercolumnsrepeated=2, visibility="collapse"))
        made.addElement(table.TableRow())
        document.spreadsheet.addElement(made)
    document.save(str(tmp_path / "x.ods"))
    assert [grid.hidden_columns for grid in grids(tmp_path / "x.ods", read_ods)] == [{3, 4}] * 2


@pytest.mark.parametrize("office", OFFICES)
def test_1904(matrix, original, rows_of, tmp_path, office):
    path = tmp_path / "foglio.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Cruscotto")
        for r, row in enumerate(matrix(office).rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell[0], book.add_format({"num_format": cell[1]}))
    with zipfile.ZipFile(path) as archive:
        assert b'date1904="1"' in archive.read("xl/workbook.xml")
    assert rows_of(path) == original(office)


def test_inline_rich_and_prefixed(workbooks, original, rows_of, tmp_path):
    """Strings inside the cells, rich runs with phonetics, and a prefix on every tag: all legal, all the same content."""
    source = workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx"
    strings = openpyxl_strings(source)

    def inline(match):
        words = strings[int(match[3])].replace("&", "&amp;").replace("<", "&lt;")
        half = len(words) // 2 if "&" not in words else 0
        runs = f"<r><t xml:space='preserve'>{words[:half]}</t></r><rPh sb='0' eb='1'><t>フリガナ</t></rPh><r><t xml:space='preserve'>{words[half:]}</t></r>"
        return f'<c {match[1]}t="inlineStr"{match[2]}><is>{runs}</is></c>'

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return data
        xml = re.sub(r'<c ([^>]*?)t="s"([^>]*)><v>(\d+)</v></c>', inline, data.decode())
        assert "inlineStr" in xml
        xml = re.sub(r"<(/?)(worksheet|sheetData|row|c|v|is|r|t|rPh|mergeCells|mergeCell)\b", r"<\1x:\2", xml)
        return xml.replace(
            'xmlns="http://schemas.openxmlformats.org/spreadsheetml', 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml'
        ).encode()

    assert rows_of(rezip(source, tmp_path / "U1.1.xlsx", change)) == original("U1.1")


def openpyxl_strings(path):
    with zipfile.ZipFile(path) as archive:
        from openpyxl.reader.strings import read_string_table

        with archive.open("xl/sharedStrings.xml") as part:
            return read_string_table(part)


def test_cells_and_rows_without_addresses(workbooks, original, rows_of, tmp_path):
    """`r` is optional on rows and cells: they then follow one another. Rows have no gaps in this copy of the sheet."""
    path = tmp_path / "U1.1.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Obiettivi / indicatori", "Risultato 2019", "Target 2019", "Ufficio", "Algoritmo"])
    sheet.append(["O1.1.1-a Primo", 3, 12, "U1.1", "n."])
    book.save(path)
    plain = read_workbook(path).sheets[0].rows
    bare = rezip(
        path, tmp_path / "senza.xlsx", lambda name, data: re.sub(rb' r="[A-Z]*\d+"', b"", data) if "sheet1" in name else data
    )
    assert [(row.code, row.result, row.offices) for row in read_workbook(bare).sheets[0].rows] == [
        (
            row.code,
            type(row.result)(row.result.kind, row.result.value, type(row.result.ref)(str(bare), "Sheet", 2, 2)),
            row.offices,
        )
        for row in plain
    ]


@pytest.mark.parametrize(("number_format", "kind"), [
    ("General", "number"), ("0", "number"), ("0%", "percent"), ("0,00%", "percent"), ('0"%"', "number"), ("0\\%", "number"),
    ("dd/mm/yyyy", "date"), ("[$-410]d mmmm yyyy", "date"), ("gg/mm/aaaa", "date"), ('"€" #,##0.00', "number"), ("[Red]0.00", "number"),
    ('#,##0 "giorni"', "number"), ("h:mm", "number"), ("[h]:mm:ss", "number"), ("@", "number"), ("0.00E+00", "number"), ("mmm-yy", "date"),
    ("#,##0.00_ ;[Red]-#,##0.00 ", "number"), ("0.0%;[Red]-0.0%", "percent"), ("_-* #,##0.00 _€_-", "number"), ("Standard", "number"),
])  # fmt: skip
def test_what_a_number_format_means(number_format, kind):
    assert kind_of_format(number_format) == kind


@pytest.mark.parametrize(("serial", "date1904", "day"), [
    (1, False, dt.date(1900, 1, 1)), (59, False, dt.date(1900, 2, 28)), (61, False, dt.date(1900, 3, 1)), (43555, False, dt.date(2019, 3, 31)),
    (43555.99, False, dt.date(2019, 3, 31)), (42093, True, dt.date(2019, 3, 31)), (2958465, False, dt.date(9999, 12, 31)),
    (2958466, False, None), (-1, False, None), (2957003, True, dt.date(9999, 12, 31)), (2957004, True, None),
])  # fmt: skip
def test_serials(serial, date1904, day):
    """Days that Excel itself shows for these serials in its two date systems."""
    assert serial_date(serial, date1904=date1904) == day


def test_numbers_are_what_was_typed():
    assert number_cell(0.90000000000000002, "0%", date1904=False, formula=False)[1] == Decimal("0.9")
    assert number_cell(1492129.83, "0.00", date1904=False, formula=False)[1] == Decimal("1492129.83")
    assert number_cell(0.0, "dd/mm/yyyy", date1904=False, formula=False)[0] is CellKind.ZERO_DATE
    assert number_cell(float("inf"), "0", date1904=False, formula=False)[0] is CellKind.ERROR


def test_renamed_files_are_read_with_a_note(workbooks, original, rows_of, matrix, tmp_path):
    path = shutil.copy(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx", tmp_path / "U1.1.xls")
    assert rows_of(path) == original("U1.1")
    assert [(note.code, note.found) for note in read_workbook(path).findings] == [
        ("PX-L009", "estensione «.xls», contenuto xlsx")
    ]
    old = save_xls(matrix("U1.1"), tmp_path / "U1.1.xlsx")
    assert rows_of(old) == original("U1.1")
    assert [note.code for note in read_workbook(old).findings] == ["PX-L009"]


def test_libreoffice_writes_what_we_read(libreoffice, matrix, original, rows_of, tmp_path):
    """A real application's .ods and .xlsx: types and formats survive its conversion."""
    path = matrix("U5.1-U5.2").save(tmp_path / "foglio.xlsx")
    assert rows_of(libreoffice.converted(path, "ods")) == original("U5.1-U5.2")
    assert rows_of(libreoffice.converted(path, "xlsx")) == original("U5.1-U5.2")
