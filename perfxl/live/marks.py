"""How a summary tab of perfxl's is told from a tab of the user's with the same name: a name defined in the sheet itself.

The mark goes with the sheet and vanishes with it. A tab that the user renamed is the user's from then on, and so is a copy.
"""

from __future__ import annotations

from typing import Any

MARK = "_perfxl_scheda"
SUFFIX = " (perfxl)"
LONGEST_NAME = 31


def marked(sheet: Any) -> str | None:
    """Which tab of perfxl's a sheet bears the mark of (`Sintesi`); None without a mark."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            return str(name.refers_to).lstrip("=").strip('"').replace('""', '"')
    return None


def mark(sheet: Any, tab: str) -> None:
    """Mark a sheet as the tab `tab` of perfxl's."""
    sheet.names.add(MARK, '="' + tab.replace('"', '""') + '"')


def unmark(sheet: Any) -> None:
    """Leave a sheet to the user."""
    for name in list(sheet.names):
        if name.name.rpartition("!")[2] == MARK:
            name.delete()


def is_ours(sheet: Any) -> bool:
    """Marked, and still under the name that perfxl gave it."""
    name = sheet.name
    if SUFFIX not in name and name not in OWN_NAMES:
        return False
    tab = marked(sheet)
    return tab is not None and (name == tab or name.startswith(tab[: LONGEST_NAME - len(SUFFIX) - 2] + SUFFIX))


STATEMENT_TABS = frozenset(
    {
        "Azioni complesse",
        "Benchmark",
        "Carta dei servizi",
        "Check-up",
        "Contesto",
        "Fondo risorse decentrate",
        "Gradimento",
        "Indicatori Unioncamere",
        "Misure",
        "Personale e processi",
        "Progetti art. 15",
        "Riepilogo obiettivi",
        "Risorse",
        "Scadenzario",
        "Stato di salute",
    }
)
"""The tabs of the shipped declarations, known without reading them."""

OWN_NAMES = STATEMENT_TABS | frozenset(
    {
        "Sintesi",
        "Albero",
        "Indicatori",
        "Uffici",
        "Responsabili",
        "Prospettive",
        "Missioni",
        "Scostamenti",
        "Rettifiche",
        "Anomalie",
        "Metodo",
    }
)
"""The tabs of `perfxl.views`: other sheets need not be asked for a mark."""


def own_sheets(book: Any) -> dict[str, Any]:
    """The tabs of perfxl's in a workbook: tab → sheet."""
    return {str(marked(sheet)): sheet for sheet in book.sheets if is_ours(sheet)}


def free_name(tab: str, taken: set[str]) -> str:
    """`Sintesi`, else `Sintesi (perfxl)`, else `Sintesi (perfxl) 2` …: the first that no sheet has. At most 31 characters."""
    low = {name.casefold() for name in taken}
    if tab.casefold() not in low:
        return tab
    number, name = 1, tab[: LONGEST_NAME - len(SUFFIX)] + SUFFIX
    while name.casefold() in low:
        number += 1
        end = f"{SUFFIX} {number}"
        name = tab[: LONGEST_NAME - len(end)] + end
    return name
