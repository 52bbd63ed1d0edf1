"""The harness itself: recalculation really happens, in Calc and not in the cached values."""

from __future__ import annotations

import math
import struct
from datetime import timedelta
from fractions import Fraction

import pytest
import xlsxwriter

from application.libreoffice import LibreOffice, LibreOfficeError, Recalculation


def write_sums(path, *, cached: float):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Somme")
        sheet.write_column("A1", [2, 3, 5])
        sheet.write_formula("B1", "=SUM(A1:A3)", None, cached)
        sheet.write_formula("B2", "=1/0", None, "senza errore")
    return path


def write_means(path, rows):
    """*Indicatori* and *Albero* in the shape of the consolidated workbook, every cached value wrong on purpose.

    `rows`: (owner, weight, fraction or "N.C."). The owners are listed in order in `Albero!A`, their means in `Albero!B`.
    """
    mean = "IFERROR(TRUNC(ROUND(10000*SUMIFS(Indicatori!E:E,Indicatori!A:A,A{0})/SUMIFS(Indicatori!D:D,Indicatori!A:A,A{0}),6))/10000,"
    with xlsxwriter.Workbook(path) as book:
        sheet, tree = book.add_worksheet("Indicatori"), book.add_worksheet("Albero")
        for n, (owner, weight, fraction) in enumerate(rows, 1):
            sheet.write_row(n - 1, 0, [owner, weight, fraction])
            sheet.write_formula(f"D{n}", f"=IF(ISNUMBER(C{n}),B{n},0)", None, 7)
            sheet.write_formula(f"E{n}", f"=IF(ISNUMBER(C{n}),B{n}*C{n},0)", None, 7)
        for n, owner in enumerate(dict.fromkeys(owner for owner, *_ in rows), 1):
            tree.write(f"A{n}", owner)
            tree.write_formula(f"B{n}", f'={mean.format(n)}"N.C.")', None, 0.1234)
    return path


def truncated_mean(rows, owner):
    """The mean as exact fractions, cut to a hundredth of a percent: none of Excel's arithmetic."""
    measured = [(Fraction(weight), Fraction(str(x))) for who, weight, x in rows if who == owner and x != "N.C."]
    if not measured:
        return "N.C."
    mean = sum(weight * x for weight, x in measured) / sum(weight for weight, _ in measured)
    return math.floor(mean * 10000) / 10000


def test_a_wrong_cached_value_comes_back_right(libreoffice, tmp_path, unchanged):
    path = write_sums(tmp_path / "somme.xlsx", cached=999)
    with unchanged(tmp_path, nothing_added=True):
        cells = libreoffice.recalculated(path)
    assert cells == {"Somme": {"A1": 2, "A2": 3, "A3": 5, "B1": 10, "B2": "#DIV/0!"}}


@pytest.mark.usefixtures("libreoffice")
def test_without_the_setting_calc_would_believe_the_cache(tmp_path):
    """The counter-proof: were this to give 10, the test above would prove nothing."""
    trusting = LibreOffice(tmp_path / "calc", recalculation=Recalculation.NEVER)
    assert trusting.recalculated(write_sums(tmp_path / "somme.xlsx", cached=999))["Somme"]["B1"] == 999


def test_a_changed_cell_moves_what_depends_on_it(libreoffice, tmp_path, unchanged):
    path = write_sums(tmp_path / "somme.xlsx", cached=10)
    with unchanged(path):
        cells = libreoffice.recalculated(path, {("Somme", "A3"): 0.5})
    assert cells["Somme"]["B1"] == 5.5
    assert libreoffice.recalculated(path)["Somme"]["B1"] == 10


def test_the_native_mean_is_the_truncated_exact_mean(libreoffice, golden, tmp_path):
    body = [row["printed_pct"] for row in golden("lucca-2017/objectives") if row["owner"] == "ENTE"]
    rows = [("ENTE", 1, float(pct) / 100) for pct in body]
    rows += [("solo", 1, 0.57), ("solo", 3, "N.C.")]  # 0.57 * 100 is 56.99… in binary
    rows += [("vuoto", 1, "N.C."), ("vuoto", 2, "N.C.")]
    rows += [("pesi", 20, 0.9975), ("pesi", 25, 1), ("pesi", 25, 0.9845), ("pesi", 30, 1)]
    rows += [(f"O{n}", weight, x) for n in range(1, 40) for weight, x in ((n, n / 100), (3, "N.C."), (7, 0.29), (1, 0.3333))]
    albero = libreoffice.recalculated(write_means(tmp_path / "medie.xlsx", rows))["Albero"]
    owners = list(dict.fromkeys(owner for owner, *_ in rows))
    assert {albero[f"A{n}"]: albero[f"B{n}"] for n in range(1, len(owners) + 1)} == {
        owner: truncated_mean(rows, owner) for owner in owners
    }
    assert albero["B1"] == 0.9882  # the headline as the Lucca report prints it: 98.8267 truncated
    assert albero["B2"] == 0.57
    assert albero["B3"] == "N.C."


def test_pages_are_rendered_with_the_workbook_s_own_set_up(libreoffice, tmp_path):
    path = tmp_path / "pagine.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Prima", "Seconda"):
            sheet = book.add_worksheet(name)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.write("A1", name)
    pages = libreoffice.rendered(path)
    assert [page.suffix for page in pages] == [".png", ".png"]
    for page in pages:
        head = page.read_bytes()[:24]
        width, height = struct.unpack(">II", head[16:24])
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert width > height > 500


def test_an_ods_is_recalculated_too(libreoffice, tmp_path):
    ods = libreoffice.converted(write_sums(tmp_path / "somme.xlsx", cached=999), "ods")
    assert libreoffice.recalculated(ods)["Somme"]["B1"] == 10


def test_a_file_that_is_no_workbook_is_said(libreoffice, tmp_path):
    path = tmp_path / "rotto.xlsx"
    path.write_bytes(b"PK\x03\x04 troncato")
    with pytest.raises(LibreOfficeError, match=r"rotto\.xlsx"):
        libreoffice.recalculated(path)


@pytest.mark.usefixtures("libreoffice")
def test_a_run_that_takes_too_long_is_ended(tmp_path):
    hurried = LibreOffice(tmp_path / "calc", timeout=timedelta(milliseconds=50))
    with pytest.raises(LibreOfficeError, match=r"non ha finito in 0\.05 secondi"):
        hurried.recalculated(write_sums(tmp_path / "somme.xlsx", cached=10))
