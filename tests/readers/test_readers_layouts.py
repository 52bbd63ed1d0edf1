"""Layout files: the two bodies of docs/modelli.md, read exactly as the page says; and what is refused, with its reason."""

import re
from datetime import date

import openpyxl
import pytest

import perfxl
from perfxl.errors import LayoutError
from perfxl.model import RowLevel
from perfxl.pipeline import consolidate
from perfxl.readers import load_layout, read_workbook, shipped_layouts
from perfxl.readers.workbook import read_as_of


@pytest.fixture(scope="session")
def page(repository):
    return (repository / "docs" / "modelli.md").read_text(encoding="utf-8")


@pytest.fixture
def layout_of(page, tmp_path):
    def write(name):
        (text,) = re.findall(rf"```toml\n(# {name}\.toml\n.*?)```", page, re.DOTALL)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return load_layout(tmp_path / f"{name}.toml")

    return write


@pytest.fixture
def sheet_of(page, tmp_path):
    """The table that the page shows, as a workbook."""

    def write(name):
        (table,) = re.findall(rf"<!-- foglio: {name} -->\n\n((?:\|.*\n)+)", page)
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
        book = openpyxl.Workbook()
        book.active.append(["Monitoraggio"])
        for row in [rows[0], *rows[2:]]:
            book.active.append([float(cell) if re.fullmatch(r"\d+", cell) else cell or None for cell in row])
        book.save(tmp_path / f"{name}.xlsx")
        return tmp_path / f"{name}.xlsx"

    return write


def test_a_third_body_costs_a_layout_file(sheet_of, layout_of):
    workbook = read_workbook(sheet_of("valverde"), layouts=[layout_of("valverde")])
    assert workbook.findings == ()
    assert [(sheet.respondent, sheet.layout, sheet.year) for sheet in workbook.sheets] == [
        ("U1.1", "valverde", 2023),
        ("U2.1", "valverde", 2023),
    ]
    found = [
        (sheet.respondent, row.code, row.owner, row.result.text, row.extra["period"], row.extra.get("sentinel"))
        for sheet in workbook.sheets for row in sheet.rows if row.level is RowLevel.INDICATOR
    ]  # fmt: skip
    assert found == [
        ("U1.1", "IND 1", "OS1.1", "5", "II quadrimestre", None),
        ("U1.1", "IND 2", "OS1.1", "9999", "I quadrimestre", "9999"),
        ("U2.1", "IND 3", "OS1.2", "-", "II quadrimestre", "-"),
        ("U2.1", "IND 4", "OS2.1", "31", "II quadrimestre", None),
    ]
    first = next(row for row in workbook.sheets[0].rows if row.code == "IND 1")
    assert (first.title, first.algorithm.text, first.weight.text, first.targets[2023].text) == (
        "Sportelli aperti",
        "n. sportelli",
        "60",
        ">= 4",
    )
    assert {name: cell.text for name, cell in first.extra["periods"].items()} == {"I quadrimestre": "2", "II quadrimestre": "5"}
    assert (first.result.ref.a1, first.ref.a1) == ("I3", "D3")
    nodes = [
        (row.level.value, row.code, row.title, row.owner)
        for row in workbook.sheets[0].rows
        if row.level is not RowLevel.INDICATOR
    ]
    assert nodes == [
        ("area", "A1", "Imprese", None), ("obiettivo_strategico", "OS1.1", "Favorire la nascita d'impresa", "A1"),
        ("obiettivo_strategico", "OS1.2", "Semplificare", "A1"), ("area", "A2", "Mercato", None),
        ("obiettivo_strategico", "OS2.1", "Vigilare", "A2"),
    ]  # fmt: skip


def test_without_its_layout_the_third_body_is_not_recognised(sheet_of):
    workbook = read_workbook(sheet_of("valverde"))
    assert (workbook.sheets, [finding.code for finding in workbook.findings]) == ((), ["PX-R001"])


