"""The printed figures: docs/cifre-pubblicate.md against the golden tables, the workbooks and a fresh run, and every finding
that the published documents deserve, at its cell."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from fractions import Fraction
from pathlib import Path, PurePath
from typing import NamedTuple

import openpyxl
import pytest

import perfxl
from perfxl.grammar import quoted_values

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
OBJECTIVES = "Obiettivi_SG_e_Dirigenti_2017.xlsx"
BODY_FROM = {"ENTE-1": ("SG", "1"), "ENTE-2": ("SG", "2"), "ENTE-4": ("DIR_PROMO", "3"), "ENTE-5": ("DIR_ANAG", "3")}
ALIASES = {"2C7101": "2C0101", "2E7105": "2E0105"}


def table(name):
    with (GOLDEN / name).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Figure(NamedTuple):
    """A row of the page."""

    document: str
    key: str
    lines: tuple[str, ...]
    cell: str
    printed: str
    ours: str
    convention: str
    verdict: str


def page() -> list[Figure]:
    text = (ROOT / "docs" / "cifre-pubblicate.md").read_text(encoding="utf-8")
    figures = []
    for line in text.splitlines():
        if line.startswith(("| Lucca 2017", "| Massa-Carrara 2019")):
            document, name, lines, *rest = (part.strip() for part in line.strip("| ").split(" | "))
            key = re.match("`([^`]+)`", name)[1]
            figures.append(Figure(document, key, tuple(lines.split(", ")) if lines != "–" else (), *rest))
    return figures


PAGE = page()
LUCCA = [f for f in PAGE if f.document == "Lucca 2017"]
MASSA = [f for f in PAGE if f.document == "Massa-Carrara 2019"]


def key_of(figure):
    return f"{figure.document[:5]} {figure.key}"


def exact(text):
    """`98,455` as a fraction."""
    return Fraction(text.replace(",", "."))


def decimals(text):
    return len(text.partition(",")[2])


def cut(value, places):
    """Truncated, independently of perfxl's own rounding."""
    return Fraction(int(value * 10**places), 10**places)


@pytest.fixture(scope="module")
def lucca():
    return perfxl.consolidate(ROOT / "workbooks" / "lucca-2017", method="lucca-2017")


@pytest.fixture(scope="module")
def massa():
    return perfxl.consolidate(ROOT / "workbooks" / "massacarrara-2019")


@pytest.fixture(scope="module")
def massa_with_plan():
    return perfxl.consolidate(ROOT / "workbooks" / "massacarrara-2019", plan=ROOT / "workbooks" / "massacarrara-2019-piano")


# -- the column "stampata" is the document's -----------------------------------------------------------------------


def printed_in_lucca():
    """(key, line) -> figure, from the golden tables."""
    found = {}
    for row in table("lucca-2017/objectives"):
        lines = (row["printed_pct_line"], row["also_printed_line"]) if row["owner"] == "ENTE" else (row["printed_pct_line"],)
        found.update({(f"{row['owner']}-{row['number']}", line): row["printed_pct"] for line in lines})
    for row in table("lucca-2017/cascades"):
        key = f"{row['child_code_or_objective']} in {row['owner']}-{row['number']}"
        found[key, row["source_line"]] = row["child_pct"]
    quoting = {(r["owner"], r["number"], r["indicator_label"]) for r in table("lucca-2017/cascades") if r["owner"] != "ENTE"}
    for row in table("lucca-2017/objective_indicators"):
        if (row["owner"], row["number"], row["indicator_label"]) in quoting:
            label = f".{row['indicator_label']}" if row["indicator_label"] else ""
            found[f"{row['owner']}-{row['number']}{label} digitato", row["source_line"]] = row["result_text"].replace(",", ".")
    for row in table("lucca-2017/context_facts"):
        if row["id"].startswith("ENTE-MEAN"):
            found["ENTE", row["source_line"]] = row["value"]
    return found


def printed_in_massa():
    sheets = {"ENTE e trasversali": "ENTE"}
    return {
        (f"{row['code_normalised']} nel foglio {sheets.get(row['dashboard'], row['dashboard'])}", row["source_line"]): row[
            "pct_realizz"
        ].rstrip("% ")
        for row in table("massacarrara-2019/dashboards")
        if row["pct_realizz"]
    }


