"""The catalogue is the one list: limits of Excel's wizard, signatures of the callables, and the page of the manual."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from functions.cells import call
from perfxl.functions.catalogue import CATEGORY, FUNCTIONS, LONGEST_HELP
from perfxl.functions.score import REASONS

PAGE = (Path(__file__).parents[2] / "docs" / "funzioni.md").read_text(encoding="utf-8")
SIGNATURES = [
    "PX_REALIZZAZIONE(risultati; target; [algoritmi]; [metodo])",
    "PX_STATO(realizzazioni; [metodo])",
    "PX_OBIETTIVO(realizzazioni; [pesi]; [metodo])",
    "PX_STRATEGICO(indicatori; operativi; [metodo])",
    "PX_LEGGI_TARGET(testi; [algoritmi])",
    "PX_LEGGI_RISULTATO(testi)",
    "PX_SPIEGA(risultato; target; [algoritmo]; [metodo])",
    "PX_SCOSTAMENTO(risultati; target)",
    "PX_UTILIZZO(consuntivo; budget)",
    "PX_ALGORITMO(formula; nomi; valori)",
    "PX_INCENTIVO(previste; realizzazione)",
    "PX_VERSIONE()",
]
# A cell that a function's name could be taken for (KPI2024), and words that VBA keeps for itself.
CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d{1,7}")
VBA_WORDS = frozenset(
    """and as boolean byref byte byval call case const date dim do double each else end error exit false for function get if in
    integer is let like long loop me mod name new next not nothing null object on option optional or property public set single
    static step stop string sub then to true type until variant wend while with xor""".split()  # noqa: SIM905 - fifty words are read as a line
)


def test_names_and_arguments_are_those_agreed():
    assert [function.signature for function in FUNCTIONS.values()] == SIGNATURES
    assert CATEGORY == "perfxl"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_names_and_helps_are_within_excel_s_limits(function):
    assert re.fullmatch(r"PX_[A-Z_]+", function.name)
    for argument in function.arguments:
        assert re.fullmatch(r"[a-z_]+", argument.name)
        assert argument.name not in VBA_WORDS
        assert not CELL_LIKE.fullmatch(argument.name)
    helps = [function.help, *(argument.help for argument in function.arguments)]
    assert all(20 <= len(text) <= LONGEST_HELP and text.endswith((".", "…")) for text in helps)
    # Excel's array of argument helps must stay under 255 each; what VBA's MacroOptions takes for the name is 31 characters.
    assert len(function.name) <= 31


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_the_callable_takes_the_arguments_in_that_order(function):
    parameters = list(inspect.signature(function.call).parameters.values())
    assert [p.name for p in parameters] == [a.name for a in function.arguments]
    assert [p.default is not inspect.Parameter.empty for p in parameters] == [a.optional for a in function.arguments]
    assert [a.optional for a in function.arguments] == sorted(a.optional for a in function.arguments)


def test_no_spreadsheet_library_is_loaded():
    code = "import json, sys, perfxl.functions.catalogue as c; c.FUNCTIONS['PX_STATO'].call(0.5)\n"
    code += "print(json.dumps([n for n in ('openpyxl', 'pandas', 'xlwings', 'xlsxwriter', 'python_calamine', 'click') if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


# -- the page ----------------------------------------------------------------------------------------------------------


def sections():
    parts = re.split(r"^## (PX_\w+\(.*\))$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_function_and_argument_is_documented():
    documented = sections()
    assert list(documented) == SIGNATURES
    for function in FUNCTIONS.values():
        text = documented[function.signature]
        assert [a.name for a in function.arguments if f"`{a.name}`" not in text] == []
        if function.arguments:
            assert f"`={function.name}(" in text, f"{function.name}: nessun esempio"


def texts_of_the_code():
    """Every text that stands in place of a figure, as the modules spell it."""
    from perfxl.functions import algorithm, amounts, cells, exact, means, score

    fixed = {cells.SIZES, exact.MIXED, exact.UNREADABLE, means.WEIGHT, amounts.ZERO_BUDGET, score.AMBIGUOUS, score.DATE_OR_NUMBER}
    quoted = set()
    for module in (
        algorithm,
        amounts,
        exact,
        __import__("perfxl.functions.profile", fromlist=["x"]),
        __import__("perfxl.algorithms.syntax", fromlist=["x"]),
    ):
        source = Path(module.__file__).read_text(encoding="utf-8")
        found = re.findall(r"(?:Problem|FormulaError|MissingError)\(\s*f?\"([^\"{]+)", source) + re.findall(
            r'return "([a-z][^"{]+)"', source
        )
        quoted |= {text.strip(" «:").rpartition(": ")[2].strip(" «") for text in found}
    return fixed | quoted | set(REASONS.values())


def test_every_text_in_place_of_a_figure_is_documented():
    texts = texts_of_the_code()
    assert {"metodo sconosciuto", "divisione per zero", "N.C.", "importo non leggibile", "formula fuori misura"} <= texts
    assert sorted(text for text in texts if text not in PAGE) == []


def examples():
    return re.findall(r"^\| `=(PX_\w+)\((.*)\)` \| `(.*)` \|$", PAGE, flags=re.MULTILINE)


def split(text, mark):
    """The parts of an argument list or of an array in braces; marks in quotes and braces don't count."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        if not quoted:
            depth += (character == "{") - (character == "}")
            if character == mark and not depth:
                parts.append("")
                continue
        parts[-1] += character
    return parts


def value_of(text):
    text = text.strip()
    if not text:
        return None
    if text.startswith("{"):
        return [[value_of(item) for item in split(row, "\\")] for row in split(text[1:-1], ";")]
    return text[1:-1] if text.startswith('"') else float(text.replace(",", "."))


@pytest.mark.parametrize(("name", "arguments", "expected"), examples())
def test_every_example_is_true(name, arguments, expected):
    wanted = value_of(expected)
    grid = call(name, *map(value_of, split(arguments, ";")))
    assert grid == (wanted if isinstance(wanted, list) else [[wanted]])


def test_there_are_examples_of_every_function_with_arguments():
    assert {name for name, _, _ in examples()} == FUNCTIONS.keys() - {"PX_VERSIONE"}
    assert len(examples()) >= 25
