"""The add-in in LibreOffice Calc: what each kind of cell gives, what the wizard shows, what recalculates when."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import date, time
from fractions import Fraction

import pytest
import xlsxwriter

from extension.calc import Calc
from extension.sheets import Block, Error, Typed, expected, write_block
from perfxl.functions.catalogue import FUNCTIONS
from perfxl.version import __version__

DAY, PERCENT = "dd/mm/yyyy", "0.00%"

# Result, target, and the realisation by hand (massacarrara-2019: increasing = result ÷ target up to 100 %, a deadline missed = 0).
ROWS = [
    (Typed(11), Typed(12), float(Fraction(9166, 10000)), "numero"),
    (Typed(0.9, PERCENT), Typed(">= 80%"), 1.0, "percentuale sopra la soglia"),
    (Typed(0.4, PERCENT), Typed(0.8, PERCENT), 0.5, "due percentuali"),
    (Typed(date(2019, 3, 29), DAY), Typed(date(2019, 3, 1), DAY), 0.0, "date, in ritardo"),
    (Typed(date(2019, 3, 1), DAY), Typed(date(2019, 3, 29), DAY), 1.0, "date, in anticipo"),
    (Typed("giugno"), Typed("entro il 31/12/2019"), 1.0, "mese"),
    (Typed("3"), Typed("n. 4"), 0.75, "numero scritto come testo"),
    (Typed("N.C."), Typed(3), "N.C.", "non calcolato"),
    (Typed(None), Typed(4), "N.C.", "vuota"),
    (Typed(None), Typed(None), "", "tutto vuoto"),
    (Error("=1/0", "#DIV/0!"), Typed(3), "risultato non leggibile", "errore"),
    (Error("=NA()", "#N/A"), Typed(3), "risultato non leggibile", "errore N/D"),
    (Typed(time(0), DAY), Typed(date(2019, 3, 1), DAY), "data zero (00/01/1900)", "00/01/1900"),
    (Typed("vedi relazione"), Typed(3), "risultato senza misura", "parole"),
]


@pytest.fixture(scope="module")
def kinds():
    results, targets, *_ = zip(*ROWS, strict=True)
    return Block("Cruscotto", (results, targets))


def test_every_kind_of_cell(calc, kinds, tmp_path):
    """One call a row and one for the column give the same, and what was worked out by hand."""
    path = tmp_path / "tipi.xlsx"
    write_block(path, [kinds], [("PX_REALIZZAZIONE", (0, 1), ""), ("PX_STATO", (2,), "")])
    cells, _ = calc.recalculated(path)
    by_hand = [pytest.approx(value, abs=1e-4) if isinstance(value, float) else value for *_, value, _ in ROWS]
    assert [row[2] for row in cells["Cruscotto"]] == by_hand
    assert [row[3] for row in cells["Cruscotto"]] == by_hand
    core = [row[0] for row in expected(kinds, "PX_REALIZZAZIONE", (0, 1))]
    assert [row[2] for row in cells["Cruscotto"]] == [row[3] for row in cells["Cruscotto"]] == core
    assert [row[4] for row in cells["Cruscotto"]][:4] == ["raggiunto", "raggiunto", "parzialmente raggiunto", "non raggiunto"]


def test_every_function_answers(calc, tmp_path):
    """All twelve, as an .xlsx from Excel has them; figures by hand."""
    path = tmp_path / "tutte.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("F")
        percent = book.add_format({"num_format": PERCENT})
        sheet.write_column("A1", [1, 0.5], percent)  # realised
        sheet.write_column("B1", [3, 1])  # weights
        sheet.write_column("C1", [800, 50])  # spent, incentive
        sheet.write_column("D1", [1000, 0])  # budget
        sheet.write_column("E1", ["incassi", "crediti"])
        sheet.write_column("F1", [30, 40])
        sheet.write_column("G1", ["n. 4", "3,8 gg"])
        formulas = {
            "PX_REALIZZAZIONE(F1,F2)": 0.75,
            "PX_STATO(A1)": "raggiunto",
            "PX_OBIETTIVO(A1:A2)": 0.75,
            "PX_OBIETTIVO(A1:A2,B1:B2)": 0.875,
            "PX_STRATEGICO(A1,A2)": 0.8,
            "PX_LEGGI_TARGET(G1)": expected_first("PX_LEGGI_TARGET", "n. 4"),
            "PX_LEGGI_RISULTATO(G2)": expected_first("PX_LEGGI_RISULTATO", "3,8 gg"),
            "PX_SPIEGA(F1,F2)": FUNCTIONS["PX_SPIEGA"].call(30.0, 40.0)[0][0],
            "PX_SCOSTAMENTO(F1,F2)": -10,
            "PX_UTILIZZO(C1,D1)": 0.8,
            'PX_ALGORITMO("incassi / crediti",E1:E2,F1:F2)': 0.75,
            "PX_INCENTIVO(C1,A2)": 400,
            "PX_VERSIONE()": f"perfxl {__version__}",
        }
        for row, formula in enumerate(formulas):
            sheet.write_formula(row, 9, f"={formula}")
    assert {formula.split("(")[0] for formula in formulas} == set(FUNCTIONS)
    cells, _ = calc.recalculated(path)
    assert {formula: cells["F"][row][9] for row, formula in enumerate(formulas)} == formulas


def expected_first(name, text):
    return FUNCTIONS[name].call(text)[0][0]


def test_the_wizard_shows_the_catalogue(calc):
    (shown,) = calc.ask(("functions",))
    assert {name: [text, [argument[:2] for argument in arguments]] for name, (text, arguments) in shown.items()} == {
        f.name: [f.help, [[a.name, a.help] for a in f.arguments]] for f in FUNCTIONS.values()
    }
    for function in FUNCTIONS.values():
        optional = [may_be_left_out for _, _, may_be_left_out in shown[function.name][1]]
        assert [o for o, a in zip(optional, function.arguments, strict=True) if a.optional] == [True] * (
            len(optional) - function.required
        )


def test_typing_into_a_cell_recalculates_what_depends_on_it(calc, tmp_path):
    path = tmp_path / "battuta.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("F")
        sheet.write_row("A1", [1, 4])
        sheet.write_formula("C1", "=PX_SPIEGA(A1,B1)")
        sheet.write_formula("D1", "=PX_REALIZZAZIONE(A1,B1)")
    (seen,) = calc.ask(("typed", str(path), "D1", [["A1", "2"], ["A1", "N.C."], ["B1", "8"], ["A1", "2"], ["A1", "=1/0"]]))
    assert seen == ["0.5", "N.C.", "N.C.", "0.25", "risultato non leggibile"]


def test_a_constant_where_cells_are_wanted_is_an_error_and_never_a_figure(calc, tmp_path):
    """docs/libreoffice.md says so; optional arguments and formulas may be constants, with Calc's separators."""
    path = tmp_path / "vuoto.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("F").write_row("A1", [3, 4])
    lines = [
        "=PX_REALIZZAZIONE(3;4)",
        "=PX_STATO(PX_REALIZZAZIONE(A1;B1))",
        '=PX_REALIZZAZIONE(A1;B1;;"lucca-2017")',
        "=PX_REALIZZAZIONE(A1;B1;C1;D1)",
    ]
    (seen,) = calc.ask(("formulas", str(path), lines))
    assert seen == ["Err:504", "Err:504", "0", "0.75"]  # lucca-2017 takes a bare number for "just so many"


