"""*Metodo*: what stands in its cells is the method. Every key must be there; what the schema refuses is said with its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from perfxl.errors import MethodError
from perfxl.master import names
from perfxl.master.cells import Source, tab, table, where
from perfxl.master.method_cells import APART, toml_value
from perfxl.methods.catalogue import shipped_path
from perfxl.methods.fields import Section
from perfxl.methods.loader import load
from perfxl.methods.messages import Problem, explain
from perfxl.methods.schema import ExceptionEntry, Method

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from perfxl.model import Cell
    from perfxl.readers.grid import Grid

PATTERN = "massacarrara-2019"
"""A shipped profile, used only for the types of its values: what a cell of that key should hold."""

Row = Mapping[str, "Cell"]
SECTION, KEY, VALUE = names.METHOD_HEADINGS[:3]


def method_from_workbook(path_or_cells: Source) -> Method:
    """The method that the tab *Metodo* of a master workbook describes.

    Args:
        path_or_cells: path of the workbook, or the values of the tab (a list of rows, the first cell being A1).

    Raises:
        MethodError: no such tab, a key missing, unknown or said twice, a value that isn't among those allowed. Attributes:
            `file`, `key` (of the first), `allowed`, `errors` (all, in Italian, each with its cell: `Metodo!C12`).
        InputError: the file can't be read.
    """
    file = "" if not isinstance(path_or_cells, str) and not hasattr(path_or_cells, "__fspath__") else str(path_or_cells)
    grid = tab(path_or_cells, names.METHOD)
    rows = table(grid, names.METHOD_HEADINGS[:3]) if grid is not None else []
    if grid is None or not rows:
        message = f"manca la scheda «{names.METHOD}» con le colonne {', '.join(names.METHOD_HEADINGS[:3])}."
        raise MethodError(message, file=file, key="", allowed=(), errors=(message,))
    reading = _Reading(file)
    reading.keys(rows)
    reading.apart(grid)
    return reading.method()


class _Reading:
    """The profile's table as it comes out of the cells, with the cell that each key came from."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.table: dict[str, Any] = {}
        self.cells: dict[str, Cell] = {}
        self.problems: list[Problem] = []
        path = shipped_path(PATTERN)
        assert path is not None
        self._pattern = load(path)

    def keys(self, rows: Sequence[Row]) -> None:
        """The main table: section, key, value."""
        for row in rows:
            section, key, cell = row[SECTION].text.strip(), row[KEY].text.strip(), row[VALUE]
            path = key if section in ("", names.GENERAL_SECTION) else f"{section}.{key}"
            if path in self.cells:
                self._say(path, f"{path} c'è due volte: anche in {where(self.cells[path])}", cell)
                continue
            self.cells[path] = cell
            self._put(path, cell)
        for path in _paths(Method):
            if path not in self.cells:
                self._say(path, f"manca la riga di {path}: riprenderla da una cartella master nuova", None)

    def apart(self, grid: Grid) -> None:
        """Declared choices, aliases, exceptions: each a table of its own."""
        notes = [row[names.NOTE_HEADINGS[0]] for row in table(grid, names.NOTE_HEADINGS)]
        self.table["notes"] = tuple(cell.text.strip() for cell in notes)
        printed, canonical = names.ALIAS_HEADINGS
        aliases = table(grid, names.ALIAS_HEADINGS)
        self.table["aliases"] = {row[printed].text.strip(): row[canonical].text.strip() for row in aliases}
        self.cells |= {f"aliases.{row[printed].text.strip()}": row[canonical] for row in aliases}
        self._exceptions(table(grid, names.EXCEPTION_HEADINGS))

    def method(self) -> Method:
        """The method, or all that is wrong with it."""
        if not self.problems:
            try:
                return Method.model_validate(self.table)
            except ValidationError as error:
                self.problems = [explain(problem, self.table) for problem in error.errors(include_url=False)]
        lines = tuple(self._line(problem) for problem in self.problems)
        first = self.problems[0]
        raise MethodError("\n".join(lines), file=self.file, key=first.key, allowed=first.allowed, found=first.found, errors=lines)

    def _put(self, path: str, cell: Cell) -> None:
        found = _field_of(self._pattern, path)
        if found is None:
            self._say(path, f"chiave sconosciuta {path}", cell)
            return
        field, default = found
        value = toml_value(path.rpartition(".")[2], cell, default, field)
        place = self.table
        *sections, key = path.split(".")
        for section in sections:
            place = place.setdefault(section, {})
        if value != "" or key in {"name", "title", "body", "source"}:
            place[key] = value
        else:
            self._say(path, f"{path}: la cella è vuota", cell)

    def _exceptions(self, rows: Sequence[Row]) -> None:
        """Consecutive rows of one code and reason are one exception with several keys."""
        code, reason, key, value = names.EXCEPTION_HEADINGS
        found: list[dict[str, Any]] = []
        for row in rows:
            head = {"code": row[code].text.strip(), "reason": row[reason].text.strip()}
            if not found or {k: found[-1][k] for k in head} != head:
                found.append(head)
            name = row[key].text.strip()
            pattern = _excepted(self._pattern, name)
            field = ExceptionEntry.model_fields.get(name)
            typed = toml_value(name, row[value], pattern, field) if field is not None else row[value].text
            found[-1][name] = typed
            self.cells[f"exceptions[{len(found)}].{name}"] = row[value]
            for part in head:
                self.cells.setdefault(f"exceptions[{len(found)}].{part}", row[code if part == "code" else reason])
        self.table["exceptions"] = tuple(found)

    def _say(self, path: str, text: str, cell: Cell | None) -> None:
        found = cell.text if cell is not None else ""
        self.problems.append(Problem(path, found, (), text if cell is None else f"{where(cell)}: {text}"))

    def _line(self, problem: Problem) -> str:
        """The problem, with the cell of its key before it; list entries (`late_bands[2].pct`) lead to the cell of the list."""
        if problem.text.startswith(f"{names.METHOD}!"):
            return problem.text
        key = problem.key
        while key and key not in self.cells:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return f"{where(self.cells[key])}: {problem.text}" if key else problem.text


def _paths(section: type[Section], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, field in section.model_fields.items():
        inner = field.annotation
        if not prefix and key in APART:
            continue
        if isinstance(inner, type) and issubclass(inner, Section):
            found += _paths(inner, f"{prefix}{key}.")
        else:
            found.append(prefix + key)
    return found


def _field_of(pattern: Section, path: str) -> tuple[FieldInfo, Any] | None:
    """The schema's field of a dotted key and the pattern's value; None for a key that the schema hasn't."""
    *sections, key = path.split(".")
    place: Any = pattern
    for section in sections:
        place = getattr(place, section, None) if isinstance(place, Section) and section in type(place).model_fields else None
    if not isinstance(place, Section) or key not in type(place).model_fields:
        return None
    field, value = type(place).model_fields[key], getattr(place, key)
    return None if isinstance(value, Section) else (field, value)


def _excepted(pattern: Method, key: str) -> Any:
    for section in (pattern.scoring, pattern.not_measured):
        if key in type(section).model_fields:
            return getattr(section, key)
    return ""
