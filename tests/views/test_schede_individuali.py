"""The individual sheets: weights, coefficients, cascades, scores and totals, in Python and recalculated by LibreOffice.

Sources: Massa-Carrara, Piano 2019, section 6; Lucca, Relazione 2017 (objectives and cascades) and Piano 2018 (4.1, 4.3, 4.4).
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.methods import load_method
from perfxl.pipeline import consolidate
from perfxl.views.schede_individuali import people_book
from perfxl.writers import write_book

OWNERS = {"SG": "SG", "DIR_PROMO": "DIR_PROMO", "DIR_ANAG": "DIR_ANAG"}


class Page:
    """A written sheet as a reader sees it: the objectives' table by its headings, the labelled facts, the rest as texts."""

    def __init__(self, sheet, formulas) -> None:
        self.sheet, self.formulas = sheet, formulas
        top = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "N.")
        self.letters = {cell.value: cell.column_letter for cell in sheet[top] if cell.value}
        text = "Obiettivo" if "Obiettivo" in self.letters else "Indicatore"
        self.rows = []
        for row in range(top + 1, sheet.max_row + 1):
            self.rows.append({name: sheet[f"{letter}{row}"].value for name, letter in self.letters.items()} | {"row": row})
            self.rows[-1]["text"] = self.rows[-1][text]
            if self.rows[-1]["text"] == "Totale":
                break
        self.total = self.rows.pop()
        self.texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]

    @property
    def objectives(self):
        return [row for row in self.rows if row["Peso"] is not None]

    def formula(self, name, row) -> str:
        return self.formulas[f"{self.letters[name]}{row['row']}"].value


def pages(path) -> dict[str, Page]:
    values, formulas = load_workbook(path, data_only=True), load_workbook(path)
    return {sheet.title: Page(sheet, formulas[sheet.title]) for sheet in values if sheet.title != "Elenco"}


def written_to(path, consolidation):
    book, findings = people_book(consolidation, path.parent)
    write_book(book, path)
    return path, findings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("schede")


@pytest.fixture(scope="module")
def method_2018(repository, folder):
    """The method that docs/prospetti/schede-individuali.md gives for 2018."""
    page = (repository / "docs" / "prospetti" / "schede-individuali.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(# lucca-2018\.toml\n.*?)```", page, re.DOTALL)
    (folder / "lucca-2018.toml").write_text(text, encoding="utf-8")
    return folder / "lucca-2018.toml"


@pytest.fixture(scope="module")
def lucca_2018(workbooks, method_2018):
    return consolidate(workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx", method=method_2018)


@pytest.fixture(scope="module")
def books(massacarrara, lucca, lucca_2018, folder):
    bodies = {"massacarrara": massacarrara, "lucca": lucca, "lucca-2018": lucca_2018}
    return {name: written_to(folder / f"{name}.xlsx", c)[0] for name, c in bodies.items()}


# -- who has a sheet ---------------------------------------------------------------------------------------------------


def test_a_sheet_for_each_person_and_office_and_none_for_the_body(books, massacarrara):
    assert load_workbook(books["massacarrara"]).sheetnames == [
        "Elenco", "SG", "PO2", "PO3", "PO4", "PO5", "ISR", "U0.1", "U1.1", "U2.1", "U3.1-U3.2", "U4.1", "U5.1-U5.2",
    ]  # fmt: skip
    assert "ENTE" in {office.code for office in massacarrara.offices}
    assert load_workbook(books["lucca"]).sheetnames == ["Elenco", "SG", "DIR_ANAG", "DIR_PROMO"]
    assert load_workbook(books["lucca-2018"]).sheetnames == ["Elenco", "SG", "DIR_ANAG", "STRUTTURA"]


@pytest.mark.parametrize("body", ["massacarrara", "lucca", "lucca-2018"])
def test_every_sheet_is_one_a4_portrait_page_to_be_signed(books, body):
    for sheet in load_workbook(books[body]):
        assert sheet.page_setup.orientation == "portrait"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}  # 1 where the file doesn't say
        if sheet.title == "Elenco":
            assert sheet.page_setup.fitToHeight == 0
            continue
        assert sheet.page_setup.fitToHeight in {None, 1}
        texts = {cell.value for row in sheet.iter_rows() for cell in row}
        evaluator = "Per la Giunta camerale" if sheet.title == "SG" else "Il Segretario Generale"
        evaluated = "Per l'ufficio" if sheet.title[0] in "IU" else "Il valutato"
        assert {evaluator, evaluated, "Data", "Osservazioni"} <= texts, sheet.title


