"""A column more beside the one that counts: the real dashboards with it must say what they say without."""

from datetime import date

import pytest

from perfxl.findings import Severity
from perfxl.model import CellKind
from perfxl.readers import read_workbook
from perfxl.readers.headings import day_in
from perfxl.readers.workbook import read_as_of

TEXT = "General"
HEADER = 2


def beside(m, place, heading, value):
    """The matrix with a column more: its heading, and the value in every row that has a text."""
    cell = None if value is None else (value, TEXT)

    def widened(r, row):
        extra = (heading, TEXT) if r == HEADER else cell if r > HEADER and row and row[0] else None
        return row if r < HEADER else [*row[:place], extra, *row[place:]]

    return m.__class__([widened(r, row) for r, row in enumerate(m.rows)])


def renamed(m, words):
    return m.changed(lambda r, _, text: words.get(text, text) if r == HEADER else text)


def emptied(m):
    """The matrix without its results."""
    return m.__class__([[None if c == 2 and r > HEADER else cell for c, cell in enumerate(row)] for r, row in enumerate(m.rows)])


def about(path, as_of=None):
    """(severity, cell, found) of the columns that were in contest."""
    return [(f.severity, f.cell, f.found) for f in read_as_of(path, as_of).findings if f.code == "PX-R008"]


@pytest.mark.parametrize("place", [2, 9])
@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("Risultato anno precedente", 50, 0), ("Risultati dell'anno scorso", 50, 0), ("Target anno precedente", 50, 0),
        ("Risultato - note", "in corso", 0), ("Risultato: fonte", "protocollo", 0),
        ("Esito", "positivo", 1), ("Realizzato", "sì", 1), ("Risultato", 50, 1), ("Risultato 2018", 50, 1),
        ("Valore", 50, 0), ("Valore 2019", 50, 0), ("Risultato al 30/04/2019", None, 1), ("Ufficio referente dati", "U9.9", 1),
    ],
)  # fmt: skip
def test_a_column_more_changes_no_row(matrix, tmp_path, original, rows_of, heading, value, told, place):
    path = beside(matrix("U1.1"), place, heading, value).save(tmp_path / "colonna.xlsx")
    assert rows_of(path) == original("U1.1")
    assert len(about(path)) == told


def test_the_finding_names_both_columns_and_the_rule(matrix, tmp_path):
    path = beside(matrix("U1.1"), 2, "Esito", "positivo").save(tmp_path / "esito.xlsx")
    found = "«Esito» (colonna C) e «Risultato 2019» (colonna D) per «Risultato»: viene letta la colonna D, che è dell'anno 2019"
    assert about(path) == [(Severity.WARNING, "C3", found)]


def test_two_columns_that_only_their_place_tells_apart_are_an_error(matrix, tmp_path):
    path = beside(matrix("U1.1"), 9, "Risultato 2019", 50).save(tmp_path / "due.xlsx")
    [(severity, cell, found)] = about(path)
    assert (severity, cell) == (Severity.ERROR, "J3")
    assert found.endswith("viene letta la colonna C, la prima da sinistra")


@pytest.mark.parametrize("heading", ["Risultato 2019", "Risultato", "Consuntivo"])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_hidden_column_gives_way_to_a_visible_one(matrix, tmp_path, original, rows_of, heading, swapped):
    """Last year's sheet, its column hidden and another put beside it: whichever of the two has the model's own heading."""
    m = matrix("U1.1")
    m = beside(renamed(m, {"Risultato 2019": heading}), 2, "Risultato 2019", 50)
    if swapped:
        m = m.__class__(
            [row if len(row) < 4 or r < HEADER else [*row[:2], row[3], row[2], *row[4:]] for r, row in enumerate(m.rows)]
        )
    m.hidden_columns = "D" if swapped else "C"
    path = m.save(tmp_path / "nascosta.xlsx")
    assert rows_of(path) == original("U1.1")
    [(severity, _, found)] = about(path)
    assert severity is Severity.WARNING
    assert found.endswith("perché l'altra è nascosta")
    assert [f.code for f in read_workbook(path).findings] == ["PX-R008"]


def test_a_hidden_column_does_not_fill_in_for_an_empty_one(matrix, tmp_path):
    m = beside(emptied(matrix("U1.1")), 2, "Risultato 2019", 50)
    m.hidden_columns = "C"
    path = m.save(tmp_path / "vuota.xlsx")
    (sheet,) = read_workbook(path).sheets
    assert all(row.result.empty for row in sheet.rows)
    [(severity, _, found)] = about(path)
    assert severity is Severity.ERROR
    assert found.endswith("viene letta la colonna D, perché l'altra è nascosta, ma è vuota")


