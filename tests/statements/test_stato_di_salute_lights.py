"""Traffic lights and trends: states worked out by hand from the documents' figures and targets; native formulas recalculated."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.methods import load_method
from perfxl.model import State
from perfxl.pipeline import consolidate
from perfxl.statements import Book
from perfxl.statements.lights import light_of, movement_of, state_of, trend_of
from perfxl.statements.schema import Declaration
from perfxl.views.lights import LIGHT_LABEL, light_formula
from statements.made import book, declared, grid
from statements.test_stato_di_salute import LUCCA, MASSA, reader_of

R, P, N, G = State.REACHED, State.PARTIAL, State.NOT_REACHED, State.UNMEASURED
TAB = "Stato di salute"

RATIOS = """
id = "ratios"
title = "Indici di prova"
tab = "Indici"

[columns.voce]
headings = ["Indice"]
need = "essential"

[columns.target]
headings = ["Target"]
kind = "target"
need = "essential"

[series]
headings = '^(?P<year>20\\d\\d)$'
kind = "number"

[[lines]]
level = "percentuale"
text = '%$'
kind = "percent"

[[lines]]
level = "numero"

[[lights]]
values = ["series"]
target = "target"

[[trends]]
values = ["series"]
decimals = 1
"""

# Target, then figure → state under massacarrara-2019 (critical threshold 50; ratio, target over result, distance), by hand.
CASES = {
    ">= 0,7": {"0.7": R, "0.8": R, "0.699": P, "0.35": P, "0.349": N, "0": N, "-1": N},
    "> 60": {"60.001": R, "60": P, "30": P, "29.9": N},
    "<= 90,0": {"90": R, "-5": R, "90.1": P, "180": P, "180.1": N},
    "< 5": {"4.9": R, "5": P, "10": P, "10.1": N},
    "380 - 390": {"380": R, "390": R, "379.9": P, "190": P, "189.9": N, "585": P, "585.1": N},
    "105,0": {"105": R, "105.04": R, "104.95": R, "105.05": P, "104.94": P, "52.5": P, "52.4": N, "157.5": P, "157.6": N},
    "<= -20": {"-20": R, "-30": R, "-19.9": P, "-10": P, "-9.9": N, "4.1": N},
    ">= -10": {"-10": R, "0": R, "-10.1": P, "-15": P, "-15.1": N},
    ">= 0": {"0": R, "1": R, "-0.01": N},
    "0 - 10": {"0": R, "10": R, "-0.1": N, "15": P, "15.1": N},
    "<= 26.000": {"24832.4": R, "26000.1": P, "52000": P, "52000.1": N},
}
PERCENT_CASES = {">= 83%": {"91.2": R, "80.4": P, "41.5": P, "41.4": N}, "85% - 90%": {"85": R, "96.5": P, "135": P, "135.1": N}}


def tables():
    """(title, target, figures, states): a line each, with its figures in columns of years."""
    for target, states in CASES.items():
        yield f"indice {target}", target, list(states), list(states.values())
    for target, states in PERCENT_CASES.items():
        yield f"quota {target} in %", target, list(states), list(states.values())


WIDEST = max(len(figures) for _, _, figures, _ in tables())
YEARS = [2001 + at for at in range(WIDEST)]


def sheet():
    rows = [("Indice", "Target", *YEARS)]
    rows += [(title, target, *(Decimal(text) for text in figures)) for title, target, figures, _ in tables()]
    return grid(*rows)


def states(statement, method=None):
    return {line.title: [state_of(line.figures[f"y{year}"], method) for year in YEARS] for line in statement.lines}


def test_states_by_hand():
    [statement] = book(RATIOS, sheet()).statements
    found = states(statement)
    for title, _, figures, expected in tables():
        assert found[title] == expected + [G] * (WIDEST - len(figures)), title


@pytest.mark.parametrize("target", ["", "n.d.", "entro il 31/12/2019", "> del 2016", "da definire"])
def test_grey_where_nothing_can_be_compared(target):
    [statement] = book(
        RATIOS, grid(("Indice", "Target", 2020), ("indice", target or None, 3), ("altro", ">= 2", None))
    ).statements
    assert [state_of(line.figures["y2020"], None) for line in statement.lines] == [G, G]


def test_a_percent_against_a_bare_number_and_the_other_way_round_is_grey():
    rows = (("Indice", "Target", 2020), ("quota in %", ">= 0,7", 80), ("indice", ">= 70%", Decimal("0.8")))
    [statement] = book(RATIOS, grid(*rows)).statements
    assert [state_of(line.figures["y2020"], None) for line in statement.lines] == [G, G]


def test_a_method_that_knows_only_met_or_missed_has_no_yellow():
    """lucca-2017: every comparison met 100 or missed 0; a typed percent is *not* taken as an achievement already declared."""
    [statement] = book(RATIOS, sheet()).statements
    for line, (title, _, figures, expected) in zip(statement.lines, tables(), strict=True):
        got = [state_of(line.figures[f"y{year}"], load_method("lucca-2017")) for year in YEARS[: len(figures)]]
        assert got == [N if state is P else state for state in expected], title


def test_strict_operators_as_the_method_reads_them():
    method = load_method("massacarrara-2019")
    loose = method.model_copy(update={"scoring": method.scoring.model_copy(update={"strict": "ratio_only"})})
    [statement] = book(RATIOS, grid(("Indice", "Target", 2020), ("indice", "> 60", 60))).statements
    figure = statement.lines[0].figures["y2020"]
    assert (state_of(figure, method), state_of(figure, loose)) == (P, R)


# -- the documents' own lights -----------------------------------------------------------------------------------------

LUCCA_2018 = {  # line → states of 2017 (pre-consuntivo), 2016, 2015, 2014 against the printed target of 2018
    3082: (P, P, N, P),  # 380-390: 363,8 · 415,0 · 91,2 · 346,2
    3085: (P, P, P, P),  # 105,0: 111,7 · 93,6 · 105,6 · 98,5
    3091: (P, P, P, P),  # 85-90: 96,5 · 80,3 · 92,4 · 80,4
    3096: (R, R, R, R),  # <= 100: 90,1 · 88,5 · 96,9 · 86,4
    3100: (R, R, R, R),  # 70-80: 74,7 · 73,5 · 73,2 · 71,6
    3102: (R, R, R, R),  # 75-85: 82,9 · 83,1 · 75,5 · 82,8
    3105: (R, R, P, P),  # 10-13: 12,6 · 10,6 · 9,6 · 8,1
    3109: (R, R, P, P),  # <= 90,0: 79,1 · 85,6 · 93,9 · 96,8
    3111: (P, P, P, P),  # <= 45: 47,5 · 47,2 · 46,5 · 48,7
    3115: (R, R, P, P),  # >= 83: 91,2 · 89,6 · 80,4 · 73,9
    3121: (P, R, R, R),  # >= 30: 29,2 · 31,8 · 113,9 · 82,2
    3127: (R, R, R, P),  # <= 26.000: 24.832,4 · 23.371,4 · 25.534,4 · 32.720,5
    3133: (R, R, R, N),  # <= -20: -29,3 · -25,3 · -32,2 · 4,1
}
LUCCA_2018_TRENDS = ["↓", "↑", "↑", "↑ peggiora", "↑", "↓", "↑", "↓ migliora", "↑ peggiora", "↑ migliora", "↓ peggiora",
                     "↑ peggiora", "↓ migliora"]  # fmt: skip


@pytest.fixture(scope="module")
def lucca(workbooks):
    return Book(reader_of(workbooks, LUCCA).statements)


@pytest.fixture(scope="module")
def massa(workbooks):
    return Book(reader_of(workbooks, MASSA).statements)


def lit(computed, name):
    [statement] = [each for each in computed.statements if each.id == name]
    return [line for line in statement.lines if any(light_of(each) for each in line.figures.values())]


def test_the_lights_of_lucca_2018(lucca):
    lines = lit(lucca, "health_targets")
    assert len(lines) == len(LUCCA_2018)
    for line, expected in zip(lines, LUCCA_2018.values(), strict=True):
        found = tuple(state_of(line.figures[key], None) for key in ("y2017pre", "y2016", "y2015", "y2014"))
        assert found == expected, line.title


def test_the_lights_of_massa(massa):
    """Structure above its targets in all four years; structural imbalance (a negative index) in all four."""
    lines = {line.key: [state_of(line.figures[f"y{year}"], None) for year in range(2021, 2025)] for line in
             lit(massa, "indici") + lit(massa, "indici_mise")}  # fmt: skip
    assert lines == {"struttura_1": [R] * 4, "struttura_2": [R] * 4, "struttura_3": [R] * 4, "squilibrio": [N] * 4}
    assert lit(massa, "bilancio") == lit(massa, "perdita_mise") == []


def said(figure):
    moved = movement_of(figure)
    return moved.arrow + {True: " migliora", False: " peggiora", None: ""}[moved.better]


def test_the_trend_of_lucca_2018(lucca):
    """The last year against the one before; better or worse by the operator of the printed target, ranges and 105,0 % say none."""
    lines = lit(lucca, "health_targets")
    assert [said(line.figures["y2017pre"]) for line in lines] == LUCCA_2018_TRENDS
    assert all(trend_of(line.figures["y2016"]) is None for line in lines)
    assert movement_of(lines[7].figures["y2017pre"]).difference == Fraction("79.1") - Fraction("85.6")


def test_the_trend_of_massa(massa):
    [mise] = [each for each in massa.statements if each.id == "indici_mise"]
    imbalance, distress = mise.line("squilibrio").figures, mise.line("dissesto").figures
    assert trend_of(imbalance["y2021"]) is None
    assert [said(imbalance[f"y{year}"]) for year in (2022, 2023, 2024)] == ["↑ migliora", "↓ peggiora", "="]
    assert [said(distress[f"y{year}"]) for year in (2022, 2023, 2024)] == ["↓", "↑", "↑"]  # no target: no judgement


def test_a_trend_without_an_earlier_figure_says_nothing():
    rows = (("Indice", "Target", 2020, 2021), ("indice", ">= 2", None, 3), ("altro", ">= 2", 3, None))
    [statement] = book(RATIOS, grid(*rows)).statements
    assert [movement_of(line.figures["y2021"]) for line in statement.lines] == [None, None]


def test_a_difference_that_isn_t_shown_is_no_movement():
    rows = (("Indice", "Target", 2020, 2021), ("a", ">= 2", 3, Decimal("3.04")), ("b", ">= 2", 3, Decimal("3.05")))
    [statement] = book(RATIOS, grid(*rows)).statements
    assert [movement_of(line.figures["y2021"]).arrow for line in statement.lines] == ["=", "↑"]


# -- what declarations may say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("light", ['values = ["series"]', 'values = ["series"]\ntarget = "target"\naim = ">= 1"'])
def test_a_light_has_one_target(light):
    text = RATIOS.replace('values = ["series"]\ntarget = "target"', light, 1)
    with pytest.raises(ValueError, match="target"):
        declared(text)


def test_years_first_last_and_before_follow_the_side_of_the_past():
    text = RATIOS.replace('kind = "number"\n', 'kind = "number"\nprevious = "right"\n', 1)
    text = text.replace('[[trends]]\nvalues = ["series"]', '[[trends]]\nvalues = ["last"]')
    [statement] = book(text, grid(("Indice", "Target", 2017, 2016, 2015), ("indice", ">= 2", 5, 4, 2))).statements
    figures = statement.lines[0].figures
    assert movement_of(figures["y2017"]).difference == 1
    assert trend_of(figures["y2016"]) is None


def test_a_forecast_is_not_the_year_s_result():
    text = RATIOS.replace("'^(?P<year>20", "'^(?:(?P<stage>pre)cons )?(?P<year>20")
    [statement] = book(text, grid(("Indice", "Target", "Precons 2017", 2017), ("indice", ">= 2", 5, 4))).statements
    assert [each.key for each in statement.fields] == ["voce", "target", "y2017pre", "y2017"]


# -- native formulas ----------------------------------------------------------------------------------------------------


def written(tmp_path, method):
    """The cases as a workbook, consolidated under a method: the produced file."""
    source = Workbook()
    page = source.active
    page.append(["Indice", "Target", *YEARS])
    for title, target, figures, _ in tables():
        share = 100 if title.endswith("%") else 1
        page.append([title, target, *(float(Decimal(text)) / share for text in figures)])
        for cell in page[page.max_row][2:]:
            cell.number_format = "0.0%" if share == 100 else "General"
    source.save(tmp_path / "Indici_2020.xlsx")
    made = Declaration.model_validate(tomllib.loads(RATIOS))
    c = consolidate([tmp_path / "Indici_2020.xlsx"], method=method, declarations=[made])
    return c, c.write(tmp_path / "consolidato.xlsx")


def all_cells(path, tab):
    return {cell.coordinate: cell.value for row in load_workbook(path, data_only=True)[tab].iter_rows() for cell in row
            if cell.value is not None}  # fmt: skip


def formulas(path, tab):
    return {cell.coordinate: cell.value for row in load_workbook(path)[tab].iter_rows() for cell in row if cell.data_type == "f"}


def assert_recalculated(path, tab, libreoffice):
    """Every cell of the tab, not only those with a formula; the number of formulas compared."""
    kept, after, native = all_cells(path, tab), libreoffice.recalculated(path)[tab], formulas(path, tab)
    assert set(native) <= set(kept)
    for address, value in kept.items():
        found = after.get(address)
        if isinstance(value, (int, float)):
            assert found == pytest.approx(value, abs=1e-9, rel=1e-12), (address, native.get(address))
        else:
            assert str(found or "") == str(value), (address, native.get(address))
    return len(native)


def altered(name, **scoring):
    method = load_method(name)
    return method.model_copy(update={"scoring": method.scoring.model_copy(update=scoring)})


METHODS = {
    "ratio": load_method("massacarrara-2019"),
    "linear": altered("massacarrara-2019", decreasing="linear", range="zero_outside", strict="ratio_only"),
    "met or missed": load_method("lucca-2017"),
}


@pytest.mark.parametrize("name", METHODS)
def test_native_lights_are_python_s_under_each_method(tmp_path, libreoffice, name):
    c, path = written(tmp_path, METHODS[name])
    native = formulas(path, "Indici")
    cases = sum(len(figures) for _, _, figures, _ in tables())
    assert sum("●" in text for text in native.values()) == cases  # every figure that is there has a native light
    assert assert_recalculated(path, "Indici", libreoffice) == cases + 2 * (cases - len([*tables()]))
    [statement] = c.statements.statements
    found = libreoffice.recalculated(path)["Indici"].values()
    expected = [LIGHT_LABEL[state] for row in states(statement, METHODS[name]).values() for state in row]
    for label in set(expected) - {LIGHT_LABEL[G]}:
        assert [*found].count(label) == expected.count(label), label


def test_a_changed_figure_moves_light_and_trend(tmp_path, libreoffice):
    """>= 0,7 in 2001: 0,7 → 0,3 (below half of it: red); 2002 stays 0,8 and now improves by 0,5."""
    _, path = written(tmp_path, METHODS["ratio"])
    page = load_workbook(path)["Indici"]
    [row] = [cell.row for (cell,) in page.iter_rows(max_col=1) if cell.value == "indice >= 0,7"]
    heading = {str(cell.value): cell.column_letter for cell in page[row - 1] if cell.value is not None}
    values = libreoffice.recalculated(path, {("Indici", f"{heading['2001']}{row}"): 0.3})["Indici"]
    assert values[f"{heading['Stato 2001']}{row}"] == "○ non rispettato"
    assert values[f"{heading['Differenza dal 2001']}{row}"] == pytest.approx(0.5)
    assert values[f"{heading['Andamento 2002']}{row}"] == "↑ migliora"


def test_a_changed_threshold_in_metodo_moves_the_yellow(tmp_path, libreoffice):
    """The critical threshold of indicators stands in *Metodo*: at 90 %, 0,35 of 0,7 is no longer near."""
    _, path = written(tmp_path, METHODS["ratio"])
    page = load_workbook(path, data_only=True)["Metodo"]
    [cell] = [row[2].coordinate for row in page.iter_rows() if row[0].value == "Indicatori"]
    assert page[cell].value == 0.5
    before = [*libreoffice.recalculated(path)["Indici"].values()].count("◐ vicino")
    after = [*libreoffice.recalculated(path, {("Metodo", cell): 0.9})["Indici"].values()].count("◐ vicino")
    near = {">= 0,7": ["0.699"], "> 60": ["60"], "<= 90,0": ["90.1"], "< 5": ["5"], "380 - 390": ["379.9"], "105,0": ["105.05", "104.94"],
            "<= -20": ["-19.9"], ">= -10": ["-10.1"], "<= 26.000": ["26000.1"], ">= 83%": ["80.4"], "85% - 90%": ["96.5"]}  # fmt: skip
    assert before == sum(state is P for _, _, _, row in tables() for state in row)
    assert after == sum(len(figures) for figures in near.values())


def test_what_no_formula_can_say_is_a_value():
    method = load_method("massacarrara-2019")
    banded = method.scoring.bands.model_copy(
        update={"mode": "steps", "edges": (Decimal(50),), "values": (Decimal(0), Decimal(70))}
    )
    changed = method.model_copy(update={"scoring": method.scoring.model_copy(update={"bands": banded})})
    [statement] = book(RATIOS, grid(("Indice", "Target", 2020), ("indice", ">= 2", 1))).statements
    figure = statement.lines[0].figures["y2020"]
    assert light_formula(figure, method) is not None
    assert light_formula(figure, changed) is None
    assert (state_of(figure, method), state_of(figure, changed)) == (P, P)  # 50 % → 70 under the bands


@pytest.mark.parametrize(("files", "tables_of_tab"), [(LUCCA, 2), (MASSA, 5)], ids=["lucca", "massa-carrara"])
def test_the_tab_recalculates_to_python_s_figures(workbooks, tmp_path, libreoffice, files, tables_of_tab):
    c = consolidate([workbooks / file for file in files], method="massacarrara-2019")
    path = c.write(tmp_path / "consolidato.xlsx")
    assert len(c.statements.of_tab(TAB)) == tables_of_tab
    figures = [figure for each in c.statements.of_tab(TAB) for figure in each.figures]
    computed = sum(each.rule is not None and each.value is not None and not each.reason for each in figures)
    lights = sum(light_of(each) is not None and state_of(each, c.method) is not G for each in figures)
    moved = sum(movement_of(each) is not None for each in figures)
    assert min(lights, moved) > 0
    assert assert_recalculated(path, TAB, libreoffice) == computed + lights + 2 * moved
