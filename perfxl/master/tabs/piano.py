"""*Piano*: the tree of objectives and its indicators, two Excel tables one under the other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.master import names
from perfxl.master.look import Look, lines, table
from perfxl.model import Cell, CellKind, RowLevel

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.master.content import MasterContent
    from perfxl.model import SheetRow

_WIDTHS = (13.0, 20.0, 13.0, 62.0, 40.0, 16.0, 13.0, 13.0, 16.0, 14.0, 9.0)
_TITLE_COLUMN, _ALGORITHM_COLUMN = 3, 4
_GAP = 4
"""Rows between the two tables: room to grow by typing, and the two blank ones that end a table for the reader."""


def write(sheet: Worksheet, look: Look, content: MasterContent) -> None:
    """Write the tab."""
    subtitle = f"{len(content.nodes)} obiettivi, {len(content.indicators)} indicatori – {content.parameters.body}"
    look.open_tab(sheet, names.PLAN, subtitle, _WIDTHS)
    sheet.merge_range(
        2,
        0,
        2,
        len(_WIDTHS) - 1,
        "Per aggiungere una riga: clic destro sul numero di una riga della tabella, Inserisci. I codici legano indicatori, obiettivi e fogli degli uffici.",
        look["hint"],
    )
    sheet.set_row(2, 20)
    look.section(sheet, 3, "Albero degli obiettivi", len(names.TREE_HEADINGS))
    bottom = _tree(sheet, look, content, 4)
    look.section(sheet, bottom + _GAP, "Indicatori", len(_WIDTHS))
    _indicators(sheet, look, content, bottom + _GAP + 1)
    sheet.set_h_pagebreaks([bottom + _GAP])
    sheet.set_zoom(85)
    sheet.freeze_panes(2, 1)


def _tree(sheet: Worksheet, look: Look, content: MasterContent, top: int) -> int:
    headings = names.TREE_HEADINGS
    nodes = content.nodes
    table(sheet, look, names.TREE_TABLE, top, headings, len(nodes))
    for row, node in enumerate(nodes, top + 1):
        style = "text" if node.level in (RowLevel.OPERATIONAL, RowLevel.PROJECT) else "node"
        texts = (node.code, names.LEVEL_WORDS[node.level], node.owner or "", node.title, node.perspective.text)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, look["code" if column == 0 and style == "text" else style])
        shade = "node_" if style == "node" else ""
        _value(sheet, row, 5, node.budget, look, f"{shade}money")
        _value(sheet, row, 6, node.weight, look, f"{shade}number")
        sheet.set_row(row, 14 * max(lines(node.title, _WIDTHS[3]), lines(node.perspective.text, _WIDTHS[4])) + 4)
    last = top + len(nodes)
    choices = {"validate": "list", "source": list(names.LEVEL_WORDS.values()), "error_title": "Livello"}
    sheet.data_validation(top + 1, 1, last, 1, {**choices, "error_message": "Scegliere uno dei livelli dell'elenco."})
    return last


def _indicators(sheet: Worksheet, look: Look, content: MasterContent, top: int) -> None:
    targets = tuple(f"{names.TARGET} {year}" for year in content.years)
    headings = (
        names.CODE,
        names.KIND,
        names.PARENT,
        names.TITLE,
        names.ALGORITHM,
        *targets,
        names.OFFICE,
        names.PERSON,
        names.WEIGHT,
    )
    table(sheet, look, names.INDICATOR_TABLE, top, headings, len(content.indicators))
    for row, indicator in enumerate(content.indicators, top + 1):
        _indicator(sheet, look, row, indicator, content.years)
    choices = {"validate": "list", "source": [names.STRATEGIC_WORD, names.OPERATIONAL_WORD], "error_title": "Tipo"}
    message = "Scrivere «strategico» o «operativo»."
    sheet.data_validation(top + 1, 1, top + max(len(content.indicators), 1), 1, {**choices, "error_message": message})


def _indicator(sheet: Worksheet, look: Look, row: int, indicator: SheetRow, years: tuple[int, ...]) -> None:
    kind = names.STRATEGIC_WORD if indicator.strategic else names.OPERATIONAL_WORD
    sheet.write_string(row, 0, indicator.code, look["code"])
    for column, text in enumerate((kind, indicator.owner or "", indicator.title, indicator.algorithm.text), 1):
        sheet.write_string(row, column, text, look["text"])
    column = 5
    for year in years:
        _value(sheet, row, column, indicator.targets.get(year) or indicator.targets.get(None), look, "input_text")
        column += 1
    sheet.write_string(row, column, " ".join(indicator.offices), look["centred"])
    sheet.write_string(row, column + 1, " ".join(indicator.people), look["centred"])
    _value(sheet, row, column + 2, indicator.weight, look, "number")
    tallest = max(lines(indicator.title, _WIDTHS[_TITLE_COLUMN]), lines(indicator.algorithm.text, _WIDTHS[_ALGORITHM_COLUMN]))
    sheet.set_row(row, 14 * max(tallest, 1) + 4)


def _value(sheet: Worksheet, row: int, column: int, cell: Cell | None, look: Look, style: str) -> None:
    """A cell as the plan has it: an amount or weight as a number, a target as the text that the office reads."""
    if cell is None or cell.empty:
        sheet.write_blank(row, column, None, look[style])
    elif cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal) and style != "input_text":
        sheet.write_number(row, column, float(cell.value), look[style])
    else:
        sheet.write_string(row, column, cell.text, look[style])
