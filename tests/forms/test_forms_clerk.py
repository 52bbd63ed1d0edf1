"""A clerk fills a form in a real application and mails it back: the protection holds, and the figures that are read are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from application.clerk import Clerk, python_with_uno
from application.presence import application_missing
from perfxl.forms import read_identity
from perfxl.forms.formulas import NOTHING, WORDS
from perfxl.model import RowLevel
from perfxl.pipeline import consolidate
from perfxl.readers import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from application.libreoffice import LibreOffice

# What an office types, by indicator, and the percent of the methods' own arithmetic (METHODS: A/T, cap 100; late 0).
TYPED: dict[str, tuple[str, float | None]] = {
    "O1.2.4-a": ("3", 25.0),  # newsletter, >= 12
    "S2.1.1-b": ("98%", 100.0),  # >= 90 %
    "S2.1.4-b": ("60%", 60 / 0.85),  # >= 85 %
    "S2.1.4-c": ("N.C.", None),
    "O2.1.1-b": ("3,8 gg", None),  # a number of days where meetings are counted
    "O2.1.2-b": ("10,5%", 42.0),  # >= 25 %
    "O2.1.3-b": ("12", 100.0),
    "O2.1.4-a": ("giugno", None),  # a month where a percent is due
    "O2.1.4-b": ("0%", 0.0),
    "O2.1.4-c": ("01/07/2019", 0.0),  # due on 30/06/2019
    "O2.1.4-d": ("2", 100.0),
}
IN_WORDS = {"O2.1.1-b": 76}  # what the management control then computes: 3,8 of 5
LOCKED = ("A4", "B7", "D7", "G7", "H7", "M7", "C4", "N7", "Q7", "A40", "R2")  # whoever could write there would


@pytest.fixture(scope="session")
def clerk(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """`clerk(job)`: what the clerk at the keyboard answers, within a bounded time."""
    del libreoffice  # absent: the test ends here
    if python_with_uno() is None:
        application_missing("Il ponte Python di LibreOffice (uno)", "installare python3-uno.")
    return Clerk(tmp_path_factory.mktemp("clerk")).work


def test_a_clerk_fills_the_form_and_mails_it_back(
    clerk: Callable[[dict[str, Any]], dict[str, Any]], massacarrara_files: dict[str, Path], tmp_path: Path, workbooks: Path
) -> None:
    source = massacarrara_files["U1.1"]
    [sheet] = read_workbook(source).sheets
    at = {row.code: row.ref.row for row in sheet.rows if row.level is RowLevel.INDICATOR}
    assert set(at) == set(TYPED)
    typed = [[f"C{at[code]}", text] for code, (text, _) in TYPED.items()]
    notes = [
        [f"J{at['S2.1.4-c']}", "L'indagine si fa a dicembre: =non è una formula"], [f"K{at['O1.2.4-a']}", "esogena"],
        [f"L{at['O2.1.4-d']}", "prot. 1234/2019"],
    ]  # fmt: skip
    target = tmp_path / source.name
    before = source.read_bytes()
    shown = [f"{column}{row}" for row in at.values() for column in "GM"]
    answer = clerk(
        {
            "source": str(source),
            "target": str(target),
            "sheet": "Cruscotto",
            "locked": LOCKED,
            "typed": [*typed, *notes],
            "shown": shown,
        }
    )

    assert answer["protected"]
    assert source.read_bytes() == before
    assert set(answer["refused"]) == set(LOCKED)
    assert all(was == now != "manomesso" for was, now in answer["refused"].values())
    for code, (text, pct) in TYPED.items():
        percent, light = answer["after"][f"G{at[code]}"], answer["after"][f"M{at[code]}"]
        assert answer["after"][f"C{at[code]}"], f"{code}: «{text}» non è entrato"
        assert percent == (WORDS if pct is None else f"{pct:.2f}%".replace(".", ",")), code
        assert light[0] == ("–" if pct is None else "●" if pct >= 90 else "◐" if pct >= 50 else "○"), code

    same_figures(target, workbooks, at)
    identity = read_identity(target)
    assert identity == read_identity(source)
    assert identity is not None


def same_figures(returned: Path, workbooks: Path, at: dict[str, int]) -> None:
    """What is read back, and what the main job makes of it."""
    [sheet] = read_workbook(returned).sheets
    assert (sheet.respondent, sheet.year, sheet.layout) == ("U1.1", 2019, "cruscotto-massacarrara")
    rows = {row.code: row for row in sheet.rows if row.level is RowLevel.INDICATOR}
    assert {code: row.ref.row for code, row in rows.items()} == at
    assert rows["S2.1.4-c"].note.text.startswith("L'indagine")
    assert rows["O1.2.4-a"].cause.text == "esogena"
    result = consolidate([returned], method="massacarrara-2019", plan=workbooks / "massacarrara-2019-piano")
    scores = {row.code: row for row in result.rows if row.office == "U1.1"}
    for code, (text, pct) in TYPED.items():
        score, typed = scores[code], rows[code].typed_pct
        if pct is None:
            assert score.pct == IN_WORDS.get(code), f"{code} «{text}»"
            assert typed.text == WORDS
            continue
        assert score.pct is not None, f"{code} «{text}»"
        assert abs(float(score.pct) - pct) < 1e-9, f"{code} «{text}»"
        assert abs(float(typed.value) - float(score.pct) / 100) < 1e-12, code  # type: ignore[arg-type]
    assert not [f for f in result.findings if f.code in {"PX-V001", "PX-V002", "PX-R006", "PX-R012"}]


NATURES = ("98%", "11", "29/03/2019", "3,8", "12 gg", "giugno", "n.d.", "-4", "1.250", "0", "31/12/2019")


@pytest.mark.parametrize("turn", range(3))
def test_whatever_nature_is_typed_where(
    turn: int,
    clerk: Callable[[dict[str, Any]], dict[str, Any]],
    massacarrara_files: dict[str, Path],
    agree: Callable[[Path, str], tuple[int, int]],
    tmp_path: Path,
) -> None:
    """Percents where numbers are due, dates where percents are: the cell's format tells them apart, in the form as in the reading."""
    source = massacarrara_files["U4.1"]
    [sheet] = read_workbook(source).sheets
    rows = [row.ref.row for row in sheet.rows if row.level is RowLevel.INDICATOR]
    typed = [[f"C{at}", NATURES[(number + 4 * turn) % len(NATURES)]] for number, at in enumerate(rows)]
    target = tmp_path / source.name
    job = {"source": str(source), "target": str(target), "sheet": "Cruscotto", "locked": [], "typed": typed, "shown": []}
    answer = clerk(job)
    assert all(answer["after"][cell] for cell, _ in typed)
    figures, words = agree(target, "massacarrara-2019")
    assert figures + words == len(rows)
    assert figures >= 4
    assert words >= 4


def test_an_untouched_form_says_nothing(massacarrara_files: dict[str, Path], libreoffice: LibreOffice) -> None:
    """Blank results: a dash, never a zero; and the cached texts are those that the application computes."""
    path = massacarrara_files["U4.1"]
    sheet = libreoffice.recalculated(path)["Cruscotto"]
    [read] = read_workbook(path).sheets
    for row in read.rows:
        if row.level is RowLevel.INDICATOR:
            assert sheet[f"G{row.ref.row}"] == NOTHING == row.typed_pct.text
            assert sheet[f"M{row.ref.row}"] == "– non misurato"
