"""The package's parts against the catalogue, without LibreOffice; then perfxl.rdb, read back by LibreOffice itself."""

from __future__ import annotations

import ast
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from perfxl.functions.catalogue import FUNCTIONS

SOURCES = Path(__file__).parents[2] / "extension"
OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def declared():
    sys.path.insert(0, str(SOURCES))
    try:
        import declarations
    finally:
        sys.path.remove(str(SOURCES))
    return declarations


def test_the_committed_interface_is_the_catalogue_s(declared):
    """After a change of the catalogue: `python scripts/oxt.py --rdb`."""
    assert (SOURCES / "perfxl.idl").read_text(encoding="utf-8") == declared.idl()


def test_the_committed_rdb_names_every_method_and_argument(declared):
    content = (SOURCES / "perfxl.rdb").read_bytes()
    assert content.startswith(b"UNOIDL\xff\0")
    for function in FUNCTIONS.values():
        for name in (declared.method_of(function), *(a.name for a in function.arguments)):
            assert name.encode() in content, name


def test_the_interface_that_libreoffice_reads(declared, calc):
    """Types and order of all parameters: a stale perfxl.rdb can't pass."""
    (members,) = calc.ask(("interface",))
    wanted = [
        [
            declared.method_of(function),
            "[][]any",
            [["com.sun.star.beans.XPropertySet", "documento"]]
            + [["any" if declared.takes_constants(a) else "com.sun.star.table.XCellRange", a.name] for a in function.arguments],
        ]
        for function in FUNCTIONS.values()
    ]
    assert members == wanted


def test_optional_arguments_can_be_left_out_and_data_are_cells(declared):
    for function in FUNCTIONS.values():
        for argument in function.arguments:
            assert declared.takes_constants(argument) == (argument.optional or argument.name in {"formula", "nomi"})


def test_the_configuration_has_names_help_and_the_names_of_xlsx(declared):
    root = ET.fromstring(declared.configuration())
    nodes = root.findall(f".//node[@{OOR}name='AddInFunctions']/node")
    assert len(nodes) == len(FUNCTIONS)
    for node, function in zip(nodes, FUNCTIONS.values(), strict=True):
        texts = {p.get(f"{OOR}name"): {v.text for v in p} for p in node.findall("prop")}
        assert texts["DisplayName"] == texts["CompatibilityName"] == {function.name}
        assert texts["Description"] == {function.help}
        assert texts["CategoryDisplayName"] == {"perfxl"}
        arguments = node.findall(f"node[@{OOR}name='Parameters']/node")
        assert [n.get(f"{OOR}name") for n in arguments] == sorted(n.get(f"{OOR}name") for n in arguments)
        assert [[p[0].text for p in n.findall("prop")] for n in arguments] == [[a.name, a.help] for a in function.arguments]


@pytest.mark.parametrize("part", ["manifest", "components"])
def test_the_other_parts_are_xml(declared, part):
    assert ET.fromstring(getattr(declared, part)()) is not None


def test_the_component_can_be_read_by_an_old_python():
    """In an office with an older Python the cell must tell it: the file itself must run there."""
    ast.parse((SOURCES / "perfxl_calc.py").read_text(encoding="utf-8"), feature_version=(3, 8))