def test_a_column_for_each_office(sheet_of, layout_of):
    workbook = read_workbook(sheet_of("pratoverde"), layouts=[layout_of("pratoverde")])
    assert workbook.findings == ()
    found = [
        (sheet.respondent, sheet.respondent_offices, row.code, row.title, row.owner, row.targets[None].text, row.result.text, row.result.ref.a1)
        for sheet in workbook.sheets for row in sheet.rows
    ]  # fmt: skip
    assert found == [
        ("U1.1", ("U1.1",), "OP1", "Rispetto dei tempi", "ENTE", ">= 90%", "95%", "C3"),
        ("U1.1", ("U1.1",), "OP2", "Reclami", "ENTE", "<= 3", "1", "C4"),
        ("U2.1", ("U2.1",), "OP1", "Rispetto dei tempi", "ENTE", ">= 90%", "88%", "D3"),
        ("U2.1", ("U2.1",), "OP2", "Reclami", "ENTE", "<= 3", "", "D4"),
    ]


@pytest.mark.parametrize("order", [(2, 3, 4), (4, 3, 2), (3, 2, 4)])
def test_offices_in_columns_are_respondents_of_the_same_indicators(layout_of, tmp_path, order):
    """By hand: 45/90 = 50 and 100; 3/6 = 50 and 100; the blank office answers nothing. Whichever column comes first."""
    columns = {2: ("Ufficio U1.1", None, None), 3: ("Ufficio U2.1", "45%", 6), 4: ("Ufficio U3.1", "90%", 3)}
    book = openpyxl.Workbook()
    for row, head in enumerate((("Indicatore", "Target"), ("OP1 Rispetto dei tempi", ">= 90%"), ("OP2 Reclami", "<= 3"))):
        book.active.append([*head, *(columns[each][row] for each in order)])
    book.save(tmp_path / "uffici.xlsx")
    done = consolidate(tmp_path / "uffici.xlsx", method="massacarrara-2019", layouts=[layout_of("pratoverde")])
    assert {row.code: row.pct for row in done.rows if row.counts} == {"OP1": 75, "OP2": 75}
    assert {office.code: office.cover.pct for office in done.offices if office.cover.measured} == {"U2.1": 50, "U3.1": 100}
    assert [each.code for each in done.findings] == []


def test_the_users_layout_comes_before_the_shipped_ones(workbooks, layout_of, tmp_path, repository):
    text = (repository / "perfxl" / "readers" / "layouts" / "cruscotto-massacarrara.toml").read_text(encoding="utf-8")
    (tmp_path / "mio.toml").write_text(text.replace('id = "cruscotto-massacarrara"', 'id = "mio"'), encoding="utf-8")
    path = workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx"
    assert read_workbook(path, layouts=[load_layout(tmp_path / "mio.toml")]).sheets[0].layout == "mio"
    assert read_workbook(path, layouts=[layout_of("valverde")]).sheets[0].layout == "cruscotto-massacarrara"


@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_a_total_is_left_out_wherever_its_word_stands(sheet_of, layout_of, column):
    path = sheet_of("valverde")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    last = sheet.max_row
    sheet.cell(last, 1).value, sheet.cell(last, column).value, sheet.cell(last, 6).value = None, "TOTALE GENERALE", 300
    book.save(path)
    workbook = read_workbook(path, layouts=[layout_of("valverde")])
    assert workbook.findings == ()
    assert sum(len(one.indicators) for one in workbook.sheets) == 4


