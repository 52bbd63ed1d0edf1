"""The native formulas, recalculated by LibreOffice: they give Python's figures, and move as arithmetic says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from perfxl.model import Counting, NodeRule
from perfxl.pipeline import consolidate
from perfxl.views.context import Context, node_key
from perfxl.views.figures import Rounding
from perfxl.views.indicatori import indicatori
from perfxl.views.metodo import metodo
from perfxl.views.place import place

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from perfxl.consolidation import Consolidation

EXCEL_2010 = {
    "AND", "AVERAGE", "COUNT", "COUNTIFS", "IF", "IFERROR", "INDEX", "ISNUMBER", "MATCH", "ROUND", "SUM", "SUMIFS", "SUMPRODUCT", "TRUNC",
}  # fmt: skip
HEADING_ROW = 4


def formulas(path: Path) -> dict[tuple[str, str], str]:
    book = load_workbook(path)
    return {(s.title, c.coordinate): c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "f"}


def cached(path: Path) -> dict[str, dict[str, Any]]:
    book = load_workbook(path, data_only=True)
    return {s.title: {c.coordinate: c.value for row in s.iter_rows() for c in row} for s in book}


def column(sheet: Worksheet, heading: str) -> str:
    return next(cell.column_letter for cell in sheet[HEADING_ROW] if cell.value == heading)


def by_code(values: dict[str, Any], path: Path, sheet: str, heading: str = "% realizz.") -> dict[str, Any]:
    letter = column(load_workbook(path)[sheet], heading)
    codes = {key[1:]: value for key, value in values.items() if re.fullmatch(r"A\d+", key)}
    found: dict[str, Any] = {}
    for row, code in sorted(codes.items(), key=lambda pair: int(pair[0])):
        if int(row) > HEADING_ROW:
            found.setdefault(str(code), values.get(f"{letter}{row}"))
    return found


def row_of(path: Path, **wanted: str) -> int:
    sheet = load_workbook(path, data_only=True)["Indicatori"]
    letters = {heading: column(sheet, heading) for heading in wanted}
    found = [
        row for row in range(HEADING_ROW + 1, sheet.max_row + 1)
        if all(sheet[f"{letters[h]}{row}"].value == value for h, value in wanted.items())
    ]  # fmt: skip
    assert len(found) == 1, (wanted, found)
    return found[0]


def assert_same(before: Any, after: Any, where: object) -> None:
    if isinstance(before, (int, float)):
        assert isinstance(after, (int, float)), (where, before, after)
        assert abs(before - after) <= 1e-12, (where, before, after)
    else:
        assert (before or "") == (after or ""), where


@pytest.mark.parametrize("body", ["massacarrara", "lucca"])
def test_every_formula_recalculates_to_python_s_figure(written: dict[str, Path], body: str, libreoffice: Any) -> None:
    path = written[body]
    recalculated, kept = libreoffice.recalculated(path), cached(path)
    cells = formulas(path)
    for sheet, address in cells:
        assert_same(kept[sheet][address], recalculated[sheet].get(address), (sheet, address, cells[sheet, address]))
    tabs = {sheet for sheet, _ in cells}
    assert {"Sintesi", "Albero", "Indicatori", "Responsabili"} <= tabs


def test_a_body_of_which_nothing_is_measured(workbooks: Path, tmp_path: Path, libreoffice: Any) -> None:
    """One area of Lucca without the body's own objectives: coverage 0 of 0, and still a workbook that anything opens."""
    done = consolidate(workbooks / "lucca-2017" / "Report_direzionale_2017_Area1.xlsx", method="lucca-2017")
    path = done.write(tmp_path / "Area1.xlsx")
    recalculated, kept = libreoffice.recalculated(path), cached(path)
    for sheet, address in formulas(path):
        assert_same(kept[sheet][address], recalculated[sheet].get(address), (sheet, address))
    assert "0 su 0" in kept["Sintesi"].values()


