"""The sample master workbook, built once: plan and dashboards of Massa-Carrara 2019."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from perfxl.master import build_master
from perfxl.master.content import content_from


@pytest.fixture(scope="session")
def content(workbooks):
    plan, sheets = workbooks / "massacarrara-2019-piano", workbooks / "massacarrara-2019"
    return content_from([plan], "massacarrara-2019", [sheets], inbox="massacarrara-2019", as_of=date(2019, 4, 30))


@pytest.fixture(scope="session")
def master(content, tmp_path_factory):
    return build_master(content, tmp_path_factory.mktemp("master") / "perfxl_master.xlsm")


@pytest.fixture(scope="session")
def book(master):
    """The workbook as openpyxl reads it: not our own reader."""
    return openpyxl.load_workbook(master)


@pytest.fixture
def tab_values(book):
    """`tab_values("Metodo")`: a fresh list of rows, as an open workbook gives them."""

    def values(name):
        return [[cell.value for cell in row] for row in book[name].iter_rows()]

    return values
