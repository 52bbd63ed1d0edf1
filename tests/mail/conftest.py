"""Sheets to be wrapped, and signers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from application.openssl import Authority, Certificate


@pytest.fixture(scope="session")
def sheet(workbooks: Path) -> bytes:
    """A real office's sheet (.xlsx)."""
    return (workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx").read_bytes()


@pytest.fixture(scope="session")
def other(workbooks: Path) -> bytes:
    """Another office's."""
    return (workbooks / "massacarrara-2019" / "PO2_monitoraggio_2019.xlsx").read_bytes()


@pytest.fixture(scope="session")
def sheets(sheet: bytes) -> dict[str, bytes]:
    """A sheet of each kind, by extension."""
    xls, ods = xlwt.Workbook(), OpenDocumentSpreadsheet()
    xls.add_sheet("Cruscotto").write(0, 0, "Obiettivo")
    table = Table(name="Cruscotto")
    row, cell = TableRow(), TableCell(valuetype="string")
    cell.addElement(P(text="Obiettivo"))
    row.addElement(cell)
    table.addElement(row)
    ods.spreadsheet.addElement(table)
    made = {}
    for name, book in (("xls", xls), ("ods", ods)):
        out = io.BytesIO()
        book.save(out)
        made[name] = out.getvalue()
    return {"xlsx": sheet, "xlsm": sheet, **made}


@pytest.fixture(scope="session")
def rossi(authority: Authority) -> Certificate:
    """A person who signs."""
    return authority.person("Maria Rossi", "TINIT-RSSMRA80A41F023X")


@pytest.fixture(scope="session")
def provider(authority: Authority) -> Certificate:
    """A PEC provider's certificate."""
    return authority.person("Gestore Pec", "TINIT-00000000000")