@pytest.mark.parametrize(
    ("figures", "printed"), [(LUCCA, printed_in_lucca()), (MASSA, printed_in_massa())], ids=["lucca-2017", "massacarrara-2019"]
)
def test_the_page_has_every_printed_figure_and_no_other(figures, printed):
    on_page = {(f.key, line): f.printed for f in figures for line in f.lines}
    assert on_page.keys() == printed.keys()
    assert {place: exact(text) for place, text in on_page.items()} == {place: exact(text) for place, text in printed.items()}
    assert all(decimals(on_page[place]) == decimals(printed[place].replace(".", ",")) for place in printed)


def test_no_figure_is_twice_on_the_page():
    assert [place for place, times in Counter((f.document, f.key) for f in PAGE).items() if times > 1] == []
    assert (len(LUCCA), len(MASSA)) == (54, 26)


def test_a_figure_without_a_line_is_said_not_printed():
    assert all((not f.lines) == (f.printed == "–") == (f.verdict == "non stampata") for f in PAGE)


# -- the column "cella" is where it stands -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cells():
    books = {}

    def value(place):
        file, sheet, a1 = re.fullmatch(r"(\S+) \[(.+)\] ([A-Z]+\d+)", place).groups()
        if file not in books:
            [path] = (ROOT / "workbooks").glob(f"*/{file}")
            books[file] = openpyxl.load_workbook(path, read_only=True)
        return books[file][sheet][a1].value

    yield value
    for book in books.values():
        book.close()


@pytest.mark.parametrize("figure", [f for f in PAGE if f.cell != "–"], ids=key_of)
def test_the_cell_holds_the_printed_figure(figure, cells):
    content = cells(figure.cell)
    quoted, _, where = figure.key.partition(" in ")
    if where == "ENTE-6":
        assert f"{figure.printed}%" in content
    elif where and quoted.startswith("ENTE-"):
        assert re.search(rf"n\. {quoted[-1]} \([^()]*\) \(realizzato al {figure.printed}%\)", content)
    elif where:
        assert f"{quoted} (realizzato al {figure.printed}%)" in content
    elif isinstance(content, (int, float)):
        typed = Fraction(repr(content)) * (100 if figure.document.startswith("Massa") else 1)
        assert typed == exact(figure.printed)
    else:  # the document prints it beneath the objective; the workbook has the objective
        assert content.startswith(f"OBIETTIVO {figure.key[-1]}/2017")


# -- the column "nostra" is a run's --------------------------------------------------------------------------------


def person(run, code, number):
    [found] = (o.cover.pct for p in run.people if p.code == code for o in p.objectives if o.number == number)
    return found


def node(run, code):
    return next((n for n in run.nodes if n.code == code), None)


def lucca_ours(run, key):
    """What follows from the tables for a key of the page; None when nothing does."""
    what, _, where = key.partition(" in ")
    if key == "ENTE":
        return run.headline.pct
    if key in ("ENTE-6", "ENTE-6 in SG-3"):  # the third part is printed with one decimal: 99,8
        parts = (person(run, "SG", "4"), person(run, "DIR_ANAG", "2"), cut(person(run, "DIR_PROMO", "2"), 1))
        return cut(sum(parts) / 3, 2)
    if key in BODY_FROM:
        return person(run, *BODY_FROM[key])
    if where == "SG-3":
        return node(run, what).pct
    if key == "ENTE-3":
        return None
    if key.endswith(" digitato"):
        [row] = (r for r in run.rows if r.code == ROW_OF[key])
        quotes = [Fraction(q.pct) for q in quoted_values(row.title)]
        return sum(quotes) / len(quotes)
    if where and where != "ENTE-6":
        found = node(run, ALIASES.get(what, what))
        return found.pct if found else None
    owner, _, number = what.rpartition("-")
    return person(run, owner, number)


ROW_OF = {"SG-3 digitato": "SG-3.1", "SG-4.A digitato": "SG-4.A", "DIR_PROMO-2 digitato": "DIR_PROMO-2.1", "DIR_ANAG-2 digitato": "DIR_ANAG-2.1"}  # fmt: skip


