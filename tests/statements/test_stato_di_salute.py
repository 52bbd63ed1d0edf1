"""Stato di salute: every printed ratio, total and repeated fact of Lucca 2017-2018 and Massa-Carrara 2022, recomputed.

Lines are those of the documents (the golden tables' `source_line`).
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.readers.workbook import read_grids
from perfxl.scoring import round_exact
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks

LUCCA = (
    "lucca-2017-relazione/Stato_di_salute_2017.xlsx",
    "lucca-2017-relazione/Conto_economico_2017.xlsx",
    "lucca-2018-piano/Stato_di_salute_2018.xlsx",
    "lucca-2018-piano/Risorse_Piano_2018.xlsx",
)
MASSA = (
    "tno-2022/massacarrara/Stato_di_salute_2022.xlsx",
    "tno-2022/massacarrara/Fondo_risorse_decentrate_2022.xlsx",
)
OWN = ("health", "health_targets", "bilancio", "indici", "indici_mise", "perdita_mise", "perdita_preventivo")
YEARS = (2021, 2022, 2023, 2024)


def reader_of(workbooks, files, change=None):
    reader = Reader()
    for file in files:
        grids, problems = read_grids(workbooks / file)
        assert problems == []
        for grid in grids:
            if change is not None:
                change(grid)
            reader.take(grid)
    return reader


@pytest.fixture(scope="module")
def lucca(workbooks):
    return Book(reader_of(workbooks, LUCCA).statements)


@pytest.fixture(scope="module")
def massa_reader(workbooks):
    return reader_of(workbooks, MASSA)


@pytest.fixture(scope="module")
def massa(massa_reader):
    return Book(massa_reader.statements)


def table(book, name):
    (found,) = [each for each in book.statements if each.id == name]
    return found


def own_checks(book, *names):
    return [check for check in checks(book) if check.figure.line.statement.id in (names or OWN)]


def disagreeing(found):
    bad = {Verdict.DIFFERS, Verdict.OTHERWISE, Verdict.FOLLOWS}
    return {
        (c.figure.line.statement.id, c.figure.name, c.rule.source.split(",")[0]): (str(Decimal(float(c.printed)).quantize(Decimal("0.1"))), str(c.shown), c.verdict)
        for c in found
        if c.verdict in bad
    }  # fmt: skip


def typed_lines(book, name):
    return [line for line in table(book, name).lines if not line.is_section]


# -- Lucca ------------------------------------------------------------------------------------------------------------


def test_lucca_is_read_as_printed(lucca, golden):
    rows = golden("lucca-2017/health")
    lines = typed_lines(lucca, "health")
    assert [line.title for line in lines] == [row["indicator"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        for year in (2017, 2016, 2015, 2014):
            assert line.figures[f"y{year}"].typed == Fraction(row[f"value_{year}"]), (row["source_line"], year)
        assert (line.figures["y2017"].kind == "percent") == (row["unit"] == "%")
    rows = golden("lucca-2018/health_targets")
    lines = typed_lines(lucca, "health_targets")
    assert [" ".join(row["indicator"].split()) for row in rows] == [line.title for line in lines]
    for line, row in zip(lines, rows, strict=True):
        for column, key in (("precons_2017", "y2017pre"), ("v2016", "y2016"), ("v2015", "y2015"), ("v2014", "y2014")):
            assert line.figures[key].typed == Fraction(row[column]), (row["source_line"], column)
        assert line.text("target") == row["target_2018_raw"]
        target = line.figures["target"].target
        assert target.kind == row["target_kind"]
        assert (target.low if target.low is not None else target.value) == Decimal(row["target_low"])


def test_lucca_what_doesn_t_follow(lucca):
    """Five of the six figures that the Relazione's own table gives, and three facts printed with two values."""
    assert disagreeing(own_checks(lucca)) == {
        # The Relazione prints its proventi correnti without the variation of stocks, on which its ratios rest (the test below).
        ("health", "equilibrio.y2017", "Relazione 2017"): ("107.3", "107.4", Verdict.OTHERWISE),  # line 590; truncation agrees by chance
        ("health", "equilibrio.y2016", "Relazione 2017"): ("93.6", "93.5", Verdict.DIFFERS),
        ("health", "costi_strutturali.y2017", "Relazione 2017"): ("92.8", "92.9", Verdict.DIFFERS),  # line 591
        ("health", "proventi_diversi.y2017", "Relazione 2017"): ("12.3", "12.2", Verdict.DIFFERS),  # line 596
        ("health", "proventi_diversi.y2016", "Relazione 2017"): ("10.6", "10.7", Verdict.OTHERWISE),  # truncation, by chance again
        # The same fact in the Piano 2018 (lines 3078 and 3121) and in the Relazione 2017 (lines 589 and 600).
        ("health_targets", "margine_breve.y2015", "Relazione 2017"): ("91.2", "90.9", Verdict.DIFFERS),
        ("health_targets", "margine_breve.y2014", "Relazione 2017"): ("346.2", "290.9", Verdict.DIFFERS),
        ("health_targets", "interventi_economici_e_nuovi_investimenti_per_impresa_attiva.y2015", "Relazione 2017"): (
            "113.9", "114.3", Verdict.DIFFERS,
        ),
    }  # fmt: skip


