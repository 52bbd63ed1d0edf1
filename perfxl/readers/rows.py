"""The rows of a recognised table or of a sheet of blocks, one after the other, by the layout's rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.grammar.codes import split_code
from perfxl.model.sheets import RowLevel
from perfxl.readers.detect import ColumnKey, field_of
from perfxl.readers.drafts import Draft
from perfxl.readers.headings import heading
from perfxl.readers.rules import Known, RowTexts, codes_of, compose, known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.model.cells import Cell
    from perfxl.readers.detect import Match
    from perfxl.readers.drafts import RowMaker
    from perfxl.readers.grid import Grid
    from perfxl.readers.layout import Column, RowRule

_RANK = {
    RowLevel.BODY: 0, RowLevel.AREA: 1, RowLevel.STRATEGIC: 2, RowLevel.OPERATIONAL: 3, RowLevel.PROJECT: 3, RowLevel.OBJECTIVE: 3,
    RowLevel.INDICATOR: 9,
}  # fmt: skip
_TEXT, _LABEL, _CODE = ("text", None), ("label", None), ("code", None)


class RowReader:
    """State while going down a sheet: the open levels, the section that lasts, the title that is still to come."""

    def __init__(self, grid: Grid, match: Match, respondent: str, maker: RowMaker) -> None:
        self.drafts: list[Draft] = []
        self.attributes: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.rejected: list[int] = []
        self._grid, self._layout, self._respondent, self._maker = grid, match.layout, respondent, maker
        self._take_columns({(name, year if name == "target" else None): at for (name, year), at in match.columns.items()})
        self._open: list[tuple[int, str]] = []
        self._by_level: dict[RowLevel, Draft | None] = {}
        self._section: RowRule | None = None
        self._section_owner: Draft | None = None
        self._pending: Draft | str | None = None  # a draft or an attribute that waits for its title; "" to drop it
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._last_levels: dict[str, str] = {}
        self._told: dict[tuple[str, str, str], Draft] = {}  # column, text and parent of the levels that have a column

    def _take_columns(self, columns: dict[ColumnKey, int]) -> None:
        """The columns of the rows to come."""
        self._columns = columns
        self._level_columns = [
            (name, spec, spec.level, columns[name, None])
            for name, spec in self._layout.columns.items()
            if spec.level and (name, None) in columns
        ]

    def read(self, rows: Iterable[int]) -> None:
        """All rows given, in order."""
        for row in rows:
            self._take(row)
        self._number()

    def _take(self, row: int) -> None:
        texts = self._texts(row)
        if not texts.head and (not texts.code or (self._layout.code_beside and known(self._layout, texts) is None)):
            self._without_text(row)
            return
        if self._layout.leaves_out(texts.head) or (texts.code and self._layout.leaves_out(texts.code)):
            return
        self._open_level_columns(row)
        found = known(self._layout, texts)
        if found is not None:
            self._apply(found, row, texts)
        elif self._pending is not None:
            self._give_title(texts.head)
        else:
            self._by_section(row, texts)

    def _texts(self, row: int) -> RowTexts:
        at, grid = self._columns, self._grid
        text, label, code = at.get(_TEXT), at.get(_LABEL), at.get(_CODE)
        return RowTexts(
            grid.text(row, text) if text else "",
            grid.text(row, label) if label else "",
            grid.text(row, code) if code else "",
        )

    def _without_text(self, row: int) -> None:
        """A row with no text: nothing to say when the table's columns are empty, else it isn't understood."""
        texts = self._grid.texts(row)
        if texts and self._layout.leaves_out(texts[min(texts)]):
            return
        number = self._columns.get(_CODE) if self._layout.code_beside else None
        used = [column for column in self._columns.values() if column != number and self._grid.text(row, column)]
        if used:
            self._reject(row, used[0], "valori senza il testo dell'obiettivo o dell'indicatore")

    def _reject(self, row: int, column: int, why: str) -> None:
        cell = self._grid.cell(row, column)
        self.rejected.append(row)
        text = cell.text if len(cell.text) <= 80 else cell.text[:79] + "…"
        self.findings.append(finding("PX-R004", f"«{text}»: {why}", cell.ref))

    # -- levels that have a column of their own -----------------------------------------------------------------------

    def _open_level_columns(self, row: int) -> None:
        for name, spec, level, column in self._level_columns:
            text = self._grid.text(row, column)
            if not text or self._last_levels.get(name) == text:
                continue
            self._forget_below(name)
            self._last_levels[name] = text
            place = name, text, self._parent(level)
            if place in self._told:  # rows sorted by office: the same objective comes again further down
                self._reopen(self._told[place])
                continue
            code, printed, title = self._level_code(name, spec, text)
            if not code:
                self._reject(row, column, f"manca il codice ({level})")
                code, title = text, text
            self._told[place] = Draft(level, code, printed, title, place[2], row, column, with_cells=False)
            self._add(self._told[place])

    def _level_code(self, name: str, spec: Column, text: str) -> tuple[str, str, str]:
        """Code, code as printed, title of a level's cell: by the column's expression, its template, or the known codes."""
        match = spec.text_re.search(text) if spec.text_re else None
        groups = {key: value or "" for key, value in match.groupdict().items()} if match else {}
        if spec.as_code:
            return self._compose(spec.as_code, groups, groups.get("code", ""), name), "", groups.get("title", text)
        if groups.get("code"):
            return groups["code"].upper(), groups["code"], groups.get("title", text)
        code, printed, title = split_code(text)
        return code or "", printed, title

    def _forget_below(self, name: str) -> None:
        names = [key for key, spec in self._layout.columns.items() if spec.level]
        for below in names[names.index(name) + 1 :]:
            self._last_levels.pop(below, None)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _apply(self, found: Known, row: int, texts: RowTexts) -> None:
        rule = found.rule
        self._pending = None
        if rule.level is not None:
            self._add_row(found, row, texts)
        elif rule.attribute is not None:
            self.attributes[rule.attribute] = found.groups.get("code", found.title)
            self._end_section()
            self._set_attribute_title(rule, found.title)
        elif rule.section is not None:
            self._section, self._section_owner = rule, self._by_level.get(rule.of) if rule.of else self._last_node()
            self._read_section_heading(row)
        elif rule.closes is not None:
            self._close(row, rule.closes)
        elif rule.title_below:  # a placeholder: what follows belongs to nothing
            self._pending = ""
            self._end_section()
            self._by_level[RowLevel.PROJECT] = None

    def _set_attribute_title(self, rule: RowRule, title: str) -> None:
        if title:
            self.attributes[f"{rule.attribute}_titolo"] = title
        elif rule.title_below:
            self._pending = rule.attribute

    def _end_section(self) -> None:
        self._section, self._section_owner = None, None

    def _add_row(self, found: Known, row: int, texts: RowTexts) -> None:
        rule, level = found.rule, found.rule.level
        assert level is not None
        column = self._text_column(texts)
        parts = codes_of(rule, found.groups)
        code = self._compose(rule.as_code, parts, found.code, str(level)) if rule.as_code else found.code
        if not code:
            self._reject(row, column, "manca il codice")
            return
        owner = self._parent(level) if rule.owner is None else self._compose(rule.owner, parts, code, "")
        draft = Draft(
            level, code, found.printed, found.title, owner, row, column, rule.strategic, rule.numbered, columns=self._columns
        )
        self._keep_parts(draft, found.groups)
        if rule.title_below and not found.title:
            self._pending = draft
        if level is not RowLevel.INDICATOR:
            self._end_section()
        self._add(draft)

    def _keep_parts(self, draft: Draft, groups: dict[str, str]) -> None:
        for name in ("number", "quota_parte"):
            if groups.get(name):
                draft.extra[name] = groups[name]
        if draft.level is RowLevel.OBJECTIVE:
            draft.extra.setdefault("number", str(self._counts["number", draft.owner] + 1))
            self._counts["number", draft.owner] += 1
            if "c" in groups:
                draft.extra["indicator_code"] = groups["c"]
        if groups.get("quota_parte"):
            self.attributes["quota_parte"] = "sì"

    def _text_column(self, texts: RowTexts) -> int:
        name = "text" if texts.text else "label" if texts.label else "code"
        return self._columns[name, None]

    def _add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        if draft.level is RowLevel.INDICATOR:
            return
        self._reopen(draft)

    def _reopen(self, draft: Draft) -> None:
        """What follows hangs from this node."""
        rank = _RANK[draft.level]
        self._open = [(other, code) for other, code in self._open if other < rank] + [(rank, draft.code)]
        self._by_level[draft.level] = draft

    def _parent(self, level: RowLevel) -> str:
        return next((code for rank, code in reversed(self._open) if rank < _RANK[level]), "")

    def _last_node(self) -> Draft | None:
        return next((draft for draft in reversed(self.drafts) if draft.level is not RowLevel.INDICATOR), None)

    def _compose(self, template: str, groups: dict[str, str], code: str, series: str) -> str:
        """`n` counts within the owner, `seq` within the sheet; each only when the template asks for it."""
        above = self._open[-1][1] if self._open else ""
        values = {"n": "", "seq": "", "owner": above, "code": code, "above": above, "respondent": self._respondent, **groups}
        for name, key in (("n", (series, above)), ("seq", (series, ""))):
            if f"{{{name}}}" in template and name not in groups:
                self._counts[key] += 1
                values[name] = str(self._counts[key])
        return compose(template, values)

    # -- sections of blocks --------------------------------------------------------------------------------------------

    def _read_section_heading(self, row: int) -> None:
        """`INDICATORI: | RISULTATO`: the columns of the rows that follow."""
        found: dict[ColumnKey, int] = {}
        text_column = self._columns["text", None]
        for column, text in self._grid.texts(row).items():
            words, year = heading(text)
            name, _ = field_of(self._layout, words)
            if name and column != text_column:
                found.setdefault((name, year if name == "target" else None), column)
        if found:
            self._take_columns({("text", None): text_column, **found})

    def _by_section(self, row: int, texts: RowTexts) -> None:
        rule, owner = self._section, self._section_owner
        column = self._text_column(texts)
        if rule is None:
            self._reject(row, column, "riga fuori da ogni tipo conosciuto")
        elif rule.section == "amounts":
            if owner is not None:
                owner.extra.setdefault("amounts", {})[texts.head.upper()] = self._right_of(row, column)
        elif owner is None:
            self._reject(row, column, "indicatore senza il codice del progetto")
        else:
            self._counts["section", owner.code, str(rule.of)] += 1
            number = str(self._counts["section", owner.code, str(rule.of)])
            values = {
                "owner": owner.code,
                "above": owner.code,
                "n": number,
                "seq": number,
                "code": "",
                "respondent": self._respondent,
            }
            code = compose(rule.as_code or "{owner}-{n}", values)
            draft = Draft(
                RowLevel.INDICATOR,
                code,
                "",
                texts.text or texts.label,
                owner.code,
                row,
                column,
                rule.strategic,
                columns=self._columns,
            )
            self._add(draft)

    def _right_of(self, row: int, column: int) -> Cell:
        later = [other for other in self._grid.texts(row) if other > column]
        return self._maker.used(row, min(later) if later else column + 1)

    def _close(self, row: int, what: str) -> None:
        """`OBIETTIVO REALIZZATO AL`: the percent typed for the objective, when there is one; `peso`: its weight, beside the label."""
        place = "text" if what == "weight" else "result"
        column, node = next((at for (name, _), at in self._columns.items() if name == place), None), self._last_node()
        if column is None or node is None:
            return
        cell = self._maker.used(row, column)
        if cell.empty:
            return
        if what == "weight":
            node.weight = cell
        else:
            node.typed_pct = cell

    def _give_title(self, text: str) -> None:
        if isinstance(self._pending, Draft):
            self._pending.title = text
        elif self._pending:
            self.attributes[f"{self._pending}_titolo"] = text
        self._pending = None

    def _number(self) -> None:
        """`2.1.1-obiettivo-2` twice becomes `…#1` and `…#2`."""
        seen: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.numbered:
                seen[draft.code] += 1
                draft.code = f"{draft.code}#{seen[draft.code]}"