# -- Massa-Carrara 2019 ------------------------------------------------------------------------------------------------


def test_the_secretary_s_weights_are_the_printed_ones(books, golden):
    page = pages(books["massacarrara"])["SG"]
    printed = [Decimal(row["weight"]) for row in golden("massacarrara-2019/sg_objectives")]
    assert sum(printed) == 100
    assert [round(row["Peso"] * 100, 10) for row in page.objectives] == [float(weight) for weight in printed]
    assert page.total["Peso"] == 1
    assert [row["text"] for row in page.objectives] == [
        f"{row['code_printed']} {row['text']}" for row in golden("massacarrara-2019/sg_objectives")
    ]
    assert "Peso ponderato" not in page.letters, "i pesi fanno 100 e non ci sono coefficienti"


def test_the_secretary_s_total_rests_on_what_is_measured(books):
    """Of weights 11,4 + 5,7 + 11,4 the third is done at 80 %: 9,12 points of 28,5."""
    page = pages(books["massacarrara"])["SG"]
    scores = [row["Punteggio"] for row in page.objectives]
    assert scores == [0, 0, "N.C.", "N.C.", pytest.approx(9.12), "N.C.", "N.C.", "N.C."]
    assert page.total["Punteggio"] == pytest.approx(9.12)
    assert page.total["% realizz."] == pytest.approx(0.32)
    assert page.total["Stato"] == "○ non raggiunto"
    assert "3 su 8 obiettivi" in page.texts


def test_targets_say_in_which_direction(books):
    page = pages(books["massacarrara"])["SG"]
    assert [row["Target"] for row in page.objectives] == [
        ">= 80%", ">= 85%", "entro il 30/06 e 31/12", ">= 90%", ">= 5", "entro 15 gg chiusura quadrimestre", ">= 80%",
        "entro 15 gg chiusura quadrimestre",
    ]  # fmt: skip


def test_offices_and_po_have_equal_weights_where_none_is_printed(books, massacarrara):
    found = pages(books["massacarrara"])
    offices = {office.code.replace("/", "-"): office for office in massacarrara.offices}
    for name, page in found.items():
        if name == "SG":
            continue
        assert [row["Peso"] for row in page.objectives] == [pytest.approx(1 / len(page.objectives))] * len(page.objectives), name
        if name in offices:
            assert len(page.objectives) == offices[name].cover.total, name
            assert f"{offices[name].cover.measured} su {offices[name].cover.total} indicatori" in page.texts


# -- Lucca 2017 --------------------------------------------------------------------------------------------------------


def test_objectives_are_those_printed(books, golden):
    """Ten objectives: truncated, and printed with as many decimals as the document prints (99.86 as 99.8)."""
    found, compared = pages(books["lucca"]), 0
    for row in golden("lucca-2017/objectives"):
        if row["owner"] not in OWNERS:
            continue
        line = next(each for each in found[row["owner"]].objectives if each["N."] == row["number"])
        printed = Decimal(row["printed_pct"])
        computed = Decimal(repr(line["% realizz."])) * 100
        assert computed.quantize(Decimal("0.01")).quantize(printed, ROUND_DOWN) == printed, row
        compared += 1
    assert compared == 10


def test_every_cascade_stands_with_its_parts_and_percents(books, golden):
    found, expected = pages(books["lucca"]), {}
    for row in golden("lucca-2017/cascades"):
        if row["owner"] in OWNERS:
            expected.setdefault(row["owner"], []).append((row["child_code_or_objective"], Decimal(row["child_pct"])))
    assert sum(map(len, expected.values())) == 30
    for owner, parts in expected.items():
        rows = [row for row in found[owner].rows if re.fullmatch(r"\d[A-Z]\d{4}|ENTE-\d", str(row["N."]))]
        read = [(row["N."], Decimal(row["Risultato"].removesuffix(" %").replace(",", "."))) for row in rows]
        assert sorted(read) == sorted(parts), owner
        assert all(row["Peso"] is row["Punteggio"] is None for row in rows)


def test_a_typed_percent_is_told_only_where_something_else_follows(books):
    texts = [text for page in pages(books["lucca"]).values() for text in page.texts]
    assert not [text for text in texts if text.startswith("Obiettivo ") and "dalle parti citate" in text]


