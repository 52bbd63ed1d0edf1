"""What people wrote in *Scostamenti* and *Rettifiche* survives the next run, however they left the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from perfxl.consolidation import after_writing
from perfxl.model import Adjustment
from perfxl.writers import read_previous

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from perfxl.consolidation import Consolidation

HEADING_ROW = 4
NOTE = "=il fornitore è in ritardo\nvedi mail del 3/4"


def columns(sheet: Worksheet, row: int = HEADING_ROW) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[row] if cell.value}


def annotate(path: Path, code: str, cause: str, note: str) -> None:
    """As the controller does, in the sheet."""
    book = load_workbook(path)
    sheet = book["Scostamenti"]
    at = columns(sheet)
    row = next(r for r in range(HEADING_ROW + 1, sheet.max_row + 1) if sheet.cell(r, at["Codice"]).value == code)
    sheet.cell(row, at["Causa"]).value = cause
    cell = sheet.cell(row, at["Nota"])
    cell.value, cell.data_type = note, "s"
    book.save(path)


def annotations(path: Path) -> dict[str, tuple[Any, Any]]:
    sheet = load_workbook(path)["Scostamenti"]
    at = columns(sheet)
    rows = range(HEADING_ROW + 1, sheet.max_row + 1)
    found = {sheet.cell(r, at["Codice"]).value: (sheet.cell(r, at["Causa"]).value, sheet.cell(r, at["Nota"]).value) for r in rows}
    return {code: pair for code, pair in found.items() if any(pair)}


def test_cause_and_note_survive_the_next_runs(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    annotate(path, "O1.2.4-a", "endogena", NOTE)
    annotate(path, "S1.1.1-a", "", "solo una nota")
    for _ in range(2):
        massacarrara.write(path)
    assert annotations(path) == {"O1.2.4-a": ("endogena", NOTE), "S1.1.1-a": (None, "solo una nota")}
    codes = [row[1].value for row in load_workbook(path)["Anomalie"].iter_rows(min_row=HEADING_ROW + 1)]
    assert "PX-S003" in codes


def test_notes_survive_sorting_added_columns_and_a_deleted_key(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    annotate(path, "O1.2.4-a", "esogena", "nota")
    book = load_workbook(path)
    sheet = book["Scostamenti"]
    key = columns(sheet)["chiave della riga"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADING_ROW + 1)]
    for r, values in enumerate(reversed(rows), start=HEADING_ROW + 1):
        for c, value in enumerate(values, start=1):
            sheet.cell(r, c).value = None if c == key else value
    sheet.insert_cols(1)
    sheet.insert_rows(1, amount=2)
    book.save(path)
    massacarrara.write(path)
    assert annotations(path) == {"O1.2.4-a": ("esogena", "nota")}


def test_a_note_whose_row_is_gone_is_kept(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    annotate(path, "O1.2.4-a", "esogena", "non perdermi")
    without = replace(massacarrara, rows=tuple(row for row in massacarrara.rows if row.code != "O1.2.4-a"))
    without.write(path)
    assert annotations(path) == {"O1.2.4-a": ("esogena", "non perdermi")}
    massacarrara.write(path)
    assert annotations(path) == {"O1.2.4-a": ("esogena", "non perdermi")}


def test_a_previous_file_that_cant_be_read_is_kept_and_said(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_text("non sono una cartella di lavoro", encoding="utf-8")
    massacarrara.write(path)
    assert (tmp_path / "c (1).xlsx").read_text(encoding="utf-8") == "non sono una cartella di lavoro"
    codes = [row[1].value for row in load_workbook(path)["Anomalie"].iter_rows(min_row=HEADING_ROW + 1)]
    assert {"PX-S002", "PX-S004"} <= set(codes)


def test_a_column_that_a_person_added_is_kept_in_the_copy_and_said(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    book = load_workbook(path)
    sheet = book["Scostamenti"]
    for column, (heading, text) in enumerate((("Vista con il dirigente", "sì"), ("Vuota", None)), start=20):
        sheet.cell(HEADING_ROW, column).value = heading
        sheet.cell(HEADING_ROW + 1, column).value = text
    book.save(path)
    massacarrara.write(path)
    said = [f for f in after_writing(massacarrara).findings if f.code == "PX-S004" and f.sheet == "Scostamenti"]
    assert [(str(f.severity), f.found) for f in said] == [
        ("avviso", "c (1).xlsx: la colonna «Vista con il dirigente», aggiunta nella scheda Scostamenti, è rimasta soltanto lì")
    ]
    assert "Nessuna azione" not in said[0].remedy
    assert [f for f in after_writing(massacarrara).findings if f.found == "c (1).xlsx"]


def renamed(path: Path, tab: str = "", **headings: str) -> None:
    """Another name for the tab, and for columns: what people do to a workbook that they keep."""
    book = load_workbook(path)
    sheet = book["Scostamenti"]
    for heading, other in headings.items():
        sheet.cell(HEADING_ROW, columns(sheet)[heading]).value = other
    sheet.title = tab or sheet.title
    book.save(path)


@pytest.mark.parametrize(
    ("tab", "headings"),
    [
        ("Scostamenti aprile", {}),
        ("", {"Nota": "Note"}),
        ("", {"Causa": "Perché", "Nota": "Osservazioni"}),
        ("Scost. aprile", {"Causa": "CAUSE", "Nota": "Note del dirigente"}),
    ],
)
def test_notes_survive_another_name_of_the_tab_and_of_their_columns(
    massacarrara: Consolidation, tmp_path: Path, tab: str, headings: dict[str, str]
) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    annotate(path, "O1.2.4-a", "endogena", NOTE)
    renamed(path, tab, **headings)
    massacarrara.write(path)
    assert annotations(path) == {"O1.2.4-a": ("endogena", NOTE)}
    assert [f.code for f in after_writing(massacarrara).findings if f.code == "PX-S004"] == []


def test_a_renamed_note_beside_an_added_column_is_not_guessed(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    annotate(path, "O1.2.4-a", "endogena", "nota")
    book = load_workbook(path)
    sheet = book["Scostamenti"]
    at = columns(sheet)["Nota"]
    sheet.cell(HEADING_ROW, at).value = "Note"
    sheet.insert_cols(at)
    sheet.cell(HEADING_ROW, at).value = "Vista"
    sheet.cell(HEADING_ROW + 1, at).value = "sì"
    book.save(path)
    massacarrara.write(path)
    assert annotations(path) == {"O1.2.4-a": ("endogena", None)}
    said = [f.found for f in after_writing(massacarrara).findings if f.code == "PX-S004"]
    assert [text.split(", ")[0] for text in said] == ["c (1).xlsx: la colonna «Vista»", "c (1).xlsx: la colonna «Note»"]


def test_a_tab_of_notes_that_is_gone_is_said(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    book = load_workbook(path)
    del book["Scostamenti"]
    book.save(path)
    massacarrara.write(path)
    (said,) = [f for f in after_writing(massacarrara).findings if f.code == "PX-S004"]
    assert said.found.startswith("c (1).xlsx: la scheda Scostamenti non si trova")


def test_no_file_no_memory(tmp_path: Path) -> None:
    found = read_previous(tmp_path / "manca.xlsx")
    assert (found.notes, found.adjustments, found.findings) == ((), (), ())


def test_another_workbook_holds_no_notes(workbooks: Path) -> None:
    found = read_previous(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx")
    assert (found.notes, found.adjustments, found.findings) == ((), (), ())


def test_rettifiche_are_read_back_as_remembered(massacarrara: Consolidation, tmp_path: Path) -> None:
    given = (
        Adjustment("U1.1.xlsx", "[Cruscotto] C7", "", "", "5", None, "errore di battitura", "M. Rossi", date(2019, 5, 6), None,
                   replaced_result="4", replaced_pct=Decimal(80), applied=True),
        Adjustment("", "", "U0.1", "O2.1.4-e", None, Decimal("75.5"), "=motivo", "SG", None, None),
    )  # fmt: skip
    path = replace(massacarrara, adjustments=given).write(tmp_path / "c.xlsx")
    back = read_previous(path).adjustments
    assert [replace(a, source=None) for a in back] == [
        replace(a, applied=False, remembered=True, replaced_result=a.replaced_result) for a in given
    ]
    assert [a.source.a1 for a in back if a.source] == ["A5", "A6"]


def test_drop_down_of_causes(massacarrara: Consolidation, tmp_path: Path) -> None:
    sheet = load_workbook(massacarrara.write(tmp_path / "c.xlsx"))["Scostamenti"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"esogena,endogena,errore dell\'indicatore"'
    cause = sheet.cell(HEADING_ROW + 1, columns(sheet)["Causa"])
    assert cause.coordinate in rule.sqref


def test_what_needs_an_explanation_comes_first(massacarrara: Consolidation, tmp_path: Path) -> None:
    sheet = load_workbook(massacarrara.write(tmp_path / "c.xlsx"), data_only=True)["Scostamenti"]
    at = columns(sheet)
    states = [sheet.cell(r, at["Stato"]).value for r in range(HEADING_ROW + 1, sheet.max_row + 1)]
    order = {"– non misurato": 0, "○ non raggiunto": 1, "◐ parzialmente raggiunto": 2, "● raggiunto": 3}
    assert [order[state] for state in states] == sorted(order[state] for state in states)
    timing = [sheet.cell(r, at["Tempi"]).value for r, s in enumerate(states, HEADING_ROW + 1) if s == "– non misurato"]
    assert set(timing) == {"scaduto, manca il risultato"}
