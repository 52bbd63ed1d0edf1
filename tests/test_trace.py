"""The trace: every figure explained in an Italian sentence, with cell, value, rule, weights and result."""

from datetime import date
from decimal import Decimal

import pytest

from perfxl import consolidate
from perfxl.model import Adjustment, RowLevel, SheetRole
from rollup.builders import consolidation, indicator, job, objective, percent_cell, sheet
from scoring.profiles import profile


@pytest.fixture(scope="module")
def carrara(request):
    folder = request.config.rootpath / "workbooks"
    return consolidate(folder / "massacarrara-2019", plan=folder / "massacarrara-2019-piano")


def made(*sheets, **more):
    if "method" not in more:
        more["rollup"] = {"indicators": "weighted_mean", **more.get("rollup", {})}
    return consolidation(job(*sheets, **more))


def says(text, *words):
    """The words that the text lacks."""
    return [word for word in words if word not in text]


OFFICE = sheet(
    "U1.1",
    indicator("S1.1.1-a", "1.1", ">= 100", "50", strategic=True),
    indicator("O1.1.1-a", "1.1.1", "n. 12", "3", weight=30),
    indicator("O1.1.1-b", "1.1.1", ">= 100", "80", weight=10),
    indicator("O1.1.1-c", "1.1.1", ">= 100", "N.C."),
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("01.2.4-a", "O1.2.4-a"),
        ("o1.2.4-a", "O1.2.4-a"),
        ("u1.1", "U1.1"),
        (" U 1.1", "U1.1"),
        ("P05", "PO5"),
        ("OB 1", "OB1"),
        ("ente", "ENTE"),
    ],
)
def test_a_code_as_offices_write_it(carrara, typed, code):
    assert carrara.explain(typed) == carrara.explain(code)


def test_an_indicator(carrara):
    text = carrara.explain("O1.2.4-a").splitlines()[0]
    assert (
        says(
            text,
            "O1.2.4-a (U1.1",
            "U1.1_monitoraggio_2019.xlsx [Cruscotto] C7",
            "«3»",
            "«12»",
            "100 × 3 / 12",
            "25,00 %",
            "non raggiunto",
            "peso 1 in 1.2.4",
        )
        == []
    )


@pytest.mark.parametrize(
    ("code", "brings"),
    [
        ("S1.1.1-a", "porta 30 punti al suo 45,50 %"),  # 60 % of 50; 45,5 = 30 + 40 % of 38,75
        ("O1.1.1-a", "porta 18,75 punti al suo 38,75 %"),  # 25 × 30 / 40, the unmeasured one left out
        ("O1.1.1-b", "porta 20 punti al suo 38,75 %"),
    ],
)
def test_a_row_s_contribution(code, brings):
    assert brings in made(OFFICE).explain(code)


def test_what_isn_t_measured_brings_nothing():
    assert "porta" not in made(OFFICE).explain("O1.1.1-c")


def test_a_row_by_its_uid():
    c = made(OFFICE)
    text = c.explain("U1.1.xlsx#Cruscotto!C8")
    assert says(text, "O1.1.1-a (U1.1, U1.1.xlsx [Cruscotto] C8)", "peso 30 in 1.1.1") == []
    assert "O1.1.1-b" not in text


def test_an_unmeasured_indicator():
    assert says(made(OFFICE).explain("O1.1.1-c"), "Non misurato", "«N.C.»", "fuori dalle medie") == []


def test_a_node_with_two_parts():
    text = made(OFFICE).explain("1.1")
    assert (
        says(
            text,
            "1.1 45,50 %",
            "misurati 3 di 4",
            "60 % × indicatori propri 50,00 % (S1.1.1-a 50,00 %)",
            "40 % × obiettivi sottostanti 38,75 %",
            "1.1.1 38,75 %",
        )
        == []
    )


def test_a_node_names_unequal_weights():
    text = made(OFFICE).explain("1.1.1")
    assert (
        says(
            text,
            "media degli indicatori misurati",
            "O1.1.1-a 25,00 % (peso 30)",
            "O1.1.1-b 80,00 % (peso 10)",
            "O1.1.1-c N.C. (peso 20)",
        )
        == []
    )


@pytest.mark.parametrize(("own", "beneath"), [(None, "80"), ("80", None)])
def test_a_part_that_isn_t_measured(own, beneath):
    rows = [indicator("S1.1.1-a", "1.1", ">= 100", own, strategic=True), indicator("O1.1.1-a", "1.1.1", ">= 100", beneath)]
    assert says(made(sheet("U1.1", *rows)).explain("1.1"), "1.1 80,00 %", "una parte non è misurata, vale l'altra") == []


