"""The native formulas against `perfxl.scoring`, cell by cell, recalculated by a real application.

Every row of a synthetic form is a pair (target, result) under some combination of the method's axes. The results are typed
into a copy with the number format that the form gave to the cell; percent and state must be those of the Python rules.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.forms.branches import NATIVE
from perfxl.forms.form import Form, FormRow, Forms, Page, Shape
from perfxl.forms.formulas import WORDS
from perfxl.forms.write import write_form
from perfxl.grammar import parse_result
from perfxl.methods import load_method
from perfxl.model import Cell, CellKind, ResultKind, RowLevel, SheetRole, cell_of
from perfxl.rollup.entries import read_target
from perfxl.scoring.rows import score_rows
from perfxl.views.words import STATE_LABEL

if TYPE_CHECKING:
    from pathlib import Path

    from application.libreoffice import LibreOffice
    from perfxl.methods.schema import Method
    from perfxl.scoring.rows import RowScore

YEAR = 2019
PCT, NUM, DAY = "0.00%", "General", "dd/mm/yyyy"

# (target cell, algorithm): the forms that the plans print, and the edges of each rule.
TARGETS: tuple[tuple[Any, str], ...] = (
    (">= 80%", ""), ("> 60%", ""), ("= 100,00 %", ""), ("<= 5%", ""), ("< 5%", ""), (">= 0%", ""), ("<= 0%", ""), ("> 0%", ""),
    ("<= - 15,00 %", ""), (">= - 15,00 %", ""), ("380% - 390%", ""), ("10% - 13%", ""), ("57%", ""), (">= 33,3%", ""),
    (0.9, "% dipendenti partecipanti >= 90%"), (">= 12", ""), ("> 2", ""), ("<= 1", ""), ("< 5 gg", ""), ("=2", ""),
    ("n. 3 progetti", ""), (">= 0", ""), ("<= 0", ""), ("< 0", ""), (">= -4", ""), ("<= -4", ""), (12, "n. newsletter inviate >=12"),
    (15, "data predisposizione report entro 15 gg chiusura quadrimestre"), (30, "data invio entro 30 gg chiusura semestre"),
    (">= 0,20 N.", ""), (date(2019, 6, 30), "data realizzazione sito entro il 30/06/2019"), ("entro il 31/12/2019", ""),
    ("prima del 31/03/2019", ""), (date(2019, 12, 31), ""), ("entro Aprile", ""),
    ("entro il 30/06 e 31/12", ""), ("> del 2016", ""), ("-20 % rispetto al 2017", ""), ("realizzazione", ""), ("report", ""),
    ("realizzazione di n. 1 nuova azione", ""), ("come da piano 12/B", ""), (None, ""), (">= 1.000,00 €", ""), (1.5, "costo <= 1,5 €"),
)  # fmt: skip
PERCENTS = (
    0.0,
    0.005,
    0.05,
    0.0500001,
    0.115,
    0.13,
    0.57,
    0.571,
    0.6,
    0.72,
    0.7999999,
    0.8,
    1.0,
    1.2,
    3.85,
    4.2,
    -0.15,
    -0.2,
    -0.1,
    7.4,
    74.0,
)
NUMBERS = (0, 1, 2, 3, 3.8, 5, 11, 12, 15, 18, -4, -5, -3.5, 0.2, 0.1, 30, 1e6)
DATES = (date(2019, 3, 29), date(2019, 3, 31), date(2019, 4, 30), date(2019, 6, 30), date(2019, 7, 1), date(2019, 7, 31),
         date(2019, 12, 31), date(2020, 1, 1), date(2020, 3, 15), date(2020, 12, 30), date(2018, 11, 30))  # fmt: skip
WORDS_OF_OFFICES = ("N.C.", "giugno", "3,8 gg", "rinvio")

# Each group of rows has a code of its own (9.<group>) and an exception of the method that changes its axes.
AXES: tuple[dict[str, Any], ...] = (
    {},
    {"decreasing": "linear", "range": "zero_outside", "strict": "ratio_only", "deadline": "late_bands"},
    {"increasing": "met_or_missed", "decreasing": "met_or_missed", "days_within": "met_or_missed", "deadline": "proportional"},
    {"equality": "exact_or_zero", "zero_target": "not_computable", "cap": 120, "floor": 10},
    {"negative": "not_computable", "cap": 100, "reached_scores": "full"},
    {"increasing": "met_or_missed", "strict": "ratio_only", "floor": -50, "cap": 400},
    {"percent_result": "declared"},
)
BASE = {"late_bands": ({"days": 10, "pct": Decimal("66.6")}, {"days": 40, "pct": 30}), "proportional_days": 180}
WHOLE: tuple[dict[str, Any], ...] = (  # axes that can't be in an exception: a workbook each
    {"rounding": {"stage": "each_level", "mode": "truncate", "decimals": 2}},
    {"rounding": {"stage": "each_level", "mode": "half_even", "decimals": 1}},
    {"rounding": {"stage": "each_level", "mode": "half_up", "decimals": 0}},
    {"rounding": {"stage": "each_level", "mode": "half_down", "decimals": 0}},
    {"bands": {"mode": "steps", "edges": (50, 80), "values": (0, 70, 90)}},
    {"bands": {"mode": "pro_rata", "edges": (50, 90), "values": (0, 100), "edge_belongs": "below"}},
    {"bands": {"mode": "clamp", "edges": (20, 95), "values": (0, 100)}},
    {"states": {"indicator": {"tolerance": Decimal("7.5"), "tolerance_kind": "points", "critical": 60}}},
)


def varied(changes: dict[str, Any], exceptions: tuple[dict[str, Any], ...] = ()) -> Method:
    """Massa-Carrara's profile with other values, checked as any profile is."""
    stated = load_method("massacarrara-2019").model_dump()
    stated["scoring"] |= BASE | ({"bands": changes["bands"]} if "bands" in changes else {})
    for section in ("rounding", "states"):
        stated[section] |= changes.get(section, {})
    stated["exceptions"] = exceptions
    return type(load_method("massacarrara-2019")).model_validate(stated)


