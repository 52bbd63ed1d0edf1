"""docs/anomalie.md is the catalogue, and the catalogue is what perfxl says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from perfxl.findings import CATALOGUE

ROOT = Path(__file__).parents[1]
CATALOGUE_FILE = ROOT / "perfxl" / "findings.py"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "perfxl").rglob("*.py")) if path != CATALOGUE_FILE}
CODE = re.compile(r"PX-[A-Z]\d{3}")


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("anomalie", ROOT / "scripts" / "anomalie.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_page_is_the_generated_one(generator):
    committed = generator.PAGE.read_text(encoding="utf-8")
    assert committed == generator.page(), "rifare la pagina: python scripts/anomalie.py"


def test_every_code_has_its_section_once(generator):
    headings = re.findall(r"^### (\S+) · ", generator.page(), re.MULTILINE)
    assert headings == sorted(headings, key=lambda code: (list(generator.GROUPS).index(code[3]), code))
    assert sorted(headings) == sorted(CATALOGUE)


def test_every_link_of_the_page_has_its_heading(generator):
    text = generator.page()
    anchors = {generator.anchor(title) for title in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(.+?)\)", text)) == anchors


def test_a_changed_catalogue_would_be_noticed(generator, monkeypatch):
    changed = {code: kind for code, kind in CATALOGUE.items() if code != "PX-L001"}
    monkeypatch.setattr(generator, "CATALOGUE", changed)
    assert generator.page() != generator.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=list(CATALOGUE))
def test_an_entry_can_be_read_by_a_controller(kind):
    assert CODE.fullmatch(kind.code)
    assert kind.title[0].isupper()
    assert not kind.title.endswith(".")
    assert kind.expected
    assert not kind.expected.endswith(".")
    assert kind.remedy[0].isupper()
    assert kind.remedy.endswith((".", "»"))


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_is_raised_somewhere(code):
    """A code that nothing raises is a promise that the page makes and perfxl doesn't keep."""
    raised = [path.name for path, text in SOURCES.items() if code in text]
    assert raised, f"{code} è nel catalogo e nessuno lo solleva"


def test_every_code_raised_is_in_the_catalogue():
    used = {code for text in SOURCES.values() for code in CODE.findall(text)}
    assert used - set(CATALOGUE) == set()


def test_no_code_that_the_documents_name_is_unknown():
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    named = {code for page in pages for code in CODE.findall(page.read_text(encoding="utf-8"))}
    assert named - set(CATALOGUE) == set()
