"""docs/prospetti.md is generated from the schema: complete, with an example for every key that really holds."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from perfxl.algorithms import parse
from perfxl.algorithms.syntax import FUNCTIONS
from perfxl.statements import Book, load_declaration, shipped_declarations
from perfxl.statements.schema import Declaration
from statements.made import grid, percent, read, values, verdicts

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("prospetti", ROOT / "scripts" / "prospetti.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text():
    return (ROOT / "docs" / "prospetti.md").read_text(encoding="utf-8")


def test_the_committed_page_is_the_generated_one(generator, text):
    assert text == generator.page(), "rifare la pagina: python scripts/prospetti.py"


def test_every_key_of_the_schema_has_its_row_with_a_meaning_and_an_example(generator, text):
    examples = generator._examples()
    for _, _, section in generator.sections():
        for key, field in section.model_fields.items():
            if generator._inner(field) is None:
                assert field.description, f"{section.__name__}.{key}"
                assert f"{section.__name__}.{key}" in examples, f"{section.__name__}.{key}: manca un esempio"
                assert f"| `{key}` |" in text


def test_the_sections_are_all_those_of_the_schema(generator):
    listed = [section for _, _, section in generator.sections()]
    assert listed[0] is Declaration
    assert len(set(listed)) == len(listed)
    nested = {generator._inner(field) for section in listed for field in section.model_fields.values()} - {None}
    assert nested == set(listed[1:])


def test_every_example_of_a_key_is_toml(generator):
    for name, example in generator._examples().items():
        assert list(tomllib.loads(example)) == [name.partition(".")[2]], name


def test_every_function_is_explained_and_every_formula_is_read(generator):
    assert set(generator.FUNCTIONS) == FUNCTIONS
    for formula in [*(formula for formula, _ in generator.FORMULAS), *(formula for formula, _ in generator.FUNCTIONS.values())]:
        parse(formula)


def test_the_example_is_a_declaration_that_computes(generator, text, tmp_path):
    [code] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert code == generator.EXAMPLE
    path = tmp_path / "nostro-bilancio.toml"
    path.write_text(code, encoding="utf-8")
    assert load_declaration(path).id == "nostro_bilancio"
    rows = (
        ("Area", "Preventivo 2023", "Consuntivo 2023", "% utilizzo"),
        ("Uno", 100, 50, percent(50)),
        ("Due", 300, 100, percent(30)),
        ("Totale", 400, 150, None),
    )
    book = Book(read(code, grid(*rows)).statements)
    assert values(book.statements[0], "used") == {"uno": 50, "due": pytest.approx(100 / 3), "totale": 37.5}
    assert [name for name, verdict in verdicts(book).items() if verdict != "concorda"] == ["due.used"]


def test_every_shipped_statement_is_listed_once(text):
    listed = re.findall(r"^\| `(\w+)` \| .* \| \d+ \| ", text, re.MULTILINE)
    assert sorted(listed) == sorted(each.id for each in shipped_declarations())


def test_a_new_key_would_be_noticed(generator, monkeypatch, text):
    monkeypatch.setattr(generator, "OTHER_EXAMPLES", {**generator.OTHER_EXAMPLES, "Declaration.nil": "nil = []"})
    assert generator.page() != text
