"""docs/verifica.md is what a fresh run finds in the documents; and each error that a person found by hand is among the differences."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from perfxl.statements.compare import Verdict

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("verifica", ROOT / "scripts" / "verifica.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(generator):
    return {document.title: generator.verification_of(document) for document in generator.DOCUMENTS}


@pytest.mark.slow
def test_the_committed_page_is_what_a_fresh_run_finds(generator):
    committed = generator.PAGE.read_text(encoding="utf-8")
    assert committed == generator.page(), "rifare la pagina: python scripts/verifica.py"


def printed(found, title, cell):
    """Printed and computed figures at a cell, of every difference that is told there."""
    items = found[title].differences
    return {(item.printed, item.computed) for item in items if item.place == cell and item.verdict is not Verdict.UNCHECKED}


# Each transcribed from the published document (line numbers are those of the text that it was read from): arithmetic anybody can redo.
BY_HAND = [
    # Relazione 2017 of Lucca, lines 204-206: 7.015,00 of 10.576,81 is 66,3 %, printed 0,0
    ("Lucca, Relazione sulla performance 2017", "Risorse_Relazione_2017.xlsx [Budget obiettivi] F40", ("0,0 %", "66,3 %")),
    ("Lucca, Relazione sulla performance 2017", "Risorse_Relazione_2017.xlsx [Budget obiettivi] F41", ("0,0 %", "49,8 %")),
    ("Lucca, Relazione sulla performance 2017", "Risorse_Relazione_2017.xlsx [Budget obiettivi] F42", ("0,0 %", "48,5 %")),
    # art. 15, 2015, project 2, line 189: 200 hours at 17,10 are 3.420,00, printed 34,20; and the total of the project, 3.867,46
    ("Lucca, progetti di miglioramento 2015 (art. 15 comma 5)", "Progetti_miglioramento_2015.xlsx [Progetto 2] D20", ("34,20", "3.420,00")),
    ("Lucca, progetti di miglioramento 2015 (art. 15 comma 5)", "Progetti_miglioramento_2015.xlsx [Progetto 2] F44", ("3.867,46", "8.361,21")),
    # Piano 2019 of Massa-Carrara, line 700: the body's resources against the sum of its areas
    ("Massa-Carrara, Piano della performance 2019 e monitoraggio", "Risorse_2019.xlsx [Risorse] B7", ("698.298,24", "758.298,24")),
    # RPP 2022 of Lucca, lines 355-357: 2.500,00 + 50,00 printed 2.500,00
    ("Toscana Nord-Ovest, Relazione previsionale 2022: Lucca", "Schede_progetto_2022.xlsx [1D7101] C21", ("2.500,00", "2.550,00")),
    # RPP 2022 of Pisa, line 3086: 1.070.000,00 where its five programmes make 2.165.000,00
    ("Toscana Nord-Ovest, Relazione previsionale 2022: Pisa", "Programmi_e_risorse_2022.xlsx [Quadro riassuntivo] C14", ("1.070.000,00", "2.165.000,00")),
    # Piano 2018 of Lucca, line 718: 1.000 + 66.700 + 5.500 is 73.200, printed 76.200
    ("Lucca, Piano della performance 2018", "Risorse_Piano_2018.xlsx [Budget aree] D16", ("76.200", "73.200")),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("title", "cell", "figures"), BY_HAND, ids=lambda value: value if isinstance(value, str) else "")
def test_the_errors_that_a_person_finds_are_found(found, title, cell, figures):
    assert figures in printed(found, title, cell)


@pytest.mark.slow
def test_every_document_is_checked_and_most_of_it_agrees(found):
    for title, v in found.items():
        total = v.total
        assert total.checked > 25, title
        assert total.agree + total.within >= total.checked * 3 // 4, title
        assert total.checked == total.agree + total.within + total.follow + total.otherwise + total.differ


@pytest.mark.slow
def test_every_difference_can_be_opened(found):
    """A document, a sheet and a cell; both figures, or a sentence; a rule."""
    for v in found.values():
        for item in v.differences:
            assert item.file
            assert item.rule
            assert item.remedy
            assert item.code
            assert item.printed or item.what
            assert item.cell or item.code == "PX-A005"
