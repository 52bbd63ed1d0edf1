"""Bad input: each kind is a finding with its code, nothing is raised, nothing is written, one bad file stops no other."""

import hashlib
import io
import shutil
import struct
import time
import tracemalloc
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.readers import container as containers
from perfxl.readers import find_workbooks, read_workbook

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["Obiettivi / indicatori", "Algoritmo", "Risultato 2019", "Target 2019", "Ufficio"]


@pytest.fixture
def good(workbooks):
    return workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx"


def codes(path):
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    workbook = read_workbook(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before == workbook.sha256
    return [finding.code for finding in workbook.findings]


def only(path, code):
    workbook = read_workbook(path)
    (finding,) = workbook.findings
    assert (finding.code, finding.file, workbook.sheets) == (code, str(path), ())
    assert codes(path) == [code]
    return finding.found


def with_part(source, target, name, data):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        with new.open(name, "w", force_zip64=True) as part:
            for piece in data:
                part.write(piece)
    return target


def write(path, data):
    path.write_bytes(data)
    return path


def test_hash_is_of_the_file_as_it_is(good):
    assert read_workbook(good).sha256 == hashlib.sha256(good.read_bytes()).hexdigest()


@pytest.mark.parametrize(("content", "nature"), [
    (b"ufficio;risultato\nU1.1;3\n", "testo semplice"), (b"<html><table><tr><td>3</td></tr></table></html>", "una pagina HTML"),
    (b"%PDF-1.7\n", "un PDF"), (b"{\\rtf1", "un testo RTF"), (b"\x01\x02\x00\x03" * 10, "di tipo sconosciuto"), (b"<?xml version='1.0'?><a/>", "un file XML"),
])  # fmt: skip
def test_something_else_named_xlsx(tmp_path, content, nature):
    assert only(write(tmp_path / "foglio.xlsx", content), "PX-L002") == f"il contenuto è {nature}"


def test_zip_without_sheets(tmp_path):
    with zipfile.ZipFile(tmp_path / "foglio.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    only(tmp_path / "foglio.xlsx", "PX-L002")


def test_xlsb_is_told_what_to_do(tmp_path):
    with zipfile.ZipFile(tmp_path / "foglio.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x00")
    assert "salvarla come .xlsx" in only(tmp_path / "foglio.xlsb", "PX-L002")


def test_empty_file(tmp_path):
    assert only(write(tmp_path / "foglio.xlsx", b""), "PX-L001") == "file vuoto (0 byte)"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_zip(tmp_path, good, share):
    data = good.read_bytes()
    only(write(tmp_path / "foglio.xlsx", data[: int(len(data) * share)]), "PX-L001")


def test_damaged_part(tmp_path, good):
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.getinfo(SHEET).header_offset
    data[start + 80 : start + 300] = b"\xff" * 220
    only(write(tmp_path / "foglio.xlsx", bytes(data)), "PX-L001")


@pytest.mark.parametrize(
    "xml", [b"<worksheet><sheetData><row", b"non xml", b"<worksheet><sheetData><row r='a'><c r='A1'><v>1</v></c></row>"]
)
def test_malformed_sheet(tmp_path, good, xml):
    only(with_part(good, tmp_path / "foglio.xlsx", SHEET, [xml]), "PX-L001")


def test_shared_string_out_of_range(tmp_path, good):
    xml = b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
    only(with_part(good, tmp_path / "foglio.xlsx", SHEET, [xml]), "PX-L001")


def test_missing_file_and_folder(tmp_path):
    missing = read_workbook(tmp_path / "manca.xlsx")
    assert ([finding.code for finding in missing.findings], missing.sha256) == (["PX-L001"], "")
    assert [finding.code for finding in read_workbook(tmp_path).findings] == ["PX-L002"]


def test_entities_are_refused(tmp_path, good):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData/>&b;</worksheet>'
    assert "DTD" in only(with_part(good, tmp_path / "foglio.xlsx", SHEET, [bomb]), "PX-L001")


def test_password_protected(tmp_path, good):
    with good.open("rb") as plain, (tmp_path / "foglio.xlsx").open("wb") as cipher:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("segreta", cipher)
    only(tmp_path / "foglio.xlsx", "PX-L003")


def test_encrypted_zip_part(tmp_path, good):
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        offset = archive.start_dir
    while data[offset : offset + 4] == b"PK\x01\x02":
        data[offset + 8] |= 1
        name, extra, comment = struct.unpack("<HHH", data[offset + 28 : offset + 34])
        offset += 46 + name + extra + comment
    only(write(tmp_path / "foglio.xlsx", bytes(data)), "PX-L003")


def test_password_protected_xls(tmp_path):
    """A FILEPASS record (0x002F) right after the first BOF: what Excel writes for a password to open (MS-XLS 2.4.117)."""
    book = xlwt.Workbook()
    book.add_sheet("Foglio").write(0, 0, "x" * 5000)
    book.save(str(tmp_path / "foglio.xls"))
    data = (tmp_path / "foglio.xls").read_bytes()
    bof = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    nothing = data.index(b"\xe1\x00\x02\x00", bof)  # INTERFACEHDR, which readers don't need
    only(write(tmp_path / "foglio.xls", data[:nothing] + b"\x2f\x00" + data[nothing + 2 :]), "PX-L003")


def test_encrypted_ods(tmp_path):
    with zipfile.ZipFile(tmp_path / "foglio.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x8f\x12\x00")
        archive.writestr("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>")
    only(tmp_path / "foglio.ods", "PX-L003")


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_truncated_xls(tmp_path, share):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Foglio")
    for row in range(200):
        sheet.write(row, 0, f"riga {row}")
    book.save(str(tmp_path / "intero.xls"))
    data = (tmp_path / "intero.xls").read_bytes()
    assert codes(write(tmp_path / "foglio.xls", data[: int(len(data) * share)])) == ["PX-L001"]


def test_zip_bomb_by_what_really_comes_out(tmp_path, good, monkeypatch):
    """Limits are on the inflated bytes; here they are lowered so that the test is quick."""
    monkeypatch.setattr(containers, "SHEET_LIMIT", 4 * containers.MIB)
    monkeypatch.setattr(containers.Parts.stream, "__defaults__", (4 * containers.MIB,))
    spaces = (b" " * containers.MIB for _ in range(64))
    path = with_part(good, tmp_path / "foglio.xlsx", SHEET, (piece for part in ([b"<worksheet>"], spaces) for piece in part))
    assert path.stat().st_size < 200_000
    assert only(path, "PX-L004") == f"la parte «{SHEET}» supera 4 MiB una volta espansa"


@pytest.mark.slow
def test_zip_bomb_at_the_real_limit(tmp_path, good):
    """600 MiB of blanks in half a megabyte: refused without holding them in memory."""
    blanks = b" " * containers.MIB
    path = with_part(good, tmp_path / "foglio.xlsx", SHEET, [b"<worksheet><sheetData>", *[blanks] * 600])
    tracemalloc.start()
    (finding,) = read_workbook(path).findings
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (finding.code, finding.found) == ("PX-L004", f"la parte «{SHEET}» supera 512 MiB una volta espansa")
    assert peak < 64 * containers.MIB


def test_zip_bomb_in_the_strings(tmp_path, good):
    path = with_part(good, tmp_path / "foglio.xlsx", "xl/sharedStrings.xml", [b"<sst>", *[b" " * containers.MIB] * 70])
    assert only(path, "PX-L004") == "la parte «xl/sharedStrings.xml» supera 64 MiB una volta espansa"


def test_zip_that_lies_on_its_size(tmp_path, good):
    path = with_part(good, tmp_path / "foglio.xlsx", SHEET, [b"<worksheet><sheetData>", *[b" " * containers.MIB] * 3])
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        declared = struct.pack("<L", archive.getinfo(SHEET).file_size)
    data = data.replace(declared, struct.pack("<L", 100))
    only(write(path, bytes(data)), "PX-L001")


def test_other_compression_is_refused(tmp_path, good):
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "foglio.xlsx", "w", zipfile.ZIP_LZMA) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    only(tmp_path / "foglio.xlsx", "PX-L001")


def million_rows(cells):
    yield b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = [HEADER, ["O1.1.1-a Primo", "n.", "3", "12", "U1.1"]]
    for r, row in enumerate(rows, start=1):
        made = "".join(f'<c r="{"ABCDE"[c]}{r}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in enumerate(row))
        yield f'<row r="{r}">{made}</row>'.encode()
    for start in range(3, 1_048_576, 1024):
        piece = []
        for r in range(start, min(start + 1024, 1_048_577)):
            empties = "".join(f'<c r="{letter}{r}" s="1"/>' for letter in cells)
            piece.append(f'<row r="{r}" s="1" customFormat="1">{empties}</row>')
        yield "".join(piece).encode()
    yield b"</sheetData></worksheet>"


@pytest.mark.slow
def test_a_million_formatted_empty_rows(tmp_path, good):
    path = with_part(good, tmp_path / "U1.1.xlsx", SHEET, million_rows("ABCDE"))
    started = time.process_time()
    workbook = read_workbook(path)
    seconds = time.process_time() - started
    assert [row.code for row in workbook.sheets[0].rows] == ["O1.1.1-a"]
    assert seconds < 8
    tracemalloc.start()
    read_workbook(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * containers.MIB


def test_too_many_full_cells(tmp_path, good, monkeypatch):
    import perfxl.readers.cells_xlsx as cells

    monkeypatch.setattr(cells, "MAX_CELLS", 1000)
    rows = [f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>'.encode() for r in range(1, 1200)]
    assert "più di 1000 celle" in only(
        with_part(good, tmp_path / "foglio.xlsx", SHEET, [b"<worksheet><sheetData>", *rows, b"</sheetData></worksheet>"]),
        "PX-L004",
    )


def test_repeated_full_rows_of_an_ods(tmp_path):
    from odf import table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Uno")
    row = table.TableRow(numberrowsrepeated=1_000_000)
    cell = table.TableCell(valuetype="string", numbercolumnsrepeated=16_000)
    cell.addElement(text.P(text="x"))
    row.addElement(cell)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(tmp_path / "foglio.ods"))
    only(tmp_path / "foglio.ods", "PX-L004")


def test_error_cells(tmp_path, matrix):
    m = matrix("U1.1")
    m.rows[6][2], m.rows[9][3] = ("#DIV/0!", "0"), ("#NAME?", "0")
    path = m.save(tmp_path / "U1.1.xlsx")
    book = openpyxl.load_workbook(path)
    assert (book.active["C7"].data_type, book.active["D10"].data_type) == ("e", "e")
    workbook = read_workbook(path)
    assert [(finding.code, finding.cell, finding.found) for finding in workbook.findings] == [
        ("PX-R006", "C7", "#DIV/0!"),
        ("PX-R006", "D10", "#NAME?"),
    ]
    assert len(workbook.sheets[0].rows) == 20


def test_formula_typed_as_text(tmp_path, matrix):
    m = matrix("U1.1")
    m.rows[6][2] = ('=HYPERLINK("http://esempio.it";"3")', "@")
    path = m.save(tmp_path / "U1.1.xlsx")
    workbook = read_workbook(path)
    assert [(finding.code, finding.cell) for finding in workbook.findings] == [("PX-R009", "C7")]
    row = workbook.sheets[0].rows[3]
    assert (row.result.kind, row.result.value) == ("text", '=HYPERLINK("http://esempio.it";"3")')


def test_a_sheet_that_is_not_recognised_says_what_was_looked_for_and_seen(tmp_path, matrix):
    m = matrix("U1.1")
    m.rows[2][2], m.rows[2][0] = ("Esito della misura", "General"), ("Voce", "General")
    workbook = read_workbook(m.save(tmp_path / "U1.1.xlsx"))
    (finding,) = workbook.findings
    assert (finding.code, finding.sheet, finding.cell, workbook.sheets) == ("PX-R001", "Cruscotto", "A3", ())
    for words in (
        "cruscotto-massacarrara",
        "trovate: «Algoritmo», «Target 2019»",
        "mancano: «Obiettivi / indicatori",
        "«Risultato»",
        "«Esito della misura»",
    ):
        assert words in finding.found
    assert "«Ufficio»" in finding.expected


def test_a_table_of_something_else(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cognome", "Nome", "Interno", "Piano"])
    book.active.append(["Rossi", "Anna", 123, 2])
    book.save(tmp_path / "rubrica.xlsx")
    (finding,) = read_workbook(tmp_path / "rubrica.xlsx").findings
    assert finding.code == "PX-R001"
    assert "«Cognome», «Nome», «Interno», «Piano»" in finding.found


def test_header_without_rows(tmp_path, matrix):
    m = matrix("U1.1")
    m.rows = m.rows[:3]
    workbook = read_workbook(m.save(tmp_path / "U1.1.xlsx"))
    assert [finding.code for finding in workbook.findings] == ["PX-R003"]
    assert workbook.sheets[0].respondent == "U1.1"


# -- find_workbooks ------------------------------------------------------------------------------------------------------


def sign(target, comments):
    """A workbook with that document property: what perfxl wrote is told by it, whatever its name."""
    book = openpyxl.Workbook()
    book.properties.description = comments
    book.save(target)


def test_folders_are_walked_in_order_and_everything_left_out_is_told(tmp_path, good):
    for name in (
        "b/U2.xlsx",
        "b/a/U3.xls",
        "a.ODS",
        "C.xlsm",
        "b/.nascosto.xlsx",
        ".git/x.xlsx",
        "leggimi.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(good, tmp_path / name)
    sign(tmp_path / "Riepilogo aprile.xlsx", "Prodotto da perfxl 0.1.0 il 02/05/2019 09:00")
    sign(tmp_path / "Consolidato_U1.1_aprile.xlsx", "Le cifre di aprile")
    found, findings = find_workbooks([tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "C.xlsm", "Consolidato_U1.1_aprile.xlsx", "a.ODS", "b/U2.xlsx", "b/a/U3.xls",
    ]  # fmt: skip
    assert [(note.code, note.found) for note in findings] == [
        ("PX-L008", "Riepilogo aprile.xlsx: prodotto da perfxl"), ("PX-L008", "leggimi.txt: non è una cartella di lavoro"),
    ]  # fmt: skip


@pytest.mark.parametrize("lock", ["~$U1.1.xlsx", "~$.1.xlsx", ".~lock.U1.1.xlsx#"])
def test_a_workbook_open_elsewhere(tmp_path, good, lock):
    shutil.copy(good, tmp_path / "U1.1.xlsx")
    (tmp_path / lock).write_bytes(b"x" * 165)
    found, findings = find_workbooks([tmp_path])
    assert [path.name for path in found] == ["U1.1.xlsx"]
    assert [(note.code, note.file) for note in findings] == [("PX-L005", str(tmp_path / "U1.1.xlsx"))]


def test_a_lock_beside_a_file_named_by_the_caller(tmp_path, good):
    shutil.copy(good, tmp_path / "U1.1.xlsx")
    (tmp_path / "~$U1.1.xlsx").write_bytes(b"x")
    found, findings = find_workbooks([tmp_path / "U1.1.xlsx", tmp_path / "~$U1.1.xlsx"])
    assert [path.name for path in found] == ["U1.1.xlsx"]
    assert {(note.code, note.file) for note in findings} == {("PX-L005", str(tmp_path / "U1.1.xlsx"))}


def test_no_workbook_at_all(tmp_path):
    (tmp_path / "vuota").mkdir()
    (tmp_path / "note.txt").write_text("x")
    for given_paths in ([tmp_path / "vuota"], [tmp_path], [tmp_path / "manca"], []):
        found, findings = find_workbooks(given_paths)
        assert found == []
        assert [note.code for note in findings].count("PX-L007") == 1


def test_the_same_file_twice_is_taken_once(tmp_path, good):
    shutil.copy(good, tmp_path / "U1.1.xlsx")
    found, _ = find_workbooks([tmp_path, tmp_path / "U1.1.xlsx", str(tmp_path)])
    assert len(found) == 1


def test_one_bad_file_stops_no_other(tmp_path, good, unchanged):
    shutil.copy(good, tmp_path / "U1.1.xlsx")
    write(tmp_path / "a.xlsx", b"testo")
    write(tmp_path / "b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook".decode().encode("utf-16-le") + b"\x00" * 600)
    write(tmp_path / "c.ods", b"PK\x03\x04")
    with unchanged(tmp_path, nothing_added=True):
        read = [read_workbook(path) for path in find_workbooks([tmp_path])[0]]
    assert [[finding.code for finding in workbook.findings] for workbook in read] == [[], ["PX-L002"], ["PX-L001"], ["PX-L001"]]
    assert len(read[0].sheets[0].rows) == 20


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_a_finding_and_never_an_exception(tmp_path, good, data):
    """Bytes changed anywhere in a real file: it is read, or it is a finding."""
    raw = bytearray(good.read_bytes())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), min_size=1, max_size=30)
    ):
        raw[place] = value
    workbook = read_workbook(write(tmp_path / "foglio.xlsx", bytes(raw)))
    assert workbook.sheets or workbook.findings


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_sheet_content_is_read_without_exceptions(tmp_path, data):
    texts = st.sampled_from([*HEADER, "O1.1.1-a x", "OB 1: x", "1.1 y", "PROGETTO 1A0101:", "OBIETTIVO STRATEGICO 1A:", "INDICATORI STRATEGICI 1A:",
                             "RISULTATO", "INDICATORI:", "RISORSE UTILIZZATE", "PROGETTO :", "Indicatore", "Realizzazione", "DIRIGENTE X", "OBIETTIVO 1/2017",
                             "OBIETTIVO REALIZZATO AL", "", " ", "\xa0", "=A1", 0, 3.5, True, None, "Peso", "Budget", "MISSIONE 011:"])  # fmt: skip
    rows = data.draw(st.lists(st.lists(texts, max_size=6), max_size=14))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "foglio.xlsx")
    workbook = read_workbook(tmp_path / "foglio.xlsx")
    assert workbook.sheets or workbook.findings