@pytest.mark.parametrize("body", ["massacarrara", "lucca"])
def test_every_percent_of_the_tree_is_native_unless_it_was_typed(
    written: dict[str, Path], body: str, request: pytest.FixtureRequest
) -> None:
    c: Consolidation = request.getfixturevalue(body)
    sheet = load_workbook(written[body])["Albero"]
    letter = column(sheet, "% realizz.")
    written_as_values = {
        node.code for index, node in enumerate(c.nodes, start=HEADING_ROW + 1) if sheet[f"{letter}{index}"].data_type != "f"
    }
    assert written_as_values == {node.code for node in c.nodes if node.rule is NodeRule.TYPED}


def test_a_changed_percent_moves_the_tree_as_arithmetic_says(written: dict[str, Path], libreoffice: Any) -> None:
    """O1.2.4-a from 25 to 75 %. 1.2: own indicators 0; children 1.2.3 = 100 and 1.2.4 = 75."""
    path = written["massacarrara"]
    letter = column(load_workbook(path)["Indicatori"], "% realizz.")
    cell = f"{letter}{row_of(path, Codice='O1.2.4-a', Conta='sì')}"
    moved = by_code(libreoffice.recalculated(path, {("Indicatori", cell): 0.75})["Albero"], path, "Albero")
    strategic = Fraction(60, 100) * 0 + Fraction(40, 100) * (Fraction(100) + 75) / 2
    area = (0 + strategic) / 2
    expected = {"1.2.4": Fraction(75), "1.2": strategic, "OB1": area, "ENTE": (area + 73) / 2}
    assert (strategic, area) == (35, Fraction(35, 2))
    for code, pct in expected.items():
        assert moved[code] == pytest.approx(float(pct / 100), abs=1e-12), code


def test_a_changed_respondent_moves_the_mean_and_the_tree(written: dict[str, Path], libreoffice: Any) -> None:
    """S2.1.1-b of U0.1 from 100 to 40: its mean is 80; 2.1 rests on it and two others at 100, its children on 32.5."""
    path = written["massacarrara"]
    letter = column(load_workbook(path)["Indicatori"], "% realizz.")
    row = row_of(path, Codice="S2.1.1-b", **{"Foglio di": "U0.1"})
    values = libreoffice.recalculated(path, {("Indicatori", f"{letter}{row}"): 0.4})
    mean_row = row_of(path, Codice="S2.1.1-b", Conta="sì")
    assert values["Indicatori"][f"{letter}{mean_row}"] == pytest.approx(0.8, abs=1e-12)
    strategic = Fraction(60, 100) * Fraction(80 + 100 + 100, 3) + Fraction(40, 100) * Fraction(65, 2)
    tree = by_code(values["Albero"], path, "Albero")
    assert tree["2.1"] == pytest.approx(float(strategic / 100), abs=1e-12)
    assert tree["ENTE"] == pytest.approx(float((Fraction(25, 2) + strategic) / 200), abs=1e-12)


def test_a_result_that_arrives_moves_coverage_too(written: dict[str, Path], libreoffice: Any) -> None:
    path = written["massacarrara"]
    letter = column(load_workbook(path)["Indicatori"], "% realizz.")
    row = row_of(path, Codice="S2.2.1-a", Conta="sì")
    tree = libreoffice.recalculated(path, {("Indicatori", f"{letter}{row}"): 1.0})["Albero"]
    measured = by_code(tree, path, "Albero", "Misurati")
    states = by_code(tree, path, "Albero", "Stato")
    assert (measured["2.2"], measured["ENTE"]) == (1, 22)
    assert states["2.2"] == "● raggiunto"


def sorted_as_excel_does(path: Path, to: Path) -> Path:
    """*Indicatori* upside down: cells move with their rows, same-row references follow, absolute ones stay."""
    book = load_workbook(path)
    sheet = book["Indicatori"]
    first, last = HEADING_ROW + 1, sheet.max_row
    rows = [[cell.value for cell in sheet[row]] for row in range(first, last + 1)]
    for row, values in enumerate(reversed(rows), start=first):
        old = first + last - row
        for cell, value in zip(sheet[row], values, strict=True):
            formula = isinstance(value, str) and value.startswith("=")
            cell.value = re.sub(rf"(?<![$A-Z])([A-Z]+){old}\b", rf"\g<1>{row}", value) if formula else value
    book.save(to)
    return to