@pytest.mark.parametrize("headings", [("al 30/04/2023", "al 31/08/2023"), ("al 30 aprile", "al 31 agosto")])
@pytest.mark.parametrize(
    ("as_of", "year", "first", "told"),
    [
        (None, 2023, "5", 0), (date(2023, 8, 31), 2023, "5", 0), (date(2023, 8, 30), 2023, "2", 1), (date(2023, 4, 30), 2023, "2", 1),
        (date(2024, 1, 15), 2023, "5", 0), (date(2023, 3, 31), 2023, "", 1),
    ],
)  # fmt: skip
def test_periods_after_the_date_of_reference_are_left_aside(sheet_of, page, tmp_path, headings, as_of, year, first, told):
    (text,) = re.findall(r"```toml\n(# valverde\.toml\n.*?)```", page, re.DOTALL)
    (tmp_path / "v.toml").write_text(text.replace("^I{1,3} +quadrimestre$", "^al .+$"), encoding="utf-8")
    path = sheet_of("valverde")
    book = openpyxl.load_workbook(path)
    book.active["H2"], book.active["I2"] = headings
    book.save(path)
    workbook = read_as_of(path, as_of, layouts=[load_layout(tmp_path / "v.toml")], year=year)
    assert [row.result.text for sheet in workbook.sheets for row in sheet.rows if row.code == "IND 1"] == [first]
    assert [(f.code, str(f.severity)) for f in workbook.findings] == [("PX-R008", "nota")] * told


def test_sheets_of_other_names_are_left(sheet_of, layout_of):
    layout = layout_of("pratoverde").model_copy(update={"sheets": ("^Indicatori",)})
    assert read_workbook(sheet_of("pratoverde"), layouts=[layout]).sheets == ()


def test_shipped_layouts_are_valid_and_documented(page):
    ids = [layout.id for layout in shipped_layouts()]
    assert len(set(ids)) == len(ids) == 10
    assert all(f"`{name}`" in page for name in ids)


def test_every_key_is_documented(page):
    from perfxl.readers import layout as schema

    for section in (schema.Layout, schema.Column, schema.RowRule, schema.Respondent, schema.RespondentRule, schema.Wide):
        for key in section.model_fields:
            assert re.search(rf"`\[?\[?{key}", page), f"{section.__name__}.{key}"
    assert all(f"`{name}`" in page for name in schema.FIELDS)
    assert all(f"`{{{name}}}`" in page for name in schema.GIVEN)


GOOD = """
id = "x"
title = "X"
role = "office"
[columns.text]
headings = ["Indicatore"]
need = "essential"
[[rows]]
level = "indicatore"
text = '^(?P<number>\\d+) (?P<title>.+)$'
as_code = "I{number}"
"""


def refused(tmp_path, text):
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LayoutError) as caught:
        load_layout(tmp_path / "x.toml")
    error = caught.value
    assert error.file == str(tmp_path / "x.toml")
    assert error.file in error.message
    return error


def test_the_example_of_these_tests_is_good(tmp_path):
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-8")
    assert load_layout(tmp_path / "x.toml").id == "x"


@pytest.mark.parametrize(("old", "new", "key", "allowed"), [
    ('role = "office"', 'role = "ufficio"', "role", "office"),
    ('role = "office"', 'role = "office"\nanni = 3', "anni", "year"),
    ('need = "essential"', 'need = "sempre"', "columns.text.need", "expected"),
    ('need = "essential"', 'neeed = "essential"', "columns.text.neeed", "need"),
    ('level = "indicatore"', 'level = "indicator"', "rows[1].level", "obiettivo_operativo"),
    ('level = "indicatore"', 'level = "indicatore"\nskip = true', "rows[1]", "una sola fra level, attribute, section, closes, skip"),
    ("[columns.text]", "[columns.testo]", "columns.testo", "text, label, code"),
    ('need = "essential"', 'need = "optional"', "columns", "almeno una colonna con need"),
    ("(?P<title>.+)$", "(?P<title>.+$", "rows[1].text", "espressione regolare valida"),
    ('as_code = "I{number}"', 'as_code = "I{numero}"', "rows[1].as_code", "respondent"),
    ('as_code = "I{number}"', 'as_code = "I{"', "rows[1].as_code", "respondent"),
    ('headings = ["Indicatore"]', "headings = []", "columns.text.headings", "un elenco non vuoto"),
    ('headings = ["Indicatore"]', 'headings = "Indicatore"', "columns.text.headings", "un elenco tra parentesi quadre"),
    ('role = "office"', 'role = "office"\nyear = 19', "year", "un anno dal 1990 al 2100"),
    ('role = "office"', 'role = "office"\nshape = "blocks"', "rows", "anchor = true"),
    ('role = "office"', 'role = "office"\n[[respondent.rules]]\nwhere = "titolo"\ntext = "x"\ncode = "y"', "respondent.rules[1].where", "title"),
    ('role = "office"', 'role = "office"\n[[respondent.rules]]\nwhere = "title"\ntext = "x"\ncode = "{n}"', "respondent.rules[1].code", "i gruppi"),
])  # fmt: skip
def test_what_is_not_valid_is_told_with_file_key_and_allowed_values(tmp_path, old, new, key, allowed):
    assert old in GOOD
    error = refused(tmp_path, GOOD.replace(old, new))
    assert error.key == key
    assert any(allowed in value for value in error.allowed), error.allowed
    assert key in error.message


