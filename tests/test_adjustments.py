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
    assert (row.pct, row.computed_pct, row.adjustment) == (100, 25, 0)
    assert [(one.value, one.applied) for one in done.adjustments] == [("12", True)]
    assert found(done, "PX-T004") == []


def test_a_remembered_one_is_said():
    done = job(office(), adjustments=[by_cell("6", remembered=True)])
    assert counting(done)["O1.1.1-a"].pct == 50
    assert len(found(done, "PX-T004")) == 1


def test_two_that_say_different_things_of_a_row_are_both_refused():
    done = job(office(), adjustments=[by_cell("6"), by_code("12")])
    assert counting(done)["O1.1.1-a"].pct == 25
    assert [one.applied for one in done.adjustments] == [False, False]
    assert len([said for said in found(done, "PX-T001") if "un'altra rettifica della stessa riga" in said]) == 2


def test_the_same_said_twice_is_no_quarrel():
    done = job(office(), adjustments=[by_cell("12"), by_code("12")])
    assert counting(done)["O1.1.1-a"].pct == 100
    assert found(done, "PX-T001") == []


# -- whose the cell is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("office_said", "code", "applied"),
    [("U1.1", "O1.1.1-a", True), ("", "O1.1.1-a", True), ("U1.1", "", True),
     ("U1.1", "O1.1.1-b", False), ("", "O1.1.1-b", False), ("U2.1", "O1.1.1-a", False), ("U2.1", "", False)],
)  # fmt: skip
def test_a_row_that_contradicts_itself_is_refused(office_said, code, applied):
    done = job(office(), adjustments=[by_cell("12", office=office_said, indicator=code)])
    assert (counting(done)["O1.1.1-a"].pct, counting(done)["O1.1.1-b"].pct) == (100 if applied else 25, 50)
    assert [said for said in found(done, "PX-T001") if "la cella è di O1.1.1-a di U1.1" in said] == (
        [] if applied else found(done, "PX-T001")
    )
    assert len(found(done, "PX-T001")) == (not applied)


def two_sheets():
    """One file whose two sheets have a result in C7."""
    one, other = office(), sheet("U2.1", indicator("O1.1.2-a", "1.1.2", "n. 12", "3"), file="U1.1.xlsx")
    moved = replace(other.rows[0], ref=replace(other.rows[0].ref, sheet="Altro"))
    return one, replace(other, sheet="Altro", rows=(moved,))


@pytest.mark.parametrize(
    ("more", "applied"),
    [
        ({}, []),
        ({"cell": "Cruscotto!C7"}, ["O1.1.1-a"]),
        ({"cell": "'Altro'!$C$7"}, ["O1.1.2-a"]),
        ({"office": "U2.1"}, ["O1.1.2-a"]),
    ],
)
def test_a_cell_of_several_sheets_is_refused_until_the_sheet_is_said(more, applied):
    done = job(*two_sheets(), adjustments=[by_cell("12", **more)])
    assert [code for code, row in counting(done).items() if row.adjustment is not None] == applied
    assert [said for said in found(done, "PX-T001") if "scrivere anche il foglio (es. Cruscotto!C7)" in said] == (
        found(done, "PX-T001") if not applied else []
    )
    assert len(found(done, "PX-T001")) == (not applied)


def test_a_file_name_of_several_folders_is_refused_until_the_folder_is_said():
    sheets = [
        sheet(name, indicator(code, "1.1.1", "n. 12", "3"), file=f"fogli/{name}/aprile.xlsx")
        for name, code in (("U1.1", "O1.1.1-a"), ("U2.1", "O1.1.1-b"))
    ]
    done = job(*sheets, adjustments=[by_cell("12", file="aprile.xlsx")])
    assert [row.pct for row in counting(done).values()] == [25, 25]
    assert "scrivere anche la cartella (es. U1.1/aprile.xlsx)" in found(done, "PX-T001")[0]
    done = job(*sheets, adjustments=[by_cell("12", file="u2.1\\aprile.xlsx")])
    assert [row.pct for row in counting(done).values()] == [25, 100]


@pytest.mark.parametrize("name", ["1A0101-P1", "1a0101-p1", " 1A0101-P1 "])
def test_an_indicator_whose_code_begins_with_another_s(name):
    one = sheet("1A", indicator("1A0101", "1A", "n. 12", "3"), indicator("1A0101-P1", "1A0101", "n. 12", "3"))
    done = job(one, adjustments=[by_code("12", office="1A", code=name)])
    assert {code: row.pct for code, row in rows_of(done, "1A").items()} == {"1A0101": 25, "1A0101-P1": 100}


def test_half_a_code_is_none():
    one = sheet("1A", indicator("1A0101", "1A", "n. 12", "3"))
    done = job(one, adjustments=[by_code("12", office="1A", code="1A0101-P9")])
    assert len(found(done, "PX-T002")) == 1


# -- remembered -----------------------------------------------------------------------------------------------------------


def remembered(done):
    """As the next run finds them in *Rettifiche*."""
    return [replace(one, remembered=True, applied=False) for one in done.adjustments]


def test_a_remembered_one_stays_with_its_indicator():
    first = job(*two_sheets(), adjustments=[by_code("12", office="U1.1", code="O1.1.1-a")])
    again = job(*two_sheets(), adjustments=remembered(first))
    assert {code: row.pct for code, row in counting(again).items()} == {"O1.1.1-a": 100, "O1.1.1-b": 50, "O1.1.2-a": 25}
    assert again.adjustments[0].applied


