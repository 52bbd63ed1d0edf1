"""Replies saved by a real application: what LibreOffice Calc makes of a sheet raises no alarm, whatever the format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from application import libreoffice as calc
from perfxl.forms import read_identity
from rounds import clerks, mailroom
from rounds.replies import changed, reply, told, verdict
from rounds.test_round_check import cells, results
from rounds.test_round_doubts import column_inserted, rows_sorted

if TYPE_CHECKING:
    from application.libreoffice import LibreOffice

OFFICES = ("U1.1", "U5.1/U5.2", "U4.1")
WORDS = {"C20": "N.C.", "C21": "N.C."}


@pytest.fixture(scope="module")
def saved(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`saved(data, kind)`: a workbook opened, calculated and saved by Calc as `xlsx`, `ods` or `xls`."""
    folder = tmp_path_factory.mktemp("salvate")

    def save(data: bytes, kind: str) -> bytes:
        path = folder / f"{len(list(folder.iterdir()))}.xlsx"
        path.write_bytes(data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(calc._FILTERS, "xls", "xls:MS Excel 97")
            return libreoffice.converted(path, kind).read_bytes()

    return save


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("office", OFFICES)
def test_a_reply_saved_by_calc_is_the_same_reply(saved, round_template, tmp_path, office, kind):
    """Formats, styles, cached values, even the formulas (.xls doesn't tell them) are Calc's own: nothing of that is told."""
    data = reply(round_template, office, WORDS if office == "U5.1/U5.2" else {})
    by_calc = saved(data, kind)
    found = verdict(round_template, office, by_calc, tmp_path, f"risposta.{kind}")
    assert (found.problems, found.accepted, found.plan) == ((), True, 1)
    assert results(round_template, by_calc, tmp_path, office) == results(round_template, data, tmp_path, office)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_what_was_changed_is_told_whatever_the_format(saved, round_template, tmp_path, kind):
    data = changed(reply(round_template, "U1.1"), cells(A7="01.2.4-a Numero", D10=0.1, C12="boh"))
    found = verdict(round_template, "U1.1", saved(data, kind), tmp_path, f"risposta.{kind}")
    assert told(found) == {("PX-N014", "A7"), ("PX-N014", "D10"), ("PX-G004", "C12")}


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("change", [column_inserted, rows_sorted])
def test_what_an_honest_office_may_do_is_accepted_whatever_the_format(saved, round_template, tmp_path, kind, change):
    data = reply(round_template, "U1.1")
    by_calc = saved(changed(data, change), kind)
    found = verdict(round_template, "U1.1", by_calc, tmp_path, f"risposta.{kind}")
    assert found.accepted
    assert {each.code for each in found.problems} <= {"PX-N014", "PX-N025"}
    assert results(round_template, by_calc, tmp_path) == results(round_template, data, tmp_path)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_results_that_merging_took_away_are_told_whatever_the_format(saved, round_template, tmp_path, kind):
    data = changed(reply(round_template, "U1.1"), lambda book: book[clerks.SHEET].merge_cells("C10:C12"))
    found = verdict(round_template, "U1.1", saved(data, kind), tmp_path, f"risposta.{kind}")
    assert told(found) == {("PX-N042", "C10")}


def test_a_sum_typed_as_a_result_counts_by_its_value(saved, round_template, tmp_path):
    """`=1+1` in O1.2.4-a and `=3/4` in O2.1.4-b: Calc computes them, and 2 and 75 % are what counts."""
    data = changed(reply(round_template, "U1.1"), cells(C7="=1+1", C21="=3/4"))
    assert told(verdict(round_template, "U1.1", data, tmp_path)) == {("PX-R012", "C7"), ("PX-R012", "C21")}
    by_calc = saved(data, "xlsx")
    assert verdict(round_template, "U1.1", by_calc, tmp_path).accepted
    found = results(round_template, by_calc, tmp_path)
    assert (found["O1.2.4-a"][0], found["O2.1.4-b"][0]) == ("2", "75%")


def test_the_mark_survives_calc(saved, round_template, tmp_path):
    sent = round_template / mailroom.state_of(round_template).offices["U1.1"].file
    for kind in ("xlsx", "ods", "xls"):
        path = tmp_path / f"x.{kind}"
        path.write_bytes(saved(sent.read_bytes(), kind))
        assert read_identity(path) == read_identity(sent)


def test_a_reply_of_calc_after_one_of_openpyxl_differs_in_nothing(saved, round_template, tmp_path, new_round):
    """Their cached values differ in two hundred cells; the office changed one."""
    from perfxl.rounds import RoundFolder
    from perfxl.rounds.collect import Collecting, collect
    from perfxl.rounds.differences import differences_of
    from rounds.replies import day, item

    giro = new_round()
    data = reply(giro, "U1.1")
    other = changed(data, cells(C7=9))
    posts = [
        item(data, "a.xlsx", day(2)),
        item(saved(data, "ods"), "b.ods", day(3)),
        item(saved(other, "xlsx"), "c.xlsx", day(4)),
    ]
    done = collect(giro, posts, Collecting())
    office = done.state.offices["U1.1"]
    changes = [
        [(each.cell, each.before, each.after) for each in found]
        for _, _, found in differences_of(office, RoundFolder(giro), done.state)
    ]
    assert changes == [[], [("C7", "3", "9")]]
    assert office.current is office.versions[2]


def test_the_clerk_s_own_sheet_is_here(round_template):
    """The results that these tests rely on are those that were published."""
    assert {code: typed.value for code, typed in clerks.published("U1.1").items()}["O1.2.4-a"] == 3
    assert Path(clerks.PUBLISHED).is_dir()