def test_a_missing_key(tmp_path):
    error = refused(tmp_path, GOOD.replace('title = "X"', "", 1))
    assert error.key == "title"
    assert "manca la chiave obbligatoria «title»" in error.message


def test_broken_toml_says_where(tmp_path):
    assert "riga 2, colonna" in refused(tmp_path, "\nid = x").message


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(LayoutError, match="non esiste"):
        load_layout(tmp_path / "manca.toml")
    (tmp_path / "x.toml").write_bytes('id = "perché"'.encode("latin-1"))
    with pytest.raises(LayoutError, match="UTF-8"):
        load_layout(tmp_path / "x.toml")


def test_an_office_with_rows_on_the_sheets_of_two_areas_has_them_all(sheet_of, layout_of, tmp_path):
    book = openpyxl.load_workbook(sheet_of("valverde"))
    first = book.active
    first.title = "A1"
    second = book.copy_worksheet(first)
    second.title = "A2"
    first.delete_rows(6, 2)  # A2 Mercato, and the total
    second.delete_rows(3, 3)  # A1 Imprese
    (tmp_path / "fogli").mkdir()
    book.save(tmp_path / "fogli" / "aree.xlsx")
    found = perfxl.consolidate(tmp_path / "fogli", layouts=[layout_of("valverde")])
    rows = {(row.office, row.code) for row in found.rows}
    assert rows == {("U1.1", "IND 1"), ("U1.1", "IND 2"), ("U2.1", "IND 3"), ("U2.1", "IND 4")}
    assert [f for f in found.findings if f.code == "PX-L006"] == []


def test_one_respondent_for_every_file_has_the_rows_of_all(page, tmp_path):
    (text,) = re.findall(r"```toml\n(# valverde\.toml\n.*?)```", page, re.DOTALL)
    text = text.replace('split = "office"  ', "") + '\n[respondent]\ncode = "ENTE"\n'
    (tmp_path / "uno.toml").write_text(text, encoding="utf-8")
    (tmp_path / "fogli").mkdir()
    for number in (1, 2):
        book = openpyxl.Workbook()
        book.active.append(["Rif.", "Indicatore di performance", "Previsto 2023", "I quadrimestre", "Struttura"])
        book.active.append([f"IND {number}", "Ispezioni", 10, 5 * number, "U1.1"])
        book.save(tmp_path / "fogli" / f"{number}.xlsx")
    found = perfxl.consolidate(tmp_path / "fogli", layouts=[tmp_path / "uno.toml"])
    assert {(row.office, row.code, row.pct) for row in found.rows} == {("ENTE", "IND 1", 50), ("ENTE", "IND 2", 100)}
    assert [str(f.severity) for f in found.findings if f.code == "PX-L006"] == ["nota"]
