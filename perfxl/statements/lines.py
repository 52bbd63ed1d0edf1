"""What a row of a statement is: its level, key, title, and the line that it stands beneath, as the declaration says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from perfxl.model import EMPTY
from perfxl.readers.headings import folded
from perfxl.statements.model import Figure, Line, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfxl.model import Cell
    from perfxl.statements.schema import LineKind

ANY = "riga"
"""Level of the lines of a declaration that tells none apart."""


class LineTeller:
    """Tells the rows of one statement apart, in their order; `settle` gives the lines their parents at the end."""

    def __init__(self, statement: Statement) -> None:
        self.ended = False
        self.skipped = False
        self._statement = statement
        self._kinds = statement.declaration.lines
        self._section = ""
        self._keys: Counter[str] = Counter()
        self._levels: Counter[str] = Counter()
        self._waiting: list[tuple[Line, LineKind]] = []

    def line(self, row: int, cells: Mapping[str, Cell], *, last: bool = False) -> Line | None:
        """The only line that a row holds; None for none (see `lines`)."""
        return next((line for line, _ in self.lines(row, cells, last=last)), None)

    def lines(self, row: int, cells: Mapping[str, Cell], *, last: bool = False) -> list[tuple[Line, Mapping[str, Cell]]]:
        """The line that a row is, with its cells; several where their kinds stand side by side (`also`).

        None for a row that isn't known, or is to be skipped (`skipped`), or ends the table (`ended`). `last`: it is the table's
        last row with content.
        """
        self.ended = self.skipped = False
        found: list[tuple[Line, Mapping[str, Cell]]] = []
        if not self._kinds:
            first = self._text(cells, self._statement.declaration.first_text)
            line = Line(self._statement, self._unique(_slug(first) or f"r{row}"), ANY, first, row) if first else None
            return [(self._added(line), cells)] if line is not None else []
        for kind in self._kinds:
            groups = self._matched(kind, cells) if last or not kind.last else None
            if groups is None:
                continue
            self.ended, self.skipped = kind.ends, kind.skip
            if kind.skip and kind.section:
                self._section = self._named(kind, cells, self._names(kind, cells, groups), groups)[0]
            if kind.ends or kind.skip:
                break
            own = {key: cells[key] for key in kind.columns if key in cells} if kind.columns else cells
            found.append((self._made(kind, row, cells, groups), own))
            if not kind.also:
                break
        return found

    def settle(self) -> None:
        """Parents that stand above or below a line, by level."""
        lines = self._statement.lines
        _nearest(lines[::-1], {line: kind.above.split("|") for line, kind in self._waiting if kind.above})
        _nearest(lines, {line: kind.beneath.split("|") for line, kind in self._waiting if not kind.above})
        self._waiting.clear()

    def _matched(self, kind: LineKind, cells: Mapping[str, Cell]) -> dict[str, str] | None:
        if any(self._text(cells, name) for name in kind.blank) or not all(self._text(cells, name) for name in kind.filled):
            return None
        if kind.within and self._section not in kind.within:
            return None
        where = kind.where or self._statement.declaration.first_text
        text = self._text(cells, where)
        if kind.text_re is None:
            return {} if text or kind.filled or where in kind.blank else None
        match = kind.text_re.search(text)
        return None if match is None else {key: value or "" for key, value in match.groupdict().items()}

    def _made(self, kind: LineKind, row: int, cells: Mapping[str, Cell], groups: dict[str, str]) -> Line:
        names = self._names(kind, cells, groups)
        base, title = self._named(kind, cells, names, groups)
        line = Line(self._statement, self._unique(base or f"r{row}"), kind.level, title, row)
        if kind.opens:
            self._section = kind.opens
        line.section, line.is_section = self._section, kind.section
        line.kind, line.groups = kind.kind, groups
        if kind.section:
            self._section = line.key
        parent = _filled(kind.parent, names | {"section": line.section}) if kind.parent else groups.get("parent", "")
        self._added(line)
        line.parent = parent
        if not parent and (kind.above or kind.beneath):
            self._waiting.append((line, kind))
        return line

    def _named(self, kind: LineKind, cells: Mapping[str, Cell], names: dict[str, str], groups: dict[str, str]) -> tuple[str, str]:
        """Key (others may have the same) and title."""
        text = self._text(cells, kind.where or self._statement.declaration.first_text)
        title = (_filled(kind.title, names) if kind.title else groups.get("title") or text).strip()
        base = _filled(kind.key, names | {"section": self._section}) if kind.key else groups.get("key") or _slug(title)
        return " ".join(base.split()), title

    def _names(self, kind: LineKind, cells: Mapping[str, Cell], groups: dict[str, str]) -> dict[str, str]:
        """What templates may name."""
        return {key: self._text(cells, key) for key in cells} | {"n": str(self._levels[kind.level] + 1)} | groups

    def _added(self, line: Line) -> Line:
        line.index = len(self._statement.lines)
        self._statement.lines.append(line)
        self._levels[line.level] += 1
        return line

    def _unique(self, key: str) -> str:
        self._keys[key.casefold()] += 1
        count = self._keys[key.casefold()]
        return key if count == 1 else f"{key}#{count}"

    def _text(self, cells: Mapping[str, Cell], name: str) -> str:
        """What a column holds; of one that repeats year by year, the first."""
        cell = cells.get(name)
        if cell is None and name:
            cell = next((cells[each.key] for each in self._statement.fields if each.of == name and each.key in cells), None)
        return "" if cell is None or cell.empty else " ".join(cell.text.split())


def _nearest(lines: Iterable[Line], wanted: Mapping[Line, list[str]]) -> None:
    """Give each wanted line the parent that was met last, going through the lines, of one of its levels."""
    met: dict[str, tuple[int, Line]] = {}
    for number, line in enumerate(lines):
        levels = wanted.get(line)
        if levels is not None:
            found = max((met[level] for level in levels if level in met), key=lambda pair: pair[0], default=None)
            line.parent = found[1].key if found is not None else ""
        met[line.level] = number, line


def complete(statement: Statement) -> None:
    """Put the lines at the end that the declaration adds to those of the sheet, where they aren't there yet."""
    for added in statement.declaration.added:
        if statement.line(added.key) is not None:
            continue
        line = Line(statement, added.key, added.level, added.title, 0, index=len(statement.lines), kind=added.kind)
        line.figures = {each.key: Figure(line, each, EMPTY) for each in statement.fields}
        statement.lines.append(line)


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", folded(text)).strip("_")[:60]


def _filled(template: str, names: Mapping[str, str]) -> str:
    """`{gruppo}` of the expression, `{colonna}` of the row; what isn't there is empty."""
    return re.sub(r"\{(\w+)(?::(\d+))?\}", lambda m: names.get(m[1], "")[: int(m[2]) if m[2] else None], template).strip()
