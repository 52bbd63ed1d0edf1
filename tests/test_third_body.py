"""A third body costs a layout file, a method file and no code: docs/esempi/comune-pontelungo, with figures worked out by hand."""

from __future__ import annotations

import ast
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.model import ResultKind
from perfxl.readers import load_layout

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "esempi" / "comune-pontelungo"
HEADINGS = ["Unità organizzativa", "Obiettivo", "Indicatore", "Valore atteso 2024", "Consuntivo 2024", "Peso"]
DESK, PLANNING, ROADS = "Semplificare lo sportello", "Programmare per tempo", "Mantenere le strade"

SECTOR_1 = [
    ("Servizi demografici", DESK, "Tempo medio di rilascio della carta d'identità", "<= 5 gg", 6.25, 60),
    ("Servizi demografici", DESK, "Pratiche presentate in rete", ">= 200", 150, 40),
    ("Segreteria", PLANNING, "Approvazione del PIAO", "entro il 31/01/2024", date(2024, 1, 30), 50),
    ("Segreteria", PLANNING, "Gradimento dei servizi interni", ">= 80%", "non rilevato", 50),
]
SECTOR_2 = [
    ("Strade", ROADS, "Km di strade rifatte", ">= 12", 9, 70),
    ("Strade", ROADS, "Interventi entro 10 gg dalla segnalazione", ">= 75%", 0.9, 30),
]
# By hand: 100·5/6,25 = 80; 100·150/200 = 75; in time 100; not measured; 100·9/12 = 75; 100·90/75 = 120, and 120 is the cap.
PERCENTS = {"S1-OB1-1": 80, "S1-OB1-2": 75, "S1-OB2-1": 100, "S1-OB2-2": None, "S2-OB1-1": 75, "S2-OB1-2": 120}
DESK_PCT = Fraction(80 * 60 + 75 * 40, 100)  # 78
ROADS_PCT = Fraction(75 * 70 + 120 * 30, 100)  # 88,5
BODY_PCT = (DESK_PCT + 100 + ROADS_PCT) / 3  # 88,8333…