def test_a_remembered_one_follows_its_row():
    first = job(office(), adjustments=[by_cell("12")])
    moved = sheet("U1.1", indicator("O1.1.1-c", "1.1.1", "n. 12", "3"), *(row for row in office().rows))
    again = job(moved, adjustments=remembered(first))
    assert {code: row.pct for code, row in counting(again).items()} == {"O1.1.1-a": 100, "O1.1.1-b": 50, "O1.1.1-c": 25}
    assert again.adjustments[0].cell == "C8"


def test_a_remembered_one_whose_indicator_is_gone_is_refused():
    first = job(office(), adjustments=[by_cell("12")])
    again = job(sheet("U1.1", indicator("O1.1.1-c", "1.1.1", "n. 12", "3")), adjustments=remembered(first))
    assert counting(again)["O1.1.1-c"].pct == 25
    assert "la cella è di O1.1.1-c" in found(again, "PX-T001")[0]


@pytest.mark.parametrize(("changed", "why"), [({"reason": ""}, "senza motivo"), ({"pct": Decimal(50)}, "ne serve uno solo")])
def test_a_remembered_one_changed_by_hand_is_asked_the_same(changed, why):
    made = replace(by_cell("12"), remembered=True, **changed)
    done = job(office(), adjustments=[made])
    assert counting(done)["O1.1.1-a"].pct == 25
    assert why in found(done, "PX-T001")[0]


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
    assert len(last.adjustments) == 1


def test_a_rettifica_of_lucca_s_stays_with_its_indicator(tmp_path, workbooks):
    """Three sheets of one file have a result in the same cell."""
    row = [None, None, "SG", "SG-1.1", None, "50%", "misurato a mano", "M. Rossi", DAY]
    projects = [None, None, "1A", "1A0101-P1", None, "50%", "misurato a mano", "M. Rossi", DAY]
    path = written(tmp_path / "rettifiche.xlsx", row, projects)
    first = consolidate(workbooks / "lucca-2017", method="lucca-2017", adjustments=path)
    again = consolidate(workbooks / "lucca-2017", method="lucca-2017", previous=first.write(tmp_path / "c.xlsx"))
    for done in (first, again):
        assert sorted(r.code for r in done.rows if r.adjustment is not None) == ["1A0101-P1", "SG-1.1"]
    assert {p.code: p.cover.pct for p in first.people} == {p.code: p.cover.pct for p in again.people}
    cell = written(tmp_path / "b8.xlsx", ["Report_direzionale_2017_Area1.xlsx", "B8", *[None] * 2, None, 50, "x", "R", DAY])
    wrong = consolidate(workbooks / "lucca-2017", method="lucca-2017", adjustments=cell)
    assert [r.code for r in wrong.rows if r.adjustment is not None] == []


# -- a PO's row, another cell, a value of another kind --------------------------------------------------------------------


@pytest.mark.parametrize("made", [by_code(None, "40", office="PO5"), by_code("4,8", office="PO5")])
def test_on_a_po_s_row_it_governs_the_po_s_own_figure(made):
    po = sheet(
        "PO5", indicator("O1.1.1-a", "1.1.1", "n. 12", "12"), indicator("O1.1.1-b", "1.1.1", ">= 100", "50"), file="PO5.xlsx"
    )
    done = job(office("12"), po, adjustments=[made])
    assert counting(done)["O1.1.1-a"].pct == 100  # the body's stays the office's
    [person] = done.people
    assert [o.cover.pct for o in person.objectives] == [40, 50]
    assert person.cover.pct == 45
    assert found(done, "PX-A001") == []
    assert done.adjustments[0].applied


@pytest.mark.parametrize(
    ("target", "result", "value"),
    [(">= 25%", "0%", "0,2"), ("n. 12", "3", "31/03/2019"), ("entro il 30/06/2019", "29/06/2019", "12")],
)
def test_a_value_that_can_t_be_compared_with_the_target_is_refused_and_the_measure_stays(target, result, value):
    one = sheet("U1.1", indicator("O1.1.1-a", "1.1.1", target, result))
    before = counting(job(one))["O1.1.1-a"]
    done = job(one, adjustments=[by_code(value)])
    row = counting(done)["O1.1.1-a"]
    assert before.pct is not None
    assert (row.pct, row.result_text, row.adjustment) == (before.pct, before.result_text, None)
    [said] = found(done, "PX-T001")
    assert said.endswith(f"non confrontabile con il target «{target}»: resta quello del foglio")
    assert found(done, "PX-T003") == []
    assert not done.adjustments[0].applied


def test_a_value_is_taken_where_it_is_the_target_that_can_t_be_read():
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", "né 3 né 4", "3")), adjustments=[by_code("12")])
    assert done.adjustments[0].applied
    assert found(done, "PX-T001") == []


def test_the_cell_of_the_typed_percent_isn_t_the_result_s():
    one = sheet("U1.1", indicator("O1.1.1-a", "1.1.1", "n. 12", "3", typed="25%"))
    done = job(one, adjustments=[by_cell("6", cell="D7")])
    assert counting(done)["O1.1.1-a"].pct == 25
    [said] = found(done, "PX-T001")
    assert "la cella D7 è della percentuale indicata di O1.1.1-a, non del risultato (C7)" in said
    as_percent = job(one, adjustments=[by_cell(None, "60", cell="Cruscotto!$D$7")])
    assert counting(as_percent)["O1.1.1-a"].pct == 60


def test_the_cap_is_that_of_the_exception():
    exceptions = [{"code": "1.1.1", "reason": "delibera", "cap": 120}]
    done = job(office(), adjustments=[by_code(None, "110")], exceptions=exceptions)
    assert counting(done)["O1.1.1-a"].pct == 110
    refused = job(office(), adjustments=[by_code(None, "110")], exceptions=[{**exceptions[0], "cap": 105}])
    assert found(refused, "PX-T001") == ["U1.1 O1.1.1-a: percentuale 110,00 % fuori dai limiti del metodo"]