@pytest.mark.parametrize("figure", LUCCA, ids=key_of)
def test_lucca_s_figures_are_ours(figure, lucca):
    ours = lucca_ours(lucca, figure.key)
    if figure.ours == "–":
        assert ours is None
        assert figure.verdict == "non segue dalle tabelle"
        return
    assert cut(ours, decimals(figure.ours)) == exact(figure.ours)
    agrees = cut(ours, decimals(figure.printed)) == exact(figure.printed)
    assert figure.verdict == ("coincide" if agrees else "contraddice")


def massa_ours(run, with_plan, key):
    """(shown, measured, total) for a key of the page that is computed over the tree, the offices or the people."""
    if key.endswith(" con il piano"):
        what = key.removesuffix(" con il piano")
        found = with_plan.headline if what == "ENTE" else next(p for p in with_plan.people if p.code == what).cover
    elif key.startswith("ufficio "):
        found = next(o for o in run.offices if o.code == key.removeprefix("ufficio ")).cover
    else:
        found = node(run, key)
    return found


@pytest.mark.parametrize("figure", [f for f in MASSA if f.verdict == "non stampata"], ids=key_of)
def test_massa_s_computed_figures_are_ours(figure, massa, massa_with_plan):
    found = massa_ours(massa, massa_with_plan, figure.key)
    shown = "N.C." if found.shown is None else str(found.shown).replace(".", ",")
    assert figure.ours == f"{shown} ({found.measured}/{found.total})"


@pytest.mark.parametrize("figure", [f for f in MASSA if f.verdict != "non stampata"], ids=key_of)
def test_massa_s_typed_percents_are_judged(figure, massa):
    code, office = re.fullmatch(r"(\S+) nel foglio (\S+)", figure.key).groups()
    if code[0] in "SO":
        [row] = (r for r in massa.rows if r.code == code and r.office == office)
        ours = row.pct
    else:
        beneath = [r.pct for r in massa.rows if r.owner == code and r.office == office and r.pct is not None]
        ours = sum(beneath) / len(beneath) if beneath else None
    if ours is None:
        assert (figure.ours, figure.verdict) == ("–", "non segue dalle tabelle")
    else:
        assert exact(figure.ours) == ours == exact(figure.printed)
        assert figure.verdict == "coincide"


def test_a_figure_that_does_not_follow_is_a_finding_at_its_cell(lucca, massa):
    """And one that agrees has none: no false alarm."""
    said = {
        f"{PurePath(f.file).name} [{f.sheet}] {f.cell}"
        for run in (lucca, massa)
        for f in run.findings
        if f.code in CONTRADICTIONS
    }
    # ENTE-3 has no indicators in any table: nothing to set against it, and nothing to say
    silent = {"ENTE-3"}
    for figure in PAGE:
        if figure.verdict in ("contraddice", "non segue dalle tabelle") and figure.key not in silent:
            assert figure.cell in said, figure.key
    quoting = {f.cell for f in PAGE if " in " in f.key}
    agreeing = {f.cell for f in PAGE if f.verdict == "coincide"} - quoting
    assert agreeing & said == set()


CONTRADICTIONS = {"PX-A006", "PX-A007", "PX-A008", "PX-A015", "PX-V001", "PX-V002"}


# -- Massa-Carrara recomputed from the golden table, without perfxl --------------------------------------------------


def golden_score(row):
    """A measured row of the dashboards under METHODS' rules, or None. The kinds among its 25 results are few."""
    result, target = row["result_2019"], row["target_2019"]
    if result in ("", "00/01/1900"):
        return None
    if "/" in result:
        done, due = (datetime.strptime(text, "%d/%m/%Y") for text in (result, target))
        return Fraction(100 if done <= due else 0)
    value, aim = (exact(text.strip("%")) for text in (result, target))
    if "entro 30 gg" in row["algorithm_text"]:
        return Fraction(100) if value <= aim else 100 * aim / value
    return min(Fraction(100), 100 * value / aim)


def mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def golden_tree():
    """Figure of every node, from dashboards.csv alone."""
    rows = [
        row
        for row in table("massacarrara-2019/dashboards")
        if row["row_type"] == "indicatore" and row["allegato"] == "Allegato 2"
    ]
    by_code = {}
    for row in rows:
        by_code.setdefault(row["code_normalised"], []).append(row)
    values = {code: mean([golden_score(row) for row in group]) for code, group in by_code.items()}
    tree = {}
    for level in table("massacarrara-2019/tree")[::-1]:
        code = level["code"]
        own = mean(
            [
                v
                for c, v in values.items()
                if re.fullmatch(rf"[SO]{re.escape(code)}(\.\d+)?-\w+", c) and (c[0] == "S") == (code.count(".") == 1)
            ]
        )
        below = mean([tree[each["code"]] for each in table("massacarrara-2019/tree") if each["parent_code"] == code])
        if level["level"] == "obiettivo_strategico" and own is not None and below is not None:
            tree[code] = (60 * own + 40 * below) / 100
        else:
            tree[code] = own if below is None else below
    return tree, values


def test_the_tree_is_what_follows_from_the_golden_table(massa):
    tree, values = golden_tree()
    assert tree["ENTE"] == Fraction(4275, 100)
    assert {n.code: n.pct for n in massa.nodes} == tree
    assert {r.code: r.pct for r in massa.rows if r.counts} == values
    assert sum(value is not None for value in values.values()) == 21


def test_the_sg_is_what_follows_from_the_golden_weights(massa_with_plan):
    _, values = golden_tree()
    parts = [(Fraction(row["weight"]), values[row["matched_indicator_code"]]) for row in table("massacarrara-2019/sg_objectives")]
    measured = [(weight, value) for weight, value in parts if value is not None]
    expected = sum(weight * value for weight, value in measured) / sum(weight for weight, _ in measured)
    sg = next(p for p in massa_with_plan.people if p.code == "SG")
    assert sg.cover.pct == expected == 32


# -- every figure that the task names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "figures"),
    [
        ("SG", ["99.75", "100.00", "98.45", "100.00"]),
        ("DIR_PROMO", ["99.80", "99.86", "99.00"]),
        ("DIR_ANAG", ["99.80", "100.00", "100.00"]),
    ],
)
def test_lucca_s_people(lucca, who, figures):
    [found] = (p for p in lucca.people if p.code == who)
    assert [str(o.cover.shown) for o in found.objectives] == figures


def test_lucca_s_body(lucca):
    assert str(lucca.headline.shown) == "98.82"
    six = [n for n in lucca.nodes if n.level == "obiettivo_ente"]
    assert [str(n.shown) for n in six] == ["99.75", "100.00", "95.00", "98.88", "100.00", "99.33"]
    assert lucca.headline.pct == cut(sum(exact(t) for t in ("99,75", "100", "95", "98,88", "100", "99,33")) / 6, 2)


def test_24_of_the_26_quoted_projects_have_a_sheet(lucca):
    quoted = [
        r["child_code_or_objective"]
        for r in table("lucca-2017/cascades")
        if r["owner"] != "ENTE" and "-" not in r["child_code_or_objective"]
    ]
    with_sheet = [code for code in quoted if node(lucca, ALIASES.get(code, code)) is not None]
    assert (len(quoted), len(with_sheet)) == (26, 24)
    assert sorted(set(quoted) - set(with_sheet)) == ["2C0105", "3C0106"]


@pytest.mark.parametrize(
    ("code", "shown", "measured", "total"),
    [
        ("ENTE", "42.75", 21, 71),
        ("OB1", "12.50", 8, 14),
        ("OB2", "73.00", 13, 33),
        ("1.2", "25.00", 4, 8),
        ("2.1", "73.00", 13, 27),
    ],
)
def test_massa_s_tree(massa, code, shown, measured, total):
    found = node(massa, code)
    assert (str(found.shown), found.measured, found.total) == (shown, measured, total)


def test_massa_s_office_and_sg(massa, massa_with_plan):
    office = next(o for o in massa.offices if o.code == "U1.1")
    assert (str(office.cover.shown), office.cover.measured, office.cover.total) == ("50.50", 10, 11)
    sg = next(p for p in massa_with_plan.people if p.code == "SG")
    assert (str(sg.cover.shown), sg.cover.measured, sg.cover.total) == ("32.00", 3, 8)


# -- every finding, and no other -----------------------------------------------------------------------------------