def save(path, sheets, headings=HEADINGS):
    """A workbook as the Comune's offices return it: two lines of title, a blank one, the table, a total."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(["Comune di Pontelungo"])
        sheet.append([f"Obiettivi gestionali 2024 – {name}"])
        sheet.append([])
        sheet.append(headings)
        for row in rows:
            sheet.append(row)
        sheet.append(["Totale", *[None] * (len(headings) - 2), 100])
        for cells in sheet.iter_rows(min_row=5):
            for cell in cells:
                if isinstance(cell.value, float) and cell.value < 1:
                    cell.number_format = "0%"
    book.save(path)
    return path


def consolidated(path, layout="modello.toml"):
    return perfxl.consolidate(path, method=EXAMPLE / "metodo.toml", layouts=[EXAMPLE / layout])


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    return consolidated(
        save(tmp_path_factory.mktemp("pontelungo") / "Monitoraggio.xlsx", {"Settore 1": SECTOR_1, "Settore 2": SECTOR_2})
    )


# -- the long form -------------------------------------------------------------------------------------------------


def test_every_indicator_has_the_percent_worked_out_by_hand(long):
    assert {row.code: row.pct for row in long.rows} == PERCENTS
    assert {row.code: row.weight for row in long.rows} == {f"S{s}-OB{o}-{i}": w for s, o, i, w in WEIGHTS}


WEIGHTS = [(1, 1, 1, 60), (1, 1, 2, 40), (1, 2, 1, 50), (1, 2, 2, 50), (2, 1, 1, 70), (2, 1, 2, 30)]


def test_the_tree_is_the_one_of_the_objectives(long):
    tree = {n.code: (n.title, n.pct, n.measured, n.total) for n in long.nodes}
    assert tree == {
        "ENTE": ("Comune di Pontelungo", BODY_PCT, 5, 6),
        "S1-OB1": (DESK, DESK_PCT, 2, 2),
        "S1-OB2": (PLANNING, Fraction(100), 1, 2),
        "S2-OB1": (ROADS, ROADS_PCT, 2, 2),
    }
    assert str(long.headline.shown) == "88.83"


def test_every_unit_answers_for_itself(long):
    assert {o.code: (o.cover.pct, o.cover.measured, o.cover.total) for o in long.offices} == {
        "SERVIZI DEMOGRAFICI": (DESK_PCT, 2, 2),
        "SEGRETERIA": (Fraction(100), 1, 2),
        "STRADE": (ROADS_PCT, 2, 2),
    }


def test_nothing_is_said_of_sheets_that_are_in_order(long):
    assert long.findings == ()
    assert long.year == 2024


def test_a_sentinel_is_not_measured_and_not_unreadable(long):
    [row] = (r for r in long.rows if r.code == "S1-OB2-2")
    assert (row.result.kind, row.result_text) == (ResultKind.NOT_MEASURED, "non rilevato")


def test_every_value_keeps_its_address(long):
    assert {row.code: (row.ref.sheet, row.ref.a1, row.target_ref.a1) for row in long.rows} == {
        "S1-OB1-1": ("Settore 1", "E5", "D5"),
        "S1-OB1-2": ("Settore 1", "E6", "D6"),
        "S1-OB2-1": ("Settore 1", "E7", "D7"),
        "S1-OB2-2": ("Settore 1", "E8", "D8"),
        "S2-OB1-1": ("Settore 2", "E5", "D5"),
        "S2-OB1-2": ("Settore 2", "E6", "D6"),
    }


def test_one_workbook_a_sector_says_the_same(tmp_path, long):
    save(tmp_path / "settore1.xlsx", {"Settore 1": SECTOR_1})
    save(tmp_path / "settore2.xlsx", {"Settore 2": SECTOR_2})
    assert [(n.code, n.pct) for n in consolidated(tmp_path).nodes] == [(n.code, n.pct) for n in long.nodes]


def test_rows_sorted_by_unit_or_mixed_keep_their_objective(tmp_path, long):
    """The same objective comes again further down: it is one node, not two."""
    mixed = [SECTOR_1[0], SECTOR_1[2], SECTOR_1[1], SECTOR_1[3]]
    found = consolidated(save(tmp_path / "misto.xlsx", {"Settore 1": mixed, "Settore 2": SECTOR_2}))
    assert {n.title: (n.pct, n.measured, n.total) for n in found.nodes} == {
        n.title: (n.pct, n.measured, n.total) for n in long.nodes
    }
    assert found.findings == ()


def test_an_objective_written_once_or_merged_goes_on_below(tmp_path, long):
    once = [SECTOR_1[0], (SECTOR_1[1][0], None, *SECTOR_1[1][2:]), *SECTOR_1[2:]]
    path = save(tmp_path / "unito.xlsx", {"Settore 1": once, "Settore 2": SECTOR_2})
    book = openpyxl.load_workbook(path)
    book["Settore 1"].merge_cells("B5:B6")
    book.save(path)
    assert [(n.code, n.pct) for n in consolidated(path).nodes] == [(n.code, n.pct) for n in long.nodes]


def test_columns_in_another_order_with_one_more(tmp_path, long):
    order = [5, 2, 0, 1, 4, 3]
    sheets = {
        name: [[*(row[i] for i in order), "osservazioni"] for row in rows]
        for name, rows in (("Settore 1", SECTOR_1), ("Settore 2", SECTOR_2))
    }
    path = save(tmp_path / "ordine.xlsx", sheets, [*(HEADINGS[i] for i in order), "Osservazioni"])
    assert [(n.code, n.pct) for n in consolidated(path).nodes] == [(n.code, n.pct) for n in long.nodes]


def test_without_the_layout_nothing_is_guessed(tmp_path):
    """Its headings are synonyms of another body's, but rows without codes stay out, each with a finding."""
    path = save(tmp_path / "Monitoraggio.xlsx", {"Settore 1": SECTOR_1})
    found = perfxl.consolidate(path, method=EXAMPLE / "metodo.toml")
    assert (found.rows, found.headline.pct) == ((), None)
    assert [f.cell for f in found.findings if f.code == "PX-R004"] == ["C5", "C6", "C7", "C8"]


# -- a column for each quarter -------------------------------------------------------------------------------------

QUARTERS = [
    "Obiettivo",
    "Indicatore",
    "Valore atteso 2024",
    "I trimestre",
    "II trimestre",
    "III trimestre",
    "IV trimestre",
    "Peso",
]
WIDE_1 = [
    (DESK, SECTOR_1[0][2], "<= 5 gg", 10, 8, 6.25, None, 60),
    (DESK, SECTOR_1[1][2], ">= 200", 40, 90, 150, None, 40),
    (PLANNING, SECTOR_1[2][2], "entro il 31/01/2024", date(2024, 1, 30), None, None, None, 50),
    (PLANNING, SECTOR_1[3][2], ">= 80%", None, None, "non rilevato", None, 50),
]
WIDE_2 = [
    (ROADS, SECTOR_2[0][2], ">= 12", 2, 4, 9, None, 70),
    (ROADS, SECTOR_2[1][2], ">= 75%", 0.5, 0.8, 0.9, None, 30),
]


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    path = tmp_path_factory.mktemp("trimestri") / "Monitoraggio.xlsx"
    return consolidated(save(path, {"Settore 1": WIDE_1, "Settore 2": WIDE_2}, QUARTERS), "modello-trimestri.toml")


