"""Workbooks of the Piano della performance 2019 of Massa-Carrara: the tables of its chapters that are not monitoring sheets.

Source of every table: *Il Piano della Performance 2019*, Camera di Commercio Massa-Carrara; the section is in each function. The
objectives of the Segretario Generale (section 6) and the whole Allegato 1 with its indicators are in `massacarrara-2019-piano`.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from scripts.cartelle.sheet import Sheet, Typed, book, golden, number, percent, printed, save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from openpyxl import Workbook

    from scripts.cartelle.sheet import Content

    Row = dict[str, str]

FOLDER = "massacarrara-2019-allegati"
DOCUMENT = ("Camera di Commercio Massa-Carrara", "Il Piano della Performance 2019")
SHIFTED_LINE = "617"  # section 5 prints this row one column to the left of where it belongs
LEVELS = ("area", "obiettivo_strategico", "obiettivo_operativo")


def write(folder: Path) -> list[Path]:
    """Write the workbooks of the document into `folder`/massacarrara-2019-allegati."""
    makers = {
        "Risorse_2019": (_resources, _annex_budgets),
        "Albero_2019": (_tree, _strategic_objectives),
        "Pareto_2019": (_pareto,),
        "Personale_2019": (_staff,),
        "Contesto_2019": (_enterprises, _holdings),
        "Ciclo_2019": (_phases, _improvement),
    }
    paths = []
    for name, sheets in makers.items():
        workbook = book(name.replace("_", " "))
        for make in sheets:
            make(workbook)
        paths.append(save(workbook, folder / FOLDER / f"{name}.xlsx"))
    return paths


def _opened(workbook: Workbook, name: str, widths: Sequence[float], *titles: str) -> Sheet:
    """A sheet with its title rows; a narrow one is printed upright."""
    sheet = Sheet(workbook, name, widths, landscape=sum(widths) > 100)
    sheet.title(*DOCUMENT, *titles)
    sheet.blank()
    return sheet


def _resources(workbook: Workbook) -> None:
    """Section 7.2: four tables, the second with strategic and operational objectives side by side, an area each; no area totals."""
    sheet = _opened(
        workbook,
        "Risorse",
        (20, 18, 20, 18),
        "7.2 Coerenza con la programmazione economico-finanziaria",
        "Riepilogo delle risorse assegnate a obiettivi strategici e obiettivi operativi.",
    )
    body, *objectives = golden("massacarrara-2019/resources")
    sheet.columns = 2
    sheet.heading(("ENTE", "Risorse"))
    sheet.line(1, _amount(body))  # the code of the body is printed as 1
    sheet.columns = 4
    parents = {row["code"]: row["parent_code"] for row in objectives}
    for _, area in groupby(objectives, lambda row: parents.get(row["parent_code"], row["parent_code"])):
        sheet.blank()
        sheet.heading(("Obiettivi strategici", "Risorse", "Obiettivi operativi", "Risorse"))
        for strategic, operational in _side_by_side(area):
            left = (strategic["code"], _amount(strategic)) if strategic else (None, None)
            sheet.line(*left, operational["code"], _amount(operational))


def _side_by_side(rows: Iterable[Row]) -> Iterator[tuple[Row | None, Row]]:
    """A strategic objective stands on the row of the first of its operational ones."""
    strategic = None
    for row in rows:
        if row["level"] == "obiettivo_strategico":
            strategic = row
        else:
            yield strategic, row
            strategic = None


def _amount(row: Row) -> Content:
    """The amount with the sign after it; the sign alone, where nothing else is printed, stays text."""
    content = printed(row["amount_verbatim"])
    return Typed(content.value, '#,##0.00 "€"') if isinstance(content, Typed) else content


def _annex_budgets(workbook: Workbook) -> None:
    """Section 8, Allegato 1: perspective and budget of body, areas and objectives (the rows of the indicators carry neither)."""
    sheet = _opened(workbook, "Allegato 1", (34, 90, 18), "Allegato 1 – Alberatura obiettivi strategici/operativi con indicatori")
    sheet.heading(("Prospettiva Performance", "OBIETTIVI / INDICATORI STRATEGICI / OPERATIVI", "Budget"))
    sheet.freeze()
    write_row = {
        "ente": sheet.total,
        "area": sheet.section,
        "obiettivo_strategico": sheet.total,
        "obiettivo_operativo": sheet.line,
    }
    for row in golden("massacarrara-2019/tree"):
        colon = ":" if row["level"] == "area" else ""
        text = row["title"] if row["level"] == "ente" else f"{row['code_printed']}{colon} {row['title']}"
        write_row[row["level"]](row["bsc_perspective"], text, printed(row["budget_verbatim"]))


def _tree(workbook: Workbook) -> None:
    """Section 5: the tree in three columns, with the two places where the print puts an objective in another's cell."""
    sheet = _opened(workbook, "Alberatura", (50, 60, 70), "5. OBIETTIVI OPERATIVI")
    sheet.heading(("Area strategica", "Obiettivo strategico", "Obiettivo operativo"))
    sheet.freeze()
    rows = [row for row in golden("massacarrara-2019/tree") if row["title_section5"]]
    # 1.2.1 comes after 1.2 in the tree and is printed a line above it, in the cell of 1.1.1: the lines decide.
    rows.sort(key=lambda row: int(row["source_line_section5"]))
    for line, items in groupby(rows, itemgetter("source_line_section5")):
        cells = ["", "", ""]
        for row in items:
            column = LEVELS.index(row["level"]) - (line == SHIFTED_LINE)
            cells[column] = f"{cells[column]} {_numbered(row, 'title_section5')}".strip()
        sheet.line(*cells)