def test_a_hidden_column_that_no_other_replaces_is_read_with_a_note(matrix, tmp_path, original, rows_of):
    m = matrix("U1.1")
    m.hidden_columns = "BI"
    path = m.save(tmp_path / "sola.xlsx")
    assert rows_of(path) == original("U1.1")
    (note,) = read_workbook(path).findings
    assert (note.code, note.cell, note.found) == ("PX-R010", "B3", "colonne nascoste: B («Algoritmo»), I («OB IND»)")


def test_an_empty_dated_column_beside_a_filled_one_without_a_year_is_an_error(matrix, tmp_path):
    path = beside(emptied(matrix("U1.1")), 2, "Esito", 50).save(tmp_path / "vuota.xlsx")
    [(severity, _, found)] = about(path)
    assert severity is Severity.ERROR
    assert found.endswith("viene letta la colonna D, che è dell'anno 2019, ma è vuota")


def test_an_empty_column_gives_way_to_the_filled_one_of_its_year(matrix, tmp_path):
    path = beside(emptied(matrix("U1.1")), 2, "Risultato al 30/04/2019", 50).save(tmp_path / "vuota.xlsx")
    (sheet,) = read_workbook(path).sheets
    assert {row.result.value for row in sheet.rows} == {50}
    [(severity, cell, found)] = about(path)
    assert (severity, cell) == (Severity.WARNING, "D3")
    assert found.endswith("viene letta la colonna C, perché l'altra è vuota")


@pytest.mark.parametrize(
    ("as_of", "value", "why"),
    [(None, 31, "che è la più recente"), (date(2019, 8, 31), 31, "che è la più recente"),
     (date(2019, 8, 30), 30, "perché l'altra è oltre la data di riferimento")],
)  # fmt: skip
def test_of_two_dates_the_latest_within_the_reference_date_is_read(matrix, tmp_path, as_of, value, why):
    m = beside(matrix("U1.1"), 2, "Risultato al 31/08/2019", 31)
    m = beside(m, 2, "Risultato al 30 aprile 2019", 30)
    m = m.__class__([[cell for c, cell in enumerate(row) if r < HEADER or c != 4] for r, row in enumerate(m.rows)])
    path = m.save(tmp_path / "date.xlsx")
    (sheet,) = read_as_of(path, as_of).sheets
    assert {row.result.value for row in sheet.rows if row.result.kind is not CellKind.EMPTY} == {value}
    assert [found.endswith(why) for *_, found in about(path, as_of)] == [True]


def test_a_target_without_a_year_is_not_of_the_years_to_come(matrix, tmp_path):
    m = renamed(matrix("U1.1"), {"Risultato 2019": "Risultato", "Target 2019": "Valore atteso"})
    (sheet,) = read_workbook(m.save(tmp_path / "U1.1_monitoraggio_2019.xlsx")).sheets
    assert (sheet.year, set(sheet.rows[0].targets)) == (2019, {None, 2020, 2021})
    (sheet,) = read_workbook(m.save(tmp_path / "U1.1_monitoraggio.xlsx")).sheets
    assert sheet.year is None  # the method's, when it is consolidated


@pytest.mark.parametrize(("file", "year"), [("monitoraggio_2019", 2019), ("monitoraggio", 2020), ("monitoraggio_2021", 2020)])
def test_targets_after_the_year_of_the_file_are_of_the_years_to_come(matrix, tmp_path, file, year):
    m = renamed(matrix("U1.1"), {"Risultato 2019": "Risultato", "Target 2019": "Baseline"})
    m = renamed(m, {"Target 2021": "Target 2022"})
    m = beside(m, 9, "Target triennale: note", "v. piano")
    (sheet,) = read_workbook(m.save(tmp_path / f"{file}.xlsx")).sheets
    assert (sheet.year, set(sheet.rows[0].targets)) == (year, {2020, 2022})


@pytest.mark.parametrize(
    ("text", "day"),
    [("Risultato al 30/04/2019", (4, 30)), ("al 1° maggio", (5, 1)), ("al 31.12.19", (12, 31)), ("Risultato 2019", None)],
)
def test_the_day_of_a_heading(text, day):
    assert day_in(text) == day
