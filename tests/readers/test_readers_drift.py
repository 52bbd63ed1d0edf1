"""Real dashboards written again under each drift that offices produce: the same rows must come out."""

import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from perfxl.model import CellKind, SheetRole
from perfxl.readers import read_workbook
from perfxl.readers.headings import heading

OFFICES = ("U1.1", "U5.1-U5.2", "ISR", "PO2", "ENTE_e_trasversali")
TEXT = "General"


def title_rows_above(m):
    logo = [
        [("Camera di Commercio di Massa-Carrara", TEXT)],
        [None],
        [("Monitoraggio al 30/04/2019", TEXT), None, ("bozza", TEXT)],
    ]
    return m.__class__([*logo, *m.rows])


def header_lower_and_to_the_right(m):
    return m.__class__([[]] * 9 + [[None, None, None, *row] for row in m.rows])


def note_columns_in_the_middle(m):
    def widened(r, row):
        extra = [("Note", TEXT), ("Sede", TEXT)] if r == 2 else [("vedi mail", TEXT) if r > 4 and row and row[0] else None, None]
        return [*row[:2], *extra, *row[2:]]

    return m.__class__([widened(r, row) for r, row in enumerate(m.rows)])


def columns_in_reverse_order(m):
    width = len(m.rows[2])
    return m.__class__([row if r < 2 else (row + [None] * (width - len(row)))[::-1] for r, row in enumerate(m.rows)])


def columns_interleaved(m):
    order = (7, 2, 0, 8, 5, 3, 6, 1, 4)
    return m.__class__([row if r < 2 else [row[c] for c in order] for r, row in enumerate(m.rows)])


SYNONYMS = {
    "OBIETTIVI / INDICATORI STRATEGICI / OPERATIVI": "Obiettivi e indicatori (strategici e operativi)",
    "Algoritmo": "Formula di calcolo",
    "Risultato 2019": "Risultato al 30/04/2019",
    "Target 2019": "Valore atteso 2019",
    "Target 2020": "Valore atteso anno 2020",
    "Target 2021": "Valore atteso  2021",
    "% Realizz parametrata": "% di realizzazione",
    "% Realizz Parametrata": "% di realizzazione",
    "UFFICIO": "Unità  organizzativa",
    "OB IND": "Obiettivi individuali",
}


def synonyms(m):
    return m.changed(lambda r, _, text: SYNONYMS[text] if r == 2 else text)


def other_synonyms(m):
    words = {"Risultato 2019": "CONSUNTIVO 2019", "UFFICIO": "UNITA' ORGANIZZATIVA", "Algoritmo": "ALGORITMO DI CALCOLO:"}
    return m.changed(lambda r, _, text: words.get(text, text) if r == 2 else text)


def still_other_synonyms(m):
    words = {
        "Risultato 2019": "Esito 2019",
        "Target 2019": "Valore programmato 2019",
        "Algoritmo": "Algoritmo / formula",
        "UFFICIO": "Unità organizzativa responsabile",
    }
    return m.changed(lambda r, _, text: words.get(text, text) if r == 2 else text)


def synonyms_of_a_report(m):
    words = {"Risultato 2019": "Rendicontazione 2019", "Target 2019": "Previsto 2019", "Target 2020": "Valore previsto 2020"}
    return m.changed(lambda r, _, text: words.get(text, text) if r == 2 else text)


def a_value_at_a_date(m):
    return m.changed(lambda r, _, text: "Valore al 30/04/2019" if r == 2 and text == "Risultato 2019" else text)


def the_datum_at_a_date(m):
    words = {"Risultato 2019": "Dato al 30 aprile 2019", "Target 2019": "Risultato previsto 2019"}
    return m.changed(lambda r, _, text: words.get(text, text) if r == 2 else text)


def stray_empty_rows(m):
    rows = [line for row in m.rows for line in (row, [None, (" \xa0 ", TEXT)], [])]
    return m.__class__(rows)


def letters_and_zeros_swapped(m):
    def swapped(r, c, text):
        if r > 2 and c == 0 and text[0] in "O0" and text[1:2].isdigit():
            return ("0" if text[0] == "O" else "O") + text[1:]
        if r > 2 and c == 8:
            return text.replace("P0", "PX").replace("PO", "P0").replace("PX", "PO")
        return text

    return m.changed(swapped)


def double_spaces_and_no_break_spaces(m):
    return m.changed(lambda r, c, text: "  " + text.replace(" ", " \xa0 ") + " \n" if r >= 2 and c not in (2, 3, 4, 5) else text)


