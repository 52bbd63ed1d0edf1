"""The master in a real application: it opens, its formulas compute, its buttons are there with their macros."""

from __future__ import annotations

import re
import zipfile

import pytest

from perfxl.master import vba


@pytest.fixture(scope="module")
def ods(libreoffice, master):
    path = libreoffice.converted(master, "ods")
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode("utf-8") for name in file.namelist() if name.endswith(".xml")}


def test_the_buttons_are_form_controls_with_their_macros(ods):
    buttons = re.findall(r"<form:button .*?</form:button>", ods["content.xml"], re.DOTALL)
    found = [
        (re.search(r'form:label="([^"]+)"', button)[1], re.search(r"VBAProject\.perfxl_pulsanti\.(\w+)\?", button)[1])
        for button in buttons
    ]
    assert found == [(button.caption, button.macro) for button in vba.BUTTONS]


def test_the_vba_modules_are_loaded(ods):
    modules = {name.rpartition("/")[2].removesuffix(".xml") for name in ods if name.startswith("Basic/VBAProject/")}
    assert {"perfxl_pulsanti", "perfxl_aiuto", "xlwings", "xlwings_udfs", "Dictionary", "ThisWorkbook"} <= modules
    assert "udfs.raccogli()" in ods["Basic/VBAProject/perfxl_pulsanti.xml"]


def test_no_cell_holds_an_error(libreoffice, master):
    sheets = libreoffice.recalculated(master)
    assert set(sheets) >= {"Guida", "Cruscotto", "Piano", "Uffici", "Parametri", "Metodo"}
    errors = [
        (name, at, v) for name, cells in sheets.items() for at, v in cells.items() if isinstance(v, str) and v.startswith("#")
    ]
    assert [error for error in errors if not error[2].startswith("#NOME?")] == []
    assert sheets["Parametri"]["B9"] == "massacarrara-2019"


def test_the_figures_of_the_collection_follow_the_table(libreoffice, master, book):
    """What *Raccogli* writes in the table moves the figures above it."""
    sheet = book["Cruscotto"]
    captions = {
        cell.value: sheet.cell(cell.row - 1, cell.column).coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in {"Fogli attesi", "Arrivati", "Mancanti", "Raccolta"}
    }
    top = next(cell.row for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "Ufficio")

    def figures(changes=None):
        cells = libreoffice.recalculated(master, changes)["Cruscotto"]
        return [cells[captions[name]] for name in ("Fogli attesi", "Arrivati", "Mancanti", "Raccolta")]

    assert figures() == [8, 0, 8, 0]
    states = {("Cruscotto", f"H{top + 1}"): "ricevuto", ("Cruscotto", f"H{top + 3}"): "con anomalie"}
    assert figures(states) == [8, 2, 6, 0.25]


def test_every_visible_tab_prints(libreoffice, master):
    pages = libreoffice.rendered(master, 50)
    assert 10 <= len(pages) <= 20
