"""Headers are looked up by how their words begin: nothing is missed that comparing every declaration would find."""

from __future__ import annotations

import pytest

from perfxl.readers.workbook import read_grids
from perfxl.statements import heads, shipped_declarations
from perfxl.statements.heads import HeadFinder
from statements.made import declared, grid

ONE = """
id = "{id}"
title = "T"
tab = "T"
columns.a = {{ headings = ["{heading}"], need = "essential" }}
columns.b = {{ headings = ["Importo"], kind = "amount" }}
"""


@pytest.mark.parametrize(
    "heading", ["Voce", "V*", "%", "Descrizione della voce", "Descr*", "Anno aaaa totale", "aaaa totale", "N."]
)
@pytest.mark.parametrize("split", [False, True])
def test_every_heading_is_found_in_one_row_or_two(heading, split):
    declaration = declared(ONE.format(id="x", heading=heading))
    words = heading.replace("*", "oce").replace("aaaa", "2017").split()
    first, second = (words[0], " ".join(words[1:]) or None) if split else (" ".join(words), None)
    rows = [(first, "Importo"), (second, None)] if second else [(first, "Importo")]
    found = HeadFinder([declaration]).heads(grid(*rows, ("x", 1)))
    assert [(head.top, head.bottom) for head in found] == [(1, len(rows))]


def test_the_lookup_misses_no_table_of_the_published_documents(workbooks, monkeypatch):
    sheets = [each for path in sorted(workbooks.rglob("*.xlsx")) for each in read_grids(path)[0]]
    declarations = shipped_declarations()

    def found():
        finder = HeadFinder(declarations)
        return [[(head.declaration.id, head.top, head.bottom) for head in finder.heads(each)] for each in sheets]

    quick = found()
    monkeypatch.setattr(heads, "_starts", lambda declaration: None)  # every declaration is compared with every row
    assert found() == quick
    assert sum(map(len, quick)) > 100