def test_lucca_what_is_checked_and_agrees(lucca):
    found = {
        name: Counter(c.verdict.name for c in own_checks(lucca, name) if c.verdict is not Verdict.UNCHECKED)
        for name in ("health", "health_targets")
    }
    # health: 6 ratios of the Relazione's table (1 agrees), 8 of the Piano's thousands, 4 products (one within roundings).
    assert found["health"] == {"AGREES": 12, "WITHIN": 1, "DIFFERS": 3, "OTHERWISE": 2}
    # health_targets: 39 facts printed twice (36 agree), 11 ratios of the thousands, 4 products (one within roundings).
    assert found["health_targets"] == {"AGREES": 50, "WITHIN": 1, "DIFFERS": 3}


def stocks(year, mode):
    """The interval in which a variation of stocks makes the year's three printed ratios follow, from the printed lines alone.

    With x added to the proventi P: oneri/(P + x), (oneri - interventi)/(P + x), (altri + x)/(P + x).
    """
    lines = {
        2017: ("6683825.52", "7177198.26", "964745.11", "816696.64", ("107.3", "92.8", "12.3")),  # lines 550-560, 590-596
        2016: ("8694168.91", "8131189.62", "1151576.03", "928935.42", ("93.6", "80.3", "10.6")),
    }
    proventi, oneri, interventi, altri, printed = lines[year]
    p, o, i, a = (Fraction(text) for text in (proventi, oneri, interventi, altri))
    below, above = (Fraction(1, 2000), Fraction(1, 2000)) if mode == "half_up" else (Fraction(0), Fraction(1, 1000))
    low, high = -p, p
    for text, amount in zip(printed, (o, o - i, None), strict=True):
        ratio = Fraction(text) / 100
        least, most = ratio - below, ratio + above
        ends = (
            (amount / most - p, amount / least - p)
            if amount is not None
            else ((least * p - a) / (1 - least), (most * p - a) / (1 - most))
        )
        low, high = max(low, ends[0]), min(high, ends[1])
    return (low, high) if low < high else None


def test_lucca_rounds_half_up_and_leaves_a_line_out():
    """Truncation, which would explain 107,3 alone, fits no amount in 2017; half up fits one, and in 2016 the one that the Piano
    prints on its line 615: variazione rimanenze (6,3) thousand."""
    assert stocks(2017, "truncate") is None
    low, high = stocks(2017, "half_up")
    assert 7000 < low < high < 8250
    low, high = stocks(2016, "half_up")
    assert low < -6350 < -6250 < high
    low, high = stocks(2016, "truncate")
    assert high < -6350  # not even with the Piano's figure


def test_a_ratio_that_nobody_typed_is_computed(workbooks):
    """From the income statement: 7.177.198,26 / 6.683.825,52, and 8.131,2 / 8.687,8 where only the thousands are there."""

    def blanked(grid):
        for row in grid.rows.values():
            first = row.get(1)
            if first is not None and first[1] == "Equilibrio economico della gestione corrente":
                for column in [at for at in row if at > (3 if grid.file.endswith("2018.xlsx") else 2)]:
                    del row[column]

    book = Book(reader_of(workbooks, LUCCA, blanked).statements)
    values = table(book, "health").line("equilibrio").figures
    assert values["y2017"].value == 100 * Fraction("7177198.26") / Fraction("6683825.52")
    assert values["y2014"].value is None
    assert table(book, "health_targets").line("equilibrio").figures["y2017pre"].typed is None
    pre = table(book, "health_targets").line("equilibrio").figures["y2017pre"].value
    assert round_exact(pre, 1, "half_up") == Fraction("111.7")


# -- Massa-Carrara ----------------------------------------------------------------------------------------------------


def columns(golden_row, prefix):
    return [golden_row[f"{prefix[year]}{year}"] for year in YEARS]


BUDGET_PREFIX = {2021: "preconsuntivo_", 2022: "preventivo_", 2023: "preventivo_", 2024: "preventivo_"}