def test_the_last_filled_quarter_counts(wide, long):
    assert {row.code: row.pct for row in wide.rows} == PERCENTS
    assert [(n.code, n.pct, n.measured, n.total) for n in wide.nodes] == [
        (n.code, n.pct, n.measured, n.total) for n in long.nodes
    ]
    assert wide.findings == ()
    assert {row.code: row.ref.a1 for row in wide.rows if row.office == "S1"} == {
        "S1-OB1-1": "F5",
        "S1-OB1-2": "F6",
        "S1-OB2-1": "D7",
        "S1-OB2-2": "F8",
    }


def test_the_sector_answers_for_its_indicators(wide):
    assert {o.code: o.cover.pct for o in wide.offices} == {"S1": Fraction(80 * 60 + 75 * 40 + 100 * 50, 150), "S2": ROADS_PCT}


# -- what it cost --------------------------------------------------------------------------------------------------


def test_it_costs_no_code():
    """Nothing of this body is in the program."""
    assert {path.suffix for path in EXAMPLE.iterdir()} == {".toml", ".md"}
    words = ("pontelungo", "consuntivo 2024", "settore +")
    sources = [path for path in (ROOT / "perfxl").rglob("*") if path.suffix in (".py", ".toml")]
    assert not [path.name for path in sources for word in words if word in path.read_text(encoding="utf-8").lower()]
    assert ast.literal_eval(repr(load_layout(EXAMPLE / "modello.toml").sentinels)) == ("non rilevato",)


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ('as_code = "{above}-{n}"', 'as_code = "{sopra}-{n}"', "rows[1].as_code", "above"),
        ('as_code = "{respondent}-OB{seq}"', 'as_code = "{foglio}"', "columns.objective.as_code", "respondent"),
        ('code = "S{n}"', 'code = "S{numero}"', "respondent.rules[1].code", "n"),
        ('owner = "{above}"', 'owner = "{above"', "rows[1].owner", "above"),
        ('need = "expected"', 'need = "forse"', "columns.office.need", "optional"),
        ('split = "office"', 'splitta = "office"', "splitta", "split"),
    ],
)  # fmt: skip
def test_a_slip_in_the_layout_names_file_key_and_what_is_allowed(tmp_path, old, new, key, hint):
    text = (EXAMPLE / "modello.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "modello.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(perfxl.LayoutError) as caught:
        perfxl.consolidate(save(tmp_path / "Monitoraggio.xlsx", {"Settore 1": SECTOR_1}), layouts=[path])
    assert (caught.value.file, caught.value.key) == (str(path), key)
    assert any(hint in allowed for allowed in caught.value.allowed), caught.value.allowed
    assert key in caught.value.message


def test_the_page_of_the_example_is_worked_out(tmp_path):
    """The figures that LEGGIMI.md gives are those of its own table."""
    text = (EXAMPLE / "LEGGIMI.md").read_text(encoding="utf-8")
    rows = [
        [part.strip() for part in line.strip("| ").split(" | ")] for line in text.splitlines() if line.startswith(("| S", "| U"))
    ]
    assert rows[0] == HEADINGS
    table = [[*row[:4], Fraction(row[4].replace(",", ".")) if row[4][0].isdigit() else row[4], int(row[5])] for row in rows[1:]]
    cells = [[float(value) if isinstance(value, Fraction) else value for value in row] for row in table]
    found = consolidated(save(tmp_path / "pagina.xlsx", {"Settore 1": cells}))
    assert [row.pct for row in found.rows] == [80, 75, None]
    assert [n.pct for n in found.nodes if n.title == DESK] == [78]
    assert all(f"{figure}" in text for figure in ("vale 80", "in rete 75", "l'obiettivo 78"))


def test_the_two_commands_of_the_page_are_the_tool_s(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from perfxl.cli.app import cli

    for file in EXAMPLE.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "fogli").mkdir()
    save(tmp_path / "fogli" / "Monitoraggio_2024.xlsx", {"Settore 1": SECTOR_1, "Settore 2": SECTOR_2})
    monkeypatch.chdir(tmp_path)
    page = (EXAMPLE / "LEGGIMI.md").read_text(encoding="utf-8")
    commands = [line.split()[1:] for line in page.splitlines() if line.startswith("perfxl ")]
    assert [command[0] for command in commands] == ["consolida", "leggi"]
    for command in commands:
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
    assert list(tmp_path.glob("Consolidato_*2024.xlsx"))
