"""Lucca: an area gets its own objectives and nobody else's results. Whose a row is, is taken from the published Relazione."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from perfxl.cli.giro_invia import DRAFTS, channel_maker
from perfxl.model import RowLevel
from perfxl.readers import read_workbook
from perfxl.rounds.folder import SETTINGS
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.send import Order, dispatch
from perfxl.rounds.wording import Kind
from rounds import mailroom
from rounds.mailroom import IN_TIME, address, person, replied, state_of
from rounds.searching import plain, searched

if TYPE_CHECKING:
    from collections.abc import Callable

AREAS = ("Area1", "Area2", "Area3")
MARKER = "RISERVATO"
SHORTEST = 20  # "report" and "n. incontri" are nobody's in particular
CODE = re.compile(r"(?<![\w.])([123])[a-z]\d{4}(?!\w)")  # 1A0101: the first digit is the area's
PROBLEM = {"code": "PX-G002", "severity": "errore", "title": "Risultato non leggibile", "found": "circa", "expected": "un numero",
           "remedy": "Scrivere il numero.", "sheet": "1A", "cell": "B12"}  # fmt: skip


@pytest.fixture(scope="module")
def others(golden: Callable[[str], list[dict[str, str]]]) -> dict[str, frozenset[str]]:
    """By area: the texts that the Relazione gives to other areas only."""
    rows = [(row["owner_code"][0], plain(row["text"])) for row in golden("lucca-2017/indicators")]
    rows += [
        (row["project_code"][0], plain(row["project_title"]))
        for row in golden("lucca-2017/budget_projects")
        if row["project_code"]
    ]
    own = {area: " ¦ ".join(text for digit, text in rows if area.endswith(digit)) for area in AREAS}
    found = {
        area: frozenset(
            text for digit, text in rows if not area.endswith(digit) and len(text) >= SHORTEST and text not in own[area]
        )
        for area in AREAS
    }
    assert min(map(len, found.values())) > 50
    return found


@pytest.fixture(scope="module")
def giro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round opened from the published reports, in which every result holds a mark; every message is written."""
    plan, folder = tmp_path_factory.mktemp("piano"), tmp_path_factory.mktemp("lucca") / "giro"
    marks = 0
    for file in sorted((mailroom.WORKBOOKS / "lucca-2017").glob("Report_direzionale_2017_Area*.xlsx")):
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(file)
        for row in [row for sheet in read_workbook(file).sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]:
            if row.result.ref is not None:
                book[row.result.ref.sheet][row.result.ref.a1] = f"{MARKER} {file.stem} {row.code}"
                marks += 1
        book.save(plan / file.name)
    assert marks > 100
    done = open_round(folder, Opening((str(plan),), method="lucca-2017", deadline=mailroom.DEADLINE))
    assert tuple(done.state.offices) == AREAS
    mailroom.write_addresses(folder, done.state)
    (folder / SETTINGS).write_text(mailroom.SENDER, encoding="utf-8")
    for kind in (Kind.INVITATION, Kind.REMINDER):
        assert len(drafted(folder, kind)) == len(AREAS)
    for area in AREAS:
        replied(folder, area, accepted=False, problems=(PROBLEM,))
    assert len(drafted(folder, Kind.CORRECTIONS)) == len(AREAS)
    return folder


def drafted(folder: Path, kind: Kind) -> list[Any]:
    return dispatch(folder, Order(kind, today=IN_TIME), channel_maker(str(folder), DRAFTS)).sent


def leaks(data: bytes, name: str, area: str, others: dict[str, frozenset[str]]) -> list[str]:
    """What a file holds that belongs only to other areas, or is a result: the place and the thing."""
    people = [plain(word) for other in AREAS if other != area for word in (address(other), person(other))]
    found = []
    for text, where in searched(data, name).items():
        found += [f"{where}: «{secret}»" for secret in (*others[area], *people, plain(MARKER)) if secret in text]
        found += [f"{where}: {code[0]}" for code in CODE.finditer(text) if not area.endswith(code[1])]
    return found


def files_of(giro: Path, area: str) -> list[Path]:
    return [giro / state_of(giro).offices[area].file, *sorted((giro / "messaggi").glob(f"{area}_*.eml"))]


@pytest.mark.parametrize("area", AREAS)
def test_an_area_gets_its_own_objectives_and_no_result(giro: Path, others: dict[str, frozenset[str]], area: str) -> None:
    files = files_of(giro, area)
    assert len(files) == 4
    rows = [row for sheet in read_workbook(files[0]).sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]
    assert rows
    assert all(row.result.empty for row in rows)
    for file in files:
        assert leaks(file.read_bytes(), file.name, area, others) == []


def test_the_search_finds_another_area_s_sheet(giro: Path, others: dict[str, frozenset[str]]) -> None:
    for area in AREAS:
        for other in AREAS:
            found = leaks(files_of(giro, other)[0].read_bytes(), "x.xlsx", area, others)
            assert bool(found) == (area != other)
            assert area == other or any(CODE.search(each) for each in found)