def test_massa_s_balance_is_read_as_printed(massa, golden):
    rows = [row for row in golden("tno-2022/ms_budget") if row["kind"] == "valori" and row["label"]]
    lines = typed_lines(massa, "bilancio")
    assert [line.title for line in lines] == [row["label"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        printed = columns(row, BUDGET_PREFIX)
        assert [line.figures[f"y{year}"].typed for year in YEARS] == [Fraction(text) for text in printed], row["source_line"]
    assert len(rows) == 74


def test_massa_s_findings_when_read(massa_reader):
    """The fourth column of the circular's table is headed 2023 a second time (line 2359); nothing else is left over."""
    found = [
        (f.code, f.found, f.cell) for f in massa_reader.findings if f.sheet in {"Bilancio", "Indici", "Circolare MISE", "Perdita"}
    ]
    assert found == [
        (
            "PX-R008",
            "Circolare MISE: squilibrio strutturale e dissesto: «2023» due volte; la seconda colonna è letta come 2024",
            "E4",
        )
    ]


RATIOS = {"struttura": "indici", "tesoreria": "indici", "tesoreria_secondario": "indici", "gestione": "indici",
          "squilibrio_strutturale": "indici_mise", "dissesto": "indici_mise"}  # fmt: skip


def ratio_lines(book, golden):
    rows = golden("tno-2022/ms_ratios")
    lines = typed_lines(book, "indici") + typed_lines(book, "indici_mise")
    assert len(rows) == len(lines) == 28
    return list(zip(rows, lines, strict=True))


def test_every_ratio_of_massa_follows(massa, golden):
    """All 28 lines in four years: ratios at two decimals half up, amounts to the cent, signs as printed."""
    compared = 0
    for row, line in ratio_lines(massa, golden):
        assert line.statement.id == RATIOS[row["group"]]
        assert (line.level == "indice") == (row["role"] == "indice")
        for year in YEARS:
            figure, printed = line.figures[f"y{year}"], Fraction(row[f"v{year}"])
            assert figure.typed == printed, (row["source_line"], year)
            # patrimonio netto differs by a cent from 2022 on, which no ratio of two decimals shows
            assert round_exact(figure.value, 2, "half_up") == printed, (row["source_line"], year)
            compared += 1
    assert compared == 112
    computed = {line.key for _, line in ratio_lines(massa, golden) if line.figures["y2022"].rule is not None}
    typed_only = {line.key for _, line in ratio_lines(massa, golden)} - computed
    assert typed_only == {"maggiorazione", "fondo_rischi"}  # lines 2362 and 2368: nothing that they follow from is printed


def test_massa_s_targets_stand_in_the_labels(massa, golden):
    printed = [row["target_printed"] for row in golden("tno-2022/ms_ratios") if row["target_printed"]]
    lines = [line for line in typed_lines(massa, "indici") if line.text("target")]
    assert [line.text("target") for line in lines] == printed == [">= 0,7", ">= 1,0", ">= 1,0"]
    assert lines[0].figures["target"].cell.ref.a1 == "A6"


def test_the_year_before_s_liquidity(massa):
    """Line 2375: 2021 with its own liquidity, 2022 on with the year before's."""
    figures = table(massa, "indici_mise").line("dissesto").figures
    operands = {year: [o.name for o in figures[f"y{year}"].operands] for year in YEARS}
    assert operands == {
        2021: ["liquidita.y2021", "differenza.y2021"],
        2022: ["liquidita.y2021", "differenza.y2022"],
        2023: ["liquidita.y2022", "differenza.y2023"],
        2024: ["liquidita.y2023", "differenza.y2024"],
    }
    assert figures["y2022"].value == Fraction("8866638.70") / Fraction("-238349.07")


def test_nothing_in_massa_differs(massa):
    """279 typed figures agree; 17 sums and repetitions agree within the cents of what they are made of, all of one root:
    patrimonio netto 2022 (line 2311), 10.186.566,06 - 1.133,38 - 872.436,79 = 9.312.995,89 printed 9.312.995,88."""
    found = own_checks(massa)
    assert disagreeing(found) == {}
    counted = Counter(check.verdict for check in found)
    assert counted == {Verdict.AGREES: 279, Verdict.WITHIN: 17, Verdict.UNCHECKED: 2}
    within = [check for check in found if check.verdict is Verdict.WITHIN]
    assert {abs(check.exact - check.printed) for check in within} == {Fraction(1, 100)}
    assert {check.figure.line.key for check in within} == {
        "struttura_patrimonio", "margine_struttura", "margine_struttura_netto", "patrimonio_iniziale", "patrimonio_netto", "totale_passivo",
    }  # fmt: skip
    assert {check.figure.field.key for check in within} == {"y2022", "y2023", "y2024"}
    unchecked = {check.figure.name for check in found if check.verdict is Verdict.UNCHECKED}
    assert unchecked == {"patrimonio_iniziale.y2021", "dissesto.y2021"}  # no year before is printed


def test_the_adjusted_losses(massa, golden):
    rows = golden("tno-2022/ms_loss_tables")
    lines = typed_lines(massa, "perdita_mise") + typed_lines(massa, "perdita_preventivo")
    assert [line.figures["importo"].typed for line in lines] == [Fraction(row["value"]) for row in rows]
    computed = {line.key: line.figures["importo"].value for line in lines if line.figures["importo"].rule is not None}
    assert computed == {
        "differenza": Fraction("-238349.07"),  # line 2422, with no label
        "avanzo": Fraction("151955.33"),  # line 2426
        "rettificata": Fraction("-482132.39"),  # line 2434
    }
    across = {c.figure.name: c.verdict for c in own_checks(massa, "perdita_mise", "perdita_preventivo") if c.rule.role == "check"}
    assert set(across) == {
        "proventi.importo",
        "oneri.importo",
        "perdita.importo",
        "contenimento.importo",
        "imu.importo",
        "quote.importo",
    }
    assert set(across.values()) == {Verdict.AGREES}


def test_the_same_facts_stay_unchecked_without_the_other_tables(workbooks):
    book = Book(reader_of(workbooks, MASSA[1:]).statements)
    verdicts = Counter(check.verdict for check in own_checks(book))
    # its own sums (3) and the expenses printed twice (3) are checked; the circular's and the balance's figures can't be
    assert verdicts == {Verdict.AGREES: 6, Verdict.UNCHECKED: 3}


# -- an input that changes moves what follows from it, and nothing else --------------------------------------------------


def shifted(sheet, row, column, amount):
    def change(grid):
        if grid.name == sheet:
            kind, value, number_format, formula = grid.rows[row][column]
            grid.rows[row][column] = (kind, value + Decimal(amount), number_format, formula)

    return change


def values_of(book):
    return {
        (figure.line.statement.id, figure.name): figure.value
        for statement in book.statements
        if statement.id in OWN
        for figure in statement.figures
        if figure.value is not None
    }


def test_a_changed_liquidity_moves_what_follows_from_it(workbooks, massa):
    """Disponibilità liquide 2022 (Bilancio C56), 100.000 more."""
    moved = values_of(Book(reader_of(workbooks, MASSA, shifted("Bilancio", 56, 3, "100000")).statements))
    before = values_of(massa)
    changed = {name: moved[name] - value for name, value in before.items() if moved[name] != value}
    assert set(changed) == {
        ("bilancio", "disponibilita_liquide.y2022"), ("bilancio", "attivo_circolante.y2022"), ("bilancio", "totale_attivo.y2022"),
        ("indici", "tesoreria_1_titolo_liquidita_immediata.y2022"), ("indici", "tesoreria_2_titolo_liquidita_immediata.y2022"),
        ("indici", "tesoreria_1.y2022"), ("indici", "tesoreria_2.y2022"),
        ("indici_mise", "liquidita.y2022"), ("indici_mise", "dissesto.y2023"),
    }  # fmt: skip
    assert changed["bilancio", "totale_attivo.y2022"] == 100000
    assert changed["indici", "tesoreria_1.y2022"] == 100000 / Fraction("3369617.23")
    assert changed["indici_mise", "dissesto.y2023"] == 100000 / Fraction("-382179.51")


def test_a_figure_of_the_past_moves_the_years_after_it(workbooks, massa):
    """Patrimonio netto iniziale 2021 (Bilancio B60): it is carried from year to year by `prev`."""
    moved = values_of(Book(reader_of(workbooks, MASSA, shifted("Bilancio", 60, 2, "1000")).statements))
    before = values_of(massa)
    changed = {name: moved[name] - value for name, value in before.items() if moved[name] != value}
    assert all(changed["bilancio", f"patrimonio_netto.y{year}"] == 1000 for year in YEARS)
    assert changed["indici", "struttura_1.y2024"] == 1000 / Fraction("4856178.69")
    assert not any(table_id in {"indici_mise", "perdita_mise", "perdita_preventivo"} for table_id, _ in changed)


def test_a_changed_print_is_found(workbooks):
    """One printed ratio a hundredth off (Indici C14, 2,58 → 2,59): that figure, and no other, differs."""
    book = Book(reader_of(workbooks, MASSA, shifted("Indici", 14, 3, "0.01")).statements)
    assert {(c.figure.name, c.verdict, str(c.shown)) for c in own_checks(book) if c.verdict is Verdict.DIFFERS} == {
        ("tesoreria_1.y2022", Verdict.DIFFERS, "2.58")
    }