def lower_case_headings_and_codes(m):
    def lowered(r, c, text):
        if r == 2:
            return text.lower() if c % 2 else text.upper()
        return text[:1].lower() + text[1:] if r > 2 and c == 0 and text[1:2].isdigit() else text

    return m.changed(lowered)


def total_and_signature_below(m):
    return m.__class__([*m.rows, [], [("Totale", TEXT), None, (7, "0")], [("Il Responsabile dell'ufficio", TEXT)]])


def header_repeated_as_on_a_printed_page(m):
    return m.__class__([*m.rows[:8], m.rows[2], *m.rows[8:]])


def codes_in_a_column_of_their_own(m):
    def split(r, row):
        if r == 2:
            return [("Codice", TEXT), *row]
        if r < 3 or not row or not row[0]:
            return [row[0], None, *row[1:]] if row else row
        code, _, text = (row[0][0].partition(":") if row[0][0].startswith("OB") else row[0][0].partition(" ")) if row[0] else ""
        return [(code, TEXT), (text.strip(), TEXT), *row[1:]]

    return m.__class__([split(r, row) for r, row in enumerate(m.rows)])


def rows_numbered_under_a_heading_of_codes(m):
    """Also those that nobody filled in."""
    rows = [*m.rows, [], []]
    return m.__class__([[("Cod.", TEXT) if r == 2 else (r, "0") if r > 2 else None, *row] for r, row in enumerate(rows)])


DRIFTS = [
    title_rows_above, header_lower_and_to_the_right, note_columns_in_the_middle, columns_in_reverse_order, columns_interleaved, synonyms,
    other_synonyms, still_other_synonyms, synonyms_of_a_report, a_value_at_a_date, the_datum_at_a_date, stray_empty_rows, letters_and_zeros_swapped, double_spaces_and_no_break_spaces, lower_case_headings_and_codes,
    total_and_signature_below, header_repeated_as_on_a_printed_page, codes_in_a_column_of_their_own, rows_numbered_under_a_heading_of_codes,
]  # fmt: skip


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.__name__)
@pytest.mark.parametrize("office", OFFICES)
def test_the_same_rows_come_out(matrix, original, rows_of, tmp_path, office, drift):
    path = drift(matrix(office)).save(tmp_path / f"{office}.xlsx")
    assert rows_of(path) == original(office)
    assert read_workbook(path).findings == ()


@pytest.mark.parametrize("office", OFFICES)
def test_all_drifts_at_once(matrix, original, rows_of, tmp_path, office):
    m = matrix(office)
    steps = (
        synonyms, letters_and_zeros_swapped, total_and_signature_below, note_columns_in_the_middle, columns_in_reverse_order, stray_empty_rows,
        title_rows_above, header_lower_and_to_the_right,
    )  # fmt: skip
    for step in steps:
        m = step(m)
    path = m.save(tmp_path / "tutto.xlsx")
    assert rows_of(path) == original(office)
    workbook = read_workbook(path)
    assert workbook.sheets[0].respondent == office.replace("-", "/").removesuffix("_e_trasversali")
    assert workbook.findings == ()


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.__name__)
def test_the_respondent_survives(matrix, tmp_path, drift):
    found = {office: read_workbook(drift(matrix(office)).save(tmp_path / f"{office}.xlsx")).sheets[0] for office in OFFICES}
    assert {office: sheet.respondent for office, sheet in found.items()} == {
        "U1.1": "U1.1", "U5.1-U5.2": "U5.1/U5.2", "ISR": "ISR", "PO2": "PO2", "ENTE_e_trasversali": "ENTE",
    }  # fmt: skip
    assert {sheet.year for sheet in found.values()} == {2019}


def test_hidden_rows_are_read_with_a_note(matrix, original, tmp_path, rows_of):
    m = matrix("U1.1")
    m.hidden = (7, 14)
    path = m.save(tmp_path / "nascoste.xlsx")
    assert rows_of(path) == original("U1.1")
    (note,) = read_workbook(path).findings
    assert (note.code, note.cell, note.found) == ("PX-R010", "A7", "righe nascoste: 7, 14")


def test_instructions_before(matrix, original, tmp_path, rows_of):
    m = matrix("U1.1")
    m.before = (
        (
            "Istruzioni",
            [["Compilare la colonna Risultato 2019", "entro il 15 maggio", "grazie"], ["Non cambiare il Target 2019"]],
        ),
        ("Foglio2", []),
    )
    path = m.save(tmp_path / "istruzioni.xlsx")
    assert rows_of(path) == original("U1.1")
    assert [(note.code, note.sheet) for note in read_workbook(path).findings] == [
        ("PX-R003", "Istruzioni"),
        ("PX-R003", "Foglio2"),
    ]


