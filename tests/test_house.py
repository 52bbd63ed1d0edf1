"""The house: who may know whom, what importing costs, and what every file of the project has to be like."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

import perfxl

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "perfxl"

SPREADSHEET_LIBRARIES = {"openpyxl", "python_calamine", "xlsxwriter", "xlrd", "xlwt", "xlwings", "pandas", "odf"}

# Words of the language: everyone may use them, and they know only one another.
KNOWN_BY_ALL = {"model", "findings", "errors", "methods", "version", "toml_files", "on_demand"}
CORE = KNOWN_BY_ALL | {"grammar", "algorithms", "scoring", "rollup", "functions", "statements"}
# Data flows one way: a room knows itself and what stands before it.
ORDER = (
    "readers",
    "grammar",
    "algorithms",
    "scoring",
    "rollup",
    "functions",
    "statements",
    "consolidation",
    "trace",
    "verification",
    "views",
    "writers",
    "adjustments",
    "pipeline",
    "bodies",
    "forms",
    "mail",
    "rounds",
    "master",
    "live",
    "cli",
    "__main__",
)

# Exceptions, each with its reason.
ALLOWED = {
    # A reader must know a code from a title to tell the levels of rows apart; codes are normalised in one place only.
    ("readers", "grammar.codes"),
    # A heading is compared in one way only, and a statement is read from the same grid: both modules are plain values.
    ("statements", "readers.headings"),
    ("statements", "readers.grid"),
    # Public methods of the result (`write`, `as_json`, `explain`) open the later rooms inside the call, never on import.
    ("consolidation", "writers"),
    ("consolidation", "views"),
    ("consolidation", "trace"),
}
LAZY_ONLY = {"consolidation"}

MAX_LINES = 450


class Import(NamedTuple):
    """An import as found: full dotted name, line, and whether it runs when the module is loaded."""

    name: str
    line: int
    on_load: bool


def imports_of(source: str, module: str, *, package: bool = False) -> list[Import]:
    """Every import of a module, wherever it stands (functions and TYPE_CHECKING too), relative ones resolved.

    `from x import y` gives `x.y`: whether y is a module or a name in it, the prefix tells the room.
    """
    found: list[Import] = []

    def visit(node: ast.AST, on_load: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend(Import(alias.name, child.lineno, on_load) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    parts = module.split(".")
                    kept = parts[: len(parts) - child.level + package]
                    base = ".".join([*kept, base] if base else kept)
                found.extend(Import(f"{base}.{alias.name}", child.lineno, on_load) for alias in child.names)
            deferred = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or (
                isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            )
            visit(child, on_load and not deferred)

    visit(ast.parse(source), on_load=True)
    return found


def room_of(module: str) -> str:
    """`perfxl.readers.grid` → `readers`."""
    return module.split(".")[1] if module.count(".") else ""


def trespass(room: str, imported: Import) -> str | None:
    """Why `room` may not import that, or None."""
    parts = imported.name.split(".")
    if room in CORE and parts[0] in SPREADSHEET_LIBRARIES:
        return f"la stanza {room} è del nucleo e non conosce {parts[0]}"
    if parts[0] != "perfxl" or imported.name == "perfxl.__version__":
        return None
    other = parts[1] if len(parts) > 1 else ""
    if other == room or other in KNOWN_BY_ALL:
        return None
    if room in KNOWN_BY_ALL:
        return f"{room} è di tutti e non può conoscere {other or 'la facciata'}"
    if any(room == who and f"{'.'.join(parts[1:])}.".startswith(f"{what}.") for who, what in ALLOWED):
        return f"{room} può conoscere {other} solo dentro una chiamata" if room in LAZY_ONLY and imported.on_load else None
    if other not in ORDER:
        return f"{imported.name} passa dalla facciata pubblica o da una stanza sconosciuta"
    if ORDER.index(other) > ORDER.index(room):
        return f"{room} viene prima di {other}"
    if room in CORE and other == "readers":
        return f"la stanza {room} è del nucleo: con i lettori entrerebbero le loro librerie"
    return None


def modules() -> list[tuple[str, Path]]:
    """(dotted name, file) of every module of the package, but its public face."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = list(path.relative_to(REPOSITORY).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name != "perfxl":
            found.append((name, path))
    return found


