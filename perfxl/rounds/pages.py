"""The sheets of a reply's workbook: those that were sent, others beside them, pages that somebody hid, the line with the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.findings import finding
from perfxl.forms.form import SEPARATOR
from perfxl.forms.guide import NAME
from perfxl.forms.identity import SHEET
from perfxl.readers.headings import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfxl.findings import Finding
    from perfxl.model.sheets import SheetRow, SheetRows
    from perfxl.rounds.answer import Answer
    from perfxl.rounds.events import Opened
    from perfxl.rounds.returned import Returned

TOP_ROWS = 10
"""Where the line with body, year and period is looked for."""
OURS = "si scrive solo"


def about_pages(given: Answer, reply: Returned) -> Iterator[Finding]:
    """Sheets that weren't sent, and whether they answer for somebody; pages that can't be seen."""
    read = {_plain(name) for name in _read(given)}
    sent = {_plain(name) for name in (NAME, SHEET)} | read
    counted = {row.code: folded(row.result.text) for sheet in given.rows.sheets for row in _answered(sheet)}
    answers: dict[str, list[SheetRows]] = {}
    beside = any(grid.rows and _plain(grid.name) not in sent for grid in reply.grids)
    for sheet in reply.answers if beside else ():  # most replies have no other sheet, and needn't be read as they are
        answers.setdefault(_plain(sheet.sheet), []).append(sheet)
    for grid in reply.grids:
        name = _plain(grid.name)
        if grid.hidden and name in read:
            yield finding("PX-N046", f"«{grid.name}» non si vede", file=reply.file, sheet=grid.name)
        if name in sent or not grid.rows:
            continue
        other = [sheet for sheet in answers.get(name, ()) if _says_more(sheet, counted)]
        if other and not grid.hidden:
            who = ", ".join(dict.fromkeys(sheet.respondent for sheet in other))
            yield finding(
                "PX-N045", f"«{grid.name}» ha risultati di {who}: non vengono contati", file=reply.file, sheet=grid.name
            )
        elif other or not grid.hidden:
            hidden = " (nascosto)" if grid.hidden else ""
            yield finding("PX-N044", f"«{grid.name}»{hidden}: non viene contato", file=reply.file, sheet=grid.name)


def about_period(given: Answer, reply: Returned, opened: Opened) -> Iterator[Finding]:
    """The line under a page's title says body, year and period: another one is another round's, whatever the mark says."""
    wanted = _parts(SEPARATOR.join(part for part in (opened.body, str(opened.year or ""), opened.period) if part))
    seen = {_plain(name) for name in (NAME, *_read(given))}
    for grid in reply.grids:
        if _plain(grid.name) not in seen:
            continue
        for row in sorted(grid.rows)[:TOP_ROWS]:
            for text in grid.texts(row).values():
                said = _parts(text)
                ours = said[-1].startswith(OURS)
                if len(said) > 1 and (said[0] == wanted[0] or ours) and said[: -1 if ours else None] != wanted:
                    yield finding("PX-N010", f"«{text[:120]}»", file=reply.file, sheet=grid.name)


def _parts(line: str) -> list[str]:
    """`Ente · anno 2019 · 1° quadrimestre` in its parts; the instructions' line says the year without its word."""
    return [folded(part).removeprefix("anno ") for part in line.split(SEPARATOR.strip())]


def _read(given: Answer) -> Iterable[str]:
    """The sheets that the answer is read from."""
    if given.laid is None:
        return [sheet.sheet for sheet in given.rows.sheets]
    return [page.grid.name for page in given.base]


def _answered(sheet: SheetRows) -> Iterator[SheetRow]:
    return (row for row in sheet.indicators if not row.result.empty)


def _says_more(sheet: SheetRows, counted: dict[str, str]) -> bool:
    """Whether a sheet holds results that aren't those that count: a copy kept beside is harmless."""
    return any(counted.get(row.code) != folded(row.result.text) for row in _answered(sheet))


def _plain(name: str) -> str:
    return name.strip().casefold()
