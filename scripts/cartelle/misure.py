"""Massa-Carrara 2022-2024: the sheet of measures, filled with what the same plan prints elsewhere; all the rest stays blank.

The balance sheet of the plan (lines 2292-2375) gives five measures for each of the three years. An indicator computed from them
must come out as the ratio that the plan prints (structure 1,78, structural imbalance -0,09 …): a check that owes nothing to perfxl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scripts.cartelle.sheet import Content, Sheet, Typed, book, save
from scripts.cartelle.tno_indicatori import BODY, catalogue
from scripts.cartelle.tno_rows import table

if TYPE_CHECKING:
    from pathlib import Path

YEARS = (2022, 2023, 2024)
FORMAT = "#,##0.00"


class Printed(NamedTuple):
    """Where a measure is printed: table, label, and the sign that turns a cost printed as negative into an amount."""

    table: str
    label: str
    sign: int = 1

    @property
    def column(self) -> str:
        """What stands before the year in the names of the golden table's columns."""
        return {"ms_budget": "preventivo_", "ms_ratios": "v"}[self.table]


PRINTED = {
    "Patrimonio netto": Printed("ms_budget", "PATRIMONIO NETTO"),
    "Immob": Printed("ms_budget", "IMMOBILIZZAZIONI"),
    "ProvCorrSval": Printed("ms_budget", "PROVENTI CORRENTI"),
    "ProvStrut": Printed("ms_ratios", "Totale proventi correnti (valore rettificato come sopra)"),
    "OnStrut": Printed("ms_ratios", "Totale oneri correnti (valore rettificato come sopra)", -1),
}


def write(folder: Path) -> list[Path]:
    """Write the workbook of the measures, and give its path."""
    workbook = book("Misure 2022-2024")
    sheet = Sheet(workbook, "Misure", (28, 90, 16, 16, 16, 24, 70))
    sheet.title(BODY, "MISURE 2022-2024")
    sheet.note("Solo ciò che il bilancio di previsione 2022/2024 stampa; una cella vuota è una misura che manca.")
    sheet.heading(("Codice", "Descrizione", *(f"Valore {year}" for year in YEARS), "Altre grafie", "Da dove viene"))
    sheet.freeze()
    for spellings, text in catalogue():
        values, source = _filled(spellings[0])
        sheet.line(spellings[0], text, *values, ", ".join(spellings[1:]) or None, source)
    return [save(workbook, folder / "tno-2022" / "massacarrara-misure" / "Misure_2022-2024.xlsx")]


def _filled(code: str) -> tuple[list[Content], str | None]:
    """The values of a measure year by year, and where the plan prints them; blanks where it doesn't."""
    printed = PRINTED.get(code)
    if printed is None:
        return [None] * len(YEARS), None
    [row] = table(printed.table, label=printed.label)
    values: list[Content] = [Typed(printed.sign * float(row[f"{printed.column}{year}"]), FORMAT) for year in YEARS]
    turned = ", stampato con il segno meno" if printed.sign < 0 else ""
    return values, f"Bilancio di previsione 2022/2024: {printed.label}{turned}"