def test_text_numbers_and_dates_stay_text_with_their_blanks(matrix, tmp_path):
    m = matrix("U5.1-U5.2")
    m.rows[7][2] = (" 29/03/2019\xa0", TEXT)
    m.rows[21][2] = ("\xa00 ", TEXT)
    m.rows[21][3] = (" 2 ", TEXT)
    (sheet,) = read_workbook(m.save(tmp_path / "testo.xlsx")).sheets
    rows = {row.code: row for row in sheet.rows}
    result = rows["O1.2.3-a"].result
    assert (result.kind, result.value) == (CellKind.TEXT, " 29/03/2019\xa0")
    assert rows["O2.1.3-e"].result.value == "\xa00 "
    assert rows["O2.1.3-e"].targets[2019].kind is CellKind.TEXT


def test_merged_headers(matrix, original, tmp_path, rows_of):
    m = matrix("U5.1-U5.2")
    m.rows = [row if r < 2 else [row[0], None, *row[1:]] for r, row in enumerate(m.rows)]
    m.merged = ("A3:B3", *(f"A{r}:B{r}" for r in range(4, len(m.rows) + 1)))
    assert rows_of(m.save(tmp_path / "unite.xlsx")) == original("U5.1-U5.2")


@pytest.mark.parametrize(
    ("area", "cells"), [("C11:C12", ["C12"]), ("B11:C11", ["C11"]), ("C10:C12", ["C11", "C12"]), ("C22:C23", [])]
)
def test_a_result_beneath_merged_cells_is_said(matrix, tmp_path, area, cells):
    """Excel keeps the first cell alone: the second indicator was not measured, and nobody knew why."""
    m = matrix("U1.1")
    m.rows[22][2] = None  # C22 is blank as it is: of two blank cells nothing was lost
    m.merged = (area,)
    found = read_workbook(m.save(tmp_path / "unite.xlsx")).findings
    assert [(f.code, f.cell) for f in found] == [("PX-N042", cell) for cell in cells]
    assert all(f.found.startswith(f"{area}: ") for f in found)


def equal_cells_merged(m, column):
    """The equal cells of a column, one below the other, merged as Excel merges them: the first alone keeps its content."""
    letter, top, areas = "ABCDEFGHI"[column], 3, []
    for r in range(4, len(m.rows) + 1):
        if r < len(m.rows) and m.rows[r][column] and m.rows[r][column] == m.rows[top][column]:
            continue
        areas += [f"{letter}{top + 1}:{letter}{r}"] if r - top > 1 and m.rows[top][column] else []
        top = r
    m.merged = (*m.merged, *areas)
    return len(areas)


@pytest.mark.parametrize(("column", "office", "ranges"), [(7, "U1.1", 4), (7, "U4.1", 2), (8, "PO2", 2), (1, "U5.1-U5.2", 1)])
def test_what_is_merged_over_several_rows_holds_for_all_of_them(matrix, original, rows_of, tmp_path, column, office, ranges):
    """Whose a row is, and how it is measured: but a result that covers two rows was measured once."""
    m = matrix(office)
    assert equal_cells_merged(m, column) >= ranges
    assert rows_of(m.save(tmp_path / "unite.xlsx")) == original(office)


def test_a_target_merged_over_several_rows_holds_where_no_row_has_its_own(matrix, tmp_path):
    m = matrix("U1.1")
    m.rows[10][3] = m.rows[11][3] = None
    m.merged = ("D10:D12",)
    m.rows[20][3] = None
    (sheet,) = read_workbook(m.save(tmp_path / "unite.xlsx")).sheets
    assert {row.targets[2019].value for row in sheet.rows if 10 <= row.ref.row <= 12} == {Decimal("0.9")}
    assert next(row for row in sheet.rows if row.ref.row == 21).targets[2019].empty  # blank, and in no range


def test_headings_on_two_rows(matrix, original, tmp_path, rows_of):
    m = matrix("U5.1-U5.2")
    top = [(text, TEXT) for text in ("OBIETTIVI / INDICATORI", "Algoritmo", "Risultato", "Target")]
    top += [None, None, ("% Realizz", TEXT), ("Unità", TEXT), ("OB", TEXT)]
    below = [("STRATEGICI / OPERATIVI", TEXT), None, ("2019", TEXT), (2019, "0"), (2020, "0"), (2021, "0"), ("parametrata", TEXT)]
    below += [("organizzativa", TEXT), ("IND", TEXT)]
    m.rows = [*m.rows[:2], top, below, *m.rows[3:]]
    m.merged = ("B3:B4", "D3:F3")
    assert rows_of(m.save(tmp_path / "due.xlsx")) == original("U5.1-U5.2")


