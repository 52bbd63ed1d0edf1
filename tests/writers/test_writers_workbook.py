"""The written workbook: valid, safe, kept, print-ready."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from perfxl.errors import OutputError
from perfxl.views import consolidated_book
from perfxl.writers import default_name
from perfxl.writers.file import write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

    from perfxl.consolidation import Consolidation

HEADING_ROW = 4
NASTY = [
    '=HYPERLINK("http://esempio.it","clic")', "+39 0585", "-1", "@SUM(A1)", "{=1+1}", "http://esempio.it", "00012", "1.2",
    "a\x01b", "_x0041_", "<b>&amp;</b>", " spazi ", "due\nrighe", "😀 à €",
]  # fmt: skip

A3, A4 = 8, 9


def column(sheet: Worksheet, heading: str) -> str:
    return next(cell.column_letter for cell in sheet[HEADING_ROW] if cell.value == heading)


def nasty(c: Consolidation) -> Consolidation:
    """Every text that an office typed replaced by one that looks like something else."""
    rows = tuple(
        replace(r, title=NASTY[i % len(NASTY)], result_text=NASTY[(i + 1) % len(NASTY)], target_text=NASTY[(i + 2) % len(NASTY)])
        for i, r in enumerate(c.rows)
    )
    nodes = tuple(replace(n, title=NASTY[i % len(NASTY)]) for i, n in enumerate(c.nodes))
    return replace(c, rows=rows, nodes=nodes, body="=Ente & C.")


@pytest.mark.parametrize("body", ["massacarrara", "lucca"])
def test_microsoft_s_validator_finds_no_error(
    body: str, request: pytest.FixtureRequest, tmp_path: Path, ooxml_validator: Callable[[Path], list[Any]]
) -> None:
    c: Consolidation = request.getfixturevalue(body)
    assert ooxml_validator(c.write(tmp_path / "sano.xlsx")) == []
    assert ooxml_validator(nasty(c).write(tmp_path / "strano.xlsx")) == []


def test_an_empty_consolidation_is_a_valid_workbook(
    massacarrara: Consolidation, tmp_path: Path, ooxml_validator: Callable[[Path], list[Any]]
) -> None:
    bare = replace(
        massacarrara, rows=(), offices=(), people=(), perspectives=(), findings=(), missing=(), sources=(), nodes=(),
    )  # fmt: skip
    assert ooxml_validator(bare.write(tmp_path / "vuoto.xlsx")) == []


def test_text_that_looks_like_a_formula_stays_text(massacarrara: Consolidation, tmp_path: Path) -> None:
    c = nasty(massacarrara)
    sheet = load_workbook(c.write(tmp_path / "testi.xlsx"))["Indicatori"]
    letter = column(sheet, "Indicatore")
    for index, row in enumerate(c.rows, start=HEADING_ROW + 1):
        cell = sheet[f"{letter}{index}"]
        assert cell.data_type in {"s", "inlineStr"}, cell.value
        assert cell.hyperlink is None
        assert _unescaped(cell.value) == row.title


def _unescaped(text: str) -> str:
    return re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)


def test_rows_in_bulk_are_the_same_cells(massacarrara: Consolidation, tmp_path: Path) -> None:
    c = nasty(massacarrara)
    book = consolidated_book(c, tmp_path)
    paths = tmp_path / "blocco.xlsx", tmp_path / "celle.xlsx"
    write_file(book, paths[0], bulk_rows=1)
    write_file(consolidated_book(c, tmp_path), paths[1], bulk_rows=10**9)
    bulk, cells = (load_workbook(path) for path in paths)
    compared = 0
    for sheet in bulk:
        other = cells[sheet.title]
        assert sheet.dimensions == other.dimensions
        for row in sheet.iter_rows():
            assert sheet.row_dimensions[row[0].row].height == other.row_dimensions[row[0].row].height
            for cell in row:
                twin = other[cell.coordinate]
                assert _look(cell) == _look(twin), (sheet.title, cell.coordinate)
                compared += 1
    assert compared > 2000


def _look(cell: Any) -> tuple[object, ...]:
    link = cell.hyperlink and (cell.hyperlink.target, cell.hyperlink.location)
    value = (
        cell.value.replace("_x005F_", "_") if isinstance(cell.value, str) else cell.value
    )  # openpyxl does it for one of the two
    return value, cell.data_type == "f", cell.number_format, cell.font.b, cell.fill.bgColor.rgb, cell.alignment.wrap_text, link


def test_sources_are_relative_links_to_the_cell(massacarrara: Consolidation, tmp_path: Path) -> None:
    folder = tmp_path / "sotto cartella"
    folder.mkdir()
    path = massacarrara.write(folder / "c.xlsx")
    sheet = load_workbook(path)["Indicatori"]
    letter = column(sheet, "Fonte")
    for index, row in enumerate(massacarrara.rows, start=HEADING_ROW + 1):
        link = sheet[f"{letter}{index}"].hyperlink
        if row.ref is None:
            assert link is None
            continue
        assert not link.target.startswith(("/", "file:"))
        assert (folder / unquote(link.target)).resolve() == Path(row.ref.file).resolve()
        assert link.location == f"'{row.ref.sheet}'!{row.ref.a1}"


def test_a_file_name_with_signs_keeps_its_link(massacarrara: Consolidation, tmp_path: Path) -> None:
    name = "100%20 è #1 [copia].xlsx"
    rows = tuple(replace(r, ref=replace(r.ref, file=str(tmp_path / name))) for r in massacarrara.rows if r.ref)
    sheet = load_workbook(replace(massacarrara, rows=rows).write(tmp_path / "c.xlsx"))["Indicatori"]
    target = sheet[f"{column(sheet, 'Fonte')}{HEADING_ROW + 1}"].hyperlink.target
    assert unquote(target) == name
    assert "#" not in target
    assert "\\" not in target


def test_what_was_there_is_kept_as_a_numbered_copy(massacarrara: Consolidation, tmp_path: Path) -> None:
    path = tmp_path / "Consolidato.xlsx"
    massacarrara.write(path)
    first = path.read_bytes()
    taken = tmp_path / "Consolidato (2).xlsx"
    taken.write_bytes(b"di qualcun altro")
    massacarrara.write(path)
    second = path.read_bytes()
    massacarrara.write(path)
    assert (tmp_path / "Consolidato (1).xlsx").read_bytes() == first
    assert taken.read_bytes() == b"di qualcun altro"
    assert (tmp_path / "Consolidato (3).xlsx").read_bytes() == second
    codes = [row[1].value for row in load_workbook(path)["Anomalie"].iter_rows(min_row=HEADING_ROW + 1)]
    assert "PX-S002" in codes
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "Consolidato (1).xlsx", "Consolidato (2).xlsx", "Consolidato (3).xlsx", "Consolidato.xlsx",
    ]  # fmt: skip


def test_a_folder_gets_the_default_name(massacarrara: Consolidation, lucca: Consolidation, tmp_path: Path) -> None:
    assert massacarrara.write(tmp_path).name == "Consolidato_CCIAA_Massa-Carrara_2019.xlsx"
    assert default_name(lucca) == "Consolidato_CCIAA_Lucca_2017.xlsx"
    assert default_name(replace(lucca, body="Università dell'Insubria / Varese", year=None)) == (
        "Consolidato_Universita_dell_Insubria_Varese.xlsx"
    )


def test_a_missing_folder_is_one_italian_sentence(massacarrara: Consolidation, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="non esiste") as raised:
        massacarrara.write(tmp_path / "manca" / "c.xlsx")
    assert raised.value.path == str(tmp_path / "manca" / "c.xlsx")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="il superutente scrive ovunque")
def test_a_read_only_folder(massacarrara: Consolidation, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="Non posso scrivere"):
            massacarrara.write(tmp_path / "c.xlsx")
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_that_refuses_files(massacarrara: Consolidation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a read-only folder, whoever runs the tests."""

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(OutputError, match=r"Non posso scrivere .*permesso negato"):
        massacarrara.write(tmp_path / "c.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_open_in_excel_is_left_alone(massacarrara: Consolidation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    before, opened = path.read_bytes(), Path.open

    def locked(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if self == path and mode == "r+b":
            raise PermissionError(13, "Permission denied")
        return opened(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(OutputError, match="chiuderlo se è aperto in Excel"):
        massacarrara.write(path)
    assert [p.name for p in tmp_path.iterdir()] == ["c.xlsx"]
    assert path.read_bytes() == before


def test_a_disk_that_fills_up_leaves_everything_as_it_was(
    massacarrara: Consolidation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = massacarrara.write(tmp_path / "c.xlsx")
    before = path.read_bytes()

    def full(_: object, temporary: Path) -> None:
        temporary.write_bytes(b"meta")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("perfxl.writers.file.write_file", full)
    with pytest.raises(OutputError, match="No space left"):
        massacarrara.write(path)
    assert [p.name for p in tmp_path.iterdir()] == ["c.xlsx"]
    assert path.read_bytes() == before


def test_every_tab_prints_well(massacarrara: Consolidation, tmp_path: Path) -> None:
    book = load_workbook(massacarrara.write(tmp_path / "c.xlsx"))
    assert book.sheetnames == [
        "Sintesi", "Albero", "Indicatori", "Uffici", "Responsabili", "Prospettive", "Scostamenti", "Rettifiche", "Anomalie", "Metodo",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == (A3 if sheet.title in {"Indicatori", "Uffici", "Anomalie"} else A4), sheet.title
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.center.text
        assert "&D" in sheet.oddFooter.right.text
        if sheet.title == "Metodo":  # its longest table is the last: the headings above it are those of every page that follows
            (top,) = {int(row) for row in sheet.print_title_rows.replace("$", "").split(":")}
            assert [cell.value for cell in sheet[top]] == ["Sezione", "Chiave", "Valore", "Significato"]
            assert all(cell.value != "File" for row in sheet.iter_rows(min_row=top) for cell in row[:1])
        elif sheet.title != "Sintesi":
            assert sheet.print_title_rows == f"${HEADING_ROW}:${HEADING_ROW}"
            assert sheet.freeze_panes is not None
    assert book["Indicatori"].auto_filter.ref.startswith(f"A{HEADING_ROW}:")
    assert len(book["Sintesi"]._charts) == 2


def test_percents_have_the_italian_two_decimals(massacarrara: Consolidation, tmp_path: Path) -> None:
    sheet = load_workbook(massacarrara.write(tmp_path / "c.xlsx"))["Albero"]
    letter = column(sheet, "% realizz.")
    assert {sheet[f"{letter}{row}"].number_format for row in range(HEADING_ROW + 1, sheet.max_row + 1)} == {"0.00 %"}


def test_states_read_in_black_and_white(massacarrara: Consolidation, tmp_path: Path) -> None:
    sheet = load_workbook(massacarrara.write(tmp_path / "c.xlsx"), data_only=True)["Indicatori"]
    letter = column(sheet, "Stato")
    signs = {sheet[f"{letter}{row}"].value[0] for row in range(HEADING_ROW + 1, sheet.max_row + 1)}
    assert signs == {"●", "◐", "○", "–"}
    assert any(letter in str(area.sqref) for area in sheet.conditional_formatting)


def test_the_method_tab_says_all(massacarrara: Consolidation, tmp_path: Path) -> None:
    sheet = load_workbook(massacarrara.write(tmp_path / "c.xlsx"), data_only=True)["Metodo"]
    said = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {source.sha256 for source in massacarrara.sources} <= said
    assert {massacarrara.version, "massacarrara-2019"} <= said
    assert {key for _, key, _, _ in massacarrara.method.as_rows()} <= said
