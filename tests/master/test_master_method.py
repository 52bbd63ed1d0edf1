"""*Metodo*: what stands in the cells is the method, and a bad cell is said with its address."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import openpyxl
import pytest

from perfxl.errors import InputError, MethodError
from perfxl.master import build_master
from perfxl.master.content import MasterContent
from perfxl.master.names import Parameters
from perfxl.master.read import method_from_workbook
from perfxl.methods import available_methods, load_method
from perfxl.methods.rows import value_meanings
from perfxl.methods.schema import Method

PROFILES = [info.path for info in available_methods()]

EVERYTHING = """
name = "tutto"
title = "Ogni specie di valore"
body = "Ente di prova"
source = "nessuna"
notes = ["prima", "seconda; con punto e virgola"]
[scoring]
deadline = "late_bands"
late_bands = [{ days = 5, pct = 90 }, { days = 10, pct = 50.5 }]
cap = "nessuno"
floor = -12.5
[scoring.bands]
mode = "steps"
edges = [50, 80.25]
values = [0, 70, 90]
[rollup]
own_pct = 62.5
children_pct = 37.5
[override]
allowed = false
[labels]
not_offices = ["FRD", "n. d."]
[aliases]
"02.1" = "O2.1"
[[exceptions]]
code = "S1*"
reason = "delibera 1"
cap = 120
policy = "zero"
[[exceptions]]
code = "S2*"
reason = "delibera 2"
cap = "nessuno"
"""


def cell_of(rows, section, key):
    """Row and column (from 0) of the value of a key."""
    return next((n, 2) for n, row in enumerate(rows) if row[:2] == [section, key])


def changed(rows, section, key, value):
    row, column = cell_of(rows, section, key)
    rows[row][column] = value
    return rows, f"Metodo!C{row + 1}"


def written(method, tmp_path):
    content = MasterContent(method, Parameters(method.body, method.year), (), (2019,), ())
    return build_master(content, tmp_path / "metodo.xlsm")


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_shipped_profile_comes_back_from_its_cells(path, tmp_path):
    assert method_from_workbook(written(load_method(path), tmp_path)) == load_method(path)


def test_every_kind_of_value_comes_back(tmp_path):
    path = tmp_path / "tutto.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    method = method_from_workbook(written(load_method(path), tmp_path))
    assert method == load_method(path)
    assert [(band.days, band.pct) for band in method.scoring.late_bands] == [(5, 90), (10, Decimal("50.5"))]
    assert method.scoring.cap is None
    assert method.year is None
    assert method.scoring_for("S1.1").cap == 120
    assert method.not_measured_for("S1.1").policy == "zero"


def test_the_cells_hold_what_the_file_says(book, repository):
    table = tomllib.loads((repository / "perfxl" / "methods" / "massacarrara-2019.toml").read_text(encoding="utf-8"))
    cells = {(row[0].value, row[1].value): row[2].value for row in book["Metodo"].iter_rows(min_row=5)}
    assert cells["profilo", "name"] == "massacarrara-2019"
    assert cells["scoring", "decreasing"] == table["scoring"]["decreasing"]
    assert cells["rollup", "own_pct"] == table["rollup"]["own_pct"] == 60
    assert cells["states.strategic", "critical"] == table["states"]["strategic"]["critical"] == 50
    assert cells["not_measured", "words"] == "; ".join(table["not_measured"]["words"])
    assert cells["reading", "show_pro_rata"] == "sì"
    stated = {(section, key) for section, keys in table.items() if isinstance(keys, dict) for key in keys}
    for section, key in stated:
        if not isinstance(table[section][key], dict) and section != "aliases":
            assert (section, key) in cells


def test_the_values_of_a_closed_key_are_the_only_ones_that_its_cell_admits(book):
    sheet = book["Metodo"]
    lists = {str(rule.sqref): rule.formula1.strip('"').split(",") for rule in sheet.data_validations.dataValidation}
    found = {}
    for row in sheet.iter_rows(min_row=5):
        if row[0].value == "scoring" and row[2].coordinate in lists:
            found[row[1].value] = lists[row[2].coordinate]
    scoring = type(load_method("massacarrara-2019").scoring)
    closed = {key: list(values) for key, field in scoring.model_fields.items() if (values := value_meanings(field))}
    assert found == closed
    assert found["range"] == ["distance", "zero_outside"]
    assert all(len(",".join(values)) <= 255 for values in lists.values())  # longer lists are lost by Excel


def test_a_changed_cell_is_a_changed_method(tab_values):
    rows, _ = changed(tab_values("Metodo"), "rollup", "own_pct", 70)
    rows, _ = changed(rows, "rollup", "children_pct", "30")
    rows, _ = changed(rows, "scoring", "cap", "Nessuno")
    rows, _ = changed(rows, "override", "allowed", "NO")
    rows, _ = changed(rows, "scoring", "increasing", " Met_or_missed ")
    method = method_from_workbook(rows)
    assert (method.rollup.own_pct, method.rollup.children_pct) == (70, 30)
    assert method.scoring.cap is None
    assert method.override.allowed is False
    assert method.scoring.increasing == "met_or_missed"


def test_sixty_per_cent_typed_as_a_percent_is_sixty(master, tmp_path):
    book = openpyxl.load_workbook(master)
    sheet = book["Metodo"]
    for row in sheet.iter_rows(min_row=5):
        if row[1].value in ("own_pct", "children_pct"):
            row[2].value, row[2].number_format = (0.55 if row[1].value == "own_pct" else 0.45), "0%"
    book.save(tmp_path / "percento.xlsx")
    assert method_from_workbook(tmp_path / "percento.xlsx").rollup.own_pct == 55


@pytest.mark.parametrize(
    ("section", "key", "value", "words"),
    [
        ("scoring", "increasing", "ratios", 'trovato "ratios"; valori ammessi: ratio, met_or_missed'),
        ("scoring", "floor", "molto", "scoring.floor"),
        ("scoring", "cap", "tanto", 'un numero, o "nessuno"'),
        ("scoring", "late_bands", "5 gg", "scoring.late_bands"),
        ("scoring.bands", "edges", "50; x", "scoring.bands.edges"),
        ("rollup", "own_pct", 70, "own_pct + children_pct = 100"),
        ("rounding", "decimals", 2.5, "un numero intero"),
        ("rounding", "decimals", 9, "un numero non maggiore di 6"),
        ("override", "allowed", "forse", "override.allowed"),
        ("scoring", "increasing", None, "la cella è vuota"),
        ("profilo", "body", None, "un testo non vuoto"),
        ("profilo", "year", "duemila", "un numero intero"),
        ("states.indicator", "critical", 95, "un numero non maggiore di 100 − tolerance"),
    ],
)
def test_a_bad_cell_is_said_with_its_address(tab_values, section, key, value, words):
    rows, address = changed(tab_values("Metodo"), section, key, value)
    with pytest.raises(MethodError) as caught:
        method_from_workbook(rows)
    (line,) = caught.value.errors
    assert line.startswith(f"{address}: "), line
    assert words in line


def test_all_that_is_wrong_is_said_at_once(tab_values):
    rows, first = changed(tab_values("Metodo"), "scoring", "range", "fuori")
    rows, second = changed(rows, "rounding", "mode", "su")
    with pytest.raises(MethodError) as caught:
        method_from_workbook(rows)
    assert [line.partition(":")[0] for line in caught.value.errors] == [first, second]
    assert caught.value.key == "scoring.range"
    assert caught.value.allowed == ("distance", "zero_outside")


def test_a_row_taken_away_is_missed_not_defaulted(tab_values):
    rows = tab_values("Metodo")
    row, _ = cell_of(rows, "scoring", "cap")
    del rows[row]
    with pytest.raises(MethodError, match=r"manca la riga di scoring\.cap"):
        method_from_workbook(rows)


def test_a_key_written_twice_or_unknown_is_refused(tab_values):
    rows = tab_values("Metodo")
    row, _ = cell_of(rows, "scoring", "cap")
    rows.insert(row + 1, ["scoring", "cap", 120, "", ""])
    rows.insert(row + 1, ["scoring", "capo", 120, "", ""])
    with pytest.raises(MethodError) as caught:
        method_from_workbook(rows)
    assert caught.value.errors == (
        f"Metodo!C{row + 2}: chiave sconosciuta scoring.capo",
        f"Metodo!C{row + 3}: scoring.cap c'è due volte: anche in Metodo!C{row + 1}",
    )


def test_moved_columns_and_inserted_rows_don_t_matter(tab_values, content):
    rows = [[None, *row[::-1]] for row in tab_values("Metodo")]
    row, _ = next((n, 0) for n, each in enumerate(rows) if "scoring" in each)
    rows.insert(row, [None] * 6)
    assert method_from_workbook([[None], *rows]) == content.method


def test_an_exception_is_checked_too(tab_values):
    rows = tab_values("Metodo")
    head = next(n for n, row in enumerate(rows) if row[:2] == ["Codice", "Motivo"])
    rows[head + 1][:4] = ["S1*", "delibera", "cap", 120]
    assert method_from_workbook(rows).scoring_for("S1.1").cap == 120
    rows[head + 1][3] = "molto"
    with pytest.raises(MethodError, match=rf"^Metodo!D{head + 2}: exceptions\[1\]\.cap"):
        method_from_workbook(rows)
    rows[head + 1][:4] = ["S1*", None, "cap", 120]
    with pytest.raises(MethodError, match=r"exceptions\[1\]\.reason"):
        method_from_workbook(rows)


def test_a_workbook_without_the_tab_is_told(workbooks, tmp_path):
    with pytest.raises(MethodError, match="manca la scheda «Metodo»"):
        method_from_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx")
    with pytest.raises(InputError, match="il file non esiste"):
        method_from_workbook(tmp_path / "non-c-e.xlsm")
    with pytest.raises(MethodError, match="manca la scheda"):
        method_from_workbook([["Sezione", "Chiave"]])


def test_no_key_of_the_schema_is_left_out(book):
    cells = {(row[0].value, row[1].value) for row in book["Metodo"].iter_rows(min_row=5)}
    rows = load_method("massacarrara-2019").as_rows()
    apart = {"notes", "aliases", "exceptions", "conventions"}  # tables of their own, or one cell for all the pairs
    assert ("profilo", "conventions") in cells
    wanted = {(section, key) for section, key, *_ in rows if section not in apart and key not in apart}
    assert len(wanted) > 60
    assert wanted <= cells
    assert {"notes", "aliases", "exceptions"} <= set(Method.model_fields)