def test_no_title_the_offices_of_the_rows_tell(matrix, tmp_path):
    m = matrix("ISR")
    m.rows[0] = []
    (sheet,) = read_workbook(m.save(tmp_path / "monitoraggio.xlsx")).sheets
    assert (sheet.respondent, sheet.respondent_offices) == ("ISR", ("ISR",))


def test_no_title_the_file_name_tells(matrix, tmp_path):
    m = matrix("U5.1-U5.2")
    m.rows[0] = []
    workbook = read_workbook(m.save(tmp_path / "U5.1-U5.2_monitoraggio.xlsx"))
    assert workbook.sheets[0].respondent == "U5.1/U5.2"
    assert workbook.findings == ()


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("Posizione organizzativa PO2", "monitoraggio"), ("Posizione organizzativa n. 2", "monitoraggio"),
        ("P.O. 2 Servizio Promozione", "monitoraggio"), ("PO 02", "monitoraggio"),
        ("Monitoraggio 2019", "PO2_monitoraggio_2019"), ("", "PO2_monitoraggio_2019"), ("", "P.O. 2 monitoraggio"),
        ("", "Monitoraggio_PO2_2019"), ("", "Posizione organizzativa 2"),
    ],
)  # fmt: skip
def test_a_po_is_told_before_the_office_of_its_rows(matrix, tmp_path, title, file):
    """All the rows of PO2 are also office U2.1's: without a title as usual the sheet took the place of the office's own."""
    m = matrix("PO2")
    m.rows[0] = [(title, TEXT)] if title else []
    workbook = read_workbook(m.save(tmp_path / f"{file}.xlsx"))
    assert [(sheet.respondent, sheet.role) for sheet in workbook.sheets] == [("PO2", SheetRole.PERSON)]
    assert workbook.findings == ()


@pytest.mark.parametrize("file", ["monitoraggio_PO_2019", "tipo 2", "capo2"])
def test_what_only_looks_like_a_po_is_none(matrix, tmp_path, file):
    m = matrix("PO2")
    m.rows[0] = []
    (sheet,) = read_workbook(m.save(tmp_path / f"{file}.xlsx")).sheets
    assert sheet.respondent == "U2.1"


def test_a_header_below_the_rows_that_are_searched_is_said(matrix, tmp_path):
    m = matrix("U1.1")
    m.rows = [*[[("riga", TEXT)]] * 58, *m.rows]
    (finding,) = read_workbook(m.save(tmp_path / "sotto.xlsx")).findings
    assert (finding.code, finding.cell) == ("PX-R001", "A61")
    assert finding.found == "le intestazioni del modello cruscotto-massacarrara sono alla riga 61: si cercano nelle prime 60"
    m.rows = m.rows[1:]
    assert read_workbook(m.save(tmp_path / "U1.1.xlsx")).findings == ()


def test_nothing_tells_the_office(matrix, tmp_path):
    m = matrix("U5.1-U5.2")
    m.rows[0] = [("Ufficio ragioneria", TEXT)]
    workbook = read_workbook(m.save(tmp_path / "monitoraggio_maggio.xlsx"))
    assert workbook.sheets[0].respondent == "monitoraggio_maggio"
    assert [finding.code for finding in workbook.findings] == ["PX-R005"]


def test_two_dashboards_one_below_the_other(matrix, original, content, tmp_path):
    first, second = matrix("U1.1"), matrix("PO2")
    first.rows = [*first.rows, [], [], *second.rows]
    workbook = read_workbook(first.save(tmp_path / "insieme.xlsx"))
    assert [sheet.respondent for sheet in workbook.sheets] == ["U1.1", "PO2"]
    assert [content(sheet) for sheet in workbook.sheets] == [original("U1.1"), original("PO2")]
    assert [sheet.header.row for sheet in workbook.sheets] == [3, 28]
    assert workbook.findings == ()


def test_a_row_that_is_not_understood_is_a_finding_with_its_cell(matrix, tmp_path, original, rows_of):
    m = matrix("U1.1")
    m.rows.insert(7, [("Indicatore aggiunto a mano", TEXT), None, (3, "0")])
    m.rows.append([None, None, (5, "0")])
    path = m.save(tmp_path / "riga.xlsx")
    assert rows_of(path) == original("U1.1")
    assert [(finding.code, finding.cell) for finding in read_workbook(path).findings] == [("PX-R004", "A8"), ("PX-R004", "C25")]


