"""The validator finds nothing in a good workbook, and what is broken in a broken one."""

from __future__ import annotations

import zipfile

import pytest
import xlsxwriter

from application.validator import ValidatorError


@pytest.fixture
def good(tmp_path):
    """A workbook with what our writers use: formats, filter, chart, validation, link, outline, conditional format, print."""
    path = tmp_path / "buono.xlsx"
    with xlsxwriter.Workbook(path) as book:
        percent = book.add_format({"num_format": "0.00 %", "bg_color": "#C6EFCE"})
        sheet = book.add_worksheet("Indicatori")
        sheet.write_row("A1", ["Codice", "%"])
        sheet.write_column("A2", ["O1", "O2"])
        sheet.write_column("B2", [0.5, 1], percent)
        sheet.write_formula("B4", "=AVERAGE(B2:B3)", percent, 0.75)
        sheet.write_url("C2", "external:foglio.xlsx#Foglio1!A1", string="fonte")
        sheet.autofilter("A1:B3")
        sheet.set_row(2, None, None, {"level": 1})
        sheet.data_validation("D2", {"validate": "list", "source": ["esogena", "endogena"]})
        sheet.conditional_format("B2:B3", {"type": "data_bar"})
        sheet.set_landscape()
        sheet.repeat_rows(0)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Indicatori!$B$2:$B$3"})
        sheet.insert_chart("F2", chart)
    return path


def broken(path, old: bytes, new: bytes):
    """A copy of a workbook with `old` replaced by `new` in its first sheet."""
    copy = path.with_name("rotto.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(part, content)
    return copy


@pytest.mark.parametrize("office", ["Office2010", "Microsoft365"])
def test_a_good_workbook_has_no_errors(ooxml_validator, good, office, unchanged):
    with unchanged(good.parent, nothing_added=True):
        assert ooxml_validator(good, office) == []


def test_an_attribute_of_the_wrong_type_is_found(ooxml_validator, good):
    (error,) = ooxml_validator(broken(good, b'<row r="2"', b'<row r="due"'))
    assert error["errorType"] == "Schema"
    assert error["path"] == "/xl/worksheets/sheet1.xml"
    assert "'due'" in error["description"]


def test_an_element_out_of_place_is_found(ooxml_validator, good):
    errors = ooxml_validator(broken(good, b"<sheetData>", b"<pageMargins/><sheetData>"))
    assert {error["path"] for error in errors} == {"/xl/worksheets/sheet1.xml"}
    assert any(error["id"] == "Sch_UnexpectedElementContentExpectingComplex" for error in errors)


def test_what_can_t_be_opened_is_an_error_too(ooxml_validator, tmp_path):
    path = tmp_path / "testo.xlsx"
    path.write_text("non sono una cartella di lavoro", encoding="utf-8")
    (error,) = ooxml_validator(path)
    assert error["errorType"] == "Exception"


def test_a_validator_that_can_t_run_is_not_a_pass(ooxml_validator, good):
    with pytest.raises(ValidatorError):
        ooxml_validator(good, "Office1997")