U5 = "U5.1-U5.2_monitoraggio_2019.xlsx"
LUCCA_FINDINGS = {
    ("PX-A006", OBJECTIVES, "Ente", "B5"): ["ENTE-4", "98,88", "99,00", "DIR_PROMO", f"{OBJECTIVES} [Dirigente Promozione] A13"],
    ("PX-A006", OBJECTIVES, "Segretario Generale", "B13"): ["ENTE-6", "99,94", "99,33", f"{OBJECTIVES} [Ente] B7"],
    ("PX-A015", OBJECTIVES, "Ente", "B7"): ["ENTE-6", "99,33", "99,93", f"{OBJECTIVES} [Segretario Generale] B13"],
    ("PX-A015", OBJECTIVES, "Segretario Generale", "B13"): ["ENTE-6", "99,94", "99,93"],
    ("PX-A007", OBJECTIVES, "Dirigente Promozione", "B11"): ["2C0105", "100,00", "2C0104 (93,33 %)"],
    ("PX-A007", OBJECTIVES, "Segretario Generale", "B16"): ["3C0106", "100,00"],
    ("PX-A013", OBJECTIVES, "Dirigente Promozione", "B11"): ["2C7101 letto come 2C0101", "2E7105 letto come 2E0105"],
    ("PX-G004", "Report_direzionale_2017_Area2.xlsx", "2A", "B9"): ["2A-S2", "Non realizzata la diminuzione"],
    ("PX-G004", "Report_direzionale_2017_Area3.xlsx", "3A", "B9"): ["3A-S2", "319.160,22"],
    ("PX-R002", "Progetti_art15_2017.xlsx", "Art. 15 c. 5", ""): ["art. 15"],
    ("PX-R002", "Risorse_2017.xlsx", "Budget progetti", ""): ["risorse"],
    ("PX-R002", "Risorse_2017.xlsx", "Conto economico", ""): ["conto economico"],
}
MASSA_FINDINGS = {
    ("PX-A002", "PO3_monitoraggio_2019.xlsx", "Cruscotto", "C8"): ["O2.1.4-e", "«15»", "U0.1 (C16)", "vuoto nel foglio PO3"],
    ("PX-A002", "PO5_monitoraggio_2019.xlsx", "Cruscotto", "C7"): [
        "O1.2.3-a",
        "«29/03/2019»",
        "U5.1/U5.2 (C8)",
        "vuoto nel foglio PO5",
    ],
    ("PX-A003", "ISR_monitoraggio_2019.xlsx", "Cruscotto", "H4"): ["U6.1", "OB1"],
    ("PX-A003", "PO2_monitoraggio_2019.xlsx", "Cruscotto", "H5"): ["U6.3", "2.1"],
    ("PX-A003", "PO3_monitoraggio_2019.xlsx", "Cruscotto", "H5"): ["U6.3", "2.1"],
    ("PX-A003", "PO4_monitoraggio_2019.xlsx", "Cruscotto", "H5"): ["U6.3", "2.1"],
    ("PX-A003", "PO5_monitoraggio_2019.xlsx", "Cruscotto", "H4"): ["U6.1", "OB1"],
    ("PX-A003", "PO5_monitoraggio_2019.xlsx", "Cruscotto", "H9"): ["U6.3", "2.1"],
    ("PX-A011", "", "", ""): ["SG"],
    ("PX-G003", U5, "Cruscotto", "C20"): ["O2.1.3-c", "00/01/1900"],
    ("PX-G003", U5, "Cruscotto", "C21"): ["O2.1.3-d", "00/01/1900"],
    ("PX-G007", "U0.1_monitoraggio_2019.xlsx", "Cruscotto", "D12"): ["O2.1.2-c", "30/11/2018", "2019"],
    ("PX-V002", "ENTE_e_trasversali_monitoraggio_2019.xlsx", "Cruscotto", "G15"): ["2.1.4", "3,4%", "nessun risultato"],
    ("PX-V002", "ISR_monitoraggio_2019.xlsx", "Cruscotto", "G9"): ["O1.1.1-a", "0%", "vuota"],
    ("PX-V002", "ISR_monitoraggio_2019.xlsx", "Cruscotto", "G10"): ["O1.1.1-b", "0%", "vuota"],
    ("PX-V002", "ISR_monitoraggio_2019.xlsx", "Cruscotto", "G16"): ["1.2.1", "0%", "nessun risultato"],
    ("PX-V002", "ISR_monitoraggio_2019.xlsx", "Cruscotto", "G17"): ["O1.2.1-a", "0%", "vuota"],
}


def by_place(run):
    found = {}
    for f in run.findings:
        found.setdefault((f.code, PurePath(f.file).name, f.sheet, f.cell), []).append(f.found)
    return found