def _strategic_objectives(workbook: Workbook) -> None:
    """Section 4: areas and strategic objectives, printed without headings."""
    sheet = _opened(workbook, "Obiettivi strategici", (60, 90), "4. OBIETTIVI STRATEGICI")
    rows = [row for row in golden("massacarrara-2019/tree") if row["title_section4"]]
    for _, items in groupby(rows, itemgetter("source_line_section4")):
        by_level = {row["level"]: _numbered(row, "title_section4") for row in items}
        sheet.line(*(by_level.get(level) for level in LEVELS[:2]))


def _numbered(row: Row, column: str) -> str:
    """`1. LA CCIAA …` for an area, `1.1 Consolidare …` for an objective: as sections 4 and 5 print them."""
    code = f"{row['code'].removeprefix('OB')}." if row["level"] == "area" else row["code"]
    return f"{code} {row[column]}"


def _pareto(workbook: Workbook) -> None:
    """Section 2.1: the indicators of the Pareto system beside the means of three groups of chambers (values of 2017)."""
    sheet = _opened(workbook, "Pareto", (24, 70, 8, 15, 15, 17, 16), "2.1 L'amministrazione in cifre")
    means = ("Valore CC MS", "Media TOSCANA", "Media NAZIONALE", "Media CLUSTER")
    sheet.heading(("Tipo Indicatore", "Descrizione", "U.M.", *means))
    sheet.freeze()
    for row in golden("massacarrara-2019/pareto"):
        typed = percent if row["unit"] == "%" else number
        figures = (typed(row[column]) for column in ("value_cc_ms", "mean_tuscany", "mean_national", "mean_cluster"))
        sheet.line(row["type"], row["description"], row["unit"], *figures)


def _staff(workbook: Workbook) -> None:
    """Section 3.2, Risorse umane: seven tables, each with its name in the first heading and a row of totals."""
    sheet = _opened(workbook, "Personale", (30, 14, 14, 14), "3.2 Contesto interno", "Risorse umane")
    _tables(sheet, "staff", totals={"Totale"})


