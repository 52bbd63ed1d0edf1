"""The tabs of the statements in LibreOffice: every native formula of every published table gives Python's figure, the workbooks
are valid, and a changed figure moves what follows from it, and nothing else, as Python says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from perfxl.pipeline import consolidate
from perfxl.statements import Book
from perfxl.statements.schema import FIGURES
from perfxl.views.context import Context
from perfxl.views.prospetti import statement_tabs, table_name

if TYPE_CHECKING:
    from perfxl.consolidation import Consolidation
    from perfxl.statements import Figure

METHODS = {
    "lucca-2017": "lucca-2017",
    "lucca-2017-relazione": "lucca-2017",
    "lucca-2018-piano": "lucca-2017",
    "massacarrara-2019-allegati": "massacarrara-2019",
    "art15-2015": "lucca-2017",
    "tno-2022/lucca": "unioncamere-2022",
    "tno-2022/massacarrara": "unioncamere-2022",
    "tno-2022/pisa": "unioncamere-2022",
}
FORMS = {"tno-2022/massacarrara-misure": "unioncamere-2022", "modelli": "massacarrara-2019"}
"""Sheets to be filled: there is no figure in them, or next to none, to compute from."""
ALL = METHODS | FORMS
NEAR = 1e-9

pytestmark = pytest.mark.slow
every_document = pytest.mark.parametrize("folder", METHODS)
every_folder = pytest.mark.parametrize("folder", ALL)


class Made(NamedTuple):
    """A folder's consolidated workbook: where it is, what it was made of, the cell of each figure."""

    path: Path
    result: Consolidation
    cells: dict[tuple[str, str, int], tuple[str, str]]


def test_every_folder_of_workbooks_is_here(workbooks: Path) -> None:
    """A new folder with a statement in it must be recalculated too."""
    folders = {path.parent.relative_to(workbooks).as_posix() for path in workbooks.rglob("*.xlsx")}
    left = folders - ALL.keys()
    assert {name for name in left if consolidate(workbooks / name).statements is not None} == set()


@pytest.fixture(scope="module")
def made(workbooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`made("tno-2022/pisa")`, each folder once."""
    known: dict[str, Made] = {}

    def of(folder: str) -> Made:
        if folder not in known:
            result = consolidate(workbooks / folder, method=ALL[folder])
            assert result.statements is not None, folder
            path = result.write(tmp_path_factory.mktemp("prospetti") / "prospetti.xlsx")
            known[folder] = Made(path, result, addresses(result, path.parent))
        return known[folder]

    return of


def addresses(result: Consolidation, folder: Path) -> dict[tuple[str, str, int], tuple[str, str]]:
    """(table, column, line) → (tab, A1), worked out from the declared tabs."""
    out = {}
    for tab in statement_tabs(Context(result, folder)):
        for table in tab.tables:
            at = table.left
            for column in table.columns:
                for index in range(len(table.items)):
                    out[table.name, column.key, index] = tab.name, f"{get_column_letter(at + 1)}{table.first_row + index + 1}"
                at += column.span
    return out


def place_of(figure: Figure) -> tuple[str, str, int]:
    return table_name(figure.line.statement), figure.field.key, figure.line.index


def formulas(path: Path, tabs: tuple[str, ...]) -> dict[tuple[str, str], str]:
    book = load_workbook(path)
    return {(tab, c.coordinate): c.value for tab in tabs for row in book[tab].iter_rows() for c in row if c.data_type == "f"}


def expected(book: Book) -> dict[tuple[str, str, int], Figure]:
    return {place_of(f): f for s in book.statements for f in s.figures if f.field.kind in FIGURES and not f.line.is_section}


def held(figure: Figure) -> float:
    """What the cell of a figure holds."""
    assert figure.value is not None
    return float(figure.value / 100 if figure.kind == "percent" else figure.value)


def same(one: Any, other: float) -> bool:
    return isinstance(one, (int, float)) and abs(one - other) <= NEAR * max(1.0, abs(other))


@every_document
def test_every_native_formula_gives_python_s_figure(made: Any, libreoffice: Any, folder: str) -> None:
    path, result, cells = made(folder)
    book = result.statements
    recalculated = libreoffice.recalculated(path)
    native = formulas(path, book.tabs)
    wrong, checked = [], set()
    for place, figure in expected(book).items():
        where = cells.get(place)
        if where in native and figure.value is not None:
            checked.add(place)
            found = recalculated[where[0]].get(where[1])
            if not same(found, held(figure)):
                wrong.append((where, native[where], found, held(figure)))
    assert wrong == []
    ruled = {place: f for place, f in expected(book).items() if f.rule is not None and f.value is not None and not f.reason}
    shown = {place for place, figure in ruled.items() if place in cells and figure.operands}  # a sum of nothing is a plain zero
    assert shown, "nessuna cifra calcolata"
    assert {ruled[place].name for place in shown - checked} == set(), "cifre calcolate senza formula nativa"


@every_folder
def test_no_formula_ends_in_an_error(made: Any, libreoffice: Any, folder: str) -> None:
    path, result, _ = made(folder)
    recalculated = libreoffice.recalculated(path)
    errors = [
        (tab, at, recalculated[tab].get(at))
        for tab, at in formulas(path, result.statements.tabs)
        if str(recalculated[tab].get(at)).startswith("#")
    ]
    assert errors == []


@every_folder
def test_the_validator_finds_nothing(made: Any, ooxml_validator: Any, folder: str) -> None:
    assert ooxml_validator(made(folder).path) == []


def input_of(book: Book, cells: dict[Any, Any], native: dict[Any, Any]) -> Figure:
    """The typed figure, given by no rule, on which most native formulas rest directly."""
    followers: dict[int, int] = {}
    inputs: dict[int, Figure] = {}
    for figure in expected(book).values():
        if cells.get(place_of(figure)) in native:
            for operand in figure.operands:
                if operand.rule is None and operand.typed and operand.field.kind != "mark" and place_of(operand) in cells:
                    followers[id(operand)] = followers.get(id(operand), 0) + 1
                    inputs[id(operand)] = operand
    return inputs[max(followers, key=lambda key: followers[key])]


@every_document
def test_a_changed_figure_moves_what_follows_as_python_says(made: Any, libreoffice: Any, workbooks: Path, folder: str) -> None:
    path, result, cells = made(folder)
    book = result.statements
    native = formulas(path, book.tabs)
    typed = input_of(book, cells, native)
    assert typed.typed is not None
    new = typed.typed * 2 + 7
    again = consolidate(workbooks / folder, method=METHODS[folder]).statements
    assert again is not None
    twin = expected(again)[place_of(typed)]
    changed = Book(_retyped(again, twin, new), result.method)
    tab, at = cells[place_of(typed)]
    moved = libreoffice.recalculated(path, {(tab, at): float(new / 100 if typed.kind == "percent" else new)})
    before, after = expected(book), expected(changed)
    wrong, count = [], 0
    for place, figure in after.items():
        where = cells.get(place)
        if where in native and figure.value is not None and before[place].value is not None:
            count += held(figure) != held(before[place])
            if not same(moved[where[0]].get(where[1]), held(figure)):
                wrong.append((where, native[where], moved[where[0]].get(where[1]), held(figure)))
    assert wrong == []
    assert count > 0, "niente si è mosso"


def _retyped(book: Book, figure: Figure, value: Any) -> tuple[Any, ...]:
    """The statements as they were read, but for one figure."""
    for statement in book.statements:
        for each in statement.figures:
            each.value, each.rule, each.reason, each.operands = each.typed, None, "", ()
    figure.typed = figure.value = value
    return book.statements