@pytest.mark.parametrize("body", ["massacarrara", "lucca"])
def test_sorting_indicatori_changes_nothing_elsewhere(
    written: dict[str, Path], body: str, tmp_path: Path, libreoffice: Any
) -> None:
    path = written[body]
    turned = sorted_as_excel_does(path, tmp_path / "girato.xlsx")
    after, kept = libreoffice.recalculated(turned), cached(path)
    rows = [value for key, value in after["Indicatori"].items() if re.fullmatch(r"A\d+", key)]
    assert rows[HEADING_ROW - 1] != kept["Indicatori"][f"A{HEADING_ROW + 1}"]
    for sheet, address in formulas(path):
        if sheet != "Indicatori":
            assert_same(kept[sheet][address], after[sheet].get(address), (sheet, address))


def with_rounding(c: Consolidation, workbooks: Path, **rounding: object) -> Consolidation:
    method = c.method.model_copy(update={"rounding": c.method.rounding.model_copy(update=rounding)})
    return consolidate(workbooks / "massacarrara-2019", method=method)


@pytest.mark.parametrize("mode", ["truncate", "half_up"])
def test_rounding_at_each_level_is_native_and_exact(
    massacarrara: Consolidation, workbooks: Path, tmp_path: Path, libreoffice: Any, mode: str
) -> None:
    c = with_rounding(massacarrara, workbooks, mode=mode, stage="each_level")
    path = c.write(tmp_path / "livelli.xlsx")
    native = [address for sheet, address in formulas(path) if sheet == "Albero"]
    assert any(("TRUNC" if mode == "truncate" else "ROUND") in text for text in formulas(path).values())
    recalculated, kept = libreoffice.recalculated(path), cached(path)
    for address in native:
        assert_same(kept["Albero"][address], recalculated["Albero"].get(address), address)


def test_what_no_formula_says_is_a_value_with_a_finding(massacarrara: Consolidation, workbooks: Path, tmp_path: Path) -> None:
    c = with_rounding(massacarrara, workbooks, mode="half_even", stage="each_level")
    path = c.write(tmp_path / "pari.xlsx")
    sheet = load_workbook(path)["Albero"]
    assert sheet[f"{column(sheet, '% realizz.')}{HEADING_ROW + 1}"].data_type == "n"
    findings = load_workbook(path)["Anomalie"]
    assert ("PX-S001", "Albero") in {(row[1].value, row[4].value) for row in findings.iter_rows(min_row=HEADING_ROW + 1)}


@pytest.mark.parametrize("body", ["massacarrara", "lucca"])
def test_only_functions_that_excel_2010_knows_and_nothing_that_runs(written: dict[str, Path], body: str) -> None:
    used = {name for text in formulas(written[body]).values() for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)}
    assert used <= EXCEL_2010
    with zipfile.ZipFile(written[body]) as package:
        assert not [name for name in package.namelist() if "vba" in name.lower() or "externalLink" in name]


@given(
    st.fractions(min_value=-200, max_value=200, max_denominator=10**6),
    st.integers(0, 4),
    st.sampled_from(["truncate", "half_up"]),
)
def test_the_rounding_of_formulas_is_decimal_rounding(pct: Fraction, decimals: int, mode: str) -> None:
    ours = Rounding(mode, decimals, each_level=True).apply(pct)
    exact = Decimal(pct.numerator) / Decimal(pct.denominator)
    wanted = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN if mode == "truncate" else ROUND_HALF_UP)
    assert ours == Fraction(wanted)


@pytest.mark.parametrize("code", ["1.1", "1.10", "2E0105", "3-4", "1/2", "=1", ">5", "*"])
def test_a_key_is_never_a_number_a_date_or_a_pattern(code: str) -> None:
    key = node_key(code)
    assert key[0].isalpha()
    assert not set(key) & set("*?~")
    with pytest.raises(ValueError, match="could not convert"):
        float(key)


