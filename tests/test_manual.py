"""docs/manuale.md: nothing left undocumented, no link that leads nowhere, no example whose figure isn't what perfxl computes.

An example is a row `| cella | formula | rende | … |` beneath `<!-- cartella: … -->`. Its formula is computed on that workbook's own
cells, and what it gives is put where it stands, so that the next rows can refer to it, as in the sheet.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.utils.cell import range_boundaries

import perfxl
from functions.cells import excel_value, sheets
from perfxl.adjustments import read_adjustments_file
from perfxl.cli.app import cli
from perfxl.findings import CATALOGUE
from perfxl.functions.catalogue import FUNCTIONS
from perfxl.master import names
from perfxl.master.vba import BUTTONS
from perfxl.methods import load_method
from perfxl.views import consolidated_tabs
from perfxl.views.context import Context

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "manuale.md"
TEXT = PAGE.read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "immagini"
BOOKS = ROOT / "workbooks"
METHOD = "massacarrara-2019"


def section(title: str, text: str = TEXT) -> str:
    """What stands under a heading, up to the next heading of the same level or a higher one."""
    found = re.search(rf"^(#+) {re.escape(title)}$\n", text, re.MULTILINE)
    assert found, f"manca la sezione «{title}»"
    return re.split(rf"^#{{1,{len(found[1])}}} ", text[found.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the section's tables, without headings and rules."""
    rows = re.findall(r"^ *\| (.*?) \|.*\n", text, re.MULTILINE)
    return [row for row in rows if row.startswith(("`", "*", "["))]


def consolidation(**more: Any) -> perfxl.Consolidation:
    plan = BOOKS / "massacarrara-2019-piano"
    return perfxl.consolidate(BOOKS / METHOD, method=METHOD, plan=plan, as_of=date(2019, 4, 30), **more)


@pytest.fixture(scope="module")
def massacarrara() -> perfxl.Consolidation:
    return consolidation()


# -- nothing left out ------------------------------------------------------------------------------------------------------


def test_every_function_is_documented_with_its_arguments():
    listed = first_cells(section("Le funzioni nei fogli che si hanno già").split("**Esempio 1")[0])
    assert listed == [f"`{function.signature}`" for function in FUNCTIONS.values()]
    assert set(re.findall(r"PX_[A-Z_]+[A-Z]", TEXT)) == set(FUNCTIONS)


def test_every_function_has_an_example():
    assert {name for example in examples() for name in re.findall(r"PX_\w+", example.formula)} == set(FUNCTIONS)


def test_every_button_is_documented():
    listed = first_cells(section("I pulsanti"))
    assert sorted(listed) == sorted(f"**{button.caption}**" for button in BUTTONS)


def commands() -> set[str]:
    groups = [("perfxl", cli)]
    found = set()
    for path, group in groups:
        for name, command in getattr(group, "commands", {}).items():
            found.add(f"{path} {name}")
            groups.append((f"{path} {name}", command))
    return found


def test_every_command_is_documented_and_none_that_is_gone():
    text = section("La riga di comando")
    assert {command for command in commands() if f"`{command}`" not in text} == set()
    top = {command.split()[1] for command in commands()}
    listed = [cell.strip("`") for cell in first_cells(text.split("Il lavoro di")[0])]
    assert sorted(listed) == sorted(f"perfxl {name}" for name in top)
    assert set(re.findall(r"(?:^ {4}|`|Scripts\\)perfxl ([a-z]+)", TEXT, re.MULTILINE)) == top