def rows_of(group: int) -> list[tuple[FormRow, object]]:
    """Every target with every result: whether the natures fit isn't asked, they must agree there too."""
    out = []
    for number, ((target, algorithm), result) in enumerate(product(TARGETS, (*PERCENTS, *NUMBERS, *DATES, *WORDS_OF_OFFICES))):
        percent = isinstance(target, float)
        cell = cell_of(target, number_format="0%" if percent else DAY if isinstance(target, date) else "General")
        row = FormRow(
            RowLevel.INDICATOR, f"O9.{group}.{number}-a", f"O9.{group}.{number}-a {target}", str(target),
            algorithm=cell_of(algorithm), targets={YEAR: cell},
        )  # fmt: skip
        out.append((row, result))
    return out


def typed(format_: str, result: object) -> tuple[Any, str]:
    """What stands in the cell when an office types the result: in a plain cell (General) a percent and a date change its format."""
    if isinstance(result, str):
        return result, format_
    if isinstance(result, date):
        return result, DAY
    nature = PCT if result in PERCENTS and isinstance(result, float) else NUM
    return result, nature if format_ == NUM else format_


def filled(path: Path, results: list[object], column: str, first: int) -> dict[str, Cell]:
    """Type the results into the file; the cells as a reader gives them."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book["Cruscotto"]
    cells = {}
    for at, result in enumerate(results, first):
        target = sheet[f"{column}{at}"]
        value, number_format = typed(target.number_format, result)
        target.value = value
        target.number_format = number_format
        cells[f"{column}{at}"] = as_read(value, number_format)
    book.save(path)
    return cells


def as_read(value: Any, number_format: str) -> Cell:
    """A stored value under its format, as the readers say it: a number in a date cell is a date (Excel's serials)."""
    if number_format == DAY and isinstance(value, (int, float)):
        from perfxl.readers.formats import number_cell

        kind, content, shown, _ = number_cell(float(value), DAY, date1904=False, formula=False)
        return Cell(kind, content, None, shown)
    return cell_of(value, number_format=number_format)


def python_scores(rows: list[FormRow], cells: list[Cell], method: Method) -> list[tuple[RowScore, bool]]:
    """The score of each row, and whether the brief of the form promises it natively (number, percent or date; native kind)."""
    triples, promised = [], []
    for row, cell in zip(rows, cells, strict=True):
        result = parse_result(cell, year=YEAR)
        target = read_target(row.targets[YEAR], row.algorithm.text, row.title, result, method, YEAR)
        triples.append((row.code, target, result))
        words = cell.kind is CellKind.TEXT or result.kind not in (ResultKind.NUMBER, ResultKind.PERCENT, ResultKind.DATE)
        declared = method.scoring_for(row.code).percent_result == "declared" and result.kind is ResultKind.PERCENT
        promised.append(not words and (target.kind in NATIVE or declared))
    return list(zip(score_rows(triples, method, year=YEAR), promised, strict=True))


def check(method: Method, pairs: list[tuple[FormRow, object]], libreoffice: LibreOffice, folder: Path) -> tuple[int, int]:
    """Write, fill, recalculate, compare; returns how many rows had a native percent and how many had none."""
    rows = [row for row, _ in pairs]
    form = Form(
        "U9.9", "Ufficio di prova (U9.9)", SheetRole.OFFICE, Shape.DASHBOARD, (Page("Cruscotto", "Prova (U9.9)", tuple(rows)),)
    )
    identity = Forms("Ente", YEAR, "", method.name, "0" * 64, (form,), (), ()).identity(form)
    path = folder / "prova.xlsx"
    write_form(form, identity, path, method)
    cells = list(filled(path, [result for _, result in pairs], "C", 4).values())
    sheet = libreoffice.recalculated(path)["Cruscotto"]
    wrong, measured, silent = [], 0, 0
    for at, ((row, result), (score, promised)) in enumerate(zip(pairs, python_scores(rows, cells, method), strict=True), 4):
        percent, state = sheet.get(f"G{at}"), sheet.get(f"M{at}")
        told = f"{row.code} {row.title!r} ← {result!r}: foglio {percent!r} {state!r}, Python {score.pct} {score.state}"
        if isinstance(percent, (int, float)) and not isinstance(percent, bool):
            measured += 1
            if score.pct is None or abs(percent - float(score.pct / 100)) > 1e-12 or state != STATE_LABEL[score.state]:
                wrong.append(told)
        else:
            silent += 1
            if percent != WORDS or not str(state).startswith("–") or (promised and score.pct is not None):
                wrong.append(told)
    assert not wrong, f"{len(wrong)} righe diverse:\n" + "\n".join(wrong[:25])
    return measured, silent


@pytest.mark.parametrize("group", range(len(AXES)))
def test_every_pair_under_every_axis(group: int, libreoffice: LibreOffice, tmp_path: Path) -> None:
    pairs = rows_of(group)
    pairs = pairs if group == 0 else pairs[group % 4 :: 4]  # 4 and 53 results: every target meets a quarter of the results
    exceptions = ({"code": f"O9.{group}.*", "reason": "prova", **AXES[group]},) if AXES[group] else ()
    measured, silent = check(varied({}, exceptions), pairs, libreoffice, tmp_path)
    assert measured > len(pairs) // 4
    assert silent > len(pairs) // 10


@pytest.mark.parametrize("changes", WHOLE, ids=[next(iter(c)) + str(i) for i, c in enumerate(WHOLE)])
def test_rounding_bands_and_states(changes: dict[str, Any], libreoffice: LibreOffice, tmp_path: Path) -> None:
    pairs = [pair for pair in rows_of(0) if not isinstance(pair[1], str)][::3]
    measured, _ = check(varied(changes), pairs, libreoffice, tmp_path)
    assert measured > 200


def test_dates_are_datetimes_for_the_application() -> None:
    """The table's dates are plain dates: openpyxl must store them as such, or the comparison would be of midnights."""
    assert all(not isinstance(day, datetime) for day in DATES)
