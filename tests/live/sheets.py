"""Small office sheets, typed out."""

from __future__ import annotations

from live.engine import CellStore, SheetStore


def office_sheet(results, percents=(), name="U9.9"):
    """A dashboard of one office, three indicators with target 10."""
    sheet = SheetStore(name)
    rows = [
        [f"Ufficio di prova ({name})"],
        [],
        [
            "OBIETTIVI / INDICATORI STRATEGICI / OPERATIVI",
            "Algoritmo",
            "Risultato 2019",
            "Target 2019",
            "% Realizz parametrata",
            "UFFICIO",
            "OB IND",
        ],
        ["1.1.1 Obiettivo di prova", None, None, None, None, name, "SG"],
        *([f"O1.1.1-{letter} Indicatore {letter}", "n. di cose >= 10", None, ">= 10", None, name, "SG"] for letter in "abc"),
    ]
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                sheet.cells[r, c] = CellStore(value)
    for r, value in enumerate(results, 5):
        sheet.cells[r, 3] = CellStore(value)
    for r, value in enumerate(percents, 5):
        if value is not None:
            sheet.cells[r, 5] = CellStore(value, number_format="0%")
    return sheet


def column(store, name="U9.9"):
    return [store.sheet(name).cells.get((row, 5), CellStore()).value for row in (5, 6, 7)]