def test_every_option_that_the_manual_names_exists():
    known = {"--help"}
    groups = [cli]
    for group in groups:
        groups += getattr(group, "commands", {}).values()
        known |= {name for param in group.params for name in param.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", re.sub(r"<!--|-->", "", TEXT)))
    assert len(named) >= 8
    assert named - known == set()


def test_every_tab_of_the_consolidated_workbook_is_documented(massacarrara, tmp_path):
    tabs = [tab.name for tab in consolidated_tabs(Context(massacarrara, tmp_path, None))]
    assert len(tabs) == 10
    assert first_cells(section("Il consolidato")) == [f"*{tab}*" for tab in tabs]


def test_every_tab_of_the_master_is_documented():
    tabs = [tab for tab in names.CODE_NAMES if tab != names.SETTINGS]
    assert first_cells(section("La cartella master")) == [f"*{tab}*" for tab in tabs]


def test_every_kind_of_finding_says_what_to_do():
    listed = re.findall(r"^\| \[([A-Z])\]\(anomalie\.md#", section("Che cosa fare delle anomalie"), re.MULTILINE)
    assert sorted(listed) == sorted({code[3] for code in CATALOGUE})
    assert set(re.findall(r"PX-[A-Z]\d{3}", TEXT)) <= set(CATALOGUE)


def test_every_reference_page_is_linked():
    docs = ROOT / "docs"
    pages = {path.relative_to(docs).as_posix() for path in (*docs.glob("*.md"), *docs.glob("prospetti/*.md"))}
    pages -= {PAGE.name, "prestazioni.md"}
    assert pages - {target.partition("#")[0] for _, target in links()} == set()


# -- links and pictures ----------------------------------------------------------------------------------------------------


def links() -> list[tuple[str, str]]:
    """Each link of the page: its words (an exclamation mark before them: a picture) and where it goes."""
    return re.findall(r"(!?\[[^\]]*\])\(([^)]+)\)", TEXT)


def anchors(path: Path) -> set[str]:
    """The anchors that the page's headings get: lower case, punctuation dropped, spaces as hyphens."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("target", sorted({target for _, target in links()}))
def test_every_link_leads_somewhere(target):
    name, _, anchor = target.partition("#")
    path = (PAGE.parent / name).resolve() if name else PAGE
    assert path.is_file(), f"{target}: il file non c'è"
    assert path.is_relative_to(ROOT), target
    assert not anchor or anchor in anchors(path), f"{target}: il titolo non c'è"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("immagini", ROOT / "scripts" / "immagini.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_there_and_the_script_makes_it(script):
    shown = {Path(target).name for words, target in links() if words.startswith("!")}
    kinds = (script.CONSOLIDATED, script.FORM, script.MASTER, script.REGISTER, script.REPLY)
    made = {f"{picture.name}.png" for pictures in kinds for picture in pictures}
    assert shown <= made == {path.name for path in PICTURES.iterdir()}
    elsewhere = (ROOT / "docs" / "giro.md").read_text(encoding="utf-8")
    assert {name for name in made - shown if f"immagini/{name}" not in elsewhere} == set()
    for name in shown:
        head = (PICTURES / name).read_bytes()[:24]
        assert head.startswith(b"\x89PNG\r\n"), name
        assert int.from_bytes(head[16:20], "big") >= 800, f"{name}: troppo piccola per essere letta"


@pytest.mark.slow
def test_the_script_finds_its_pages(script, libreoffice, tmp_path):
    """Only the master: it needs neither a consolidation nor a form. A page is found by its footer, and cut as told."""
    pdf = libreoffice.converted(script.master_with_buttons(tmp_path), "pdf")
    (picture,) = script.MASTER
    page = script.found(pdf, picture.footer)
    words = script.words_of("pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-")
    assert [button.caption for button in BUTTONS if button.caption not in words] == []
    with pytest.raises(LookupError, match="nessuna pagina"):
        script.found(pdf, "una scheda che non c'è")


# -- the examples ----------------------------------------------------------------------------------------------------------


class Example(NamedTuple):
    """A row of the tables: the workbook, the cell written, the formula, what it gives as the page prints it."""

    book: str
    cell: str
    formula: str
    gives: str


@cache
def examples() -> tuple[Example, ...]:
    found = []
    parts = re.split(r"^<!-- cartella: (.+) -->$", TEXT, flags=re.MULTILINE)
    for book, text in zip(parts[1::2], parts[2::2], strict=True):
        rows = re.findall(r"^\| ([A-Z]+\d+) \| `=(.*?)` \| `(.*?)` \| .+ \|$", text, re.MULTILINE)
        assert rows, f"nessun esempio su {book}"
        found += [Example(book, *row) for row in rows]
    return tuple(found)


def split(text: str, mark: str) -> list[str]:
    """The parts of an argument list or of an array; marks in quotes, braces and parentheses don't count."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        depth += 0 if quoted else (character in "{(") - (character in "})")
        if character == mark and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


class Sheet:
    """The first sheet of a workbook and what the examples wrote on it."""

    def __init__(self, book: str) -> None:
        self._cells = next(iter(sheets(ROOT / book).values()))
        self._written: dict[tuple[int, int], Any] = {}

    def write(self, cell: str, grid: list[list[Any]]) -> None:
        """Spill: never over a cell that holds something, for Excel wouldn't."""
        column, row, _, _ = range_boundaries(cell)
        for down, line in enumerate(grid):
            for right, value in enumerate(line):
                at = (row + down, column + right)
                assert self._cells.cell(*at).value is None, f"{cell}: la cella {at} ha già un contenuto"
                assert at not in self._written, f"{cell}: la cella {at} l'ha già riempita un altro esempio"
                self._written[at] = value

    def value(self, text: str) -> Any:
        """A constant, an array in braces, a cell or a range, the call of a function."""
        text = text.strip()
        if call := re.fullmatch(r"(PX_\w+)\((.*)\)", text):
            arguments = split(call[2], ";") if call[2] else []
            return FUNCTIONS[call[1]].call(*map(self.value, arguments))
        if re.fullmatch(r"[A-Z]+\d+(:[A-Z]+\d+)?", text):
            return self._range(text)
        return constant(text)

    def _range(self, address: str) -> list[list[Any]]:
        left, top, right, bottom = range_boundaries(address)
        return [[self._at(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def _at(self, row: int, column: int) -> Any:
        return self._written.get((row, column), excel_value(self._cells.cell(row, column).value))


def constant(text: str) -> Any:
    text = text.strip()
    if text.startswith("{"):
        return [[constant(item) for item in split(row, "\\")] for row in split(text[1:-1], ";")]
    if text.startswith('"'):
        return text[1:-1]
    if re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return datetime.strptime(text, "%d/%m/%Y")
    return float(text.replace(",", "."))


def agrees(got: Any, printed: str) -> bool:
    """Whether a grid is what the page prints; `≈` is rounded to the decimals printed, `…` ends a text that goes on."""
    if printed.startswith("≈"):
        decimals = len(printed.partition(",")[2])
        return len(got) == len(got[0]) == 1 and round(got[0][0], decimals) == constant(printed[1:])
    if printed.endswith('…"'):
        return bool(str(got[0][0]).startswith(printed[1:-2]))
    wanted = constant(printed)
    wanted = wanted if isinstance(wanted, list) else [[wanted]]
    return [
        [each if isinstance(each, str | datetime) else pytest.approx(each, abs=1e-12) for each in row] for row in wanted
    ] == got


@cache
def computed() -> dict[Example, list[list[Any]]]:
    """Every example in the order of the page, each workbook with a sheet of its own."""
    open_sheets: dict[str, Sheet] = {}
    found = {}
    for example in examples():
        sheet = open_sheets.setdefault(example.book, Sheet(example.book))
        value = sheet.value(example.formula)
        grid = value if isinstance(value, list) else [[value]]
        sheet.write(example.cell, grid)
        found[example] = grid
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{Path(example.book).stem}!{example.cell}")
def test_every_worked_example_is_true(example):
    got = computed()[example]
    assert agrees(got, example.gives), f"{example.formula} rende {got}"


@pytest.mark.parametrize(
    ("got", "printed"),
    [
        ([[0.26]], "0,25"),
        ([[0.3338]], "≈0,3333"),
        ([["N.C."]], "0"),
        ([[0.0]], '""'),
        ([[1.0], [1.0]], "1"),
        ([["altro 1"]], '"perfxl …"'),
    ],
)
def test_a_wrong_figure_would_be_noticed(got, printed):
    assert not agrees(got, printed)


def example_at(cell: str) -> float:
    (value,) = [grid[0][0] for example, grid in computed().items() if example.cell == cell]
    return float(value)


def test_the_examples_that_quote_a_tab_give_its_figure(massacarrara):
    """«È la cifra di U1.1 nella scheda Uffici», «è la cifra di SG nella scheda Responsabili»."""
    offices = {office.code: office.cover for office in massacarrara.offices}
    people = {person.code: person.cover for person in massacarrara.people}
    assert example_at("N7") == pytest.approx(float(offices["U1.1"].pct) / 100)
    assert example_at("E16") == pytest.approx(float(people["SG"].pct) / 100)
    assert (people["SG"].measured, "tre misurati" in TEXT) == (3, True)


def test_the_commands_of_the_page_give_the_figures_of_the_page():
    rows = re.findall(r"^\| `perfxl (valuta .+?)` \| (.+?) \|$", TEXT, re.MULTILINE)
    assert len(rows) == 3
    for arguments, figure in rows:
        done = CliRunner().invoke(cli, shlex.split(arguments))
        assert done.exit_code == 0, done.output
        assert re.search(rf"^Realizzazione +{re.escape(figure)} *$", done.output, re.MULTILINE), done.output


def test_the_headline_is_the_computed_one(massacarrara):
    shown = str(massacarrara.headline.shown).replace(".", ",")
    assert f"**{shown} %**" in TEXT
    assert f"**{massacarrara.headline.measured} indicatori misurati su {massacarrara.headline.total}**" in TEXT


def test_the_traffic_light_has_the_thresholds_of_the_method():
    rows = section("Per chi compila")
    level = load_method(METHOD).states.indicator
    assert f"(a Massa-Carrara: dal {level.reached_from:g} %)" in rows
    assert f"(dal {level.critical:g} %)" in rows


def test_the_rettifica_of_the_page_is_accepted_and_does_what_it_says(tmp_path):
    headings, row = [
        line.strip("| \n").split(" | ")
        for line in TEXT.split("<!-- rettifiche -->")[1].strip().splitlines()[:3]
        if not line.startswith("|--")
    ]
    book = Workbook()
    book.active.append(headings)
    book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    path = tmp_path / "rettifiche.xlsx"
    book.save(path)
    made, findings = read_adjustments_file(path)
    assert (len(made), findings) == (1, [])
    corrected = consolidation(adjustments=path)
    (indicator,) = [each for each in corrected.rows if each.code == "O1.2.4-a" and each.counts]
    before, after = re.search(r"O1\.2\.4-a passa da (\S+) % a (\S+) %", TEXT).groups()
    assert float(indicator.pct) == pytest.approx(float(after.replace(",", ".")), abs=0.005)
    assert example_at("G7") * 100 == pytest.approx(float(before.replace(",", ".")))