@pytest.mark.parametrize(
    ("run", "expected"), [("lucca", LUCCA_FINDINGS), ("massa", MASSA_FINDINGS)], ids=["lucca-2017", "massacarrara-2019"]
)
def test_the_findings_are_these_and_no_other(run, expected, request):
    found = by_place(request.getfixturevalue(run))
    assert found.keys() == expected.keys()
    for place, words in expected.items():
        text = " ".join(found[place])
        assert [word for word in words if word not in text] == [], f"{place}: {text}"


def test_the_findings_of_the_documents_agree_with_the_golden_table(massa):
    """Offices that no sheet and no indicator has, zero dates, percents on blanks: counted in the golden table."""
    rows = table("massacarrara-2019/dashboards")
    indicators = [r for r in rows if r["row_type"] == "indicatore"]
    known = {o for r in indicators for o in r["office_field"].split()} | {"FRD"}  # a fund (fondo risorse decentrate), no office
    unknown = [(r["code_normalised"], o) for r in rows for o in r["office_field"].split() if o not in known]
    assert sorted(unknown) == sorted(
        (f.found.split(", ")[1].split()[-1], f.found.split(",")[0]) for f in massa.findings if f.code == "PX-A003"
    )
    zero = sorted(r["code_normalised"] for r in rows if r["result_2019"] == "00/01/1900")
    assert zero == sorted(f.found.split(":")[0] for f in massa.findings if f.code == "PX-G003") == ["O2.1.3-c", "O2.1.3-d"]
    blank = sorted(r["code_normalised"] for r in indicators if r["pct_realizz"] and not r["result_2019"])
    assert blank == sorted(f.found.split(":")[0] for f in massa.findings if f.code == "PX-V002" and f.found[0] in "SO")
    typed = {(r["dashboard"], r["code_normalised"]): r["result_2019"] for r in indicators}
    missing = sorted(
        (po, code)
        for (po, code), result in typed.items()
        if po.startswith("PO") and not result and any(v not in ("", "00/01/1900") for (d, c), v in typed.items() if c == code and not d.startswith("PO"))
        and not any("TUTTI" in r["office_field"] for r in indicators if r["code_normalised"] == code)
    )  # fmt: skip
    said = sorted((f.found.split()[-1], f.found.split(":")[0]) for f in massa.findings if f.code == "PX-A002")
    assert missing == said == [("PO3", "O2.1.4-e"), ("PO5", "O1.2.3-a")]


def test_the_plan_adds_its_own_findings_and_takes_away_the_sg_s(massa, massa_with_plan):
    without, with_plan = by_place(massa), by_place(massa_with_plan)
    planned = "Piano_2019_Allegato1.xlsx"
    # the deadline of 2018 is the plan's own; the SG's sheet is among the plan's files
    assert without.keys() - with_plan.keys() == {
        ("PX-A011", "", "", ""),
        ("PX-G007", "U0.1_monitoraggio_2019.xlsx", "Cruscotto", "D12"),
    }
    new = with_plan.keys() - without.keys()
    assert new == {
        ("PX-G007", planned, "Allegato 1", "E50"),
        *(("PX-P002", planned, "Allegato 1", f"B{row}") for row in range(39, 45)),
    }


def test_other_systems_are_left_alone(lucca):
    """Resources and incentives: recognised, in the list of files, and in no row of the calculation."""
    others = {"Progetti_art15_2017.xlsx", "Risorse_2017.xlsx"}
    assert others <= {PurePath(s.path).name for s in lucca.sources}
    assert not any(r.ref and PurePath(r.ref.file).name in others for r in lucca.rows)
    assert all(str(f.severity) == "nota" and "Nessuna azione" in f.remedy for f in lucca.findings if f.code == "PX-R002")


@pytest.mark.parametrize("run", ["lucca", "massa", "massa_with_plan"])
def test_no_finding_is_an_error_or_has_a_path_in_its_text(run, request):
    """The sheets read well; and what a controller reads names the file, not the folder of whoever ran it."""
    findings = request.getfixturevalue(run).findings
    assert {str(f.severity) for f in findings} <= {"avviso", "nota"}
    assert [f.found for f in findings if "workbooks/" in f.found or str(ROOT) in f.found] == []
