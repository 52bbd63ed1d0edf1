"""The live renderer gives the cells of the file renderer: value, formula, number format, for both real bodies."""

from __future__ import annotations

import warnings
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from live.engine import SheetStore
from perfxl import consolidate
from perfxl.live.areas import Rect, rectangles, uniform_parts
from perfxl.live.dress import Dresser
from perfxl.live.marks import OWN_NAMES
from perfxl.live.render import area_of, render_cells
from perfxl.views import consolidated_book
from perfxl.views.columns import PlacedColumn
from perfxl.views.place import Sheet
from perfxl.views.tab import Column, Kind, Style, Tab, Table
from perfxl.writers.file import write_file

BODIES = [
    ("massacarrara-2019", ["massacarrara-2019"], ["massacarrara-2019-piano/Piano_2019_Allegato1.xlsx"]),
    ("lucca-2017", ["lucca-2017"], None),
]


@pytest.fixture(params=BODIES, ids=[body[0] for body in BODIES])
def both(request, workbooks, tmp_path, open_book):
    """(file as openpyxl reads it, what the in-memory Excel holds, declaration) for each tab."""
    method, folders, plan = request.param
    c = consolidate([workbooks / f for f in folders], method=method, plan=[workbooks / p for p in plan] if plan else None)
    declared = consolidated_book(c, tmp_path)
    write_file(declared, tmp_path / "file.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = openpyxl.load_workbook(tmp_path / "file.xlsx")
    book, store = open_book([SheetStore("Dati")])
    dresser = Dresser(declared, store.path)
    for sheet in declared.sheets:
        target = book.sheets.add(sheet.tab.name, after=book.sheets[len(book.sheets) - 1])
        render_cells(target, sheet, declared.decimals)
        dresser.dress(target, sheet)
    assert dresser.left_out == {}
    return file, store, declared, book


def _from_file(cell):
    value = cell.value
    if cell.data_type == "f":
        return None, value, cell.number_format
    if isinstance(value, datetime):
        value = (value - datetime(1899, 12, 30)).total_seconds() / 86400
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = float(value)
    return value, None, cell.number_format


def test_both_renderers_give_the_same_cells(both):
    file, store, declared, _ = both
    compared = formulas = 0
    assert [sheet.tab.name for sheet in declared.sheets] == file.sheetnames
    assert set(file.sheetnames) <= OWN_NAMES
    for sheet in declared.sheets:
        name = sheet.tab.name
        held = store.sheet(name).cells
        wrong = []
        for row in file[name].iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell):  # openpyxl forgets the format of what a merged cell covers
                    continue
                live = held.get((cell.row, cell.column))
                got = (live.value, live.formula, live.number_format) if live else (None, None, "General")
                compared += 1
                formulas += cell.data_type == "f"
                if got != _from_file(cell):
                    wrong.append((cell.coordinate, _from_file(cell), got))
        assert wrong == [], f"{name}: {wrong[:5]}"
        beyond = [
            at for at, c in held.items() if c.value is not None and (at[0] > file[name].max_row or at[1] > file[name].max_column)
        ]
        assert beyond == []
    assert compared > 3000
    assert formulas > 100


def test_both_renderers_give_the_same_surroundings(both):
    """Merged cells, links, frozen panes, print area, charts."""
    file, store, declared, _ = both
    for sheet in declared.sheets:
        held, written = store.sheet(sheet.tab.name), file[sheet.tab.name]
        assert sorted(held.merged) == sorted((m.min_row, m.min_col, m.max_row, m.max_col) for m in written.merged_cells.ranges)
        links = {(row, column): (address, anchor) for (row, column), (address, anchor) in held.links.items()}
        expected = {(c.row + 1, c.column + 1) for c in sheet.cells() if c.link}
        assert set(links) == expected
        assert len(held.charts) == len(written._charts)
        if written.freeze_panes:
            last = held.set_up["panes"].at.replace("$", "").rpartition(":")[2]
            frozen = openpyxl.utils.cell.coordinate_to_tuple(written.freeze_panes)
            rows = int("".join(ch for ch in last if ch.isdigit()))
            assert rows == frozen[0] - 1
        assert held.set_up["gridlines"] is sheet.tab.gridlines
        assert {n: round(w, 3) for n, w in held.widths.items()} == {n + 1: round(w, 3) for n, w in sheet.widths.items()}


def test_the_round_trips_are_few(both):
    """Cells are written in blocks: values in one call a tab, formats and formulas in some; never one call a cell."""
    _, store, declared, book = both
    app = book.app.impl
    cells = sum(len(sheet.cells()) for sheet in declared.sheets)
    for sheet in store.sheets[1:]:
        sheet.cells.clear()
    app.calls.clear()
    for sheet in declared.sheets:
        render_cells(book.sheets[sheet.tab.name], sheet, declared.decimals)
    assert app.calls["Range.raw_value ="] == len(declared.sheets)
    assert sum(count for name, count in app.calls.items() if name.endswith(" =")) < cells / 10