def test_a_typed_percent_that_does_not_follow_is_told(workbooks, tmp_path):
    book = load_workbook(workbooks / "lucca-2017" / "Obiettivi_SG_e_Dirigenti_2017.xlsx")
    book["Dirigente Promozione"]["C11"] = 97
    book.save(tmp_path / "obiettivi.xlsx")
    path, _ = written_to(tmp_path / "schede.xlsx", consolidate(tmp_path / "obiettivi.xlsx", method="lucca-2017"))
    assert "Obiettivo 2: indicato 97 %; dalle parti citate segue 99,86 %." in pages(path)["DIR_PROMO"].texts


# -- Lucca 2018 --------------------------------------------------------------------------------------------------------


def test_weights_of_2018_are_read_and_nothing_is_measured(books, golden, lucca_2018):
    found, compared = pages(books["lucca-2018"]), 0
    codes = {"Segretario generale": "SG", "Dirigente": "DIR_ANAG"}
    for row in golden("lucca-2018/sg_dirigenti_objectives"):
        code = next((code for owner, code in codes.items() if row["owner"].startswith(owner)), None)
        if code is None:
            continue
        line = next(each for each in found[code].objectives if each["N."] == row["n"])
        assert round(line["Peso"] * 100, 10) == int(row["peso"])
        assert line["text"] == " ".join(row["title"].split())
        assert (line["% realizz."], line["Punteggio"], line["Stato"]) == ("N.C.", "N.C.", "– non misurato")
        compared += 1
    assert compared == 7
    assert [page.total["Peso"] for page in found.values()] == [1, 1, 1]
    assert not [finding for finding in lucca_2018.findings if finding.code == "PX-A005"]


def test_indicators_of_2018_stand_beneath_their_objectives(books, golden):
    rows = [row for row in pages(books["lucca-2018"])["SG"].rows if row["Peso"] is None]
    own = [row for row in golden("lucca-2018/sg_dirigenti_indicators") if row["owner"] == "Segretario generale"]
    assert len(rows) == len(own) == 11
    assert [row["text"] for row in rows] == [" ".join(f"{row['label']} {row['text']}".split()) for row in own]