def test_a_part_that_isn_t_measured_and_blocks():
    rows = [indicator("S1.1.1-a", "1.1", ">= 100", None, strategic=True), indicator("O1.1.1-a", "1.1.1", ">= 100", "80")]
    text = made(sheet("U1.1", *rows), rollup={"missing_part": "blocks"}).explain("1.1")
    assert says(text, "1.1 N.C.", "una parte non è misurata, e per il metodo blocca l'obiettivo") == []
    assert "vale l'altra" not in text


@pytest.mark.parametrize("code", ["1.1.1", "1.1", "OB1", "ENTE"])
def test_a_blocked_node_says_by_which(code):
    text = made(OFFICE, not_measured={"policy": "blocks_parent"}).explain(code)
    assert says(text, f"{code} N.C.", "bloccato da ciò che non è misurato: O1.1.1-c di U1.1") == []
    assert "vale l'altra" not in text


def test_what_was_due_so_far():
    """3 of 12 at the end of April: 4 were due, so 75 %."""
    c = made(OFFICE, reading={"in_year": "pro_rata"}, as_of=date(2019, 4, 30))
    assert says(c.explain("O1.1.1-a"), "100 × 3 / 4", "12 × 4/12", "75,00 %") == []


@pytest.mark.parametrize("code", ["U5.2", "u 5.1", "U5.1/U5.2"])
def test_an_office_of_two_by_either_name(carrara, code):
    assert carrara.explain(code).startswith("U5.1/U5.2 ")


@pytest.fixture(scope="module")
def lucca(request):
    return consolidate(request.config.rootpath / "workbooks" / "lucca-2017", method="lucca-2017")


# the figures that the Relazione 2017 prints: 99.75, 98.45 (98,455), 99.86 (of fifteen quotes), 99.80
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SG-1", ["SG-1 99,75 % (misurati 4 di 4)", "SG-1.1 99,00 %, SG-1.2 100,00 %", "troncato a 2 decimali"]),
        ("sg-3", ["SG-3 98,45 %", "ENTE-4 98,88 %, qui 98,88 %", "ENTE-6 99,94 %, qui 99,33 %", "la media è 98,4550 %"]),
        ("DIR_PROMO-2", ["DIR_PROMO-2 99,86 %", "2C0105 100 %, senza scheda", "3E0101 98 %, qui 98,33 %", "99,8667 %; troncato"]),
        ("DIR_ANAG-1", ["DIR_ANAG-1 99,80 % (misurati 5 di 6)", "DIR_ANAG-1.6b N.C.", "troncato a 2 decimali"]),
    ],
)
def test_an_objective_of_a_person(lucca, code, words):
    text = lucca.explain(code)
    assert says(text, *words) == []
    assert says(text, "[Segretario Generale] C3" if code == "SG-1" else ".xlsx [") == []  # its indicators, each with its cell


def test_an_objective_that_a_person_doesn_t_have(lucca):
    with pytest.raises(KeyError):
        lucca.explain("SG-9")


def test_the_weights_of_people_are_those_used():
    """75 and 25 are printed; a method of equal weights counts a half each."""
    rows = [
        objective("SG-1", RowLevel.OBJECTIVE, printed="1.1.1", title="Indicatore O1.1.1-a", weight=percent_cell("75")),
        objective("SG-2", RowLevel.OBJECTIVE, printed="1.1.1", title="Indicatore O1.1.1-b", weight=percent_cell("25")),
    ]
    c = made(OFFICE, sheet("SG", *rows, role=SheetRole.OBJECTIVES), people={"weights": "equal"})
    assert "media degli obiettivi (obiettivo 1 25,00 % (peso 50), obiettivo 2 80,00 % (peso 50))" in c.explain("SG")
    [person] = c.as_json()["people"]
    assert [one["weight_pct"] for one in person["objectives"]] == [50, 50]


def test_the_body():
    assert (
        says(made(OFFICE).explain("ENTE"), "ENTE 45,50 %", "media del livello sottostante (OB1 45,50 %)", "non raggiunto") == []
    )


def test_rounding_at_each_level_and_typed_values():
    ente = sheet("ENTE", objective("ENTE-1", RowLevel.OBJECTIVE, result=percent_cell("99.755")), role=SheetRole.OBJECTIVES)
    c = made(ente, method=profile("lucca-2017"))
    assert says(c.explain("ENTE"), "99,75 %", "troncato a 2 decimali") == []
    assert says(c.explain("ENTE-1"), "valore digitato in ENTE.xlsx [Cruscotto] C7") == []