def python_files() -> list[Path]:
    return [path for folder in ("perfxl", "tests", "benchmarks") for path in sorted((REPOSITORY / folder).rglob("*.py"))]


def project_files() -> list[Path]:
    """Text files that are, or are about to be, in the repository: git's word where there is git, else all but the ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    else:
        folders = ("perfxl", "tests", "benchmarks", "docs", "scripts", ".ci")
        paths = [*REPOSITORY.glob("*.*"), REPOSITORY / "Makefile"]
        paths += [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if "__pycache__" not in path.parts]
    return sorted({path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]})


def run_python(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    answer: list[str] = json.loads(done.stdout.splitlines()[-1])
    return answer


# -- rooms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_room_knows_only_what_lies_before_it(name, path):
    room = room_of(name)
    assert room in KNOWN_BY_ALL or room in ORDER, f"{name}: stanza senza posto nell'ordine"
    imports = imports_of(path.read_text(encoding="utf-8"), name, package=path.name == "__init__.py")
    faults = [f"{path.name}:{each.line} {each.name}: {why}" for each in imports if (why := trespass(room, each))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("scoring", "import pandas as pd"),
        ("rollup", "def f():\n    from openpyxl import load_workbook"),
        ("grammar", "if TYPE_CHECKING:\n    import python_calamine"),
        ("grammar", "from perfxl.scoring import achievement"),
        ("grammar", "from perfxl.readers.grid import Grid"),
        ("scoring", "from perfxl import rollup"),
        ("scoring", "from ..rollup import tree"),
        ("rollup", "def f():\n    from perfxl.writers.sheet import write"),
        ("model", "from perfxl.grammar import codes"),
        ("views", "from perfxl import consolidate"),
        ("views", "import perfxl"),
        ("readers", "from perfxl.grammar.targets import parse_target"),
        ("consolidation", "from perfxl.writers import write_workbook"),
        ("writers", "from perfxl.cli import main"),
        ("scoring", "from perfxl.attic import things"),
    ],
)
def test_a_trespass_is_noticed(room, statement):
    (found,) = imports_of(statement, f"perfxl.{room}.module")
    assert trespass(room, found)


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("readers", "import openpyxl"),
        ("readers", "from perfxl.grammar.codes import normalised"),
        ("readers", "from perfxl.grammar import codes"),
        ("writers", "import xlsxwriter"),
        ("scoring", "import numpy as np"),
        ("scoring", "from perfxl.model import Target"),
        ("scoring", "from .columns import Columns"),
        ("rollup", "from perfxl.scoring.rounding import shown"),
        ("writers", "from perfxl import __version__"),
        ("cli", "from perfxl.pipeline import consolidate"),
        ("consolidation", "def f():\n    from perfxl.writers import write_workbook"),
    ],
)
def test_what_is_allowed_passes(room, statement):
    (found,) = imports_of(statement, f"perfxl.{room}.module")
    assert trespass(room, found) is None


def test_every_room_is_a_package():
    """Without its `__init__.py` a folder isn't installed, though it works from the checkout."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_data_file_is_installed():
    config = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = config["tool"]["setuptools"]["package-data"]["perfxl"]
    files = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    data = {path.as_posix() for path in files if path.suffix != ".py"}
    assert "methods/massacarrara-2019.toml" in data
    installed = {path.relative_to(PACKAGE).as_posix() for pattern in patterns for path in PACKAGE.glob(pattern)}
    assert sorted(data - installed) == []


# -- what importing costs ----------------------------------------------------------------------------------------

HEAVY = ["numpy", "pandas", "openpyxl", "pydantic", "click", "rich", "xlsxwriter", "python_calamine", "xlrd", "xlwings"]
LOADED = "import json, sys; print(json.dumps([name for name in {names} if name in sys.modules]))"


def test_import_perfxl_brings_no_library_along():
    assert run_python("import perfxl; " + LOADED.format(names=HEAVY)) == []


def test_the_probe_sees_a_library_that_is_there():
    assert run_python("import click; " + LOADED.format(names=HEAVY)) == ["click"]