def test_a_missing_column_and_one_that_comes_twice(matrix, tmp_path):
    m = matrix("U1.1")
    m.rows = [
        row if r < 2 else [row[0], *row[2:], ("Risultato 2019", TEXT) if r == 2 else ("x", TEXT)] for r, row in enumerate(m.rows)
    ]
    workbook = read_workbook(m.save(tmp_path / "colonne.xlsx"))
    assert [(finding.code, finding.cell) for finding in workbook.findings] == [("PX-R007", "A3"), ("PX-R008", "I3")]
    assert workbook.sheets[0].rows[3].result.ref.a1 == "B7"


def test_of_two_result_columns_the_latest_year_counts(matrix, tmp_path, original, rows_of):
    m = matrix("U1.1")
    m.rows = [
        row if r < 2 else [*row[:2], ("Risultato 2018", TEXT) if r == 2 else (99, "0"), *row[2:]] for r, row in enumerate(m.rows)
    ]
    path = m.save(tmp_path / "anni.xlsx")
    assert rows_of(path) == original("U1.1")
    workbook = read_workbook(path)
    assert [(finding.code, finding.cell) for finding in workbook.findings] == [("PX-R008", "C3")]
    assert read_workbook(path, year=2018).sheets[0].rows[3].result.value == 99


def test_formula_cells_give_their_cached_value(matrix, tmp_path):
    path = tmp_path / "formule.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        percent, day = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Obiettivi / indicatori", "Risultato 2019", "Target 2019", "Ufficio"])
        sheet.write_row(1, 0, ["O1.1.1-a Primo", None, None, "U1.1"])
        sheet.write_formula(1, 1, "=9/10", percent, 0.9)
        sheet.write_formula(1, 2, "=DATE(2019,6,30)", day, (datetime(2019, 6, 30) - datetime(1899, 12, 30)).days)
        sheet.write_row(2, 0, ["O1.1.1-b Secondo", None, "2", "U1.1"])
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["O1.1.1-c Terzo", None, "2", "U1.1"])
        sheet.write_formula(3, 1, '=""', None, "vuota")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"<v>vuota</v>", b"<v></v>"
    )  # as Excel writes ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    workbook = read_workbook(path)
    first, second, third = workbook.sheets[0].rows
    assert (first.result.kind, str(first.result.value), first.result.formula) == (CellKind.PERCENT, "0.9", True)
    assert first.targets[2019].text == "30/06/2019"
    assert (second.result.kind, second.result.value) == (CellKind.ERROR, "#DIV/0!")
    assert third.result.empty  # a formula that gives "" was calculated: nothing to say
    codes = [(finding.code, finding.cell, finding.found) for finding in workbook.findings if finding.code != "PX-R007"]
    assert codes == [("PX-R006", "B3", "#DIV/0!")]


def test_a_formula_never_calculated_is_told(tmp_path):
    """openpyxl, like other libraries, writes formulas without their value."""
    book = openpyxl.Workbook()
    book.active.append(["Obiettivi / indicatori", "Algoritmo", "Risultato 2019", "Target 2019", "Ufficio"])
    book.active.append(["O1.1.1-a Primo", "n.", "=1+2", 3, "U1.1"])
    book.save(tmp_path / "formule.xlsx")
    workbook = read_workbook(tmp_path / "formule.xlsx")
    assert [(finding.code, finding.cell) for finding in workbook.findings] == [("PX-R012", "C2")]
    assert workbook.sheets[0].rows[0].result.empty


@pytest.mark.parametrize(("text", "words", "year"), [
    ("Risultato al 30/04/2019", "risultato", 2019), ("Risultato al 30.04.19", "risultato", 2019), ("CONSUNTIVO 2019", "consuntivo", 2019),
    ("Risultato al 30/04", "risultato", None), ("Risultato al 30 aprile 2019", "risultato", 2019), ("Valore atteso anno 2020", "valore atteso", 2020),
    ("Target\n2021", "target", 2021), ("Unita' organizzativa", "unita organizzativa", None), ("% Realizz. parametrata", "% realizz parametrata", None),
    ("value_2017", "value", 2017), ("2019", "", 2019), ("Target 31/12/2019", "target", 2019), ("Ufficio U1.1", "ufficio u1 1", None),
    ("Valore al 30/04/2019", "valore alla data", 2019), ("Dati al 30 aprile", "dati alla data", None), ("Valore 2019", "valore", 2019),
    ("Pesi (%)", "pesi %", None), ("x" * 300, "", None),
])  # fmt: skip
def test_headings_as_people_compare_them(text, words, year):
    assert heading(text) == (words, year)