def test_a_whole_column_is_read_to_its_last_filled_row(calc, tmp_path):
    path = tmp_path / "colonna.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("F")
        sheet.write_column("A1", [1, 2, 3])
        sheet.write_column("B1", [4, 4, 4])
        sheet.write_array_formula("D1:D3", "{=PX_REALIZZAZIONE(A:A,B:B)}")
        sheet.write_formula("E1", "=PX_OBIETTIVO(D1:D3)")
    cells, _ = calc.recalculated(path)
    assert [row[3] for row in cells["F"]] == [0.25, 0.5, 0.75]
    assert cells["F"][0][4] == 0.5


@pytest.mark.slow
def test_ten_thousand_cells_recalculate(calc, tmp_path, record_property):
    """10,000 calls of one row, and one call of 10,000 rows: the same figures; the times are printed with -rP."""
    rows, seconds, figures = 10_000, {}, {}
    for name in ("una alla volta", "in blocco"):
        path = tmp_path / f"{name}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("F")
            sheet.write_column("A1", [n % 97 for n in range(rows)])
            sheet.write_column("B1", [96] * rows)
            if name == "in blocco":
                sheet.write_array_formula(f"C1:C{rows}", f"{{=PX_REALIZZAZIONE(A1:A{rows},B1:B{rows})}}")
            else:
                for n in range(1, rows + 1):
                    sheet.write_formula(f"C{n}", f"=PX_REALIZZAZIONE(A{n},B{n})")
        cells, (seconds[name],) = calc.recalculated(path)
        figures[name] = [row[2] for row in cells["F"]]
    assert figures["una alla volta"] == [pytest.approx(n % 97 / 96, abs=1e-4) for n in range(rows)]
    assert figures["in blocco"] == figures["una alla volta"]
    record_property("secondi", seconds)
    print({name: f"{took:.2f} s" for name, took in seconds.items()})
    assert seconds["in blocco"] < seconds["una alla volta"]


def test_an_extension_made_for_another_python_says_so_in_the_cell(oxt, tmp_path):
    other = tmp_path / "altra.oxt"
    with zipfile.ZipFile(oxt) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            if name.startswith("pythonpath/"):
                continue
            content = source.read(name)
            if name == "functions.json":
                content = json.dumps(json.loads(content) | {"python": "3.9"}).encode()
            target.writestr(name, content)
    folder = tmp_path / "calc"
    folder.mkdir()
    calc = Calc(folder, other)
    assert calc.installed == ["it.perfxl.calc"]
    path = tmp_path / "versione.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("F").write_formula("A1", "=PX_VERSIONE()")
    cells, _ = calc.recalculated(path)
    assert cells["F"][0][0].startswith("perfxl: estensione per Python 3.9, questo LibreOffice ha Python 3.")
    shutil.rmtree(folder)
