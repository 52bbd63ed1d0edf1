"""What is collected of a document: each figure once, under the declared convention, with the cells of both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook

from perfxl.findings import CATALOGUE, Severity
from perfxl.model import CellRef, Result, ResultKind, Target, TargetKind
from perfxl.pipeline import consolidate
from perfxl.statements.compare import Verdict
from perfxl.verification import Item, verified
from perfxl.verification.codes import CODE_LIKE, unknown_codes
from perfxl.verification.collect import TOLD, UNCHECKABLE
from perfxl.verification.impossible import impossible_results, is_share
from perfxl.verification.statements import gap_of
from statements.made import BUDGET, declared

HEADER = ("Progetto", "Previsto", "Speso", "% utilizzo")


@pytest.fixture
def document(tmp_path):
    """`document(rows…)`: a workbook with a budget, verified under a declaration of its own."""

    def made(*rows, name="Bilancio.xlsx", method="massacarrara-2019", text=BUDGET, sheet="Risorse"):
        book = Workbook()
        page = book.active
        page.title = sheet
        for number, row in enumerate((HEADER, *rows), start=3):
            for at, value in enumerate(row, start=2):
                cell = page.cell(number, at, value)
                if at == 5:
                    cell.number_format = "0.0"
        book.save(tmp_path / name)
        return verified(consolidate(tmp_path, method=method, declarations=[declared(text)]))

    return made


ROWS = (
    ("1A01 - Borse", 700, 300, 42.9),
    ("1A02 - Eventi", 100, 50, 49),
    ("1A03 - Premi", 700, 300, 42.8),
    ("Totale", 1500, 651, 43.4),
)


def test_every_figure_is_checked_and_told(document):
    v = document(*ROWS)
    [table] = v.tables
    assert (table.name, table.table, table.sheets) == ("Bilancio.xlsx", "Budget per progetto", ("Risorse",))
    assert (table.checked, table.agree, table.within, table.follow, table.otherwise, table.differ) == (6, 2, 0, 1, 1, 2)
    assert set(table.conventions) == {"arrotondamento a 1 decimale", "arrotondamento a 2 decimali"}
    assert [item.code for item in v.differences] == ["PX-C001", "PX-C001", "PX-C002"]
    assert v.differs


def test_a_difference_has_both_figures_and_all_the_cells(document):
    worst, total, rounded = document(*ROWS).differences
    assert worst.place == "Bilancio.xlsx [Risorse] E5"
    assert (worst.printed, worst.computed, worst.line, worst.column) == ("49,0 %", "50,0 %", "Eventi", "% utilizzo")
    assert (worst.rule, worst.convention, worst.other, worst.operand_cells) == (
        "% di utilizzo",
        "arrotondamento a 1 decimale",
        "",
        "D5, C5",
    )
    assert (total.place, total.printed, total.computed, total.operand_cells) == (
        "Bilancio.xlsx [Risorse] D7",
        "651,00",
        "650,00",
        "D4:D6",
    )
    assert (rounded.other, rounded.severity) == ("troncamento a 1 decimale", Severity.WARNING)
    assert all(item.remedy for item in (worst, total, rounded))


def test_the_worst_come_first(document):
    v = document(
        ("1A01 - A", 100, 50, 51), ("1A02 - B", 100, 50, 90), ("1A03 - C", 100, 33.34, 33.4), ("1A04 - D", 100, "n.d.", 3)
    )
    assert [(item.line, item.severity) for item in v.differences] == [
        ("B", Severity.ERROR), ("A", Severity.ERROR), ("C", Severity.ERROR), ("D", Severity.NOTE),
    ]  # fmt: skip
    assert v.differences[-1].what == "manca «spent»"


def test_what_agrees_differs_in_nothing(document):
    v = document(*ROWS[:1], ("Totale", 700, 300, 42.9))
    assert v.differences == ()
    assert not v.differs


def test_a_note_alone_is_no_difference(document):
    v = document(("1A01 - A", "n.d.", 50, 51))
    assert [item.code for item in v.differences] == ["PX-C004"]
    assert not v.differs


def test_what_cannot_be_read_is_told(document):
    v = document(("1A01 - A", "mille", 50, 51))
    assert [(item.code, item.verdict) for item in v.differences if item.differs] == [("PX-C011", Verdict.UNCHECKED)]


def test_the_method_s_convention_decides(tmp_path, document):
    text = BUDGET.replace("decimals = 1\n", "")
    method = tmp_path / "nostro.toml"
    from perfxl.methods.catalogue import shipped_path

    method.write_text(
        shipped_path("lucca-2017").read_text(encoding="utf-8") + '\n[conventions]\n"budget.used" = "truncate 1"\n',
        encoding="utf-8",
    )
    v = document(*ROWS, text=text, method=method)
    assert {item.line: item.verdict for item in v.items if item.column == "% utilizzo"} == {
        "Borse": Verdict.OTHERWISE, "Eventi": Verdict.DIFFERS, "Premi": Verdict.AGREES, "Totale": Verdict.FOLLOWS,
    }  # fmt: skip


@pytest.mark.parametrize(("printed", "computed", "gap"), [(5, 5, 0), (0, 0, 0), (0, 5, 1), (4, 5, Fraction(1, 5)), (-5, 5, 2)])
def test_how_far_two_figures_are_apart(printed, computed, gap):
    assert gap_of(Fraction(printed), Fraction(computed)) == gap


def test_operands_of_other_sheets_and_files_are_named():
    refs = (
        CellRef("a/F.xlsx", "S", 4, 2),
        CellRef("a/F.xlsx", "S", 5, 2),
        CellRef("a/F.xlsx", "T", 1, 1),
        CellRef("a/G.xlsx", "S", 1, 1),
    )
    item = Item(Verdict.DIFFERS, "a/F.xlsx", "S", "B9", "t", operands=refs)
    assert item.operand_cells == "B4:B5; [T] A1; G.xlsx [S] A1"


def test_the_codes_that_are_told_exist_and_are_the_main_job_s():
    assert CATALOGUE.keys() >= TOLD | UNCHECKABLE


# -- indicators ----------------------------------------------------------------------------------------------------


def test_the_contradictions_of_lucca_are_among_the_differences(lucca):
    v = verified(lucca)
    told = [(item.code, item.place) for item in v.differences if item.code.startswith("PX-A")]
    assert sorted(told) == sorted(
        (f.code, f"{f.file.rsplit('/', 1)[-1]} [{f.sheet}] {f.cell}")
        for f in lucca.findings
        if f.code in {"PX-A006", "PX-A007", "PX-A015"}
    )
    assert len(told) == 6
    quoted = [item for item in v.items if item.column == "valore citato"]
    assert len(quoted) == 27  # docs/cifre-pubblicate.md: the values quoted that coincide, and whose project has a sheet
    assert {item.convention for item in quoted} == {"troncamento ai decimali stampati"}


def test_the_plan_s_budgets_and_the_weights_of_the_sg_hold(massacarrara):
    items = verified(massacarrara).items
    assert {item.column for item in items if item.verdict is Verdict.AGREES} == {"% indicata", "budget", "pesi"}
    [weights] = [item for item in items if item.column == "pesi"]
    assert (weights.printed, weights.place) == ("100", "Obiettivi_SG_2019.xlsx [Segretario Generale] A4")


def test_offices_that_do_not_exist_and_dates_out_of_the_plan_s_year_are_told(massacarrara):
    codes = [item.code for item in verified(massacarrara).differences]
    assert codes.count("PX-A003") == 6
    assert codes.count("PX-G007") == 1
    assert "PX-P002" not in codes  # what a plan expects and nobody sent is no error of a document


def test_a_person_s_target_that_is_not_the_plan_s(workbooks, tmp_path):
    import shutil

    from openpyxl import load_workbook

    folder = tmp_path / "piano"
    shutil.copytree(workbooks / "massacarrara-2019-piano", folder)
    book = load_workbook(folder / "Obiettivi_SG_2019.xlsx")
    page = book["Segretario Generale"]
    assert page["C4"].value == ">=80%"
    page["C4"] = ">=75%"
    book.save(folder / "Obiettivi_SG_2019.xlsx")
    found = [item for item in verified(consolidate(folder, method="massacarrara-2019")).differences if item.code == "PX-A010"]
    assert [(item.cell, "«>=75%» tra gli obiettivi di SG, «80%»" in item.what) for item in found] == [("C4", True)]


def test_objectives_alone_are_not_blamed_for_what_was_not_given(workbooks):
    c = consolidate(workbooks / "lucca-2018-piano", method="lucca-2017")
    assert "PX-A012" in {each.code for each in c.findings}
    assert "PX-A012" not in {item.code for item in verified(c).differences}


# -- impossible results --------------------------------------------------------------------------------------------


def row_with(massacarrara, *, result, target, algorithm="", title="x", rule="increasing"):
    row = next(row for row in massacarrara.rows if row.ref is not None and row.counts)
    return replace(row, result=result, result_text=result.text, target=target, algorithm=algorithm, title=title, rule=rule)


PERCENT = Target(TargetKind.THRESHOLD, ">=", Decimal(80), unit="%", text=">= 80%")
COUNT = Target(TargetKind.COUNT, ">=", Decimal(3), unit="n.", text="n. 3")
DEADLINE = Target(TargetKind.DEADLINE, "<=", dates=(date(2019, 6, 30),), text="entro il 30/06/2019")


def pct(value):
    return Result(ResultKind.PERCENT, Decimal(value), "%", text=f"{value}%")


def number(value, unit="n."):
    return Result(ResultKind.NUMBER, Decimal(value), unit, text=str(value))


def day(year, month, of):
    return Result(ResultKind.DATE, dates=(date(year, month, of),), text=f"{of:02}/{month:02}/{year}")


@pytest.mark.parametrize(
    ("result", "target", "algorithm", "words"),
    [
        (pct(105), PERCENT, "% ricavi / costi", ""),  # a ratio is no part of a whole
        (pct(105), PERCENT, "% pratiche evase entro 5 gg sul totale", "maggiore del tutto"),
        (pct(105), PERCENT, "grado di rispetto degli standard", "maggiore del tutto"),
        (pct(100), PERCENT, "% pratiche evase entro 5 gg", ""),
        (pct(120), PERCENT, "variazione % dei contatti rispetto al 2018", ""),
        (pct(120), PERCENT, "% di incremento degli iscritti su base annua", ""),
        (pct(120), PERCENT, "", ""),
        (number(-1), COUNT, "", "negativo"),
        (number(-3, "gg"), PERCENT, "", "negativo"),
        (pct(-15), PERCENT, "variazione % della spesa", ""),
        (number(0), COUNT, "", ""),
        (day(2018, 12, 31), DEADLINE, "", "prima del 2019"),
        (day(2019, 1, 1), DEADLINE, "", ""),
        (day(2019, 5, 1), DEADLINE, "", "dopo quella di riferimento (30/04/2019)"),
        (day(2019, 4, 30), DEADLINE, "", ""),
    ],
)
def test_results_that_cannot_be(massacarrara, result, target, algorithm, words):
    row = row_with(massacarrara, result=result, target=target, algorithm=algorithm)
    found = [each.found for each in impossible_results(replace(massacarrara, rows=(row,)))]
    assert (words in found[0]) if words else found == []
    assert len(found) == bool(words)


def test_a_declared_achievement_beyond_the_whole(massacarrara):
    row = row_with(massacarrara, result=pct(101), target=PERCENT, rule="declared")
    [found] = impossible_results(replace(massacarrara, rows=(row,)))
    assert found.code == "PX-C031"
    assert "oltre 100 %" in found.found


def test_no_published_result_is_impossible(massacarrara, lucca):
    assert [*impossible_results(massacarrara), *impossible_results(lucca)] == []
    assert any(is_share(row) for row in massacarrara.rows)


# -- codes ---------------------------------------------------------------------------------------------------------


def test_projects_with_a_budget_and_no_sheet(workbooks):
    """Lucca 2017: the sheets print 2C7102 for what the budget calls 2C0102; 2C0105, 3A0101 and 3C0106 have no sheet at all."""
    c = consolidate(workbooks / "lucca-2017", method="lucca-2017")
    found = [each for each in unknown_codes(c) if each.file.endswith("Risorse_2017.xlsx")]
    assert [each.found.split()[0] for each in found] == ["2C0102", "2C0105", "3A0101", "3C0106"]
    assert all(each.cell for each in found)


def test_words_and_numbers_are_no_codes():
    assert [text for text in ("2C0105", "1.2.3", "O2.1.1-a", "12") if not CODE_LIKE.fullmatch(text)] == []
    assert [
        text for text in ("TOTALE", "senza codice 13", "quota parte 1A0101", "", "totale_aree") if CODE_LIKE.fullmatch(text)
    ] == []


def test_without_sheets_no_code_is_unknown(workbooks):
    c = consolidate(workbooks / "lucca-2017" / "Risorse_2017.xlsx", method="lucca-2017")
    assert list(unknown_codes(c)) == []
