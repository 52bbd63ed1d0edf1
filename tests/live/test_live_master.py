"""The macros on a real master workbook, as `perfxl master` builds it; and what the room costs to import."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from live.engine import load_sheets
from perfxl import consolidate, live
from perfxl.master import names
from perfxl.writers.previous import Previous, previous_of


@pytest.fixture
def master(open_book, workbooks, tmp_path):
    sheets = load_sheets(workbooks / "perfxl_master.xlsm")
    book, store = open_book(sheets, "perfxl_master.xlsm", macros=True)
    inbox = tmp_path / "arrivati"
    shutil.copytree(workbooks / "massacarrara-2019", inbox)
    parameters = store.sheet(names.PARAMETERS)
    row, column = next(at for at, cell in parameters.cells.items() if cell.value == names.INBOX_LABEL)
    parameters.put(row, column + 1, "arrivati")
    return book, store


def test_the_master_collects_and_consolidates(master):
    book, store = master
    theirs = {s.name for s in store.sheets}
    report = live.raccogli(book)
    assert not report.failed, report.text
    assert "Fogli arrivati: 12; dei 8 uffici attesi 8." in report.text
    report = live.riepiloghi(book)
    assert not report.failed, report.text
    new = {s.name for s in store.sheets} - theirs
    assert {"Sintesi", "Albero", "Indicatori", "Anomalie", "Uffici (perfxl)", "Metodo (perfxl)"} <= new
    report = live.ricalcola(book)
    assert not report.failed, report.text
    assert "42,75 %" in report.text  # the body's figure of April 2019, with the method that stands in the cells of *Metodo*
    assert "niente è cambiato" in report.text


def test_the_method_in_the_cells_counts(master):
    book, store = master
    method = store.sheet(names.METHOD)
    row, column = next(at for at, cell in method.cells.items() if cell.value == "decimals")
    method.put(row, column + 1, "molti")
    report = live.ricalcola(book)
    assert report.failed
    assert "Metodo!" in report.text


def test_a_workbook_that_was_read_counts_as_a_file(workbooks):
    from perfxl.readers import read_workbook

    files = sorted((workbooks / "massacarrara-2019").glob("*.xlsx"))
    from_files = consolidate(files)
    read = consolidate([], read=[read_workbook(file) for file in files], previous=previous_of("x.xlsx", {}))
    assert read.rows == from_files.rows
    assert read.headline == from_files.headline
    assert previous_of("x.xlsx", {}) == Previous("x.xlsx")


def test_the_room_brings_no_excel_along():
    code = (
        "import json, sys, perfxl.live; print(json.dumps([n for n in ('xlwings', 'openpyxl', 'xlsxwriter') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert json.loads(done.stdout) == []
