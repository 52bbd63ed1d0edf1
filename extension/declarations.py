# ruff: noqa: INP001 - read by scripts/oxt.py and the tests, part of no package
"""What LibreOffice must know of the PX_ functions, written from their catalogue: IDL, configuration, names, manifest.

Pure text: scripts/oxt.py puts it into the package, tests/extension proves that the committed `perfxl.idl` and `perfxl.rdb`
are what the catalogue says today.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from perfxl.functions.catalogue import CATEGORY, FUNCTIONS
from perfxl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.functions.catalogue import Argument, Function

SERVICE = "it.perfxl.Funzioni"
IDENTIFIER = "it.perfxl.calc"
COMPONENT = "perfxl_calc.py"
LANGUAGES = ("it", "en")  # the help is Italian in both: without an English entry an English Calc would show none

# Texts that a person writes inside the call as often as in a cell; every other required argument is cells only.
CONSTANTS_TOO = frozenset({"formula", "nomi"})

_RANGE, _ANY, _DOCUMENT = "com::sun::star::table::XCellRange", "any", "com::sun::star::beans::XPropertySet"


def takes_constants(argument: Argument) -> bool:
    """Whether an argument may be a constant or another function's result, and not only cells.

    Calc hands a range over in one of two ways. As a value (IDL `any`) it may be a constant too, but then a blank cell comes
    as 0, a date as a number, and one error cell makes the whole call fail; as a range (`XCellRange`) everything is seen.
    Only a value can be left out, so optional arguments are values.
    """
    return argument.optional or argument.name in CONSTANTS_TOO


def method_of(function: Function) -> str:
    """`PX_LEGGI_TARGET` is `pxLeggiTarget` in the interface (UNO has no underscores): the name that an .ods holds."""
    first, *others = function.name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def idl() -> str:
    """The interface: one method a function; the document comes first, hidden from the user, then the arguments."""
    methods = "".join(
        f"        sequence< sequence< any > > {method_of(function)}([in] {_DOCUMENT} documento{_parameters(function)});\n"
        for function in FUNCTIONS.values()
    )
    return (
        "// Written by scripts/oxt.py from the catalogue of perfxl.functions: not to be edited.\n"
        "module it { module perfxl {\n\n    interface XFunzioni {\n" + methods + "    };\n\n}; };\n"
    )


def _parameters(function: Function) -> str:
    kinds = ((_ANY if takes_constants(a) else _RANGE, a.name) for a in function.arguments)
    return "".join(f", [in] {kind} {name}" for kind, name in kinds)


def functions_json(python: str) -> str:
    """What the component reads: names, help, and the Python (`3.11`) that the packages beside it were made for."""
    content: dict[str, Any] = {
        "service": SERVICE,
        "category": CATEGORY,
        "python": python,
        "functions": [
            {
                "name": function.name,
                "method": method_of(function),
                "help": function.help,
                "arguments": [{"name": a.name, "help": a.help} for a in function.arguments],
            }
            for function in FUNCTIONS.values()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def configuration() -> str:
    """CalcAddIns.xcu: with it Calc knows names and help without starting Python, and the names that an .xlsx has."""
    functions = "".join(_function_node(function) for function in FUNCTIONS.values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{functions}</node></node></node>\n</oor:component-data>\n"
    )


def _function_node(function: Function) -> str:
    # Calc takes the arguments in the order of their nodes' names: the number keeps the catalogue's order.
    arguments = "".join(
        f'<node oor:name="a{number}" oor:op="replace">{_texts("DisplayName", a.name)}{_texts("Description", a.help)}</node>\n'
        for number, a in enumerate(function.arguments, 1)
    )
    return (
        f'<node oor:name="{method_of(function)}" oor:op="replace">\n'
        f"{_texts('DisplayName', function.name)}{_texts('Description', function.help)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>\n'
        f"{_texts('CategoryDisplayName', CATEGORY)}{_texts('CompatibilityName', function.name, ('en-US', 'it-IT'))}"
        f'<node oor:name="Parameters">\n{arguments}</node></node>\n'
    )


def _texts(name: str, text: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    values = "".join(f"<value xml:lang={quoteattr(language)}>{escape(text)}</value>" for language in languages)
    return f'<prop oor:name="{name}">{values}</prop>\n'


def description(platform: str) -> str:
    """description.xml: what the list of extensions shows, and the platform that the package is for."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/><platform value="{platform}"/>\n'
        '<display-name><name lang="it">perfxl: funzioni PX_ per Calc</name></display-name>\n'
        "</description>\n"
    )


def components() -> str:
    """The component, registered without being run: a Python that can't run it must not stop the installation."""
    services = "".join(f'<service name="{name}"/>' for name in (SERVICE, "com.sun.star.sheet.AddIn"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f'<component loader="com.sun.star.loader.Python" uri="{COMPONENT}">'
        f'<implementation name="{SERVICE}">{services}</implementation></component>\n'
        "</components>\n"
    )


def manifest() -> str:
    """META-INF/manifest.xml: what each part is."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="application/vnd.sun.star.{kind}"/>\n'
        for path, kind in _PARTS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
    )


_PARTS = {
    "perfxl.rdb": "uno-typelibrary;type=RDB",
    "perfxl.components": "uno-components",
    "CalcAddIns.xcu": "configuration-data",
}


def written_parts(python: str, platform: str) -> Iterator[tuple[str, str]]:
    """Name and text of every part of the package that is written from the catalogue."""
    yield "META-INF/manifest.xml", manifest()
    yield "description.xml", description(platform)
    yield "perfxl.components", components()
    yield "CalcAddIns.xcu", configuration()
    yield "functions.json", functions_json(python)
