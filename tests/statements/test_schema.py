"""What a declaration may say, and what is refused, in one Italian sentence that names the key."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from perfxl.errors import DeclarationError
from perfxl.statements import load_declaration
from perfxl.statements.schema import Declaration
from statements.made import BUDGET, declared


def refused(tmp_path, text):
    path = tmp_path / "prospetto.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_declaration(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.file == str(path)
    return message.removeprefix(str(path)), caught.value.key


def test_a_declaration_is_frozen_and_knows_its_words():
    declaration = declared(BUDGET)
    assert declaration.essential == {"project", "planned"}
    assert declaration.exact == {"progetto": "project", "previsto": "planned", "% utilizzo": "used"}
    assert declaration.prefixes == (("budget", "planned"), ("speso", "spent"))
    assert declaration.first_text == "project"
    with pytest.raises(ValidationError):
        declaration.id = "other"


def test_the_longest_beginning_prevails():
    text = BUDGET.replace('"Speso*"', '"Budget speso*"')
    assert [words for words, _ in declared(text).prefixes] == ["budget speso", "budget"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "budget"', "", "manca la chiave obbligatoria «id»"),
        ('id = "budget"', 'id = "1 budget"', "«id»"),
        ('tab = "Risorse"', 'tab = ""', "«tab»"),
        ('tab = "Risorse"', 'tab = "Risorse"\ntabs = "x"', "chiave sconosciuta «tabs»"),
        ('kind = "percent"', 'kind = "percento"', "trovato «percento»"),
        ('need = "essential"', "", 'almeno una colonna con need = "essential"'),
        ('tab = "Risorse"', 'tab = "Risorse"\ncaption = "("', "un'espressione regolare valida"),
        ("text = '^Totale'", "text = '['", "un'espressione regolare valida"),
        ('formula = "sum(children)"', 'formula = "sum(children"', "una formula leggibile (formula non leggibile: parentesi non chiusa)"),
        ('formula = "sum(children)"', 'formula = ""', "una formula leggibile"),
        ("decimals = 2", "decimals = -1", "decimals"),
        ("decimals = 2", "decimals = 99", "decimals"),
        ('zero = "0"', 'zero = "uno"', "trovato «uno»"),
        ('columns = ["used"]', 'columns = ["usd"]', "colonne dichiarate, non «usd»"),
        ('columns = ["used"]', 'columns = ["yearly"]', "colonne dichiarate, non «yearly»"),
        ('tab = "Risorse"', 'tab = "Risorse"\nheadless = true', "headless"),
        ('tab = "Risorse"', 'tab = "Risorse"\nweights = [{ column = "peso" }]', "«peso»"),
        ('above = "totale"', 'above = "totali"', "«totali»"),
        ("text = '^Totale'", "text = '^Totale'\nwhere = \"progetto\"", "«progetto»"),
        ("text = '^Totale'", "text = '^Totale'\nblank = [\"x\"]", "«x»"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path, old, new, words):
    assert old in BUDGET
    message, key = refused(tmp_path, BUDGET.replace(old, new))
    assert words in message
    assert isinstance(key, str)


@pytest.mark.parametrize("columns", ['["series"]', '["first"]', '["last"]', '["used", "planned"]'])
def test_columns_of_a_rule_that_are_known(columns):
    text = BUDGET.replace('columns = ["used"]', f"columns = {columns}")
    if ("se" in columns and "used" not in columns) or "st" in columns:
        text = text.replace("[columns.used]", "[series]\nheadings = '(?P<year>20\\d\\d)'\n\n[columns.used]")
    assert isinstance(declared(text), Declaration)


def test_a_series_may_name_its_own_columns():
    text = BUDGET.replace("[columns.used]", "[series]\nheadings = '^Area (?P<key>.+)$'\n\n[columns.used]")
    assert declared(text.replace('columns = ["used"]', 'columns = ["anagrafe"]'))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id = ", "TOML non valido (fine del file)"),
        (b"id = =\n", "TOML non valido (riga 1, colonna 6)"),
        (b"\xff\xfe\x00", "non \xe8 in UTF-8"),
        (b"[" * 5000, "TOML non valido"),
        (b"id = [[[[[" + b"[" * 5000, "TOML non valido"),
        (b"", "manca la chiave obbligatoria"),
        (b"id = 'x'\ntitle = 'x'\ntab = 'x'\ncolumns = 3", "columns"),
        (b"id = 3\ntitle = 'x'\ntab = 'x'", "id"),
    ],
)
def test_hostile_files_are_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(DeclarationError) as caught:
        load_declaration(path)
    assert words in str(caught.value)


def test_a_byte_order_mark_is_no_error(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BUDGET.encode())
    assert load_declaration(path).id == "budget"


def test_a_file_that_is_not_there(tmp_path):
    for path, words in ((tmp_path / "manca.toml", "non esiste"), (tmp_path, "non si può leggere")):
        with pytest.raises(DeclarationError, match=words):
            load_declaration(path)