def test_the_worst():
    c = made(OFFICE, rollup={"indicators": "worst", "body": "worst"})
    assert says(c.explain("1.1.1"), "1.1.1 25,00 %", "peggiore degli indicatori misurati", "O1.1.1-a 25,00 %") == []
    assert says(c.explain("ENTE"), "peggiore del livello sottostante (OB1") == []


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("mean", ["media delle percentuali di 2 uffici (U1.1 50,00 %, U2.1 100,00 %) = 75,00 %"]),
        ("worst", ["percentuale peggiore di 2 uffici (U1.1 50,00 %, U2.1 100,00 %) = 50,00 %"]),
        ("sum", ["somma dei risultati di 2 uffici (somma 15)", "«>= 10»", "= 100,00 %"]),
    ],
)
def test_several_respondents(policy, words):
    rows = [indicator("S2.1.1-b", "2.1", ">= 10", value, strategic=True, offices=("TUTTI",)) for value in ("5", "10")]
    text = made(*(sheet(f"U{i}.1", row) for i, row in enumerate(rows, 1)), rollup={"same_indicator": policy}).explain("S2.1.1-b")
    first, *others = text.splitlines()
    assert says(first, "S2.1.1-b (TUTTI)", *words, "conta, peso 1 in 2.1") == []
    assert len(others) == 2
    assert says(others[0], "U1.1.xlsx [Cruscotto] C7", "Conta per l'ufficio") == []


def test_an_office(carrara):
    assert (
        says(
            carrara.explain("U1.1"), "U1.1 50,50 %", "misurati 10 di", "O1.2.4-a 25,00 %", "media dei propri indicatori misurati"
        )
        == []
    )


def test_people(carrara):
    assert (
        says(
            carrara.explain("SG"),
            "SG 32,00 %",
            "media pesata",
            "pesi riproporzionati",
            "obiettivo 5 80,00 % (peso 11,4)",
            "obiettivo 3 N.C.",
        )
        == []
    )
    assert says(carrara.explain("PO3"), "PO3 100,00 %", "media degli obiettivi", "misurati 1 di 5") == []


def rettifica(value, pct):
    return Adjustment("", "", "U1.1", "O1.1.1-a", value, pct, "errore di digitazione", "M. Rossi", date(2019, 5, 2), None)


def test_a_corrected_value():
    text = made(OFFICE, adjustments=[rettifica("12", None)]).explain("O1.1.1-a")
    words = [
        "U1.1.xlsx [Cruscotto] C8",
        "Rettificato da M. Rossi il 02/05/2019",
        "25,00 % («3»)",
        "100,00 %",
        "errore di digitazione",
        "100 × 12 / 12",
    ]
    assert says(text, *words) == []


def test_an_overridden_percent():
    text = made(OFFICE, adjustments=[rettifica(None, Decimal(60))]).explain("O1.1.1-a")
    assert says(text, "Rettificato da M. Rossi", "25,00 % («3») sostituito con 60,00 %", "errore di digitazione", "peso 30") == []
    assert "100 × 3 / 12" not in text


def test_a_typed_percent_that_counts():
    row = indicator("O1.1.1-a", "1.1.1", ">= 80%", "60%", typed=percent_cell("80"))
    text = made(sheet("U1.1", row), rollup={"typed_input": "typed_counts"}).explain("O1.1.1-a")
    assert says(text, "75,00 %", "Vale la percentuale digitata nel foglio (U1.1.xlsx [Cruscotto] D7), 80,00 %") == []


def test_a_previous_value_is_in_the_trace():
    from perfxl.model import cell_of

    row = indicator("O1.1.1-a", "1.1.1", "aumento del 40%", "105", previous=cell_of(100))
    assert says(made(sheet("U1.1", row)).explain("O1.1.1-a"), "75,00 %", "«aumento del 40%»", "140") == []


@pytest.mark.parametrize("code", ["", "9.9", "U9.9", "X9", "1.2-P1", "U1.1 U2.1"])
def test_unknown_codes(carrara, code):
    with pytest.raises(KeyError):
        carrara.explain(code)


def test_every_figure_can_be_explained(carrara):
    codes = (
        {n.code for n in carrara.nodes}
        | {r.code for r in carrara.rows}
        | {o.code for o in carrara.offices}
        | {p.code for p in carrara.people}
    )
    assert [code for code in codes if not carrara.explain(code).startswith(code)] == []