def _tab(texts):
    table = Table("T", (Column("a", "A", 9, lambda item: item), Column("b", "B", 9, lambda _: 0.5, Kind.PERCENT)), texts, top=3)
    return Tab("Prova", "titolo", "sotto", (table,), colour="000000")


def _placed(texts) -> Sheet:
    from perfxl.views.place import place

    return place([_tab(texts)])[0]


RETYPED = [
    "1.2",
    "01/02",
    "1-2",
    "3 gen",
    "giu-19",
    "10%",
    "12:30",
    "€ 5",
    "VERO",
    "#N/A",
    "=1+1",
    "'apice",
    "2E0105",
    "1.000",
    "-5",
    "00123",
]


def _other(value, text):
    return type(value) is not str or value != text


def test_no_text_is_retyped(open_book):
    """Each of these becomes something else when it is put into a cell of Excel's; here it stays the text that it is."""
    book, store = open_book([SheetStore("Dati")])
    plain = book.sheets["Dati"].range(f"A1:A{len(RETYPED)}")
    plain.value = [[text] for text in RETYPED]
    changed = [text for row, text in enumerate(RETYPED, 1) if _other(store.sheet("Dati").cells[row, 1].value, text)]
    assert changed == RETYPED  # the in-memory Excel does retype them all
    target = book.sheets.add("Prova")
    sheet = _placed(RETYPED)
    render_cells(target, sheet, 2)
    held = [store.sheet("Prova").cells[row, 1] for row in range(5, 5 + len(RETYPED))]
    assert [cell.value for cell in held] == RETYPED
    assert {cell.number_format for cell in held} == {"General"}
    assert {cell.formula for cell in held} == {None}


def test_a_very_long_text_goes_alone(open_book):
    book, store = open_book([SheetStore("Dati")])
    target = book.sheets.add("Prova")
    render_cells(target, _placed(["x" * 9000, "y"]), 2)
    assert store.sheet("Prova").cells[5, 1].value == "x" * 9000


def test_numbers_dates_and_nothing(open_book):
    values = [1, 2.5, Decimal("0.125"), date(2019, 12, 31), None, ""]
    sheet = _placed([])
    sheet.columns = [
        PlacedColumn(
            i, [0], [float(v) if isinstance(v, Decimal) else v], [Style(Kind.DATE if isinstance(v, date) else Kind.NUMBER)]
        )
        for i, v in enumerate(values)
    ]
    book, store = open_book([SheetStore("Dati")])
    target = book.sheets.add("Prova")
    render_cells(target, sheet, 2)
    held = store.sheet("Prova").cells
    assert [held[1, c].value for c in range(1, 7)] == [1.0, 2.5, 0.125, 43830.0, None, None]
    assert held[1, 4].number_format == "dd/mm/yyyy"


def test_what_cannot_be_dressed_is_said(open_book):
    book, store = open_book([SheetStore("Dati")])
    target = book.sheets.add("Prova")
    sheet = _placed(["a"])
    render_cells(target, sheet, 2)
    from perfxl.views.place import Book

    dresser = Dresser(Book([sheet], 2, "piede"), store.path)
    book.app.impl.fail_at = book.app.impl.count + 3
    dresser.dress(target, sheet)
    (found,) = dresser.findings()
    assert found.code == "PX-S014"
    assert "ComError" in found.found
    assert store.sheet("Prova").cells[5, 1].value == "a"


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        ({(1, 1): "a", (1, 2): "a", (2, 1): "a", (2, 2): "a"}, 1),
        ({(1, 1): "a", (2, 2): "a"}, 2),
        ({(r, 1): r % 2 for r in range(10)}, 10),
        ({}, 0),
    ],
)
def test_rectangles_cover_just_the_cells(cells, count):
    found = rectangles(cells)
    assert len(found) == count
    covered = [((r, c), key) for key, a in found for r in range(a.top, a.bottom + 1) for c in range(a.left, a.right + 1)]
    assert sorted(covered) == sorted(cells.items())


def test_mixed_questions_are_cut_only_where_needed():
    asked = []

    def ask(part):
        asked.append(part)
        kinds = {row == 7 for row in range(part.top, part.bottom + 1)}
        return kinds.pop() if len(kinds) == 1 else None

    parts = list(uniform_parts(Rect(1, 1, 64, 1), ask))
    assert [part for part, yes in parts if yes] == [Rect(7, 1, 7, 1)]
    assert sum(part.bottom - part.top + 1 for part, _ in parts) == 64
    assert len(asked) < 16


def test_the_area_of_a_tab_holds_all_its_cells():
    sheet = _placed(["a", "b"])
    area = area_of(sheet)
    assert all(area.has(cell.row + 1, cell.column + cell.span) for cell in sheet.cells())
    assert Path(area.a1).name == "A1:B6"