def _enterprises(workbook: Workbook) -> None:
    """Section 2.1: the registered enterprises, whole and by sector (*Massa Carrara* is the sum of the sectors)."""
    sheet = _opened(workbook, "Imprese", (34, 12, 12, 12, 12, 12, 12), "2.1 L'amministrazione in cifre")
    _tables(sheet, "imprese", totals={"Massa Carrara"})


def _tables(sheet: Sheet, group: str, totals: set[str]) -> None:
    """The tables of a group one beneath another, a blank row between them."""
    cells = [cell for cell in golden("massacarrara-2019/stats") if cell["group"] == group]
    for index, (table, items) in enumerate(groupby(cells, itemgetter("table"))):
        rows = {label: list(row) for label, row in groupby(items, itemgetter("row"))}
        columns = [cell["column"] for cell in next(iter(rows.values()))]
        if index:
            sheet.blank()
        sheet.columns = 1 + len(columns)
        # A year that heads a column is a number for whoever types it.
        sheet.heading((table, *(int(column) if column.isdigit() else column for column in columns)))
        for label, row in rows.items():
            write_row = sheet.total if label in totals else sheet.line
            write_row(label, *(printed(cell["value_verbatim"]) for cell in row))


def _holdings(workbook: Workbook) -> None:
    """Section 3.2, Aziende speciali e partecipazioni: the four companies, with the sector before the name."""
    sheet = _opened(workbook, "Partecipazioni", (48, 52, 18, 24), "3.2 Contesto interno", "Partecipazioni")
    headings = ("Settore di attività", "Denominazione società", "Capitale sociale", "Quota partecipazione CCIAA (%)")
    sheet.heading(headings)
    sheet.freeze()
    cells = [cell for cell in golden("massacarrara-2019/stats") if cell["group"] == "partecipazioni"]
    for name, items in groupby(cells, itemgetter("row")):
        shown = {cell["column"]: printed(cell["value_verbatim"]) for cell in items} | {headings[1]: name}
        sheet.line(*(shown[heading] for heading in headings))


def _phases(workbook: Workbook) -> None:
    """Section 7: the phases of the cycle, a table each; the actors of several activities share one merged cell."""
    sheet = _opened(workbook, "Fasi", (6, 80, 14, 60), "7. PROCESSO SEGUITO E AZIONI DI MIGLIORAMENTO")
    for index, (phase, items) in enumerate(groupby(golden("massacarrara-2019/phases"), itemgetter("phase"))):
        if index:
            sheet.blank()
        sheet.title(phase)
        sheet.heading(("ATTIVITÀ", None, "TEMPI", "ATTORI COINVOLTI"), merge=("A1:B1",))
        first = sheet.row + 1
        activities = list(items)
        for row in activities:
            sheet.line(Typed(int(row["n"]), '0"."'), row["activity"], row["timing"], row["actors"])
        _merge_downwards(sheet, first, [bool(row["actors"]) for row in activities])


def _merge_downwards(sheet: Sheet, first: int, filled: Sequence[bool]) -> None:
    """Merge each filled cell of the last column with the empty ones beneath it."""
    starts = [first + offset for offset, full in enumerate(filled) if full]
    for start, after in zip(starts, [*starts[1:], first + len(filled)], strict=True):
        if after - start > 1:
            sheet.worksheet.merge_cells(start_row=start, end_row=after - 1, start_column=sheet.columns, end_column=sheet.columns)


def _improvement(workbook: Workbook) -> None:
    """Section 7.3: the improvement plan; several actions for one subject are the paragraphs of one cell."""
    sheet = _opened(workbook, "Miglioramento", (42, 110), "7.3 Azioni di miglioramento")
    sheet.heading(("OGGETTO", "PIANO DI MIGLIORAMENTO"))
    sheet.freeze()
    for subject, items in groupby(golden("massacarrara-2019/improvement_actions"), itemgetter("oggetto")):
        sheet.line(subject, "\n".join(row["piano_di_miglioramento"] for row in items))
