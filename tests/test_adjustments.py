"""Rettifiche: the controller's corrections, applied beside what they replace; one without a reason is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook

from perfxl import AdjustmentError, consolidate
from perfxl.adjustments import read_adjustments_file
from perfxl.model import Adjustment, State
from rollup.builders import counting, found, indicator, job, percents, rows_of, sheet

HEADINGS = ["File", "Cella", "Ufficio", "Indicatore", "Valore", "Percentuale", "Motivo", "Autore", "Data"]
DAY = date(2019, 5, 2)


def written(path, *rows, headings=HEADINGS, above=0):
    """A workbook of rettifiche; a percent given as text `"50%"` is typed as 0.5 under a percent format."""
    book = Workbook()
    tab = book.active
    tab.title = "Rettifiche"
    for number in range(above):
        tab.append([f"Istruzioni, riga {number + 1}"])
    tab.append(headings)
    for row in rows:
        tab.append(row)
    book.save(path)
    return path


def by_cell(value=None, pct=None, *, file="U1.1.xlsx", cell="C7", reason="errore di digitazione", **more):
    return replace(
        Adjustment(file, cell, "", "", value, None if pct is None else Decimal(pct), reason, "M. Rossi", DAY, None), **more
    )


def by_code(value=None, pct=None, *, office="U1.1", code="O1.1.1-a", **more):
    made = by_cell(value, pct, file="", cell="", **more)
    return replace(made, office=office, indicator=code)


def office(result="3", code="O1.1.1-a"):
    return sheet(
        "U1.1", indicator(code, "1.1.1", "n. 12", result, offices=("U1.1",)), indicator("O1.1.1-b", "1.1.1", ">= 100", "50")
    )


# -- applied ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        by_cell("12"),
        by_code("12"),
        by_cell("12", cell="$C$7"),
        by_cell("12", cell="Cruscotto!c7"),
        by_cell("12", file="X/u1.1.XLSX"),
    ],
)
def test_a_value_is_scored_in_the_place_of_the_cell_s(made):
    done = job(office(), adjustments=[made])
    row = counting(done)["O1.1.1-a"]
    assert (row.pct, row.result.value, row.computed_pct, row.adjustment, row.state) == (100, 12, 25, 0, State.REACHED)
    assert percents(done)["1.1.1"] == 75
    [recorded] = done.adjustments
    assert (recorded.applied, recorded.replaced_result, recorded.replaced_pct) == (True, "3", Decimal("25.00"))
    assert (recorded.file.casefold().rpartition("/")[2], recorded.office, recorded.indicator) == ("u1.1.xlsx", "U1.1", "O1.1.1-a")
    [said] = found(done, "PX-T003")
    assert "«3» (25,00 %) sostituito con 12 (100,00 %): errore di digitazione" in said


@pytest.mark.parametrize("made", [by_cell(None, "60"), by_code(None, "60")])
def test_a_percent_replaces_the_computed_one(made):
    done = job(office(), adjustments=[made])
    row = counting(done)["O1.1.1-a"]
    assert (row.pct, row.shown, row.computed_pct, row.state) == (60, Decimal("60.00"), 25, State.PARTIAL)
    assert percents(done)["1.1.1"] == 55


def test_a_percent_measures_what_wasn_t_measured():
    done = job(office(None), adjustments=[by_code(None, "60")])
    assert (counting(done)["O1.1.1-a"].pct, done.nodes[0].measured) == (60, 2)
    assert done.adjustments[0].replaced_pct is None


def test_n_c_takes_a_measure_away():
    done = job(office(), adjustments=[by_code("N.C.")])
    assert (counting(done)["O1.1.1-a"].pct, percents(done)["1.1.1"]) == (None, 50)


def test_a_percent_is_rounded_where_each_level_is():
    done = job(office(), adjustments=[by_code(None, "59.999")], rounding={"stage": "each_level", "mode": "truncate"})
    assert counting(done)["O1.1.1-a"].pct == Fraction("59.99")


def test_one_respondent_of_a_tutti_indicator():
    rows = [sheet(f"U{i}.1", indicator("S2.1.1-b", "2.1", ">= 100", "20", strategic=True, offices=("TUTTI",))) for i in (1, 2)]
    done = job(*rows, adjustments=[by_code("100", office="U2.1", code="S2.1.1-b")])
    assert counting(done)["S2.1.1-b"].pct == 60
    assert rows_of(done, "U1.1")["S2.1.1-b"].adjustment is None


def test_an_office_that_shares_its_sheet():
    one = sheet("U5.1/U5.2", indicator("O1.1.1-a", "1.1.1", "n. 12", "3"), offices=("U5.1", "U5.2"))
    for name in ("U5.1", "U5.2", "U5.1/U5.2"):
        assert counting(job(one, adjustments=[by_code("6", office=name)]))["O1.1.1-a"].pct == 50


def test_codes_as_they_are_printed():
    done = job(office(code="O2.1.1-a"), adjustments=[by_code("12", code="02.1.1-a")])
    assert counting(done)["O2.1.1-a"].pct == 100


def test_a_corrected_value_doesn_t_quarrel_with_the_sheets_that_repeat_the_old_one():
    again = sheet("PO2", indicator("O1.1.1-a", "1.1.1", "n. 12", "3", offices=("U1.1",)))
    done = job(office(), again, adjustments=[by_code("12")])
    assert counting(done)["O1.1.1-a"].pct == 100
    assert found(done, "PX-A001") == []


# -- refused ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        by_cell("12", file="U9.9.xlsx"),
        by_cell("12", cell="C99"),
        by_cell("12", cell="Altro!C7"),
        by_code("12", office="U9.9"),
        by_code("12", code="O9.9.9-z"),
    ],
)
def test_no_such_place(made):
    done = job(office(), adjustments=[made])
    assert counting(done)["O1.1.1-a"].pct == 25
    assert len(found(done, "PX-T002")) == 1
    assert not done.adjustments[0].applied


def test_a_percent_is_refused_where_the_method_doesn_t_allow_it():
    done = job(office(), adjustments=[by_code(None, "60"), by_cell("12", cell="C8")], override={"allowed": False})
    assert (counting(done)["O1.1.1-a"].pct, counting(done)["O1.1.1-b"].pct) == (25, 12)  # a value is a correction, no override
    assert [one.applied for one in done.adjustments] == [False, True]
    assert len(found(done, "PX-T001")) == 1


@pytest.mark.parametrize(("pct", "applied"), [("100", True), ("0", True), ("100.01", False), ("-1", False), ("750", False)])
def test_a_percent_out_of_the_method_s_limits_is_refused(pct, applied):
    done = job(office(), adjustments=[by_code(None, pct)])
    assert done.adjustments[0].applied is applied
    assert len(found(done, "PX-T001")) == (not applied)


@pytest.mark.parametrize("value", ["parole senza misura alcuna", "31/02/2019", "  "])
def test_a_value_that_can_t_be_read_is_refused(value):
    done = job(office(), adjustments=[by_code(value)])
    assert counting(done)["O1.1.1-a"].pct == 25
    assert "non leggibile" in found(done, "PX-T001")[0]


# -- one after the other ------------------------------------------------------------------------------------------------


def test_the_later_one_wins_over_the_remembered_one():
    old = by_cell("6", remembered=True)
    done = job(office(), adjustments=[old, by_code("12")])
    row = counting(done)["O1.1.1-a"]
    assert (row.pct, row.computed_pct, row.adjustment) == (100, 25, 1)
    assert [one.applied for one in done.adjustments] == [False, True]
    assert found(done, "PX-T004") == []


def test_a_remembered_one_is_said():
    done = job(office(), adjustments=[by_cell("6", remembered=True)])
    assert counting(done)["O1.1.1-a"].pct == 50
    assert len(found(done, "PX-T004")) == 1


# -- the file -----------------------------------------------------------------------------------------------------------


def test_reading_the_file(tmp_path):
    path = written(
        tmp_path / "rettifiche.xlsx",
        ["U1.1.xlsx", "C7", None, None, 12, None, "errore di digitazione", "M. Rossi", DAY],
        [None, None, None, None, None, None, None, None, None],
        [None, None, "U2.1", "O1.1.2-a", None, "0,5%", "delibera 7/2019", "M. Rossi", "02/05/2019"],
        [None, None, "U2.1", "O1.1.2-b", None, "74,5%", "delibera 7/2019", None, None],
        ["U1.1.xlsx", "C8", None, None, "29/03/2019", None, "data", "M. Rossi", DAY],
        above=3,
    )
    made, findings = read_adjustments_file(path)
    assert [(a.file, a.cell, a.office, a.indicator, a.value, a.pct) for a in made] == [
        ("U1.1.xlsx", "C7", "", "", "12", None),
        ("", "", "U2.1", "O1.1.2-a", None, Decimal("0.5")),
        ("", "", "U2.1", "O1.1.2-b", None, Decimal("74.5")),
        ("U1.1.xlsx", "C8", "", "", "29/03/2019", None),
    ]
    assert {a.date for a in made} == {DAY, None}
    assert [(f.code, f.found) for f in findings] == [("PX-T005", "riga 8")]
    assert made[0].source.row == 5
    assert made[0].source.sheet == "Rettifiche"


def test_a_percent_format_holds_a_fraction(tmp_path):
    path = written(tmp_path / "r.xlsx", [None, None, "U2.1", "O1.1.2-a", None, 0.5, "delibera", "M. Rossi", DAY])
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.active["F2"].number_format = "0.00%"
    book.save(path)
    [made], _ = read_adjustments_file(path)
    assert made.pct == 50


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["U1.1.xlsx", "C7", None, None, 12, None, None, "M. Rossi", DAY], "senza motivo"),
        (["U1.1.xlsx", "C7", None, None, 12, None, "   ", "M. Rossi", DAY], "senza motivo"),
        (["U1.1.xlsx", None, None, None, 12, None, "perché sì", "M. Rossi", DAY], "quale cella"),
        ([None, None, "U1.1", None, 12, None, "perché sì", "M. Rossi", DAY], "quale cella"),
        (["U1.1.xlsx", "C7", None, None, None, None, "perché sì", "M. Rossi", DAY], "senza valore e senza percentuale"),
        (["U1.1.xlsx", "C7", None, None, 12, 50, "perché sì", "M. Rossi", DAY], "valore e percentuale insieme"),
        (["U1.1.xlsx", "C7", None, None, None, "tanto", "perché sì", "M. Rossi", DAY], "percentuale «tanto» non leggibile"),
        (["U1.1.xlsx", "C7", None, None, None, 0.5, "perché sì", "M. Rossi", DAY], "«0,5» senza il segno %"),
        (["U1.1.xlsx", "C7", None, None, None, 1, "perché sì", "M. Rossi", DAY], "«1» senza il segno %"),
        (["U1.1.xlsx", "C7", None, None, 12, "tanto", "perché sì", "M. Rossi", DAY], "percentuale «tanto» non leggibile"),
        (["U1.1.xlsx", "C7", None, None, 12, None, "perché sì", "M. Rossi", "ieri"], "data «ieri» non leggibile"),
    ],
)
def test_refused_rows(tmp_path, row, why):
    made, findings = read_adjustments_file(written(tmp_path / "r.xlsx", row))
    assert made == []
    [one] = findings
    assert one.code == "PX-T001"
    assert why in one.found
    assert one.found.startswith("riga 2")


def test_a_method_may_do_without_a_reason(tmp_path):
    path = written(tmp_path / "r.xlsx", ["U1.1.xlsx", "C7", None, None, 12, None, None, "M. Rossi", DAY])
    made, findings = read_adjustments_file(path, reason_required=False)
    assert (len(made), findings) == (1, [])


@pytest.mark.parametrize("headings", [["Nome", "Cognome"], ["File", "Cella", "Valore"], ["Motivo", "Valore", "File"], [None]])
def test_another_table_is_an_error(tmp_path, headings):
    with pytest.raises(AdjustmentError, match="manca una tabella") as raised:
        read_adjustments_file(written(tmp_path / "r.xlsx", headings=headings))
    assert raised.value.file.endswith("r.xlsx")


@pytest.mark.parametrize(("name", "content"), [("no.xlsx", None), ("r.xlsx", b"non una cartella di lavoro")])
def test_a_file_that_can_t_be_read_is_an_error(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(AdjustmentError, match="rettifiche non leggibili"):
        read_adjustments_file(tmp_path / name)


# -- on the real workbooks ----------------------------------------------------------------------------------------------

CORRECTION = [None, None, "U1.1", "O1.2.4-a", 12, None, "Newsletter inviate e non registrate", "Controllo di gestione", DAY]
NAMES = ("U1.1_monitoraggio_2019.xlsx", "C7")


@pytest.mark.parametrize("row", [CORRECTION, [*NAMES, None, None, *CORRECTION[4:]]])
def test_massa_carrara_with_twelve_newsletters(tmp_path, workbooks, row):
    """Recomputed by hand: 1.2.4 goes from 25 to 100, so beneath 1.2 stand 100 (1.2.3) and 100; its own part is 0.

    1.2 = 60 %·0 + 40 %·100 = 40; OB1 = (0 + 40) / 2 = 20; ENTE = (20 + 73) / 2 = 46.5.
    """
    path = written(tmp_path / "rettifiche.xlsx", row)
    done = consolidate(workbooks / "massacarrara-2019", adjustments=path)
    got = {node.code: node.pct for node in done.nodes}
    assert {code: got[code] for code in ("1.2.3", "1.2.4", "1.2", "1.1", "OB1", "OB2", "ENTE")} == {
        "1.2.3": 100,
        "1.2.4": 100,
        "1.2": 40,
        "1.1": 0,
        "OB1": 20,
        "OB2": 73,
        "ENTE": Fraction(93, 2),
    }
    office = next(one for one in done.offices if one.code == "U1.1")
    assert office.cover.pct == 58  # 50.50 on ten measured: 505 − 25 + 100 = 580
    [made] = done.adjustments
    assert (made.applied, made.replaced_result, made.replaced_pct) == (True, "3", Decimal("25.00"))
    assert (made.file, made.cell, made.office, made.indicator) == (*NAMES, "U1.1", "O1.2.4-a")


def test_nothing_is_applied_without_a_reason(tmp_path, workbooks):
    path = written(tmp_path / "rettifiche.xlsx", [*CORRECTION[:6], None, *CORRECTION[7:]])
    done = consolidate(workbooks / "massacarrara-2019", adjustments=path)
    assert (done.headline.pct, done.adjustments) == (Fraction("42.75"), ())
    assert [f.code for f in done.findings if f.code.startswith("PX-T")] == ["PX-T001"]


def test_remembered_from_the_previous_workbook(tmp_path, workbooks):
    path = written(tmp_path / "rettifiche.xlsx", CORRECTION)
    first = consolidate(workbooks / "massacarrara-2019", adjustments=path)
    previous = first.write(tmp_path)
    again = consolidate(workbooks / "massacarrara-2019", previous=previous)
    assert (again.headline.pct, again.adjustments[0].remembered) == (Fraction("46.5"), True)
    later = written(tmp_path / "nuove.xlsx", [*CORRECTION[:4], 6, *CORRECTION[5:]])
    by_folder = consolidate(workbooks / "massacarrara-2019", previous=previous.parent)
    assert by_folder.adjustments == again.adjustments
    last = consolidate(workbooks / "massacarrara-2019", previous=previous, adjustments=later)
    row = next(r for r in last.rows if r.code == "O1.2.4-a" and r.counts)
    assert (row.pct, row.computed_pct) == (50, 25)
