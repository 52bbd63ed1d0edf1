"""The declarations that perfxl ships: valid, told apart, each with its source, and what they name is there."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest

from perfxl.algorithms import refs_in
from perfxl.statements import load_declaration, shipped_declarations
from perfxl.statements.names import CHILDREN, OWN, PARENT

DECLARATIONS = shipped_declarations()
BY_ID = {each.id: each for each in DECLARATIONS}
each_declaration = pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda each: each.id)


def test_ids_are_unique_and_the_file_s_name(tmp_path):
    folder = files("perfxl.statements").joinpath("declarations")
    names = sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    assert sorted(BY_ID) == names
    assert len(DECLARATIONS) == len(names)


@each_declaration
def test_an_office_can_read_what_it_is(declaration):
    assert declaration.title[0].isupper()
    assert declaration.source, "documento e righe da cui la tabella è tratta"
    assert 0 < len(declaration.tab) <= 31
    assert not re.search(r"[\[\]:*?/\\]", declaration.tab)


@each_declaration
def test_every_rule_says_what_it_computes(declaration):
    assert all(rule.name and not rule.name.endswith(".") for rule in declaration.rules)
    doubled = [
        key for key, count in Counter((r.name, r.lines, r.columns, r.role) for r in declaration.rules).items() if count > 1
    ]
    assert doubled == []


@each_declaration
def test_the_tables_that_formulas_name_exist(declaration):
    named = {ref.table for rule in declaration.rules for ref in refs_in(rule.node) if ref.table}
    assert named <= BY_ID.keys()


@each_declaration
def test_what_formulas_name_could_be_there(declaration):
    """A head is a column, a level, a key that some line may have, or a word of the machine: a slip of the pen is none."""
    for rule in declaration.rules:
        for ref in refs_in(rule.node):
            table = BY_ID[ref.table] if ref.table else declaration
            assert _is_column(table, ref.tail) or not ref.tail, f"{rule.name}: {ref}"
            assert _is_head(table, ref.head), f"{rule.name}: {ref}"


def _is_column(table, name):
    repeated = table.series is not None or any(column.by_year for column in table.columns.values())
    return name in table.columns or (repeated and re.fullmatch(r"y?\w+", name) is not None)


def _is_head(table, name):
    if name.casefold() in {CHILDREN, PARENT, OWN} or _is_column(table, name):
        return True
    return any(name == kind.level or _may_be_key(kind, name) for kind in table.lines) or any(
        name in (added.key, added.level) for added in table.added
    )


def _may_be_key(kind, name):
    """Whether a kind of line may give the key: by its template, or by a group or text of its expression."""
    plain = re.sub(r"\{\w+(?::\d+)?\}", "\0", kind.key)
    if plain:
        return re.fullmatch(re.escape(plain).replace("\0", ".*"), name, re.IGNORECASE) is not None
    return True


def test_the_shipped_declarations_load_from_their_files_too(tmp_path):
    folder = files("perfxl.statements").joinpath("declarations")
    first = next(item for item in folder.iterdir() if item.name.endswith(".toml"))
    copy = tmp_path / "copia.toml"
    copy.write_bytes(first.read_bytes())
    assert load_declaration(copy) == BY_ID[first.name.removesuffix(".toml")]
