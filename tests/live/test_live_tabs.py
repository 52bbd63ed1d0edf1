"""*Riepiloghi*, *Verifica*, *Annulla*: tabs in place, nothing of the user's lost, and the way back."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from live.engine import CellStore, SheetStore
from live.sheets import column, office_sheet
from perfxl import live
from perfxl.live.marks import MARK

TABS = ["Sintesi", "Albero", "Indicatori", "Uffici", "Scostamenti", "Anomalie", "Metodo"]


def names_of(store):
    return [sheet.name for sheet in store.sheets if sheet.visible == -1]


def texts(store, name):
    return {at: cell.value for at, cell in store.sheet(name).cells.items() if cell.value is not None}


def contents(sheet):
    """All that a person could miss in a sheet, but for the time of the run."""
    cells = {at: (c.value, c.formula, c.number_format) for at, c in sheet.cells.items() if c.value is not None or c.formula}
    moment = [at for at, (value, _, _) in cells.items() if value == "Elaborato il"]
    return (
        {at: held for at, held in cells.items() if not any(at[0] == row for row, _ in moment)},
        sheet.comments,
        sorted(sheet.links.items()),
    )


def where(store, name, text):
    return next(at for at, value in texts(store, name).items() if value == text)


@pytest.fixture
def office(open_book):
    return open_book([office_sheet([5.0, 8.0, 12.0])])


def test_the_tabs_are_added_after_the_users(office):
    book, store = office
    report = live.riepiloghi(book)
    assert not report.failed, report.text
    assert names_of(store)[0] == "U9.9"
    assert set(TABS) <= set(names_of(store)[1:])
    assert all(MARK in store.sheet(name).names for name in names_of(store)[1:])


def test_a_second_run_changes_nothing(office):
    book, store = office
    live.riepiloghi(book)
    first = {name: contents(store.sheet(name)) for name in names_of(store)}
    charts = {name: [c["name"] for c in store.sheet(name).charts] for name in names_of(store)}
    live.riepiloghi(book)
    assert {name: contents(store.sheet(name)) for name in names_of(store)} == first
    assert {name: [c["name"] for c in store.sheet(name).charts] for name in names_of(store)} == charts


def test_a_tab_of_the_users_with_one_of_our_names_is_never_touched(open_book):
    mine = SheetStore("Sintesi", {(1, 1): CellStore("la mia sintesi"), (5, 5): CellStore(7.0, "=SUM(A1:A9)")})
    mine.comments[1, 1] = "un mio commento"
    mine.charts.append({"name": "Grafico 1", "type": "line", "com": None})
    other = SheetStore("Mio", {(1, 1): CellStore(1.0, "='Sintesi'!E5+1")})
    book, store = open_book([office_sheet([5.0, 8.0, 10.0]), mine, other])
    before = copy.deepcopy(vars(mine)), copy.deepcopy(vars(other))
    for _ in range(2):
        live.riepiloghi(book)
        after = vars(mine) | {"set_up": {}}, vars(other) | {"set_up": {}}
        assert after == before
        assert "Sintesi (perfxl)" in names_of(store)
        assert "Sintesi (perfxl) 2" not in names_of(store)
    formulas = [c.formula for s in store.sheets for c in s.cells.values() if c.formula and s.name not in ("Sintesi", "Mio")]
    assert formulas
    assert not [f for f in formulas if "Sintesi!" in f or "'Sintesi'!" in f]


def test_the_finding_of_a_suffix_is_on_the_findings_tab(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0]), SheetStore("Albero", {(1, 1): CellStore("mio")})])
    report = live.riepiloghi(book)
    (found,) = [f for f in report.findings if f.code == "PX-S011"]
    assert "Albero (perfxl)" in found.found
    assert "PX-S011" in texts(store, "Anomalie").values()
    assert "Albero (perfxl)" in report.text
    formulas = " ".join(c.formula or "" for c in store.sheet("Sintesi").cells.values())
    assert "'Albero (perfxl)'!" in formulas  # the formulas follow the tab


def test_causes_and_notes_survive(office):
    book, store = office
    live.riepiloghi(book)
    row, cause = where(store, "Scostamenti", "Causa")
    _, note = where(store, "Scostamenti", "Nota")
    store.sheet("Scostamenti").put(row + 1, cause, "esogena")
    store.sheet("Scostamenti").put(row + 1, note, "sede chiusa a maggio")
    code = store.sheet("Scostamenti").cells[row + 1, 1].value
    store.sheet("U9.9").put(5, 3, 9.0)  # the order of the rows changes
    store.sheet("U9.9").put(6, 3, 1.0)
    live.riepiloghi(book)
    held = store.sheet("Scostamenti")
    (at,) = [r for (r, c), cell in held.cells.items() if c == note and cell.value == "sede chiusa a maggio"]
    assert held.cells[at, cause].value == "esogena"
    assert held.cells[at, 1].value == code


def test_what_a_person_wrote_around_our_tab_stays(office):
    book, store = office
    live.riepiloghi(book)
    anomalies = store.sheet("Anomalie")
    last = max(row for row, _ in texts(store, "Anomalie"))
    anomalies.put(last + 40, 2, "appunto mio")
    anomalies.put(2, 30, "altro appunto")
    anomalies.comments[5, 1] = "commento"
    anomalies.charts.append({"name": "Il mio grafico", "type": "pie", "com": None})
    live.riepiloghi(book)
    assert anomalies.cells[last + 40, 2].value == "appunto mio"
    assert anomalies.cells[2, 30].value == "altro appunto"
    assert anomalies.comments == {(5, 1): "commento"}
    assert [c["name"] for c in anomalies.charts if c["type"] == "pie"] == ["Il mio grafico"]


def test_where_a_person_is_in_the_way_the_tab_goes_elsewhere(office):
    book, store = office
    live.riepiloghi(book)
    last = max(row for row, _ in texts(store, "Indicatori"))
    store.sheet("Indicatori").put(last + 1, 1, "appunto mio")
    sheet = store.sheet("U9.9")
    for column_, value in enumerate(["O1.1.1-d Indicatore d", "n. di cose >= 10", 4.0, ">= 10", None, "U9.9", "SG"], 1):
        sheet.put(8, column_, value)
    for _ in range(2):
        live.riepiloghi(book)
        assert store.sheet("Indicatori").cells[last + 1, 1].value == "appunto mio"
        assert "Indicatori (perfxl)" in names_of(store)
        assert "Indicatori (perfxl) 2" not in names_of(store)
    assert "O1.1.1-d" in texts(store, "Indicatori (perfxl)").values()


def test_a_renamed_tab_is_the_users(office):
    book, store = office
    live.riepiloghi(book)
    store.sheet("Sintesi").name = "Per il Segretario"
    before = contents(store.sheet("Per il Segretario"))
    store.sheet("U9.9").put(5, 3, 1.0)
    live.riepiloghi(book)
    assert contents(store.sheet("Per il Segretario")) == before
    assert "Sintesi" in names_of(store)


def test_a_protected_tab_is_left_and_said(office):
    book, store = office
    live.riepiloghi(book)
    store.sheet("Albero").protected = True
    before = contents(store.sheet("Albero"))
    store.sheet("U9.9").put(5, 3, 1.0)
    report = live.riepiloghi(book)
    assert not report.failed
    assert contents(store.sheet("Albero")) == before
    assert store.sheet("Albero").protected
    assert [f.sheet for f in report.findings if f.code == "PX-S013"] == ["Albero"]


def test_a_protected_structure_is_said(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0])], structure_protected=True)
    report = live.riepiloghi(book)
    assert names_of(store) == ["U9.9"]
    assert "struttura" in report.text


def test_verifica_writes_the_findings_with_a_jump_to_the_cell(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0], [None, 0.33, None])])
    report = live.verifica(book)
    assert not report.failed
    assert names_of(store) == ["U9.9", "Anomalie"]
    row, _ = next(at for at, value in texts(store, "Anomalie").items() if value == "PX-V001")
    (link,) = [target for (r, _), target in store.sheet("Anomalie").links.items() if r == row]
    assert link == ("", "'U9.9'!E6")  # within this workbook: no file in the address
    assert column(store) == [None, 0.33, None]


def test_annulla_takes_back_percents(open_book):
    book, store = open_book([office_sheet([5.0, 8.0, 10.0], [None, 0.33, None])])
    live.ricalcola(book)
    store.sheet("U9.9").put(7, 5, 0.77)  # a person's, since
    store.sheet("U9.9").put(5, 2, "scritto dopo")
    report = live.annulla(book)
    assert not report.failed, report.text
    assert column(store) == [None, 0.33, 0.77]
    assert store.sheet("U9.9").cells[5, 2].value == "scritto dopo"
    assert store.sheet("U9.9").cells[5, 5].number_format == "General"
    assert "riportate a prima: 1" in report.text
    assert "lasciate come sono: 1" in report.text
    assert len(book.app.impl.books.held) == 1
    assert "nessuna operazione" in live.annulla(book).text


def test_annulla_goes_back_step_by_step(office):
    book, store = office
    live.ricalcola(book)
    live.riepiloghi(book)
    first = {name: contents(store.sheet(name)) for name in names_of(store)}
    store.sheet("U9.9").put(5, 3, 1.0)
    live.riepiloghi(book)
    assert contents(store.sheet("Indicatori")) != first["Indicatori"]
    live.annulla(book)
    assert {n: contents(store.sheet(n))[0] for n in TABS} == {n: first[n][0] for n in TABS}
    live.annulla(book)
    assert names_of(store) == ["U9.9"]
    assert column(store) == [0.5, 0.8, 1.0]
    live.annulla(book)
    assert column(store) == [None, None, None]
    assert store.sheet("U9.9").cells[5, 3].value == 1.0  # the person's edit stays through it all


def test_annulla_without_its_copy_changes_nothing(office):
    book, store = office
    live.ricalcola(book)
    for path in (Path(store.path).parent / "Monitoraggio 2019 - copie perfxl").iterdir():
        path.unlink()
    before = store.snapshot()
    report = live.annulla(book)
    assert report.failed
    assert "non c'è più" in report.text
    assert store.snapshot() == before


def test_the_twelve_sheets_and_their_summaries(twelve, golden):
    """Every tab arrives in the workbook with the published indicators, and the twelve sheets are as they were."""
    book, store = twelve
    user = [sheet.name for sheet in store.sheets]
    before = {name: contents(store.sheet(name)) for name in user}
    report = live.riepiloghi(book)
    assert not report.failed, report.text
    assert not [f for f in report.findings if f.code.startswith("PX-S01")]
    assert {name: contents(store.sheet(name)) for name in user} == before
    formulas = [c for s in store.sheets if s.name not in user for c in s.cells.values() if c.formula]
    assert len(formulas) > 50
    # every indicator that the published sheets hold is a row of *Indicatori*
    published = {row["code_normalised"] for row in golden("massacarrara-2019/dashboards") if row["row_type"] == "indicatore"}
    assert published <= set(texts(store, "Indicatori").values())