def test_weights_that_do_not_make_100_are_told_and_made_to(workbooks, tmp_path, method_2018):
    book = load_workbook(workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx")
    book["Segretario generale"]["B9"] = 30  # 110 in all
    book.save(tmp_path / "obiettivi.xlsx")
    done = consolidate(tmp_path / "obiettivi.xlsx", method=method_2018)
    assert [finding.found for finding in done.findings if finding.code == "PX-A005"] == ["SG: 110 %"]
    path, _ = written_to(tmp_path / "schede.xlsx", done)
    page = pages(path)["SG"]
    assert "I pesi indicati fanno 110 invece di 100: valgono in proporzione." in page.texts
    assert [row["Peso ponderato"] for row in page.objectives] == [pytest.approx(w / 110) for w in (30, 25, 25, 30)]
    assert (page.total["Peso"], page.total["Peso ponderato"]) == (pytest.approx(1.1), pytest.approx(1))


def test_a_method_of_equal_weights_says_that_it_leaves_the_printed_ones(workbooks, tmp_path):
    done = consolidate(workbooks / "lucca-2018-piano" / "Obiettivi_2018.xlsx", method="lucca-2017")
    page = pages(written_to(tmp_path / "schede.xlsx", done)[0])["SG"]
    assert {row["Peso"] for row in page.objectives} == {0.25}
    assert "Il metodo lucca-2017 considera gli obiettivi di pari peso; indicati: 20 %; 25 %; 25 %; 30 %." in page.texts


# -- coefficient of complexity -----------------------------------------------------------------------------------------


@pytest.fixture
def po(tmp_path):
    """A PO with weights 50, 30, 20, coefficients 1, 1,5, 2, realised at 100, 80 and not measured."""
    book = Workbook()
    book.active.append(["POSIZIONE ORGANIZZATIVA 3", "INDICATORE", "REALIZZAZIONE", "PESO", "COEFFICIENTE DI COMPLESSITÀ"])
    for number, weight, coefficient, result in ((1, 50, 1, 100), (2, 30, 1.5, 80), (3, 20, 2, "N.C.")):
        book.active.append([f"OBIETTIVO {number}/2018 Obiettivo {number}", None, None, weight, coefficient])
        book.active.append(["INDICATORE 1)", f"relazione {number}", result])
    book.save(tmp_path / "PO3.xlsx")
    return tmp_path / "PO3.xlsx"


def test_the_coefficient_multiplies_the_weight_and_the_products_make_100(po, tmp_path, method_2018):
    """50, 45, 40 of 135; measured 95: (50 × 100 + 45 × 80) / 95 = 90,526…, truncated as Lucca does."""
    done = consolidate(po, method=method_2018)
    assert done.people[0].cover.shown == Decimal("90.52")
    path, findings = written_to(tmp_path / "schede.xlsx", done)
    assert findings == []
    page = pages(path)["PO3"]
    assert [row["Coeff."] for row in page.objectives] == [1, 1.5, 2]
    assert [row["Peso ponderato"] for row in page.objectives] == [pytest.approx(w / 135) for w in (50, 45, 40)]
    assert [row["Punteggio"] for row in page.objectives] == [pytest.approx(5000 / 135), pytest.approx(3600 / 135), "N.C."]
    assert page.total["% realizz."] == pytest.approx(0.9052)
    assert page.formula("Peso ponderato", page.objectives[0]).count("SUMPRODUCT") == 1


def test_a_method_that_ignores_the_coefficient_does_not_show_it(po, tmp_path, method_2018):
    method = load_method(method_2018)
    ignoring = method.model_copy(update={"people": method.people.model_copy(update={"complexity": "ignored"})})
    done = consolidate(po, method=ignoring)
    assert done.people[0].cover.shown == Decimal("92.50")  # (50 × 100 + 30 × 80) / 80
    page = pages(written_to(tmp_path / "schede.xlsx", done)[0])["PO3"]
    assert not {"Coeff.", "Peso ponderato"} & page.letters.keys()


# -- native formulas ---------------------------------------------------------------------------------------------------


def cells(path):
    return {s.title: {c.coordinate: c.value for row in s.iter_rows() for c in row} for s in load_workbook(path, data_only=True)}


@pytest.mark.parametrize("body", ["massacarrara", "lucca", "lucca-2018"])
def test_recalculated_figures_are_python_s(books, libreoffice, body):
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in load_workbook(books[body])
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    before, after = cells(books[body]), libreoffice.recalculated(books[body])
    assert len(formulas) > 50
    for sheet, cell in formulas:
        one, other = before[sheet][cell], after[sheet].get(cell, "")
        if isinstance(one, (int, float)):
            assert other == pytest.approx(one, abs=1e-12), (sheet, cell)
        else:
            assert other == one, (sheet, cell)


def test_no_total_is_a_value(books):
    for body in books.values():
        for name, page in pages(body).items():
            for heading in ("Peso", "Punteggio", "% realizz.", "Stato"):
                assert str(page.formula(heading, page.total)).startswith("="), (name, heading)


def test_a_percent_typed_in_moves_score_total_state_and_list(po, tmp_path, method_2018, libreoffice):
    path, _ = written_to(tmp_path / "schede.xlsx", consolidate(po, method=method_2018))
    page = pages(path)["PO3"]
    indicator = next(row for row in page.rows if row["Risultato"] == "N.C.")
    changed = libreoffice.recalculated(path, {("PO3", f"{page.letters['% realizz.']}{indicator['row']}"): 0.1})
    at = {name: f"{letter}{page.total['row']}" for name, letter in page.letters.items()}
    assert changed["PO3"][at["% realizz."]] == pytest.approx(0.6666)  # (5000 + 3600 + 400) / 135 = 66,66…
    assert changed["PO3"][at["Punteggio"]] == pytest.approx(9000 / 135)
    assert changed["PO3"][at["Stato"]] == "◐ parzialmente raggiunto"
    assert changed["Elenco"]["E5"] == pytest.approx(0.6666)


def test_a_weight_typed_in_moves_the_others(po, tmp_path, method_2018, libreoffice):
    path, _ = written_to(tmp_path / "schede.xlsx", consolidate(po, method=method_2018))
    page = pages(path)["PO3"]
    first = page.objectives[0]["row"]
    changed = libreoffice.recalculated(path, {("PO3", f"{page.letters['Peso']}{first}"): 0.6})
    weights = [changed["PO3"][f"{page.letters['Peso ponderato']}{row['row']}"] for row in page.objectives]
    assert weights == [pytest.approx(w / 145) for w in (60, 45, 40)]


@pytest.mark.parametrize("body", ["massacarrara", "lucca", "lucca-2018"])
def test_excel_would_open_it_without_repairing_it(books, ooxml_validator, body):
    assert ooxml_validator(books[body]) == []


def test_nobody_has_no_book(workbooks, folder):
    plan = workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
    done = consolidate(plan, plan=plan)
    assert people_book(done, folder) == (None, [])
