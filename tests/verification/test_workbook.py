"""The workbook of a verification: valid, with links to the cells, totals that are formulas; and its JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.pipeline import consolidate
from perfxl.statements.compare import Verdict
from perfxl.verification import verified
from perfxl.views.json_verifiche import verification_json
from perfxl.views.verifiche import COUNTS, WORDS, verification_book
from perfxl.writers import write_book


@pytest.fixture(scope="module")
def pisa(workbooks):
    return verified(consolidate(workbooks / "tno-2022" / "pisa", method="unioncamere-2022"))


@pytest.fixture(scope="module")
def book(pisa, tmp_path_factory):
    path = tmp_path_factory.mktemp("verifiche") / "Verifiche.xlsx"
    write_book(verification_book(pisa, path.parent), path)
    return path


def rows(sheet, heading):
    """The rows of the table whose first heading is this, as dictionaries."""
    top = next(cell.row for cell in sheet["A"] if cell.value == heading)
    names = {cell.column: cell.value for cell in sheet[top] if cell.value}
    out = []
    for row in sheet.iter_rows(min_row=top + 1):
        if row[0].value is None:
            break
        out.append({names[cell.column]: cell for cell in row if cell.column in names})
    return out


def test_the_tabs(book):
    assert load_workbook(book).sheetnames == ["Verifiche", "Riscontri", "Metodo"]


def test_the_summary_has_a_line_for_each_table_and_a_total_of_formulas(book, pisa):
    *lines, total = rows(load_workbook(book)["Verifiche"], "Documento")
    assert [(line["Documento"].value, line["Tabella"].value) for line in lines] == [
        (each.name, each.table) for each in pisa.tables
    ]
    assert [line["Riscontrate"].value for line in lines] == [each.checked for each in pisa.tables]
    assert total["Documento"].value == "Totale"
    assert all(total[heading].data_type == "f" for _, heading, _, _ in COUNTS)


def test_the_totals_recalculate(book, pisa, libreoffice):
    recalculated = libreoffice.recalculated(book)["Verifiche"]
    *_, total = rows(load_workbook(book)["Verifiche"], "Documento")
    for _, heading, _, of in COUNTS:
        assert recalculated[total[heading].coordinate] == of(pisa.total)


def test_the_differences_are_there_with_links_to_both_cells(book, pisa, workbooks):
    lines = rows(load_workbook(book)["Verifiche"], "Gravità")
    assert len(lines) == len(pisa.differences) == 5
    for line, item in zip(lines, pisa.differences, strict=True):
        assert (line["Codice"].value, line["Stampato"].value, line["Calcolato"].value) == (item.code, item.printed, item.computed)
        link = line["Documento e cella"].hyperlink
        assert (book.parent / link.target).resolve() == (
            workbooks / "tno-2022" / "pisa" / "Programmi_e_risorse_2022.xlsx"
        ).resolve()
        assert link.location == f"'{item.sheet}'!{item.cell}"
        assert line["Segue dalle celle"].hyperlink.location == f"'{item.operands[0].sheet}'!{item.operands[0].a1}"
        assert line["Scarto"].value == pytest.approx(float(item.gap))


def test_everything_that_was_checked_is_in_riscontri(book, pisa):
    lines = rows(load_workbook(book)["Riscontri"], "Esito")
    assert [line["Esito"].value for line in lines] == [WORDS[item.verdict] for item in pisa.items]
    assert [line["Stampato"].value or "" for line in lines] == [item.printed for item in pisa.items]


def test_the_validator_finds_nothing(book, ooxml_validator):
    assert ooxml_validator(book) == []


def test_sheets_that_were_not_recognised_are_listed(workbooks, tmp_path):
    v = verified(consolidate(workbooks / "massacarrara-2019-allegati", method="massacarrara-2019"))
    path = tmp_path / "v.xlsx"
    write_book(verification_book(v, tmp_path), path)
    listed = [row[0].value for row in load_workbook(path)["Verifiche"].iter_rows() if row[0].value]
    assert ("Fogli non riconosciuti, e quindi non riscontrati" in listed) is bool(v.unread)


def test_nothing_that_differs_says_so(tmp_path, workbooks):
    v = verified(consolidate(workbooks / "lucca-2017-relazione" / "Conto_economico_2017.xlsx", method="lucca-2017"))
    path = tmp_path / "v.xlsx"
    write_book(verification_book(v, tmp_path), path)
    assert "Nessuna differenza." in [row[0].value for row in load_workbook(path)["Verifiche"].iter_rows()]


def test_every_verdict_has_its_words():
    assert WORDS.keys() == set(Verdict)


def test_the_json_says_the_same(pisa):
    data = json.loads(json.dumps(verification_json(pisa)))
    assert data["total"]["checked"] == pisa.total.checked == len(data["checks"])
    assert [each["cell"] for each in data["differences"]] == [item.cell for item in pisa.differences]
    assert {key for key in data if key != "unread"} == {
        "body",
        "year",
        "method",
        "version",
        "made_at",
        "sources",
        "total",
        "tables",
        "differences",
        "checks",
    }
    first = data["differences"][0]
    assert all(isinstance(first[key], str) for key in ("printed", "computed", "rule", "convention", "file"))
    assert Path(first["file"]).name == first["file"]