def test_codes_that_look_like_equal_numbers_are_kept_apart(massacarrara: Consolidation, tmp_path: Path, libreoffice: Any) -> None:
    """To a SUMIFS on the bare code, 2E0105 and 2E105 are one number."""
    names = {"1.1": "2E0105", "1.2": "2E105"}
    nodes = tuple(
        replace(n, code=names.get(n.code, n.code), parent=names.get(n.parent or "", n.parent)) for n in massacarrara.nodes
    )
    rows = tuple(replace(r, owner=names.get(r.owner, r.owner)) for r in massacarrara.rows)
    path = replace(massacarrara, nodes=nodes, rows=rows).write(tmp_path / "codici.xlsx")
    tree = by_code(libreoffice.recalculated(path)["Albero"], path, "Albero")
    assert (tree["2E0105"], tree["2E105"]) == (0, pytest.approx(0.25, abs=1e-12))


def test_every_row_is_in_indicatori_with_its_reason(massacarrara: Consolidation, tmp_path: Path) -> None:
    context = Context(massacarrara, tmp_path)
    sheet, _ = place([indicatori(context), metodo(context)])
    at = {col.key: i for i, col in enumerate(sheet.tab.main_table.columns)}["conta"]
    said = [cell.value for cell in sheet.cells() if cell.column == at and cell.row > HEADING_ROW - 1]
    assert len(said) == len(massacarrara.rows)
    assert said.count("sì") == sum(row.counting is Counting.COUNTS for row in massacarrara.rows) == 77


def test_offices_recalculate_to_the_printed_figure(written: dict[str, Path], libreoffice: Any) -> None:
    path = written["massacarrara"]
    offices = by_code(libreoffice.recalculated(path)["Uffici"], path, "Uffici")
    assert offices["U1.1"] == pytest.approx(0.505, abs=1e-12)


def test_an_edit_moves_every_state_and_every_count_that_rests_on_it(written: dict[str, Path], libreoffice: Any) -> None:
    """S2.2.1-a of Massa-Carrara, a blank, becomes 100 %: its own state, its office's coverage, the body's states on the first page."""
    path = written["massacarrara"]
    sheet = load_workbook(path)["Indicatori"]
    row = row_of(path, Codice="S2.2.1-a", Conta="sì")
    before = cached(path)
    after = libreoffice.recalculated(path, {("Indicatori", f"{column(sheet, '% realizz.')}{row}"): 1.0})
    state = f"{column(sheet, 'Stato')}{row}"
    assert (before["Indicatori"][state], after["Indicatori"][state]) == ("– non misurato", "● raggiunto")
    office = before["Indicatori"][f"{column(sheet, 'Foglio di')}{row}"]
    assert (
        by_code(after["Uffici"], path, "Uffici", "Misurati")[office]
        == by_code(before["Uffici"], path, "Uffici", "Misurati")[office] + 1
    )
    covers = {str(v).split(" su ")[0] for k, v in after["Uffici"].items() if k.startswith("C") and " su " in str(v)}
    assert covers == {
        str(n) for n in by_code(after["Uffici"], path, "Uffici", "Misurati").values() if isinstance(n, (int, float))
    }


@pytest.mark.parametrize(
    ("tab", "name", "headings"),
    [
        ("Uffici", "U1.1", ("Misurati", "Totale")),
        ("Prospettive", None, ("Misurati", "Totale")),
        ("Responsabili", None, ("Misurati", "Totale")),
    ],
)
def test_coverage_is_native(written: dict[str, Path], tab: str, name: str | None, headings: tuple[str, ...]) -> None:
    """Misurati and Totale move with Indicatori, as Albero's do. `name` None: the first row."""
    sheet = load_workbook(written["massacarrara"])[tab]
    rows = range(HEADING_ROW + 1, sheet.max_row + 1)
    row = next(r for r in rows if name in (None, sheet.cell(r, 1).value))
    assert [sheet[f"{column(sheet, heading)}{row}"].data_type for heading in headings] == ["f", "f"]
