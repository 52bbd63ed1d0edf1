"""The VBA: olevba, which isn't what wrote it, reads every module back; the text is what we put in."""

from __future__ import annotations

import ast
import re
import warnings
from importlib.resources import files

import pytest

from perfxl.functions.catalogue import FUNCTIONS
from perfxl.functions.vba import macro_options, vba_wrappers
from perfxl.master import names, vba

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser

DOCUMENTS = ["ThisWorkbook", *names.CODE_NAMES.values()]


def modules_of(path):
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


@pytest.fixture(scope="module")
def read_back(master):
    return modules_of(master)


def lines(text):
    return text.splitlines()


def test_the_modules_are_these_and_no_others(read_back):
    ours = {"xlwings", "Dictionary", "xlwings_udfs", "perfxl_pulsanti", "perfxl_aiuto"}
    assert set(read_back) == ours | set(DOCUMENTS)


def test_every_module_reads_back_as_it_was_put_in(read_back):
    put_in = vba.modules()
    assert len(put_in) == 5
    for name, source in put_in.items():
        assert read_back[name] == source, name


def test_the_wrappers_are_what_xlwings_own_generator_makes(read_back):
    assert lines(read_back["xlwings_udfs"]) == lines(vba_wrappers())
    functions = re.findall(r"^Function (\w+)\(", read_back["xlwings_udfs"], re.MULTILINE)
    assert sorted(functions) == sorted(FUNCTIONS)


def test_the_xlwings_modules_are_those_of_its_standalone_quickstart(read_back):
    quickstart = modules_of(str(files("xlwings") / "quickstart_standalone.xlsm"))
    for name in ("xlwings", "Dictionary"):
        assert lines(read_back[name]) == lines(quickstart[name])
        assert len(lines(read_back[name])) > 400


def test_the_vba_and_the_package_are_of_one_version(read_back):
    import xlwings

    assert f'XLWINGS_VERSION As String = "{xlwings.__version__}"' in read_back["xlwings"]


def test_every_button_runs_a_function_of_udfs(read_back, repository):
    tree = ast.parse((repository / "udfs.py").read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    subs = re.findall(
        r'Public Sub (\w+)\(\)\r\n    RunPython "import udfs; udfs\.(\w+)\(\)"\r\nEnd Sub', read_back["perfxl_pulsanti"]
    )
    assert subs == [(button.macro, button.function) for button in vba.BUTTONS]
    assert [macro for macro, _ in subs] == ["Raccogli", "Ricalcola", "Riepiloghi", "Verifica", "CongelaPerInvio", "Annulla"]
    assert {function for _, function in subs} <= functions


def test_every_function_s_help_is_registered_word_for_word(read_back):
    """As xlwings would register it when the functions are imported by hand; signs that VBA lacks are spelt out."""
    source = read_back["perfxl_aiuto"]
    texts = [text.replace('""', '"') for text in re.findall(r'"((?:[^"\r\n]|"")*)"', source)]
    options = macro_options()
    assert len(options) == len(FUNCTIONS)
    for option in options:
        wanted = [option["Description"], *(option["ArgumentDescriptions"] or [])]
        assert option["Category"] == "perfxl"
        for text in wanted:
            assert text.translate(vba._WINDOWS_SIGNS) in texts
    for name, function in FUNCTIONS.items():
        verb = "Descrivi" if function.arguments else "DescriviSenzaArgomenti"
        assert f'    {verb} "{name}", _\r\n' in source


def test_the_help_is_registered_when_the_workbook_opens(read_back):
    assert "Private Sub Workbook_Open()\r\n    RegistraFunzioni\r\nEnd Sub" in read_back["ThisWorkbook"]
    assert "Public Sub RegistraFunzioni()" in read_back["perfxl_aiuto"]


def test_our_modules_are_within_what_the_editor_accepts():
    for name in ("perfxl_pulsanti", "perfxl_aiuto"):
        source = vba.modules()[name]
        assert source.startswith(f'Attribute VB_Name = "{name}"\r\nOption Explicit\r\n')
        source.encode("cp1252")  # the code page of a VBA project
        assert max(len(line) for line in lines(source)) < 1023
        assert "\n" not in source.replace("\r\n", "")
        assert len(re.findall(r"^(?:Public |Private )?Sub ", source, re.MULTILINE)) == source.count("End Sub")


def test_quotes_are_doubled_and_missing_signs_spelt_out():
    assert vba._quoted('«90 %» ≥ "T"') == '"«90 %» >= ""T"""'


def test_without_the_builder_s_libraries_the_remedy_is_said(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    from perfxl.errors import InputError

    with pytest.raises(InputError, match=re.escape('pip install "perfxl[master]"')):
        vba.modules()
    with pytest.raises(InputError, match=re.escape('pip install "perfxl[master]"')):
        vba.vba_project()


def test_the_names_of_tabs_and_modules_agree():
    assert list(names.CODE_NAMES)[-1] == "xlwings.conf"
    assert all(re.fullmatch(r"[A-Za-z]\w{0,30}", name) for name in names.CODE_NAMES.values())
