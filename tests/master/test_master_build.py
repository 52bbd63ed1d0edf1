"""The file: reproducible, valid, with the parts that Excel and xlwings look for."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import cli
from perfxl.errors import OutputError
from perfxl.master import build_master, names, vba
from perfxl.master.build import workbook_bytes


def parts(path):
    with zipfile.ZipFile(path) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def test_the_same_content_gives_the_same_bytes(master, content):
    assert workbook_bytes(content) == master.read_bytes()


def test_dates_inside_are_constant(master):
    with zipfile.ZipFile(master) as file:
        assert {info.date_time[0] for info in file.infolist()} == {1980}
    assert b"2019-01-01T00:00:00Z" in parts(master)["docProps/core.xml"]


@pytest.mark.parametrize("office", ["Office2010", "Microsoft365"])
def test_the_open_xml_validator_passes_it(ooxml_validator, master, office):
    assert ooxml_validator(master, office) == []


def test_the_committed_workbook_is_the_one_that_the_command_makes(master, workbooks):
    """Its VBA and the content of its cells; not the bytes, which follow the version of the zip library."""
    ours, theirs = openpyxl.load_workbook(workbooks / "perfxl_master.xlsm"), openpyxl.load_workbook(master)
    assert ours.sheetnames == theirs.sheetnames
    for sheet in theirs.worksheets:
        cells = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
        twin = ours[sheet.title]
        assert {cell.coordinate: cell.value for row in twin.iter_rows() for cell in row if cell.value is not None} == cells
    assert parts(workbooks / "perfxl_master.xlsm")["xl/vbaProject.bin"] == parts(master)["xl/vbaProject.bin"], (
        "rifarla: perfxl master -o workbooks/perfxl_master.xlsm --ricevuti massacarrara-2019 --al 30/04/2019 --sovrascrivi"
    )


def test_the_tabs_are_in_order_and_the_settings_hidden(book):
    assert book.sheetnames == ["Guida", "Cruscotto", "Piano", "Uffici", "Parametri", "Metodo", "xlwings.conf"]
    assert {sheet.title for sheet in book.worksheets if sheet.sheet_state == "hidden"} == {"xlwings.conf"}


def test_each_sheet_has_the_code_name_of_its_module(master, book):
    assert {sheet.title: sheet.sheet_properties.codeName for sheet in book.worksheets} == names.CODE_NAMES
    assert b'<workbookPr codeName="ThisWorkbook"' in parts(master)["xl/workbook.xml"]


def test_the_settings_are_as_xlwings_reads_them(book):
    """From A1 down without a gap; no interpreter: it would win over that of the user's own settings."""
    sheet = book["xlwings.conf"]
    rows = [(a.value, b.value) for a, b in sheet.iter_rows(max_col=2)]
    assert rows == [("UDF MODULES", "udfs"), ("DEBUG UDFS", False), ("USE UDF SERVER", False), ("SHOW CONSOLE", False)]


def test_the_buttons_call_the_macros(master):
    drawing = next(data for name, data in parts(master).items() if name.endswith(".vml")).decode("utf-8")
    macros = re.findall(r"<x:FmlaMacro>\[0\]!perfxl_pulsanti\.(\w+)</x:FmlaMacro>", drawing)
    captions = re.findall(r'size="220" color="#000000">([^<]+)</font>', drawing)
    assert list(zip(macros, captions, strict=True)) == [(button.macro, button.caption) for button in vba.BUTTONS]
    assert captions == ["Raccogli", "Ricalcola", "Riepiloghi", "Verifica", "Congela per invio", "Annulla"]


def test_every_tab_and_button_is_told_in_the_guide_and_in_its_page(book, repository):
    page = (repository / "docs" / "cartella-master.md").read_text(encoding="utf-8")
    guide = {str(cell.value) for row in book["Guida"].iter_rows() for cell in row}
    for button in vba.BUTTONS:
        assert button.caption in guide
        assert f"**{button.caption}**" in page
    for tab in book.sheetnames:
        assert f"*{tab}*" in page or f"`{tab}`" in page
    assert set(book.sheetnames) - {"Guida", "xlwings.conf"} <= guide


def test_no_formula_of_the_workbook_needs_python(book):
    """An office that opens it without macros still sees its state."""
    formulas = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == 5
    assert not [formula for formula in formulas if "PX_" in formula]


def test_another_suffix_is_refused(content, tmp_path):
    with pytest.raises(OutputError, match=r"deve finire in \.xlsm"):
        build_master(content, tmp_path / "master.xlsx")
    with pytest.raises(OutputError, match="non si può scrivere"):
        build_master(content, tmp_path / "manca" / "master.xlsm")
    assert list(tmp_path.iterdir()) == []


def run(*words):
    return CliRunner().invoke(cli, ["master", *map(str, words)], standalone_mode=False)


def test_the_command_builds_the_sample(tmp_path, master, monkeypatch, repository):
    monkeypatch.chdir(repository)
    done = run("-o", tmp_path / "a.xlsm", "--ricevuti", "massacarrara-2019", "--al", "30/04/2019")
    assert done.exception is None
    assert (tmp_path / "a.xlsm").read_bytes() == master.read_bytes()
    assert "26 obiettivi, 77 indicatori, 8 fogli attesi, metodo massacarrara-2019." in done.output


def test_a_filled_workbook_is_not_overwritten_by_chance(tmp_path, workbooks):
    target = tmp_path / "a.xlsm"
    target.write_bytes(b"compilata a mano")
    plan = workbooks / "massacarrara-2019-piano"
    done = run("-o", target, "--piano", plan)
    assert "esiste già" in str(done.exception)
    assert target.read_bytes() == b"compilata a mano"
    done = run("-o", target, "--piano", plan, "--sovrascrivi", "--metodo", "unioncamere-2022")
    assert done.exception is None
    assert "0 fogli attesi, metodo unioncamere-2022" in done.output
    assert zipfile.is_zipfile(target)


def test_an_input_is_never_written_over(tmp_path, workbooks):
    plan = tmp_path / "piano.xlsm"
    plan.write_bytes((workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx").read_bytes())
    done = run("-o", plan, "--piano", plan, "--sovrascrivi")
    assert "scriverebbe sopra un file da leggere" in str(done.exception)