def test_help_needs_neither_pandas_nor_numpy():
    code = (
        "from perfxl.cli import main\nimport sys\nsys.argv = ['perfxl', '--help']\ntry:\n    main()\nexcept SystemExit as end:\n"
    )
    code += "    assert not end.code, end.code\n"
    assert run_python(code + LOADED.format(names=["numpy", "pandas"])) == []


# -- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", python_files(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_no_bare_except(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None]
    assert not lines, f"except senza tipo alle righe {lines}"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_module_reads_in_one_sitting(name, path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{name}: {lines} righe"


def undocumented(source: str) -> list[str]:
    """Public classes, functions and methods without a docstring; `<module>` when the module has none."""
    tree = ast.parse(source)
    faults = [] if ast.get_docstring(tree) or not tree.body else ["<module>"]

    def visit(node: ast.Module | ast.ClassDef, prefix: str) -> None:
        for child in node.body:
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or child.name.startswith("_"):
                continue
            decorators = {ast.unparse(each).rpartition(".")[2] for each in child.decorator_list}
            if not ast.get_docstring(child) and not decorators & {"overload", "override", "setter"}:
                faults.append(f"{prefix}{child.name}:{child.lineno}")
            if isinstance(child, ast.ClassDef):
                visit(child, f"{prefix}{child.name}.")

    visit(tree, "")
    return faults


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_everything_public_is_documented(path):
    assert undocumented(path.read_text(encoding="utf-8")) == []


def test_a_missing_docstring_is_noticed():
    source = '"""Here."""\nclass A:\n    """A."""\n    def b(self): pass\n    def _c(self): pass\ndef d(): pass\n'
    assert undocumented(source) == ["A.b:4", "d:6"]
    assert undocumented("x = 1") == ["<module>"]


# Written in pieces, so that this file isn't the first to be found.
FORBIDDEN = re.compile(
    r"(?<![\w.}~-])/(?:work|tmp|root|home)(?=/)|"
    r"\b(?:pypi|pythonhosted|npmjs|debian)\." + r"org\b|"
    r"--(?:extra-)?index" + r"-url|--regis" + r"try\b"
)


def test_no_file_names_a_machine_s_paths_or_a_package_host():
    files = project_files()
    assert len(files) > 20
    faults = []
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if FORBIDDEN.search(line):
                faults.append(f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:100]}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "work/main/README.md",
        "open('/" + "tmp/x')",
        "https://pypi." + "org/simple",
        "pip install --index" + "-url x",
        "npm --regis" + "try x",
    ],
)
def test_a_machine_s_path_is_noticed(line):
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["workbooks/massacarrara-2019", "docs/work/a", "xl/worksheets/sheet1.xml", "performance.gov.it"])
def test_a_path_of_the_project_is_none(line):
    assert not FORBIDDEN.search(line)


# -- the face of the project -------------------------------------------------------------------------------------


def readme() -> str:
    return (REPOSITORY / "README.md").read_text(encoding="utf-8")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_make_command_of_the_readme_exists():
    commands = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"```.*?```|`[^`]+`", readme(), re.DOTALL))))
    assert {"demo", "test", "bench"} <= commands
    assert commands <= make_targets()


def test_every_perfxl_command_of_the_readme_exists():
    from click.testing import CliRunner

    from perfxl.cli.app import cli

    commands = set(re.findall(r"\bperfxl ([a-z]+)\b", "\n".join(re.findall(r"```.*?```|`[^`]+`", readme(), re.DOTALL))))
    assert {"consolida", "leggi", "valuta", "metodi", "demo"} <= commands
    for command in sorted(commands):
        result = CliRunner().invoke(cli, [command, "--help"])
        assert result.exit_code == 0, f"perfxl {command}: {result.output}"


def test_every_link_of_the_readme_leads_somewhere():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", readme()) if "://" not in link]
    assert "docs/immagini/consolidato.png" in links
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


def test_the_version_is_said_once_and_the_changelog_knows_it():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == perfxl.__version__
    assert f"## [{perfxl.__version__}]" in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_public_names_can_all_be_had():
    assert [name for name in perfxl.__all__ if not hasattr(perfxl, name)] == []


def test_ci_runs_what_a_person_runs():
    lines = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
